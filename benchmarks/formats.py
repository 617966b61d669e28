"""How long an issue takes in every format, and beside html alone; how large each is.

    python -m benchmarks.formats FOLDER [--items 5000] [--weeks 12] [--times 3]

The store is filled with invented items of 45 sources in nine languages, spread over so many weeks; the issue is that of
the last of them. Every format is made as often as asked and the fastest counts. A store that is there is used again.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.world import PROJECT, World, report
from ruamel.yaml import YAML

from briefing.config import load
from briefing.events import ItemClassified, ItemObserved, canonical
from briefing.eventstore import Batch, New
from briefing.outputs import ISSUES
from briefing.service import Service, issuing
from briefing.service.moments import known_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from briefing.documents import Issue
    from briefing.service.desk import Desk

_FIRST = datetime(2026, 3, 2, tzinfo=UTC)  # the Monday of 2026-W10
_EACH = 5  # sources of a language
_WORDS = {
    "en": "harbour council ferry tariff lighthouse survey session delegation border customs agreed opened noted",
    "fr": "port conseil navire tarif phare session délégation frontière douane accord ouvert relevé pêche",
    "de": "Hafen Rat Fähre Zoll Leuchtturm Sitzung Abordnung Grenze Abkommen eröffnet vermerkt Fischerei",
    "es": "puerto consejo buque tarifa faro sesión delegación frontera aduana acuerdo abierto pesca señaló",
    "ru": "гавань совет паром тариф маяк заседание делегация граница таможня соглашение открыто рыболовство",
    "ja": "港湾 会議 連絡船 関税 灯台 調査 会合 代表団 国境 合意 開設 漁業 発表",
    "zh": "港口 理事会 渡轮 关税 灯塔 调查 会议 代表团 边境 协议 开放 渔业 指出",
    "ko": "항만 회의 여객선 관세 등대 조사 회담 대표단 국경 합의 개설 어업 발표",
    "ar": "ميناء مجلس عبارة رسوم منارة مسح جلسة وفد حدود اتفاق افتتاح مصايد أشار",
}
_COUNTRIES = dict(zip(_WORDS, ("GB", "FR", "DE", "ES", "RU", "JP", "CN", "KR", "EG"), strict=True))
_UNSPACED = frozenset({"ja", "zh"})
_INSTITUTIONS = ("ministry", "ministry", "igo", "think-tank", "media")


def configure(folder: Path) -> World:
    """A configuration with the sources, the shipped topics, and one weekly briefing of all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped: dict[str, Any] = YAML(typ="safe").load(PROJECT / "sources.yaml")
    settings = {
        "site": {
            "title": "Measured", "url": "http://127.0.0.1:8000", "language": "en", "timezone": "Asia/Tokyo",
            "contact": "editor@example.org",
        },
        "sources": [
            {
                "id": _source(language, number), "name": f"{_line(language, Random(number), 2)} {number}",
                "institution": _INSTITUTIONS[number], "country": _COUNTRIES[language], "language": language,
                "url": f"http://127.0.0.1:9/{language}/{number}",
            }
            for language in _WORDS for number in range(_EACH)
        ],
        "topics": shipped["topics"],
        "briefings": [{"id": "weekly", "title": "Measured weekly"}],
    }  # fmt: skip
    config = folder / "sources.yaml"
    with config.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(settings, file)
    return World(config=config, storage=folder / "storage")


def _source(language: str, number: int) -> str:
    return f"{language}-{number}"


def _line(language: str, chance: Random, many: int) -> str:
    words = chance.choices(_WORDS[language].split(), k=many)
    return ("" if language in _UNSPACED else " ").join(words)


def _text(language: str, chance: Random) -> str:
    stop = "。" if language in _UNSPACED else ". "
    return stop.join(_line(language, chance, 12).capitalize() for _ in range(8)) + stop.strip()


