"""What is quoted of a publisher's text: its own opening sentences, unchanged, without what stands above them."""

from __future__ import annotations

import re
from itertools import takewhile

from briefing.text import excerpt, one_line, same_words, sentences

QUOTE = 300  # characters of a quotation
OMITTED = "[…]"  # what was left out between two sentences

_READ = 6_000  # characters of a text in which its opening sentences are sought
_HEADING = 80  # characters up to which a line that ends like no sentence counts as a heading
_ENDED = re.compile(r"[.!?…:;。！？｡：；।۔؟។།][\"'»”’)\]」』）】〉》]*$")
_DATE = re.compile(
    r"""\d{1,2}(?:st|nd|rd|th|\.|º)?\s+(?:de\s+)?[^\W\d]+\.?,?\s+(?:de\s+)?\d{4}(?:\s+(?:года|г\.))?
    | [^\W\d]+\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}
    | (?:\d{2,4}|[^\W\d]{1,4}\d{1,2}|[^\W\d]{1,4}元)\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?
    | \d{4}\s*년\s*\d{1,2}\s*월(?:\s*\d{1,2}\s*일)?
    | \d{1,4}[./-]\d{1,2}[./-]\d{2,4}""",
    re.VERBOSE,
)
_DATELINE = 80  # characters of the longest dateline
_BESIDE = 3  # words beside the date that a dateline may hold: a place, a weekday
_BESIDE_SIGNS = 12  # the same where no spaces part the words


def opening(title: str, text: str, language: str, limit: int = QUOTE) -> str:
    """The opening sentences of a text in at most `limit` characters; empty where there is no text.

    A line that repeats the title, a dateline and headings above the first sentence are passed over, and the quotation
    ends before the next heading, so that what is quoted stood together. A text without any sentence is taken as it is.
    """
    lines = _lines(title, text)
    first = next((place for place, line in enumerate(lines) if _is_prose(line) and not _is_dateline(line)), None)
    if first is not None:
        lines = list(takewhile(_is_prose, lines[first:]))
    return excerpt("\n".join(lines), language, limit)


def prose(title: str, text: str) -> list[str]:
    """The lines of a text that hold sentences: no title, dateline or heading; all of it where none does."""
    lines = _lines(title, text)
    return [line for line in lines if _is_prose(line) and not _is_dateline(line)] or lines


def _lines(title: str, text: str) -> list[str]:
    """The lines of a text below what repeats its title and says where and when it was published."""
    lines = [line for line in map(one_line, text[:_READ].split("\n")) if line]
    heading = same_words(title)
    while lines and (same_words(lines[0]) == heading or _is_dateline(lines[0])):
        del lines[0]
    return lines


def first_sentence(quote: str, language: str) -> str:
    """The first sentence of a quotation, the whole of it where it holds no end of one."""
    return next(iter(sentences(quote, language)), quote).removesuffix(OMITTED).rstrip()


def _is_prose(line: str) -> bool:
    return len(line) > _HEADING or bool(_ENDED.search(line))


def _is_dateline(line: str) -> bool:
    """Whether a line holds a date and next to nothing else: Tokyo, 19 March 2017."""
    if len(line) > _DATELINE or not _DATE.search(line):
        return False
    beside = re.findall(r"[^\W\d_]+", _DATE.sub(" ", line))
    spaced = any(sign.isspace() for sign in line)
    return len(beside) <= _BESIDE if spaced else sum(map(len, beside)) <= _BESIDE_SIGNS
