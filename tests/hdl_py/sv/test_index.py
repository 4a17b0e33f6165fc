"""The unit index: every unit with its definitions, imports and uses, as data, table and picture."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hdl_py.errors import HdlError
from hdl_py.sv.index import Index, make_index, read_units, table
from hdl_py.sv.index_svg import svg
from tests.hdl_py.sv.running import run_case

CASE = """\
@ //lib:p p.sv
package p; typedef int t; endpackage
@ //lib:fifo fifo.sv deps=//lib:p
import p::*;
parameter DEPTH = 4;
module inner; endmodule
module fifo #(parameter W = DEPTH)(input t x); inner u(); endmodule
@ //lib:bus bus.sv
timeunit 1ns; timeprecision 1ps;
interface bus; endinterface
@ //soc:top top.sv deps=//lib:fifo,//lib:bus,//lib:p waive=use-before-declaration
module top(bus b); p::t a; fifo u(a); wire x = y; wire y; endmodule
"""


@pytest.fixture
def index(folder: Path) -> Index:
    done = run_case(CASE)
    assert not done.problems, [d.render() for d in done.problems]
    units = [result.unit for result in done.results.values()]
    return make_index([units[3], units[1], *units, units[0]])


def test_every_unit_stands_once_and_below_what_it_needs(index: Index) -> None:
    assert [u.label for u in index] == ["//lib:p", "//lib:fifo", "//lib:bus", "//soc:top"] or [
        u.label for u in index
    ] == ["//lib:bus", "//lib:p", "//lib:fifo", "//soc:top"]


def test_items_that_no_other_unit_can_name_are_found_by_unit(index: Index) -> None:
    fifo = next(u for u in index if u.label == "//lib:fifo")
    assert dict(fifo.unit_items) == {"DEPTH": "fifo.sv"}
    assert [(d.kind, d.name, d.exported, d.generated) for d in fifo.definitions] == [
        ("package", "fifo__unit", True, True),
        ("module", "inner", False, False),
        ("module", "fifo", True, False),
    ]
    owner = index.owner("inner")
    assert owner is not None
    assert owner[0] is fifo
    assert index.owner("nothing") is None


def test_uses_follow_names_of_all_kinds(index: Index) -> None:
    top = next(u for u in index if u.label == "//soc:top")
    assert set(index.uses(top)) == {"//lib:p", "//lib:fifo", "//lib:bus"}


def test_the_json_form_reads_back(index: Index) -> None:
    text = index.to_json()
    assert make_index(read_units(text, "x.json")) == index
    assert json.loads(text)["format"] == "unit-index 1"
    alone = index.units[0]
    assert read_units(alone.to_json(), "u.json") == [alone]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 99}', '{"format": "unit-index 1", "units": [{}]}'])
def test_other_files_are_refused(text: str) -> None:
    with pytest.raises(HdlError) as caught:
        read_units(text, "odd.json")
    assert str(caught.value.diagnostics[0].position) == "odd.json"


def test_the_table_tells_all(index: Index) -> None:
    lines = table(index).splitlines()
    assert lines[0].split() == ["unit", "definitions", "imports", "uses", "remarks"]
    text = "\n".join(lines)
    assert "module inner (private)" in text
    assert "package fifo__unit (generated)" in text
    assert "interface bus (1ns/1ps)" in text
    assert "time unit 1ns/1ps" in text
    assert "waives use-before-declaration" in text
    assert lines[-1] == "4 units, 5 definitions"
    assert not any(line.endswith(" ") for line in lines)


def test_the_picture_has_a_box_a_unit_and_no_needless_arrow(index: Index) -> None:
    tree = ElementTree.fromstring(svg(index))
    space = "{http://www.w3.org/2000/svg}"
    titles = [t.text for t in tree.iter(f"{space}title")]
    assert sorted(str(t) for t in titles) == ["//lib:bus", "//lib:fifo", "//lib:p", "//soc:top"]
    arrows = [p for p in tree.iter(f"{space}path") if p.get("marker-end")]
    # top uses p as well, but so does fifo, which top uses.
    assert len(arrows) == 3
    boxes = {str(group.findtext(f"{space}title")): group.find(f"{space}rect") for group in tree.iter(f"{space}g")}
    columns = {label: float(str(box.get("x"))) for label, box in boxes.items() if box is not None}
    assert columns["//soc:top"] < columns["//lib:fifo"] < columns["//lib:p"]
    assert svg(index) == svg(index)


def test_boxes_of_many_units_stand_apart_and_inside_the_picture(folder: Path) -> None:
    names = [f"module_{n}" for n in range(30)]
    case = "".join(f"@ //x:{n} {n}.sv\nmodule {n}; endmodule\n" for n in names)
    case += f"@ //x:top top.sv deps={','.join(f'//x:{n}' for n in names)}\nmodule top;\n"
    case += "".join(f"{n} u_{n}();\n" for n in names) + "endmodule\n"
    tree = ElementTree.fromstring(svg(make_index(r.unit for r in run_case(case).results.values())))
    found = [group.find("{http://www.w3.org/2000/svg}rect") for group in tree.iter("{http://www.w3.org/2000/svg}g")]
    boxes = [
        tuple(float(str(box.get(key))) for key in ("x", "y", "width", "height")) for box in found if box is not None
    ]
    assert len(boxes) == 31
    width, height = float(str(tree.get("width"))), float(str(tree.get("height")))
    assert width < height
    for x, y, w, h in boxes:
        assert 0 < x < x + w < width
        assert 0 < y < y + h < height
    for (x1, y1, w1, h1), (x2, y2, w2, h2) in combinations(boxes, 2):
        assert x1 + w1 < x2 or x2 + w2 < x1 or y1 + h1 < y2 or y2 + h2 < y1


def test_names_are_escaped(folder: Path) -> None:
    done = run_case("@ //x:a<b> a.sv\nmodule \\a&b<c> ; endmodule\n")
    tree = ElementTree.fromstring(svg(make_index(r.unit for r in done.results.values())))
    assert "module a&b<c>" in [t.text for t in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_an_empty_index_is_still_a_picture() -> None:
    ElementTree.fromstring(svg(Index(())))
    assert table(Index(())).endswith("0 units, 0 definitions\n")
