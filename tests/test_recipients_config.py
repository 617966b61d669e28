"""Lists of recipients in the configuration and beside it, and what following them brings about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from briefing.config import kept, load
from briefing.config.people import Words, people_of, read_people
from briefing.errors import ConfigError
from briefing.model import Listed, Wish
from briefing.service import Service, recipients
from briefing.service.rosters import refused

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
site: {title: Harbour Desk, url: "https://desk.example", contact: desk@desk.example}
sources:
  - {id: selvane, name: Selvane, institution: ministry, country: XA, url: "https://selvane.example/feed"}
topics:
  - {id: straits, name: Straits, phrases: {en: [strait]}}
  - {id: energy, name: Energy, phrases: {en: [gas]}}
briefings:
  - id: weekly
    title: The week
    recipients: RECIPIENTS
"""
WORDS = Words("weekly", ("straits", "energy"), ("html", "text"))


def config(folder: Path, said: str) -> Path:
    file = folder / "sources.yaml"
    file.write_text(CONFIG.replace("RECIPIENTS", said), encoding="utf-8")
    return file


def problems(folder, said):
    with pytest.raises(ConfigError) as caught:
        load(config(folder, said))
    return caught.value.problems


@pytest.fixture
def follow(tmp_path, clock):
    """Adopts a configuration with this list, and says who is on it."""

    def followed(said):
        with Service(f"sqlite:///{tmp_path}/log.db", tmp_path, load(config(tmp_path, said)), clock) as service:
            service.adopt()
            everybody = recipients.everybody(service.desk)
            return {one.address: one.state for one in everybody}

    return followed


def entry(folder, clock, action):
    """Do something with the desk of the followed list."""
    with Service(f"sqlite:///{folder}/log.db", folder, clock=clock) as service:
        return action(service.desk)


# ---------------------------------------------------------------- what may stand there


def test_a_list_holds_addresses_and_entries_with_wishes(tmp_path, clock, follow):
    said = "[ada@a.example, {address: ben@b.example, name: Ben, topics: [energy], formats: [text], language: ja}]"
    assert follow(said) == {"ada@a.example": "active", "ben@b.example": "active"}
    ben = entry(tmp_path, clock, lambda desk: recipients.find(desk, "ben@b.example"))[0]
    assert (ben.name, ben.topics, ben.formats, ben.language) == ("Ben", ("energy",), ("text",), "ja")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[ada.example]", 'sources.yaml:10: briefings[0].recipients[0].address: "ada.example" is no mail address'),
        ("[{name: Ada}]", "is no mail address"),
        ("[{address: ada@a.example, topics: [strait]}]", 'did you mean "straits"?'),
        ("[{address: ada@a.example, formats: [papyrus]}]", '"papyrus" is none of html'),
        ("[{address: ada@a.example, langauge: en}]", 'did you mean "language"?'),
        ("[ada@a.example, ADA@a.example]", "stands here twice"),
        ("{ada@a.example: 1}", "must be a list of addresses"),
        ("people.csv", "there is no such file"),
        ("people.doc", "ends in .csv"),
    ],
)
def test_every_fault_of_a_list_is_told_with_its_place(tmp_path, said, told):
    [problem] = problems(tmp_path, said)
    assert told in problem


def test_a_file_may_be_csv_yaml_or_plain_lines(tmp_path):
    (tmp_path / "a.csv").write_text("\ufeffAddress;Name;Topics\nada@a.example;Ada;straits energy\n;;\n", "utf-8")
    (tmp_path / "b.yaml").write_text("- ada@a.example\n- {address: ben@b.example}\n")
    (tmp_path / "c.txt").write_text("# the desk\nada@a.example\n\nben@b.example # since May\n")
    [ada] = read_people(tmp_path / "a.csv", WORDS)
    assert (ada.address, ada.name, ada.wish.topics) == ("ada@a.example", "Ada", ("straits", "energy"))
    for name in ("b.yaml", "c.txt"):
        assert [one.address for one in read_people(tmp_path / name, WORDS)] == ["ada@a.example", "ben@b.example"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("address,phone\nada@a.example,1\n", 'people.csv:1: unknown column "phone"'),
        ("address\nada@a.example\nnobody\n", 'people.csv:3: "nobody" is no mail address'),
        ("ada@a.example\nAda@A.example\n", "people.csv:2: Ada@a.example stands in line 1 already"),
        ("\n".join(["x"] * 30), "and 10 more lines are wrong"),
    ],
)
def test_every_wrong_line_of_a_file_is_told(text, told):
    with pytest.raises(ConfigError) as caught:
        people_of(text, "people.csv", WORDS)
    assert any(told in problem for problem in caught.value.problems)


# ---------------------------------------------------------------- following it


