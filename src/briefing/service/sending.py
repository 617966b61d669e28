"""The verb send: mails of what is published, one to each recipient, whatever happens meanwhile.

Who gets what is recorded first; a mail is then the server's or it is not, and which is written down before and after
the one moment in which that changes (see `delivery.smtp` and docs/mail.md).
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from briefing import events
from briefing.delivery.journal import Journal
from briefing.delivery.smtp import VARIABLE, server
from briefing.errors import BriefingError, ConfigError, SenderBusy, UsageError
from briefing.projections import Session, lock_key
from briefing.service import errata, recipients
from briefing.service.dispatch import Dispatch
from briefing.service.issuing import newest
from briefing.service.mailing import ErrataMail, IssueMail, issue_mailing, taste
from briefing.service.outgoing import Mailing, append, decide, take_over, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from briefing.delivery.smtp import Envelope, Server
    from briefing.model import Issued, Post, Subscriber
    from briefing.projections import Mail
    from briefing.service.desk import Desk

JOURNAL = "mail.journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """What a run did: `decided` mails are new, `counts` says what became of those it handed over, by accepted,
    deferred, refused, unconfirmed and dropped; `waiting` and `unconfirmed` are how many there are now of what it was
    about. `words` is what the server said of each sort of refusal, `fault` why the run ended early, empty for none.
    """

    mailings: tuple[str, ...]
    decided: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0
    unconfirmed: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A mail as it would go out: to whom, what of the issue, how large in bytes; `state` is `new`, or how the mail that
    he has of this issue stands. `missing` are formats that he wants attached and the issue does not have.
    """

    address: str
    name: str
    subject: str
    topics: tuple[str, ...]
    formats: tuple[str, ...]
    size: int
    state: str
    missing: tuple[str, ...]


def mail_server(post: Post, environ: Mapping[str, str] = os.environ) -> Server:
    """The server to hand mails to: the environment's, else the configured one.

    Raises:
        ConfigError: there is none, or its address is wrong.
    """
    url = environ.get(VARIABLE, "").strip() or post.server
    if not url:
        raise ConfigError([f"there is no mail server: set {VARIABLE}, or mail.server in sources.yaml"])
    return server(url, environ)


