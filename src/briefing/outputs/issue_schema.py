"""The JSON Schema (draft 2020-12) of an issue as `issue_json` writes it, for programs that read one."""

from __future__ import annotations

from typing import Any

from briefing.outputs.issue_json import FORMAT, HASH

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "integer", "minimum": 1, "description": "A place in the list of sources."}
_DAY: Schema = {"type": "string", "format": "date"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_SHA: Schema = {"type": "string", "pattern": "^([0-9a-f]{64})?$"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(description: str, optional: Schema | None = None, /, **properties: Schema) -> Schema:
    """An object of these keys and no others; those that are `optional` may be left out."""
    return {
        "type": "object",
        "description": description,
        "properties": properties | (optional or {}),
        "required": list(properties),
        "additionalProperties": False,
    }


_DEFS: Schema = {
    "source": _object(
        "An institution's feed or page.",
        {"text_status": {"enum": ["original", "official-translation", "provisional", "machine"]}},
        id=_TEXT,
        name=_TEXT,
        institution={"enum": ["ministry", "think-tank", "igo", "media"]},
        country=_TEXT,
        url=_TEXT,
        language=_or_null(_TEXT),
        timezone=_or_null(_TEXT),
        licence=_or_null(_TEXT),
    ),
    "item": _object(
        "An item in the version held; `day` is the day it belongs to, `sha256` the hash of its title and text.",
        {"removed": _object("It was taken down.", at=_MOMENT, position=_COUNT, reason=_TEXT,
                            legal_basis=_or_null(_TEXT))},
        id=_TEXT,
        url=_TEXT,
        title=_TEXT,
        authors=_list(_TEXT),
        published=_or_null(_TEXT),
        precision=_or_null({"enum": ["year", "month", "day", "minute"]}),
        published_as=_TEXT,
        published_from={"enum": ["feed", "listing", "page", "address", "none"]},
        seen=_MOMENT,
        day=_DAY,
        language=_TEXT,
        state={"enum": ["current", "revised", "withdrawn", "removed"]},
        revisions=_COUNT,
        changed=_MOMENT,
        position=_COUNT,
        sha256=_SHA,
        topics=_list(_object("A topic given to it.", id=_TEXT, score=_COUNT, level=_TEXT)),
        noted=_TEXT,
    ),
    "reference": _object(
        "An item with its number; `quote` holds its publisher's own sentences, `told` who else tells of the event, "
        "`twin` the same text by the same publisher in the language of the issue.",
        {
            "told": _list(_object("Another telling.", item=_TEXT, source=_TEXT, url=_TEXT)),
            "twin": _object("The publisher's own version.", item=_TEXT, title=_TEXT, language=_TEXT, url=_TEXT),
        },
        number=_NUMBER,
        quote=_TEXT,
        also=_list(_TEXT),
        item=_ref("item"),
        source=_ref("source"),
    ),
    "quoted": _object("An item that is printed.", number=_NUMBER, item=_TEXT, quote=_TEXT),
    "section": _object(
        "A heading: items printed in full, numbers of others, and how many more stand in the annex. With `beside` its "
        "items are readouts of one event.",
        {"beside": _FLAG},
        id=_TEXT,
        title=_TEXT,
        items=_list(_object("An item.", number=_NUMBER, item=_TEXT, quote=_TEXT, also=_list(_TEXT))),
        see=_list(_NUMBER),
        left=_COUNT,
    ),
    "alteration": _object(
        "A change after publication.",
        number=_NUMBER,
        item=_TEXT,
        title=_TEXT,
        source=_TEXT,
        kind={"enum": ["revised", "withdrawn", "restored", "removed"]},
        at=_MOMENT,
        what=_TEXT,
        before=_TEXT,
        after=_TEXT,
    ),
    "announced": _object(
        "What lies ahead, as exact as it was said.",
        id=_TEXT,
        start=_DAY,
        end=_DAY,
        precision=_TEXT,
        when=_TEXT,
        kind=_or_null(_TEXT),
        deadline=_FLAG,
        state={"enum": ["announced", "cancelled", "withdrawn"]},
        sequence=_COUNT,
        before=_or_null(_TEXT),
        title=_TEXT,
        place=_or_null(_TEXT),
        who=_list(_TEXT),
        topics=_list(_TEXT),
        statements=_list(_object("Who says so.", number=_or_null(_NUMBER), item=_TEXT, sentence=_TEXT)),
    ),
    "unread": _object(
        "A source that could not be read.",
        source=_ref("source"),
        state=_TEXT,
        since=_or_null(_MOMENT),
        failure=_TEXT,
        status=_or_null(_COUNT),
        detail=_TEXT,
        last_success=_or_null(_MOMENT),
    ),
    "gap": _object(
        "A stretch in which a source may have published what was not seen.",
        source=_ref("source"),
        since=_MOMENT,
        until=_MOMENT,
        state={"enum": ["open", "closed"]},
        how=_TEXT,
        reason=_TEXT,
        items=_COUNT,
        position=_COUNT,
    ),
    "figure": _object(
        "A chart as figures.",
        id=_TEXT,
        title=_TEXT,
        kind={"enum": ["multiples", "bars"]},
        unit=_TEXT,
        ticks=_list(_TEXT),
        series=_list(_object("A row.", name=_TEXT, group=_or_null(_TEXT), values=_list(_COUNT))),
        summary=_TEXT,
    ),
}  # fmt: skip


def _erratum() -> Schema:
    issue = _object("The issue that is corrected.", briefing=_TEXT, period=_TEXT, version=_NUMBER)
    return _object("An erratum.", issue=issue, **_DEFS["alteration"]["properties"])


def issue_schema() -> Schema:
    """The schema of an issue."""
    period = _object("Closed at its start, open at its end.", id=_TEXT, kind={"enum": ["day", "week", "month"]},
                     first=_DAY, last=_DAY, start=_MOMENT, end=_MOMENT)  # fmt: skip
    annex = _object(
        "All items of a source in the period: ids of those with a number, the others whole.",
        source=_ref("source"),
        items=_list(_TEXT),
        unnumbered=_list(_ref("item")),
    )
    topic = _object("A topic of the briefing.", id=_TEXT, name=_TEXT, description=_TEXT)
    whole = _object(
        "An issue of a briefing.",
        {"gaps": _list(_ref("gap"))},
        format={"const": FORMAT},
        briefing=_TEXT,
        title=_TEXT,
        site=_object("Who publishes it.", title=_TEXT, url=_TEXT, contact=_TEXT),
        url=_TEXT,
        latest_url=_TEXT,
        language=_TEXT,
        timezone=_TEXT,
        draft=_FLAG,
        period=period,
        version=_NUMBER,
        supersedes=_or_null(_NUMBER),
        position=_COUNT,
        as_of=_MOMENT,
        log=_object("The log it was made from.", size=_COUNT, root=_TEXT, checkpoint=_TEXT),
        sources=_object("How many were read.", ok=_COUNT, total=_COUNT),
        languages=_list(_TEXT),
        licence=_or_null(_TEXT),
        words=_or_null(_COUNT),
        citation=_TEXT,
        highlights=_list(_ref("quoted")),
        coverage=_list(_ref("unread")),
        statements=_list(_ref("section")),
        topics=_list(_ref("section")),
        analysis=_list(_ref("section")),
        ahead=_list(_ref("announced")),
        ahead_more=_list(_ref("announced")),
        changed=_list(_ref("alteration")),
        changed_left=_list(_ref("alteration")),
        late=_list(_ref("quoted")),
        undated=_list(_TEXT),
        left_out=_list(_object("What a limit kept out.", where=_TEXT, count=_COUNT, limit=_TEXT)),
        references=_list(_ref("reference")),
        annex=_list(annex),
        revised=_list(_object("What this version has new.", what=_TEXT, number=_or_null(_NUMBER))),
        corrections=_list(_erratum()),
        figures=_list(_ref("figure")),
        topic_list=_list(topic),
    )
    whole["properties"][HASH] = _SHA
    whole["required"].append(HASH)
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Issue of a briefing"}
    return dialect | whole | {"$defs": _DEFS}
