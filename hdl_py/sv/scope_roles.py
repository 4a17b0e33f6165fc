"""Which role an identifier plays by the kind of syntax that it stands in directly."""

from __future__ import annotations

from pyslang.syntax import SyntaxKind as K

ORDERED = {
    K.Declarator,
    K.TypedefDeclaration,
    K.ForwardTypedefDeclaration,
    K.TypeAssignment,
    K.NetTypeDeclaration,
    K.SpecparamDeclarator,
    K.AssertionItemPort,
    K.UdpOutputPortDecl,
    K.VariablePattern,
}
"""Syntax whose own identifier is a name visible from there on."""

LABELS = {K.InstanceName, K.NamedLabel}
"""Syntax whose own identifier names a block, a statement or an instance."""

ANYWHERE = {
    K.ModportItem,
    K.CoverageBins,
    K.BinsSelection,
    K.CheckerDeclaration,
}
"""Syntax whose own identifier is a name of the scope wherever in it."""

INERT = {
    K.HierarchyInstantiation,
    K.PrimitiveInstantiation,
    K.CheckerInstantiation,
    K.InterfacePortHeader,
    K.VirtualInterfaceType,
    K.NamedParamAssignment,
    K.NamedArgument,
    K.AttributeSpec,
    K.MemberAccessExpression,
    K.DotMemberClause,
    K.ModportNamedPort,
    K.ModportClockingPort,
    K.ModportExplicitPort,
    K.TaggedUnionExpression,
    K.TaggedPattern,
    K.NamedStructurePatternMember,
    K.DPIExport,
    K.NamedBlockClause,
    K.ExplicitAnsiPort,
    K.ExplicitNonAnsiPort,
    K.PortReference,
    K.ConfigCellIdentifier,
    K.ConfigInstanceIdentifier,
    K.ConfigUseClause,
    K.ConfigLiblist,
    K.InstanceConfigRule,
    K.ConfigDeclaration,
    K.UdpInputPortDecl,
    K.UdpInitialStmt,
    K.ModuleHeader,
    K.InterfaceHeader,
    K.ProgramHeader,
    K.PackageHeader,
    K.ExternUdpDecl,
    K.PackageImportItem,
    K.DPIImport,
    K.DefaultClockingReference,
}
"""Syntax whose own identifier names something that is not looked up in the compilation unit, or is its own entry."""

NAMED_SCOPES = {
    K.SequenceDeclaration,
    K.PropertyDeclaration,
    K.LetDeclaration,
    K.CovergroupDeclaration,
    K.CheckerDeclaration,
    K.ClockingDeclaration,
}
"""Syntax that declares its own identifier in the scope around it and opens a scope."""

SCOPES = {
    K.SequentialBlockStatement,
    K.ParallelBlockStatement,
    K.ForLoopStatement,
    K.GenerateBlock,
    K.LoopGenerate,
    K.SpecifyBlock,
    K.RsCodeBlock,
    K.Production,
    K.ModuleDeclaration,
    K.InterfaceDeclaration,
    K.ProgramDeclaration,
    K.PackageDeclaration,
    K.ExternModuleDecl,
    K.UdpDeclaration,
    K.ConfigDeclaration,
    K.PatternCaseItem,
}
"""Syntax that opens a scope."""


NO_CALL = {K.InvocationExpression, K.NamedType, K.ScopedName, K.ClassName, K.ExtendsClause, K.DPIExport}
"""Syntax in which a name is no call, or has its parentheses already."""
