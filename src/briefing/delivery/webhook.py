"""Signed messages to a receiver's own program, by the Standard Webhooks specification (standardwebhooks.com).

The signature is an HMAC-SHA-256 (RFC 2104) over the message's id, the time of the attempt and the body, so that nobody
can alter one of them, and a message that was caught on its way is of no use later. A receiver drops what it has by its
id: a message may come twice where a process dies between the receiver's answer and our record of it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Any

import orjson

from briefing.errors import OutputError

if TYPE_CHECKING:
    from datetime import datetime

TYPES = {
    "item": "item.published",
    "digest": "digest.changed",
    "issue": "issue.published",
    "erratum": "erratum.issued",
}
"""What a message says that it is, by what happened."""

_MARK = "whsec_"
_SHORTEST = 24  # bytes: what the specification asks for


def body(kind: str, at: datetime, data: dict[str, Any]) -> bytes:
    """The payload of a message: its type, when it happened, what happened."""
    return orjson.dumps({"type": TYPES[kind], "timestamp": at.isoformat(), "data": data})


def headers(secrets: str, message: str, at: datetime, content: bytes) -> dict[str, str]:
    """The headers of one attempt at `at`; `secrets` are one, or more apart by spaces while a receiver changes its own.

    Raises:
        OutputError: there is no secret, or one that is too short or no base64 behind `whsec_`.
    """
    stamp = str(int(at.timestamp()))
    signed = b".".join((message.encode(), stamp.encode(), content))
    keys = [_key(secret) for secret in secrets.split()]
    if not keys:
        raise OutputError("the secret of the signature is empty: write one of at least 24 signs into its variable")
    made = (base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys)
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in made),
    }


def _key(secret: str) -> bytes:
    if not secret.startswith(_MARK):
        key = secret.encode()
    else:
        try:
            key = base64.b64decode(secret.removeprefix(_MARK), validate=True)
        except binascii.Error:
            raise OutputError("the secret of the signature begins with whsec_ but is no base64 behind it") from None
    if len(key) < _SHORTEST:
        raise OutputError(f"the secret of the signature has {len(key)} bytes: it needs at least {_SHORTEST}")
    return key
