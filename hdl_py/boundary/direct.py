"""What a model's generated C++ offers to `Form.DIRECT`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hdl_py.boundary.model import BoundarySet, Form
from hdl_py.sv.contract.causes import Contract

VERSIONS = frozenset({(5, 48)})
"""Releases of Verilator whose generated names the direct form was written for and is tested with."""


@dataclass(frozen=True)
class Direct:
    """How one model can be evaluated by generated names.

    Attributes:
        words: 64-bit words of its trigger vector.
        phases: those of `act`, `ico` and `nba` that it has.
    """

    words: int
    phases: tuple[str, ...]


def find(one: BoundarySet, version: tuple[int, int], texts: Iterable[str]) -> Direct | None:
    """What the direct form may use, or None where the public API has to do.

    Args:
        one: a boundary in `Form.DIRECT`.
        version: of the Verilator that made the model.
        texts: the model's generated C++, headers included.
    """
    if one.form is not Form.DIRECT or one.contract.contract is not Contract.STEP or version not in VERSIONS:
        return None
    if any(setting.partition("=")[0] in ("trace", "threads", "coverage") for setting in one.settings):
        return None  # what a full evaluation does for them would be left out
    text = "\n".join(texts)
    root = f"{one.prefix}___024root"
    words = re.search(r"VlUnpacked<QData/\*63:0\*/, (\d+)> __VnbaTriggered;", text)
    needed = [f"void {root}___{name}({root}* vlSelf)" for name in ("eval", "eval_nba", "eval_triggers_vec__act")]
    if words is None or any(signature not in text for signature in needed):
        return None
    if f"VlUnpacked<QData/*63:0*/, {words[1]}> __VactTriggered;" not in text:
        return None
    phases = tuple(p for p in ("act", "ico", "nba") if f"bool {root}___eval_phase__{p}({root}* vlSelf)" in text)
    if "nba" not in phases or ("ico" in phases and "__VicoFirstIteration" not in text):
        return None
    assert one.clock is not None
    own = {one.clock.name, *(lane.name for lane in one.events), "upd_l", "upd_e", "upd_q"}
    histories = re.findall(r"\b__Vtrigprevexpr_(\w+?)__\d+;", text)
    foreign = [h for h in histories if h.removeprefix("__TOP__") not in own]
    if foreign or one.contract.settle:
        return None  # a clock made inside: its trigger can't be told from the harness's events
    return Direct(int(words[1]), phases)
