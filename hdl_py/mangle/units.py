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
from hdl_py.mangle.model import UNVERSIONED, Core, CoreId, FrontEnd, Language, Refusal
from hdl_py.mangle.names import version_suffix
from hdl_py.text.position import Position
from hdl_py.text.source import Edit, SourceText


@dataclass(frozen=True)
class KnownUnit:
    """A unit below the one that is rewritten.

    Attributes:
        label: its target.
        version: its version; empty for none.
        renames: the user's name to the mangled one, of its own definitions.
        deps: labels of its direct dependencies.
        interface: its interface file, with mangled names.
        visible: the users' names of the definitions that other units may refer to.
    """

    label: str
    version: str
    renames: Mapping[str, str]
    deps: tuple[str, ...]
    interface: bytes
    visible: tuple[str, ...] = ()

    @property
    def described(self) -> str:
        """The label and the version, for messages."""
        return f"{self.label} (version {self.version})" if self.version else f"{self.label} (no version)"


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
    problems: dict[tuple[str, str], Diagnostic] = {}
    for unit in direct:
        for name in unit.visible:
            other = owners.setdefault(name, unit)
            if other.label != unit.label and (other.version or unit.version):
                problems.setdefault(
                    (other.label, unit.label),
                    Diagnostic(
                        None,
                        "two-versions",
                        f"{label} depends on {name} of {other.described} and of {unit.described}; "
                        "a unit sees one version of a definition",
                        f"buildozer 'remove deps {unit.label}' {label}\n"
                        "or give each version a unit of its own to use it",
                    ),
                )
    if problems:
        raise HdlError(problems.values())


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
    names = _core_names([*units, KnownUnit(label, version, {}, tuple(direct), b"", _declared(text))])
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


def _declared(text: bytes) -> tuple[str, ...]:
    """Names that may be design elements' in a text of one token a line."""
    return tuple(sorted({m[1].decode("latin-1") for m in _DECLARED.finditer(text)}))


_DECLARED = re.compile(
    rb"^(?:module|macromodule|interface|program|package|primitive)\n(?:(?:static|automatic)\n)?\\?([^\s]+)", re.M
)
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
    """A core's name for each label."""
    return core_names((unit.label, unit.version, unit.visible) for unit in units)


def core_names(units: Iterable[tuple[str, str, Iterable[str]]]) -> dict[str, str]:
    """A core's name for each label: units that define the same names are versions of one core.

    Args:
        units: label, version, and the names that others may refer to.
    """
    core_of: dict[str, str] = {}
    owner: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    # One without a version joins those that have one, so that none makes a core of its name first.
    for label, version, names in sorted(units, key=lambda u: not u[1]):
        listed = sorted(names)
        shared = [owner[name] for name in listed if name in owner and (owner[name], version) not in taken]
        core = shared[0] if shared else label
        taken.add((core, version))
        core_of[label] = core
        for name in listed if version else ():
            owner.setdefault(name, core)
    return core_of


def advice(refusal: Refusal, label: str, owners: Sequence[str]) -> tuple[str, str]:
    """A refusal's message and fix in a build's words; those of the engine speak of its own request.

    Args:
        refusal: what the engine says.
        label: the target that is built.
        owners: labels of the targets that define the name.
    """
    message = refusal.message
    if refusal.code in ("ambiguous-version", "undeclared-dependency"):
        add = "\nor ".join(f"buildozer 'add deps {owner}' {label}" for owner in owners)
        return _REMEDY.sub("", message), add
    if refusal.code == "ambiguous-name":
        remove = "\nor ".join(f"buildozer 'remove deps {owner}' {label}" for owner in owners)
        return _REMEDY.sub("", message), f"rename one of them, or drop the dependency that isn't meant:\n{remove}"
    if refusal.code in ("duplicate-definition", "meeting-names"):
        change = "\nor ".join(f"buildozer 'set version 1.0.0' {owner}" for owner in owners)
        return _REMEDY.sub("", message), f"give one of them a version of its own:\n{change}" if owners else ""
    return message, ""


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
    owners = [unit.label for unit in units if refusal.name in unit.visible]
    message, fix = advice(refusal, label, owners)
    message = _PLACE.sub("", message)
    for unit_label, core_id in {**ids, label: own}.items():
        shown = f"{unit_label} (version {core_id.version})" if core_id.version != UNVERSIONED else unit_label
        message = message.replace(str(core_id), shown)
    return Diagnostic(position, f"version-{refusal.code}", message, fix)


_OWN_TEXT = "unit.sv"
_PLACE = re.compile(r" \(unit\d*\.svi?:\d+:\d+\)")
_REMEDY = re.compile(r"; (?:add|rename|make|change) .*?(?= \(found|$)")
