"""docs/mangling_vhdl.md is true: its examples are refused as it says, and it lists every code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hdl_py.vhdl.rewriting import rewrite, vhdl_core

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/mangling_vhdl.md").read_text()
UNIT = """package p is constant c : integer := 1; function f (i : integer) return integer; end package p;
package body p is function f (i : integer) return integer is begin return i; end; end package body p;
entity n is end entity n;
architecture rtl of n is begin end architecture rtl;
package parts is component n is end component; end package parts;
"""


def examples() -> list[tuple[str, str]]:
    """Each example with the code that the text before it names last."""
    found = []
    code = ""
    for part in re.split(r"(^```vhdl\n.*?^```$)", TEXT, flags=re.MULTILINE | re.DOTALL):
        if part.startswith("```vhdl"):
            found.append((code, part.removeprefix("```vhdl\n").removesuffix("```")))
        else:
            named = re.findall(r"Refused as `([a-z-]+)`", part)
            code = named[-1] if named else code
    return found


def test_there_are_examples() -> None:
    assert len(examples()) >= 9


@pytest.mark.parametrize(("code", "text"), examples())
def test_an_example_is_refused_as_the_text_says(code: str, text: str) -> None:
    units = [vhdl_core("unit", v, {"unit.vhd": UNIT}) for v in ("1.0.0", "2.0.0")]
    done = rewrite([*units, vhdl_core("user", "1", {"user.vhd": text}, unit="1.0.0")])
    assert {r.code for r in done.refusals} == {code}
    assert all(r.core == "user" and r.line for r in done.refusals)


def test_every_code_is_listed() -> None:
    sources = "".join(p.read_text() for p in sorted((ROOT / "hdl_py/vhdl").rglob("*.py")))
    codes = set(re.findall(r'(?:Doubt\(|Refusal\.at\(|_refuse\()\s*"([a-z-]+)"', sources))
    codes |= set(re.findall(r'code = "([a-z-]+)" if .* else "([a-z-]+)"', sources)[0])
    assert len(codes) >= 11
    listed = set(re.findall(r"`([a-z-]+)`", TEXT[TEXT.index("| code |") : TEXT.index("The examples below")]))
    assert codes <= listed


def test_messages_say_what_was_found_and_expected_and_how_to_mend_it() -> None:
    for _, text in examples():
        units = [vhdl_core("unit", v, {"unit.vhd": UNIT}) for v in ("1.0.0", "2.0.0")]
        for refusal in rewrite([*units, vhdl_core("user", "1", {"user.vhd": text}, unit="1.0.0")]).refusals:
            assert re.search(r"; expected .+; .+", refusal.message), refusal.message
