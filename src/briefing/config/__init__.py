"""sources.yaml and the environment, read into frozen values.

The only room that uses YAML and pydantic: `syntax` reads the text with its lines, `shape` says what may stand in it,
`references` what must agree across it, `loading` puts faults into sentences, `schema` describes it to editors.
"""

from __future__ import annotations

from briefing.config.loading import load
from briefing.config.places import Places, places
from briefing.config.schema import json_schema

__all__ = ["Places", "json_schema", "load", "places"]
