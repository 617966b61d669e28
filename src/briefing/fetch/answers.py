"""What an answer or a failure means: one of `briefing.errors.FAILURES` and one sentence."""

from __future__ import annotations

import re
import socket
import ssl
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import aiohttp
import httpx

from briefing.errors import AddressRefused, FetchError
from briefing.fetch.addresses import shown
from briefing.fetch.challenge import challenger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_WAIT = 86_400.0
"""Seconds: a Retry-After beyond a day is taken for a day."""

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d+)")
_BLOCKED = frozenset({401, 403, 451})
_GONE = 410
_NOT_MODIFIED = 304
_OK = 200


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds to wait (RFC 9110, section 10.2.3), from 0 to `LONGEST_WAIT`; None where the header says nothing.

    Args:
        value: a number of seconds or an HTTP date.
        now: seconds since 1970.
    """
    value = (value or "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at.timestamp() - now, 0.0), LONGEST_WAIT)


def fresh_for(headers: Mapping[str, str]) -> int:
    """Seconds for which an answer stays fresh by its Cache-Control (RFC 9111, sections 4.2 and 5.2.2), at most a day.

    0 where it does not say, or wants to be asked about each time. `headers` have lower-case names.
    """
    control = headers.get("cache-control")
    return max(0, _max_age(control) - _seconds(headers.get("age", ""))) if control else 0


@lru_cache(maxsize=256)
def _max_age(control: str) -> int:
    control = control.lower()
    if "no-cache" in control or "no-store" in control:
        return 0
    found = _MAX_AGE.search(control)
    return min(_seconds(found.group(1)), int(LONGEST_WAIT)) if found else 0


def _seconds(value: str) -> int:
    value = value.strip()
    return int(value[:12]) if value.isascii() and value.isdigit() else 0


def judge(
    url: httpx.URL, status: int, headers: Mapping[str, str], body: bytes, *, conditional: bool, now: float
) -> None:
    """Let an answer pass that can be used: a 200 that is no challenge, a 304 that was asked for.

    Args:
        url: the address that gave the answer, after redirects.
        status: its HTTP status.
        headers: with lower-case names.
        body: inflated; of an answer other than 200 its start is enough.
        conditional: whether validators were sent.
        now: seconds since 1970, for Retry-After.

    Raises:
        FetchError: `blocked`, `gone` or `status`.
    """
    if status == _NOT_MODIFIED and conditional:
        return
    who = challenger(headers, body)
    if status == _OK and who is None:
        return
    wait = retry_after(headers.get("retry-after"), now)
    if who is not None:
        raise FetchError(
            f"{shown(url)} answered {status} with a challenge page of {who}: it keeps programs out and is not evaded;"
            " ask the publisher for access.",
            failure="blocked",
            status=status,
            retry_after=wait,
        )
    raise _by_status(shown(url), status, wait)


def _by_status(url: str, status: int, wait: float | None) -> FetchError:
    failure = "status"
    if status in _BLOCKED:
        failure = "blocked"
        text = f"{url} answered {status}: it is closed to this program; ask the publisher for access."
    elif status == _GONE:
        failure = "gone"
        text = f"{url} answered {status}: it was removed for good; find its new address or retire the source."
    elif status == _NOT_MODIFIED:
        text = f"{url} answered {status} though nothing was asked conditionally: tell the publisher."
    elif status in {404, 400}:
        text = f"{url} answered {status}: correct the address."
    elif status == 429 or status >= 500:  # noqa: PLR2004 - server errors
        text = f"{url} answered {status}: it is tried again later."
    else:
        text = f"{url} answered {status}, which carries no document: check the address in a browser."
    return FetchError(text, failure=failure, status=status, retry_after=wait)


def explained(error: BaseException, url: httpx.URL, seconds: float) -> FetchError:
    """The failure of an exchange as ours, found in the chain of causes: httpx's own classes blur it.

    Args:
        error: what the client raised.
        url: the address that was asked.
        seconds: the time limit that held.
    """
    chain = list(_chain(error))
    refused = next((cause for cause in chain if isinstance(cause, AddressRefused)), None)
    if refused is not None:
        return refused
    if any(isinstance(cause, aiohttp.ClientConnectorDNSError) for cause in chain):
        text = f"the name {url.host} does not resolve ({_reason(chain)}): correct {shown(url)} or try again later."
        # The resolver tells a name that nobody has from an answer that it could not get just now.
        busy = any(isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN for cause in chain)
        return FetchError(text, failure="dns", temporary=busy)
    if any(isinstance(cause, ssl.SSLError | ssl.CertificateError | aiohttp.ClientSSLError) for cause in chain):
        text = f"no secure connection with {url.host} ({_reason(chain)}): its certificate or its TLS is at fault."
        return FetchError(text, failure="tls")
    if any(isinstance(cause, TimeoutError) for cause in chain):
        text = f"{shown(url)} gave no whole answer within {seconds:g} s: try again later or raise fetch.timeout."
        return FetchError(text, failure="timeout")
    if isinstance(error, httpx.RemoteProtocolError | httpx.UnsupportedProtocol | httpx.InvalidURL | ValueError):
        text = f"{shown(url)} leads to something that is not a web address ({_reason(chain)}): tell the publisher."
        return FetchError(text, failure="address")
    text = f"the connection with {url.host} failed for {shown(url)} ({_reason(chain)}): try again later."
    return FetchError(text, failure="connection")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and its causes; not its context, which may be whatever the caller was handling."""
    while error is not None:
        yield error
        error = error.__cause__


def _reason(chain: list[BaseException]) -> str:
    """The words of the first cause, on one line; never an address with credentials, for those were never sent."""
    first = chain[-1]
    words = first.verify_message if isinstance(first, ssl.SSLCertVerificationError) else ""
    words = words or getattr(first, "strerror", None) or str(first) or type(first).__name__
    return " ".join(str(words).split())[:200]
