"""The pages of the documentation that are made from the tables of checks, rules and standards."""

from __future__ import annotations

import re

from hdl_py.sv.checks import Check, table
from hdl_py.sv.rules import rules
from hdl_py.sv.standards import CONSTRUCTS, DIFFERENCES

_HEAD = re.compile(r"^@ (\S+) (\S+) ?(.*)$", re.MULTILINE)


def _example(text: str) -> str:
    """An example as a code block, each file under a comment that names it."""

    def head(match: re.Match[str]) -> str:
        settings = f"  ({match[3]})" if match[3] else ""
        return f"// {match[2]} of {match[1]}{settings}"

    return f"```systemverilog\n{_HEAD.sub(head, text).strip()}\n```\n"


def _sentence(text: str) -> str:
    return re.sub(r"\{(\w+)\}", r"*\1*", text)


def _check(check: Check) -> str:
    waivable = "A target can waive it." if check.waivable else "It can't be waived."
    parts = [f"## {check.name}\n", f"{check.why}\n"]
    source = check.source()
    parts.append(f"{source + '. ' if source else ''}{waivable}\n")
    parts.append(f"Message: {_sentence(check.message)}\n")
    if check.fix:
        parts.append(f"Fix: {_sentence(check.fix)}\n")
    if check.slang:
        parts.append(f"slang: {', '.join(f'`{name}`' for name in check.slang)}\n")
    parts += ["Refused:\n", _example(check.bad), "Accepted:\n", _example(check.good)]
    return "\n".join(parts)


def checks_page() -> str:
    """`docs/checks.md`."""
    names = "\n".join(f"- [{c.name}](#{c.name}): {c.why}" for c in table().values())
    intro = (
        "# Checks\n\n"
        "What a compilation unit and a design are held to. Each message ends with the name of its check and its\n"
        "source: a clause of IEEE 1800-2023, or a section of the proposal on separate compilation from which\n"
        'clauses 3.12 and 26 grew. `waive = ["name"]` on a target turns a check off where that is possible;\n'
        "a waiver that nothing needs is an error as well.\n\n"
        "slang finds further errors. They carry slang's own name, and `waive` takes it.\n\n"
        "This page is made from `hdl_py/sv/checks.toml`; every example on it is a test.\n"
    )
    return "\n".join([intro, names + "\n", *(_check(c) for c in table().values())])


def _mark(allowed: bool) -> str:
    return "yes" if allowed else "no"


def _standards() -> str:
    rows = [
        "| construct | unit, 1800-2023 | package, 1800-2023 | unit, 3.1a | package, 3.1a | note |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for c in CONSTRUCTS:
        marks = (c.unit_2023, c.package_2023, c.unit_31a, c.package_31a)
        rows.append(f"| {c.name} | {' | '.join(map(_mark, marks))} | {c.note} |")
    others = ["| rule | IEEE 1800-2023 | 3.1a |", "| --- | --- | --- |"]
    others += [f"| {d.rule} | {d.ieee} | {d.proposal} |" for d in DIFFERENCES]
    return "\n".join(rows) + "\n\nThe other differences:\n\n" + "\n".join(others) + "\n"


def _rules() -> str:
    out = ["| rule | IEEE 1800-2023 | what it says | tests |", "| --- | --- | --- | --- |"]
    for rule in rules():
        tests = [f"`test_legal[{rule.id}-{n}]`" for n in range(len(rule.legal))]
        tests += [
            f"`test_illegal[{rule.id}-{n}]` ({example.error.rpartition(' ')[2]})"
            for n, example in enumerate(rule.illegal)
        ]
        text = rule.text.replace("|", "\\|")
        out.append(f"| {rule.id} | {rule.ieee} | {text} | {'<br>'.join(tests)} |")
    return "\n".join(out) + "\n"


BEGIN, END = "<!-- made: {} -->", "<!-- end: {} -->"


def units_page(page: str) -> str:
    """`docs/units.md` with its tables made anew; the text around them is written by hand.

    Raises:
        ValueError: the page lacks the marks around a table.
    """
    for name, text in (("standards", _standards()), ("rules", _rules())):
        begin, end = BEGIN.format(name), END.format(name)
        if page.count(begin) != 1 or page.count(end) != 1:
            raise ValueError(f"the page needs the lines {begin} and {end} once each")
        before, rest = page.split(begin)
        page = f"{before}{begin}\n{text}{end}{rest.split(end)[1]}"
    return page
