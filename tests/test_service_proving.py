"""A proof convinces a program that was written from docs/proofs.md alone, and nothing else does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import StoreError, UsageError
from briefing.events import canonical
from briefing.eventstore import merkle
from briefing.eventstore.audit import commitment
from briefing.eventstore.notes import Signer, Verifier
from briefing.service.desk import Desk
from briefing.service.proving import check, consistency, prove, written
from briefing.service.publishing import publish
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    adopted,
    observed,
    revised,
    source,
    words,
)

DOCUMENT = (Path(__file__).parent.parent / "docs" / "proofs.md").read_text(encoding="utf-8")
PROGRAM = "\n".join(re.findall(r"^```python check\.py\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL))
COMPILED = compile(PROGRAM, "check.py", "exec")


def fresh(folder: Path, count: int = 40) -> Desk:
    desk = Desk(f"sqlite:///{folder}/briefing.db", folder, Clock())
    desk.store.append("settings", [adopted()])
    desk.store.append("source:selvane", [source()])
    said = words(title='Кит – 鯨 "quoted" \\ \u2028', text="It said this.\nAnd this.")
    desk.store.append("source:selvane", [observed("item-0", payload=said)])
    desk.store.append("source:selvane", [observed(f"item-{number}") for number in range(1, count)])
    desk.store.append("source:selvane", [revised("item-0", 2)])
    desk.projector.catch_up()
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = fresh(tmp_path_factory.mktemp("log"))
    publish(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def proof(desk):
    return prove(desk, "item-0", 1)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("proof") / "proof.json"


def printed(proof: Any) -> bytes:
    """Any value as `prove` prints a proof, with members as they stand."""
    return (json.dumps(proof, ensure_ascii=False, indent=1) + "\n").encode(errors="surrogatepass")


def independent(file: bytes, place: Path) -> list[str]:
    """What the program of the document prints of a proof: nothing where it refuses it."""
    place.write_bytes(file)
    said: list[str] = []
    before, sys.argv = sys.argv, ["check.py", str(place)]
    try:
        exec(COMPILED, {"__name__": "check", "print": lambda *parts: said.append(" ".join(map(str, parts)))})
    except (Exception, SystemExit):  # noqa: BLE001 - however the program stops, it does not accept
        assert not said, "it says nothing before it is through"
    finally:
        sys.argv = before
    return said


def ours(file: bytes) -> bool:
    try:
        check(file)
    except (StoreError, UsageError):
        return False
    return True


# ---------------------------------------------------------------- the program of the document


def alone(folder: Path, file: bytes, *options: str) -> subprocess.CompletedProcess[str]:
    """The program of the document as somebody runs it who saved it, with nothing but the standard library."""
    (folder / "check.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "proof.json").write_bytes(file)
    command = [sys.executable, *options, "-I", "-S", "check.py", "proof.json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_program_of_the_document_runs_as_it_is_printed_and_accepts_a_proof(proof, tmp_path):
    done = alone(tmp_path, written(proof))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ok: event 3 of 43 recorded 2016-11-18T09:30:00.000000+00:00 signed by desk.example/")
    assert "no words" not in done.stdout


def test_the_program_refuses_other_words_though_python_leaves_assertions_out(proof, tmp_path):
    done = alone(tmp_path, written(proof | {"payload": proof["payload"].replace("said", "sang")}), "-O")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "not proved: other words\n")


def test_the_document_lists_what_a_proof_holds_in_its_order(proof):
    table = DOCUMENT.split("**A proof file**", 1)[1].split("**", 1)[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert re.findall(r"`(\w+)`", " ".join(cells)) == list(proof)
    for rule in (f"`{proof['format']}`", "`data.item` and `data.revision`", "null exactly where `payload` is"):
        assert rule in table
    assert "`data.payload` names them" in DOCUMENT


def test_the_first_part_is_a_dozen_lines_and_a_few(proof):
    first = re.findall(r"^```python check\.py\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)[0]
    assert len([line for line in first.splitlines() if line]) < 35


@pytest.mark.parametrize(("item", "revision"), [("item-0", None), ("item-0", 1), ("item-7", None), ("item-39", 1)])
def test_every_version_of_every_item_can_be_proved(desk, place, item, revision):
    made = prove(desk, item, revision)
    assert ours(written(made))
    assert independent(written(made), place)


def cells(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values that hold no others."""
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for key, part in parts for found in cells(part, (*path, key))]
    return [path]


def changed(proof: Any, path: tuple[Any, ...], place: float, other: int) -> Any:
    """The proof with one byte of one value changed, None where that makes no JSON of it."""
    copy = json.loads(json.dumps(proof))
    part = copy
    for key in path[:-1]:
        part = part[key]
    text = part[path[-1]] if isinstance(part[path[-1]], str) else json.dumps(part[path[-1]])
    held = bytearray(text.encode())
    held[int(place * len(held))] ^= other
    after = held.decode(errors="surrogateescape")
    try:
        part[path[-1]] = after if isinstance(part[path[-1]], str) else json.loads(after)
    except ValueError:
        return None
    return copy


