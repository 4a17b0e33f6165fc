"""Elaboration of the design before and after a rename, compared instance by instance.

Two versions of a core can't be elaborated together before the rename. So each core
whose dependencies hold one version of everything is elaborated with them, before and
after, and must give the same instances, parameters, ports, hierarchical references and
messages. The whole design is then elaborated after the rename: it may have no message
of its own, and every instance must come from the core that its parent's depends lead to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from hdl_py.mangle.model import Core, CoreId, Kind, Plan, Refusal
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences_elaborate import Elaboration, Elaborator, Instance, Message
from hdl_py.sv.occurrences_parse import SourceFile
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText

_TOPS = frozenset({Kind.MODULE, Kind.PROGRAM, Kind.INTERFACE})
_MISSING = frozenset({"UnknownPackage", "UnknownClassOrPackage"})
_QUOTED = re.compile(r"'([^']+)'")
_OF_THE_WHOLE = frozenset({"MissingTimeScale"})
"""Errors that a core can have only together with others, whatever the names."""


def compare_designs(
    before: tuple[Core, ...],
    after: tuple[Core, ...],
    plan: Plan,
    *,
    references: bool = True,
    files: dict[SourceText, SourceFile] | None = None,
) -> tuple[Refusal, ...]:
    """Causes why the output doesn't mean what the input does; empty if it does.

    Args:
        before, after: the design.
        plan: what was renamed.
        references: whether hierarchical references are compared.
        files: raw views that are known already.
    """
    old = {new: d.name for d, new in plan.renames.items()}
    first, second = Elaborator(before, {}, files), Elaborator(after, old, files)
    refusals: list[Refusal] = []
    missing: dict[Message, str] = {}
    known: set[tuple[str, CoreId, str, int]] = set()
    together = universes(before)
    everything = frozenset(c.id for c in before)
    for ids in (*together, *slices(before)):
        if name := first.endless(ids):
            return (_recursion(ids, name),)
    # A loop that nothing instantiates is none, until the rename puts something above it.
    for ids in (*together, everything):
        if first.may_loop(ids) and (name := second.endless(ids)):
            return (_recursion(ids, second.old(name)),)
    for ids in together:
        one = first.elaborate(ids, references=references)
        two = second.elaborate(ids, _tops_after(one, ids, plan), references=references)
        refusals += _differences(one, two)
        known |= {(m.code, m.core, m.file, m.line) for m in one.messages}
        missing.update({m: text for m, text in two.texts.items() if m.code in _MISSING})
    alone = {i for ids in together for i in ids}
    for ids in slices(before) if any(c.id not in alone for c in before) else ():
        one = first.elaborate(ids, references=False)
        known |= {(m.code, m.core, m.file, m.line) for m in one.messages}
    whole = second.elaborate(everything, references=False)
    for m, text in whole.texts.items():
        if (m.code, m.core, m.file, m.line) not in known and m.code not in _OF_THE_WHOLE:
            refusals.append(_refusal(m, f"the rewritten design has an error that the input has not: {text}"))
    refusals += _misrouted(whole, before)
    refusals += _found_elsewhere(missing, whole, before)
    return tuple(refusals)


def _recursion(ids: Iterable[CoreId], name: str) -> Refusal:
    message = f"'{name}' is instantiated in itself without end, so the design can't be compared"
    return Refusal.at("recursion", min(ids), None, name, f"{message}; end the recursion by a parameter")


def _tops_after(one: Elaboration, ids: Iterable[CoreId], plan: Plan) -> tuple[str, ...]:
    """The tops' new names.

    They are fixed, since slang takes a module for instantiated if a nested module of its
    name is; the rename ends that.
    """
    new = {(d.core, d.name): text for d, text in plan.renames.items() if d.kind in _TOPS}
    found = []
    for path, name in one.tops:
        core = one.instances[path].core if path in one.instances else None
        found.append(new.get((core, name), name) if core is not None else name)
    # slang takes what stands before a dot for a library.
    return () if any("." in name for name in found) else tuple(found)


def universes(cores: tuple[Core, ...]) -> list[frozenset[CoreId]]:
    """Sets of cores that hold one version of each core and all their dependencies; largest only."""
    by_id = {c.id: c for c in cores}
    closed = sorted(({c.id, *(r.id for r in reach(c, by_id))} for c in cores), key=lambda s: (-len(s), sorted(s)))
    out: list[frozenset[CoreId]] = []
    for ids in closed:
        if len({i.name for i in ids}) == len(ids) and not any(ids <= other for other in out):
            out.append(frozenset(ids))
    return out


def slices(cores: tuple[Core, ...]) -> list[frozenset[CoreId]]:
    """The whole design with one version of each core, for each place in the order of versions."""
    versions: dict[str, list[CoreId]] = {}
    for core in cores:
        versions.setdefault(core.id.name, []).append(core.id)
    most = max((len(v) for v in versions.values()), default=1)
    if most == 1:
        return []
    return [frozenset(v[min(n, len(v) - 1)] for v in versions.values()) for n in range(most)]


def _differences(one: Elaboration, two: Elaboration) -> list[Refusal]:
    refusals = []
    for path in sorted(one.instances.keys() | two.instances.keys()):
        a, b = one.instances.get(path), two.instances.get(path)
        if a != b:
            at = (a or b).core  # type: ignore[union-attr]
            refusals.append(
                Refusal.at(
                    "verify",
                    at or CoreId("", ""),
                    None,
                    path,
                    f"instance '{path}' is {_show(a)} before and {_show(b)} after the rewrite",
                )
            )
    for core, file, line, target in sorted((one.references - two.references).keys()):
        refusals.append(
            Refusal.at(
                "verify",
                core,
                Position(file, line, 1),
                target,
                f"a hierarchical name leads to '{target}' before the rewrite and elsewhere after it",
            )
        )
    for core, file, line, text in sorted((one.type_names - two.type_names).keys()):
        message = f"`$typename` gives '{text}' here, and the rename would change it; compare types by type(…), or"
        refusals.append(Refusal.at("type-name", core, Position(file, line, 1), text, f"{message} print a string"))
    for m in sorted((two.messages - one.messages).keys(), key=lambda m: (m.core, m.file, m.line)):
        text = two.texts.get(m, m.code)
        refusals.append(_refusal(m, f"only the rewritten design has slang's message: {text}"))
    for m in sorted((one.messages - two.messages).keys(), key=lambda m: (m.core, m.file, m.line)):
        refusals.append(_refusal(m, f"only the original design has slang's message {m.code}"))
    return refusals


def _show(instance: Instance | None) -> str:
    if instance is None:
        return "missing"
    return f"a {instance.definition} of {instance.core} ({', '.join(instance.values)})"


def _refusal(m: Message, text: str) -> Refusal:
    return Refusal.at("verify", m.core, Position(m.file, m.line, 1), "", f"{text} ({m.code})")


def _found_elsewhere(missing: Mapping[Message, str], whole: Elaboration, before: tuple[Core, ...]) -> list[Refusal]:
    """Packages that a core with its dependencies lacks, and that the whole design has in some version."""
    refusals = []
    for m, text in missing.items():
        quoted = _QUOTED.search(text)
        owner = whole.packages.get(quoted.group(1)) if quoted else None
        if owner is not None and m not in whole.messages and _versions(before, owner) > 1:
            refusals.append(
                Refusal.at(
                    "undeclared-dependency",
                    m.core,
                    Position(m.file, m.line, 1),
                    quoted.group(1) if quoted else "",
                    f"{m.core} would find this package in {owner}, which it doesn't depend on; "
                    f'add "{owner.name}": "{owner.version}" to its "depends", or define the package',
                )
            )
    return refusals


def _versions(cores: tuple[Core, ...], core: CoreId) -> int:
    """How many versions of a core there are."""
    return sum(c.id.name == core.name for c in cores)


def _misrouted(whole: Elaboration, before: tuple[Core, ...]) -> list[Refusal]:
    """Instances whose definition isn't of a core that the parent's core depends on."""
    by_id = {c.id: c for c in before}
    sees = {c.id: {c.id, *(r.id for r in reach(c, by_id))} for c in before}
    refusals = []
    for i in whole.instances.values():
        if i.parent is None or i.core is None or i.parent not in sees:
            continue
        wanted = by_id[i.parent].depends.get(i.core.name)
        wrong_version = wanted is not None and i.core.version != wanted and i.core != i.parent
        if (i.core not in sees[i.parent] or wrong_version) and _versions(before, i.core) > 1:
            refusals.append(
                Refusal.at(
                    "undeclared-dependency",
                    i.parent,
                    None,
                    i.definition,
                    f"'{i.path}' in {i.parent} would be the '{i.definition}' of {i.core}, "
                    f'which {i.parent} doesn\'t depend on; add it to "depends"',
                )
            )
    return refusals
