"""Which entry is which item; a small log of what is known gives the look-up that the store gives, in a dictionary."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from briefing.model import Entry, Published
from briefing.noise import text_print
from briefing.observe.decisions import entry_print
from briefing.observe.identity import KnownItem, aliases, content_key, identify, new_id
from briefing.text import print_of

NUMBERS = count()


def keyed(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def entry(
    title: str = "Statement on the harbour",
    *,
    guid: str | None = None,
    url: str = "",
    date: str | None = None,
    text: str = "",
) -> Entry:
    published = Published(raw=date, value=date, precision="day", origin="feed") if date else Published()
    return Entry(url=url, title=title, digest=str(next(NUMBERS)), guid=guid, text=text, published=published)


class Log:
    """What has been seen: takes batches one after the other, and says which item each entry is."""

    def __init__(self) -> None:
        self.items: dict[str, KnownItem] = {}
        self.keys: dict[str, str] = {}
        self.aliased = 0

    def see(self, *entries: Entry, present: Any = frozenset()) -> list[str]:
        sightings = identify("press", entries, frozenset(present), self.look_up, keyed)
        return [self.take(sighting) for sighting in sightings]

    def look_up(self, keys: Any) -> dict[str, KnownItem]:
        return {key: self.items[self.keys[key]] for key in keys if key in self.keys}

    def take(self, sighting: Any) -> str:
        seen = sighting.entry
        item = sighting.item.id if sighting.item else new_id("press", seen, keyed)
        more = aliases(sighting)
        self.aliased += bool(more)
        own = content_key("press", seen, keyed)
        for key in (*(more if sighting.item else sighting.keys), *([own] if own else [])):
            self.keys.setdefault(key, item)
        self.items[item] = KnownItem(
            id=item,
            versions=1,
            title_print=print_of(seen.title),
            text_print=text_print(seen.text, seen.html),
            entry_print=entry_print(seen),
            page=False,
            withdrawn=False,
            problem="",
            published=seen.published,
            keys=frozenset(key for key, owner in self.keys.items() if owner == item),
        )
        return item


@pytest.fixture
def log():
    return Log()


U, V, W = "https://press.example/u", "https://press.example/v", "https://press.example/w"

# ---------------------------------------------------------------- one item stays one


@pytest.mark.parametrize(
    "later",
    [
        entry(guid="a", url=U, date="2026-03-01", text="Boats."),
        entry(guid="b", url=U, date="2026-03-01", text="Boats."),
        entry(guid="a", url=V, date="2026-03-01", text="Boats."),
        entry(guid="b", url=V, date="2026-03-01", text="Boats."),
        entry(guid="a", url="http://www.press.example/u/?utm_source=x", date="2026-03-01", text="Boats."),
        entry(guid=None, url=U, date="2026-03-01", text="Boats."),
        entry(guid="a", url="", date="2026-03-01", text="Boats."),
        entry(guid="b", url=U, date=None, text="Boats."),
        entry("Corrected statement", guid="a", url=U, date="2026-03-01", text="Ships."),
        entry("Corrected statement", guid="a", url=U, date="2026-03-02", text="Ships."),
        entry("Corrected statement", guid="b", url=U, date="2026-03-01", text="Ships."),
        entry("Corrected statement", guid="a", url=V, date="2026-03-01", text="Ships."),
        entry("Corrected statement", guid="a", url=V, date="2026-03-09", text="Boats."),
        entry("Corrected statement", guid="a", url=V, date=None, text="Ships."),
    ],
)
def test_the_same_item_is_known_again_by_what_is_left_of_it(log, later):
    first = log.see(entry(guid="a", url=U, date="2026-03-01", text="Boats."))
    assert log.see(later) == first


def test_what_was_an_alias_once_is_known_by_it_for_good(log):
    first = log.see(entry(guid="a", url=U))
    assert log.see(entry(guid="a", url=V)) == first
    assert log.see(entry("Another title", guid=None, url=V)) == first


def test_an_item_without_guid_and_address_is_known_by_title_and_date(log):
    first = log.see(entry(date="2026-03-01", text="Boats."))
    assert log.see(entry(date="2026-03-01", text="Ships.")) == first


def test_many_entries_that_lead_to_one_page_are_many_items_and_an_edit_of_one_makes_no_other(log):
    batch = [entry(f"Notice {number}", url=U, date=f"2026-03-0{number}", text="Boats.") for number in (1, 2, 3)]
    first = log.see(*batch)
    assert len(set(first)) == 3
    edited = [*batch[:2], replace(batch[2], text="Ships.")]
    assert log.see(*edited) == first


def test_random_guids_at_every_poll_make_one_item_and_a_handful_of_aliases(log):
    polls = [log.see(entry(guid=f"random-{number}", url=U, text=f"Visitor {number}.")) for number in range(50)]
    assert len({item for poll in polls for item in poll}) == 1
    assert log.aliased <= 4


def test_where_guids_are_known_to_change_a_new_one_is_no_sign_of_another_item(log):
    first = log.see(entry("Statement", guid="r1", url=U))
    assert log.see(entry("Statement", guid="r2", url=U)) == first
    assert log.see(entry("Statement, corrected", guid="r3", url=U)) == first


# ---------------------------------------------------------------- two items stay two


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entry(guid="a"), entry(guid="b")),
        (entry(url=U), entry(url=V)),
        (entry(guid="a", url=U), entry(guid="b", url=V)),
        (entry(guid="a", url=U), entry(guid="a", url=V)),
        (entry(guid="a", url=U), entry(guid="b", url=U)),
        (entry(date="2026-03-01", text="x"), entry(date="2026-03-02", text="x")),
        (entry(guid="a", url=U, date="2026-03-01", text="x"), entry(guid="b", url=V, date="2026-03-01", text="x")),
        (entry("One", url=U), entry("Two", url=U)),
        (entry("One", guid="a", url=U), entry("Two", guid="a", url=V)),
    ],
)
def test_two_entries_of_one_answer_are_two_items_now_and_ever_after(log, one, other):
    first = log.see(one, other)
    assert len(set(first)) == 2
    assert log.see(one, other) == first
    assert log.see(other, one) == first[::-1]


def test_two_entries_with_one_guid_and_one_address_are_one_item_and_the_first_is_current(log):
    seen = identify(
        "press", [entry("New", guid="a", url=U), entry("Old", guid="a", url=U)], frozenset(), log.look_up, keyed
    )
    assert [sighting.entry.title for sighting in seen] == ["New"]


def test_titles_that_recur_never_join_items(log):
    titles = [
        log.see(entry("Daily report", guid=f"g{day}", url=f"{U}/{day}", date=f"2026-03-{day}")) for day in range(10, 30)
    ]
    assert len({item for batch in titles for item in batch}) == 20


def test_an_address_that_is_used_again_holds_another_item_that_survives_its_own_edits(log):
    (old,) = log.see(entry("Statement of Monday", guid="m", url=U, date="2026-03-02", text="Boats."))
    (new,) = log.see(entry("Statement of Friday", guid="f", url=U, date="2026-03-06", text="Ships."))
    assert new != old
    assert log.see(entry("Statement of Friday, corrected", guid="f", url=U, date="2026-03-06", text="Ships!!")) == [new]
    assert log.see(entry("Statement of Friday, again", guid="f", url=U, date="2026-03-06", text="Cutters.")) == [new]


@pytest.mark.parametrize("name", ["{}", "item-{}", "https://press.example/#{}", "00{}"])
@pytest.mark.parametrize("window", [1, 3, 8])
def test_a_guid_that_is_a_position_in_the_list_mixes_no_items_up(log, name, window):
    published = [
        entry(f"Statement {day}", url=f"{U}/{day}", date=f"2026-03-{day}", text=f"Boat {day}.") for day in range(10, 30)
    ]
    known: dict[str, str] = {}
    for newest in range(len(published)):
        shown = published[max(0, newest - window + 1) : newest + 1][::-1]
        placed = [replace(one, guid=name.format(place)) for place, one in enumerate(shown, 1)]
        for one, item in zip(shown, log.see(*placed), strict=True):
            assert known.setdefault(one.title, item) == item
    assert len(set(known.values())) == 20
    assert log.aliased < window  # while the list grows, each new position is a new guid


def test_positions_as_guids_without_addresses_mix_no_items_up(log):
    published = [entry(f"Statement {day}", date=f"2026-03-{day}", text=f"Boat {day}.") for day in range(10, 20)]
    known: dict[str, str] = {}
    for newest in range(len(published)):
        shown = published[max(0, newest - 2) : newest + 1][::-1]
        placed = [replace(one, guid=str(place)) for place, one in enumerate(shown, 1)]
        for one, item in zip(shown, log.see(*placed), strict=True):
            assert known.setdefault(one.title, item) == item
    assert len(set(known.values())) == 10


def test_a_small_number_is_a_guid_where_words_agree_with_it(log):
    first = log.see(entry("Statement", guid="17", url=U, date="2026-03-01"))
    assert log.see(entry("Statement", guid="17", url=V, date="2026-03-01")) == first


def test_an_entry_that_was_cut_out_as_unchanged_keeps_its_item_from_all_others(log):
    (first,) = log.see(entry(guid="a", url=U, date="2026-03-01", text="x"))
    (second,) = log.see(entry(guid="b", url=V, date="2026-03-01", text="x"), present={first})
    assert second != first


# ---------------------------------------------------------------- laws

ENTRIES = st.builds(
    entry,
    st.sampled_from(["Statement", "Daily report", "Notice"]),
    guid=st.sampled_from([None, "a", "b", "1", "2", "c"]),
    url=st.sampled_from(["", U, V, W]),
    date=st.sampled_from([None, "2026-03-01", "2026-03-02"]),
    text=st.sampled_from(["", "Boats.", "Ships."]),
)


def told_apart(entries: list[Entry]) -> list[Entry]:
    """Without repetitions, whose order says which is current."""
    marks: dict[Any, Any] = {}
    for one in entries:
        marks.setdefault(
            (one.guid, one.url, one.title, one.published.raw) if not (one.guid and one.url) else (one.guid, one.url),
            one,
        )
    return list(marks.values())


@examples(max_examples=60, deadline=None)
@given(
    st.lists(ENTRIES, max_size=6).map(told_apart),
    st.lists(ENTRIES, max_size=6).map(told_apart),
    st.randoms(use_true_random=False),
)
def test_the_order_of_entries_changes_nothing_about_which_item_is_which(before, batch, random):
    shuffled = random.sample(batch, len(batch))
    straight, mixed = Log(), Log()
    for one in (straight, mixed):
        one.see(*before)
    by_digest = dict(zip((one.digest for one in batch), straight.see(*batch), strict=True))
    assert dict(zip((one.digest for one in shuffled), mixed.see(*shuffled), strict=True)) == by_digest


@examples(max_examples=60, deadline=None)
@given(st.lists(ENTRIES, max_size=6).map(told_apart))
def test_what_is_shown_twice_makes_no_new_item(batch):
    log = Log()
    first = log.see(*batch)
    assert log.see(*batch) == first


@examples(max_examples=60, deadline=None)
@given(st.lists(ENTRIES, max_size=5).map(told_apart), st.lists(ENTRIES, max_size=5).map(told_apart))
def test_no_two_entries_of_one_answer_are_one_known_item(before, batch):
    log = Log()
    log.see(*before)
    sightings = identify("press", batch, frozenset(), log.look_up, keyed)
    claimed = [sighting.item.id for sighting in sightings if sighting.item]
    assert len(claimed) == len(set(claimed))


def test_an_address_that_is_new_at_every_visit_does_not_fill_the_log_for_ever(log):
    item = log.see(entry(guid="a", url=f"{U}?sid=0", date="2026-03-01", text="Boats."))
    for visit in range(1, 50):
        assert log.see(entry(guid="a", url=f"{U}?sid={visit}", date="2026-03-01", text="Boats.")) == item
    assert log.aliased < 10
