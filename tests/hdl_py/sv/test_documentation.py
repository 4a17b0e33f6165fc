"""The documentation's tables are those of the code. `UPDATE_DOCS=1` writes them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hdl_py.sv.checks import table
from hdl_py.sv.documentation import checks_page, units_page
from hdl_py.sv.rules import rules

DOCS = Path(__file__).parents[3] / "docs"
COMMAND = "UPDATE_DOCS=1 python -m pytest tests/hdl_py/sv/test_documentation.py"


def compare(name: str, text: str) -> None:
    """The page is as it would be made now, or is written."""
    path = DOCS / name
    if os.environ.get("UPDATE_DOCS"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"docs/{name} is out of date: {COMMAND}"


def test_checks() -> None:
    page = checks_page()
    for name in table():
        assert f"\n## {name}\n" in page
    assert page.count("Refused:") == page.count("Accepted:") == len(table())
    compare("checks.md", page)


def test_units() -> None:
    page = units_page((DOCS / "units.md").read_text(encoding="utf-8"))
    for rule in rules():
        assert f"| {rule.id} |" in page
    compare("units.md", page)


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the lines"):
        units_page("# Nothing\n")
