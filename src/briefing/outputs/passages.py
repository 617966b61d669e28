"""Which words of a passage changed: the two sides of an edit, cut into what stayed and what did not. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\s+|[A-Za-z0-9\u00c0-\u02af\u0370-\u1fff]+|.", re.DOTALL)
# Above this many tokens the comparison costs more than it shows: the whole passage counts as changed.
_LIMIT = 2_000

Runs = tuple[tuple[bool, str], ...]


def compared(before: str, after: str) -> tuple[Runs, Runs]:
    """Both passages as runs of `(changed, text)`; joined, the texts of a side are that passage again.

    Words are compared in spaced scripts, single characters in Chinese and Japanese.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if not old or not new or len(old) + len(new) > _LIMIT:
        return _whole(before), _whole(after)
    left: list[tuple[bool, str]] = []
    right: list[tuple[bool, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left.append((tag != "equal", "".join(old[i1:i2])))
        right.append((tag != "equal", "".join(new[j1:j2])))
    return _joined(left), _joined(right)


def _whole(text: str) -> Runs:
    return ((True, text),) if text else ()


def _joined(runs: list[tuple[bool, str]]) -> Runs:
    """Take a lone space between two changed words into the change: fewer, longer marks are easier to read."""
    merged: list[tuple[bool, str]] = []
    for position, (changed, text) in enumerate(runs):
        between = 0 < position < len(runs) - 1 and not text.strip() and runs[position - 1][0] and runs[position + 1][0]
        mark = changed or between
        if not text:
            continue
        if merged and merged[-1][0] == mark:
            merged[-1] = (mark, merged[-1][1] + text)
        else:
            merged.append((mark, text))
    return tuple(merged)
