"""The command line for Verilator."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.errors import HdlError
from hdl_py.simulator.command import (
    LINT_RULES,
    VerilateRequest,
    parameter_option,
    parse_version,
    verilator_command,
    waiver_text,
)


def request(**settings: object) -> VerilateRequest:
    base = {
        "program": "v",
        "top": "t",
        "prefix": "Vt",
        "out_dir": "o",
        "sources": ("p.sv", "t.sv"),
        "parameters": {},
        "version": (5, 48),
    }
    return VerilateRequest(**{**base, **settings})  # type: ignore[arg-type]


def test_values_with_spaces_quotes_and_dollars_are_single_arguments() -> None:
    command = verilator_command(request(parameters={"NAME": '"a b"', "COST": "$5 '"}))
    assert '-GNAME="a b"' in command
    assert "-GCOST=$5 '" in command


def test_sources_come_last_and_in_order() -> None:
    command = verilator_command(request(options=("-Wno-fatal",)))
    assert command[-4:] == ["-Wno-fatal", "-Wno-DECLFILENAME", "p.sv", "t.sv"]


def test_settings_become_verilator_options() -> None:
    command = verilator_command(request(trace="fst", timing="on", asserts=False, threads=3))
    assert {"--trace-fst", "--timing", "--no-assert"} < set(command)
    assert command[command.index("--threads") + 1] == "3"
    assert "--no-timing" not in command


def test_auto_timing_leaves_the_decision_to_verilator() -> None:
    assert not {"--timing", "--no-timing"} & set(verilator_command(request()))


def test_waivers_name_the_source_that_they_are_for() -> None:
    text = waiver_text({"x/a.unit.sv": ["-Wno-WIDTHTRUNC"], "b.unit.sv": ["-Wno-lint"]})
    assert text.startswith("`verilator_config\n")
    assert 'lint_off -rule WIDTHTRUNC -file "x/a.unit.sv"\n' in text
    assert text.count('-file "b.unit.sv"') == len(LINT_RULES)


def test_older_releases_get_the_options_that_they_know() -> None:
    assert "--trace-vcd" in verilator_command(request(trace="vcd"))
    old = verilator_command(request(trace="vcd", version=parse_version("5.006")))
    assert "--trace" in old
    assert "--trace-vcd" not in old
    assert "--quiet-stats" not in old


@pytest.mark.parametrize("value", ["12", "8'd3", "-1", "$clog2(3)", '"a b"', '"it\'s $5"', '""', '"é"'])
def test_values_without_escapes_are_verilators_own(value: str) -> None:
    assert parameter_option("P", value) == f"-GP={value}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (r'"say \"hi\""', b'say "hi"'),
        (r'"a\nb\tc\\d"', b"a\nb\tc\\d"),
        (r'"\v\f\a"', b"\v\f\a"),
        (r'"\101\1019\7"', b"AA9\x07"),
        (r'"\x41\x4g"', b"A\x04g"),
        (r'"\q\%"', b"q%"),
        (r'"é\""', 'é"'.encode()),
    ],
)
def test_strings_with_escapes_travel_as_numbers(value: str, text: bytes) -> None:
    assert parameter_option("P", value) == f"-GP={8 * len(text)}'h{text.hex()}"


@pytest.mark.parametrize("value", ['"', '"a', '"a"b"', '"a" ', '"a\\"', '"a"+"b"'])
def test_what_begins_as_a_string_and_is_none_is_refused(value: str) -> None:
    with pytest.raises(HdlError, match=r"parameters gives P the value .* no string of SystemVerilog") as refused:
        parameter_option("P", value)
    assert value in str(refused.value)


@given(st.text(st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"]), min_size=1))
def test_every_text_can_be_a_parameter(text: str) -> None:
    option = parameter_option("P", '"' + re.sub(r'(["\\])', r"\\\1", text) + '"')
    if option.startswith('-GP="'):
        assert option == f'-GP="{text}"'
        assert '"' not in text
    else:
        assert bytes.fromhex(option.partition("'h")[2]).decode() == text