@settings(max_examples=60)
@given(st.data())
def test_a_proof_with_one_byte_changed_is_refused_by_both(proof, place, data):
    path = data.draw(st.sampled_from(cells(proof)))
    spoilt = changed(proof, path, data.draw(st.floats(0, 1, exclude_max=True)), data.draw(st.integers(1, 255)))
    if spoilt is not None:
        assert not ours(printed(spoilt))
        assert not independent(printed(spoilt), place)


def test_every_byte_of_the_file_counts_for_both(proof, place):
    file = written(proof)
    spaces = {ord(" "): b"\t", ord("\n"): b" "}
    for at, byte in enumerate(file):
        other = spaces.get(byte, bytes([byte ^ (32 if at % 4 == 0 else 1)]))
        spoilt = file[:at] + other + file[at + 1 :]
        assert not ours(spoilt), (at, other)
        assert not independent(spoilt, place), (at, other)


@given(st.data())
def test_a_proof_file_with_one_byte_changed_is_refused(proof, place, data):
    file = written(proof)
    at = data.draw(st.integers(0, len(file) - 1))
    other = data.draw(st.binary(max_size=2).filter(lambda other: other != file[at : at + 1]), "nothing, one or two")
    spoilt = file[:at] + other + file[at + 1 :]
    if spoilt != file:
        assert not ours(spoilt)
        assert not independent(spoilt, place)


def test_there_is_one_way_to_write_a_proof(proof, place):
    file = written(proof)
    turned = {name: proof[name] for name in reversed(proof)}
    ways = {
        "another indent": (json.dumps(proof, ensure_ascii=False, indent=2) + "\n").encode(),
        "one line": json.dumps(proof, ensure_ascii=False).encode() + b"\n",
        "escapes": (json.dumps(proof, indent=1) + "\n").encode(),
        "no line end": file[:-1],
        "another line end": file.replace(b"\n", b"\r\n"),
        "a mark before": b"\xef\xbb\xbf" + file,
        "UTF-16": file.decode().encode("utf-16"),
        "another order": printed(turned),
        "a member twice": file.replace(b' "index"', b' "index": 7,\n "index"'),
    }
    assert file == printed(proof) == written(turned)
    for name, way in ways.items():
        with pytest.raises((StoreError, UsageError), match=r"is not as `briefing prove` wrote it|this is no JSON"):
            check(way)
        assert not independent(way, place), name


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"index": 2.0}, "its `index` has to be an integer"),
        ({"revision": True}, "its `revision` has to be an integer"),
        ({"hashes": {}}, "its `hashes` has to be a list"),
        ({"payload": None}, "`payload` and `salt` stand there both, or both are null"),
        ({"salt": None}, "`payload` and `salt` stand there both, or both are null"),
        ({"payload": 7}, "its `payload` has to be a string or null"),
        ({"note": "signed by a minister"}, "this is no proof of the form"),
    ],
)
def test_a_part_of_another_kind_is_refused_with_a_sentence_that_names_it(proof, place, part, sentence):
    with pytest.raises(StoreError, match=sentence):
        check(printed(proof | part))
    assert not independent(printed(proof | part), place)


def test_salt_and_words_cannot_lend_each_other_bytes(proof, place):
    lent = proof | {"salt": proof["salt"] + proof["payload"][:1].encode().hex(), "payload": proof["payload"][1:]}
    with pytest.raises(StoreError, match="the text is not the one that the event names"):
        check(written(lent))
    assert not independent(written(lent), place)


@pytest.mark.parametrize("more", ["n", " ", "\n", "\u2014 another.example/log AAAAAAAA\n"])
def test_nothing_stands_behind_the_signature(proof, place, more):
    for note in (proof["checkpoint"] + more, proof["checkpoint"][:-1] + more):
        if note != proof["checkpoint"]:
            with pytest.raises(StoreError, match=r"its `checkpoint` holds more than|this is no checkpoint signed by"):
                check(printed(proof | {"checkpoint": note}))
            assert not independent(printed(proof | {"checkpoint": note}), place)


def test_a_key_with_something_around_it_and_a_depth_without_end_are_refused(proof, place):
    around = written(proof | {"key": proof["key"] + "\n"})
    with pytest.raises(StoreError, match="its `key` is not one line"):
        check(around)
    assert not independent(around, place)
    with pytest.raises(UsageError, match="this is no JSON"):
        check(b"[" * 100_000)
    with pytest.raises(StoreError, match="the proof is damaged"):
        check(written(proof | {"event": "[" * 100_000}))


