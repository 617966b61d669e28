"""Summaries: publishers' own sentences, whole, three at most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.editions.quotes import OMITTED, first_sentence, prose
from briefing.editions.summaries import most_telling, quotation, summary
from briefing.text import sentences

TITLE = "Fairway of the outer harbour to be dredged"
TEXT = """Fairway of the outer harbour to be dredged
Port Adam, 3 March 2026
The ministry will dredge the fairway of the outer harbour to fourteen metres.
Background
All agreed.
Dredging the fairway lets larger ferries call at the outer harbour in winter.
Ferries that call at the outer harbour carry four hundred lorries a day.
The board thanked its staff for their patience and their good cheer."""


def told(text: str = TEXT, language: str = "en", **how: int) -> list[str]:
    return [sentence for _, sentence in summary(TITLE, text, language, **how)]


def test_the_first_sentence_and_what_is_nearest_to_title_and_middle_are_chosen_in_their_order():
    assert told() == [
        "The ministry will dredge the fairway of the outer harbour to fourteen metres.",
        "Dredging the fairway lets larger ferries call at the outer harbour in winter.",
        "Ferries that call at the outer harbour carry four hundred lorries a day.",
    ]


def test_what_is_left_out_between_two_sentences_is_marked():
    quote = quotation(TITLE, TEXT, "en")
    assert quote.count(OMITTED) == 1
    assert quote.startswith("The ministry will dredge")


def test_a_sentence_that_is_too_long_is_passed_over_not_cut():
    long = "It " + "was said that " * 30 + "so."
    assert long not in told(f"{long}\n{TEXT}")
    assert told(f"{long}\n{TEXT}")
    assert quotation(TITLE, long, "en").endswith("…")  # where there is nothing else, and it says so


def test_japanese_and_russian_texts_have_summaries_too():
    ja = "港湾省は外港の航路を浚渫する。職員に感謝した。浚渫により大型船が外港に入る。"
    ru = "Министерство углубит фарватер внешней гавани. Всем спасибо за терпение. Фарватер нужен паромам гавани."
    assert told(ja, "ja")[0] == "港湾省は外港の航路を浚渫する。"
    assert told(ru, "ru")[0] == "Министерство углубит фарватер внешней гавани."


@given(st.text(max_size=900), st.sampled_from(["en", "ru", "ja", "zh", "th"]))
def test_a_summary_is_made_of_whole_sentences_of_the_text_within_its_limit(text, language):
    known = [one for line in prose("Title", text) for one in sentences(line, language)]
    found = summary("Title", text, language)
    assert all(known[place].endswith(sentence) for place, sentence in found)
    assert len(found) <= 3
    assert [place for place, _ in found] == sorted({place for place, _ in found})
    assert len(quotation("Title", text, language)) <= 300


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_the_most_telling_of_several_texts_says_what_most_of_them_say(order):
    texts = [
        ("Berth closed", "The berth of the outer harbour is closed for dredging until May.", "en"),
        ("Dredging", "Dredging of the outer harbour began; the berth is closed and ferries use another.", "en"),
        ("Choir sings", "The choir of the pilots sang on the quay.", "en"),
    ]
    assert texts[order[most_telling([texts[place] for place in order])]][0] != "Choir sings"


@pytest.mark.parametrize(
    ("language", "announcing", "saying"),
    [
        ("en", "The overview of the talks is as follows.", "The two ministers agreed to open the fairway in May."),
        ("en", "At the quay the minister said this:", "The two ministers agreed to open the fairway in May."),
        ("ru", "По итогам переговоров сообщаем следующее.", "Министры договорились открыть фарватер в мае."),
        ("ja", "会談の概要は以下のとおりです。", "両大臣は五月に航路を開くことで合意した。"),
        ("zh", "会谈的主要内容和结果如下。", "两位部长同意在五月开放外港的航道。"),
        ("ko", "회담의 주요 내용과 결과는 다음과 같습니다.", "두 장관은 오월에 항로를 열기로 합의하였다."),
        ("de", "Die Ergebnisse der Gespräche lauten wie folgt.", "Die Minister öffnen die Fahrrinne im Mai."),
        ("fr", "Le résumé des entretiens est le suivant.", "Les ministres ouvriront le chenal au mois de mai."),
    ],
)
def test_a_sentence_that_only_points_at_what_follows_is_passed_over(language, announcing, saying):
    assert quotation("Talks", f"{announcing}\n{saying}", language) == saying
    assert quotation("Talks", announcing, language) == announcing  # where there is nothing else


def test_the_number_of_a_paragraph_is_not_quoted_but_a_date_is():
    assert told("1. In answer to the storm the ministry dredges the fairway.")[0].startswith("In answer")
    german = "1. Dezember ist der Tag, an dem die Fahrrinne geöffnet wird."
    assert told(german, "de") == [german]


def test_japanese_sentences_that_stood_together_have_no_space_between_them():
    ja = "港湾省は外港の航路を浚渫する。浚渫により大型船が外港に入る。"
    assert quotation(TITLE, ja, "ja") == ja


def test_a_highlight_is_one_sentence_without_the_mark_of_what_is_left_out_behind_it():
    assert first_sentence("The fairway is open. […] Ferries go in.", "en") == "The fairway is open."
