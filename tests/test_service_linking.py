"""Links between items that are the same text: reprints and twins in other languages, never merged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefing.observe.overlap import overlap
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    LISTED,
    MAIN,
    clock,
    listing,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

ARTICLE = (
    "The council of the strait met on Tuesday and settled how the ferries are to share the northern berth in winter.",
    "Its chairwoman said that the harbour of Ostrey had waited eleven years for a rule that both shores could read, "
    "and that the rule now printed on one page would be reviewed whenever ice closes the channel for a week or more.",
    "Owners of smaller boats had asked for a berth of their own; the council promised an answer before the thaw, after "
    "its engineers have measured how much water stands at the old pier when the wind blows from the north for days.",
)


def held(street):
    return {item.source: item for item in street.desk.library.items()}


def pages(press, **bodies):
    for path, (language, head, text) in bodies.items():
        paragraphs = "".join(f"<p>{one}</p>" for one in text)
        press.says(
            f"/{path}/1.html",
            f'<!DOCTYPE html><html lang="{language}"><head><title>Page {path}</title>{head}</head>'
            f"<body><main>{paragraphs}</main></body></html>",
            content_type=HTML,
        )
        press.says(f"/{path}", listing([(f"/{path}/1.html", f"Page {path}", "3 February 2026")]), content_type=HTML)


def board(name, press, **more):
    return source(name, f"/{name}", press, kind="page", listing=LISTED, article=MAIN, **more)


def links(street, name):
    found = street.desk.library.links(held(street)[name].id)
    return [(link.other.source, link.relation, link.reason, link.later) for link in found]


def run(street):
    street.collect()
    street.service.classify()


def feed(press, path, title, date, *paragraphs):
    content = "".join(f"<p>{one}</p>" for one in paragraphs)
    press.says(path, rss([post(1, title, content=content, date=date, link=f"{{base}}{path}/1", guid=path)]))


def test_a_reprint_with_another_title_and_an_author_line_is_linked_to_what_was_published_before(street, press):
    feed(press, "/first", "A rule for the northern berth", "Mon, 02 Feb 2026 09:00:00 +0000", *ARTICLE)
    feed(press, "/again", "One berth, two shores", "Wed, 04 Feb 2026 09:00:00 +0000", "By Inga Sorell", *ARTICLE)
    made = street(source("again", "/again", press), source("first", "/first", press))
    run(made)
    assert links(made, "again") == [("first", "reprint-of", "words", True)]
    assert links(made, "first") == [("again", "reprint-of", "words", False)]
    assert len(made.desk.library.items()) == 2
    assert made.service.classify().events == 0


def test_a_paragraph_in_common_makes_no_reprint(street, press):
    closing = ARTICLE[1]
    others = [
        f"On day {day} the pilots of quarter {day} counted {day * 7} ships and told nobody why." for day in range(9)
    ]
    feed(press, "/first", "A rule", "Mon, 02 Feb 2026 09:00:00 +0000", *ARTICLE)
    feed(press, "/other", "Pilots", "Tue, 03 Feb 2026 09:00:00 +0000", *others, closing)
    made = street(source("first", "/first", press), source("other", "/other", press))
    run(made)
    assert links(made, "first") == []


def test_a_page_that_names_its_translation_is_linked_with_it_whichever_was_read_first(street, press):
    twin = '<link rel="alternate" hreflang="ru" href="/ru/1.html">'
    russian = ("Совет пролива собрался во вторник и решил, как паромы будут делить северный причал этой зимой.",)
    pages(press, en=("en", twin, ARTICLE), ru=("ru", "", russian))
    english, other = board("en", press), board("ru", press, language="ru")
    made = street(english)
    run(made)
    assert links(made, "en") == []
    made.configure(replace(made.settings, sources=(english, other)))
    run(made)
    assert links(made, "ru") == [("en", "translation-of", "hreflang", True)]
    assert links(made, "en") == [("ru", "translation-of", "hreflang", False)]
    turned = street(other)
    run(turned)
    turned.configure(replace(turned.settings, sources=(english, other)))
    run(turned)
    assert {name for name, *_ in links(turned, "ru")} == {"en"}


def test_a_link_called_by_a_language_leads_to_a_translation(street, press):
    japanese = ("海峡評議会は火曜日に会合し、冬の間の北岸壁の使い方について両岸の合意をまとめたと発表しました。",)
    pages(press, en=("en", "", (*ARTICLE, "x")), ja=("ja", "", japanese))
    body = press.answers["/ja/1.html"].body.replace("<main>", '<p><a href="/en/1.html">[English]</a></p><main>')
    press.says("/ja/1.html", body, content_type=HTML)
    made = street(board("en", press), board("ja", press, language="ja"))
    run(made)
    assert [link[:3] for link in links(made, "ja")] == [("en", "translation-of", "link")]


def test_a_page_that_names_itself_canonical_or_is_in_the_same_language_is_linked_with_nothing(street, press):
    head = '<link rel="canonical" href="/en/1.html"><link rel="alternate" hreflang="en-GB" href="/gb/1.html">'
    pages(press, en=("en", head, ARTICLE), gb=("en", "", ARTICLE[:1]))
    made = street(board("en", press), board("gb", press))
    run(made)
    assert links(made, "en") == []


def test_what_was_taken_down_is_linked_with_nothing_new_and_its_prints_are_gone(street, press):
    feed(press, "/first", "A rule for the northern berth", "Mon, 02 Feb 2026 09:00:00 +0000", *ARTICLE)
    made = street(source("first", "/first", press))
    run(made)
    made.service.takedown(held(made)["first"].id, reason="order")
    feed(press, "/again", "One berth, two shores", "Wed, 04 Feb 2026 09:00:00 +0000", *ARTICLE)
    made.configure(replace(made.settings, sources=(*made.settings.sources, source("again", "/again", press))))
    run(made)
    assert links(made, "again") == []


@pytest.mark.parametrize(
    ("first", "second", "language", "share"),
    [
        ("one two three four five", "one two three four five", "en", 100),
        ("one two three four five", "six seven eight nine ten", "en", 0),
        ("", "", "en", 0),
        ("One — two: three, four five!", "one two three four five", "en", 100),
        ("海峡評議会は火曜日に会合し", "海峡評議会は、火曜日に会合し。", "ja", 100),
    ],
)
def test_how_much_of_a_text_stands_in_another_is_counted_in_runs(first, second, language, share):
    assert overlap(first, second, language) == share
