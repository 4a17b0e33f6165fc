"""Where identifiers stand in slang's syntax, and what each place is.

The table is closed: an identifier in a place that it doesn't name gets no role, and
an occurrence without a role is refused. `tests/hdl_py/sv/occurrences` checks it
against the installed slang, so that an upgrade can't open it unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyslang.syntax import SyntaxKind as K


class Use(Enum):
    """Places whose identifier may refer to something outside."""

    NAME = "name"
    INSTANCE = "instance"
    INTERFACE_TYPE = "interface type"
    PACKAGE = "package of an import or export"
    IMPORT_ITEM = "item of an import or export"
    NET_TYPE = "net type"
    CONFIG_CELL = "cell of a config"
    CONFIG_LIBRARY = "library of a config"
    CONFIG_TOP = "top of a config's instance path"
    IMPLICIT_PORT = "port connected by name alone"
    PORT_NAME = "port name"
    BLOCK_NAME = "block name"
    HEADER = "design element"


class Decl(Enum):
    """What a local declaration declares: name look-up treats them differently."""

    VALUE = "value"
    TYPE = "type"
    INSTANCE = "instance"
    LABEL = "label"
    MODULE = "nested design element"
    CHECKER = "checker"
    IMPORT = "imported item"


@dataclass(frozen=True)
class Slot:
    """One token of one kind of syntax.

    Attributes:
        attribute: the token's name in slang's node.
        means: a use, a declaration, or the reason why the identifier is in a name space of its own.
    """

    attribute: str
    means: Use | Decl | str


def _slots(*pairs: tuple[str, Use | Decl | str]) -> tuple[Slot, ...]:
    return tuple(Slot(a, m) for a, m in pairs)


SLOTS: dict[K, tuple[Slot, ...]] = {
    # Names in expressions, types and statements.
    K.IdentifierName: _slots(("identifier", Use.NAME)),
    K.IdentifierSelectName: _slots(("identifier", Use.NAME)),
    K.ClassName: _slots(("identifier", Use.NAME)),
    # Design elements.
    K.ModuleHeader: _slots(("name", Use.HEADER)),
    K.InterfaceHeader: _slots(("name", Use.HEADER)),
    K.ProgramHeader: _slots(("name", Use.HEADER)),
    K.PackageHeader: _slots(("name", Use.HEADER)),
    K.UdpDeclaration: _slots(("name", Use.HEADER)),
    K.ExternUdpDecl: _slots(("name", Use.HEADER)),
    K.ConfigDeclaration: _slots(("name", Use.HEADER)),
    K.NamedBlockClause: _slots(("name", Use.BLOCK_NAME)),
    # References that are single tokens.
    K.HierarchyInstantiation: _slots(("type", Use.INSTANCE)),
    K.PrimitiveInstantiation: _slots(("type", Use.INSTANCE)),
    K.InterfacePortHeader: _slots(("nameOrKeyword", Use.INTERFACE_TYPE)),
    K.VirtualInterfaceType: _slots(("name", Use.INTERFACE_TYPE)),
    K.PackageImportItem: _slots(("package", Use.PACKAGE), ("item", Use.IMPORT_ITEM)),
    K.UserDefinedNetDeclaration: _slots(("netType", Use.NET_TYPE)),
    K.ConfigCellIdentifier: _slots(("library", Use.CONFIG_LIBRARY), ("cell", Use.CONFIG_CELL)),
    K.InstanceConfigRule: _slots(("topModule", Use.CONFIG_TOP)),
    K.NamedPortConnection: _slots(("name", Use.IMPLICIT_PORT)),
    # Declarations.
    K.Declarator: _slots(("name", Decl.VALUE)),
    K.TypedefDeclaration: _slots(("name", Decl.TYPE)),
    K.ForwardTypedefDeclaration: _slots(("name", Decl.TYPE)),
    K.NetTypeDeclaration: _slots(("name", Decl.TYPE)),
    K.TypeAssignment: _slots(("name", Decl.TYPE)),
    K.ClassDeclaration: _slots(("name", Decl.TYPE)),
    K.CovergroupDeclaration: _slots(("name", Decl.TYPE)),
    K.CheckerDeclaration: _slots(("name", Decl.CHECKER)),
    K.InstanceName: _slots(("name", Decl.INSTANCE)),
    K.NamedLabel: _slots(("name", Decl.LABEL)),
    K.LoopGenerate: _slots(("identifier", Decl.VALUE)),
    K.AssertionItemPort: _slots(("name", Decl.VALUE)),
    K.LetDeclaration: _slots(("identifier", Decl.VALUE)),
    K.PropertyDeclaration: _slots(("name", Decl.VALUE)),
    K.SequenceDeclaration: _slots(("name", Decl.VALUE)),
    K.ModportItem: _slots(("name", Decl.VALUE)),
    K.ClockingDeclaration: _slots(("blockName", Decl.VALUE)),
    K.SpecparamDeclarator: _slots(("name", Decl.VALUE)),
    K.VariablePattern: _slots(("variableName", Decl.VALUE)),
    # Name spaces of their own: a member, an argument or a label is looked up nowhere else.
    K.AttributeSpec: _slots(("name", "attribute name")),
    K.NamedArgument: _slots(("name", "argument name")),
    K.NamedParamAssignment: _slots(("name", "parameter name")),
    K.TaggedPattern: _slots(("memberName", "union member")),
    K.TaggedUnionExpression: _slots(("member", "union member")),
    K.NamedStructurePatternMember: _slots(("name", "struct member")),
    K.MemberAccessExpression: _slots(("name", "member after a dot")),
    K.DotMemberClause: _slots(("member", "modport name")),
    K.RsProdItem: _slots(("name", "production")),
    K.Production: _slots(("name", "production")),
    K.RandSequenceStatement: _slots(("firstProduction", "production")),
    K.PortReference: _slots(("name", "port of its own module")),
    K.ExplicitNonAnsiPort: _slots(("name", "port of its own module")),
    K.ExplicitAnsiPort: _slots(("name", "port of its own module")),
    K.ModportNamedPort: _slots(("name", "item of its own interface")),
    K.ModportClockingPort: _slots(("name", "item of its own interface")),
    K.ModportExplicitPort: _slots(("name", "port of a modport")),
    K.DefaultClockingReference: _slots(("name", "clocking block")),
    K.DPIImport: _slots(("c_identifier", "name in C")),
    K.DPIExport: _slots(("c_identifier", "name in C"), ("name", "subroutine of its own scope")),
    K.UdpOutputPortDecl: _slots(("name", "port of its own primitive")),
    K.UdpInitialStmt: _slots(("name", "port of its own primitive")),
    K.UdpEdgeField: _slots(("first", "symbol of a table"), ("second", "symbol of a table")),
    K.UdpSimpleField: _slots(("field", "symbol of a table")),
    K.EdgeDescriptor: _slots(("t1", "edge"), ("t2", "edge")),
    K.IdWithExprCoverageBinInitializer: _slots(("id", "coverpoint")),
    K.CoverageBins: _slots(("name", "bin")),
    K.BinsSelection: _slots(("name", "bin")),
    K.ConfigInstanceIdentifier: _slots(("name", "instance of a config's path")),
}
"""Every kind of syntax that holds an identifier, and what the identifier is."""

LIBRARY = Slot("libraries", "library")
"""A name in a config's liblist, which is a list of tokens."""

