from __future__ import annotations

from datetime import UTC, date, datetime
from html import escape

from hypothesis import given
from hypothesis import strategies as st

from briefing.model import Evidence, ItemId, Published, Revision
from briefing.web import charts, versions
from briefing.web.evidence import by_sentence, marked

LINES = st.lists(st.text("абв тест, 15 外務省.", min_size=1).filter(str.strip), max_size=30).map("\n".join)


def version(text: str, number: int = 1, title: str = "Title") -> Revision:
    return Revision(
        item=ItemId("a" * 16), number=number, seen_at=datetime(2026, 1, 1, tzinfo=UTC), position=number, title=title,
        text=text, html="", url="", authors=(), published=Published(), fingerprint="",
    )  # fmt: skip


# ---------------------------------------------------------------- charts


def test_a_chart_has_twelve_weeks_over_the_turn_of_the_year():
    chart = charts.weeks({"2026-01-01": 2, "2025-12-29": 1, "2025-12-28": 5, "2026-01-04": 1}, "2026-W01")
    assert [week.period for week in chart][-2:] == ["2025-W52", "2026-W01"]
    assert [week.count for week in chart][-2:] == [5, 4]
    assert charts.span("2026-W01") == (date(2025, 10, 13), date(2026, 1, 4)) == (chart[0].first, chart[-1].last)
    assert [week.latest for week in chart] == [False] * 11 + [True]


def test_bars_stand_on_zero_and_a_week_with_items_is_seen():
    chart = charts.weeks({"2026-01-01": 1, "2025-12-22": 1000}, "2026-W01")
    bars = charts.bars(chart, 1000)
    assert [bar.height for bar in bars[-2:]] == [24, 2]
    assert {bar.height for bar in bars[:-2]} == {0}
    assert {bar.y + bar.height for bar in bars} == {24}
    assert charts.bars(charts.weeks({}, "2026-W01"), 0)[0].height == 0


# ---------------------------------------------------------------- evidence


def test_a_phrase_is_marked_as_the_classifier_found_it():
    assert marked("The Fairways were DREDGED.", ["dredg*", "fairway*"], "en") == (
        (False, "The "), (True, "Fairways"), (False, " were "), (True, "DREDGED"), (False, "."),
    )  # fmt: skip
    assert marked("Ёлка у пролива", ["елк*"], "ru")[0] == (True, "Ёлка")
    assert marked("ＡＢＣ外務省が", ["外務省"], "ja") == ((False, "ＡＢＣ"), (True, "外務省"), (False, "が"))
    assert marked("No such thing", ["dredg*", "  "], "en") == ((False, "No such thing"),)


@given(
    st.text(max_size=80), st.lists(st.text("ab ﬁé*", min_size=1, max_size=4), max_size=4), st.sampled_from(["en", "ja"])
)
def test_marking_changes_no_sign_of_a_sentence(sentence, phrases, language):
    runs = marked(sentence, phrases, language)
    assert "".join(text for _, text in runs) == sentence
    assert all(text for _, text in runs)


def test_a_sentence_with_two_phrases_stands_once():
    pieces = [
        Evidence(phrase="pilot*", place="opening", sentence="Pilots dredge."),
        Evidence(phrase="dredg*", place="body", sentence="Pilots dredge."),
    ]
    ((first, runs),) = by_sentence(pieces, "en")
    assert first is pieces[0]
    assert [text for hit, text in runs if hit] == ["Pilots", "dredge"]


# ---------------------------------------------------------------- texts and their edits


@given(st.lists(st.text("аб<& 外", min_size=1, max_size=40_000).filter(str.strip), max_size=4))
def test_the_parts_of_a_text_hold_all_of_it_and_fit_a_page(paragraphs):
    parts = versions.parts("\n".join(paragraphs))
    assert "".join(line for part in parts for line in part) == "".join(paragraphs)
    assert all(sum(len(escape(line).encode()) + 8 for line in part) <= versions.PART + 8 for part in parts)
    assert parts


@given(LINES, LINES)
def test_an_edit_that_is_not_cut_holds_every_word_that_was_put_in_or_taken_out(before, after):
    edit = versions.edit(version(before), version(after, 2), "en")
    runs = [run for passage in edit.passages for run in passage.runs]
    assert not edit.cut
    for kind, text in (("removed", before), ("added", after)):
        assert all(part.strip() in text for own, part in runs if own == kind)
        if not any(passage.skipped for passage in edit.passages):
            kept = "".join(part for own, part in runs if own in (kind, "equal"))
            assert "".join(kept.split()) == "".join(text.split())


def test_what_did_not_change_is_counted_with_a_neighbour_left_on_either_side():
    lines = [f"Paragraph {number} stands." for number in range(9)]
    changed = [*lines[:4], "Paragraph 4 falls.", *lines[5:]]
    edit = versions.edit(version("\n".join(lines)), version("\n".join(changed), 2), "en")
    assert [passage.skipped or passage.runs[0][1].strip() for passage in edit.passages] == [
        3, "Paragraph 3 stands.", "Paragraph 4", "Paragraph 5 stands.", 3,
    ]  # fmt: skip
    assert edit.title == ()


def test_a_very_long_edit_is_cut_and_says_so():
    edit = versions.edit(version("a " * 50_000), version("b " * 50_000, 2), "en")
    assert edit.cut
    assert 0 < sum(len(text) for passage in edit.passages for _, text in passage.runs) < 20_000


def test_a_new_title_is_part_of_an_edit():
    edit = versions.edit(version("Same.", 1, "Talks fail"), version("Same.", 2, "Talks end"), "en")
    assert ("removed", "fail") in edit.title
    assert ("added", "end") in edit.title
    assert [passage.skipped for passage in edit.passages] in ([0], [1])
