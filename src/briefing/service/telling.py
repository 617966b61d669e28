"""The verb deliver: every channel gets what it has not had yet, in order; one that fails stops no other.

Where a channel stands is remembered after each message: what was sent is not sent again, and what was not is sent by
the next who comes. Only where a process dies between a receiver's answer and our record does a message come twice,
under the same id.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.delivery import chat, s3, webhook
from briefing.errors import BriefingError, FetchError, OutputError, SourceError, UsageError
from briefing.projections import ChannelState, DeadLetter
from briefing.service import mirroring
from briefing.service.messages import Teller, Unclassified

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from briefing.fetch import Fetcher
    from briefing.model import Channel, FetchPolicy, Settings
    from briefing.service.desk import Desk
    from briefing.service.messages import Message

HUB = "@hub"
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
_DOUBLINGS = 10
_MOST = 1000  # messages to one channel at a time: the rest at the next look


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What came of one channel: `sent` counts messages or files, `dead` messages that were given up.

    `fault` says why it did not take the next one, `waits` why nothing was tried, `pending` what was or would be sent.
    """

    channel: str
    kind: str
    sent: int = 0
    dead: int = 0
    position: int = 0
    fault: str = ""
    waits: str = ""
    pending: tuple[str, ...] = ()


def deliver(
    desk: Desk,
    settings: Settings,
    environ: Mapping[str, str],
    only: Sequence[str] = (),
    *,
    dry_run: bool = False,
) -> list[Delivered]:
    """Send what is due to the channels named, or to all and to the hub; with `dry_run` say what would be sent.

    Where another process is at it already, nothing is done.

    Raises:
        UsageError: there is no such channel.
    """
    chosen = _chosen(settings, only)
    if not only and not dry_run:
        _forget(desk, settings)
    if not chosen and (settings.site.hub is None or only):
        return []
    courier = _Courier(desk, settings, environ, desk.projector.catch_up())
    if dry_run:
        return courier.rehearse(chosen, hub=not only)
    with _alone(desk.storage / "deliver") as free:
        return asyncio.run(courier.deliver(chosen, hub=not only)) if free else []


def _chosen(settings: Settings, only: Sequence[str]) -> list[Channel]:
    known = {channel.id: channel for channel in settings.deliver}
    for name in only:
        if name not in known:
            raise UsageError(f'there is no channel "{name}" under deliver; known: {", ".join(known) or "none"}')
    return [known[name] for name in dict.fromkeys(only)] if only else list(known.values())


def _forget(desk: Desk, settings: Settings) -> None:
    """Forget channels that were taken out: one that comes back begins anew."""
    known = {channel.id for channel in settings.deliver}
    for name in desk.channels.all():
        if not name.startswith("@") and name not in known:
            desk.channels.drop(name)


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether no other process delivers; death gives the place free."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


