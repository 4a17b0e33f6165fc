"""Versions of compilation units: the names that a unit's text gets before it is checked.

A unit with a version has its definitions under mangled names in everything that
it gives to others, its interface file included. A unit that refers to it is
rewritten so that its own names mean what its dependencies lead to. The proof is
`hdl_py.mangle.engine`'s, over the unit's preprocessed text and the interface
files below it, with the users' own names put back: those say what can be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.mangle.engine import Request, mangle
from hdl_py.mangle.model import Core, CoreId, FrontEnd, Language, Refusal
from hdl_py.mangle.names import version_suffix
from hdl_py.text.position import Position
from hdl_py.text.source import Edit, SourceText

UNVERSIONED = "0"
"""Stands for the version of a unit that has none; its names stay."""


@dataclass(frozen=True)
class KnownUnit:
    """A unit below the one that is rewritten.

    Attributes:
        label: its target.
        version: its version; empty for none.
        renames: the user's name to the mangled one, of its own definitions.
        deps: labels of its direct dependencies.
        interface: its interface file, with mangled names.
    """

    label: str
    version: str
    renames: Mapping[str, str]
    deps: tuple[str, ...]
    interface: bytes


@dataclass(frozen=True)
class VersionedText:
    """A text with the names that its dependencies lead to.

    Attributes:
        edits: splices into the text, in order.
        renames: the user's name to the mangled one, of the text's own definitions.
    """

    edits: tuple[Edit, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)


def check_version(label: str, version: str) -> None:
    """Refuses a version that no name can be made of.

    Raises:
        HdlError: it has no letter and no digit.
    """
    try:
        version_suffix(version)
    except ValueError as error:
        fix = 'write it as version = "1.2.0"'
        raise HdlError([Diagnostic(None, "bad-version", f"{label}: {error}", fix)]) from error


def check_direct(label: str, direct: Sequence[KnownUnit]) -> None:
    """Refuses two versions of one definition among direct dependencies: no name could say which is meant.

    Raises:
        HdlError: every such pair.
    """
    owners: dict[str, KnownUnit] = {}
    problems = []
    for unit in direct:
        for name in unit.renames or ():
            other = owners.setdefault(name, unit)
            if other.label != unit.label:
                problems.append(
                    Diagnostic(
                        None,
                        "two-versions",
                        f"{label} depends on {name} of {other.label} (version {other.version}) and of {unit.label} "
                        f"(version {unit.version}); a unit sees one version of a definition",
                        f"buildozer 'remove deps {unit.label}' {label}\n"
                        "or give each version a unit of its own to use it",
                    )
                )
    if problems:
        raise HdlError(problems)


def version_text(
    label: str,
    version: str,
    text: bytes,
    units: Sequence[KnownUnit],
    direct: Sequence[str],
    front_end: FrontEnd,
    *,
    place: Mapping[int, Position] | None = None,
) -> VersionedText:
    """The edits that give a unit's text the right names.

    Args:
        label: the unit's target.
        version: its version; empty for none.
        text: its preprocessed text, one token a line.
        units: every unit below, dependencies first.
        direct: labels of its direct dependencies and of what they re-export.
        front_end: SystemVerilog's; a new one for each call.
        place: the user's place of each line of the text, for messages.

    Raises:
        HdlError: every occurrence that can't be proven, and every clash of names.
    """
    names = _core_names([*units, KnownUnit(label, version, {}, tuple(direct), b"")])
    back = {mangled: name for unit in units for name, mangled in unit.renames.items()}
    ids = {unit.label: CoreId(names[unit.label], unit.version or UNVERSIONED) for unit in units}
    own = CoreId(names[label], version or UNVERSIONED)
    cores = [
        _core(ids[unit.label], f"unit{number}.svi", with_user_names(unit.interface, back), unit.deps, ids)
        for number, unit in enumerate(units)
    ]
    cores.append(_core(own, _OWN_TEXT, text, direct, ids))
    versioned = frozenset([*(ids[u.label] for u in units if u.version), *([own] if version else [])])
    outcome = mangle(
        Request(tuple(cores), every_version=True, versioned=versioned), {Language.SYSTEMVERILOG: front_end}
    )
    if outcome.refusals:
        raise HdlError(_diagnostic(r, label, own, units, ids, place or {}) for r in outcome.refusals)
    edits = tuple(
        sorted(
            {Edit(e.occurrence.span, e.text.encode("latin-1")) for e in outcome.edits if e.occurrence.file == _OWN_TEXT}
        )
    )
    renames = {d.name: new for d, new in outcome.plan.renames.items() if d.core == own}
    return VersionedText(edits, dict(sorted(renames.items())))


_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_$]*")


def with_user_names(text: bytes, back: Mapping[str, str]) -> bytes:
    """Text with every mangled identifier replaced by the user's.

    Exact, as a mangled name that the text had before is refused when it is made.
    """
    if not back:
        return text
    table = {mangled.encode("latin-1"): name.encode("latin-1") for mangled, name in back.items()}
    return _NAME.sub(lambda match: table.get(match[0], match[0]), text)


def message_with_user_names(text: str, units: Iterable[KnownUnit], renames: Mapping[str, str]) -> str:
    """A message with the users' names in place of mangled ones."""
    back = {mangled: name for unit in units for name, mangled in unit.renames.items()}
    back |= {mangled: name for name, mangled in renames.items()}
    return with_user_names(text.encode("utf-8", "surrogateescape"), back).decode("utf-8", "surrogateescape")


def _core(core_id: CoreId, path: str, text: bytes, deps: Iterable[str], ids: Mapping[str, CoreId]) -> Core:
    depends = {ids[dep].name: ids[dep].version for dep in deps if dep in ids}
    return Core(core_id, Language.SYSTEMVERILOG, sources=(SourceText(path, text),), depends=depends)


def _core_names(units: Sequence[KnownUnit]) -> dict[str, str]:
    """A core's name for each label: units that define the same names are versions of one core."""
    core_of: dict[str, str] = {}
    owner: dict[str, str] = {}
    for unit in units:
        shared = sorted({owner[name] for name in unit.renames if name in owner})
        core = shared[0] if shared else unit.label
        for name in unit.renames:
            owner.setdefault(name, core)
        core_of[unit.label] = core
    return core_of


def _diagnostic(
    refusal: Refusal,
    label: str,
    own: CoreId,
    units: Sequence[KnownUnit],
    ids: Mapping[str, CoreId],
    place: Mapping[int, Position],
) -> Diagnostic:
    # A place in an interface file helps nobody: the message names its unit.
    position = place.get(refusal.line) if refusal.file == _OWN_TEXT else None
    message = _PLACE.sub("", refusal.message)
    fix = ""
    if refusal.code in ("ambiguous-version", "undeclared-dependency"):
        # The engine's remedy speaks of its own request.
        message = _REMEDY.sub("", message)
        owners = [unit.label for unit in units if refusal.name in unit.renames]
        fix = "\nor ".join(f"buildozer 'add deps {owner}' {label}" for owner in owners)
    for unit_label, core_id in {**ids, label: own}.items():
        shown = f"{unit_label} (version {core_id.version})" if core_id.version != UNVERSIONED else unit_label
        message = message.replace(str(core_id), shown)
    return Diagnostic(position, f"version-{refusal.code}", message, fix)


_OWN_TEXT = "unit.sv"
_PLACE = re.compile(r" \(unit\d*\.svi?:\d+:\d+\)")
_REMEDY = re.compile(r"; add .*?(?= \(found|$)")
