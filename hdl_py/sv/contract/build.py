"""Walks an elaborated unit and makes its items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyslang.ast import ArgumentDirection, SymbolKind

from hdl_py.sv.contract import calls
from hdl_py.sv.contract.causes import Cause
from hdl_py.sv.contract.children import Child, child_items, matching
from hdl_py.sv.contract.expressions import evaluate
from hdl_py.sv.contract.items import Event, Item, Kind
from hdl_py.sv.contract.machine import Machine
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.contract.ports import Port, read_ports
from hdl_py.sv.contract.primitives import run_gate
from hdl_py.sv.contract.processes import ProcessReader
from hdl_py.sv.contract.scan import Mentions, Scanner
from hdl_py.sv.contract.stores import store
from hdl_py.sv.contract.systemtasks import words
from hdl_py.sv.contract.variables import Variables
from hdl_py.sv.ports_reader import Reader

_INERT = words(
    """
    Port MultiPort InterfacePort Parameter TypeParameter TypeAlias Genvar ForwardingTypedef ExplicitImport
    WildcardImport StatementBlock Subroutine EmptyMember Attribute TransparentMember Modport
    MethodPrototype ClassType GenericClassDef LetDecl Sequence Property DefParam Specparam ElabSystemTask
    SpecifyBlock NetType TimingPath PulseStyle SystemTimingCheck AssertionPort CovergroupType ConfigBlock
    AnonymousProgram
    """
)
"""Members that drive nothing. Verilator ignores specify blocks; delays in them have no effect."""


@dataclass
class Unit:
    """What the walk found.

    Attributes:
        variables: every variable met.
        items: in order of the walk.
        causes: what was seen without running anything.
        ports: of the unit itself.
        children: the boundaries among its instances.
    """

    variables: Variables
    items: list[Item]
    causes: list[Cause]
    ports: tuple[Port, ...]
    children: list[Child]


class Builder:
    """Makes the items of one elaborated unit."""

    def __init__(self, reader: Reader, contracts: Mapping[str, Sequence[UnitContract]], top: str) -> None:
        self.reader = reader
        self.contracts = contracts
        self.top = top
        self.variables = Variables()
        self.scanner = Scanner(self.variables)
        self.items: list[Item] = []
        self.causes: list[Cause] = []
        self.children: list[Child] = []
        self.scopes: list[Any] = []
        self.processes = ProcessReader(self)

    def cause(self, code: str, location: Any, subject: str) -> None:
        """Notes a cause."""
        self.causes.append(Cause(None if location is None else self.reader.position(location), code, subject))

    def add(
        self,
        kind: Kind,
        what: str,
        location: Any,
        mentions: Mentions,
        run: Callable[[Machine], None] | None,
        events: tuple[Event, ...] = (),
        child: int | None = None,
        procedural: bool = False,
    ) -> Item:
        """Adds an item."""
        item = Item(len(self.items), kind, what, location, mentions, run, procedural, events, child=child)
        self.items.append(item)
        return item

    def build(self, body: Any) -> Unit:
        """Walks the unit's own body."""
        ports = read_ports(self, body)
        self.scope(body)
        return Unit(self.variables, self.items, self.causes, ports, self.children)

    # -- members

    def scope(self, scope: Any) -> None:
        """All members of a body or generate block (IEEE 1800-2023 23.2.4)."""
        self.scopes.append(scope)
        for member in scope:
            self.member(member)
        self.scopes.pop()

    def member(self, m: Any) -> None:
        """One member."""
        kind = m.kind.name
        if kind in _INERT:
            return
        walker = getattr(self, f"_{kind}", None)
        if walker is None:
            self.cause("unknown-construct", m.location, f"{kind} {m.name}".strip())
            return
        walker(m)

    def _GenerateBlock(self, m: Any) -> None:
        if not m.isUninstantiated:
            self.scope(m)

    def _GenerateBlockArray(self, m: Any) -> None:
        for entry in m.entries:
            self.member(entry)

    def _InstanceArray(self, m: Any) -> None:
        for element in m.elements:
            self.member(element)

    def _ContinuousAssign(self, m: Any) -> None:
        assignment = m.assignment
        if m.delay is not None:
            self.cause("delay", m.location, "a delay in a continuous assignment")
        if _strong(m):
            self.cause("strength", m.location, "a continuous assignment")
        mentions = self.scanner.scan(assignment)

        def run(machine: Machine) -> None:
            evaluate(machine, assignment)

        self.add(
            Kind.COMBINATIONAL,
            "continuous assignment",
            assignment.sourceRange.start,
            mentions,
            run,
        )

    def _Net(self, m: Any) -> None:
        number = self.variables.number(m)
        if m.delay is not None:
            self.cause("delay", m.location, f"a delay of the net {m.name}")
        kind = m.netType.netKind.name
        if kind in ("TriReg", "UserDefined", "Interconnect"):
            self.cause("net-type", m.location, m.name)
        start = m.initializer
        if start is None:
            return
        mentions = self.scanner.scan(start)
        mentions.writes.add(number)
        mentions.statements += 1
        type_ = m.type

        def run(machine: Machine) -> None:
            machine.write(machine.whole(number), calls.fitted(evaluate(machine, start), start.type, type_))

        self.add(Kind.COMBINATIONAL, "net declaration", m.location, mentions, run)

    def _Variable(self, m: Any) -> None:
        number = self.variables.number(m)
        type_ = m.type
        if type_.isEvent:
            self.cause("named-event", m.location, m.name)
        if type_.isVirtualInterface:
            self.cause("virtual-interface", m.location, m.name)
        if type_.isCovergroup:
            self.cause("covergroup", m.location, m.name)
        start = m.initializer
        if start is None:
            return
        mentions = self.scanner.scan(start)
        mentions.writes.add(number)

        def run(machine: Machine) -> None:
            machine.write(machine.whole(number), calls.fitted(evaluate(machine, start), start.type, type_))

        self.add(Kind.START, "variable's start value", m.location, mentions, run)

    def _NetAlias(self, m: Any) -> None:
        self.cause("bidirectional", m.location, "alias")
        mentions = self.scanner.scan(*m.netReferences)
        mentions.writes |= mentions.reads
        self.add(Kind.FREE, "alias", m.location, mentions, None)

    def _ClockingBlock(self, m: Any) -> None:
        if any(member.kind == SymbolKind.ClockVar for member in m):
            self.cause("clocking", m.location, m.name)

    def _CheckerInstance(self, m: Any) -> None:
        self.cause("checker", m.location, m.name)

    def _UninstantiatedDef(self, m: Any) -> None:
        self.cause("unknown-module", m.location, f"the module {m.definitionName} of the instance {m.name}")

    def _ProceduralBlock(self, m: Any) -> None:
        self.processes.read(m)

    def _PrimitiveInstance(self, m: Any) -> None:
        name = m.primitiveType.name
        if m.delay is not None:
            self.cause("delay", m.location, f"a delay of the gate {m.name or name}")
        if _strong(m):
            self.cause("strength", m.location, f"the gate {m.name or name}")
        connections = list(m.portConnections)
        mentions = self.scanner.scan(*connections)
        if "tran" in name:
            self.cause("bidirectional", m.location, name)
            for connection in connections[:2]:
                mentions.writes |= self.scanner.scan(connection).reads
            self.add(Kind.FREE, name, m.location, mentions, None)
            return
        if name == "pullup" or name == "pulldown":
            self.cause("strength", m.location, f"the gate {m.name or name}")
        gate = m.primitiveType
        if name not in _GATES and gate.isSequential:
            self.cause("sequential-primitive", m.location, name)
        self.add(
            Kind.COMBINATIONAL,
            f"gate {name}",
            m.location,
            mentions,
            lambda machine: run_gate(machine, name, connections),
        )

    # -- instances

    def _Instance(self, m: Any) -> None:
        definition = m.definition
        kind = definition.definitionKind.name
        if kind == "Program":
            self.cause("program", m.location, m.name)
        contracts = self.contracts.get(definition.name)
        child = None
        if contracts is not None and kind == "Module":
            child = matching(self, m, contracts)
        for connection in m.portConnections:
            self._connect(m, connection)
        if child is not None:
            self.children.append(child)
            child_items(self, child, len(self.children) - 1)
        else:
            around, self.scopes = self.scopes, []
            self.scope(m.body)
            self.scopes = around

    def _connect(self, instance: Any, connection: Any) -> None:
        """One port connection (IEEE 1800-2023 23.3.3)."""
        port, actual = connection.port, connection.expression
        if port.kind == SymbolKind.InterfacePort:
            return
        if port.kind == SymbolKind.MultiPort or (port.kind == SymbolKind.Port and port.isNullPort):
            if actual is not None:
                what = f"the port {port.name} of the instance {instance.name} that joins several signals"
                self.cause("unknown-construct", instance.location, what)
            return
        if actual is None:
            actual = port.initializer
            if actual is None or port.direction != ArgumentDirection.In:
                return
        if port.direction in (ArgumentDirection.InOut, ArgumentDirection.Ref):
            self._join(instance, port, actual)
        elif port.direction == ArgumentDirection.In:
            self._feed(port, actual)
        else:
            self._drain(port, actual)

    def _inner(self, port: Any) -> tuple[Any, Any]:
        """The expression or symbol inside the instance that a port stands for."""
        inner = port.internalExpr
        return (inner, inner.type) if inner is not None else (None, port.internalSymbol.type)

    def _feed(self, port: Any, actual: Any) -> None:
        """An input: the expression outside drives the variable inside."""
        inner, type_ = self._inner(port)
        number = None if inner is not None else self.variables.number(port.internalSymbol)
        mentions = self.scanner.scan(actual)
        if inner is None:
            assert number is not None
            mentions.writes.add(number)
        else:
            mentions.writes |= self.scanner.scan(inner).reads

        def run(machine: Machine) -> None:
            value = calls.fitted(evaluate(machine, actual), actual.type, type_)
            if inner is not None:
                store(machine, inner, value)
            else:
                assert number is not None
                machine.write(machine.whole(number), value)

        self.add(Kind.COMBINATIONAL, f"connection of input {port.name}", actual.sourceRange.start, mentions, run)

    def _drain(self, port: Any, actual: Any) -> None:
        """An output: the variable inside drives the expression outside."""
        inner, type_ = self._inner(port)
        number = None if inner is not None else self.variables.number(port.internalSymbol)
        target = actual.left if hasattr(actual, "left") and hasattr(actual, "isLValueArg") else actual
        mentions = self.scanner.scan(target)
        mentions.writes |= mentions.reads
        if inner is not None:
            mentions.reads |= self.scanner.scan(inner).reads
        else:
            assert number is not None
            mentions.reads.add(number)

        def run(machine: Machine) -> None:
            if inner is not None:
                value = evaluate(machine, inner)
            else:
                assert number is not None
                value = machine.read(machine.whole(number), machine.variables.width(number))
            store(machine, target, calls.fitted(value, type_, target.type))

        self.add(Kind.COMBINATIONAL, f"connection of output {port.name}", target.sourceRange.start, mentions, run)

    def _join(self, instance: Any, port: Any, actual: Any) -> None:
        """An inout inside the unit: each side may drive the other, and the value settles without a register."""
        inner, _ = self._inner(port)
        number = None if inner is not None else self.variables.number(port.internalSymbol)
        target = actual.left if hasattr(actual, "left") and hasattr(actual, "isLValueArg") else actual
        mentions = self.scanner.scan(target)
        if number is not None:
            mentions.reads.add(number)
        if inner is not None:
            mentions.reads |= self.scanner.scan(inner).reads
        mentions.writes |= mentions.reads
        self.cause("bidirectional", instance.location, f"the inout port {port.name} of the instance {instance.name}")
        self.add(Kind.FREE, f"connection of inout {port.name}", instance.location, mentions, None)


_GATES = words(
    """
    and nand or nor xor xnor buf not bufif0 bufif1 notif0 notif1 nmos pmos rnmos rpmos cmos rcmos
    """
)


def _strong(m: Any) -> bool:
    """Whether a driver has a strength. The bindings can't show which, only that there is one."""
    try:
        return any(s is not None for s in m.driveStrength)
    except TypeError:
        return True
