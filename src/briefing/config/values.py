"""What a single value may be: each function returns the value meant or raises ValueError with the reason.

The sentence of an error follows the key's path, so it begins in lower case and names the nearest right form.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from ipaddress import ip_network
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from briefing.config.words import (
    COUNTRIES,
    LANGUAGES,
    MEANT,
    MEANT_LANGUAGES,
    WEEKDAYS,
    hint,
    nearest,
    none_of,
)
from briefing.forms import SIGN, WITHIN, Form, expression, form_of, written

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

_FIRST_YEAR = 1990
DURATION_FORM = r"(\d+(?:\.\d+)?) ?(s|m|h|d)"
SIZE_FORM = r"(\d+(?:\.\d+)?) ?(B|KB|MB|GB|KiB|MiB|GiB)?"
PUBLISH_FORM = r"(?:([A-Za-z]+|\d{1,2}) +)?(\d{1,2}):(\d{2})"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SHORT = 40  # what can be repeated in a sentence
_LONGEST = timedelta(days=366)
_SOONEST = timedelta(minutes=10)
_MOST_RECHECKS = 12
FORMS = ("all", "near", "regex")
_MOST_PARTS = 8
_FARTHEST = 200
_PACE = (timedelta(minutes=1), timedelta(days=30))
_ATTRIBUTE = re.compile(r"@[A-Za-z_][\w:.-]*$")
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_STRPTIME = frozenset("aAwdbBmyYHIpMSfzZjUWcxXGuV%")


def text(value: object) -> str:
    """A text that is not empty, white space at its ends cut off."""
    if not isinstance(value, str):
        raise ValueError(must_be("a text", value))  # noqa: TRY004 - pydantic collects ValueErrors only
    if not value.strip():
        raise ValueError("is empty: write a text, or leave the key out where it may be left out")
    return value.strip()


def must_be(wanted: str, found: object) -> str:
    """Say which kind of value should stand in place of the one found."""
    if found is None:
        return f"has no value: it must be {wanted}"
    if isinstance(found, str):
        shown = f", as in [{found}]" if wanted == "a list" and len(found) < _SHORT else ""
        return f"must be {wanted}, not a text{shown}"
    return f"must be {wanted}, not {'a list' if isinstance(found, list) else 'keys with values'}"


def line(value: object) -> str:
    """A text of one line."""
    return " ".join(text(value).split())


@lru_cache(maxsize=1024)
def _duration(word: str) -> timedelta:
    match = re.fullmatch(DURATION_FORM, word, re.IGNORECASE)
    if not match:
        raise ValueError(f'"{word}" is no duration: write a number and s, m, h or d, such as 90s, 10m, 1h or 2d')
    seconds = float(match[1]) * _SECONDS[match[2].lower()]
    if seconds > _LONGEST.total_seconds():
        raise ValueError(f'"{word}" is longer than a year')
    return timedelta(seconds=seconds)


def duration(value: object) -> timedelta:
    """A duration such as `0.1s`, `10m`, `1h`, `2d`."""
    return _duration(text(value))


def timeout(value: object) -> timedelta:
    """A duration that is more than nothing."""
    found = duration(value)
    if not found:
        raise ValueError("must be more than 0s")
    return found


def pace(value: object) -> timedelta:
    """How often a source may be asked: between a minute and thirty days."""
    found = duration(value)
    least, most = _PACE
    if not least <= found <= most:
        raise ValueError(f'"{value}" is out of bounds: a source is read at most every 1m and at least every 30d')
    return found


def recheck(value: object) -> tuple[timedelta, ...]:
    """When items' own pages are read again, counted from first sight: `never`, or rising durations."""
    if isinstance(value, str) and value.strip() == "never":
        return ()
    if not isinstance(value, list) or not value:
        raise ValueError(must_be("never or a list such as [1h, 24h, 7d, 30d]", value))
    found = tuple(duration(one) for one in value)
    if found[0] < _SOONEST or any(later <= sooner for sooner, later in pairwise(found)):
        raise ValueError("must be durations of at least 10m that rise, such as [1h, 24h, 7d, 30d]")
    if len(found) > _MOST_RECHECKS:
        raise ValueError(f"names {len(found)} times: a page is read again {_MOST_RECHECKS} times at most")
    return found


def size(value: object) -> int:
    """A number of bytes: `10MB`, `500KB` (powers of 1,000), `4MiB` (powers of 1,024), or a plain number."""
    word = text(value)
    match = re.fullmatch(SIZE_FORM, word, re.IGNORECASE)
    if not match:
        raise ValueError(f'"{word}" is no size: write a number and KB, MB or GB, such as 10MB, or a number of bytes')
    found = int(float(match[1]) * _BYTES[(match[2] or "b").lower()])
    if found < 1:
        raise ValueError("must be at least one byte")
    return found


