"""Who publishes in the demo's press world, where, and in which form. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

Form = Literal["days", "eras", "rdf", "rss", "rss-full", "rss-summary", "atom", "jsonfeed", "news-sitemap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A publisher: `feed` is the path the service reads, `home` the one readers know, `broken_from` the round in
    which a web page takes the place of the feed, `new_ids_from` the one in which every entry gets another id.
    """

    id: str
    name: str
    language: str
    zone: ZoneInfo
    form: Form
    home: str
    feed: str
    encoding: str = "utf-8"
    broken_from: int | None = None
    new_ids_from: int | None = None

    def readable(self, number: int) -> bool:
        """Whether the feed or listing can be read in a round."""
        return self.broken_from is None or number < self.broken_from


_SELVANE = ZoneInfo("Pacific/Guam")
_DALNOMORIA = ZoneInfo("Asia/Vladivostok")
_LISSEN = ZoneInfo("Europe/Zurich")

INSTITUTIONS = (
    Institution(
        id="selvane-mfa-en", name="Ministry of Foreign Affairs of Selvane", language="en", zone=_SELVANE,
        form="days", home="/selvane/en/", feed="/selvane/en/releases.html",
    ),
    Institution(
        id="selvane-mfa-ja", name="セルヴァネ外務省", language="ja", zone=_SELVANE,
        form="eras", home="/selvane/ja/", feed="/selvane/ja/houdou.html",
    ),
    Institution(
        id="dalnomoria-mid", name="МИД Дальномории", language="ru", zone=_DALNOMORIA,
        form="rdf", home="/mid/ru/", feed="/mid/ru/novosti.rdf", encoding="windows-1251",
    ),
    Institution(
        id="lissen-chancellery", name="Chancellery of Lissen, Foreign Department", language="en", zone=_LISSEN,
        form="rss", home="/lissen/", feed="/lissen/news.rss", broken_from=3,
    ),
    Institution(
        id="tern-strait-commission", name="Tern Strait Commission", language="en", zone=_SELVANE,
        form="jsonfeed", home="/commission/", feed="/commission/feed.json",
    ),
    Institution(
        id="harrow-institute", name="Harrow Institute for Maritime Policy", language="en", zone=_SELVANE,
        form="rss-full", home="/harrow/", feed="/harrow/feed/",
    ),
    Institution(
        id="vetrogorsk-dialogue", name="Vetrogorsk Dialogue Centre", language="en", zone=_DALNOMORIA,
        form="rss-summary", home="/dialogue/", feed="/dialogue/rss.xml",
    ),
    Institution(
        id="meridian-review", name="Meridian Review", language="en", zone=_LISSEN,
        form="atom", home="/meridian/", feed="/meridian/atom.xml", new_ids_from=3,
    ),
    Institution(
        id="strait-gazette", name="Strait Gazette", language="en", zone=_SELVANE,
        form="news-sitemap", home="/gazette/", feed="/gazette/news-sitemap.xml",
    ),
)  # fmt: skip
