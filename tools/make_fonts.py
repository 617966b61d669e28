"""Cut the fonts of the PDF to the characters that issues are likely to need: `python tools/make_fonts.py FOLDER`.

FOLDER holds the unpacked wheels `justmytype-western-core`, `justmytype-intl-cjk` and `justmytype-intl-rtl` (0.1.0),
which carry the fonts as their makers published them (SIL Open Font License 1.1). The results, with their licences
beside them, go to `src/briefing/outputs/fonts`. The same input gives the same bytes with the same version of fontTools;
other bytes change the PDF of every issue, and with it the version of the renderers.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FONTS = Path(__file__).parent.parent / "src" / "briefing" / "outputs" / "fonts"

_PUNCTUATION = [*range(0x2000, 0x2070), *range(0x20A0, 0x20D0), *range(0x2100, 0x2150), *range(0x2190, 0x2194), 0x2212]
_LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x2B0, 0x370), *range(0x1E00, 0x1F00), *range(0xFB00, 0xFB07)]
_EUROPE = [*_LATIN, *range(0x370, 0x530), *range(0x1F00, 0x2000), *_PUNCTUATION, *range(0x2150, 0x2190)]
_ARABIC = [
    *range(0x600, 0x700),
    *range(0x750, 0x780),
    *range(0x8A0, 0x900),
    *range(0xFB50, 0xFE00),
    *range(0xFE70, 0xFF00),
]
_HEBREW = [*range(0x590, 0x600), *range(0xFB1D, 0xFB50)]
_WEIGHTS = (400, 700)
_PLANE_2 = 0xF0


class Cut(NamedTuple):
    """A font as it is found, what it is to be called, and what is kept of it."""

    found: str
    name: str
    characters: list[int]
    axes: dict[str, float | tuple[float, float] | None]
    family: str


def _japanese() -> list[int]:
    """JIS X 0213, plane 1, and the rows of vendors (Windows code page 932), Latin, Cyrillic and signs beside them."""
    every = (chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000)
    known = {ord(sign) for sign in every if _row(sign, "cp932") or 0 < _row(sign, "shift_jisx0213") < _PLANE_2}
    wide = (*range(0x2460, 0x2500), *range(0x3000, 0x3100), *range(0x31F0, 0x3200), *range(0x3220, 0x3400))
    return sorted(known.union(_EUROPE, wide, range(0xFF00, 0xFFF0)))


def _row(sign: str, encoding: str) -> int:
    """The first byte of a sign in an encoding, 0 where it has none."""
    try:
        return sign.encode(encoding)[0]
    except UnicodeEncodeError:
        return 0


CUTS = (
    Cut("SourceSerif4[opsz,wght].ttf", "serif", _EUROPE, {"opsz": 11, "wght": _WEIGHTS}, "Briefing Serif"),
    Cut("NotoSans[wdth,wght].ttf", "sans", _EUROPE, {"wdth": 100, "wght": _WEIGHTS}, "Noto Sans"),
    Cut("NotoSansJP[wght].ttf", "japanese", _japanese(), {"wght": _WEIGHTS}, "Noto Sans JP"),
    Cut("NotoSansArabic[wdth,wght].ttf", "arabic", _ARABIC, {"wdth": 100, "wght": _WEIGHTS}, "Noto Sans Arabic"),
    Cut("NotoSansHebrew[wdth,wght].ttf", "hebrew", _HEBREW, {"wdth": 100, "wght": _WEIGHTS}, "Noto Sans Hebrew"),
)


def main(folder: Path) -> None:
    """Make all fonts anew."""
    for cut in CUTS:
        [source] = [path for path in folder.rglob("*.ttf") if path.name == cut.found]
        target = FONTS / f"{cut.name}.ttf"
        made(source, cut).save(target)
        (FONTS / f"{cut.name}-OFL.txt").write_bytes((source.parent / "OFL.txt").read_bytes())
        print(f"{target.name}: {len(TTFont(target).getBestCmap()):,} characters, {target.stat().st_size:,} bytes")


def made(source: Path, cut: Cut) -> TTFont:
    """The font with the characters and weights that are kept, upright and horizontal."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = ["*"] if cut.name in ("arabic", "hebrew") else _FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables = [*options.drop_tables, "vhea", "vmtx", "VORG", "gasp"]
    options.notdef_outline = True
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=cut.characters)
    chosen.subset(font)
    font = instancer.instantiateVariableFont(font, cut.axes)
    _rename(font, cut.family)
    return font


_FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "lnum", "pnum", "palt", "halt", "calt"]


def _rename(font: TTFont, family: str) -> None:
    """One family for all weights; a name of its own where the makers keep theirs for themselves (OFL, condition 3)."""
    table = font["name"]
    for record in list(table.names):
        if record.nameID in (1, 4, 16):
            record.string = family
        elif record.nameID == 17:
            table.names.remove(record)
        elif record.nameID in (3, 6, 25):
            record.string = family.replace(" ", "")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
