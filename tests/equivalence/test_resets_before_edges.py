"""Several events of a unit in one evaluation: resets a delta before a clock's edge, and clocks that pulse twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.boundary.model import Form
from hdl_py.sv.contract.causes import Contract
from tests.equivalence import bench
from tests.equivalence.bench import Design, Runtime, Unit, proven
from tests.equivalence.comparison import compared
from tests.equivalence.designs import PORTS

GATED = (
    "logic [7:0] r, s; logic l; always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 8'h55; else r <= r + x;"
    " always_latch if (!clk) l = r[0] ^ r[3]; wire g = clk & l; always_ff @(posedge g) s <= s + y + 8'd1;"
    " assign p = s; assign q = r ^ x;"
)
SAMPLING = (
    "logic [7:0] r, s; always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 8'h55; else r <= r + x;"
    " always_ff @(posedge clk) s <= $past(r) + $past(y); assign p = s; assign q = r;"
)
INPUT_SAMPLING = (
    "logic [7:0] r, s; always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 8'h55; else r <= r + x;"
    " always_ff @(posedge clk) s <= $past(y); assign p = s; assign q = r;"
)
BOTH = (
    "logic [7:0] r, s, t; logic l; always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 8'h55; else r <= r + x;"
    " always_latch if (!clk) l = r[0] ^ r[3] ^ x[2]; wire g = clk & l; always_ff @(posedge g) s <= s + y + 8'd1;"
    " always_ff @(posedge clk) t <= $past(r) ^ $past(x); assign p = s ^ t; assign q = r;"
)
AROUND = (
    "logic [7:0] r, a, b; always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 8'h0f; else r <= r + a;"
    " leaf u(clk, clk2, rst_n, x ^ r, y + r, a, b); assign p = a ^ r; assign q = b;"
)
GATED_AROUND = (
    "logic [7:0] r, a, b; always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 8'h0f; else r <= r + a;"
    " logic l; always_latch if (!clk) l = r[0] | r[1]; wire g = clk & l;"
    " leaf u(g, clk2, rst_n, x ^ r, y + r, a, b); assign p = a ^ r; assign q = b;"
)

OPEN_AROUND = (
    "logic [7:0] r, a, b; always_ff @(posedge clk) r <= (r ^ 8'd153) - y + a;"
    " logic l; always_latch if (!clk) l = x[7] | x[5]; wire g = clk & l;"
    " leaf u(g, clk2, rst_n, x | r, y, a, b); assign p = a + r; assign q = b;"
)
PAST = (
    "logic [7:0] r, s; always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 8'h7f; else r <= r + x;"
    " always_ff @(posedge clk) s <= $past(y, 2); assign p = s ^ r; assign q = s;"
)
SUMMING = (
    "logic [7:0] r, s; always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 8'h55; else r <= r + 8'd1 + x;"
    " always_ff @(posedge clk) s <= s * 8'd3 + $past(r, 2) + $sampled(r) + $past(y); assign p = s; assign q = r;"
)
HALF = "logic half; always_ff @(posedge clk) half <= ~half;"
CLOCKS = {
    "clk": "",
    "half": HALF,
    "quarter": f"{HALF} logic quarter; always_ff @(posedge half) quarter <= ~quarter;",
    "made[0]": "logic [7:0] made, rest; divider d(clk, clk2, 1'b1, a, b, made, rest);",
    # Falls and rises again while registers follow one another, deltas apart.
    "twice": (
        "logic late, h1, h2, h3; always_ff @(posedge clk) late <= 1;"
        " always_ff @(posedge clk or negedge clk) h1 <= clk & late; always_ff @(posedge h1 or negedge h1) h2 <= h1;"
        " always_ff @(posedge h2 or negedge h2) h3 <= h2; wire twice = h1 & ~h2 | h3;"
    ),
    # The reset itself makes an edge, of another unit's output.
    "(moved[0] & late)": (
        "logic late; always_ff @(posedge clk) late <= 1; logic [7:0] moved, other;"
        " mover d(clk, clk2, rst_n, x, b, moved, other);"
    ),
}
MOVER = (
    "logic [7:0] r; always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 8'h7f;"
    " else r <= r[0] ? (r + (r ^ 8'd43)) ^ (x ^ 8'd148) : ~x; assign p = r + x; assign q = r;"
)
DIVIDER = "logic [7:0] r; always_ff @(posedge clk) r <= r + 8'd1; assign p = r; assign q = {r[6:0], 1'b1};"


def _top(clock: str, unit: str) -> str:
    return (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [31:0] seen);"
        f" logic [7:0] x, y, p, q; {CLOCKS[clock]} always_ff @(posedge clk or negedge rst_n)"
        " if (!rst_n) {x, y} <= 16'h1234; else {x, y} <= {x ^ a, y + q};"
        f" {unit} u({clock}, clk2, rst_n, x, y, p, q); assign seen = {{x, y, p, q}}; endmodule\n"
    )


def _design(clock: str, leaf: str, around: str = "") -> Design:
    makers = {name: body for name, body in (("divider", DIVIDER), ("mover", MOVER)) if f"{name} d(" in CLOCKS[clock]}
    bodies = {**makers, "leaf": leaf, **({"around": around} if around else {})}
    units = [Unit(name, f"module {name}({PORTS}); {body} endmodule\n") for name, body in bodies.items()]
    return Design(_top(clock, "around" if around else "leaf"), tuple(units))


def _recall(design: Design) -> dict[str, tuple[str, ...]]:
    return {name: sets[0].recall for name, sets in proven(design).items() if name in ("leaf", "around", "plain")}


GATES: tuple[str, ...] = ("gates",)
EVENTS = ("half", "twice", "(moved[0] & late)")
CASES: dict[str, tuple[str, str, dict[str, tuple[str, ...]], tuple[str, ...]]] = {
    "gated": (GATED, "", {"leaf": GATES}, (*EVENTS, "quarter", "made[0]")),
    "sampling": (SAMPLING, "", {"leaf": ()}, (*EVENTS, "quarter")),
    "summing": (SUMMING, "", {"leaf": ()}, ("twice", "(moved[0] & late)")),
    "input": (INPUT_SAMPLING, "", {"leaf": ()}, EVENTS),
    "both": (BOTH, "", {"leaf": GATES}, (*EVENTS, "quarter")),
    "around": (GATED, AROUND, {"leaf": GATES, "around": GATES}, EVENTS),
    "both_around": (BOTH, AROUND, {"leaf": GATES, "around": GATES}, (*EVENTS, "quarter")),
    "sampling_gated": (SAMPLING, GATED_AROUND, {"leaf": (), "around": GATES}, ("made[0]", *EVENTS)),
    "past_gated": (PAST, OPEN_AROUND, {"leaf": (), "around": ()}, EVENTS),
    "summing_gated": (SUMMING, OPEN_AROUND, {"leaf": (), "around": ()}, EVENTS),
    "gated_twice": (GATED, GATED_AROUND, {"leaf": GATES, "around": GATES}, EVENTS),
}
"""Bodies of the leaf and of what is around it, what their contracts say, and the clocks to try."""


@pytest.mark.parametrize(("case", "clock"), [(case, clock) for case in CASES for clock in CASES[case][3]])
def test_an_edge_sees_what_was_before_the_reset(case: str, clock: str, tmp_path: Path, runtime: Runtime) -> None:
    leaf, around, reasons, _ = CASES[case]
    design = _design(clock, leaf, around)
    assert _recall(design) == reasons
    assert {sets[0].contract for sets in proven(design).values()} == {Contract.STEP}
    assert compared(design, tmp_path, runtime, 2000, 3) == "steps 2000\n"


@pytest.mark.parametrize("form", list(Form), ids=lambda form: form.value)
@pytest.mark.parametrize(
    ("leaf", "reason"),
    [
        (
            GATED.replace("if (!rst_n) r <= 8'h55;", 'if (!rst_n) begin r <= 5; $display("reset"); end'),
            "its reset prints",
        ),
        (
            'string t = ""; always_ff @(posedge clk) t <= t.len() > 40 ? "" : {t, "more"};'
            + GATED.replace("q = r", "q = 8'(t.len()) ^ r"),
            "its state is more than bytes",
        ),
    ],
    ids=["prints", "string"],
)
def test_what_can_t_go_back_stops_and_says_so(
    form: Form, leaf: str, reason: str, tmp_path: Path, runtime: Runtime
) -> None:
    (tmp_path / "plain").mkdir()
    said = compared(_design("half", leaf), tmp_path, runtime, 2000, 3, [form])
    assert reason in said
    assert 'compile = "merge"' in said
    assert "stopped" in said
    # Where reset and clock change together nothing has to go back.
    assert compared(_design("clk", leaf), tmp_path / "plain", runtime, 2000, 3, [form]).endswith("steps 2000\n")


def test_what_a_clock_inside_does_at_time_zero_is_seen_after_it(tmp_path: Path, runtime: Runtime) -> None:
    leaf = (
        "logic [7:0] r, s, t; logic l; always_latch if (clk) l = t[0]; wire g = clk | ~l;"
        " always_ff @(negedge clk) t <= t + 8'd3; always_ff @(posedge g) r <= x + 8'd5;"
        " always_ff @(negedge g) s <= s + r; assign p = r; assign q = s ^ y ^ r;"
    )
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [31:0] seen);"
        " leaf u0(clk, clk2, rst_n, a, b, seen[7:0], seen[15:8]);"
        " leaf u1(clk, clk2, rst_n, seen[7:0] + b, seen[15:8], seen[23:16], seen[31:24]); endmodule\n"
    )
    design = Design(top, (Unit("leaf", f"module leaf({PORTS}); {leaf} endmodule\n"),))
    assert proven(design)["leaf"][0].contract is Contract.GENERAL
    assert compared(design, tmp_path, runtime, 1000, 1, [Form.PUBLIC]) == "steps 1000\n"


def test_wide_and_real_inputs_go_back_too(tmp_path: Path, runtime: Runtime) -> None:
    ports = "input logic clk, rst_n, input logic [69:0] x, input real v, output logic [69:0] p, output logic [7:0] q"
    body = (
        "logic [69:0] r, s, t; logic l;"
        " always_ff @(posedge clk or negedge rst_n) if (!rst_n) r <= 70'h55; else r <= r + x;"
        " always_latch if (!clk) l = r[0] ^ r[69] ^ x[66] ^ (v > 40.0); wire g = clk & l;"
        " always_ff @(posedge g) s <= s + x + 70'd1; always_ff @(posedge clk) t <= $past(r) ^ $past(x);"
        " assign p = s ^ t; assign q = r[69:62] ^ r[7:0];"
    )
    plain = body.replace("$past(r) ^ $past(x)", "r")
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [155:0] seen);"
        f" {HALF} logic [69:0] x; real v; always_ff @(posedge clk or negedge rst_n)"
        " if (!rst_n) x <= 70'h1234; else x <= {x[61:0], a} ^ {b, 62'd0};"
        " always_ff @(posedge clk) v <= b / 3.0;"
        " leaf u(half, rst_n, x, v, seen[69:0], seen[77:70]); plain w(half, rst_n, x, v, seen[147:78], seen[155:148]);"
        " endmodule\n"
    )
    units = [
        Unit(name, f"module {name}({ports}); {text} endmodule\n") for name, text in (("leaf", body), ("plain", plain))
    ]
    design = Design(top, tuple(units))
    assert _recall(design) == {"leaf": ("gates",), "plain": ("gates",)}
    assert compared(design, tmp_path, runtime, 2000, 3) == "steps 2000\n"


def test_several_resets_before_an_edge(tmp_path: Path, runtime: Runtime) -> None:
    ports = "input logic clk, one, two, input logic [7:0] x, output logic [7:0] p"
    body = (
        "logic [7:0] r, s; always_ff @(posedge clk or negedge one) if (!one) r <= 1; else r <= r + x;"
        " always_ff @(posedge clk or negedge two) if (!two) s <= 2; else s <= s ^ x;"
        " always_ff @(posedge clk) p <= $past(r) + $past(s);"
    )
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [7:0] seen); logic half, late;"
        f" {CLOCKS['quarter'].removeprefix('logic half; ')} always_ff @(posedge clk or negedge rst_n)"
        " if (!rst_n) late <= 0; else late <= 1; leaf u(quarter, rst_n, late, a, seen); endmodule\n"
    )
    design = Design(top, (Unit("leaf", f"module leaf({ports}); {body} endmodule\n"),))
    assert compared(design, tmp_path, runtime, 2000, 3) == "steps 2000\n"


@pytest.mark.parametrize(("clock", "stops"), [("twice", True), ("half", True), ("clk", False)])
def test_a_model_that_can_t_keep_its_samples_stops(
    clock: str, stops: bool, tmp_path: Path, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "holds", lambda one, texts: False)
    said = compared(_design(clock, SUMMING), tmp_path, runtime, 2000, 3, [Form.DIRECT])
    assert "differs" not in said
    assert ("stopped" in said and "twice within one evaluation" in said) is stops
    assert said.endswith("steps 2000\n") is not stops
