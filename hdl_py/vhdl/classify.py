"""The role of each identifier that a plan renames, proven from where it stands and what it means there."""

from __future__ import annotations

from collections.abc import Callable

from hdl_py.vhdl.judge_names import NameJudge
from hdl_py.vhdl.judge_units import UnitJudge
from hdl_py.vhdl.lexer import Kind
from hdl_py.vhdl.proof import Verdict, inert, unproven
from hdl_py.vhdl.syntax.tree import Place


class Judge(UnitJudge, NameJudge):
    """Proves the places of one file of one core."""

    def _judge(self, at: int) -> Verdict:
        if at > 0 and self._tokens.kind[at - 1] == Kind.TICK:
            return inert("attribute after a tick")
        return _PLACES[Place(self._file.place[at])](self, at)

    # Places with one possible role

    def _declaration(self, at: int) -> Verdict:
        return inert("declaration of another name")

    def _label(self, at: int) -> Verdict:
        return inert("label or architecture")

    def _library_clause(self, at: int) -> Verdict:
        return inert("library clause")

    def _attribute(self, at: int) -> Verdict:
        return inert("attribute's name")

    def _nowhere(self, at: int) -> Verdict:
        return unproven("a reserved word or an unknown place", "a place of an identifier", "rename it")


_PLACES: dict[Place, Callable[[Judge, int], Verdict]] = {
    Place.NONE: Judge._nowhere,
    Place.DECLARATION: Judge._declaration,
    Place.UNIT: Judge._unit,
    Place.END: Judge._end,
    Place.LABEL: Judge._label,
    Place.OPERAND: Judge._operand,
    Place.GENERIC_ACTUAL: Judge._bare_unit,
    Place.USE: Judge._use,
    Place.CONTEXT: Judge._context,
    Place.LIBRARY: Judge._library_clause,
    Place.OF_ENTITY: Judge._of_entity,
    Place.BODY_OF: Judge._body_of,
    Place.ENTITY_ASPECT: Judge._entity_aspect,
    Place.CONFIGURATION_ASPECT: Judge._configuration_aspect,
    Place.COMPONENT: Judge._component,
    Place.INSTANCE: Judge._instance,
    Place.INSTANCE_OR_CALL: Judge._instance_or_call,
    Place.COMPONENT_SPECIFICATION: Judge._component_specification,
    Place.NEW_PACKAGE: Judge._new_package,
    Place.ATTRIBUTED: Judge._attributed,
    Place.ATTRIBUTE: Judge._attribute,
    Place.GROUP: Judge._bare_unit,
    Place.ALIAS: Judge._bare_unit,
    Place.EXTERNAL: Judge._external,
    Place.PSL_TARGET: Judge._psl_target,
    Place.PSL_UNIT: Judge._psl_unit,
}
