"""Feeds, pages, sitemaps, JSON Feeds, dates, addresses, headers and configurations, bent until something breaks.

`python tests/fuzz.py SECONDS [TARGET ...]` bends samples along their grammar (Hypothesis). What breaks a law is made
small and written into `tests/data/fuzz`; every sample there is run by a test from then on.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from briefing.config import load
from briefing.errors import BriefingError, ConfigError
from briefing.fetch.answers import retry_after
from briefing.fetch.robots import _parsed
from briefing.model import ArticleRules, Fetched, ListRules, Source, SourceId
from briefing.observe.addresses import canonical
from briefing.sources import addresses, article, dates, feed, page, sitemap
from briefing.sources.encoding import decode
from briefing.sources.markup import absolute
from fuzz_samples import PIECES, SAMPLES  # type: ignore[import-not-found]  # this folder is on the path where it runs
from hostile_looking import in_html  # type: ignore[import-not-found]  # as above

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.model import Parsed

STORED = Path(__file__).parent / "data" / "fuzz"
_URL = "https://press.selvane.example/feed"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")


def _source(kind: str) -> Source:
    return Source(
        id=SourceId("s"), name="S", institution="ministry", country="SV", url=_URL, kind=kind, timezone="Asia/Tokyo",
        listing=ListRules(item="li", date="span"), article=ArticleRules(drop=("p.x",)),
    )  # fmt: skip


def _fetched(body: bytes) -> Fetched:
    return Fetched(url=_URL, final_url=_URL, status=200, headers={"content-type": "text/xml"}, body=body)


# ---------------------------------------------------------------- the laws


def _whole(parsed: Parsed) -> None:
    for entry in parsed.entries:
        for text in (entry.title, entry.text, entry.summary, entry.html, *entry.authors, *entry.categories):
            assert not _UNFIT.search(text), f"unfit for publication: {text!r}"
        for line in (entry.title, entry.guid or "", entry.summary, *entry.authors, *entry.categories):
            assert line == " ".join(line.split()), f"more than a line: {line!r}"
        assert entry.url == "" or re.match("https?://[^/]", entry.url, re.IGNORECASE), f"no address: {entry.url!r}"
        assert list(in_html(entry.html)) == []
        assert entry.published.value is None or _iso(entry.published.value)
        canonical(entry.url)


def _iso(value: str) -> bool:
    return 1899 <= datetime.fromisoformat(value if "T" in value else f"{value}-01-01"[:10]).year <= 2101


def _parses(parse: Callable[..., Parsed], kind: str) -> Callable[[bytes], None]:
    def check(body: bytes) -> None:
        try:
            parsed = parse(_source(kind), _fetched(body), frozenset())
        except (BriefingError, RecursionError):
            return
        _whole(parsed)
        known = frozenset(entry.digest for entry in parsed.entries)
        again = parse(_source(kind), _fetched(body), known if kind == "feed" else frozenset())
        seen = {*again.unchanged, *(entry.digest for entry in again.entries)}
        assert seen == known | {*parsed.unchanged}, "the same body is read otherwise where its entries are known"

    return check


def _article(body: bytes) -> None:
    try:
        read = article.read(_source("page"), _fetched(body))
    except (BriefingError, RecursionError):
        return
    assert not _UNFIT.search(read.title + read.text + read.html)
    assert list(in_html(read.html)) == []


def _date(body: bytes) -> None:
    raw = body.decode("utf-8", "replace")
    for language, zone in (("en", None), ("ja", "Asia/Tokyo"), ("zh-TW", "UTC"), ("", "Europe/Kyiv")):
        said = dates.understand(raw, zone=zone, language=language, origin="feed")
        assert said.value is None or (_iso(said.value) and said.precision)
        assert dates.understand(raw, zone=zone, language=language, origin="feed") == said
    addresses.date_in(f"https://selvane.example/{raw}")


def _address(body: bytes) -> None:
    raw = body.decode("utf-8", "replace")
    url = absolute(raw, _URL)
    assert url == "" or url.lower().startswith(("http://", "https://"))
    one = canonical(url)
    assert ":" in one or canonical(f"https://{one}") == one, f"{one!r} is not canonical"


def _headers(body: bytes) -> None:
    raw = body.decode("latin-1")
    wait = retry_after(raw, 0.0)
    assert wait is None or 0 <= wait <= 86_400
    decode(body, raw).text.encode("utf-8", "surrogatepass")
    rules = _parsed(body.decode("utf-8", "replace"))
    assert rules is not None
    rules.can_fetch(_URL, "briefing")
    rules.crawl_delay("briefing")


def _config(body: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(body)
        file.flush()
        try:
            load(Path(file.name))
        except ConfigError as error:
            _sentences(str(error))


def _sentences(said: str) -> None:
    assert said.strip()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "feed": _parses(feed.parse, "feed"),
    "json": _parses(feed.parse, "feed"),
    "page": _parses(page.parse, "page"),
    "article": _article,
    "sitemap": _parses(sitemap.parse, "sitemap"),
    "date": _date,
    "address": _address,
    "headers": _headers,
    "config": _config,
}


# ---------------------------------------------------------------- bending


def bent(target: str) -> st.SearchStrategy[bytes]:
    """Samples of a target with pieces put in, taken out, doubled, swapped, cut off, or in another encoding."""
    bends = st.lists(
        st.tuples(
            st.sampled_from(["put", "put", "put", "take", "double", "swap", "cut", "deepen", "byte"]),
            st.integers(0, 4_000), st.integers(0, 300), st.sampled_from(PIECES),
        ), max_size=8,
    )  # fmt: skip
    coded = st.sampled_from(["utf-8"] * 6 + ["utf-16", "cp1251", "shift_jis", "latin-1", "utf-32"])
    return st.builds(_bend, st.sampled_from(SAMPLES[target]), bends, coded)


def _bend(sample: str, bends: list[tuple[str, int, int, str]], encoding: str) -> bytes:
    text, damage = sample, []
    for how, place, length, piece in bends:
        at = place % (len(text) + 1)
        part = text[at : at + length]
        if how == "put":
            text = text[:at] + piece + text[at:]
        elif how == "take":
            text = text[:at] + text[at + length :]
        elif how == "double":
            text = text[:at] + part * 2 + text[at + length :]
        elif how == "swap":
            text = text[:at] + part[::-1] + text[at + length :]
        elif how == "deepen":
            text = text[:at] + piece * (length % 40) + text[at:]
        elif how == "cut":
            text = text[: max(at, len(text) // 2)]
        else:
            damage.append((at, length % 256))
    body = bytearray(text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace"))
    for at, value in damage:
        if body:
            body[at % len(body)] = value
    return bytes(body)


def search(target: str, seconds: float) -> tuple[int, list[Path]]:
    """Bend samples for so long: how many were tried, and where those are written that broke a law."""
    end, count, found = time.monotonic() + seconds, 0, []
    last = b""

    @settings(
        max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )  # fmt: skip
    @given(bent(target))
    def attempt(body: bytes) -> None:
        nonlocal count, last
        count += 1
        last = body
        TARGETS[target](body)

    while time.monotonic() < end:
        try:
            attempt()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is sought
            while isinstance(error, ExceptionGroup):
                error = error.exceptions[0]
            place = STORED / f"{target}-{hashlib.sha256(last).hexdigest()[:12]}.bin"
            if not place.exists():
                STORED.mkdir(parents=True, exist_ok=True)
                place.write_bytes(last)
                found.append(place)
                sys.stdout.write(f"{place.name}: {type(error).__name__}: {str(error)[:300]}\n")
    return count, found


if __name__ == "__main__":
    span = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    chosen = sys.argv[2:] or list(TARGETS)
    wrong = 0
    for name in chosen:
        tried, broken = search(name, span / len(chosen))
        wrong += len(broken)
        sys.stdout.write(f"{name}: {tried} tried, {len(broken)} new findings\n")
        sys.stdout.flush()
    sys.exit(1 if wrong else 0)
