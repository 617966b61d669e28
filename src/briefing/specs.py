"""Configuration as plain JSON, the form in which events carry it, and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from briefing.model import ArticleRules, Briefing, Digest, ListRules, Source, Topic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.model import Site


def source_spec(source: Source) -> dict[str, Any]:
    """A source as plain JSON; what is not set is left out, so that a new key changes no old source."""
    spec: dict[str, Any] = {}
    for name, default in _SOURCE.items():
        value = getattr(source, name)
        if name in _ALWAYS or value != default:
            spec[name] = value
    if source.every is not None:
        spec["every"] = int(source.every.total_seconds())
    for name in ("listing", "article"):
        if name in spec:
            spec[name] = asdict(spec[name])
    return _plain(spec)


def source_of(spec: Mapping[str, Any]) -> Source:
    """The inverse of `source_spec`."""
    data = {key: _tuples(value) for key, value in spec.items()}
    if "every" in data:
        data["every"] = timedelta(seconds=data["every"])
    if "listing" in data:
        data["listing"] = ListRules(**spec["listing"])
    if "article" in data:
        data["article"] = ArticleRules(**{key: _tuples(value) for key, value in spec["article"].items()})
    return Source(**data)


def topic_spec(topic: Topic) -> dict[str, Any]:
    """A topic as plain JSON."""
    return _plain(asdict(topic))


def topic_of(spec: Mapping[str, Any]) -> Topic:
    """The inverse of `topic_spec`."""
    return Topic(
        id=spec["id"],
        name=spec["name"],
        description=spec["description"],
        phrases={language: tuple(phrases) for language, phrases in spec["phrases"].items()},
        exclude={language: tuple(phrases) for language, phrases in spec["exclude"].items()},
    )


def digest_spec(digest: Digest) -> dict[str, Any]:
    """A digest as plain JSON."""
    return _plain(asdict(digest))


def digest_of(spec: Mapping[str, Any]) -> Digest:
    """The inverse of `digest_spec`."""
    return Digest(**{key: _tuples(value) for key, value in spec.items()})


def briefing_spec(briefing: Briefing) -> dict[str, Any]:
    """A briefing as plain JSON."""
    return _plain(asdict(briefing))


def briefing_of(spec: Mapping[str, Any]) -> Briefing:
    """The inverse of `briefing_spec`."""
    return Briefing(**{key: _tuples(value) for key, value in spec.items()})


def site_spec(site: Site) -> dict[str, Any]:
    """A site as plain JSON."""
    return _plain(asdict(site))


# The fields of a source with their defaults.
_SOURCE = {field.name: field.default for field in fields(Source)}
_ALWAYS = frozenset({"id", "name", "institution", "country", "url", "kind"})


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain(spec: dict[str, Any]) -> dict[str, Any]:
    return {key: _listed(value) for key, value in spec.items() if value is not None}


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return _plain(value)
    if isinstance(value, tuple | list):
        return [_listed(part) for part in value]
    return value
