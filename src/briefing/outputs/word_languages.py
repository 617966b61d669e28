"""Languages as Word wants them: its tags with a region, and the fonts of scripts that the styles do not have."""

from __future__ import annotations

from briefing.outputs.wording import right_to_left

_REGIONS = {
    "ar": "SA", "be": "BY", "bg": "BG", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "GB", "es": "ES",
    "et": "EE", "fa": "IR", "fi": "FI", "fr": "FR", "he": "IL", "hi": "IN", "hr": "HR", "hu": "HU", "id": "ID",
    "it": "IT", "ja": "JP", "ka": "GE", "kk": "KZ", "ko": "KR", "lt": "LT", "lv": "LV", "mn": "MN", "nb": "NO",
    "nl": "NL", "no": "NO", "pl": "PL", "pt": "PT", "ro": "RO", "ru": "RU", "sk": "SK", "sl": "SI", "sr": "RS",
    "sv": "SE", "th": "TH", "tr": "TR", "uk": "UA", "ur": "PK", "vi": "VN", "zh": "CN",
}  # fmt: skip
_EAST_ASIAN = frozenset({"ja", "ko", "zh"})
_TRADITIONAL = frozenset({"hant", "hk", "mo", "tw"})
_FONTS = {"ja": ("Yu Mincho", "Yu Gothic"), "ko": ("Batang", "Malgun Gothic"), "zh": ("SimSun", "Microsoft YaHei")}
_FONTS_OF_TRADITIONAL = ("PMingLiU", "Microsoft JhengHei")
# In Word letters of these may be taken for East Asian ones, which are as wide as a character of those.
_CYRILLIC = frozenset({"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"})
_FONTS_OF_CYRILLIC = ("Cambria", "Calibri")


def tags(language: str) -> dict[str, str]:
    """The attributes of `w:lang` (section 17.3.2.20) for words of a language."""
    base, *rest = language.split("-")
    known = base.lower()
    tag = language if rest or known not in _REGIONS else f"{known}-{_REGIONS[known]}"
    if known == "zh" and _TRADITIONAL & {part.lower() for part in rest}:
        tag = "zh-TW"
    if known in _EAST_ASIAN:
        return {"val": tag, "eastAsia": tag}
    return {"val": tag, "bidi": tag} if right_to_left(language) else {"val": tag}


def fonts(language: str, *, serif: bool) -> dict[str, str]:
    """The attributes of `w:rFonts` (section 17.3.2.26) that a language needs beside those of the style, if any."""
    base, *rest = language.lower().split("-")
    if base in _CYRILLIC:
        return {"eastAsia": _FONTS_OF_CYRILLIC[not serif]}
    if base not in _EAST_ASIAN:
        return {}
    pair = _FONTS_OF_TRADITIONAL if base == "zh" and _TRADITIONAL & set(rest) else _FONTS[base]
    return {"eastAsia": pair[not serif], "hint": "eastAsia"}
