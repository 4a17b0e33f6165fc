"""What may stand where: IEEE 1800-2023 beside the proposal for SystemVerilog 3.1a that it grew from.

The table is data: the checks, their tests and the documentation are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyslang.syntax import SyntaxKind as K


@dataclass(frozen=True)
class Construct:
    """A kind of declaration and the places where each text allows it.

    Attributes:
        name: what people call it.
        kinds: slang's syntax kinds.
        example: the shortest example, with `{n}` for a name.
        unit_2023: allowed in the compilation-unit scope by IEEE 1800-2023 (3.12.1, A.1.2).
        package_2023: allowed in a package by IEEE 1800-2023 (26.2, A.1.11).
        unit_31a: allowed in the compilation-unit scope by the proposal (18.2).
        package_31a: allowed in a package by the proposal (18.4).
        note: what the tools do where that matters; may be empty.
    """

    name: str
    kinds: tuple[Any, ...]
    example: str
    unit_2023: bool
    package_2023: bool
    unit_31a: bool
    package_31a: bool
    note: str = ""


def _row(name: str, kinds: tuple[Any, ...], example: str, allowed: str, note: str = "") -> Construct:
    a, b, c, d = (letter == "y" for letter in allowed)
    return Construct(name, kinds, example, a, b, c, d, note)


CONSTRUCTS = (
    # The four letters: unit 2023, package 2023, unit 3.1a, package 3.1a.
    _row("module", (K.ModuleDeclaration,), "module {n}; endmodule", "ynyn"),
    _row("interface", (K.InterfaceDeclaration,), "interface {n}; endinterface", "ynyn"),
    _row("program", (K.ProgramDeclaration,), "program {n}; endprogram", "ynyn"),
    _row("package", (K.PackageDeclaration,), "package {n}; endpackage", "ynyn"),
    _row(
        "primitive",
        (K.UdpDeclaration,),
        "primitive {n}(output o, input a); table 0:1; endtable endprimitive",
        "ynyn",
    ),
    _row("configuration", (K.ConfigDeclaration,), "config {n}; design m; endconfig", "ynyn"),
    _row("extern module", (K.ExternModuleDecl, K.ExternUdpDecl), "extern module m(input a);", "ynyn"),
    _row("bind", (K.BindDirective,), "bind m k {n}();", "ynyn"),
    _row("time unit", (K.TimeUnitsDeclaration,), "timeunit 1ns/1ps;", "yyyn"),
    _row("net", (K.NetDeclaration, K.UserDefinedNetDeclaration), "wire {n};", "yyyy"),
    _row("variable", (K.DataDeclaration,), "int {n};", "yyyy"),
    _row(
        "type definition",
        (K.TypedefDeclaration, K.ForwardTypedefDeclaration),
        "typedef int {n};",
        "yyyy",
    ),
    _row("parameter", (K.ParameterDeclarationStatement,), "parameter int {n} = 1;", "yyyy"),
    _row(
        "specparam",
        (K.SpecparamDeclaration,),
        "specparam {n} = 1;",
        "nnyy",
        "Verilator has no specparam there; under 3.1a it is compiled as a localparam",
    ),
    _row("task", (K.TaskDeclaration,), "task {n}; endtask", "yyyy"),
    _row("function", (K.FunctionDeclaration,), "function int {n}(); return 1; endfunction", "yyyy"),
    _row("DPI import", (K.DPIImport,), 'import "DPI-C" function void {n}();', "yyyy"),
    _row(
        "DPI export",
        (K.DPIExport,),
        'function void {n}(); endfunction export "DPI-C" function {n};',
        "yyyy",
    ),
    _row("package import", (K.PackageImportDeclaration,), "import zp::*;", "yyyy"),
    _row(
        "package export",
        (K.PackageExportDeclaration, K.PackageExportAllDeclaration),
        "import zp::zi; export zp::zi;",
        "nynn",
        "outside a package an export has no importer",
    ),
    _row("class", (K.ClassDeclaration,), "class {n}; endclass", "yyyy"),
    _row(
        "constraint outside its class",
        (K.ConstraintDeclaration,),
        "class {n}; rand int x; extern constraint q; endclass constraint {n}::q {{ x < 1; }}",
        "yyyy",
    ),
    _row("sequence", (K.SequenceDeclaration,), "sequence {n}; 1; endsequence", "yyyy"),
    _row("property", (K.PropertyDeclaration,), "property {n}; 1; endproperty", "yyyy"),
    _row(
        "anonymous program",
        (K.AnonymousProgram,),
        "program; task {n}; endtask endprogram",
        "yyyy",
        "Verilator doesn't support it",
    ),
    _row("let", (K.LetDeclaration,), "let {n}(x) = x;", "yynn"),
    _row("covergroup", (K.CovergroupDeclaration,), "covergroup {n}; endgroup", "yynn"),
    _row("net type", (K.NetTypeDeclaration,), "nettype real {n};", "yynn", "Verilator doesn't support it"),
    _row(
        "checker",
        (K.CheckerDeclaration,),
        "checker {n}; endchecker",
        "yynn",
        "shared between units, as modules are; Verilator has none in packages",
    ),
    _row("elaboration task", (K.ElabSystemTask,), '$info("{n}");', "yynn", "Verilator doesn't support it there"),
    _row("empty declaration", (K.EmptyMember,), ";", "yyyy"),
    _row("instance", (K.HierarchyInstantiation, K.CheckerInstantiation), "k {n}();", "nnnn"),
    _row("gate", (K.PrimitiveInstantiation,), "and {n}(w0, w1, w2);", "nnnn"),
    _row("initial procedure", (K.InitialBlock,), "initial begin end", "nnnn"),
    _row("final procedure", (K.FinalBlock,), "final begin end", "nnnn"),
    _row(
        "always procedure",
        (K.AlwaysBlock, K.AlwaysCombBlock, K.AlwaysFFBlock, K.AlwaysLatchBlock),
        "always @(w0) begin end",
        "nnnn",
    ),
    _row("continuous assignment", (K.ContinuousAssign,), "assign w0 = 1;", "nnnn"),
    _row("concurrent assertion", (K.ConcurrentAssertionMember,), "assert property (1);", "nnnn"),
    _row("deferred assertion", (K.ImmediateAssertionMember,), "assert #0 (1);", "nnnn"),
    _row("genvar", (K.GenvarDeclaration,), "genvar {n};", "nnnn"),
    _row(
        "generate construct",
        (K.IfGenerate, K.CaseGenerate, K.LoopGenerate, K.GenerateRegion, K.GenerateBlock),
        "if (1) begin end",
        "nnnn",
    ),
    _row("defparam", (K.DefParam,), "defparam m.P = 1;", "nnnn"),
    _row("clocking block", (K.ClockingDeclaration,), "clocking {n} @(w0); endclocking", "nnnn"),
    _row("default disable", (K.DefaultDisableDeclaration,), "default disable iff 0;", "nnnn"),
    _row("specify block", (K.SpecifyBlock,), "specify endspecify", "nnnn"),
    _row("modport", (K.ModportDeclaration,), "modport {n}(input w0);", "nnnn"),
    _row("net alias", (K.NetAlias,), "alias w0 = w1;", "nnnn"),
)
"""Every construct that might stand outside modules."""

BY_KIND = {kind: construct for construct in CONSTRUCTS for kind in construct.kinds}


@dataclass(frozen=True)
class Difference:
    """A rule, other than what may stand where, on which the two texts differ.

    Attributes:
        rule: the rule.
        ieee: IEEE 1800-2023, with its clause.
        proposal: the proposal, with its section.
    """

    rule: str
    ieee: str
    proposal: str


DIFFERENCES = (
    Difference(
        "`$root.x` where `x` is declared outside every definition",
        "`$root` is the top of the instance tree; the item is `$unit::x` (3.12.1, 23.3.1)",
        "`$root` is the unit's own text, so `$root.x` is the item (18.2)",
    ),
    Difference(
        "a package refers to an item of the compilation unit",
        "not allowed (26.2)",
        "allowed within the unit (18.4)",
    ),
    Difference(
        "a hierarchical name in a package",
        "not allowed (26.2)",
        "allowed if it stays within the unit (18.4)",
    ),
    Difference(
        "a net of a package with an assignment in its declaration",
        "not allowed (26.2)",
        "allowed (18.4)",
    ),
    Difference(
        "a definition without any time unit, in a design where a unit has `timeunit`",
        "has the default time unit (3.14.2.3)",
        "has that unit's time unit; units may not differ (18.6, rule 4)",
    ),
)
"""The other differences."""