def network(value: object) -> IPv4Network | IPv6Network:
    """A network in CIDR notation (RFC 4632, RFC 4291), or one address."""
    word = text(value)
    try:
        return ip_network(word)
    except ValueError:
        pass
    try:
        meant = str(ip_network(word, strict=False))
    except ValueError:
        raise ValueError(f'"{word}" is no network: write it as 10.0.0.0/8 or fd00::/8') from None
    raise ValueError(f'"{word}" names a host inside a network{hint(meant)}')


@lru_cache(maxsize=1024)
def _zone(word: str) -> str:
    try:
        ZoneInfo(word)
    # Names such as "Europe" are folders of the database: opening them fails in the system's own way.
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{word}" is no time zone{hint(_nearest_zone(word))}') from None
    return word


def _nearest_zone(word: str) -> str | None:
    zones = sorted(available_timezones())
    cities = {zone.rsplit("/", 1)[-1]: zone for zone in reversed(zones) if zone.count("/") == 1}
    wanted = word.replace(" ", "_")
    city = nearest(wanted.rsplit("/", 1)[-1], cities)
    return nearest(wanted, zones) or (cities[city] if city else None)


def timezone(value: object) -> str:
    """A name of the IANA time zone database, such as Asia/Tokyo."""
    return _zone(text(value))


def language(value: object) -> str:
    """A language code of two letters (ISO 639-1)."""
    word = text(value)
    if word in LANGUAGES:
        return word
    low = word.lower()
    stem = low.replace("_", "-").split("-")[0]
    meant = MEANT_LANGUAGES.get(low) or next((code for code in (low, stem, stem[:2]) if code in LANGUAGES), None)
    raise ValueError(f'"{word}" is no language code of two letters (ISO 639-1){hint(meant)}')


def country(value: object) -> str:
    """A country code of two letters (ISO 3166-1), or EU or UN."""
    word = text(value)
    if word in COUNTRIES:
        return word
    meant = MEANT.get(word.lower()) or next((code for code in (word.upper(),) if code in COUNTRIES), None)
    raise ValueError(f'"{word}" is no country code of two capital letters (ISO 3166-1, or EU or UN){hint(meant)}')


def address(value: object) -> str:
    """An address on the web, kept as it was written."""
    word = text(value)
    try:
        parts = urlsplit(word)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(f'"{word}" is no web address: {error}') from None
    if any(sign.isspace() for sign in word):
        raise ValueError(f'"{word}" is no web address: it holds white space')
    if parts.scheme not in {"http", "https"} or not whole:
        meant = f"https://{word}" if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", word) else None
        raise ValueError(f'"{word}" is no web address that begins with http:// or https://{hint(meant)}')
    return word


def witness(value: object) -> str:
    """Where checkpoints are sent: an address that begins with https://, or a folder."""
    word = line(value)
    if word.partition("://")[0] == "http":
        raise ValueError(f'"{word}" is not safe on its way: a witness is a folder, or begins with https://')
    return address(word) if "://" in word else word


def site_address(value: object) -> str:
    """An address under which pages lie, without a slash at its end."""
    word = address(value)
    if "?" in word or "#" in word:
        raise ValueError(f'"{word}" must hold neither "?" nor "#": pages lie under it')
    return word.rstrip("/")


def contact(value: object) -> str:
    """A mail address, or a web address where one can be found: publishers are told it."""
    word = line(value)
    if not re.search(r"\S@\S|https?://\S", word):
        raise ValueError(f'"{word}" is no contact: write a mail address, or the web address of a page that has one')
    if not word.isascii():
        raise ValueError("must be written in ASCII: it is sent in the User-Agent")
    return word


@lru_cache(maxsize=1024)
def _selector(word: str) -> str:
    # Few files need them, and they cost more to import than most files cost to read.
    from cssselect import HTMLTranslator, SelectorError  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415

    try:
        if word.startswith("xpath:"):
            etree.XPath(word.removeprefix("xpath:").strip())
        elif css := _ATTRIBUTE.sub("", word).strip():
            HTMLTranslator().css_to_xpath(css)
    except etree.XPathSyntaxError as error:
        raise ValueError(f'"{word}" is no XPath: {error}') from None
    except SelectorError as error:
        advice = '; begin an XPath with "xpath:"' if "/" in word else ""
        raise ValueError(f'"{word}" is no CSS selector: {error}{advice}') from None
    return word


