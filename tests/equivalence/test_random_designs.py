"""Random designs of units against the monolithic model, after every evaluation.

What the contracts are is left to the analysis. Each design is built in one form, the next design in the next; a
program holds many of them, which a C++ compiler makes in half the time that they cost alone.

    SV_EQUIVALENCE_DESIGNS=10000 python -m pytest tests/equivalence/test_random_designs.py

`SV_EQUIVALENCE_FIRST` is the number of the first design, to go on where a run ended or to repeat one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from hdl_py.boundary.lazy import MAX_CASES
from hdl_py.boundary.model import Form
from hdl_py.boundary.sources import harness
from hdl_py.sv.contract.causes import Contract
from tests.equivalence.bench import Design, Runtime, Unit, boundary, finish, proven, step, verilate
from tests.equivalence.comparison import compared, compared_together
from tests.equivalence.designs import PORTS, random_design, traits
from tests.equivalence.handshakes import handshake_design

COUNT = int(os.environ.get("SV_EQUIVALENCE_DESIGNS", "48"))
FIRST = int(os.environ.get("SV_EQUIVALENCE_FIRST", "0"))
STEPS = 3000
TOGETHER = 24


def test_no_design_differs(runtime: Runtime) -> None:
    assert not _differing(random_design, COUNT, runtime)


def test_no_handshake_differs(runtime: Runtime) -> None:
    assert not _differing(handshake_design, COUNT // 2, runtime)


def _differing(generate: Callable[[Random], Design], count: int, runtime: Runtime) -> dict[int, str]:
    """What differs, by the number of the design."""
    wrong = {}
    forms = list(Form)
    for first in range(FIRST, FIRST + count, TOGETHER):
        numbers = range(first, min(first + TOGETHER, FIRST + count))
        designs = {number: (generate(Random(number)), forms[number % len(forms)]) for number in numbers}
        folder = Path(tempfile.mkdtemp(prefix=f"designs{first}_"))
        found = compared_together(designs, folder, runtime, STEPS)
        shutil.rmtree(folder)
        for number, (design, form) in designs.items():
            if found[number] != f"steps {STEPS}\n":
                wrong[number] = f"{form.value}: {found[number]}"
                print(number, wrong[number], design, flush=True)
        print(f"{first} to {numbers[-1]}: {len(wrong)} different so far", flush=True)
    return wrong


def test_the_generator_makes_every_contract() -> None:
    found: Counter[str] = Counter()
    for number in range(160):
        found += traits(random_design(Random(number)))
    kinds = ("step", "comb", "general", "merged", "resets", "gates", "sampled", "samples", "recall", "starts", "cones")
    assert all(found[kind] >= 10 for kind in kinds), found


def test_a_wrong_contract_is_noticed(tmp_path: Path, runtime: Runtime) -> None:
    body = "logic [7:0] r; always_ff @(posedge clk) r <= r + y; assign p = r; assign q = r ^ x;"
    unit = Unit("leaf", f"module leaf({PORTS}); {body} endmodule\n", step())
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [15:0] seen);"
        " leaf u(clk, clk2, rst_n, a, b, seen[7:0], seen[15:8]); endmodule\n"
    )
    assert "differs" in compared(Design(top, (unit,)), tmp_path, runtime, 100, 1)
    right = replace(unit, contract=None)
    (tmp_path / "right").mkdir()
    assert compared(Design(top, (right,)), tmp_path / "right", runtime, 100, 1) == "steps 100\n"


def test_a_gate_that_sees_new_values_is_noticed(tmp_path: Path, runtime: Runtime) -> None:
    body = (
        "logic l; always_latch if (!clk) l = x[0]; wire g = clk & l; always_ff @(posedge g) p <= p + y; assign q = p;"
    )
    design = Design(
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [15:0] seen);"
        " leaf u(clk, clk2, rst_n, a, b, seen[7:0], seen[15:8]); endmodule\n",
        (Unit("leaf", f"module leaf({PORTS}); {body} endmodule\n", step()),),
    )
    for form in Form:
        folder = tmp_path / form.value
        folder.mkdir()
        assert "differs" in compared(design, folder, runtime, 1000, 1, [form]), form
        right = replace(design, units=(replace(design.units[0], contract=None),))
        (folder / "right").mkdir()
        assert compared(right, folder / "right", runtime, 1000, 1, [form]) == "steps 1000\n", form


def test_a_clock_that_starts_high_sees_settled_inputs(tmp_path: Path, runtime: Runtime) -> None:
    leaf = (
        "logic [7:0] r, s; always_ff @(posedge clk) r <= x + r; always_ff @(negedge clk) s <= y;"
        " assign p = s; assign q = r;"
    )
    middle = (
        "logic [7:0] r; always_ff @(negedge clk) r <= y; logic l; always_latch if (clk) l = r[3];"
        " wire g = clk | ~l; leaf u(g, clk2, rst_n, x, y, p, q);"
    )
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [15:0] seen);"
        " logic [7:0] ra, rc; always_ff @(negedge clk) rc <= rc + b; always_ff @(posedge clk) ra <= a;"
        " middle u0(clk, clk2, rst_n, (ra | (ra ^ 8'd219)) & (rc ^ 8'd88), a, seen[7:0], seen[15:8]); endmodule\n"
    )
    units = [Unit(n, f"module {n}({PORTS}); {body} endmodule\n") for n, body in (("leaf", leaf), ("middle", middle))]
    design = Design(top, tuple(units))
    assert [one.contract for sets in proven(design).values() for one in sets] == [Contract.GENERAL, Contract.GENERAL]
    designs = dict.fromkeys((0, 1, 10049), (design, Form.PUBLIC))
    assert set(compared_together(designs, tmp_path, runtime, 100).values()) == {"steps 100\n"}


def test_a_unit_inside_that_samples_sees_every_edge(tmp_path: Path, runtime: Runtime) -> None:
    leaf = (
        "logic l; always_latch if (!clk) l = x[0]; wire g = clk & l; always_ff @(posedge g) p <= p + y;"
        " always_ff @(posedge clk or negedge rst_n) if (!rst_n) q <= 1; else q <= $past(x[0]) + q;"
    )
    outer = "logic [7:0] r; always_ff @(posedge clk) r <= r + x; leaf u(clk, clk2, rst_n, r, y, p, q);"
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [15:0] seen);"
        " outer u(clk, clk2, rst_n, a, b, seen[7:0], seen[15:8]); endmodule\n"
    )
    units = [Unit(n, f"module {n}({PORTS}); {body} endmodule\n") for n, body in (("leaf", leaf), ("outer", outer))]
    design = Design(top, tuple(units))
    assert [one.contract for sets in proven(design).values() for one in sets] == [Contract.STEP, Contract.STEP]
    assert compared(design, tmp_path, runtime, 300, 1, [Form.DIRECT]) == "steps 300\n"


@pytest.mark.parametrize("form", list(Form), ids=lambda form: form.value)
def test_a_port_gets_no_more_bits_than_it_has(form: Form, tmp_path: Path, runtime: Runtime) -> None:
    ports = (
        "input logic clk, input logic one, input logic [4:0] five, input logic [40:0] long, input logic [74:0] wide,"
        " output logic [95:0] p"
    )
    sum_of = "r + 96'(one) + 96'(five) + 96'(long) + 96'(wide)"
    body = f"logic [95:0] r; always_ff @(posedge clk) r <= {sum_of}; assign p = r ^ 96'(wide >> 70);"
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [95:0] seen);"
        " leaf u(clk, ~^a, 5'(a) - 5'(b), ~41'(a) + 41'(b), ~75'(a) - 75'(b), seen); endmodule\n"
    )
    design = Design(top, (Unit("leaf", f"module leaf({ports}); {body} endmodule\n"),))
    assert compared(design, tmp_path, runtime, 300, 1, [form]) == "steps 300\n"


def test_ports_may_have_the_names_that_a_stub_uses(tmp_path: Path, runtime: Runtime) -> None:
    names = ("h", "tick", "ver", "put", "early", "ver0", "r_o12", "s_i1", "_h", "k", "d", "b")
    ports = ", ".join(f"input logic [7:0] {name}" for name in names)
    body = f"logic [7:0] r; always_ff @(posedge clk) r <= r + ({' ^ '.join(names)}); assign q = r; assign p = r ^ tick;"
    given = ", ".join(f".{name}({'a' if n % 2 else 'b'} + 8'd{n})" for n, name in enumerate(names))
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [15:0] seen);"
        f" leaf u(.clk, {given}, .p(seen[7:0]), .q(seen[15:8])); endmodule\n"
    )
    source = f"module leaf(input logic clk, {ports}, output logic [7:0] p, q); {body} endmodule\n"
    design = Design(top, (Unit("leaf", source),))
    assert compared(design, tmp_path, runtime, 300, 1, [Form.PUBLIC, Form.DIRECT]) == "steps 300\n"


def test_logic_of_a_real_model_waits_for_its_data(tmp_path: Path, runtime: Runtime) -> None:
    body = "logic [7:0] r; always_ff @(posedge clk) r <= r + (x ^ y); assign q = r; assign p = r ^ x;"
    source = f"module leaf(input logic clk, input logic [7:0] x, y, output logic [7:0] p, q); {body} endmodule\n"
    unit = Unit("leaf", source)
    one = boundary(unit, "", Form.DIRECT, proven(Design("", (unit,)))["leaf"]).sets[0]
    (tmp_path / "leaf.sv").write_text(source)
    (tmp_path / f"{one.symbol}.sv").write_text(harness(one))
    direct = finish(one, verilate(tmp_path, one.symbol, one.prefix, ["leaf.sv", f"{one.symbol}.sv"], []))
    # Without names that Verilator generates, or with guards of another shape, it would be right all the same, and slow.
    assert direct is not None
    assert direct.waiting == one.class_bits(one.calls[0].inputs)
    assert direct.hot


def test_a_model_may_have_more_calls_than_have_functions_of_their_own(tmp_path: Path, runtime: Runtime) -> None:
    numbers = range(MAX_CASES + 2)
    ports = ", ".join(f"input logic [7:0] x{n}, output logic [7:0] p{n}" for n in numbers)
    logic = " ".join(f"assign p{n} = (r + 8'd{n}) ^ x{n};" for n in numbers)
    taken = " ^ ".join(f"(x{n} >> {n})" for n in numbers)
    source = (
        f"module leaf(input logic clk, {ports}); logic [7:0] r; always_ff @(posedge clk) r <= r + ({taken}); {logic}"
    )
    unit = Unit("leaf", f"{source} endmodule\n")
    assert len(boundary(unit, "", Form.DIRECT, proven(Design("", (unit,)))["leaf"]).sets[0].calls) == len(numbers)
    # Each call's input follows the output of the one before.
    chain = ", ".join(
        f".x{n}({f'seen[{8 * n - 8} +: 8]' if n else 'a'} + b), .p{n}(seen[{8 * n} +: 8])" for n in numbers
    )
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b,"
        f" output logic [{8 * len(numbers) - 1}:0] seen); leaf u(.clk, {chain}); endmodule\n"
    )
    assert compared(Design(top, (unit,)), tmp_path, runtime, 300, 1, [Form.DIRECT]) == "steps 300\n"


def test_a_design_in_company_is_told_apart(tmp_path: Path, runtime: Runtime) -> None:
    body = "logic [7:0] r; always_ff @(posedge clk) r <= r + y; assign p = r; assign q = r ^ x;"
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [15:0] seen);"
        " leaf u(clk, clk2, rst_n, a, b, seen[7:0], seen[15:8]); endmodule\n"
    )
    unit = Unit("leaf", f"module leaf({PORTS}); {body} endmodule\n")
    right, wrong = Design(top, (unit,)), Design(top, (replace(unit, contract=step()),))
    broken = replace(right, top=top.replace("leaf u", "nothing u"))
    given = {4: (right, Form.PUBLIC), 7: (wrong, Form.PUBLIC), 9: (right, Form.DIRECT)}
    found = compared_together(given, tmp_path / "three", runtime, 100)
    assert found[4] == found[9] == "steps 100\n"
    assert found[7] == compared(wrong, tmp_path / "alone", runtime, 100, 7, [Form.PUBLIC])
    assert "Vpublic differs" in found[7]
    # Where one can't be built, the others are compared all the same.
    found = compared_together({1: (broken, Form.PUBLIC), 2: (right, Form.DIRECT)}, tmp_path / "two", runtime, 100)
    assert "Cannot find file containing module: 'nothing'" in found[1]
    assert found[2] == "steps 100\n"
