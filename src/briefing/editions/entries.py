"""Entries of our feeds: what one says, and under which id, of an item, a day or week, a change, an issue."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from briefing.documents import FeedEntry
from briefing.editions.changes import change_words
from briefing.editions.differences import diff, passages, passed_on
from briefing.editions.periods import first_day, last_day
from briefing.editions.quotes import opening
from briefing.editions.words import (
    LANGUAGE,
    count_words,
    published_moment,
    published_words,
    removal_words,
    span_words,
    state_words,
)
from briefing.model import UNREAD_PDF
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefing.documents import Erratum, Telling
    from briefing.model import (
        Briefing,
        Change,
        Digest,
        Issued,
        Item,
        ItemId,
        Revision,
        Site,
        Source,
        SourceId,
        Story,
        Topic,
        TopicId,
    )

_NAMESPACE = UUID("eb2b7141-5fb2-465f-8471-7f261b915819")
_HEADED = {"revised": "Revised: ", "withdrawn": "Withdrawn: ", "restored": "Restored: ", "removed": "Removed: "}


def urn(name: str) -> str:
    """The id that belongs to a name for ever: a version 5 UUID (RFC 9562, section 5.5).

    Names of what only this site has begin with its address, for another site may have a digest of the same name.
    """
    return f"urn:uuid:{uuid5(_NAMESPACE, name)}"


def item_entry(
    item: Item,
    revision: Revision | None,
    *,
    site: Site,
    source: Source,
    topics: Mapping[TopicId, Topic],
    told: Sequence[Telling] = (),
) -> FeedEntry:
    """An item with as much of its text as its source lets us pass on, and who else `told` of the same event."""
    about = f"{site.url}/items/{item.id}"
    text = revision.text if revision and revision.text else item.lead
    summary = "" if source.redistribute == "title" else opening(item.title, text, item.language)
    body = _paragraph(summary, item.language)
    if item.noted.startswith(UNREAD_PDF):
        summary = summary or item.noted
        body += _paragraph(item.noted, LANGUAGE)
    if item.removal is not None:
        summary = removal_words(item.removal, site.timezone)
        body = _paragraph(summary, LANGUAGE)
    elif source.redistribute == "full" and revision and revision.html:
        body = revision.html
    return FeedEntry(
        id=urn(f"item/{item.id}"),
        title=("Withdrawn: " if item.state == "withdrawn" else "") + _title(item),
        url=item.url or about,
        about=about,
        html=body + _also(told) + _footer(item, source, topics, about),
        summary=summary,
        published=published_moment(item.published, source.timezone or site.timezone),
        updated=max([item.changed_at, *(one.at for one in told)]),
        authors=item.authors,
        origin=source.name,
        origin_url=source.url,
        categories=_categories(item, topics),
        language=item.language if item.removal is None else LANGUAGE,
    )


def bundle_entry(
    items: Sequence[Item],
    period: str,
    *,
    digest: Digest,
    site: Site,
    home: str,
    sources: Mapping[SourceId, Source],
    told: Mapping[ItemId, Sequence[Telling]],
) -> FeedEntry:
    """The items of a day (`2017-03-20`) or of a week (`2017-W12`), in the order given; see `item_entry` for `told`."""
    span = span_words(first_day(period), last_day(period))
    summary = count_words(len(items), "item")
    lines = "".join(_line(item, sources[item.source], site.timezone, told.get(item.id, ())) for item in items)
    moments = [item.changed_at for item in items]
    moments += [one.at for item in items for one in told.get(item.id, ())]
    return FeedEntry(
        id=urn(f"{site.url}/digest/{digest.id}/{period}"),
        title=f"{digest.title}, {span}",
        url=f"{home}#{period}",
        about=f"{home}#{period}",
        html=f'<p lang="{LANGUAGE}">{summary}</p><ul>{lines}</ul>',
        summary=summary,
        updated=max(moments),
        language=site.language,
    )


def change_entry(change: Change, *, site: Site, source: Source, topics: Mapping[TopicId, Topic]) -> FeedEntry:
    """A change after publication: what changed, and the passages where the source lets us pass text on."""
    item = change.item
    about = f"{site.url}/items/{item.id}"
    what = change_words(change)
    marked = _marked_passages(change, limit) if (limit := passed_on(source.redistribute)) else ""
    return FeedEntry(
        id=urn(f"item/{item.id}/{_change_name(change)}"),
        title=_HEADED[change.kind] + _title(item),
        url=about,
        about=about,
        html=_paragraph(what, LANGUAGE) + marked + _footer(item, source, topics, about),
        summary=what,
        published=change.at,
        updated=change.at,
        authors=item.authors,
        origin=source.name,
        origin_url=source.url,
        categories=_categories(item, topics),
        language=item.language if item.removal is None else LANGUAGE,
    )


def story_entry(
    story: Story, *, site: Site, sources: Mapping[SourceId, Source], topics: Mapping[TopicId, Topic]
) -> FeedEntry:
    """A story: who tells it, the first teller first; titled as that one titles it."""
    items = [member.item for member in story.told]
    first, address = items[0], f"{site.url}/stories/{story.id}"
    names = list(dict.fromkeys(one_line(sources[item.source].name) for item in items))
    summary = f"Told by {count_words(len(names), 'source')}: {', '.join(names)}."
    lines = "".join(_line(item, sources[item.source], site.timezone) for item in items)
    said = {pair for item in items for pair in _categories(item, topics)}
    return FeedEntry(
        id=urn(f"{site.url}/story/{story.id}"),
        title=_title(first),
        url=address,
        about=address,
        html=f"{_paragraph(summary, LANGUAGE)}<ul>{lines}</ul>"
        f'<p lang="{LANGUAGE}"><small><a href="{escape(address)}">side by side</a></small></p>',
        summary=summary,
        published=published_moment(first.published, sources[first.source].timezone or site.timezone),
        updated=max(story.joined_at, *(item.changed_at for item in items)),
        categories=tuple(sorted(said)),
        language=first.language if first.removal is None else LANGUAGE,
    )


def issue_entry(issued: Issued, address: str, *, briefing: Briefing, site: Site) -> FeedEntry:
    """One published version of an issue under its permanent address."""
    span = span_words(first_day(issued.period), last_day(issued.period))
    later = issued.version > 1
    title = f"{briefing.title}, {issued.period}" + (f" (version {issued.version})" if later else "")
    summary = f"{span}: {count_words(len(issued.items), 'item')}."
    if issued.supersedes:
        summary += f" It supersedes version {issued.supersedes}."
    return FeedEntry(
        id=urn(f"{site.url}/briefing/{issued.briefing}/{issued.period}/{issued.version}"),
        title=title,
        url=address,
        about=address,
        html=_paragraph(summary, LANGUAGE),
        summary=summary,
        published=issued.published_at,
        updated=issued.published_at,
        language=site.language,
    )


def erratum_entry(erratum: Erratum, address: str, *, briefing: Briefing, site: Site) -> FeedEntry:
    """An erratum to an issue, under the permanent address of the version that it corrects.

    It says nothing of the item that can change later, but for its takedown.
    """
    change = erratum.alteration
    item, source = change.reference.item, change.reference.source
    assert erratum.at is not None
    about = f"{site.url}/items/{item.id}"
    links = f'<a href="{escape(address)}">the issue</a> · <a href="{escape(about)}">what is known of it</a>'
    place = f"No. {erratum.number} of {erratum.period}, version {erratum.version}"
    cited = f"{place}: {_title(item)}" if item.removal is None else place
    return FeedEntry(
        id=urn(f"{site.url}/briefing/{erratum.briefing}/{erratum.period}/erratum/{erratum.position}"),
        title=f"Correction to {briefing.title}, {erratum.period}: no. {erratum.number}",
        url=address,
        about=about,
        html=f'<p lang="{escape(item.language)}">{escape(clean(cited))} ({escape(one_line(source.name))})</p>'
        f"{_paragraph(change.what, LANGUAGE)}{_marked(change.before, change.after, item.language)}"
        f'<p lang="{LANGUAGE}"><small>{links}</small></p>',
        summary=change.what,
        published=erratum.at,
        updated=erratum.at,
        language=site.language,
    )


def _change_name(change: Change) -> str:
    if change.kind == "revised" and change.after:
        return f"revision/{change.after.number}"
    return f"{change.kind}/{change.position}"


def _marked_passages(change: Change, limit: int) -> str:
    """The passages that differ as one text in which the publisher's edit is marked."""
    if change.before is None or change.after is None:
        return ""
    language = change.item.language
    return _marked(*passages(change.before, change.after, language, limit), language)


