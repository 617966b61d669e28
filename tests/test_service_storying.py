"""Stories: items of several sources that tell of one event, joined as they come, never merged."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from lxml import html
from starlette.requests import Request

from briefing import encoders
from briefing.model import Briefing, Digest, StoryRules
from briefing.web import stories as pages
from briefing.web.frame import Frames
from briefing.web.rendering import render
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    files,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

TALKS = (
    "Selvane and Ostrey sign fisheries agreement",
    "<p>The fisheries ministers of Selvane and Ostrey signed an agreement on herring quotas in the strait today.</p>"
    "<p>Minister Orlan said that 40 boats of each side may fish there.</p>",
)
READOUT = (
    "Fisheries agreement between Ostrey and Selvane signed",
    "<p>Ministers of Ostrey and Selvane signed the agreement on fisheries and herring quotas today.</p>"
    "<p>Ostrey stressed that 60 boats of each side may fish in the strait.</p>",
)
OTHER = (
    "New director of the national museum appointed",
    "<p>The cabinet appointed Edda Ravn as director of the national museum, which opens again in autumn.</p>",
)


def tells(press, path, *told, hour=10, day=2):
    posts = [
        post(1, title, content=content, date=f"0{day} Feb 2026 {hour + number:02}:00:00 +0000",
             link=f"{{base}}{path}/{number}", guid=f"{path}{number}")
        for number, (title, content) in enumerate(told)
    ]  # fmt: skip
    press.says(path, rss(posts))


def run(street):
    street.collect()
    street.service.classify()


def stories(street):
    return [
        [(member.item.source, member.reason) for member in story.members]
        for story in street.desk.library.stories.newest(50)
    ]


def board(press, *names, **more):
    return [source(name, f"/{name}", press, **more) for name in names]


def test_two_ministries_that_tell_of_one_event_tell_one_story(street, press):
    tells(press, "/alpha", TALKS, OTHER)
    tells(press, "/beta", READOUT)
    made = street(*board(press, "alpha", "beta"))
    run(made)
    [story] = stories(made)
    assert sorted(story) in ([("alpha", "first"), ("beta", "words")], [("alpha", "words"), ("beta", "first")])


def test_a_further_telling_joins_later_and_nobody_moves(street, press):
    tells(press, "/alpha", TALKS, OTHER)
    tells(press, "/beta", READOUT)
    tells(press, "/gamma", ("Herring quotas agreed by Selvane and Ostrey", READOUT[1].replace("stressed", "said")))
    made = street(*board(press, "alpha", "beta"))
    run(made)
    before = made.desk.library.stories.newest(9)[0]
    made.configure(replace(made.settings, sources=tuple(board(press, "alpha", "beta", "gamma"))))
    run(made)
    [after] = made.desk.library.stories.newest(9)
    assert after.id == before.id
    assert after.members[:2] == before.members
    assert after.members[2].item.source == "gamma"


def test_after_the_window_the_same_words_are_another_event(street, press):
    tells(press, "/alpha", TALKS)
    tells(press, "/beta", READOUT, day=6)
    made = street(*board(press, "alpha", "beta"))
    run(made)
    assert stories(made) == []


def test_a_correction_is_no_reprint_whoever_prints_it(street, press):
    words = TALKS[1] + "<p>The agreement enters into force in April and will be reviewed by both sides every year.</p>"
    tells(press, "/alpha", (TALKS[0], words))
    tells(press, "/beta", (TALKS[0], words))
    tells(press, "/gamma", (TALKS[0], words.replace("40 boats", "30 boats")))
    tells(press, "/delta", ("Correction: " + TALKS[0], words))
    made = street(*board(press, "alpha", "beta", "gamma", "delta"))
    run(made)
    [story] = stories(made)
    assert {source for source, _ in story} == {"alpha", "beta", "gamma", "delta"}
    assert {source for source, reason in story if reason == "reprint"} < {"alpha", "beta"}
    linked = {item.source: len(made.desk.library.links(item.id)) for item in made.desk.library.items()}
    assert linked == {"alpha": 1, "beta": 1, "gamma": 0, "delta": 0}


def test_one_source_alone_tells_no_story(street, press):
    tells(press, "/alpha", TALKS, READOUT, OTHER)
    made = street(*board(press, "alpha"))
    run(made)
    assert stories(made) == []


def test_what_joined_is_the_same_after_a_rebuild_and_was_not_so_before(street, press):
    tells(press, "/alpha", TALKS)
    tells(press, "/beta", READOUT)
    made = street(*board(press, "alpha"))
    run(made)
    then = made.desk.store.head()
    made.configure(replace(made.settings, sources=tuple(board(press, "alpha", "beta"))))
    run(made)
    told = stories(made)
    made.service.rebuild()
    assert stories(made) == told != []
    assert made.service.known(str(then)).stories.newest(9) == []


def test_stories_can_be_switched_off(street, press):
    tells(press, "/alpha", TALKS)
    tells(press, "/beta", READOUT)
    made = street(*board(press, "alpha", "beta"))
    made.configure(replace(made.settings, stories=StoryRules(enabled=False)))
    run(made)
    assert stories(made) == []


def shown(made, path, page, **asked):
    scope = {"type": "http", "method": "GET", "path": path, "query_string": urlencode(asked).encode(), "headers": []}
    scope["path_params"] = {"story": path.removeprefix("/stories/")}
    frame = Frames(made.service).make()
    return html.fromstring(render(frame, page(frame, Request(scope)), path).decode())


def test_the_page_of_a_story_names_all_who_tell_it_and_marks_what_only_one_says(street, press):
    tells(press, "/alpha", TALKS)
    tells(press, "/beta", (READOUT[0], READOUT[1] + "<p>The lighthouse of Skerry was mentioned as well.</p>"), hour=12)
    made = street(*board(press, "alpha", "beta"))
    run(made)
    [story] = made.desk.library.stories.newest(9)
    page = shown(made, f"/stories/{story.id}", pages.one)
    tellers = [row.text_content().strip() for row in page.xpath("//tbody/tr/th")]
    assert [name.startswith(f"The {who} office") for name, who in zip(tellers, ("alpha", "beta"), strict=True)] == [
        True
    ] * 2
    assert "The lighthouse of Skerry" in " ".join(page.xpath("//mark//text()"))
    assert "signed" not in " ".join(page.xpath("//mark//text()"))
    assert [note.split(": ")[1] for note in page.xpath("//p[starts-with(., 'Days and numbers')]/text()")] == [
        "40",
        "60",
    ]
    both = [shown(made, f"/stories/{one.item.id}", pages.one).xpath("//h1/text()") for one in story.members]
    assert both[0] == both[1]
    listed = shown(made, "/stories/", pages.listing)
    assert listed.xpath("//article//a/@href")[0] == f"/stories/{story.id}"


def entries(made, path):
    return json.loads((made.public / f"feeds/{path}.json").read_bytes())["items"]


def test_a_story_is_one_entry_that_names_its_other_sources_and_each_source_keeps_its_own(street, press):
    tells(press, "/alpha", TALKS, OTHER)
    tells(press, "/beta", READOUT, hour=12)
    digests = (Digest(id="one", title="One"), Digest(id="each", title="Each", stories="list"))
    made = street(*board(press, "alpha", "beta"), digests=digests)
    run(made)
    made.service.publish()
    for path in ("all", "digests/one"):
        titles = {entry["title"]: entry["content_html"] for entry in entries(made, path)}
        assert titles.keys() == {TALKS[0], OTHER[0]}
        assert "Also: <a" in titles[TALKS[0]]
        assert ">The beta office</a>" in titles[TALKS[0]]
        assert "Also" not in titles[OTHER[0]]
    assert {entry["title"] for entry in entries(made, "digests/each")} == {TALKS[0], READOUT[0], OTHER[0]}
    assert [entry["title"] for entry in entries(made, "sources/beta")] == [READOUT[0]]
    [story] = entries(made, "stories")
    assert story["title"] == TALKS[0]
    assert story["summary"] == "Told by 2 sources: The alpha office, The beta office."
    before = files(made.public)
    made.service.rebuild()
    assert {path: body for path, body in files(made.public).items() if not path.startswith("log/")} == {
        path: body for path, body in before.items() if not path.startswith("log/")
    }


def test_a_correction_has_an_entry_of_its_own(street, press):
    tells(press, "/alpha", TALKS)
    tells(press, "/beta", (TALKS[0], TALKS[1].replace("40", "30")), hour=12)
    made = street(*board(press, "alpha", "beta"))
    run(made)
    made.service.publish()
    assert len(entries(made, "all")) == 2


def test_an_issue_prints_a_story_once_and_says_who_else_tells_it(street, press):
    tells(press, "/alpha", TALKS)
    tells(press, "/beta", READOUT, hour=12)
    weekly = Briefing(
        id="weekly", title="Weekly", period="week", weekday=0, hour=7, minute=0, topics=(), formats=("markdown", "json")
    )
    made = street(*board(press, "alpha", "beta"), briefings=(weekly,))
    run(made)
    [done] = made.service.brief("weekly", "2026-W06")
    assert done.items == 1
    said = json.loads((made.public / "briefings/weekly/2026-W06/briefing.json").read_bytes())
    assert [[one["source"] for one in reference["told"]] for reference in said["references"]] == [["beta"]]
    assert "Also told by The beta office" in (made.public / "briefings/weekly/2026-W06/briefing.md").read_text()


@pytest.mark.skipif(not encoders.installed(), reason="the extra `semantic` is not installed")
def test_with_the_encoder_a_telling_in_another_language_joins_also_one_of_an_earlier_visit(street, press):
    japanese = (
        "二国の漁業大臣、ニシン漁業協定に署名",
        "<p>両国の漁業大臣は本日、海峡のニシン漁獲枠に関する協定に署名した。</p><p>大臣は、双方の40隻の漁船がそこで操業できると述べた。</p>",
    )
    tells(press, "/alpha", TALKS, OTHER)
    tells(press, "/gamma", japanese, hour=12)
    made = street(*board(press, "alpha"))
    run(made)
    assert stories(made) == []
    sources = (*board(press, "alpha"), *board(press, "gamma", language="ja"))
    made.configure(replace(made.settings, sources=sources))
    run(made)
    assert stories(made) == [[("alpha", "first"), ("gamma", "meaning")]]
