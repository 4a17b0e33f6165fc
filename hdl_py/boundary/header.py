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
    start, end, _ = module_span(path, text, module)
    return text[start:end].decode("utf-8", "surrogateescape")


def module_span(path: str, text: bytes, module: str) -> tuple[int, int, int]:
    """Where a module stands in an interface file: offsets of `module` and `endmodule`, and behind the latter.

    Args:
        path: for messages.
        text: an interface file.
        module: the module's name.

    Raises:
        HdlError: the file has no such module.
    """
    source = text.decode("utf-8", "surrogateescape")
    tree = SyntaxTree.fromText(source, pyslang.SourceManager(), path, path)
    for node in _members(tree.root):
        if node.kind == SyntaxKind.ModuleDeclaration and node.header.name.valueText == module:
            # Offsets count bytes: the caller cuts before decoding.
            last = node.endmodule.location.offset
            return node.header.moduleKeyword.location.offset, last, last + len(b"endmodule")
    message = f"the interface file has no module {module}"
    fix = "give the interface file of the unit that defines it"
    raise HdlError([Diagnostic(Position(path), "no-header", message, fix)])


def _members(root: Any) -> list[Any]:
    return list(root.members) if root.kind == SyntaxKind.CompilationUnit else [root]
