from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from briefing.events import ItemAliased, ItemObserved, ItemRevised
from briefing.model import Article, ArticleRules, Entry, Published, Source, SourceId
from briefing.noise import text_print
from briefing.observe.decisions import decide, entry_print, reread, wants_page, with_article, with_held
from briefing.observe.identity import KnownItem, Sighting
from briefing.text import print_of

PRESS = Source(
    id=SourceId("press"), name="Press office", institution="ministry", country="XA", url="https://press.example/rss"
)
TITLED = replace(PRESS, kind="page", article=ArticleRules(title="h1", body="main"))
TITLE = 'The board\'s "last word" - berth 7'
TEXT = "The harbour board met on Friday.\nIt closed berth 7 until the summer."
MONDAY = Published(raw="2026-03-02", value="2026-03-02", precision="day", origin="feed")
SHOWN = Entry(
    url="https://press.example/7", title=TITLE, digest="d", guid="7", text=TEXT, complete=True, published=MONDAY
)
SUMMARY = replace(SHOWN, text="The harbour board met.", complete=False)
PAGE = Article(title=TITLE, text=TEXT, html=f"<p>{TEXT}</p>")


def keyed(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def known(listed: Entry = SHOWN, held: Entry | None = None, **more: Any) -> KnownItem:
    held = held or listed
    fields: dict[str, Any] = {
        "id": "0123456789abcdef",
        "versions": 1,
        "title_print": print_of(held.title),
        "text_print": text_print(held.text, held.html),
        "entry_print": entry_print(listed),
        "page": held.page,
        "withdrawn": False,
        "problem": "",
        "published": held.published,
        "keys": frozenset({"g7", "u7"}),
    }
    return KnownItem(**(fields | more))


def decided(
    entry: Entry, item: Any = None, *, source: Source = PRESS, whole: Any = None, keys: Any = ("g7", "u7")
) -> Any:
    sighting = Sighting(entry=entry, item=item, keys=keys)
    return decide(source, sighting, whole or entry, archive=False, keyed=keyed)


def changed(entry: Entry, item: Any = None, **how: Any) -> tuple[str, ...]:
    """What a reader would notice, as the revision names it; nothing for no revision."""
    facts = decided(entry, item or known(), **how).facts
    return facts[0].event.changed if facts and isinstance(facts[0].event, ItemRevised) else ()


# ---------------------------------------------------------------- first sight, and nothing new


def test_what_was_never_seen_is_observed_with_words_in_the_payload_alone():
    decision = decided(SHOWN)
    (fact,) = decision.facts
    assert decision.new
    assert isinstance(fact.event, ItemObserved)
    assert (fact.event.published, fact.event.precision) == ("2026-03-02", "day")
    assert "berth" not in str(fact.event.data())
    assert "berth 7" in fact.payload.decode()


def test_what_is_as_it_was_leaves_no_fact():
    assert decided(SHOWN, known()).facts == ()


def test_another_key_alone_is_an_alias_and_not_the_guid_that_comes_after_too_many():
    (fact,) = decided(SHOWN, known(), keys=("g8", "u7")).facts
    assert fact.event == ItemAliased(item="0123456789abcdef", source="press", keys=("g8",))
    many = known(keys=frozenset({"g1", "g2", "g3", "g4", "u7"}))
    assert decided(SHOWN, many, keys=("g8", "u7")).facts == ()


# ---------------------------------------------------------------- what is a revision


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (replace(SHOWN, title=TITLE.replace("7", "8")), ("title",)),
        (replace(SHOWN, text=TEXT.replace("Friday", "Monday")), ("text",)),
        (replace(SHOWN, title="Closed", text="All is closed."), ("title", "text")),
        (replace(SHOWN, text=TEXT + "\nThe board thanked nobody."), ("text",)),
    ],
)
def test_a_change_of_title_or_text_is_a_revision_that_names_it(entry, what):
    decision = decided(entry, known())
    assert decision.revised
    assert decision.facts[0].event.changed == what
    assert decision.facts[0].event.revision == 2


@pytest.mark.parametrize(
    "entry",
    [
        replace(SHOWN, published=Published(raw="x", value="2026-03-09", precision="day", origin="feed")),
        replace(SHOWN, published=Published()),
        replace(SHOWN, title=TITLE.replace(" - ", " \u2014 ")),
        replace(SHOWN, title=TITLE.replace("'", "\u2019").replace('"last word"', "\u201clast word\u201d")),
        replace(SHOWN, title=TITLE.replace(" ", "\u00a0 ")),
        replace(SHOWN, text=TEXT.replace("\n", "\n\n   ")),
        replace(SHOWN, text=TEXT.replace("harbour", "har\u00adbour").replace("board", "\u200bboard")),
        replace(SHOWN, html="<div><p class=x>other markup</p></div>"),
        replace(SHOWN, authors=("Somebody",), categories=("a",), summary="Something."),
        replace(SHOWN, text=""),
    ],
)
def test_what_no_reader_would_notice_is_no_revision(entry):
    assert changed(entry) == ()


@pytest.mark.parametrize("text", ["Он сказал: «да».", "外務大臣は「条約」と述べた。"])
def test_signs_and_spaces_make_no_revision_in_any_script(text):
    held = known(replace(SHOWN, text=text))
    varied = text.replace("«", '"').replace("»", '"').replace(" ", "\u00a0").replace("。", "。\n")
    assert changed(replace(SHOWN, text=varied), held) == ()


