"""The verb deliver, and how channels do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from briefing.cli.commands import Office
    from briefing.projections import ChannelState, DeadLetter
    from briefing.service import Service
    from briefing.service.telling import Delivered


@click.command()
@click.option("--channel", "channels", multiple=True, metavar="ID", help="Only this channel; may be given again. [all]")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@json_option
@click.pass_obj
def deliver(office: Office, channels: tuple[str, ...], *, dry_run: bool, json_: bool) -> int:
    """Send what is new to the channels under `deliver` in sources.yaml, and word of changed feeds to the hub.

    What a channel did not take is tried again later, each time after a longer pause; nothing is sent twice.
    """
    with office.service() as service:
        if not dry_run:
            service.adopt()
        found = service.deliver(channels, dry_run=dry_run)
    if json_:
        as_json([asdict(one) for one in found])
    else:
        tell(found, dry_run=dry_run)
    return 1 if any(one.fault or one.dead for one in found) else 0


def tell(found: Sequence[Delivered], *, dry_run: bool = False) -> None:
    """What came of a round, one line for each channel; of a rehearsal everything that would be sent."""
    from briefing.cli.tables import say
    from briefing.service.results import delivered_words

    if not found:
        say("nothing to deliver to: channels are set under `deliver` in sources.yaml")
    for one in found:
        if not dry_run:
            say(delivered_words(one), style="red" if one.fault or one.dead else "")
            continue
        say(f"{one.channel} ({one.kind}): " + ("would be sent" if one.pending else "nothing is new"))
        for line in one.pending:
            say(f"  {line}")
        if one.waits:
            say(f"  {one.waits}", style="dim")


def states_of(service: Service) -> tuple[list[ChannelState], list[DeadLetter]]:
    """The channels and the hub as they stand, and what was given up; what else is remembered there is no channel."""
    states = service.desk.channels.all().values()
    shown = [one for one in states if one.name == "@hub" or not one.name.startswith("@")]
    return shown, service.desk.channels.letters()


def states_json(states: Sequence[ChannelState], letters: Sequence[DeadLetter]) -> list[dict[str, Any]]:
    """What programs are told of the channels."""
    return [
        {
            "id": one.name.removeprefix("@"),
            "position": one.position,
            "sent": one.sent,
            "last_delivered": _iso(one.delivered_at),
            "failures": one.failures,
            "failing_since": _iso(one.failing_since),
            "next_attempt": _iso(one.next_at),
            "fault": one.fault or None,
            "given_up": [_letter(letter) for letter in letters if letter.channel == one.name],
        }
        for one in states
    ]


def _letter(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "of": letter.subject,
        "position": letter.position,
        "given_up_at": _iso(letter.given_up_at),
        "fault": letter.fault,
    }


def tell_states(states: Sequence[ChannelState], letters: Sequence[DeadLetter]) -> None:
    """How the channels do, for people; nothing where there are none."""
    from briefing.cli.tables import counted, say, table

    if not states:
        return
    say()
    table(["channel", "state", ("sent", "right"), "last taken", ("", "fold")], [_row(one) for one in states])
    for one in states:
        if own := [letter for letter in letters if letter.channel == one.name]:
            said = f"{counted(len(own), 'message')} given up, the last one {own[-1].subject}: {own[-1].fault}"
            say(f"{one.name.removeprefix('@')}: {said}", style="red")


def _row(one: ChannelState) -> tuple[str | Text, ...]:
    from briefing.cli.tables import state, when

    doing = "failing" if one.failures else "ok"
    beside = f"{one.fault}; next attempt {when(one.next_at)}" if one.failures else ""
    return one.name.removeprefix("@"), state(doing), str(one.sent), when(one.delivered_at), beside


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