def configured(post: Post, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a mail server is named."""
    return bool(environ.get(VARIABLE, "").strip() or post.server)


def published(desk: Desk, briefing: str, period: str | None = None) -> Issued:
    """The issue of a period, by default the last one published, in its newest version.

    Raises:
        UsageError: there is no such briefing, or no such issue yet.
    """
    desk.projector.catch_up()
    known = [one.id for one in desk.library.briefings()]
    if briefing not in known:
        said = ", ".join(known) or "none"
        raise UsageError(f'there is no briefing "{briefing}" in sources.yaml; known: {said}')
    versions = desk.library.issues(briefing)
    found = [one for one in newest(versions) if period in (None, one.period)]
    if not found:
        which = f"issue {period} of {briefing}" if period else f"issue of {briefing}"
        when = f" --week {period}" if period else ""
        raise UsageError(f"there is no {which} yet: `briefing brief --briefing {briefing}{when}` publishes it")
    first = {one.period: one.position for one in sorted(versions, key=lambda one: -one.version)}
    return max(found, key=lambda one: first[one.period])


def chosen(desk: Desk, briefing: str, addresses: Sequence[str]) -> list[Subscriber]:
    """The subscribers of a briefing, or those at these addresses.

    Raises:
        UsageError: one of the addresses gets no mail of it.
    """
    everybody = recipients.subscribers(desk, briefing)
    if not addresses:
        return everybody
    wanted = []
    for address in addresses:
        ids = {one.id for one in recipients.find(desk, address)}
        found = [one for one in everybody if one.id in ids]
        if not found:
            raise UsageError(
                f"{address} gets no mail of {briefing}: `briefing recipients add {address} --briefing {briefing}`"
            )
        wanted += found
    return wanted


def preview(desk: Desk, post: Post, issued: Issued, to: Sequence[str] = ()) -> Iterator[Preview]:
    """The mails of an issue that would go out, without sending any."""
    made, name = IssueMail(desk, post, issued), issue_mailing(issued)
    states = {mail.recipient: mail.state for mail in desk.outbox.mails(mailing=name)}
    for one in sorted(chosen(desk, issued.briefing, to), key=taste):
        yield Preview(
            address=one.address,
            name=one.name,
            subject=made.subject,
            topics=one.topics,
            formats=one.formats,
            size=len(made.copy(one).message),
            state=states.get(one.id, "new"),
            missing=made.missing(taste(one)),
        )


def send_issue(
    desk: Desk,
    post: Post,
    issued: Issued,
    *,
    to: Sequence[str] = (),
    again: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> SendResult:
    """Mail an issue to everybody on its list, or `to` some of them, who was not mailed it before; go on where an
    earlier run stopped. With `again` mails whose arrival is unconfirmed are sent once more.

    Raises:
        ConfigError: there is no server, or no sender.
        SenderBusy: another process is sending.
    """
    place, name = mail_server(post), issue_mailing(issued)
    with turn(desk) as journal:
        wanted = {one.id for one in chosen(desk, issued.briefing, to)}
        mailing = Mailing(name, "issue", issued.briefing, issued.period, issued.version, "")
        decided = decide(desk, mailing, wanted)
        if again:
            release(desk, [mail for mail in desk.outbox.mails("unconfirmed", mailing=name) if mail.recipient in wanted])
        due = [mail for mail in desk.outbox.mails("waiting", mailing=name) if not to or mail.recipient in wanted]
        return _sent(desk, post, place, journal, due, decided=decided, progress=progress, name=name)


def release(desk: Desk, mails: Iterable[Mail]) -> None:
    """Let mails whose arrival is unconfirmed wait once more."""
    append(desk, together(events.MailReleased, mails))
    desk.projector.catch_up()


def hand_over_waiting(
    desk: Desk,
    post: Post,
    place: Server,
    journal: Journal,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> SendResult:
    """Hand over everything that waits and is due."""
    return _sent(desk, post, place, journal, desk.outbox.mails("waiting"), decided=0, progress=progress)


@contextmanager
def turn(desk: Desk) -> Iterator[Journal]:
    """The right to send, which one process has at a time; what the last one left is recorded first.

    Raises:
        SenderBusy: another process is sending.
    """
    with Journal(desk.storage / JOURNAL) as journal:
        if not desk.shared:
            take_over(desk, journal)
            yield journal
            return
        with Session(desk.engine) as session:  # of several machines, each has a journal of its own
            if not session.take(lock_key("mail")):
                raise SenderBusy("another machine is sending mail just now: wait until it is done")
            take_over(desk, journal)
            yield journal


def _sent(
    desk: Desk,
    post: Post,
    place: Server,
    journal: Journal,
    mails: Sequence[Mail],
    *,
    decided: int,
    progress: Callable[[int, int], None],
    name: str = "",
) -> SendResult:
    now = desk.clock()
    due, gone = _still_wanted(desk, [mail for mail in mails if mail.not_before is None or mail.not_before <= now])
    append(desk, together(lambda **said: events.MailDropped(**said, reason="unsubscribed"), gone, "dropped"))
    run = Dispatch(desk, post, place, journal, lambda done: progress(done, len(due)))
    fault = ""
    try:
        if due:
            run.run(_copies(desk, post, due))
    except BriefingError as error:
        fault = str(error)
    desk.projector.catch_up()
    take_over(desk, journal)
    counts = desk.outbox.counts(name)
    return SendResult(
        mailings=tuple(dict.fromkeys(mail.mailing for mail, _ in due)),
        decided=decided,
        counts=run.counts + Counter({"dropped": len(gone)}),
        waiting=counts.get("waiting", 0),
        unconfirmed=counts.get("unconfirmed", 0),
        words=run.words,
        fault=fault,
    )


def _still_wanted(desk: Desk, mails: Sequence[Mail]) -> tuple[list[tuple[Mail, Subscriber]], list[Mail]]:
    """Mails with their readers, in an order in which each copy is like the one before; and those nobody wants now."""
    lists = {
        briefing: {one.id: one for one in recipients.subscribers(desk, briefing)}
        for briefing in {mail.briefing for mail in mails}
    }
    found = [(mail, lists[mail.briefing].get(mail.recipient)) for mail in mails]
    wanted = [(mail, reader) for mail, reader in found if reader is not None]
    wanted.sort(key=lambda pair: (pair[0].mailing, taste(pair[1])))
    return wanted, [mail for mail, reader in found if reader is None]


def _copies(desk: Desk, post: Post, due: Sequence[tuple[Mail, Subscriber]]) -> Iterator[tuple[Mail, Envelope]]:
    made: IssueMail | ErrataMail | None = None
    for mail, reader in due:
        if made is None or made.mailing != mail.mailing:
            made = _composer(desk, post, mail)
        yield mail, made.copy(reader)


def _composer(desk: Desk, post: Post, mail: Mail) -> IssueMail | ErrataMail:
    """What gives the copies of a mailing: of the very version that it was decided on for."""
    issued = next(one for one in desk.library.issues(mail.briefing, mail.period) if one.version == mail.version)
    if mail.kind == "issue":
        return IssueMail(desk, post, issued)
    positions = set(map(int, mail.about.split(",")))
    found = [one for one in desk.library.errata.issued(mail.briefing, period=mail.period) if one.position in positions]
    return ErrataMail(desk, post, mail.mailing, issued, errata.told(desk.library, found))
