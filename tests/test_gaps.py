"""Lists that roll over unseen: suspected, looked into by older pages, closed or left open with the reason."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from briefing.cli import main
from briefing.model import Archive, Fetched, ListRules
from briefing.observe.paging import page_address, rolled_over, same_site, ways
from briefing.service import backfilling
from briefing.service.collecting import Collector
from briefing.service.trails import Limits
from briefing.sources import KINDS
from street_support import (  # type: ignore[import-not-found]  # see conftest
    HTML,
    LISTED,
    XML,
    clock,
    listing,
    page,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)
from web_support import running  # type: ignore[import-not-found]  # see conftest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from street_support import (
        MakeStreet,
        Press,
        Street,
    )

__all__ = ["clock", "parsing", "press", "street"]

WORDPRESS = "<generator>https://wordpress.org/?v=6.5</generator>"


def feed(numbers: Iterable[int], head: str = "") -> str:
    """A feed of entries by their numbers, with more in its head."""
    made: str = rss([post(number) for number in numbers]).replace("<channel>", f"<channel>{head}")
    atom = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    return made.replace("<rss ", f"<rss {atom} ")


def link(relation: str, address: str) -> str:
    return f'<atom:link rel="{relation}" href="{address}"/>'


def rolled(street: MakeStreet, press: Press, head: str = "", **more: Any) -> Street:
    """A street that has seen entries 1 to 5, before a feed that lists 16 to 20."""
    made = street(source("harbour", "/feed", press, **more))
    press.says("/feed", feed(range(5, 0, -1), head))
    made.one("harbour")
    made.clock.forward(hours=6)
    press.says("/feed", feed(range(20, 15, -1), head))
    return made


def numbers(made: Street) -> set[int]:
    return {int(title.rsplit(" ", 1)[1]) for title in made.titles()}


# ---------------------------------------------------------------- suspicion


def test_a_feed_that_rolled_over_is_a_possible_gap_open_while_nothing_leads_back(street, press):
    made = rolled(street, press)
    made.one("harbour")
    [said] = made.events("source.gap-suspected")
    assert (said.source, said.listed) == ("harbour", 5)
    assert said.newest == made.item("Communiqué number 5").id
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.reason, gap.items) == ("open", "no-way", 0)
    assert gap.until - gap.since == timedelta(hours=6)
    assert made.state("harbour") == "ok"
    made.clock.forward(hours=1)
    assert made.one("harbour").events == 0  # said once


@pytest.mark.parametrize(
    "window",
    [
        pytest.param([post(number) for number in (1, 3, 5, 2, 4)], id="reordered"),
        pytest.param([post(number) for number in (9, 8, 7, 6, 5)], id="one is left"),
        pytest.param([post(number, guid=f"new-{number}") for number in range(5, 0, -1)], id="other guids"),
        pytest.param([post(number, link=f"{{base}}/moved/{number}", guid=f"n{number}") for number in range(5, 0, -1)],
                     id="other guids and addresses, the same words"),
        pytest.param([post(number, link=f"{{base}}/items/{number}?utm_source=x") for number in range(5, 0, -1)],
                     id="tracking parameters"),
    ],
)  # fmt: skip
def test_a_window_that_overlaps_in_whatever_form_is_no_gap(street, press, window):
    made = street(source("harbour", "/feed", press))
    press.says("/feed", feed(range(5, 0, -1)))
    made.one("harbour")
    press.says("/feed", rss(window))
    made.one("harbour")
    assert made.events("source.gap") == []


def test_first_sight_and_a_list_of_one_are_no_gap(street, press):
    made = street(source("harbour", "/feed", press))
    for number in (1, 2, 3):
        press.says("/feed", feed([number]))
        made.one("harbour")
    assert made.events("source.gap") == []


@given(st.integers(0, 50), st.booleans(), st.integers(0, 50), st.integers(0, 50))
def test_something_known_or_nothing_held_is_never_a_gap(listed, known, before, held):
    found = rolled_over(listed=listed, known=known, before=before, held=held)
    assert not (found and (known or not held or not listed))


# ---------------------------------------------------------------- ways back


def test_wordpress_is_paged_back_to_what_is_known(street, press):
    made = rolled(street, press, WORDPRESS)
    press.says("/feed?paged=2", feed(range(15, 10, -1)))
    press.says("/feed?paged=3", feed(range(10, 5, -1)))
    press.says("/feed?paged=4", feed(range(5, 0, -1)))
    press.says("/feed?paged=5", feed(range(0, -5, -1)))
    press.log()
    found = made.one("harbour")
    assert numbers(made) == set(range(1, 21))
    assert found.new == 15
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.how, gap.items) == ("closed", "wordpress", 10)
    assert [path for path, _ in press.log()] == ["/feed", "/feed?paged=2", "/feed?paged=3", "/feed?paged=4"]
    assert all(not one.archive for one in made.events("item.observed")[5:])  # news now


def test_archived_and_paged_feeds_are_followed(street, press):
    made = rolled(street, press, link("prev-archive", "/2026/2"))
    press.says("/2026/2", feed(range(15, 8, -1), link("prev-archive", "/2026/1")))
    press.says("/2026/1", feed(range(8, 2, -1), link("prev-archive", "/2026/2")))
    made.one("harbour")
    assert made.desk.library.gaps()[0].how == "archives"
    assert numbers(made) == set(range(1, 21))
    press.says("/feed", feed(range(40, 35, -1), link("next", "/feed?page=2")))
    press.says("/feed?page=2", feed(range(35, 18, -1)))
    made.one("harbour")
    assert made.desk.library.gaps()[0].how == "pages"
    assert numbers(made) == set(range(1, 41))


def test_configured_pages_are_asked_though_the_first_of_them_is_not_there(street, press):
    made = rolled(street, press, pagination="/page/{n}")
    press.says("/feed/page/2", feed(range(15, 8, -1)))
    press.says("/feed/page/3", feed(range(8, 3, -1)))
    made.one("harbour")
    assert made.desk.library.gaps()[0].how == "pagination"
    assert numbers(made) == set(range(1, 21))


def test_a_number_that_a_site_does_not_heed_ends_the_search(street, press):
    made = rolled(street, press, pagination="?page={n}")
    for number in range(1, 99):
        press.says(f"/feed?page={number}", feed(range(20, 15, -1)))
    press.log()
    made.one("harbour")
    assert made.desk.library.gaps()[0].reason == "ended"
    assert len(press.log()) <= 4


def test_a_listing_page_closes_the_gap_of_a_feed_and_revises_nothing(street, press):
    archive = Archive(url=press.base + "/all", listing=replace(LISTED, next="a.older"))
    made = rolled(street, press, archive=archive, full_text="never")
    rows = [(f"/items/{number}", f"Another title {number}", "2026-02-03") for number in range(20, 8, -1)]
    press.says(
        "/all", listing(rows).replace("</ul>", '</ul><a class="older" href="/all/2">Older</a>'), content_type=HTML
    )
    rows = [(f"/items/{number}", f"Another title {number}", "2026-02-02") for number in range(8, -3, -1)]
    press.says("/all/2", listing(rows), content_type=HTML)
    made.one("harbour")
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.how, gap.items) == ("closed", "listing", 10)
    assert made.events("item.revised") == []


def test_a_sitemap_closes_a_gap_with_what_changed_in_it(street, press, clock):
    made = rolled(street, press, archive=Archive(url=press.base + "/sitemap.xml", kind="sitemap"))
    day = clock.now.date().isoformat()
    urls = [(f"/items/{number}", day if number > 5 else "2020-01-01") for number in range(1, 21)]
    urls += [("/about", "2019-01-01")]
    inside = "".join(f"<url><loc>{press.base}{url}</loc><lastmod>{at}</lastmod></url>" for url, at in urls)
    press.says("/sitemap.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</urlset>',
               content_type=XML)  # fmt: skip
    for number in range(6, 16):
        press.shows(f"/items/{number}", f"Page {number}", "The board met again and said what it had to say about it.")
    made.one("harbour")
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.how, gap.items) == ("closed", "sitemap", 10)


def test_a_listing_that_rolled_over_follows_its_link_to_older_items(street, press):
    made = street(source("harbour", "/news", press, kind="page", listing=LISTED, full_text="never"))

    def rows(numbers: Iterable[int], more: str = "") -> str:
        made_of: str = listing([(f"/items/{n}", f"Communiqué number {n}", "2026-02-03") for n in numbers])
        return made_of.replace("</ul>", f"</ul>{more}")

    press.says("/news", rows(range(5, 0, -1)), content_type=HTML)
    made.one("harbour")
    press.says("/news", rows(range(20, 15, -1), '<a rel="next" href="/news/2">more</a>'), content_type=HTML)
    press.says("/news/2", rows(range(15, 3, -1)), content_type=HTML)
    made.one("harbour")
    assert numbers(made) == set(range(1, 21))
    assert made.desk.library.gaps()[0].state == "closed"


def test_an_archive_in_which_nothing_is_known_is_not_taken_for_news(street, press):
    made = street(source("harbour", "/feed", press))
    press.says("/feed", feed(range(2005, 2000, -1)))
    made.one("harbour")
    press.says("/feed", feed(range(2020, 2015, -1), WORDPRESS))
    for number in range(2, 60):  # a thousand hours a page, and other items where the known ones were
        press.says(f"/feed?paged={number}", feed(range(4000 - 1000 * number, 3000 - 1000 * number, -100)))
    made.one("harbour")
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.reason) == ("open", "passed")
    assert gap.items < 20  # of the month before, no more


def test_links_to_another_site_are_not_followed(street, press):
    made = rolled(street, press, link("next", "http://elsewhere.example/feed"))
    made.one("harbour")
    assert made.desk.library.gaps()[0].reason == "no-way"
    assert not same_site("https://a.example/", "https://b.example/")
    assert same_site("https://www.a.example/feed", "http://a.example/older")


# ---------------------------------------------------------------- open, and closed later


def test_a_page_that_fails_for_now_is_tried_again_at_the_next_visit(street, press):
    made = rolled(street, press, WORDPRESS)
    press.says("/feed?paged=2", feed(range(15, 10, -1)))
    press.fails("/feed?paged=3", 503)
    made.one("harbour")
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.reason, gap.items) == ("open", "failed", 5)
    press.says("/feed?paged=3", feed(range(10, 3, -1)))
    found = made.one("harbour")  # itself unchanged
    assert found.outcome == "unchanged"
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.how, gap.items) == ("closed", "wordpress", 10)


@pytest.fixture
def archive(street, press):
    """A gap behind which WordPress has twelve pages of one entry each, 15 to 4."""

    def make():
        for number in range(15, 3, -1):
            press.says(f"/feed?paged={17 - number}", feed([number], WORDPRESS))
        return rolled(street, press, WORDPRESS)

    return make


def paged(press):
    return [int(path.rpartition("=")[2]) for path, _ in press.log() if "paged" in path]


@pytest.mark.parametrize("limits", [Limits(pages=4, items=500, seconds=60), Limits(pages=50, items=4, seconds=60)])
def test_a_search_that_was_cut_by_a_limit_goes_on_where_it_stopped(archive, press, monkeypatch, limits):
    monkeypatch.setattr(backfilling, "GAP", limits)
    made = archive()
    asked = []
    for visit in range(6):
        made.one("harbour")
        asked.append(paged(press))
        [gap] = made.desk.library.gaps()
        if gap.state == "closed":
            break
        assert (gap.reason, visit < 5) == ("unfinished", True)
        assert made.desk.cursors.get("harbour", gap.position) is not None
        made.clock.forward(hours=1)
    assert all(pages[0] >= before[-1] - 1 for before, pages in pairwise(asked)), asked
    assert numbers(made) == set(range(1, 21))
    assert (gap.state, gap.items) == ("closed", 10)
    assert made.desk.cursors.get("harbour", gap.position) is None


def test_a_search_that_failed_or_was_killed_goes_on_and_counts_what_it_had_found(archive, press, clock):
    made = archive()
    good = press.answers["/feed?paged=6"]
    press.fails("/feed?paged=6", 503)
    made.one("harbour")
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.reason, gap.items) == ("open", "failed", 4)
    press.answers["/feed?paged=6"] = good
    press.says("/feed?paged=9", hang=True)
    clock.forward(hours=1)
    press.log()

    async def cut() -> None:
        collector = Collector(made.desk, made.settings.fetch, "a@b.example", workers=1)
        collector._workers = made.workers
        async with collector:
            reading = asyncio.create_task(collector.collect(made.settings.sources))
            while (held := made.desk.cursors.get("harbour", gap.position)) is None or held.at != "8":  # noqa: ASYNC110 - no event tells it
                await asyncio.sleep(0.01)
            reading.cancel()

    made.portal.call(cut)
    assert paged(press)[0] == 5
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.items) == ("open", 4), "nobody could tell of what the killed search had found"
    press.says("/feed?paged=9", feed([8], WORDPRESS))
    clock.forward(hours=1)
    made.one("harbour")
    assert paged(press)[0] in (7, 8)
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.how, gap.items) == ("closed", "wordpress", 10)


def test_an_archive_of_more_pages_than_ten_visits_read_is_too_far(archive, press, monkeypatch, clock):
    monkeypatch.setattr(backfilling, "GAP", Limits(pages=1, items=500, seconds=60))
    made = archive()
    for _ in range(12):
        made.one("harbour")
        clock.forward(hours=1)
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.reason) == ("open", "too-far")


def test_what_is_asked_for_from_before_first_sight_goes_on_too(street, press, monkeypatch, clock):
    monkeypatch.setattr(backfilling, "PAST", Limits(pages=3, items=500, seconds=60))
    for number in range(15, 3, -1):
        press.says(f"/feed?paged={17 - number}", feed([number], WORDPRESS))
    press.says("/feed", feed([16], WORDPRESS))
    made = street(source("harbour", "/feed", press, backfill_since="2026-01-01"))
    asked = []
    while not made.events("source.backfilled"):
        made.one("harbour")
        asked.append(paged(press))
        clock.forward(hours=1)
        assert len(asked) < 9
    assert all(pages[0] >= before[-1] - 1 for before, pages in pairwise(asked)), asked
    assert numbers(made) == set(range(4, 17))
    assert made.events("source.backfilled")[0].items == 12


def test_a_gap_without_a_way_is_looked_into_again_once_the_source_has_one(street, press):
    made = rolled(street, press)
    made.one("harbour")
    press.says("/feed/page/2", feed(range(15, 3, -1)))
    [held] = made.settings.sources
    made.configure(replace(made.settings, sources=(replace(held, pagination="/page/{n}"),)))
    made.one("harbour")
    assert made.desk.library.gaps()[0].state == "closed"


def test_a_window_that_reaches_back_again_closes_the_gap_by_itself(street, press):
    made = rolled(street, press)
    made.one("harbour")
    press.says("/feed", feed(range(21, 2, -1)))
    made.one("harbour")
    [gap] = made.desk.library.gaps()
    assert (gap.state, gap.how) == ("closed", "window")


def test_what_was_known_of_a_gap_at_a_position_is_known_for_ever(street, press):
    made = rolled(street, press, WORDPRESS)
    press.says("/feed?paged=2", feed(range(15, 3, -1)))
    made.one("harbour")
    [gap] = made.desk.library.gaps()
    then = made.service.known(str(gap.position)).gaps()
    assert [one.state for one in then] == ["open"]
    assert made.service.known(str(gap.position - 1)).gaps() == ()
    made.service.rebuild()
    assert made.desk.library.gaps() == (gap,)


# ---------------------------------------------------------------- from before first sight


def test_what_is_asked_for_from_before_first_sight_is_news_on_its_own_dates(street, press):
    made = street(source("harbour", "/feed", press, backfill_since="2026-02-02"))
    press.says("/feed", feed(range(20, 15, -1), WORDPRESS))
    press.says("/feed?paged=2", feed(range(15, 10, -1)))
    press.says("/feed?paged=3", feed(range(10, -30, -1)))
    press.says("/feed?paged=4", feed(range(-30, -40, -1)))
    made.one("harbour")
    assert min(numbers(made)) == -10  # ten hours before the first is the midnight of that day
    assert all(one.archive for one in made.events("item.observed"))
    assert max(item.news_at for item in made.items()) < made.clock.now
    [said] = made.events("source.backfilled")
    assert (said.since, said.how, said.items, said.reason) == ("2026-02-02", "wordpress", 26, "")
    press.log()
    made.one("harbour")
    assert press.log() == [("/feed", 304)]


def test_a_long_archive_without_dates_is_known_and_no_news(street, press):
    made = street(source("harbour", "/feed", press))
    press.says("/feed", rss([post(number, date=None) for number in range(200)]))
    made.one("harbour")
    press.says("/feed", rss([post(number, date=None) for number in range(201)]))
    made.one("harbour")
    newest, *old = made.items()
    assert newest.title == "Communiqué number 200"
    assert {item.day for item in old} == {"1900-01-01"}
    [made_of] = made.service.brief(week="2026-W10")
    assert made_of.items == 1


# ---------------------------------------------------------------- the forms of addresses


@pytest.mark.parametrize(
    ("template", "url", "expected"),
    [
        ("/page/{n}", "http://k.example/events/all/feed", "http://k.example/events/all/feed/page/2"),
        ("/page/{page}", "http://k.example/events/", "http://k.example/events/page/2"),
        ("/news/{n}", "https://g.example/press/news/1?lang=en", "https://g.example/press/news/2?lang=en"),
        ("index_{n}.html", "https://m.example/eng/xw/", "https://m.example/eng/xw/index_2.html"),
        ("?page={n}", "https://e.example/press_en", "https://e.example/press_en?page=2"),
        ("?page={n}", "https://e.example/p?lang=en&page=0", "https://e.example/p?lang=en&page=2"),
        ("https://e.example/a/{n}.xml", "https://e.example/feed", "https://e.example/a/2.xml"),
    ],
)
def test_a_template_makes_the_addresses_of_older_pages(template, url, expected):
    assert page_address(template, url, 2) == expected


def test_numbers_go_on_behind_the_one_in_the_address(press):
    made = source("g", "/press/news/4", press, kind="page", listing=ListRules(item="li"), pagination="/news/{n}")
    [way] = ways(made, {}, "")
    assert way.numbered(way.first) == f"{press.base}/press/news/5"


# ---------------------------------------------------------------- moved, rested


def test_what_is_gone_rests_for_a_week_and_recovers_at_once(street, press, clock):
    made = street(source("harbour", "/feed", press, every=timedelta(minutes=10)))
    press.says("/feed", feed(range(5)))
    made.one("harbour")
    press.fails("/feed", 410)
    made.one("harbour")
    [said] = made.events("source.rested")
    assert (said.source, said.status) == ("harbour", 410)
    assert made.health("harbour").next_run - clock.now >= timedelta(days=7)
    assert made.state("harbour") == "gone"
    press.says("/feed", feed(range(6)))
    made.one("harbour")
    assert made.state("harbour") == "ok"
    assert made.health("harbour").next_run - clock.now < timedelta(hours=1)


def test_an_issue_says_which_gaps_its_week_had(street, press):
    made = rolled(street, press)
    made.one("harbour")
    made.service.brief(week="2026-W10")
    files = made.files()
    folder = "briefings/weekly/2026-W10"
    document = json.loads(files[f"{folder}/briefing.json"])
    [gap] = document["gaps"]
    assert (gap["source"]["id"], gap["state"], gap["reason"]) == ("harbour", "open", "no-way")
    for name in ("index.html", "briefing.md", "briefing.txt"):
        assert "possible gap" in " ".join(files[f"{folder}/{name}"].decode().split()).lower()
    first = {path: body for path, body in files.items() if path.startswith("briefings/")}
    press.says("/feed", feed(range(21, 2, -1)))
    made.one("harbour")
    made.service.rebuild()
    again = made.files()
    assert {path: again[path] for path in first} == first
    assert page  # the helper of pages is part of what is shared


def test_a_gap_is_shown_in_the_feed_of_how_sources_do_in_status_and_on_the_source_s_page(street, press, clock):
    made = rolled(street, press)
    made.one("harbour")
    made.service.publish()
    [entry] = json.loads(made.files()["feeds/health.json"])["items"]
    assert entry["title"] == "The harbour office: some of what it published may be missing"
    with running(made.service, clock) as site:
        assert "open: nothing leads to older items" in site.ask("/sources/harbour").text
    said = status(made)
    assert "harbour: possible gap" in said
    assert "open: nothing leads to older items" in said
    press.says("/feed", feed(range(21, 2, -1)))
    clock.forward(hours=1)
    made.one("harbour")
    made.service.publish()
    [again] = json.loads(made.files()["feeds/health.json"])["items"]
    assert again["id"] == entry["id"]
    assert again["title"] == "The harbour office: a gap was closed"
    assert json.loads(status(made, "harbour", "--json"))["gaps"][0]["state"] == "closed"
    assert "closed: the list reaches back" in status(made, "harbour")
    [one] = json.loads(status(made, "--json"))["sources"]
    assert [(gap["state"], gap["how"]) for gap in one["gaps"]] == [("closed", "window")]


def status(made: Street, *more: str) -> str:
    with CliRunner().isolation() as (out, _, _), pytest.raises(SystemExit):
        main(["--config", "none.yaml", "--storage", str(made.folder), "status", *more])
    said: str = out.getvalue().decode()
    return " ".join(said.split())


# ---------------------------------------------------------------- other addresses


def test_an_address_that_redirects_for_good_is_proposed_and_one_for_now_is_not(street, press):
    made = street(source("harbour", "/feed", press))
    press.says("/new", feed(range(3)))
    press.fails("/feed", 302, Location="{base}/new")
    made.one("harbour")
    assert made.service.proposed_moves() == ()
    press.fails("/feed", 308, Location="{base}/new")
    made.one("harbour")
    assert f"has moved to {press.base}/new; accept with `briefing source accept-move harbour`" in status(made)
    [move] = made.service.proposed_moves()
    assert (move.source, move.to, move.why, move.since) == ("harbour", f"{press.base}/new", "redirect", made.clock.now)
    [held] = made.settings.sources
    made.configure(replace(made.settings, sources=(replace(held, url=f"{press.base}/new"),)))
    assert made.service.proposed_moves() == ()


def test_the_address_that_a_feed_names_as_its_own_is_tried_once_and_proposed(street, press):
    made = street(source("harbour", "/feed", press))
    press.says("/feed", feed(range(3), link("self", "/feeds/all")))
    press.says("/feeds/all", feed(range(3), link("self", "/feeds/all")))
    made.one("harbour")
    [move] = made.service.proposed_moves()
    assert (move.to, move.why) == (f"{press.base}/feeds/all", "self")
    assert made.health("harbour").url == f"{press.base}/feed"  # not followed
    press.log()
    press.says("/feed", feed(range(4), link("self", "/feeds/all")))
    made.one("harbour")
    assert press.log() == [("/feed", 200)]
    press.says("/feed", feed(range(5), link("self", "/feed")))
    made.one("harbour")
    assert made.service.proposed_moves() == ()


@pytest.mark.parametrize("named", ["http://elsewhere.example/feed", "/not/there", "/other"])
def test_an_address_elsewhere_or_with_something_else_is_not_proposed(street, press, named):
    made = street(source("harbour", "/feed", press))
    press.says("/feed", feed(range(3), link("self", named)))
    press.says("/other", feed(range(50, 53)))
    made.one("harbour")
    assert made.service.proposed_moves() == ()


BOLD = "<item><title>A &lt;b&gt;bold&lt;/b&gt; one</title></item>"


@pytest.mark.parametrize("entry", ["<item><title>One</title></item>", BOLD, ""])
def test_what_a_feed_says_of_its_other_places_is_read_whichever_way_its_entries_are(press, entry):
    head = link("self", "/feed") + link("hub", "https://hub.example/") + link("next", "/feed?page=2") + WORDPRESS
    body = feed([], head).replace("</channel>", f"{entry}</channel>").encode()
    fetched = Fetched(url=press.base, final_url=f"{press.base}/feed", status=200, headers={}, body=body)
    parsed = KINDS["feed"](source("harbour", "/feed", press), fetched, frozenset())
    assert parsed.generator == "https://wordpress.org/?v=6.5"
    assert parsed.links == {
        "self": f"{press.base}/feed", "hub": "https://hub.example/", "next": f"{press.base}/feed?page=2",
    }  # fmt: skip
