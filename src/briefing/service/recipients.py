"""Who gets a briefing by mail: lists, changes to them, and the links in each mail.

Changes are events that name people by a keyed hash; addresses are kept beside the log (`projections.mailboxes`). An
address is written before the event that needs it: where a process is killed between the two, it is swept out later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing import events
from briefing.errors import ConcurrentAppend, UsageError
from briefing.mailbox import mailbox, shown
from briefing.model import Wish
from briefing.observe.decisions import Fact
from briefing.projections.mailboxes import Mailbox
from briefing.service.tokens import PREFERENCES, UNSUBSCRIBE, keeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from briefing.model import Listed, Subscriber
    from briefing.projections.mailboxes import Request
    from briefing.service.desk import Desk
    from briefing.service.tokens import Keeper, Pass

STREAM = "recipients"
ON = ("active", "paused")
"""The states of those who are on a list."""

ATTEMPTS = 5
"""How often a decision is made anew because another process changed the lists meanwhile."""

_LEFT = timedelta(hours=1)  # after which an address without an event has nobody who still writes one
_CODES = (re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b"), re.compile(r"\b[45]\d\d\b"))  # RFC 3463 before RFC 5321


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What became of one of them: `added`, `changed`, `unchanged`, or `refused` for a `reason` that people can read."""

    listed: Listed
    recipient: str
    outcome: str
    reason: str = ""


# ---------------------------------------------------------------- who


def subscribers(desk: Desk, briefing: str) -> list[Subscriber]:
    """Those who get a briefing by mail now, by address. Addresses that were lost are left out: see `everybody`."""
    desk.projector.catch_up()
    return [one for one in desk.recipients.on(briefing, ("active",)) if one.address]


def everybody(desk: Desk, briefing: str | None = None, states: Sequence[str] = ()) -> list[Subscriber]:
    """Who is or was on the list of a briefing, or on any, in these states or in all."""
    desk.projector.catch_up()
    return desk.recipients.on(briefing, states)


def find(desk: Desk, address: str) -> list[Subscriber]:
    """All that is known of whoever is reached at an address, list by list; nothing for one that is no address."""
    try:
        said = mailbox(address)
    except ValueError:
        return []
    desk.projector.catch_up()
    return desk.recipients.of([keeper(desk).recipient(said)])


def confirmations(desk: Desk) -> list[Request]:
    """Requests whose mail with a link (`optin.confirm_url`) is still to be sent; `confirmation_sent` ends that.

    What the log says of such a mail must name the request by its `id`, which is chance, never by its `recipient`: else
    anybody could ask for an address and learn from the published log whether it is one of those that are subscribed.
    """
    return desk.mailboxes.untold(desk.clock())


def confirmation_sent(desk: Desk, requests: Iterable[Request]) -> None:
    """Remember that these mails were sent."""
    desk.mailboxes.told([one.id for one in requests], desk.clock())


# ---------------------------------------------------------------- links


def unsubscribe_url(desk: Desk, subscriber: Subscriber) -> str:
    """The address of the page on which somebody leaves a list, and of the one-click POST (RFC 8058): for ever."""
    return links(desk)(subscriber)[0]


def preferences_url(desk: Desk, subscriber: Subscriber) -> str:
    """The address of the page on which somebody says what he wants of a list."""
    return links(desk)(subscriber)[1]


def links(desk: Desk) -> Callable[[Subscriber], tuple[str, str]]:
    """Makes both addresses for one after the other of thousands: the key and the site are looked up once."""
    key, site = keeper(desk), desk.library.site().url

    def made(one: Subscriber) -> tuple[str, str]:
        leave, choose = (key.token(purpose, one.id, one.briefing) for purpose in (UNSUBSCRIBE, PREFERENCES))
        return f"{site}/{UNSUBSCRIBE}/{leave}", f"{site}/{PREFERENCES}/{choose}"

    return made


# ---------------------------------------------------------------- changes


def subscribe(desk: Desk, listed: Sequence[Listed], by: str, *, again: bool = False) -> list[Joined]:
    """Put people on lists, all in one batch of events; who is on it already with the same wishes stays as he is.

    Who left a list himself, or is suppressed or forgotten, is put on it only `again`.

    Raises:
        ConcurrentAppend: other processes would not let the lists rest.
    """
    for _ in range(ATTEMPTS):
        desk.projector.catch_up()
        expected, key = desk.store.last(STREAM), keeper(desk)
        answers, facts = _decided(desk, key, listed, by, again=again)
        _keep(desk, answers)
        if record(desk, facts, expected):
            return answers
    raise unrest()