def selector(value: object) -> str:
    """A CSS selector, with `@name` at its end for an attribute, or an XPath 1.0 expression behind `xpath:`."""
    return _selector(text(value))


@lru_cache(maxsize=1024)
def _pattern(word: str) -> str:
    try:
        re.compile(word)
    except re.error as error:
        where = f" at character {error.pos + 1}" if error.pos is not None else ""
        raise ValueError(f'"{word}" is no regular expression: {error.msg}{where}') from None
    return word


def pattern(value: object) -> str:
    """A regular expression in Python's notation."""
    return _pattern(text(value))


# What the client says for itself, what belongs to one connection (RFC 9110, section 7.6.1), and what would change
# how an answer is to be read.
_OURS = frozenset({
    "host", "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
    "trailer", "transfer-encoding", "upgrade", "content-length", "content-type", "accept-encoding", "if-none-match",
    "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range", "expect",
})  # fmt: skip
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def header_name(value: object) -> str:
    """A header's name (RFC 9110, section 5.1) that may be set from outside."""
    word = text(value)
    if not _TOKEN.fullmatch(word):
        raise ValueError(f'"{word}" is no name of a header: it is made of letters, digits and hyphens')
    if word.lower() == "user-agent":
        raise ValueError("write user_agent, beside headers")
    if word.lower() in _OURS:
        raise ValueError(f'"{word}" is not for sources to set: it belongs to the connection')
    return word


def header_value(value: object) -> str:
    """A header's value on one line; a secret is never repeated in a message."""
    word = text(value)
    if not (word.isascii() and word.isprintable()):
        raise ValueError("must be one line of ASCII")
    return word


def variable(value: object) -> str:
    """The name of a variable of the environment."""
    word = text(value)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", word):
        # It may be the secret itself: it is not repeated.
        raise ValueError("must be the name of a variable of the environment, such as BRIEFING_HOOK_SECRET")
    return word


