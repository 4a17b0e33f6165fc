"""`$(rootpath ...)` in texts that no shell reads."""

visibility(["//rules/...", "//tests/..."])

_OF_ONE_FILE = ("execpath ", "location ", "rlocationpath ", "rootpath ")

def expand_locations(ctx, text, targets):
    """`ctx.expand_location` without the quotes that it puts around paths for a shell.

    Args:
        ctx: the rule context.
        text: (str) what the user wrote.
        targets: (list[Target]) whose files may be named.

    Returns:
        (str)
    """
    out = []
    rest = text
    for _ in range(len(text)):
        head, mark, rest = rest.partition("$(")
        out.append(head)
        if not mark:
            break
        inside, end, rest = rest.partition(")")
        path = ctx.expand_location(mark + inside + end, targets)
        if inside.startswith(_OF_ONE_FILE) and path.startswith("'") and path.endswith("'"):
            path = path[1:-1].replace("'\\''", "'")
        out.append(path)
    return "".join(out)
