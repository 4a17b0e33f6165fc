"""A plain Cargo project outside Bazel builds and runs against the crates, statically and dynamically."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.tools.ffi_crate.conftest import QUICK, ROOT, Workspace, slow, update

TESTS = 27 if QUICK else 67
"""How many Rust tests there are at least: none may silently be left out."""


def passed(result: subprocess.CompletedProcess[str]) -> int:
    """How many tests ran; all of them passed, or Cargo had failed."""
    counts = re.findall(r"test result: ok\. (\d+) passed; 0 failed; 0 ignored", result.stdout)
    return sum(map(int, counts))


def test_statically_linked(workspace: Workspace) -> None:
    assert passed(workspace.cargo("test", "--no-fail-fast")) >= TESTS


def test_loaded_at_run_time(workspace: Workspace) -> None:
    assert passed(workspace.cargo("test", "--no-fail-fast", "--features", "dynamic")) >= TESTS


@slow
def test_without_debug_assertions(workspace: Workspace) -> None:
    plain = ["--config", "profile.dev.debug-assertions=false", "--config", "profile.dev.overflow-checks=false"]
    target = str(workspace.target.with_name("target_plain"))
    assert passed(workspace.cargo("test", *plain, "--test", "widths", CARGO_TARGET_DIR=target)) == 2


@slow
def test_documentation_has_no_warnings(workspace: Workspace) -> None:
    workspace.cargo("doc", "-p", "verilated_kinds", "-p", "verilated_runtime", RUSTDOCFLAGS="-D warnings")
    page = (workspace.target / "doc" / "verilated_kinds" / "struct.Kinds.html").read_text(encoding="utf-8")
    for part in ("kinds_pkg::req_t", "15 bits, unsigned", "kinds.sv:17", "method.set_req"):
        assert part in page, part


@slow
def test_clippy_finds_nothing(workspace: Workspace) -> None:
    workspace.cargo("clippy", "--all-targets", "--features", "dynamic", "--", "-D", "warnings")
    runtime = workspace.crates / "verilated_runtime"
    workspace.cargo("clippy", "--all-targets", "--all-features", "--", "-D", "warnings", cwd=runtime)


def test_the_runtimes_own_tests(workspace: Workspace) -> None:
    result = workspace.cargo("test", "--all-features", cwd=workspace.crates / "verilated_runtime")
    assert passed(result) >= 20


@pytest.fixture(scope="module")
def sanitized(workspace: Workspace) -> dict[str, str]:
    """Cargo's environment for Rust code, not C++, under rustc's own AddressSanitizer with checks of unsafe calls."""
    asked = [["--print", "target-libdir"], ["-vV"]]
    folder, version = (subprocess.run(["rustc", *a], capture_output=True, text=True, check=True).stdout for a in asked)
    if not list(Path(folder.strip()).glob("librustc-*_rt.asan.a")):
        pytest.skip("this Rust comes without its sanitizers")
    return {
        "CARGO_BUILD_TARGET": version.split("host: ")[1].split()[0],  # else flags hold for build scripts too
        "CARGO_TARGET_DIR": str(workspace.target.with_name("target_sanitized")),
        "RUSTC_BOOTSTRAP": "1",
        "RUSTFLAGS": "-Zsanitizer=address -Zub-checks=yes",
    }


def test_the_runtimes_own_tests_under_a_sanitizer(workspace: Workspace, sanitized: dict[str, str]) -> None:
    runtime = workspace.crates / "verilated_runtime"
    assert passed(workspace.cargo("test", "--lib", "--all-features", cwd=runtime, **sanitized)) >= 20


@slow
def test_crates_under_a_sanitizer(workspace: Workspace, sanitized: dict[str, str]) -> None:
    assert passed(workspace.cargo("test", "--no-fail-fast", **sanitized)) >= TESTS


def test_the_sanitizer_finds_what_is_wrong(tmp_path: Path, workspace: Workspace, sanitized: dict[str, str]) -> None:
    body = "fn main() { let x = Box::into_raw(Box::new(7)); unsafe { drop(Box::from_raw(x)); std::process::exit(*x) } }"
    folder = program(tmp_path, workspace, "verilated_runtime", body)
    result = workspace.cargo("run", cwd=folder, check=False, **sanitized)
    assert result.returncode != 0
    assert "AddressSanitizer: heap-use-after-free" in result.stderr, result.stderr


def program(tmp_path: Path, workspace: Workspace, crate: str, body: str) -> Path:
    """A Cargo project with one program and one crate."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.rs").write_text(body, encoding="utf-8")
    (tmp_path / "Cargo.toml").write_text(
        '[package]\nname = "program"\nversion = "0.1.0"\nedition = "2021"\n'
        f'[dependencies]\n{crate} = {{ path = "{workspace.crates / crate}" }}\n',
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("crate", "body", "wanted"),
    [
        (
            "verilated_adder",
            'fn main() { let _ = verilated_adder::Adder::new().unwrap().trace_vcd("a.vcd"); }',
            ["`Adder` can't write VCD waveforms", 'build the crate with `trace = "vcd"`'],
        ),
        (
            "verilated_adder",
            'fn main() { let _ = verilated_adder::Adder::builder().trace_fst("a.fst").build(); }',
            ["`Adder` can't write FST waveforms", 'build the crate with `trace = "fst"`'],
        ),
        (
            "verilated_adder",
            'fn main() { let _ = verilated_adder::Adder::new().unwrap().write_coverage("a"); }',
            ["`Adder` gathers no coverage"],
        ),
        (
            "verilated_adder",
            "fn main() { let _ = verilated_adder::Adder::new().unwrap().save(); }",
            ["no method named `save` found"],
        ),
        (
            "verilated_adder",
            "fn main() { let d = verilated_adder::Adder::new().unwrap(); std::thread::spawn(move || drop(d)); }",
            ["cannot be sent between threads safely"],
        ),
        (
            "verilated_adder",
            "fn sync<T: Sync>(_: &T) {} fn main() { sync(&verilated_adder::Adder::new().unwrap()); }",
            ["cannot be shared between threads safely"],
        ),
        (
            "verilated_adder",
            "fn main() { verilated_adder::Adder::new().unwrap().set_sum(1); }",
            ["no method named `set_sum` found"],
        ),
        (
            "verilated_kinds",
            "fn main() { verilated_kinds::Kinds::new().unwrap().set_i8(128); }",
            ["literal out of range for `i8`"],
        ),
    ],
)
def test_what_does_not_compile(tmp_path: Path, workspace: Workspace, crate: str, body: str, wanted: list[str]) -> None:
    result = workspace.cargo("check", cwd=program(tmp_path, workspace, crate, body), check=False)
    assert result.returncode != 0
    for part in wanted:
        assert part in result.stderr, result.stderr


