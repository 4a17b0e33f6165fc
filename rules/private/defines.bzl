"""Macros on targets: what a unit sees, and what reaches its dependents."""

visibility(["//rules/...", "//tests/..."])

def make_define(name, value, origin):
    """One macro definition, an element of `SvInfo.defines`.

    Args:
        name: (str) the macro's name.
        value: (str|None) its text; None defines it empty, as `-DNAME` does.
        origin: (Label) the target that says so, for messages.

    Returns:
        (struct)
    """
    return struct(name = name, value = value, origin = origin)

def own_defines(label, defines):
    """The `defines` attribute as definitions.

    Args:
        label: (Label) the target.
        defines: (dict[str, str]) name to value.

    Returns:
        (list[struct])
    """
    return [make_define(name, value, label) for name, value in defines.items()]

def resolve_defines(label, own, inherited, fail = fail):
    """What a unit's text is preprocessed with.

    A unit's own value wins over an inherited one. Two dependencies that give a
    macro different values leave no right answer, so that is an error.

    Args:
        label: (Label) the target, for messages.
        own: (list[struct]) from own_defines.
        inherited: (list[struct]) from the dependencies.
        fail: (function) what to call on an error; tests pass their own.

    Returns:
        (list[struct]) sorted by name, one a macro.
    """
    chosen = {define.name: define for define in own}
    seen = {}
    for define in inherited:
        if define.name in chosen:
            continue
        other = seen.setdefault(define.name, define)
        if other.value != define.value:
            fail(("{label}: its dependencies define the macro {name} differently: {a} says {va}, " +
                  "{b} says {vb}. Say which one holds here: defines = {{\"{name}\": ...}}").format(
                label = label,
                name = define.name,
                a = other.origin,
                va = repr(other.value),
                b = define.origin,
                vb = repr(define.value),
            ))
    all_defines = dict(seen)
    all_defines.update(chosen)
    return [all_defines[name] for name in sorted(all_defines)]

def define_argument(define):
    """`NAME=VALUE`, or `NAME` alone; for `Args.add_all(map_each = ...)`.

    Args:
        define: (struct) from make_define.

    Returns:
        (str)
    """
    return define.name if define.value == None else "{}={}".format(define.name, define.value)
