"""The verbs prove, check-proof and consistency: one event, or growth, shown to somebody who holds a checkpoint."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefing.errors import StoreError, UsageError
from briefing.eventstore import merkle
from briefing.eventstore.audit import Audit, commitment
from briefing.eventstore.notes import Verifier
from briefing.service.checkpoints import CHECKPOINT, signed
from briefing.service.signing import verifier

if TYPE_CHECKING:
    from pathlib import Path

    from briefing.eventstore.notes import Checkpoint
    from briefing.service.desk import Desk

FORMAT = "briefing-proof/1"
_MEMBERS: dict[str, tuple[type, ...]] = {  # in the order in which they are written
    "format": (str,),
    "item": (str,),
    "revision": (int,),
    "event": (str,),
    "payload": (str, type(None)),
    "salt": (str, type(None)),
    "index": (int,),
    "hashes": (list,),
    "checkpoint": (str,),
    "key": (str,),
}
_CALLED = {str: "a string", int: "an integer", list: "a list", type(None): "null"}
_SALT_BYTES = 16
_NOTE_LINES = 5
_VERSIONS = ("item.observed", "item.revised")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a proof shows: this event is number `position` of the log that `origin` signed at `size` events.

    `words` are the publisher's, None where the proof holds none: a takedown erased them, or somebody left them out on
    the way, which nobody can tell from the proof. `key` is the vkey that the proof itself names: whoever
    checks compares it with the one that the log publishes.
    """

    item: str
    revision: int
    recorded_at: str
    position: int
    size: int
    origin: str
    key: str
    words: dict[str, Any] | None


def prove(desk: Desk, item: str, revision: int | None = None) -> dict[str, Any]:
    """The proof that a version of an item (the latest, or `revision`) stands in the signed log, as plain JSON.

    Raises:
        UsageError: there is no such version.
        StoreError: it is not signed yet, or this log never was.
    """
    versions = {version.number: version for version in desk.library.revisions(item)}
    number = revision if revision is not None else max(versions, default=0)
    if number not in versions:
        raise UsageError(f'of item "{item}" there are versions 1 to {len(versions)}, no version {number}')
    key = verifier(desk)
    at = signed(desk, key)
    position = versions[number].position
    if at is None or at.size < position:
        raise StoreError(f"event {position} is not signed yet: `briefing publish` signs it")
    body = desk.store.bodies(position - 1, 1)[0]
    opening = Audit(desk.engine).opening(json.loads(body)["data"]["payload"])
    return {
        "format": FORMAT,
        "item": item,
        "revision": number,
        "event": body.decode(),
        "payload": opening[1].decode() if opening else None,
        "salt": opening[0].hex() if opening else None,
        "index": position - 1,
        "hashes": [hash_.hex() for hash_ in desk.tree.inclusion(position - 1, at.size)],
        "checkpoint": (desk.public / CHECKPOINT).read_text(encoding="utf-8"),
        "key": key.text,
    }


def written(proof: dict[str, Any]) -> bytes:
    """The file of a proof: there is one way to write it, so that a change of any byte can be told."""
    ordered = {name: proof[name] for name in _MEMBERS}
    return (json.dumps(ordered, ensure_ascii=False, indent=1) + "\n").encode()


def check(file: bytes, key: Verifier | None = None) -> Proven:
    """Check a proof's bytes with nothing but themselves, and with the key that the reader trusts where one is given.

    Raises:
        UsageError: this is no JSON.
        StoreError: it does not prove what it says, or not one byte for another as `written` writes it; the sentence
            says which part does not fit.
    """
    try:
        proof = json.loads(file.decode())
    except (ValueError, RecursionError) as error:
        raise UsageError(f"this is no JSON ({error}): it has to be a file that `briefing prove` wrote") from error
    _formed(proof)
    try:
        if written(proof) != file:
            raise StoreError("the proof is not as `briefing prove` wrote it, byte for byte: white space, order or "
                             "escapes were changed, ask for the file again")  # fmt: skip
        return _checked(proof, key)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise StoreError(f"the proof is damaged: {error}") from error


