"""One source for `status SOURCE`: its state, its rhythm and what sets it, its last attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from briefing.cli.commands import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from rich.text import Text

    from briefing.model import Attempt, Health, Turn

_SHOWN = 30


def health_json(one: Health) -> dict[str, Any]:
    """What programs are told of a source; times are ISO 8601, spans in seconds."""
    from briefing.outputs.health_words import pace_words

    return {
        "id": one.source,
        "state": one.state,
        "items": one.items,
        "last_success": _iso(one.last_success),
        "last_error": one.detail or None,
        "failure": one.failure or None,
        "status": one.status,
        "since": _iso(one.since),
        "next_run": _iso(one.next_run),
        "newest": one.newest,
        "left_out": {"excluded": one.excluded, "foreign": one.foreign},
        "url": one.url,
        "last_attempt": _iso(one.last_attempt),
        "interval": one.interval or None,
        "why": one.why or None,
        "rhythm": pace_words(one) or None,
        "failures": one.failures,
        "push": one.push or None,
        "pages": [
            {"state": it.trouble, "pages": it.pages, "since": it.since, "detail": it.said or None} for it in one.pages
        ],
        "last_new": _iso(one.spoke_at),
        "patience": one.patience or None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def tell_source(
    source: str,
    found: Sequence[Health],
    attempts: Sequence[Attempt],
    turns: Sequence[Turn],
    now: datetime,
    *,
    json_: bool,
    beside: Mapping[str, Any] | None = None,
) -> None:
    """Print how one source does; `found` holds nothing where it is no longer read.

    `beside` is told to programs too.
    """
    health = next(iter(found), None)
    if json_:
        told = health_json(health) if health is not None else {"id": source, "state": "retired"}
        visits = {"attempts": [_attempt(one) for one in attempts], "changes": [_turn(one) for one in turns]}
        as_json(told | dict(beside or {}) | visits)
        return
    _tell(source, health, turns, now)
    _list(attempts)


def _attempt(one: Attempt) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": one.at.isoformat(),
        "outcome": one.outcome,
        "status": one.status,
        "bytes": one.size,
        "items": one.items,
        "new": one.new,
        "milliseconds": one.milliseconds,
    }


def _turn(one: Turn) -> dict[str, Any]:
    return {
        "position": one.position,
        "at": one.at.isoformat(),
        "state": one.state,
        "before": one.before,
        "failure": one.failure or None,
        "detail": one.detail or None,
        "status": one.status,
    }


def _tell(source: str, health: Health | None, turns: Sequence[Turn], now: datetime) -> None:
    from briefing.cli.tables import say, state, table, when
    from briefing.editions.health import headline
    from briefing.outputs.health_words import pace_words, page_words, silence_words

    if health is None:
        say(f"{source} is no longer read; what it published is kept.")
        return
    rows: list[tuple[str, str | Text]] = [
        ("source", source),
        ("state", state(health.state)),
        ("since", when(health.since) if health.since else ""),
        ("fault", health.detail),
        ("silence", silence_words(health, now)),
        *(("item pages", page_words(one)) for one in health.pages),
        ("address", health.url),
        ("items", str(health.items)),
        ("last asked", when(health.last_attempt)),
        ("last heard", when(health.last_success)),
        ("next run", when(health.next_run) if health.next_run else "at the next collect"),
        ("rhythm", pace_words(health)),
    ]
    table(["", ("", "fold")], [row for row in rows if str(row[1])])
    for turn in turns[:3]:
        say(f"{when(turn.at)}: {headline(turn)}", style="dim")


def _list(attempts: Sequence[Attempt]) -> None:
    from briefing.cli.tables import say, state, table, when

    say()
    if not attempts:
        say("no attempts are known")
        return
    rows = [
        (
            when(one.at), state(one.outcome), str(one.status or "none"), f"{one.size:,}", str(one.items), str(one.new),
            f"{one.milliseconds:,}",
        )
        for one in attempts[:_SHOWN]
    ]  # fmt: skip
    names = [(name, "right") for name in ("status", "bytes", "entries", "new", "ms")]
    table(["attempt", "outcome", *names], rows)