def _decided(
    desk: Desk, key: Keeper, listed: Sequence[Listed], by: str, *, again: bool
) -> tuple[list[Joined], list[Fact]]:
    ids = [key.recipient(one.address) for one in listed]
    known = _known(desk, ids)
    answers, facts = [], []
    for name, one in zip(ids, listed, strict=True):
        lists = known.setdefault(name, {})
        outcome, reason = _judged(lists, one, by, again=again)
        answers.append(Joined(listed=one, recipient=name, outcome=outcome, reason=reason))
        if outcome in ("added", "changed"):
            facts.append(as_fact(_event(name, one, by, outcome)))
            lists[one.briefing] = None  # the same once more in this batch is no news
    return answers, facts


def judged(desk: Desk, listed: Sequence[Listed], by: str) -> list[Joined]:
    """What would become of people who are put on lists now; nothing changes."""
    desk.projector.catch_up()
    return _decided(desk, keeper(desk), listed, by, again=False)[0]


def _known(desk: Desk, ids: Iterable[str]) -> dict[str, dict[str, Subscriber | None]]:
    known: dict[str, dict[str, Subscriber | None]] = {}
    for one in desk.recipients.of(ids):
        known.setdefault(one.id, {})[one.briefing] = one
    return known


def _judged(lists: dict[str, Subscriber | None], one: Listed, by: str, *, again: bool) -> tuple[str, str]:
    """What is to be done about somebody, and why nothing is."""
    if one.briefing in lists and lists[one.briefing] is None:
        return "unchanged", ""
    if not again and (reason := _against(lists, one.briefing)):
        return "refused", reason
    there = lists.get(one.briefing)
    if there is None or there.state not in ON:
        return "added", ""
    if by == "file" and there.by == "self":  # what somebody chose himself, no file takes back
        return "unchanged", ""
    return ("unchanged" if _wish(there) == one.wish else "changed"), ""


def _against(lists: dict[str, Subscriber | None], briefing: str) -> str:
    """Why somebody is not put on a list unasked; empty where nothing speaks against it."""
    for there in lists.values():
        if there is None:
            continue
        day = f"{there.since:%Y-%m-%d}"
        if there.state == "suppressed":
            return f"nothing is mailed there since {day} ({there.by})"
        if there.state == "forgotten":
            return f"the address was forgotten on {day}"
        if there.briefing == briefing and there.state == "unsubscribed" and there.by != "file":
            who = "by himself" if there.by == "self" else "by the operator"
            return f"unsubscribed {who} on {day}"
    return ""


def _event(name: str, one: Listed, by: str, outcome: str) -> events.RecipientSubscribed | events.RecipientChanged:
    wish = one.wish
    kind = events.RecipientSubscribed if outcome == "added" else events.RecipientChanged
    return kind(
        recipient=name, briefing=one.briefing, by=by, topics=wish.topics, formats=wish.formats, language=wish.language
    )


def _wish(there: Subscriber) -> Wish:
    return Wish(topics=there.topics, formats=there.formats, language=there.language)


def _keep(desk: Desk, answers: Sequence[Joined]) -> None:
    """Keep the addresses of all who are on a list now, and their names where these are said."""
    kept = desk.mailboxes.of(one.recipient for one in answers)
    fresh: dict[str, Mailbox] = {}
    for one in answers:
        there = fresh.get(one.recipient, kept.get(one.recipient))
        if one.outcome == "refused" or (there is not None and one.listed.name in ("", there.name)):
            continue
        address, name = one.listed.address, one.listed.name
        at = there.at if there is not None else desk.clock()
        fresh[one.recipient] = Mailbox(recipient=one.recipient, address=address, name=name, at=at)
    desk.mailboxes.put(fresh.values())


def unsubscribe(desk: Desk, token: str) -> Subscriber:
    """Take whoever holds the token of an `unsubscribe_url` from its list; as often as he likes. How he stands now.

    Raises:
        UsageError: the token was not made here, or who it stands for is on no list.
    """
    found = keeper(desk).read(UNSUBSCRIBE, token, desk.clock())
    remove(desk, [holder(desk, found)], "self")
    return holder(desk, found)


