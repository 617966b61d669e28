from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.editions.align import align
from briefing.editions.differences import PASSAGE, Part, diff, passages
from briefing.editions.edits import describe
from briefing.model import ItemId, Published, Revision

LANGUAGES = st.sampled_from(["en", "ru", "ja", "zh", "ko", "th", "ar", "xx"])
PIECES = ["The ", "river", " rose. ", "Он ", "10", "5", "\n", " ", "。", "川が", "氾濫", "! ", "  "]
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES)).map("".join))


def revision(
    text: str,
    title: str = "Harbour talks",
    number: int = 1,
    published: str | None = None,
    authors: tuple[str, ...] = (),
) -> Revision:
    return Revision(
        item=ItemId("i-1"), number=number, seen_at=datetime(2031, 5, 6, tzinfo=UTC), position=number, title=title,
        text=text, html="", url="https://harbours.example/1", authors=authors,
        published=Published(raw=published or "", value=published, precision="day" if published else None),
        fingerprint=f"{number:064}",
    )  # fmt: skip


def before_of(parts: tuple[Part, ...]) -> str:
    return "".join(part.text if part.before is None else part.before for part in parts if part.kind != "added")


def after_of(parts: tuple[Part, ...]) -> str:
    return "".join(part.text for part in parts if part.kind != "removed")


def changed(parts: tuple[Part, ...]) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in parts if part.kind != "equal"]


@given(TEXTS, TEXTS, LANGUAGES)
@example("  lead", "lead ", "en")
@example("Ａ。 　Ｂ", "Ａ。Ｂ", "ja")
def test_the_parts_give_back_both_texts_exactly(before, after, language):
    parts = diff(before, after, language)
    assert before_of(parts) == before
    assert after_of(parts) == after


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, min_size=30, max_size=60), st.integers(0, 29), LANGUAGES)
def test_long_texts_are_given_back_exactly_too(blocks, place, language):
    before = "".join(blocks) * 3
    after = "".join([*blocks[:place], "Quite another passage. ", *blocks[place + 1 :]]) * 3
    parts = diff(before, after, language)
    assert (before_of(parts), after_of(parts)) == (before, after)


@given(TEXTS, LANGUAGES)
def test_white_space_alone_is_no_difference(text, language):
    spaced = "\n\n".join(text.split(" ")) + "  "
    assert not changed(diff(text, spaced, language))
    assert not changed(diff(text, "".join(text.split()), language))


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_an_alignment_covers_both_sequences_and_pairs_only_what_is_alike(before, after):
    i = j = 0
    for alike, start, end, begin, stop in align(before, after):
        assert (start, begin) == (i, j)
        if alike:
            assert before[start:end] == after[begin:stop]
        i, j = end, stop
    assert (i, j) == (len(before), len(after))


def test_a_number_that_changed_is_the_only_difference():
    parts = diff(
        "They met for 1 hour and 10 minutes. Tea followed.", "They met for 1 hour and 5 minutes. Tea followed.", "en"
    )
    assert changed(parts) == [("removed", "10"), ("added", "5")]
    assert [part.kind for part in parts] == ["equal", "removed", "added", "equal"]


@pytest.mark.parametrize(
    ("before", "after", "language", "expected"),
    [
        ("会談は1時間10分行われた。", "会談は1時間5分行われた。", "ja", [("removed", "10"), ("added", "5")]),
        ("港湾大臣が視察した。", "港湾次官が視察した。", "ja", [("removed", "大臣"), ("added", "次官")]),
        ("Министр посетил порт.", "Министр посетил верфь.", "ru", [("removed", "порт"), ("added", "верфь")]),
        ("การประชุมที่ท่าเรือ", "การประชุมที่สนามบิน", "th", None),
    ],
)
def test_differences_are_as_small_as_the_script_allows(before, after, language, expected):
    parts = diff(before, after, language)
    assert parts[0].kind == "equal"
    if expected is not None:
        assert changed(parts) == expected


def test_two_sentences_that_have_nothing_in_common_are_not_mixed():
    parts = diff("Same start. The ferry left the quay at dawn.", "Same start. Grain prices fell again in April.", "en")
    assert changed(parts) == [
        ("removed", "The ferry left the quay at dawn."),
        ("added", "Grain prices fell again in April."),
    ]


