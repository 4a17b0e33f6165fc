"""One walk over a unit's syntax that notes all that later steps ask for.

A walk costs a call into Python for every node and token, more than anything
else that happens to a unit, so there is one. Nodes are told apart by their
Python class, whose hash is that of its address.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyslang import syntax as s
from pyslang.parsing import TokenKind
from pyslang.syntax import SyntaxKind

if TYPE_CHECKING:
    from hdl_py.sv.syntax import ParsedUnit


@dataclass(frozen=True)
class References:
    """Names of the definitions name space that a piece of syntax mentions, with the token of each mention.

    Attributes:
        packages: names in an import, or before `::`; classes and types among the latter.
        instances: names of what is instantiated.
        interfaces: interfaces of ports and virtual interfaces.
        types: names of port types, which may be interfaces.
        targets: targets of `bind`, which may be instances.
    """

    packages: dict[str, list[int]]
    instances: dict[str, list[int]]
    interfaces: dict[str, list[int]]
    types: dict[str, list[int]]
    targets: dict[str, list[int]]


_FIELDS = ("packages", "instances", "interfaces", "types", "targets")
_TIME_FUNCTIONS = {"$time", "$realtime", "$stime", "$printtimescale", "$timeformat"}


class Survey:
    """What a unit's syntax mentions, in text order.

    Attributes:
        type_names: names of types and classes declared anywhere, which may stand before `::`.
        nested: names of definitions inside others; they stay local (IEEE 1800-2023 23.4).
        heads: (token, name) of every hierarchical name's first part, `$root` included.
    """

    def __init__(self, unit: ParsedUnit) -> None:
        self._unit = unit
        self._mentions: list[tuple[int, int, str]] = []
        self._times: list[int] = []
        self.type_names: set[str] = set()
        self.nested: set[str] = set()
        self.heads: list[tuple[int, str]] = []
        walk(unit.tree.root, self)
        self._mentions.sort()
        self._times.sort()

    def note(self, field: int, token: Any) -> None:
        """Notes a mention of a name; keywords in a name's place are none."""
        if token.kind == TokenKind.Identifier and token.valueText:
            self._mentions.append((self._unit.index(token.location.offset), field, token.valueText))

    def time(self, node: Any) -> None:
        """Notes that something depends on the time unit."""
        self._times.append(self._unit.span(node)[0])

    def head(self, node: Any, name: str) -> None:
        """Notes the first part of a hierarchical name."""
        self.heads.append((self._unit.span(node)[0], name))

    def references(self, start: int, end: int) -> References:
        """What a stretch of tokens mentions."""
        out = References({}, {}, {}, {}, {})
        fields = [getattr(out, name) for name in _FIELDS]
        at = bisect_left(self._mentions, (start,))
        for token, field, name in self._mentions[at:]:
            if token >= end:
                break
            fields[field].setdefault(name, []).append(token)
        return out

    def uses_time(self, start: int, end: int) -> bool:
        """Whether a stretch has delays, time literals or calls that ask for the time."""
        at = bisect_left(self._times, start)
        return at < len(self._times) and self._times[at] < end


def _import(survey: Survey, node: Any) -> None:
    survey.note(0, node.package)


def _scoped(survey: Survey, node: Any) -> None:
    left = node.left
    if left.kind == SyntaxKind.IdentifierName:
        if node.separator.kind == TokenKind.DoubleColon:
            survey.note(0, left.identifier)
        else:
            survey.head(node, left.identifier.valueText)
    elif left.kind == SyntaxKind.RootScope:
        survey.head(node, "$root")


def _instance(survey: Survey, node: Any) -> None:
    survey.note(1, node.type)


def _interface_port(survey: Survey, node: Any) -> None:
    survey.note(2, node.nameOrKeyword)


def _virtual_interface(survey: Survey, node: Any) -> None:
    survey.note(2, node.name)


def _variable_port(survey: Survey, node: Any) -> None:
    kind = node.dataType
    if kind.kind == SyntaxKind.NamedType and kind.name.kind == SyntaxKind.IdentifierName:
        survey.note(3, kind.name.identifier)


def _bind(survey: Survey, node: Any) -> None:
    if node.target.kind == SyntaxKind.IdentifierName:
        survey.note(4, node.target.identifier)


def _type_name(survey: Survey, node: Any) -> None:
    survey.type_names.add(node.name.valueText)


def _module(survey: Survey, node: Any) -> None:
    if node.parent is not None and node.parent.kind != SyntaxKind.CompilationUnit:
        survey.nested.add(node.header.name.valueText)


def _checker(survey: Survey, node: Any) -> None:
    if node.parent is not None and node.parent.kind != SyntaxKind.CompilationUnit:
        survey.nested.add(node.name.valueText)


def _literal(survey: Survey, node: Any) -> None:
    if node.kind == SyntaxKind.TimeLiteralExpression:
        survey.time(node)


def _delay(survey: Survey, node: Any) -> None:
    if node.kind == SyntaxKind.DelayControl:
        survey.time(node)


def _time(survey: Survey, node: Any) -> None:
    survey.time(node)


def _system_name(survey: Survey, node: Any) -> None:
    if node.systemIdentifier.valueText in _TIME_FUNCTIONS:
        survey.time(node)


_HANDLERS: dict[type, Callable[[Survey, Any], None]] = {
    s.PackageImportItemSyntax: _import,
    s.ScopedNameSyntax: _scoped,
    s.HierarchyInstantiationSyntax: _instance,
    s.PrimitiveInstantiationSyntax: _instance,
    s.InterfacePortHeaderSyntax: _interface_port,
    s.VirtualInterfaceTypeSyntax: _virtual_interface,
    s.VariablePortHeaderSyntax: _variable_port,
    s.BindDirectiveSyntax: _bind,
    s.TypedefDeclarationSyntax: _type_name,
    s.ForwardTypedefDeclarationSyntax: _type_name,
    s.ClassDeclarationSyntax: _type_name,
    s.TypeAssignmentSyntax: _type_name,
    s.NetTypeDeclarationSyntax: _type_name,
    s.CovergroupDeclarationSyntax: _type_name,
    s.ModuleDeclarationSyntax: _module,
    s.CheckerDeclarationSyntax: _checker,
    s.LiteralExpressionSyntax: _literal,
    s.DelaySyntax: _delay,
    s.Delay3Syntax: _time,
    s.OneStepDelaySyntax: _time,
    s.SystemNameSyntax: _system_name,
}


def walk(root: Any, survey: Survey) -> None:
    """Calls the handler of every node that has one."""
    handler_of = _HANDLERS.get

    def visit(item: Any) -> None:
        handler = handler_of(type(item))
        if handler is not None:
            handler(survey, item)

    root.visit(visit)


_TYPE_CLASSES = frozenset(kind for kind, handler in _HANDLERS.items() if handler is _type_name)


def type_names(root: Any) -> set[str]:
    """Names of types and classes declared anywhere in a tree."""
    out: set[str] = set()

    def visit(item: Any) -> None:
        if type(item) in _TYPE_CLASSES:
            out.add(item.name.valueText)

    root.visit(visit)
    return out
