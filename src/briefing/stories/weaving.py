"""One pass over tellings in the order in which they are known: each joins the nearest story still told, or none.

Single-pass clustering on centroids within a window of time (Allan et al., "Topic Detection and Tracking Pilot Study",
1998), over words and runs of letters weighted by their rarity (TF-IDF), found through an index of words. Where an
encoder is given, its cosine counts as much as that of the words, and alone between languages.
"""

from __future__ import annotations

import re
from collections import Counter
from math import log, sqrt
from typing import TYPE_CHECKING

from briefing.stories.tellings import HOUR, Joined
from briefing.stories.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from briefing.stories.meaning import Meanings
    from briefing.stories.tellings import Rules, Telling

METHOD = "words-1"
"""Name and version of the method; with an encoder its name and version follow."""

_DAY = 24 * HOUR
_RARE = 8  # words of a telling that lead to stories: the rarest
_ANYHOW = 3  # of these, those that do so however often they are used
_OFTEN, _OFTEN_OF = 50, 100  # uses from which others do not: so many, and one in so many texts
_TAIL = 32  # stories a word leads to: the last that used it
_TRIED = 8  # stories a telling is compared with
_SHARED = 2  # words that two tellings of one language must share
_RECALLED = 60  # tellings of a story that one more is compared with: the last
_COPY = 60  # percent of words in common from which two texts are compared sentence by sentence
_HOPE = 0.6  # of what is needed, what the words that led to a story must promise
_FRESH = 1.05  # how much the texts may grow until rarities are reckoned anew
_PRIOR = 40  # texts that count as seen before any was, so that nothing is rare among five
_LEAD = 0.5  # what a word of the opening counts beside one of the title
_WORDS, _GRAMS = sqrt(0.4), sqrt(0.6)
_WORDS_ALONE = 0.7
_UNCENTRED = 0.1  # by how much meanings are nearer as long as what a language's texts have in common is not known
_NUMBER = re.compile(r"\d+")

Vector = dict[int, float]


class _Member:
    """A telling as it is kept: little, for there are many."""

    __slots__ = ("at", "bare", "item", "language", "lead", "source", "title", "vague", "written")

    def __init__(self, telling: Telling, title: tuple[int, ...], lead: tuple[int, ...]) -> None:
        self.item, self.source, self.language = telling.item, telling.source, telling.language
        self.at, self.vague = telling.at, telling.vague
        self.title, self.lead = title, lead
        self.bare = telling.media and not lead
        self.written = telling.title if _NUMBER.search(telling.title) else ""


class _Story:
    """A story, or a telling that may become one; `sums` are of its members' vectors, by language."""

    __slots__ = ("first", "id", "last", "lengths", "members", "point", "sums", "vague")

    def __init__(self, founder: _Member) -> None:
        self.id = founder.item
        self.members = [founder]
        self.first = self.last = founder.at
        self.vague = founder.vague
        self.sums: dict[str, Vector] = {}
        self.lengths: dict[str, float] = {}
        self.point: object = None


