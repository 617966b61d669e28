"""sources.yaml and the environment, read into frozen values.

The only room that uses YAML and pydantic: `syntax` reads the text with its lines, `shape` says what may stand in it,
`references` what must agree across it, `loading` puts faults into sentences, `schema` describes it to editors. YAML and
pydantic take a fifth of a second to import: `kept` does without them where a file has not changed since it was checked.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from briefing.config.kept import kept
from briefing.config.places import Places, places

if TYPE_CHECKING:
    from briefing.config.loading import load
    from briefing.config.schema import json_schema

__all__ = ["Places", "json_schema", "kept", "load", "places"]

_LATE = {"load": "briefing.config.loading", "json_schema": "briefing.config.schema"}


def __getattr__(name: str) -> Any:
    """What is imported when it is first asked for (PEP 562)."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATE[name]), name)
