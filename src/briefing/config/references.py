"""What must agree across the file: ids that differ, ids that exist, kinds and formats that are installed.

Works on the plain values, so that faults of shape elsewhere hide none of these; what has the wrong shape is passed
over here, for `shape` has already complained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from briefing.config import logos, overrides
from briefing.config.syntax import Problem
from briefing.config.values import APPEARS_AS, publication
from briefing.config.words import COUNTRIES, hint, nearest, none_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path as FilePath

    from briefing.config.syntax import Node, Path

_SECTIONS = ("sources", "topics", "institutions", "digests", "briefings", "deliver")
_REFERENCES = (("digests", "topics"), ("digests", "sources"), ("briefings", "topics"), ("deliver", "digests"))
# What a channel of each kind needs (one of each), and what else it may have beside its id, kind and time of giving up.
_MESSAGES = frozenset({"events", "digests", "allow_private", "give_up"})
_CHANNELS: dict[str, tuple[tuple[tuple[str, ...], ...], frozenset[str]]] = {
    "webhook": ((("url", "url_env"), ("secret_env",)), _MESSAGES),
    "slack": ((("url_env",),), _MESSAGES),
    "teams": ((("url_env",),), _MESSAGES),
    "mattermost": ((("url_env",),), _MESSAGES),
    "folder": ((("path",),), frozenset()),
    "s3": ((("bucket",),), frozenset({"url", "secret_env", "key_env", "prefix", "region", "allow_private"})),
}


def check(
    root: Node, *, kinds: Sequence[str], formats: Sequence[str], folder: FilePath | None = None
) -> Iterator[Problem]:
    """The faults of agreement of a whole file; the files that it names lie in `folder`."""
    for section in _SECTIONS:
        yield from _double_ids(root, section)
    for section, target in _REFERENCES:
        yield from _unknown_ids(root, section, target)
    yield from _mentions(root)
    yield from _words(root, "sources", "kind", kinds)
    yield from _words(root, "briefings", "formats", formats)
    yield from _listings(root)
    yield from _channels(root)
    yield from _appearances(root)
    if folder is not None:
        yield from _files(root, folder)


def _entries(root: Node, section: str) -> list[tuple[int, dict[str, Any]]]:
    entries = root.value.get(section)
    if not isinstance(entries, list):
        return []
    return [(number, entry) for number, entry in enumerate(entries) if isinstance(entry, dict)]


def _texts(entry: dict[str, Any], key: str) -> list[tuple[Path, str]]:
    """A text, or each text of a list, with the path to it from the entry."""
    value = entry.get(key)
    if isinstance(value, str):
        return [((key,), value)]
    if not isinstance(value, list):
        return []
    return [((key, number), word) for number, word in enumerate(value) if isinstance(word, str)]


def _double_ids(root: Node, section: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, entry in _entries(root, section):
        name = entry.get("id")
        if not isinstance(name, str):
            continue
        if name in first:
            path: Path = (section, number, "id")
            line = root.line_of((section, first[name], "id"))
            yield Problem(
                root.line_of(path), path, f'"{name}" is also the id of {section}[{first[name]}] in line {line}'
            )
        first.setdefault(name, number)


def _unknown_ids(root: Node, section: str, target: str) -> Iterator[Problem]:
    known = {entry["id"] for _, entry in _entries(root, target) if isinstance(entry.get("id"), str)}
    for number, entry in _entries(root, section):
        if not isinstance(entry.get(target), list):
            continue
        for tail, name in _texts(entry, target):
            if name not in known:
                path: Path = (section, number, *tail)
                said = f'no {target.removesuffix("s")} has the id "{name}"{hint(nearest(name, sorted(known)))}'
                yield Problem(root.line_of(path), path, said)


def _mentions(root: Node) -> Iterator[Problem]:
    """Mentions are countries, or institutions of this file."""
    known = {entry["id"] for _, entry in _entries(root, "institutions") if isinstance(entry.get("id"), str)}
    for number, entry in _entries(root, "digests"):
        for tail, name in _texts(entry, "mentions"):
            if name not in known and name not in COUNTRIES:
                path: Path = ("digests", number, *tail)
                said = f'"{name}" is neither a country code nor the id of an institution'
                yield Problem(root.line_of(path), path, said + hint(nearest(name, sorted(known | COUNTRIES))))


def _words(root: Node, section: str, key: str, known: Sequence[str]) -> Iterator[Problem]:
    for number, entry in _entries(root, section):
        for tail, word in _texts(entry, key):
            if word.strip() not in known:
                path: Path = (section, number, *tail)
                yield Problem(root.line_of(path), path, none_of(word, known))


def _listings(root: Node) -> Iterator[Problem]:
    for number, entry in _entries(root, "sources"):
        kind, rules = entry.get("kind", "feed"), entry.get("list")
        path: Path = ("sources", number)
        if kind == "page" and not entry.get("include") and not (isinstance(rules, dict) and rules.get("item")):
            said = "a page needs list.item, the selector of one item, or include, the pattern of the items' addresses"
            yield Problem(root.line_of((*path, "kind")), (*path, "kind"), said)
        if kind in {"feed", "sitemap", "watch"} and rules:
            said = f"is read only where kind is page, and here it is {kind}"
            yield Problem(root.line_of((*path, "list")), (*path, "list"), said)
        if isinstance(archive := entry.get("archive"), dict):
            yield from _archive(root, (*path, "archive"), archive, entry)


def _channels(root: Node) -> Iterator[Problem]:
    """What a channel of one kind needs, another has no use for: what would be passed over is a slip."""
    for number, entry in _entries(root, "deliver"):
        kind, path = entry.get("kind"), ("deliver", number)
        if kind not in _CHANNELS:
            continue
        needs, may = _CHANNELS[kind]
        for names in needs:
            if not any(entry.get(name) for name in names):
                said = f"a channel of kind {kind} needs {' or '.join(names)}"
                yield Problem(root.line_of(path), path, said)
        known = may.union(("id", "kind"), *needs)
        for name in entry.keys() & _CHANNEL_KEYS - known:
            said = f"has no meaning where kind is {kind}: leave it out"
            yield Problem(root.line_of((*path, name)), (*path, name), said)


_CHANNEL_KEYS = frozenset().union(*(may.union(*needs) for needs, may in _CHANNELS.values()))


def _appearances(root: Node) -> Iterator[Problem]:
    """The time at which issues come out is written as their period wants it."""
    for number, entry in _entries(root, "briefings"):
        period, said = entry.get("period", "week"), entry.get("publish")
        if not isinstance(said, str) or period not in APPEARS_AS:
            continue
        try:
            found = publication(said).period
        except ValueError:
            continue  # told with what is wrong in it
        if found != period:
            path: Path = ("briefings", number, "publish")
            told = f'"{said.strip()}" is a time for each {found}, and the period is {period}: write it as in '
            yield Problem(root.line_of(path), path, told + APPEARS_AS[period])


def _files(root: Node, folder: FilePath) -> Iterator[Problem]:
    yield from _logo(root, folder)
    for problem in overrides.faults(folder):
        yield Problem(0, (), problem)
    for number, entry in _entries(root, "sources"):
        name = entry.get("ca_file")
        if isinstance(name, str) and name.strip() and not (folder / name.strip()).is_file():
            path: Path = ("sources", number, "ca_file")
            yield Problem(root.line_of(path), path, f'there is no file "{name.strip()}" beside this one')


def _logo(root: Node, folder: FilePath) -> Iterator[Problem]:
    house = root.value.get("house")
    name = house.get("logo") if isinstance(house, dict) else None
    if not isinstance(name, str) or not name.strip():
        return
    try:
        logos.read(folder / name.strip())
    except ValueError as error:
        path: Path = ("house", "logo")
        yield Problem(root.line_of(path), path, f"{name.strip()}: {error}")


def _archive(root: Node, path: Path, archive: dict[str, Any], entry: dict[str, Any]) -> Iterator[Problem]:
    rules, kind = archive.get("list"), archive.get("kind", "page")
    if kind == "page" and not entry.get("include") and not (isinstance(rules, dict) and rules.get("item")):
        said = "needs list.item, the selector of one item, or the source needs include"
        yield Problem(root.line_of(path), path, said)
    if kind == "sitemap" and rules:
        yield Problem(root.line_of((*path, "list")), (*path, "list"), "is read only where kind is page")
