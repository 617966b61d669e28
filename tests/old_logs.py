"""Logs of earlier programs, kept as exports: what must come out of them, and how another one is made.

`python tests/old_logs.py make NAME` writes a log with every event of today, `expect` what comes out of all of them.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing import events
from briefing.events import canonical
from briefing.eventstore import New
from briefing.model import Digest, House, StoryRules, TopicId
from briefing.service import Service, keeping
from keeping_support import marks_of, takedown  # type: ignore[import-not-found]  # see conftest
from log_support import Clock, failed, observed, revised, words  # type: ignore[import-not-found]  # the same
from street_support import files, settings, source  # type: ignore[import-not-found]  # the same

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.service.rebuilding import RebuildResult

FOLDER = Path(__file__).parent / "data" / "logs"
LOGS = sorted(FOLDER.glob("*.zst"))
SIGNED = ("log/checkpoint", "log/log.vkey")  # by a key that is made anew
NAME = "selvane"
SENT = f"source:{NAME}"


def replayed(log: Path, storage: Path) -> tuple[RebuildResult, dict[str, Any], dict[str, str]]:
    """A log taken in and followed anew: how that went, what the read models say, SHA-256 of what is published."""
    place = f"sqlite:///{storage}/briefing.db"
    with log.open("rb") as opened:
        keeping.import_log(place, storage, opened, log.name)
    with Service(place, storage) as service:
        made = service.rebuild()
        said = _said(service)
    public = {path: body for path, body in files(storage / "public").items() if not path.startswith(SIGNED)}
    return made, said, {path: hashlib.sha256(body).hexdigest() for path, body in public.items()}


def _said(service: Service) -> dict[str, Any]:
    """What the read models say, in words that outlive their tables."""
    library = service.desk.library
    found = {
        "items": [_item(service, item) for item in library.items(evidence=True)],
        "changes": [[one.kind, one.item.id, one.at.isoformat()] for one in library.changes()],
        "sources": {one.id: [one.name, one.url] for one in library.sources(retired=True)},
        "health": [[one.source, one.state, one.failure, one.items] for one in library.health()],
        "issues": [[one.briefing, one.period, one.version, one.as_of, list(one.items)] for one in library.issues()],
        "topics": {one.id: {key: list(words) for key, words in one.phrases.items()} for one in library.topics()},
        "ahead": [
            [one.id, f"{one.first}/{one.last}", one.state, one.sequence, one.before]
            for one in library.calendar.meetings()
        ],
        "digests": [one.id for one in library.digests()],
        "site": library.site().title,
    }
    plain: dict[str, Any] = json.loads(canonical(found))
    return plain


def _item(service: Service, item: Any) -> dict[str, Any]:
    return {
        "id": item.id, "title": item.title, "url": item.url, "state": item.state, "day": item.day,
        "language": item.language,
        "labels": [[label.topic, label.score, label.level, label.revision] for label in item.labels],
        "versions": [[one.number, one.title, one.text] for one in service.desk.library.revisions(item.id)],
    }  # fmt: skip


def expected(log: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(log.with_suffix(".json").read_text(encoding="utf-8"))
    return found


# ---------------------------------------------------------------- making


def tell(storage: Path) -> None:
    """A log with every event of today, as the program itself records them."""
    clock = Clock(datetime(2026, 2, 23, 9, tzinfo=UTC))
    first = settings(
        source(NAME, "https://selvane.example/feed", None, redistribute="full"),
        source("oriad", "https://oriad.example/feed", None),
        digests=(Digest(id="fish", title="Fish", topics=(TopicId("fish"),), bundle="day"),),
        house=House(name="The desk of the harbour", accent="#004433", footer="Pier 4"),
    )
    place = f"sqlite:///{storage}/briefing.db"
    with Service(place, storage, first, clock) as service:
        store = service.desk.store

        def say(*news: New, **by: float) -> int:
            clock.move(**by)
            position = store.append(SENT, news)[-1].position
            service.classify()
            service.publish()
            return position

        service.adopt()
        say(failed("timeout", "f"), New(event=events.SourceRecovered(source=NAME), key="r"), minutes=5)
        say(New(event=events.SourceMoved(source=NAME, url="https://selvane.example/new"), key="m"), minutes=5)
        named = events.SourceSelfNamed(source=NAME, url="https://selvane.example/itself")
        rested = events.SourceRested(source=NAME, status=410)
        say(New(event=named, key="sn"), New(event=rested, key="rs"), minutes=5)
        say(
            observed("a1", payload=_words("Herring in the harbour", "Cod and herring came back to berth 4.")),
            observed("a2", payload=_words("海峡の海運", "両政府は海峡の海運について協議した。"), language="ja"),
            observed("a3", payload=_words("Минута тишины", "Порт закрыт до утра."), language="ru"),
            observed("a4", payload=_words("Old minutes", "The berths of 1999."), published="2016-11", precision="month",
                     archive=True),
            observed("a5", payload=_words("To be removed", "Nobody may read this herring.")),
            observed("a6", payload=_words("A forum", "The Cod Forum will be held in Abar on 12 May 2026.")),
            hours=2,
        )  # fmt: skip
        _tell_gaps(say)
        service.brief(week="2026-W09")
        say(
            revised("a1", 2, payload=_words("Herring in the harbour", "Cod came back to berth 4."),
                    published="2026-02-24", precision="day"),
            revised("a6", 2, payload=_words("A forum", "The Cod Forum will be held in Abar on 19 May 2026.")),
            revised("a4", 2, payload=_words("Old minutes", "The berths of 1999, all of them."), completed=True),
            New(event=events.ItemAliased(item="a1", source=NAME, keys=("k-a1", "k-a1-moved"), payload=""), key="al",
                payload=b'{"url":"https://selvane.example/moved"}'),
            days=1,
        )  # fmt: skip
        gone = events.ItemWithdrawn(item="a3", source=NAME, status=410, first_missing="2026-02-24T09:00:00+00:00")
        say(New(event=gone, key="w"), days=1)
        say(New(event=events.ItemRestored(item="a3", source=NAME), key="re"), days=1)
        last = "2026-02-24T11:10:00+00:00"
        say(New(event=events.SourceStale(source=NAME, last=last, patience=259_200), key="st"), days=6)
        say(New(event=events.SourceSpoke(source=NAME), key="sp"), days=1)
        corrected = [
            events.LabelCorrected(item=item, source=NAME, topic="fish", belongs=belongs, revision=1, by="Ruta")
            for item, belongs in (("a1", False), ("a2", True), ("a3", False))
        ]
        say(*(New(event=one, key=f"co{number}") for number, one in enumerate(corrected)), days=1)  # classify learns
        hint = {"topic": "fish", "score": 2,
                "evidence": [{"phrase": "", "place": "title", "start": 0, "end": 11, "words": [[0, 3]]}]}  # fmt: skip
        suggested = events.ItemSuggested(item="a4", source=NAME, revision=2, model=1, suggestions=(hint,))
        say(New(event=suggested, key="su"), days=1)
        linked = events.ItemLinked(item="a2", source=NAME, other="a3", relation="translation-of", reason="hreflang")
        say(New(event=linked, key="li"), days=1)
        told = events.StoryJoined(
            story="a3", item="a2", source=NAME, other="a3", reason="words", score=47, method="words-1"
        )
        say(New(event=told, key="sj"), days=1)
        service.adopt(replace(first, stories=StoryRules(threshold=35)))
        say(takedown("a5", marks_of(service.desk, "a5")), days=1)  # publishing erases the words
        service.brief(week="2026-W09")
        _tell_mail(say)
        changed = replace(first.sources[0], name="The Selvane office, renamed")
        service.adopt(replace(first, sources=(changed,)))  # the other one is retired
        service.publish()


def _tell_gaps(say: Callable[..., int]) -> None:
    """One gap that is closed, one that stays open; older items that were asked for."""
    span = {"since": "2026-02-23T09:00:00.000000+00:00", "until": "2026-02-23T11:00:00.000000+00:00"}
    first, second = (events.GapSuspected(source=NAME, newest="a1", listed=listed, **span) for listed in (10, 20))
    gap = say(New(event=first, key="g1"), minutes=1)
    say(New(event=events.GapClosed(source=NAME, gap=gap, how="wordpress", items=3), key="g1c"), minutes=1)
    gap = say(New(event=second, key="g2"), minutes=1)
    left = events.GapLeftOpen(source=NAME, gap=gap, reason="ended", how="pages", items=0)
    past = events.SourceBackfilled(source=NAME, since="2026-01-01", how="archives", items=9)
    say(New(event=left, key="g2o"), New(event=past, key="bf"), minutes=1)


def _tell_mail(say: Callable[..., int]) -> None:
    """Who is on the list of a briefing, and what became of the mails to them."""
    ada, ben, eve = "a" * 32, "b" * 32, "e" * 32
    wishes: dict[str, Any] = {"briefing": "weekly", "topics": ("fish",), "formats": ("text",), "language": "ja"}
    people = [
        events.RecipientSubscribed(recipient=ada, briefing="weekly", by="operator"),
        events.RecipientConfirmed(recipient=ben, asked="2026-03-01T09:00:00.000000+00:00", **wishes),
        events.RecipientSubscribed(recipient=eve, by="file", **wishes),
        events.RecipientChanged(recipient=ada, briefing="weekly", by="self", paused=True),
        events.RecipientUnsubscribed(recipient=ben, briefing="weekly", by="self"),
        events.RecipientSuppressed(recipient=eve, reason="hard-bounce", code="5.1.1"),
        events.RecipientForgotten(recipient=eve),
    ]
    one = "issue:weekly:2026-W09"
    mails = [
        events.MailDecided(mailing=one, kind="issue", briefing="weekly", period="2026-W09", version=1,
                           recipients=(ada, ben, eve)),
        events.MailDeferred(mailing=one, recipient=ada, attempt=1, status="451 4.7.1",
                            until="2026-03-02T09:00:00.000000+00:00"),
        events.MailAccepted(mailing=one, recipients=(ada,)),
        events.MailBounced(mailing=one, recipient=ada, permanent=False, status="4.2.2"),
        events.MailUnconfirmed(mailing=one, recipients=(ben,)),
        events.MailReleased(mailing=one, recipients=(ben,)),
        events.MailDropped(mailing=one, recipients=(ben,), reason="unsubscribed"),
        events.MailRefused(mailing=one, recipient=eve, status="550 5.1.1", address=True),
    ]  # fmt: skip
    say(*(New(event=event, key=f"mail{number}") for number, event in enumerate((*people, *mails))), days=1)


def _words(title: str, text: str) -> bytes:
    made: bytes = words(title=title, text=text, url=f"https://selvane.example/{len(title)}")
    return made


def _expect(log: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _, said, published = replayed(log, Path(folder))
    text = json.dumps({"said": said, "published": published}, ensure_ascii=False, indent=1, sort_keys=True)
    log.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def _make(name: str) -> None:
    # A log's secret and salts are chance: no two are alike.
    with tempfile.TemporaryDirectory() as folder:
        tell(Path(folder))
        keeping.export(f"sqlite:///{folder}/briefing.db", FOLDER / f"{name}.zst")
    (FOLDER / f"{name}.zst").chmod(0o644)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        _make(sys.argv[2])
    for kept in sorted(FOLDER.glob("*.zst")):
        _expect(kept)