class _Courier:
    """One round to all channels."""

    def __init__(self, desk: Desk, settings: Settings, environ: Mapping[str, str], upto: int) -> None:
        self._desk = desk
        self._settings = settings
        self._environ = environ
        self._upto = upto

    async def deliver(self, channels: Sequence[Channel], *, hub: bool) -> list[Delivered]:
        rounds = [self._safely(channel) for channel in channels]
        if hub and self._settings.site.hub is not None:
            rounds.append(self._to_hub())
        return list(await asyncio.gather(*rounds))

    async def _safely(self, channel: Channel) -> Delivered:
        return await (self._files(channel) if channel.mirrors else self._messages(channel))

    def _fetcher(self, channel: Channel | None = None) -> Fetcher:
        from briefing.fetch import OWN_NETWORKS, Fetcher  # noqa: PLC0415 - HTTP takes half of a command's start

        policy: FetchPolicy = replace(self._settings.fetch, spacing=timedelta(0), per_host=8)
        if channel is not None and channel.allow_private:
            policy = replace(policy, allow_networks=(*policy.allow_networks, *OWN_NETWORKS))
        return Fetcher(policy, contact=self._settings.site.contact)

    # ------------------------------------------------------------ messages

    def _begun(self, name: str) -> ChannelState:
        """Where a channel stands; a new one begins here: what was published before is no news."""
        state = self._desk.channels.get(name)
        if state is None:
            state = ChannelState(name=name, position=self._upto)
            self._desk.channels.put(state)
        return state

    async def _messages(self, channel: Channel) -> Delivered:
        state = self._begun(channel.id)
        told = Delivered(channel=channel.id, kind=channel.kind, position=state.position)
        if waits := _waits(state, self._desk.clock()):
            return replace(told, waits=waits, fault=state.fault)
        sent, dead = [], 0
        teller, fault, waits = Teller(self._desk, channel), "", ""
        async with self._fetcher(channel) as fetcher:
            try:
                for position, message in teller.messages(state.position, self._upto):
                    if message is None:
                        state = replace(state, position=max(position, state.position))
                        continue
                    try:
                        await self._send(fetcher, channel, message)
                    except BriefingError as error:
                        state, given_up = self._failed(channel, teller, state, error)
                        dead, fault = dead + given_up, state.fault
                        break
                    state = _took(state, position, self._desk.clock())
                    self._desk.channels.put(state)
                    sent.append(message.subject)
                    if len(sent) >= _MOST:
                        break
                else:
                    state = replace(state, position=max(self._upto, state.position))
            except Unclassified as end:
                state = replace(state, position=max(state.position, end.position - 1))
                waits = "items have no topics yet: `briefing classify` gives them"
        self._desk.channels.put(state)
        return replace(
            told, sent=len(sent), dead=dead, position=state.position, fault=fault, waits=waits, pending=tuple(sent)
        )

    async def _send(self, fetcher: Fetcher, channel: Channel, message: Message) -> None:
        """One attempt.

        Raises:
            BriefingError: it was not taken; the sentence holds no secret.
        """
        url = channel.url or self._secret(channel.url_env)
        if channel.kind == "webhook":
            content = webhook.body(message.kind, message.at, message.data)
            headers = webhook.headers(self._secret(channel.secret_env), message.id, self._desk.clock(), content)
        else:
            content = chat.render(channel.kind, chat.post_of(message.kind, message.data))
            headers = {"content-type": "application/json"}
        try:
            answer = await fetcher.send("POST", url, content, headers=headers)
        except FetchError as error:
            if channel.url:
                raise
            raise FetchError(
                f"the address in {channel.url_env} could not be reached ({error.failure})", failure=error.failure
            ) from None
        if not _OK <= answer.status < _REDIRECTED:
            from briefing.fetch.addresses import shown  # noqa: PLC0415 - as above
            from briefing.fetch.answers import retry_after  # noqa: PLC0415 - as above

            where = shown(channel.url) if channel.url else f"the address in {channel.url_env}"
            wait = retry_after(answer.headers.get("retry-after"), self._desk.clock().timestamp())
            raise FetchError(
                f"{where} answered with status {answer.status}",
                failure="status",
                status=answer.status,
                retry_after=wait,
            )

    def _secret(self, name: str) -> str:
        if not (value := self._environ.get(name, "").strip()):
            raise OutputError(f"the environment holds no {name}: set it where this program is started")
        return value

    def _failed(
        self, channel: Channel, teller: Teller, state: ChannelState, error: BriefingError
    ) -> tuple[ChannelState, int]:
        """The state after an attempt that failed. What has waited too long is given up, where all that time failed."""
        now = self._desk.clock()
        state = _refused(state, error, now)
        assert state.failing_since is not None
        if now - state.failing_since < channel.give_up:
            self._desk.channels.put(state)
            return state, 0
        dead = 0
        try:
            for position, message in teller.messages(state.position, self._upto):
                if message is None:
                    continue
                if now - message.at < channel.give_up:
                    break
                state = replace(state, position=position)
                self._desk.channels.put(state, _letter(channel, message, state.fault, now))
                dead += 1
        except Unclassified:
            pass  # nothing behind it is that old either
        return state, dead

    # ------------------------------------------------------------ files

    async def _files(self, channel: Channel) -> Delivered:
        if channel.kind == "folder":
            return await self._brought(channel.id, channel.kind, self._folder(channel))
        return await self._brought(channel.id, channel.kind, self._bucket(channel))

    async def _folder(self, channel: Channel) -> int:
        return await asyncio.to_thread(mirroring.to_folder, self._desk, channel)

    async def _bucket(self, channel: Channel) -> int:
        key = s3.Key(
            id=self._secret(channel.key_env),
            secret=self._secret(channel.secret_env),
            token=self._environ.get("AWS_SESSION_TOKEN", "") if channel.key_env.startswith("AWS_") else "",
            region=channel.region,
        )
        async with self._fetcher(channel) as fetcher:
            return await mirroring.to_bucket(self._desk, channel, fetcher, key)

    async def _to_hub(self) -> Delivered:
        async def tell() -> int:
            async with self._fetcher() as fetcher:
                return await mirroring.to_hub(self._desk, self._settings.site, fetcher)

        return await self._brought(HUB, "websub", tell())

    async def _brought(self, name: str, kind: str, work: Coroutine[Any, Any, int]) -> Delivered:
        state = self._begun(name)
        told = Delivered(channel=name, kind=kind, position=state.position)
        now = self._desk.clock()
        if waits := _waits(state, now):
            work.close()
            return replace(told, waits=waits, fault=state.fault)
        try:
            count = await work
        except (BriefingError, OSError) as error:
            state = _refused(state, error, now)
            self._desk.channels.put(state)
            return replace(told, fault=state.fault)
        if count or state.failures or state.position != self._upto:
            state = _took(state, self._upto, now, count)
            self._desk.channels.put(state)
        return replace(told, sent=count, position=self._upto)

    # ------------------------------------------------------------ what would be

    def rehearse(self, channels: Sequence[Channel], *, hub: bool) -> list[Delivered]:
        told = [self._rehearsed(channel) for channel in channels]
        if hub and self._settings.site.hub is not None:
            told.append(self._files_of(HUB, "websub", "feeds"))
        return told

    def _rehearsed(self, channel: Channel) -> Delivered:
        if channel.mirrors:
            return self._files_of(channel.id, channel.kind)
        state = self._desk.channels.get(channel.id)
        position = state.position if state else self._upto
        subjects, waits = [], ""
        try:
            for _, message in Teller(self._desk, channel).messages(position, self._upto):
                subjects += [f"{message.kind}: {message.subject}"] if message else []
        except Unclassified:
            waits = "items have no topics yet: `briefing classify` gives them"
        return Delivered(
            channel=channel.id, kind=channel.kind, position=position, waits=waits, pending=tuple(subjects[:_MOST])
        )

    def _files_of(self, name: str, kind: str, below: str = "") -> Delivered:
        plan, _ = mirroring.planned(self._desk, mirroring.kept(self._desk, name), below)
        pending = (*(f"put {path}" for path in plan.put), *(f"remove {path}" for path in plan.gone if not below))
        return Delivered(channel=name, kind=kind, pending=pending)


