"""A copy of the public folder elsewhere: what changed is brought there, what was withdrawn is taken away.

What we brought is listed in a file beside it, and nothing that is not on this list is ever touched. The list is written
before the files (with what is about to come) and after them, so that a killed process leaves nothing behind that the
next does not know of.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import orjson

from briefing.delivery import files
from briefing.documents import Document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from briefing.delivery.stock import Plan

LIST = ".mirror-of-briefing.json"


def listed(body: bytes | None) -> dict[str, str]:
    """What the list says that a receiver has, SHA-256 by path; nothing where there is none or it is damaged."""
    with suppress(ValueError, LookupError, AttributeError, TypeError):
        return {str(path): str(digest) for path, digest in orjson.loads(body or b"{}")["files"].items()}
    return {}


def to_list(theirs: Mapping[str, str]) -> bytes:
    """The list itself."""
    return orjson.dumps({"files": dict(theirs)}, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def beginning(theirs: Mapping[str, str], plan: Plan) -> dict[str, str]:
    """The list while the files of a plan are on their way: theirs is known, its bytes are not."""
    return {**theirs, **dict.fromkeys(plan.put, "")}


def held(target: Path) -> dict[str, str]:
    """What a folder has of ours: what its list says and is really there."""
    try:
        body = (target / LIST).read_bytes()
    except OSError:
        return {}
    return {path: digest if (target / path).is_file() else "" for path, digest in listed(body).items()}


def bring(public: Path, target: Path, plan: Plan, have: Mapping[str, str], theirs: Mapping[str, str]) -> None:
    """Bring a folder up to date; each file appears whole, in the place of its forerunner.

    Raises:
        OutputError: the folder cannot be written.
    """
    files.publish(target, [Document(path=LIST, body=to_list(beginning(theirs, plan)))])
    files.publish(target, (Document(path=path, body=(public / path).read_bytes()) for path in plan.put))
    files.withdraw(target, plan.gone)
    files.publish(target, [Document(path=LIST, body=to_list(have))])