def fill(desk: Desk, items: int, weeks: int) -> None:
    """Record so many items with their labels."""
    rules, topics = desk.library.rules()[0], [topic.id for topic in desk.library.topics()]
    batches: dict[str, list[New]] = {}
    labels = []
    for number in range(items):
        language = tuple(_WORDS)[number % len(_WORDS)]
        source = _source(language, number // len(_WORDS) % _EACH)
        at = _FIRST + timedelta(seconds=number * weeks * 7 * 86_400 // items)
        batches.setdefault(f"source:{source}", []).append(_observed(source, language, number, at))
        labels.append(_classified(source, number, rules, topics))
    batches["labels"] = labels  # behind the items
    desk.store.append_all([Batch(stream=stream, events=events) for stream, events in batches.items()])
    desk.projector.catch_up()


def _observed(source: str, language: str, number: int, at: datetime) -> New:
    chance, url = Random(number), f"http://127.0.0.1:9/{source}/{number}"
    text = _text(language, chance)
    event = ItemObserved(
        item=f"{number:016x}", source=source, keys=(f"g{number:032x}",), payload="", language=language, archive=False,
        published=at.isoformat(), precision="minute", origin="feed",
    )  # fmt: skip
    words = {
        "authors": [], "categories": [], "date_raw": at.isoformat(), "entry_print": "", "guid": url, "html": "",
        "page": False, "page_title": "", "problem": "", "summary": text[:200], "text": text,
        "title": _line(language, chance, 9).capitalize(), "url": url,
    }  # fmt: skip
    return New(event=event, key=f"observed:{event.item}", payload=canonical(words))


def _classified(source: str, number: int, rules: str, topics: Sequence[str]) -> New:
    chance = Random(number)
    chosen = chance.sample(topics, k=chance.randrange(3))
    labels = tuple(
        {"topic": topic, "score": 2 + at, "level": "primary" if at else "secondary", "evidence": ()}
        for at, topic in enumerate(chosen)
    )
    event = ItemClassified(item=f"{number:016x}", source=source, revision=1, rules=rules, labels=labels)
    return New(event=event, key=f"classified:{event.item}")


def measured(issue: Issue, times: int) -> Iterator[tuple[str, float, int]]:
    """Each format that can be made here: seconds and bytes."""
    for name, one in ISSUES.items():
        if not one.installed:
            report(format=name, left_out=f"needs the extra {one.extra}")
            continue
        seconds, body = min(
            (_timed(lambda render=one.render: render(issue)) for _ in range(times)),  # type: ignore[misc]
            key=lambda pair: pair[0],
        )
        yield name, seconds, len(body)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--items", type=int, default=5000)
    asked.add_argument("--weeks", type=int, default=12)
    asked.add_argument("--times", type=int, default=3)
    given = asked.parse_args()
    world = configure(given.folder)
    fresh = not (world.storage / "briefing.db").exists()
    with Service(f"sqlite:///{world.storage}/briefing.db", world.storage, load(world.config)) as service:
        service.adopt()
        if fresh:
            fill(service.desk, given.items, given.weeks)
        library = known_at(service.desk, service.desk.projector.catch_up())
        (briefing,) = library.briefings()
        period = "{}-W{:02}".format(*(_FIRST + timedelta(days=7 * (given.weeks - 1))).isocalendar()[:2])
        seconds, (issue, _) = _timed(lambda: issuing.due(service.desk, library, briefing, period))
        report(issue=period, items=len(issue.references), languages=len(issue.languages), seconds=round(seconds, 2))
        tell(measured(issue, given.times))


def tell(found: Iterator[tuple[str, float, int]]) -> None:
    """A line for each format, and one for all."""
    costs: Mapping[str, float] = {name: _told(name, seconds, size) for name, seconds, size in found}
    whole = sum(costs.values())
    report(all_formats=round(whole, 2), ratio_to_html=round(whole / costs["html"], 1), promised_under=10)


def _told(name: str, seconds: float, size: int) -> float:
    report(format=name, seconds=round(seconds, 3), bytes=size)
    return seconds


if __name__ == "__main__":
    main()
