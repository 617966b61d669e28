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
from briefing.eventstore import merkle
from briefing.eventstore.notes import Signer, Verifier
from briefing.service.desk import Desk
from briefing.service.proving import check, consistency, prove
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


def independent(proof: Any, place: Path, capsys: Any = None) -> bool:
    """Whether the program of the document accepts a proof."""
    place.write_text(json.dumps(proof, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
    before, sys.argv = sys.argv, ["check.py", str(place)]
    try:
        exec(COMPILED, {"__name__": "check", "print": lambda *_: None})
    except Exception:  # noqa: BLE001 - however the program stops, it does not accept
        return False
    finally:
        sys.argv = before
    return True


def ours(proof: Any) -> bool:
    try:
        check(proof)
    except StoreError:
        return False
    return True


# ---------------------------------------------------------------- the program of the document


def test_the_program_of_the_document_runs_as_it_is_printed_and_accepts_a_proof(proof, tmp_path):
    (tmp_path / "check.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "proof.json").write_text(json.dumps(proof), encoding="utf-8")
    command = [sys.executable, "-I", "-S", "check.py", "proof.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ok: event 3 of 43 recorded 2016-11-18T09:30:00.000000+00:00 signed by desk.example/")


def test_the_first_part_is_a_dozen_lines_and_a_few(proof):
    first = re.findall(r"^```python check\.py\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)[0]
    assert len([line for line in first.splitlines() if line]) < 35


@pytest.mark.parametrize(("item", "revision"), [("item-0", None), ("item-0", 1), ("item-7", None), ("item-39", 1)])
def test_every_version_of_every_item_can_be_proved(desk, place, item, revision):
    made = prove(desk, item, revision)
    assert ours(made)
    assert independent(made, place)


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
        assert not ours(spoilt)
        assert not independent(spoilt, place)


def test_every_byte_of_checkpoint_and_key_counts_for_both(proof, place):
    for name in ("checkpoint", "key"):
        for at in range(len(proof[name])):
            spoilt = changed(proof, (name,), (at + 0.5) / len(proof[name].encode()), 32 if at % 4 == 0 else 1)
            assert not ours(spoilt)
            assert not independent(spoilt, place)


@given(st.data())
def test_a_proof_file_with_one_byte_changed_says_the_same_or_is_refused(proof, data):
    whole = bytearray(json.dumps(proof, ensure_ascii=False).encode())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        spoilt = json.loads(bytes(whole))
    except ValueError:
        return
    assert spoilt == proof or not ours(spoilt)


@pytest.mark.parametrize(
    "value", [None, [], "proof", {}, {"format": "briefing-proof/1"}, {"format": "briefing-proof/2"}]
)
def test_what_is_no_proof_is_refused_with_a_sentence(value):
    with pytest.raises(StoreError, match="this is no proof of the form briefing-proof/1"):
        check(value)


def test_a_proof_by_another_key_is_refused_by_who_knows_the_right_one(desk, proof):
    other = Signer("desk.example/log", b"x" * 32)
    note = other.signed(43, desk.tree.root(43))
    forged = proof | {"checkpoint": note, "key": other.verifier.text}
    assert ours(forged), "the proof itself cannot tell whose key it is"
    with pytest.raises(StoreError, match="not with the key given"):
        check(forged, Verifier.read(proof["key"]))
    said = check(proof, Verifier.read(proof["key"])).words
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
    assert ours(prove(desk, "item-1", 1))
    with pytest.raises(UsageError, match='of item "item-1" there are versions 1 to 2, no version 3'):
        prove(desk, "item-1", 3)
    desk.close()


def test_erased_words_leave_a_proof_that_the_item_was_there(proof, place):
    without = proof | {"payload": None, "salt": None}
    assert check(without).words is None
    assert independent(without, place)


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
