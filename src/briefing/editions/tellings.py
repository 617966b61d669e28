"""What carries the meaning of a sentence, language by language: its dates, numbers, negations and names. Pure."""

# ruff: noqa: E501 - expressions are tables of words, and longer lines show more of one

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefing.text import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterable

_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|"
    r"январ[ьяеё]|феврал[ьяеё]|марта?|апрел[ьяеё]|ма[йяе]|июн[ьяеё]|июл[ьяеё]|август[ае]?|сентябр[ьяеё]|октябр[ьяеё]|"
    r"ноябр[ьяеё]|декабр[ьяеё]|"
    r"січн[яі]|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня|"
    r"jänner|januar|februar|märz|mai|juni|juli|oktober|dezember|"
    r"janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    r"gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|"
    r"janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|"
    r"stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|"
    r"ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık"
)
_WEEKDAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|понедельник\w*|вторник\w*|сред[ауы]|четверг\w*|пятниц\w*|суббот\w*|"
    r"воскресень\w*|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo"
)
_ERA = r"(?:明治|大正|昭和|平成|令和|民国|民國)"
_DIGITS = r"[\d〇一二三四五六七八九十百]"
_DATE = re.compile(
    rf"(?:{_ERA}\s*(?:元|{_DIGITS}+)\s*年(?:度)?|{_DIGITS}{{2,}}\s*[年년](?:度)?)(?:\s*{_DIGITS}+\s*[月월](?:\s*{_DIGITS}+\s*[日일])?)?"
    rf"|{_DIGITS}+\s*[月월]\s*{_DIGITS}+\s*[日일]|(?<![一二三四五六七八九十\w]){_DIGITS}{{1,3}}\s*日(?![本々程間])|[月火水木金土日]曜日?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|-?го|-?е|\.|er|º)?\s+(?:de\s+|of\s+)?(?:{_MONTHS})\b\.?(?:,?\s+(?:de\s+)?\d{{4}}\b)?"
    rf"|\b(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?|\b(?:{_MONTHS})\.?,?\s+(?:de\s+)?\d{{4}}\b"
    rf"|\b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b|\b(?:{_WEEKDAYS})\b"
    rf"|\b(?:1[89]|20)\d{{2}}\b(?:\s+(?:г\.|год[ауе]?\b|году\b))?"
    rf"|\b(?:{_MONTHS.replace('may|', '').replace('mar(?:ch)?', 'march').replace('mars|', '').replace('mart|', '').replace('marca|', '').replace('ma[йяе]|', 'мая|')})\b",
    re.IGNORECASE,
)

_SCALES = (
    r"hundred|thousand|million|billion|trillion|dozen|percent|per cent|"
    r"тысяч\w*|тыс\.?|миллион\w*|млн\.?|миллиард\w*|млрд\.?|триллион\w*|процент\w*|"
    r"tausend|million(?:en)?|milliarden?|prozent|mille|millions?|milliards?|pour cent|mil|millones|mille?|milioni|miliardi|"
    r"milhões|bilhões|por ciento|tysięcy|milion\w*|miliard\w*"
)
_CURRENCY = r"[$€£¥₽₴₩₹]"
_NUMBER = (
    rf"(?:(?:(?<=[\s(（])|^)[-−–+])?{_CURRENCY}?\s?\d+(?:[.,:'’]\d+|[\s\u00a0\u202f]\d{{3}}(?!\d))*"
    rf"(?:\s?(?:{_CURRENCY}|[%‰°％]|[万億兆千百十亿]+|割|분|(?:{_SCALES})\b))*"
)
_KANJI = (
    r"[〇一二三四五六七八九十百千万億兆数]+(?=[隻人名件回箇か個社台機本枚倍割歳番位条項号時分秒円度%％年月日週階校発点票か国ヶカ]|"
    r"[つ]|つの|キロ|メートル|トン|ドル|ユーロ|パーセント)"
)
_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions "
    "billion billions trillion dozen dozens half third quarter twice thrice first second third fourth fifth sixth seventh "
    "eighth ninth tenth both double triple"
)
_RU = (
    "ноль нуля один одна одно одного одной одну одним два две двух двум двумя три трех трем тремя четыре четырех четырем пять "
    "пяти пятью шесть шести семь семи восемь восьми девять девяти десять десяти десятью одиннадцать двенадцать двенадцати "
    "тринадцать четырнадцать пятнадцать пятнадцати шестнадцать семнадцать восемнадцать девятнадцать двадцать двадцати тридцать "
    "тридцати сорок сорока пятьдесят пятидесяти шестьдесят семьдесят восемьдесят девяносто сто ста двести триста четыреста "
    "пятьсот тысяча тысячи тысяч миллион миллиона миллионов миллиард миллиарда миллиардов оба обе половина половину треть "
    "четверть вдвое втрое дважды трижды первый первая первое первого второй вторая второе второго третий третья третье третьего"
)
_OTHER = {
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert tausend",
    "fr": "zéro deux trois quatre cinq sept huit neuf dix onze douze vingt trente cent mille",
    "es": "cero dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cien mil",
    "it": "zero due tre quattro cinque sei sette otto nove dieci undici dodici venti trenta cento mille",
    "pt": "zero dois duas três quatro cinco seis sete oito nove dez onze doze vinte trinta cem mil",
    "uk": "нуль один одна два дві три чотири п'ять шість сім вісім дев'ять десять двадцять сто тисяча тисяч мільйон",
}
_WORDED = {"en": _EN, "ru": _RU, **_OTHER}

