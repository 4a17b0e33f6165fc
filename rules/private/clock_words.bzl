"""The words that say how clocks and resets of a crate are driven."""

visibility(["//rules/...", "//tests/..."])

def _is_clock_word(word):
    key, _, value = word.partition("=")
    return word in ["posedge", "negedge"] or (key in ["period", "phase"] and value.isdigit())

# Periods are even: each half is a number of time units. Times have 64 bits.
_MOST_PERIOD = 1 << 62

def _check_period(label, clock, word, fail):
    key, _, value = word.partition("=")
    number = int(value) if value.isdigit() else 0
    if key == "period" and (number < 2 or number % 2 or number > _MOST_PERIOD):
        fail(("{}: clocks holds {}, whose period is {}; an even number of time units is expected, at least 2 and at " +
              "most {}").format(label, repr(clock), value, _MOST_PERIOD))
    elif key == "phase" and number > _MOST_PERIOD:
        fail("{}: clocks holds {}, whose phase is {}; at most {} is expected".format(
            label,
            repr(clock),
            value,
            _MOST_PERIOD,
        ))

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
    seen = {}
    for clock in clocks:
        words = _words(clock)
        if not words:
            fail("{}: clocks holds {}; the name of an input is expected".format(label, repr(clock)))
        for word in words[1:]:
            if not _is_clock_word(word):
                fail(("{}: clocks holds {}, and {} says nothing of a clock; posedge, negedge, period=N and phase=N " +
                      "do: \"{} negedge period=6\"").format(label, repr(clock), repr(word), words[0]))
            else:
                _check_period(label, clock, word, fail)
        for name in words[:1]:
            if name in seen:
                fail("{}: clocks holds {} twice; once is expected".format(label, repr(name)))
            seen[name] = True
    for name, text in resets.items():
        if name in seen:
            fail("{}: {} is among the clocks and the resets; an input is one of them".format(label, repr(name)))
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