def test_a_hundred_kilobytes_are_compared_by_sentences_and_each_edit_is_found():
    lines = [f"Paragraph {n} speaks of quay {n * 7} and of ship {n * 13}. It ends here." for n in range(1500)]
    edited = list(lines)
    edited[700] = edited[700].replace("ship", "barge")
    del edited[1200]
    parts = diff("\n".join(lines), "\n".join(edited), "en")
    assert changed(parts) == [("removed", "ship"), ("added", "barge"), ("removed", lines[1200] + "\n")]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("unit", ["a\nb\n", "word ", "港", "yes. No! ", "12 "])
def test_texts_made_of_one_repeated_piece_do_not_take_for_ever(unit, language):
    before = unit * (40_000 // len(unit))
    after = "x" + before[1000:-1000] + unit * 3 + "y"
    parts = diff(before, after, language)
    assert (before_of(parts), after_of(parts)) == (before, after)


def test_a_long_line_without_any_sentence_is_aligned_by_its_words():
    words = [f"w{n}" for n in range(20_000)]
    edited = [*words[:9_000], "inserted", *words[9_000:]]
    assert changed(diff(" ".join(words), " ".join(edited), "en")) == [("added", "inserted ")]


# ---------------------------------------------------------------- in words


def test_a_number_is_named_with_what_it_became_and_a_lost_sentence_counted():
    before = revision("They met for 1 hour and 10 minutes. They spoke of pilots. Dinner was served.")
    after = revision("They met for 1 hour and 5 minutes. They spoke of pilots.", number=2)
    assert describe(before, after, "en") == "1 number changed: 10 → 5; 1 sentence removed."


def test_a_changed_title_is_quoted_before_and_after():
    sentence = describe(revision("Same."), revision("Same.", title="Harbour accord", number=2), "en")
    assert sentence == 'The title changed from "Harbour talks" to "Harbour accord".'


def test_one_new_wording_is_quoted_and_counted_where_it_recurs():
    before, after = (
        "Oldport is busy today. Ships like Oldport very much.",
        "Newport is busy today. Ships like Newport very much.",
    )
    assert describe(revision(before), revision(after), "en") == "2 names changed: Oldport → Newport in 2 places."


def test_many_new_wordings_are_counted_in_words_or_in_characters():
    before, after = "The old quay of the town is wide and long.", "The new quay of the city is wide and short."
    assert describe(revision(before), revision(after), "en") == "3 words changed."
    assert (
        describe(revision("大臣は東港を静かに視察した。"), revision("次官は西港を静かに視察した。"), "ja")
        == '1 name changed: 東港 → 西港; "大臣" became "次官".'
    )


def test_a_changed_date_and_changed_authors_are_named():
    before = revision("Same.", published="2031-05-06")
    after = revision("Same.", published="2031-05-07", authors=("A. Pilot",), number=2)
    assert (
        describe(before, after, "en")
        == "The date of publication changed from 6 May 2031 to 7 May 2031; the authors named changed."
    )


def test_many_numbers_are_named_up_to_three():
    before = revision("Berths 1, 2, 3, 4 and 5 are open to ships.")
    after = revision("Berths 11, 12, 13, 14 and 15 are open to ships.")
    assert describe(before, after, "en") == ("5 numbers changed: 1 → 11, 2 → 12, 3 → 13 and 2 more.")


def test_nothing_but_white_space_is_said_to_be_nothing():
    assert describe(revision("A b.\nC."), revision("A  b. C."), "en") == "Nothing that a reader would notice changed."


@given(TEXTS, TEXTS, LANGUAGES)
def test_a_description_is_one_sentence_and_passages_are_bounded(before, after, language):
    old, new = revision(before), revision(after, number=2)
    sentence = describe(old, new, language)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert all(len(passage) <= PASSAGE for passage in passages(old, new, language))


def test_passages_hold_only_the_sentences_that_differ():
    before = revision("First stays. They met for 10 minutes. Middle stays as it is. The last one goes away.")
    after = revision("First stays. They met for 5 minutes. Middle stays as it is.", number=2)
    assert passages(before, after, "en") == (
        "They met for 10 minutes. … The last one goes away.",
        "They met for 5 minutes.",
    )


def test_of_an_overlong_sentence_the_passage_shows_what_surrounds_the_change():
    lead = " ".join(f"word{n}" for n in range(300))
    old, new = passages(revision(f"{lead} ten ships."), revision(f"{lead} five ships.", number=2), "en")
    assert "ten ships." in old
    assert "five ships." in new
    assert old.startswith("…")


def test_where_only_the_title_differs_the_passages_are_the_titles():
    assert passages(revision("Same."), revision("Same.", title="Accord", number=2), "en") == ("Harbour talks", "Accord")