class Weaver:
    """Finds stories in tellings. `copies` says of two items whether their texts are `same`, `altered` or neither."""

    def __init__(
        self,
        rules: Rules,
        meanings: Meanings | None = None,
        copies: Callable[[str, str], str] = lambda _one, _other: "",
    ) -> None:
        self._rules = rules
        self._meanings = meanings
        self._copies = copies
        self._terms = Terms()
        self._seen = 0
        self._held: Counter[int] = Counter()
        self._rarities: dict[int, float] = {}
        self._reckoned = 0
        self._stories: list[_Story] = []
        self._of: dict[str, int] = {}
        self._index: dict[tuple[int, int], list[int]] = {}
        self._span = rules.window + _DAY

    def __contains__(self, item: str) -> bool:
        return item in self._of

    def __len__(self) -> int:
        """How many tellings are known."""
        return len(self._of)

    @property
    def terms(self) -> int:
        """How many words and runs of letters are held."""
        return len(self._terms)

    # ------------------------------------------------------------ taking in

    def understand(self, meanings: Meanings) -> None:
        """From now on meanings count too."""
        self._meanings = meanings

    def meant(self, tellings: Iterable[Telling]) -> None:
        """The meanings of these tellings are known now; those that are known here can be found by them."""
        assert self._meanings is not None
        for one in tellings:
            if one.item in self._of:
                self._meanings.post(one.item, int(one.at // self._span), self._of[one.item])
                self._stories[self._of[one.item]].point = None

    def remember(self, telling: Telling, story: str = "") -> None:
        """Take in a telling that was looked at before: in this story, or in none."""
        member = self._member(telling)
        if story and story in self._of:
            self._join(self._of[story], member)
        else:
            self._open(member)
            if story:
                self._of[story] = self._of[telling.item]
                self._stories[self._of[story]].id = story

    def place(self, telling: Telling, story: str) -> None:
        """Take in a telling whose story is known by a link, whatever its words."""
        self.remember(telling, story)

    def story_of(self, item: str) -> str:
        """The story of a known item: its own id where it stands alone."""
        return self._stories[self._of[item]].id

    def add(self, telling: Telling) -> Joined | None:
        """Take in a new telling; the story it joins, None where it stands alone."""
        member = self._member(telling)
        found = self._nearest(member)
        if found is None:
            self._open(member)
            return None
        number, joined = found
        self._join(number, member)
        return joined

    def _member(self, telling: Telling) -> _Member:
        title = tuple(dict.fromkeys(self._terms.words(telling.title)))
        known = set(title)
        lead = tuple(word for word in dict.fromkeys(self._terms.words(telling.lead)) if word not in known)
        for word in (*title, *lead):
            self._held[word] += 1
        self._seen += 1
        if self._seen > self._reckoned * _FRESH:
            self._rarities.clear()
            self._reckoned = self._seen
        return _Member(telling, title, lead)

    def _open(self, member: _Member) -> None:
        self._of[member.item] = len(self._stories)
        self._stories.append(_Story(member))
        self._post(self._of[member.item], member)

    def _join(self, number: int, member: _Member) -> None:
        story = self._stories[number]
        if member.language not in story.sums and any(one.language == member.language for one in story.members):
            self._sum(story, member.language)
        story.members.append(member)
        self._of[member.item] = number
        story.first, story.last = min(story.first, member.at), max(story.last, member.at)
        story.vague = story.vague or member.vague
        if (held := story.sums.get(member.language)) is not None:
            _gather(held, self._vector(member))
            story.lengths.pop(member.language, None)
        story.point = None
        self._post(number, member)

    def _post(self, number: int, member: _Member) -> None:
        bucket, index = int(member.at // self._span), self._index
        for word in self._rarest(member):
            held = index.setdefault((bucket, word), [])
            if number not in held[-4:]:
                held.append(number)
        if self._meanings is not None:
            self._meanings.post(member.item, bucket, number)

    # ------------------------------------------------------------ comparing

    def _nearest(self, member: _Member) -> tuple[int, Joined] | None:
        best: tuple[float, int, str, int] | None = None
        vector: Vector | None = None
        for number in self._candidates(member):
            story = self._stories[number]
            if not self._in_time(member, story) or all(one.source == member.source for one in story.members):
                continue
            if vector is None:
                vector = self._vector(member)
            said = self._judged(member, vector, story)
            if said is not None and (best is None or said[0] > best[0]):
                best = (said[0], number, said[1], said[2])
        if best is None:
            return None
        _, number, reason, score = best
        other, reason = self._other(member, self._stories[number], reason)
        if other is None:
            return None
        return number, Joined(
            story=self._stories[number].id, item=member.item, other=other.item, reason=reason, score=score
        )

    def _candidates(self, member: _Member) -> list[int]:
        """The stories that are worth comparing: those that share the rarest words, those whose meaning is near."""
        bucket, index = int(member.at // self._span), self._index
        found: dict[int, float] = {}
        for word in self._rarest(member):
            weight = self._rarity(word) ** 2
            for near in (bucket - 1, bucket, bucket + 1):
                for number in index.get((near, word), ())[-_TAIL:]:
                    found[number] = found.get(number, 0.0) + weight
        whole = sum(self._rarity(word) ** 2 for word in member.title or member.lead)
        least = self._bar(member, None, meant=False) * _HOPE * whole
        hopeful = sorted((-weight, number) for number, weight in found.items() if weight >= least)
        tried = [number for _, number in hopeful[:_TRIED]]
        if self._meanings is not None:
            tried += [number for number in self._meanings.near(member.item, bucket) if number not in tried]
        return tried

    def _judged(self, member: _Member, vector: Vector, story: _Story) -> tuple[float, str, int] | None:
        """By how much a telling is of a story, why, and its score; None where it is not."""
        rules = self._rules
        words = self._by_words(member, vector, story)
        meant = self._by_meaning(member, story) if self._meanings is not None else None
        found: list[tuple[float, str, int]] = []
        if words is not None:
            score = words if meant is None else (words + meant) / 2
            found.append((score - self._bar(member, story, meant=meant is not None), "words", round(100 * score)))
        if meant is not None:
            assert self._meanings is not None
            bar = rules.across / 100 + _UNCENTRED * self._meanings.doubt(member.language)
            found.append((meant - bar, "meaning", round(100 * meant)))
        best = max(found, default=None)
        return best if best is not None and best[0] >= 0 else None

    def _bar(self, member: _Member, story: _Story | None, *, meant: bool) -> float:
        """How alike a telling and a story of the same language must be. Words alone are less alike than meanings."""
        bare = member.bare and (story is None or story.members[0].bare)
        usual = self._rules.headlines if bare else self._rules.threshold
        return usual / 100 * (1.0 if meant else _WORDS_ALONE)

    def _by_words(self, member: _Member, vector: Vector, story: _Story) -> float | None:
        """The cosine to what a story's tellings of the same language say; None where there is none."""
        if all(one.language != member.language for one in story.members):
            return None
        held = self._sum(story, member.language)
        length = story.lengths.get(member.language)
        if length is None:
            length = story.lengths[member.language] = sqrt(sum([weight * weight for weight in held.values()])) or 1.0
        return sum([weight * held[term] for term, weight in vector.items() if term in held]) / length

    def _by_meaning(self, member: _Member, story: _Story) -> float | None:
        assert self._meanings is not None
        if story.point is None:
            story.point = self._meanings.middle([one.item for one in story.members])
        return self._meanings.alike(member.item, story.point)

    def _other(self, member: _Member, story: _Story, reason: str) -> tuple[_Member | None, str]:
        """The member of another source that a telling resembles most; none where it is only the next of a series."""
        words = {*member.title, *member.lead}
        shared = [(_share(words, one), one) for one in story.members[-_RECALLED:]]
        found = {
            self._copies(member.item, one.item): one
            for share, one in reversed(shared)
            if share >= _COPY and one.language == member.language
        }
        if "same" in found and found["same"].source != member.source:
            return found["same"], "reprint"
        if any(_next_of_series(member, one) for _, one in shared):
            return None, reason
        if "altered" in found:
            return found["altered"], "altered"
        elsewhere = [(share, one) for share, one in shared if one.source != member.source]
        _, other = max(elsewhere, key=lambda pair: pair[0], default=(0, None))
        return other, reason

    # ------------------------------------------------------------ small steps

    def _in_time(self, member: _Member, story: _Story) -> bool:
        window = self._rules.window + (_DAY if member.vague or story.vague else 0.0)
        return story.first - window <= member.at <= story.last + window

    def _rarest(self, member: _Member) -> list[int]:
        """The words of a telling that lead to stories: those that are in few texts."""
        held, often = self._held, max(_OFTEN, self._seen // _OFTEN_OF)
        words = sorted([(held[word], word) for word in (*member.title, *member.lead)])[:_RARE]
        return [word for place, (uses, word) in enumerate(words) if place < _ANYHOW or uses <= often]

    def _rarity(self, word: int) -> float:
        known = self._rarities.get(word)
        if known is None:
            known = self._rarities[word] = log((self._seen + _PRIOR) / (self._held[word] + 0.5))
        return known

    def _sum(self, story: _Story, language: str) -> Vector:
        held = story.sums.get(language)
        if held is None:
            held = story.sums[language] = {}
            for one in story.members:
                if one.language == language:
                    _gather(held, self._vector(one))
        return held

    def _vector(self, member: _Member) -> Vector:
        """Words and runs of letters as one vector of unit length; runs weigh what their words do."""
        words: Vector = {}
        grams: Vector = {}
        terms, known = self._terms, self._rarity
        for share, said in ((1.0, member.title), (_LEAD if member.title else 1.0, member.lead)):
            for word in said:
                runs = terms.grams(word)
                words[word] = weight = share * known(word)
                weight /= len(runs) ** 0.5
                for run in runs:
                    grams[run] = grams.get(run, 0.0) + weight
        return _scaled(words, _WORDS) | _scaled(grams, _GRAMS)


def _scaled(vector: Vector, length: float) -> Vector:
    factor = length / (sqrt(sum([weight * weight for weight in vector.values()])) or 1.0)
    return {term: weight * factor for term, weight in vector.items()}


def _gather(held: Vector, more: Vector) -> None:
    for term, weight in more.items():
        held[term] = held.get(term, 0.0) + weight


def _share(words: set[int], other: _Member) -> int:
    """How many of the words of two tellings are in both, in percent."""
    there = {*other.title, *other.lead}
    either = len(words | there)
    return 100 * len(words & there) // either if either else 0


def _next_of_series(one: _Member, other: _Member) -> bool:
    """Whether two titles are the same but for their numbers: the reports of two weeks, the rounds of one cup."""
    if not one.written or not other.written or one.written == other.written:
        return False
    return _NUMBER.sub("0", one.written) == _NUMBER.sub("0", other.written)
