"""Edits of sources.yaml by program: what is meant changes, and not one other byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.config import load
from briefing.config.editing import add_sources, edit, entry_text, remove_source, set_key
from briefing.config.syntax import read
from briefing.errors import ConfigError, UsageError

SHIPPED = Path(__file__).parents[1] / "sources.yaml"
ENTRY = {"id": "xx-new", "name": "New", "institution": "ministry", "country": "XV", "url": "https://new.example/feed"}
SITE = "site: {title: Lagoon Watch, contact: desk@lagoon.example}   # who we are\n"
FILE = f"""\
# The lagoon, and who looks after it.
{SITE}
sources:
  # ---- Ports

  - id: port-office     # stays for ever
    name: 'Port Office'
    institution: ministry
    country: XV
    url: https://port.example/feed
    # every: 1h

  # Behind a wall since spring.
  # Asked about it in May.
  - id: pilots
    name: Pilots
    institution: ministry
    country: XV
    url: https://pilots.example/feed
    list:
      item: >-
        ul
        li
    kind: page

  # ---- Fish

  - {{id: fish, name: Fish, institution: igo, country: XV, url: "https://fish.example/#a"}}

topics: []    # none yet
"""


def said(text: str) -> list[dict[str, object]]:
    root, problems = read(text)
    assert problems == []
    assert root is not None
    held: list[dict[str, object]] = root.value["sources"]
    return held


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    import difflib

    diff = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [line[2:] for line in diff if line[:2] == "- "], [line[2:] for line in diff if line[:2] == "+ "]


def test_a_new_source_stands_at_the_end_and_all_else_as_it_was():
    after = add_sources(FILE, [ENTRY])
    gone, came = changed_lines(FILE, after)
    assert gone == []
    assert sorted(came) == sorted(
        ["", "  - id: xx-new", *(f"    {key}: {value}" for key, value in list(ENTRY.items())[1:])]
    )
    assert [one["id"] for one in said(after)] == ["port-office", "pilots", "fish", "xx-new"]


def test_what_is_taken_out_leaves_with_its_own_remarks_and_no_others():
    gone, came = changed_lines(FILE, remove_source(FILE, "pilots"))
    assert came == []
    assert gone[:3] == ["  # Behind a wall since spring.", "  # Asked about it in May.", "  - id: pilots"]
    assert "    kind: page" in gone
    assert not any("Fish" in line or "Ports" in line or "every" in line for line in gone)


def test_a_key_that_is_there_changes_in_its_place_and_keeps_the_remark_behind_it():
    text = FILE.replace(
        "country: XV\n    url: https://port", "country: XV\n    enabled: true   # since May\n    url: https://port"
    )
    gone, came = changed_lines(text, set_key(text, "port-office", "enabled", False))
    assert (gone, came) == (["    enabled: true   # since May"], ["    enabled: false   # since May"])
    gone, came = changed_lines(FILE, set_key(FILE, "port-office", "url", "https://new.example/a: #b"))
    assert came == ["    url: 'https://new.example/a: #b'"]


def test_a_key_that_is_not_there_becomes_a_line_or_joins_its_braces():
    assert changed_lines(FILE, set_key(FILE, "pilots", "enabled", False)) == ([], ["    enabled: false"])
    _, came = changed_lines(FILE, set_key(FILE, "fish", "enabled", False))
    assert came[0].endswith('url: "https://fish.example/#a", enabled: false}')


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "sources",
    [
        "",
        "sources:\n",
        "sources: []\n",
        "sources: []  # none\n",
        "sources:\n- {id: a, name: A}\n",
        "sources:\n-   id: a\n    name: A",
    ],
)
def test_adding_and_taking_out_again_works_however_the_list_is_written(sources, ending):
    text = (SITE + sources).replace("\n", ending)
    after = add_sources(text, [ENTRY, ENTRY | {"id": "second"}])
    assert [one["id"] for one in said(after)][-2:] == ["xx-new", "second"]
    assert ending == "\n" or "\n" not in after.replace("\r\n", "")
    left = remove_source(remove_source(after, "second"), "xx-new")
    assert [one["id"] for one in said(left)] == (["a"] if "id: a" in sources else [])


def test_the_shipped_file_loses_no_byte_by_adding_and_taking_out():
    text = SHIPPED.read_text(encoding="utf-8")
    assert remove_source(add_sources(text, [ENTRY]), "xx-new") == text


VALUE = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30).filter(
    lambda one: one.strip()
)


@settings(max_examples=30)
@given(VALUE, st.lists(VALUE, max_size=3), st.sampled_from(["port-office", "pilots", "fish"]))
def test_whatever_is_written_is_read_again_as_it_was_meant(name, include, source):
    entry = ENTRY | {"name": name, "include": include, "list": {"item": name}}
    after = add_sources(FILE, [entry])
    assert said(after)[-1] == {**entry, "include": include}
    assert after.startswith(FILE[: FILE.index("\ntopics")])
    renamed = set_key(FILE, source, "licence", name)
    assert next(one for one in said(renamed) if one["id"] == source)["licence"] == name


@pytest.mark.parametrize("text", ["[1, 2]", "sources: [{id: a}]\n", "{sources: []}", "sources: *x\n", "a: b: c"])
def test_what_cannot_be_edited_safely_is_said_so(text):
    with pytest.raises(ConfigError):
        add_sources(text, [ENTRY])


def test_a_source_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(UsageError, match='no source has the id "pilot"; did you mean "pilots"'):
        remove_source(FILE, "pilot")


def test_an_entry_is_tidy_yaml():
    assert entry_text({"id": "a", "list": {"item": "ul li", "date": "time"}, "enabled": False}) == (
        "  - id: a\n    list:\n      item: ul li\n      date: time\n    enabled: false\n"
    )


# ---------------------------------------------------------------- the file


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.replace("topics: []    # none yet\n", "").encode())
    path.chmod(0o640)
    return path


def test_the_file_is_replaced_whole_and_keeps_its_mode_and_its_mark(file):
    edit(file, lambda text: add_sources(text, [ENTRY]))
    assert file.read_bytes().startswith(b"\xef\xbb\xbf# The lagoon")
    assert file.stat().st_mode & 0o777 == 0o640
    assert [one.id for one in load(file).sources][-1] == "xx-new"
    assert [one.name for one in file.parent.iterdir()] == ["sources.yaml"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"id": "xx-new"}, "is missing"),
        (ENTRY | {"id": "fish"}, "is also the id"),
        (ENTRY | {"country": "J"}, "country"),
    ],
)
def test_a_file_that_would_be_wrong_is_not_written(file, entry, fault):
    before = file.read_bytes()
    with pytest.raises(ConfigError, match=fault) as caught:
        edit(file, lambda text: add_sources(text, [entry]))
    assert str(file) in str(caught.value)
    assert ".part" not in str(caught.value)
    assert file.read_bytes() == before
    assert [one.name for one in file.parent.iterdir()] == ["sources.yaml"]


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(file):
    def meanwhile(text):
        file.write_text(SITE + "sources: []\n")
        return add_sources(text, [ENTRY])

    with pytest.raises(ConfigError, match="somebody else changed the file"):
        edit(file, meanwhile)
    assert file.read_text() == SITE + "sources: []\n"


def test_a_link_to_the_file_stays_a_link(file, tmp_path):
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    edit(link, lambda text: set_key(text, "fish", "enabled", False))
    assert link.is_symlink()
    assert "fish" not in [one.id for one in load(file).sources]
    assert "fish" in [one.id for one in load(file, every=True).sources]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("headers: {Host: a}", "not for sources to set"),
        ("headers: {'X Y': a}", "no name of a header"),
        ("headers: {User-Agent: a}", "write user_agent"),
        ("headers: {Transfer-Encoding: chunked}", "not for sources to set"),
        ("user_agent: Mozilla/5.0", "names no contact"),
        ("ca_file: nothing.pem", "there is no file"),
        ("text_status: draft", "text_status"),
        ("allow_http: perhaps", "allow_http"),
    ],
)
def test_what_a_source_may_not_say_of_its_requests(tmp_path, line, fault):
    path = tmp_path / "sources.yaml"
    path.write_text(SITE + "sources:\n" + entry_text(ENTRY) + f"    {line}\n")
    with pytest.raises(ConfigError, match=fault):
        load(path)


def test_a_secret_stands_in_no_message(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(SITE + "sources:\n" + entry_text(ENTRY) + '    headers: {X-Key: "s3cret\\nsecond"}\n')
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert "s3cret" not in str(caught.value)