def prefix(value: object) -> str:
    """The beginning of names in a bucket, without slashes around it; may be empty."""
    if value in ("", None):
        return ""
    word = line(value).strip("/")
    if not re.fullmatch(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", word) or ".." in word.split("/"):
        raise ValueError(f'"{word}" is no prefix: it is made of letters, digits, dots, hyphens and slashes')
    return word


def agent(value: object) -> str:
    """A User-Agent that says where its sender is found."""
    word = header_value(value)
    if not re.search(r"\S@\S|https?://\S", word):
        raise ValueError(f'"{word}" names no contact: hold a mail or web address in it, so that you can be found')
    return word


def date_format(value: object) -> str:
    """A format of `datetime.strptime`, such as `%d.%m.%Y`."""
    word = text(value)
    directives = _DIRECTIVE.findall(word)
    wrong = [sign for sign in directives if sign not in _STRPTIME]
    if wrong:
        raise ValueError(
            f'"{word}" is no date format: %{wrong[0]} stands for nothing; see strptime in Python\'s manual'
        )
    if not set(directives) - {"%"}:
        raise ValueError(f'"{word}" is no date format: it names no part of a date, such as %d.%m.%Y does')
    return word


def pagination(value: object) -> str:
    """The form of the addresses of older pages: `{n}` (or `{page}`) stands for their number."""
    word = text(value)
    if len(re.findall(r"\{(?:n|page)\}", word)) != 1 or re.search(r"[{}\s]", re.sub(r"\{(?:n|page)\}", "", word)):
        raise ValueError(f'"{word}" is no pagination: write {{n}} once, for the number of the page, as in /page/{{n}}')
    if "://" in word:
        address(word.replace("{n}", "2").replace("{page}", "2"))
    return word


def day(value: object) -> str:
    """A day (ISO 8601), as a text or as YAML's own date; not one before the web."""
    word = value.isoformat() if isinstance(value, date) else text(value)
    try:
        found = date.fromisoformat(word)
    except ValueError:
        raise ValueError(f'"{word}" is no day: write it like 2016-11-19') from None
    if found.year < _FIRST_YEAR:
        raise ValueError(f'"{word}" lies before the web')
    return found.isoformat()


def phrase(value: object) -> str:
    """A phrase of whole words, where a trailing `*` stands for any ending of its word; or a form of several."""
    if isinstance(value, dict):
        return _form(value)
    found = _words(value)
    if form_of(found) is not None:
        raise ValueError(f'"{found}" must be written as keys, such as: {{all: [price cap, LNG]}}')
    return found


def mask(value: object) -> str:
    """A phrase that is masked: words, or an expression."""
    found = phrase(value)
    form = form_of(found)
    if form is not None and form.kind != "regex":
        raise ValueError(f'"{form.kind}" cannot stand under exclude: write phrases, or {{regex: ...}}')
    return found


def alias(value: object) -> str:
    """A name as texts write it: words, no form of several."""
    if isinstance(value, dict):
        raise ValueError("must be a name as texts write it, such as Foreign Ministry")  # noqa: TRY004 - as above
    return phrase(value)


def _words(value: object) -> str:
    found = line(value)
    if found.startswith('"') != found.endswith('"') or not found.strip('" '):
        raise ValueError(f"{found} has a quotation mark without its other half")
    if re.search(r"(?<!\w)\*", found.replace("**", "*")):
        raise ValueError(f'"{found}" has a * that stands alone and would mean any word: put it after the start of one')
    if re.search(r"\*\w", found):
        raise ValueError(f'"{found}" has a * before the end of a word: it stands for an ending only')
    return found


def _form(value: dict[object, object]) -> str:
    kinds = [kind for kind in FORMS if kind in value]
    if len(kinds) != 1 or set(value) - {*kinds, *(("within",) if kinds == ["near"] else ())}:
        said = ", ".join(map(str, value)) or "nothing"
        raise ValueError(f"has the keys {said}: write one of all, near (with within, if you like) and regex")
    if kinds == ["regex"]:
        return written(Form("regex", (_expression(value["regex"]),)))
    return _several("near" if kinds == ["near"] else "all", value)


def _several(kind: Literal["all", "near"], value: dict[object, object]) -> str:
    listed = value[kind]
    if not isinstance(listed, list) or not 1 < len(listed) <= _MOST_PARTS:
        raise ValueError(f"{kind} must be a list of 2 to {_MOST_PARTS} phrases, such as [price cap, LNG]")
    parts = tuple(_words(part) for part in listed)
    if wrong := next((part for part in parts if SIGN in part), None):
        raise ValueError(f'"{wrong}" in {kind} holds a + that stands alone: leave it out')
    within = str(value.get("within", WITHIN))
    if not within.isdecimal() or int(within) > _FARTHEST:
        raise ValueError(f"within must be a whole number from 0 to {_FARTHEST}: words, or characters in ja, zh, ko")
    return written(Form(kind, parts, int(within) if kind == "near" else 0))


def _expression(value: object) -> str:
    found = text(value)
    try:
        made = expression(found)
    except ValueError as error:
        said = f'"{found[:_SHORT]}" is no regular expression of RE2: {error}'
        raise ValueError(f"{said}; it has no look-around and no references back") from None
    if made.search("") is not None:
        raise ValueError(f'"{found[:_SHORT]}" is found in an empty text, so everywhere: let it need a letter')
    return found


class Appears(NamedTuple):
    """When issues come out: at an hour and minute, for weeks with a weekday (0 is Monday), for months with a day."""

    hour: int
    minute: int
    weekday: int | None = None
    monthday: int | None = None

    @property
    def period(self) -> str:
        """The period that such a time belongs to."""
        return "week" if self.weekday is not None else "month" if self.monthday is not None else "day"


APPEARS = {"day": Appears(7, 0), "week": Appears(7, 0, weekday=0), "month": Appears(7, 0, monthday=1)}
"""When issues come out by default."""

APPEARS_AS = {"day": "07:00", "week": "monday 07:00", "month": "1 07:00"}
"""How that is written for each period."""

_MONTHDAYS = 28  # every month has so many


def publication(value: object) -> Appears:
    """When issues come out: `07:00` daily, `monday 07:00` for weeks, `1 07:00` for months (the first of the next)."""
    word = text(value)
    match = re.fullmatch(PUBLISH_FORM, word)
    if not match:
        said = (
            "write an hour for a daily issue (07:00), with a day before it for a weekly (monday 07:00) or monthly one"
        )
        raise ValueError(f'"{word}" is no time to come out: {said} (1 07:00)')
    day, hour, minute = (match[1] or "").lower(), int(match[2]), int(match[3])
    if hour > 23 or minute > 59:  # noqa: PLR2004 - the clock's own numbers
        raise ValueError(f'"{match[2]}:{match[3]}" is no time of the day between 00:00 and 23:59')
    if not day:
        return Appears(hour, minute)
    if day.isdecimal():
        if not 1 <= int(day) <= _MONTHDAYS:
            raise ValueError(f"the day of the month is {day}: write one from 1 to {_MONTHDAYS}, which every month has")
        return Appears(hour, minute, monthday=int(day))
    if day not in WEEKDAYS:
        raise ValueError(none_of(match[1], WEEKDAYS))
    return Appears(hour, minute, weekday=WEEKDAYS.index(day))
