"""The demo: an invented press world on loopback, collected round by round, published, and shown."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing import demo
from briefing.cli.tables import say
from briefing.config import load
from briefing.outputs.wording import count_words
from briefing.service import Service
from briefing.web import make_app
from briefing.web.listening import listening
from briefing.web.listening import serve as listen

if TYPE_CHECKING:
    from pathlib import Path
    from socket import socket

    from briefing.demo import World

_ROUNDS = (
    "nine institutions are read for the first time: what their archives hold",
    "they publish: new statements in English, Japanese and Russian",
    "one edits a statement silently, one changes all its ids, one answers with a web page for a feed",
    "one withdraws a statement",
)


def rehearse(folder: Path, host: str, port: int, *, serve: bool) -> None:
    """Make the demo in `folder`, from nothing, and serve its site until stopped."""
    with listening(host, port) if serve else nullcontext() as opened:
        _rehearse(folder, f"http://{host}:{port}", opened)


def _rehearse(folder: Path, site: str, opened: socket | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    world = demo.World(datetime.now(UTC).astimezone(ZoneInfo("Asia/Tokyo")).date())
    with demo.serve(world) as base:
        config = folder / "sources.yaml"
        config.write_text(demo.settings(base, site), encoding="utf-8")
        with Service(f"sqlite:///{folder.absolute()}/briefing.db", folder, load(config)) as service:
            _collect(service, world)
            _publish(service)
            if opened is not None:
                say(f"The site is open on {site}/ (press Ctrl-C to stop)", style="bold")
                asyncio.run(listen(make_app(service), opened))


def _collect(service: Service, world: World) -> None:
    for number, what in enumerate(_ROUNDS, start=1):
        world.round = number
        found = service.collect(rechecking=number > 2, confirm_withdrawn=number == len(_ROUNDS))  # noqa: PLR2004 - from the edit on
        say(f"Round {number}: {what}")
        say(
            f"  {found.total('new')} items new, {found.total('revised')} revised, "
            f"{found.total('withdrawn')} withdrawn, {count_words(len(found.failed), 'source')} failing"
        )
        labels = service.classify()
        say(f"  {labels.gained} labels given to {labels.items} items")
        service.publish()


def _publish(service: Service) -> None:
    for one in service.brief():
        say(f"Issue {one.period} of the briefing holds {one.items} items")
    count = sum(1 for path in service.desk.public.rglob("*") if path.is_file())
    say(f"{count} files lie under {service.desk.public}")
