"""Looking at what is known: items, show, status, log."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.delivering import states_json, states_of, tell_states
from briefing.cli.past import as_of_option, tell_moment
from briefing.cli.sending import tell_outbox
from briefing.cli.states import health_json as _health
from briefing.cli.states import tell_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from briefing.cli.commands import Office
    from briefing.model import Evidence, Gap, Health, Item, Label, Link, Move, Revision, Story
    from briefing.projections import Holdings
    from briefing.service import Service

_SHOWN = 40
_CLOSED = 5


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
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
@click.option("--since", metavar="DAY", callback=_day, help="From this day on (2017-03-20).")
@click.option("--until", metavar="DAY", callback=_day, help="Up to this day, included.")
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
        _known(library, source, topic)
        shown = limit if limit is not None else 0 if json_ else _SHOWN
        found = library.items(source=source, topic=topic, since=since, until=until, limit=shown or None, order="day")
        if json_:
            as_json([_item(one) for one in found])
            return
        total = library.count(source=source, topic=topic, since=since, until=until)
    _list(found, total)
    tell_moment(library)


def _known(library: Holdings, source: str | None, topic: str | None) -> None:
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


def _item(one: Item) -> dict[str, Any]:
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
    said = _item(one)
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

    from briefing.cli.tables import say, state, table, when
    from briefing.editions.edits import describe
    from briefing.outputs.linkwords import link_reason, link_words, member_reason

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
    for link in links:
        say(f"{link_words(link)}: {link.other.title} ({link.other.source}, {link.other.id}); {link_reason(link)}")
    for member in story.told if story else ():
        if member.item.id != one.id:
            why = member_reason(member) if member.reason != "first" else "it opened the story"
            say(f"Same event: {member.item.title} ({member.item.source}, {member.item.id}); {why}")
    for label in one.labels:
        say()
        dropped = f", in version {label.revision}, dropped since" if label.revision < versions[-1].number else ""
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
    if one.removal is not None:
        say()
        say(removed_words(one), style="red")
        return
    for before, after in pairwise(versions):
        say()
        say(f"version {after.number}, {when(after.seen_at)}: {describe(before, after, one.language)}", style="yellow")
    say()
    say(versions[-1].text or one.noted or "no text")


def _reasons(label: Label) -> None:
    from briefing.cli.tables import say

    for piece in label.evidence:
        told = piece.phrase or ", ".join(piece.words) or "meaning"
        say(f"  {told} ({piece.place}): {piece.sentence}")


@click.command()
@click.argument("source", metavar="[SOURCE]", required=False)
@as_of_option
@json_option
@click.pass_obj
def status(office: Office, source: str | None, *, as_of: str | None, json_: bool) -> None:
    """Say how the sources do, the failing ones first; of one source, also what came of its last visits.

    When they were last asked, and will be next, is not in the log: of the past it is not said.
    """
    from briefing.observe.silence import as_of as now_of

    with office.service(configured=False, new=True) as service:
        library = service.known(as_of)
        position = library.position()
        now = service.desk.clock()
        gaps, moves = library.gaps(), library.moves()
        found = [now_of(one, now) if as_of is None else one for one in library.health()]
        channels = states_of(service) if as_of is None else ([], [])
        mails = service.desk.outbox.counts() if as_of is None else {}
        if source is not None:
            _known(library, source, None)
            chosen = [one for one in found if one.source == source]
            attempts = service.desk.library.attempts(source) if as_of is None else ()
            gaps, moves = library.gaps([source]), tuple(move for move in moves if move.source == source)
            turns, beside = library.turns(source=source, limit=10), _beside(source, gaps, moves)
            tell_source(source, chosen, attempts, turns, now, json_=json_, beside=beside)
            if not json_:
                _tell_gaps(gaps, moves)
            return
    if as_of is None:
        found.extend(_unread(office, {one.source for one in found}))
    if json_:
        sources = [_health(one) | _beside(one.source, gaps, moves) for one in found]
        as_json({"position": position, "sources": sources, "channels": states_json(*channels), "mails": mails})
        return
    _tell_health(found, position, office.places().database_url)
    _tell_gaps(gaps, moves)
    _tell_pushes(found)
    tell_states(*channels)
    tell_outbox(mails)
    tell_moment(library)


def _unread(office: Office, known: set[Any]) -> list[Health]:
    """Sources that are configured and were never collected."""
    from briefing.errors import ConfigError
    from briefing.model import Health

    try:
        settings = office.settings()
    except ConfigError as error:
        click.echo(f"{error}\nThe configuration is not read; what follows is what the log knows.", err=True)
        return []
    return [
        Health(source=source.id, state="new", url=source.url) for source in settings.sources if source.id not in known
    ]


def left_out(excluded: int, foreign: int) -> str:
    """How many entries a source's rules left out, as the end of a line; empty for none."""
    counts = ((excluded, "by include and exclude"), (foreign, "of other domains"))
    said = [f"{count} {which}" for count, which in counts if count]
    return f"; left out: {', '.join(said)}" if said else ""


