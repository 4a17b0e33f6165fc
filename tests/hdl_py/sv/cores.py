"""Real cores as compilation units: one unit a file, the dependencies declared file by file."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hdl_py.sv.definitions import definitions, references
from hdl_py.sv.syntax import parse
from hdl_py.sv.tokens import TokenStream, tokenize
from hdl_py.sv.unit import Request, Result, check_sources, compile_unit
from hdl_py.text.source import SourceText
from tests.hdl_py.sv.running import preprocessor


@dataclass(frozen=True)
class Core:
    """A core's files, as paths in the working directory.

    Attributes:
        files: the units.
        headers: what they may include.
        includes: folders searched for headers.
        defines: macros of every unit.
        waive: checks that a file waives.
    """

    files: tuple[str, ...]
    headers: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    waive: dict[str, tuple[str, ...]] = field(default_factory=dict)


def installed(package: str) -> Path:
    """The folder of an installed package of sources."""
    found = importlib.util.find_spec(package)
    assert found is not None, f"this test needs the package {package}"
    assert found.origin is not None
    return Path(found.origin).parent


def _copied(package: str, name: str) -> Path:
    """The sources of a package under a short relative path."""
    shutil.copytree(installed(package) / "system_verilog", name, symlinks=False, dirs_exist_ok=True)
    return Path(name)


def _texts(paths: Iterator[Path], without: Sequence[str] = ()) -> list[str]:
    return sorted(str(p) for p in paths if not any(part in str(p) for part in without))


def ibex() -> Core:
    """Ibex and those of its primitives whose packages are shipped with it."""
    root = _copied("pythondata_cpu_ibex", "ibex")
    prim = root / "vendor/lowrisc_ip/ip/prim/rtl"
    generic = root / "vendor/lowrisc_ip/ip/prim_generic/rtl"
    # The vendor's generator makes prim_buf and so on from the generic ones.
    made = Path("made")
    made.mkdir()
    for path in generic.glob("*.sv"):
        name = path.name.replace("prim_generic_", "prim_")
        (made / name).write_text(path.read_text().replace("prim_generic_", "prim_"))
    # These need packages of other OpenTitan blocks, or include nothing though they use macros of prim_assert.
    absent = ("lc_", "edn_req", "flash", "prim_otp.sv", "pulse_sync", "intr_hw", "clock_meas", "reg_cdc", "assert")
    files = [
        *_texts((root / "rtl").glob("*.sv")),
        *_texts(prim.glob("*.sv"), (*absent, "macros")),
        *_texts(made.glob("*.sv"), absent),
    ]
    macros = root / "vendor/lowrisc_ip/dv/sv/dv_utils"
    headers = [*_texts(prim.glob("*.svh")), *_texts(macros.glob("*.svh"))]
    headers += [str(prim / "prim_assert.sv"), str(prim / "prim_flop_macros.sv")]
    trap = ("unknown-definition",)  # A module that doesn't exist stands where a bad configuration ends.
    return Core(
        tuple(files),
        tuple(headers),
        (str(prim), str(macros)),
        ("RVFI",),
        {"prim_pad_attr.sv": trap, "prim_pad_wrapper.sv": trap},
    )


def cv32e40p() -> Core:
    """CV32E40P with its floating-point unit, its behavioural wrapper and the libraries that it ships."""
    root = _copied("pythondata_cpu_cv32e40p", "cv32")
    vendor = root / "rtl/vendor"
    cells = vendor / "pulp_platform_common_cells"
    files = [
        *_texts((root / "rtl/include").glob("*.sv")),
        *_texts((root / "rtl").glob("*.sv")),
        str(root / "bhv/cv32e40p_sim_clock_gate.sv"),
        str(root / "bhv/cv32e40p_tb_wrapper.sv"),
        *_texts((vendor / "pulp_platform_fpnew").glob("**/*.sv")),
        *_texts((vendor / "pulp_platform_fpnew").glob("**/*.v")),
        *_texts((cells / "src").glob("**/*.sv")),
    ]
    # Cells that every technology library has in its own way.
    Path("technology.sv").write_text(TECHNOLOGY)
    files.append("technology.sv")
    headers = _texts((cells / "include").glob("**/*.svh"))
    behaviour = ["include", "", "../sva"]
    headers += [p for f in behaviour for p in _texts((root / "bhv" / f).glob("*.sv*")) if p not in files]
    # `include of the vendor's own FPU headers, by bare name.
    headers += _texts((vendor / "pulp_platform_fpnew").glob("**/*.h"))
    folders = sorted({str(Path(h).parent) for h in headers})
    return Core(
        tuple(files),
        tuple(headers),
        (str(cells / "include"), *folders),
        (),
        # Blocks that the vendor left out of this delivery, in generate branches that are never taken.
        {"cv32e40p_core.sv": ("unknown-definition",), "fpnew_divsqrt_multi.sv": ("unknown-definition",)},
    )


def cv32e40p_debug() -> Core:
    """The debug module that CV32E40P ships."""
    core = cv32e40p()
    cells = [f for f in core.files if "common_cells" in f or f == "technology.sv"]
    debug = Path("cv32/rtl/riscv-dbg")
    files = [*_texts((debug / "debug_rom").glob("*.sv")), *_texts((debug / "src").glob("*.sv")), *cells]
    return replace(core, files=tuple(files))


def cv32e40p_second_fpu() -> Core:
    """The other copy of the floating-point unit that CV32E40P ships; its names are those of the first."""
    core = cv32e40p()
    kept = ("common_cells", "technology", "fpu_div_sqrt", "opene906")
    files = [*_texts(Path("cv32/rtl/fpnew/src").glob("*.sv")), *(f for f in core.files if any(k in f for k in kept))]
    return replace(core, files=tuple(files))


def cv32e40p_testbench() -> Core:
    """The testbench of CV32E40P around it."""
    core = cv32e40p()
    # Its copy of the FPU's wrapper names parameters that its package has lost.
    files = _texts(Path("cv32/example_tb/core").glob("**/*.sv"), ("fp_wrapper",))
    return replace(core, files=(*files, *core.files), includes=(*core.includes, "cv32/example_tb/core/include"))


TECHNOLOGY = """\
module pulp_clock_gating(input logic clk_i, en_i, test_en_i, output logic clk_o);
  assign clk_o = clk_i & en_i;
