"""Many processes on one PostgreSQL: scheduler, worker, web."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from briefing.cli.serving import HOST, PORT

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from briefing.cli.commands import Office
    from briefing.workers import Beats

CONCURRENCY = 8


@click.command()
@click.pass_obj
def scheduler(office: Office) -> None:
    """Decide what is due and put it into the queue. Any number may run: one leads, the others wait."""
    from briefing.cli.tables import say

    conninfo, beats = _ground(office, "scheduler")
    from briefing.schedule.leading import Scheduler

    with office.service() as service:
        made = Scheduler(service, office.places().config, conninfo, beats=beats, say=say)
        _until_told(made.run, say)


@click.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1, 50),
    default=CONCURRENCY,
    show_default=True,
    help="How many jobs are done at a time.",
)
@click.option(
    "--no-publish", is_flag=True, help="Leave publishing to workers that see the folder that is shown to readers."
)
@click.pass_obj
def worker(office: Office, concurrency: int, *, no_publish: bool) -> None:
    """Read sources, give labels and publish, as the queue says. Any number may run, on any machine."""
    from briefing.cli.tables import say

    conninfo, beats = _ground(office, "worker")
    from briefing.workers import Worker

    settings = office.settings()
    with office.service(configured=False) as service:
        made = Worker(
            service,
            settings,
            conninfo,
            concurrency=concurrency,
            publishing=not no_publish,
            beats=beats,
            say=say,
        )
        _until_told(made.run, say)


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Where to listen; 0.0.0.0 for everybody.")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.pass_obj
def web(office: Office, host: str, port: int) -> None:
    """Show the site, and nothing else."""
    import asyncio

    from briefing.cli.tables import say
    from briefing.web import make_app
    from briefing.web.listening import listening
    from briefing.web.listening import serve as answer

    with listening(host, port) as opened, office.service() as service:
        say("serving http://{}:{}/".format(*opened.getsockname()[:2]))
        asyncio.run(answer(make_app(service), opened))
    say("stopped")


def serve_together(office: Office, host: str, port: int) -> None:
    """A scheduler, a worker and the site in one process."""
    import asyncio

    from briefing.cli.tables import say
    from briefing.web import make_app
    from briefing.web.listening import listening
    from briefing.web.listening import serve as answer

    conninfo, beats = _ground(office, "serve")
    from briefing.schedule.leading import Scheduler
    from briefing.workers import Worker

    with (
        listening(host, port) as opened,
        office.service() as service,
        office.service(configured=False) as unconfigured,
    ):
        config, settings = office.places().config, office.settings()
        scheduler = Scheduler(service, config, conninfo, beats=beats, say=say)
        worker = Worker(
            unconfigured, settings, conninfo, concurrency=CONCURRENCY, publishing=True, beats=beats, say=say
        )

        async def together() -> None:
            say("serving http://{}:{}/, reading {} sources".format(*opened.getsockname()[:2], len(settings.sources)))
            site = asyncio.create_task(answer(make_app(service), opened))
            await _first_of(site, asyncio.create_task(scheduler.run()), asyncio.create_task(worker.run()))

        asyncio.run(together())
    say("stopped")


def _ground(office: Office, command: str) -> tuple[str, Beats]:
    """What libpq connects to, and the intervals.

    Raises:
        UsageError: the database is no PostgreSQL, or what speaks to it is not installed.
    """
    from briefing.errors import UsageError

    url = office.places().database_url
    if not on_postgres(office):
        raise UsageError(
            f"`briefing {command}` needs PostgreSQL, which many processes can share: name one with --database "
            "postgresql://user@host/database; on SQLite `briefing serve` does everything in one process"
        )
    try:
        from briefing.workers.beats import beats
    except ImportError as error:
        raise UsageError(
            f"`briefing {command}` needs {error.name}, which is not installed: pip install 'briefing[postgres]'"
        ) from error
    return url, beats(os.environ)


def on_postgres(office: Office) -> bool:
    """Whether the log is one that many processes can share."""
    return office.places().database_url.startswith("postgresql:")


async def _first_of(*tasks: Any) -> None:
    """Until one of the tasks ends; then the others are ended, and a fault of any is raised."""
    import asyncio

    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for task in done:
        task.result()


def _until_told(run: Callable[[], Coroutine[Any, Any, None]], say: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT."""
    import asyncio
    import signal

    async def running() -> None:
        task, told = asyncio.create_task(run()), asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        await _first_of(task, asyncio.create_task(told.wait()))

    asyncio.run(running())
    say("stopped")
