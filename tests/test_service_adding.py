"""From an address to a source, over a press server on loopback: feeds, lists, sitemaps, and what fails on the way."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from briefing.config.words import COUNTRIES, LANGUAGES
from briefing.errors import SourceError, UsageError
from briefing.model import ArticleRules, ListRules
from briefing.service import guessing
from briefing.service.adding import Search, Wish, entry_of, tools_for
from briefing.service.feedlists import given_out, taken_in
from street_support import (  # type: ignore[import-not-found]  # see test_service_rechecking
    HTML,
    XML,
    Press,
    clock,
    listing,
    page,
    parsing,
    post,
    press,
    rss,
    settings,
    source,
    urlset,
)

__all__ = ["clock", "parsing", "press"]
LINKS = [(f"/r/{n}.html", f"Statement number {n} of the board", f"{n} March 2026") for n in range(9, 2, -1)]
TEXT = ["The harbour board met and spoke about berths.", "It agreed to publish the minutes."]


@pytest.fixture
def find(press, parsing):
    """Search from a path of the press; the configured sources may be given."""
    portal, workers = parsing

    def run(path: str, *sources, **wish):
        async def search():
            configured = settings(*sources)
            async with tools_for(configured, workers=workers) as tools:
                told: list[str] = []
                found = await Search(
                    Wish(url=press.base + path, **wish), configured, COUNTRIES, tools, told.append
                ).run()
                return found, told

        return portal.call(search)

    return run


@pytest.fixture
def examine(parsing):
    portal, workers = parsing

    def run(one, resolve=None, **more):
        async def trial():
            async with tools_for(settings(**more), resolve, workers) as tools:
                return await tools.examiner.examine(one)

        return portal.call(trial)

    return run


def head(*links: str) -> str:
    return (
        f"<!DOCTYPE html><html lang=en><head><title>Harbour board</title>{''.join(links)}</head><body>Hi</body></html>"
    )


def link(url: str, title: str = "") -> str:
    return f"<link rel=alternate type=application/rss+xml href={url} title='{title}'>"


# ---------------------------------------------------------------- finding


def test_a_feed_that_the_page_names_is_taken_and_the_others_are_told(find, press):
    press.says(
        "/", head(link("/comments.xml", "Comments"), link("/empty.xml"), link("/all.xml", "All")), content_type=HTML
    )
    press.says("/all.xml", rss([post(1), post(2)]))
    press.says("/empty.xml", rss([]))
    found, _ = find("/")
    assert [(one.source.url.removeprefix(press.base), one.trial.entries) for one in found.candidates] == [
        ("/all.xml", 2),
        ("/empty.xml", 0),
    ]
    assert found.notes[0].startswith(f"{press.base}/comments.xml: ")
    best = found.candidates[0].source
    assert (best.name, best.kind, best.language) == ("Harbour board", "feed", "en")


def test_a_feed_that_nobody_names_is_found_where_feeds_often_stand_and_robots_txt_is_obeyed(find, press):
    press.says("/robots.txt", "User-agent: *\nDisallow: /feed", content_type="text/plain")
    press.says("/feed", rss([post(1)]))
    press.says("/news/", head(), content_type=HTML)
    press.says("/atom.xml", rss([post(1)]))
    found, _ = find("/news/")
    assert [one.source.url for one in found.candidates] == [f"{press.base}/atom.xml"]
    assert "/feed" not in [path for path, _ in press.log()]


def test_a_page_without_a_feed_is_read_by_what_repeats_itself(find, press):
    press.says("/news", listing(LINKS), content_type=HTML)
    found, told = find("/news")
    best = found.candidates[0]
    assert best.source.listing == ListRules(item="ul > li", title="a", link="a@href", date="span.d")
    assert (best.trial.entries, best.trial.dated) == (7, 7)
    assert entry_of(best.source)["list"] == {"item": "ul > li", "title": "a", "link": "a@href", "date": "span.d"}
    assert len(told) < 12


def test_else_the_sitemap_that_robots_txt_names(find, press):
    press.says("/robots.txt", f"Sitemap: /all.xml\nSITEMAP: {press.base}/news-map.xml\n", content_type="text/plain")
    press.says("/news-map.xml", urlset([f"{press.base}/a/1"]), content_type=XML)
    press.says("/", head(), content_type=HTML)
    found, _ = find("/")
    assert [(one.source.kind, one.source.url) for one in found.candidates] == [
        ("sitemap", f"{press.base}/news-map.xml")
    ]


def test_where_nothing_is_found_it_is_said_and_little_was_asked(find, press):
    press.says("/", head(), content_type=HTML)
    with pytest.raises(SourceError, match="a feed, a list of items or a sitemap could not be found"):
        find("/")
    assert len(press.log()) <= 14


def test_what_is_configured_already_is_told_and_not_asked(find, press):
    feed = source("board", "/all.xml", press)
    found, told = find("/all.xml?utm_source=x", feed)
    assert (found.candidates, found.known[0][1], told) == ((), "board", [])
    press.says("/", head(link("/all.xml")), content_type=HTML)
    found, _ = find("/", feed)
    assert (found.candidates, found.known) == ((), ((f"{press.base}/all.xml", "board"),))


def test_an_address_that_moved_for_good_is_written_where_it_moved_to(find, press):
    press.fails("/old.xml", 301, Location="{base}/new.xml")
    press.fails("/now.xml", 302, Location="{base}/new.xml")
    press.says("/new.xml", rss([post(1)]))
    assert find("/old.xml")[0].candidates[0].source.url == f"{press.base}/new.xml"
    assert find("/now.xml")[0].candidates[0].source.url == f"{press.base}/now.xml"


@pytest.mark.parametrize(
    ("url", "country", "institution", "name"),
    [
        ("https://www.mofa.go.jp/press/", "JP", "ministry", "jp-mofa"),
        ("https://www.gov.uk/x.atom", "GB", "ministry", "gb-port-office"),
        ("https://www.chathamhouse.org/feed", "ZZ", "think-tank", "chathamhouse"),
        ("https://press.un.org/en/rss.xml", "UN", "igo", "un-un"),
        ("https://www.state.gov/feed", "US", "ministry", "us-state"),
        ("http://127.0.0.1:8/feed", "ZZ", "think-tank", "port-office"),
    ],
)
def test_what_an_address_lets_one_suppose(url, country, institution, name):
    assert guessing.country(url, COUNTRIES) == country
    assert guessing.institution(url) == institution
    assert guessing.identifier(url, country, "en", (), "Port Office") == name


def test_an_id_that_is_taken_gets_its_language_then_a_number():
    taken: set[str] = set()
    for wanted in ("jp-mofa", "jp-mofa-en", "jp-mofa-2", "jp-mofa-3"):
        found = guessing.identifier("https://mofa.go.jp/", "JP", "en", taken)
        assert found == wanted
        taken.add(found)


# ---------------------------------------------------------------- trying


def steps(trial) -> dict[str, str]:
    return {step.name: f"{step.state}: {step.said}" for step in trial.steps}


def test_a_trial_tells_every_step_and_the_first_items_as_they_would_be_recorded(examine, press):
    body = rss([post(number, title=f"Herring and berths {number}") for number in range(9, 4, -1)])
    press.fails("/f.xml", 301, Location="{base}/g.xml")
    press.says("/g.xml", body, content_type="application/rss+xml; charset=windows-1251")
    trial = examine(source("board", "/f.xml", press, exclude=("berths 9",)))
    said = steps(trial)
    assert said["redirect"] == f"warning: 301, to {press.base}/g.xml"
    assert said["answer"].startswith("ok: status 200, ")
    assert said["encoding"] == "ok: read as utf-8, though the header says windows-1251: the bytes decide"
    assert said["kind"] == 'ok: RSS 2.0, called "Harbour board"'
    assert said["entries"] == "ok: 4 listed, 4 with a whole text, 0 without"
    assert said["left out"] == "ok: 1 by include and exclude, 0 of other domains"
    assert said["dates"].startswith("ok: 4 of 4 dated, the newest 2026-02-02T18:00:00+00:00, to the minute")
    first = trial.items[0]
    assert (first.title, first.published, first.origin) == ("Herring and berths 8", "2026-02-02T18:00:00+00:00", "feed")
    assert {topic["id"] for topic in first.topics} == {"harbour", "fish"}
    assert len(trial.items) == 3
    assert trial.ok


def test_a_trial_records_what_a_collect_would(examine, press, street_of):
    one = source("board", "/list", press, kind="page", listing=ListRules(item="li", link="a@href", date="span.d"))
    press.says("/list", listing(LINKS), content_type=HTML)
    for url, title, _ in LINKS:
        press.shows(url, title, *TEXT)
    trial = examine(one)
    made = street_of(one)
    made.collect()
    for item in trial.items:
        held = made.item(item.title)
        assert (held.url, held.published.value, held.language) == (item.url, item.published, item.language)
        assert len(made.text(item.title)) == item.characters


@pytest.fixture
def street_of(tmp_path, press, clock, parsing):
    from street_support import Street

    made = []

    def make(*sources):
        made.append(Street(tmp_path / "s", press, clock, settings(*sources), *parsing))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    ("answer", "kind", "step", "failure"),
    [
        ({"status": 404}, "feed", "answer", "status"),
        ({"status": 403}, "feed", "answer", "blocked"),
        ({"status": 410}, "feed", "answer", "gone"),
        ({"body": "<!DOCTYPE html><html><body>Hello</body></html>"}, "feed", "kind", "not-a-feed"),
        ({"body": ""}, "feed", "body", "unparsable"),
        ({"body": listing([]), "content_type": HTML}, "page", "entries", "empty"),
        ({"body": "x" * 1_100_000}, "feed", "body", "too-large"),
    ],
)
def test_a_step_that_fails_is_named_with_what_to_do_next(  # noqa: PLR0917 - one a column
    examine, press, answer, kind, step, failure
):
    press.says("/f", **answer)
    rules = ListRules(item="li") if kind == "page" else None
    trial = examine(source("board", "/f", press, kind=kind, listing=rules))
    assert (trial.failure, trial.ok) == (failure, False)
    (wrong,) = [one for one in trial.steps if one.state == "wrong"]
    assert wrong.name == step
    assert wrong.mend


def test_a_name_that_does_not_resolve_or_leads_inside_is_told_so(examine, press):
    async def nowhere(host, port):
        raise OSError("no such name")

    async def inside(host, port):
        return ["10.0.0.7"]

    one = source("board", "http://board.example/feed", press)
    trial = examine(one, nowhere)
    assert (trial.failure, trial.steps[-1].name) == ("dns", "name")
    trial = examine(one, inside)
    assert (trial.failure, steps(trial)["name"]) == ("address", "ok: board.example is 10.0.0.7")
    assert "allow_networks" in trial.steps[-1].mend


def test_a_header_without_its_variable_is_told_before_anything_is_asked(examine, press):
    trial = examine(source("board", "/f", press, headers={"X-Key": "${NOBODY_SET_THIS}"}))
    assert "NOBODY_SET_THIS" in trial.steps[-1].said
    assert press.log() == []


# ---------------------------------------------------------------- lists of feeds


OPML = b"""<?xml version="1.0" encoding="windows-1251"?>
<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<opml version="1.0"><head/><body><outline text="World"><outline text="Asia">
<outline type="rss" text="\xcc\xe8\xe4" xmlUrl="https://www.mid.example.ru/rss"
 htmlUrl="https://www.mid.example.ru/" language="ru-RU"/>
