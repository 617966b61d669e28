"""The fonts of the PDF: ours, which come with the program, and those of a folder of the user's."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from briefing.errors import OutputError

if TYPE_CHECKING:
    from typst import Fonts

SERIF, SANS, JAPANESE, ARABIC, HEBREW = (
    "Briefing Serif",
    "Noto Sans",
    "Noto Sans JP",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
)
OURS = (SERIF, SANS, JAPANESE, ARABIC, HEBREW)


class Case(NamedTuple):
    """Fonts as the typesetter holds them, the families beside ours, all characters that one of them has, and those of
    them that were found not to show in a picture.
    """

    fonts: Fonts
    more: tuple[str, ...]
    known: frozenset[int]
    undrawn: frozenset[int] = frozenset()


def our_folder() -> Path:
    """Where our fonts lie."""
    return Path(str(files("briefing.outputs") / "fonts"))


@cache
def case(own: tuple[str, ...] = ()) -> Case:
    """Our fonts and those in these files, each alone in its folder; those of the machine are never looked at.

    Raises:
        OutputError: a file is no font.
    """
    from typst import Fonts  # noqa: PLC0415 - of the extra

    ours = sorted(our_folder().glob("*.ttf"))
    folders = [str(our_folder()), *(str(Path(path).parent) for path in own)]
    held = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    known = frozenset().union(*map(_characters, [*ours, *map(Path, own)]))
    more = sorted({one.family for one in held.fonts()} - set(OURS))
    return Case(held, tuple(more), known)


def _characters(path: Path) -> frozenset[int]:
    """The characters that every font of a file has."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError  # noqa: PLC0415 - of the extra

    try:
        with path.open("rb") as file:
            several = file.read(4) == b"ttcf"
        with TTCollection(path, lazy=True) if several else TTFont(path, lazy=True) as held:
            maps = [font.getBestCmap() or () for font in (held.fonts if several else [held])]
    except (TTLibError, OSError) as error:
        raise OutputError(f"{path} is no font that can be read ({error}): replace it, or take it away") from error
    return frozenset(maps[0]).intersection(*maps[1:])
