"""Bringing the public folder, and word of it, elsewhere: a folder, an S3-like service, a hub."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.delivery import mirror, s3, websub
from briefing.delivery.kinds import cache_control, content_type
from briefing.delivery.stock import Kept, compared, stock
from briefing.errors import FetchError, OutputError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from briefing.delivery.stock import Plan
    from briefing.fetch import Fetcher
    from briefing.model import Channel, Site
    from briefing.service.desk import Desk

_AT_ONCE = 8
_PUSHED = ("rss", "atom", "json")


def kept(desk: Desk, name: str) -> Kept:
    """What is remembered of one receiver of files."""
    return Kept.read(desk.storage / "deliver" / f"{name}.json")


def planned(desk: Desk, held: Kept, below: str = "") -> tuple[Plan, dict[str, str]]:
    """What a receiver lacks as far as is remembered here, and what it is to have."""
    have = stock(desk.public, held, below)
    if below:
        have = {path: digest for path, digest in have.items() if path.rpartition(".")[2] in _PUSHED}
    return compared(have, held.delivered), have


def to_folder(desk: Desk, channel: Channel) -> int:
    """Bring a folder up to date; how many files were put there or taken away.

    Raises:
        OutputError: it cannot be written, or lies where it would be copied into itself.
    """
    target, public = Path(channel.path), desk.public
    if target.resolve().is_relative_to(public.resolve()) or public.resolve().is_relative_to(target.resolve()):
        raise OutputError(f"{target} holds the published files or lies among them: name another folder as path")
    held = kept(desk, channel.id)
    _, have = planned(desk, held)
    theirs = mirror.held(target)
    if plan := compared(have, theirs):
        mirror.bring(public, target, plan, have, theirs)
    held.delivered = have
    held.write()
    return len(plan.put) + len(plan.gone)


async def to_bucket(desk: Desk, channel: Channel, fetcher: Fetcher, key: s3.Key) -> int:
    """Bring a bucket up to date; how many files were put there or taken away.

    Raises:
        FetchError: the service did not answer, or refused.
    """
    held = kept(desk, channel.id)
    plan, have = planned(desk, held)
    if not plan:
        held.write()
        return 0
    bucket = _Bucket(desk, channel, fetcher, key)
    theirs = mirror.listed(await bucket.get(mirror.LIST))
    plan = compared(have, theirs)
    await bucket.put(mirror.LIST, mirror.to_list(mirror.beginning(theirs, plan)))
    # The feeds last: when they name an issue, it is there.
    for paths in (_without(plan.put, "feeds"), _only(plan.put, "feeds")):
        await _several(paths, lambda path: bucket.put(path, (desk.public / path).read_bytes()))
    await _several(plan.gone, bucket.delete)
    await bucket.put(mirror.LIST, mirror.to_list(have))
    held.delivered = have
    held.write()
    return len(plan.put) + len(plan.gone)


async def to_hub(desk: Desk, site: Site, fetcher: Fetcher) -> int:
    """Tell the hub which feeds changed since it was last told; how many.

    Raises:
        FetchError: it did not answer, or refused.
    """
    assert site.hub is not None
    held = kept(desk, "@hub")
    plan, have = planned(desk, held, "feeds")
    for body in websub.pings(site.url, plan.put):
        await fetcher.post(site.hub, body, content_type=websub.FORM)
    held.delivered = have
    held.write()
    return len(plan.put)


def _only(paths: tuple[str, ...], top: str) -> tuple[str, ...]:
    return tuple(path for path in paths if path.startswith(top))


def _without(paths: tuple[str, ...], top: str) -> tuple[str, ...]:
    return tuple(path for path in paths if not path.startswith(top))


async def _several(paths: tuple[str, ...], work: Callable[[str], Awaitable[object]]) -> None:
    """Work on many paths, a few at a time; where some fail, the first fault is raised when all have ended."""
    waiting = iter(paths)

    async def worker() -> None:
        for path in waiting:
            await work(path)

    ended = await asyncio.gather(*(worker() for _ in range(_AT_ONCE)), return_exceptions=True)
    if fault := next((one for one in ended if one is not None), None):
        raise fault


class _Bucket:
    """The files of a bucket."""

    def __init__(self, desk: Desk, channel: Channel, fetcher: Fetcher, key: s3.Key) -> None:
        self._desk = desk
        self._channel = channel
        self._fetcher = fetcher
        self._key = key

    async def get(self, path: str) -> bytes | None:
        """A file, None where there is none."""
        return await self._ask("GET", path, missing=True)

    async def put(self, path: str, body: bytes) -> None:
        """Put a file in its place."""
        kind = {"content-type": content_type(path), "cache-control": cache_control(path)}
        await self._ask("PUT", path, body, headers=kind)

    async def delete(self, path: str) -> None:
        """Take a file away, if it is there."""
        await self._ask("DELETE", path, missing=True)

    async def _ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        missing: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> bytes | None:
        channel = self._channel
        url = s3.address(channel.url, channel.bucket, channel.prefix, path)
        proved = s3.signed(self._key, method, url, headers=headers or {}, body=body, now=self._desk.clock())
        answer = await self._fetcher.send(method, url, body if method == "PUT" else None, headers=proved)
        if missing and answer.status == HTTPStatus.NOT_FOUND:
            return None
        if not HTTPStatus(200) <= answer.status < HTTPStatus(300):
            why = " ".join(answer.body.decode(errors="replace").split())[:200]
            raise FetchError(
                f"{method} of {path} in the bucket {channel.bucket} was answered with status {answer.status} ({why})",
                failure="status",
                status=answer.status,
            )
        return answer.body
