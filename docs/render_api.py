"""Renders what Bazel's starlark_doc_extract says of our .bzl files as Markdown.

Its output is the protocol buffer `ModuleInfo` of Bazel's stardoc_output.proto.
Five messages of strings need no library to read: a field is a key (number and
wire type) and a value (https://protobuf.dev/programming-guides/encoding/).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_TYPES = {
    1: "name", 2: "int", 3: "label", 4: "string", 5: "list of strings", 6: "list of ints", 7: "list of labels",
    8: "bool", 9: "dict: label to string", 10: "dict: string to string", 11: "dict: string to list of strings",
    12: "output", 13: "list of outputs",
}  # fmt: skip


@dataclass(frozen=True)
class Message:
    """A protocol buffer message, not yet interpreted."""

    data: bytes

    def fields(self) -> Iterator[tuple[int, int | bytes]]:
        """Each field's number and value: a number, or the bytes of a string or message."""
        at = 0
        while at < len(self.data):
            key, at = _varint(self.data, at)
            if key & 7 == 0:
                value, at = _varint(self.data, at)
                yield key >> 3, value
            elif key & 7 == 2:
                size, at = _varint(self.data, at)
                yield key >> 3, self.data[at : at + size]
                at += size
            else:
                raise ValueError(f"wire type {key & 7} at byte {at} is none that ModuleInfo uses")

    def text(self, number: int) -> str:
        """A string field; empty where it is missing."""
        return next((v.decode() for n, v in self.fields() if n == number and isinstance(v, bytes)), "")

    def number(self, number: int) -> int:
        """A number field; 0 where it is missing."""
        return next((v for n, v in self.fields() if n == number and isinstance(v, int)), 0)

    def messages(self, number: int) -> list[Message]:
        """A repeated message field."""
        return [Message(v) for n, v in self.fields() if n == number and isinstance(v, bytes)]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        shift += 7
        at += 1
        if byte < 0x80:
            return value, at


def render(modules: list[bytes]) -> str:
    """The Markdown page for the extracts of some .bzl files, in their order."""
    out = ["<!-- Made by `./bazelw run //docs:update`. -->", "# Rules and providers", ""]
    for data in modules:
        module = Message(data)
        out += [f"## `{module.text(6).removeprefix('@@')}`", "", module.text(5).strip(), ""]
        for rule in module.messages(1):
            out += [f"### {rule.text(1)}", "", rule.text(2).strip(), ""]
            out += _table(("attribute", "type", "default", "meaning"), map(_attribute, rule.messages(3)))
        for function in module.messages(3):
            out += _function(function)
        for provider in module.messages(2):
            out += [f"### {provider.text(1)}", "", provider.text(2).strip(), ""]
            out += _table(("field", "meaning"), ((f"`{f.text(1)}`", f.text(2)) for f in provider.messages(3)))
    return "\n".join(out).rstrip() + "\n"


def _function(function: Message) -> list[str]:
    name = function.text(1)
    out = [f"### {name}", "", function.text(3).strip(), ""]
    rows = [(f"`{p.text(1)}`", p.text(2)) for p in function.messages(2)]
    return out + _table(("parameter", "meaning"), rows)


def _attribute(attribute: Message) -> tuple[str, str, str, str]:
    default = "required" if attribute.number(4) else f"`{attribute.text(6)}`"
    return f"`{attribute.text(1)}`", _TYPES.get(attribute.number(3), "?"), default, attribute.text(2)


def _table(head: tuple[str, ...], rows: object) -> list[str]:
    lines = [_row(head), _row(("---",) * len(head))]
    lines += [_row(row) for row in rows]  # type: ignore[attr-defined]
    return [*lines, ""]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
