"""The log read once from its first event to its last, everything that can be computed computed again.

Each body gives its leaf, the leaves give tiles and roots; stream, key, time and position stand in the body as beside
it; each blob opens the commitment that its event makes. Nothing is trusted but SHA-256.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from briefing.eventstore import audit, merkle, tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from briefing.eventstore.audit import Audit, Head, Stored

_PAGE = 4 * tiles.WIDTH
_TAKEN_DOWN, _ISSUED = "item.taken-down", "issue.published"


class Differs(Exception):
    """Something is not what it has to be; says which event, blob or file."""


class LogAudit:
    """What one reading of the log finds; `tile` is given the number, bodies and leaves of each tile as it comes."""

    def __init__(self, log: Audit, sizes: Iterable[int], tile: Callable[[int, list[bytes], list[bytes]], None]) -> None:
        self._log = log
        self._sizes = sorted(set(sizes))
        self._tile = tile
        self._recorded_at = ""
        self._empty: list[tuple[int, bytes]] = []
        self.takedowns: dict[int, frozenset[str]] = {}
        self.issued: set[int] = set()
        self.roots: dict[int, bytes] = {}
        self.tiles: list[bytes] = []
        self.events = self.blobs = self.erased = 0

    def run(self, progress: Callable[[int], None] | None = None) -> None:
        """Read everything up to where the log ends now.

        Raises:
            Differs: at the first thing that is not as it has to be.
        """
        head = self._log.head()
        if not head.whole:
            raise Differs("the counter row: its id or secret was altered, or its format is not that of this program")
        if self._behind(head) == head.position + 1:
            raise Differs(f"the counter row: it stands at {head.position}, and the log goes on behind it")
        self._roots_of(0, [])
        while self.events < head.position:
            self._page(min(_PAGE, head.position - self.events))
            if progress is not None:
                progress(self.events)
        self._ends(head)
        self._erasures()

    def _page(self, limit: int) -> None:
        page, expected = self._log.page(self.events, limit), self.events + limit
        for start in range(0, len(page), tiles.WIDTH):
            rows = page[start : start + tiles.WIDTH]
            for row in rows:
                self._event(row)
            if self.events < expected and len(rows) < tiles.WIDTH:
                raise Differs(f"event {self.events + 1}: it is missing")
            leaves = [row.leaf for row in rows]
            number = len(self.tiles)
            self._roots_of(number * tiles.WIDTH, leaves)
            self._tile(number, [row.body for row in rows], leaves)
            if len(leaves) == tiles.WIDTH:
                self.tiles.append(merkle.root(leaves))
        if self.events < expected:
            raise Differs(f"event {self.events + 1}: it is missing")

    def _roots_of(self, start: int, leaves: list[bytes]) -> None:
        """The roots of the wanted sizes that end in this tile."""
        while self._sizes and self._sizes[0] <= start + len(leaves):
            size = self._sizes.pop(0)
            part = [merkle.root(leaves[: size - start])] if size > start else []
            self.roots[size] = merkle.root([*self.tiles, *part])

    # ------------------------------------------------------------ one event

    def _event(self, row: Stored) -> None:
        position = self.events + 1
        if row.position != position:
            raise Differs(f"event {position}: it is missing, what follows is event {row.position}")
        if merkle.leaf(row.body) != row.leaf:
            raise Differs(f"event {position}: its leaf is not that of its body")
        said = self._said(position, row)
        self._recorded_at = said["recorded_at"]
        data = said["data"]
        if said["type"] == _TAKEN_DOWN:
            self.takedowns[position] = frozenset(data.get("payloads", ()))
        elif said["type"] == _ISSUED:
            self.issued.add(data["as_of"])
        if row.blob is not None or data.get("payload"):
            self._blob(position, row, data.get("payload") or "")
        self.events = position

    def _said(self, position: int, row: Stored) -> dict[str, Any]:
        """What the body says, where the columns beside it say the same."""
        try:
            said: dict[str, Any] = orjson.loads(row.body)
            beside = {"position": position, "stream": row.stream.decode(errors="replace"), "key": row.key.hex()}
            said.setdefault("key", beside["key"])  # the first logs' bodies did not name it
            for name, value in beside.items():
                if said[name] != value:
                    raise Differs(f"event {position}: its {name} is not the one in its body")
            if said["recorded_at"] < self._recorded_at:
                raise Differs(f"event {position}: it is dated before event {position - 1}")
        except (ValueError, LookupError, TypeError) as error:
            raise Differs(f"event {position}: its body cannot be read ({error})") from error
        return said

    def _blob(self, position: int, row: Stored, mark: str) -> None:
        if row.mark is None or row.salt is None or row.data is None:
            raise Differs(f"event {position}: its blob {row.blob or mark} is missing")
        if row.mark.hex() != mark:
            raise Differs(f"event {position}: blob {row.blob} is not the one that its body names")
        if not row.data and not row.salt:
            self._empty.append((position, row.mark))
            return
        if not _opens(row.salt, row.data, row.mark):
            raise Differs(f"event {position}: the words in blob {row.blob} are not those that it names")
        self.blobs += 1

    # ------------------------------------------------------------ the whole

    def _ends(self, head: Head) -> None:
        if head.recorded_at != self._recorded_at:
            raise Differs(f"the counter row: its time is not that of event {self.events}")
        if behind := self._behind(head):
            raise Differs(f"event {behind}: it stands behind the last event, {head.position}")
        if (stray := self._log.stray_blob()) is not None:
            raise Differs(f"blob {stray}: no event names it")

    def _behind(self, head: Head) -> int:
        """The position of an event behind the last one, 0 for none; what is appended meanwhile is none."""
        page = self._log.page(head.position, 1)
        return page[0].position if page and self._log.head().position == head.position else 0

    def _erasures(self) -> None:
        """Erased is what an event of the log took down, and only that."""
        known = set()
        for one in self._log.erasures():
            if one.position > self.events:
                continue  # came while we were reading
            if one.mark is None or one.mark.hex() not in self.takedowns.get(one.position, ()):
                raise Differs(f"blob {one.blob}: it is listed as erased by event {one.position}, which does not say so")
            known.add(one.mark)
        for position, mark in self._empty:
            if mark not in known:
                raise Differs(f"event {position}: its words are gone, and no event took them down")
        self.erased = len(self._empty)

    def unfinished(self) -> list[int]:
        """Takedowns whose words are still held: a process was killed between the event and the erasure."""
        return [position for position, marks in self.takedowns.items() if any(map(self._log.opening, sorted(marks)))]


def _opens(salt: bytes, data: bytes, mark: bytes) -> bool:
    """Whether a blob is what was stored, and its salted words give the commitment."""
    if not audit.intact(data):
        return False
    try:
        return audit.commitment(salt, audit.decompress(data)) == mark
    except audit.Unreadable:
        return False
