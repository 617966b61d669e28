"""Receivers on loopback: one that takes posts, and a store of files that checks signatures as Amazon's does."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Got:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """Answers as a test says: `status` always, or once each of `next`; with `hold` it waits before it answers, from
    request `hold_from` on.
    """

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.status = 204
        self.next: deque[int] = deque()
        self.headers: dict[str, str] = {}
        self.hold: threading.Event | None = None
        self.hold_from = 1
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.hold is not None:
            self.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, got: Got) -> tuple[int, bytes]:
        self.got.append(got)
        if self.hold is not None and len(self.got) >= self.hold_from:
            self.hold.wait(30)
        return (self.next.popleft() if self.next else self.status), b"noted"

    def log(self) -> list[Got]:
        """What came since the last call."""
        got, self.got = self.got, []
        return got


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, receiver: Receiver, *args: Any) -> None:
        self._receiver = receiver
        super().__init__(*args)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer = self._receiver.answer(Got(self.command, self.path, headers, body))
        try:
            self.send_response(status)
            for name, value in self._receiver.headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            if status != 204:
                self.wfile.write(answer)
        except ConnectionError:  # whoever asked was killed
            return

    do_GET = _answer  # noqa: N815 - http.server's names
    do_POST = _answer  # noqa: N815
    do_PUT = _answer  # noqa: N815
    do_DELETE = _answer  # noqa: N815


@dataclass
class Stored:
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Store(Receiver):
    """An S3-like service with one key; a request with a wrong signature, hash or key is refused."""

    ID, SECRET, REGION = "AKIDSELVANE", "not-a-secret-of-anybody", "xa-north-1"

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, Stored] = {}
        self.refused: list[str] = []
        self.broken: set[str] = set()  # paths that fail

    def answer(self, got: Got) -> tuple[int, bytes]:
        self.got.append(got)
        if why := self._wrong(got):
            self.refused.append(why)
            return 403, f"<Error><Code>{why}</Code></Error>".encode()
        path = unquote(urlsplit(got.path).path)
        if path in self.broken:
            return 503, b"<Error><Code>SlowDown</Code></Error>"
        if got.method == "PUT":
            self.files[path] = Stored(got.body, got.headers)
            return 200, b""
        if got.method == "DELETE":
            self.files.pop(path, None)
            return 204, b""
        held = self.files.get(path)
        return (200, held.body) if held else (404, b"<Error><Code>NoSuchKey</Code></Error>")

    def _wrong(self, got: Got) -> str:
        if hashlib.sha256(got.body).hexdigest() != got.headers["x-amz-content-sha256"]:
            return "XAmzContentSHA256Mismatch"
        method, _, rest = got.headers["authorization"].partition(" ")
        given = dict(part.split("=", 1) for part in rest.split(", "))
        scope = given["Credential"].split("/")
        if method != "AWS4-HMAC-SHA256" or scope[0] != self.ID or scope[2:] != [self.REGION, "s3", "aws4_request"]:
            return "InvalidAccessKeyId"
        return "" if self._signature(got, given, scope) == given["Signature"] else "SignatureDoesNotMatch"

    def _signature(self, got: Got, given: dict[str, str], scope: list[str]) -> str:
        signed = given["SignedHeaders"].split(";")
        assert {"host", "x-amz-date"} <= set(signed)
        fields = "".join(f"{name}:{got.headers[name].strip()}\n" for name in signed)
        path, _, query = got.path.partition("?")
        request = (
            f"{got.method}\n{path}\n{query}\n{fields}\n{given['SignedHeaders']}\n"
            + hashlib.sha256(got.body).hexdigest()
        )
        text = "\n".join(
            [
                "AWS4-HMAC-SHA256",
                got.headers["x-amz-date"],
                "/".join(scope[1:]),
                hashlib.sha256(request.encode()).hexdigest(),
            ]
        )
        key = b"AWS4" + self.SECRET.encode()
        for part in scope[1:]:
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()
