from __future__ import annotations

import json
import re
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest

from briefing import events
from briefing.errors import StoreError
from briefing.model import Attempt, SourceId
from briefing.observe.decisions import Fact
from briefing.projections import Poll
from briefing.projections.paces import Pace
from briefing.service import Service
from web_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    ESSAY,
    GONE,
    HOSTILE,
    JAPANESE,
    NOTICE,
    NOW,
    UNREAD,
    Clock,
    furnished,
    observed,
    opened,
    running,
    tell,
)

PAGES = (
    "/",
    "/items/",
    "/items/?topic=dredging&kind=official&since=2026-03-01",
    "/items/?since=yesterday",
    f"/items/{NOTICE}",
    f"/items/{NOTICE}/changes",
    f"/items/{JAPANESE}",
    f"/items/{JAPANESE}/changes",
    f"/items/{GONE}",
    f"/items/{GONE}/changes",
    f"/items/{UNREAD}",
    f"/items/{HOSTILE}",
    "/topics/",
    "/topics/dredging",
    "/sources/",
    "/sources/silent-board",
    "/sources/kaiun-kyoku",
    "/digests/ministries",
    "/digests/weekly",
    "/digests/cranes",
    "/changes",
    "/ahead",
    "/health",
    "/briefings",
    "/feeds",
    "/nowhere",
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A folder with a furnished store, opened by nobody."""
    folder = tmp_path_factory.mktemp("shelf")
    furnished(folder).desk.close()
    return folder


@pytest.fixture(scope="module")
def site(shelf, tmp_path_factory):
    with opened(shelf, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def own(shelf, tmp_path):
    """A site of a test's own, to be changed or broken."""
    with opened(shelf, tmp_path) as site:
        yield site


def words(element) -> str:
    return " ".join(element.text_content().split())


def cells(row) -> list[str]:
    """What stands in the cells of a row, those with a drawing alone left out."""
    return [text for cell in row.xpath("./th|./td") if (text := words(cell))]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_heading_of_each_rank_in_order_and_the_landmarks(site, path):
    page = site.ask(path).page
    ranks = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6") if heading.getparent().tag]
    outside = [int(heading.tag[1]) for heading in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert ranks == outside
    assert ranks.count(1) == 1
    assert ranks[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(ranks))
    assert len(page.xpath("//main")) == len(page.xpath("//body/header")) == len(page.xpath("//body/footer")) == 1
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]
    assert page.get("lang") == "en"
    assert words(page.xpath("//title")[0])


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_small_and_needs_no_script_no_cookie_and_no_other_host(site, path):
    answer = site.ask(path)
    assert len(answer.body) < 100_000
    assert "set-cookie" not in answer.headers
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not answer.page.xpath("//script|//*[@style]|//style|//*[@onclick]|//img|//iframe")
    loaded = answer.page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href")
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)


@pytest.mark.parametrize("path", PAGES)
def test_every_id_on_a_page_is_unique_and_every_table_says_what_it_is(site, path):
    page = site.ask(path).page
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for table in page.xpath("//table"):
        assert words(table.find("caption"))
        assert all(cell.get("scope") for cell in table.xpath(".//th"))
    assert all(page.xpath(f"//*[@id='{name}']") for name in page.xpath("//label/@for|//@aria-labelledby"))


def test_every_link_of_ours_leads_somewhere(site):
    found: dict[str, int] = {}
    wanted = {"/"}
    while wanted - found.keys():
        path = min(wanted - found.keys())
        answer = site.ask(path)
        found[path] = answer.status
        if answer.headers["content-type"].startswith("text/html"):
            links = answer.page.xpath("//a/@href|//link/@href")
            own = (urlsplit(urljoin(f"{site.url}{path}", link)) for link in links)
            wanted |= {
                part.path + (f"?{part.query}" if part.query else "")
                for part in own
                if part.netloc in (urlsplit(site.url).netloc, "desk.example")
            }
    assert {path: status for path, status in found.items() if status != 200} == {}
    assert len(found) > 60


