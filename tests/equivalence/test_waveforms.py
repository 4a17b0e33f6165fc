"""One waveform holds the whole hierarchy by the user's names, as that of a monolithic model does."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.boundary.model import Form
from tests.equivalence.bench import Design, Runtime, Unit, printed
from tests.equivalence.constructs import tb
from tests.equivalence.waves import changes

_PORTS = "input logic clk, rst_n, input logic [7:0] d, output logic [7:0] q"
_LEAF = Unit(
    "leaf",
    f"module leaf({_PORTS}); logic l, g; always_latch if(!clk) l=d[0]; assign g=clk&l;"
    " logic [7:0] inner; always_ff @(posedge g or negedge rst_n) if(!rst_n) inner<=0; else inner<=inner+d;"
    " sub s(.clk,.rst_n,.d(inner),.q); endmodule\n"
    f"module sub({_PORTS}); logic [7:0] deep; always_ff @(posedge clk) deep<=d^8'h55; assign q=deep; endmodule\n",
)
_MID = Unit(
    "mid",
    f"module mid({_PORTS}); logic [7:0] a, own; leaf one(.clk,.rst_n,.d,.q(a)); leaf two(.clk,.rst_n,.d(a),.q);"
    " always_ff @(posedge clk) own<=own+a; endmodule\n",
)
_DESIGN = Design(
    tb("logic [7:0] q[2]; for(genvar i=0;i<2;i++) begin : gen mid m(.clk,.rst_n,.d(8'(cyc+i)),.q(q[i])); end", 12),
    (_LEAF, _MID),
)


def _flags(kind: str) -> Design:
    from dataclasses import replace

    return replace(_DESIGN, flags=(f"--trace-{kind}", "--trace-structs"))


@pytest.mark.parametrize("form", list(Form), ids=lambda form: form.value)
def test_vcd(form: Form, tmp_path: Path, runtime: Runtime) -> None:
    printed(_flags("vcd"), tmp_path, runtime, [form])
    mono, separate = (changes((tmp_path / f"{name}.vcd").read_text()) for name in ("mono", form.value))
    missing = mono.keys() - separate.keys()
    assert not missing
    assert "tb.gen[1].m.two.s.deep" in mono
    # The stubs' own variables, and nothing by a generated name.
    assert not {name for name in separate.keys() - mono.keys() if "_b" in name or "u_" in name}
    assert {name: values for name, values in separate.items() if name in mono} == mono
