"""Stories: items of several sources that tell of one event, joined as they come, never merged."""

from __future__ import annotations

from dataclasses import replace

from briefing.model import StoryRules
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
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
    assert stories(made) == [[("alpha", "first"), ("beta", "words")]]


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
    assert dict(story) == {"alpha": "first", "beta": "reprint", "gamma": "altered", "delta": "altered"}
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
