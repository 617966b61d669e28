"""The JSON Schema of sources.yaml, for editors that complete and check while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from briefing.config.loading import FORMATS, KINDS
from briefing.config.shape import FileShape

if TYPE_CHECKING:
    from collections.abc import Sequence


def json_schema(*, kinds: Sequence[str] = KINDS, formats: Sequence[str] = FORMATS) -> dict[str, object]:
    """The schema (JSON Schema, draft 2020-12), with a sentence for every key.

    It holds what can be told key by key: that ids differ and exist, and that patterns and selectors are well formed,
    only `load` finds out.
    """
    schema: dict[str, Any] = FileShape.model_json_schema()
    parts = schema["$defs"]
    parts["SourceShape"]["properties"]["kind"]["enum"] = list(kinds)
    parts["BriefingShape"]["properties"]["formats"]["items"]["enum"] = list(formats)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
