"""An issue for programs: everything it holds, as JSON. Dates are ISO 8601, numbers those of the other formats.

`format` names the shape, which `issue_schema` describes; it is raised when a key changes its meaning or goes. `sha256`
is the hash of the issue: of
the canonical form (RFC 8785) of all the rest.
"""

from __future__ import annotations

import hashlib
import json
import weakref
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from briefing.events import canonical
from briefing.outputs import ahead_words
from briefing.outputs import issue_words as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.documents import (
        Alteration,
        Announced,
        Coverage,
        Erratum,
        Figure,
        Issue,
        Lapse,
        Reference,
        Section,
        Telling,
    )
    from briefing.model import Item, Removal, Source

FORMAT = "briefing-issue/2"
HASH = "sha256"

# Every format asks for the hash of the same issue, one behind the other: the last one is remembered while it lives.
_LAST: list[tuple[weakref.ref[Issue], str]] = []


def render(issue: Issue) -> bytes:
    """The issue as JSON in UTF-8."""
    whole = document(issue) | {HASH: digest(issue)}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def digest(issue: Issue) -> str:
    """The hash of the issue, which every format prints: SHA-256 in hexadecimal."""
    for known, found in tuple(_LAST):
        if known() is issue:
            return found
    found = hashlib.sha256(canonical(document(issue))).hexdigest()
    _LAST[:] = [(weakref.ref(issue), found)]
    return found


def document(issue: Issue) -> dict[str, Any]:
    """The issue as plain JSON values, without its hash."""
    return _front(issue) | {
        "highlights": [_quoted(reference) for reference in issue.highlights],
        "coverage": [_gap(missing) for missing in issue.coverage],
        **({"gaps": [_lapse(lapse) for lapse in issue.lapses]} if issue.lapses else {}),
        "statements": [_section(section) for section in issue.statements],
        "topics": [_section(section) for section in issue.topics],
        "analysis": [_section(section) for section in issue.analysis],
        "ahead": [_announced(entry) for entry in issue.ahead],
        "ahead_more": [_announced(entry) for entry in issue.ahead_more],
        "changed": [_alteration(change) for change in issue.changed],
        "changed_left": [_alteration(change) for change in issue.changed_left],
        "late": [_quoted(reference) for reference in issue.late],
        "undated": [named.item.id for named in issue.undated],
        "left_out": [asdict(one) for one in issue.left_out],
        "references": [_reference(reference) for reference in issue.references],
        "annex": _annex(issue),
        "revised": [{"what": one.what, "number": one.number or None} for one in issue.revised],
        "corrections": [_erratum(one) for one in issue.corrections],
        "figures": [_figure(one) for one in issue.figures],
        "topic_list": [{"id": t.id, "name": t.name, "description": t.description} for t in issue.topic_list],
    }


def _front(issue: Issue) -> dict[str, Any]:
    return {
        "draft": issue.draft,
        "format": FORMAT,
        "briefing": issue.briefing,
        "title": issue.title,
        "site": {"title": issue.site_title, "url": issue.site_url, "contact": issue.contact},
        "url": words.address(issue),
        "latest_url": words.latest(issue),
        "language": issue.language,
        "timezone": issue.timezone,
        "period": _period(issue),
        "version": issue.version,
        "supersedes": issue.supersedes or None,
        "position": issue.position,
        "as_of": issue.as_of.isoformat(),
        "log": {"size": issue.position, "root": issue.root, "checkpoint": words.checkpoint(issue)},
        "sources": {"ok": issue.sources_ok, "total": issue.sources_total},
        "languages": list(issue.languages),
        "licence": issue.licence or None,
        "words": issue.words or None,
        "citation": words.citation(issue),
    }


def _period(issue: Issue) -> dict[str, Any]:
    zone = ZoneInfo(issue.timezone)
    start, behind = (datetime.combine(day, time.min, zone) for day in (issue.first, issue.last + timedelta(days=1)))
    return {
        "id": issue.period,
        "kind": issue.kind,
        "first": issue.first.isoformat(),
        "last": issue.last.isoformat(),
        "start": start.isoformat(),
        "end": behind.isoformat(),
    }


def _quoted(reference: Reference) -> dict[str, Any]:
    return {"number": reference.number, "item": reference.item.id, "quote": reference.quote}


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "items": [_quoted(reference) | {"also": list(reference.also)} for reference in section.references],
        "see": [reference.number for reference in section.see],
        "left": section.left,
    } | ({"beside": True} if section.beside else {})


