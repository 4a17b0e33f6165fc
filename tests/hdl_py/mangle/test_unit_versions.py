"""The report of versions: which stand side by side, why, and what has another name."""

from __future__ import annotations

import json

from hdl_py.mangle.unit_versions import versions_json, versions_text
from hdl_py.sv.index import Index, make_index, table
from hdl_py.sv.model import Definition, Unit


def unit(label: str, version: str, *names: str, deps: tuple[str, ...] = ()) -> Unit:
    renames = {name: f"{name}_v{version}" for name in names} if version else {}
    definitions = tuple(Definition(renames.get(name, name), "module", "x.sv") for name in names)
    return Unit(label, "library", "1800-2023", definitions, deps=deps, version=version, renames=renames)


def design() -> Index:
    return make_index(
        [
            unit("//v1:fifo", "1", "fifo", "ctrl"),
            unit("//v2:fifo", "2", "fifo"),
            unit("//old:fifo", "", "fifo"),
            unit("//:a", "", "a", deps=("//v1:fifo",)),
            unit("//:b", "", "b", deps=("//v2:fifo",)),
            unit("//:c", "", "c", deps=("//old:fifo",)),
            unit("//:top", "", "top", deps=("//:a", "//:b", "//:c")),
        ]
    )


def test_the_report_for_people() -> None:
    assert versions_text(design()) == (
        "fifo: versions none, 1, 2\n"
        "  no version: //old:fifo\n"
        "    because of //:top -> //:c -> //old:fifo\n"
        "    keeps its names\n"
        "  1: //v1:fifo\n"
        "    because of //:top -> //:a -> //v1:fifo\n"
        "    module ctrl is ctrl_v1\n"
        "    module fifo is fifo_v1\n"
        "  2: //v2:fifo\n"
        "    because of //:top -> //:b -> //v2:fifo\n"
        "    module fifo is fifo_v2\n"
    )


def test_the_report_for_programs() -> None:
    data = json.loads(versions_json(design()))
    assert data["format"] == "versions 1"
    (group,) = data["coexisting"]
    assert group["names"] == ["fifo"]
    assert [v["version"] for v in group["versions"]] == ["", "1", "2"]
    assert group["versions"][2] == {
        "label": "//v2:fifo",
        "version": "2",
        "paths": [["//:top", "//:b", "//v2:fifo"]],
        "renamed": [{"kind": "module", "old_name": "fifo", "new_name": "fifo_v2"}],
    }


def test_a_design_without_versions_says_so() -> None:
    index = make_index([unit("//:a", "", "a")])
    assert versions_text(index).startswith("No unit of this design has a version")
    assert json.loads(versions_json(index))["coexisting"] == []


def test_the_table_shows_versions() -> None:
    assert "version 2" in table(design())
