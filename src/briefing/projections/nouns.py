"""Rows of the read models as the nouns they stand for."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import orjson

from briefing.model import (
    Evidence,
    Gap,
    Health,
    Issued,
    Item,
    ItemId,
    Label,
    Mention,
    Move,
    Published,
    Removal,
    Revision,
    SourceId,
    TopicId,
    Turn,
)
from briefing.projections import schema
from briefing.projections.rows import REMOVED, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import RowMapping

    from briefing.model import ItemState

T = TypeVar("T")
_CHUNK = 500  # bound variables of one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlabelled:
    """A version that waits for its labels; `topics` are those of the labels it has from other `rules`, `place` is where
    its item stands in the order of the log. Versions up to `labelled` had labels before.
    """

    item: str
    source: str
    revision: int
    language: str
    title: str
    text: str
    rules: str
    topics: tuple[str, ...]
    place: int
    url: str
    published: str | None = None
    seen_at: str = ""
    archive: bool = False
    labelled: int = 0


def unlabelled(row: Any, payload: bytes | None, topics: list[str]) -> Unlabelled:
    """A version that waits for its labels."""
    said = orjson.loads(payload) if payload is not None else {"title": "", "text": ""}
    return Unlabelled(
        item=row.id,
        source=row.source,
        revision=row.number,
        language=row.language,
        title=said["title"],
        text=said["text"],
        rules=row.rules,
        topics=tuple(topics),
        place=row.first_position,
        url=row.url,
        published=row.date_value,
        seen_at=row.seen_at,
        archive=row.archive,
        labelled=row.labelled,
    )


def removal(row: RowMapping) -> Removal:
    """What is known of a takedown."""
    return Removal(
        item=ItemId(row["item"]),
        at=datetime.fromisoformat(row["at"]),
        position=row["position"],
        reason=row["reason"],
        legal_basis=row["legal_basis"],
    )


def item(
    row: RowMapping,
    labels: tuple[Label, ...],
    removed: Removal | None = None,
    *,
    suggested: tuple[Label, ...] = (),
    mentions: tuple[Mention, ...] = (),
) -> Item:
    """An item, with its labels; without its words where it was taken down, whatever is held of them."""
    if removed is not None:
        row = cast("RowMapping", {**row, **words(None, row["language"])})
    state: ItemState = "withdrawn" if row["withdrawn"] else "revised" if row["edits"] else "current"
    return Item(
        id=ItemId(row["id"]),
        source=SourceId(row["source"]),
        url=row["url"],
        title=row["title"],
        lead=row["lead"],
        authors=tuple(json.loads(row["authors"])),
        published=_published(row, row["date_raw"]),
        seen_at=datetime.fromisoformat(row["seen_at"]),
        news_at=datetime.fromisoformat(row["news_at"]),
        day=row["day"],
        language=row["language"],
        state=state if removed is None else "removed",
        revisions=row["edits"] + 1,
        changed_at=datetime.fromisoformat(row["changed_at"]),
        position=row["position"],
        fingerprint=row["fingerprint"],
        labels=labels,
        suggested=suggested,
        noted=row["noted"],
        removal=replace(removed, before=state) if removed is not None else None,
        mentions=mentions,
    )


def _published(row: RowMapping, raw: str) -> Published:
    return Published(raw=raw, value=row["date_value"], precision=row["precision"], origin=row["origin"])


def labels(rows: list[RowMapping], texts: Mapping[tuple[str, int], Revision]) -> tuple[Label, ...]:
    """Labels, the strongest first; with evidence where the texts are given."""
    return tuple(
        Label(
            topic=TopicId(row["topic"]),
            score=row["score"],
            level=row["level"],
            revision=row["revision"],
            evidence=_evidence(row, texts),
            earned=row["earned"],
        )
        for row in sorted(rows, key=lambda row: (-row["score"], row["topic"]))
        if not row["topic"].startswith(schema.NAMED)
    )


def mentions(rows: list[RowMapping], texts: Mapping[tuple[str, int], Revision]) -> tuple[Mention, ...]:
    """What an item names, by name; with evidence where the texts are given."""
    return tuple(
        Mention(name=row["topic"].removeprefix(schema.NAMED), evidence=_evidence(row, texts))
        for row in sorted(rows, key=lambda row: str(row["topic"]))
        if row["topic"].startswith(schema.NAMED)
    )


def suggested(
    rows: list[RowMapping], given: list[RowMapping], texts: Mapping[tuple[str, int], Revision]
) -> tuple[Label, ...]:
    """Topics that are only suggested: without those that were given since."""
    known = {row["topic"] for row in given}
    return labels([row for row in rows if row["topic"] not in known], texts) if rows else ()


def _evidence(row: RowMapping, texts: Mapping[tuple[str, int], Revision]) -> tuple[Evidence, ...]:
    text = texts.get((row["item"], row["revision"]))
    if text is None:
        return ()
    found = []
    for piece in json.loads(row["evidence"]):
        said = text.title if piece["place"] == "title" else text.text
        words = tuple(said[start:end] for start, end in piece.get("words", ()))
        sentence = said[piece["start"] : piece["end"]]
        found.append(Evidence(phrase=piece["phrase"], place=piece["place"], sentence=sentence, words=words))
    return tuple(found)


def revision(row: RowMapping, payload: bytes | None) -> Revision:
    """A version; its words are missing where they were erased."""
    said: Mapping[str, Any] = orjson.loads(payload) if payload is not None else {}
    return Revision(
        item=ItemId(row["item"]),
        number=row["number"],
        seen_at=datetime.fromisoformat(row["seen_at"]),
        position=row["position"],
        title=said.get("title", REMOVED),
        text=said.get("text", ""),
        html=said.get("html", ""),
        url=said.get("url", ""),
        authors=tuple(said.get("authors", ())),
        published=_published(row, said.get("date_raw", "")),
        fingerprint=row["fingerprint"],
        noted=said.get("problem", ""),
    )


def health(row: dict[str, Any], poll: Any, drop: tuple[str, ...] = ()) -> Health:
    """How a source does, and when it was and will be asked where a poll is given."""
    return Health(
        source=SourceId(row["id"]),
        state=row["state"],
        url=row["moved"] or json.loads(row["spec"])["url"],
        since=datetime.fromisoformat(row["since"]) if row["since"] else None,
        failure=row["failure"],
        detail=row["detail"],
        status=row["status"],
        items=row["items"],
        newest=row["newest"],
        last_attempt=poll.last_attempt if poll else None,
        last_success=poll.last_success if poll else None,
        next_run=poll.next_run if poll else None,
        drop=drop,
        push=poll.push if poll else "",
        **(_paced(poll) if poll else {}),
    )


def _paced(poll: Any) -> dict[str, Any]:
    pace = poll.pace
    return {
        "interval": poll.interval, "why": pace.why, "seen": pace.seen, "fresh": pace.fresh, "hint": pace.hint,
        "failures": poll.failures, "spoke_at": pace.spoke_at, "patience": pace.patience,
    }  # fmt: skip


def turn(row: RowMapping) -> Turn:
    """A change of a source's state."""
    return Turn(
        source=SourceId(row["source"]),
        at=datetime.fromisoformat(row["at"]),
        position=row["position"],
        state=row["state"],
        before=row["before"],
        since=datetime.fromisoformat(row["since"]) if row["since"] else None,
        failure=row["failure"],
        detail=row["detail"],
        status=row["status"],
        last=datetime.fromisoformat(row["last"]) if row["last"] else None,
    )