# ---------------------------------------------------------------- feed or listing beside the item's own page


def test_a_page_is_wanted_where_the_feed_gives_a_summary_and_as_full_text_says():
    new = Sighting(entry=SUMMARY, item=None, keys=())
    whole = Sighting(entry=SHOWN, item=None, keys=())
    assert wants_page(PRESS, new)
    assert not wants_page(PRESS, whole)
    assert wants_page(replace(PRESS, full_text="always"), whole)
    assert not wants_page(replace(PRESS, full_text="never"), new)
    assert not wants_page(PRESS, Sighting(entry=replace(SUMMARY, url=""), item=None, keys=()))


def test_a_page_is_read_again_where_the_feed_says_something_else_or_it_could_not_be_read():
    item = known(SUMMARY, replace(SHOWN, page=True))
    assert not wants_page(PRESS, Sighting(entry=SUMMARY, item=item, keys=()))
    other = replace(SUMMARY, text="The harbour board met again.")
    assert wants_page(PRESS, Sighting(entry=other, item=item, keys=()))
    assert wants_page(PRESS, Sighting(entry=SUMMARY, item=replace(item, problem="503"), keys=()))


def test_a_summary_says_nothing_of_a_text_that_was_read_from_the_page():
    item = known(SUMMARY, replace(SHOWN, page=True))
    assert changed(replace(SUMMARY, text="Quite another summary."), item) == ()
    assert changed(replace(SUMMARY, title="Another title"), item) == ("title",)


def test_a_listing_says_nothing_of_a_title_that_was_read_from_the_page():
    listed = Entry(url=SHOWN.url, title="Press release", digest="d")
    item = known(listed, replace(SHOWN, page=True))
    assert changed(replace(listed, title="Press release (updated)"), item, source=TITLED) == ()


def test_the_title_of_a_listing_stands_unless_that_of_the_page_is_configured():
    listed = Entry(url=SHOWN.url, title="As listed", digest="d")
    assert with_article(PRESS, listed, PAGE).title == "As listed"
    assert with_article(TITLED, listed, PAGE).title == TITLE
    assert with_article(PRESS, replace(listed, title=""), PAGE).title == TITLE


def test_a_date_of_feed_or_listing_stands_and_a_missing_one_comes_from_the_page():
    dated = replace(PAGE, published=replace(MONDAY, value="2026-02-27", origin="page"))
    assert with_article(PRESS, SUMMARY, dated).published == MONDAY
    bare = replace(SUMMARY, published=Published())
    assert with_article(PRESS, bare, dated).published == dated.published
    unread = replace(SUMMARY, published=Published(raw="sometime"))
    assert with_article(PRESS, unread, PAGE).published.raw == "sometime"


def test_a_page_without_text_leaves_the_summary_and_says_so():
    entry = with_article(PRESS, SUMMARY, replace(PAGE, text=""))
    assert (entry.text, entry.page) == (SUMMARY.text, False)
    assert "no readable text" in entry.problem


def test_a_text_that_could_not_be_read_before_completes_the_item_and_is_no_edit():
    item = known(SUMMARY, SUMMARY, problem="503")
    decision = decided(SUMMARY, item, whole=with_article(PRESS, SUMMARY, PAGE))
    assert not decision.revised
    assert decision.facts[0].event.completed


def test_held_words_stand_in_where_the_page_could_not_be_read_this_time():
    held = {"title": TITLE, "text": TEXT, "html": "<p>x</p>", "page_title": TITLE}
    kept = with_held(PRESS, replace(SUMMARY, title="Another"), held)
    assert (kept.title, kept.text, kept.page) == ("Another", TEXT, True)
    assert with_held(TITLED, replace(SUMMARY, title="Another"), held).title == TITLE
    assert with_held(PRESS, SUMMARY, {}) == SUMMARY


# ---------------------------------------------------------------- read again


def words(**more: Any) -> dict[str, Any]:
    base = {
        "authors": [], "categories": [], "date_raw": "2026-03-02", "entry_print": entry_print(SUMMARY), "guid": "7",
        "html": "", "page": True, "page_title": TITLE, "problem": "", "summary": "", "text": TEXT, "title": TITLE,
        "url": SHOWN.url,
    }  # fmt: skip
    return base | more


def again(article: Article, **more: Any) -> Any:
    item = known(SUMMARY, replace(SHOWN, title=words(**more)["title"], page=True))
    return reread(PRESS, words(**more), item, article, keyed)


def test_a_page_read_again_and_found_the_same_leaves_no_fact():
    assert again(PAGE).facts == ()
    assert again(PAGE, title="As listed").facts == ()


def test_a_silent_edit_is_a_revision_that_keeps_the_title_of_the_listing():
    decision = again(replace(PAGE, text=TEXT.replace("7", "9")), title="As listed")
    assert decision.revised
    assert decision.facts[0].event.changed == ("text",)
    assert decision.entry.title == "As listed"


def test_a_page_that_changes_its_own_title_changes_that_of_the_item():
    decision = again(replace(PAGE, title="Corrected"), title="As listed")
    assert decision.facts[0].event.changed == ("title",)
    assert decision.entry.title == "Corrected"


def test_after_a_silent_edit_the_feed_as_it_was_says_nothing_new():
    item = known(SUMMARY, replace(SHOWN, text="Edited on the page.", page=True), versions=2)
    assert decided(SUMMARY, item).facts == ()
