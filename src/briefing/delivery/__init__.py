"""DOOR 4: from documents to readers. A new channel is a module and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.delivery import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from briefing.documents import Document

CHANNELS: dict[str, Callable[[Path, Iterable[Document]], list[str]]] = {"files": files.publish}
"""The channels by name: each brings documents to a place and returns the paths that were new there."""

__all__ = ["CHANNELS", "files"]