def test_who_is_taken_out_of_the_list_gets_nothing_and_who_is_put_back_does(follow):
    assert follow("[ada@a.example, ben@b.example]") == {"ada@a.example": "active", "ben@b.example": "active"}
    assert follow("[ben@b.example]") == {"ada@a.example": "unsubscribed", "ben@b.example": "active"}
    assert follow("[ada@a.example]") == {"ada@a.example": "active", "ben@b.example": "unsubscribed"}
    assert follow("") == {"ada@a.example": "unsubscribed", "ben@b.example": "unsubscribed"}


def test_a_list_takes_out_only_whom_it_put_in(tmp_path, clock, follow):
    follow("[ada@a.example]")
    by_hand = [Listed(address="cyd@c.example", briefing="weekly"), Listed(address="ada@a.example", briefing="weekly")]
    entry(tmp_path, clock, lambda desk: recipients.subscribe(desk, by_hand, "operator"))
    assert follow("[ben@b.example]") == {
        "ada@a.example": "unsubscribed", "ben@b.example": "active", "cyd@c.example": "active",
    }  # fmt: skip


def test_a_list_in_a_file_is_followed_when_the_file_alone_changes(tmp_path, follow):
    people = tmp_path / "people.csv"
    people.write_text("address\nada@a.example\n")
    assert follow("people.csv") == {"ada@a.example": "active"}
    people.write_text("address\nben@b.example\n")
    assert follow("people.csv") == {"ada@a.example": "unsubscribed", "ben@b.example": "active"}


def test_following_the_same_list_again_records_nothing(tmp_path, clock, follow):
    follow("[ada@a.example]")
    head = entry(tmp_path, clock, lambda desk: desk.store.head())
    follow("[ada@a.example]")
    assert entry(tmp_path, clock, lambda desk: desk.store.head()) == head


def test_who_left_by_himself_is_not_put_back_and_that_is_told(tmp_path, clock, follow):
    follow("[ada@a.example, ben@b.example]")

    def leave(desk):
        [ada] = recipients.find(desk, "ada@a.example")
        recipients.unsubscribe(desk, recipients.unsubscribe_url(desk, ada).rpartition("/")[2])

    entry(tmp_path, clock, leave)
    said = "[ada@a.example, {address: ben@b.example, formats: [text]}]"
    assert follow(said) == {"ada@a.example": "unsubscribed", "ben@b.example": "active"}
    settings = load(config(tmp_path, said))
    [told] = entry(tmp_path, clock, lambda desk: refused(desk, settings))
    assert (told.listed.address, told.reason) == ("ada@a.example", "unsubscribed by himself on 2016-11-18")


def test_what_somebody_chose_himself_outlasts_the_list(tmp_path, clock, follow):
    follow("[ada@a.example]")

    def choose(desk):
        [ada] = recipients.find(desk, "ada@a.example")
        recipients.change(desk, ada, Wish(language="ru"), paused=False, by="self")

    entry(tmp_path, clock, choose)
    follow("[{address: ada@a.example, language: ja}]")
    [ada] = entry(tmp_path, clock, lambda desk: recipients.find(desk, "ada@a.example"))
    assert ada.language == "ru"
    assert follow("[]") == {"ada@a.example": "unsubscribed"}


def test_a_list_that_broke_since_it_was_checked_stops_nothing_and_is_told_once_without_names(tmp_path, clock):
    people = tmp_path / "people.csv"
    people.write_text("address\nada@a.example\n")
    settings = load(config(tmp_path, "people.csv"))
    with Service(f"sqlite:///{tmp_path}/log.db", tmp_path, settings, clock) as service:
        service.adopt()
        told: list[str] = []
        service.warn = told.append
        people.write_text("address\nben@b.example\nben@b.example\n")
        service.publish()
        service.adopt()
        people.unlink()
        service.adopt()
        assert len(told) == 1
        assert "people.csv: this list of recipients is wrong" in told[0]
        assert "ben@" not in told[0]
        assert [one.address for one in recipients.subscribers(service.desk, "weekly")] == ["ada@a.example"]
        people.write_text("address\nben@b.example\n")
        service.adopt()
        assert [one.address for one in recipients.subscribers(service.desk, "weekly")] == ["ben@b.example"]


# ---------------------------------------------------------------- where no address may stand


def test_neither_the_settings_in_the_log_nor_those_that_are_kept_hold_an_address(tmp_path, clock):
    file = config(tmp_path, "[ada@a.example]")
    storage = tmp_path / "storage"
    settings = kept(file, storage, load)
    assert settings == kept(file, storage, load), "read back from what is kept"
    with Service(f"sqlite:///{storage}/log.db", storage, settings, clock) as service:
        service.publish()
        said = b"".join(service.desk.store.bodies(0, 100))
    assert b"a.example" not in said
    published = [one for one in (storage / "public").rglob("*") if one.is_file()]
    assert any("log" in one.parts for one in published)
    assert not [one for one in published if b"ada@" in one.read_bytes()]
    assert b"ada@" not in (storage / "sources.json").read_bytes()
    assert orjson.loads((storage / "sources.json").read_bytes())["settings"]["rosters"]
