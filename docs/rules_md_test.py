"""docs/rules.md says what the rules say."""

import sys
from pathlib import Path

from docs.render_api import render


def main(page: str, *extracts: str) -> int:
    """Compares; returns the exit code."""
    expected = render([Path(name).read_bytes() for name in extracts])
    for must in ("### sv_library", "### sv_test", "### SvInfo", "`parameters`"):
        if must not in expected:
            print(f"the extracts have no {must}: nothing was compared")
            return 1
    if Path(page).read_text(encoding="utf-8") != expected:
        print(f"{page} is out of date. Run: ./bazelw run //docs:update")
        return 1
    print("1 passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
