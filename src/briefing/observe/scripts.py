"""Writing systems: which script a letter belongs to, who writes in it, and the letters that give a language away."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category, name

if TYPE_CHECKING:
    from collections.abc import Iterable

HAN = "Han"
KANA = "Kana"

# Unicode names begin with the script of the letter; these are the ones whose first word is another.
_FIRST_WORDS = {
    "LATIN": "Latin", "FEMININE": "Latin", "MASCULINE": "Latin", "CJK": HAN, "IDEOGRAPHIC": HAN,
    "HIRAGANA": KANA, "KATAKANA": KANA,
    "KATAKANA-HIRAGANA": KANA, "HANGUL": "Hangul", "MODIFIER": "", "COMBINING": "", "VARIATION": "",
}  # fmt: skip

# The languages (ISO 639-1) that write a script other than Latin, the likeliest first.
LANGUAGES: dict[str, tuple[str, ...]] = {
    "Hangul": ("ko",),
    "Cyrillic": (
        "ru", "uk", "bg", "be", "sr", "mk", "kk", "ky", "mn", "tg", "tt", "ba", "cv", "ce", "os", "av", "kv", "uz",
        "az",
    ),
    "Arabic": ("ar", "fa", "ur", "ps", "ku", "ug", "sd"),
    "Hebrew": ("he", "yi"),
    "Devanagari": ("hi", "mr", "ne", "sa"),
    "Bengali": ("bn", "as"),
    "Tibetan": ("bo", "dz"),
    "Ethiopic": ("am", "ti"),
    "Greek": ("el",),
    "Thai": ("th",),
    "Lao": ("lo",),
    "Khmer": ("km",),
    "Myanmar": ("my",),
    "Georgian": ("ka",),
    "Armenian": ("hy",),
    "Gurmukhi": ("pa",),
    "Gujarati": ("gu",),
    "Oriya": ("or",),
    "Tamil": ("ta",),
    "Telugu": ("te",),
    "Kannada": ("kn",),
    "Malayalam": ("ml",),
    "Sinhala": ("si",),
    "Thaana": ("dv",),
}  # fmt: skip

# Per script and language: the letters it writes of those that not every language of the script has. A language that
# is missing here is not judged by its letters.
_RUSSIAN = "ёыэъщий"
_PERSIAN = "پچژگیکأ"
LETTERS: dict[str, dict[str, str]] = {
    "Latin": {
        "en": "é", "nl": "éëïöüè", "de": "äöüß", "fr": "àâæçéèêëîïôœùûüÿ", "it": "àèéìîòóù", "es": "áéíñóúü",
        "pt": "áâãàçéêíóôõúü", "gl": "áéíñóúüï", "ca": "àçèéíïòóúü", "eu": "ñ", "ro": "ăâîșțşţ", "sv": "åäöé",
        "da": "æøåé", "no": "æøåéòóô", "is": "áðéíóúýþæö", "fi": "äöåšž", "et": "äöõüšž", "lv": "āčēģīķļņšūž",
        "lt": "ąčęėįšųūž", "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšž",
        "hr": "čćđšž", "bs": "čćđšž", "sr": "čćđšž", "hu": "áéíóöőúüű", "tr": "çğıöşüâîû", "az": "çəğıöşü",
        "sq": "çë", "mt": "ċġħżà", "id": "é", "ms": "é", "sw": "", "tl": "ñ", "ga": "áéíóú", "eo": "ĉĝĥĵŝŭ",
        "la": "", "ia": "", "ie": "", "io": "", "vo": "äöü", "oc": "àáçèéíòóúï", "fy": "âêôûúé", "af": "êëéôû",
    },
    "Cyrillic": {
        "ru": _RUSSIAN, "uk": "щийіїєґ", "be": "ёыэйіў", "bg": "ъщий", "sr": "ијљњџђћ", "mk": "ијљњџѓќѕ",
        "kk": _RUSSIAN + "іәқғңүұөһ", "ky": _RUSSIAN + "ңүө", "mn": _RUSSIAN + "үө", "tt": _RUSSIAN + "әөүҗңһ",
        "ba": _RUSSIAN + "әөүғҡҙҫңһ", "cv": _RUSSIAN + "ӑӗҫӳ", "ce": _RUSSIAN + "ӏ", "os": _RUSSIAN + "ӕ",
        "kv": _RUSSIAN + "іӧ", "tg": "ёэъийғӣқӯҳҷ", "uz": "ёэъийғқҳў",
    },
    "Arabic": {
        "ar": "ةيكىإأ", "fa": _PERSIAN, "ur": _PERSIAN + "ٹڈڑںےہھ", "ps": _PERSIAN + "ټډړښېۍةي",
        "ku": "پچژگیکۆێڵڕەھ", "ug": "پچژگيكىۇۆۈۋېەھ",
    },
    "Devanagari": {"hi": "\u093c", "mr": "ळ", "ne": ""},
    "Hebrew": {"he": "", "yi": "ײױװ"},
    "Bengali": {"bn": "র", "as": "ৰৱ"},
}  # fmt: skip

# The other way about: what of the letters above each of them never writes.
FOREIGN: dict[str, dict[str, frozenset[str]]] = {
    name: {code: frozenset("".join(languages.values())) - set(own) for code, own in languages.items()}
    for name, languages in LETTERS.items()
}


def _table(codec: str, leads: range, trails: Iterable[int]) -> frozenset[str]:
    pairs = (bytes((lead, trail)).decode(codec, "ignore") for trail in trails for lead in leads)
    return frozenset(sign for sign in pairs if len(sign) == 1 and not sign.isascii())


@lru_cache(maxsize=1)
def everyday_signs() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The Han signs in everyday use in Japan, in China, and in Taiwan and Hong Kong.

    They are the first levels of JIS X 0208, GB 2312 and Big5.
    """
    return (
        _table("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)),
        _table("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
        _table("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]),
    )


@lru_cache(maxsize=8192)
def script(sign: str) -> str:
    """The script of a letter or mark, by its Unicode name; empty for what belongs to none."""
    if category(sign)[0] not in "LM":
        return ""
    first = name(sign, "").split(" ")[0]
    return _FIRST_WORDS.get(first, first.capitalize())
