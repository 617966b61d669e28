"""Serve a folder on loopback with nginx: ETag, Last-Modified, 304; on several ports, each a host of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CONFIGURATION = """
{user}
daemon off; worker_processes 1; pid {run}/nginx.pid; error_log {run}/error.log warn;
events {{ worker_connections 4096; }}
http {{
  types {{ application/rss+xml rss; application/atom+xml atom; application/rdf+xml rdf; }}
  access_log {run}/access.log combined buffer=64k;
  keepalive_requests 1000000; etag on; sendfile on;
  client_body_temp_path {run}/a; proxy_temp_path {run}/b; fastcgi_temp_path {run}/c;
  uwsgi_temp_path {run}/d; scgi_temp_path {run}/e;
  server {{ {listen} root {root}; }}
}}
"""


@contextmanager
def serving(root: Path, run: Path, *, ports: int = 8, core: int | None = 1) -> Iterator[list[str]]:
    """Serve `root` while inside; gives the addresses of its ports. `run` takes nginx's own files."""
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if nginx is None:
        raise SystemExit("nginx is not installed: it serves the feeds for the measurements")
    run.mkdir(parents=True, exist_ok=True)
    found = _free(ports)
    (run / "nginx.conf").write_text(
        _CONFIGURATION.format(
            user="user root;" if os.geteuid() == 0 else "",
            run=run.resolve(),
            root=root.resolve(),
            listen=" ".join(f"listen 127.0.0.1:{port} backlog=1024;" for port in found),
        )
    )
    pinned = ["taskset", "-c", str(core)] if core is not None and core in os.sched_getaffinity(0) else []
    server = subprocess.Popen([*pinned, nginx, "-c", str((run / "nginx.conf").resolve())])
    try:
        _wait(found[-1])
        yield [f"http://127.0.0.1:{port}" for port in found]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _free(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("nginx did not start: see its error.log")
