"""The press world on loopback, as a well-behaved server gives it: kept connections and conditional requests."""

from __future__ import annotations

import hashlib
import socket
import sys
from contextlib import contextmanager, suppress
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from email.message import Message

    from briefing.demo.world import World

_HOST = "127.0.0.1"
_MISSING = b"<!DOCTYPE html><html lang=en><title>Not found</title><h1>Not found</h1></html>"


@contextmanager
def serve(world: World, port: int = 0) -> Iterator[str]:
    """Serve a world on loopback while the context lasts, from daemon threads; gives its address without a slash.

    Port 0 takes any free port. On leaving, every connection is closed and every thread has ended.

    Raises:
        OSError: the port is taken.
    """
    server = _Server(world, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="press-world", daemon=True)
    thread.start()
    try:
        yield server.base
    finally:
        server.stop()
        thread.join()


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that stopping need not wait for clients that keep theirs."""

    request_queue_size = 64

    def __init__(self, world: World, port: int) -> None:
        super().__init__((_HOST, port), _Handler)
        self.world = world
        self.base = f"http://{_HOST}:{self.server_address[1]}"
        self._open: dict[Thread, socket.socket] = {}
        self._lock = Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread of its own."""
        thread = Thread(target=self._converse, args=(request, client_address), daemon=True)
        with self._lock:
            self._open[thread] = request
        thread.start()

    def _converse(self, request: Any, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open = {thread: held for thread, held in self._open.items() if held is not request}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Take no more connections, close the open ones, wait for their threads."""
        self.shutdown()
        self.server_close()
        with self._lock:
            still_open = dict(self._open)
        for request in still_open.values():
            with suppress(OSError):  # its client has closed it already
                request.shutdown(socket.SHUT_RDWR)
        for thread in still_open:
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PressWorld"
    sys_version = ""
    # Without these a kept connection waits for delayed acknowledgements between headers and body.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal belongs to the demo."""

    def do_GET(self) -> None:
        """Answer what the world says in its present round, or 304 where the client holds it."""
        answer = self.server.world.answer(urlsplit(self.path).path)
        if answer is None:
            self._send(HTTPStatus.NOT_FOUND, {"Content-Type": "text/html; charset=utf-8"}, _MISSING)
            return
        body = answer.filled(self.server.base)
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        validators = {"ETag": etag, "Last-Modified": format_datetime(answer.modified, usegmt=True)}
        if _not_modified(self.headers, etag, answer.modified):
            self._send(HTTPStatus.NOT_MODIFIED, validators)
        else:
            self._send(HTTPStatus.OK, {"Content-Type": answer.content_type, **validators}, body)

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self.do_GET()

    def _send(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body is not None and self.command != "HEAD":
            self.wfile.write(body)


def _not_modified(headers: Message, etag: str, modified: datetime) -> bool:
    """RFC 9110, section 13.2.2: If-None-Match decides where it is given, else If-Modified-Since."""
    asked = headers.get("If-None-Match")
    if asked is not None:
        return asked.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    since = headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # not a date, or one without a zone: RFC 9110 says to ignore it
        return False
