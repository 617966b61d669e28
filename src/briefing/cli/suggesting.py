"""`briefing topics suggest`: phrases that tell the items of a topic from the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.service.trying import Suggested

_SHOWN = 12


@click.command()
@click.argument("topic", metavar="TOPIC")
@click.option("--language", metavar="CODE", help="Only in one language, such as ru.")
@click.option("--limit", type=click.IntRange(min=1), default=_SHOWN, help=f"At most so many a language. [{_SHOWN}]")
@json_option
@click.pass_obj
def suggest(office: Office, topic: str, *, language: str | None, limit: int, json_: bool) -> None:
    """Propose phrases for a topic, from the items that have it, that tell them from the rest."""
    from briefing.errors import UsageError
    from briefing.service import trying

    with office.service(configured=False) as service:
        library = service.known()
        topics = {str(one.id): one for one in library.topics()}
        if topic not in topics:
            raise UsageError(f'there is no topic "{topic}"; there are {", ".join(sorted(topics)) or "none yet"}')
        found = trying.suggest(library, topics[topic], language, limit)
    if json_:
        as_json({"topic": topic, "languages": [_json(one) for one in found]})
    else:
        _show(topic, found)


def _json(one: Suggested) -> dict[str, Any]:
    return {
        "language": one.language,
        "items": one.inside,
        "others": one.outside,
        "phrases": [
            {"phrase": each.phrase, "score": each.score, "items": each.inside, "others": each.outside}
            for each in one.proposals
        ],
    }


def _show(topic: str, found: list[Suggested]) -> None:
    from briefing.cli.tables import counted, say, table

    if not found:
        say(f"no item has the topic {topic} yet: nothing to learn from")
    for one in found:
        others = "other" if one.outside == 1 else "others"
        say(
            f"{one.language}: from {counted(one.inside, 'item')} with the topic and {one.outside} {others}",
            style="bold",
        )
        if not one.proposals:
            say("  nothing that tells them apart surely enough; more items will")
            continue
        rows = [(each.phrase, str(each.inside), str(each.outside), f"{each.score:.1f}") for each in one.proposals]
        table(["phrase", ("items", "right"), ("others", "right"), ("surely", "right")], rows)