MODULE_LIKE = {
    K.ModuleDeclaration: "module",
    K.InterfaceDeclaration: "interface",
    K.ProgramDeclaration: "program",
    K.PackageDeclaration: "package",
}
"""Declarations whose members are a scope of their own, with the word for them."""

SCOPES = frozenset(
    {
        *MODULE_LIKE,
        K.CompilationUnit,
        K.ClassDeclaration,
        K.CheckerDeclaration,
        K.FunctionDeclaration,
        K.TaskDeclaration,
        K.ClassMethodPrototype,
        K.DPIImport,
        K.ExternInterfaceMethod,
        K.ModportSubroutinePort,
        K.SequentialBlockStatement,
        K.ParallelBlockStatement,
        K.ForLoopStatement,
        K.ForeachLoopStatement,
        K.GenerateBlock,
        K.LoopGenerate,
        K.CovergroupDeclaration,
        K.SequenceDeclaration,
        K.PropertyDeclaration,
        K.LetDeclaration,
        K.ClockingDeclaration,
        K.ConfigDeclaration,
        K.UdpDeclaration,
        K.ExternUdpDecl,
        K.ExternModuleDecl,
        K.ArrayOrRandomizeMethodExpression,
        K.Production,
        K.RsCodeBlock,
    }
)
"""Syntax that opens a scope for declarations."""

PATTERN_SCOPES = frozenset({K.PatternCaseItem, K.ConditionalStatement, K.ConditionalExpression})
"""Scopes of the variables of a pattern alone (IEEE 1800-2023 12.6)."""

GENERATE_HOLDERS = frozenset(
    {K.IfGenerate, K.ElseClause, K.StandardCaseItem, K.DefaultCaseItem, K.CaseGenerate, K.LoopGenerate}
)
"""A member directly below one of these is a generate block of its own (IEEE 1800-2023 27.6)."""
