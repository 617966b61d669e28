"""Rules that read dates: expressions, the more exact first, each with a function that says which days are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from briefing.observe.ahead import spans
from briefing.observe.ahead.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from briefing.observe.ahead.spans import Between

    Reader = Callable[["Found"], Between | None]
    Year = Callable[[re.Match[str], date], tuple[int, bool] | None]
    Clue = tuple[str, re.Pattern[str] | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: its groups by name, the day of publication, the year that is meant."""

    match: re.Match[str]
    today: date
    year: int

    def __getitem__(self, name: str) -> str:
        return self.match[name]


@dataclass(frozen=True)
class _Rule:
    written: str
    flags: int
    read: Reader
    own: bool
    counted: bool
    doubtful: bool
    beside: bool
    gates: tuple[int, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Made when a sentence asks for it: few texts do, and all of them take as long as 500 items to search."""
        return re.compile(self.written, self.flags)


class Rules:
    """The rules of a language, in their order. `year` gives the year of a match and whether it stands there, or None
    where it is one gone by; `deadline` says of what stands before and behind a date whether it is the last moment.
    `gates` are parts of expressions, each with an expression without which no rule that holds that part can match:
    one look spares many.

    `clues` are parts again, each with what whatever they match holds: a literal (empty for none), and an expression
    where that alone would be found too often. Every rule needs such a part. Where letters are alike in both cases,
    clues are written in small ones.
    """

    def __init__(
        self,
        year: Year,
        deadline: Callable[[str, str], bool],
        flags: int = 0,
        *,
        gates: Mapping[str, str],
        clues: Mapping[str, Sequence[Clue]],
    ) -> None:
        self._year = year
        self._deadline = deadline
        self._flags = flags
        self._alike = bool(flags & re.IGNORECASE)
        self._parts = tuple(gates)
        self._gates_written = tuple(gates.values())
        self._told = tuple(clues)
        self._clues = tuple(dict.fromkeys(clue for all_ in clues.values() for clue in all_))
        self._rules: list[_Rule] = []

    def rule(
        self,
        pattern: str,
        *,
        own: bool = False,
        counted: bool = False,
        doubtful: bool = False,
        beside: bool = False,
        gated: bool = True,
    ) -> Callable[[Reader], Reader]:
        """Keep a rule. `own` and `doubtful` as in `Span`; `counted` that it counts from the day of publication;
        `beside` that it takes no place from others; `gated` that the parts it holds must be there.
        """
        if not any(part in pattern for part in self._told):
            raise AssertionError(f"no clue says where this rule may match: {pattern}")
        gates = tuple(place for place, part in enumerate(self._parts) if gated and part in pattern)

        def keep(read: Reader) -> Reader:
            sure = own or counted or doubtful
            self._rules.append(_Rule(pattern, self._flags, read, own, sure, doubtful, beside, gates))
            return read

        return keep

    @cached_property
    def _gates(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(gate, self._flags) for gate in self._gates_written)

    def hinted(self, text: str) -> bool:
        """Whether any rule may find something in a text or in a part of it; False is certain, and cheap."""
        if self._alike:
            text = text.casefold()
        for literal, pattern in self._clues:
            if literal in text and (pattern is None or pattern.search(text) is not None):
                return True
        return False

    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """What the rules match."""
        return tuple(rule.pattern for rule in self._rules)

    def read(self, sentence: str, today: date) -> list[Span]:
        """The dates of a sentence in their order; of readings that overlap the first rule's."""
        found: list[Span] = []
        beside: list[Span] = []
        shut = {place for place, gate in enumerate(self._gates) if gate.search(sentence) is None}
        for rule in self._rules:
            if not shut.isdisjoint(rule.gates):
                continue
            for match in rule.pattern.finditer(sentence):
                if (span := self._span(rule, match, today)) is not None:
                    (beside if rule.beside else found).append(span)
        return [*spans.claimed(found), *beside]

    def _span(self, rule: _Rule, match: re.Match[str], today: date) -> Span | None:
        said = self._year(match, today)
        if said is None or not spans.FIRST_YEAR <= said[0] <= spans.LAST_YEAR:
            return spans.gone(match.start(), match.end())
        between = rule.read(Found(match, today, said[0]))
        if between is None:
            return None
        first, last, precision = between
        return Span(
            at=match.start(),
            end=match.end(),
            first=first,
            last=last,
            precision=precision,
            sure=said[1] or rule.counted,
            deadline=self._deadline(match.string[: match.start()], match.string[match.start() :])
            or self._deadline(match.string[: match.end()], match.string[match.end() :]),
            own=rule.own,
            doubtful=rule.doubtful,
        )
