"""What a page says of itself elsewhere: its twins in other languages, and the page it is a copy of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from briefing.model import Kin
from briefing.sources import picking
from briefing.sources.addresses import without_fragment
from briefing.sources.markup import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 24
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
# What a link to the same text in another language is called, case folded, in that language or in English.
_NAMES = {
    "en": ("english", "in english", "english version", "eng", "en", "英語", "英語版", "на английском", "по-английски"),
    "ja": ("japanese", "in japanese", "japanese version", "日本語", "日本語版", "jp", "ja", "на японском"),
    "ru": (
        "russian", "in russian", "russian version", "русский", "по-русски", "на русском", "русская версия", "рус", "ru",
        "ロシア語", "ロシア語版",
    ),
    "zh": ("chinese", "中文", "简体中文", "中文版", "中国語"),
    "ko": ("korean", "한국어", "한글", "韓国語"),
    "uk": ("ukrainian", "українська", "українською"),
    "fr": ("french", "français", "en français", "version française"),
    "de": ("german", "deutsch", "auf deutsch"),
    "es": ("spanish", "español", "en español"),
    "pt": ("portuguese", "português"),
    "it": ("italian", "italiano"),
    "ar": ("arabic", "العربية", "عربي"),
}  # fmt: skip
_CALLED = {name: code for code, names in _NAMES.items() for name in names}


def of_page(root: Any, base: str, url: str) -> tuple[Kin, ...]:
    """The pages that a page names as itself in another language (`hreflang`, or a link called by a language), and the
    one it names as the original of its words (`rel=canonical`, RFC 6596).

    Whether anything is known at these addresses is for others to find out.
    """
    found: dict[str, Kin] = {}
    for one in _named(root, base):
        place = without_fragment(one.url)
        if place != without_fragment(url) and urlsplit(place).path.strip("/"):
            found.setdefault(place, one)
    return tuple(found.values())[:_MOST]


def _named(root: Any, base: str) -> Iterator[Kin]:
    for link in picking.elements(root, "link[rel][href]"):
        rel = link.get("rel").casefold().split()
        address = absolute(link.get("href"), base)
        if "canonical" in rel and address:
            yield Kin(relation="reprint-of", url=address, reason="canonical")
        elif "alternate" in rel and address and (language := _code(link.get("hreflang"))):
            yield Kin(relation="translation-of", url=address, language=language, reason="hreflang")
    for link in picking.elements(root, "a[href]"):
        language = _code(link.get("hreflang")) or _CALLED.get(picking.line(link).strip(" []()|/<>«»›‹").casefold(), "")
        if language and (address := absolute(link.get("href"), base)):
            reason = "hreflang" if link.get("hreflang") else "link"
            yield Kin(relation="translation-of", url=address, language=language, reason=reason)


def _code(tag: str | None) -> str:
    """The language of a tag of BCP 47; empty for none and for `x-default`."""
    match = _TAG.fullmatch((tag or "").strip())
    return match[1].casefold() if match and match[1].casefold() != "x" else ""
