"""Real cores from PyPI as two versions of themselves."""

from __future__ import annotations

import importlib.util
import os
import re
from pathlib import Path

from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.text.source import SourceText

VERSIONS = ("1.0.0", "2.0.0")


def root(package: str) -> Path | None:
    """The folder of an installed package's sources; None if it isn't installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "system_verilog"


def packages_first(files: list[Path]) -> list[Path]:
    """The files with packages in front, each after those that it uses."""
    texts = {f: re.sub(r"//.*", "", f.read_text("latin-1")) for f in files}
    home = {n: f for f, t in texts.items() for n in re.findall(r"^\s*package\s+(?:automatic\s+)?(\w+)", t, re.M)}
    done: list[Path] = []

    def add(file: Path, above: tuple[Path, ...]) -> None:
        if file in done or file in above:
            return
        for name in sorted(set(re.findall(r"\b(\w+)::", texts[file]))):
            if home.get(name, file) != file:
                add(home[name], (*above, file))
        done.append(file)

    for file in sorted(set(home.values())):
        add(file, ())
    return done + [f for f in files if f not in done]


def _core(
    name: str, version: str, base: Path, sources: list[Path], headers: list[Path], dirs: list[Path], *depends: str
) -> Core:
    def text(path: Path) -> SourceText:
        return SourceText(f"v{version[0]}/{os.path.relpath(path, base)}", path.read_bytes())

    return Core(
        CoreId(name, version),
        Language.SYSTEMVERILOG,
        "work",
        tuple(map(text, sources)),
        tuple(map(text, headers)),
        tuple(f"v{version[0]}/{os.path.relpath(d, base)}" for d in dirs),
        {},
        dict.fromkeys(depends, version),
    )


def ibex(base: Path) -> tuple[Core, ...]:
    """All of Ibex's rtl and its primitives."""
    ip = base / "vendor/lowrisc_ip/ip"
    prims = sorted((ip / "prim/rtl").glob("*.sv")) + sorted((ip / "prim_generic/rtl").glob("*.sv"))
    included = {"prim_assert.sv", "prim_flop_macros.sv"}
    dv = base / "vendor/lowrisc_ip/dv/sv/dv_utils"
    headers = [f for f in prims if f.name in included]
    headers += sorted((ip / "prim/rtl").glob("*.svh")) + sorted(dv.glob("*.svh"))
    prims = packages_first([f for f in prims if f.name not in included])
    rtl = packages_first(sorted((base / "rtl").glob("*.sv")))
    cores: list[Core] = []
    for v in VERSIONS:
        cores.append(_core("prim", v, base, prims, headers, [ip / "prim/rtl", dv]))
        cores.append(_core("ibex", v, base, rtl, [], [], "prim"))
    return tuple(cores)


def cv32e40p(base: Path) -> tuple[Core, ...]:
    """CV32E40P by its own file list; what its models include, and the list leaves out, are headers."""
    listed = []
    for line in (base / "cv32e40p_manifest.flist").read_text().splitlines():
        path = line.split("//")[0].strip().replace("${DESIGN_RTL_DIR}", "rtl")
        if path and not path.startswith("+") and (base / path).is_file():
            listed.append(Path(os.path.normpath(base / path)))
    sources = packages_first(listed)
    used = [*(base / "bhv").rglob("*.svh"), *(base / "rtl/include").rglob("*.svh")]
    headers = sorted(used)
    dirs = [base / "rtl/include", base / "bhv", base / "bhv/include", base / "sva"]
    return tuple(_core("cv32e40p", v, base, sources, headers, dirs) for v in VERSIONS)


def cva6(base: Path) -> tuple[Core, ...]:
    """CVA6 by its own file list, as three cores that depend on each other."""
    listed = []
    for line in (base / "Flist.ariane").read_text().splitlines():
        path = base / line.split("//")[0].strip()
        if line.strip() and not line.startswith(("+", "-")) and path.is_file():
            listed.append(path)
    headers = sorted(base.rglob("*.svh"))
    groups = {"common": "common", "apu": "corev_apu", "cva6": "core"}
    dirs = {
        "common": [base / "common/submodules/common_cells/include", base / "common/local/util"],
        "apu": [base / "corev_apu/register_interface/include", base / "corev_apu/axi/include"],
        "cva6": [base / "core/include"],
    }

    def within(paths: list[Path], group: str) -> list[Path]:
        return [p for p in paths if p.relative_to(base).parts[0] == groups[group]]

    return tuple(
        _core(n, v, base, packages_first(within(listed, n)), within(headers, n), dirs[n], *(set(groups) - {n}))
        for v in VERSIONS
        for n in groups
    )
