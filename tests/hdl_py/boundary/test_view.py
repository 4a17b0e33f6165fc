"""What a text needs of the units below it."""

from __future__ import annotations

import pytest

from hdl_py.boundary.view import View, needed, refuse_reshaped_boundaries, reshapes, view_from_json, words
from hdl_py.errors import HdlError
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import Clock, UnitContract

PKG = View("//:pkg", "pkg.unit.sv", defines=("pkg",))
HIDDEN = View("//:hidden", "hidden.unit.sv", defines=("hidden",), mentions=("pkg",))
APART = View("//:apart", "apart.view.sv", boundary=True, module="apart", defines=("apart",), inside=("hidden",))
MERGED = View("//:merged", "merged.unit.sv", defines=("merged", "helper"), mentions=("apart", "pkg"))
ALL = (PKG, HIDDEN, APART, MERGED)


def test_words_are_identifiers_keywords_and_escaped_names() -> None:
    assert words(b'module \\a+b  (input x$1);\n"in a string"') >= {"module", "a+b", "input", "x$1", "string"}
    assert "1" not in words(b"8'd1")


def test_what_a_boundary_hides_is_not_needed() -> None:
    assert [v.label for v in needed(["merged"], ALL)] == ["//:pkg", "//:apart", "//:merged"]
    assert [v.label for v in needed(["hidden"], ALL)] == ["//:pkg", "//:hidden"]
    assert needed(["nothing"], ALL) == ()


def test_the_order_is_that_of_the_units() -> None:
    assert [v.label for v in needed(["merged", "helper", "pkg", "hidden"], ALL)] == [v.label for v in ALL]


def test_a_bind_belongs_to_every_model() -> None:
    bind = View("//:bind", "bind.unit.sv", defines=("checks",), mentions=("hidden",), reshapes=True)
    assert [v.label for v in needed(["nothing"], (*ALL, bind))] == ["//:pkg", "//:hidden", "//:bind"]


@pytest.mark.parametrize("keyword", ["bind", "config"])
def test_a_construct_that_reaches_into_a_boundary_is_refused(keyword: str) -> None:
    text = frozenset({keyword, "hidden"})
    assert reshapes(text)
    with pytest.raises(HdlError) as raised:
        refuse_reshaped_boundaries({"//:bind": text}, ALL)
    assert [d.code for d in raised.value.diagnostics] == ["bind-into-boundary"]
    assert "buildozer 'set compile \"merge\"' //:apart" in raised.value.render()


def test_other_texts_may_name_what_a_boundary_has_inside() -> None:
    refuse_reshaped_boundaries({"//:a": frozenset({"hidden"}), "//:b": frozenset({"bind", "merged"})}, ALL)


def test_the_json_form_is_read_back() -> None:
    contract = UnitContract("apart", (("W", "8"),), Contract.STEP, (Clock("clk", 0, "posedge"),))
    view = View(
        "//:apart", "apart.view.sv", True, "apart", ("apart",), ("pkg",), False, "1ns/1ps", ("u",), ("x",), (contract,)
    )
    assert view_from_json(view.to_json(), "x") == view


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 0}', '{"format": 1, "defines": 3}'])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(HdlError) as raised:
        view_from_json(text, "some.json")
    assert "some.json" in raised.value.render()
