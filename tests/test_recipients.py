"""Who gets a briefing: lists, links, and what the log says of people."""

from __future__ import annotations

import json
import shutil
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from briefing import events
from briefing.config import load
from briefing.errors import StoreError, UsageError
from briefing.model import Listed, Wish
from briefing.service import recipients
from briefing.service.desk import Desk
from briefing.service.doctoring import examine
from briefing.service.recipients import subscribe
from briefing.service.tokens import CONFIRM, PREFERENCES, UNSUBSCRIBE, keeper
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    adopted,
)

ADA, BEN = "ada@ministry.example", "ben@institute.example"


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """The database of a desk whose site is configured, to be copied: to make one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("ready")
    opened = Desk(f"sqlite:///{folder}/briefing.db", folder, Clock())
    opened.store.append("settings", [adopted()])
    opened.projector.catch_up()
    opened.close()
    return folder / "briefing.db"


@pytest.fixture
def desk(tmp_path, clock, ready):
    """A desk whose site is configured."""
    shutil.copy(ready, tmp_path)
    opened = Desk(f"sqlite:///{tmp_path}/briefing.db", tmp_path, clock)
    yield opened
    opened.close()


def names(desk, briefing="weekly"):
    return [one.address for one in recipients.subscribers(desk, briefing)]


def token_of(url):
    return url.rpartition("/")[2]


def bodies(desk):
    return b"".join(desk.store.bodies(0, 10_000))


# ---------------------------------------------------------------- lists


def test_who_was_put_on_a_list_is_on_it_with_his_wishes(desk):
    wish = Wish(topics=("straits",), formats=("text",), language="ja")
    [joined] = subscribe(desk, [Listed(address=ADA, briefing="weekly", wish=wish, name="Ada")], "operator")
    [one] = recipients.subscribers(desk, "weekly")
    assert (joined.outcome, one.address, one.name, one.state, one.by) == ("added", ADA, "Ada", "active", "operator")
    assert (one.topics, one.formats, one.language) == (("straits",), ("text",), "ja")
    assert recipients.subscribers(desk, "daily") == []
    assert recipients.find(desk, "ADA@Ministry.Example") == [one]


def test_putting_somebody_on_a_list_twice_is_one_event(desk):
    twice = [Listed(address=ADA, briefing="weekly"), Listed(address=ADA.upper(), briefing="weekly")]
    assert [one.outcome for one in subscribe(desk, twice, "import")] == ["added", "unchanged"]
    head = desk.store.head()
    assert [one.outcome for one in subscribe(desk, twice, "import")] == ["unchanged", "unchanged"]
    assert desk.store.head() == head


def test_another_wish_is_a_change(desk):
    subscribe(desk, [Listed(address=ADA, briefing="weekly")], "operator")
    other = Listed(address=ADA, briefing="weekly", wish=Wish(formats=("text",)))
    assert subscribe(desk, [other], "operator")[0].outcome == "changed"
    assert recipients.subscribers(desk, "weekly")[0].formats == ("text",)


def test_who_left_by_himself_or_bounced_is_put_back_only_by_name(desk):
    subscribe(desk, [Listed(address=ADA, briefing="weekly"), Listed(address=BEN, briefing="weekly")], "file")
    ada, ben = recipients.subscribers(desk, "weekly")
    recipients.unsubscribe(desk, token_of(recipients.unsubscribe_url(desk, ada)))
    assert recipients.suppress(desk, ben.id, "hard-bounce", f"550 5.1.1 <{BEN}>: no such user")
    assert not recipients.suppress(desk, ben.id, "hard-bounce")
    answers = subscribe(desk, [Listed(address=ADA, briefing="weekly"), Listed(address=BEN, briefing="daily")], "file")
    assert [one.outcome for one in answers] == ["refused", "refused"]
    assert "by himself on 2016-11-18" in answers[0].reason
    assert "hard-bounce" in answers[1].reason
    assert names(desk) == []
    assert subscribe(desk, [Listed(address=ADA, briefing="weekly")], "operator", again=True)[0].outcome == "added"
    assert names(desk) == [ADA]


def test_two_who_change_the_lists_at_once_record_everything_once(desk, tmp_path, clock):
    other = Desk(f"sqlite:///{tmp_path}/briefing.db", tmp_path, clock)
    listed = [Listed(address=f"reader{number}@example.org", briefing="weekly") for number in range(30)]
    try:
        with ThreadPoolExecutor(2) as pool:
            for place in range(0, 30, 10):
                share = listed[place : place + 15]
                done = [pool.submit(subscribe, one, share, "import") for one in (desk, other)]
                outcomes = [[answer.outcome for answer in one.result()] for one in done]
                assert all(
                    {"added", "unchanged"} == set(pair) or set(pair) == {"unchanged"}
                    for pair in zip(*outcomes, strict=True)
                )
    finally:
        other.close()
    told = [json.loads(body)["data"]["recipient"] for body in desk.store.bodies(1, 100)]
    assert len(told) == len(set(told)) == len(recipients.subscribers(desk, "weekly")) == 30


def test_who_was_taken_out_by_the_file_is_put_back_by_it(desk):
    subscribe(desk, [Listed(address=ADA, briefing="weekly")], "file")
    assert recipients.remove(desk, recipients.everybody(desk, "weekly"), "file") == 1
    assert recipients.remove(desk, recipients.everybody(desk, "weekly"), "file") == 0
    assert subscribe(desk, [Listed(address=ADA, briefing="weekly")], "file")[0].outcome == "added"


def test_who_pauses_gets_nothing_until_he_goes_on(desk):
    subscribe(desk, [Listed(address=ADA, briefing="weekly")], "operator")
    [ada] = recipients.subscribers(desk, "weekly")
    recipients.change(desk, ada, Wish(language="ja"), paused=True, by="self")
    assert recipients.subscribers(desk, "weekly") == []
    assert [(one.state, one.language) for one in recipients.everybody(desk)] == [("paused", "ja")]
    recipients.change(desk, ada, Wish(), paused=False, by="self")
    assert names(desk) == [ADA]
    recipients.remove(desk, [ada], "operator")
    with pytest.raises(UsageError, match="no more"):
        recipients.change(desk, ada, Wish(), paused=False, by="self")


def test_mail_is_stopped_for_a_known_reason_only(desk):
    with pytest.raises(UsageError, match="hard-bounce"):
        recipients.suppress(desk, "0" * 32, "boredom")


# ---------------------------------------------------------------- what the log says


def test_the_log_names_nobody(desk):
    subscribe(desk, [Listed(address=ADA, briefing="weekly", name="Ada Quill")], "operator")
    [ada] = recipients.subscribers(desk, "weekly")
    recipients.suppress(desk, ada.id, "hard-bounce", f"550 5.1.1 <{ADA}> unknown")
    said = bodies(desk)
    assert b"ministry" not in said
    assert b"Ada" not in said
    assert b'"code":"5.1.1"' in said
    assert desk.store.read(0, 100, payloads=True)[-1].payload is None


def test_without_the_key_nobody_can_test_an_address(desk, tmp_path, clock):
    """Two services that know the same person call him by other hashes, whatever is in their logs."""
    other = Desk(f"sqlite:///{tmp_path}/other/briefing.db", tmp_path / "other", clock)
    try:
        assert keeper(desk).recipient(ADA) != keeper(other).recipient(ADA)
    finally:
        other.close()
    key = tmp_path / "recipients.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text().strip().encode() not in bodies(desk)


def test_a_rebuild_brings_the_same_lists_back(desk):
    listed = [Listed(address=f"reader{number}@example.org", briefing="weekly") for number in range(5)]
    subscribe(desk, listed, "import")
    reader = recipients.find(desk, "reader3@example.org")[0]
    recipients.change(desk, reader, Wish(topics=("energy",)), paused=True, by="self")
    recipients.suppress(desk, recipients.find(desk, "reader4@example.org")[0].id, "complaint")
    before = recipients.everybody(desk)
    desk.projector.reset()
    assert recipients.everybody(desk) == before
    assert [one.state for one in before] == ["active", "active", "active", "paused", "suppressed"]


def test_a_key_that_is_lost_altered_or_open_to_all_is_told(desk, tmp_path):
    subscribe(desk, [Listed(address=ADA, briefing="weekly")], "operator")
    key = tmp_path / "recipients.key"
    held = key.read_bytes()
    for content, mode, said in ((b"00" * 32, 0o600, "not the key"), (b"zz", 0o600, "read"), (held, 0o644, "others")):
        key.write_bytes(content)
        key.chmod(mode)
        with pytest.raises(StoreError, match=said):
            keeper(desk)
    key.unlink()
    with pytest.raises(StoreError, match="missing"):
        keeper(desk)


def test_the_doctor_says_where_the_key_is_missing_or_open(desk, tmp_path):
    def said():
        url, nothing = f"sqlite:///{tmp_path}/briefing.db", tmp_path / "none.yaml"
        found = [one for one in examine(url, tmp_path, nothing, load) if one.subject == "recipients"]
        return [(one.state, one.said) for one in found]

    assert said() == []
    subscribe(desk, [Listed(address=ADA, briefing="weekly")], "operator")
    assert said() == [("ok", "1 known, by a key that is there, and private")]
    (tmp_path / "recipients.key").chmod(0o644)
    assert said()[0][0] == "wrong"
    (tmp_path / "recipients.key").unlink()
    assert [(state, "is gone" in text) for state, text in said()] == [("wrong", True)]


def test_ten_thousand_are_taken_in_as_one_batch_and_listed_at_once(desk):
    listed = [Listed(address=f"reader{number}@example.org", briefing="weekly") for number in range(10_000)]
    answers = subscribe(desk, listed, "import")
    assert {one.outcome for one in answers} == {"added"}
    started = time.process_time()
    assert len(recipients.subscribers(desk, "weekly")) == 10_000
    assert time.process_time() - started < 0.5  # of this process alone: other load does not count


# ---------------------------------------------------------------- links


def test_a_link_is_good_for_one_thing_and_one_list(desk, clock):
    subscribe(desk, [Listed(address=ADA, briefing="weekly")], "operator")
    [ada] = recipients.subscribers(desk, "weekly")
    url = recipients.unsubscribe_url(desk, ada)
    assert url.startswith("https://desk.example/unsubscribe/")
    found = keeper(desk).read(UNSUBSCRIBE, token_of(url), clock() + timedelta(days=9000))
    assert (found.id, found.briefing) == (ada.id, "weekly")
    for purpose in (PREFERENCES, CONFIRM):
        with pytest.raises(UsageError, match="not complete"):
            keeper(desk).read(purpose, token_of(url), clock())
    assert token_of(recipients.preferences_url(desk, ada)) != token_of(url)


def test_a_link_that_was_altered_anywhere_is_none(desk, clock):
    token = keeper(desk).token(UNSUBSCRIBE, "ab" * 16, "weekly")
    for place in range(len(token)):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(UsageError):
            keeper(desk).read(UNSUBSCRIBE, other, clock())
    for nonsense in ("", "x", "é", token[:-4], token + "A", "A" * 5000):
        with pytest.raises(UsageError):
            keeper(desk).read(UNSUBSCRIBE, nonsense, clock())


def test_a_link_with_an_end_is_good_until_then(desk, clock):
    token = keeper(desk).token(CONFIRM, "ab" * 16, expires=clock() + timedelta(hours=48))
    assert keeper(desk).read(CONFIRM, token, clock.move(hours=47)).id == "ab" * 16
    with pytest.raises(UsageError, match="too old"):
        keeper(desk).read(CONFIRM, token, clock.move(hours=1))


def test_unsubscribing_twice_is_one_event_and_his_own_word_outlasts_the_operators(desk):
    subscribe(desk, [Listed(address=ADA, briefing="weekly")], "file")
    [ada] = recipients.subscribers(desk, "weekly")
    recipients.remove(desk, [ada], "file")
    token = token_of(recipients.unsubscribe_url(desk, ada))
    assert recipients.unsubscribe(desk, token).by == "self"
    head = desk.store.head()
    assert recipients.unsubscribe(desk, token).state == "unsubscribed"
    assert desk.store.head() == head
    left = [json.loads(body) for body in desk.store.bodies(0, 100)]
    assert [one["data"]["by"] for one in left if one["type"] == events.RecipientUnsubscribed.NAME] == ["file", "self"]


def test_the_key_is_made_once_by_however_many_at_a_time(desk):
    with ThreadPoolExecutor(8) as pool:
        found = {made.result().recipient(ADA) for made in [pool.submit(keeper, desk) for _ in range(8)]}
    assert len(found) == 1
    assert [one.name for one in desk.storage.iterdir() if one.name.endswith(".part")] == []
