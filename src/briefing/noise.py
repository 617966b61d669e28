"""What a reader would notice of a text, and what changes by itself: the form in which two versions are compared.

One text in, one text out: no list of earlier versions, no page. What only repeated looks can tell (a banner that
rotates) is found elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from briefing import noisewords as said
from briefing.text import fold

_SHORT = 120  # characters: a longer line is running text
_RIGHTS = 200  # characters of a longest line of copyright
_SENTENCE = 60  # characters of a shorter line that may be noise though it ends as a sentence does
_LOOKED_AT = 400  # lines of a document, half at its head and half at its end
_PLEA = 500  # characters of a longest request for cookies
_PIECE = 7  # words that one kind of noise has at most
_BUTTONS = 14  # words that a bar of buttons may have
_BEFORE_COMMENTS = 0.2  # share of a page that the text above its comments has at least
_AFTER_HEADING = 40  # lines that a list of other texts may have
_YEAR = re.compile(r"\d{4}")
_PARTS = re.compile(r"\s*[|•·●▪★☆✓►▶»«<>/\\–—;()\[\]【】（）「」]\s*|\s-\s|(?<=\D),\s|,\s(?=\D)|\s{2,}|[|｜]")
_BARS = re.compile(r"\s*[|｜•·●]\s*|\s{2,}")
_ENDS = (".", "!", "?", "。", "！", "？", "…", ":", "：", "”", "」")
_STOPS = (".", "!", "?", "。", "！", "？", "”", "」", "»")
_EDGES = " \t.,:;!-–—*#»«()[]"
_ICONS = re.compile(r"[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]+")
_RELATED = re.compile(rf"(?:{said.RELATED})\s*[:»>.!?]*")
_RELATED_LINE = re.compile(rf"(?:{said.RELATED})\s*(?:[:»>|]|-\s|\.\s).+")
_WORD = re.compile(r"[\w-]+!?")

# nh3 writes markup in one form only (see `briefing.sources.markup`): these expressions hold for its output.
_LINK = re.compile(r"<a(?:\s[^>]*)?>(.*?)</a>", re.DOTALL)
_CELL = re.compile(r"<t[dh](?:\s[^>]*)?>")
_BREAK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|"
    r"header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul)(?:\s[^>]*)?/?>"
)
_UNREAD = re.compile(r"<rt>.*?</rt>|<rp>.*?</rp>|<!--.*?-->")
_TAG = re.compile(r"<[^>]*>")
_OPEN, _CLOSE, _IN_TABLE, _HEAD = "\ue000", "\ue001", "\ue002", "\ue003"
_HEADING = re.compile(r"<h[1-6](?:\s[^>]*)?>")
_CAPTION = "\ue004"
_FIGCAPTION = re.compile(r"<figcaption(?:\s[^>]*)?>(.*?)</figcaption>", re.DOTALL)
_MARKS = re.compile(f"[{_OPEN}-{_CAPTION}]")
_LINKED = re.compile(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}?")
_LETTER = re.compile(r"[^\W_]")

_ALIKE = tuple(
    (
        dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
        | dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\uff07`\u00b4", "'")
        | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02", '"')
        | {"ё": "е", "Ё": "Е", "\u301c": "~", "\u30fb": "·", "\u2022": "·", "\u2027": "·"}
    ).items()
)
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
_RUNS = re.compile(r"-{2,}")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    linked: bool  # nothing in it but links
    links: bool  # a link in it
    cells: bool  # a row of a table
    heading: bool = False


def text_print(text: str, html: str = "") -> str:
    """A short print of what a reader would notice of a text; `html` is its sanitised markup where there is any."""
    return _print_again(text, html) if len(text) < _LONG else _print(text, html)


def _print(text: str, html: str) -> str:
    return hashlib.sha256(seen(notable(text, html)).encode()).hexdigest()[:32]


# The same words are asked for several times on their way into the log (see `briefing.text.print_of`).
_print_again = lru_cache(maxsize=4096)(_print)
_LONG = 20_000  # characters


def seen(text: str) -> str:
    """A text as the eye takes it: white space, invisible signs and the make of dashes and quotation marks left out.

    Unicode Standard Annex 15 (NFKC). Case is kept: a capital that comes or goes is an edit, if a small one.
    """
    text = "".join(text.split())
    if not text.isascii():
        text = _alike(text)
        if not unicodedata.is_normalized("NFKC", text):
            text = "".join(_alike(unicodedata.normalize("NFKC", text)).split())
        text = _UNSEEN.sub("", text)
    if "--" in text:
        text = _RUNS.sub("-", text)
    return text.replace("''", '"').replace("`", "'")


def _alike(text: str) -> str:
    for sign, plain in _ALIKE:  # a search each is several times as fast as one table
        if sign in text:
            text = text.replace(sign, plain)
    return text


def notable(text: str, html: str = "") -> str:
    """The lines of a text without those that change by themselves, the text itself where nothing else is left."""
    told = text.split("\n")
    if "<figcaption" not in html and all(map(_is_prose, told)):
        return _addressed(text)
    lines = _lines(told, html)
    if len(lines) > _LOOKED_AT:  # in the midst of a long document nobody counts visitors
        half = _LOOKED_AT // 2
        ends = [[_told(line) for line in _without_others(part)] for part in (lines[:half], lines[-half:])]
        kept = [*ends[0], *(line.text for line in lines[half:-half]), *ends[1]]
    else:
        kept = [_told(line) for line in _without_others(lines)]
    return _addressed("\n".join(filter(None, kept)) or text)


def _is_prose(line: str) -> bool:
    """Whether a line is a sentence or more at first sight, so that nothing of it changes by itself."""
    if len(line) <= _SENTENCE or (len(line) <= _SHORT and not line.endswith(_STOPS)):
        return False
    if len(line) > _PLEA:
        return True
    lower = line.lower()
    return not any(stem in lower for stem in said.PLEADING)


def is_ad_label(line: str) -> bool:
    """Whether a line says that what follows it is an advertisement, and nothing else."""
    return len(line) <= _SENTENCE and said.AD.fullmatch(fold(line).strip(_EDGES)) is not None


def is_noise(line: str) -> bool:
    """Whether all of a line changes by itself."""
    return not _told(_Line(line, linked=False, links=False, cells=False))


def _addressed(text: str) -> str:
    """A text whose addresses name places, not visits."""
    return said.SESSION.sub("", text).replace("?&", "?") if "=" in text else text


# ---------------------------------------------------------------- lines


def _lines(told: list[str], html: str) -> list[_Line]:
    """The lines of a text, with what the markup tells of links; without it nothing is known of them."""
    if "<a" not in html and "<t" not in html and "<h" not in html and "<figcaption" not in html:
        return [_Line(line, linked=False, links=False, cells=False) for line in told if line.strip()]
    flat = _MARKS.sub("", html.replace("\n", " "))
    flat = _FIGCAPTION.sub(_captioned, flat)
    flat = _HEADING.sub(f"\n{_HEAD}", flat)
    flat = _LINK.sub(rf"{_OPEN}\1{_CLOSE}", _UNREAD.sub("", flat))
    flat = unescape(_TAG.sub("", _BREAK.sub("\n", _CELL.sub(f" {_IN_TABLE}", flat))))
    return [line for raw in flat.split("\n") if _CAPTION not in raw and (line := _line(raw)).text]


def _captioned(found: re.Match[str]) -> str:
    """A caption as one marked line: what stands below a picture is no part of the statement."""
    return f"\n{_CAPTION}{_BREAK.sub(' ', found[1])}\n"


def _line(raw: str) -> _Line:
    bare = _MARKS.sub("", raw)
    links = _OPEN in raw
    linked = links and len(bare) < 2 * _SHORT and not _LETTER.search(_LINKED.sub("", raw).replace(_CLOSE, ""))
    text = " ".join(bare.split())
    return _Line(text, linked=linked, links=links, cells=raw.count(_IN_TABLE) > 1, heading=_HEAD in raw)


def _without_others(lines: list[_Line]) -> list[_Line]:
    """The lines without lists of other texts, and without lines that are links and nothing else."""
    kept: list[_Line] = []
    lines = _without_comments(lines)
    knows = any(line.links for line in lines)
    place = 0
    while place < len(lines):
        line = lines[place]
        folded = fold(line.text) if len(line.text) <= 2 * _SHORT else ""
        end = place + 1
        if folded and len(folded) <= _SHORT and (_RELATED.fullmatch(folded) or said.AD.fullmatch(folded.strip(_EDGES))):
            end = _list_end(lines, place + 1, knows=knows)
            kept += [] if end > place + 1 or _RELATED.fullmatch(folded) else [line]
        elif not (folded and (line.links or not knows) and _RELATED_LINE.fullmatch(folded)):
            kept.append(line)
        place = end
    texts = [line for line in kept if not line.linked]
    # What is made of links throughout, such as a list of treaties, is a text all the same.
    return texts if sum(len(line.text) for line in texts) > sum(len(line.text) for line in kept) / 2 else kept


def _without_comments(lines: list[_Line]) -> list[_Line]:
    """The lines up to the heading over what readers said, if a good part of the text stands before it."""
    before, whole = 0, sum(len(line.text) for line in lines)
    for place, line in enumerate(lines):
        if line.heading and before > whole * _BEFORE_COMMENTS and said.COMMENTS.fullmatch(fold(line.text)):
            return lines[:place]
        before += len(line.text)
    return lines


def _list_end(lines: list[_Line], start: int, *, knows: bool) -> int:
    """Where a list of links ends that begins so; with no links known, where the short lines end that close a text."""
    end = start
    while end < min(len(lines), start + _AFTER_HEADING) and (lines[end].linked or _is_noise(lines[end])):
        end += 1
    if end == start and not knows:
        rest = lines[start : start + _AFTER_HEADING]
        if len(lines) - start <= len(rest) and all(
            len(line.text) <= _SHORT and not line.text.endswith(_ENDS) for line in rest
        ):
            return len(lines)
    return end


# ---------------------------------------------------------------- within a line


def _told(line: _Line) -> str:
    """What is left of a line without what changes by itself."""
    return line.text if line.cells or _is_prose(line.text) else _left_of(line.text)


@lru_cache(maxsize=4096)
def _left_of(text: str) -> str:
    if len(text) > _PLEA:
        return text
    folded = fold(text)
    if _is_plea(folded) or said.AD_LINE.fullmatch(folded) or (len(text) <= _SHORT and _is_noise_throughout(folded)):
        return ""
    if len(text) <= _RIGHTS and (said.CAPTION.fullmatch(folded) or _is_market(folded)):
        return ""
    if len(text) <= _RIGHTS and said.COPYRIGHT.match(folded):
        return _YEAR.sub("", text)
    if len(text) > _SHORT or text.endswith(_ENDS):
        return text
    kept = [part for bars in _left([text], _BARS) for part in _left([bars], _PARTS)]
    return " ".join(filter(None, kept))


def _left(texts: list[str], apart: re.Pattern[str]) -> list[str]:
    """The pieces of texts that are no noise; texts of which all pieces stay are left whole."""
    left: list[str] = []
    for text in texts:
        parts = [part for part in apart.split(text) if part and part.strip()]
        kept = [part for part in parts if not _is_noise_throughout(fold(part))]
        left += [text] if len(kept) == len(parts) else kept
    return left


def _is_plea(folded: str) -> bool:
    found = said.PLEA.match(folded)
    # A request is told by its opening; what follows it in the same line belongs to it, unless that is long.
    return found is not None and len(folded) - found.end() <= 2 * _SHORT


def is_market(line: str) -> bool:
    """Whether a line holds exchange rates or prices of markets and nothing else: two names, or one that moves."""
    return len(line) <= _PLEA and _is_market(fold(line).strip())


def _is_market(folded: str) -> bool:
    if not said.MOVED.search(folded) or not said.MARKET.fullmatch(folded):
        return False
    names = set(said.QUOTED.findall(folded))
    return len(names) > 1 or (bool(names) and _MOVES.search(folded) is not None)


def _is_noise(line: _Line) -> bool:
    return bool(line.text) and not line.cells and len(line.text) <= _SHORT and _is_noise_throughout(fold(line.text))


def _is_noise_throughout(folded: str) -> bool:
    """Whether a piece is noise, or several kinds of noise with nothing but spaces between."""
    if any(map(str.isdigit, folded)) and not any(stem in folded for stem in said.STEMS) and not _ICONS.search(folded):
        return False
    if _is_part_noise(folded):
        return True
    words = folded.split()
    if not 1 < len(words) <= _BUTTONS or not any(map(str.isdigit, folded)):
        return False
    reached = [True]  # up to which word the piece is made of noise
    for end in range(1, len(words) + 1):
        begins = range(max(0, end - _PIECE), end)
        reached.append(any(reached[at] and _is_part_noise(" ".join(words[at:end])) for at in begins))
    return reached[-1]


def _is_part_noise(folded: str) -> bool:
    pictures = not folded.isascii() and _ICONS.search(folded) is not None
    bare = (_ICONS.sub(" ", folded) if pictures else folded).strip(_EDGES)
    if not bare:
        return True
    if pictures and len(bare) < len(folded) and _COUNT.fullmatch(bare):
        return True  # a number beside a picture of an eye or a heart
    return _is_said(bare) or _is_sharing(bare)


def _is_said(bare: str) -> bool:
    if not _ANY.fullmatch(bare):  # nearly always: one expression instead of seven
        return False
    plainly = (said.COUNTER, said.READING_TIME, said.GENERATED, said.GAUGE, said.AD)
    return any(expression.fullmatch(bare) for expression in plainly) or _is_dated(bare)


def _is_dated(bare: str) -> bool:
    """Whether a piece says how long ago, or when a page was printed or last touched."""
    if said.AGE.fullmatch(bare) or _AGED.fullmatch(bare):
        return True
    stamp = said.STAMP.fullmatch(bare)
    return stamp is not None and _A_MOMENT.search(stamp["moment"]) is not None


_COUNT = re.compile(said.NUMBER)
_MOVES = re.compile(r"[▲▼△▽↑↓]|(?<=[\s(])[+−-]\s?\d")
_A_MOMENT = re.compile(r"\d\D+\d|\d{4}")  # two numbers, or a year
_TOUCHED = (
    r"(?:last )?(?:updated?|published|posted|modified)|обновлен\w*|опубликован\w*|размещен\w*|更新|公開|投稿|"
    r"aktualisiert|veröffentlicht|publié|mis à jour|actualizado|publicado|aggiornato|pubblicato"
)
_AGED = re.compile(
    rf"(?:{_TOUCHED})\s*:?\s*(?:{said.AGE.pattern})(?: (?:by|in|from) .{{1,40}})?|"
    rf"(?:{said.AGE.pattern})\s?(?:に|by .{{1,40}})?(?:{_TOUCHED})?(?:されました)?"
)


_ANY = re.compile(
    "|".join(
        f"(?:{one.pattern})"
        for one in (
            said.COUNTER,
            said.READING_TIME,
            said.GENERATED,
            said.GAUGE,
            said.AD,
            said.AGE,
            _AGED,
            said.STAMP,
        )
    )
)


def _is_sharing(bare: str) -> bool:
    """Whether a piece is made of the words of buttons to share, and perhaps of their counts."""
    words, named = 0, []
    for found in _WORD.finditer(bare):
        words += 1
        word = found[0]
        if not word.isdigit():
            if word not in _BUTTON_WORDS:
                return False
            named.append(word)
    if not 0 < len(named) <= _BUTTONS:
        return False
    telling = _TELLING if len(named) < words else said.SHARE
    return any(word in telling for word in named)


_BUTTON_WORDS = said.SHARE | said.BESIDE_SHARE
_TELLING = said.SHARE - said.LOOSE_SHARE
