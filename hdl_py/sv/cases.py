"""Small multi-target examples as text, for documentation and tests.

A line `@ LABEL FILE [key=value …]` starts a file of a target; the lines up to
the next such line are its content. Targets stand in dependency order; a file of
a label seen before belongs to that target. Keys:

    hdr                  a header that the target lists and exports
    unlisted             a file that exists but that no target lists
    encoding=NAME        how the content is written: a codec, or `escapes`
    kind, standard, unit, deps, exports, waive, include, define, limit, report_unused
                         as on the target; lists split at commas
    top, parameter, clock, reset, timescale
                         the target is a design as well
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_FLAGS = ("hdr", "unlisted", "report_unused")


@dataclass(frozen=True)
class CaseFile:
    """A file of an example.

    Attributes:
        path: its path.
        data: its bytes.
        role: `src`, `hdr` or `unlisted`.
    """

    path: str
    data: bytes
    role: str


@dataclass(frozen=True)
class CaseTarget:
    """A target of an example.

    Attributes:
        label: its label.
        files: its files in order.
        settings: the keys given with any of its files.
    """

    label: str
    files: tuple[CaseFile, ...]
    settings: Mapping[str, str] = field(default_factory=dict)

    def listed(self, key: str) -> tuple[str, ...]:
        """A setting that is a list."""
        value = self.settings.get(key, "")
        return tuple(value.split(",")) if value else ()


def parse_case(text: str) -> list[CaseTarget]:
    """The targets of an example, in order.

    Raises:
        ValueError: not such text.
    """
    files: dict[str, list[CaseFile]] = {}
    settings: dict[str, dict[str, str]] = {}
    for block in ("\n" + text).split("\n@ ")[1:]:
        head, _, content = block.partition("\n")
        label, path, *words = head.split()
        keys = settings.setdefault(label, {})
        role, encoding = "src", "utf-8"
        for word in words:
            key, separator, value = word.partition("=")
            if key in ("hdr", "unlisted"):
                role = key
            elif key == "encoding":
                encoding = value
            elif separator or key in _FLAGS:
                keys[key] = value
            else:
                raise ValueError(f"unknown key {word!r} in {head!r}")
        # The line end before the next `@` belongs to the content.
        content += "" if content.endswith("\n") or not content else "\n"
        if encoding == "escapes":
            data = content.encode().decode("unicode_escape").encode("latin-1")
        else:
            data = content.encode(encoding)
        files.setdefault(label, []).append(CaseFile(path, data, role))
    if not files:
        raise ValueError("an example needs a line `@ LABEL FILE`")
    return [CaseTarget(label, tuple(f), settings[label]) for label, f in files.items()]
