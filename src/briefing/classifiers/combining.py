"""Phrases that count only together: all in one sentence, or near each other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from briefing.classifiers.spots import Match
from briefing.forms import form_of, stretches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from briefing.classifiers.reading import Reading
    from briefing.forms import Form

Places = list[tuple[int, int, int]]


def combined(parts: Iterable[Match], reading: Reading) -> Iterator[Match]:
    """What the found parts of forms make together; `parts` are those of one topic that no mask covers."""
    by_phrase: dict[str, list[Match]] = defaultdict(list)
    for part in parts:
        by_phrase[part.pattern.phrase].append(part)
    for phrase, matches in sorted(by_phrase.items()):
        form = form_of(phrase)
        if form is None or len({match.pattern.part for match in matches}) < len(form.parts):
            continue
        places = sorted((match.start, match.end, match.pattern.part) for match in matches)
        for start, end in _together(form, [(part, start, end) for start, end, part in places], reading):
            yield Match(start, end, matches[0].pattern)


def _together(form: Form, places: Places, reading: Reading) -> Iterator[tuple[int, int]]:
    groups: dict[object, Places] = defaultdict(list)
    for part, start, end in places:
        # A form of `near` holds within one line: what a paragraph apart stands near was put there by chance.
        key = reading.sentence_at(start, end) if form.kind == "all" else reading.line_at(start)
        groups[key].append((part, start, end))
    for group in groups.values():
        if form.kind == "all":
            yield from list(stretches(len(form.parts), group))[:1]
        else:
            yield from _near(form, group, reading)


def _near(form: Form, places: Sequence[tuple[int, int, int]], reading: Reading) -> Iterator[tuple[int, int]]:
    """Stretches in which each part stands at most `within` behind the one before."""
    run: Places = []
    for place in places:
        if run and reading.distance(max(end for _, _, end in run), place[1]) > form.within:
            yield from stretches(len(form.parts), run)
            run = []
        run.append(place)
    yield from stretches(len(form.parts), run)
