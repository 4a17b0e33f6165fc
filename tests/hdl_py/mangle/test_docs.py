"""docs/mangling.md lists every cause of a refusal, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import hdl_py

PAGE = Path(__file__).parents[3] / "docs" / "mangling.md"
SOURCE = Path(str(hdl_py.__file__)).parent
CODE = re.compile(r"""(?:refuse|_refuse|Refusal\.at|Refusal|Resolution)\(\s*(?:None,\s*)?"([a-z]+(?:-[a-z]+)*)\"""")
NEVER_SHOWN = {"macro", "printed-name"}
"""They keep an optional rename from being made; the report says what stays."""


def raised() -> set[str]:
    """The codes in the sources of the engine and of SystemVerilog's part."""
    files = [*SOURCE.glob("mangle/*.py"), *SOURCE.glob("sv/occurrences*.py")]
    assert len(files) > 20
    return {code for file in files for code in CODE.findall(file.read_text(encoding="utf-8"))}


def listed() -> set[str]:
    """The codes in the page's table of refusals."""
    table = PAGE.read_text(encoding="utf-8").split("## What is refused")[1].split("\n## ")[0]
    return {code for row in re.findall(r"^\| (`.*?) \|", table, re.M) for code in re.findall(r"`([a-z-]+)`", row)}


def test_every_code_is_listed() -> None:
    assert len(raised()) > 25
    assert raised() - listed() - NEVER_SHOWN == set()


def test_nothing_else_is_listed() -> None:
    elsewhere = {"verify"}  # made by way of a helper
    assert listed() - raised() - elsewhere == set()
