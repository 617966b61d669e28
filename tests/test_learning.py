"""Corrections, what is learnt from them, what is only suggested: by phrases and wording alone, and with an encoder."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from briefing import encoders, events
from briefing.cli.commands import cli
from briefing.errors import UsageError
from briefing.model import Digest, Topic, TopicId
from briefing.service import Service
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    observed,
    revised,
    words,
)
from street_support import settings, source  # type: ignore[import-not-found]  # the same

needs_extra = pytest.mark.skipif(not encoders.installed(), reason="the extra `semantic` is not installed")

CATCH = ["herring", "salmon", "crab", "squid", "mackerel", "pollock", "tuna", "shrimp", "cod", "saury"]
TOWN = ["theatre", "tram", "library", "museum", "orchestra", "school", "bridge", "market", "park", "stadium"]
FISHING = [f"{fish.title()} boats agreed on next year's catch quota with the neighbouring coast" for fish in CATCH] + [
    f"Fishermen landed less {fish} than last season, the harbour office says" for fish in CATCH
]
OTHER = [f"The new {place} opens to the public after two years of building" for place in TOWN] + [
    f"The council has no money left for the old {place}, the mayor says" for place in TOWN
]
FAR = {
    "ja1": ("サケ・マス漁の漁獲枠について漁業者と合意した", "ja"),
    "ja2": ("市立図書館が改修を終えて再び開館した", "ja"),
    "ru1": ("Рыбаки договорились о квоте на вылов лосося", "ru"),
    "ru2": ("Городской музей открылся после ремонта", "ru"),
}
TOPICS = (
    Topic(id=TopicId("fishing"), name="Fishing", description="Catch, quotas and fishermen.",
          phrases={"en": ("trawler",), "ja": ("底引き網",), "ru": ("траулер",)}),
    Topic(id=TopicId("ferries"), name="Ferries", phrases={"en": ("ferry",)}),
)  # fmt: skip


class Room:
    """A service on a log of its own; without an encoder unless one is given."""

    def __init__(self, folder, topics=TOPICS, encoder=None, **more):
        self.settings = settings(source("selvane", "https://selvane.example/feed", None), topics=topics, **more)
        self.folder = folder
        self.url = f"sqlite:///{folder}/briefing.db"
        self.service = Service(self.url, folder, self.settings, Clock())
        self.desk = self.service.desk
        self.desk.encoder = lambda: encoder
        self.service.adopt()

    def tell(self, said):
        news = [
            observed(item, payload=words(title=title, text="", url=f"https://a.example/{item}"), language=language)
            for item, (title, language) in said.items()
        ]
        self.desk.store.append("source:selvane", news)
        self.desk.projector.catch_up()

    def teach(self, yes=FISHING, no=OTHER, topic="fishing", classify=True):
        """Items of these titles, and what somebody said of them."""
        said = {f"y{number:02}": (title, "en") for number, title in enumerate(yes)}
        said |= {f"n{number:02}": (title, "en") for number, title in enumerate(no)}
        self.tell(said)
        lines = [{"item": item, "topic": topic, "answer": "yes" if item[0] == "y" else "no"} for item in said]
        file = self.folder / "answers.jsonl"
        file.write_text("\n".join(map(json.dumps, lines)))
        self.service.label_file(file, "Ruta")
        if classify:
            self.service.classify()

    def labels(self, item):
        one = self.desk.library.item(item)
        assert one is not None
        return {label.topic: (label.level, label.earned) for label in one.labels}

    def suggested(self, item):
        one = self.desk.library.item(item)
        assert one is not None
        return [label.topic for label in one.suggested]

    def told(self, kind):
        found, after = [], 0
        while page := self.desk.store.read(after):
            found += [one.event for one in page if isinstance(one.event, kind)]
            after = page[-1].position
        return found


@pytest.fixture
def room(tmp_path):
    made = Room(tmp_path)
    yield made
    made.desk.close()


# ---------------------------------------------------------------- what people say holds


def test_a_label_that_somebody_refused_is_gone_for_ever_and_one_confirmed_stays(room):
    room.tell({"a1": ("A trawler ran aground", "en"), "a2": ("A day at sea", "en")})
    room.service.classify()
    assert room.labels("a1") == {"fishing": ("primary", "rules")}
    room.service.label("a1", "fishing", "no", "Ruta")
    room.service.label("a2", "fishing", "yes")
    assert room.labels("a1") == {}
    assert room.labels("a2") == {"fishing": ("primary", "people")}
    room.desk.store.append("source:selvane", [revised("a1", 2, payload=words(title="A trawler, a trawler", text=""))])
    room.service.classify()
    assert room.labels("a1") == {}
    room.service.label("a1", "fishing", "yes")
    assert room.labels("a1") == {"fishing": ("primary", "people")}


def test_what_was_said_is_an_event_and_said_twice_it_is_one(room):
    room.tell({"a1": ("A trawler ran aground", "en")})
    [first] = room.service.label("a1", "fishing", "no", "Ruta")
    [second] = room.service.label("a1", "fishing", "no", "Olga")
    assert (first.fresh, second.fresh, second.by) == (True, False, "Ruta")
    assert room.told(events.LabelCorrected) == [
        events.LabelCorrected(item="a1", source="selvane", topic="fishing", belongs=False, revision=1, by="Ruta")
    ]


def test_a_correction_of_the_past_is_not_seen_before_it_was_made(room):
    room.tell({"a1": ("A trawler ran aground", "en")})
    room.service.classify()
    before = room.desk.store.head()
    room.service.label("a1", "fishing", "no")
    assert room.desk.library.item("a1").labels == ()
    [label] = room.service.known(str(before)).item("a1").labels
    assert label.topic == "fishing"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"item": "a1", "topic": "fish", "answer": "yes"}', 'no topic "fish" is configured; did you mean "fishing"'),
        ('{"item": "zz", "topic": "fishing", "answer": "yes"}', 'line 2: no item begins with "zz"'),
        ('{"item": "a1", "topic": "fishing", "answer": "perhaps"}', 'line 2: "perhaps" is neither yes nor no'),
        ('{"item": "a1", "topic": "fishing"}', 'line 2: "answer" is missing'),
        ("{", "line 2: this is no JSON"),
    ],
)
def test_of_a_file_with_a_fault_nothing_is_recorded(room, tmp_path, line, said):
    room.tell({"a1": ("A trawler ran aground", "en")})
    file = tmp_path / "file.jsonl"
    file.write_text('{"item": "a1", "topic": "fishing", "answer": "no"}\n' + line)
    with pytest.raises(UsageError) as fault:
        room.service.label_file(file)
    assert said in str(fault.value)
    assert room.told(events.LabelCorrected) == []


def test_a_table_of_answers_is_taken_in(room, tmp_path):
    room.tell({"a1": ("A trawler ran aground", "en"), "b2": ("A day at sea", "en")})
    file = tmp_path / "answers.csv"
    file.write_text("item,topic,answer,by\na,fishing,no,Ruta\nb,fishing,YES,\n")
    found = room.service.label_file(file, "Olga")
    assert [(one.item, one.belongs, one.by) for one in found] == [("a1", False, "Ruta"), ("b2", True, "Olga")]


def test_the_command_says_what_it_did(room, tmp_path):
    room.tell({"a1": ("A trawler ran aground", "en")})
    options = ["--database", room.url, "--storage", str(tmp_path)]
    done = CliRunner().invoke(cli, [*options, "label", "a1", "fishing", "no", "--by", "Ruta"])
    assert (done.exit_code, done.output.startswith("a1 does not belong to fishing, log position")) == (0, True)
    again = CliRunner().invoke(cli, [*options, "label", "a1", "fishing", "no"])
    assert again.output == "a1 does not belong to fishing: this was said before\n"
    told = CliRunner().invoke(cli, [*options, "label", "a1"], standalone_mode=False)
    assert isinstance(told.exception, UsageError)


# ---------------------------------------------------------------- what is learnt


def test_wording_alone_learns_to_give_a_topic_and_says_which_sentence_earned_it(room):
    room.teach()
    room.tell({"a1": ("Fishermen and boats landed more halibut than the quota, the harbour says", "en"),
               "a2": ("The new hospital opens after years of building", "en")})  # fmt: skip
    room.service.classify()
    assert room.labels("a1") == {"fishing": ("mentioned", "model")}
    assert room.labels("a2") == {}
    [label] = room.desk.library.item("a1").labels
    [evidence] = label.evidence
    assert evidence.sentence.startswith("Fishermen and boats")
    assert set(evidence.words) & {"Fishermen", "boats", "landed", "quota", "harbour"}


def test_with_fewer_than_twenty_answers_of_each_kind_it_only_suggests(room):
    room.teach(FISHING[:19], OTHER)
    room.tell({"a1": (FISHING[19], "en")})
    room.service.classify()
    assert room.labels("a1") == {}
    assert room.suggested("a1") == ["fishing"]
    shown = CliRunner().invoke(cli, ["--database", room.url, "--storage", str(room.folder), "show", "a1"])
    assert "suggested, not given: fishing" in shown.output
    listed = CliRunner().invoke(cli, ["--database", room.url, "--storage", str(room.folder), "items", "--json"])
    [one] = [each for each in json.loads(listed.output) if each["id"] == "a1"]
    assert (one["topics"], one["suggested"][0]["level"]) == ([], "suggested")
    room.service.label("a1", "fishing", "no")
    assert room.suggested("a1") == []


def test_what_is_learnt_reaches_items_of_before_and_only_those_that_change_are_told_again(room):
    room.tell({"a1": ("Fishermen landed more halibut than the quota, the harbour says", "en"),
               "a2": ("The new hospital opens after years of building", "en")})  # fmt: skip
    room.service.classify()
    told = len(room.told(events.ItemClassified))
    room.teach()
    assert room.labels("a1") == {"fishing": ("mentioned", "model")}
    again = [one.item for one in room.told(events.ItemClassified)[told:]]
    assert again.count("a1") == 1
    assert again.count("a2") == 0
    head = room.desk.store.head()
    room.service.classify()
    assert room.desk.store.head() == head


def test_the_same_log_gives_the_same_models_and_the_same_labels(tmp_path):
    hashes, labels = [], []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made = Room(tmp_path / name)
        made.teach()
        made.tell({"a1": ("Fishermen landed more halibut than the quota, the harbour says", "en")})
        made.service.classify()
        [trained] = made.told(events.ModelsTrained)
        hashes.append([one["model"] for one in trained.models])
        labels.append([one.labels for one in made.told(events.ItemClassified)])
        made.desk.close()
    assert hashes[0] == hashes[1] != [""]
    assert labels[0] == labels[1]


def test_a_model_names_its_training_set_and_is_learnt_again_after_more_was_said(room):
    room.teach()
    [trained] = room.told(events.ModelsTrained)
    assert trained.log == max(one.position for one in room.desk.library.answers())
    assert [(one["topic"], one["yes"], one["no"]) for one in trained.models] == [("fishing", 20, 20)]
    room.service.classify()
    assert len(room.told(events.ModelsTrained)) == 1
    room.service.label("y00", "fishing", "no")
    room.service.classify()
    assert [(one["yes"], one["no"]) for one in room.told(events.ModelsTrained)[1].models] == [(19, 21)]


def test_the_read_models_and_files_are_those_of_the_log(room):
    room.teach(FISHING[:10], OTHER[:10])
    room.tell({"a1": (FISHING[11], "en")})
    room.service.classify()
    room.service.publish()
    before = (room.labels("y01"), room.suggested("a1"))
    assert room.service.rebuild().differing == ()
    assert (room.labels("y01"), room.suggested("a1")) == before


def test_where_nobody_said_anything_nothing_is_learnt_and_no_encoder_loaded(room):
    room.desk.encoder = lambda: pytest.fail("nothing asked for an encoder")
    room.tell({"a1": ("A trawler ran aground", "en")})
    room.service.classify()
    assert room.told(events.ModelsTrained) == []


# ---------------------------------------------------------------- with meaning


@pytest.mark.slow
@needs_extra
def test_twenty_answers_in_english_help_japanese_and_russian(tmp_path):
    made = Room(tmp_path, encoder=encoders.usual())
    made.tell(FAR)
    made.teach()
    assert {item: made.labels(item) for item in FAR} == {
        "ja1": {"fishing": ("primary", "model")}, "ja2": {}, "ru1": {"fishing": ("primary", "model")}, "ru2": {},
    }  # fmt: skip
    made.desk.close()


@needs_extra
def test_a_topic_without_phrases_is_suggested_and_feeds_can_take_suggestions_in_or_leave_them_out(tmp_path):
    silent = (replace(TOPICS[0], phrases={}), *(replace(one, semantic="off") for one in TOPICS[1:]))
    digests = (
        Digest(id="given", title="Given", topics=(TopicId("fishing"),)),
        Digest(id="both", title="Both", topics=(TopicId("fishing"),), suggestions="include"),
    )
    made = Room(tmp_path, topics=silent, encoder=encoders.usual(), digests=digests)
    made.tell(FAR | {"en1": ("Fishermen protest against the catch quota", "en"), "en2": ("A library opens", "en")})
    made.service.classify()
    made.service.publish()
    found = {item for item in (*FAR, "en1", "en2") if made.suggested(item)}
    assert found == {"ja1", "ru1", "en1"}
    feeds = made.desk.public / "feeds" / "digests"
    assert "Fishermen protest" not in (feeds / "given.atom").read_text()
    both = (feeds / "both.atom").read_text()
    assert "Fishermen protest" in both
    assert "Fishing (suggested)" in both
    made.service.label("en1", "fishing", "no")
    made.service.publish()
    assert "Fishermen protest" not in (feeds / "both.atom").read_text()
    made.desk.close()


@needs_extra
def test_points_are_forgotten_with_the_words_they_were_made_from(tmp_path):
    silent = (replace(TOPICS[0], phrases={}),)
    made = Room(tmp_path, topics=silent, encoder=encoders.usual())
    made.tell({"a1": ("Fishermen protest", "en")})
    made.service.classify()
    encoder = encoders.usual()
    assert encoder is not None
    name = f"use:{encoder.version}"
    assert made.desk.vectors.held([("a1", 1)], name)
    made.service.takedown("a1", "an order")
    assert made.desk.vectors.held([("a1", 1)], name) == {}
    made.desk.close()
