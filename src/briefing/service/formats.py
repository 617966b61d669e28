"""Which documents of an issue can be made here, and what is said of those that cannot.

A format may need an extra that is not installed. Its document is then left out of what is published, and never made
later for a version that was published without it; of one that was published, the file is left as it lies.

A renderer may also fail on what somebody wrote. Then the issue comes in the other formats, and it is said which failed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from briefing.errors import BriefingError, OutputError
from briefing.outputs import ISSUES, lacking, remedy
from briefing.outputs.wording import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from briefing.documents import Issue
    from briefing.model import Briefing


class Made(NamedTuple):
    """The documents of an issue by file name; `failed` says by the name of a format why it could not be made."""

    bodies: dict[str, bytes]
    failed: dict[str, str]


def attempt(made: Issue, names: Iterable[str]) -> Made:
    """The documents of an issue in those of these formats that can be made here.

    Raises:
        OutputError: every one of them failed.
    """
    found = Made({}, {})
    for name in names:
        if not (one := ISSUES[name]).installed:
            continue
        try:
            found.bodies[one.file] = one.render(made)
        except Exception as error:  # noqa: BLE001 - libraries raise anything; one format never stops the others
            found.failed[name] = _why(error)
    if found.failed and not found.bodies:
        raise OutputError("; ".join(failures(found.failed)))
    return found


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, BriefingError) else f"{type(error).__name__}: {error}"


def failures(failed: Mapping[str, str]) -> tuple[str, ...]:
    """That formats could not be made, and why: a sentence for each."""
    return tuple(f"{name} is left out: it could not be made ({why})" for name, why in failed.items())


def render(made: Issue, names: Iterable[str]) -> dict[str, bytes]:
    """The documents of an issue by file name, in those of these formats that can be made here and do not fail.

    Raises:
        OutputError: every one of them failed.
    """
    return attempt(made, names).bodies


def of_files(files: Collection[str]) -> list[str]:
    """The formats of these files; what is none of ours is left out."""
    return [name for name, one in ISSUES.items() if one.file in files]


def unmakeable(files: Collection[str]) -> tuple[str, ...]:
    """Those of these files that cannot be made here, because the extra of their format is not installed."""
    return tuple(ISSUES[name].file for name in lacking(of_files(files)))


def hashes(documents: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 by file name, as the event of an issue holds them."""
    return {name: hashlib.sha256(body).hexdigest() for name, body in documents.items()}


def same(made: Mapping[str, str], published: Mapping[str, str]) -> bool:
    """Whether these hashes are those published; files that cannot be made here are not asked after."""
    missing = unmakeable(published)
    return dict(made) == {name: value for name, value in published.items() if name not in missing}


def held(public: Path, folder: str, published: Mapping[str, str]) -> Iterator[str]:
    """Paths of files that lie there as they were published, and could not be made again here."""
    for name in unmakeable(published):
        file = public / folder / name
        if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == published[name]:
            yield f"{folder}/{name}"


def others(folder: str, made: Collection[str]) -> list[str]:
    """Where documents in the other formats would lie."""
    return [f"{folder}/{one.file}" for one in ISSUES.values() if one.file not in made]


def named(briefing: Briefing) -> tuple[str, ...]:
    """The formats that were asked for by name: none where a briefing takes whatever there is."""
    return () if set(briefing.formats) >= set(ISSUES) else briefing.formats


def note(names: Collection[str]) -> str:
    """That documents in these formats are left out, and which command adds what they need; empty for none."""
    if not names:
        return ""
    who = "is left out: it needs" if len(names) == 1 else "are left out: they need"
    return f"{listed(list(names))} {who} what `{remedy(names)}` adds"


def warnings(made: Issue, names: Iterable[str]) -> tuple[str, ...]:
    """What those of these formats that can be made here cannot show of an issue as it is."""
    chosen = (ISSUES[name] for name in names)
    return tuple(said for one in chosen if one.installed for said in one.warnings(made))
