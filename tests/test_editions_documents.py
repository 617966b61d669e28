"""Feeds, digests and issues of an invented coast: Merrow and Quillen, their ministries and those who write on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.editions.feeds import bundle_feed, catalogue, changes_feed, issues_feed, item_feed, matches
from briefing.editions.issue import issue
from briefing.editions.quotes import first_sentence, opening
from briefing.model import (
    Briefing,
    Change,
    Digest,
    Health,
    Issued,
    Item,
    ItemId,
    Label,
    Published,
    Revision,
    Site,
    Source,
    SourceId,
    Topic,
    TopicId,
)

if TYPE_CHECKING:
    from briefing.model import SourceState

SITE = Site(
    title="Merrow Watch",
    url="https://watch.example",
    language="en",
    timezone="Asia/Tokyo",
    contact="desk@watch.example",
)
TOPICS = {
    TopicId(name): Topic(id=TopicId(name), name=title)
    for name, title in (("tides", "Tides & dykes"), ("pilots", "Harbour pilots"), ("salt", "Salt trade"))
}
SOURCES = {
    source.id: source
    for source in (
        Source(id=SourceId("mw-sea"), name="Ministry of the Sea of Merrow", institution="ministry", country="XM",
               url="https://sea.example/feed", language="en", timezone="Europe/Moscow"),
        Source(id=SourceId("qn-port"), name="港湾省", institution="ministry", country="XQ",
               url="https://port.example/feed", language="ja", timezone="Asia/Tokyo", redistribute="full"),
        Source(id=SourceId("un-tide"), name="Tide Commission", institution="igo", country="UN",
               url="https://tide.example/feed", redistribute="title"),
        Source(id=SourceId("mw-think"), name="Институт приливов", institution="think-tank", country="XM",
               url="https://think.example/feed", language="ru"),
        Source(id=SourceId("qn-news"), name="Quillen Courier", institution="media", country="XQ",
               url="https://news.example/feed", language="en"),
    )
}  # fmt: skip
BRIEFING = Briefing(
    id="weekly", title="The week on the coast", period="week", weekday=0, hour=7, minute=0,
    topics=(TopicId("tides"), TopicId("pilots"), TopicId("salt")), formats=("html",),
)  # fmt: skip
NOON = datetime(2031, 5, 6, 3, 0, tzinfo=UTC)  # Tuesday of 2031-W19, noon in Tokyo


def item(name: str, source: str = "mw-sea", topics: dict[str, int] | None = None, **given: Any) -> Item:
    day = given.pop("day", "2031-05-06")
    seen = given.pop("seen_at", datetime.fromisoformat(f"{day}T03:00:00+00:00"))
    labels = {"tides": 3} if topics is None else topics
    known: dict[str, Any] = {
        "title": f"Statement {name}",
        "lead": f"The dyke of {name} holds. Nobody was hurt.",
        "language": "en",
        "published": Published(raw=day, value=day, precision="day", origin="feed"),
        "state": "current",
        "revisions": 1,
        "news_at": seen,
        "fingerprint": name.encode().hex().ljust(64, "0"),
    }
    return Item(
        id=ItemId(name), source=SourceId(source), url=f"https://sea.example/{name}", authors=(), seen_at=seen, day=day,
        changed_at=seen, position=1,
        labels=tuple(Label(topic=TopicId(topic), score=score, level="primary") for topic, score in labels.items()),
        **(known | given),
    )  # fmt: skip


def version(of: Item, number: int, text: str, html: str = "") -> Revision:
    return Revision(
        item=of.id, number=number, seen_at=of.seen_at, position=number, title=of.title, text=text, html=html,
        url=of.url, authors=(), published=of.published, fingerprint=f"{number:064}",
    )  # fmt: skip


def revised(of: Item, before: str, after: str, number: int = 2, at: datetime = NOON) -> Change:
    return Change(
        item=of, kind="revised", at=at, position=40 + number, before=version(of, number - 1, before),
        after=version(of, number, after),
    )  # fmt: skip


def feed_of(*items: Item | tuple[Item, Revision | None], path: str = "feeds/topics/tides"):
    pairs = [pair if isinstance(pair, tuple) else (pair, None) for pair in items]
    return item_feed(
        path=path, title="Tides", description="", home=f"{SITE.url}/topics/tides", site=SITE, items=pairs,
        sources=SOURCES, topics=TOPICS,
    )  # fmt: skip


def made(*items: Item, changes=(), health=(), texts=None, briefing=BRIEFING, period="2031-W19"):
    return issue(
        briefing=briefing, site=SITE, period=period, version=1, supersedes=0, position=99, as_of=NOON, items=items,
        changes=changes, sources=SOURCES, health=health, topics=tuple(TOPICS.values()), texts=texts or {},
    )  # fmt: skip


def names(references) -> list[str]:
    return [reference.item.id for reference in references]


def section(sections, name: str):
    return next(one for one in sections if one.id == name)


# ---------------------------------------------------------------- feeds of items


def test_an_entry_links_to_its_publisher_and_names_our_page_source_date_and_topics():
    (entry,) = feed_of(item("a", topics={"tides": 3, "pilots": 5})).entries
    assert entry.url == "https://sea.example/a"
    assert entry.about == "https://watch.example/items/a"
    assert (entry.origin, entry.origin_url) == ("Ministry of the Sea of Merrow", "https://sea.example/feed")
    assert entry.categories == (("pilots", "Harbour pilots"), ("tides", "Tides & dykes"))
    assert "Ministry of the Sea of Merrow · 6 May 2031 · Harbour pilots, Tides &amp; dykes" in entry.html


def test_an_item_without_an_address_leads_to_our_page():
    (entry,) = feed_of(replace(item("a"), url="")).entries
    assert entry.url == entry.about


def test_ids_are_uuids_that_depend_on_the_item_alone():
    (entry,) = feed_of(item("a")).entries
    (renamed,) = feed_of(item("a", title="Other", day="2031-05-07"), path="feeds/all").entries
    (other,) = feed_of(item("b")).entries
    assert entry.id.startswith("urn:uuid:")
    assert entry.id == renamed.id != other.id


@pytest.mark.parametrize(
    ("value", "precision", "moment", "words"),
    [
        ("2031-05-06T14:31:00+03:00", "minute", datetime(2031, 5, 6, 11, 31, tzinfo=UTC), "6 May 2031, 14:31 (Moscow)"),
        ("2031-05-06", "day", datetime(2031, 5, 5, 21, 0, tzinfo=UTC), "6 May 2031"),
        ("2031-05", "month", None, "May 2031"),
        ("2031", "year", None, " 2031 "),
        (None, None, None, "no date given"),
    ],
)
def test_a_date_is_given_as_far_as_it_is_known(value, precision, moment, words):
    published = Published(raw="x", value=value, precision=precision, origin="feed")
    (entry,) = feed_of(item("a", published=published)).entries
    assert entry.published == moment
    assert words in entry.html


def test_a_feed_is_as_new_as_its_newest_entry_and_an_empty_one_has_no_date():
    late = replace(item("b"), changed_at=NOON + timedelta(days=3))
    assert feed_of(item("a"), late).updated == NOON + timedelta(days=3)
    assert feed_of().updated is None


def test_a_feed_holds_fifty_entries_and_the_one_of_everything_a_hundred():
    many = [item(f"i{n}") for n in range(120)]
    assert [entry.title for entry in feed_of(*many).entries] == [one.title for one in many[:50]]
    assert len(feed_of(*many, path="feeds/all").entries) == 100


def test_a_source_of_titles_passes_on_no_text():
    (entry,) = feed_of(item("a", source="un-tide", lead="Secret words. More.")).entries
    assert "Secret" not in entry.html + entry.summary
    assert entry.title == "Statement a"


def test_an_excerpt_is_whole_sentences_of_at_most_300_characters_and_escaped():
    lead = "Salt & <b>water</b> rise. " + "The tide is high at the quay today. " * 20
    (entry,) = feed_of(item("a", lead=lead)).entries
    assert len(entry.summary) <= 300
    assert entry.summary.endswith("today.")
    assert '<p lang="en">Salt &amp; &lt;b&gt;water&lt;/b&gt; rise.' in entry.html


def test_a_source_that_may_be_passed_on_in_full_gives_its_html():
    one = item("a", source="qn-port", language="ja", title="潮位について", lead="潮位は高い。")
    (entry,) = feed_of((one, version(one, 1, "潮位は高い。", "<p>潮位は<b>高い</b>。</p>"))).entries
    assert entry.html.startswith("<p>潮位は<b>高い</b>。</p>")
    assert entry.language == "ja"


def test_full_text_is_not_passed_on_where_only_an_excerpt_may_be():
    one = item("a")
    (entry,) = feed_of((one, version(one, 1, "Long. " * 200, "<p>all of it</p>"))).entries
    assert "all of it" not in entry.html


def test_a_withdrawn_item_keeps_its_entry_and_says_so():
    (before,) = feed_of(item("a")).entries
    (entry,) = feed_of(item("a", state="withdrawn", revisions=3)).entries
    assert entry.id == before.id
    assert entry.title == "Withdrawn: Statement a"
    assert "revised 2 times, withdrawn by its publisher" in entry.html


# ---------------------------------------------------------------- digests


def digest(**given: Any) -> Digest:
    return Digest(id="d", title="The coast", **given)


@pytest.mark.parametrize(
    ("filters", "taken"),
    [
        ({}, True),
        ({"topics": ("tides", "salt")}, True),
        ({"topics": ("salt",)}, False),
        ({"sources": ("mw-sea",)}, True),
        ({"sources": ("qn-port",)}, False),
        ({"institutions": ("ministry", "igo")}, True),
        ({"institutions": ("media",)}, False),
        ({"countries": ("XM",)}, True),
        ({"countries": ("XQ",)}, False),
        ({"languages": ("en", "ja")}, True),
        ({"languages": ("ja",)}, False),
        ({"topics": ("tides",), "countries": ("XQ",)}, False),
    ],
)
def test_a_digest_takes_an_item_only_if_every_filter_holds(filters, taken):
    assert matches(digest(**filters), item("a"), SOURCES[SourceId("mw-sea")], text_hit=False) is taken


def test_the_query_of_a_digest_wants_a_hit_in_the_text_and_counts_only_where_there_is_one():
    source = SOURCES[SourceId("mw-sea")]
    assert matches(digest(query="dyke"), item("a"), source, text_hit=True)
    assert not matches(digest(query="dyke"), item("a"), source, text_hit=False)


def bundled(bundle: str, *items: Item):
    return bundle_feed(
        path="feeds/digests/d", home=f"{SITE.url}/digests/d", site=SITE, digest=digest(bundle=bundle), items=items,
        sources=SOURCES,
    )  # fmt: skip


def test_a_digest_by_day_has_an_entry_a_day_that_lists_its_items_newest_first():
    early = item("b", seen_at=NOON - timedelta(hours=1), news_at=NOON - timedelta(hours=1))
    feed = bundled("day", early, item("c", day="2031-05-07"), item("a", source="qn-port", language="ja", title="潮位"))
    assert [entry.title for entry in feed.entries] == ["The coast, 7 May 2031", "The coast, 6 May 2031"]
    html = feed.entries[1].html
    assert '<a href="https://sea.example/a" lang="ja" hreflang="ja">潮位</a> (港湾省)' in html
    assert html.index("sea.example/a") < html.index("sea.example/b")


def test_a_digest_by_week_gathers_monday_to_sunday():
    feed = bundled("week", *(item(day, day=day) for day in ("2031-05-05", "2031-05-11", "2031-05-12")))
    assert [entry.title for entry in feed.entries] == ["The coast, 12 to 18 May 2031", "The coast, 5 to 11 May 2031"]
    assert feed.entries[1].summary == "2 items"


def test_a_bundle_keeps_its_id_and_becomes_newer_when_an_item_comes():
    (before,) = bundled("day", item("a")).entries
    (after,) = bundled("day", item("a"), replace(item("b"), changed_at=NOON + timedelta(hours=5))).entries
    assert after.id == before.id
    assert after.updated == NOON + timedelta(hours=5) > before.updated


def test_bundles_of_two_sites_never_share_an_id():
    (ours,) = bundled("day", item("a")).entries
    other = bundle_feed(
        path="feeds/digests/d", home="h", site=replace(SITE, url="https://other.example"),
        digest=digest(bundle="day"), items=[item("a")], sources=SOURCES,
    )  # fmt: skip
    assert other.entries[0].id != ours.id


# ---------------------------------------------------------------- feeds of changes and of issues


def changes_of(*changes: Change):
    return changes_feed(
        title="Changes", description="", home=f"{SITE.url}/changes", site=SITE, changes=changes, sources=SOURCES,
        topics=TOPICS,
    )  # fmt: skip


def test_a_revision_shows_what_changed_with_the_edit_marked():
    one = item("a", state="revised", revisions=2)
    (entry,) = changes_of(revised(one, "They met for 10 <minutes>.", "They met for 5 <minutes>.")).entries
    assert entry.title == "Revised: Statement a"
    assert entry.summary == "1 number changed: 10 → 5."
    assert "They met for <del>10</del><ins>5</ins> &lt;minutes&gt;." in entry.html
    assert entry.url == "https://watch.example/items/a"


def test_passages_of_a_source_of_titles_are_not_shown():
    one = item("a", source="un-tide", state="revised", revisions=2)
    (entry,) = changes_of(revised(one, "Secret before words.", "Secret after words.")).entries
    assert "Secret" not in entry.html


def test_every_change_has_an_id_of_its_own_and_the_newest_stands_first():
    one = item("a", state="withdrawn", revisions=3)
    gone = Change(item=one, kind="withdrawn", at=NOON + timedelta(days=1), position=50)
    back = Change(item=one, kind="restored", at=NOON + timedelta(days=2), position=51)
    again = replace(gone, at=NOON + timedelta(days=3), position=52)
    feed = changes_of(revised(one, "A.", "B."), gone, revised(one, "B.", "C.", number=3), back, again)
    assert len({entry.id for entry in feed.entries}) == 5
    assert [entry.title.split(":")[0] for entry in feed.entries] == [
        "Withdrawn", "Restored", "Withdrawn", "Revised", "Revised",
    ]  # fmt: skip
    assert feed.updated == again.at


def test_every_version_of_an_issue_is_an_entry_under_its_permanent_address():
    first = Issued(
        briefing="weekly", period="2031-W19", version=1, supersedes=0, as_of=10, position=11, published_at=NOON,
        items=(ItemId("a"),), hashes={},
    )  # fmt: skip
    second = replace(first, version=2, supersedes=1, position=20, published_at=NOON + timedelta(days=1))
    feed = issues_feed(
        path="feeds/briefings/weekly", description="", home=SITE.url, site=SITE, briefing=BRIEFING,
        issues=[(first, "https://watch.example/1"), (second, "https://watch.example/2")],
    )  # fmt: skip
    assert [entry.url for entry in feed.entries] == ["https://watch.example/2", "https://watch.example/1"]
    assert feed.entries[0].title == "The week on the coast, 2031-W19 (version 2)"
    assert feed.entries[0].summary == "5 to 11 May 2031: 1 item. It supersedes version 1."
    assert feed.entries[0].id != feed.entries[1].id


def test_the_catalogue_lists_every_feed_in_the_order_of_the_configuration_without_empty_headings():
    groups = catalogue(SITE, SOURCES.values(), TOPICS.values(), (), (BRIEFING,))
    assert [group.title for group in groups] == ["Merrow Watch", "Briefings", "Topics", "Sources"]
    assert groups[0].feeds[0][0] == "feeds/all"
    assert [path for path, _ in groups[2].feeds] == ["feeds/topics/tides", "feeds/topics/pilots", "feeds/topics/salt"]
    assert groups[3].feeds[1] == ("feeds/sources/qn-port", "港湾省")


# ---------------------------------------------------------------- quotations


@pytest.mark.parametrize(
    ("title", "text", "language", "quote"),
    [
        ("High tide", "HIGH TIDE\nMerrow, 6 May 2031\nThe sea rose. It fell.", "en", "The sea rose. It fell."),
        ("T", "Tuesday, May 6, 2031.\nOverview\nThe sea rose.\nMeasures\nDykes hold.", "en", "The sea rose."),
        ("T", "Talks were held on 6 May 2031.\nMore.", "en", "Talks were held on 6 May 2031. More."),
        ("О приливе", "О приливе\n6 мая 2031 года\nВода поднялась.", "ru", "Вода поднялась."),
        ("潮位", "令和13年5月6日\n潮位は高い。", "ja", "潮位は高い。"),
        ("T", "just words without an end", "en", "just words without an end"),
        ("ระดับน้ำ", "ระดับน้ำ\nน้ำขึ้นสูงมาก", "th", "น้ำขึ้นสูงมาก"),
        ("ระดับน้ำ", "6/5/2031\nน้ำขึ้นสูงมาก", "th", "น้ำขึ้นสูงมาก"),
        ("T", "Overview\nMerrow, 6 May 2031.\nThe sea rose.", "en", "The sea rose."),
        ("T", "", "en", ""),
        ("T", "T", "en", ""),
    ],
)
def test_a_quotation_is_the_opening_sentences_without_title_dateline_and_headings(title, text, language, quote):
    assert opening(title, text, language) == quote


@given(st.text(max_size=1500), st.sampled_from(["en", "ru", "ja", "th"]))
def test_a_quotation_is_bounded_and_made_of_the_texts_own_words(text, language):
    quote = opening("Title", text, language)
    assert len(quote) <= 300
    assert not any(sign in quote for sign in "\n\t")


def test_the_first_sentence_of_a_quotation_is_found_in_its_language():
    assert first_sentence("Mr. Oar spoke. He left.", "en") == "Mr. Oar spoke."
    assert first_sentence("潮位は高い。風も強い。", "ja") == "潮位は高い。"


# ---------------------------------------------------------------- the issue


def test_an_issue_holds_what_belongs_to_its_week_and_has_one_of_its_topics():
    result = made(
        item("in"),
        item("sunday", day="2031-05-11"),
        item("before", day="2031-05-04", news_at=NOON - timedelta(days=9)),
        item("after", day="2031-05-12"),
        item("off-topic", topics={}),
        item("other", topics={"whales": 9}),
    )
    assert set(names(result.references)) == {"in", "sunday"}
    assert (result.first.isoformat(), result.last.isoformat()) == ("2031-05-05", "2031-05-11")


def test_items_of_the_week_without_a_topic_of_the_briefing_are_named_and_those_past_a_hundred_counted():
    result = made(item("in"), item("off", topics={}), item("late-off", topics={}, day="2031-05-04"))
    assert [named.item.id for named in result.others] == ["off"]
    assert result.others_left == 0
    crowd = made(*(item(f"off{number}", topics={}) for number in range(103)))
    assert (len(crowd.others), crowd.others_left) == (100, 3)


def test_an_official_statement_is_printed_under_its_best_topic_and_referred_to_elsewhere():
    result = made(item("a", topics={"tides": 2, "pilots": 6, "salt": 6}))
    assert names(section(result.topics, "pilots").references) == ["a"]
    assert names(section(result.topics, "tides").see) == names(section(result.topics, "salt").see) == ["a"]
    assert names(section(result.statements, "XM").see) == ["a"]
    assert result.references[0].also == ("tides", "salt")


def test_every_item_is_printed_in_full_exactly_once():
    items = [
        item(f"{source}-{n}", source=source, topics=dict(zip(TOPICS, (n, 2, 3 - n), strict=True)))
        for source in SOURCES
        for n in range(4)
    ]
    late = item("late", day="2031-04-30", seen_at=NOON)
    result = made(*items, late)
    printed = [
        name
        for sections in (result.statements, result.topics, result.analysis)
        for one in sections
        for name in names(one.references)
    ] + names(result.late)
    assert sorted(printed) == sorted(names(result.references)) == sorted(one.id for one in [*items, late])


def test_numbers_run_from_one_in_the_order_in_which_a_reader_meets_the_items():
    top = [item(f"top{n}", topics={"pilots": 9 - n}) for n in range(BRIEFING.limits.highlights)]
    rest = [item("qn", source="qn-port"), item("mw"), item("essay", source="mw-think")]
    old = item("old", day="2031-03-01", news_at=NOON - timedelta(days=60))
    late = item("late", day="2031-05-02", seen_at=NOON)
    result = made(*rest, *top, late, changes=[revised(old, "A.", "B.")])
    assert [reference.number for reference in result.references] == list(range(1, 11))
    assert names(result.references) == ["top0", "top1", "top2", "top3", "top4", "mw", "qn", "essay", "old", "late"]
    assert [one.id for one in result.statements] == ["XM", "XQ"]


def test_topics_stand_in_the_order_of_the_briefing_and_an_empty_one_stays():
    result = made(item("a", topics={"salt": 1}))
    assert [one.id for one in result.topics] == ["tides", "pilots", "salt"]
    assert not section(result.topics, "tides").references
    assert [topic.id for topic in result.topic_list] == ["tides", "pilots", "salt"]


def test_analysis_stands_apart_by_country_with_cross_references_from_its_topics():
    result = made(item("essay", source="mw-think", topics={"tides": 9}), item("report", source="qn-news"))
    assert names(section(result.analysis, "XM").references) == ["essay"]
    assert names(section(result.analysis, "XQ").references) == ["report"]
    assert set(names(section(result.topics, "tides").see)) == {"essay", "report"}
    assert not result.statements


def test_highlights_put_official_words_first_then_the_score_then_the_newest_and_are_one_sentence():
    result = made(
        item("essay", source="mw-think", topics={"tides": 99}),
        item("weak", topics={"tides": 1}),
        item("strong", topics={"tides": 8}),
        item("newer", topics={"tides": 8}, day="2031-05-08"),
        item("gone", topics={"tides": 50}, state="withdrawn"),
        *(item(f"more{n}", topics={"tides": 2}) for n in range(6)),
    )
    assert names(result.highlights)[:2] == ["newer", "strong"]
    assert len(result.highlights) == BRIEFING.limits.highlights
    assert "essay" not in names(result.highlights)
    assert "gone" not in names(result.highlights)
    assert result.highlights[0].quote == "The dyke of newer holds."
    assert result.references[0].quote == "The dyke of newer holds. Nobody was hurt."


def test_a_reprint_is_highlighted_once():
    result = made(item("a", fingerprint="f"), item("b", fingerprint="f", source="qn-port"), item("c", fingerprint="g"))
    assert len(result.highlights) == 2


def test_a_withdrawn_item_stays_where_it_was():
    result = made(item("a", state="withdrawn"))
    assert section(result.topics, "tides").references[0].item.state == "withdrawn"


def test_quotations_come_from_the_held_version_and_are_left_out_where_only_titles_may_be_passed_on():
    one, closed = item("a"), item("b", source="un-tide")
    texts = {
        one.id: version(one, 1, f"{one.title}\nThe held words. More of them."),
        closed.id: version(closed, 1, "No."),
    }
    quotes = {reference.item.id: reference.quote for reference in made(one, closed, texts=texts).references}
    assert quotes == {"a": "The held words. More of them.", "b": ""}


def test_what_belongs_to_an_earlier_week_but_became_news_in_this_one_is_late_and_an_archive_is_not():
    late = item("late", day="2031-05-02", seen_at=NOON)
    archive = item("archive", day="2031-05-02", seen_at=NOON, news_at=NOON - timedelta(days=4))
    assert names(made(late, archive).late) == ["late"]


def test_changes_of_the_week_stand_with_their_passages_even_of_items_of_other_weeks():
    old = item("old", day="2031-03-01", news_at=NOON - timedelta(days=60), state="revised", revisions=2)
    before, after = "They met for 10 minutes. All else stays.", "They met for 5 minutes. All else stays."
    within = revised(old, before, after)
    outside = revised(old, after, "Quite new.", number=3, at=NOON + timedelta(days=6))
    (alteration,) = made(changes=[outside, within]).changed
    assert alteration.what == "1 number changed: 10 → 5."
    assert (alteration.before, alteration.after) == ("They met for 10 minutes.", "They met for 5 minutes.")
    assert alteration.reference.number == 1


def test_passages_are_left_out_where_only_titles_may_be_passed_on():
    old = item("old", source="un-tide", state="revised", revisions=2)
    (alteration,) = made(changes=[revised(old, "Secret one here.", "Secret two here.")]).changed
    assert (alteration.before, alteration.after) == ("", "")


def test_sources_that_could_not_be_read_stand_in_the_coverage_box_and_are_counted():
    def state(source: str, state: SourceState, success: datetime | None = None) -> Health:
        return Health(source=SourceId(source), state=state, url="", since=NOON, last_success=success)

    health = [
        state("qn-port", "failing", NOON), state("mw-sea", "ok", NOON), state("un-tide", "blocked"),
        state("mw-think", "new"), state("qn-news", "new", NOON),
    ]  # fmt: skip
    result = made(health=health)
    assert [gap.source.id for gap in result.coverage] == ["mw-think", "qn-port", "un-tide"]
    assert (result.sources_ok, result.sources_total) == (2, 5)


def test_a_briefing_without_topics_takes_everything_and_prints_what_no_topic_takes_by_country():
    result = made(item("a", topics={}), item("b"), briefing=replace(BRIEFING, topics=()))
    country = section(result.statements, "XM")
    assert names(country.references) == ["a"]
    assert names(country.see) == ["b"]
    assert [one.id for one in result.topics] == list(TOPICS)


def test_languages_are_those_found_in_the_items():
    result = made(item("a"), item("b", source="qn-port", language="ja"), item("c", source="mw-think", language="ru"))
    assert result.languages == ("en", "ja", "ru")


@given(st.permutations([item(f"i{n}", source=list(SOURCES)[n % 5], topics={"salt": n % 2 + 1}) for n in range(12)]))
def test_the_order_in_which_items_are_given_changes_nothing(items):
    assert made(*items) == made(*sorted(items, key=lambda one: one.id))


def test_a_quiet_week_is_an_issue_all_the_same():
    result = made()
    assert (result.highlights, result.references, result.statements, result.late) == ((), (), (), ())
    assert len(result.topics) == 3
