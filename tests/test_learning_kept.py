"""What was learnt is kept beside the read models: no process learns again what another has learnt."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select, update

from briefing import encoders, events
from briefing.classifiers.packing import packed, unpacked
from briefing.classifiers.panel import Panel
from briefing.classifiers.texts import Sample, Text
from briefing.projections.panels import panels
from briefing.service import Service, learning
from test_learning import FISHING, OTHER, TOPICS, Room, room  # type: ignore[import-not-found]  # noqa: F401 - a fixture

SAID = Text("Fishermen landed more halibut than the quota, the harbour says", "", "en")


@pytest.fixture
def learnings(monkeypatch):
    """How often something was learnt."""
    counted = []
    learn = Panel.learn

    def counting(*args, **more):
        counted.append(1)
        return learn(*args, **more)

    monkeypatch.setattr(Panel, "learn", counting)
    return counted


def another_process(room):  # noqa: F811 - the fixture's
    """The same storage, opened by somebody else."""
    made = Room.__new__(Room)
    made.settings, made.folder, made.url = room.settings, room.folder, room.url
    made.service = Service(room.url, room.folder, room.settings, room.desk.clock)
    made.desk = made.service.desk
    made.desk.encoder = lambda: None
    return made


def _votes(room):  # noqa: F811 - the fixture's
    found = learning.learner(room.desk, TOPICS)
    assert found is not None
    return found.panel.votes([SAID])


def _kept(room):  # noqa: F811 - the fixture's
    with room.desk.engine.connect() as connection:
        return connection.execute(select(panels)).all()


def test_a_process_that_starts_reads_what_another_learnt_and_says_the_same(room, learnings):  # noqa: F811
    room.teach()
    before = _votes(room)
    assert len(learnings) == 1
    other = another_process(room)
    assert _votes(other) == before
    assert len(learnings) == 1
    assert len(other.told(events.ModelsTrained)) == 1
    other.desk.close()


def test_what_is_damaged_is_learnt_anew_and_kept_again(room, learnings):  # noqa: F811
    room.teach()
    before, [row] = _votes(room), _kept(room)
    for number, damage in enumerate(("cut", "turned", "gone", "of another form"), 2):
        _hurt(room, row, damage)
        other = another_process(room)
        assert _votes(other) == before
        assert len(learnings) == number
        assert _kept(other) == [row]
        other.desk.close()


def _hurt(room, row, damage):  # noqa: F811 - the fixture's
    with room.desk.engine.begin() as connection:
        if damage == "gone":
            connection.execute(panels.delete())
        elif damage == "of another form":  # whole, as its checksum says, and nothing that can be read
            body = b"{}"
            values = {"body": body, "checksum": hashlib.sha256(body).hexdigest()}
            connection.execute(update(panels).values(**values))
        else:
            body = row.body[:-9] if damage == "cut" else bytes([row.body[0] ^ 1]) + row.body[1:]
            connection.execute(update(panels).values(body=body))


def test_more_answers_make_another_model_and_only_that_one_is_kept(room, learnings):  # noqa: F811
    room.teach()
    [first] = _kept(room)
    room.service.label("y00", "fishing", "no")
    room.service.classify()
    [second] = _kept(room)
    assert second.log > first.log
    assert len(learnings) == 2


def test_after_a_takedown_nothing_is_left_of_the_words_and_the_models_are_those_of_the_rest(room):  # noqa: F811
    room.teach([*FISHING[:18], "Zyxwvut trawlers cast off", "Zyxwvut boats"], OTHER)
    _votes(room)
    assert " zyx" in _grams(room)
    room.service.takedown("y19", "an order")
    assert _kept(room) == []
    room.service.classify()
    assert " zyx" not in _grams(room)
    assert [one["yes"] for one in room.told(events.ModelsTrained)[-1].models] == [19]
    other = another_process(room)
    assert _votes(other) == _votes(room)
    other.desk.close()


def _grams(room):  # noqa: F811 - the fixture's
    [row] = _kept(room)
    panel = unpacked(row.body, TOPICS, None)
    assert panel is not None
    return panel.weights.places


@pytest.mark.skipif(not encoders.installed(), reason="the extra `semantic` is not installed")
def test_with_an_encoder_every_vote_comes_back_to_the_last_digit():
    encoder = encoders.load("hashed")
    samples = [Sample(Text(title, "", "en"), {"fishing": yes}) for yes, said in ((True, FISHING), (False, OTHER))
               for title in said]  # fmt: skip
    stream = [sample.text for sample in samples] + [Text("Рыбаки договорились о квоте", "", "ru")]
    learnt = Panel.learn(TOPICS, samples, stream, encoder=encoder)
    kept = unpacked(packed(learnt), TOPICS, encoder)
    assert kept is not None
    assert kept.votes([*stream, SAID]) == learnt.votes([*stream, SAID])
    assert kept.hashes == learnt.hashes
    assert unpacked(packed(learnt), TOPICS, None) is None
    assert unpacked(packed(learnt), TOPICS[:1], encoder) is None
