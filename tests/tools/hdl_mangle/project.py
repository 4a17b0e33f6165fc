"""Two versions of a unit, a user of each, a top, and the request for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

UNIT = (
    "package bus_pkg; localparam int W = {w}; endpackage : bus_pkg\n"
    "module unit(output int q); assign q = bus_pkg::W; endmodule\n"
)
CORE = {"name": "n", "version": "1", "language": "systemverilog"}
USER = "module {n}(output int q); unit u(.q(q)); endmodule\n"


def write_project(tmp_path: Path) -> Path:
    """Two versions of a unit, a user of each, and a top."""
    for v, w in (("v1", 8), ("v2", 16)):
        (tmp_path / "ip" / v).mkdir(parents=True)
        (tmp_path / "ip" / v / "unit.sv").write_text(UNIT.replace("{w}", str(w)))
    for n in ("a", "b"):
        (tmp_path / f"{n}.sv").write_text(USER.replace("{n}", n))
    (tmp_path / "soc.sv").write_bytes(b"module soc;\r\n int x, y; a ua(.q(x)); b ub(.q(y)); // \xe9\r\nendmodule\r\n")
    return tmp_path


def request(folder: Path, **changes: Any) -> Path:
    """The request of the project, with changes."""
    data = {
        "cores": [
            sv("unit", "1.0.0", "ip/v1/unit.sv"),
            sv("unit", "2.0.0", "ip/v2/unit.sv"),
            sv("a", "1", "a.sv", unit="1.0.0"),
            sv("b", "1", "b.sv", unit="2.0.0"),
            sv("soc", "1", "soc.sv", a="1", b="1"),
        ],
        "top": "soc",
        **changes,
    }
    path = folder / "request.json"
    path.write_text(json.dumps(data))
    return path


def sv(name: str, version: str, *sources: str, **depends: str) -> dict[str, Any]:
    """A core of a request."""
    return {
        "name": name,
        "version": version,
        "language": "systemverilog",
        "sources": list(sources),
        "depends": depends,
    }


def files(folder: Path) -> dict[str, bytes]:
    """Everything below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
