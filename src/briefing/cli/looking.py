"""One item, whole: show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.listing import item_json, removed_words
from briefing.cli.past import as_of_option, tell_moment

if TYPE_CHECKING:
    from rich.text import Text

    from briefing.cli.commands import Office
    from briefing.model import Evidence, Item, Label, Link, Revision, Story


@click.command()
@click.argument("item", metavar="ITEM")
@as_of_option
@json_option
@click.pass_obj
def show(office: Office, item: str, *, as_of: str | None, json_: bool) -> None:
    """Show one item, named by its id or the beginning of it: text, labels with their reasons, versions."""
    with office.service(configured=False) as service:
        library = service.known(as_of)
        one = library.item(service.chosen_item(item, as_of))
        assert one is not None
        versions = library.revisions(one.id)
        links, story = library.links(one.id), library.stories.story(one.id)
        if json_:
            from briefing.cli.storytelling import story_json

            told = {"story": story_json(story) if story else None}
            as_json(_whole(one, versions) | {"links": [_linked(link) for link in links]} | told)
            return
        source = next(each for each in library.sources(retired=True) if each.id == one.source)
    _show(one, versions, source.name, links, story)
    tell_moment(library)


def _whole(one: Item, versions: list[Revision]) -> dict[str, Any]:
    evidence = {label.topic: [_piece(piece) for piece in label.evidence] for label in (*one.labels, *one.suggested)}
    said = item_json(one)
    return said | {
        "topics": [topic | {"evidence": evidence[topic["id"]]} for topic in said["topics"]],
        "suggested": [topic | {"evidence": evidence[topic["id"]]} for topic in said["suggested"]],
        "mentions": [
            {
                "name": mention.name,
                "kind": "country" if mention.country else "institution",
                "evidence": [
                    {"phrase": piece.phrase, "place": piece.place, "sentence": piece.sentence}
                    for piece in mention.evidence
                ],
            }
            for mention in one.mentions
        ],
        "published_raw": one.published.raw,
        "date_origin": one.published.origin,
        "day": one.day,
        "authors": list(one.authors),
        "fingerprint": one.fingerprint,
        "noted": one.noted,
        "text": versions[-1].text,
        "versions": [
            {
                "number": version.number,
                "seen": version.seen_at.isoformat(),
                "position": version.position,
                "title": version.title,
                "text": version.text,
                "fingerprint": version.fingerprint,
            }
            for version in versions
        ],
    }


def _piece(piece: Evidence) -> dict[str, Any]:
    said = {"phrase": piece.phrase, "place": piece.place, "sentence": piece.sentence}
    return said if piece.phrase else said | {"words": list(piece.words)}


def _linked(link: Link) -> dict[str, Any]:
    other = link.other
    return {
        "id": other.id,
        "source": other.source,
        "language": other.language,
        "title": other.title,
        "relation": link.relation,
        "later": link.later,
        "reason": link.reason,
        "share": link.share or None,
    }


def _show(one: Item, versions: list[Revision], source: str, links: list[Link], story: Story | None) -> None:
    from itertools import pairwise

    from briefing.cli.tables import say, when
    from briefing.editions.edits import describe
    from briefing.outputs.linkwords import link_reason, link_words, member_reason

    _head(one, source)
    for link in links:
        say(f"{link_words(link)}: {link.other.title} ({link.other.source}, {link.other.id}); {link_reason(link)}")
    for member in story.told if story else ():
        if member.item.id != one.id:
            why = member_reason(member) if member.reason != "first" else "it opened the story"
            say(f"Same event: {member.item.title} ({member.item.source}, {member.item.id}); {why}")
    _labels(one, versions[-1].number)
    if one.removal is not None:
        say()
        say(removed_words(one), style="red")
        return
    for before, after in pairwise(versions):
        say()
        say(f"version {after.number}, {when(after.seen_at)}: {describe(before, after, one.language)}", style="yellow")
    say()
    say(versions[-1].text or one.noted or "no text")


def _head(one: Item, source: str) -> None:
    from briefing.cli.tables import say, state, table, when

    say(one.title, style="bold")
    claimed = f' (claimed: "{one.published.raw}", {one.published.origin})' if one.published.raw else ""
    rows: list[tuple[str, str | Text]] = [
        ("id", one.id),
        ("source", f"{source} ({one.source})"),
        ("address", one.url),
        ("published", f"{one.published.value or 'no date given'}{claimed}"),
        ("first seen", when(one.seen_at)),
        ("language", one.language),
        ("state", state(one.state)),
        ("fingerprint", one.fingerprint),
    ]
    table(["", ("", "fold")], [row for row in rows if row[1] != ""])


def _labels(one: Item, latest: int) -> None:
    """The topics with their reasons, those that are only suggested, and the names."""
    from briefing.cli.tables import say

    for label in one.labels:
        say()
        dropped = f", in version {label.revision}, dropped since" if label.revision < latest else ""
        by = {"model": ", by what was learnt", "people": ", confirmed by people"}.get(label.earned, "")
        say(f"{label.topic}: {label.level}, score {label.score}{by}{dropped}", style="bold")
        _reasons(label)
    for label in one.suggested:
        say()
        say(f"suggested, not given: {label.topic}", style="yellow")
        _reasons(label)
    if one.mentions:
        say()
        say("names", style="bold")
    for mention in one.mentions:
        for piece in mention.evidence:
            say(f"  {mention.name} ({piece.phrase}, {piece.place}): {piece.sentence}")


def _reasons(label: Label) -> None:
    from briefing.cli.tables import say

    for piece in label.evidence:
        told = piece.phrase or ", ".join(piece.words) or "meaning"
        say(f"  {told} ({piece.place}): {piece.sentence}")