_NOT = {
    "en": r"\b(?:not|no|never|nor|neither|none|nobody|nothing|nowhere|without|cannot|hardly|unless|no-one)\b|n['’]t\b",
    "ru": r"\b(?:не|нет|ни|никогда|никто|никого|никому|ничто|ничего|ничем|никак\w*|нигде|никуда|нельзя|невозможно|без|отнюдь)\b",
    "uk": r"\b(?:не|ні|ані|немає|ніколи|ніхто|нікого|нічого|ніде|без|неможливо)\b",
    "ja": r"ありません|ません|でない|でなく|(?<![少危切])な(?:い|かっ|く|けれ)(?![つっ])|無い|無し|なし(?![とに])|ずに|せず|[らわかがさたばまき]ず(?=[、。に]|$)|"
    r"[らわかがさたばま]ぬ(?=[、。])|[不非未無](?=[\u4e00-\u9fff])|まい(?=[。、])",
    "zh": r"不|没有?|未|无|無|非|别|勿|沒",
    "ko": r"않|없|아니|못|안(?=\s)",
    "de": r"\b(?:nicht|nichts|kein\w*|nie|niemals|niemand\w*|weder|ohne|nirgends)\b",
    "fr": r"\b(?:ne|pas|jamais|aucune?|non|sans|ni|rien|personne|nullement)\b|\bn['’]",
    "es": r"\b(?:no|nunca|jamás|ning[uú]n\w*|sin|ni|nada|nadie|tampoco)\b",
    "it": r"\b(?:non|mai|nessun\w*|senza|né|niente|nulla)\b",
    "pt": r"\b(?:não|nunca|jamais|nenhum\w*|sem|nem|nada|ninguém)\b",
    "pl": r"\b(?:nie|nigdy|żad\w+|bez|ani|nikt|nic)\b",
    "nl": r"\b(?:niet|geen|nooit|zonder|niets|niemand)\b",
    "tr": r"\b(?:değil\w*|yok\w*|hayır|asla|hiç\w*)\b",
    "sv": r"\b(?:inte|ingen|inget|inga|aldrig|utan)\b",
    "cs": r"\b(?:ne|není|nikdy|žádn\w+|bez|ani)\b",
    "ar": r"\b(?:لا|لم|لن|ليس\w*|غير|بدون|دون)\b",
    "vi": r"\b(?:không|chưa|chẳng)\b",
}
_NEGATIVE = {
    "en": ("un", "in", "im", "il", "ir", "non", "non-", "dis", "mis"),
    "ru": ("не", "без", "бес", "анти"),
    "uk": ("не", "без"),
    "de": ("un", "miss", "nicht"),
    "fr": ("in", "im", "ir", "non-", "dé"),
    "es": ("in", "im", "des", "no-"),
}

_KATAKANA = r"[ァ-ヴ][ァ-ヴー・]+"
_NAMED_KANJI = (
    r"[一-龯々ヶ]{1,8}?(?:氏|大臣|首相|総理|大統領|長官|外相|防衛相|財務相|国防相|主席|議長|会長|総裁|事務総長|大使|知事|市長|報道官|次官|局長|将軍|"
    r"諸島|半島|列島|[県市国省島港駅州区町村党湾海峡川山])(?![一-龯々])|"
    r"(?<![一-龯々])[一-龯々]{2,4}(?=(?:さん|様|\s?氏)(?![一-龯]))"
)
_CAPITAL = re.compile(r"[^\W\d_](?:[\w'’.-]*\w)?", re.UNICODE)
_UNCAPITALISED = frozenset({"de"})  # whose common nouns have capitals


def dates(sentence: str) -> list[tuple[int, int]]:
    """Where the dates of a sentence stand: days, months, years, eras, days of the week."""
    return [found.span() for found in _DATE.finditer(sentence)]


_NUMBERS: dict[str, re.Pattern[str]] = {}


def numbers(sentence: str, language: str) -> list[tuple[int, int]]:
    """Where the numbers of a sentence stand, with currency, per cent and scale; also those written in words."""
    if language not in _NUMBERS:
        words = "|".join(sorted(_WORDED.get(language, "").split(), key=len, reverse=True))
        _NUMBERS[language] = re.compile(
            rf"{_NUMBER}|{_KANJI if language in UNSPACED else '(?!)'}|\b(?:{words or '(?!)'})\b", re.IGNORECASE
        )
    return [found.span() for found in _NUMBERS[language].finditer(sentence) if found.group().strip()]


def negations(sentence: str, language: str) -> list[str]:
    """The words or parts of words that deny something."""
    return [found.group() for found in re.finditer(_NOT.get(language, _NOT["en"]), sentence, re.IGNORECASE)]


def denied(old: str, new: str, language: str) -> bool:
    """Whether one word denies the other: possible and impossible, допустимо and недопустимо."""
    short, long = sorted((old.casefold(), new.casefold()), key=len)
    return any(long == prefix + short for prefix in _NEGATIVE.get(language, _NEGATIVE["en"])) or long in {
        f"{short}less",
        short.removesuffix("ful") + "less",
    }


def run_names(sentence: str, language: str) -> list[tuple[int, int]]:
    """Names in scripts without capitals: foreign ones in katakana, those that an office or a kind of place follows."""
    if language not in UNSPACED:
        return []
    return [found.span() for found in re.finditer(f"{_KATAKANA}|{_NAMED_KANJI}", sentence)]


def is_name(word: str, language: str, *, first: bool, beside: str, elsewhere: Iterable[str]) -> bool:
    """Whether a word is a name: capitalised, and not only because it begins its sentence.

    `beside` is the word behind it, `elsewhere` are the words of both texts that stand within sentences.
    """
    if not word[:1].isupper():
        return False
    if len(word) > 1 and word.isupper():
        return True
    if language in _UNCAPITALISED:
        return False
    return not first or beside[:1].isupper() or word in elsewhere


def words_of(text: str) -> list[str]:
    """The words of a text, without signs."""
    return _CAPITAL.findall(text)
