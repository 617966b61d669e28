"""Being told instead of asking (WebSub, W3C Recommendation of 23 January 2018): subscribing, and what comes of it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from briefing.errors import SourceError
from briefing.fetch import Guard
from briefing.projections.pushes import Push
from briefing.service.parting import FORM, Leaver

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from typing import Any

    from briefing.fetch import Fetcher
    from briefing.model import Entry, FetchPolicy
    from briefing.projections import Poll
    from briefing.service.desk import Desk
    from briefing.service.recording import Visit

    InTurn = Callable[[Callable[[], Any]], Awaitable[Any]]

CALLBACK = "/push/"
LEASE = timedelta(days=10)
_LONGEST_LEASE = timedelta(days=30)
_ASK_AGAIN = timedelta(days=1)  # after a hub did not answer
_ENDED = timedelta(hours=1)  # after a subscription that ran out could not be renewed
_REFUSED = timedelta(days=7)  # after it said no
_GRACE = timedelta(minutes=15)  # what is younger when a poll finds it may still be on its way
_SLOWEST = timedelta(days=1)
_MOST_DOUBLINGS = 8
_FOR_GOOD = timedelta(days=14)  # faulty for so long, and the hub is told to stop
_GIVEN_UP = timedelta(days=60)  # until it is tried once more
_SIGNED = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
# Names that lead nowhere from outside (RFC 2606, RFC 6761, RFC 6762, RFC 8375), or only within a house.
_INSIDE = ("localhost", "local", "internal", "lan", "home", "arpa", "test", "example", "invalid", "onion")


def reachable(site: str, hub: str, policy: FetchPolicy) -> bool:
    """Whether a hub can reach the site: at a name of the public web, or at an address that is public.

    An address that is listed under `fetch.allow_networks` counts for a hub at such an address too, and no other.
    """
    host = urlsplit(site).hostname or ""
    if not _is_address(host):
        return "." in host and host.rsplit(".", 1)[1] not in _INSIDE
    if Guard().permits(host):
        return True
    there = urlsplit(hub).hostname or ""
    return Guard(policy.allow_networks).permits(host) and _is_address(there) and not Guard().permits(there)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def signed(push: Push, header: str, body: bytes) -> bool:
    """Whether a body carries the signature of its hub (WebSub, section 7.1)."""
    method, _, given = header.strip().partition("=")
    algorithm = _SIGNED.get(method.lower())
    if algorithm is None:
        return False
    made = hmac.new(push.secret.encode(), body, algorithm).hexdigest()
    return hmac.compare_digest(made, given.strip().lower())


def granted(push: Push, lease: str, now: datetime) -> Push:
    """The subscription as a hub granted it, for `lease` seconds; one that says no number gets what was asked for."""
    seconds = int(lease[:9]) if lease.isascii() and lease.isdigit() else int(LEASE.total_seconds())
    ends = now + min(timedelta(seconds=max(seconds, 60)), _LONGEST_LEASE)
    state = push.state if push.state == "faulty" else "active"
    return replace(push, state=state, verified_at=push.verified_at or now, expires_at=ends)


def missed(push: Push | None, poll: Poll, found: Iterable[Entry], now: datetime) -> int:
    """How many of the new entries that a poll found should have been pushed since the poll before."""
    if push is None or push.state not in ("active", "faulty") or push.verified_at is None:
        return 0
    if poll.last_success is None or poll.last_success < push.verified_at:
        return 0  # what is new may be older than the subscription
    return sum(not _on_its_way(entry, now) for entry in found)


def _on_its_way(entry: Entry, now: datetime) -> bool:
    said = entry.published
    if said.value is None or said.precision != "minute":
        return False
    moment = datetime.fromisoformat(said.value)
    return moment.tzinfo is not None and now - moment < _GRACE


def stretched(poll: Poll, visit: Visit, found: Iterable[Entry]) -> Poll:
    """A poll that waits longer the longer push has brought everything, a day at most and never past its end."""
    push, now = visit.push, visit.started
    if push is None or not push.healthy(now) or visit.source.every is not None:
        return poll
    if poll.next_run is None or poll.pending or missed(push, visit.poll, found, now):
        return poll
    wait = (poll.next_run - now) * 2 ** min(push.calm, _MOST_DOUBLINGS)
    assert push.expires_at is not None
    latest = min(_SLOWEST, (push.expires_at - now) * 0.8)
    if now + min(wait, latest) <= poll.next_run:
        return poll
    return replace(poll, next_run=now + min(wait, latest), pace=replace(poll.pace, why="push"))


class Subscriber:
    """Asks hubs for subscriptions, and keeps account of them."""

    def __init__(self, desk: Desk, fetcher: Fetcher, policy: FetchPolicy, site: str, in_turn: InTurn) -> None:
        self._desk = desk
        self._fetcher = fetcher
        self._policy = policy
        self._site = site
        self._in_turn = in_turn
        self._leaver = Leaver(desk, fetcher, f"{site}{CALLBACK}", in_turn)

    async def tidy(self) -> None:
        """End the subscriptions of sources that are no longer read."""
        await self._leaver.tidy()

    async def keep(self, visit: Visit, lost: int) -> None:
        """After a poll: judge the subscription by what had not come, `lost` items; ask for one that is due."""
        if visit.reading is None:
            return
        links = visit.reading.parsed.links
        push, now = visit.push, visit.started
        if push is not None:
            push = await self._judged(push.source, lost, now)
        if hub := links.get("hub"):
            topic = links.get("self") or visit.reading.moved or visit.source.url
            if push is None or (push.hub, push.topic) != (hub, topic):
                await self._left(push)
                push = _anew(visit.source.id, hub, topic)
            elif lost and push.faulty_at is not None and now - push.faulty_at > _FOR_GOOD:
                await self._left(push)
                given_up = replace(_anew(push.source, hub, topic), state="given-up", asked_at=now)
                await self._in_turn(lambda: self._desk.pushes.put(given_up))
                return
        elif push is not None and not (visit.reading.unchanged or visit.reading.partly):
            await self._left(push)  # the feed names no hub any more
            return
        if push is not None and _due(push, now) and reachable(self._site, push.hub, self._policy):
            await self._ask(replace(push, asked_at=now))

    async def _left(self, push: Push | None) -> None:
        """End a subscription, if one was ever asked for."""
        if push is not None:
            await self._leaver.leave(push)

    async def _judged(self, source: str, lost: int, now: datetime) -> Push | None:
        """The subscription of now: a hub may have told something while the source was read."""
        held: dict[str, Push] = await self._in_turn(lambda: self._desk.pushes.all([source]))
        push = held.get(source)
        if push is None or push.state not in ("active", "faulty"):
            return push
        if lost:
            began = push.faulty_at if push.state == "faulty" else None
            if push.pushed_at is not None and began is not None and push.pushed_at > began:
                began = None  # it told us something in between
            after = replace(push, state="faulty", faulty_at=began or now, calm=0)
        elif push.state == "faulty" and push.pushed_at and push.faulty_at and push.pushed_at > push.faulty_at:
            after = replace(push, state="active", calm=0)
        else:
            after = replace(push, calm=push.calm + (push.state == "active"))
        await self._in_turn(lambda: self._desk.pushes.put(after))
        return after

    async def _ask(self, push: Push) -> None:
        await self._in_turn(lambda: self._desk.pushes.put(push))  # first: the hub may ask back before it answers
        form = {
            "hub.callback": f"{self._site}{CALLBACK}{push.token}",
            "hub.mode": "subscribe",
            "hub.topic": push.topic,
            "hub.secret": push.secret,
            "hub.lease_seconds": str(int(LEASE.total_seconds())),
        }
        try:
            await self._fetcher.post(push.hub, urlencode(form).encode(), content_type=FORM)
        except SourceError:
            return  # a hub that is down loses us nothing but time: it is asked again tomorrow


def _anew(source: str, hub: str, topic: str) -> Push:
    return Push(source=source, token=secrets.token_urlsafe(32), secret=secrets.token_urlsafe(32), hub=hub, topic=topic)


def _due(push: Push, now: datetime) -> bool:
    since = now - push.asked_at if push.asked_at is not None else None
    if since is None:
        return True
    if push.state in ("refused", "given-up"):
        return since > (_REFUSED if push.state == "refused" else _GIVEN_UP)
    if push.expires_at is None or push.verified_at is None:
        return since > _ASK_AGAIN
    left, whole = push.expires_at - now, push.expires_at - now + since
    # Towards the end of its time; where the hub stays silent, seldom.
    return (left < whole / 4 and since > whole / 2) if left > timedelta(0) else since > _ENDED
