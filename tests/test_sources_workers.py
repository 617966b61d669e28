"""Worker processes: what they bring back, what they survive, and that nothing is left of them."""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import anyio
import pytest

from briefing.errors import ParseError
from briefing.model import Fetched, ListRules, Source, SourceId
from briefing.sources import KINDS, Workers

pytestmark = pytest.mark.anyio

FEED = b"<rss version='2.0'><channel><title>Reef</title><item><title>Coral</title><link>https://reef.example/1</link></item></channel></rss>"
ENDLESS = b"<rss version='2.0'><channel><item><title>x</title><description>" + b"<b>" * 200_000


@pytest.fixture
def anyio_backend():
    return "asyncio"


def source(kind: str = "feed", **more: Any) -> Source:
    return Source(
        id=SourceId("reef"),
        name="Reef",
        institution="igo",
        country="XX",
        url="https://reef.example/",
        kind=kind,
        **more,
    )


def answer(body: bytes) -> Fetched:
    return Fetched(url="https://reef.example/", final_url="https://reef.example/", status=200, headers={}, body=body)


_others: set[str] = set()


@pytest.fixture(autouse=True)
def _apart() -> None:
    """Other tests in this process keep a parsing process of their own."""
    _others.clear()
    _others.update(children())


def children() -> list[str]:
    """The parsing processes that this one has started since the test began, and that still run."""
    return [one for one in _running() if one not in _others]


def _running() -> list[str]:
    if not Path("/proc").is_dir():
        listed = subprocess.run(["ps", "-axo", "ppid=,args="], capture_output=True, text=True, check=True).stdout
        return [
            line for line in listed.splitlines() if line.split()[0] == str(os.getpid()) and "sources.worker" in line
        ]
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = stat.read_text().rpartition(")")[2].split()[1]
            if parent == str(os.getpid()) and b"sources.worker" in (stat.parent / "cmdline").read_bytes():
                found.append(stat.parent.name)
    return found


async def test_a_worker_gives_what_the_parser_gives():
    async with Workers(1, 30) as workers:
        parsed = await workers.parse(source(), answer(FEED), frozenset())
        assert parsed == KINDS["feed"](source(), answer(FEED), frozenset())
        known = frozenset({parsed.entries[0].digest})
        assert (await workers.parse(source(), answer(FEED), known)).unchanged == tuple(known)
        page = b"<html><body><a href='/2'>Atoll</a></body></html>"
        listed = await workers.parse(source("page", listing=ListRules(item="a")), answer(page), frozenset())
        assert listed.entries[0].title == "Atoll"
        article = await workers.read_article(
            source(), answer(b"<html><body><article><p>Lagoon.</p></article></body></html>")
        )
        assert article.text == "Lagoon."
    assert children() == []


async def test_a_worker_that_was_started_ahead_is_the_one_that_parses_and_ends_with_the_others():
    async with Workers(2, timeout=20.0) as workers:
        await workers.warm()
        [ahead] = children()
        await workers.warm()
        assert (await workers.parse(source(), answer(FEED), frozenset())).title == "Reef"
        assert children() == [ahead]
    assert children() == []


async def test_errors_cross_whole():
    async with Workers(1, 30) as workers:
        with pytest.raises(ParseError) as caught:
            await workers.parse(source(), answer(b"<html><body>no</body></html>"), frozenset())
        assert caught.value.failure == "not-a-feed"
        assert "a web page" in str(caught.value)
        assert (await workers.parse(source(), answer(FEED), frozenset())).entries


async def test_a_parse_that_takes_too_long_is_stopped_and_the_next_one_works():
    async with Workers(1, 0.3) as workers:
        with pytest.raises(ParseError, match=r"took longer than 0\.3 s and was stopped") as caught:
            await workers.parse(source(), answer(ENDLESS * 4), frozenset())
        assert caught.value.failure == "unparsable"
        assert children() == []
    async with Workers(1, 30) as workers:
        assert (await workers.parse(source(), answer(FEED), frozenset())).entries


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import sys; sys.stdout.write('ready'); sys.stdout.flush(); sys.stdin.read(8)", "reef.example/ ended its"),
        ("", "ended as it began"),
    ],
)
async def test_a_worker_that_dies_is_one_source_s_failure_and_no_more(monkeypatch, program, said):
    async with Workers(1, 30) as workers:
        monkeypatch.setattr("briefing.sources.workers._PROGRAM", program)
        with pytest.raises(ParseError, match=said) as caught:
            await workers.parse(source(), answer(FEED), frozenset())
        monkeypatch.undo()
        assert caught.value.failure == "unparsable"
        assert (await workers.parse(source(), answer(FEED), frozenset())).entries


async def test_a_worker_that_ended_while_nobody_needed_it_is_replaced():
    async with Workers(1, timeout=30) as workers:
        await workers.parse(source(), answer(FEED), frozenset())
        [idle] = children()
        os.kill(int(idle), signal.SIGKILL)
        parsed = await workers.parse(source(), answer(FEED), frozenset())
        assert [one.title for one in parsed.entries] == ["Coral"]


async def test_no_more_workers_run_than_allowed_and_waiting_for_one_is_not_counted_as_parsing():
    async with Workers(2, 30) as workers:
        found = []

        async def one():
            found.append(await workers.parse(source(), answer(FEED), frozenset()))

        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(one)
        assert len(found) == 12
        assert len(children()) == 2
    assert children() == []


async def test_a_cancelled_parse_leaves_no_process_behind():
    async with Workers(1, 30) as workers:
        with anyio.move_on_after(0.2):
            await workers.parse(source(), answer(ENDLESS * 4), frozenset())
        assert children() == []


def test_the_parent_stays_light():
    program = (
        "import sys, briefing.sources; print(sorted({'feedparser', 'lxml', 'nh3', 'trafilatura'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


SCRIPT = """
import anyio, pathlib, sys
from briefing.model import Fetched, Source
from briefing.sources import Workers

with open(sys.argv[1], "a") as log:
    log.write("run\\n")

async def main():
    source = Source(id="a", name="a", institution="igo", country="XX", url="https://a.example/")
    answer = Fetched(url="https://a.example/", final_url="https://a.example/", status=200, headers={}, body=b"<rss/>")
    async with Workers(2, 30) as workers:
        parsed = await workers.parse(source, answer, frozenset())
    print(parsed.form)

anyio.run(main)
"""


@pytest.mark.parametrize("form", ["file", "module"])
def test_the_program_s_main_module_is_not_run_again_in_a_worker(tmp_path, form):
    (tmp_path / "collecting.py").write_text(textwrap.dedent(SCRIPT))
    log = tmp_path / "log"
    command = ["collecting.py"] if form == "file" else ["-m", "collecting"]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", *command, str(log)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    # A busy machine makes asyncio's development mode tell of slow steps; that is no fault of ours.
    told = [line for line in done.stderr.splitlines() if not line.startswith("Executing <Task")]
    assert (done.returncode, done.stdout.strip(), told) == (0, "RSS", [])
    assert log.read_text() == "run\n"


def test_what_crosses_to_a_worker_and_back_can_be_pickled():
    parsed = KINDS["feed"](source(), answer(FEED), frozenset())
    assert pickle.loads(pickle.dumps((source(), answer(FEED), parsed))) == (source(), answer(FEED), parsed)
