"""Learnt models as bytes and back: a head that names things (JSON), and numbers of 64 bits, the lowest byte first.

Nothing in them is ever run. The numbers come back to the last bit: what was kept says what was learnt.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from typing import TYPE_CHECKING, Any

import orjson

from briefing.classifiers import panel as panels
from briefing.classifiers.grams import Weights
from briefing.classifiers.logistic import Line
from briefing.classifiers.nearness import Likeness, Meaning
from briefing.classifiers.panel import Learnt, Panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.encoders import Encoder
    from briefing.model import Topic

FORM = 1
"""Of the bytes; to be raised with every change of them."""

_HEAD = 8  # bytes that say how long the head is
_FAST = 1  # of the ways to compress: the others take ten times as long and save a tenth


def packed(panel: Panel) -> bytes:
    """A panel as bytes, its topics and encoder left out: those are the reader's."""
    numbers = array("d", panel.weights.rare)
    near = panel.near_numbers()
    head: dict[str, Any] = {
        "form": FORM,
        "version": panels.VERSION,
        "grams": list(panel.weights.places),
        "near": near.head() if near is not None else None,
        "learnt": {topic: _head(one) for topic, one in panel.learnt.items()},
    }
    for one in panel.learnt.values():
        if one.wording is not None:
            numbers.extend((*one.wording.weights, one.wording.bias))
        if one.meaning is not None:
            numbers.extend((*one.meaning[0].tolist(), one.meaning[1]))
    if near is not None:
        numbers.extend(near.numbers())
    said = orjson.dumps(head)
    return zlib.compress(len(said).to_bytes(_HEAD, "little") + said + _little(numbers).tobytes(), _FAST)


def _head(one: Learnt) -> list[Any]:
    size = len(one.meaning[0]) if one.meaning is not None else -1
    return [one.yes, one.no, one.wording is not None, size, sorted(one.languages)]


def unpacked(body: bytes, topics: Sequence[Topic], encoder: Encoder | None) -> Panel | None:
    """The panel of these bytes; None where they are none of this form."""
    try:
        return _read(zlib.decompress(body), topics, encoder)
    except (ValueError, KeyError, TypeError, zlib.error):
        return None


def _read(body: bytes, topics: Sequence[Topic], encoder: Encoder | None) -> Panel | None:
    end = _HEAD + int.from_bytes(body[:_HEAD], "little")
    head = orjson.loads(body[_HEAD:end])
    other = set(head["learnt"]) != {one.id for one in topics} or (head["near"] is None) != (encoder is None)
    if other or (head["form"], head["version"]) != (FORM, panels.VERSION):
        return None
    numbers = array("d")
    numbers.frombytes(body[end:])
    left = _Numbers(_little(numbers).tolist())
    weights = Weights.of(head["grams"], left.take(len(head["grams"])))
    learnt = {topic: _learnt(one, left, len(weights)) for topic, one in head["learnt"].items()}
    near = Likeness(topics, ()) if encoder is None else Meaning.of(encoder, head["near"], left.take)
    if left.rest():
        raise ValueError("more numbers than the head names")
    return Panel(topics, near, weights, learnt)


def _learnt(head: Sequence[Any], left: _Numbers, size: int) -> Learnt:
    yes, no, worded, points, languages = head
    wording = meaning = None
    if worded:
        wording = Line(left.take(size), left.take(1)[0])
    if points >= 0:
        import numpy as np  # noqa: PLC0415 - belongs to the extra that these were learnt with

        meaning = np.array(left.take(points)), left.take(1)[0]
    return Learnt(yes, no, wording, meaning, frozenset(languages))


class _Numbers:
    """Numbers that are taken from the front."""

    def __init__(self, numbers: list[float]) -> None:
        self._numbers = numbers
        self._at = 0

    def take(self, count: int) -> list[float]:
        taken = self._numbers[self._at : self._at + count]
        if len(taken) < count:
            raise ValueError("fewer numbers than the head names")
        self._at += count
        return taken

    def rest(self) -> int:
        return len(self._numbers) - self._at


def _little(numbers: array[float]) -> array[float]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
