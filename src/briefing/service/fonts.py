"""Fonts of the house: named in the log by their hashes, kept in the storage, so that what was set with them can be
set again after they were taken out of the configuration.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from briefing.model import FONTS
from briefing.service.private import put_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDER = "fonts"

_KEPT = re.compile(rf"{FOLDER}/[0-9a-f]{{64}}/font\.[A-Za-z]{{3}}")


def keep(storage: Path, templates: Mapping[str, str], beside: Iterable[str]) -> None:
    """Copy the fonts of a configuration into the storage, where they are not there yet.

    Raises:
        OutputError: the file system refuses.
    """
    for name, target in _places(storage, templates):
        if target.exists():
            continue
        for path in map(Path, beside):
            content = path.read_bytes() if path.name == PurePosixPath(name).name else b""
            if hashlib.sha256(content).hexdigest() == target.parent.name:
                target.parent.mkdir(parents=True, exist_ok=True)
                put_private(target, content)


def held(storage: Path, templates: Mapping[str, str]) -> tuple[str, ...]:
    """Where the fonts lie that go with these templates; those that are not there are left out."""
    return tuple(str(path) for _, path in _places(storage, templates) if path.is_file())


def files(storage: Path) -> dict[str, Path]:
    """All fonts that are kept, by their place in the storage."""
    return {path.relative_to(storage).as_posix(): path for path in sorted((storage / FOLDER).glob("*/font.*"))}


def is_kept(name: str) -> bool:
    """Whether this is the place of a font in a storage."""
    return _KEPT.fullmatch(name) is not None


def _places(storage: Path, templates: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Each in a folder of its own: the typesetter is told of folders."""
    for name, digest in sorted(templates.items()):
        if name.startswith(FONTS):
            yield name, storage / FOLDER / digest / f"font{PurePosixPath(name).suffix}"
