"""Which identifiers of a unit bind to names of the compilation-unit scope.

Name lookup (IEEE 1800-2023 23.9, 26.3, 3.12.1) goes outward from the scope of
the reference: declarations and explicit imports of each scope first, then its
wildcard imports, then the members that a class inherits, then the next scope,
and last the compilation unit. Only identifiers spelled like a name of the
compilation unit matter here, so the walk skips everything else.

Elaboration can't answer this: it never looks into generate blocks that are not
taken, and the text must be right for every parameter value. Where syntax can't
answer it either, the answer is `Use.UNCLEAR`, never a guess.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any


class Use(enum.Enum):
    """How an identifier stands in the text."""

    NAME = "a name that is looked up"
    CONNECTION = "an implicit connection `.name`, which is port name and reference in one"
    UNIT_SCOPED = "the name behind `$unit::`"
    ROOT_SCOPED = "the name behind `$root.`"
    WILDCARD = "a wildcard connection `.*`"
    KEY = "a key of an assignment pattern: a member, a type or an index"
    IN_RANDOMIZE = "a name in a `randomize`, where members of the object come first"
    UNCLEAR = "a place whose lookup syntax alone can't settle"


@dataclass(frozen=True)
class Reference:
    """An identifier that binds, or may bind, to the compilation-unit scope.

    Attributes:
        token: index of the identifier.
        name: its name; empty for a wildcard connection.
        use: how it stands.
        scope: the innermost scope around it.
        why: for `Use.UNCLEAR`, the reason.
        node: for `Use.WILDCARD`, the instantiation; for a key of a pattern, the key.
        bare: whether the name stands alone where a call without parentheses may.
        is_type: whether it stands where only a type can, which has to be declared above.
        before_colons: whether it stands before `::`, where a type or a package is meant.
    """

    token: int
    name: str
    use: Use
    scope: Scope
    why: str = ""
    node: Any = None
    bare: bool = False
    is_type: bool = False
    before_colons: bool = False


@dataclass(eq=False)
class Scope:
    """One scope and what it declares of the names of interest.

    Attributes:
        parent: the scope around it.
        ordered: names that are known below their declaration, with its token.
        anywhere: names that are known above as well: functions, classes.
        labels: names of blocks and instances, with their tokens; tools differ on what reaches them from above.
        wildcards: packages imported as a whole, with the tokens.
        bases: base classes.
        is_class: whether it is a class, whose members know each other anywhere.
        member_of: the class that a body outside it belongs to.
    """

    parent: Scope | None
    ordered: dict[str, int] = field(default_factory=dict)
    anywhere: set[str] = field(default_factory=set)
    labels: dict[str, int] = field(default_factory=dict)
    wildcards: list[tuple[str, int]] = field(default_factory=list)
    bases: list[str] = field(default_factory=list)
    is_class: bool = False
    member_of: str = ""


def outermost(scope: Scope, unit_scope: Scope) -> Scope:
    """The scope directly inside the compilation unit: that of the definition, or item, around a scope."""
    while scope.parent is not None and scope.parent is not unit_scope:
        scope = scope.parent
    return scope


class Resolver:
    """Answers lookups in the scopes that a `Walker` built."""

    def __init__(
        self,
        exports: Callable[[str, str], bool],
        class_members: Callable[[str], Collection[str] | None],
        is_member: Callable[[str], bool],
    ) -> None:
        """
        Args:
            exports: (package, name) to whether a wildcard import of it offers the name.
            class_members: names that a class declares or inherits; None where that is unknown.
            is_member: whether any class has a member of that name.
        """
        self._exports = exports
        self._class_members = class_members
        self._is_member = is_member

    def declares(self, scope: Scope, name: str) -> bool:
        """Whether a scope has a name of its own, declared or imported."""
        named = name in scope.anywhere or name in scope.ordered or name in scope.labels
        return named or self.offers(scope, name)

    def offers(self, scope: Scope, name: str) -> bool:
        """Whether a wildcard import of a scope offers a name."""
        return any(self._exports(package, name) for package, _at in scope.wildcards)

    def outcome(self, reference: Reference, name: str, unit_scope: Scope) -> tuple[bool, str]:
        """Whether the name, looked up where the reference stands, reaches the compilation unit.

        Returns:
            (reaches it, why the answer is unclear or an empty string).
        """
        scope: Scope | None = reference.scope
        while scope is not None and scope is not unit_scope:
            if name in scope.anywhere:
                return False, ""
            if name in scope.labels:
                if scope.labels[name] <= reference.token:
                    return False, ""
                if not reference.is_type:
                    return True, f"{name} is a block or an instance below in the same scope"
            if name in scope.ordered:
                if scope.ordered[name] <= reference.token or scope.is_class:
                    return False, ""
                if not reference.is_type:
                    return True, f"{name} is declared again later in the same scope"
            if any(self._exports(p, name) for p, at in scope.wildcards if at < reference.token):
                return False, ""
            for base in scope.bases:
                members = self._class_members(base)
                if members is None:
                    if not self._is_member(name):
                        continue
                    return True, f"a base class, {base or 'of unknown name'}, is not known here"
                if name in members:
                    return False, ""
            scope = scope.parent
        return True, ""
