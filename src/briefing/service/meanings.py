"""Points of items, for stories across languages: made only where an encoder is installed and languages meet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from briefing import encoders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from briefing.encoders import Encoder
    from briefing.stories import Telling, Weaver
    from briefing.stories.meaning import Meanings

_SIGNS = 600
_ARCHIVE = 500  # items of archives whose meanings are asked for: of long archives words tell enough
_AROUND = 1500  # items of before that are brought to their points at once
_NEAR = 5 * 86400.0


class Points:
    """Points of tellings, made when they are needed."""

    def __init__(self) -> None:
        self.meanings: Meanings | None = None
        self.name = ""
        self._encoder: Encoder | None = None
        self._known: dict[str, Telling] = {}
        self._archived = 0

    def know(self, telling: Telling) -> None:
        """A telling of before, whose point may be asked for."""
        self._known[telling.item] = telling

    def prepare(self, weaver: Weaver, new: Iterable[Telling], archived: AbstractSet[str]) -> None:
        """Make the points of new tellings, and of those around them, where more than one language is told in."""
        told = list(new)
        around = _Around([*self._known.values(), *told])
        wanted = []
        for telling in told:
            self._known[telling.item] = telling
            if not around.other_language(telling):
                continue
            if telling.item in archived:
                self._archived += 1
                if self._archived > _ARCHIVE:
                    continue
            wanted.append(telling)
        if not wanted:
            return
        low = min(one.at for one in wanted) - _NEAR
        high = max(one.at for one in wanted) + _NEAR
        before = [one for one in self._known.values() if low <= one.at <= high and one not in wanted]
        self._encode(weaver, [*before[-_AROUND:], *wanted])

    def _encode(self, weaver: Weaver, wanted: list[Telling]) -> None:
        if self._encoder is None or self.meanings is None:
            from briefing.stories.meaning import Meanings  # noqa: PLC0415 - numpy belongs to an extra

            self._encoder = encoders.load()
            self.name = f"{self._encoder.name}-{self._encoder.version}"
            self.meanings = Meanings(self._encoder.dimension)
            weaver.understand(self.meanings)
        missing = [one for one in wanted if one.item not in self.meanings]
        points = self._encoder.encode([f"{one.title}\n{one.lead}"[:_SIGNS] for one in missing])
        self.meanings.take([one.item for one in missing], [one.language for one in missing], points)
        weaver.meant(missing)


class _Around:
    """Which languages are told in around a time, and by whom."""

    def __init__(self, told: Iterable[Telling]) -> None:
        self._sources: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for one in told:
            self._sources[int(one.at // _NEAR)][one.language].add(one.source)

    def other_language(self, telling: Telling) -> bool:
        """Whether another source tells in another language around then."""
        bucket = int(telling.at // _NEAR)
        return any(
            language != telling.language and sources - {telling.source}
            for near in (bucket - 1, bucket, bucket + 1)
            for language, sources in self._sources.get(near, {}).items()
        )


def points() -> Points | None:
    """Where points are kept; None without an encoder."""
    return Points() if encoders.installed() else None
