"""Dates ahead: what a text announces, and what only looks like it."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.cli.commands import cli
from briefing.observe.ahead import LANGUAGES, day_of, find
from briefing.observe.ahead.matching import Said, score
from briefing.observe.ahead.measuring import alike, judged, together
from briefing.observe.ahead.rules import Rules
from briefing.outputs.ahead_words import span
from briefing.text import sentence_spans

SAMPLES = Path(__file__).parent / "data" / "ahead"
PUBLISHED = date(2017, 3, 20)
WORLD = os.environ.get("BRIEFING_PRESS_WORLD", "")


def spans(text: str, language: str, published: date = PUBLISHED) -> list[tuple[str, str]]:
    return [(one.first.isoformat(), one.last.isoformat()) for one in find(text, language, published)]


def documents(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (SAMPLES / name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.jsonl")))
def test_the_labelled_samples_are_found_as_well_as_is_asked(name):
    counts = together(judged(one) for one in documents(name))
    assert set(counts) >= set(LANGUAGES)
    poor = {language: one for language, one in counts.items() if one.precision < 0.8 or one.recall < 0.75}
    assert poor == {}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The Forum will be held on September 6-7 this year.", ("2017-09-06", "2017-09-07")),
        ("en", "He will visit the island in late April.", ("2017-04-21", "2017-04-30")),
        ("en", "The treaty talks will resume in January.", ("", "")),  # ten months on: which January is not said
        ("en", "A second meeting is scheduled for next month.", ("2017-04-01", "2017-04-30")),
        ("en", "The council is to meet on the day after the 15 May session.", ("2017-05-15", "2017-05-15")),
        ("en", "Both will meet again in two weeks.", ("2017-04-03", "2017-04-09")),
        ("en", "The envoy will return in the coming days.", ("2017-03-21", "2017-03-27")),
        ("en", "The treaty must be ratified within a month.", ("2017-03-21", "2017-04-20")),
        ("en", "Talks are to be held in the week of 24 April.", ("2017-04-24", "2017-04-30")),
        ("en", "The crown prince pays a visit in the autumn.", ("2017-09-01", "2017-11-30")),
        ("en", "The council decides on the 24th.", ("2017-03-24", "2017-03-24")),
        ("en", "The bank decides on the 14th.", ("2017-04-14", "2017-04-14")),
        ("en", "It opens on 4 May and closes on the 9th.", ("2017-05-04", "2017-05-04")),
        ("en", "Delegations meet from Monday 3 to Friday 7 April.", ("2017-04-03", "2017-04-07")),
        ("en", "WHEN: Thursday, April 6, 2017, 10 a.m.", ("2017-04-06", "2017-04-06")),
        ("en", "The hall stays open through May 31.", ("2017-05-31", "2017-05-31")),
        ("en", "The embassy will move by Christmas.", ("2017-12-25", "2017-12-25")),
        ("en", "Results are due in Q3.", ("2017-07-01", "2017-09-30")),
        ("en", "Reports must arrive by Friday.", ("2017-03-24", "2017-03-24")),
        ("ja", "4月8日の週に会合を開く。", ("2017-04-03", "2017-04-09")),
        ("ja", "第1回は4月12日(水)に、第2回は19日に開く。", ("2017-04-12", "2017-04-12")),
        ("ja", "申込みは金曜日まで受け付けます。", ("2017-03-24", "2017-03-24")),
        ("ja", "2017年第3四半期に開業する予定。", ("2017-07-01", "2017-09-30")),
        ("ja", "来年度から適用する。", ("2018-04-01", "2019-03-31")),
        ("ja", "面接 5月下旬", ("2017-05-21", "2017-05-31")),
        ("ru", "Сборник поступит в продажу осенью.", ("2017-09-01", "2017-11-30")),
        ("ru", "Отчёт появится ближе к лету.", ("2017-06-01", "2017-08-31")),
        ("ru", "Движение ограничат с понедельника, а запрет вступит в силу с 1 июля.", ("2017-03-27", "2017-03-27")),
        ("ru", "Мост введут во втором полугодии 2017 года.", ("2017-07-01", "2017-12-31")),
        ("ru", "Заседание пройдёт 14-го числа.", ("2017-04-14", "2017-04-14")),
        ("ja", "2週間後に協議を行う予定。", ("2017-04-03", "2017-04-09")),
        ("ja", "近日中に訪問する予定。", ("2017-03-21", "2017-03-27")),
        ("ru", "Через две недели состоится встреча.", ("2017-04-03", "2017-04-09")),
        ("ru", "В ближайшие дни министр посетит порт.", ("2017-03-21", "2017-03-27")),
        ("ja", "対話は令和5年5月19日～21日に開催される。", ("2023-05-19", "2023-05-21")),
        ("ja", "大臣は来月中旬に訪問する予定です。", ("2017-04-11", "2017-04-20")),
        ("ru", "Форум пройдёт 6-7 сентября с.г. в Вельске.", ("2017-09-06", "2017-09-07")),
        ("ru", "Визит ожидается в конце апреля.", ("2017-04-21", "2017-04-30")),
        ("ru", "Встреча состоится в следующем месяце.", ("2017-04-01", "2017-04-30")),
    ],
)
def test_a_date_is_as_exact_as_it_is_said(language, text, expected):
    assert (spans(text, language) or [("", "")])[0] == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The foreign ministries opened negotiations in June and met again in May."),
        ("en", "The ministers met in April, when the forum was held."),
        ("en", "The minister said on Friday that nothing had changed."),
        ("en", "The plan runs until 2035 and follows Vision 2040."),
        ("en", "Tokyo, 25 March 2017"),
        ("en", "The hall was built in ten days, within a month of the fire."),
        ("en", "Tokyo, the 25th"),
        ("en", "Both hope to conclude before the summer recess."),
        ("en", "Since the 14th century the port had grown, and it was sold on the 3rd."),
        ("ja", "前回の会合は水曜日に行われた。"),
        ("ru", "Порт Сейбла закрыли с понедельника, а 14-го числа открыли."),
        ("ja", "洪水の2週間後に橋が再開した。"),
        ("ru", "Мост восстановили за десять дней, а через неделю после паводка открыли."),
        ("ja", "4月に会談が行われた。"),
        ("ja", "作業は、二三日で終わる予定です。"),
        ("ja", "2035年までの計画が策定された。"),
        ("ru", "В апреле министры провели переговоры."),
        ("ru", "Договор действует до 2035 года."),
    ],
)
def test_what_is_over_or_no_date_of_anything_is_not_read_as_ahead(language, text):
    assert spans(text, language) == []


def test_a_date_stands_with_its_sentence_place_and_participants():
    text = "Nothing else.\nMinister Ilse Marten will visit Tokyo on 2 April 2017 for talks. More follows."
    [found] = find(text, "en", PUBLISHED)
    assert text[slice(*found.sentence)] == "Minister Ilse Marten will visit Tokyo on 2 April 2017 for talks."
    assert text[slice(*found.said)] == "2 April 2017"
    assert found.place is not None
    assert text[slice(*found.place)] == "Tokyo"
    assert [text[slice(*who)] for who in found.who] == ["Ilse Marten"]
    assert (found.kind, found.precision, found.cancelled) == ("visit", "day", False)


def test_days_that_are_counted_stay_as_vague_as_they_were_said():
    [found] = find("The envoy will return within two weeks.", "en", date(2016, 12, 25))
    assert (found.precision, found.deadline) == ("within", False)
    assert span(found.first, found.last, found.precision) == "between 26 December 2016 and 8 January 2017"


def test_a_meeting_called_off_says_so_and_one_that_moves_says_from_where():
    [off] = find("The summit planned for 12 April has been cancelled.", "en", PUBLISHED)
    assert off.cancelled
    [moved] = find("The meeting scheduled for 12 April has been postponed to 26 April.", "en", PUBLISHED)
    assert (moved.first, moved.was) == (date(2017, 4, 26), (date(2017, 4, 12), date(2017, 4, 12)))


@pytest.mark.slow
@given(st.text(max_size=400), st.sampled_from([*LANGUAGES, "de"]), st.dates(date(1995, 1, 1), date(2090, 1, 1)))
def test_any_text_gives_only_dates_behind_its_publication_inside_its_sentences(text, language, published):
    for one in find(f"{text} 5 May 2017, 5月, 5 мая", language, published):
        assert one.last > published
        assert one.first <= one.last
        assert one.sentence[0] <= one.said[0] < one.said[1] <= one.sentence[1]


def test_the_day_of_a_publication_is_that_of_its_own_clock():
    assert day_of("2017-03-06T23:31:00-05:00") == date(2017, 3, 6)
    assert day_of("2017-03-06") == date(2017, 3, 6)
    assert day_of("2017-03") is None


def test_statements_are_of_one_meeting_by_dates_and_names_never_against_their_places():
    day = date(2017, 4, 12)
    one = Said(first=day, last=day, kind="talks", keys=frozenset({"w:lind", "c:JP"}))
    vague = Said(first=date(2017, 4, 11), last=date(2017, 4, 20), kind="talks", keys=one.keys)
    assert score(one, one)
    assert score(one, vague)
    assert not score(one, Said(first=day, last=day, kind="talks", keys=frozenset({"c:JP"})))
    here, there = (
        Said(first=day, last=day, kind="talks", keys=one.keys | {where}, where=where) for where in ("p:lima", "p:bonn")
    )
    assert not score(here, there)


# ---------------------------------------------------------------- measuring


def test_two_intervals_are_one_date_where_they_overlap_and_are_about_as_long():
    def between(first: int, last: int) -> tuple[date, date]:
        return date(2017, 4, first), date(2017, 4, last)

    assert alike(between(21, 30), between(24, 30))
    assert alike(between(1, 30), between(30, 30))  # "by the end of"
    assert not alike(between(1, 30), between(12, 12))
    assert not alike(between(1, 3), between(4, 6))


def test_evaluate_measures_any_labelled_file_and_says_which_line_is_wrong(tmp_path):
    line = {"text": "It will be held on 2 May 2017.", "published": "2017-04-01", "events": [{"start": "2017-05-02"}]}
    file = tmp_path / "labelled.jsonl"
    file.write_text(json.dumps(line) + "\n\n" + json.dumps(line | {"events": []}) + "\n", "utf-8")
    told = CliRunner().invoke(cli, ["ahead", "evaluate", "--labelled", str(file), "--json"])
    whole = json.loads(told.output)["languages"]["all"]
    assert (whole["found"], whole["right"], whole["precision"], whole["recall"]) == (2, 1, 0.5, 1.0)
    file.write_text('{"text": "x", "published": "soon", "events": []}\n', "utf-8")
    told = CliRunner().invoke(cli, ["ahead", "evaluate", "--labelled", str(file)])
    assert "line 1" in str(told.exception)
    assert "YYYY-MM-DD" in str(told.exception)


# ---------------------------------------------------------------- the five real documents

# The dates of section 6 of the reference: source, day of publication, interval.
SEEDS = [
    ("2016-08-31", "2016-09-01/2016-09-30"),
    ("2016-08-31", "2016-09-01/2016-11-30"),
    ("2016-11-19", "2016-12-01/2016-12-31"),
    ("2016-11-19", "2016-12-15/2016-12-15"),
    ("2016-11-19", "2016-12-16/2016-12-16"),
    ("2017-03-06", "2017-04-21/2017-04-30"),
    ("2017-03-06", "2017-09-06/2017-09-07"),
    ("2017-03-06", "2017-03-18/2017-03-18"),
    ("2017-03-06", "2017-03-20/2017-03-20"),
    ("2017-03-06", "2017-03-30/2017-03-30"),
    ("2017-03-06", "2017-08-01/2017-08-31"),
    ("2017-03-20", "2017-04-21/2017-04-30"),
    ("2017-03-20", "2018-01-01/2018-12-31"),
    ("2015-06-11", "2015-06-12/2015-12-31"),
]


@pytest.mark.skipif(not WORLD, reason="BRIEFING_PRESS_WORLD names no folder with a press world: no real documents")
def test_the_real_documents_give_the_dates_that_people_found_in_them(tmp_path):
    from briefing.service import Service
    from street_support import Clock  # type: ignore[import-not-found]
    from test_press_world import World  # type: ignore[import-not-found]

    world = World(Path(WORLD), tmp_path)
    found: set[tuple[str, str]] = set()
    try:
        with Service(f"sqlite:///{tmp_path}/briefing.db", tmp_path, world.settings, Clock()) as service:
            for number in sorted(world.expected["rounds"]):
                world.round(number)
                service.collect()
            items = [item for item in service.desk.library.items() if len(item.lead) > 150]
            for item in items:
                first = service.desk.library.revisions(item.id)[0]
                published = (item.published.value or "")[:10]
                dates = find(first.text, item.language, date.fromisoformat(published))
                found |= {(published, f"{one.first}/{one.last}") for one in dates}
    finally:
        world.stop()
    expected = set(SEEDS)
    assert len(found & expected) >= 0.75 * len(expected)
    ours = {one for one in found if one[0] in {day for day, _ in SEEDS}}
    assert len(ours & expected) >= 0.8 * len(ours)


# ---------------------------------------------------------------- where dates are looked for


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_sentence_with_a_date_has_a_clue_and_so_has_all_that_holds_it(language):
    grammar, held = LANGUAGES[language], 0
    for name in ("invented.jsonl", "reports.jsonl"):
        for one in documents(name):
            text, today = str(one["text"]), date.fromisoformat(str(one["published"]))
            for start, end in sentence_spans(text, language):
                if any(span.first != date.min for span in grammar.read(text[start:end], today)):
                    held += 1
                    assert grammar.hinted(text[start:end])
                    assert grammar.hinted(text)
    assert held


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_a_rule_reads_has_a_clue(language, data):
    grammar = LANGUAGES[language]
    pattern = data.draw(st.sampled_from(grammar.patterns()))
    said = data.draw(st.from_regex(pattern))
    if any(span.first != date.min for span in grammar.read(said, PUBLISHED)):
        assert grammar.hinted(said)
        assert grammar.hinted(f"a {said} b\nc")


def test_a_rule_for_which_no_clue_is_given_cannot_be_written():
    rules = Rules(
        lambda _match, today: (today.year, True), lambda _before, _told: False, gates={}, clues={"x": [("x", None)]}
    )
    with pytest.raises(AssertionError, match="no clue"):
        rules.rule("y")
