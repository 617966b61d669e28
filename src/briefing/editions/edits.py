"""What an edit did, from the two texts alone: whether it mends spelling or alters what is said, and what."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from briefing.editions import tellings
from briefing.editions.differences import replacements
from briefing.editions.pairs import same, sentence_pairs
from briefing.editions.slips import is_slip
from briefing.editions.words import count_words, published_words
from briefing.noise import notable, seen
from briefing.text import UNSPACED, one_line, sentences, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from briefing.model import Revision

Weight = Literal["small", "substantive"]
Swap = tuple[str, str]  # what stood there and what stands there now; either may be empty

_NAMED = 3  # of one sort that a line names
_SHORT = 40  # characters of a wording that it quotes
_HOLE = "\ue010"  # stands for a date or number while the words around it are compared
_DENIAL = 3  # words that a denial changes around it at most: went, did not go
_GROUP = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(?!\d))")
_COMMA_GROUP = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit told: `said` is one plain English sentence without its full stop."""

    weight: Weight
    said: str


@dataclass(slots=True)
class _Found:
    numbers: Counter[Swap] = field(default_factory=Counter)
    dates: Counter[Swap] = field(default_factory=Counter)
    names: Counter[Swap] = field(default_factory=Counter)
    negations: Counter[Swap] = field(default_factory=Counter)
    wordings: Counter[Swap] = field(default_factory=Counter)
    spellings: Counter[Swap] = field(default_factory=Counter)
    words: int = 0
    signs: int = 0
    removed: int = 0
    added: int = 0

    @property
    def substantive(self) -> bool:
        return bool(
            self.numbers or self.dates or self.names or self.negations or self.words or self.removed or self.added
        )


def tell(before: Revision, after: Revision, language: str) -> Edit:
    """Weigh and name an edit.

    `small` is what mends spelling, capitals and punctuation; an edit that touches a number, a date, a name or a
    denial, or any other word, is `substantive`.
    """
    clauses = []
    body = _found(notable(before.text, before.html), notable(after.text, after.html), language)
    title = _found(before.title, after.title, language)
    if not same(before.title, after.title):
        clauses.append(f'the title changed from "{one_line(before.title)}" to "{one_line(after.title)}"')
    if before.published.value != after.published.value:
        dates = published_words(before.published, None), published_words(after.published, None)
        clauses.append("the date of publication changed from {} to {}".format(*dates))
    if before.noted != after.noted:
        clauses.append("the file was replaced" if after.noted else "the text can be read now")
    clauses += _clauses(body, "character" if language in UNSPACED else "word")
    if before.authors != after.authors:
        clauses.append("the authors named changed")
    if not clauses and not same(before.text, after.text):
        noticed = [seen(notable(one.text, one.html)) for one in (before, after)]
        clauses.append("only what changes by itself changed" if noticed[0] == noticed[1] else "punctuation changed")
    weight: Weight = "substantive" if body.substantive or title.substantive or before.noted != after.noted else "small"
    return Edit(weight, "; ".join(clauses) or "nothing that a reader would notice changed")


def describe(before: Revision, after: Revision, language: str) -> str:
    """The edit as a sentence; a small one says so."""
    edit = tell(before, after, language)
    if same(before.title, after.title) and same(before.text, after.text) and before.noted == after.noted:
        return f"{edit.said[0].upper()}{edit.said[1:]}."
    said = f"small edit: {edit.said}" if edit.weight == "small" else edit.said
    return f"{said[0].upper()}{said[1:]}."


# ---------------------------------------------------------------- finding


def _found(before: str, after: str, language: str) -> _Found:
    found = _Found()
    if same(before, after):
        return found
    within = _within(before, language) | _within(after, language)
    for old, new in sentence_pairs(before.strip(), after.strip(), language):
        if old is None:
            found.added += 1
        elif new is None:
            found.removed += 1
        elif not same(old, new):
            _compare(found, old, new, language, within)
    return found


def _within(text: str, language: str) -> frozenset[str]:
    """Words that stand within sentences: a capital there is that of a name."""
    return frozenset(word for one in sentences(text, language) for word in tellings.words_of(one)[1:])


