"""Takes the harness out of the names that a model shows: `%m`, assertions, scopes of DPI and waveforms."""

from __future__ import annotations

from hdl_py.boundary.model import BoundarySet


def restore(text: str, one: BoundarySet) -> str:
    """C++ that Verilator made of a harness, with the names that the module would have in its parent.

    String literals alone are changed. The harness's name and its instance hold a digest, so that no
    literal of the user's can be mistaken for them.
    """
    path = f"{one.symbol}.{one.instance}"
    text = text.replace(f'"{path}.', '"').replace(f'"{path}"', '""')
    for name in (one.symbol, one.instance):
        text = text.replace(f'VL_TRACE_PUSH_PREFIX(tracep, "{name}",', 'VL_TRACE_PUSH_PREFIX(tracep, "",')
    return text
