"""Countries and institutions that a text names: by which names, where, and what only looks like one."""

from __future__ import annotations

import json

import pytest

from briefing.classifiers.phrases import Classifier
from briefing.config import load
from briefing.errors import ConfigError
from briefing.model import Named

MINISTRY = Named(
    id="mfa-selvane",
    name="Ministry of Foreign Affairs of Selvane",
    aliases={"en": ("Selvane Foreign Ministry", "SMFA"), "ru": ("МИД* Селван*",)},
)


def named(text, language="en", *, title=""):
    _, mentions = Classifier([], [MINISTRY]).read(title, text, language)
    return [mention["name"] for mention in mentions]


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("Japan and the Russian Federation agreed.", "en", ["JP", "RU"]),
        ("The U.S. envoy met Japanese officials.", "en", ["JP", "US"]),
        ("The US envoy left Seoul.", "en", ["KR", "US"]),
        ("Let us meet over turkey and china.", "en", []),
        ("Ships crossed the Sea of Japan.", "en", []),
        ("The Minsk agreements were named.", "en", []),
        ("Talks went on in Ukraine, Belarus and Kazakhstan.", "en", ["BY", "KZ", "UA"]),
        ("日露両国とタイの代表が会った。", "ja", ["JP", "RU", "TH"]),
        ("訪日中の大臣はタイトルを見た。", "ja", []),
        ("日本海の漁業と中国地方の雨。", "ja", []),
        ("米国とインドネシアが協議した。", "ja", ["ID", "US"]),
        ("Стороны обсудили Японию и российско-японские связи.", "ru", ["JP", "RU"]),
        ("Посол США в Китае и индийский коллега.", "ru", ["CN", "IN", "US"]),
        ("Помимо того, куб и дания.", "ru", []),
        ("La Chine et les États-Unis ont négocié.", "fr", ["CN", "US"]),
        ("Die Gespräche mit Japan und der Ukraine.", "de", ["JP", "UA"]),
        ("Die französisch-polnischen Gespräche in Warschau, sagte die türkische Ministerin.", "de", ["FR", "PL", "TR"]),
        ("Das Minsker Abkommen und der Indische Ozean.", "de", []),
        ("Le ministre sud-coréen a rencontré son homologue allemande à Varsovie.", "fr", ["DE", "KR", "PL"]),
        ("El acuerdo de Minsk y el Acuerdo de París.", "es", []),
        ("La ministra brasileña viajó a Seúl con el canciller francés.", "es", ["BR", "FR", "KR"]),
        ("У Токіо міністри Японії та України зустрілися з польською делегацією.", "uk", ["JP", "PL", "UA"]),
        ("Переговори з Польщею, Нідерландами та Сполученими Штатами.", "uk", ["NL", "PL", "US"]),
        ("Мінські угоди та іранський посол.", "uk", ["IR"]),
        ("Того дня малі підприємства не працювали.", "uk", []),
        ("W Kijowie ministrowie Polski i Japonii rozmawiali o Niemczech.", "pl", ["DE", "JP", "PL", "UA"]),
        ("Ambasador Stanów Zjednoczonych w Korei Południowej i czeski premier.", "pl", ["CZ", "KR", "US"]),
        ("W polu rosły chiny i porozumienia mińskie.", "pl", []),
        ("التقى وزير الخارجية الياباني نظيره في روسيا والصين.", "ar", ["CN", "JP", "RU"]),
        ("اتفقت اليابان مع الولايات المتحدة وبريطانيا.", "ar", ["GB", "JP", "US"]),
        ("يونغ وبحر اليابان.", "ar", []),
        ("일본과 프랑스 대표가 베이징에서 만났다.", "ko", ["CN", "FR", "JP"]),
        ("法国总统在新德里谈到巴黎协定。", "zh", ["FR", "IN"]),
        ("The Selvane Foreign Ministry answered; the SMFA did so twice.", "en", ["mfa-selvane"]),
        ("В МИДе Селвана ответили.", "ru", ["mfa-selvane"]),
    ],
)
def test_a_text_names_countries_and_institutions(text, language, names):
    assert named(text, language) == names


def test_the_evidence_is_the_first_sentence_that_names_it_and_no_word_of_the_publisher():
    text = "It rained. Envoys of Japan came. Japan was thanked."
    (mention,) = Classifier([]).read("Rain", text, "en")[1]
    (piece,) = mention["evidence"]
    assert (piece["phrase"], piece["place"]) == ("Japan", "opening")
    assert text[piece["start"] : piece["end"]] == "Envoys of Japan came."
    assert "Envoys" not in json.dumps(mention)


def test_captions_and_notes_on_the_author_name_nothing():
    text = (
        "The ferry left on time and came back at noon.\nPhoto: an office in Japan\nA. Gull is a researcher in Ukraine."
    )
    assert named(text) == []


CONFIG = """\
site: {title: Lights, contact: desk@example.org}
sources: []
institutions:
  - {id: smfa, name: Foreign Ministry of Selvane, aliases: {en: [Selvane Foreign Ministry]}}
digests:
  - {id: about, title: About them, mentions: [%s]}
"""


def test_a_digest_names_countries_and_institutions_of_the_file(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(CONFIG % "JP, smfa", "utf-8")
    settings = load(path)
    assert settings.digests[0].mentions == ("JP", "smfa")
    assert settings.institutions[0].aliases == {"en": ("Selvane Foreign Ministry",)}
    path.write_text(CONFIG % "JP, smfaa", "utf-8")
    with pytest.raises(ConfigError, match="smfaa") as error:
        load(path)
    assert "sources.yaml:6: digests[0].mentions[1]" in str(error.value)