<outline text="Same" xmlurl="http://mid.example.ru/rss/"/></outline></outline>
<outline text="Known" xmlUrl="https://known.example/feed"/><outline text="Odd" xmlUrl="ftp://x.example/"/>
<outline title="Feed protocol" xmlUrl="feed://y.example/rss"/><outline text="&x; no feed" url="https://z.example/"/>
</body></opml>"""


def test_a_list_of_feeds_is_taken_in_without_what_is_there_twice_or_already():
    known = replace(
        source("known", "https://known.example/feed", Press.__new__(Press)), url="https://known.example/feed"
    )
    found = taken_in(OPML, settings(known), COUNTRIES, LANGUAGES)
    assert [(one.id, one.name, one.url, one.country, one.language) for one in found.sources] == [
        ("ru-example", "Мид", "https://www.mid.example.ru/rss", "RU", "ru"),
        ("y", "Feed protocol", "http://y.example/rss", "ZZ", None),
    ]
    assert (found.known, found.doubled, found.unusable) == (1, 1, ("ftp://x.example/",))


def test_what_is_given_out_can_be_taken_in_and_holds_no_password(press):
    feeds = [source(f"s{n}", f"http://desk:pw@host{n}.example/feed?a=1&b=<2>", press) for n in range(3)]
    body = given_out(settings(*feeds, source("map", "/map.xml", press, kind="sitemap")))
    assert b"pw@" not in body
    found = taken_in(body, settings(), COUNTRIES, LANGUAGES)
    assert [one.name for one in found.sources] == [one.name for one in feeds]
    assert [one.url for one in found.sources] == [f"http://host{n}.example/feed?a=1&b=%3C2%3E" for n in range(3)]


@pytest.mark.parametrize("body", [b"", b"<rss/>", b"{}", b"\x00\x01"])
def test_what_is_no_list_of_feeds_is_said_to_be_none(body):
    with pytest.raises(UsageError, match="no OPML"):
        taken_in(body, settings(), COUNTRIES, LANGUAGES)


def test_entries_are_plain_enough_for_the_file(press):
    one = source("a", "/x", press, kind="page", listing=ListRules(item="li"))
    assert json.loads(json.dumps(entry_of(one)))["list"] == {"item": "li"}
    assert page("x")


# ---------------------------------------------------------------- items' own pages, tried


def test_a_trial_says_blocked_where_the_items_pages_are_refused_and_asks_for_one_only(examine, press):
    press.says("/f.xml", rss([post(number, content="") for number in range(3)]))
    for number in range(3):
        press.fails(f"/items/{number}", 403)
    trial = examine(source("board", "/f.xml", press))
    assert (trial.ok, trial.pages, trial.entries) == (True, "blocked", 3)
    step = next(step for step in trial.steps if step.name == "item's page")
    assert step.state == "wrong"
    assert step.said.startswith("blocked: ")
    assert "import-page" in step.mend
    assert sum(path.startswith("/items/") for path, _ in press.log()) == 1


def test_a_trial_proposes_to_drop_what_is_another_text_at_a_second_look(examine, press):
    press.says("/f.xml", rss([post(1, content="")]))

    class Turning(str):
        """A page whose banner is another at every request."""

        __slots__ = ()
        turns = 0

        def encode(self, *_: str) -> bytes:
            Turning.turns += 1
            banner = ("Regatta week", "Open day at the lighthouse", "Book fair on the quay")[Turning.turns % 3]
            text = "The board met in the morning and spoke of berths for the boats that fish for herring."
            return (
                f'<html lang="en"><body><main><h1>Berths</h1><p>{text}</p><div class="rotator">{banner} today</div>'
                "</main></body></html>"
            ).encode()

    press.says("/items/1", Turning(), content_type=HTML, validators=False)
    trial = examine(source("board", "/f.xml", press, article=ArticleRules(body="main", drop=("h1",))))
    assert trial.drop == ("div.rotator",)
    assert any('article: {drop: ["div.rotator"]}' in step.mend for step in trial.steps)


def test_a_trial_says_where_an_items_page_is_not_there_though_it_answers(examine, press):
    press.says("/f.xml", rss([post(1, content="")]))
    press.shows("/items/1", "Page not found", "The page you requested could not be found.")
    trial = examine(source("board", "/f.xml", press))
    assert (trial.ok, trial.pages) == (True, "absent")
    assert trial.items[0].noted.endswith('says "page not found"')
