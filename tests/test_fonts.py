"""Fonts of the house: found beside sources.yaml, recorded by their hashes, kept, and what they set is set again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from briefing import demo
from briefing.config import load
from briefing.errors import ConfigError
from briefing.service import Service, keeping
from font_support import font_of  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from street_support import (  # type: ignore[import-not-found]  # the same
    clock,
    parsing,
    post,
    press,
    rss,
    source,
    street,
    weekly,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"
TITLE = "항구 소식"


@pytest.fixture
def config(tmp_path):
    """A configuration with a font beside it."""
    (tmp_path / "sources.yaml").write_text(demo.settings("http://127.0.0.1:1", "http://site.example"), "utf-8")
    (tmp_path / "templates" / "fonts").mkdir(parents=True)
    _, path = font_of(tmp_path, TITLE)
    shutil.copy(path, tmp_path / "templates" / "fonts" / "own.ttf")
    return tmp_path / "sources.yaml"


def test_a_font_beside_the_configuration_is_named_by_its_hash(config):
    settings = load(config)
    assert settings.templates.keys() == {"fonts/own.ttf"}
    assert settings.templates["fonts/own.ttf"] in {path.parent.name for path in config.parent.glob("*/font.ttf")}
    assert [Path(one).name for one in settings.beside] == ["own.ttf"]
    (config.parent / "templates" / "fonts" / "OFL.txt").write_text("a licence may lie there")
    assert load(config) == settings


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [("own.woff2", b"wOF2", "is a font for the web: put it there as .ttf or .otf"),
     ("own.otf", b"<html>", "is no TrueType or OpenType font: replace it, or take it away")],
)  # fmt: skip
def test_a_file_that_is_no_font_is_told(config, name, body, said):
    (config.parent / "templates" / "fonts" / name).write_bytes(body)
    with pytest.raises(ConfigError, match=f"templates/fonts/{name} {said}"):
        load(config)


@pytest.mark.slow
def test_what_a_font_set_is_set_again_after_it_left_the_configuration(street, press, tmp_path):
    digest, path = font_of(tmp_path, TITLE)
    (own := Path(path).with_name("own.ttf")).write_bytes(Path(path).read_bytes())
    press.says("/a", rss([post(510, title=TITLE)]))
    made = street(source("a", "/a", press))
    plain = replace(made.service.settings, briefings=(replace(weekly(), formats=("html", "pdf")),))
    made.configure(replace(plain, templates={"fonts/own.ttf": digest}, beside=(str(own),)))
    made.collect()
    made.service.classify()
    assert made.service.brief(week=WEEK)[0].notes == ()
    kept = made.folder / "fonts" / digest / "font.ttf"
    assert kept.read_bytes() == own.read_bytes()
    own.unlink()
    made.configure(plain)
    made.service.publish()
    before = made.files()
    assert made.service.rebuild().differing == ()
    assert made.files() == before
    kept.unlink()
    assert made.service.rebuild().differing == (f"weekly/{WEEK}/v1",)


def test_a_backup_brings_fonts_back(config, tmp_path):
    storage, url = tmp_path / "storage", f"sqlite:///{tmp_path}/storage/briefing.db"
    with Service(url, storage, load(config)) as service:
        service.publish()
    keeping.backup(url, storage, config, tmp_path / "held.zst")
    again = tmp_path / "again"
    again.mkdir()
    with (tmp_path / "held.zst").open("rb") as file:
        keeping.restore(f"sqlite:///{again}/briefing.db", again, config, file, "held.zst")
    held = sorted(path.relative_to(storage) for path in storage.rglob("font.ttf"))
    assert held == sorted(path.relative_to(again) for path in again.rglob("font.ttf"))
    assert len(held) == 1
