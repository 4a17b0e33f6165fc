"""Names that cross languages: crates, Rust identifiers, and the members Verilator makes.

Every rule here is total and stable: one input gives one output, and two inputs
never silently give the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from hdl_py.errors import Diagnostic, HdlError


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


RUST_KEYWORDS = word_set(
    """
    as async await break const continue dyn else enum extern false fn for gen if impl in let loop match mod
    move mut pub ref return static struct trait true type unsafe use where while abstract become box do
    final macro override priv try typeof unsized virtual yield
    """
)
"""Keywords of any edition up to 2024 that `r#` makes identifiers of."""

RUST_RESERVED = word_set(
    """
    self Self super crate _
    """
)
"""Words that not even `r#` makes identifiers of."""


def sanitise(name: str) -> str:
    """`name` with everything but ASCII letters, digits and `_` replaced by `_`."""
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


def crate_base(name: str) -> str:
    """The base of a crate's name: sanitised, `ext_` before a leading digit.

    >>> crate_base("3to8-decoder")
    'ext_3to8_decoder'
    """
    base = sanitise(name) or "_"
    return f"ext_{base}" if base[0].isdigit() else base


def unique_bases(names: Sequence[str]) -> tuple[str, ...]:
    """A base for each name, all different, in the order given.

    The first use of a base keeps it. A later one gets the first of `_2`, `_3`,
    … that no name of the whole sequence asks for, so that adding `fifo_2` to
    two `fifo` never changes what `fifo_2` means. Bases that differ only in case
    count as the same: they are folder names.
    """
    bases = [crate_base(name) for name in names]
    taken = {base.casefold() for base in bases}
    used: set[str] = set()
    out = []
    for base in bases:
        chosen, number = base, 2
        while chosen.casefold() in used or (number > 2 and chosen.casefold() in taken):
            chosen, number = f"{base}_{number}", number + 1
        used.add(chosen.casefold())
        out.append(chosen)
    return tuple(out)


def crate_name(base: str) -> str:
    """The crate of a base, and the prefix of its symbols."""
    return f"verilated_{base}"


def check_crate_names(names: Iterable[str]) -> None:
    """Refuse crates that can't be linked into one program.

    Raises:
        HdlError: a name is no Rust crate name, or stands twice.
    """
    seen: dict[str, str] = {}
    found = []
    for name in names:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or name in RUST_KEYWORDS | RUST_RESERVED:
            message = f"{name!r} is no crate name; letters, digits and _ are allowed, a letter first"
            found.append(Diagnostic(None, "bad-crate-name", message))
        elif name.casefold() in seen:
            other = seen[name.casefold()]
            message = f"two crates of one program are called {other}" + (f" and {name}" if other != name else "")
            fix = "give one of them another `crate_name`"
            found.append(Diagnostic(None, "duplicate-crate", message, fix))
        seen.setdefault(name.casefold(), name)
    if found:
        raise HdlError(found)


def library_stem(prefix: str) -> str:
    """The shared library's name without the platform's `lib` and ending."""
    return f"{prefix}_ffi"


def library_file(prefix: str, platform: str) -> str:
    """The shared library's file name.

    Args:
        prefix: the crate's symbol prefix.
        platform: `linux`, `darwin` or `win32`, as `sys.platform` begins.
    """
    stem = library_stem(prefix)
    if platform.startswith("win"):
        return f"{stem}.dll"
    return f"lib{stem}.dylib" if platform == "darwin" else f"lib{stem}.so"


def raw_identifier(name: str) -> str:
    """A valid identifier as Rust source has to write it."""
    return f"r#{name}" if name in RUST_KEYWORDS else name


def rust_identifier(name: str) -> str:
    """An identifier close to `name`, without `r#`.

    >>> rust_identifier("a+b"), rust_identifier("9x"), rust_identifier("self")
    ('a_b', '_9x', 'self_')
    """
    out = sanitise(name)
    if out in RUST_RESERVED:
        return f"{out}_" if out.strip("_") else "_0"
    return f"_{out}" if out[0].isdigit() else out


def camel_case(name: str) -> str:
    """A type or variant name: `bus_req_t` becomes `BusReqT`, `IDLE` becomes `Idle`.

    Words end at `_` and where a small letter or a digit meets a capital; a word all in capitals is
    written small but for its first letter.
    """
    words = []
    for part in sanitise(name).split("_"):
        words += re.findall(r"[A-Z]*[a-z0-9]+|[A-Z]+[0-9]*", part)
    joined = "".join(w[0].upper() + (w[1:].lower() if w.upper() == w else w[1:]) for w in words if w)
    if not joined or joined[0].isdigit():
        joined = "_" + joined
    return f"{joined}_" if joined in RUST_RESERVED or joined == "_" else joined


def distinct_types(names: Sequence[str]) -> tuple[str, ...]:
    """`camel_case` of each name; names that would meet keep their own spelling instead."""
    camel = [camel_case(name) for name in names]
    clash = {c for c in camel if camel.count(c) > 1}
    return disjoint([rust_identifier(n) if c in clash else c for n, c in zip(names, camel, strict=True)])


def disjoint(names: Sequence[str], reserved: Iterable[str] = ()) -> tuple[str, ...]:
    """`names` with `_2`, `_3`, … after those that came before or are reserved."""
    wanted = set(names)
    used = set(reserved)
    out = []
    for name in names:
        chosen, number = name, 2
        while chosen in used or (number > 2 and chosen in wanted):
            chosen, number = f"{name}_{number}", number + 1
        used.add(chosen)
        out.append(chosen)
    return tuple(out)


def method_stems(
    ports: Sequence[str], methods: Mapping[str, Sequence[str]], reserved: Iterable[str]
) -> tuple[str, ...]:
    """A stem for each port such that no two methods of the struct share a name.

    A port keeps its own name where all its methods are free; otherwise its stem
    is `port_NAME`, and `port_NAME_2` where that is taken too.

    Args:
        ports: names in SystemVerilog, in order of declaration.
        methods: for each port, the patterns of its methods, such as `set_{}`.
        reserved: names of the struct's other methods.
    """
    used = set(reserved)
    stems: list[str | None] = [None] * len(ports)
    derived = {p.format(rust_identifier(port)) for port in ports for p in methods[port] if p != "{}"}
    # Where a port is called as another's method, that other one keeps its name; where the name of an
    # escaped port becomes another's, that other one does.
    order = [(rust_identifier(port) in derived, rust_identifier(port) != port, i) for i, port in enumerate(ports)]
    for _, _, index in sorted(order):
        stem = rust_identifier(ports[index])
        names = {pattern.format(stem) for pattern in methods[ports[index]]}
        if not names & used:
            used |= names
            stems[index] = stem
    for index, port in enumerate(ports):
        number = 1
        while stems[index] is None:
            stem = f"port_{sanitise(port)}" + (f"_{number}" if number > 1 else "")
            names = {pattern.format(stem) for pattern in methods[port]}
            if not names & used:
                used |= names
                stems[index] = stem
            number += 1
    return tuple(stem for stem in stems if stem is not None)
