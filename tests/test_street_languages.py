"""Feeds in many languages and shapes, fed twice, reordered, with other guids and addresses: each item is held once."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from html import escape

import pytest

from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    ATOM,
    XML,
    clock,
    parsing,
    press,
    settings,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

# language, encoding, form, its words for "statement", "the harbour was opened", and how it writes 2 March 2026
TONGUES = [
    ("zh", "gb18030", "rss", "外交部声明", "港口已经开放。各方同意继续会谈。", "2026年3月{day}日 09:30"),
    ("zh-TW", "big5", "rss", "外交部聲明", "港口已經開放。各方同意繼續會談。", "115年3月{day}日"),
    ("ko", "euc-kr", "rss", "외교부 성명", "항구가 열렸다. 회담은 계속된다.", "2026년 3월 {day}일"),
    ("ja", "shift_jis", "rdf", "外務省談話", "港が開かれた。協議は続く。", "2026-03-{day:02}T09:30:00+09:00"),
    ("ar", "windows-1256", "rss", "بيان الوزارة", "افتتح الميناء وتستمر المحادثات.", "{day} مارس 2026"),
    ("he", "iso-8859-8-i", "rss", "הודעת המשרד", "הנמל נפתח והשיחות נמשכות.", "{day} במרץ 2026"),
    ("fa", "utf-8", "rss", "بیانیه وزارت", "بندر گشوده شد و گفتگوها ادامه دارد.", "2026-03-{day:02}T09:30:00+03:30"),
    ("th", "windows-874", "rss", "แถลงการณ์กระทรวง", "ท่าเรือเปิดแล้ว การเจรจายังดำเนินต่อไป", "{day} มีนาคม 2569"),
    ("el", "iso-8859-7", "rss", "Ανακοίνωση του υπουργείου", "Το λιμάνι άνοιξε.", "{day} Μαρτίου 2026"),
    ("uk", "windows-1251", "rss", "Заява міністерства", "Порт відкрито, розмови тривають.", "{day} березня 2026 р."),
    ("ru", "koi8-r", "rss", "Заявление министерства", "Порт открыт, переговоры идут.", "{day} марта 2026 г."),
    ("tr", "iso-8859-9", "atom", "Bakanlığın açıklaması", "Liman açıldı, işler sürüyor.", "2026-03-{day:02}T09:30:00Z"),
    ("pl", "iso-8859-2", "atom", "Oświadczenie ministerstwa", "Port został otwarty.", "2026-03-{day:02}T09:30:00Z"),
    ("hi", "utf-16", "rss", "मंत्रालय का बयान", "बंदरगाह खुल गया है।", "{day} मार्च 2026"),
    ("vi", "utf-8", "rss", "Tuyên bố của Bộ", "Cảng đã mở cửa.", "{day} tháng 3, 2026"),
    ("en", "windows-1252", "rss", "The ministry’s statement", "The harbour “opened” – talks go on.", "{day} Mar 2026"),
]  # fmt: skip
COUNT = 6
TRACKING = [
    "utm_source=rss&utm_medium=feed&utm_campaign=x", "fbclid=IwAR0abc", "gclid=1&gad_source=2",
    "yclid=12&_openstat=a%3Bb",
    "mc_cid=1&mc_eid=2", "from=rss", "mkt_tok=abc", "srsltid=q", "ref=feed", "wbraid=1", "at_medium=RSS",
]  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """An entry as its feed says it."""

    number: int
    title: str
    text: str
    date: str
    link: str
    guid: str

    def xml(self, form: str) -> str:
        title, text, link, guid = map(escape, (self.title, f"<p>{self.text}</p>", self.link, self.guid))
        if form == "atom":
            return (
                f"<entry><title>{title}</title><id>{guid}</id><link href='{link}'/><published>{self.date}</published>"
                f"<content type='html'>{text}</content></entry>"
            )
        if form == "rdf":
            return (
                f"<item rdf:about='{guid}'><title>{title}</title><link>{link}</link><dc:date>{self.date}</dc:date>"
                f"<description>{text}</description></item>"
            )
        return (
            f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid>"
            f"<pubDate>{self.date}</pubDate><description>{text}</description></item>"
        )


def entries(tongue, base):
    language, _, _, name, text, date = tongue
    return [
        Entry(
            number,
            # Every other title is the same, as a ministry's often are.
            name if number % 2 else f"{name} {number}",
            f"{text} ({number}) {text}",
            date.format(day=number + 1),
            f"{base}/{language}/{number}.html?id={number}",
            f"{language}-{number}",
        )
        for number in range(COUNT)
    ]


def document(tongue, held):
    language, encoding, form = tongue[:3]
    inside = "".join(entry.xml(form) for entry in held)
    declared = f"<?xml version='1.0' encoding='{encoding}'?>"
    if form == "atom":
        text = (
            f"{declared}<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='{language}'><title>x</title>{inside}</feed>"
        )
    elif form == "rdf":
        text = (
            f"{declared}<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
            f"xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>x</title></channel>{inside}</rdf:RDF>"
        )
    else:
        head = f"<title>x</title><language>{language}</language>"
        text = f"{declared}<rss version='2.0'><channel>{head}{inside}</channel></rss>"
    return text.encode({"windows-874": "cp874", "iso-8859-8-i": "iso8859-8"}.get(encoding, encoding))


def reordered(held, _):
    return held[::-1]


def other_guids(held, round_):
    return [replace(one, guid=f"new-{round_}-{one.guid}") for one in held]


def tracked(held, round_):
    random_ = random.Random(round_)
    return [replace(one, link=f"{one.link}&{random_.choice(TRACKING)}") for one in held]


def other_guids_tracked(held, round_):
    return other_guids(tracked(held, round_), round_)


def other_hosts_twice(held, _):
    return [replace(one, link=one.link.replace("http://", "https://www.") + "#rss") for one in held] * 2


@pytest.fixture
def world(street, press):
    sources = [
        source(tongue[0].lower(), f"/{tongue[0]}", press, language=tongue[0], full_text="never") for tongue in TONGUES
    ]
    return street(settings=settings(*sources))


def feed_all(world, press, bend=lambda held, _: held, round_=0):
    for tongue in TONGUES:
        held = bend(entries(tongue, "http://press.selvane.example"), round_)
        press.says(f"/{tongue[0]}", document(tongue, held), content_type=ATOM if tongue[2] == "atom" else XML)
    return world.collect()


def test_every_item_is_held_once_with_its_title_text_and_day(world, press):
    results = feed_all(world, press)
    assert {name: (one.failure, one.new) for name, one in results.items()} == {
        tongue[0].lower(): ("", COUNT) for tongue in TONGUES
    }
    for tongue in TONGUES:
        for entry in entries(tongue, ""):
            mine = [
                item
                for item in world.items(source=tongue[0].lower())
                if (item.published.value or "")[8:10] == f"{entry.number + 1:02}"
            ]
            assert [item.title for item in mine] == [entry.title], tongue
            assert world.desk.library.revisions(mine[0].id)[-1].text == entry.text.strip()

    bends = (None, reordered, other_guids, tracked, other_guids_tracked, other_hosts_twice)
    for round_, bend in enumerate(bends, 1):
        again = feed_all(world, press, bend or (lambda held, _: held), round_)
        assert {name: (one.failure, one.new, one.revised) for name, one in again.items()} == {
            tongue[0].lower(): ("", 0, 0) for tongue in TONGUES
        }, bend
