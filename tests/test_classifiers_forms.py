"""Phrases that count only together, and expressions: what they match, what they weigh, how they are written."""

from __future__ import annotations

import pytest

from briefing.classifiers.phrases import Classifier
from briefing.config import load
from briefing.errors import ConfigError
from briefing.forms import Form, form_of, stretches, written
from briefing.model import Topic, TopicId


def labels(phrase: str, text: str, language: str = "en", *, title: str = "", exclude: tuple[str, ...] = ()):
    topic = Topic(id=TopicId("t"), name="T", phrases={language: (phrase,)}, exclude={language: exclude})
    return Classifier([topic]).classify(title, text, language)


@pytest.mark.parametrize(
    ("phrase", "text", "language", "found"),
    [
        ("all: price cap + LNG", "A cap was set. The price caps hold for LNG too.", "en", True),
        ("all: price cap + LNG", "The price cap holds. LNG is dear.", "en", False),
        ("all: ferry + strike*", "Strikes stopped the ferries.", "en", True),
        ("all: 灯台 + 条約", "灯台に関する条約に署名した。", "ja", True),
        ("all: 灯台 + 条約", "灯台を見た。条約に署名した。", "ja", False),
        ("near 3: missile + Northmark", "The missiles fell on old Northmark.", "en", True),
        ("near 3: missile + Northmark", "Northmark was calm when the second of the missiles fell.", "en", False),
        ("near 2: missile + Northmark", "The missile fell.\nNorthmark was calm.", "en", False),
        ("near 4: 灯台 + 条約", "灯台に係る条約", "ja", True),
        ("near 2: 灯台 + 条約", "灯台に係る新条約", "ja", False),
        ("regex: s-[34]00s?", "Two S‑400 stood there.", "en", True),
        ("regex: s-[34]00", "Two S-500 stood there.", "en", False),
        ("regex: 第[0-9]+回会談", "第12回会談", "ja", True),
    ],
)
def test_a_form_is_found_where_its_parts_stand_together(phrase, text, language, found):
    assert bool(labels(phrase, text, language)) is found


def test_the_evidence_of_a_form_is_the_sentence_that_holds_all_of_it():
    text = "It rained. The price cap holds for LNG. LNG is dear."
    (label,) = labels("all: price cap + LNG", text)
    assert label["score"] == 2
    assert [(one["phrase"], text[one["start"] : one["end"]]) for one in label["evidence"]] == [
        ("all: price cap + LNG", "The price cap holds for LNG.")
    ]


def test_a_mask_hides_a_part_and_an_expression_can_be_a_mask():
    assert not labels("all: gas + Northmark", "Gas light in Northmark.", exclude=("gas light",))
    assert not labels("gas", "The gas-42 engine.", exclude=(r"regex: gas-\d+",))
    assert labels("gas", "The gas-x engine.", exclude=(r"regex: gas-\d+",))


def test_a_hostile_expression_takes_time_that_grows_with_the_text_alone():
    assert not labels("regex: (a+)+(b|c)*d", "a" * 200_000)


def test_a_form_is_read_from_what_is_written_of_it():
    for form in (Form("all", ("a b", "2+2")), Form("near", ("a", "b", "c"), 0), Form("regex", ("x: (y + z)",))):
        assert form_of(written(form)) == form
    for plain in ("all is well", "near: a + b", "all 3: a + b", "near misses: two", "regex"):
        assert form_of(plain) is None


def test_stretches_are_the_shortest_from_left_to_right():
    assert list(stretches(2, [(0, 0, 1), (0, 5, 6), (1, 7, 8), (0, 9, 10), (1, 20, 21)])) == [(5, 8), (9, 21)]


CONFIG = """\
site: {{title: Lights, contact: desk@example.org}}
sources: []
topics:
  - id: lights
    name: Lights
    phrases:
      en:
        - lamp
        - {phrase}
"""


def configured(tmp_path, phrase):
    path = tmp_path / "sources.yaml"
    path.write_text(CONFIG.format(phrase=phrase), "utf-8")
    return load(path).topics[0].phrases["en"][1]


@pytest.mark.parametrize(
    ("written_so", "meant"),
    [
        ("{all: [price cap, LNG]}", "all: price cap + LNG"),
        ("{near: [missile*, North mark], within: 4}", "near 4: missile* + North mark"),
        ("{near: [a, b]}", "near 10: a + b"),
        ("{regex: 'S-[34]00'}", "regex: S-[34]00"),
        ("'\"as written\"'", '"as written"'),
    ],
)
def test_forms_are_written_as_keys(tmp_path, written_so, meant):
    assert configured(tmp_path, written_so) == meant


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{regex: 'a(?=b)'}", "no regular expression of RE2"),
        ("{regex: 'a*'}", "found in an empty text"),
        ("{all: [lamp]}", "a list of 2 to 8 phrases"),
        ("{near: [a, b], within: far}", "within must be a whole number from 0 to 200"),
        ("{all: [a, b], within: 2}", "write one of all, near (with within, if you like) and regex"),
        ("{any: [a, b]}", "has the keys any"),
        ("'all: a + b'", "must be written as keys"),
        ("'\"lamp'", "without its other half"),
    ],
)
def test_a_wrong_form_is_told_with_its_line_and_place(tmp_path, wrong, said):
    with pytest.raises(ConfigError) as error:
        configured(tmp_path, wrong)
    assert said in str(error.value)
    assert "sources.yaml:9: topics[0].phrases.en[1]" in str(error.value)
