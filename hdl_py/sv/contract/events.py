"""Judges events: how many clocks there are, and which events come too late."""

from __future__ import annotations

from hdl_py.sv.contract.analysis import Trigger
from hdl_py.sv.contract.bits import Deps
from hdl_py.sv.contract.clocks import Origin
from hdl_py.sv.contract.items import Edge
from hdl_py.sv.contract.judging import Judge


def _prints(trigger: Trigger) -> bool:
    """Whether the started item does nothing but tell the world something."""
    item = trigger.item
    silent = item.samples or item.child is not None or item.run is None or item.mentions.writes
    return not silent and all(e.code in ("output", "time") for e in item.effects)


def judge_events(state: Judge) -> None:
    triggers = state.analysis.triggers
    other = _other_prints(state)
    for trigger in triggers:
        if trigger in other:
            continue
        source = trigger.source
        for var, mask in source.inputs.items():
            for bit in range(mask.bit_length()):
                if not mask >> bit & 1:
                    continue
                if trigger.reset:
                    state.resets.setdefault((var, bit), set()).add(_reset_edge(trigger))
                else:
                    state.clocks.setdefault((var, bit), {}).setdefault(trigger.edges(), trigger)
    _count_clocks(state)
    for trigger in triggers:
        _hazards(state, trigger)


def _other_prints(state: Judge) -> list[Trigger]:
    """Events that only print, at the other edge of a clock: they need an evaluation there, and no more."""
    found = [t for t in state.analysis.triggers if not t.reset and t.source.origin in (Origin.INPUT, Origin.GATE)]
    used = {(t.edges(), *t.source.inputs.items()) for t in found if not _prints(t)}
    out = []
    for trigger in found:
        edge, clock = trigger.edge(), tuple(trigger.source.inputs.items())
        at_other = edge is not Edge.BOTH and (edge.reversed(), *clock) in used and (edge, *clock) not in used
        if at_other and _prints(trigger):
            out.append(trigger)
    state.other_edge = bool(out)
    return out


def _reset_edge(trigger: Trigger) -> Edge:
    return trigger.edges() if trigger.source.origin is Origin.INPUT else Edge.BOTH


def _count_clocks(state: Judge) -> None:
    """One clock with one edge, or the reason why not."""
    logic: set[tuple[int, int]] = set()
    for edges in state.clocks.values():
        for trigger in edges.values():
            source = trigger.source
            if source.origin is Origin.LOGIC:
                text = f"the event of the {trigger.item.what} follows logic of {state.bits(source.inputs)}"
                state.cause("derived-clock", trigger.event.location, f"{text}: each of them is a clock")
                logic |= {(v, b) for v, m in source.inputs.items() for b in range(m.bit_length()) if m >> b & 1}
    plain = {key: edges for key, edges in state.clocks.items() if key not in logic}
    first = ""
    for (var, bit), edges in plain.items():
        name = state.bits({var: 1 << bit})
        found = list(edges.values())
        if first:
            state.cause("several-clocks", found[0].event.location, f"{name} is a clock beside {first}")
        first = first or name
        if len(edges) > 1 or Edge.BOTH in edges:
            state.cause("both-edges", found[-1].event.location, f"both edges of {name} are used")
    for var, bit in state.clocks:
        if (var, bit) in state.resets:
            where = next(iter(state.clocks[var, bit].values())).event.location
            name = state.bits({var: 1 << bit})
            state.cause("several-clocks", where, f"{name} is a clock here and an asynchronous reset elsewhere")


def _sampled(state: Judge, trigger: Trigger, reads: Deps) -> dict[int, int]:
    """The inputs that a process samples at an event."""
    sets = state.analysis.sets
    sampled = dict(sets.bits(sets.of(reads)))
    # A reset is passed on by itself when it changes. Registers of the unit come before even that.
    for var, bit in () if trigger.source.registers else state.resets:
        if var in sampled:
            sampled[var] &= ~(1 << bit)
    return {v: m for v, m in sampled.items() if m}


def _hazards(state: Judge, trigger: Trigger) -> None:
    """Events that come later than the inputs they sample, or that sample inputs at no clock edge."""
    source = trigger.source
    gate = source.origin in (Origin.INPUT, Origin.GATE)
    if gate and not trigger.reset:
        return
    if source.origin is Origin.LOGIC and source.registers and not trigger.reset:
        state.cause("racing-clock", trigger.event.location, f"the event of the {trigger.item.what}")
    # What it may read at all is known; most processes follow no input, and need not be run again for this event.
    if not _sampled(state, trigger, trigger.item.reads):
        return
    sampled = _sampled(state, trigger, state.analysis.reads_at(trigger))
    if not sampled:
        return
    text = f"the {trigger.item.what} samples {state.bits(sampled)}"
    if source.registers or source.origin is Origin.GATE:
        state.cause("late-clock", trigger.event.location, text)
    elif trigger.reset:
        if any(state.clocks.get((v, b)) for v, m in sampled.items() for b in range(m.bit_length()) if m >> b & 1):
            state.cause("clock-as-data", trigger.event.location, text)
        else:
            state.cause("asynchronous-load", trigger.event.location, f"{text} at an event that is no clock edge")