_OK, _REDIRECTED = 200, 300


def _waits(state: ChannelState, now: datetime) -> str:
    return f"the next attempt is due at {state.next_at.isoformat()}" if state.next_at and state.next_at > now else ""


def _took(state: ChannelState, position: int, now: datetime, count: int = 1) -> ChannelState:
    return ChannelState(
        name=state.name,
        position=position,
        delivered_at=now if count else state.delivered_at,
        sent=state.sent + count,
    )


def _refused(state: ChannelState, error: BaseException, now: datetime) -> ChannelState:
    """Another attempt follows, each later than the one before, at most an hour later unless the receiver says so."""
    wait = min(_FIRST_WAIT * 2 ** min(state.failures, _DOUBLINGS), _LONGEST_WAIT)
    if isinstance(error, SourceError) and error.retry_after:
        wait = max(wait, timedelta(seconds=error.retry_after))
    return replace(
        state,
        failures=state.failures + 1,
        failing_since=state.failing_since or now,
        next_at=now + wait,
        fault=str(error),
    )


def _letter(channel: Channel, message: Message, fault: str, now: datetime) -> DeadLetter:
    return DeadLetter(
        channel=channel.id,
        id=message.id,
        position=message.position,
        kind=message.kind,
        subject=message.of,
        given_up_at=now,
        fault=fault,
    )
