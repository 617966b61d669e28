"""Requests to an S3-like service, signed by Signature Version 4 (Amazon's documentation of the S3 API, "Authenticating
Requests: Using the Authorization Header").

A library for it would bring an HTTP client of its own, past the address guard, and a hundred times what is needed: put,
get and delete of small files. The signature is checked against the published examples.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_METHOD = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An access key: its id, its secret, and the token of one that holds for a time."""

    id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    region: str = "us-east-1"


def address(endpoint: str, bucket: str, prefix: str, path: str) -> str:
    """The address of a file, its bucket in the path: so all services take it."""
    name = f"{prefix}/{path}" if prefix else path
    return f"{endpoint.rstrip('/')}/{quote(bucket, safe='')}/{quote(name, safe='/-_.~')}"


def signed(
    key: Key, method: str, url: str, *, headers: Mapping[str, str], body: bytes, now: datetime
) -> dict[str, str]:
    """The headers of a request with what proves whose it is; names in lower case, `now` in UTC."""
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    digest = hashlib.sha256(body).hexdigest()
    parts = urlsplit(url)
    own = {**headers, "x-amz-content-sha256": digest, "x-amz-date": stamp}
    own |= {"x-amz-security-token": key.token} if key.token else {}
    proved = {**own, "host": parts.netloc}
    names = sorted(proved)
    request = "\n".join(
        (
            method,
            parts.path or "/",
            _query(parts.query),
            *(f"{name}:{' '.join(proved[name].split())}" for name in names),
            "",
            ";".join(names),
            digest,
        )
    )
    scope = f"{stamp[:8]}/{key.region}/s3/aws4_request"
    text = "\n".join((_METHOD, stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    signature = hmac.new(_signing_key(key, stamp[:8]), text.encode(), hashlib.sha256).hexdigest()
    proof = f"{_METHOD} Credential={key.id}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
    return {**own, "authorization": proof}


def _query(query: str) -> str:
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in parse_qsl(query, True))
    return "&".join(f"{name}={value}" for name, value in pairs)


def _signing_key(key: Key, day: str) -> bytes:
    made = f"AWS4{key.secret}".encode()
    for part in (day, key.region, "s3", "aws4_request"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return made
