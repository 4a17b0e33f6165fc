"""Full builds, edits and simulation speed of generated SoCs: Verilator with make, hierarchical, and this rule set.

    ./bazelw run //tests/benchmarks:soc_scale -- --units 8 --lines 3000
    ./bazelw run //tests/benchmarks:soc_scale -- --units 8 --units 64 --lines 250 --repeats 3 --svg /tmp/scale.svg
    ./bazelw run //tests/benchmarks:soc_scale -- --units 8 --lines 3000 --way make --way separate --threads 2

For each number of units a SoC is generated (soc_design.py) and built in these ways, one after the other, as often as
`--repeats` says; the best of each figure counts:

- `verilator + make`: one Verilator run over all files, then `make -j2` with its makefile, with a precompiled header;
- `verilator --hierarchical`: the same with a `hier_block` comment in every unit;
- `rules_sv`: a workspace whose units are verilated apart, through bazelw with a running server and no disk cache;
- `rules_sv, merged`: the same with --@rules_sv//rules:compile=merge.

`--threads N` adds `verilator + make` and `rules_sv` with simulators on N threads: parts of the one model, or units.

A full build makes all of the design: constants of every unit are new each time. The tools and Verilator's runtime
library are there before, in each of the ways. An edit changes one constant in one unit's body. CPU time is user and
system time of all processes: of make's as the kernel sums them up for wait4(2), of Bazel's as they stand in the
server's /proc/PID/stat, the server's own part and the client included. Memory is that of the largest process below
make or Bazel's server.

A simulation prints a digest of the checksum after every evaluation. Where these differ between ways the program
ends with an error and no figure is printed. Speeds are cycles by CPU time, which other programs on the machine leave
alone, and by wall time, which they don't; runs alternate, the best counts.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.soc_costs import CommandError, Cost, run
from tests.benchmarks.soc_design import Design, edited, make_design
from tests.benchmarks.soc_flows import Flow, Make, Rules
from tests.benchmarks.soc_report import plot, table


@dataclass
class Figures:
    """What one way took for one design.

    Attributes:
        full: a full build.
        edit: an edit of one constant.
        speed: simulated kilocycles in a second of CPU time.
        wall_speed: in a second of wall time.
    """

    full: Cost | None = None
    edit: Cost | None = None
    speed: float = 0.0
    wall_speed: float = 0.0
    digests: list[str] = field(default_factory=list)


def _simulate(flow: Flow, cycles: int) -> tuple[Cost, str]:
    cost, printed = run([[str(flow.program()), str(cycles)]], Path("/"), os.environ)
    return cost, printed.strip()


def _require_equal(results: dict[str, str], what: str) -> None:
    if len(set(results.values())) != 1:
        lines = "\n".join(f"  {name}: {digest}" for name, digest in results.items())
        raise CommandError(f"{what}: the simulations differ, so that no figure counts\n{lines}")


def _with_edit(design: Design, unit: int, number: int) -> Design:
    path = f"unit{unit}/unit{unit}_c0.sv"
    return Design(design.units, {**design.files, path: edited(design.files[path], number)})


def measure(
    flows: list[Flow], units: int, lines: int, repeats: int, edits: int, seconds: float, say: bool = True
) -> tuple[Design, dict[str, Figures]]:
    """Builds and simulates in every way.

    Args:
        flows: the ways.
        units: how many units.
        lines: of each.
        repeats: how often each full build.
        edits: how many edits after each of these.
        seconds: about how long each simulation runs.
        say: whether to print each figure as it comes.

    Raises:
        CommandError: a command failed, or simulations differ.
    """
    figures = {flow.name: Figures() for flow in flows}
    design = make_design(units, lines)
    for repeat in range(repeats):
        design = make_design(units, lines, seed=repeat)
        for flow in flows:
            flow.write(design)
            cost = flow.full()
            figures[flow.name].full = cost.best(figures[flow.name].full)
            _say(say, f"{units} units, {flow.name}: full {cost}")
        _require_equal({flow.name: _simulate(flow, 2000)[1] for flow in flows}, f"{units} units, full build")
        for number in range(edits):
            changed = _with_edit(design, units // 2, repeat * edits + number)
            for flow in flows:
                flow.write(changed)
                cost = flow.again()
                figures[flow.name].edit = cost.best(figures[flow.name].edit)
                _say(say, f"{units} units, {flow.name}: edit {cost}")
            _require_equal({flow.name: _simulate(flow, 2000)[1] for flow in flows}, f"{units} units, edit {number}")
    _speeds(flows, figures, seconds, max(3, repeats), say)
    return design, figures


def _speeds(flows: list[Flow], figures: dict[str, Figures], seconds: float, runs: int, say: bool) -> None:
    probe = 20_000
    cycles = max(probe, int(probe * seconds / max(0.01, _simulate(flows[0], probe)[0].cpu)))
    for _ in range(runs):
        digests = {}
        for flow in flows:
            cost, digests[flow.name] = _simulate(flow, cycles)
            found = figures[flow.name]
            found.speed = max(found.speed, cycles / cost.cpu / 1000)
            found.wall_speed = max(found.wall_speed, cycles / cost.wall / 1000)
        _require_equal(digests, f"{cycles} cycles")
    for flow in flows:
        found = figures[flow.name]
        _say(say, f"{flow.name}: {found.speed:.1f} kcycles/s of CPU time, {found.wall_speed:.1f} of wall time")


def _say(say: bool, text: str) -> None:
    if say:
        print(text, file=sys.stderr, flush=True)


_WAYS = ("make", "hierarchical", "separate", "merge")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verilator", required=True, help="verilator_bin")
    parser.add_argument("--verilator-root", required=True)
    parser.add_argument("--units", type=int, action="append", help="how many units; more than once to compare sizes")
    parser.add_argument("--lines", type=int, default=250, help="about how many lines each unit has")
    parser.add_argument("--repeats", type=int, default=3, help="full builds of each size")
    parser.add_argument("--edits", type=int, default=1, help="edits after each full build")
    parser.add_argument("--seconds", type=float, default=2.0, help="about how long each simulation runs")
    parser.add_argument("--way", action="append", choices=_WAYS, help="which ways; all by default")
    parser.add_argument("--threads", type=int, default=1, help="adds ways whose simulators have so many threads")
    parser.add_argument("--warm-up-cache", default="", help="a disk cache for the tools alone, before anything counts")
    parser.add_argument("--folder", help="where to build, not below /tmp; kept. A temporary folder by default")
    parser.add_argument("--svg", help="where to write the plot")
    parser.add_argument("--profile", help="where to write Bazel's profile of one more edit")
    return parser.parse_args()


def _flows(options: argparse.Namespace, folder: Path) -> list[Flow]:
    rules = Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", Path(__file__).resolve().parents[2]))
    verilator, root = Path(options.verilator).absolute(), Path(options.verilator_root).absolute()
    cache, made = options.warm_up_cache, list[Flow]()
    for way in options.way or _WAYS:
        if way in ("make", "hierarchical"):
            made.append(Make(folder / way, verilator, root, way == "hierarchical"))
        else:
            made.append(Rules(folder / way, rules, way == "merge", cache))
    if options.threads > 1:
        made.append(Make(folder / "make_threads", verilator, root, False, options.threads))
        made.append(Rules(folder / "separate_threads", rules, False, cache, options.threads))
    return made


def main() -> None:
    """Measures and prints the tables."""
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="soc_scale_", dir="/var/tmp", ignore_cleanup_errors=True) as scratch:
        flows: list[Flow] = []
        try:
            flows = _flows(options, Path(options.folder or scratch).absolute())
            every = {}
            for units in options.units or [8]:
                design, figures = measure(flows, units, options.lines, options.repeats, options.edits, options.seconds)
                every[units] = figures
                print(table(f"{units} units, {design.lines()} lines", figures), flush=True)
            for flow in flows:
                if options.profile and isinstance(flow, Rules):
                    flow.write(_with_edit(design, 0, 1000))
                    flow.profiled(Path(options.profile).with_suffix(f".{flow.folder.parent.name}.gz"))
        except CommandError as error:
            sys.exit(str(error))
        finally:
            for flow in flows:
                if isinstance(flow, Rules):
                    flow.stop()
        if options.svg:
            Path(options.svg).write_text(plot(every, options.lines), encoding="utf-8")


if __name__ == "__main__":
    main()
