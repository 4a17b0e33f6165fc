"""Places of other units' names, read from their maps when a message needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hdl_py.sv.linemap import parse_line_map
from hdl_py.text.position import Position


class LazyPlaces(Mapping[str, Mapping[str, Position]]):
    """The places of each unit's definitions, items and macros, by label and name.

    A map changes with every comment of its unit, so that nothing but an error
    message may depend on one: it is read when it is asked for.
    """

    def __init__(self, paths: Mapping[str, str], read: Callable[[str], bytes]) -> None:
        """
        Args:
            paths: the map of each label.
            read: a path to the file's bytes.
        """
        self._paths = paths
        self._read = read

    def __getitem__(self, label: str) -> Mapping[str, Position]:
        path = self._paths[label]
        parsed = parse_line_map(self._read(path).decode("utf-8", "surrogateescape"), path)
        return {name: position for (_kind, name), position in parsed.names.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
