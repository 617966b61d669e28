"""The queue of jobs: put in once, handed out once at a time, taken back from the dead."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Status

from briefing.errors import StoreError
from briefing.workers import tables
from briefing.workers.server import with_options

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType

    from procrastinate.jobs import Job
    from psycopg import AsyncConnection

FETCH, RECHECK, CLASSIFY, PUBLISH, BRIEF = "fetch", "recheck", "classify", "publish", "brief"

# Published files have one writer at a time, whatever the job is called.
_WRITER = "publish"


# The server plans how to find the next job for a queue as it was some time ago, mostly empty. Such a plan compares each
# job that waits with every other: with 500 of them 50 ms of its processor a job, and not half a millisecond.
_PLANS = {f"enable_{name}": "off" for name in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort")}


class Queue:
    """The queue on one database; used as `async with`.

    Args:
        conninfo: the database, as libpq names it; a direct connection, no pooler of transactions.
        name: how the server's lists show it.
        connections: at most so many at a time.
    """

    def __init__(self, conninfo: str, name: str, connections: int = 4) -> None:
        self._conninfo = conninfo
        described = with_options(conninfo, name, search_path=tables.SCHEMA, **_PLANS)
        self.app = App(
            connector=PsycopgConnector(conninfo=described, min_size=1, max_size=connections, configure=_settle)
        )

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(tables.make, self._conninfo)
        await self.app.open_async()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.app.close_async()

    def work(self, name: str, does: Callable[..., Awaitable[None]]) -> None:
        """What is done for a job of this name."""
        self.app.task(name=name, queue=_queue(name), retry=_HandBack())(does)

    # ------------------------------------------------------------ in

    async def fetch(self, sources: Sequence[str]) -> int:
        """Have these sources read, those that wait in the queue already left out; how many were put in.

        Raises:
            StoreError: the queue does not answer.
        """
        return await self._of_sources(FETCH, sources)

    async def recheck(self, sources: Sequence[str]) -> int:
        """Have the pages of these sources' items read again that are due; see `fetch`."""
        return await self._of_sources(RECHECK, sources)

    async def _of_sources(self, name: str, sources: Sequence[str]) -> int:
        if not sources:
            return 0
        jobs = [self._job(name, f"{name}:{one}", lock=f"source:{one}", source=one) for one in sources]
        try:
            return await self._put(jobs)
        except ConnectorException as error:
            raise StoreError(f"the job queue does not answer ({error.__cause__ or error})") from error

    async def classify(self) -> int:
        """Have labels given; see `fetch`. Several workers may do that at a time."""
        return await self._one(self._job(CLASSIFY, CLASSIFY))

    async def publish(self) -> int:
        """Have the published files brought up; see `fetch`."""
        return await self._one(self._job(PUBLISH, PUBLISH, lock=_WRITER))

    async def brief(self, briefing: str) -> int:
        """Have the issues of a briefing made that are due; see `fetch`."""
        return await self._one(self._job(BRIEF, f"brief:{briefing}", lock=_WRITER, briefing=briefing))

    def _job(self, name: str, once: str, lock: str | None = None, **arguments: Any) -> Job:
        return self.app.configure_task(
            name, allow_unknown=True, queue=_queue(name), queueing_lock=once, lock=lock, task_kwargs=arguments
        ).job

    async def _one(self, job: Job) -> int:
        try:
            return await self._put([job])
        except ConnectorException as error:
            raise StoreError(f"the job queue does not answer ({error.__cause__ or error})") from error

    async def _put(self, jobs: Sequence[Job]) -> int:
        """All or none of a batch goes in: where one waits already, its halves are tried."""
        try:
            await self.app.job_manager.batch_defer_jobs_async(list(jobs))
        except AlreadyEnqueued:
            if len(jobs) == 1:
                return 0
            middle = len(jobs) // 2
            return await self._put(jobs[:middle]) + await self._put(jobs[middle:])
        return len(jobs)

    # ------------------------------------------------------------ back from the dead

    async def reap(self, stalled: float) -> int:
        """Put back what workers hold that gave no sign of life for so many seconds; how much that was.

        Only one may do this at a time: a job could be taken from the worker that has just got it.

        Raises:
            StoreError: the queue does not answer.
        """
        try:
            jobs = list(await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled))
            for job in jobs:
                await self._put_back(job)
        except ConnectorException as error:
            raise StoreError(f"the job queue does not answer ({error.__cause__ or error})") from error
        return len(jobs)

    async def _put_back(self, job: Job) -> None:
        assert job.id is not None
        try:
            await self.app.job_manager.retry_job(job)
        except UniqueViolation:  # one for the same work waits already
            with suppress(ConnectorException):
                await self.app.job_manager.finish_job_by_id_async(job.id, Status.ABORTED, delete_job=True)
        except ConnectorException as error:
            # The worker was slow, not dead, and is done in the meantime.
            if "Job was not found" not in str(error.__cause__):
                raise


async def _settle(connection: AsyncConnection) -> None:
    """Each statement is a transaction by itself: there is one for everything that the queue's library does."""
    await connection.set_autocommit(True)


class _HandBack(BaseRetryStrategy):
    """A job that was cut short because its worker had to stop waits for the next one.

    One that failed does not: what there is to do is looked up anew, and put in again.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        return RetryDecision() if isinstance(exception, asyncio.CancelledError) else None


def _queue(name: str) -> str:
    """Reading and labelling can be done anywhere, publishing where the public folder is."""
    return PUBLISH if name in (PUBLISH, BRIEF) else FETCH
