from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tools.wheel.wheel_files import Extraction, WheelError, extract, main


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "core-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, mode in (("core/rtl/alu.sv", 0o644), ("core/rtl/fpu.sv", 0o644), ("core/bin/tool", 0o755)):
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o100000 | mode) << 16
            archive.writestr(info, f"text of {name}\n")
        archive.writestr("core/empty/", b"")
    return path


def test_writes_the_bytes_of_each_member_to_its_output(wheel: Path, tmp_path: Path) -> None:
    alu, fpu = tmp_path / "out" / "deep" / "a.sv", tmp_path / "out" / "f.sv"
    extract(wheel, [Extraction("core/rtl/alu.sv", alu), Extraction("core/rtl/fpu.sv", fpu)])
    assert alu.read_text() == "text of core/rtl/alu.sv\n"
    assert fpu.read_text() == "text of core/rtl/fpu.sv\n"


def test_keeps_whether_a_file_is_executable(wheel: Path, tmp_path: Path) -> None:
    tool, alu = tmp_path / "tool", tmp_path / "alu.sv"
    extract(wheel, [Extraction("core/bin/tool", tool), Extraction("core/rtl/alu.sv", alu)])
    assert os.access(tool, os.X_OK)
    assert not alu.stat().st_mode & 0o111


def test_a_missing_member_is_named_and_nothing_is_written(wheel: Path, tmp_path: Path) -> None:
    alu = tmp_path / "alu.sv"
    wanted = [Extraction("core/rtl/alu.sv", alu), Extraction("core/rtl/alv.sv", tmp_path / "alv.sv")]
    with pytest.raises(
        WheelError, match=r"no file 'core/rtl/alv\.sv' among its 4 members; did you mean 'core/rtl/alu\.sv'"
    ):
        extract(wheel, wanted)
    assert not alu.exists()


@pytest.mark.parametrize("folder", ["core/rtl", "core/rtl/", "core/empty"])
def test_a_folder_is_refused(wheel: Path, tmp_path: Path, folder: str) -> None:
    with pytest.raises(WheelError, match=f"'{folder}' is a folder"):
        extract(wheel, [Extraction(folder, tmp_path / "x")])


def test_a_file_that_is_no_wheel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "core.whl"
    path.write_bytes(b"<html>not found</html>")
    with pytest.raises(WheelError, match="expected a wheel, which is a zip archive"):
        extract(path, [Extraction("a", tmp_path / "a")])


def test_a_member_whose_checksum_is_wrong_is_refused(wheel: Path, tmp_path: Path) -> None:
    content = wheel.read_bytes()
    assert content.count(b"text of core/rtl/alu.sv\n") == 1
    wheel.write_bytes(content.replace(b"text of core/rtl/alu.sv\n", b"text of core/rtl/xxx.sv\n"))
    with pytest.raises(WheelError, match="Bad CRC-32"):
        extract(wheel, [Extraction("core/rtl/alu.sv", tmp_path / "alu.sv")])


def test_main_reads_a_file_of_arguments(wheel: Path, tmp_path: Path) -> None:
    output, params = tmp_path / "a b" / "alu.sv", tmp_path / "params"
    params.write_text(f"--wheel\n{wheel}\n--extract\ncore/rtl/alu.sv\n{output}\n")
    assert main([f"@{params}"]) == 0
    assert output.read_text() == "text of core/rtl/alu.sv\n"


def test_main_prints_the_wheel_and_the_cause(wheel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--wheel", str(wheel), "--extract", "core/nothing", str(tmp_path / "x")]) == 1
    assert capsys.readouterr().err.startswith(f"{wheel}: error: no file 'core/nothing' among its 4 members")


def test_main_prints_a_missing_wheel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wheel = tmp_path / "absent.whl"
    assert main(["--wheel", str(wheel), "--extract", "a", str(tmp_path / "x")]) == 1
    assert "No such file" in capsys.readouterr().err
