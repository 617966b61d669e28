"""An issue for a reader who asked for some of its topics: fewer parts, under the same numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from briefing.documents import Issue, Reference, Section
    from briefing.model import Item


def reduced(issue: Issue, topics: Collection[str]) -> Issue:
    """What of an issue belongs to these topics; the numbers stay those of the whole issue.

    Coverage stays: silence of a source concerns every reader. What has no topic and the charts are of the whole issue
    and are left out. The annex names all items of these topics, those that the limits of the briefing kept out too.
    """

    def held(item: Item) -> bool:
        return any(label.topic in topics for label in item.labels)

    def wanted(reference: Reference) -> bool:
        return held(reference.item)

    def kept(references: Iterable[Reference]) -> tuple[Reference, ...]:
        return tuple(filter(wanted, references))

    def sections(whole: Iterable[Section]) -> tuple[Section, ...]:
        told = (replace(one, references=kept(one.references), see=kept(one.see)) for one in whole)
        return tuple(one for one in told if one.references or one.see)

    ahead = tuple(one for one in issue.ahead if any(name in topics for name, _ in one.topics))
    named = {voice.number for one in ahead for voice in one.voices}
    references = tuple(one for one in issue.references if wanted(one) or one.number in named)
    numbers = {0, *(one.number for one in references)}
    annex = (replace(one, items=tuple(filter(held, one.items))) for one in issue.annex)
    return replace(
        issue,
        highlights=kept(issue.highlights),
        statements=sections(issue.statements),
        topics=tuple(one for one in issue.topics if one.id in topics),
        analysis=sections(issue.analysis),
        changed=tuple(one for one in issue.changed if wanted(one.reference)),
        late=kept(issue.late),
        changed_left=tuple(one for one in issue.changed_left if wanted(one.reference)),
        references=references,
        topic_list=tuple(one for one in issue.topic_list if one.id in topics),
        others=(),
        others_left=0,
        ahead=ahead,
        ahead_left=0,
        figures=(),
        annex=tuple(one for one in annex if one.items),
        undated=tuple(one for one in issue.undated if held(one.item)),
        revised=tuple(one for one in issue.revised if one.number in numbers),
        corrections=tuple(one for one in issue.corrections if wanted(one.alteration.reference)),
    )
