"""Words for people: dates, counts, names of languages and states, quotation marks. English; pure.

Machines are given ISO 8601; nothing here is meant to be read back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing.outputs.names import country_name, language_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.model import Gap, Move, Published, Removal

__all__ = [
    "NO_DATE",
    "clock_words",
    "count_words",
    "country_name",
    "day_words",
    "failure_words",
    "gap_words",
    "institution_words",
    "language_name",
    "listed",
    "moment_words",
    "month_words",
    "move_words",
    "period_words",
    "published_words",
    "quoted",
    "removal_words",
    "right_to_left",
    "state_words",
    "status_words",
]

NO_DATE = "no date given"

# Own names: `strftime` would follow the locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

_CURLY, _LOW, _GUILLEMETS, _CORNERS = ("“", "”"), ("„", "“"), ("«", "»"), ("「", "」")
_MARKS = {
    **dict.fromkeys(("ja", "zh-hant", "zh-hk", "zh-tw"), _CORNERS),
    **dict.fromkeys(("be", "ca", "el", "es", "fa", "hy", "it", "kk", "ky", "nb", "nn", "no", "pt", "ru"), _GUILLEMETS),
    **dict.fromkeys(("ar", "az", "eu", "gl", "mn", "ps", "sq", "tg", "tk", "uk", "uz"), _GUILLEMETS),
    **dict.fromkeys(("bg", "cs", "de", "et", "is", "ka", "lt", "mk", "sk", "sl"), _LOW),
    **dict.fromkeys(("bs", "hr", "hu", "pl", "ro", "sr"), ("„", "”")),
    **dict.fromkeys(("fi", "sv", "he"), ("”", "”")),
    "pt-br": _CURLY,
    "da": ("»", "«"),
    "de-ch": _GUILLEMETS,
    "fr": ("«\u00a0", "\u00a0»"),
}
_INNER = {
    "“": ("‘", "’"),
    "„": ("‚", "‘"),
    "«": ("„", "“"),
    "「": ("『", "』"),
    "”": ("’", "’"),
    "»": ("›", "‹"),
    "«\u00a0": ("“", "”"),
}

_FAILURES = {
    "dns": "its name does not resolve",
    "tls": "its certificate or the secure connection failed",
    "timeout": "no whole answer came in time",
    "connection": "the connection was refused or cut off",
    "address": "its address is not public",
    "robots": "its robots.txt does not allow the page",
    "status": "the server answered with an error",
    "blocked": "the server refuses us",
    "gone": "the server says that it is gone for good",
    "too-large": "the answer is larger than the limit",
    "not-a-feed": "something else stands where its list should be",
    "damaged": "its list is damaged; what could be read was kept",
    "unparsable": "its list cannot be understood",
    "empty": "its list is empty where it held items before",
    "undated": "its entries have no dates any more; they were kept",
}
_STATES = {"new": "not yet read", "ok": "read", "stale": "silent"}  # the others are words
_WAYS = {
    "window": "the list reaches back to what was known",
    "archives": "the archived feeds led back to what was known",
    "pages": "its older pages led back to what was known",
    "wordpress": "its older pages led back to what was known",
    "pagination": "its older pages led back to what was known",
    "listing": "the list of older items led back to what was known",
    "sitemap": "the sitemap was compared with what was known",
}
_OPEN = {
    "": "it has not been looked into yet",
    "no-way": "nothing leads to older items; what came between may be missing",
    "ended": "the older pages end before anything known; what came between may be missing",
    "passed": "the older pages reach further back, and what was known is not on them",
    "too-far": "more older pages than are read at all; what came between may be missing",
    "unfinished": "more than is read at one visit; the next goes on",
    "failed": "an older page could not be read; it is tried again",
}
_INSTITUTIONS = {
    "ministry": "government",
    "think-tank": "think tank",
    "igo": "intergovernmental organisation",
    "media": "media",
}


# ---------------------------------------------------------------- dates


def day_words(day: date) -> str:
    """A day as people write it: `19 November 2016`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def clock_words(moment: datetime, zone: str | None = None) -> str:
    """Day, time and place of an aware moment as it stands: `6 March 2017, 14:31 (Moscow)`.

    `zone` is an IANA name; its city is named only where its offset at that moment is the moment's own, else the offset
    is given: `(UTC+3)`.
    """
    return f"{day_words(moment)}, {moment:%H:%M} ({_place(moment, zone)})"


def moment_words(moment: datetime, zone: str) -> str:
    """An aware moment as the clocks of `zone` (IANA name) show it: `6 March 2017, 14:31 (Tokyo)`."""
    return clock_words(moment.astimezone(ZoneInfo(zone)), zone)


