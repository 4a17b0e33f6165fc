"""One crate on its way: its files, what Verilator makes of its module, what the compiler makes of that."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from hdl_py.verilated.crate import CrateSources, render_lines
from hdl_py.verilated.manifest import module_text
from hdl_py.verilated.names import library_file, library_stem
from hdl_py.verilated.request import CratePlan
from tools.ffi_native import (
    Toolchain,
    VerilateInputs,
    archive,
    compile_model,
    files_read,
    shared_library,
    verilate,
)

RECORD = "build/verilated/inputs.json"
"""What a crate's native part was made of."""


@dataclass(frozen=True)
class BuildOptions:
    """Where and how to build.

    Attributes:
        base: the folder that the request's paths are relative to.
        out: gets one folder a crate, the runtime crate and the manifest.
        cache: where the compiled runtime is kept; None for nowhere.
        static: whether archives are shipped.
        dynamic: whether shared libraries are shipped.
    """

    base: Path
    out: Path
    cache: Path | None = None
    static: bool = True
    dynamic: bool = True


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def shown_source(source: str) -> str:
    """Where a source stands in the crate: below rtl/, never outside it."""
    parts = [part for part in Path(source).parts if part not in ("..", "/", os.sep)]
    return "/".join(["rtl", *parts])


@dataclass(frozen=True)
class CrateJob:
    """One crate to build.

    Attributes:
        plan: which crate, and the request for it.
        made: its generated sources.
        toolchain: what to use.
        options: where and how.
        runtime_key: what stands for the runtime, which the shared library holds.
    """

    plan: CratePlan
    made: CrateSources
    toolchain: Toolchain
    options: BuildOptions
    runtime_key: str

    @property
    def folder(self) -> Path:
        """Where the crate is made, before it is put in its place.

        A fixed name: what Verilator writes holds the path of the module around the top.
        """
        return self.options.out / f".{self.plan.crate}.partial"

    @property
    def final(self) -> Path:
        """The crate's place."""
        return self.options.out / self.plan.crate

    @property
    def _generated(self) -> Path:
        return self.folder / "build" / "cpp"

    @property
    def _sources(self) -> list[str]:
        return [source for unit in self.plan.request.units for source in unit.sources]

    def stage(self) -> None:
        """Lays out the crate's files; takes over what an earlier run compiled, or runs Verilator.

        Raises:
            HdlError: Verilator failed.
        """
        shutil.rmtree(self.folder, ignore_errors=True)
        for path, text in self.made.files.items():
            self._write(path, text)
        self._write("module.json", module_text(self.made.module, sys.platform))
        self._write("src/lines.cpp", render_lines(self.plan.crate, []))
        for source in self._sources:
            target = self.folder / shown_source(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.options.base / source, target)
        if not self._reuse():
            self._verilate()

    def _write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    def _key(self) -> str:
        """Everything but the files that Verilator reads that decides about the native part."""
        made, options = self.made, self.options
        parts = [made.files["src/wrapper.cpp"], made.files.get(made.adapter, ""), made.verilate]
        parts += [repr(self.plan.request.identity), self.toolchain.identity, self.runtime_key]
        parts.append(repr((options.static, options.dynamic)))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _reuse(self) -> bool:
        try:
            record = json.loads((self.final / RECORD).read_text(encoding="utf-8"))
            files = record["files"].items()
            same = record["key"] == self._key() and all(digest(self.options.base / f) == d for f, d in files)
            products = [self.final / name for name in record["products"]]
        except (OSError, ValueError, KeyError):
            return False
        if not same or not all(path.is_file() for path in products):
            return False
        for name in [*record["products"], RECORD]:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.final / name, self.folder / name)
        return True

    def _verilate(self) -> None:
        request = self.plan.request
        self._write("build/verilated/verilate.f", self.made.verilate)
        sources = self._sources
        if self.made.adapter:
            sources.append(os.path.relpath(self.folder / self.made.adapter, self.options.base))
        inputs = VerilateInputs(
            base=self.options.base,
            sources=tuple(sources),
            include_dirs=tuple(dict.fromkeys(d for unit in request.units for d in unit.include_dirs)),
            defines=tuple(dict.fromkeys(d for unit in request.units for d in unit.defines)),
            argument_file=self.folder / "build/verilated/verilate.f",
            model_class=f"V{self.plan.crate}",
            features=request.features,
            options=request.verilator_options,
        )
        printed = verilate(self.toolchain, inputs, self._generated)
        if printed:
            print(printed, end="", file=sys.stderr)
        # The module around the top is part of the key. Names from `line` directives may be no files.
        named = {*self._sources, *files_read(self._generated, inputs.model_class)}
        own = {self.made.adapter, sources[-1]} if self.made.adapter else set()
        read = sorted(file for file in named - own if (self.options.base / file).is_file())
        record = {"key": self._key(), "files": {f: digest(self.options.base / f) for f in read}, "products": []}
        self._write(RECORD, json.dumps(record))

    def compile(self, runtime: Path) -> None:
        """Compiles and links what `stage` left to be compiled.

        Raises:
            HdlError: the compiler failed.
        """
        if not self._generated.is_dir():
            return
        request, crate, options = self.plan.request, self.plan.crate, self.options
        own = [self.folder / "src" / name for name in ("wrapper.cpp", "lines.cpp")]
        objects = compile_model(self.toolchain, crate, self._generated, own, request.features)
        shutil.rmtree(self._generated)
        library = library_stem(crate)
        native = self.folder / "build" / "verilated"
        static = native / f"lib{library}.a"
        archive(self.toolchain, [(f"{library}_{i}.o", data) for i, data in enumerate(objects)], static)
        products = [native / "verilate.f"]
        if options.dynamic:
            fst = self.toolchain.fst_libs if request.features.trace == "fst" else ()
            target = self.folder / library_file(crate, sys.platform)
            shared_library(self.toolchain, static, runtime, f"{crate}_ffi_api", fst, target)
            products.append(target)
        if options.static:
            self._write("build/verilated/link.txt", f"static={library}\n")
            products += [static, native / "link.txt"]
        else:
            static.unlink()
        record = json.loads((self.folder / RECORD).read_text(encoding="utf-8"))
        record["products"] = [path.relative_to(self.folder).as_posix() for path in products]
        self._write(RECORD, json.dumps(record, indent=1) + "\n")

    def place(self) -> None:
        """Puts the crate in its place."""
        replace_folder(self.folder, self.final)

    def clean(self) -> None:
        """Removes what is unfinished."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def replace_folder(made: Path, final: Path) -> None:
    """Puts a folder in its place; one with the same contents stays, so that Cargo sees no change."""
    if final.is_dir() and _contents(made) == _contents(final):
        return
    shutil.rmtree(final, ignore_errors=True)
    made.replace(final)
