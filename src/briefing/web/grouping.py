"""Items as lists show them: under their days, page by page."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.requests import Request

    from briefing.model import Item

T = TypeVar("T")
Groups = tuple[tuple[str, tuple["Item", ...]], ...]

_MOST_PAGES = 500  # further back a period finds what is sought, and the database need not count its way there


def grouped(items: Iterable[Item], key: Callable[[Item], str]) -> Groups:
    """Items that are in order already under what their key says."""
    return tuple((name, tuple(group)) for name, group in groupby(items, key))


def by_day(items: Iterable[Item]) -> Groups:
    """Items under the day (ISO) that they belong to."""
    return grouped(items, lambda item: item.day)


def page_number(request: Request) -> int:
    """The page asked for, 1 where none is.

    Raises:
        HTTPException: 404 for what is no number of a page.
    """
    asked = request.query_params.get("page", "") or "1"
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) <= _MOST_PAGES):
        raise HTTPException(
            404, f"Pages are numbered from 1 to {_MOST_PAGES}. For what lies further back, choose a period under Items."
        )
    return int(asked)


def held(found: T | None, kind: str, name: str) -> T:
    """What was found under a name in an address.

    Raises:
        HTTPException: 404 where nothing was.
    """
    if found is None:
        raise HTTPException(404, f"There is no {kind} “{name}” here. It may be mistyped, or no longer configured.")
    return found