def sole(data: dict[str, Any], type_: str, **more: Any) -> bytes:
    """A proof in a log of one event, signed by whoever makes it."""
    event = canonical({"data": data, "position": 1, "recorded_at": "2016-11-18", "type": type_})
    signer = Signer("desk.example/log", b"x" * 32)
    proof = {"format": "briefing-proof/1", "item": "a", "revision": 1, "event": event.decode(), "payload": None}
    proof |= {"salt": None, "index": 0, "hashes": [], "checkpoint": signer.signed(1, merkle.leaf(event))}
    return written(proof | {"key": signer.verifier.text} | more)


def test_only_what_a_version_said_is_proved(place):
    salt, said = b"s" * 16, words(title="Talks")
    opened = {"payload": said.decode(), "salt": salt.hex()}
    data = {"item": "a", "payload": commitment(salt, said).hex()}
    assert ours(sole(data, "item.observed", **opened))
    assert independent(sole(data, "item.observed", **opened), place)
    for file in (sole(data, "item.aliased", **opened), sole({"item": "a"}, "item.withdrawn")):
        with pytest.raises(StoreError, match="the event is no version of an item"):
            check(file)
        assert not independent(file, place)
    moved = canonical({"url": "https://selvane.example/2"})
    opened = {"payload": moved.decode(), "salt": salt.hex()}
    with pytest.raises(StoreError, match="the event names is no text of an item"):
        check(sole(data | {"payload": commitment(salt, moved).hex()}, "item.observed", **opened))


@pytest.mark.parametrize(
    "value", [None, [], "proof", {}, {"format": "briefing-proof/1"}, {"format": "briefing-proof/2"}]
)
def test_what_is_no_proof_is_refused_with_a_sentence(value):
    with pytest.raises(StoreError, match="this is no proof of the form briefing-proof/1"):
        check(printed(value))


def test_a_proof_by_another_key_is_refused_by_who_knows_the_right_one(desk, proof):
    other = Signer("desk.example/log", b"x" * 32)
    note = other.signed(43, desk.tree.root(43))
    forged = proof | {"checkpoint": note, "key": other.verifier.text}
    assert ours(written(forged)), "the proof itself cannot tell whose key it is"
    with pytest.raises(StoreError, match="not with the key given"):
        check(written(forged), Verifier.read(proof["key"]))
    said = check(written(proof), Verifier.read(proof["key"])).words
    assert said is not None
    assert said["title"].startswith("Кит")


# ---------------------------------------------------------------- what cannot be proved


def test_what_is_not_there_or_not_signed_yet_cannot_be_proved(tmp_path):
    desk = fresh(tmp_path)
    with pytest.raises(StoreError, match="this log was not signed yet: `briefing publish` signs it"):
        prove(desk, "item-0")
    publish(desk)
    desk.store.append("source:selvane", [revised("item-1", 2)])
    desk.projector.catch_up()
    with pytest.raises(StoreError, match="event 44 is not signed yet"):
        prove(desk, "item-1")
    assert ours(written(prove(desk, "item-1", 1)))
    with pytest.raises(UsageError, match='of item "item-1" there are versions 1 to 2, no version 3'):
        prove(desk, "item-1", 3)
    desk.close()


def test_a_proof_without_words_shows_that_the_version_was_there_and_says_that_it_holds_none(proof, place):
    without = written(proof | {"payload": None, "salt": None})
    assert check(without).words is None
    first, second = independent(without, place)
    assert first.startswith("ok: event 3 of 43")
    assert second.startswith("this file holds no words, erased or left out")


# ---------------------------------------------------------------- two checkpoints


def test_consistency_says_whether_one_log_extends_the_other(tmp_path):
    desk = fresh(tmp_path)
    for name in ("old", "new"):
        publish(desk)
        shutil.copy(desk.public / "log" / "checkpoint", tmp_path / name)
        desk.store.append("source:selvane", [revised("item-1", 2)])
    found = consistency(desk, tmp_path / "old", tmp_path / "new")
    assert (found.old, found.new, found.extends) == (43, 44, True)
    assert merkle.consistent(
        43, 44, (desk.tree.root(43), desk.tree.root(44)), [bytes.fromhex(hash_) for hash_ in found.hashes]
    )
    with pytest.raises(UsageError, match="name the older one first"):
        consistency(desk, tmp_path / "new", tmp_path / "old")
    signer = Signer.read((tmp_path / "log.key").read_text())
    (tmp_path / "other").write_text(signer.signed(40, b"\1" * 32))
    assert not consistency(desk, tmp_path / "other", tmp_path / "new").extends
    (tmp_path / "damaged").write_text((tmp_path / "old").read_text().replace("43", "42"))
    with pytest.raises(StoreError, match="damaged: this is no checkpoint signed by desk"):
        consistency(desk, tmp_path / "damaged", tmp_path / "new")
    desk.close()
