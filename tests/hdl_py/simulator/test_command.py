"""The command line for Verilator."""

from hdl_py.simulator.command import LINT_RULES, VerilateRequest, parse_version, verilator_command, waiver_text


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
    assert verilator_command(request(options=("-Wno-fatal",)))[-3:] == ["-Wno-fatal", "p.sv", "t.sv"]


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