@pytest.mark.skipif(not os.environ.get("FFI_CRATES"), reason="Bazel makes crates that write FST, with its zlib and lz4")
@pytest.mark.parametrize("features", [[], ["--features", "verilated_waves/dynamic"]], ids=["static", "dynamic"])
def test_fst_waveforms(tmp_path: Path, workspace: Workspace, features: list[str]) -> None:
    folder = program(tmp_path, workspace, "verilated_waves", "fn main() {}")
    (folder / "tests").mkdir()
    update(folder / "tests" / "fst.rs", (ROOT / "tests" / "rust" / "fst.rs").read_text(encoding="utf-8"))
    assert passed(workspace.cargo("test", *features, "--test", "fst", cwd=folder)) == 2


def test_a_crate_twice_in_one_program_is_cargos_error(tmp_path: Path, workspace: Workspace) -> None:
    folder = program(tmp_path, workspace, "verilated_adder", "fn main() {}")
    other = tmp_path / "other"
    other.mkdir()
    for path in sorted((workspace.crates / "verilated_adder").rglob("*")):
        if path.is_file():
            target = other / path.relative_to(workspace.crates / "verilated_adder")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    cargo = (other / "Cargo.toml").read_text(encoding="utf-8")
    cargo = cargo.replace('name = "verilated_adder"', 'name = "another_adder"')
    cargo = cargo.replace("../verilated_runtime", str(workspace.crates / "verilated_runtime"))
    (other / "Cargo.toml").write_text(cargo, encoding="utf-8")
    with (folder / "Cargo.toml").open("a", encoding="utf-8") as stream:
        stream.write('another_adder = { path = "other" }\n')
    result = workspace.cargo("check", cwd=folder, check=False)
    assert result.returncode != 0
    assert "verilated_adder_ffi" in result.stderr


def test_a_stale_library_is_refused(tmp_path: Path, workspace: Workspace) -> None:
    body = """
use verilated_adder::Adder;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    match Adder::new_from_path(path) {
        Ok(_) => println!("loaded"),
        Err(error) => println!("{error}"),
    }
}
"""
    folder = program(tmp_path, workspace, "verilated_adder", body)
    cargo = (folder / "Cargo.toml").read_text(encoding="utf-8").replace(" }\n", ', features = ["dynamic"] }\n')
    (folder / "Cargo.toml").write_text(cargo, encoding="utf-8")
    own = workspace.crates / "verilated_adder" / "libverilated_adder_ffi.so"
    assert workspace.cargo("run", "-q", "--", str(own), cwd=folder).stdout == "loaded\n"
    # Another model behind the same symbol.
    stale = tmp_path / "stale.so"
    other = workspace.crates / "verilated_events" / "libverilated_events_ffi.so"
    stale.write_bytes(other.read_bytes().replace(b"verilated_events_ffi_api", b"verilated_adder_ffi_api\0"))
    text = workspace.cargo("run", "-q", "--", str(stale), cwd=folder).stdout
    assert "can't load the model" in text, text
    text = workspace.cargo("run", "-q", "--", str(tmp_path / "none.so"), cwd=folder).stdout
    assert "none.so" in text
    assert "VERILATED_LIBRARY_PATH" in text
