"""Templates of the user's own: the files of the folder `templates` beside sources.yaml that stand in for ours."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from briefing.config.words import hint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "templates"
KNOWN = ("issue.html.jinja", "issue.css", "briefing.typ")
"""The templates of ours that a file of the same name stands in for; names that begin with `_` are own parts."""

LIMIT = 256 * 1024


def files(folder: Path) -> list[Path]:
    """The templates beside a configuration in `folder`, by name; files of editors and of the system left out."""
    place = folder / FOLDER
    if not place.is_dir():
        return []
    return sorted(one for one in place.iterdir() if one.is_file() and one.name[0] != "." and one.name[-1] != "~")


def read(folder: Path) -> dict[str, str]:
    """Their texts by name; those that are at fault left out, for `faults` says so."""
    return {one.name: text for one in files(folder) if _known(one.name) and (text := _text(one)) is not None}


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


def _known(name: str) -> bool:
    return name in KNOWN or name.startswith("_")


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
