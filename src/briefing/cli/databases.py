"""The database itself: database prepare, scrub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from briefing.cli.commands import Office


@click.group()
def database() -> None:
    """Look after a PostgreSQL database."""


@database.command()
@click.option("--application", metavar="ROLE", required=True, help="The role that the program works as.")
@click.option("--owner", metavar="URL", help="The database as the role that is to own the log. [--database]")
@click.pass_obj
def prepare(office: Office, application: str, owner: str | None) -> None:
    """Make or upgrade the log as its owner, and let another role add to it.

    That role can neither change nor delete what the log holds. It must exist, and must not be a superuser; this gives
    it its rights, and may be run again.
    """
    from briefing.config import places
    from briefing.eventstore import prepare_roles
    from briefing.projections import table_names
    from briefing.workers.tables import grant

    url = places(None, None, owner, {}).database_url if owner else office.places().database_url
    dropped = prepare_roles(url, application, table_names())
    grant(url, application)
    click.echo(f"the log is ready, and the role {application} may read it and add to it, and do nothing else with it")
    if dropped:
        click.echo(
            f"{len(dropped)} tables of read models belonged to another role and were dropped: "
            f"run `briefing rebuild` as {application}"
        )


@database.command()
@click.option("--owner", metavar="URL", help="The database as the role that owns it, or a superuser. [--database]")
@click.pass_obj
def scrub(office: Office, owner: str | None) -> None:
    """Write all tables anew, so that the server's files hold nothing of what a takedown erased.

    While a table is written nobody else can use it, and its size is needed once more on the disk.
    """
    from briefing.config import places
    from briefing.eventstore import scrub as scrub_tables

    url = places(None, None, owner, {}).database_url if owner else office.places().database_url
    tables = scrub_tables(url)
    click.echo(f"{len(tables)} tables written anew: what was erased is in none of their files any more")
    click.echo("the server's write-ahead log, its archives, replicas and backups keep it until they expire")
