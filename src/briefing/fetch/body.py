"""Reads an answer's body as a stream, inflates it and keeps both within a limit: a bomb never unfolds in memory."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

from briefing.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = zlib.MAX_WBITS | 16
_ZLIB = zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS
# A file of ten megabytes packed in blocks has some hundreds; thousands of empty ones are an attack on our time.
_MOST_MEMBERS = 1_000


class _Decoder(Protocol):
    def feed(self, data: bytes, room: int) -> bytes:
        """The bytes that `data` adds; more than `room` only if there is no room for all."""

    @property
    def complete(self) -> bool:
        """Whether what came so far is a whole."""


class _Identity:
    complete = True

    def feed(self, data: bytes, room: int) -> bytes:  # noqa: ARG002 - the protocol's signature
        return data


class _Gzip:
    """gzip (RFC 1952): one or more members; what follows the last and is no member is padding."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._members = 1
        self._started = False
        self._between = b""

    @property
    def complete(self) -> bool:
        return self._member.eof or not self._started

    def feed(self, data: bytes, room: int) -> bytes:
        self._started = self._started or bool(data)
        pieces: list[bytes] = []
        while data:
            if self._member.eof:
                data = self._next_member(data)
                if not data:
                    break
            piece = self._member.decompress(data, room + 1)
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                break
            data = self._member.unused_data
        return b"".join(pieces)

    def _next_member(self, data: bytes) -> bytes:
        """Begin a new member if `data` opens one: what it is to be fed, or nothing."""
        data = self._between + data
        if data == _GZIP_MAGIC[:1]:
            self._between = data
            return b""
        self._between = b""
        if not data.startswith(_GZIP_MAGIC):
            return b""
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise zlib.error("too many members")
        self._member = zlib.decompressobj(_GZIP)
        return data


class _Deflate:
    """deflate (RFC 9110, section 8.4.1.2): the zlib format, or the bare stream that some servers send for it."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._head = b""

    @property
    def complete(self) -> bool:
        return self._stream.eof if self._stream else not self._head

    def feed(self, data: bytes, room: int) -> bytes:
        if self._stream is None:
            data = self._head = self._head + data
            if len(data) < 2:  # noqa: PLR2004 - the zlib header is two bytes long
                return b""
            # RFC 1950, section 2.2: method 8, and the two bytes as a number are a multiple of 31.
            wrapped = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0  # noqa: PLR2004 - as the RFC says
            self._stream = zlib.decompressobj(_ZLIB if wrapped else _RAW)
        return self._stream.decompress(data, room + 1)


def _decoder(response: httpx.Response, fields: Mapping[str, str]) -> _Decoder:
    coding = fields.get("content-encoding", "").strip().lower()
    if coding in {"", "identity", "none"}:
        return _Identity()
    if coding in {"gzip", "x-gzip"}:
        return _Gzip()
    if coding == "deflate":
        return _Deflate()
    raise FetchError(
        f"{response.url} sends the content encoding {coding[:40]!r}, which was not asked for and is not read:"
        " tell the publisher that only gzip was accepted.",
        failure="unparsable",
        status=response.status_code,
    )


async def read_whole(response: httpx.Response, fields: Mapping[str, str], limit: int) -> bytes:
    """The whole body, inflated.

    Args:
        response: an answer whose body was not read yet.
        fields: its header fields by lower-case name.
        limit: bytes, for what is sent and for what it inflates to.

    Raises:
        FetchError: `too-large`, `unparsable` (damaged or a content encoding nobody asked for), `connection` (cut off).
        httpx.HTTPError: the connection failed.
    """
    declared = fields.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise _too_large(response, limit)
    decoder = _decoder(response, fields)
    pieces: list[bytes] = []
    sent = held = 0
    try:
        async for chunk in response.aiter_raw():
            sent += len(chunk)
            piece = decoder.feed(chunk, limit - held)
            held += len(piece)
            if sent > limit or held > limit:
                raise _too_large(response, limit)
            pieces.append(piece)
    except zlib.error as error:
        raise FetchError(
            f"{response.url} sends damaged compressed data ({error}): try again later, or tell the publisher.",
            failure="unparsable",
            status=response.status_code,
        ) from error
    if not decoder.complete:
        raise FetchError(
            f"{response.url} was cut off: its compressed data ends after {sent} bytes; try again later.",
            failure="connection",
            status=response.status_code,
        )
    return b"".join(pieces)


async def read_start(response: httpx.Response, fields: Mapping[str, str], limit: int) -> bytes:
    """At most the first `limit` bytes of the body, inflated as far as it can be: for what need not be whole.

    Raises:
        httpx.HTTPError: the connection failed.
    """
    try:
        decoder = _decoder(response, fields)
    except FetchError:
        return b""
    body = bytearray()
    try:
        async for chunk in response.aiter_raw():
            body += decoder.feed(chunk, limit - len(body))
            if len(body) >= limit:
                break
    except zlib.error:
        return bytes(body)
    return bytes(body[:limit])


def _too_large(response: httpx.Response, limit: int) -> FetchError:
    return FetchError(
        f"{response.url} is larger than {limit} bytes: raise fetch.max_bytes if it is meant to be.",
        failure="too-large",
        status=response.status_code,
    )
