"""An encoder that knows no meaning: character trigrams, hashed into few dimensions. The same everywhere, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.encoders import Vectors

_GRAM = 3


class HashedEncoder:
    """Texts that share pieces of words lie near each other (feature hashing; Weinberger et al., 2009)."""

    name = "hashed"
    version = "1"
    dimension = 256

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            padded = f" {' '.join(text.casefold().split())} "
            for start in range(max(1, len(padded) - _GRAM + 1)):
                code = crc32(padded[start : start + _GRAM].encode())
                row[code % self.dimension] += 1 if code >> 31 else -1
            length = float(np.linalg.norm(row))
            row[:] = row / length if length else 0
            if not length:
                row[0] = 1
        return rows


def make() -> HashedEncoder:
    """The encoder."""
    return HashedEncoder()