def _compare(found: _Found, old: str, new: str, language: str, within: frozenset[str]) -> None:
    """Two forms of one sentence: dates first, then numbers and names in what is left, then words."""
    for sort, find, alike in (
        (found.dates, tellings.dates, _same_date),
        (found.numbers, lambda text: tellings.numbers(text, language), _same_number),
    ):
        swaps, old, new = _taken(old, new, find, alike)
        sort.update(swaps)
    _compare_runs(found, old, new, language)
    swaps, old, new = _taken(old, new, lambda text: tellings.run_names(text, language), _same_run)
    denials = _swapped([*map(str.casefold, tellings.negations(old, language))],
                       [*map(str.casefold, tellings.negations(new, language))])  # fmt: skip
    found.names.update(swap for swap in swaps if not denials or not _denies(swap))
    found.negations.update(denials)
    for one, other in replacements(old, new, language):
        _compare_words(found, (one, other), (old, new), language, within, denied=bool(denials))


def _taken(
    old: str, new: str, find: Callable[[str], list[tuple[int, int]]], alike: Callable[[str, str], bool]
) -> tuple[list[Swap], str, str]:
    """What differs of one sort, and both sentences with a hole where one of that sort stood."""
    olds, news = find(old), find(new)
    had, has = [old[start:end].strip() for start, end in olds], [new[start:end].strip() for start, end in news]
    if len(had) == len(has):
        swaps = [(one, other) for one, other in zip(had, has, strict=True) if not alike(one, other)]
        if Counter(had) == Counter(has) and swaps and _moved(old, new, olds, news):
            swaps = []
    else:
        swaps = _swapped(had, has)
    return swaps, _holed(old, olds), _holed(new, news)


def _moved(old: str, new: str, olds: list[tuple[int, int]], news: list[tuple[int, int]]) -> bool:
    """Whether the same numbers stand elsewhere with the same words behind them: the sentence was turned round."""

    def beside(text: str, spans: list[tuple[int, int]]) -> Counter[tuple[str, str]]:
        return Counter((text[a:b].strip(), next(iter(tellings.words_of(text[b : b + 40])), "")) for a, b in spans)

    return beside(old, olds) == beside(new, news)


