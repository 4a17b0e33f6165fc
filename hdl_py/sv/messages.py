"""What Verilator said, kept until somebody knows the user's lines."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.sv.linemap import LineMap, translate
from hdl_py.text.position import Position

_COMPLAINT = re.compile(r"%(?:Error|Warning)")
_SUM = re.compile(r"%Error: Exiting due to \d+ ")
_PLACE = re.compile(r"([^\s:'\"()]+):\d+")


@dataclass(frozen=True)
class MessageLog:
    """The messages of one verilation, with lines of isolated texts.

    Attributes:
        failed: whether there is no model.
        text: what to print.
        sources: the isolated sources, as the text names them.
    """

    failed: bool
    text: str
    sources: tuple[str, ...]

    def to_json(self) -> str:
        """The file's text."""
        return json.dumps(asdict(self), indent=1) + "\n"

    def shown(self, maps: Mapping[str, LineMap]) -> str:
        """The text with the user's files and lines.

        Args:
            maps: line maps by the name of the isolated source, without its folder.
        """
        return translate(self.text, {s: maps[PurePath(s).name] for s in self.sources if PurePath(s).name in maps})


def log_from_json(text: str, path: str) -> MessageLog:
    """Reads what `MessageLog.to_json` wrote.

    Raises:
        HdlError: not such a file.
    """
    try:
        data = json.loads(text)
        return MessageLog(bool(data["failed"]), str(data["text"]), tuple(map(str, data["sources"])))
    except (ValueError, KeyError, TypeError) as error:
        message = f"these are no messages of sv_verilate ({error!r})"
        raise HdlError([Diagnostic(Position(path), "bad-messages", message)], EXIT_USAGE) from error


def blames_the_sources(output: str, sources: Collection[str]) -> bool:
    """Whether a failure is that of the sources alone, so that it comes again wherever they are verilated.

    A full disk or an unknown option names no line of them.

    Args:
        output: what Verilator printed before it failed.
        sources: the paths that it was given.
    """
    complaints = [line for line in output.splitlines() if _COMPLAINT.match(line) and not _SUM.match(line)]
    placed = [line for line in complaints if any(file in sources for file in _PLACE.findall(line))]
    return bool(placed) and all(line in placed for line in complaints if line.startswith("%Error"))


def needed_maps(log: MessageLog, maps: Sequence[str]) -> tuple[str, ...]:
    """Those of the line maps that the messages need: none, where there is nothing to say."""
    names = {PurePath(source).name.removesuffix(".sv") for source in log.sources if log.text}
    return tuple(path for path in maps if PurePath(path).name.removesuffix(".map") in names)