def test_the_front_page_tells_what_is_new_since_yesterday(site):
    page = site.ask("/").page
    assert words(page.xpath("//h1")[0]) == "Week 12, 16 to 22 March 2026"
    summary = words(page.xpath("//p[@class='summary']")[0])
    assert summary.startswith("Since yesterday: 4 new items from 2 sources, 1 revised, 1 withdrawn. 1 source not heard")
    assert "Latest issue: Harbour weekly, 9 to 15 March 2026" in summary
    groups = [words(heading) for heading in page.xpath("//section[@class='list']//h3")]
    assert groups == ["Yesterday, Tuesday 17 March 2026 4 items", "Tuesday 10 March 2026 2 items"]


def test_the_front_page_counts_topics_and_official_statements_of_the_week(site):
    page = site.ask("/").page
    topics = [cells(row) for row in page.xpath("//section[@aria-labelledby='topics']//tbody/tr")]
    assert topics == [["Dredging", "1", "1"], ["Pilotage", "1", "1"]]
    countries = [cells(row) for row in page.xpath("//section[@aria-labelledby='countries']//tbody/tr")]
    assert countries == [["Aldava", "1", "アルダヴァ海運局"]]
    link = page.xpath("//section[@aria-labelledby='countries']//td[@class='number']/a/@href")[0]
    assert len(site.ask(link).page.xpath("//article")) == 1


def test_a_sparkline_has_its_figures_in_words(site):
    label = site.ask("/").page.xpath("//section[@aria-labelledby='topics']//svg/@aria-label")[0]
    assert label.startswith("Items in each of the twelve weeks up to 22 March 2026: 0, ")
    assert label.endswith(", 1, 1; 2 items in all")


def test_the_front_page_goes_back_to_the_newest_week_that_has_an_item(own):
    own.clock.now = NOW + timedelta(days=21)
    page = own.ask("/").page
    assert words(page.xpath("//h1")[0]) == "Week 12, 16 to 22 March 2026"
    assert "none yet of this week" in words(page.xpath("//main")[0])


def test_an_item_shows_its_text_its_dates_and_how_to_cite_it(site):
    page = site.ask(f"/items/{NOTICE}").page
    assert words(page.xpath("//h1")[0]) == "Notice on the Fairway"
    assert words(page.xpath("//div[@class='text']/p")[0]).endswith("to 12 metres.")
    facts = words(page.xpath("//aside/dl")[0])
    assert "Published10 March 2026, 09:30 (Vienna)" in facts
    assert "First seen10 March 2026, 12:00 (Tokyo)" in facts
    assert "2 versions held" in facts
    cited = words(page.xpath("//p[@class='cite']")[0])
    assert cited.startswith(
        "Ministry of Ports of Aldava, “Notice on the Fairway”, 10 March 2026, 09:30 (Vienna), https:"
    )
    assert re.search(r"version 2 captured .* 17 March 2026, 12:00 \(Tokyo\).*SHA-256 [0-9a-f]{64}$", cited)


def test_a_date_is_shown_as_it_was_given_and_as_it_was_understood(site):
    facts = words(site.ask(f"/items/{JAPANESE}").page.xpath("//aside/dl")[0])
    assert "Published17 March 2026 Given as 2026-03-17 in the feed, known to the day" in facts
    facts = words(site.ask(f"/items/{UNREAD}").page.xpath("//aside/dl")[0])
    assert "Publishedno date given" in facts


def test_a_label_shows_the_phrase_in_its_sentence(site):
    page = site.ask(f"/items/{NOTICE}").page
    sentences = [words(line) for line in page.xpath("//aside//details//li[mark or .//mark]")]
    assert sentences[0] == "Title: Notice on the Fairway"
    assert [mark.text for mark in page.xpath("//aside//mark")][:3] == ["Fairway", "dredge", "fairway"]
    assert [mark.text for mark in site.ask(f"/items/{JAPANESE}").page.xpath("//mark")] == ["浚渫", "浚渫"]


def test_passages_carry_their_language(site):
    page = site.ask(f"/items/{JAPANESE}").page
    assert page.xpath("//h1/@lang") == page.xpath("//div[@class='text']/@lang") == ["ja"]
    assert "ja" in site.ask("/").page.xpath("//article//h4/a/@lang")
    assert site.ask(f"/items/{NOTICE}").page.xpath("//h1/@lang") == []


