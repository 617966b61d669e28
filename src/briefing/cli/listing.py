"""Items in a list, and what is said of one to people and to programs: items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.past import as_of_option, tell_moment

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.model import Item
    from briefing.projections import Holdings

_SHOWN = 40


def day_of(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """The day that an option names; refused as misuse where it is none."""
    from datetime import date

    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise click.BadParameter(f'"{value}" is no day: write it like 2017-03-20') from error


@click.command()
@click.option("--source", metavar="ID", help="Of one source.")
@click.option("--topic", metavar="ID", help="With one topic.")
@click.option("--since", metavar="DAY", callback=day_of, help="From this day on (2017-03-20).")
@click.option("--until", metavar="DAY", callback=day_of, help="Up to this day, included.")
@click.option("--limit", type=click.IntRange(min=0), help=f"At most so many, 0 for all. [{_SHOWN}; all with --json]")
@as_of_option
@json_option
@click.pass_obj
def items(
    office: Office,
    *,
    source: str | None,
    topic: str | None,
    since: str | None,
    until: str | None,
    limit: int | None,
    as_of: str | None,
    json_: bool,
) -> None:
    """List items, the newest first. A day is that of publication, or of first sight where none is known."""
    with office.service(configured=False) as service:
        library = service.known(as_of)
        check_known(library, source, topic)
        shown = limit if limit is not None else 0 if json_ else _SHOWN
        found = library.items(source=source, topic=topic, since=since, until=until, limit=shown or None, order="day")
        if json_:
            as_json([item_json(one) for one in found])
            return
        total = library.count(source=source, topic=topic, since=since, until=until)
    _list(found, total)
    tell_moment(library)


def check_known(library: Holdings, source: str | None, topic: str | None) -> None:
    """Refuse a source or a topic of which nothing is known.

    Raises:
        UsageError: with the names that are known.
    """
    from briefing.errors import UsageError

    sources = {one.id for one in library.sources(retired=True)}
    topics = {one.id for one in library.topics()}
    for name, value, known in (("source", source, sources), ("topic", topic, topics)):
        if value is not None and value not in known:
            listed = ", ".join(sorted(known)[:12]) or "none yet: run `briefing collect` first"
            raise UsageError(f'nothing is known of a {name} "{value}"; known: {listed}')


def _list(found: list[Item], total: int) -> None:
    from briefing.cli.tables import say, state, table

    if not found:
        say("no items. `briefing collect` reads the sources; `briefing status` says how they do.")
        return
    rows = [
        (
            one.id,
            one.published.value[:10] if one.published.value else "no date",
            one.source,
            state(one.state),
            removed_words(one) or one.title,
        )
        for one in found
    ]
    table(["id", "published", "source", "state", ("title", "short")], rows)
    if total > len(found):
        say(f"{len(found)} of {total} items; --limit 0 lists all", style="dim")
    else:
        say(f"{total} items", style="dim")


def removed_words(one: Item) -> str:
    """When and why an item was taken down; empty for all others."""
    from briefing.cli.tables import when

    return f"Removed on {when(one.removal.at)[:10]}: {one.removal.why}" if one.removal is not None else ""


def removal(one: Item) -> dict[str, Any] | None:
    """What programs are told of a takedown."""
    if (removed := one.removal) is None:
        return None
    return {
        "at": removed.at.isoformat(),
        "position": removed.position,
        "reason": removed.reason,
        "legal_basis": removed.legal_basis or None,
    }


def item_json(one: Item) -> dict[str, Any]:
    """What programs are told of an item in a list."""
    return {
        "id": one.id,
        "source": one.source,
        "title": one.title,
        "url": one.url,
        "published": one.published.value,
        "precision": one.published.precision,
        "seen": one.seen_at.isoformat(),
        "language": one.language,
        "state": one.state,
        "removed": removal(one),
        "revisions": one.revisions,
        "topics": [
            {
                "id": label.topic,
                "score": label.score,
                "level": label.level,
                "version": label.revision,
                "earned": label.earned,
            }
            for label in one.labels
        ],
        "suggested": [
            {"id": label.topic, "score": label.score, "level": label.level, "version": label.revision}
            for label in one.suggested
        ],
        "mentions": [mention.name for mention in one.mentions],
    }
