"""Inputs that a parent ties, in the C++ of its stub."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hdl_py.boundary import inline
from hdl_py.boundary.link import CHANGED, VARIES, Link
from hdl_py.boundary.model import Form
from hdl_py.boundary.sources import stub
from tests.equivalence.bench import Unit, boundary, step
from tests.equivalence.compilers import compiler, run

SOURCE = """\
module leaf(input logic clk, input logic [7:0] x, input logic [39:0] y, output logic [7:0] q);
  logic [7:0] r; always_ff @(posedge clk) r <= r + x + 8'(y); assign q = r;
endmodule
"""
_MAIN = """
#include <cstdint>
#include <cstdio>
#include <cstring>
#define VL_UNLIKELY(x) (x)
using CData = std::uint8_t;
using QData = std::uint64_t;
int compared = 0;
// A port of the model that counts how often it is looked at.
template <class T> struct Port { T value{}; operator T() const { ++compared; return value; }
                                 Port& operator=(T v) { value = v; return *this; } };
QData link[32];
Port<CData> x;
Port<QData> y;
const auto put = [](CData vx, QData vy) __attribute__((always_inline)) { return PUT(link, vx, vy); };
__attribute__((noinline)) void tied() { (void)put(5, 6); }
__attribute__((noinline)) void varies(CData vx, QData vy) { (void)put(vx, vy); }
__attribute__((noinline)) void half(QData vy) { (void)put(5, vy); }
void show(const char* what) {
  const int changed = int(link[CHANGED]);
  std::printf("%s: x=%d y=%d changed=%d compared=%d\\n", what, int{x.value}, int(y.value), changed, compared);
  link[CHANGED] = compared = 0;
}
int main() {
  link[VARIES] = ~QData{0};
  link[X] = reinterpret_cast<QData>(&x), link[Y] = reinterpret_cast<QData>(&y);
  tied(), show("first");
  tied(), show("again");
  varies(7, 6), show("another place");
  tied(), show("back");
  tied(), show("again");
  half(9), show("one of two");
  half(9), show("again");
  tied(), show("both");
}
"""


@pytest.mark.parametrize("form", [Form.ORDERED, Form.DIRECT])
def test_places_of_a_link_are_looked_up_once_however_many_ports_there_are(
    form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Link] = []
    members = Link.__dict__["members"]
    monkeypatch.setattr(members, "func", lambda link, made=members.func: looked.append(link) or made(link))
    counts = []
    for ports in (2, 60):
        source = f"module leaf(input logic clk, c, input real x[{ports}], output logic p, q, output real y[{ports}]);"
        stub(boundary(Unit("leaf", f"{source} endmodule\n"), "", form, (step(cones={("c",): ["p"]}),)))
        counts.append(len(looked))
        looked.clear()
    assert counts[0] == counts[1] > 0


def test_a_constant_is_compared_only_after_another_place_had_other_values(tmp_path: Path) -> None:
    # Addresses in the link, which may be those of this test's ports.
    link = Link(boundary(Unit("leaf", SOURCE), "", Form.ORDERED, (step(),)).sets[0])
    lanes = {lane.source: lane for lane in link.one.data}
    text = re.fullmatch(r'"(\[\].*\})\(reinterpret_cast.*', inline.put(link, "w_"))
    assert text, inline.put(link, "w_")
    # The ports of this test count accesses; what Verilator makes are plain numbers.
    code = text[1].replace(
        "CData* const p = reinterpret_cast<CData*>", "auto* const p = reinterpret_cast<Port<CData>*>"
    )
    code = code.replace("QData* const p = reinterpret_cast<QData*>", "auto* const p = reinterpret_cast<Port<QData>*>")
    words = {"PUT": code, "CHANGED": CHANGED, "VARIES": VARIES}
    words |= {"X": link.addresses[lanes["x"].name], "Y": link.addresses[lanes["y"].name]}
    main = re.sub(rf"\b({'|'.join(words)})\b", lambda m: str(words[m[1]]), _MAIN)
    (tmp_path / "main.cpp").write_text(main)
    run([compiler(), "-std=c++20", "-O2", "-Wall", "-Wextra", "-Werror", "main.cpp", "-o", "main"], tmp_path)
    assert run(["./main"], tmp_path).splitlines() == [
        "first: x=5 y=6 changed=1 compared=2",
        "again: x=5 y=6 changed=0 compared=0",
        "another place: x=7 y=6 changed=1 compared=2",
        "back: x=5 y=6 changed=1 compared=2",
        "again: x=5 y=6 changed=0 compared=0",
        "one of two: x=5 y=9 changed=1 compared=1",
        "again: x=5 y=9 changed=0 compared=1",
        # What varies in another place is compared with what is constant here.
        "both: x=5 y=6 changed=1 compared=2",
    ]