def _beside(source: str, gaps: Sequence[Gap], moves: Sequence[Move]) -> dict[str, Any]:
    return {
        "gaps": [
            {
                "position": gap.position,
                "since": gap.since.isoformat(),
                "until": gap.until.isoformat(),
                "state": gap.state,
                "how": gap.how or None,
                "reason": gap.reason or None,
                "items": gap.items,
            }
            for gap in gaps
            if gap.source == source
        ],
        "proposed_url": next((move.to for move in moves if move.source == source), None),
    }


def _tell_gaps(gaps: Sequence[Gap], moves: Sequence[Move]) -> None:
    """Every gap that is open and the latest that were closed; the addresses that are proposed."""
    from briefing.cli.tables import say, when
    from briefing.outputs.wording import gap_words, move_words

    closed = [gap for gap in gaps if gap.state == "closed"][:_CLOSED]
    for gap in [*(gap for gap in gaps if gap.state == "open"), *closed]:
        style = "yellow" if gap.state == "open" else "dim"
        say(f"{gap.source}: possible gap, {when(gap.since)} to {when(gap.until)}, {gap_words(gap)}", style=style)
    for move in moves:
        say(f"{move.source}: {move_words(move)}", style="yellow")


def _tell_pushes(found: Sequence[Health]) -> None:
    from briefing.cli.tables import say

    for one in found:
        if one.push == "faulty":
            say(f"{one.source}: its hub does not tell us everything; it is asked at its own pace", style="yellow")


def _tell_health(found: list[Health], position: int, database_url: str) -> None:
    from briefing.cli.tables import say, state, table, when
    from briefing.eventstore import sqlite_warning
    from briefing.outputs.health_words import page_words, place

    found = sorted(found, key=lambda one: (place(one.state), one.source))
    rows = [
        (
            state(one.state),
            one.source,
            str(one.items),
            when(one.last_success),
            (one.detail.replace(f"{one.url} ", "") or (one.newest or "")[:10]) + left_out(one.excluded, one.foreign),
        )
        for one in found
    ]
    table(["state", "source", ("items", "right"), "last heard", ("newest item, or fault", "fold")], rows)
    for one in found:
        for trouble in one.pages:
            say(f"{one.source}: {page_words(trouble)}", style="yellow")
        if one.drop:
            rule = ", ".join(f'"{selector}"' for selector in one.drop)
            say(f"{one.source}: these passages are another text at every look; leave them out with", style="yellow")
            say(f"    article: {{drop: [{rule}]}}", style="yellow")
    good = sum(one.state in ("ok", "quiet") for one in found)
    say(f"{good} of {len(found)} sources ok, {sum(one.items for one in found)} items, log position {position}")
    if warning := sqlite_warning(database_url):
        say(warning, style="dim")


@click.command()
@click.option("--after", type=click.IntRange(min=0), default=0, metavar="N", help="Behind this position. [0]")
@click.option(
    "--limit", type=click.IntRange(min=0), default=None, help="At most so many, 0 for all. [40; all with --json]"
)
@json_option
@click.pass_obj
def log(office: Office, after: int, limit: int | None, *, json_: bool) -> None:
    """List events of the log in their order. Publishers' words are not in them."""
    from itertools import islice

    with office.service(configured=False) as service:
        shown = limit if limit is not None else 0 if json_ else _SHOWN
        lines = islice(_events(service, after), shown or None)
        if json_:
            _print_list(lines)
            return
        from briefing.cli.tables import say, table

        rows = [
            (str(one["position"]), one["recorded_at"][:19].replace("T", " "), one["type"], _gist(one["data"]))
            for one in lines
        ]
        table([("position", "right"), "recorded (UTC)", "event", ("", "short")], rows)
        say(f"the log ends at position {service.desk.store.head()}", style="dim")


def _events(service: Service, after: int) -> Any:
    while page := service.desk.store.read(after):
        for recorded in page:
            yield {
                "position": recorded.position,
                "recorded_at": recorded.recorded_at.isoformat(),
                "stream": recorded.stream,
                "type": recorded.event.NAME,
                "version": recorded.event.VERSION,
                "data": recorded.event.data(),
            }
        after = page[-1].position


def _print_list(lines: Any) -> None:
    """A JSON list, one event a line, so that a long log is neither held in memory nor unreadable."""
    import json

    stream = sys.stdout.buffer
    stream.write(b"[")
    for number, line in enumerate(lines):
        stream.write((",\n" if number else "\n").encode() + json.dumps(line, ensure_ascii=False).encode())
    stream.write(b"\n]\n")


def _gist(data: dict[str, Any]) -> str:
    parts = [str(data[key]) for key in ("source", "item", "briefing", "period", "failure", "detail") if data.get(key)]
    if "labels" in data:
        parts.append(", ".join(label["topic"] for label in data["labels"]) or "no topic")
    if "suggestions" in data:
        parts.append(", ".join(one["topic"] for one in data["suggestions"]) or "nothing suggested")
    if "belongs" in data:
        parts.append(f"{data['topic']}: {'yes' if data['belongs'] else 'no'}")
    if "rules" in data and "topics" in data:
        parts.append(f"{len(data['topics'])} topics")
    return " ".join(parts)
