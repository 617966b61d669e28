"""Templates of the user's own: the files of the folder `templates` beside sources.yaml that stand in for ours.

Its folder `fonts` holds fonts for the PDF, which go before no font of ours; the log has their hashes alone.
"""

from __future__ import annotations

import hashlib
from difflib import get_close_matches
from typing import TYPE_CHECKING

from briefing.config.words import hint
from briefing.model import FONTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "templates"
KNOWN = ("issue.html.jinja", "issue.css", "briefing.typ")
"""The templates of ours that a file of the same name stands in for; names that begin with `_` are own parts."""

LIMIT = 256 * 1024
FONT_LIMIT = 100 * 1024**2
_FONT_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
_FONT_STARTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf")  # TrueType, OpenType, their collections


def files(folder: Path) -> list[Path]:
    """The templates beside a configuration in `folder`, by name; files of editors and of the system left out."""
    place = folder / FOLDER
    if not place.is_dir():
        return []
    return sorted(one for one in place.iterdir() if one.is_file() and one.name[0] != "." and one.name[-1] != "~")


def read(folder: Path) -> dict[str, str]:
    """Their texts by name; those that are at fault left out, for `faults` says so."""
    own = {one.name: text for one in files(folder) if _known(one.name) and (text := _text(one)) is not None}
    return own | {f"{FONTS}{one.name}": hashlib.sha256(one.read_bytes()).hexdigest() for one in fonts(folder)}


def fonts(folder: Path) -> list[Path]:
    """The fonts beside a configuration in `folder`, by name."""
    place = folder / FOLDER / FONTS
    return sorted(one for one in place.iterdir() if _is_font(one)) if place.is_dir() else []


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with them, a sentence each."""
    held = files(folder)
    for one in held:
        if not _known(one.name):
            meant = get_close_matches(one.name, KNOWN, n=1)
            told = hint(meant[0]) if meant else f"; there are {', '.join(KNOWN)}, and parts of your own begin with _"
            yield f"{FOLDER}/{one.name} stands in for no template of ours{told}"
        elif _text(one) is None:
            yield f"{FOLDER}/{one.name} cannot be read as UTF-8: save it in that encoding"
    if (size := sum(one.stat().st_size for one in held)) > LIMIT:
        yield f"{FOLDER} holds {size:,} bytes, and own templates may have {LIMIT:,} in all, for the log keeps them"
    yield from _font_faults(folder)


def _font_faults(folder: Path) -> Iterator[str]:
    place = folder / FOLDER / FONTS
    held = [one for one in place.iterdir() if one.is_file() and one.name[0] != "."] if place.is_dir() else []
    for one in sorted(held):
        if one.suffix.lower() in (".woff", ".woff2"):
            yield f"{FOLDER}/{FONTS}{one.name} is a font for the web: put it there as .ttf or .otf"
        elif one.suffix.lower() in _FONT_ENDINGS and not _is_font(one):
            yield f"{FOLDER}/{FONTS}{one.name} is no TrueType or OpenType font: replace it, or take it away"
    if (size := sum(one.stat().st_size for one in held)) > FONT_LIMIT:
        yield f"{FOLDER}/{FONTS} holds {size:,} bytes, and own fonts may have {FONT_LIMIT:,} in all"


def _is_font(path: Path) -> bool:
    if path.suffix.lower() not in _FONT_ENDINGS or path.name[0] == ".":
        return False
    try:
        with path.open("rb") as file:
            return file.read(4) in _FONT_STARTS
    except OSError:
        return False


def _known(name: str) -> bool:
    return name in KNOWN or name.startswith("_")


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
