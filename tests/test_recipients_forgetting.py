"""Forgetting somebody: nothing of his address is left, here and in what comes back."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest

from briefing.errors import StoreError, UsageError
from briefing.eventstore.erasures import read_erasures
from briefing.model import Listed, Wish
from briefing.projections.mailboxes import Mailbox
from briefing.service import Service, forgetting, keeping, optin, recipients
from briefing.service.forgetting import forget
from briefing.service.recipients import subscribe
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    adopted,
)

ADA, BEN = "ada.quill@ministry.example", "ben@institute.example"


@pytest.fixture
def url(request, tmp_path):
    """The URL of an empty SQLite database, or of the kind that a test asks for."""
    kind = getattr(request, "param", "sqlite")
    return request.getfixturevalue(f"{kind}_url")


both = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def service(tmp_path, url, clock):
    """A service with two recipients, of which one has a name."""
    with Service(url, tmp_path / "storage", clock=clock) as opened:
        opened.desk.store.append("settings", [adopted()])
        listed = [Listed(address=ADA, briefing="weekly", name="Ada Quill"), Listed(address=BEN, briefing="weekly")]
        subscribe(opened.desk, listed, "operator")
        yield opened


def on(service, briefing="weekly"):
    return [one.address for one in recipients.subscribers(service.desk, briefing)]


def stored(service):
    """Every byte of the storage and of an SQLite database beside it."""
    folder = service.desk.storage.parent
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@both
def test_nothing_of_a_forgotten_address_is_left_in_the_storage(service, clock):
    optin.ask(service.desk, ADA, {"daily": Wish()})
    done = forget(service.desk, ADA.upper())
    assert (done.lists, done.truncated) == (1, True)
    assert on(service) == [BEN]
    for name, content in stored(service).items():
        assert b"ada.quill" not in content.lower(), name
        assert b"Ada Quill" not in content, name
    assert service.desk.mailboxes.untold(clock()) == []
    assert [one.state for one in recipients.everybody(service.desk)] == ["forgotten", "active"]


def test_forgetting_twice_or_a_stranger_records_nothing(service):
    forget(service.desk, ADA)
    head = service.desk.store.head()
    assert forget(service.desk, ADA).lists == 0
    assert forget(service.desk, "stranger@example.org").lists == 0
    assert service.desk.store.head() == head
    assert len((service.desk.storage / "erasures.jsonl").read_text().splitlines()) == 1
    with pytest.raises(UsageError, match="no mail address"):
        forget(service.desk, "nobody")


def test_who_was_forgotten_is_put_on_a_list_only_by_name_and_can_be_forgotten_again(service, clock):
    forget(service.desk, ADA)
    clock.move(hours=1)
    [answer] = subscribe(service.desk, [Listed(address=ADA, briefing="weekly")], "file")
    assert (answer.outcome, answer.reason) == ("refused", "the address was forgotten on 2016-11-18")
    assert service.desk.mailboxes.of([answer.recipient]) == {}
    subscribe(service.desk, [Listed(address=ADA, briefing="weekly")], "operator", again=True)
    forgetting.complete(service.desk)
    assert on(service) == [ADA, BEN]
    clock.move(hours=1)
    assert forget(service.desk, ADA).lists == 1
    assert len((service.desk.storage / "erasures.jsonl").read_text().splitlines()) == 2


def test_what_a_killed_process_left_is_erased_by_the_next(service, clock):
    """The event is recorded, and nothing of what follows was done."""
    ada = recipients.find(service.desk, ADA)[0]
    forgetting._record(service.desk, ada.id)
    assert service.desk.mailboxes.of([ada.id])
    forgetting.complete(service.desk)
    assert not service.desk.mailboxes.of([ada.id])
    assert json.loads((service.desk.storage / "erasures.jsonl").read_text())["recipient"] == ada.id


def test_an_address_that_no_event_came_to_is_swept_out(service, clock):
    stray = Mailbox(recipient="0" * 32, address="lost@example.org", name="", at=clock())
    service.desk.mailboxes.put([stray])
    forgetting.complete(service.desk)
    assert service.desk.mailboxes.of(["0" * 32]), "another process may be about to record it"
    clock.move(hours=2)
    forgetting.complete(service.desk)
    assert not service.desk.mailboxes.of(["0" * 32])
    assert on(service) == [ADA, BEN]


def test_a_request_that_nobody_confirmed_goes_with_its_link(service, clock):
    optin.ask(service.desk, "cyd@example.org", {"weekly": Wish()})
    clock.move(hours=49)
    forgetting.complete(service.desk)
    assert service.desk.mailboxes.asks(clock() - timedelta(days=9)) == 0


# ---------------------------------------------------------------- backups


def backup(service, url, folder, name="backup.zst"):
    target = folder / name
    keeping.backup(url, service.desk.storage, folder / "sources.yaml", target)
    return target


def restored(folder, name, file, erasures=None, clock=None):
    """A storage restored from a backup, opened."""
    url, storage = f"sqlite:///{folder / name}/briefing.db", folder / name
    with file.open("rb") as source:
        keeping.restore(url, storage, folder / "other.yaml", source, file.name, erasures=erasures)
    return Service(url, storage, clock=clock or Clock())


def test_a_backup_brings_lists_addresses_and_links_back(service, url, tmp_path):
    ada = recipients.find(service.desk, ADA)[0]
    link = recipients.unsubscribe_url(service.desk, ada)
    with restored(tmp_path, "new", backup(service, url, tmp_path)) as other:
        assert recipients.everybody(other.desk) == recipients.everybody(service.desk)
        assert recipients.unsubscribe(other.desk, link.rpartition("/")[2]).address == ADA


@both
def test_an_older_backup_comes_back_without_who_was_forgotten_since(service, url, tmp_path, clock):
    older = backup(service, url, tmp_path)
    clock.move(hours=1)
    forget(service.desk, ADA)
    erasures = service.desk.storage / "erasures.jsonl"
    with restored(tmp_path, "new", older, erasures, clock) as other:
        assert on(other) == [BEN]
        assert [one.state for one in recipients.everybody(other.desk)] == ["forgotten", "active"]
        assert other.desk.store.read(0, 99)[-1].event.NAME == "recipient.forgotten"
        for name, content in stored(other).items():
            assert b"ada.quill" not in content, name
        assert forgetting.complete(other.desk) == 0
    newer = backup(service, url, tmp_path, "newer.zst")
    with restored(tmp_path, "newer", newer, clock=clock) as other:
        assert on(other) == [BEN]


def test_an_address_that_was_forgotten_since_is_not_written_even_for_a_moment(service, url, clock):
    content = forgetting.addresses(url)[forgetting.PEOPLE]
    clock.move(hours=1)
    forget(service.desk, ADA)
    known = read_erasures((service.desk.storage / "erasures.jsonl").read_bytes(), "erasures.jsonl")
    assert forgetting.bring_back(service.desk, content, known) == 1
    assert forgetting.bring_back(service.desk, content, ()) == 2
    with pytest.raises(StoreError, match="damaged"):
        forgetting.bring_back(service.desk, content[:-9], known)


def test_an_export_holds_no_address(service, url, tmp_path):
    out = io.BytesIO()
    keeping.export(url, out)
    out.seek(0)
    storage = tmp_path / "imported"
    other_url = f"sqlite:///{storage}/briefing.db"
    keeping.import_log(other_url, storage, out, "export")
    with Service(other_url, storage) as other:
        assert [(one.address, one.state) for one in recipients.everybody(other.desk)] == [("", "active")] * 2
        assert recipients.subscribers(other.desk, "weekly") == []
        with pytest.raises(StoreError, match=r"recipients.key is missing"):
            recipients.find(other.desk, ADA)
        (storage / "recipients.key").write_bytes((service.desk.storage / "recipients.key").read_bytes())
        (storage / "recipients.key").chmod(0o600)
        [again] = subscribe(other.desk, [Listed(address=ADA, briefing="weekly")], "import")
        assert again.outcome == "unchanged"
        assert recipients.subscribers(other.desk, "weekly")[0].address == ADA
