"""Generated designs in which few names are everything that a name can be.

The unit's definitions and everything in the user's text take their names from one small
pool, so that signals, labels, members, classes and macros collide with modules, packages
and interfaces all the time. Most designs are legal SystemVerilog; slang judges all.
"""

from __future__ import annotations

from hypothesis import strategies as st

from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.text.source import SourceText

POOL = ("n", "m", "k", "j", "i", "h")
ELEMENTS = ("module", "interface", "primitive", "program", "none")
ITEMS = ("class", "typedef", "function", "parameter", "checker", "none", "none")
"""Kinds of items of the compilation unit; they stand in the unit's header."""


@st.composite
def designs(draw: st.DrawFn) -> tuple[Core, ...]:
    """A unit in two versions and a user of the first."""
    maker = _Maker(draw)
    unit, header = maker.unit()
    user = maker.user()
    units = tuple(
        Core(
            CoreId("unit", v),
            Language.SYSTEMVERILOG,
            "work",
            (SourceText("unit/u.sv", unit.encode()),),
            (SourceText("unit/u.svh", header.encode()),),
            ("unit",),
        )
        for v in ("1.0.0", "2.0.0")
    )
    defines = {"on": "1"} if draw(st.booleans()) else {}
    return (
        *units,
        Core(
            CoreId("user", "1"),
            Language.SYSTEMVERILOG,
            "work",
            (SourceText("t.sv", user.encode()),),
            (),
            (),
            defines,
            {"unit": "1.0.0"},
        ),
    )


class _NoneSuch(Exception):
    """The unit defines nothing of that kind."""


