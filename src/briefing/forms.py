"""What a phrase may be besides words: several that stand together, or a regular expression; and how it is written.

Everywhere but in the file itself a form is a line of text, so that it is logged, shown and compared like any phrase:
`all: price cap + LNG`, `near 10: missile + Hokkaido`, `regex: S-[34]00`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WITHIN = 10
"""How many words, or characters where no spaces are written, may stand between the phrases of `near`."""

SIGN = " + "
_WRITTEN = re.compile(r"(all|near|regex)(?: (\d{1,4}))?: (.+)", re.DOTALL)
_MEMORY = 8 << 20  # bytes for one expression: RE2 falls back to a slower search, never to more than linear time
_MATCHES = 1000  # of one expression in one text; no label needs more


@dataclass(frozen=True, slots=True)
class Form:
    """`all`: its parts stand in one sentence; `near`: at most `within` apart, in any order; `regex`: one expression."""

    kind: Literal["all", "near", "regex"]
    parts: tuple[str, ...]
    within: int = 0


def written(form: Form) -> str:
    """A form as a line of text."""
    head = f"near {form.within}" if form.kind == "near" else form.kind
    return f"{head}: {SIGN.join(form.parts)}"


@lru_cache(maxsize=4096)
def form_of(phrase: str) -> Form | None:
    """The form that a line of text is; None where it is a plain phrase."""
    found = _WRITTEN.fullmatch(phrase)
    if found is None or (found[2] is not None) != (found[1] == "near"):
        return None
    if found[1] == "regex":
        return Form("regex", (found[3],))
    return Form("near" if found[2] else "all", tuple(found[3].split(SIGN)), int(found[2] or 0))


@lru_cache(maxsize=1024)
def expression(pattern: str) -> Any:
    """An expression in the syntax and with the promise of RE2: time grows with the text and with nothing else.

    Capitals count as small letters. RE2 (Cox, "Regular Expression Matching in the Wild", 2010) has no look-around and
    no references back.

    Raises:
        ValueError: it is no such expression; the message says why.
    """
    import re2  # noqa: PLC0415 - few configurations have one

    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, _MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
        raise ValueError(said) from error


def spans(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Where an expression stands in a text, empty matches left out."""
    for count, found in enumerate(expression(pattern).finditer(text)):
        if count == _MATCHES:
            return
        if found.end() > found.start():
            yield found.start(), found.end()


def stretches(parts: int, places: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """The shortest stretches that hold every part, from left to right, none overlapping the one before.

    `places` are number of the part, start and end, in order of their start.
    """
    last: dict[int, tuple[int, int]] = {}
    done = -1
    for part, start, end in places:
        if start < done:
            continue
        last[part] = start, end
        if len(last) == parts:
            yield min(low for low, _ in last.values()), max(high for _, high in last.values())
            done = max(high for _, high in last.values())
            last.clear()
