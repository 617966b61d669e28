"""Recognises the pages by which protection services keep programs out: they are reported as `blocked`, never evaded.

An article about such pages must not be taken for one. So only marks that the machinery itself needs are looked for
(script addresses, variables inside a script, element ids), only at the start of a small page, and only where hardly any
text is to be seen.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SMALL = 32_768
"""Bytes: a larger page is content."""

_HEAD = 4_096
_NOTICE = 900  # visible bytes: a notice with its reference number, in any script
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?"
    rb"<(?:!doctype\s+html|html|head|body|script|meta|title|noscript|iframe)\b",
    re.IGNORECASE,
)
_HIDDEN = re.compile(rb"<(script|style|noscript|svg|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")
_SPACE = re.compile(rb"\s+")

_IN_SCRIPT = rb"<script\b[^>]*>[^<]{0,4000}?"
_IN_TAG = rb"<[a-z]+\b[^<>]{0,400}?"
_IN_ADDRESS = rb"<(?:script|iframe|form|link|img|meta)\b[^<>]{0,400}?(?:src|action|href|content)\s*=[^<>]{0,200}?"
_MARKS = (
    ("Cloudflare", _IN_SCRIPT + rb"\b_cf_chl_(?:opt|ctx)\b"),
    ("Cloudflare", _IN_ADDRESS + rb"/cdn-cgi/challenge-platform/h/[a-z]/orchestrate/"),
    (
        "Cloudflare",
        _IN_TAG + rb"""\bid\s*=\s*["']?(?:challenge-form|cf-challenge-running|challenge-error-text|jschl-answer)\b""",
    ),
    ("Akamai", _IN_ADDRESS + rb"/_sec/(?:verify|cp_challenge)\b"),
    ("Akamai", _IN_TAG + rb"""\b(?:id|class)\s*=\s*["']?sec-(?:if|bc)-(?:cpt|tile)-"""),
    ("Akamai", _IN_SCRIPT + rb"""["'/]_sec/(?:verify|cp_challenge)\b|bm-verify=[\w%-]{20}"""),
    ("Akamai", rb"<title>\s*Access Denied.{0,800}?errors(?:\.|&#46;)edgesuite(?:\.|&#46;)net"),
    ("Incapsula", _IN_ADDRESS + rb"/_Incapsula_Resource\?"),
    ("F5", _IN_ADDRESS + rb"/TSPD/[0-9a-f]"),
    ("F5", _IN_SCRIPT + rb"""window(?:\[["'](?:bobcmn|failureConfig)["']\]|\.bobcmn)\s*="""),
    ("F5", rb"<title>\s*Request Rejected\s*</title>.{0,800}?support ID is\s*:"),
    ("DDoS-Guard", _IN_ADDRESS + rb"(?:/\.well-known/ddos-guard/|check\.ddos-guard\.net/)"),
    ("Qrator", _IN_ADDRESS + rb"/__qrator/"),
    ("Qrator", _IN_SCRIPT + rb"\b(?:window\.__qrator|qauth_(?:handle|utm))\w*"),
)


@cache
def _marks() -> tuple[tuple[str, re.Pattern[bytes]], ...]:
    """Made for the first page that is looked through: most rounds see none."""
    return tuple((vendor, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for vendor, pattern in _MARKS)


def challenger(headers: Mapping[str, str], body: bytes) -> str | None:
    """The name of the service whose challenge this answer is, None for an ordinary answer.

    Args:
        headers: with lower-case names.
        body: inflated; may be only its start, `SMALL` bytes at least where there are so many.
    """
    if headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return "Cloudflare"
    if headers.get("x-amzn-waf-action", "").strip().lower() in {"challenge", "captcha"}:
        return "AWS WAF"
    if len(body) >= SMALL or not _HTML.match(body):
        return None
    head = body[:_HEAD]
    found = next((vendor for vendor, mark in _marks() if mark.search(head)), None)
    return found if found and _visible(body) < _NOTICE else None


def _visible(body: bytes) -> int:
    """Bytes of text that a reader would see."""
    return len(_SPACE.sub(b" ", _TAG.sub(b" ", _HIDDEN.sub(b" ", body))).strip())
