"""How well stories are found: a labelled file, woven as the log is, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from briefing import encoders
from briefing.errors import UsageError
from briefing.stories import METHOD, Telling, Weaver
from briefing.stories.copies import judged
from briefing.stories.scoring import b_cubed
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefing.encoders import Encoder
    from briefing.stories import Rules
    from briefing.stories.meaning import Meanings
    from briefing.stories.scoring import Agreement

_TITLE = 200  # signs: what is longer and has one line is a text without a title
_LEAD = 400
_MOST = 20_000  # texts whose meanings are compared: beyond, words alone find stories in the time there is
_PAGE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A line of a labelled file: a text, and the story it is known to belong to."""

    text: str
    story: str
    language: str = ""
    at: float = 0.0
    vague: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What came of a labelled file, and by which method."""

    agreement: Agreement
    method: str
    stories: tuple[str, ...]


def read(lines: Iterable[str], name: str) -> list[Labelled]:
    """The lines of a labelled file.

    Raises:
        UsageError: a line is not as it should be, or there is none.
    """
    found = [_line(line, f"{name}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise UsageError(
            f'{name} holds no line: each is {{"text": "...", "story": "..."}}, "language" and "published" as known'
        )
    return found


def _line(line: str, where: str) -> Labelled:
    try:
        said: Any = json.loads(line)
        text, story = said["text"], said["story"]
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f'{where}: write {{"text": "...", "story": "..."}} in one line of JSON') from error
    if not isinstance(text, str) or not isinstance(story, str | int):
        raise UsageError(f"{where}: text must be a text, and story a name or a number")
    published = said.get("published") or ""
    try:
        moment = datetime.fromisoformat(published) if published else datetime(1970, 1, 1, tzinfo=UTC)
    except (TypeError, ValueError) as error:
        raise UsageError(f'{where}: "{published}" is no date: write 2026-03-14 or 2026-03-14T09:30:00+09:00') from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    vague = len(str(published)) <= len("2026-03-14")
    language = str(said.get("language") or "")
    return Labelled(text=text, story=str(story), language=language, at=moment.timestamp(), vague=vague)


def evaluate(labelled: Sequence[Labelled], rules: Rules, encoder: Encoder | None) -> Evaluation:
    """Weave the texts in their order, each as told by a source of its own, and compare."""
    if len(labelled) > _MOST:
        encoder = None
    meanings = _meanings(labelled, encoder) if encoder is not None else None
    weaver = Weaver(rules, meanings, lambda one, other: _copies(labelled, int(one), int(other)))
    for number, one in enumerate(labelled):
        weaver.add(_telling(number, one))
    found = tuple(weaver.story_of(str(number)) for number in range(len(labelled)))
    return Evaluation(
        agreement=b_cubed([one.story for one in labelled], found),
        method=f"{METHOD}+{encoder.name}-{encoder.version}" if encoder is not None else METHOD,
        stories=found,
    )


def usual(wanted: bool) -> Encoder | None:  # noqa: FBT001 - the only thing asked
    """The encoder where it is wanted and installed."""
    return encoders.load() if wanted and encoders.installed() else None


def _meanings(labelled: Sequence[Labelled], encoder: Encoder) -> Meanings:
    from briefing.stories.meaning import Meanings  # noqa: PLC0415 - numpy belongs to an extra

    made = Meanings(encoder.dimension)
    for start in range(0, len(labelled), _PAGE):
        page = range(start, min(start + _PAGE, len(labelled)))
        points = encoder.encode([labelled[number].text[: _TITLE + _LEAD] for number in page])
        made.take([str(number) for number in page], [labelled[number].language for number in page], points)
    return made


def _telling(number: int, one: Labelled) -> Telling:
    first, _, rest = one.text.strip().partition("\n")
    title, lead = (first, rest) if rest or len(first) <= _TITLE else ("", first)
    return Telling(
        item=str(number), source=str(number), language=one.language, title=one_line(title),
        lead=one_line(lead)[:_LEAD], at=one.at, vague=one.vague, media=True,
    )  # fmt: skip


def _copies(labelled: Sequence[Labelled], one: int, other: int) -> str:
    here, there = labelled[one], labelled[other]
    return judged(("", here.text), ("", there.text), here.language)
