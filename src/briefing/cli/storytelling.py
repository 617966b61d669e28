"""Stories: which items tell of one event; how well they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.past import as_of_option, tell_moment

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.model import Member, Story
    from briefing.service.storyscores import Evaluation

_SHOWN = 20


@click.group(invoke_without_command=True)
@click.option("--limit", type=click.IntRange(min=1), default=_SHOWN, show_default=True, help="At most so many.")
@as_of_option
@json_option
@click.pass_context
def stories(ctx: click.Context, *, limit: int, as_of: str | None, json_: bool) -> None:
    """List the stories that several sources tell, those first that were told last."""
    if ctx.invoked_subcommand is not None:
        return
    office: Office = ctx.obj
    with office.service(configured=False) as service:
        library = service.known(as_of)
        found = library.stories.newest(limit)
        if json_:
            as_json([story_json(one) for one in found])
            return
        total = library.stories.count()
    _list(found, total)
    tell_moment(library)


def story_json(story: Story) -> dict[str, Any]:
    """What programs are told of a story."""
    return {"id": story.id, "first": story.told[0].item.id, "members": [_member(one) for one in story.told]}


def _member(one: Member) -> dict[str, Any]:
    return {
        "id": one.item.id,
        "source": one.item.source,
        "language": one.item.language,
        "title": one.item.title,
        "url": one.item.url,
        "published": one.item.published.value,
        "resembles": one.other or None,
        "reason": one.reason,
        "score": one.score or None,
        "method": one.method,
        "joined": one.at.isoformat(),
    }


def _list(found: list[Story], total: int) -> None:
    from briefing.cli.tables import say, table

    if not found:
        say("no stories: none of the items held is told of by two sources. `briefing classify` looks for them.")
        return
    rows = [
        (
            story.id,
            story.told[0].item.published.value[:10] if story.told[0].item.published.value else "no date",
            ", ".join(dict.fromkeys(member.item.source for member in story.told)),
            story.told[0].item.title,
        )
        for story in found
    ]
    table(["id", "published", ("told by", "short"), ("title", "short")], rows)
    say(f"{len(found)} of {total} stories; `briefing show ITEM` says why an item is in one", style="dim")


@stories.command()
@click.option(
    "--labelled", "file", required=True, metavar="FILE", type=click.File(encoding="utf-8"),
    help='Lines such as {"text": "...", "story": "...", "language": "en", "published": "2026-03-14"}.',
)  # fmt: skip
@click.option("--words", is_flag=True, help="By words alone, though the encoder is installed.")
@click.option("--threshold", type=click.IntRange(1, 100), help="In place of the configured ones for one language.")
@click.option("--across", type=click.IntRange(1, 100), help="In place of the configured one for meanings.")
@json_option
@click.pass_obj
def evaluate(office: Office, file: Any, *, words: bool, threshold: int | None, across: int | None, json_: bool) -> None:
    """Say how well stories are found in a labelled file: B-cubed precision, recall and F1.

    Each line counts as told by a medium of its own; a text of several lines as a title with what it says.
    """
    from dataclasses import replace

    from briefing.service import storyscores
    from briefing.service.storying import woven

    rules = woven(office.story_rules())
    if threshold is not None:
        rules = replace(rules, threshold=threshold, headlines=threshold)
    if across is not None:
        rules = replace(rules, across=across)
    found = storyscores.evaluate(storyscores.read(file, file.name), rules, storyscores.usual(not words))
    if json_:
        as_json(_scores(found))
    else:
        _tell(found)


def _scores(found: Evaluation) -> dict[str, Any]:
    one = found.agreement
    return {
        "items": one.items,
        "stories": one.given,
        "found": one.found,
        "b_cubed": {"precision": one.precision, "recall": one.recall, "f1": one.f1},
        "method": found.method,
    }


def _tell(found: Evaluation) -> None:
    from briefing.cli.tables import say

    one = found.agreement
    say(f"{one.items:,} texts of {one.given:,} stories; {one.found:,} found by {found.method}")
    say(f"B-cubed: precision {one.precision:.3f}, recall {one.recall:.3f}, F1 {one.f1:.3f}", style="bold")