endmodule
module cluster_clock_gating(input logic clk_i, en_i, test_en_i, output logic clk_o);
  assign clk_o = clk_i & en_i;
endmodule
module pulp_clock_inverter(input logic clk_i, output logic clk_o); assign clk_o = ~clk_i; endmodule
module pulp_clock_xor2(input logic clk0_i, clk1_i, output logic clk_o); assign clk_o = clk0_i ^ clk1_i; endmodule
module pulp_clock_mux2(input logic clk0_i, clk1_i, clk_sel_i, output logic clk_o);
  assign clk_o = clk_sel_i ? clk1_i : clk0_i;
endmodule
"""


def cva6_packages() -> Core:
    """The packages of CVA6 for one of its configurations."""
    root = _copied("pythondata_cpu_cva6", "cva6")
    files = _texts(root.glob("**/*pkg*.sv"), ("/tb", "/test", "verif", "deprecated", "_config_pkg"))
    files += [str(root / "core/include/cv64a6_imafdc_sv39_config_pkg.sv")]
    headers = _texts(root.glob("**/*.svh"))
    return Core(tuple(files), tuple(headers), (str(root / "common/submodules/common_cells/include"),))


def compile_core(core: Core) -> dict[str, Result]:
    """Every unit of a core, dependencies first.

    Raises:
        HdlError: a unit that breaks a rule.
    """
    tool = preprocessor()
    sources = {p: SourceText(p, Path(p).read_bytes()) for p in (*core.files, *core.headers)}
    check_sources(list(sources.values()))
    folders = list(dict.fromkeys((*core.includes, *(str(Path(f).parent) for f in core.files))))
    streams = {f: tokenize(tool.run([f], folders, core.defines), sources) for f in core.files}
    deps = _dependencies(streams)
    order: dict[str, None] = {}

    def place(file: str) -> None:
        for other in sorted(deps[file]):
            if other not in order:
                place(other)
        order.setdefault(file)

    for file in core.files:
        place(file)
    results: dict[str, Result] = {}
    for file in order:
        below: dict[str, None] = {}
        _below(file, deps, below)
        label = f"//core:{file}"
        request = Request(
            label=label,
            kind="library",
            standard="1800-2023",
            srcs=(file,),
            hdrs=core.headers,
            deps={f"//core:{d}": results[d].unit for d in sorted(deps[file])},
            interfaces={d: results[d].interface for d in below},
            interface_labels={d: f"//core:{d}" for d in below},
            waived=core.waive.get(Path(file).name, ()),
            exports=tuple(n for n, f in _owners(streams).items() if f == file),
        )
        results[file] = compile_unit(request, [streams[file]], sources)
    return results


def _owners(streams: dict[str, TokenStream]) -> dict[str, str]:
    if not hasattr(_owners, "last") or _owners.last[0] is not streams:
        owners: dict[str, str] = {}
        for file, stream in streams.items():
            for definition in definitions(parse(stream)):
                owners.setdefault(definition.name, file)
        _owners.last = (streams, owners)  # type: ignore[attr-defined]
    found: dict[str, str] = _owners.last[1]  # type: ignore[attr-defined]
    return found


def _dependencies(streams: dict[str, TokenStream]) -> dict[str, set[str]]:
    """What a person would write into `deps`: the files that define what a file mentions."""
    owners = _owners(streams)
    out: dict[str, set[str]] = {}
    for file, stream in streams.items():
        unit = parse(stream)
        names: set[str] = set()
        for member in unit.tree.root.members:
            found = references(unit, member)
            for where in (found.packages, found.instances, found.interfaces, found.types, found.targets):
                names.update(where)
        out[file] = {owners[n] for n in names if n in owners} - {file}
    return out


def _below(file: str, deps: dict[str, set[str]], out: dict[str, None]) -> None:
    for other in sorted(deps[file]):
        if other not in out:
            _below(other, deps, out)
            out[other] = None
