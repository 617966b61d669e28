"""The shipped topics, tried against real documents of a press world from outside, where one is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefing.classifiers.phrases import Classifier
from briefing.config import load
from briefing.observe.language import detect
from briefing.service import Service
from street_support import Clock  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from test_press_world import World  # type: ignore[import-not-found]  # the same

FOLDER = os.environ.get("BRIEFING_PRESS_WORLD", "")
SHIPPED = load(Path(__file__).parent.parent / "sources.yaml").topics

real = pytest.mark.skipif(not FOLDER, reason="BRIEFING_PRESS_WORLD names no folder with a press world")

KISHIDA = ("jp-discuss-japan", "")
MINISTERS = ("jp-mofa-en", "Foreign Ministers")


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """A function from a source and a piece of a title to the topics of that item, with their levels."""
    scratch = tmp_path_factory.mktemp("topics")
    world = World(Path(FOLDER), scratch)
    classifier = Classifier(SHIPPED)
    try:
        with Service(f"sqlite:///{scratch}/briefing.db", scratch, world.settings, Clock()) as service:
            for number in (1, 2, 3, 4):
                world.round(number)
                service.collect()
            items = service.desk.library.items()
            held = service.desk.library.held([item.id for item in items])
    finally:
        world.stop()

    def levels(source: str, title: str) -> dict[str, str]:
        item = next(one for one in items if one.source == source and title in one.title)
        found = classifier.classify(held[item.id].title, held[item.id].text, item.language)
        assert all(label["evidence"] for label in found)
        return {label["topic"]: label["level"] for label in found}

    return levels


@real
@pytest.mark.parametrize(
    ("document", "primary", "others", "absent"),
    [
        (
            KISHIDA,
            {"peace-treaty", "cooperation-plan"},
            {"summit-diplomacy", "far-east", "people-to-people", "inter-parliamentary"},
            {"ukraine-sanctions", "us-alliance", "middle-east", "arctic"},
        ),
        (
            MINISTERS,
            {"summit-diplomacy", "peace-treaty", "joint-economic-activities", "islands-visits"},
            {"security-2plus2", "people-to-people", "middle-east", "ukraine-sanctions"},
            {"cooperation-plan", "energy-sakhalin", "fisheries", "north-korea"},
        ),
    ],
)
def test_two_real_documents_have_the_topics_that_people_gave_them(labelled, document, primary, others, absent):
    levels = labelled(*document)
    assert primary <= {topic for topic, level in levels.items() if level == "primary"}
    assert others <= set(levels)
    assert not absent & set(levels)


@real
@pytest.mark.parametrize(
    ("document", "wanted", "absent"),
    [
        (
            ("jp-mofa-en", "Summit Meeting"),
            {"summit-diplomacy", "cooperation-plan", "peace-treaty", "people-to-people", "inter-parliamentary"},
            {"energy-sakhalin", "fisheries", "islands-visits", "arctic"},
        ),
        (
            ("ru-cis-institute", "Russian-Japanese relations"),
            {
                "peace-treaty",
                "joint-economic-activities",
                "fisheries",
                "far-east",
                "security-2plus2",
                "energy-sakhalin",
            },
            {"middle-east", "ukraine-sanctions", "north-korea"},
        ),
        (
            ("ru-valdai", "Difficult Choices"),
            {"ukraine-sanctions", "peace-treaty", "inter-parliamentary", "people-to-people", "us-alliance"},
            {"fisheries", "cooperation-plan", "islands-visits", "middle-east"},
        ),
    ],
)
def test_three_more_real_documents_miss_nothing(labelled, document, wanted, absent):
    levels = labelled(*document)
    assert wanted <= set(levels)
    assert not absent & set(levels)


# Invented sentences, one a language and topic: each must earn its topic, whatever form its words stand in.
SENTENCES = {
    "peace-treaty": (
        "Both sides want to conclude peace treaties without delay.",
        "両国は平和条約の締結を急ぐ。",
        "Стороны вернулись к заключению мирного договора.",
    ),
    "joint-economic-activities": (
        "A joint economic activity was proposed for the bay.",
        "共同経済活動の候補を挙げた。",
        "Речь шла о совместной хозяйственной деятельности.",
    ),
    "islands-visits": (
        "Grave visits will resume in summer.",
        "墓参を夏に再開する。",
        "Безвизовые обмены возобновятся летом.",
    ),
    "fisheries": (
        "Quotas for salmon were set.",
        "漁業の枠を決めた。",
        "Согласованы квоты на вылов лососёвых.",
    ),
    "summit-diplomacy": (
        "The foreign ministers' meeting lasted an hour.",
        "首脳会談は一時間続いた。",
        "Состоялся телефонный разговор министров.",
    ),
    "inter-parliamentary": (
        "Inter-parliamentary exchange is growing.",
        "議員交流が盛んだ。",
        "Межпарламентские связи растут.",
    ),
    "people-to-people": ("Tourism is recovering.", "文化交流が戻る。", "Туризм восстанавливается."),
    "cooperation-plan": (
        "The eight-point plan was reviewed.",
        "8項目の協力プランを点検した。",
        "Обсудили план из восьми пунктов.",
    ),
    "energy-sakhalin": ("LNG deliveries went on.", "液化天然ガスの供給が続く。", "Поставки СПГ продолжились."),
    "far-east": (
        "Investors look at the Russian Far East.",
        "極東への投資が増える。",
        "Инвестиции на Дальнем Востоке растут.",
    ),
    "arctic": ("Ships took the Northern Sea Route.", "北極海航路を使った。", "Суда шли по Северному морскому пути."),
    "security-2plus2": (
        "A 2+2 meeting is being prepared.",
        "外務・防衛閣僚協議を準備する。",
        "Готовятся консультации «два плюс два».",
    ),
    "arms-control": (
        "Experts discussed arms control.",
        "軍備管理を議論した。",
        "Эксперты обсудили контроль над вооружениями.",
    ),
    "us-alliance": (
        "The Japan-U.S. alliance was named.",
        "日米同盟に触れた。",
        "Упомянут американо-японский союз.",
    ),
    "china": ("Beijing sent an envoy.", "中国が特使を送った。", "Китай направил посланника."),
    "north-korea": ("Pyongyang fired a rocket.", "北朝鮮が発射した。", "Пхеньян произвёл пуск."),
    "ukraine-sanctions": ("New sanctions were imposed.", "制裁を科した。", "Введены новые санкции."),
    "middle-east": ("Syria was on the agenda.", "シリア情勢を話し合った。", "Обсуждался Ближний Восток."),
    "g7-g20-un": ("The Security Council met.", "国連安保理が開かれた。", "Собрался Совет Безопасности ООН."),
}


def test_every_shipped_topic_is_found_in_three_languages():
    classifier = Classifier(SHIPPED)
    assert {str(topic.id) for topic in SHIPPED} == set(SENTENCES)
    missed = [
        (topic, sentence)
        for topic, sentences in SENTENCES.items()
        for language, sentence in zip(("en", "ja", "ru"), sentences, strict=True)
        if topic not in {label["topic"] for label in classifier.classify("", sentence, language)}
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("topic", "sentence"),
    [
        ("middle-east", "Газеты пишут о росте цен на газ."),
        ("people-to-people", "Визит министра отложен."),
        ("ukraine-sanctions", "Суд санкционировал обыск."),
        ("peace-treaty", "He lives in the Northern Territory of Australia."),
        ("arctic", "A base in the Antarctic was closed."),
        ("china", "中国地方は雨が続く。"),
        ("us-alliance", "Разговор шёл про погоду."),
        ("summit-diplomacy", "Officials visited a school."),
        ("people-to-people", "The visionary spoke at length."),
    ],
)
def test_words_that_only_look_alike_earn_no_topic(topic, sentence):
    labels = Classifier(SHIPPED).classify("", sentence, detect("", sentence, None))
    assert topic not in {label["topic"] for label in labels}