def gap(row: RowMapping) -> Gap:
    """A stretch in which something may have been missed."""
    return Gap(
        source=SourceId(row["source"]),
        position=row["gap"],
        at=datetime.fromisoformat(row["at"]),
        since=datetime.fromisoformat(row["since"]),
        until=datetime.fromisoformat(row["until_moment"]),
        newest=ItemId(row["newest"]) if row["newest"] else None,
        state=row["state"],
        how=row["how"],
        reason=row["reason"],
        items=row["found"],
        settled_at=datetime.fromisoformat(row["settled_at"]) if row["settled_at"] else None,
    )


def move(row: Mapping[str, Any]) -> Move | None:
    """The address proposed for a source, None where there is none; a redirect weighs more than what a feed says."""
    url = json.loads(row["spec"])["url"]
    why: Literal["redirect", "self"] = "redirect" if row["moved"] not in ("", url) else "self"
    to, since = (row["moved"], row["moved_at"]) if why == "redirect" else (row["named"], row["named_at"])
    if to in ("", url):
        return None
    moment = datetime.fromisoformat(since) if since else None
    return Move(source=SourceId(row["id"]), url=url, to=to, why=why, since=moment)


def issued(row: RowMapping) -> Issued:
    """A published version of an issue."""
    return Issued(
        briefing=row["briefing"],
        period=row["period"],
        version=row["version"],
        supersedes=row["supersedes"],
        as_of=row["as_of"],
        position=row["position"],
        published_at=datetime.fromisoformat(row["published_at"]),
        items=tuple(json.loads(row["items"])),
        hashes=json.loads(row["hashes"]),
    )


def chunks(wanted: list[T]) -> Iterable[list[T]]:
    """A list in pieces that fit into one statement."""
    for start in range(0, len(wanted), _CHUNK):
        yield wanted[start : start + _CHUNK]
