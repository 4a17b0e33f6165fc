"""What one core sees of the design: whom a name means, and which names need a proof."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from functools import cached_property

from hdl_py.mangle.model import (
    Core,
    CoreId,
    Definition,
    Kind,
    Language,
    Plan,
    Resolution,
    fold,
    spelled_in_systemverilog,
)


def reach(core: Core, cores: Mapping[CoreId, Core]) -> tuple[Core, ...]:
    """The cores that `core` depends on, nearest first, each once, itself left out."""
    seen = {core.id}
    found: list[Core] = []
    queue = deque([core])
    while queue:
        for name, version in sorted(queue.popleft().depends.items()):
            next_id = CoreId(name, version)
            if next_id not in seen:
                seen.add(next_id)
                found.append(cores[next_id])
                queue.append(cores[next_id])
    return tuple(found)


class Design:
    """All cores with their definitions and the plan; hands out one `CoreScope` for each core."""

    def __init__(self, cores: Iterable[Core], definitions: Iterable[Definition], plan: Plan) -> None:
        self.cores = tuple(cores)
        self.plan = plan
        self.by_id = {core.id: core for core in self.cores}
        self.of_core: dict[CoreId, list[Definition]] = defaultdict(list)
        for d in definitions:
            self.of_core[d.core].append(d)

    def scope(self, core: Core) -> CoreScope:
        """What `core` sees."""
        return CoreScope(self, core)


class CoreScope:
    """`hdl_py.mangle.model.Scope` for one core."""

    def __init__(self, design: Design, core: Core) -> None:
        self._design = design
        self._core = core
        self._candidates: dict[tuple[str, frozenset[Kind]], tuple[Definition, ...]] = {}
        self._resolutions: dict[tuple[str, frozenset[Kind]], Resolution] = {}

    @property
    def core(self) -> Core:
        """The core that looks."""
        return self._core

    @property
    def cores(self) -> tuple[Core, ...]:
        """All cores of the design."""
        return self._design.cores

    @property
    def plan(self) -> Plan:
        """All renames of the design."""
        return self._design.plan

    @cached_property
    def reachable(self) -> tuple[Core, ...]:
        """The cores that this one depends on, nearest first."""
        return reach(self._core, self._design.by_id)

    @cached_property
    def names(self) -> frozenset[str]:
        """The renamed definitions' names, as this core's language compares them."""
        return frozenset(fold(d.name, self._core.language) for d in self.plan.renames if d.kind is not Kind.MACRO)

    @cached_property
    def _visible(self) -> tuple[dict[str, list[Definition]], dict[str, list[Definition]]]:
        """Definitions by exact name, and by name without case."""
        exact: dict[str, list[Definition]] = defaultdict(list)
        loose: dict[str, list[Definition]] = defaultdict(list)
        for core in (self._core, *self.reachable):
            for d in self._design.of_core[core.id]:
                exact[d.folded].append(d)
                loose[fold(d.name, Language.VHDL)].append(d)
                if self._core.language is Language.SYSTEMVERILOG and d.name.startswith("\\"):
                    exact[spelled_in_systemverilog(d.name)].append(d)
        return exact, loose

    def candidates(self, name: str, kinds: Iterable[Kind] = ()) -> tuple[Definition, ...]:
        """Definitions in this core and what it reaches that a name may mean.

        Case counts only between SystemVerilog and SystemVerilog. Where a spelling matches
        one definition exactly, those that match it only without case are left out.
        """
        key = (name, frozenset(kinds))
        if key not in self._candidates:
            self._candidates[key] = self._find(*key)
        return self._candidates[key]

    def _find(self, name: str, wanted: frozenset[Kind]) -> tuple[Definition, ...]:
        exact, loose = self._visible
        looks_folded = self._core.language is Language.VHDL
        found = loose.get(fold(name, Language.VHDL), [])
        if not looks_folded:
            found = [d for d in found if d.name == name or d.language is Language.VHDL]
            same = [d for d in exact.get(name, ()) if spelled_in_systemverilog(d.name) == name]
            found = same or found
        if not wanted:
            return tuple(d for d in found if d.kind is not Kind.MACRO)
        return tuple(d for d in found if d.kind in wanted)

    def resolve(self, name: str, kinds: Iterable[Kind] = ()) -> Resolution:
        """The one definition that a proven reference means; see `model.Scope.resolve`."""
        key = (name, frozenset(kinds))
        if key not in self._resolutions:
            self._resolutions[key] = self._resolve(*key)
        return self._resolutions[key]

    def _resolve(self, name: str, kinds: frozenset[Kind]) -> Resolution:
        found = self.candidates(name, kinds)
        if not found:
            return self._undeclared(name, kinds)
        by_core_name: dict[str, list[Definition]] = defaultdict(list)
        for d in found:
            by_core_name[d.core.name].append(d)
        if len(by_core_name) > 1:
            return Resolution(
                None,
                "ambiguous-name",
                f"'{name}' may be {_several(found)}, and {self._core.id} depends on all of them; "
                "rename one, or drop the dependency that isn't meant",
            )
        group = next(iter(by_core_name.values()))
        versions = {d.core.version for d in group}
        wanted = self._core.depends.get(group[0].core.name)
        if self._core.id in {d.core for d in group} and len(versions) > 1:
            return Resolution(
                None,
                "ambiguous-version",
                f"'{name}' is defined by {self._core.id} itself and by another version that it depends on: "
                f"{_several(group)}; let a third core use both",
            )
        if wanted is not None and self._core.id not in {d.core for d in group}:
            group = [d for d in group if d.core.version == wanted]
            if not group:
                return self._undeclared(name, kinds)
        elif len(versions) > 1:
            paths = "; ".join(
                f"{v} through {' -> '.join(map(str, self.path_to(CoreId(group[0].core.name, v))))}"
                for v in sorted(versions)
            )
            return Resolution(
                None,
                "ambiguous-version",
                f"the dependencies of {self._core.id} lead to several versions of '{name}' ({paths}); "
                f'add the one that is meant to "depends": {{"{group[0].core.name}": "…"}}',
            )
        if len(group) > 1:
            return Resolution(None, "ambiguous-name", f"'{name}' may be {_several(group)}; rename one of them")
        return Resolution(group[0])

    def path_to(self, target: CoreId) -> tuple[CoreId, ...]:
        """The shortest way along `depends` from this core, both ends included; empty if none."""
        before: dict[CoreId, CoreId | None] = {self._core.id: None}
        queue = deque([self._core.id])
        while queue:
            at = queue.popleft()
            if at == target:
                path = [at]
                while (step := before[path[-1]]) is not None:
                    path.append(step)
                return tuple(reversed(path))
            for name, version in sorted(self._design.by_id[at].depends.items()):
                if (next_id := CoreId(name, version)) not in before:
                    before[next_id] = at
                    queue.append(next_id)
        return ()

    def _undeclared(self, name: str, kinds: frozenset[Kind]) -> Resolution:
        owners = sorted(
            {
                d.core
                for ds in self._design.of_core.values()
                for d in ds
                if self._may_mean(name, d) and (not kinds or d.kind in kinds)
            }
            - {self._core.id}
        )
        choices = " or ".join(f'"{o.name}": "{o.version}"' for o in owners)
        return Resolution(
            None,
            "undeclared-dependency",
            f"{self._core.id} uses '{name}' but depends on no core that defines it; "
            + (f'add {choices} to its "depends"' if choices else "add the core that defines it to the request"),
        )

    def _may_mean(self, name: str, d: Definition) -> bool:
        """Whether a name in this core would mean a definition if the core depended on it."""
        if self._core.language is d.language is Language.SYSTEMVERILOG:
            return d.name == name
        return Language.VHDL in (self._core.language, d.language) and (
            fold(d.name, Language.VHDL) == fold(name, Language.VHDL) or spelled_in_systemverilog(d.name) == name
        )


def _several(found: Iterable[Definition]) -> str:
    return " or ".join(f"the {d.kind} of {d.core} ({d.position})" for d in found)