def test_an_edit_is_shown_word_by_word(site):
    page = site.ask(f"/items/{NOTICE}/changes").page
    assert [words(mark) for mark in page.xpath("//section//del")] == ["14"]
    assert [words(mark) for mark in page.xpath("//section//ins")] == ["12"]
    assert "14 → 12" in words(page.xpath("//section")[0])
    assert "3 paragraphs unchanged" in words(page.xpath("//section")[0])
    assert [words(mark) for mark in site.ask("/changes").page.xpath("//article//del")] == ["14"]


def test_a_withdrawn_item_says_so_and_keeps_what_it_held(site):
    page = site.ask(f"/items/{GONE}").page
    assert "Withdrawn." in words(page.xpath("//p[contains(@class, 'notice')]")[0])
    assert "nobody’s fault" in words(page.xpath("//div[@class='text']")[0])
    assert "Withdrawn" in words(site.ask("/changes").page.xpath("//article")[0])


def test_a_text_that_could_not_be_read_is_not_passed_off_as_empty(site):
    assert "Text not read: its page answered 403" in words(site.ask(f"/items/{UNREAD}").page.xpath("//article")[0])


def test_what_comes_from_outside_stays_text(site):
    for path in (f"/items/{HOSTILE}", "/", "/items/", "/sources/mole-institute"):
        answer = site.ask(path)
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;" in answer.text
        assert not answer.page.xpath("//a[starts-with(@href, 'javascript')]")


def test_a_source_that_lets_only_titles_out_has_no_opening_in_lists(site):
    assert "gantry crane" not in site.ask("/items/").text
    assert "gantry crane" in site.ask(f"/items/{ESSAY}").text


def test_the_filters_of_the_list_hold_together(site):
    def titles(query: str) -> list[str]:
        return [words(title) for title in site.ask(f"/items/?{query}").page.xpath("//article/h3")]

    assert titles("source=kaiun-kyoku") == ["外港の浚渫工事について"]
    assert titles("topic=dredging") == ["外港の浚渫工事について", "Notice on the Fairway"]
    assert titles("topic=dredging&until=2026-03-10") == ["Notice on the Fairway"]
    assert titles("kind=official&since=2026-03-11") == ["外港の浚渫工事について"]
    assert titles("country=XC") == []


@pytest.mark.parametrize(
    "query", ["since=today", "until=2026-02-30", "topic=none", "kind=x", "since=2026-03-02&until=2026-03-01"]
)
def test_a_filter_that_cannot_be_is_refused_with_what_to_do(site, query):
    answer = site.ask(f"/items/?{query}")
    assert answer.status == 400
    assert words(answer.page.xpath("//p[@role='alert']")[0])
    assert not answer.page.xpath("//article")


def test_a_long_list_and_a_long_text_come_in_pages(own):
    text = "\n".join(f"Paragraph {number}. " + "Длинный текст. " * 60 for number in range(200))
    many = [
        observed(f"{number:016x}", "port-ministry", f"Number {number}", text * (number == 100), "ru", "2026-03-15")
        for number in range(100, 190)
    ]
    tell(own.service, "port-ministry", *many)
    first, second, third = (own.ask(f"/items/?source=port-ministry&page={page}") for page in (1, 2, 3))
    assert [len(answer.page.xpath("//article")) for answer in (first, second, third)] == [40, 40, 12]
    assert first.page.xpath("//a[@rel='next']/@href") == ["/items/?source=port-ministry&page=2"]
    assert not third.page.xpath("//a[@rel='next']")
    path, read = f"/items/{100:016x}", []
    while path:
        answer = own.ask(path)
        assert len(answer.body) < 100_000
        read += [words(line) for line in answer.page.xpath("//div[@class='text']/p")]
        path = "".join(answer.page.xpath("//nav[@aria-label='Parts of the text']//a[@rel='next']/@href"))
    assert read == [line.strip() for line in text.split("\n")]


def test_sources_in_trouble_stand_first_with_the_reason(site):
    rows = [cells(row) for row in site.ask("/sources/").page.xpath("//tbody/tr")]
    assert rows[0][:2] == [
        "Silent Board, XC",
        "failing since 17 March 2026, 12:00No whole answer came in time: no answer in 30 s",
    ]
    assert len(rows) == 4
    assert "Silence here is not calm" in words(site.ask("/").page.xpath("//main")[0])


