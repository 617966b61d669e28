"""Serving: serve, demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from briefing.cli.commands import Office

HOST, PORT = "127.0.0.1", 8000


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Where to listen; 0.0.0.0 for everybody.")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.pass_obj
def serve(office: Office, host: str, port: int) -> None:
    """Keep every source's rhythm, publish what comes, and show the site, until stopped."""
    import asyncio

    from briefing.cli.many import on_postgres, serve_together
    from briefing.cli.tables import say
    from briefing.eventstore import sqlite_warning
    from briefing.schedule import Timetable
    from briefing.web.listening import listening

    if on_postgres(office):
        serve_together(office, host, port)
        return
    config = office.places().config
    with listening(host, port) as opened, office.service() as service:
        if warning := sqlite_warning():
            say(warning, style="dim")
        asyncio.run(Timetable(service, config, say=say).serve(opened))


@click.command()
@click.option("--host", default=HOST, show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.option("--no-serve", is_flag=True, help="Stop after everything is published.")
@click.pass_obj
def demo(office: Office, host: str, port: int, *, no_serve: bool) -> None:
    """Show all of it on an invented press world: collected round by round, published, and served."""
    from briefing.cli.rehearsal import rehearse

    rehearse(office.places().storage / "demo", host, port, serve=not no_serve)
