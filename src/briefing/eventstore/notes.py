"""Signed checkpoints: C2SP tlog-checkpoint in a C2SP signed-note, Ed25519 (RFC 8032)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from briefing.errors import StoreError

_ED25519 = b"\1"
_MARK = "PRIVATE+KEY+"
_KEY_BYTES, _SEED_BYTES, _ROOT_BYTES, _ID_BYTES = 32, 32, 32, 4


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: whose log, how many events, the root of their tree."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of the note."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


class Verifier:
    """A public key with its name, written as a vkey: `name+id+base64(type and key)`."""

    def __init__(self, name: str, key: bytes) -> None:
        self.name = name
        self._key = Ed25519PublicKey.from_public_bytes(key)
        self._raw = key
        self.id = hashlib.sha256(f"{name}\n".encode() + _ED25519 + key).digest()[:_ID_BYTES]

    @classmethod
    def read(cls, text: str) -> Self:
        """The key that a vkey stands for.

        Raises:
            StoreError: it is none of Ed25519, or damaged.
        """
        name, _, rest = text.strip().partition("+")
        _, _, encoded = rest.partition("+")
        raw = _bytes(encoded)
        if raw is not None and len(raw) == 1 + _KEY_BYTES and raw[:1] == _ED25519:
            found = cls(name, raw[1:])
            if found.text == text.strip():
                return found
        raise StoreError("this is no public key of a log: a vkey is one line, name+hash+key, of type Ed25519")

    @property
    def text(self) -> str:
        """The vkey."""
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self._raw)}"

    def opened(self, note: str) -> Checkpoint:
        """The checkpoint in a signed note; further signatures by others (witnesses) are passed over.

        Raises:
            StoreError: this key did not sign it, or it is no checkpoint of this key's log.
        """
        text, gap, signatures = note.rpartition("\n\n")
        lines = text.split("\n")
        for line in signatures.split("\n") if gap else ():
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            raw = _bytes(encoded) or b""
            if (dash, name, raw[:_ID_BYTES]) == ("\N{EM DASH}", self.name, self.id) and self._signed(
                f"{text}\n".encode(), raw[_ID_BYTES:]
            ):
                return self._checkpoint(lines)
        raise StoreError(f"this is no checkpoint signed by {self.name} (key {self.id.hex()}): it was altered, or "
                         "another log made it")  # fmt: skip

    def _signed(self, text: bytes, signature: bytes) -> bool:
        try:
            self._key.verify(signature, text)
        except InvalidSignature:
            return False
        return True

    def _checkpoint(self, lines: list[str]) -> Checkpoint:
        if len(lines) >= 3 and lines[0] == self.name and lines[1].isascii() and lines[1].isdigit():  # noqa: PLR2004
            root = _bytes(lines[2])
            if root is not None and len(root) == _ROOT_BYTES and str(int(lines[1])) == lines[1]:
                return Checkpoint(lines[0], int(lines[1]), root)
        raise StoreError(f"{self.name} signed this, but it is no checkpoint: origin, size and root are its lines")


class Signer:
    """A private key with its name; the same checkpoint always gets the same signature."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw())

    @classmethod
    def read(cls, text: str) -> Self:
        """The key that `text` stands for.

        Raises:
            StoreError: it is damaged, or another kind of key.
        """
        name, _, rest = text.strip().removeprefix(_MARK).partition("+")
        _, _, encoded = rest.partition("+")
        raw = _bytes(encoded)
        if raw is not None and len(raw) == 1 + _SEED_BYTES and raw[:1] == _ED25519:
            found = cls(name, raw[1:])
            if found.text == text.strip():
                return found
        raise StoreError("this is no private key of a log, or it is damaged: bring it back from a backup")

    @property
    def text(self) -> str:
        """The key as it is kept, in the form that Go's note package writes."""
        return f"{_MARK}{self.verifier.name}+{self.verifier.id.hex()}+{_base64(_ED25519 + self._seed)}"

    def signed(self, size: int, root: bytes) -> str:
        """The signed checkpoint of a log of this size and root."""
        text = Checkpoint(self.verifier.name, size, root).text
        signature = self.verifier.id + self._key.sign(text.encode())
        return f"{text}\n\N{EM DASH} {self.verifier.name} {_base64(signature)}\n"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes | None:
    """What base64 holds, None where it is not written in the one way that `_base64` writes it."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _base64(data) == text else None
