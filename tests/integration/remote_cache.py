"""Remote caches on loopback: nginx with WebDAV where the machine has it, else the server beside this file.

$RULES_SV_NGINX names the program; without it, `nginx` is looked for where systems keep it. Nobody needs to be root.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SERVER = Path(__file__).resolve().with_name("cache_server.py")

_NGINX_CONF = """\
daemon off;
master_process off;
pid {state}/nginx.pid;
error_log {state}/error.log warn;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {files}/.tmp;
  proxy_temp_path {state}/tmp; fastcgi_temp_path {state}/tmp; uwsgi_temp_path {state}/tmp; scgi_temp_path {state}/tmp;
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 0;
    location / {{
      root {files};
      dav_methods PUT;
      create_full_put_path on;
      default_type application/octet-stream;
    }}
  }}
}}
"""


def nginx() -> str | None:
    """The machine's nginx with WebDAV; None where there is none."""
    folders = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    program = os.environ.get("RULES_SV_NGINX") or shutil.which("nginx", path=folders)
    if not program:
        return None
    said = subprocess.run([program, "-V"], capture_output=True, text=True, check=False)
    return program if "http_dav_module" in said.stderr else None


@contextmanager
def serve(folder: Path, *, requests: int | None = None) -> Iterator[str]:
    """A remote cache that keeps its files in `folder`; its address.

    Args:
        folder: where it keeps them.
        requests: after so many it dies, as if killed; such a one is always the server beside this file.
    """
    program = nginx() if requests is None else None
    starting = _start_nginx(program, folder) if program else _start_own(folder, requests)
    process, port = starting
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _start_own(folder: Path, requests: int | None) -> tuple[subprocess.Popen[str], int]:
    limit = [] if requests is None else [f"--requests={requests}"]
    process = subprocess.Popen([sys.executable, str(_SERVER), str(folder), *limit], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def _start_nginx(program: str, folder: Path) -> tuple[subprocess.Popen[str], int]:
    state = folder.with_name(f"{folder.name}.nginx")
    state.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    conf = state / "nginx.conf"
    conf.write_text(_NGINX_CONF.format(state=state, files=folder, port=port))
    process = subprocess.Popen([program, "-c", str(conf), "-e", f"{state}/error.log"], text=True)
    for _ in range(100):
        assert process.poll() is None, (state / "error.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process, port
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"{program} does not answer; see {state}/error.log")


def kept(folder: Path) -> int:
    """How many results of actions a cache keeps; every content of it has to be what its name says."""
    for path in (folder / "cas").iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name, path
    return len(list((folder / "ac").iterdir()))


def another_user(home: Path) -> list[str]:
    """The start of a command line that runs the rest of it as another user, where the system allows that.

    Args:
        home: the user's home folder; caches of packages and of Bazel's installation stay those of the machine.
    """
    home.mkdir(parents=True, exist_ok=True)
    machine = os.environ.get("XDG_CACHE_HOME") or f"{os.environ.get('HOME', '')}/.cache"
    names = {"HOME": str(home), "USER": "somebody", "LOGNAME": "somebody", "XDG_CACHE_HOME": machine}
    environment = ["env", *(f"{name}={value}" for name, value in names.items())]
    other = ["unshare", "--user", "--map-user=1234", "--map-group=1234"]
    if not shutil.which("unshare") or subprocess.run([*other, "true"], capture_output=True, check=False).returncode:
        return environment
    return [*other, *environment]