def test_a_topic_shows_its_phrases_its_weeks_and_their_items(site):
    page = site.ask("/topics/dredging").page
    assert "dredg*; fairway" in words(page.xpath("//dl")[0])
    weeks = page.xpath("//table//tbody/tr")
    assert len(weeks) == 12
    assert cells(weeks[0]) == ["2026-W12", "16 to 22 March 2026", "1"]
    assert len(site.ask(weeks[1].xpath(".//a/@href")[0]).page.xpath("//article")) == 1


def test_digests_are_bundled_as_their_feeds_are(site):
    page = site.ask("/digests/weekly").page
    assert page.xpath("//section[@class='day']/@id") == ["2026-W12", "2026-W11"]
    assert [words(title) for title in site.ask("/digests/cranes").page.xpath("//article/h3")] == ["Why Pilots Wait"]


def test_the_health_page_tells_who_is_in_trouble_and_every_change_of_state(site):
    told = site.ask("/health").text
    assert "Silent Board" in told
    assert "cannot be read" in told
    assert "no answer in 30 s" in told
    assert site.ask("/feeds/health.atom").status == 200
    assert "nothing further back" in site.ask("/health?before=1").text
    assert site.ask("/health?before=x").status == 404


def test_the_page_of_a_source_shows_its_rhythm_and_its_last_attempts(shelf, tmp_path):
    with opened(shelf, tmp_path) as site:
        at = NOW - timedelta(hours=30)
        pace = Pace(why="rhythm", seen=8, fresh=2, spoke_at=at, patience=600_000, attempts=2)
        poll = Poll(source="kaiun-kyoku", last_attempt=at, last_success=at, interval=10_800, pace=pace)
        tried = [
            Attempt(source=SourceId("kaiun-kyoku"), number=1, at=at, outcome="read", status=200, size=4321, items=8),
            Attempt(source=SourceId("kaiun-kyoku"), number=2, at=NOW, outcome="timeout", milliseconds=30_000),
        ]
        site.service.desk.polls.put([poll], (), tried)
        told = site.ask("/sources/kaiun-kyoku").text
        assert "every 3 hours, as 2 of its 8 entries (25 %) were new" in told
        assert "nothing new for 1 day 6 hours, which is within its own rhythm" in told
        assert told.index("no whole answer came in time") < told.index("4,321")
        assert "quiet" in site.ask("/sources/").text


def test_pages_offer_the_feeds_that_belong_to_them(site):
    for path, feed in (
        ("/topics/dredging", "/feeds/topics/dredging"),
        ("/sources/kaiun-kyoku", "/feeds/sources/kaiun-kyoku"),
        ("/digests/weekly", "/feeds/digests/weekly"),
        ("/changes", "/feeds/changes"),
    ):
        offered = site.ask(path).page.xpath("//link[@rel='alternate']/@href")
        assert offered[:3] == [f"{feed}.atom", f"{feed}.rss", f"{feed}.json"]
    everything = site.ask("/").page.xpath("//link[@rel='alternate']/@href")
    assert "/feeds/all.atom" in everything
    assert len(everything) == 2 + 4 + 1 + 3 + 2 + 4  # the first in every format, then one of each feed


def test_every_feed_can_be_subscribed_to_in_three_formats(site):
    rows = site.ask("/feeds").page.xpath("//tbody/tr")
    assert len(rows) == 14
    assert all(len(row.xpath(".//a")) == 3 for row in rows)


def test_issues_stand_with_their_versions_and_formats(own):
    late = observed("00000000000000aa", "port-ministry", "A Late Pilot", "Pilots were late.", "en", "2026-03-12")
    tell(own.service, "port-ministry", late)
    own.service.classify()
    own.service.brief(week="2026-W11")
    rows = own.ask("/briefings").page.xpath("//tbody/tr")
    assert [words(row.xpath("./td")[0]) for row in rows] == ["2", "1, superseded"]
    links = [link for row in rows for link in row.xpath(".//a/@href")]
    assert "/briefings/weekly/2026-W11/briefing.md" in links
    assert "/briefings/weekly/2026-W11/v1/" in links
    assert {own.ask(link).status for link in links} == {200}


