"""The header of a module out of its unit's interface file."""

from __future__ import annotations

from typing import Any

import pyslang
from pyslang.syntax import SyntaxKind, SyntaxTree

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.text.position import Position


def module_header(path: str, text: bytes, module: str) -> str:
    """The text of a stub from its `module` keyword up to its `endmodule`, which is left out.

    Args:
        path: for messages.
        text: an interface file, whose modules are stubs.
        module: the module's name.

    Raises:
        HdlError: the file has no such module.
    """
    source = text.decode("utf-8", "surrogateescape")
    tree = SyntaxTree.fromText(source, pyslang.SourceManager(), path, path)
    for node in _members(tree.root):
        if node.kind == SyntaxKind.ModuleDeclaration and node.header.name.valueText == module:
            # Offsets count bytes: cut before decoding.
            start = node.header.moduleKeyword.location.offset
            return text[start : node.endmodule.location.offset].decode("utf-8", "surrogateescape")
    message = f"the interface file has no module {module}"
    fix = "give the interface file of the unit that defines it"
    raise HdlError([Diagnostic(Position(path), "no-header", message, fix)])


def _members(root: Any) -> list[Any]:
    return list(root.members) if root.kind == SyntaxKind.CompilationUnit else [root]
