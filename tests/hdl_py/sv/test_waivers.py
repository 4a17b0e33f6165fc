"""Text that Verilator takes and slang doesn't: refused by name, waived by name, and then built as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.errors import HdlError
from hdl_py.sv.waivers import Waivers, advise, is_waivable
from hdl_py.text.position import Position
from tests.hdl_py.sv.running import run_case
from tests.hdl_py.sv.simulating import Simulators, write_isolated

# Each of these Verilator compiles and slang refuses, by the checks named.
TAKEN = {
    "a use above the declaration": (
        "module m; initial $display(v); int v = 3; endmodule",
        "use-before-declaration",
    ),
    "an enumeration without a base type": (
        "module m; typedef enum [2:0] {A, B} e; e x; endmodule",
        "expected-enum-base,implicit-not-allowed",
    ),
    "a module that is never reached": (
        "module m; if (0) not_there u(); endmodule",
        "unknown-definition",
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_verilator_takes_can_be_waived(name: str, folder: Path, simulators: Simulators) -> None:
    text, check = TAKEN[name]
    refused = run_case(f"@ //x:m m.sv\n{text}\n")
    assert ",".join(sorted(set(refused.codes))) == check, [d.render() for d in refused.problems]
    assert all(is_waivable(d) for d in refused.problems)
    done = run_case(f"@ //x:m m.sv waive={check}\n{text}\n")
    assert not done.problems, [d.render() for d in done.problems]
    assert done.results["//x:m"].unit.waived == tuple(check.split(","))
    assert simulators.verilate(write_isolated(done), "m").code == 0


def test_blocks_of_cpp_pass_through(folder: Path, simulators: Simulators) -> None:
    text = "module m;\n`systemc_header\n#include <cstdint>  // kept\n`verilog\n  int x = 1;\nendmodule\n"
    done = run_case(f"@ //x:m m.sv\n{text}")
    assert not done.problems, [d.render() for d in done.problems]
    assert b"\n`systemc_header\n#include <cstdint>" in done.results["//x:m"].isolated
    assert simulators.verilate(write_isolated(done), "m").code == 0


@pytest.mark.parametrize("name", ["duplicate-definition", "no-such-check", "undeclared-dependency"])
def test_names_that_can_not_be_waived(name: str) -> None:
    with pytest.raises(HdlError) as caught:
        Waivers([name], "//x:m")
    assert name in caught.value.diagnostics[0].message


def test_advice_follows_what_verilator_says(folder: Path) -> None:
    problems = run_case("@ //x:m m.sv\nmodule m; wire x = y; wire y; endmodule\n").problems
    seen: list[Position] = []

    def verdict(value: bool | None) -> str:
        def refused(position: Position) -> bool | None:
            seen.append(position)
            return value

        return advise(problems, refused)[0].fix.splitlines()[-1]

    assert verdict(True) == "Verilator refuses this line as well"
    assert verdict(False).startswith("Verilator accepts this line")
    assert verdict(None).startswith("if Verilator accepts it")
    assert seen == [problems[0].position] * 3
    hard = run_case("@ //x:m m.sv\nmodule m; endmodule\nmodule m; endmodule\n").problems
    assert advise(hard) == list(hard)
