"""Errata: which changes of a cited item correct an issue, and what a reader of that issue is told.

An edit that mends spelling or punctuation corrects nothing; nor does a takedown, whose words are gone everywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from briefing.documents import Alteration, Erratum, Reference
from briefing.editions.changes import change_words
from briefing.editions.differences import passages, passed_on
from briefing.editions.edits import tell

if TYPE_CHECKING:
    from briefing.model import Change, Corrected, Revision, Source

REVERTED = "It reads again as it did in that issue."


def corrects(change: Change) -> bool:
    """Whether an issue that cites the item without knowing of the change needs an erratum."""
    if change.item.removal is not None or change.kind == "removed":
        return False
    if change.kind != "revised" or change.before is None or change.after is None:
        return True
    return tell(change.before, change.after, change.item.language).weight == "substantive"


def kind_of(change: Change, printed: Revision | None) -> str:
    """What sort of erratum a change makes for an issue that printed that version: a kind of `ErratumIssued`."""
    if change.kind == "revised" and change.after and printed and change.after.fingerprint == printed.fingerprint:
        return "reverted"
    return change.kind


def erratum(corrected: Corrected, change: Change, source: Source) -> Erratum:
    """An erratum with its words: under the title that the item had then, with what its source lets us pass on."""
    held = change.after or change.before
    item = replace(change.item, title=held.title) if held and change.item.removal is None else change.item
    before = after = ""
    if change.before and change.after and (limit := passed_on(source.redistribute)):
        before, after = passages(change.before, change.after, item.language, limit)
    what = change_words(change)
    return Erratum(
        briefing=corrected.briefing,
        period=corrected.period,
        version=corrected.version,
        number=corrected.number,
        alteration=Alteration(
            reference=Reference(number=corrected.number, item=item, source=source, quote=""),
            kind=change.kind,
            at=change.at,
            what=f"{what} {REVERTED}" if corrected.kind == "reverted" else what,
            before=before,
            after=after,
        ),
        position=corrected.position,
        at=corrected.at,
    )