def _holed(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        held = text[start:end]
        text = text[:start] + held[: len(held) - len(held.lstrip())] + _HOLE + held[len(held.rstrip()) :] + text[end:]
    return text


def _swapped(had: Sequence[str], has: Sequence[str]) -> list[Swap]:
    """What was replaced by what, added or removed, between two rows of the same sort."""
    swaps: list[Swap] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, had, has, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        olds, news = list(had[i:i_end]), list(has[j:j_end])
        while olds or news:
            swaps.append((olds.pop(0) if olds else "", news.pop(0) if news else ""))
    return swaps


def _same_number(one: str, other: str) -> bool:
    return _plain_number(one) == _plain_number(other)


def _plain_number(text: str) -> str:
    """A number without the marks that group its digits, signs folded."""
    text = _COMMA_GROUP.sub("", _GROUP.sub("", seen(text))).casefold()
    return re.sub(r"percent|prozent|процент\w*|porciento|pourcent", "%", text)


def _same_date(one: str, other: str) -> bool:
    return seen(one).casefold().replace(",", "").strip(".") == seen(other).casefold().replace(",", "").strip(".")


def _same_run(one: str, other: str) -> bool:
    return seen(one) == seen(other) or _long_vowel(one) == _long_vowel(other)


def _long_vowel(text: str) -> str:
    return seen(text).replace("ー", "").replace("·", "")


def _compare_runs(found: _Found, old: str, new: str, language: str) -> None:
    """A long vowel mark that comes or goes in a foreign name is spelling."""
    had = [old[a:b] for a, b in tellings.run_names(old, language)]
    has = [new[a:b] for a, b in tellings.run_names(new, language)]
    if len(had) == len(has):
        found.spellings.update(
            (one, other)
            for one, other in zip(had, has, strict=True)
            if seen(one) != seen(other) and _same_run(one, other)
        )


def _denies(swap: Swap) -> bool:
    return any(sign in text for sign in "不非未無" for text in swap)


# ---------------------------------------------------------------- words


def _compare_words(
    found: _Found, swap: Swap, sentence: Swap, language: str, within: frozenset[str], *, denied: bool
) -> None:
    """One wording that stands in the place of another."""
    old, new = (part.replace(_HOLE, " ") for part in swap)
    if same(old, new):
        return
    if seen(old).casefold() == seen(new).casefold():
        found.spellings[one_line(old), one_line(new)] += 1
    elif not any(map(str.isalnum, old + new)):
        found.signs += 1
    elif language in UNSPACED:
        _compare_signs(found, old, new, denied=denied)
    else:
        _compare_named(found, (old, new), sentence, language, within, denied=denied)


def _compare_named(
    found: _Found, swap: Swap, sentence: Swap, language: str, within: frozenset[str], *, denied: bool
) -> None:
    olds, news = map(tellings.words_of, swap)
    if [word.casefold() for word in olds] == [word.casefold() for word in news]:
        found.signs += 1
        return
    pairs = list(zip(olds, news, strict=False))
    found.negations.update(pair for pair in pairs if tellings.denied(*pair, language))
    had, has = (_names(words, text, language, within) for words, text in ((olds, sentence[0]), (news, sentence[1])))
    mended = [pair for pair in pairs if pair[0] != pair[1]]
    if len(olds) == len(news) and not had and all(is_slip(*pair, language) for pair in mended):
        found.spellings.update(mended)
        return
    names = _swapped(had, has)
    found.names.update(names)
    told = {word for pair in (*names, *found.negations) for part in pair for word in part.casefold().split()}
    rest = max(sum(word.casefold() not in told for word in words) for words in (olds, news))
    if rest and not (denied and not names and rest == 1 and max(len(olds), len(news)) <= _DENIAL):
        found.words += rest
        found.wordings[one_line(swap[0]), one_line(swap[1])] += 1


def _names(words: Sequence[str], sentence: str, language: str, within: frozenset[str]) -> list[str]:
    """The names among the words of a change, neighbours as one."""
    whole = tellings.words_of(sentence)
    named: list[str] = []
    last = -2
    for place, word in enumerate(words):
        at = whole.index(word) if word in whole else 0
        beside = whole[at + 1] if at + 1 < len(whole) else ""
        if not tellings.is_name(word, language, first=at == 0, beside=beside, elsewhere=within):
            continue
        if last == place - 1:
            named[-1] += f" {word}"
        else:
            named.append(word)
        last = place
    return named


def _compare_signs(found: _Found, old: str, new: str, *, denied: bool) -> None:
    """A change in a script without spaces: a sign doubled or a long vowel mark is a slip, anything else is not."""
    one, other = (re.sub(r"[\W_]", "", text) for text in (old, new))
    if one.replace("ー", "") == other.replace("ー", ""):
        found.spellings[one_line(old), one_line(new)] += 1
        return
    if denied:
        return
    found.words += max(len(one), len(other))
    found.wordings[one_line(old), one_line(new)] += 1


# ---------------------------------------------------------------- in words


def _clauses(found: _Found, unit: str) -> Iterator[str]:
    for swaps, noun in (
        (found.numbers, "number"), (found.dates, "date"), (found.names, "name"), (found.negations, "negation"),
    ):  # fmt: skip
        yield from _swap_clauses(swaps, noun)
    yield from _wording_clauses(found, unit)
    if found.removed:
        yield f"{count_words(found.removed, 'sentence')} removed"
    if found.added:
        yield f"{count_words(found.added, 'sentence')} added"
    yield from _small_clauses(found)


def _swap_clauses(swaps: Counter[Swap], noun: str) -> Iterator[str]:
    """`2 numbers changed: 12 → 15, 3 → 4`; the same for what came or went without another in its place."""
    for verb, chosen in (
        ("changed", [swap for swap in swaps if all(swap)]),
        ("removed", [swap for swap in swaps if not swap[1]]),
        ("added", [swap for swap in swaps if not swap[0]]),
    ):
        if not chosen:
            continue
        named = ", ".join(_became(swap, swaps[swap]) for swap in chosen[:_NAMED])
        more = f" and {len(chosen) - _NAMED:,} more" if len(chosen) > _NAMED else ""
        yield f"{count_words(sum(swaps[swap] for swap in chosen), noun)} {verb}: {named}{more}"


def _became(swap: Swap, times: int) -> str:
    old, new = (shorten(one_line(text), _SHORT) for text in swap)
    said = f"{old} → {new}" if old and new else old or new
    return said + (f" in {times:,} places" if times > 1 else "")


def _wording_clauses(found: _Found, unit: str) -> Iterator[str]:
    """The new wording itself where there is one and it is short, else how much changed."""
    pair = next(iter(found.wordings), ("", ""))
    if len(found.wordings) == 1 and all(0 < len(text) <= _SHORT for text in pair):
        times = f" in {found.wordings[pair]:,} places" if found.wordings[pair] > 1 else ""
        yield f'"{pair[0]}" became "{pair[1]}"{times}'
    elif found.words:
        yield f"{count_words(found.words, unit)} changed"


def _small_clauses(found: _Found) -> Iterator[str]:
    mended = list(found.spellings)[:_NAMED]
    if mended:
        more = f" and {len(found.spellings) - _NAMED:,} more" if len(found.spellings) > _NAMED else ""
        yield f"spelling: {', '.join(_became(pair, found.spellings[pair]) for pair in mended)}{more}"
    if found.signs:
        yield "punctuation changed"
