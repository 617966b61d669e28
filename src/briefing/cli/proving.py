"""What the log proves: verify, prove, check-proof, consistency."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.eventstore.notes import Verifier
    from briefing.service.proving import Proven
    from briefing.service.verifying import VerifyResult

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_key_option = click.option("--key", type=_FILE, metavar="FILE", help="The log's public key (log.vkey) that you trust.")


@click.command()
@click.option("--full", is_flag=True, help="Compare read models, feeds and issues too: made again from the log.")
@click.option("--checkpoint", type=_FILE, metavar="FILE", help="A checkpoint that you kept: the log must extend it.")
@json_option
@click.pass_obj
def verify(office: Office, *, full: bool, checkpoint: Path | None, json_: bool) -> int:
    """Compute again what is stored and published, and say ok or name what differs first."""
    from briefing.cli.tables import progress
    from briefing.service.verifying import verify

    with office.service(configured=False) as service:
        if json_:
            found = verify(service.desk, full=full, checkpoint=checkpoint)
            as_json({"ok": found.ok, **asdict(found)})
        else:
            with progress("verify", service.desk.store.head()) as advance:
                found = verify(
                    service.desk, full=full, checkpoint=checkpoint, progress=lambda position: advance("", position)
                )
            _tell(found, full=full)
    return 0 if found.ok else 1


def _tell(found: VerifyResult, *, full: bool) -> None:
    from briefing.cli.tables import counted, say

    for position in found.unfinished:
        say(f"event {position} took down words that are still held: run `briefing takedown` for it again", style="red")
    if not found.ok:
        say(f"differs: {found.problem}", style="red")
        return
    erased = f", {found.erased} erased by takedowns" if found.erased else ""
    say(f"ok: {found.events} events, {found.blobs} texts{erased}")
    if found.signed:
        say(f"signed up to event {found.signed}: {found.checkpoints} checkpoints, {found.log_files} files of the log")
    else:
        say("not signed yet: `briefing publish` signs")
    if full:
        older = f", {found.older} of them by their hashes alone: another version made them" if found.older else ""
        if found.unmade:
            say(f"{counted(found.unmade, 'document')} compared by their hashes alone: their extra is not installed")
        say(f"{found.rows} rows of read models, {found.feeds} files of feeds, {counted(found.issues, 'issue')}{older}")


@click.command()
@click.argument("item", metavar="ITEM")
@click.option("--revision", type=click.IntRange(1), metavar="N", help="Which version. [the latest]")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="[ITEM.proof.json]")
@json_option
@click.pass_obj
def prove(office: Office, item: str, revision: int | None, output: Path | None, *, json_: bool) -> None:
    """Write a file that proves what an item's page said, and that it stands in the signed log."""
    from briefing.errors import OutputError, UsageError
    from briefing.service.proving import prove, written

    with office.service(configured=False) as service:
        service.desk.projector.catch_up()
        found = service.desk.library.find(item)
        if len(found) != 1:
            what = f"{len(found)} items begin" if found else "no item begins"
            raise UsageError(f'{what} with "{item}": `briefing items` lists them with their ids')
        proof = prove(service.desk, found[0], revision)
    if json_:  # the file itself, for `--json > FILE` is one way to write it
        sys.stdout.buffer.write(written(proof))
        sys.stdout.buffer.flush()
        return
    from briefing.cli.tables import say

    path = output or Path(f"{proof['item']}.proof.json")
    try:
        path.write_bytes(written(proof))
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}): name another file with --output") from error
    say(f"{path}: version {proof['revision']} of {proof['item']}, event {proof['index'] + 1} of the log")
    if proof["payload"] is None:
        say("its words were erased: the proof shows that it was there, not what it said")


@click.command("check-proof")
@click.argument("file", type=_FILE, metavar="FILE")
@_key_option
@json_option
def check_proof(file: Path, key: Path | None, *, json_: bool) -> None:
    """Check a file that `prove` wrote; no log and no network is needed."""
    from briefing.errors import UsageError
    from briefing.service.proving import check

    try:
        held = file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read ({error.strerror}): name a file that `briefing prove` wrote"
        ) from error
    found = check(held, _trusted(key))
    if json_:
        as_json({"ok": True, **asdict(found)})
        return
    _tell_proof(found, trusted=key is not None)


def _tell_proof(found: Proven, *, trusted: bool) -> None:
    from briefing.cli.tables import say

    say(f"ok: version {found.revision} of {found.item} is event {found.position} of {found.size} of {found.origin}")
    say(f"recorded {found.recorded_at}")
    if found.words is None:
        say("this file holds no words, erased or left out: it shows that the version was there, not what it said")
    else:
        say(f"{found.words['title']}\n{found.words['url']}\n\n{found.words['text']}")
    if not trusted:
        say(f"signed with {found.key}\ncompare this with the key that the log publishes, or name it with --key")


@click.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@_key_option
@json_option
@click.pass_obj
def consistency(office: Office, old: Path, new: Path, key: Path | None, *, json_: bool) -> int:
    """Say whether the log of checkpoint NEW extends that of checkpoint OLD: nothing changed, only added."""
    from briefing.service.proving import consistency

    with office.service(configured=False) as service:
        found = consistency(service.desk, old, new, _trusted(key))
    if json_:
        as_json(asdict(found))
    else:
        from briefing.cli.tables import say

        if found.extends:
            say(f"ok: the {found.new} events of {new} begin with the {found.old} of {old}")
        else:
            say(f"differs: the {found.new} events of {new} do not begin with the {found.old} of {old}", style="red")
    return 0 if found.extends else 1


def _trusted(key: Path | None) -> Verifier | None:
    if key is None:
        return None
    from briefing.eventstore.notes import Verifier

    return Verifier.read(key.read_text(encoding="utf-8", errors="replace"))
