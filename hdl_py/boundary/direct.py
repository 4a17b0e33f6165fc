"""What a model's generated C++ offers to `Form.DIRECT`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hdl_py.boundary.clocks import act_triggers, first_iteration, has_clocks, loops, with_clocks, without_data
from hdl_py.boundary.hot import functions
from hdl_py.boundary.lazy import (
    Case,
    cases,
    class_triggers,
    follows_itself,
    waiting,
    with_quiet,
    with_silence,
    with_waits,
)
from hdl_py.boundary.link import with_link
from hdl_py.boundary.model import BoundarySet, Form
from hdl_py.boundary.parallel import LEAST, THREADS, Work, work
from hdl_py.boundary.sampling import with_hold
from hdl_py.boundary.scopes import restore
from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.contract.causes import Contract

VERSIONS = frozenset({(5, 48)})
"""Releases of Verilator whose generated names the direct form was written for and is tested with."""


@dataclass(frozen=True)
class Direct:
    """How one model can be evaluated by generated names.

    Attributes:
        words: 64-bit words of its trigger vector.
        loop: whether clocks made inside, by gates or registers, have triggers of their own, which are looked at
            before and after registers act.
        ico: whether logic follows its inputs without an event; with `loop`, that of clocks.
        hybrid: whether logic follows itself, so that it is run until it settles.
        act: whether clocks made inside need code of their own before registers act.
        lazy: the trigger of each class of inputs, where the model's logic waits for them (`hdl_py.boundary.lazy`).
        waiting: classes that some logic waits for, as bits.
        cases: functions of logic for what comes in nearly every cycle, by name.
        clocks: whether triggers have a function that looks at no event of data (`hdl_py.boundary.clocks`).
        first: the trigger that runs all logic of `ico`; None where it isn't known.
        work: what another thread does at an edge; None where the parent's has to.
        act_triggers: the triggers that set this code off, as bits.
        loops: variables through which logic follows itself, see `hdl_py.boundary.clocks.loops`.
        hot: whether edges and calls have functions beside the model's logic (`hdl_py.boundary.hot`).
    """

    words: int
    loop: bool = False
    ico: bool = False
    hybrid: bool = False
    act: bool = False
    lazy: tuple[int, ...] = ()
    waiting: int = 0
    cases: Mapping[str, Case] = field(default_factory=dict)
    clocks: bool = False
    first: int | None = None
    work: Work | None = None
    act_triggers: int = 0
    loops: tuple[tuple[str, str], ...] = ()
    hot: bool = False

    def base(self) -> int | None:
        """The trigger of the first class where the others follow it: a shift makes triggers of classes then."""
        first = self.lazy[0] if self.lazy else -1
        return first if first >= 0 and self.lazy == tuple(range(first, first + len(self.lazy))) else None


def find(one: BoundarySet, version: tuple[int, int], texts: Sequence[str]) -> Direct | None:
    """What the direct form may use, or None where the public API has to do.

    Args:
        one: a boundary in `Form.DIRECT`.
        version: of the Verilator that made the model.
        texts: the model's generated C++, headers included.
    """
    if one.form is not Form.DIRECT or one.contract.contract is not Contract.STEP or version not in VERSIONS:
        return None
    if not one.ordered:
        return None  # its stub is that of the public form
    if any(one.wants(setting) for setting in ("trace", "coverage")):
        return None  # what a full evaluation does for them would be left out
    text = "\n".join(texts)
    root = f"{one.prefix}___024root"
    words = re.search(r"VlUnpacked<QData/\*63:0\*/, (\d+)> __VnbaTriggered;", text)
    needed = [f"void {root}___{name}({root}* vlSelf)" for name in ("eval", "eval_nba", "eval_triggers_vec__act")]
    if words is None or any(signature not in text for signature in needed):
        return None
    if f"VlUnpacked<QData/*63:0*/, {words[1]}> __VactTriggered;" not in text:
        return None
    if not _plain(root, text):
        return None
    if re.search(r"_edge\(void\* \w+, svBit rise\b", text):
        return None  # a unit inside has the stub of the public form, which looks at both edges where it has resets
    ico = f"void {root}___eval_ico(" in text
    if ico and (f"bool {root}___eval_phase__ico({root}* vlSelf)" not in text or "__VicoFirstIteration" not in text):
        return None
    assert one.clock is not None
    own = {one.clock.name, *(lane.name for lane in one.events), *(f"upd_{k}" for k in range(len(one.classes)))}
    histories = re.findall(r"\b__Vtrigprevexpr_(\w+?)__\d+;", text)
    foreign = [h for h in histories if h.removeprefix("__TOP__") not in own]
    act = f"void {root}___eval_act(" in text
    loop = bool(foreign) or one.crossing or one.other_edge or act
    lazy = class_triggers(one, root, text) if words[1] == "1" and one.classes else None
    waits = waiting(one, text, lazy) if lazy else 0
    names = ("eval_nba", "eval_triggers_vec__act", "eval_act", "eval_phase__ico")
    alone = work(tuple(f"{root}___{name}" for name in names), text) if one.parallel else None
    if alone and alone.statements < LEAST and "threads=always" not in one.settings:
        alone = None
    clocks = loop and words[1] == "1" and has_clocks(one, texts)
    first = first_iteration(text) if "VlUnpacked<QData/*63:0*/, 1> __VicoTriggered;" in text else None
    return Direct(
        int(words[1]),
        loop,
        ico,
        loop and follows_itself(text),
        act,
        lazy or (),
        waits,
        {case.name: case for case in cases(one, text, lazy, waits)} if lazy else {},
        clocks,
        first,
        alone,
        act_triggers(root, text) if act else 0,
        loops(without_data(one, texts), text) if clocks else (),
        bool(lazy) and (clocks or not loop) and (first is not None or not ico) and not (alone or one.other_edge),
    )


def finished(
    one: BoundarySet, version: tuple[int, int], files: Mapping[str, str]
) -> tuple[dict[str, str], Direct | None]:
    """A harness's model as a boundary has it, and how it can be evaluated.

    Args:
        one: the boundary.
        version: of the Verilator that made the model.
        files: its C++ by name, headers included.

    Raises:
        HdlError: checks in its combinational logic can't wait for their inputs.
    """
    texts = [files[name] for name in sorted(files)]
    direct = find(one, version, texts)
    lazy = direct.lazy if direct else class_triggers(one, f"{one.prefix}___024root", "\n".join(texts))
    if one.quiet and not lazy:
        names = ", ".join(dict.fromkeys(lane.source for lane in one.acting))
        message = (
            f"{one.module.name} checks or prints in combinational logic that follows {names}, and its model can't "
            "be told to wait for them: it would do so with values that don't belong together"
        )
        fix = 'set compile = "merge" on its target; without assertions (asserts = False) there may be no such code'
        raise HdlError([Diagnostic(None, "unsettled-checks", message, fix)])
    made = {
        name: restore(with_silence(one, with_hold(one, text)), one).replace(THREADS, "0U")
        for name, text in files.items()
    }
    if one.ordered and one.form is Form.DIRECT:
        made = {
            n: with_link(one, text) if n.endswith(f"{one.prefix}___024root.h") else text for n, text in made.items()
        }
    if direct and direct.clocks and not direct.hot:
        made = {name: with_clocks(one, text) for name, text in made.items()}
    if direct and direct.lazy:
        also, more = tuple(direct.cases.values()), ""
        if direct.hot:
            also, more = (), functions(one, direct, without_data(one, files.values()) if direct.loop else "")
        made = {name: with_waits(one, text, made.values(), direct.lazy, also, more) for name, text in made.items()}
    elif one.quiet:
        made = {name: with_quiet(one, text, made.values(), lazy or ()) for name, text in made.items()}
    return made, direct


def _plain(root: str, text: str) -> bool:
    """Whether an evaluation is triggers and registers alone: nothing is sampled before or printed after them."""
    body = re.search(rf"^void {root}___eval\({root}\* vlSelf\) {{\n(.*?)^}}", text, re.S | re.M)
    if body is None:
        return False
    called = {name for name in re.findall(rf"{root}___(\w+)\(", body[1]) if not name.startswith("dump_triggers")}
    triggers = {"trigger_anySet__act", "trigger_clear__act", "trigger_orInto__act_vec_vec"}
    return called <= triggers | {"eval_phase__ico", "eval_phase__act", "eval_phase__nba"}
