"""Phrases give topics: matching by language, masks, weights, levels and evidence."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.classifiers import CLASSIFIERS
from briefing.classifiers.phrases import Classifier
from briefing.model import Topic, TopicId
from briefing.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence


def topic(
    name: str = "ferries", *, phrases: Sequence[str] = (), exclude: Sequence[str] = (), language: str = "en"
) -> Topic:
    return Topic(id=TopicId(name), name=name, phrases={language: tuple(phrases)}, exclude={language: tuple(exclude)})


def found(phrase: str, text: str, language: str = "en", exclude: Sequence[str] = ()) -> bool:
    classifier = Classifier([topic(language=language, phrases=[phrase], exclude=exclude)])
    return bool(classifier.classify("", text, language))


# ---------------------------------------------------------------- what a phrase matches


@pytest.mark.parametrize(
    ("phrase", "text", "language"),
    [
        ("ferry treaty", "The FERRY\u00a0Treaty was signed.", "en"),
        ("four-isle plan", "the four‑isle plan", "en"),
        ("isles' council", "The isles’ council met.", "en"),
        ("2+2", "Talks in the ２＋２ format", "en"),
        ("2+2", "Talks (2+2) were held", "en"),
        ("«Bark» boat*", "two “Bark” boats left", "en"),
        ("C++", "written in C++11", "en"),
        ("lighthouse", "pro-lighthouse party", "en"),
        ("паромн* соглашени*", "о Паромном соглашении сторон", "ru"),
        ("паромн* соглашени*", "паромное\nсоглашение", "ru"),
        ("самолёт*", "два самолета", "ru"),
        ("катер* «Бал»", "катеров „Бал“ стало больше", "ru"),
        ("Fährvertrag*", "des FÄHRVERTRAGS", "de"),
        ("Straße*", "STRASSEN am Hafen", "de"),
        ("traité sur les phares", "Le traité sur les phares", "fr"),
        ("faro*", "los faros del norte", "es"),
        ("latarni* morsk*", "o latarniach morskich", "pl"),
        ("поромн* угод*", "поромну угоду підписано", "uk"),
        ("зв* порт*", "зв'язок портів", "uk"),
        ("συνθήκη για τους φάρους", "ΣΥΝΘΗΚΗ ΓΙΑ ΤΟΥΣ ΦΑΡΟΥΣ", "el"),
        ("deniz feneri anlaşma*", "DENİZ FENERİ ANLAŞMASI", "tr"),
        ("kıyı anlaşma*", "KIYI ANLAŞMASI", "tr"),
        ("معاهدة العبارات", "وقّعت معاهدة العبارات أمس", "ar"),
        ("नौका संधि", "नई नौका संधि पर", "hi"),
        ("灯台条約", "新灯台条約の署名", "ja"),
        ("LNG", "新しいＬＮＧ船", "ja"),
        ("G7", "G7首脳", "ja"),
        ("8項目", "８項目の計画", "ja"),
        ("ガス船", "ｶﾞｽ船の入港", "ja"),
        ("sanction*", "新sanctionsの発表", "ja"),
        ("渡轮条约", "签署渡轮条约后", "zh"),
        ("여객선 조약", "새 여객선 조약을 발표", "ko"),
        ("여객선* 조약", "여객선에 조약을 적용", "ko"),
        ("เรือข้ามฟาก", "สนธิสัญญาเรือข้ามฟากใหม่", "th"),
        ("isle*-born", "an isles-born captain", "en"),
        ("ferry treaty", "ferry treaties", "en"),
        ("visit to the isle", "his visits to the isles", "en"),
        ("harbour master's house", "the harbour master’s houses", "en"),
        ("foreign ministers' meeting", "a foreign ministers meeting", "en"),
        ("lamp*-keeper", "the lampkeeper and the lamp-keepers", "en"),
        ("паром", "паромы", "ru"),
        ("паромное соглашение", "о паромных соглашениях", "ru"),
        ("торгово-паромное дело", "торгово-паромного дела", "ru"),
        ("вой* за остров", "войны за острова", "ru"),
        ("accord du phare", "les accords du phare", "fr"),
        ("accord", "l’accord", "fr"),
        ("Leuchtturm", "die Leuchttürme", "de"),
        ("latarnia morska", "latarnie morskie", "pl"),
        ('"MOLE"', "the MOLE council", "en"),
        ('"Ferry Treaty"', "the ferry treaty", "en"),
        ("M*A*S*H", "reruns of M*A*S*H", "en"),
        ("isl* lighthouses-of-old", f"{'fog ' * 99}the islanders lighthouses-of-old", "en"),
    ],
)
def test_a_phrase_is_found(phrase, text, language):
    assert found(phrase, text, language)


@pytest.mark.parametrize(
    ("phrase", "text", "language"),
    [
        ("SCO", "They discovered a scow.", "en"),
        ("2+2", "12+2 and 2+20", "en"),
        ('"ferry treaty"', "ferry treaties", "en"),
        ('"MOLE"', "a mole in the garden", "en"),
        ("official visit", "officials visited the pier", "en"),
        ("isle law", "an islet law", "en"),
        ("police", "the policy", "en"),
        ("import", "an important day", "en"),
        ("LAMP", "lamps", "en"),
        ("виза", "визит", "ru"),
        ("ferry treat*", "the wherry treaty", "en"),
        ("isle* council", "the isles of the council", "en"),
        ("M*A*S*H", "a mash of things", "en"),
        ("*", "anything", "en"),
        ("  ", "anything at all", "en"),
        ('"паром"', "паромы", "ru"),
        ("паром*ный", "паромы", "ru"),
        ("कर", "करी", "hi"),
        ("G7", "機種BG7とG70", "ja"),
        ("LNG", "LNGX型", "ja"),
        ("8項目", "18項目の計画", "ja"),
        ("灯台", "燈臺", "ja"),
    ],
)
def test_a_phrase_is_not_found(phrase, text, language):
    assert not found(phrase, text, language)


def test_only_the_phrases_of_the_items_language_are_sought():
    classifier = Classifier([Topic(id=TopicId("t"), name="T", phrases={"en": ("pier",), "fr": ("jetée",)})])
    assert classifier.classify("The pier", "", "en")
    assert not classifier.classify("The pier", "", "fr")
    assert classifier.classify("La jetée", "", "fr-CA")
    assert classifier.classify("The pier", "", "xx") == ()


def test_an_exclude_hides_what_it_says_and_no_other_form_of_it():
    assert found("Northern Isles", "the Northern Isles", exclude=["Northern Isle"])
    assert not found("Northern Isles", "the Northern Isle", exclude=["Northern Isle"])


def test_what_an_exclude_covers_is_hidden_from_the_phrases_of_its_topic_alone():
    masked = topic("masked", phrases=["harbour", "gas"], exclude=["Pearl Harbour", "gasworks*"])
    open_ = topic("open", phrases=["harbour"])
    labels = Classifier([masked, open_]).classify("", "He saw Pearl Harbour and the gasworks.", "en")
    assert [label["topic"] for label in labels] == ["open"]
    assert Classifier([masked]).classify("", "From Pearl Harbour to our harbour.", "en")


def test_an_exclude_masks_inside_texts_without_spaces():
    assert not found("北浜", "北浜電力の発表", "ja", exclude=["北浜電力"])
    assert found("北浜", "北浜電力と北浜", "ja", exclude=["北浜電力"])


# ---------------------------------------------------------------- scores and levels


def score(title: str, text: str) -> tuple[int, str]:
    (label,) = Classifier([topic(phrases=["ferry treaty"])]).classify(title, text, "en")
    return label["score"], label["level"]


FILLER = "Nothing of note was said about the weather over the islands on that day. " * 9


def test_the_title_weighs_three_the_opening_two_the_body_one():
    assert score("The ferry treaty", "") == (3, "primary")
    assert score("", "The ferry treaty is new.") == (2, "mentioned")
    assert score("", FILLER + "The ferry treaty is new.") == (1, "mentioned")
    assert score("", "The ferry treaty is new. " + FILLER + "The ferry treaty is old.") == (3, "primary")


def test_a_phrase_counts_three_times_at_most_and_its_best_places_first():
    assert score("", FILLER + "The ferry treaty is new. " * 8) == (3, "primary")
    assert score("Ferry treaty", FILLER + "The ferry treaty is new. " * 8) == (5, "primary")


def test_overlapping_phrases_count_once_the_longest():
    phrases = ("ferry", "ferry treaty", "new ferry treaty*", "treaty")
    classifier = Classifier([topic(phrases=phrases)])
    (label,) = classifier.classify("", "A new ferry treaty.", "en")
    assert label["score"] == 2
    assert [piece["phrase"] for piece in label["evidence"]] == ["new ferry treaty*"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (FILLER + "\n2. The ferry treaty\nA long line follows, in which much is said of other things.", "en"),
        (FILLER + "\nThe ferry treaty\nA long line follows, in which much is said of other things.", "en"),
        (FILLER + "\n（２）ferry treaty\nその後、長い説明が続きます。", "ja"),
    ],
)
def test_headings_weigh_like_the_title_and_keep_their_place(text, language):
    (label,) = Classifier([topic(phrases=["ferry treaty"], language=language)]).classify("", text, language)
    assert (label["score"], label["evidence"][0]["place"]) == (3, "body")


@pytest.mark.parametrize(
    "text",
    [
        FILLER + "\nThe ferry treaty is new.\nA long line follows, in which much is said of other things.",
        FILLER + "\nThe ferry treaty\nThe lights",
        FILLER + "\nThe ferry treaty",
        FILLER + "\n12.5 tons under the ferry treaty",
    ],
)
def test_other_short_lines_are_no_headings(text):
    assert score("", text)[0] == 1


def test_labels_come_best_first_and_do_not_depend_on_the_order_of_topics():
    topics = [topic("b", phrases=["lamp"]), topic("a", phrases=["light"]), topic("c", phrases=["lamp oil"])]
    answers = {
        json.dumps(Classifier(order).classify("The light", "A can of lamp oil.", "en"))
        for order in itertools.permutations(topics)
    }
    (answer,) = answers
    assert [label["topic"] for label in json.loads(answer)] == ["a", "b", "c"]


# ---------------------------------------------------------------- evidence


def test_evidence_names_phrase_place_and_the_span_of_the_sentence():
    title, text = "New lamps for the north", "The council met. It spoke of the  Ferry Treaty at length. It rose."
    labels = Classifier([topic(phrases=["lamp*", "ferry treat*"])]).classify(title, text, "en")
    first, second = labels[0]["evidence"]
    assert first == {"phrase": "lamp*", "place": "title", "start": 0, "end": len(title)}
    assert (second["phrase"], second["place"]) == ("ferry treat*", "opening")
    assert text[second["start"] : second["end"]] == "It spoke of the  Ferry Treaty at length."


def test_evidence_is_five_pieces_at_most_one_for_a_phrase_in_a_sentence_best_first():
    text = "\n".join([FILLER, "Pier and pier again.", *(f"Pier number {n} is open." for n in range(9)), "3. Pier"])
    (label,) = Classifier([topic(phrases=["pier"])]).classify("Pier", text, "en")
    sentences = [text[piece["start"] : piece["end"]] for piece in label["evidence"][1:]]
    assert label["evidence"][0]["place"] == "title"
    assert sentences[:2] == ["3. Pier", "Pier and pier again."]
    assert len(label["evidence"]) == len({tuple(piece.values()) for piece in label["evidence"]}) == 5


def test_a_phrase_across_a_line_end_has_both_lines_as_evidence():
    text = "They signed the ferry\ntreaty at noon. Then they ate."
    (label,) = Classifier([topic(phrases=["ferry treaty"])]).classify("", text, "en")
    (piece,) = label["evidence"]
    assert text[piece["start"] : piece["end"]] == "They signed the ferry\ntreaty at noon."


def test_evidence_in_one_endless_line_is_found_and_short():
    text = "Much was said of the weather. " * 20_000 + "A pier opened. " + "Much was said. " * 20_000
    (label,) = Classifier([topic(phrases=["pier"])]).classify("", text, "en")
    (piece,) = label["evidence"]
    assert text[piece["start"] : piece["end"]] == "A pier opened."


def test_a_text_made_of_one_phrase_and_one_endless_word_is_read():
    classifier = Classifier([topic(phrases=["pier*", "pi* lamp*"], exclude=["pier lamp"])])
    (label,) = classifier.classify("", "pier " * 20_000 + "pi" * 50_000, "en")
    assert label["score"] == 6


PHRASES = ["Straße*", "Ёлка", "½ lamp", "ﬁre", "2+2", "pi* lamp*", "㈱", "ガス", "«Bal»"]
FORMS = ["Straßen", "STRASSE", "Ёлка", "елка", "½ lamp", "1/2", "fire", "2+2", "pin  lampn", "(株)", "ｶﾞｽ", "“bal”", "ﷺ"]
GAPS = [". ", "。", "\n", "  ", "\u3000", " ", " ", "! A"]
PARTS = st.sampled_from(FORMS + GAPS)


@given(
    st.lists(PARTS, max_size=14).map("".join), st.lists(PARTS, max_size=30).map("".join), st.sampled_from(["de", "ja"])
)
def test_the_span_of_every_piece_of_evidence_holds_its_phrase(title, text, language):
    for label in Classifier([topic(language=language, phrases=PHRASES)]).classify(title, text, language):
        for piece in label["evidence"]:
            sentence = (title if piece["place"] == "title" else text)[piece["start"] : piece["end"]]
            assert fold(piece["phrase"]).split("*")[0] in fold(sentence)


# ---------------------------------------------------------------- the hash of the rules


def test_the_hash_of_the_rules_changes_with_what_decides_and_with_nothing_else():
    plain = topic(phrases=["pier", "lamp"], exclude=["lamp oil"])
    other = topic("other", phrases=["quay"])
    rules = Classifier([plain, other]).rules
    renamed = Topic(
        id=plain.id, name="N", description="D", phrases={"en": ("lamp", "pier"), "ru": ()}, exclude=plain.exclude
    )
    assert len(rules) == 64
    assert Classifier([other, renamed]).rules == rules
    for changed in (
        [plain],
        [topic(phrases=["pier"], exclude=["lamp oil"]), other],
        [topic(phrases=["pier", "lamp"]), other],
        [topic(phrases=["pier", "lamp"], exclude=["lamp oil"], language="fr"), other],
        [topic("renamed", phrases=["pier", "lamp"], exclude=["lamp oil"]), other],
    ):
        assert Classifier(changed).rules != rules


def test_labels_are_plain_json_and_hold_no_word_of_the_publisher():
    labels = Classifier([topic(phrases=["pier*"])]).classify("Piers of Northmark", "The piers are long.", "en")
    assert json.loads(json.dumps(labels)) == list(labels)
    assert "Northmark" not in json.dumps(labels)


def test_the_registry_offers_phrases():
    assert CLASSIFIERS["phrases"]([topic(phrases=["pier"])]).classify("A pier", "", "en")[0]["topic"] == "ferries"


def test_a_text_that_says_one_thing_without_end_is_labelled_all_the_same():
    # 50,000 occurrences took 80 s and 1.4 GB while the sentence of each was sought.
    [label] = Classifier([topic(phrases=["harbour*"])]).classify("", "The harbour opened. " * 50_000, "en")
    assert (label["level"], label["score"]) == ("primary", 6)
    assert label["evidence"][0]["start"] == 0
