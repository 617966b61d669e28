"""The past as people ask for it: moments by name, copies of what was published, issues as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from briefing.errors import UsageError
from briefing.service.issuing import remade
from briefing.service.moments import known, known_at, position_of
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    files,
    parsing,
    post,
    press,
    rss,
    settings,
    source,
    street,
    topic,
    weekly,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"
NAMES = {"index.html", "briefing.md", "briefing.txt", "briefing.json"}


def worked(made, week: str = WEEK):
    """Everything once; what this publishes."""
    made.collect()
    made.service.classify()
    (issue,) = made.service.brief(week=week)
    return issue


@pytest.fixture
def eventful(street, press, clock):
    """A desk with a log in which all sorts of things happened between its issues; beside it what was public after each.

    By the position that the log had then.
    """
    press.says("/a", rss([post(510), post(511, title="Herring and cod"), post(512)]))
    press.says("/b", rss([post(520)]))
    press.shows("/items/530", "Piers", "The harbour has four piers and two of them are closed.")
    press.says("/c", rss([post(530, content="", summary="In short.")]))
    sources = [source("a", "/a", press), source("b", "/b", press, institution="think-tank"), source("c", "/c", press)]
    made = street(*sources)
    public: dict[int, dict[str, bytes]] = {}

    def done() -> None:
        worked(made)
        public[made.head()] = made.files()
        clock.forward(hours=7)

    done()
    press.says("/a", rss([post(511, title="Herring, corrected"), post(515, title="A late communiqué"), post(510)]))
    done()
    press.fails("/items/530", 410)
    made.collect(recheck=True, confirm=True)
    press.fails("/b", 500)
    done()
    changed = settings(
        *(replace(one, name=f"Renamed {one.id}") for one in sources[:2]), source("d", "/d", press, country="JP"),
        topics=(topic("harbour", "berth*"), topic("minutes", "minutes"), topic("piers", "pier*")),
        site=replace(made.settings.site, title="Harbour Weekly", timezone="Asia/Tokyo"),
        briefings=(replace(weekly(), title="The week at sea", topics=("minutes", "harbour")),),
    )  # fmt: skip
    made.configure(changed)
    press.says("/d", rss([post(540, title="鰊と港"), post(541, title="Herring from the north")]))
    done()
    press.says("/b", rss([post(521), post(520, title="Said otherwise")]))
    done()
    return made, public


# ---------------------------------------------------------------- issues


def test_an_issue_made_again_as_of_its_own_position_is_byte_for_byte_the_one_published_then(eventful, tmp_path):
    made, _ = eventful
    published = made.desk.library.issues()
    assert len(published) >= 4
    for issued in published:
        own = files(made.public / "briefings" / "weekly" / WEEK / f"v{issued.version}")
        assert set(own) == NAMES
        assert remade(made.desk, issued) == own
        folder = tmp_path / str(issued.version)
        (draft,) = made.service.brief_to(folder, str(issued.as_of), week=WEEK)
        assert (draft.version, draft.fresh) == (issued.version, True)
        assert files(folder / "briefings" / "weekly" / WEEK) == own
        (stands,) = made.service.brief_to(tmp_path / f"after-{issued.version}", str(issued.position), week=WEEK)
        assert (stands.version, stands.fresh) == (issued.version, False)
        assert files(tmp_path / f"after-{issued.version}" / "briefings" / "weekly" / WEEK) == own


def test_a_draft_publishes_nothing_and_takes_the_last_whole_week_before_its_moment(eventful, clock, tmp_path):
    made, _ = eventful
    before, head = made.files(), made.head()
    then = made.desk.library.issues()[-1].as_of
    clock.forward(days=30)
    assert [one.period for one in made.service.brief_to(tmp_path / "then", str(then))] == [WEEK]
    assert [one.period for one in made.service.brief_to(tmp_path / "now")] == ["2026-W13"]
    assert (made.head(), made.files()) == (head, before)
    assert made.service.brief_to(tmp_path / "never", "0") == []
    assert not (tmp_path / "never").exists()


# ---------------------------------------------------------------- copies


def unsigned(paths):
    """Without the signed log, which is published once and not copied."""
    return {path for path in paths if not path.startswith("log/")}


def test_a_copy_as_of_each_publication_is_what_was_public_then(eventful, tmp_path):
    made, public = eventful
    now, head, mark = made.files(), made.head(), made.desk.library.published()
    told: list[str] = []
    for position, then in public.items():
        found = made.service.publish_to(tmp_path / str(position), str(position), told.append)
        assert found.position == position
        copy = files(tmp_path / str(position))
        assert set(found.written) == set(copy)
        # Feeds of what is configured no more stay with the public files only where they were written before.
        assert {path: body for path, body in then.items() if path in copy} == copy
        assert unsigned(then) == set(copy)
    assert len(told) > len(public)
    assert (made.files(), made.head(), made.desk.library.published()) == (now, head, mark)


def test_a_copy_of_now_needs_no_moment_and_one_of_before_everything_is_empty(eventful, tmp_path):
    made, _ = eventful
    assert made.service.publish_to(tmp_path / "now").position == made.head()
    copy = files(tmp_path / "now")
    assert copy == {path: body for path, body in made.files().items() if path in copy}
    assert unsigned(made.files()) == set(copy)
    assert made.service.publish_to(tmp_path / "nothing", "0").written == ()


@pytest.mark.parametrize("verb", ["publish_to", "brief_to"])
def test_a_copy_goes_into_a_folder_of_its_own_or_nowhere(eventful, tmp_path, verb):
    made, _ = eventful
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "full", tmp_path / "file"):
        with pytest.raises(UsageError, match="is not an empty folder"):
            getattr(made.service, verb)(folder)
    for folder in (made.public, made.public / "copy", made.public / ".." / "public"):
        with pytest.raises(UsageError, match="belongs to the published files"):
            getattr(made.service, verb)(folder)


# ---------------------------------------------------------------- moments


def test_a_day_is_its_end_in_the_sites_zone_and_a_time_includes_its_own_moment(street, press, clock):
    made = street(settings=settings(source("a", "/a", press)))
    made.service.adopt()  # at 09:00 UTC on 2 March
    first = made.head()
    zone = replace(made.settings.site, timezone="Asia/Tokyo")
    clock.now = datetime(2026, 3, 2, 14, 59, 59, tzinfo=UTC)  # a second before midnight in Tokyo
    made.configure(replace(made.settings, site=zone))
    second = made.head()
    clock.now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    made.configure(replace(made.settings, site=replace(zone, title="Renamed")))
    third = made.head()
    assert first < second < third
    for said, position in {
        "2026-03-01": 0, "2026-03-02": second, "2026-03-03": third, "9999-12-31": third, "0001-01-01": 0,
        "2026-03-02T23:59:59": second, "2026-03-03T00:00": third, "2026-03-02T15:00:00Z": third,
        "2026-03-02 14:59:59.999999+00:00": second, "2026-03-02T09:00:00+00:00": first,
        "2026-03-02T08:59:59.999999Z": 0, "0": 0, str(first): first, f"00{third}": third,
    }.items():  # fmt: skip
        assert position_of(made.desk, said) == position, said
    assert known(made.desk, "2026-03-02").site().title == "Harbour Watch"
    assert known(made.desk, None) is made.desk.library


@pytest.mark.parametrize(
    "said",
    [
        "",
        "yesterday",
        "-1",
        "1.5",
        "2026-13-01",
        "2026-02-30",
        "2026-W10",
        "2026-03-02T25:00",
        "²",
        "2026-03-02x",
        "9" * 5000,
    ],
)
def test_what_is_no_moment_is_said_to_be_none(street, press, said):
    made = street(settings=settings(source("a", "/a", press)))
    with pytest.raises(UsageError, match=r"neither a log position \(4711\) nor a day \(2017-03-20\) nor a time"):
        position_of(made.desk, said)


def test_a_position_beyond_the_end_of_the_log_is_refused_and_the_end_named(street, press):
    made = street(settings=settings(source("a", "/a", press)))
    made.service.adopt()
    head = made.head()
    assert known_at(made.desk, head).position() == head
    with pytest.raises(UsageError, match=f"the log ends at position {head}"):
        known(made.desk, str(head + 1))
    with pytest.raises(UsageError, match=f"the log ends at position {head}"):
        known(made.desk, "9" * 30)


def test_without_any_settings_days_are_those_of_utc(street, press, clock):
    made = street(settings=settings(source("a", "/a", press)))
    assert [position_of(made.desk, said) for said in ("2026-03-02", "0", "2026-03-02T10:00")] == [0, 0, 0]