class _Maker:
    """Draws one design. Numbers make every other name unique."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._count = 0
        self.kinds: dict[str, set[str]] = {}
        self.macros: list[str] = []

    def one(self, *choices: str) -> str:
        return self._draw(st.sampled_from(choices))

    def name(self) -> str:
        return self.one(*POOL)

    def fresh(self) -> str:
        self._count += 1
        return f"x{self._count}"

    def known(self, kind: str) -> str:
        """A name of a kind that the unit defines."""
        names = sorted(n for n, kinds in self.kinds.items() if kind in kinds)
        if not names:
            raise _NoneSuch
        return self.one(*names)

    def unit(self) -> tuple[str, str]:
        """Definitions for the pool's names, and the header with the items of the compilation unit."""
        elements, items = [], []
        for n, name in enumerate(POOL):
            first, item = self.one(*ELEMENTS), self.one(*ITEMS)
            package = self.one("package", "none")
            self.kinds[name] = {first, item, package} - {"none"}
            elements += [self._define(k, name, n) for k in (first, package) if k != "none"]
            items += [self._define(item, name, n)] if item != "none" else []
        elements = self._draw(st.permutations(elements))
        return "\n".join(['`include "u.svh"', *elements]) + "\n", self._header(items)

    def _define(self, kind: str, name: str, n: int) -> str:
        inner = self.name()
        end = self.one("", f" : {name}")
        return {
            "module": f"module {name} #(parameter int W = {n + 2}) (input wire a);\n wire x; wire [{n}:0] {inner}_;\n"
            f" {self._upward(name)}\nendmodule{end}",
            "program": f"program {name} #(parameter int W = {n + 2}) (input wire a);\nendprogram{end}",
            "interface": f"interface {name} #(parameter int W = {n + 3}) (); logic x; modport {inner}(input x);"
            f" modport mp(input x);\nendinterface{end}",
            "package": f"package {name}; localparam int C = {n + 10}; typedef logic [{n}:0] t;"
            f" class c; static int C; endclass\nendpackage{end}",
            "class": f"class {name}; static int s; typedef logic [{n}:0] t; int {inner}; endclass{end}",
            "typedef": f"typedef logic [{n + 4}:0] {name};",
            "function": f"function automatic int {name}(int {inner}); return {inner} + {n}; endfunction{end}",
            "parameter": f"parameter int {name} = {n + 20};",
            "checker": f"checker {name}(logic a); endchecker{end}",
            "primitive": f"primitive {name} (output o, input a); table 0 : 1; 1 : 0; endtable endprimitive{end}",
        }[kind]

    def _upward(self, name: str) -> str:
        return self.one("", f"wire y = {name}.x;", f"localparam int {self.name()} = 7;", f"wire {name};")

    def _header(self, items: list[str]) -> str:
        """The items, and macros that name things of the pool."""
        lines = ["`ifndef U_SVH", "`define U_SVH", *items]
        for _ in range(self._draw(st.integers(0, 2))):
            text = self.item().replace("\n", " ")
            if "`" not in text:
                self.macros.append(self.fresh().upper())
                lines.append(f"`define {self.macros[-1]} {text}")
        return "\n".join([*lines, "`endif"]) + "\n"

    def item(self, depth: int = 0) -> str:
        """Something for a module's body."""
        try:
            return self._item(depth)
        except _NoneSuch:
            return f"wire {self.name()};"

    def user(self) -> str:
        """Packages, classes and modules of the user's core."""
        parts = ['`include "u.svh"'] if self.one("yes", "yes", "no") == "yes" else []
        for _ in range(self._draw(st.integers(0, 2))):
            try:
                parts.append(self._top_item())
            except _NoneSuch:
                parts.append(f"module {self.fresh()}; endmodule")
        body = "\n ".join(self.item() for _ in range(self._draw(st.integers(1, 5))))
        if self.macros and parts and self.one("yes", "no") == "yes":
            body += f"\n `{self.one(*self.macros)}"
        try:
            header = self.one("", "", f"import {self.known('package')}::*;")
        except _NoneSuch:
            header = ""
        parts.append(f"module t {header} ();\n {body}\nendmodule")
        return "\n".join(parts) + "\n"

    def _top_item(self) -> str:
        n, f = self.name(), self.fresh()
        kind = self.one("package", "module", "interface port", "class", "macro", "bind", "import")
        if kind == "package":
            return f"package {f}; {self._package_items()} endpackage"
        if kind == "module":
            return f"module {f}(input wire {n}); {self.item()} endmodule"
        if kind == "interface port":
            i = self.known("interface")
            mp = self.one("", ".mp")
            return f"module {f}({i}{mp} {n}); wire {self.fresh()} = {n}.x; endmodule"
        if kind == "class":
            base = f" extends {self.known('class')}" if self.one("yes", "no") == "yes" else ""
            return f"class {f}{base}; {self._class_items()} endclass"
        if kind == "macro":
            return f"`define {self.name().upper()}({n}) {self.item().replace(chr(10), ' ')}"
        if kind == "bind":
            return f"module {f}; endmodule\nbind {self.known('module')} {f} {self.fresh()}();"
        return f"import {self.known('package')}::{self.one('*', 'C', 't')};"

    def _package_items(self) -> str:
        n = self.name()
        if self.one("own", "own", "export") == "export":
            return f"import {self.known('package')}::*; export *::*;"
        return self.one(
            f"localparam int {n} = 5;",
            f"typedef logic [1:0] {n};",
            f"class {n}; static int C; endclass",
            f"function automatic int {n}(); return 3; endfunction",
            f"typedef enum {{ {n} }} {self.fresh()};",
        )

    def _class_items(self) -> str:
        n = self.name()
        kind = self.one("own", "interface", "class", "typedef")
        if kind == "own":
            return self.one(f"int {n};", f"typedef int {n};", f"function int {n}(); return 1; endfunction")
        known = self.known(kind)
        return f"virtual {known} {n};" if kind == "interface" else f"{known} {self.one(n, self.fresh())};"

    def _value(self) -> str:
        kind = self.one("1", "package", "parameter", "function", "typedef", "type", "name", "class")
        if kind in ("1", "name"):
            return "1" if kind == "1" else self.name()
        known = self.known("package" if kind in ("type", "class") else kind)
        return {
            "package": f"{known}::C",
            "parameter": known,
            "function": f"{known}(2)",
            "typedef": f"$bits({known})",
            "type": f"$bits({known}::t)",
            "class": f"{known}::c::C",
        }[kind]

    def _item(self, depth: int = 0) -> str:
        n, f = self.name(), self.fresh()
        kinds = ["instance", "instance", "interface", "value", "wire", "parameter", "type", "class", "hier", "function"]
        kinds += [
            "enum",
            "struct",
            "virtual",
            "package",
            "import",
            "typedef",
            "checker",
            "primitive",
            "ifdef",
            "escaped",
        ]
        if depth < 2:
            kinds += ["block", "for", "if", "nested", "initial"]
        kind = self.one(*kinds)
        if kind == "instance":
            p = self.one("", f" #(.W({self._value()}))", " #(3)")
            return f"{self.known('module')}{p} {self.one(n, f)}{self.one('', '[1:0]')}(.a(1'b0));"
        if kind == "interface":
            return f"{self.known('interface')} {self.one(n, f)}();"
        if kind == "value":
            return f"localparam int {f} = {self._value()};"
        if kind == "wire":
            return self.one(f"wire {n};", f"logic [2:0] {n};", f"int {n} = 3;")
        if kind == "parameter":
            return f"localparam int {n} = {self._value()};"
        if kind == "type":
            what = self.one("typedef", "package", "class", "name")
            t = self.name() if what == "name" else self.known(what) + ("" if what == "typedef" else "::t")
            return f"{t} {self.one(n, f)};"
        if kind == "class":
            if self.one("new", "known") == "new":
                return f"class {n}; {self._class_items()} endclass"
            return f"{self.known('class')} {f};"
        if kind == "hier":
            return self.one(f"wire {f} = {n}.x;", f"initial $display({n}.W);", f"wire {f} = {n}[0].x;")
        if kind == "function":
            return f"function automatic int {self.one(n, f)}(int {self.name()}); return {self._value()}; endfunction"
        if kind == "enum":
            return f"typedef enum {{ {n}, {f} }} {self.fresh()};"
        if kind == "struct":
            return f"struct packed {{ logic {n}; }} {f}; wire {self.fresh()} = {f}.{n};"
        if kind == "virtual":
            return f"virtual {self.one('', 'interface ')}{self.known('interface')}{self.one('', '.mp')} {f};"
        if kind == "package":
            return f"{self.known('package')}::{self.one('t', 'c')} {self.one(n, f)};"
        if kind == "import":
            return f"import {self.known('package')}::{self.one('*', 'C', 't')};"
        if kind == "typedef":
            what = self.one("int", "typedef", "class")
            return f"typedef {what if what == 'int' else self.known(what)} {self.one(n, f)};"
        if kind == "checker":
            return f"{self.known('checker')} {self.one(n, f)}(1'b0);"
        if kind == "primitive":
            return f"wire {f}; {self.known('primitive')} {self.one(n, '')}({f}, 1'b0);"
        if kind == "ifdef":
            other = f"\n`else\n{self.item(2)}" if self._draw(st.booleans()) else ""
            return f"\n`ifdef {self.one('on', n)}\n{self.item(2)}{other}\n`endif\n"
        if kind == "escaped":
            module = self.known("module")
            return self.one(f"wire \\{n} ;", f"\\{module}  {f}(.a(1'b0));")
        inner = self.item(depth + 1)
        if kind == "block":
            return f"if (1) begin : {n}\n {inner}\n end"
        if kind == "for":
            return f"for (genvar {n} = 0; {n} < 2; {n}++) begin : {self.one(f, self.name())}\n {inner}\n end"
        if kind == "if":
            return f"if ({self._value()}) begin : {self.one(n, f)}\n {inner}\n end else begin : {f}e\n {inner}\n end"
        if kind == "nested":
            return f"module {self.one(n, f)};\n {inner}\n endmodule"
        return f"initial begin : {self.one(n, f)} int {self.name()}; $display({self._value()}); end"
