"""The fonts of the PDF: ours, which come with the program, and those of a folder of the user's."""

from __future__ import annotations

import re
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
_FILES = re.compile(r"\.(ttf|otf|ttc|otc)", re.IGNORECASE)


class Case(NamedTuple):
    """Fonts as the typesetter holds them, the families beside ours, and all characters that one of them has."""

    fonts: Fonts
    more: tuple[str, ...]
    known: frozenset[int]


def our_folder() -> Path:
    """Where our fonts lie."""
    return Path(str(files("briefing.outputs") / "fonts"))


@cache
def case(folders: tuple[Path, ...] = ()) -> Case:
    """Our fonts and those in these folders; those of the machine are never looked at.

    Raises:
        OutputError: a file of a folder is no font.
    """
    from typst import Fonts  # noqa: PLC0415 - of the extra

    paths: list[str] = [str(our_folder()), *map(str, folders)]
    held = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    found = [(one.family, Path(one.path), one.index) for one in held.fonts() if one.path is not None]
    known = frozenset().union(*(_characters(path, index) for path, index in sorted({found[1:] for found in found})))
    more = sorted({family for family, _, _ in found} - set(OURS))
    return Case(held, tuple(more), known)


def font_files(folder: Path) -> tuple[Path, ...]:
    """The fonts in a folder, by name."""
    return tuple(sorted(path for path in folder.glob("*") if _FILES.fullmatch(path.suffix)))


def _characters(path: Path, index: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - of the extra

    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError) as error:
        raise OutputError(f"{path} is no font that can be read ({error}): replace it, or take it away") from error
