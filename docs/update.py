"""Writes docs/rules.md anew: ./bazelw run //docs:update."""

import os
import sys
from pathlib import Path

from docs.render_api import render

if __name__ == "__main__":
    page = Path(os.environ["BUILD_WORKSPACE_DIRECTORY"], "docs/rules.md")
    page.write_text(render([Path(name).read_bytes() for name in sys.argv[1:]]), encoding="utf-8")
    print(f"wrote {page}")
