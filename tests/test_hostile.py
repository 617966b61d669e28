"""A hostile server, in small: every light attack at once beside a healthy source. `tests/hostile_campaign.py` is all.

With BRIEFING_HOSTILE set, the campaign runs too: each heavy attack alone, at most 30 s and 300 MB.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from anyio.from_thread import start_blocking_portal

import hostile_bodies as bodies  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from briefing.config import load
from briefing.service import Service
from briefing.service.collecting import Collector
from briefing.web import make_app
from hostile_campaign import configuration  # type: ignore[import-not-found]  # as above
from hostile_looking import in_html, looked_through, walked  # type: ignore[import-not-found]  # as above
from hostile_server import attacks, serving  # type: ignore[import-not-found]  # as above

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

LIGHT = [attack for attack in attacks().values() if not attack.heavy]


@pytest.fixture(scope="module")
def ended(tmp_path_factory) -> Iterator[tuple[Any, dict[str, Any], dict[str, list[str]]]]:
    """A service that met all the light attacks: with what each ended in, and what the server was asked."""
    folder = tmp_path_factory.mktemp("hostile")
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(serving(LIGHT)) as hostile:
        (folder / "sources.yaml").write_text(configuration(hostile.bases, LIGHT, "7s"), encoding="utf-8")
        settings = load(folder / "sources.yaml")
        with Service(f"sqlite:///{folder}/briefing.db", folder, settings) as service:
            service.adopt()

            async def collect() -> dict[str, Any]:
                async with Collector(service.desk, settings.fetch, "a@b.example", workers=1) as collector:
                    return {one.source: one for one in (await collector.collect(settings.sources)).results}

            results = portal.call(collect)
            service.classify()
            service.publish()
            yield service, results, hostile.asked


def test_every_attack_ends_in_its_state(ended):
    _, results, _ = ended
    wrong = {
        attack.name: (results[attack.name].failure, results[attack.name].new, results[attack.name].detail)
        for attack in LIGHT
        if results[attack.name].failure not in attack.ends
        or (attack.items is not None and results[attack.name].new != attack.items)
    }
    assert wrong == {}


def test_the_healthy_source_among_them_has_all_its_items(ended):
    _, results, _ = ended
    assert (results["healthy"].failure, results["healthy"].new) == ("", bodies.HEALTHY)


def test_no_body_and_no_entity_makes_us_ask_for_another_address(ended):
    _, _, asked = ended
    assert [path for paths in asked.values() for path in paths if "secret" in path] == []


def test_nothing_that_would_be_run_is_published(ended):
    service, _, _ = ended
    published = service.desk.public
    assert sum(1 for path in published.rglob("*.atom")) > len(LIGHT)
    assert looked_through(published) == []


def test_nothing_that_would_be_run_stands_on_the_site(ended):
    service, _, _ = ended
    assert asyncio.run(walked(make_app(service))) == []


@pytest.mark.parametrize("script", [one for one in bodies.SCRIPTS if "<" in one and "ADw" not in one])
def test_the_search_for_programs_finds_them(script):
    if "<" in script and ("javascript" in script or "on" in script):
        assert list(in_html(f"<div>{script}</div>")) or "[x]" in script


@pytest.mark.skipif("BRIEFING_HOSTILE" not in os.environ, reason="BRIEFING_HOSTILE is not set")
@pytest.mark.timeout(3_600)
def test_the_whole_campaign():
    program = Path(__file__).with_name("hostile_campaign.py")
    told = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
