"""Files that include themselves and modules that hold themselves: refused at once, and what ends is read."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from hdl_py.mangle.engine import Outcome, Request, mangle
from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.text.source import SourceText

_USE = "N u(.a(1'b0));"


_UNIT = "module N (input wire a); endmodule\n"


def renamed(
    text: str,
    headers: dict[str, str] | None = None,
    defines: dict[str, str] | None = None,
    units_text: tuple[str, str] = (_UNIT, _UNIT),
) -> Outcome:
    """What comes of a user of the first of two versions."""
    sv = Language.SYSTEMVERILOG
    units = [
        Core(CoreId("unit", v), sv, sources=(SourceText("n.sv", unit.encode()),))
        for v, unit in zip(("1.0.0", "2.0.0"), units_text, strict=True)
    ]
    user = Core(
        CoreId("user", "1"),
        sv,
        sources=(SourceText("t.sv", text.encode()),),
        headers=tuple(SourceText(path, data.encode()) for path, data in (headers or {}).items()),
        defines=defines or {},
        depends={"unit": "1.0.0"},
    )
    return mangle(Request((*units, user)), {sv: SvFrontEnd()})


_ENDLESS: dict[str, tuple[str, dict[str, str]]] = {
    "plainly": (f'`include "t.sv"\n`include "t.sv"\nmodule t; {_USE} endmodule\n', {}),
    "in a macro's text": (f'`define A m n(.a(`include "t.sv"\n));\nmodule t; {_USE} `A `A endmodule\n', {}),
    "in the text of a macro in a macro's text": (
        f'`define A `include "t.sv"\n`define B `A\n`define C `B `B\nmodule t; {_USE} endmodule\n`C `C\n',
        {},
    ),
    "by a macro for the name": (f'`define F "t.sv"\n`include `F\n`include `F\nmodule t; {_USE} endmodule\n', {}),
    "through a header": (
        f'`include "h.svh"\n`X `X\nmodule t; {_USE} endmodule\n',
        {"h.svh": '`define X `include "g.svh"\n', "g.svh": "`X\n`X\n"},
    ),
    "by a name that a macro makes": (
        f'`define S(x) `"x`"\n`include `S(t.sv)\n`include `S(t.sv)\nmodule t; {_USE} endmodule\n',
        {},
    ),
    "by a define of the core": (f"`include `FILE\n`include `FILE\nmodule t; {_USE} endmodule\n", {}),
}

_HOLDING = {
    # Nothing instantiates the user's loop until the second version's module is another one.
    "from a version that names the user": (
        "module user; b v(); b w(); user x(); endmodule\n",
        ("module b; user u(); endmodule\n", "module b; user u(); endmodule\nmodule x; endmodule\n"),
    ),
    "in one version": (
        "module t; b v(); endmodule\n",
        ("module b; b u(), v(); endmodule\n", "module b; endmodule\n"),
    ),
}

_PROGRAM = """
import sys
from tests.hdl_py.sv.occurrences import test_endless as t
if sys.argv[1] in t._ENDLESS:
    text, headers = t._ENDLESS[sys.argv[1]]
    found = t.renamed(text, headers, {"FILE": '"t.sv"'})
else:
    text, units = t._HOLDING[sys.argv[1]]
    found = t.renamed(text, units_text=units)
print(sorted({r.code for r in found.refusals}), found.cores)
"""


def in_a_process(name: str) -> str:
    """The refusals of a design; where a guard fails, slang takes all memory and never comes back."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, name],
        cwd=Path(__file__).parents[4],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30)),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", _ENDLESS)
def test_a_file_that_includes_itself_is_refused_at_once(name: str) -> None:
    assert in_a_process(name) in ("['syntax'] ()", "['missing-include', 'syntax'] ()")


@pytest.mark.parametrize("name", _HOLDING)
def test_a_module_that_holds_itself_is_refused_at_once(name: str) -> None:
    assert in_a_process(name) == "['recursion'] ()"


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        # A guard ends it, and so does a branch.
        (
            f'`define A `include "h.svh"\n`A\n`A\nmodule t; {_USE} endmodule\n',
            {"h.svh": "`ifndef H\n`define H\n`A\n`endif\n"},
        ),
        (f'`define F "h.svh"\n`include `F\nmodule t; {_USE} endmodule\n', {"h.svh": "`undef F\n"}),
        (f'`define A `include "h.svh"\nmodule t; {_USE} `A `A endmodule\n', {"h.svh": "// nothing\n"}),
        # A macro that only could include is not used.
        (f'`define A `include "t.sv"\nmodule t; {_USE} endmodule\n', {}),
    ],
)
def test_what_ends_is_renamed(text: str, headers: dict[str, str]) -> None:
    done = renamed(text, headers)
    assert not done.refusals, [r.render() for r in done.refusals]
    assert done.cores[-1].sources[0].data.decode() == text.replace("N u(", "N_v1_0_0 u(")
