"""What sv_separate gathers of a boundary, taken up again to verilate it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position

if TYPE_CHECKING:
    from hdl_py.boundary.model import BoundarySet

WRAPPER = "boundary_wrapper.cpp"


@dataclass(frozen=True)
class Gathered:
    """One parameter set of a gathered boundary.

    Attributes:
        one: the set.
        label: its unit's label.
        private_packages: the packages of `$unit` items in its texts.
        timescale: `unit/precision` for definitions that have none; may be empty.
    """

    one: BoundarySet
    label: str
    private_packages: tuple[str, ...]
    timescale: str


def read_boundary(folder: str, number: int) -> Gathered:
    """One parameter set of a gathered boundary.

    Raises:
        HdlError: the folder holds no such set.
    """
    from hdl_py.boundary.model import Form
    from hdl_py.boundary.proof import boundary_sets
    from hdl_py.sv.contract.model import contract_from_data

    path = Path(folder, "sets.json")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        one = said["sets"][number]
        contract = contract_from_data(one["contract"])
        interfaces = [(name, Path(folder, name).read_bytes()) for name in said["interfaces"]]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        message = f"there is no parameter set {number} of a boundary here ({type(error).__name__}: {error})"
        raise HdlError([Diagnostic(Position(str(path)), "bad-boundary", message)], EXIT_USAGE) from error
    parameters = tuple((str(n), str(v)) for n, v in one["parameters"])
    sets = boundary_sets(
        said["module"], interfaces, [contract], [parameters], Form(said["form"]), tuple(said["settings"])
    )
    return Gathered(sets[0], str(said["label"]), tuple(said["private_packages"]), str(said["timescale"]))


def with_wrapper(
    files: Mapping[str, bytes], one: BoundarySet, label: str, version: tuple[int, int]
) -> dict[str, bytes]:
    """A harness's model under the names that its module has in a parent, with the wrapper around it.

    Args:
        files: what Verilator wrote, by name.
        one: the boundary.
        label: its unit's.
        version: Verilator's.
    """
    from hdl_py.boundary.direct import finished
    from hdl_py.boundary.sampling import holds
    from hdl_py.boundary.snapshot import state_objects
    from hdl_py.boundary.sources import wrapper

    cpp = {
        name: data.decode("utf-8", "surrogateescape") for name, data in files.items() if name.endswith((".cpp", ".h"))
    }
    timed = label if any("VL_TIME_" in text for text in cpp.values()) else ""
    texts, direct = finished(one, version, cpp)
    made = {name: text.encode("utf-8", "surrogateescape") for name, text in texts.items()}
    text = wrapper(one, direct, timed, state_objects(one, cpp), holds(one, cpp.values()))
    return {**files, **made, WRAPPER: text.encode("utf-8", "surrogateescape")}
