"""Why a model speaks for a topic: the sentences that say most for it, and the words in them that do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from briefing.classifiers.reading import OPENING
from briefing.classifiers.texts import Text
from briefing.text import UNSPACED, sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefing.classifiers.panel import Panel, Vote
    from briefing.model import Place

_SENTENCES = 8  # of title and text that are looked at
_SHOWN = 2
_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{3,}")
_SIGNS = 2  # in scripts without spaces words are told by pairs


class _Piece(NamedTuple):
    place: Place
    start: int
    end: int
    text: str


def reasons(panel: Panel, topics: Iterable[str], one: Text) -> dict[str, list[dict[str, Any]]]:
    """The evidence for each of these topics in the shape of `briefing.events.ItemClassified.labels`.

    `phrase` is empty, and `words` are the spans of those that say most, in the title or the text like the sentence's
    own: no publisher's word stands here.
    """
    pieces = list(_pieces(one))
    votes = panel.votes([Text("", piece.text, one.language) for piece in pieces])
    return {topic: _chosen(panel, topic, pieces, votes, one.language) for topic in topics}


def _chosen(
    panel: Panel, topic: str, pieces: list[_Piece], votes: list[dict[str, Vote]], language: str
) -> list[dict[str, Any]]:
    weighed = sorted(zip(map(_weight, (vote[topic] for vote in votes)), range(len(pieces)), strict=True), reverse=True)
    chosen = sorted(at for weight, at in weighed[:_SHOWN] if weight > 0 or at == weighed[0][1])
    return [_evidence(panel, topic, pieces[at], language) for at in chosen]


def _weight(vote: Vote) -> float:
    return vote.learnt() if vote.trust else vote.near


def _pieces(one: Text) -> Iterator[_Piece]:
    if one.title.strip():
        yield _Piece("title", 0, len(one.title), one.title)
    for start, end in sentence_spans(one.text, one.language)[:_SENTENCES]:
        yield _Piece("opening" if start < OPENING else "body", start, end, one.text[start:end])


def _evidence(panel: Panel, topic: str, piece: _Piece, language: str) -> dict[str, Any]:
    weighed = sorted(
        (-panel.telling(topic, Text("", piece.text[start:end], language)), start, end)
        for start, end in _words(piece.text, language)
    )
    words: list[tuple[int, int]] = []
    for weight, start, end in weighed:
        if weight < 0 and len(words) < _WORDS and all(end <= low or start >= high for low, high in words):
            words.append((start, end))
    spans = sorted([piece.start + start, piece.start + end] for start, end in words)
    return {"phrase": "", "place": piece.place, "start": piece.start, "end": piece.end, "words": spans}


def _words(text: str, language: str) -> Iterator[tuple[int, int]]:
    if language in UNSPACED:
        for start in range(len(text) - _SIGNS + 1):
            if text[start : start + _SIGNS].isalpha():
                yield start, start + _SIGNS
        return
    yield from ((found.start(), found.end()) for found in _WORD.finditer(text))
