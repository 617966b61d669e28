"""The verb label: somebody says that an item belongs to a topic, or does not. Events like all else."""

from __future__ import annotations

import csv
import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from briefing import events
from briefing.errors import UsageError
from briefing.eventstore import Outcome
from briefing.observe.decisions import Fact
from briefing.service.desk import LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from briefing.service.desk import Desk

YES = frozenset({"yes", "y", "true", "1"})
NO = frozenset({"no", "n", "false", "0"})
_BY = 100  # characters of a name


class Said(NamedTuple):
    """One correction: the whole id of an item, a topic, and whether it belongs there."""

    item: str
    topic: str
    belongs: bool
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A correction as the log has it; `fresh` is False where the same was said before."""

    item: str
    topic: str
    belongs: bool
    by: str
    position: int
    fresh: bool


def label(desk: Desk, said: Sequence[Said]) -> list[Labelled]:
    """Record corrections, all or none; of several about one item and topic the last counts.

    Raises:
        UsageError: an item was taken down, or a topic is not configured.
    """
    desk.projector.catch_up()
    _check(desk, said)
    items = desk.library.items_by_id({one.item for one in said})
    known = {(one.item, one.topic): one for one in desk.library.answers({one.item for one in said})}
    last = {(one.item, one.topic): one for one in said}
    facts: list[tuple[Said, Fact]] = []
    for pair, one in last.items():
        before = known.get(pair)
        if before is not None and before.belongs == one.belongs:
            continue
        item = items[one.item]  # type: ignore[index]  # ids are strings of a kind
        event = events.LabelCorrected(
            item=one.item, source=item.source, topic=one.topic, belongs=one.belongs, revision=_version(desk, one.item),
            by=one.by,
        )  # fmt: skip
        key = f"corrected:{one.item}:{one.topic}:{before.position if before else 0}"
        facts.append((one, Fact(event=event, key=key)))
    answers = desk.append(LABELS, [fact for _, fact in facts]) if facts else []
    desk.projector.catch_up()
    recorded = {(one.item, one.topic): answer for (one, _), answer in zip(facts, answers, strict=True)}
    return [_labelled(one, recorded.get(pair), known.get(pair)) for pair, one in last.items()]


def _labelled(said: Said, answer: Any, before: Any) -> Labelled:
    return Labelled(
        item=said.item,
        topic=said.topic,
        belongs=said.belongs,
        by=said.by if answer is not None else before.by,
        position=answer.position if answer is not None else before.position,
        fresh=answer is not None and answer.outcome is Outcome.APPENDED,
    )


def _version(desk: Desk, item: str) -> int:
    return max(one.number for one in desk.library.revisions(item))


def _check(desk: Desk, said: Iterable[Said]) -> None:
    topics = [topic.id for topic in desk.library.topics()]
    removed = desk.library.takedowns({one.item for one in said})
    for one in said:
        if one.topic not in topics:
            close = difflib.get_close_matches(one.topic, topics, n=1)
            hint = f'; did you mean "{close[0]}"?' if close else f"; there are {', '.join(topics) or 'none'}"
            raise UsageError(f'no topic "{one.topic}" is configured{hint}')
        if one.item in removed:
            raise UsageError(f"{one.item} was taken down: there are no words left to say anything of")


def answer_of(word: str) -> bool:
    """What a word says.

    Raises:
        UsageError: it is neither yes nor no.
    """
    if word.casefold() in YES | NO:
        return word.casefold() in YES
    raise UsageError(f'"{word}" is neither yes nor no')


def name_of(by: str) -> str:
    """A name on one line, of at most 100 characters."""
    return " ".join(by.split())[:_BY]


def read_answers(path: Path, by: str, chosen: Callable[[str], str]) -> list[Said]:
    """The corrections of a file: JSON lines, or CSV with a header; `item`, `topic`, `answer` (yes or no) and `by`.

    `by` stands in where a line names nobody; `chosen` gives the whole id of an item from its beginning.

    Raises:
        UsageError: it cannot be read, or a line says something else; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as UTF-8 text: {error}") from error
    rows = _csv(text) if path.suffix.casefold() == ".csv" else _json_lines(path, text)
    found = []
    for number, row in rows:
        try:
            found.append(_said(row, by, chosen))
        except UsageError as error:
            raise UsageError(f"{path}, line {number}: {error}") from error
    if not found:
        raise UsageError(f"{path} holds no answers: a line names item, topic and answer (yes or no)")
    return found


def _said(row: Any, by: str, chosen: Callable[[str], str]) -> Said:
    if not isinstance(row, dict):
        raise UsageError("this is no object")
    for name in ("item", "topic", "answer"):
        if row.get(name) in (None, ""):
            raise UsageError(f'"{name}" is missing; a line names item, topic and answer (yes or no)')
    belongs = answer_of(str(row["answer"]).strip())
    named = name_of(str(row.get("by") or by))
    return Said(chosen(str(row["item"]).strip()), str(row["topic"]).strip(), belongs, named)


def _csv(text: str) -> list[tuple[int, Any]]:
    reader = csv.DictReader(text.splitlines())
    return [(reader.line_num, row) for row in reader]


def _json_lines(path: Path, text: str) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append((number, json.loads(line)))
            except ValueError as error:
                raise UsageError(f"{path}, line {number}: this is no JSON: {error}") from error
    return found
