"""A second opinion on each place, by a grammar that shares no line with ours: tree-sitter-vhdl.

Scanner and parser here are the ground truth for where names are. What kind of
place a name has, two parsers must agree on, or the name stays unproven.
"""

from __future__ import annotations

from functools import cached_property

import tree_sitter_vhdl
from tree_sitter import Language, Node, Parser

from hdl_py.mangle.model import Role
from hdl_py.vhdl.neutral import neutral_view
from hdl_py.vhdl.proof import Doubt, Proof, Verdict
from hdl_py.vhdl.syntax.tree import ParsedFile, Place

_WRAPPERS = frozenset(("name", "selection"))
_CATEGORIES: dict[tuple[str, str], str] = {
    ("entity_declaration", "entity"): "unit",
    ("end_entity", "entity"): "unit",
    ("package_declaration", "package"): "unit",
    ("package_instantiation_declaration", "package"): "unit",
    ("package_instantiation_declaration", ""): "new package",
    ("interface_package_declaration", "package"): "other",
    ("interface_package_declaration", "generic"): "other",
    ("interface_package_declaration", ""): "new package",
    ("end_package", "package"): "unit",
    ("package_definition", "package"): "body",
    ("end_package_body", "package"): "body",
    ("configuration_declaration", "configuration"): "unit",
    ("end_configuration", "configuration"): "unit",
    ("configuration_declaration", "entity"): "of entity",
    ("context_declaration", ""): "unit",
    ("end_context", ""): "unit",
    ("architecture_definition", "entity"): "of entity",
    ("architecture_definition", "architecture"): "label",
    ("end_architecture", "architecture"): "label",
    ("component_declaration", "component"): "component",
    ("end_component", "component"): "component",
    ("component_instantiation_statement", "component"): "instance",
    ("instantiated_unit", "component"): "instance",
    ("instantiated_unit", "entity"): "entity aspect",
    ("instantiated_unit", "configuration"): "configuration aspect",
    ("instantiated_unit", "architecture"): "label",
    ("entity_aspect", "entity"): "entity aspect",
    ("entity_aspect", "configuration"): "configuration aspect",
    ("entity_aspect", "architecture"): "label",
    ("component_specification", ""): "component specification",
    ("component_specification", "component"): "component specification",
    ("instantiation_list", ""): "label",
    ("block_configuration", ""): "label",
    ("logical_name_list", "library"): "library",
    ("attribute_specification", "attribute"): "attribute",
    ("attribute_declaration", "attribute"): "attribute",
    ("attribute", "attribute"): "attribute",
    ("entity_designator", ""): "attributed",
    ("pathname_element", ""): "external",
    ("partial_pathname", ""): "external",
    ("package_pathname", ""): "external",
    ("package_pathname", "library"): "external",
    ("package_pathname", "package"): "external",
}
"""(parent, field of the name in it) to what the place is; names with dots are looked through."""

_ALLOWED: dict[Place, frozenset[str]] = {
    Place.DECLARATION: frozenset(("other", "label", "attribute", "unit", "body", "component alias")),
    Place.UNIT: frozenset(("unit",)),
    Place.LABEL: frozenset(("label", "other")),
    Place.OPERAND: frozenset(("other", "call", "attribute")),
    Place.GENERIC_ACTUAL: frozenset(("other", "attribute")),
    Place.USE: frozenset(("use",)),
    Place.CONTEXT: frozenset(("context",)),
    Place.LIBRARY: frozenset(("library",)),
    Place.OF_ENTITY: frozenset(("of entity",)),
    Place.BODY_OF: frozenset(("body",)),
    Place.ENTITY_ASPECT: frozenset(("entity aspect",)),
    Place.CONFIGURATION_ASPECT: frozenset(("configuration aspect",)),
    Place.COMPONENT: frozenset(("component",)),
    Place.INSTANCE: frozenset(("instance",)),
    Place.INSTANCE_OR_CALL: frozenset(("call", "instance")),
    Place.COMPONENT_SPECIFICATION: frozenset(("component specification",)),
    Place.NEW_PACKAGE: frozenset(("new package",)),
    Place.ATTRIBUTED: frozenset(("attributed",)),
    Place.ATTRIBUTE: frozenset(("attribute",)),
    Place.GROUP: frozenset(("other",)),
    Place.ALIAS: frozenset(("other", "attribute")),
    Place.EXTERNAL: frozenset(("external",)),
}


