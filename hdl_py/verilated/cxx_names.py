"""Names of top-level ports in the C++ that Verilator writes.

Verilator's rules, as seen from the outside: characters other than letters,
digits and `_` become `__0` and two hexadecimal digits, the second `_` of two
becomes `___05F`, a C++ keyword gets `__SYM__` in front. Some names Verilator
writes and C++ then refuses: those need a module around the top that renames
them.
"""

from __future__ import annotations

import re

from hdl_py.verilated.names import word_set

CXX_KEYWORDS = word_set(
    """
    abort alignas alignof and and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bitand bitor bool
    break case catch cdecl char char16_t char32_t class compl concept const const_cast constexpr continue
    decltype default delete do double dynamic_cast else enum explicit export extern false far float for
    friend goto huge if import inline int interrupt long module mutable namespace near new noexcept not
    not_eq nullptr operator or or_eq override pascal private protected public register requires return short
    signed sizeof static static_assert static_cast struct switch synchronized template thread_local throw
    transaction_safe transaction_safe_dynamic true try typedef typeid typename uint8_t union unsigned using
    virtual void volatile wchar_t while xor xor_eq
    """
)
"""Words that Verilator writes with `__SYM__` in front."""

_UNGUARDED_KEYWORDS = word_set(
    """
    char8_t co_await co_return co_yield consteval constinit reflexpr reinterpret_cast super this
    """
)
"""Words of C++, or of SystemVerilog even when escaped, that it does not guard against."""

_MODEL_MEMBERS = word_set(
    """
    atClone contextp eval eval_end_step eval_step eventsPending final hierName m_context modelName name
    nextTimeSlot prepareClone rootp std threads trace traceBaseModel traceCapable traceConfig vlNamep
    vlSymsp
    """
)
"""Members of the generated classes, and `std`, which Verilator refuses as a port."""

_TYPES = word_set(
    """
    CData SData IData QData EData WData VerilatedContext VerilatedModel VerilatedModule VlUnpacked VlWide
    """
)

_MACROS = word_set(
    """
    BIG_ENDIAN BUFSIZ BYTE_ORDER EOF HUGE_VAL INFINITY LITTLE_ENDIAN MAXFLOAT MAX_CANON MAX_INPUT NAN
    NFDBITS NULL NZERO PDP_ENDIAN PIPE_BUF RAND_MAX TMP_MAX WEOF alloca assert errno linux major minor
    makedev math_errhandling offsetof stderr stdin stdout unix va_arg va_copy va_end va_start E2BIG EACCES
    EADDRINUSE EADV EAGAIN EALREADY EBADE EBADF EBADFD EBADMSG EBADR EBADRQC EBADSLT EBFONT EBUSY ECANCELED
    ECHILD ECHRNG ECOMM EDEADLK EDEADLOCK EDOM EDOTDOT EDQUOT EEXIST EFAULT EFBIG EIDRM EILSEQ EINPROGRESS
    EINTR EINVAL EIO EISCONN EISDIR EISNAM ELOOP EMFILE EMLINK EMSGSIZE EMULTIHOP ENAVAIL ENETDOWN ENFILE
    ENOANO ENOBUFS ENOCSI ENODATA ENODEV ENOENT ENOEXEC ENOKEY ENOLCK ENOLINK ENOMEM ENOMSG ENONET ENOPKG
    ENOSPC ENOSR ENOSTR ENOSYS ENOTBLK ENOTCONN ENOTDIR ENOTNAM ENOTSUP ENOTTY ENXIO EOVERFLOW EPERM EPIPE
    EPROTO ERANGE EREMCHG EREMOTE ERESTART EROFS ESPIPE ESRCH ESRMNT ESTALE ETIME EUCLEAN EUNATCH EUSERS
    EXDEV EXFULL
    """
)

_MACRO_FAMILIES = re.compile(
    r"""VL_\w+ | VM_\w+ | VERILATOR\w* | [A-Z]\w*_(MAX|MIN|WIDTH|C) | U?INT\d+_C | (CLOCK|CLONE|CPU|FP|LC|M|SEEK
    |SYS|EXIT|F|MOD|STA|ADJ|SCHED|PTHREAD|ATOMIC)_[A-Z0-9_]\w* | [RWX]_OK""",
    re.VERBOSE,
)


def member(name: str) -> str:
    """The C++ member of a top-level port.

    >>> member("a__b"), member("a+b"), member("class"), member("9x")
    ('a___05Fb', 'a__02bb', '__SYM__class', '__039x')
    """
    if name in CXX_KEYWORDS:
        return f"__SYM__{name}"
    out = []
    index = 0
    data = name.encode()
    while index < len(data):
        char = chr(data[index])
        if data[index : index + 2] == b"__":
            out.append("___05F")
            index += 2
            continue
        plain = char == "_" or (char.isascii() and (char.isalnum() if index else char.isalpha()))
        out.append(char if plain else f"__0{data[index]:02x}")
        index += 1
    return "".join(out)


def needs_renaming(name: str, top: str, prefix: str) -> bool:
    """Whether Verilator's C++ can't have a port of this name.

    Args:
        name: of the port.
        top: of the module; Verilator refuses a port of the same name.
        prefix: of the generated class.
    """
    words = _MODEL_MEMBERS | _TYPES | _MACROS | _UNGUARDED_KEYWORDS
    if name in words or name in (top, prefix):
        return True
    return _MACRO_FAMILIES.fullmatch(name) is not None
