"""A takedown: no byte of the words is left, readers are told, and everything else stands as it did."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import ExitStack, closing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from briefing.errors import UsageError
from briefing.model import StoryRules, TopicId
from briefing.service.aside import aside
from briefing.service.verifying import verify
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    files,
    parsing,
    post,
    press,
    rss,
    source,
    street,
    weekly,
)
from takedown_support import (  # type: ignore[import-not-found]  # see street_support
    BASIS,
    REASON,
    TOKENS,
    WEEK,
    Signed,
    entry,
    everywhere,
    found,
    item_of,
    paged,
    payloads,
    publish,
    tokens,
    untopical,
)

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

SAID = f"Removed on 2 March 2026: {REASON} ({BASIS})"


def take_down(made: Any, item: str = "") -> Any:
    return made.service.takedown(item or item_of(made).id, REASON, BASIS)


def prints(made: Any, item: str) -> list[str]:
    """What else tells of the words: hashes that anyone could make of them."""
    return [one.fingerprint for one in made.desk.library.revisions(item)]


# ---------------------------------------------------------------- nothing is left


def test_no_byte_of_the_words_is_left_in_any_file(street, press):
    made = everywhere(street, press)
    item = item_of(made).id
    gone = [*tokens(), *prints(made, item)]
    with closing(sqlite3.connect(made.folder / "briefing.db")) as other:
        other.execute("PRAGMA wal_checkpoint(PASSIVE)")
    before = found(made.folder, gone)
    looked = set().union(*before.values())
    assert looked >= set(TOKENS["title"] + TOKENS["text"] + TOKENS["author"] + TOKENS["address"])
    assert {f"public/briefings/weekly/{WEEK}/v{number}/index.html" for number in (1, 2)} <= set(before)
    assert {"briefing.db", "briefing.db-wal", "public/feeds/all.atom", "public/feeds/changes.json"} <= set(before)
    assert len(made.desk.library.issues()) > 1
    done = take_down(made)
    assert found(made.folder, gone) == {}
    assert not any(one.encode() in payloads(made) for one in tokens())
    assert (done.fresh, done.completed.payloads, done.completed.truncated) == (True, 3, True)
    assert payloads(made), "other words stay"
    publish(made)
    made.service.rebuild()
    assert found(made.folder, gone) == {}


def test_the_address_of_a_page_that_was_read_is_forgotten(street, press):
    made = paged(street, press)
    item = item_of(made).id
    address = f"/{TOKENS['address'][0]}.html"
    assert made.desk.polls.pages([item])[item].url.endswith(address)
    assert TOKENS["address"][0] in set().union(*found(made.folder, tokens()).values())
    take_down(made)
    assert found(made.folder, tokens()) == {}
    assert made.desk.polls.pages([item]) == {}
    made.clock.forward(days=1)
    press.log()
    result = made.one("list", recheck=True)
    assert (result.events, result.new, result.revised, result.waiting) == (0, 0, 0, 0)
    assert address not in [path for path, _ in press.log()]
    assert found(made.folder, tokens()) == {}


def test_an_address_that_waits_to_be_read_is_forgotten(street, press):
    made = paged(street, press)
    poll = made.desk.polls.get("list")
    waiting = {f"{press.base}/{TOKENS['address'][0]}.html": 1, f"{press.base}/other.html": 2}
    from dataclasses import replace

    made.desk.polls.put([replace(poll, pending=waiting)])
    take_down(made)
    assert made.desk.polls.get("list").pending == {f"{press.base}/other.html": 2}
    assert found(made.folder, tokens()) == {}


def test_a_folder_whose_owner_is_killed_after_the_takedown_goes_with_the_next_command(street, press):
    made = everywhere(street, press)
    with ExitStack() as killed:
        left = killed.enter_context(aside(made.folder))
        (left / "aside.db").write_text(" ".join(tokens()))
        shutil.copytree(left, made.folder / "kept")
        take_down(made)
        assert set(found(made.folder, tokens())) == {f"{left.name}/aside.db", "kept/aside.db"}
    (made.folder / "kept").rename(left)  # as if it had not gone by itself
    made.service.publish()
    assert found(made.folder, tokens()) == {}


def test_what_a_killed_process_was_writing_goes_too(street, press):
    made = everywhere(street, press)
    (made.public / "feeds" / ".briefing-all.atom.part").write_text(" ".join(tokens()))
    (made.folder / ".aside-left").mkdir()
    (made.folder / ".aside-left" / "aside.db").write_text(" ".join(tokens()))
    take_down(made)
    assert found(made.folder, tokens()) == {}


def test_an_issue_that_only_names_an_item_is_made_again(street, press):
    token = TOKENS["title"][0]
    press.says("/one", rss([post(520), untopical(token)]))
    harbour = replace(weekly(), topics=(TopicId("harbour"),))
    made = street(source("one", "/one", press), briefings=(harbour,))
    publish(made)
    [issued] = made.desk.library.issues()
    item = item_of(made).id
    at = {path for path in found(made.folder, [token]) if path.startswith(f"public/briefings/weekly/{WEEK}/v1/")}
    assert len(at) == 4
    take_down(made)
    assert found(made.folder, [token]) == {}
    text = (made.public / f"briefings/weekly/{WEEK}/v1/briefing.txt").read_text()
    assert SAID in " ".join(text.split())
    assert item in (made.public / f"briefings/weekly/{WEEK}/v1/briefing.json").read_text()
    assert issued.items
    assert item not in issued.items


def said_in(file: Path) -> str:
    """All that a document says to its readers, unpacked."""
    if file.suffix == ".pdf":
        told = " ".join(page.extract_text() for page in PdfReader(file).pages)
    else:
        with ZipFile(file) as packed:
            told = " ".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
        told = re.sub("<[^>]*>", "", told)
    return " ".join(told.split())


@pytest.mark.slow
def test_documents_that_pack_their_words_are_what_they_were_as_of_then_and_lose_what_is_taken_down(
    street, press, tmp_path
):
    names = ("briefing.pdf", "briefing.docx", "briefing.epub")
    press.says("/one", rss([post(520), entry()]))
    one = source("one", "/one", press, redistribute="full")
    made = street(one, briefings=(replace(weekly(), formats=("html", "pdf", "docx", "epub")),))
    publish(made)
    [issued] = made.desk.library.issues()
    folder = made.public / f"briefings/weekly/{WEEK}/v1"
    before = files(folder)
    assert set(before) >= {*names}
    made.service.brief_to(tmp_path / "then", str(issued.as_of), week=WEEK)
    assert files(tmp_path / "then" / "briefings" / "weekly" / WEEK) == before
    assert all(TOKENS["title"][0] in said_in(folder / name) for name in names)
    take_down(made)
    for name in names:
        told = said_in(folder / name)
        assert not [token for token in tokens() if token in told]
        assert REASON in told
    assert (verify(made.desk, full=True).problem, made.service.rebuild().differing) == ("", ())


# ---------------------------------------------------------------- readers are told


def test_readers_see_when_and_why_in_every_feed_and_every_version_of_an_issue(street, press):
    made = everywhere(street, press)
    item = item_of(made).id
    entries = {one["id"] for one in feed(made, "feeds/all")["items"]}
    take_down(made)
    for path in ("feeds/all", "feeds/sources/one", "feeds/topics/harbour", "feeds/digests/ministries"):
        [told] = [one for one in feed(made, path)["items"] if item in json.dumps(one)]
        assert (told["title"], told["summary"], told["url"].endswith(f"/items/{item}")) == ("[removed]", SAID, True)
    assert {one["id"] for one in feed(made, "feeds/all")["items"]} == entries, "an entry stays what it is"
    assert feed(made, "feeds/changes")["items"][0]["title"] == "Removed: [removed]"
    assert feed(made, "feeds/changes")["items"][0]["summary"] == f"Removed here: {REASON} ({BASIS})."
    assert SAID in json.dumps(feed(made, "feeds/digests/days"))
    for issued in made.desk.library.issues():
        folder = made.public / f"briefings/weekly/{WEEK}/v{issued.version}"
        assert SAID in (folder / "index.html").read_text()
        assert SAID in (folder / "briefing.md").read_text()
        assert SAID in " ".join((folder / "briefing.txt").read_text().split())
        document = json.loads((folder / "briefing.json").read_text())
        [reference] = [one for one in document["references"] if one["item"]["id"] == item]
        assert reference["item"]["removed"]["reason"] == REASON
        assert (reference["quote"], reference["item"]["title"], reference["item"]["sha256"]) == ("", "[removed]", "")


def test_all_else_in_an_issue_keeps_its_place_and_its_number(street, press):
    made = everywhere(street, press)
    file = made.public / f"briefings/weekly/{WEEK}/v2/briefing.json"
    before = json.loads(file.read_text())
    take_down(made)
    after = json.loads(file.read_text())
    numbers = [[(one["number"], one["item"]["id"]) for one in said["references"]] for said in (before, after)]
    assert numbers[0] == numbers[1]
    for part in ("highlights", "topics", "statements", "analysis"):
        assert json.dumps(after[part]).count('"number"') == json.dumps(before[part]).count('"number"')
    others = [[one for one in said["references"] if "removed" not in one["item"]] for said in (after, before)]
    assert others[0] == [one for one in others[1] if one["item"]["id"] in {o["item"]["id"] for o in others[0]}]


def test_a_reprint_that_comes_to_the_fore_changes_no_number(street, press):
    first = entry()
    reprint = Signed(replace(first.post, date="Mon, 23 Feb 2026 12:00:00 +0000"), first.author)
    press.says("/one", rss([post(520), post(522), first]))
    press.says("/two", rss([reprint]))
    off = StoryRules(enabled=False)  # else the reprint stands with the first as one story, and comes to no fore
    made = street(source("one", "/one", press), source("two", "/two", press), stories=off)
    publish(made)
    file = made.public / f"briefings/weekly/{WEEK}/v1/briefing.json"
    before = json.loads(file.read_text())
    take_down(made, next(item.id for item in made.items(source="one") if TOKENS["title"][0] in item.title))
    after = json.loads(file.read_text())
    assert len(after["highlights"]) == len(before["highlights"]) + 1
    numbers = [[(one["number"], one["item"]["id"]) for one in said["references"]] for said in (before, after)]
    assert numbers[0] == numbers[1]


def test_the_read_models_know_the_item_without_its_words(street, press):
    made = everywhere(street, press)
    before = item_of(made)
    take_down(made)
    item = made.desk.library.item(before.id)
    assert (item.title, item.url, item.lead, item.authors, item.fingerprint) == ("[removed]", "", "", (), "")
    assert (item.state, item.removal.reason, item.removal.legal_basis) == ("removed", REASON, BASIS)
    assert (item.id, item.source, item.day, item.published.value) == (
        before.id, before.source, before.day, before.published.value,
    )  # fmt: skip
    assert [(one.topic, one.score) for one in item.labels] == [(one.topic, one.score) for one in before.labels]
    assert all(one.evidence == () for one in item.labels)
    assert [(one.title, one.text, one.html, one.fingerprint) for one in made.desk.library.revisions(before.id)] == [
        ("[removed]", "", "", "")
    ] * 2
    assert [one.kind for one in made.desk.library.changes(item=before.id)] == ["removed", "revised"]


def test_a_takedown_makes_no_new_version_of_an_issue(street, press):
    made = everywhere(street, press)
    take_down(made)
    before = made.head()
    [result] = made.service.brief(week=WEEK)
    assert (result.fresh, made.head()) == (False, before)


def feed(made: Any, path: str) -> Any:
    return json.loads((made.public / f"{path}.json").read_text())


# ---------------------------------------------------------------- the same bytes again


def test_rebuild_makes_the_same_bytes_and_calls_them_reissued(street, press):
    made = everywhere(street, press)
    untouched = made.service.rebuild()
    assert (untouched.differing, untouched.reissued) == ((), ())
    take_down(made)
    before = made.files()
    rebuilt = made.service.rebuild()
    assert made.files() == before
    assert rebuilt.differing == ()
    assert set(rebuilt.reissued) == {f"weekly/{WEEK}/v{one.version}" for one in made.desk.library.issues()}


def test_issues_that_had_nothing_to_do_with_it_must_still_be_what_they_were(street, press):
    made = everywhere(street, press)
    made.clock.forward(days=21)
    press.says("/one", rss([post(520), post(522), post(1100), entry(2, place=2)]))
    publish(made)
    made.service.brief(week="2026-W12")
    take_down(made)
    other = made.public / "briefings/weekly/2026-W12"
    assert other.is_dir()
    rebuilt = made.service.rebuild()
    assert not any("W12" in one for one in rebuilt.reissued)


def test_deleted_files_of_an_issue_come_back_without_the_words(street, press):
    made = everywhere(street, press)
    take_down(made)
    before = made.files()
    for file in (made.public / "briefings").rglob("*.*"):
        file.unlink()
    made.service.publish()
    assert made.files() == before


# ---------------------------------------------------------------- again, and again from the press


def test_to_take_down_twice_is_to_take_down_once(street, press):
    made = everywhere(street, press)
    item = item_of(made).id
    first = take_down(made, item)
    head, files = made.head(), made.files()
    again = made.service.takedown(item[:6], "another reason")
    assert (again.fresh, again.reason, again.position) == (False, REASON, first.position)
    assert (made.head(), made.files()) == (head, files)
    assert len((made.folder / "erasures.jsonl").read_text().splitlines()) == 1


def test_a_feed_that_still_lists_it_brings_nothing_back(street, press):
    made = everywhere(street, press)
    item = item_of(made).id
    take_down(made)
    made.desk.polls.forget_validators()
    head, items = made.head(), len(made.items())
    publish(made)
    assert (made.head(), len(made.items())) == (head, items)
    press.says("/one", rss([post(520), post(522), entry(1, place=2)]))  # edited back
    assert made.one("one").events == 0
    moved = entry(1, place=2)
    moved = type(moved)(type(moved.post)(**{**vars(moved.post), "guid": f"tag:{TOKENS['guid'][1]}"}), moved.author)
    press.says("/one", rss([post(520), post(522), moved]))
    assert (made.one("one").new, made.one("one").revised) == (0, 0)
    publish(made)
    assert [event.payload for event in made.events("item.aliased", after=head)] in ([], [None])
    assert len(made.items()) == items
    assert found(made.folder, tokens()) == {}
    assert made.desk.library.item(item).state == "removed"


def test_the_very_fact_offered_again_is_a_duplicate_whose_words_are_erased(street, press):
    from briefing.eventstore import New, Outcome

    made = everywhere(street, press)
    item = item_of(made).id
    take_down(made)
    [observed] = [one for one in made.events("item.observed") if one.item == item]
    [answer] = made.desk.store.append("source:one", [New(event=observed, key=f"observed:{item}", payload=b"{}")])
    assert answer.outcome is Outcome.DUPLICATE_ERASED


def test_other_rules_do_not_classify_it_anew(street, press):
    from street_support import settings, topic

    made = everywhere(street, press)
    item = item_of(made).id
    take_down(made)
    made.configure(settings(*made.settings.sources, topics=(topic("harbour", "harbour*", "quay"),)))
    head = made.head()
    made.service.classify()
    assert item not in [event.item for event in made.events("item.classified", after=head)]
    assert [label.topic for label in made.desk.library.item(item).labels] == ["harbour", "fish"]


def test_a_page_that_is_taken_down_while_it_is_read_again_is_not_revised(street, press, monkeypatch):
    from briefing.service import rechecking

    made = paged(street, press)
    item = item_of(made).id
    press.shows(f"/{TOKENS['address'][0]}.html", "New", f"All is {TOKENS['text'][2]} now, says the harbour master.")
    append = rechecking._append

    def late(*arguments: Any) -> Any:
        take_down(made, item)
        return append(*arguments)

    monkeypatch.setattr(rechecking, "_append", late)
    made.clock.forward(days=1)
    assert made.one("list", recheck=True).revised == 0
    assert made.events("item.revised") == []
    assert found(made.folder, tokens()) == {}


# ---------------------------------------------------------------- the list, and what cannot be


def test_the_list_of_erasures_is_written_and_written_again_when_it_is_missing(street, press):
    made = everywhere(street, press)
    take_down(made)
    file = made.folder / "erasures.jsonl"
    whole = file.read_bytes()
    [told] = [json.loads(one) for one in whole.splitlines()]
    [event] = made.events("item.taken-down")
    assert (told["item"], told["reason"], told["position"]) == (event.item, REASON, made.desk.store.erasures()[0])
    assert told["commitments"] == list(event.payloads)
    file.unlink()
    made.service.adopt()
    assert file.read_bytes() == whole


def test_a_torn_line_is_mended_and_lines_that_this_log_does_not_know_stay(street, press):
    made = everywhere(street, press)
    foreign = b'{"position": 999, "item": "ffff", "source": "x", "commitments": []}\n'
    (made.folder / "erasures.jsonl").write_bytes(foreign + b'{"position": 1, "it')
    take_down(made)
    lines = (made.folder / "erasures.jsonl").read_bytes().splitlines(keepends=True)
    assert lines[0] == foreign
    assert [json.loads(one)["position"] for one in lines] == [999, made.desk.store.erasures()[0]]


def test_an_item_that_is_not_there_and_a_reason_that_says_nothing_are_refused(street, press):
    made = everywhere(street, press)
    with pytest.raises(UsageError, match='no item begins with "nothing"'):
        made.service.takedown("nothing", REASON)
    with pytest.raises(UsageError, match="needs a reason"):
        made.service.takedown(item_of(made).id, " \n ")
    assert made.events("item.taken-down") == []


def test_somebody_who_reads_puts_off_emptying_the_log_files_and_the_next_command_does_it(street, press, monkeypatch):
    from briefing.service import takedown

    monkeypatch.setattr(takedown, "_PATIENCE", 0.2)
    made = everywhere(street, press)
    with made.desk.engine.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM items").all()
        assert not take_down(made).completed.truncated
    made.service.adopt()
    assert found(made.folder, tokens()) == {}
    assert (made.folder / "briefing.db-wal").stat().st_size < 100_000


# ---------------------------------------------------------------- the site and the command line


def test_every_page_that_shows_it_says_that_it_was_removed(street, press):
    from web_support import running  # type: ignore[import-not-found]  # see street_support

    made = everywhere(street, press)
    item = item_of(made).id
    paths = ["/", "/items/", f"/items/{item}", f"/items/{item}/changes", "/changes", "/topics/harbour", "/sources/one",
             "/sources/", "/digests/ministries", "/digests/ferries", "/briefings"]  # fmt: skip
    with running(made.service, made.clock) as site:
        assert sum("quillbast" in site.ask(path).text for path in paths) >= 8
        take_down(made)
        pages = {path: site.ask(path) for path in paths}
    for path, answer in pages.items():
        assert answer.status == 200
        assert not [one for one in tokens() if one in answer.text.lower()], path
    texts = {path: " ".join(answer.text.split()) for path, answer in pages.items()}
    for path in ("/items/", f"/items/{item}", f"/items/{item}/changes", "/topics/harbour", "/sources/one"):
        assert "Removed</strong> on <time" in texts[path], path
        assert f"2 March 2026</time>: {REASON} ({BASIS})" in texts[path], path
    assert "Removed here" in texts["/changes"]


def test_the_command_line_takes_down_and_tells(street, press):
    made = everywhere(street, press)
    item = item_of(made).id
    options = ["--storage", str(made.folder)]
    said = told(*options, "takedown", item[:8], "--reason", REASON, "--legal-basis", BASIS)
    assert "3 texts erased" in said
    assert "docs/takedown.md" in said
    assert found(made.folder, tokens()) == {}
    again = json.loads(told(*options, "takedown", item, "--reason", "other", "--json"))
    assert (again["fresh"], again["reason"], again["completed"]["payloads"]) == (False, REASON, 0)
    [listed] = [one for one in json.loads(told(*options, "items", "--json")) if one["id"] == item]
    assert (listed["state"], listed["title"], listed["removed"]["reason"]) == ("removed", "[removed]", REASON)
    assert f"{REASON} ({BASIS})" in told(*options, "show", item)
    assert json.loads(told(*options, "show", item, "--json"))["text"] == ""
    assert "because of takedowns" in told(*options, "rebuild")
    assert json.loads(told(*options, "rebuild", "--json"))["reissued"]


def told(*arguments: str) -> str:
    from click.testing import CliRunner

    from briefing.cli.commands import main

    with CliRunner().isolation() as (out, err, _), pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert not ended.value.code, err.getvalue().decode()
    return str(out.getvalue().decode())


class Killed(BaseException):
    """What no step can catch."""


@pytest.mark.parametrize("killed", [False, True], ids=["", "killed"])
@pytest.mark.parametrize("verb", ["brief", "publish"])
@pytest.mark.slow
def test_an_issue_that_is_written_while_an_item_is_taken_down_does_not_bring_it_back(
    street, press, monkeypatch, verb, killed
):
    from briefing.service import issuing

    made = everywhere(street, press)
    item, put = item_of(made).id, issuing.put
    calls: list[int] = []

    def late(*arguments: Any, **named: Any) -> Any:
        first = not calls
        if first:
            calls.append(1)
            take_down(made, item)
        written = put(*arguments, **named)
        if first and killed:
            raise Killed
        return written

    monkeypatch.setattr(issuing, "put", late)
    press.says("/one", rss([post(520), post(523), entry(2, place=2)]))
    made.collect()
    made.service.classify()
    if verb == "publish":  # which makes missing files again
        shutil.rmtree(made.public / "briefings")
    with pytest.raises(Killed) if killed else nullcontext():
        made.service.brief(week=WEEK) if verb == "brief" else made.service.publish()
    assert calls == [1]
    assert found(made.folder, tokens()) == {}
    monkeypatch.undo()
    made.service.publish()
    assert verify(made.desk, full=True).problem == ""
    assert made.service.rebuild().differing == ()
