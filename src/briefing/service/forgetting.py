"""Forgetting somebody: his address is erased wherever it is kept, and from backups when they come back.

The event comes first; all that follows from it is done by `complete`, which may be killed anywhere.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from briefing import events
from briefing.errors import StoreError, UsageError
from briefing.eventstore import connect, truncate_log_files
from briefing.eventstore.erasures import read_erasures
from briefing.mailbox import mailbox, same
from briefing.projections.mailboxes import Mailbox, kept
from briefing.service import erasures
from briefing.service.recipients import ATTEMPTS, STREAM, as_fact, record, sweep, unrest
from briefing.service.tokens import keeper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from briefing.eventstore.erasures import Erasure
    from briefing.model import Settings
    from briefing.service.desk import Desk

PEOPLE = "recipients.json.z"
"""The file of a backup that holds addresses."""

_PATIENCE = 10.0  # seconds to wait for others to let go of the write-ahead log


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How forgetting went.

    `lists` counts the lists that knew the address, `rows` what was erased of it. `truncated` is False where others
    still read the database's write-ahead log: the next command tries again. `files` are those of the operator's that
    still hold it.
    """

    recipient: str
    lists: int
    rows: int
    truncated: bool
    files: tuple[str, ...] = ()


def forget(desk: Desk, address: str, settings: Settings | None = None) -> Forgotten:
    """Erase an address, whether anything is known of it or not; may be repeated.

    Raises:
        UsageError: it is no address.
        ConcurrentAppend: other processes would not let the lists rest.
    """
    try:
        said = mailbox(address)
    except ValueError as error:
        raise UsageError(str(error)) from error
    recipient = keeper(desk).recipient(said)
    lists = _record(desk, recipient)
    rows = desk.mailboxes.forget([recipient])
    rows += _complete(desk)
    return Forgotten(
        recipient=recipient,
        lists=lists,
        rows=rows,
        truncated=truncate_log_files(desk.engine, _PATIENCE),
        files=tuple(_holding(said, settings)) if settings is not None else (),
    )


def _record(desk: Desk, recipient: str) -> int:
    """Append the event where a list knows the recipient; how many lists do."""
    for _ in range(ATTEMPTS):
        desk.projector.catch_up()
        expected = desk.store.last(STREAM)
        known = [one for one in desk.recipients.of([recipient]) if one.state != "forgotten"]
        facts = [as_fact(events.RecipientForgotten(recipient=recipient))] if known else []
        if record(desk, facts, expected):
            return len(known)
    raise unrest()


def _holding(address: str, settings: Settings) -> Iterator[str]:
    """The operator's own files in which an address still stands: it is for him to take it out there."""
    for file in dict.fromkeys(one.file for one in settings.rosters):
        try:
            text = Path(file).read_text("utf-8-sig", errors="replace")
        except OSError:
            continue
        if address.casefold() in text.casefold() or any(same(address) == same(word) for word in text.split()):
            yield file


# ---------------------------------------------------------------- what follows from the event


def complete(desk: Desk) -> int:
    """Do what is left to do for all who are forgotten, and sweep out what nobody needs; how many rows that took."""
    desk.projector.catch_up()
    gone = _complete(desk)
    if gone:
        truncate_log_files(desk.engine, 0.0)
    return gone


def _complete(desk: Desk) -> int:
    _once_more(desk)
    forgotten = desk.recipients.forgotten()
    _list(desk, forgotten)
    held = [one.recipient for one in desk.mailboxes.of(forgotten).values() if one.at <= forgotten[one.recipient][1]]
    return (desk.mailboxes.forget(held) if held else 0) + sweep(desk)


def _once_more(desk: Desk) -> None:
    """Record again what the list of erasures knows and the log does not: a backup from before came back."""
    said = {one.recipient: one for one in _erasures(desk)}  # the last of each
    again = {
        one.id
        for one in desk.recipients.of(said)
        if one.state != "forgotten" and one.since <= datetime.fromisoformat(said[one.id].at)
    }
    later = {one.id for one in desk.recipients.of(again) if one.since > datetime.fromisoformat(said[one.id].at)}
    for recipient in sorted(again - later):
        _record(desk, recipient)


def _erasures(desk: Desk) -> list[Erasure]:
    file = desk.storage / erasures.NAME
    found = read_erasures(file.read_bytes(), str(file)) if file.exists() else []
    return sorted((one for one in found if one.recipient), key=lambda one: one.at)


def _list(desk: Desk, forgotten: Mapping[str, tuple[int, datetime]]) -> None:
    """Bring the list of erasures up with the log."""
    if not forgotten:
        return
    known = {(one.recipient, datetime.fromisoformat(one.at)) for one in _erasures(desk)}
    lines = [
        erasures.forgotten_line(position, at, recipient)
        for recipient, (position, at) in sorted(forgotten.items(), key=lambda one: one[1])
        if (recipient, at) not in known
    ]
    erasures.add(desk.storage / erasures.NAME, lines)


# ---------------------------------------------------------------- backups


def addresses(database_url: str) -> dict[str, bytes]:
    """The file of a backup with every mailbox; none where there is none."""
    engine = connect(database_url)
    try:
        found = kept(engine)
    finally:
        engine.dispose()
    rows = [[one.recipient, one.address, one.name, one.at.isoformat()] for one in found]
    return {PEOPLE: zlib.compress(orjson.dumps(rows))} if rows else {}


def bring_back(desk: Desk, content: bytes, known: Iterable[Erasure]) -> int:
    """Keep the mailboxes of a backup, but for those that were forgotten since, which is recorded; returns how many.

    Raises:
        StoreError: the file is damaged.
    """
    gone = {one.recipient: datetime.fromisoformat(one.at) for one in known if one.recipient}
    try:
        rows = orjson.loads(zlib.decompress(content)) if content else []
        found = [
            Mailbox(recipient=recipient, address=address, name=name, at=datetime.fromisoformat(at))
            for recipient, address, name, at in rows
        ]
    except (ValueError, TypeError, zlib.error) as error:
        raise StoreError(f"{PEOPLE} in the backup is damaged ({error}): take another copy of it") from error
    back = [one for one in found if one.recipient not in gone or one.at > gone[one.recipient]]
    desk.mailboxes.put(back)
    complete(desk)
    return len(back)
