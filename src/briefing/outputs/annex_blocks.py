"""What stands behind the issue proper, as blocks: every item of the period, what the limits kept out, corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import issue_words as words
from briefing.outputs import item_blocks as items
from briefing.outputs.blocks import Bullets, Heading, Paragraph, Run
from briefing.outputs.item_blocks import paragraph
from briefing.outputs.wording import count_words, published_words

if TYPE_CHECKING:
    from briefing.documents import Erratum, Inventory, Issue
    from briefing.model import Item, ItemId, Source
    from briefing.outputs.blocks import Block


def annex(issue: Issue) -> list[Block]:
    """Every item of the period by source, those without a date, and what was left out where."""
    numbers = {reference.item.id: reference.number for reference in issue.references}
    blocks: list[Block] = []
    if issue.left_out:
        rows = (f"{one.where}: {count_words(one.count, 'item')} left out, {one.limit}" for one in issue.left_out)
        blocks.append(Bullets(tuple((paragraph(row),) for row in rows)))
    for change in issue.changed_left:
        blocks += items.changed(issue, change)
    for at, inventory in enumerate(issue.annex, 1):
        blocks += _inventory(issue, inventory, f"annex-{at}", numbers)
    if issue.undated:
        blocks.append(Heading(2, (Run("Without a date"),), "undated", listed=True))
        blocks.append(Bullets(tuple((_line(issue, one.item, one.source, numbers),) for one in issue.undated)))
    return blocks


def _inventory(issue: Issue, inventory: Inventory, place: str, numbers: dict[ItemId, int]) -> list[Block]:
    source = inventory.source
    lines = tuple((_line(issue, item, source, numbers, named=True),) for item in inventory.items)
    return [Heading(2, items.institution(source), place, listed=True), Bullets(lines)]


def _line(issue: Issue, item: Item, source: Source, numbers: dict[ItemId, int], *, named: bool = False) -> Paragraph:
    """An item in a line; the name of its source only where it is not `named` above."""
    when = published_words(item.published, source.timezone)
    by = (Run(f"{when}: "),) if named else (*items.institution(source), Run(f", {when}: "))
    number = (Run(" "), items.number(numbers[item.id])) if item.id in numbers else ()
    return Paragraph((*by, items.named_item(issue, item), *number), "see")


def corrected(issue: Issue, erratum: Erratum) -> list[Block]:
    """An erratum to an earlier issue, with the passages that differ."""
    change = erratum.alteration
    item = change.reference.item
    language = items.tongue(words.language(item))
    where = f"Issue {erratum.period}, version {erratum.version}, item {erratum.number}. "
    told = f"{where}{words.alteration(issue, change)}. "
    return [
        Paragraph((Run(told), *items.institution(change.reference.source)), "byline"),
        Heading(2, (items.address(words.title(change.reference), item.url, language),), language=language),
        *([paragraph(change.what)] if change.what else []),
        *items.passages(change),
    ]