def _marked(old: str, new: str, language: str) -> str:
    tags = {"equal": ("", ""), "removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}
    parts = [(tags[part.kind], escape(clean(part.text))) for part in diff(old, new, language)]
    marked = "".join(f"{opened}{text}{closed}" for (opened, closed), text in parts)
    return f'<p lang="{escape(language)}">{marked}</p>' if marked else ""


def _categories(item: Item, topics: Mapping[TopicId, Topic]) -> tuple[tuple[str, str], ...]:
    labels = sorted(item.labels, key=lambda label: (label.level == "suggested", -label.score, label.topic))
    return tuple(
        (label.topic, topics[label.topic].name + (" (suggested)" if label.level == "suggested" else ""))
        for label in labels
        if label.topic in topics
    )


def _footer(item: Item, source: Source, topics: Mapping[TopicId, Topic], about: str) -> str:
    """Where an item is from, when it was published, what it is about, what became of it; in small print."""
    mentioned = {label.topic for label in item.labels if label.level == "mentioned"}
    labels = (name + (" (mentioned)" if topic in mentioned else "") for topic, name in _categories(item, topics))
    facts = (source.name, published_words(item.published, source.timezone), ", ".join(labels), state_words(item))
    line = " · ".join(escape(one_line(fact)) for fact in facts if fact)
    link = f'<a href="{escape(about)}">what is known of it</a>'
    return f'<p lang="{LANGUAGE}"><small>{line} · {link}</small></p>'


def _also(told: Sequence[Telling]) -> str:
    """Who else tells of the same event, each with a link to what it says."""
    return f'<p lang="{LANGUAGE}">Also: {_tellers(told)}</p>' if told else ""


def _tellers(told: Sequence[Telling]) -> str:
    return ", ".join(_teller(one) for one in told)


def _teller(one: Telling) -> str:
    name, language = escape(one_line(one.source.name)), escape(one.item.language)
    return f'<a href="{escape(one.item.url)}" hreflang="{language}">{name}</a>' if one.item.url else name


def _line(item: Item, source: Source, zone: str, told: Sequence[Telling] = ()) -> str:
    """An item in a list."""
    language = escape(item.language)
    title = f'<a href="{escape(item.url)}" lang="{language}" hreflang="{language}">{escape(_title(item))}</a>'
    beside = f"{escape(one_line(source.name))}" + (", withdrawn" if item.state == "withdrawn" else "")
    if item.removal is not None:
        said = escape(removal_words(item.removal, zone))
        return f'<li><span lang="{LANGUAGE}">{said}</span> ({beside})</li>'
    also = f"; also: {_tellers(told)}" if told else ""
    return f"<li>{title} ({beside}{also})</li>"


def _title(item: Item) -> str:
    return one_line(item.title) or item.url


def _paragraph(text: str, language: str) -> str:
    return f'<p lang="{escape(language)}">{escape(clean(text))}</p>' if text else ""
