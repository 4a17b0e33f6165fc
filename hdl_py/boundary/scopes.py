"""Takes the harness out of the names that a model shows: `%m`, assertions, scopes of DPI and waveforms."""

from __future__ import annotations

from hdl_py.boundary.model import BoundarySet

_PUSH = "    tracep->pushPrefix(vlSymsp->name(), VerilatedTracePrefixType::SCOPE_MODULE);\n"
_POP = "    tracep->popPrefix();\n"

_PUSH_EACH = """\
    std::size_t pushed = 0;
    for (std::string left = vlSymsp->name(); !left.empty(); ++pushed) {
        const std::size_t dot = left.find('.');
        tracep->pushPrefix(left.substr(0, dot).c_str(), VerilatedTracePrefixType::SCOPE_MODULE);
        left = dot == std::string::npos ? "" : left.substr(dot + 1);
    }
"""
_POP_EACH = "    while (pushed-- > 0) tracep->popPrefix();\n"


def restore(text: str, one: BoundarySet) -> str:
    """C++ that Verilator made of a harness, with the names that the module would have in its parent.

    String literals alone are changed. The harness's name and its instance hold a digest, so that no
    literal of the user's can be mistaken for them.
    """
    path = f"{one.symbol}.{one.instance}"
    text = text.replace(f'"{path}.', '"').replace(f'"{path}"', '""')
    text = text.replace(f'".{path}.', '".').replace(f'".{path}"', '""')  # points of coverage
    for name in (one.symbol, one.instance):
        text = text.replace(f'VL_TRACE_PUSH_PREFIX(tracep, "{name}",', 'VL_TRACE_PUSH_PREFIX(tracep, "",')
    if text.count(_PUSH) == 1 and text.count(_POP) == 1:
        # A waveform nests scopes, as the parent's own are nested.
        text = text.replace(_PUSH, _PUSH_EACH).replace(_POP, _POP_EACH)
    return text
