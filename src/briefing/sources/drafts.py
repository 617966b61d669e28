"""From what a feed says of an entry to the entry, by the rules that all feed formats share."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.model import UNDATED, Entry
from briefing.text import one_line, shorten

if TYPE_CHECKING:
    from briefing.model import Published

_ENOUGH = 500  # characters: a shorter text of one block is taken for a summary
_BLOCKS = 2
_TITLE = 80
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|[\[(]\s*(?:…|\.{2,3})\s*[\])])\W*$")
_BRACKETED = re.compile(r"[\[(]\s*(?:…|\.{2,3})\s*[\])]\W*$")
# Written case folded.
_MORE = (
    "read more", "read on", "read full", "read the rest", "read the full", "continue reading", "more here", "full text",
    "full story", "learn more",
    "читать далее", "читать дальше", "читать полностью", "читать продолжение", "подробнее", "далее",
    "читати далі", "читати більше", "докладніше",
    "weiterlesen", "mehr lesen", "mehr dazu", "mehr erfahren", "lire la suite", "lire plus", "en savoir plus",
    "voir plus", "leer más", "ver más", "saber más", "seguir leyendo", "leggi tutto", "leggi di più",
    "continua a leggere", "leia mais", "ler mais", "saiba mais", "saber mais", "continuar a ler", "continuar lendo",
    "czytaj więcej", "czytaj dalej", "więcej", "lees meer", "lees verder", "läs mer", "les mer", "læs mere",
    "lue lisää", "devamını oku", "číst dále", "číst více", "více", "tovább", "citește mai mult",
    "続きを読む", "続きはこちら", "もっと見る", "詳細はこちら", "全文を読む", "阅读更多", "阅读全文", "查看更多",
    "閱讀更多", "閱讀全文", "더보기", "더 보기", "계속 읽기", "اقرأ المزيد", "المزيد", "อ่านต่อ", "đọc tiếp",
    "selengkapnya",
)  # fmt: skip
_AFTER_WORDS = re.compile(r"[^\w\n]+\Z")
_TAIL = 80


@dataclass(slots=True, kw_only=True)
class Draft:
    """An entry being read. `full` says that its text stands where the format keeps whole texts."""

    url: str
    title: str
    guid: str | None = None
    text: str = ""
    html: str = ""
    summary: str = ""
    full: bool = False
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: Published = UNDATED
    language: str | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing is there by which it could be an entry."""
        return not (self.url or self.guid or self.title or self.text)


def finish(draft: Draft, digest: str = "") -> Entry:
    """The entry: given a title and a digest where it lacks them, and told whether its text is whole."""
    return Entry(
        url=draft.url,
        title=draft.title or shorten(draft.text.split("\n", 1)[0], _TITLE) or draft.url,
        digest=digest or digest_of(draft),
        guid=draft.guid,
        text=draft.text,
        html=draft.html,
        summary=one_line(draft.summary),
        complete=is_complete(draft.text, full=draft.full),
        authors=draft.authors,
        categories=draft.categories,
        published=draft.published,
        language=draft.language.strip() or None if draft.language else None,
    )


def is_complete(text: str, *, full: bool) -> bool:
    """Whether a text is whole rather than a summary or an opening."""
    if not text:
        return False
    end = text[-_TAIL:]
    trails_off = "…" in end or ".." in end
    if full:
        return not (trails_off and _BRACKETED.search(end))
    if (trails_off and _ELLIPSIS.search(end)) or _last_words(end).endswith(_MORE):
        return False
    return len(text) >= _ENOUGH or text.count("\n") + 1 >= _BLOCKS


def is_invitation(text: str) -> bool:
    """Whether a text is nothing but an invitation to read on ("Read more »")."""
    return len(text) <= _TAIL and _last_words(text.lstrip("[(«»›>→… ")) in _MORE


def _last_words(text: str) -> str:
    """A text case folded, without the signs behind its last word."""
    return _AFTER_WORDS.sub("", text).casefold()


def digest_of(draft: Draft) -> str:
    """SHA-256 over all that was read of an entry, for formats and feeds whose bytes cannot be hashed entry by entry."""
    held = [
        draft.url, draft.title, draft.guid, draft.text, draft.html, draft.summary, draft.authors, draft.categories,
        draft.published.raw, draft.language,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(held, ensure_ascii=False).encode()).hexdigest()
