"""A configuration that was checked once and is kept ready: never another one than the file says."""

import json
from pathlib import Path

import pytest

from briefing.config import kept, load

ONE = """\
site: {title: Lagoon Watch, contact: desk@lagoon.example}
fetch: {spacing: 0.1s, allow_networks: [127.0.0.0/8, "fd00::/8"]}
sources:
  - id: port-office
    name: Port Office of Velmar
    institution: ministry
    country: XV
    url: https://port.example/feed
    every: 2h
"""
SHIPPED = Path(__file__).parent.parent / "sources.yaml"


class Loads:
    """Loads, and counts how often."""

    def __init__(self):
        self.times = 0

    def __call__(self, path):
        self.times += 1
        return load(path)


@pytest.fixture
def loads():
    return Loads()


def test_a_file_that_has_not_changed_is_loaded_once(tmp_path, loads):
    (path := tmp_path / "sources.yaml").write_text(ONE)
    first = kept(path, tmp_path / "storage", loads)
    assert kept(path, tmp_path / "storage", loads) == first == load(path)
    assert loads.times == 1


def test_the_shipped_configuration_is_kept_whole(tmp_path, loads):
    kept(SHIPPED, tmp_path, loads)
    assert kept(SHIPPED, tmp_path, loads) == load(SHIPPED)
    assert loads.times == 1


def test_a_file_that_changed_is_loaded_again(tmp_path, loads):
    (path := tmp_path / "sources.yaml").write_text(ONE)
    kept(path, tmp_path, loads)
    path.write_text(ONE.replace("2h", "3h"))
    assert kept(path, tmp_path, loads) == load(path)
    assert loads.times == 2


@pytest.mark.parametrize("damage", [b"", b"\x00", b"{}", b'{"mark": 1}', b"[]", "half"])
def test_a_damaged_copy_is_made_again(tmp_path, loads, damage):
    (path := tmp_path / "sources.yaml").write_text(ONE)
    kept(path, tmp_path, loads)
    copy = tmp_path / "sources.json"
    copy.write_bytes(copy.read_bytes()[:-20] if damage == "half" else damage)
    assert kept(path, tmp_path, loads) == load(path)
    kept(path, tmp_path, loads)
    assert loads.times == 2


def test_a_copy_with_another_shape_under_the_same_mark_is_made_again(tmp_path, loads):
    (path := tmp_path / "sources.yaml").write_text(ONE)
    kept(path, tmp_path, loads)
    copy = tmp_path / "sources.json"
    copy.write_text(json.dumps(json.loads(copy.read_text()) | {"settings": {"site": {"name": "x"}}}))
    assert kept(path, tmp_path, loads) == load(path)


def test_where_nothing_can_be_written_the_file_is_loaded_each_time(tmp_path, loads):
    (path := tmp_path / "sources.yaml").write_text(ONE)
    (tmp_path / "storage").write_text("a file where the folder should be")
    assert kept(path, tmp_path / "storage", loads) == kept(path, tmp_path / "storage", loads)
    assert loads.times == 2


def test_a_missing_or_wrong_file_says_what_it_always_says(tmp_path, loads):
    path = tmp_path / "sources.yaml"
    with pytest.raises(Exception, match="no such file"):
        kept(path, tmp_path, loads)
    path.write_text("sources: []")
    with pytest.raises(Exception, match='the key "site" is missing'):
        kept(path, tmp_path, loads)
    assert [entry.name for entry in tmp_path.iterdir()] == ["sources.yaml"]