def _formed(proof: Any) -> None:
    if not isinstance(proof, dict) or proof.get("format") != FORMAT or set(proof) != set(_MEMBERS):
        raise StoreError(f"this is no proof of the form {FORMAT}")
    for name, kinds in _MEMBERS.items():
        if type(proof[name]) not in kinds:
            kind = " or ".join(_CALLED[one] for one in kinds)
            raise StoreError(f"the proof is damaged: its `{name}` has to be {kind}")
    if (proof["payload"] is None) != (proof["salt"] is None):
        raise StoreError("the proof is damaged: `payload` and `salt` stand there both, or both are null")


def _checked(proof: dict[str, Any], trusted: Verifier | None) -> Proven:
    key = Verifier.read(proof["key"])
    if key.text != proof["key"]:
        raise StoreError("the proof is damaged: its `key` is not one line, with nothing around it")
    if trusted is not None and trusted.text != key.text:
        raise StoreError(f"the proof is signed with {key.text}, not with the key given")
    note = key.opened(proof["checkpoint"])
    if proof["checkpoint"].count("\n") != _NOTE_LINES or not proof["checkpoint"].endswith("\n"):
        raise StoreError("the proof is damaged: its `checkpoint` holds more than three lines and one signature")
    body = proof["event"].encode()
    event = json.loads(body)
    index = proof["index"]
    if event["position"] != index + 1:
        raise StoreError("the place in the log is not the one that the event names")
    if merkle.included(merkle.leaf(body), index, note.size, [_raw(one) for one in proof["hashes"]]) != note.root:
        raise StoreError("the event and its hashes do not lead to the root that was signed")
    if event["type"] not in _VERSIONS:
        raise StoreError("the event is no version of an item")
    data, number = event["data"], proof["revision"]
    if data["item"] != proof["item"] or data.get("revision", 1) != number:  # the first does not say that it is number 1
        raise StoreError("the event is of another item or version than the proof names")
    return Proven(
        item=data["item"],
        revision=number,
        recorded_at=event["recorded_at"],
        position=index + 1,
        size=note.size,
        origin=note.origin,
        key=key.text,
        words=_words(proof, data["payload"]),
    )


def _words(proof: dict[str, Any], mark: str) -> dict[str, Any] | None:
    if proof["payload"] is None:
        return None
    salt = _raw(proof["salt"])
    if len(salt) != _SALT_BYTES or commitment(salt, proof["payload"].encode()).hex() != mark:
        raise StoreError("the text is not the one that the event names")
    words: dict[str, Any] = json.loads(proof["payload"])
    if not all(isinstance(words.get(name), str) for name in ("title", "url", "text")):
        raise StoreError("what the event names is no text of an item")
    return words


def _raw(text: str) -> bytes:
    """Hexadecimal digits in the one way that we write them."""
    found = bytes.fromhex(text)
    if found.hex() != text:
        raise ValueError(f"{text} is not written in lower-case hexadecimal digits")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Whether the log of one checkpoint extends that of an earlier one, with the proof (RFC 6962, section 2.1.2)."""

    old: int
    new: int
    extends: bool
    hashes: tuple[str, ...]


def consistency(desk: Desk, old: Path, new: Path, key: Verifier | None = None) -> Growth:
    """Whether what `new` signs extends what `old` signs; the proof comes from the log, and is checked.

    Raises:
        UsageError: one of the files cannot be read, or `old` is the newer one.
        StoreError: one of them was not signed by the log's key, or the log is shorter than `new`.
    """
    trusted = key if key is not None else verifier(desk)
    first, second = (_checkpoint(path, trusted) for path in (old, new))
    if first.size > second.size:
        raise UsageError(f"{old} signs {first.size} events and {new} only {second.size}: name the older one first")
    hashes = desk.tree.consistency(first.size, second.size)
    extends = merkle.consistent(first.size, second.size, (first.root, second.root), hashes)
    return Growth(old=first.size, new=second.size, extends=extends, hashes=tuple(hash_.hex() for hash_ in hashes))


def _checkpoint(path: Path, key: Verifier) -> Checkpoint:
    try:
        return key.opened(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}): it has to hold a checkpoint") from error
    except StoreError as error:
        raise StoreError(f"{path}: {error}") from error
