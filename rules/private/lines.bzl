"""Texts of users travel to the tools one a line."""

visibility(["//rules/...", "//tests/..."])

def check_lines(label, attributes, fail = fail):
    """Refuses texts with line breaks, which the tools would read as several arguments.

    Args:
        label: (Label) the target, for messages.
        attributes: (dict[str, list[str]|dict[str, str]]) what the user gave, by the attributes' names.
        fail: (function) what to call on an error; tests pass their own.
    """
    for attribute, texts in attributes.items():
        words = texts.keys() + texts.values() if type(texts) == "dict" else texts
        for word in words:
            if "\n" in word or "\r" in word:
                fail(("{}: {} holds {}, a text with a line break; a text of one line is expected. " +
                      "Write line breaks as SystemVerilog does inside a string, or put the text into a header or " +
                      "a data file").format(label, attribute, repr(word)))