def _announced(entry: Announced) -> dict[str, Any]:
    meeting = entry.meeting
    return {
        "id": meeting.id,
        "start": meeting.first.isoformat(),
        "end": meeting.last.isoformat(),
        "precision": meeting.precision,
        "when": ahead_words.when(meeting),
        "kind": meeting.kind or None,
        "deadline": meeting.deadline,
        "state": meeting.state,
        "sequence": meeting.sequence,
        "before": meeting.before or None,
        "title": entry.title,
        "place": entry.place or None,
        "who": list(entry.who),
        "topics": [topic for topic, _ in entry.topics],
        "statements": [
            {"number": voice.number or None, "item": voice.statement.item.id, "sentence": voice.sentence}
            for voice in entry.voices
        ],
    }


def _alteration(change: Alteration) -> dict[str, Any]:
    return {
        "number": change.reference.number,
        "item": change.reference.item.id,
        "title": change.reference.item.title,
        "source": change.reference.source.id,
        "kind": change.kind,
        "at": change.at.isoformat(),
        "what": change.what,
        "before": change.before,
        "after": change.after,
    }


def _gap(missing: Coverage) -> dict[str, Any]:
    health = missing.health
    return {
        "source": _source(missing.source),
        "state": health.state,
        "since": _moment(health.since),
        "failure": health.failure,
        "status": health.status,
        "detail": health.detail,
        "last_success": _moment(health.last_success),
    }


def _lapse(lapse: Lapse) -> dict[str, Any]:
    gap = lapse.gap
    return {
        "source": _source(lapse.source),
        "since": gap.since.isoformat(),
        "until": gap.until.isoformat(),
        "state": gap.state,
        "how": gap.how,
        "reason": gap.reason,
        "items": gap.items,
        "position": gap.position,
    }


def _told(told: Sequence[Telling]) -> dict[str, Any]:
    """Who else tells of the same event, where anybody does."""
    said = [{"item": one.item.id, "source": one.source.id, "url": one.item.url} for one in told]
    return {"told": said} if said else {}


def _reference(reference: Reference) -> dict[str, Any]:
    twin = reference.twin if reference.twin is not None and reference.twin.removal is None else None
    return (
        _told(reference.told)
        | {
            "number": reference.number,
            "quote": reference.quote,
            "also": list(reference.also),
            "item": _item(reference.item),
            "source": _source(reference.source),
        }
        | ({"twin": {"item": twin.id, "title": twin.title, "language": twin.language, "url": twin.url}} if twin else {})
    )


def _annex(issue: Issue) -> list[dict[str, Any]]:
    """All items by source: those with a number by their ids, the others whole."""
    known = {reference.item.id for reference in issue.references}
    return [
        {
            "source": _source(part.source),
            "items": [item.id for item in part.items if item.id in known],
            "unnumbered": [_item(item) for item in part.items if item.id not in known],
        }
        for part in issue.annex
    ]


def _erratum(one: Erratum) -> dict[str, Any]:
    place = {"briefing": one.briefing, "period": one.period, "version": one.version}
    return {"issue": place} | _alteration(one.alteration) | {"number": one.number}


def _figure(one: Figure) -> dict[str, Any]:
    series = [{"name": row.name, "group": row.group or None, "values": list(row.values)} for row in one.series]
    return {
        "id": one.id, "title": one.title, "kind": one.kind, "unit": one.unit, "ticks": list(one.ticks),
        "series": series, "summary": one.summary,
    }  # fmt: skip


def _item(item: Item) -> dict[str, Any]:
    # The opening of the text stays out: how much of it may be passed on was decided with the quotation.
    removed = {"removed": _removal(item.removal)} if item.removal is not None else {}
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "authors": list(item.authors),
        "published": item.published.value,
        "precision": item.published.precision,
        "published_as": item.published.raw,
        "published_from": item.published.origin,
        "seen": item.seen_at.isoformat(),
        "day": item.day,
        "language": item.language,
        "state": item.state,
        "revisions": item.revisions,
        "changed": item.changed_at.isoformat(),
        "position": item.position,
        "sha256": item.fingerprint,
        "topics": [{"id": label.topic, "score": label.score, "level": label.level} for label in item.labels],
        "noted": item.noted,
    } | removed


def _removal(removal: Removal) -> dict[str, Any]:
    return {
        "at": removal.at.isoformat(),
        "position": removal.position,
        "reason": removal.reason,
        "legal_basis": removal.legal_basis or None,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "institution": source.institution,
        "country": source.country,
        "url": source.url,
        "language": source.language,
        "timezone": source.timezone,
        "licence": source.licence,
    } | ({"text_status": source.text_status} if source.text_status else {})


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
