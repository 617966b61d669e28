"""The README is a promise: its commands are run, its examples are loaded, its places are there."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from briefing import demo
from briefing.cli.commands import _COMMANDS
from briefing.config import load

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BRIEFING = Path(sys.executable).with_name("briefing")
PATIENCE = 90.0


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


COMMANDS = [
    line.split("#")[0].strip() for block in fenced("sh") for line in block.splitlines() if line.startswith("briefing ")
]
TARGETS = sorted(set(re.findall(r"make ([a-z]+)", README)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder as a user has it: the world's sources.yaml with a topic of the README's, and the demo's world."""
    place = tmp_path_factory.mktemp("user")
    world = demo.World(datetime.now(UTC).astimezone(ZoneInfo("Asia/Tokyo")).date())
    world.round = 2
    with demo.serve(world) as base:
        first_topic = re.search(r"^topics:.*?\n  - id: (\S+)", demo.settings(base, ""), re.MULTILINE | re.DOTALL)
        assert first_topic is not None
        text = demo.settings(base, "http://127.0.0.1:8000").replace(first_topic[1], "energy-sakhalin")
        (place / "sources.yaml").write_text(text, encoding="utf-8")
        page = f"<html><head><link rel=canonical href={base}/a/b></head><body><p>A saved page.</p></body></html>"
        (place / "page.html").write_text(page, encoding="utf-8")
        yield place


def test_the_readme_names_most_commands_and_none_that_is_not_there():
    named = {shlex.split(command)[1] for command in COMMANDS}
    assert named <= set(_COMMANDS)
    assert len(named) >= 9


@pytest.mark.timeout(300)  # two dozen processes, one after the other
@pytest.mark.slow
def test_every_command_of_the_readme_works_in_its_order(folder):
    for command in COMMANDS:
        arguments = shlex.split(command)[1:]
        if arguments[0] in ("serve", "scheduler", "worker", "web"):
            continue  # tests/test_schedule.py and tests/test_workers.py run them
        if "ITEM" in arguments:
            found = subprocess.run([BRIEFING, "items", "--json"], cwd=folder, capture_output=True, check=True)
            arguments[arguments.index("ITEM")] = json.loads(found.stdout)[0]["id"]
        known = load(folder / "sources.yaml").sources[0]
        arguments = [{"URL": known.url, "ID": known.id}.get(argument, argument) for argument in arguments]
        done = subprocess.run([BRIEFING, *arguments], check=False, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert (folder / "storage" / "briefing.db").exists()
    public = folder / "storage" / "public"
    assert (public / "feeds.opml").exists()
    assert (public / "feeds" / "topics" / "energy-sakhalin.atom").exists()
    assert next(public.glob("briefings/*/*/v1/index.html"))


def test_the_examples_of_the_readme_fit_into_the_shipped_file(tmp_path):
    yaml = YAML(typ="safe")
    whole = yaml.load((ROOT / "sources.yaml").read_text(encoding="utf-8"))
    keys = ("sources", "topics", "digests", "institutions")
    whole.setdefault("deliver", [])
    sizes = {key: len(whole[key]) for key in keys}
    for block in fenced("yaml"):
        said = yaml.load(block)
        for key, entries in said.items() if isinstance(said, dict) else [(None, said)]:
            if isinstance(entries, dict):
                whole[key] = entries
                continue
            for entry in entries:
                whole[key or ("sources" if "url" in entry else "topics" if "phrases" in entry else "digests")].append(
                    entry
                )
    added = {key: len(whole[key]) - size for key, size in sizes.items()}
    assert added == {"sources": 3, "topics": 1, "digests": 2, "institutions": 1}
    config = tmp_path / "sources.yaml"
    with config.open("w", encoding="utf-8") as file:
        yaml.dump(whole, file)
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    settings = load(config)
    assert [one.kind for one in settings.sources[-3:]] == ["feed", "page", "watch"]
    assert settings.sources[-2].listing is not None
    assert settings.digests[-2].bundle == "day"
    assert [one.kind for one in settings.deliver] == ["webhook", "slack", "folder"]
    assert settings.digests[-1].mentions == ("IS", "arctic-council")
    assert (settings.house.accent, settings.house.footer) == ("#004433", "Harbour House, Pier 3")


def test_the_targets_of_the_readme_are_in_the_makefile():
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"demo", "test", "serve"} <= set(TARGETS)
    for target in TARGETS:
        assert f"make {target} " in done.stdout


def test_the_places_of_the_readme_exist():
    for place in re.findall(r"^\| `([^`<]+)`", README, re.MULTILINE):
        if not place.startswith("storage/"):
            assert (ROOT / place).exists(), place


@pytest.mark.skipif(
    not (ROOT / ".venv" / "ready").exists() or not sys.prefix.startswith(str(ROOT / ".venv")),
    reason="make has not set this checkout up: run `make test`",
)
@pytest.mark.slow
def test_make_demo_opens_the_site():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ["make", "demo", f"PORT={port}"], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "site is open" in line:
                break
        assert any("Round 4" in line for line in said)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
                    assert b"Tern Strait Watch" in answer.read()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        else:
            pytest.fail("the site did not open")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)
        if process.stdout is not None:
            process.stdout.close()
