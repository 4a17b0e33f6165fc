"""A remote cache for Bazel over HTTP, on loopback: GET, HEAD and PUT below /ac/ and /cas/.

It refuses contents that don't have the digest that they are named after, and shows a file only when it is whole.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_NAME = re.compile(r"/(?P<kind>ac|cas)/(?P<digest>[0-9a-f]{64})")


class _Handler(BaseHTTPRequestHandler):
    """One connection, which Bazel keeps for many requests."""

    protocol_version = "HTTP/1.1"
    folder: Path
    left: Iterator[int] | None = None

    def handle_one_request(self) -> None:
        """One request; the process ends in the middle of the one after the last that it was to serve."""
        super().handle_one_request()
        if self.left is not None and next(self.left, None) is None:
            os._exit(1)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the test looks at the folder."""

    def do_GET(self) -> None:
        """Sends a file, or that there is none."""
        self._send(body=True)

    def do_HEAD(self) -> None:
        """Says whether there is a file."""
        self._send(body=False)

    def do_PUT(self) -> None:
        """Keeps a file."""
        data = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        name = _NAME.fullmatch(self.path)
        if name is None:
            self._end(HTTPStatus.NOT_FOUND)
        elif name["kind"] == "cas" and hashlib.sha256(data).hexdigest() != name["digest"]:
            self._end(HTTPStatus.BAD_REQUEST)
        else:
            self._keep(self.folder / self.path[1:], data)
            self._end(HTTPStatus.NO_CONTENT)

    def _keep(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, path)

    def _send(self, *, body: bool) -> None:
        path = self.folder / self.path[1:]
        if not _NAME.fullmatch(self.path) or not path.is_file():
            self._end(HTTPStatus.NOT_FOUND)
            return
        data = path.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data)

    def _end(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


class _Server(ThreadingHTTPServer):
    """Bazel opens as many connections at once as it has downloads."""

    daemon_threads = True
    request_queue_size = 256


def main(argv: list[str]) -> int:
    """Serves until it is ended; the first line that it prints is the port."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the cache is kept")
    parser.add_argument("--requests", type=int, help="end at once, as if killed, after so many")
    options = parser.parse_args(argv)
    options.folder.mkdir(parents=True, exist_ok=True)
    left = None if options.requests is None else iter(range(options.requests))
    handler = type("Handler", (_Handler,), {"folder": options.folder, "left": left})
    with _Server(("127.0.0.1", 0), handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
