"""The program that writes a simulator's main; what is in it is tested with hdl_py.simulator.main_cpp."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.sv_main import main

REQUIRED = ["--label", "//x:sim", "--top", "top", "--prefix", "Vtop", "--workspace", "_main"]


def run(tmp_path: Path, *arguments: str) -> tuple[int, str | None]:
    """The exit code, and the text that was written, if any."""
    out, params = tmp_path / "main.cpp", tmp_path / "params"
    params.write_text("".join(f"{word}\n" for word in [*REQUIRED, *arguments, "--out", str(out)]))
    code = main([f"@{params}"])
    return code, out.read_text() if out.exists() else None


def test_writes_what_it_is_told(tmp_path: Path) -> None:
    code, text = run(
        tmp_path,
        *("--clock", "clk=10ns", "--clock", "clk2=2.5ns", "--reset", "rst_n=low"),
        *("--reset-cycles", "3", "--max-cycles", "100", "--seed", "7", "--trace", "vcd", "--timing"),
        *("--plusarg", '+a=b c "d" $e', "--map", "../other/a.unit.map"),
    )
    assert code == 0
    assert text is not None
    for part in (
        '{"clk", 10000000ULL}',
        '{"clk2", 2500000ULL}',
        "top_.rst_n = asserted ? 0 : 1;",
        "config.reset_cycles = 3;",
        "config.max_cycles = 100ULL;",
        "config.seed = 7;",
        "config.timing = true;",
        'config.trace = "vcd";',
        '"+a=b c \\"d\\" $e",',
        '"../other/a.unit.map",',
        'config.workspace = "_main";',
        '#include "Vtop.h"',
    ):
        assert part in text


def test_without_settings_it_has_the_documented_defaults(tmp_path: Path) -> None:
    code, text = run(tmp_path)
    assert code == 0
    assert text is not None
    for part in ("reset_cycles = 5;", "max_cycles = 0ULL;", "seed = 1;", "timing = false;", 'trace = "none";'):
        assert part in text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--clock", "clk=10"], 3, "//x:sim: clocks gives clk the period '10'; a positive time is expected"),
        (["--reset", "rst=0"], 3, "//x:sim: resets gives rst the level '0'"),
        (["--plusarg", "verbose"], 3, "//x:sim: plusargs holds 'verbose'"),
        (["--seed", "0"], 2, "0 is not in the range 1<=x<=2147483647"),
        (["--max-cycles", "-1"], 2, "-1 is not in the range x>=0"),
        (["--trace", "wave"], 2, "'wave' is not one of"),
    ],
)
def test_bad_settings_are_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    assert run(tmp_path, *arguments) == (code, None)
    assert message in capsys.readouterr().err
