"""Words that the file may use, and the one that a wrong word was probably meant to be."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_ALIKE = 0.75  # below it, difflib finds words that only share letters

# ISO 639-1.
_LANGUAGES = """aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd
    ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss
    st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"""
LANGUAGES = frozenset(_LANGUAGES.split())

# ISO 3166-1 alpha-2, with Kosovo's customary XK, and EU and UN, which the standard reserves for these bodies.
_ASSIGNED = """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
    MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU
    RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA
    UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW EU UN"""
# The standard keeps these for users: they stand for invented and disputed countries.
_PRIVATE = [f"Q{letter}" for letter in "MNOPQRSTUVWXYZ"] + [f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
COUNTRIES = frozenset([*_ASSIGNED.split(), *_PRIVATE, "AA", "ZZ"])

# What people write for what the standards say, where likeness of letters would mislead.
MEANT = {
    "uk": "GB", "el": "GR", "usa": "US", "jap": "JP", "jpn": "JP", "rus": "RU", "chn": "CN", "kor": "KR", "deu": "DE",
}  # fmt: skip
MEANT_LANGUAGES = {
    "jp": "ja", "jpn": "ja", "eng": "en", "rus": "ru", "ua": "uk", "cn": "zh", "kr": "ko", "gr": "el", "cz": "cs",
    "dk": "da", "se": "sv", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "spa": "es", "zho": "zh", "kor": "ko",
}  # fmt: skip


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like the given one, or None where none is near."""
    spellings = {spelling.casefold(): spelling for spelling in known}
    wanted = word.casefold().strip()
    if len(wanted) > 1:
        begun = [key for key in spellings if key.startswith(wanted)]
        if len(begun) == 1:
            return spellings[begun[0]]
    # Likeness of very long words costs time and tells nothing.
    close = difflib.get_close_matches(wanted[:100], spellings, n=1, cutoff=_ALIKE)
    return spellings[close[0]] if close else None


def hint(word: str | None) -> str:
    """The end of a sentence that proposes a word."""
    return f'; did you mean "{word}"?' if word else ""


def none_of(word: str, known: Iterable[str]) -> str:
    """Say that a word is none of a few known ones, and which was meant."""
    choices = list(known)
    if len(choices) == 1:
        return f'"{word}" cannot stand here: the only choice is {choices[0]}'
    return f'"{word}" is none of {", ".join(choices)}{hint(nearest(word, choices))}'