def test_a_page_is_answered_304_until_something_changes(own):
    first = own.ask("/items/")
    assert own.ask("/items/", If_None_Match=first.headers["etag"]).status == 304
    assert own.ask("/items/", If_None_Match='"other", W/' + first.headers["etag"]).body == b""
    fresh = observed("00000000000000bb", "port-ministry", "Something New", "New.", "en", "2026-03-18")
    tell(own.service, "port-ministry", fresh)
    again = own.ask("/items/", If_None_Match=first.headers["etag"])
    assert again.status == 200
    assert "Something New" in again.text


def test_head_is_answered_as_get_without_a_body(site):
    answer = site.ask("/topics/", "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["etag"] == site.ask("/topics/").headers["etag"]


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/items/abc", "/topics/abc", "/sources/abc", "/digests/abc", "/briefings/abc", "/items/?page=0",
     f"/items/{NOTICE}?part=2", "/changes?before=x", "/static/x.css"],
)  # fmt: skip
def test_what_is_not_there_is_answered_404_with_a_way_on(site, path):
    answer = site.ask(path)
    assert answer.status == 404
    assert {"/", "/items/", "/feeds"} <= set(answer.page.xpath("//main//a/@href"))


def test_other_methods_are_refused(site):
    answer = site.ask("/items/", "POST")
    assert answer.status == 405
    assert "GET" in answer.headers["allow"]


def test_addresses_without_their_slash_lead_on(site):
    answer = site.ask("/items")
    assert (answer.status, answer.headers["location"]) == (308, "/items/")
    assert site.ask("/briefings/weekly").headers["location"] == "/briefings#weekly"


def test_an_error_of_ours_is_answered_503_with_its_sentence(own, monkeypatch):
    def refuse(*_, **__):
        raise StoreError("the log cannot be read: check the disk")

    own.ask("/")
    monkeypatch.setattr(own.service.desk.library, "items", refuse)
    answer = own.ask("/items/")
    assert answer.status == 503
    assert "the log cannot be read: check the disk" in words(answer.page.xpath("//main")[0])
    assert words(answer.page.xpath("//header")[0]).startswith("Harbour Desk")
    assert answer.headers["cache-control"] == "no-store"


def test_before_anything_is_adopted_every_page_says_what_to_do(tmp_path):
    service = Service(f"sqlite:///{tmp_path}/briefing.db", tmp_path, None, Clock(NOW))
    with service, running(service, Clock(NOW)) as site:
        for path in ("/", "/items/", "/topics/", "/sources/", "/changes", "/ahead", "/briefings", "/feeds"):
            answer = site.ask(path)
            assert answer.status == 200
            assert answer.page.xpath("//main//code"), path
        assert json.loads(site.ask("/healthz").body)["status"] == "ok"


def test_health_is_ok_with_a_failing_source_and_names_it(site):
    answer = site.ask("/healthz")
    assert answer.status == 200
    report = json.loads(answer.body)
    assert report["status"] == "ok"
    assert report["log_position"] == report["read_model_position"] > 0
    assert report["sources_failing"] == ["silent-board"]


def test_health_is_503_where_the_read_models_stay_behind_the_log(own):
    event = events.SourceRecovered(source="silent-board")
    own.service.desk.append("source:silent-board", [Fact(event=event, key="back")])
    assert own.ask("/healthz").status == 200
    own.clock.now += timedelta(minutes=2)
    answer = own.ask("/healthz")
    assert answer.status == 503
    assert json.loads(answer.body)["behind_seconds"] == 120


def test_health_is_503_where_the_read_models_cannot_be_read(own):
    with own.service.desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE checkpoints")
    answer = own.ask("/healthz")
    assert answer.status == 503
    assert "briefing rebuild" in json.loads(answer.body)["problem"]
    assert own.ask("/").status == 503


def test_the_style_sheet_has_the_hash_of_its_content_in_its_name_and_is_kept_for_ever(site):
    address = site.ask("/").page.xpath("//link[@rel='stylesheet']/@href")[0]
    answer = site.ask(address)
    assert answer.headers["cache-control"].endswith("immutable")
    assert answer.headers["etag"].strip('"').startswith(address.split(".")[1])
