"""Mail: send, bounces."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefing.cli.commands import Office
    from briefing.service import Service
    from briefing.service.sending import Preview, SendResult

_SAID = {
    "accepted": "taken over by the server",
    "deferred": "put off by the server",
    "refused": "refused",
    "unconfirmed": "unconfirmed",
    "dropped": "dropped: not on the list any more",
}

_OPEN = {
    "waiting": "waiting to be handed over: `briefing send`",
    "unconfirmed": "unconfirmed: `briefing send --briefing ID --again-unconfirmed` may send them twice",
}


@click.command()
@click.option("--briefing", metavar="ID", help="The briefing; without it all that is due.")
@click.option("--week", "--period", "period", metavar="PERIOD", help="The issue, such as 2017-W12; else the last one.")
@click.option("--to", "addresses", metavar="ADDRESS", multiple=True, help="Only to these on its list.")
@click.option("--dry-run", is_flag=True, help="Send nothing; list what would go to whom.")
@click.option("--again-unconfirmed", is_flag=True, help="Also what may have arrived: somebody may get it twice.")
@json_option
@click.pass_obj
def send(
    office: Office,
    briefing: str | None,
    period: str | None,
    addresses: tuple[str, ...],
    *,
    dry_run: bool,
    again_unconfirmed: bool,
    json_: bool,
) -> int:
    """Mail a published issue to everybody on its list who has not got it; said twice it sends once.

    It goes on where an earlier run was stopped. Exit 1 where a mail could not be handed over.
    """
    if briefing is None and (period or addresses or dry_run or again_unconfirmed):
        raise click.UsageError("--week, --to, --dry-run and --again-unconfirmed go with --briefing")
    with office.service() as service:
        service.adopt()
        if dry_run:
            assert briefing is not None
            _show(service.preview_mails(briefing, period, addresses), json_=json_)
            return 0
        found = _send(service, briefing, period, addresses, again=again_unconfirmed, json_=json_)
    _sum_up(found, json_=json_)
    return 1 if found.fault or found.counts.get("refused") or found.counts.get("deferred") else 0


def _send(
    service: Service, briefing: str | None, period: str | None, to: Sequence[str], *, again: bool, json_: bool
) -> SendResult:
    if json_:
        return service.send(briefing, period, to=to, again=again) if briefing else service.post_round()
    from briefing.cli.tables import steps

    with steps() as advance:

        def progress(done: int, of: int) -> None:
            advance("send", done, of)

        if briefing is None:
            return service.post_round(progress)
        return service.send(briefing, period, to=to, again=again, progress=progress)


def _sum_up(found: SendResult, *, json_: bool) -> None:
    if json_:
        as_json(asdict(found))
        return
    from briefing.cli.tables import counted, err, say

    told = [f"{counted(count, 'mail')} {_SAID[sort]}" for sort, count in found.counts.items() if count]
    left = found.waiting or found.unconfirmed or found.fault
    say("; ".join(told) or ("nothing was sent" if left else "nothing to send: everybody has got it"))
    for sort, words in found.words.items():
        say(f"the server on what it {'put off' if sort == 'deferred' else 'refused'}: {words}", style="dim")
    if found.waiting:
        say(f"waiting: {counted(found.waiting, 'mail')}; `briefing send` goes on")
    if found.unconfirmed:
        say(
            f"unconfirmed: {counted(found.unconfirmed, 'mail')}, which were on their way when the sender or the server "
            "went; `--again-unconfirmed` sends them once more (docs/mail.md)"
        )
    if found.fault:
        err.print(found.fault, soft_wrap=True)


def _show(found: Sequence[Preview], *, json_: bool) -> None:
    if json_:
        as_json([asdict(one) for one in found])
        return
    from briefing.cli.tables import counted, say, state, table
    from briefing.mailbox import shown

    columns = ("to", "state", ("topics", "fold"), ("formats", "fold"), ("kB", "right"))
    rows = [
        (
            shown(one.address),
            state(one.state),
            ", ".join(one.topics) or "all",
            ", ".join(one.formats) or "html, text",
            f"{one.size / 1000:.0f}",
        )
        for one in found
    ]
    if found:
        say(found[0].subject)
        table(columns, rows)
    for one in found:
        if one.missing:
            say(
                f"{shown(one.address)}: the issue has no {', '.join(one.missing)}; the mail goes without",
                style="yellow",
            )
    new = sum(one.state == "new" for one in found)
    say(f"{counted(new, 'mail')} would go out, {len(found) - new} were decided on before; nothing was sent")


def tell_outbox(counts: Mapping[str, int]) -> None:
    """A line on the mails that somebody may have to look after; none where there are none."""
    from briefing.cli.tables import counted, say

    told = [f"{counted(counts[name], 'mail')} {words}" for name, words in _OPEN.items() if counts.get(name)]
    if told:
        say(f"{'; '.join(told)} (docs/mail.md)")


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
@click.pass_obj
def bounces(office: Office, folder: Path | None, *, json_: bool) -> None:
    """Take what a Maildir (by default that of mail.bounces) says of mail that came back.

    Who cannot be reached for good is mailed nothing more; notices are marked as seen, other mail is left alone.
    """
    with office.service() as service:
        found = service.bounces(folder)
    if json_:
        as_json(dict(found))
        return
    from briefing.cli.tables import counted, say

    say(
        f"{counted(found['read'], 'notice')} read: {found['bounced']} mails came back, {found['complaints']} "
        f"complaints, {found['suppressed']} addresses are mailed nothing more"
    )
    if found["unknown"]:
        say(f"{found['unknown']} concern nobody on a list", style="dim")
