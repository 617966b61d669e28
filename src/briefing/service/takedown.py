"""The verb takedown: an item's words are erased, everywhere and for good.

The event comes first; all that follows from it is done by `complete`, which may be killed anywhere and is called by
every command that writes. Each of its steps can be repeated, and what is left to do follows from the log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing import events
from briefing.delivery import files
from briefing.errors import ConcurrentAppend, UsageError
from briefing.eventstore import keeps_pages, truncate_log_files
from briefing.observe.decisions import Fact
from briefing.service import aged, erasures
from briefing.service.aside import sweep
from briefing.service.desk import source_stream
from briefing.service.issuing import newest, reissue
from briefing.service.publishing import publish
from briefing.service.removals import forget, removed_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from briefing.events import Recorded
    from briefing.model import ItemId, Removal
    from briefing.service.desk import Desk
    from briefing.service.issuing import Reissued

_ATTEMPTS = 5  # another process may be collecting the same source
_PATIENCE = 10.0  # seconds that a takedown waits for others to let go of the write-ahead log
_LOG_FILES = "takedowns-truncated"
FILES = "takedowns"
"""The mark of the last takedown after which all files were made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What was left to do of takedowns: payloads erased, files written again, and whether old pages are gone.

    `truncated` is False where others still read the database's write-ahead log: the next command tries again. `scrub`
    says that the database's own files hold the words until they are scrubbed.
    """

    payloads: int = 0
    files: int = 0
    issues: tuple[str, ...] = ()
    truncated: bool = True
    scrub: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakedownResult:
    """A takedown as the log has it; `fresh` says that this call recorded it, `completed` what else it did."""

    item: str
    source: str
    position: int
    at: datetime
    reason: str
    legal_basis: str
    fresh: bool
    completed: Completed


def take_down(desk: Desk, item: ItemId, reason: str, legal_basis: str = "") -> TakedownResult:
    """Record that an item is taken down, where it is not yet, and erase its words everywhere.

    Raises:
        ConcurrentAppend: other processes would not let its source's stream rest.
        UsageError: no reason is given.
    """
    reason, legal_basis = " ".join(reason.split()), " ".join(legal_basis.split())
    if not reason:
        raise UsageError("a takedown needs a reason that readers are shown: give one with --reason")
    fresh = _record(desk, item, reason, legal_basis)
    removal = desk.library.takedowns([item])[item]
    known = desk.library.items_by_id([item])[item]
    return TakedownResult(
        item=item,
        source=known.source,
        position=removal.position,
        at=removal.at,
        reason=removal.reason,
        legal_basis=removal.legal_basis,
        fresh=fresh,
        completed=complete(desk, patience=_PATIENCE),
    )


def _record(desk: Desk, item: ItemId, reason: str, legal_basis: str) -> bool:
    """Append the event. What is collected meanwhile makes it begin again, so that no words are left out."""
    for _ in range(_ATTEMPTS):
        desk.projector.catch_up()
        if desk.library.takedowns([item]):
            return False
        source = desk.library.items_by_id([item])[item].source
        stream = source_stream(source)
        expected = desk.store.last(stream)
        payloads = tuple(dict.fromkeys(_payloads(desk, stream, item)))
        event = events.ItemTakenDown(
            item=item, source=source, payloads=payloads, reason=reason, legal_basis=legal_basis
        )
        try:
            desk.append(stream, [Fact(event=event, key=f"taken-down:{item}")], expected=expected)
        except ConcurrentAppend:
            continue
        desk.projector.catch_up()
        return True
    raise ConcurrentAppend(f"{source}: other processes keep collecting this source; try again, or stop one of them")


def _payloads(desk: Desk, stream: str, item: ItemId) -> Iterator[str]:
    """The commitments of all words ever held of an item, in the order of the log."""
    versions = desk.library.revisions(item)
    after = versions[0].position - 1 if versions else 0
    while page := desk.store.read(after, streams=stream):
        for recorded in page:
            if getattr(recorded.event, "item", None) == item and (mark := getattr(recorded.event, "payload", None)):
                yield mark
        after = page[-1].position


# ---------------------------------------------------------------- what follows from the event


def complete(desk: Desk, *, patience: float = 0.0) -> Completed:
    """Do what is left to do of all takedowns in the log; nothing at all where nothing is.

    `patience` is how many seconds to wait for others who read the database's write-ahead log.
    """
    desk.projector.catch_up()
    takedowns = sorted(desk.library.takedowns().values(), key=lambda removal: removal.position)
    if not takedowns:
        return Completed()
    sweep(desk.storage)  # who held one of those folders during a takedown may have been killed since
    last, mark = takedowns[-1].position, desk.library.published(FILES)
    if not (desk.storage / erasures.NAME).exists():
        _list(desk, takedowns)
    done = Completed()
    if pending := [removal for removal in takedowns if removal.position > mark]:
        done = _complete(desk, pending)
        _remade(desk, last)
    elif last > desk.library.published(aged.REMADE):
        # Since then the program was upgraded: verify compares what a takedown altered with what it makes itself.
        done = _counted(0, 0, _reissue(desk, [removal.item for removal in takedowns]))
        _remade(desk, last)
    return _truncate(desk, last, done, patience)


def _complete(desk: Desk, pending: Sequence[Removal]) -> Completed:
    _list(desk, pending)
    told = [_told(desk, removal) for removal in pending]
    erased = sum(desk.store.erase(recorded.position, event.payloads) for recorded, event in told)
    forget(desk)
    files.publish(desk.public, ())  # removes what a killed process was writing
    written = len(publish(desk).written)
    again = _reissue(desk, [removal.item for removal in pending])
    return _counted(erased, written, again)


def _counted(erased: int, written: int, again: Sequence[Reissued]) -> Completed:
    return Completed(
        payloads=erased,
        files=written + sum(len(one.written) for one in again),
        issues=tuple(one.name for one in again if one.written),
    )


def _remade(desk: Desk, last: int) -> None:
    for mark in (FILES, aged.REMADE):
        desk.library.put_published(last, mark)


def _reissue(desk: Desk, items: Sequence[ItemId]) -> list[Reissued]:
    """Make every version of every issue again that printed or may have named one of these items."""
    published, affected = desk.library.issues(), removed_from(desk.library, items)
    return reissue(desk, [one for one in published if affected(one)], latest=newest(published))


def _list(desk: Desk, takedowns: Sequence[Removal]) -> None:
    lines = [erasures.line(*_told(desk, removal)) for removal in takedowns]
    erasures.add(desk.storage / erasures.NAME, lines)


def _told(desk: Desk, removal: Removal) -> tuple[Recorded, events.ItemTakenDown]:
    [recorded] = desk.store.read(removal.position - 1, 1)
    assert isinstance(recorded.event, events.ItemTakenDown)
    return recorded, recorded.event


def _truncate(desk: Desk, last: int, done: Completed, patience: float) -> Completed:
    if last > desk.library.published(_LOG_FILES):
        if not truncate_log_files(desk.engine, patience):
            return replace(done, truncated=False)
        desk.library.put_published(last, _LOG_FILES)
        return replace(done, scrub=keeps_pages(desk.engine))
    return done


def settled(desk: Desk) -> None:
    """Mark everything as done: after all files were made anew from a log whose words are erased."""
    positions = [removal.position for removal in desk.library.takedowns().values()]
    if positions and set(positions) <= set(desk.store.erasures()):
        _remade(desk, max(positions))
