"""Values from hypothesis, written by name from Rust, read in SystemVerilog, and back, bit by bit."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hdl_py.sv.ports import Module, PackedStruct, dimensions
from hdl_py.sv.ports_elaborate import elaborate_module, read_units
from tests.rust.widths import WIDTHS
from tests.tools.ffi_crate.conftest import ROOT, Workspace

EXAMPLES = int(200 * float(os.environ.get("HYPOTHESIS_FACTOR", "1")))
quick = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


class Driver:
    """The program `drive` with one model."""

    def __init__(self, program: str, model: str) -> None:
        self.process = subprocess.Popen(
            [program, model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def ask(self, command: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def poke(self, port: str, values: Sequence[int]) -> None:
        answer = self.ask(f"poke {port} " + " ".join(f"{value:x}" for value in values))
        assert answer == "ok", answer

    def peek(self, port: str) -> list[int]:
        return [int(word, 16) for word in self.ask(f"peek {port}").split()]

    def settle(self) -> None:
        assert self.ask("eval") == "ok"

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(timeout=10) == 0


def driver(request: pytest.FixtureRequest, model: str) -> Iterator[Driver]:
    program = os.environ.get("FFI_DRIVE")
    if not program:
        workspace: Workspace = request.getfixturevalue("workspace")
        workspace.cargo("build", "-q", "--bin", "drive")
        program = str(workspace.target / "debug" / "drive")
    made = Driver(program, model)
    yield made
    made.close()


@pytest.fixture(scope="module")
def widths(request: pytest.FixtureRequest) -> Iterator[Driver]:
    yield from driver(request, "widths")


@pytest.fixture(scope="module")
def kinds(request: pytest.FixtureRequest) -> Iterator[Driver]:
    yield from driver(request, "kinds")


@pytest.fixture(scope="module")
def module() -> Module:
    rtl = ROOT / "tests" / "rust" / "rtl"
    return elaborate_module(read_units([([str(rtl / "kinds_pkg.sv"), str(rtl / "kinds.sv")], (), ())]), "kinds")


@quick
@given(data=st.data())
def test_any_value_of_any_width(widths: Driver, data: st.DataObject) -> None:
    width = data.draw(st.sampled_from(WIDTHS))
    sign = data.draw(st.sampled_from("us"))
    value = data.draw(st.integers(0, (1 << width) - 1))
    widths.poke(f"i_{sign}{width}", [value])
    widths.settle()
    assert widths.peek(f"e_{sign}{width}") == [value]
    mirror = int(f"{value:0{width}b}"[::-1], 2)
    assert widths.peek(f"r_{sign}{width}") == [mirror]


def test_values_that_do_not_fit_are_refused(widths: Driver) -> None:
    for width in (1, 7, 8, 31, 33, 64, 65, 129):
        answer = widths.ask(f"poke i_u{width} {1 << width:x}")
        if width == 64:
            assert "does not fit" in answer
        assert answer.startswith("error"), (width, answer)
    assert widths.ask("poke e_u8 1").startswith("error")
    assert widths.ask("peek nothing") == "error no such port"


ECHOES = ["state", "level", "wide_enum", "req", "wide", "view", "plain", "grid", "deep", "states", "reqs", "two_state"]


@quick
@given(data=st.data())
def test_any_bits_of_any_kind(kinds: Driver, module: Module, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(ECHOES))
    port = module.port(name)
    assert port is not None
    ranges, element = dimensions(port.type)
    count = 1
    for dimension in ranges:
        count *= dimension.size
    width = element.width  # type: ignore[union-attr]
    bits = st.integers(0, (1 << width) - 1)
    values = data.draw(st.lists(bits, min_size=count, max_size=count))
    kinds.poke(name, values)
    kinds.settle()
    assert kinds.peek(f"{name}_q") == values


FIELDS = [("req", "a", "req_a"), ("req", "b", "req_b"), ("req", "last", "req_last"), ("wide", "tag", "wide_tag"),
          ("wide", "data", "wide_data"), ("plain", "big", "plain_big")]  # fmt: skip


@quick
@given(data=st.data())
def test_fields_are_where_elaboration_says(kinds: Driver, module: Module, data: st.DataObject) -> None:
    name, field_name, output = data.draw(st.sampled_from(FIELDS))
    port = module.port(name)
    assert port is not None
    assert isinstance(port.type, PackedStruct)
    (field,) = [field for field in port.type.fields if field.name == field_name]
    value = data.draw(st.integers(0, (1 << port.type.width) - 1))
    kinds.poke(name, [value])
    kinds.settle()
    assert kinds.peek(output) == [value >> field.offset & ((1 << field.type.width) - 1)]