def remove(desk: Desk, leaving: Sequence[Subscriber], by: str) -> int:
    """Take people from lists that they are on; returns how many that were.

    Raises:
        ConcurrentAppend: other processes would not let the lists rest.
    """
    for _ in range(ATTEMPTS):
        desk.projector.catch_up()
        expected = desk.store.last(STREAM)
        known = _known(desk, [one.id for one in leaving])
        there = [known[one.id][one.briefing] for one in leaving if one.briefing in known.get(one.id, {})]
        facts = [
            as_fact(events.RecipientUnsubscribed(recipient=one.id, briefing=one.briefing, by=by))
            for one in there
            if one is not None and _leaves(one, by)
        ]
        if record(desk, facts, expected):
            return len(facts)
    raise unrest()


def _leaves(there: Subscriber, by: str) -> bool:
    """Whether it is news that somebody leaves: what he says himself outlasts whatever keeps mail from him now."""
    if by == "self":
        return there.state != "forgotten" and (there.state, there.by) != ("unsubscribed", "self")
    return there.state in ON


def holder(desk: Desk, found: Pass) -> Subscriber:
    """Whom a token for a list stands for.

    Raises:
        UsageError: nobody: he was never on it.
    """
    desk.projector.catch_up()
    for one in desk.recipients.of([found.id]):
        if one.briefing == found.briefing:
            return one
    raise UsageError("this link belongs to nobody who was ever on this list")


def change(desk: Desk, subscriber: Subscriber, wish: Wish, *, paused: bool, by: str) -> None:
    """Put down what somebody on a list wants from now on; nothing where he wanted that before.

    Raises:
        UsageError: he is on the list no more.
        ConcurrentAppend: other processes would not let the lists rest.
    """
    for _ in range(ATTEMPTS):
        desk.projector.catch_up()
        expected = desk.store.last(STREAM)
        there = _known(desk, [subscriber.id])[subscriber.id][subscriber.briefing]
        if there is None or there.state not in ON:
            raise UsageError("this address is on the list no more: subscribe again first")
        event = events.RecipientChanged(
            recipient=there.id, briefing=there.briefing, by=by, paused=paused,
            topics=wish.topics, formats=wish.formats, language=wish.language,
        )  # fmt: skip
        same = _wish(there) == wish and (there.state == "paused") == paused
        if record(desk, [] if same else [as_fact(event)], expected):
            return
    raise unrest()


def suppress(desk: Desk, recipient: str, reason: str, detail: str = "") -> bool:
    """Mail nothing more to a recipient, on any list; whether that is new.

    `reason` is one of `events.SUPPRESSIONS`. Of `detail`, what a server said, the log gets the status code alone: the
    rest may name the address.

    Raises:
        UsageError: there is no such reason.
        ConcurrentAppend: other processes would not let the lists rest.
    """
    if reason not in events.SUPPRESSIONS:
        raise UsageError(f'"{reason}" is no reason to mail nothing more; it is one of {", ".join(events.SUPPRESSIONS)}')
    code = next((match[0] for form in _CODES if (match := form.search(detail))), "")
    for _ in range(ATTEMPTS):
        desk.projector.catch_up()
        expected = desk.store.last(STREAM)
        if not any(one.state in ON for one in desk.recipients.of([recipient])):
            return False
        if record(desk, [as_fact(events.RecipientSuppressed(recipient=recipient, reason=reason, code=code))], expected):
            return True
    raise unrest()


# ---------------------------------------------------------------- the log


def as_fact(event: events.Event) -> Fact:
    """A decision on lists; `record` gives it its key."""
    return Fact(event=event, key="")


def record(desk: Desk, facts: Sequence[Fact], expected: int) -> bool:
    """Append decisions that rest on the lists as they were at `expected`; False where these have changed since."""
    if not facts:
        return True
    numbered = [Fact(event=fact.event, key=f"recipients:{expected}:{number}") for number, fact in enumerate(facts)]
    try:
        desk.append(STREAM, numbered, expected=expected)
    except ConcurrentAppend:
        return False
    desk.projector.catch_up()
    return True


def unrest() -> ConcurrentAppend:
    """What is to be raised where decisions were overtaken `ATTEMPTS` times."""
    return ConcurrentAppend("other processes keep changing the lists of recipients: try again")


def sweep(desk: Desk) -> int:
    """Take out what nobody needs any more: requests that are too old, addresses that no event came to; how many."""
    now = desk.clock()
    gone = desk.mailboxes.drop(before=now)
    stray = desk.mailboxes.stray(now - _LEFT)
    return gone + (desk.mailboxes.forget(stray) if stray else 0)


def named(subscriber: Subscriber) -> str:
    """How somebody is called in a list for the operator: by his address, else by the beginning of his hash."""
    return shown(subscriber.address) if subscriber.address else f"#{subscriber.id[:8]}"
