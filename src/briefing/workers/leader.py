"""Who leads: whoever holds a session's advisory lock, for as long as that session lives."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psycopg

from briefing.workers.server import with_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from briefing.workers.beats import Beats

    Connection = psycopg.AsyncConnection[tuple[object, ...]]

_LOCK = 0x6272_6965_666C_6561  # one number for all programs of one database
_TOLD = "cannot be asked who leads"


async def lead(conninfo: str, work: Callable[[], Awaitable[None]], *, beats: Beats, say: Callable[[str], None]) -> None:
    """Try for ever to lead, and do the work while leading; ends only by being cancelled.

    The lock is held on a connection of its own, which must lead to the server and not to a pooler of transactions.
    The server frees it the moment it sees the connection gone: at once for a killed process, after four seconds for a
    machine that is not heard of any more. A leader that loses the connection stops its work at once.
    """
    while True:
        try:
            async with _connected(conninfo, beats) as connection:
                await _elected(connection, beats)
                await _lead(connection, work, beats)
        except (psycopg.Error, TimeoutError) as error:
            say(f"the database {_TOLD} ({_line(error)}); asking again")
            await asyncio.sleep(beats.poll)


@asynccontextmanager
async def _connected(conninfo: str, beats: Beats) -> AsyncIterator[Connection]:
    described = with_options(
        conninfo,
        "briefing scheduler",
        tcp_keepalives_idle="2",
        tcp_keepalives_interval="1",
        tcp_keepalives_count="2",
        tcp_user_timeout="4000",
    )
    async with asyncio.timeout(10 * beats.poll):
        connection = await psycopg.AsyncConnection.connect(described, autocommit=True)
    try:
        yield connection
    finally:
        await connection.close()


async def _elected(connection: Connection, beats: Beats) -> None:
    while True:
        async with asyncio.timeout(10 * beats.poll):
            answer = await connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            row = await answer.fetchone()
        if row is not None and row[0]:
            return
        await asyncio.sleep(beats.poll)


async def _lead(connection: Connection, work: Callable[[], Awaitable[None]], beats: Beats) -> None:
    """The work, for as long as the connection is there."""
    working, watching = asyncio.ensure_future(work()), asyncio.create_task(_watch(connection, beats))
    both: set[asyncio.Future[None]] = {working, watching}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended = [one for one in both if one.done()]
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
    for one in ended:
        one.result()


async def _watch(connection: Connection, beats: Beats) -> None:
    """Ask again and again; between, the server's closing of the connection is noticed as it comes."""
    while True:
        async for _ in connection.notifies(timeout=beats.poll):
            pass
        async with asyncio.timeout(3 * beats.poll):
            await connection.execute("SELECT 1")


def _line(error: BaseException) -> str:
    said = str(error).strip()
    return said.splitlines()[0] if said else "no answer in time"