class SecondOpinion:
    """What tree-sitter makes of one reading of a file."""

    def __init__(self, data: bytes, file: ParsedFile) -> None:
        self._data = data
        self._file = file

    @cached_property
    def _root(self) -> Node:
        parser = Parser(Language(tree_sitter_vhdl.language()))
        return parser.parse(neutral_view(self._data, self._file)).root_node

    @cached_property
    def _psl(self) -> frozenset[int]:
        return frozenset(t for first, last in self._file.psl for t in range(first, last))

    def check(self, at: int, verdict: Verdict) -> Verdict:
        """The verdict if both parsers agree on the token's place, else a doubt."""
        if not isinstance(verdict, Proof):
            return verdict
        if at in self._psl:
            agrees, seen = self._in_psl(at), "something else"
        else:
            seen = self.category(at)
            agrees = self._agrees(at, seen, verdict)
        if agrees:
            return verdict
        place = Place(self._file.place[at]).name.lower().replace("_", " ")
        return Doubt(
            "second-opinion",
            f"this name is in a place that one parser takes for '{place}' ({verdict.position}) and the other for "
            f"'{seen}'; expected agreement; write the statement in a plainer form",
        )

    def _agrees(self, at: int, seen: str, verdict: Proof) -> bool:
        place = Place(self._file.place[at])
        if at > 0 and self._file.tokens.word[at - 1] == b"'" and seen == "attribute":
            return verdict.role is Role.INERT
        if place is Place.END:
            if verdict.role is Role.END_LABEL:
                return seen in ("unit", "body", "component")
            return seen in ("other", "label", "unit", "body", "component")
        return seen in _ALLOWED.get(place, frozenset())

    def category(self, at: int) -> str:
        """What kind of place tree-sitter sees."""
        start, end = self._file.tokens.start[at], self._file.tokens.end[at]
        cursor = self._root.walk()
        path: list[tuple[str, str]] = []
        # Down from the root, since a step up costs as much as the node is deep.
        while (parent := cursor.node) is not None and cursor.goto_first_child_for_byte(start) is not None:
            if parent.type == "ERROR":
                return "an error"
            path.append((parent.type, cursor.field_name or ""))
        node = cursor.node
        if node is None or (node.start_byte, node.end_byte) != (start, end):
            return "no name"
        return _category(path[:-5:-1])

    def _in_psl(self, at: int) -> bool:
        """tree-sitter has no PSL: there the words before a name stand in for the second opinion."""
        words = self._file.tokens.word
        place = Place(self._file.place[at])
        first = at
        while words[first - 1] == b"." and first > 1:
            first -= 2
        before = words[first - 1]
        if place is Place.UNIT:
            return before in (b"vunit", b"vprop", b"vmode", b"vpkg")
        if place is Place.PSL_TARGET:
            return before == b"(" and words[first - 3] in (b"vunit", b"vprop", b"vmode")
        if place is Place.PSL_UNIT:
            return before in (b"inherit", b"vunit", b",")
        return place in (
            Place.OPERAND,
            Place.DECLARATION,
            Place.LABEL,
            Place.END,
            Place.ATTRIBUTE,
            Place.ATTRIBUTED,
            Place.INSTANCE_OR_CALL,
        )


def _category(path: list[tuple[str, str]]) -> str:
    at = 0
    while at < len(path) - 1 and path[at][0] in _WRAPPERS:
        at += 1
    kind, field = path[at]
    found = _CATEGORIES.get((kind, field))
    if found:
        return found
    if kind == "selected_name":
        outer = [p[0] for p in path[at:]]
        return "use" if "use_clause" in outer else "context" if "context_reference" in outer else "other"
    if kind == "concurrent_procedure_call_statement" or kind == "procedure_call_statement":
        return "call"
    return "other"
