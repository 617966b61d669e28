"""Configuration as plain JSON, the form in which events carry it, and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import timedelta
from ipaddress import ip_network
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from briefing.model import (
    Archive,
    ArticleRules,
    Briefing,
    Channel,
    Digest,
    FetchPolicy,
    House,
    Limits,
    ListRules,
    Named,
    Post,
    Roster,
    Settings,
    Site,
    Source,
    StoryRules,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def source_spec(source: Source) -> dict[str, Any]:
    """A source as plain JSON; what is not set is left out, so that a new key changes no old source."""
    spec: dict[str, Any] = {}
    for (name, default), value in zip(_SOURCE.items(), _VALUES(source), strict=True):
        # Most are the very default, and to compare it with itself is dearer than to see that.
        if (value is not default and value != default) or name in _ALWAYS:
            spec[name] = value
    if source.every is not None:
        spec["every"] = int(source.every.total_seconds())
    if "recheck" in spec:
        spec["recheck"] = [int(after.total_seconds()) for after in source.recheck]
    for name in ("listing", "article", "archive"):
        if name in spec:
            spec[name] = asdict(spec[name])
    return _plain(spec)


def said_spec(source: Source) -> dict[str, Any]:
    """What the log says of a source: events are published, so header values and places on this machine stay out."""
    return {key: value for key, value in source_spec(source).items() if key not in _UNSAID}


def source_of(spec: Mapping[str, Any]) -> Source:
    """The inverse of `source_spec`."""
    data = {key: _tuples(value) for key, value in spec.items()}
    if "every" in data:
        data["every"] = timedelta(seconds=data["every"])
    if "recheck" in data:
        data["recheck"] = tuple(timedelta(seconds=after) for after in data["recheck"])
    if "listing" in data:
        data["listing"] = ListRules(**spec["listing"])
    if "archive" in data:
        data["archive"] = _archive(spec["archive"])
    if "article" in data:
        data["article"] = ArticleRules(**{key: _tuples(value) for key, value in spec["article"].items()})
    return Source(**data)


def _archive(spec: Mapping[str, Any]) -> Archive:
    listing = ListRules(**spec["listing"]) if "listing" in spec else None
    return Archive(**{**spec, "listing": listing})


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
        semantic=spec.get("semantic"),
    )


def named_spec(named: Named) -> dict[str, Any]:
    """An institution that texts may name as plain JSON."""
    return _plain(asdict(named))


def named_of(spec: Mapping[str, Any]) -> Named:
    """The inverse of `named_spec`."""
    aliases = {language: tuple(listed) for language, listed in spec["aliases"].items()}
    return Named(id=spec["id"], name=spec["name"], aliases=aliases)


def digest_spec(digest: Digest) -> dict[str, Any]:
    """A digest as plain JSON; what is the usual of its later keys is left out, so that they change no old digest."""
    spec = _plain(asdict(digest))
    usual = {"mentions": [], "stories": "fold"}
    return {key: value for key, value in spec.items() if key not in usual or value != usual[key]}


def stories_spec(rules: StoryRules) -> dict[str, Any]:
    """What differs from the usual rules for stories, as plain JSON."""
    usual = asdict(StoryRules())
    spec = {name: value for name, value in asdict(rules).items() if value != usual[name]}
    return spec | ({"window": int(rules.window.total_seconds())} if "window" in spec else {})


def stories_of(spec: Mapping[str, Any]) -> StoryRules:
    """The inverse of `stories_spec`."""
    return StoryRules(**{**spec, **({"window": timedelta(seconds=spec["window"])} if "window" in spec else {})})


def digest_of(spec: Mapping[str, Any]) -> Digest:
    """The inverse of `digest_spec`."""
    return Digest(**{key: _tuples(value) for key, value in spec.items()})


def briefing_spec(briefing: Briefing) -> dict[str, Any]:
    """A briefing as plain JSON; what is the usual of its later keys is left out, so that they change no old one."""
    spec, usual = _plain(asdict(briefing)), asdict(Limits())
    limits = {name: value for name, value in spec.pop("limits").items() if value != usual[name]}
    if spec["monthday"] == 1:
        del spec["monthday"]
    return spec | ({"limits": limits} if limits else {})


def briefing_of(spec: Mapping[str, Any]) -> Briefing:
    """The inverse of `briefing_spec`."""
    limits = {"limits": Limits(**spec["limits"])} if "limits" in spec else {}
    return Briefing(**{**{key: _tuples(value) for key, value in spec.items()}, **limits})


def site_spec(site: Site) -> dict[str, Any]:
    """A site as plain JSON."""
    spec = _plain(asdict(site))
    return spec if site.licence else {key: value for key, value in spec.items() if key != "licence"}


def house_spec(house: House) -> dict[str, str]:
    """What differs from the usual style of documents, as plain JSON."""
    usual = asdict(House())
    return {name: value for name, value in asdict(house).items() if value != usual[name]}


def house_of(spec: Mapping[str, str]) -> House:
    """The inverse of `house_spec`."""
    return House(**spec)


def settings_spec(settings: Settings) -> dict[str, Any]:
    """A whole configuration as plain JSON."""
    policy = settings.fetch
    return {
        "site": site_spec(settings.site),
        "fetch": {
            "every": policy.every.total_seconds(),
            "timeout": policy.timeout.total_seconds(),
            "max_bytes": policy.max_bytes,
            "per_host": policy.per_host,
            "spacing": policy.spacing.total_seconds(),
            "allow_networks": [str(network) for network in policy.allow_networks],
        },
        "sources": [source_spec(source) for source in settings.sources],
        "resting": [source_spec(source) for source in settings.resting],
        "topics": [topic_spec(topic) for topic in settings.topics],
        "digests": [digest_spec(digest) for digest in settings.digests],
        "briefings": [briefing_spec(briefing) for briefing in settings.briefings],
        "witness": settings.witness,
        "stories": stories_spec(settings.stories),
        "institutions": [named_spec(one) for one in settings.institutions],
        "deliver": [_channel_spec(one) for one in settings.deliver],
        "rosters": [_plain(asdict(one)) for one in settings.rosters],
        "subscription": settings.subscription,
        "house": house_spec(settings.house),
        "templates": dict(settings.templates),
        "beside": list(settings.beside),
        "mail": asdict(settings.mail),
    }


def settings_of(spec: Mapping[str, Any]) -> Settings:
    """The inverse of `settings_spec`."""
    policy = spec["fetch"]
    return Settings(
        site=Site(**spec["site"]),
        fetch=FetchPolicy(
            every=timedelta(seconds=policy["every"]),
            timeout=timedelta(seconds=policy["timeout"]),
            max_bytes=policy["max_bytes"],
            per_host=policy["per_host"],
            spacing=timedelta(seconds=policy["spacing"]),
            allow_networks=tuple(ip_network(network) for network in policy["allow_networks"]),
        ),
        sources=tuple(source_of(source) for source in spec["sources"]),
        resting=tuple(source_of(source) for source in spec["resting"]),
        topics=tuple(topic_of(topic) for topic in spec["topics"]),
        digests=tuple(digest_of(digest) for digest in spec["digests"]),
        briefings=tuple(briefing_of(briefing) for briefing in spec["briefings"]),
        witness=spec["witness"],
        stories=stories_of(spec["stories"]),
        institutions=tuple(named_of(one) for one in spec.get("institutions", ())),
        deliver=tuple(_channel_of(one) for one in spec.get("deliver", ())),
        rosters=tuple(Roster(**{key: _tuples(value) for key, value in one.items()}) for one in spec["rosters"]),
        subscription=spec["subscription"],
        house=house_of(spec["house"]),
        templates=spec["templates"],
        beside=tuple(spec["beside"]),
        mail=Post(**spec.get("mail", {})),
    )


def _channel_spec(channel: Channel) -> dict[str, Any]:
    return _plain(asdict(channel)) | {"give_up": channel.give_up.total_seconds()}


def _channel_of(spec: Mapping[str, Any]) -> Channel:
    held = {key: _tuples(value) for key, value in spec.items()}
    return Channel(**held | {"give_up": timedelta(seconds=spec["give_up"])})


# The fields of a source with their defaults.
_SOURCE: dict[str, Any] = {field.name: {} if field.name == "headers" else field.default for field in fields(Source)}
_VALUES = attrgetter(*_SOURCE)
_UNSAID = frozenset({"headers", "ca_file"})
_ALWAYS = frozenset({"id", "name", "institution", "country", "url", "kind"})


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain(spec: dict[str, Any]) -> dict[str, Any]:
    return {key: _listed(value) for key, value in spec.items() if value is not None}


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _plain(value)
    if isinstance(value, tuple | list):
        return [_listed(part) for part in value]
    return value
