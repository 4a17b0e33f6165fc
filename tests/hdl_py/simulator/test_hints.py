"""Hints below Verilator's messages."""

from hdl_py.simulator.hints import hints


def test_a_warning_that_fails_is_waived_on_its_unit() -> None:
    output = (
        "%Warning-WIDTHTRUNC: a.sv:3:19: Operator ASSIGN\n%Warning-LATCH: a.sv:7:1: Latch inferred\n"
        "%Warning-WIDTHTRUNC: b.sv:3:19: Operator ASSIGN\n%Error: Exiting due to 3 warning(s)\n"
    )
    (hint,) = hints(output)
    assert 'vopts = ["-Wno-LATCH", "-Wno-WIDTHTRUNC"] on the sv_library' in hint


def test_warnings_beside_an_error_are_not_the_cause() -> None:
    output = "%Warning-LATCH: a.sv:7:1: Latch inferred\n%Error: a.sv:1:1: no\n%Error: Exiting due to 1 error(s)\n"
    assert hints(output) == []


def test_delays_are_decided_by_the_attribute() -> None:
    output = "%Error-NEEDTIMINGOPT: a.sv:3:11: Use --timing or --no-timing\n%Error: Exiting due to 1 error(s)\n"
    (hint,) = hints(output)
    assert "timing = True" in hint
    assert "timing = False" in hint


def test_other_errors_need_no_hint() -> None:
    assert hints("%Error: a.sv:1:1: syntax error\n%Error: Exiting due to 1 error(s)\n") == []
