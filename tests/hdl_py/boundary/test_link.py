"""Where stubs and models find what they share."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.boundary.lanes import Lane
from hdl_py.boundary.link import NAME, Link, model_type, with_link
from hdl_py.boundary.model import Boundary, BoundarySet, Form
from hdl_py.boundary.sources import stub
from hdl_py.errors import HdlError
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import Clock, Cone, UnitContract
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText

SIZES = {"CData": 1, "SData": 2, "IData": 4, "EData": 4, "QData": 8, "double": 8}


def step(inputs: list[int], outputs: list[int], form: Form) -> BoundarySet:
    """A step whose first output follows its first input; a width of 0 is a real."""
    types = [f"logic [{width - 1}:0]" if width else "real" for width in (*inputs, *outputs)]
    ports = [f"input {kind} x{k}" for k, kind in enumerate(types[: len(inputs)])]
    ports += [f"output {kind} y{k}" for k, kind in enumerate(types[len(inputs) :])]
    text = f"module m(input logic clk, {', '.join(ports)}); endmodule\n"
    module = elaborate_module([UnitSources((SourceText("m.sv", text.encode()),))], "m")
    cone = Cone((("x0", ((0, 0),)),), (("y0", ((0, 0),)),))
    contract = UnitContract("m", (), Contract.STEP, (Clock("clk", 0, "posedge"),), cones=(cone,))
    return BoundarySet(module, contract, form=form)


WIDTHS = st.lists(st.sampled_from((0, 1, 7, 8, 9, 16, 17, 32, 33, 64, 65, 130)), min_size=1, max_size=12)


@given(WIDTHS, WIDTHS, st.sampled_from((Form.ORDERED, Form.DIRECT)))
def test_places_are_apart_and_aligned(inputs: list[int], outputs: list[int], form: Form) -> None:
    one = step(inputs, outputs, form)
    link = Link(one)
    taken = [(0, 8 * link.words)]
    for lane, at in link.members.values():
        size = SIZES[model_type(lane)]
        assert at % size == 0
        taken.append((at, at + size * max(1, lane.words)))
    taken.sort()
    assert all(end <= begin for (_, end), (begin, _) in pairwise(taken))
    early = {lane.name for lane in one.early}
    assert len(early) == len(inputs) - 1
    inside = {lane.name for lane in (*one.data, *one.outputs)} if form is Form.DIRECT else set()
    assert set(link.members) == {f"n_{name}" for name in early} | inside
    if form is Form.DIRECT:
        # Early data is copied as a whole.
        assert len({link.members[name][1] - link.members[f"n_{name}"][1] for name in early}) <= 1
        outside = {lane.name for lane in one.outputs}
        assert all(at >= link.data_end for name, (_, at) in link.members.items() if name in outside)
    else:
        assert set(link.addresses) == {lane.name for lane in (*one.data, *one.outputs)} - early


def header(one: BoundarySet) -> str:
    """A model's root as Verilator declares it, with a variable between its ports."""
    kinds = {"CData": "8", "SData": "16", "IData": "", "QData": "64"}
    lines = ["        VL_IN8(i0,0,0);"]
    for lane in (*one.data, *one.outputs):
        way = "IN" if lane in one.data else "OUT"
        kind = model_type(lane)
        if kind == "EData":
            lines.append(f"        VL_{way}W({lane.name},{lane.width - 1},0,{lane.words});")
        elif kind == "double":
            lines.append(f"        double {lane.name};")
        else:
            lines.append(f"        VL_{way}{kinds[kind]}({lane.name},{lane.width - 1},0);")
    return (
        "class R final {\n    struct {\n"
        + "\n".join(lines)
        + "\n    };\n    struct {\n        CData/*0:0*/ m__DOT__r;\n    };\n"
        "\n    // INTERNAL VARIABLES\n    int more;\n};\n"
    )


def test_ports_move_behind_the_link() -> None:
    one = step([8, 9, 0, 70], [1, 40], Form.DIRECT)
    made = with_link(one, header(one))
    names = re.findall(r"\b([ion_]+\d+|rules_sv_link|m__DOT__r)\b", made)
    assert names == ["i0", "m__DOT__r", NAME, *Link(one).members]
    assert "alignas(8) EData n_" not in made.split(NAME)[0]
    assert made.count("VL_INW(i4,69,0,3);") == 1
    assert made.endswith("\n    // INTERNAL VARIABLES\n    int more;\n};\n")


def test_work_grows_as_the_number_of_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for ports in (100, 200):
        one = step([0] * ports, [1], Form.DIRECT)
        hashed = 0

        def counted(lane: Lane, made: Callable[[Lane], int] = Lane.__hash__) -> int:
            nonlocal hashed
            hashed += 1
            return made(lane)

        with monkeypatch.context() as patch:
            patch.setattr(Lane, "__hash__", counted)
            stub(Boundary("//x:m", (one,)))
        counts.append(hashed)
    assert counts[0] < counts[1] < 3 * counts[0], counts


def test_a_model_of_another_shape_is_refused_with_the_cure() -> None:
    one = step([8], [1], Form.DIRECT)
    with pytest.raises(HdlError, match="m: no port o2 is declared") as found:
        with_link(one, header(one).replace("VL_OUT8(o2", "VL_SOME8(o2"))
    assert "rules:compile=merge" in found.value.diagnostics[0].fix
    with pytest.raises(HdlError, match="its internal variables are elsewhere"):
        with_link(one, header(one).replace("INTERNAL", "PRIVATE"))
