"""Fonts for tests, made as they are wanted."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

if TYPE_CHECKING:
    from pathlib import Path


def font_of(folder: Path, signs: str) -> tuple[str, str]:
    """A font with these characters, as boxes: its hash and its file."""
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 700), (700, 700), (700, 0)):
        pen.lineTo(point)
    pen.closePath()
    drawn = pen.glyph()
    names = {ord(sign): f"u{ord(sign):04X}" for sign in signs}
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", *dict.fromkeys(names.values())])
    made.setupCharacterMap(names)
    made.setupGlyf(dict.fromkeys([".notdef", *names.values()], drawn))
    made.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (800, 50)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "House Blocks", "styleName": "Regular", "psName": "HouseBlocks"})
    made.setupOS2()
    made.setupPost()
    held = io.BytesIO()
    made.save(held)
    digest = hashlib.sha256(held.getvalue()).hexdigest()
    path = folder / digest / "font.ttf"
    path.parent.mkdir()
    path.write_bytes(held.getvalue())
    return digest, str(path)
