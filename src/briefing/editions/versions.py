"""What a version of an issue has that the version before it had not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.documents import Revised
from briefing.editions.changes import change_words
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefing.documents import Reference
    from briefing.model import Change, Issued


def revised(
    before: Issued | None,
    references: Sequence[Reference],
    news: Iterable[str],
    ahead: Iterable[str],
    changes: Iterable[Change],
) -> tuple[Revised, ...]:
    """What is new since version `before`, in the order of the numbers; empty for a first version.

    `news` are the ids of items that belong to the period, `ahead` those of items that announce what comes after it: of
    another period, they are no news of this one. `changes` are what happened to items since that version.
    """
    if before is None:
        return ()
    known, news = set(before.items), set(news)
    stays = news.union(ahead)
    told: dict[str, list[str]] = {}
    for change in changes:
        if change.item.id in known and change.item.id in stays and change.kind != "removed":
            told.setdefault(change.item.id, []).append(change_words(change))
    found = []
    for reference in references:
        item = reference.item
        name = _name(reference)
        if item.id not in known and item.id in news:
            came = "Came late" if item.position > before.as_of and item.revisions == 1 else "Added"
            found.append(Revised(what=f"{came}: {name}.", number=reference.number))
        elif item.id in known and item.id not in stays:
            found.append(Revised(what=f"Belongs to this issue no longer: {name}.", number=reference.number))
        found += [Revised(what=f"{name}: {what}", number=reference.number) for what in told.get(item.id, ())]
    return tuple(found)


def _name(reference: Reference) -> str:
    """What an item is called in our sentences; one that was removed has no title any more."""
    title = one_line(reference.item.title) if reference.item.removal is None else ""
    return ", ".join(filter(None, (one_line(reference.source.name), title)))
