"""Answers: conditional requests (RFC 9110, section 13), how long they are kept, what a browser may do with them."""

from __future__ import annotations

import hashlib
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from starlette.requests import Request

# Pages load nothing but our own style sheet and icon; no script runs, nobody may frame them.
PAGES_MAY = (
    "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# An issue is one file that carries its own style.
ISSUES_MAY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

HTML = "text/html; charset=utf-8"
ALWAYS_ASK = "no-cache"
FOR_A_MINUTE = "public, max-age=60"
FOR_A_DAY = "public, max-age=86400"
FOR_EVER = "public, max-age=31536000, immutable"


def entity_tag(body: bytes) -> str:
    """The strong entity tag of bytes (RFC 9110, section 8.8.3)."""
    return f'"{hashlib.sha256(body).hexdigest()}"'


def answer(
    request: Request,
    body: bytes,
    *,
    kind: str,
    keep: str,
    status: int = 200,
    etag: str = "",
    modified: datetime | None = None,
    modified_words: str = "",
    policy: str = PAGES_MAY,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The bytes, or 304 where the client holds them already.

    `etag` is that of `body` where it is known; `modified` (in UTC) with `modified_words`, its form in the header,
    allow for If-Modified-Since. An answer that is no success is never a 304.
    """
    etag = etag or entity_tag(body)
    fields = {"Cache-Control": keep, "ETag": etag, **secured(policy), **(headers or {})}
    if modified_words:
        fields["Last-Modified"] = modified_words
    if status == 200 and _held(request.headers, etag, modified):  # noqa: PLR2004 - OK
        return Response(status_code=304, headers=fields)
    return Response(body, status_code=status, headers=fields, media_type=kind)


def secured(policy: str = PAGES_MAY) -> dict[str, str]:
    """The headers that keep an answer from being taken for something else or told on."""
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _held(headers: Mapping[str, str], etag: str, modified: datetime | None) -> bool:
    """RFC 9110, section 13.2.2: If-None-Match decides where it is given, else If-Modified-Since."""
    asked = headers.get("if-none-match")
    if asked is not None:
        return asked.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    since = headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # no date, or one without a zone: to be ignored
        return False
