"""The words that say how clocks and resets of a crate are driven."""

visibility(["//rules/...", "//tests/..."])

def _is_clock_word(word):
    key, _, value = word.partition("=")
    return word in ["posedge", "negedge"] or (key in ["period", "phase"] and value.isdigit())

def _words(text):
    return [word for word in text.split(" ") if word]

def check_clock_words(label, clocks, resets, fail = fail):
    """Refuses words that say nothing of a clock or a reset, before anything is built.

    Args:
        label: (Label) the target, for messages.
        clocks: (list[str]) each an input's name and its words.
        resets: (dict[str, str]) an input's name to its words.
        fail: (function) what to call on an error; tests pass their own.
    """
    for clock in clocks:
        words = _words(clock)
        if not words:
            fail("{}: clocks holds {}; the name of an input is expected".format(label, repr(clock)))
        for word in words[1:]:
            if not _is_clock_word(word):
                fail(("{}: clocks holds {}, and {} says nothing of a clock; posedge, negedge, period=N and phase=N " +
                      "do: \"{} negedge period=6\"").format(label, repr(clock), repr(word), words[0]))
    for name, text in resets.items():
        words = _words(text)
        for word in words:
            if word not in ["low", "high", "async", "sync"]:
                fail(("{}: resets holds {} for {}, and {} says nothing of a reset; low or high, and async or sync " +
                      "do: {{\"{}\": \"low async\"}}").format(label, repr(text), name, repr(word), name))
        for one, other in [("low", "high"), ("async", "sync")]:
            if one in words and other in words:
                fail("{}: resets holds {} for {}, which is both {} and {}; one of them is expected".format(
                    label,
                    repr(text),
                    name,
                    one,
                    other,
                ))
