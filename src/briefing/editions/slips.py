"""Whether one word is another mistyped. Pure."""

from __future__ import annotations

from briefing.editions import tellings

_SHORTEST = 4  # letters of a word in which one letter is a slip
_ENDINGS = ("s", "d", "es", "ed")  # which say how many, or when


def is_slip(old: str, new: str, language: str) -> bool:
    """Whether one word is the other mistyped: one letter too many, missing, wrong, or two that changed places."""
    one, other = old.casefold(), new.casefold()
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORTEST - 1 or one[0] != other[0] or tellings.denied(old, new, language):
        return False
    if not (one.replace("-", "").isalpha() and other.replace("-", "").isalpha()):
        return False
    short, long = sorted((one, other), key=len)
    if language == "en" and any(long == short + ending for ending in _ENDINGS):
        return False
    if len(short) < _SHORTEST:
        return _swapped_letters(one, other)
    return _one_letter(short, long) or _swapped_letters(one, other)


def _one_letter(short: str, long: str) -> bool:
    head = next((at for at, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    return len(long) - len(short) <= 1 and short[head + (len(short) == len(long)) :] == long[head + 1 :]


def _swapped_letters(one: str, other: str) -> bool:
    wrong = [at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    return (
        len(one) == len(other)
        and len(wrong) == 2  # noqa: PLR2004 - two neighbours
        and wrong[1] == wrong[0] + 1
        and one[wrong[0]] == other[wrong[1]]
        and one[wrong[1]] == other[wrong[0]]
    )
