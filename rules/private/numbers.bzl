"""The ranges of attributes that are numbers."""

visibility(["//rules/...", "//tests/..."])

# Of bits that Verilator's generators keep of a seed; more threads than any machine has.
MOST_SEED = 2147483647
MOST_THREADS = 1024

def check_numbers(label, attr, ranges, fail = fail):
    """Refuses numbers that mean nothing, before anything is built.

    Args:
        label: (Label) the target, for messages.
        attr: (struct) its attributes.
        ranges: (dict[str, tuple[int, int]]) an attribute's name to its least and greatest value.
        fail: (function) what to call on an error; tests pass their own.
    """
    for name, (least, most) in ranges.items():
        value = getattr(attr, name)
        if value < least or value > most:
            fail("{}: {} is {}; {} to {} is expected".format(label, name, value, least, most))