def published_words(published: Published, zone: str | None = None) -> str:
    """A publication date to its precision: `2016`, `November 2016`, `19 November 2016`, `6 March 2017, 14:31 (Moscow)`.

    `zone` is the source's, for the name of the place. A date that was given but not understood is quoted; where none
    was given, that is said.
    """
    if published.value is None:
        return f"date given as “{published.raw}”, not understood" if published.raw else NO_DATE
    value, precision = published.value, published.precision
    if precision == "year":
        return value
    if precision == "month":
        year, month = value.split("-")[:2]
        return f"{_MONTHS[int(month) - 1]} {year}"
    if precision == "day":
        return day_words(date.fromisoformat(value[:10]))
    return clock_words(datetime.fromisoformat(value), zone)


def removal_words(removal: Removal, zone: str) -> str:
    """When, in the days of `zone`, and why an item was taken down: `Removed on 6 March 2017: reason (legal basis)`."""
    return f"Removed on {day_words(removal.at.astimezone(ZoneInfo(zone)))}: {removal.why}"


def month_words(day: date) -> str:
    """A month: March 2017."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def period_words(first: date, last: date) -> str:
    """A span of days, both included: `20 to 26 March 2017`, `27 March to 2 April 2017`."""
    if first == last:
        return day_words(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_words(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} to {day_words(last)}"
    return f"{day_words(first)} to {day_words(last)}"


def _place(moment: datetime, zone: str | None) -> str:
    offset = moment.utcoffset() or timedelta()
    if zone and "/" in zone and not zone.startswith("Etc/") and moment.astimezone(ZoneInfo(zone)).utcoffset() == offset:
        return zone.rsplit("/", 1)[1].replace("_", " ")
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


# ---------------------------------------------------------------- counts and lists


def count_words(count: int, one: str, many: str = "") -> str:
    """A number with its unit: `1 item`, `2,400 items`; `many` where the plural is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence: `A`, `A and B`, `A, B and C`."""
    if len(words) < 2:  # noqa: PLR2004 - one word, or none, needs no "and"
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


# ---------------------------------------------------------------- names


def right_to_left(code: str) -> bool:
    """Whether a language (BCP 47 tag) is written from right to left."""
    return code.partition("-")[0].lower() in _RIGHT_TO_LEFT


def institution_words(kind: str) -> str:
    """A kind of institution in words."""
    return _INSTITUTIONS.get(kind, kind)


def state_words(state: str) -> str:
    """The state of a source in a word or two."""
    return _STATES.get(state, state)


_STATUSES = {
    "original": "original text",
    "official-translation": "official translation",
    "provisional": "provisional translation",
    "machine": "machine translation",
}


def status_words(text_status: str | None) -> str:
    """What a source's texts are, as one names it with a citation: `provisional translation`; empty where not said."""
    return _STATUSES.get(text_status or "", "")


def failure_words(failure: str, status: int | None = None) -> str:
    """Why a source cannot be read (one of `errors.FAILURES`), as the end of a sentence: `the server answered 503`."""
    if failure == "status" and status:
        return f"the server answered {status}"
    words = _FAILURES.get(failure, failure or "the reason is not known")
    return f"{words} (status {status})" if status and failure == "blocked" else words


def move_words(move: Move) -> str:
    """That another address is proposed for a source, and how to accept it."""
    what = "has moved to" if move.why == "redirect" else "names as its own address"
    return f"{what} {move.to}; accept with `briefing source accept-move {move.source}`"


def gap_words(gap: Gap) -> str:
    """How a possible gap stands, as a sentence: `closed: the pages of WordPress led back, 3 items found`."""
    found = f"{count_words(gap.items, 'item')} found"
    if gap.state == "closed":
        return f"closed: {_WAYS.get(gap.how, gap.how)}, {found}"
    reason = _OPEN.get(gap.reason, gap.reason)
    return f"open: {reason}, {found}" if gap.items else f"open: {reason}"


def quoted(text: str, language: str) -> str:
    """A text between the quotation marks of its language (BCP 47 tag); the text itself is not touched.

    Where it begins or ends with that very mark, the inner marks of the language keep the two apart.
    """
    tag = language.lower()
    opening, closing = _MARKS.get(tag) or _MARKS.get(tag.partition("-")[0], _CURLY)
    if text.startswith(opening.strip()) or text.endswith(closing.strip()):
        opening, closing = _INNER[opening]
    return f"{opening}{text}{closing}"
