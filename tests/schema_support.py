"""As much of JSON Schema (draft 2020-12) as our own schemas are made of."""

from __future__ import annotations

import re
from typing import Any

_KINDS = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def faults(value: Any, schema: dict[str, Any], whole: dict[str, Any], path: str = "$") -> list[str]:
    """What of a value a schema does not allow, with the path to it; `whole` holds the definitions."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return min((faults(value, one, whole, path) for one in schema["anyOf"]), key=len)
    if ("const" in schema and value != schema["const"]) or value not in schema.get("enum", [value]):
        return [f"{path}: {value!r}"]
    if "type" in schema and type(value) is not _KINDS[schema["type"]]:
        return [f"{path} is no {schema['type']}: {value!r}"]
    if isinstance(value, list):
        return [fault for n, one in enumerate(value) for fault in faults(one, schema["items"], whole, f"{path}[{n}]")]
    if isinstance(value, dict):
        return _of_object(value, schema, whole, path)
    small = isinstance(value, int) and value < schema.get("minimum", value)
    return [f"{path}: {value!r}"] if small or not re.search(schema.get("pattern", ""), str(value)) else []


def _of_object(value: dict[str, Any], schema: dict[str, Any], whole: dict[str, Any], path: str) -> list[str]:
    known = schema["properties"]
    found = [f"{path} lacks {key}" for key in schema["required"] if key not in value]
    found += [f"{path} has {key}" for key in value if key not in known]
    return found + [
        fault for key in value if key in known for fault in faults(value[key], known[key], whole, f"{path}.{key}")
    ]
