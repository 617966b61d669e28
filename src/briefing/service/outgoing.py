"""The outbox's own bookkeeping: who is to get what, decided once, and what became of it, recorded as it is known."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from briefing import events
from briefing.errors import ConcurrentAppend
from briefing.observe.decisions import Fact
from briefing.projections.when import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from briefing.delivery.journal import Journal
    from briefing.delivery.smtp import Answer
    from briefing.events import Event
    from briefing.projections import Mail
    from briefing.service.desk import Desk

STREAM = "mail"
CONFIRMATIONS = "confirmation"
"""What the journal calls requests to confirm: they are in no outbox, for the log says nothing of who asked."""

_AT_ONCE = 1000  # recipients of one event, which has its bounds
_ATTEMPTS = 5  # another process may be deciding
# After the first refusal that is not for good, after the second, and so on; then it is given up (RFC 5321, 4.5.4.1).
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360, 720, 1440, 1440))


class Mailing(NamedTuple):
    """A mailing: its name, and what `events.MailDecided` says of it."""

    name: str
    kind: str
    briefing: str
    period: str
    version: int
    about: str = ""


def decide(desk: Desk, mailing: Mailing, recipients: Iterable[str]) -> int:
    """Record that these get a mailing; who was to get it before is left out. How many are new.

    Raises:
        ConcurrentAppend: other processes would not let the outbox rest.
    """
    wanted = sorted(set(recipients))
    for _ in range(_ATTEMPTS):
        expected = desk.store.last(STREAM)
        desk.projector.catch_up()
        known = desk.outbox.recipients(mailing.name)
        fresh = [recipient for recipient in wanted if recipient not in known]
        facts = [
            Fact(event=_decided(mailing, fresh[start : start + _AT_ONCE]), key=f"mail:{expected}:{start}")
            for start in range(0, len(fresh), _AT_ONCE)
        ]
        try:
            desk.append(STREAM, facts, expected=expected)
        except ConcurrentAppend:
            continue
        desk.projector.catch_up()
        return len(fresh)
    raise ConcurrentAppend("other processes keep changing the outbox: try again")


def _decided(mailing: Mailing, recipients: Sequence[str]) -> events.MailDecided:
    return events.MailDecided(
        mailing=mailing.name, kind=mailing.kind, briefing=mailing.briefing, period=mailing.period,
        version=mailing.version, about=mailing.about, recipients=tuple(recipients),
    )  # fmt: skip


def record(desk: Desk, answers: Sequence[tuple[Mail, Answer]]) -> None:
    """Record what servers answered of mails, all of it in one step."""
    accepted = [mail for mail, answer in answers if answer.accepted]
    facts = together(events.MailAccepted, accepted)
    facts += together(events.MailUnconfirmed, [mail for mail, answer in answers if answer.stage == "lost"])
    tired = [mail for mail, answer in answers if _put_off(answer) and mail.attempts >= len(_WAITS)]
    facts += together(lambda **said: events.MailDropped(**said, reason="gave-up"), tired, "dropped")
    for mail, answer in answers:
        if _put_off(answer) and mail.attempts < len(_WAITS):
            facts.append(_deferred(desk, mail, answer))
        elif not answer.accepted and answer.permanent:
            facts.append(_refused(mail, answer))
    append(desk, facts)


def _put_off(answer: Answer) -> bool:
    return not answer.accepted and answer.stage != "lost" and not answer.permanent


def _deferred(desk: Desk, mail: Mail, answer: Answer) -> Fact:
    until = stamp(desk.clock() + _WAITS[mail.attempts])
    event = events.MailDeferred(
        mailing=mail.mailing, recipient=mail.recipient, attempt=mail.attempts + 1, status=answer.status, until=until
    )
    return Fact(event=event, key=_key("deferred", [mail]))


def _refused(mail: Mail, answer: Answer) -> Fact:
    event = events.MailRefused(
        mailing=mail.mailing, recipient=mail.recipient, status=answer.status, address=of_address(answer)
    )
    return Fact(event=event, key=_key("refused", [mail]))


def of_address(answer: Answer) -> bool:
    """Whether a server refuses the address for good, rather than what is said or who says it (RFC 3463, X.1.X)."""
    if answer.stage != "recipient" or not answer.permanent:
        return False
    _, _, enhanced = answer.status.partition(" ")
    return enhanced.startswith("5.1.") if enhanced else answer.code in (550, 551, 553)


def together(make: Callable[..., Event], mails: Iterable[Mail], word: str = "") -> list[Fact]:
    """One fact for all mails of a mailing that the same is said of.

    Its key holds since when each was as it is: the same news told twice is one fact, and the same news of a mail that
    was sent once more another.
    """
    grouped: dict[str, list[Mail]] = defaultdict(list)
    for mail in mails:
        grouped[mail.mailing].append(mail)
    facts = []
    for mailing, group in grouped.items():
        for start in range(0, len(group), _AT_ONCE):
            part = group[start : start + _AT_ONCE]
            event = make(mailing=mailing, recipients=tuple(mail.recipient for mail in part))
            facts.append(Fact(event=event, key=_key(word or event.NAME, part)))
    return facts


def _key(word: str, mails: Collection[Mail]) -> str:
    said = "\n".join(f"{mail.mailing} {mail.recipient} {mail.position}" for mail in mails)
    return f"mail:{word}:{hashlib.sha256(said.encode()).hexdigest()}"


def append(desk: Desk, facts: Sequence[Fact]) -> None:
    """Append facts about mails."""
    if facts:
        desk.append(STREAM, facts)


def take_over(desk: Desk, journal: Journal) -> int:
    """Record what a process left in the journal that could not record it itself; how many mails are unconfirmed now."""
    said = journal.read()
    if not said:
        return 0
    asked = [one for one, last in said.items() if one[0] == CONFIRMATIONS and last != "refused"]
    desk.mailboxes.told([request for _, request in asked], desk.clock())
    desk.projector.catch_up()
    waiting = {(mail.mailing, mail.recipient): mail for mail in desk.outbox.mails("waiting")}
    told: Mapping[str, list[Mail]] = {
        word: [waiting[which] for which, last in said.items() if last == word and which in waiting]
        for word in ("accepted", "sealed")
    }
    facts = together(events.MailAccepted, told["accepted"])
    append(desk, [*facts, *together(events.MailUnconfirmed, told["sealed"])])
    desk.projector.catch_up()
    journal.clear()
    return len(told["sealed"])
