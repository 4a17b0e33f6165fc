"""Whether the logic of a model may run on another thread than the one that evaluates its parent.

What it calls decides: only its own functions, and functions of Verilator's library that compute. All a model
shares with others (time, files, random numbers, DPI, boundaries inside it) is reached by calls. A failed assertion
prints and stops: that waits in the model's queue of messages, as in a model that Verilator divides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

THREADS = "RULES_SV_THREADS"
"""What stands for the number of threads in the C++ of a model with stubs."""

LEAST = 3000
"""Statements that are worth another thread: some 0.4 us of work, where handing it over and back costs 0.25 us."""

_FUNCTION = re.compile(r"^(?:[A-Z_]+ )?[\w:<>*&]+ (\w+)\([^;{]*\) \{\n(.*?)^\}", re.M | re.S)
_CALL = re.compile(r"\b(\w+)\(")
_OPAQUE = re.compile(r"reinterpret_cast|Verilated::|[\w*]>\(|\bstatic\b(?! const(?:expr)?\b)|\bthrow\b|\basm\b")
_DEBUG = re.compile(r"^#ifdef VL_DEBUG\n.*?^#endif.*?$", re.M | re.S)
_DEBUG_LINE = re.compile(r'\bVL_DEBUG_IF\(VL_DBG_MSGF\(""\); \);')
_TEXT_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.S)
_FAILURE = re.compile(r"\bVL_WRITEF_NX\((?:[^;\"]|\"\")*\);\s*VL_STOP_MT\(")

_COMPUTING = re.compile(
    "VL_(?:"
    "ADD|ALLONES|AND|ASSIGN|ASSIGNBIT|ASSIGNCLEAN|ASSIGNSEL|BITBIT|BITISSET|BITISSETLIMIT|BITRSHIFT|BITSEL|BITWORD|"
    "CHANGEXOR|CLEAN|CLOG2|CONCAT|COND|CONST|CONSTHI|CONSTLO|COPY|COUNTBITS|COUNTONES|DIV|DIVS|EQ|EXTEND|EXTENDS|"
    "EXTENDSIGN|GT|GTE|GTES|GTS|ISTOR_D|ITOR_D|LIKELY|LT|LTE|LTES|LTS|MASK|MEMCPY|MEMSET_ZERO|MODDIV|MODDIVS|MUL|MULS|"
    "NEGATE|NEGATE_INPLACE|NEQ|NOT|ONEHOT|ONEHOT0|OR|POW|POWSS|POWSU|POWUS|REDAND|REDOR|REDXOR|REPLICATE|ROUND|RTOI|"
    "RTOIROUND|SEL|SELASSIGN|SET|SHIFTL|SHIFTR|SHIFTRS|SIGN|SIGNONES|STREAML|STREAML_FAST|SUB|TRUNC|UNLIKELY|XOR|ZERO|"
    "ZERO_RESET"
    ")(?:_[0-9DIQWEX]+)?|VL_CVT_D_Q|VL_CVT_Q_D"
)
"""Functions of the library that look at their arguments alone; none with strings."""

_OTHER = frozenset({"at", "data", "eq", "neq", "sizeof"})
"""Reads within arrays, and what is no function."""

_FAILING = frozenset(
    {"VL_STOP_MT", "VL_TIME_UNITED_D", "VL_TIME_UNITED_Q", "VL_WRITEF_NX", "assertOn", "assertOnGet", "name"}
)
"""What a failed assertion is besides; the switches are atomic."""


def with_threads(cpp: bytes, threads: int) -> bytes:
    """A model's C++ with the number of threads that the stubs in it pass on.

    Args:
        cpp: the C++.
        threads: of the simulation, in its top; 0 in a boundary, which doesn't know.
    """
    return cpp.replace(THREADS.encode(), b"%dU" % threads)


def _without_texts(body: str) -> str:
    """C++ with empty string literals, and without comments and what only a debugging build has."""
    short = _TEXT_OR_COMMENT.sub(lambda found: '""' if found[0].startswith('"') else " ", body)
    return _DEBUG_LINE.sub("", short).replace("std::ref(*vlSelf).get()", "*vlSelf")


@dataclass(frozen=True)
class Work:
    """Logic that any thread may run.

    Attributes:
        asserts: whether it has assertions, whose messages have to wait for the thread that evaluates the parent.
        statements: how many there are in it.
    """

    asserts: bool
    statements: int


def work(roots: tuple[str, ...], text: str) -> Work | None:
    """What some functions of a model do, or None where one thread has to do it.

    Args:
        roots: their names; those that the model lacks don't count.
        text: the model's C++.
    """
    functions = dict(_FUNCTION.findall(_DEBUG.sub("", text)))
    todo = [name for name in roots if name in functions]
    if not todo:
        return None
    seen = set(todo)
    asserts, statements = False, 0
    while todo:
        body = _without_texts(functions[todo.pop()])
        plain = _FAILURE.sub("", body)
        asserts = asserts or plain != body
        statements += body.count(";")
        if _OPAQUE.search(plain) or "VL_WRITEF_NX" in plain or "VL_STOP_MT" in plain:
            return None
        for name in set(_CALL.findall(body)):
            if name in functions:
                if name not in seen:
                    seen.add(name)
                    todo.append(name)
            elif not (_COMPUTING.fullmatch(name) or name in _OTHER or name in _FAILING):
                return None
    return Work(asserts, statements)
