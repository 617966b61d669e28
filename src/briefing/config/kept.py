"""A configuration that was found right once, kept ready: to parse and check it anew takes longer than most commands."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from briefing import __version__
from briefing.config import overrides
from briefing.specs import settings_of, settings_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefing.model import Settings

FORM = 5  # raised when the same file gives other settings, or the settings another JSON
_NAME = "sources.json"


def kept(path: Path, storage: Path, load: Callable[[Path], Settings]) -> Settings:
    """The settings of a file: from `storage` where exactly these bytes were loaded before, else by `load`, and kept.

    A copy that is missing, damaged or of another version is made again; where it cannot be written, none is kept.
    """
    copy = storage / _NAME
    mark = _mark(path)
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
        held = orjson.loads(copy.read_bytes())
        if mark and held["mark"] == mark and held["beside"] == _beside(held["settings"]["beside"]):
            return settings_of(held["settings"])
    settings = load(path)
    if mark and mark == _mark(path):  # not written to while it was read
        beside = _beside(settings.beside)
        _keep(copy, orjson.dumps({"mark": mark, "beside": beside, "settings": settings_spec(settings)}))
    return settings


def _mark(path: Path) -> str:
    """A hash of all that the settings follow from but the files they name; empty where one cannot be read."""
    folder = path.absolute().parent
    try:
        mark = hashlib.sha256(f"{FORM} {__version__} {folder}\n".encode() + path.read_bytes())
        for template in overrides.files(folder):
            mark.update(f"\n{template.name} ".encode() + hashlib.sha256(template.read_bytes()).digest())
        mark.update(" ".join(font.name for font in overrides.fonts(folder)).encode())  # `beside` has their bytes
    except OSError:
        return ""
    return mark.hexdigest()


def _beside(names: Sequence[str]) -> list[str]:
    """Hashes of files that the settings name."""
    return [hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in names]


def _keep(copy: Path, held: bytes) -> None:
    part = copy.with_suffix(f".{os.getpid()}.part")
    with suppress(OSError):
        copy.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600)  # headers may hold secrets
        part.write_bytes(held)
        part.replace(copy)
