"""Lists of recipients: in sources.yaml, in a file beside it, or given to be imported.

An entry is an address, or an address with a name, topics, formats and a language. Files are CSV with a line of names at
its head, YAML with a list, or plain text with one address a line.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from briefing.config import values
from briefing.config.syntax import Problem
from briefing.config.words import hint, nearest, none_of
from briefing.errors import ConfigError
from briefing.mailbox import mailbox, same
from briefing.model import Listed, Wish

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from briefing.config.syntax import Node, Path
    from briefing.model import Roster

KEYS = ("address", "name", "topics", "formats", "language")
ENDINGS = (".csv", ".txt", ".yaml", ".yml")
_NAME_LENGTH = 200
_TOLD = 20  # faults of one file that are named
_SEPARATORS = re.compile(r"[\s;,|]+")
_LISTS: dict[str, Any] = {"type": "array", "items": {"type": "string", "minLength": 1}}
_ENTRY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "address": {"type": "string", "format": "idn-email"},
        "name": {"type": "string"},
        "topics": _LISTS,
        "formats": _LISTS,
        "language": {"type": "string", "pattern": "^[a-z]{2}$"},
    },
    "required": ["address"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "items": {"anyOf": [{"type": "string", "format": "idn-email"}, _ENTRY]}},
        {"type": "null"},
    ]
}


@dataclass(frozen=True, slots=True)
class Words:
    """What an entry of a list may name: the briefing it is for, its topics, the formats that are installed."""

    briefing: str
    topics: Sequence[str]
    formats: Sequence[str]


class _Faults(Exception):
    """Carries the faults of one entry, each with the path from it; never leaves this module."""

    def __init__(self, found: list[tuple[Path, str]]) -> None:
        super().__init__()
        self.found = found


# ---------------------------------------------------------------- sources.yaml


def check(root: Node, *, formats: Sequence[str], folder: FilePath) -> Iterator[Problem]:
    """The faults of all lists that a sources.yaml holds or names."""
    briefings = root.value.get("briefings")
    every = [one["id"] for one in root.value.get("topics") or [] if isinstance(one, dict) and "id" in one]
    for number, briefing in enumerate(briefings if isinstance(briefings, list) else []):
        if not isinstance(briefing, dict) or briefing.get("recipients") is None:
            continue
        topics = briefing.get("topics")
        words = Words(str(briefing.get("id")), topics if isinstance(topics, list) and topics else every, formats)
        yield from _checked(root, ("briefings", number, "recipients"), briefing["recipients"], words, folder)


def _checked(root: Node, path: Path, value: Any, words: Words, folder: FilePath) -> Iterator[Problem]:
    if isinstance(value, str):
        try:
            read_people(folder / value.strip(), words)
        except ConfigError as error:
            for problem in error.problems:
                yield Problem(root.line_of(path), path, problem)
        return
    if not isinstance(value, list):
        yield Problem(root.line_of(path), path, "must be a list of addresses, or the name of a file with one")
        return
    _, faults = _entries(value, words)
    for tail, said in faults:
        yield Problem(root.line_of((*path, *tail)), (*path, *tail), said)


def roster(one: Roster) -> list[Listed]:
    """The people on a configured list as it stands now.

    Raises:
        ConfigError: with all that is wrong with it.
    """
    file, words = FilePath(one.file), Words(one.briefing, one.topics, one.formats)
    if not one.inline:
        return read_people(file, words)
    root = _yaml(file, _text(file))
    briefings = root.value.get("briefings") or []
    value = next((entry.get("recipients") for entry in briefings if entry.get("id") == one.briefing), None)
    found, faults = _entries(value if isinstance(value, list) else [], words)
    if faults:
        raise ConfigError([f"{file}: recipients of {one.briefing}: {said}" for _, said in faults])
    return found


# ---------------------------------------------------------------- files


def read_people(file: FilePath, words: Words) -> list[Listed]:
    """The people in a file, whose ending says what it is.

    Raises:
        ConfigError: it is not there, or with one sentence for each wrong line.
    """
    if file.suffix.lower() not in ENDINGS:
        raise ConfigError([f"{file}: a list of recipients is a file that ends in {', '.join(ENDINGS)}"])
    text = _text(file)
    if file.suffix.lower() in (".yaml", ".yml"):
        return _listed(file, text, words)
    return people_of(text, str(file), words)


def _text(file: FilePath) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError([f"{file}: there is no such file"]) from None
    except OSError as error:
        raise ConfigError([f"{file}: the file cannot be read: {error.strerror or error}"]) from error
    except UnicodeDecodeError:
        raise ConfigError([f"{file}: this is not UTF-8: save the file in that encoding"]) from None


def _yaml(file: FilePath, text: str) -> Node:
    from briefing.config.syntax import read  # noqa: PLC0415 - the parser, for lists in YAML alone

    node, problems = read(text)
    if problems:
        raise ConfigError([f"{file}:{one.line}: {one.text}" for one in problems])
    if node is None:
        raise ConfigError([f"{file}: the file is empty: it needs a list of addresses"])
    return node


def _listed(file: FilePath, text: str, words: Words) -> list[Listed]:
    root = _yaml(file, text)
    if not isinstance(root.value, list):
        raise ConfigError([f"{file}: must be a list of addresses, or of entries with {', '.join(KEYS)}"])
    found, faults = _entries(root.value, words)
    if faults:
        raise ConfigError([f"{file}:{root.line_of(path)}: {said}" for path, said in faults[:_TOLD]])
    return found


def people_of(text: str, name: str, words: Words | None, others: Mapping[str, Words] | None = None) -> list[Listed]:
    """The people in a text: CSV where its first line names columns, else one address a line; `#` begins a remark.

    `words` are of the briefing that a row without one is for. With `others`, by briefing, what was exported may come
    back: rows may name a `briefing`, and a `state`, of which only those that are active are taken.

    Raises:
        ConfigError: with one sentence for each wrong line; `name` stands in it.
    """
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    separator = ";" if head.count(";") > head.count(",") else ","
    columns = [column.strip().lower() for column in next(csv.reader([head], delimiter=separator), [])]
    known = KEYS if others is None else (*KEYS, "briefing", "state")
    if unknown := [one for one in columns if "address" in columns and one not in known]:
        raise ConfigError([f'{name}:1: unknown column "{unknown[0]}"; the columns are {", ".join(known)}'])
    rows = _table(text, separator) if "address" in columns else _plain_lines(lines)
    found: dict[tuple[str, str], tuple[int, Listed]] = {}
    problems = []
    for line, row in rows:
        try:
            one = _row(row, words, others or {})
        except _Faults as faults:
            problems += [f"{name}:{line}: {said}" for _, said in faults.found]
            continue
        if one is None:
            continue
        first, _ = found.setdefault((same(one.address), one.briefing), (line, one))
        if first != line:
            problems.append(f"{name}:{line}: {one.address} stands in line {first} already: keep one")
    if problems:
        left = len(problems) - _TOLD
        raise ConfigError([*problems[:_TOLD], *([f"{name}: and {left} more lines are wrong"] if left > 0 else [])])
    return [one for _, one in found.values()]


def _row(row: Any, words: Words | None, others: Mapping[str, Words]) -> Listed | None:
    """One row of a file; None for one that is on no list any more.

    Raises:
        _Faults: with all that is wrong with it.
    """
    briefing = row.pop("briefing", "") if isinstance(row, dict) else ""
    state = row.pop("state", "") if isinstance(row, dict) else ""
    theirs = others.get(briefing) if briefing else words
    if theirs is None:
        raise _Faults([(("briefing",), none_of(briefing, others) if briefing else "names no briefing: say --briefing")])
    return _entry(row, theirs) if state in ("", "active") else None


def _table(text: str, separator: str) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(text), delimiter=separator, restkey="", restval="")
    reader.fieldnames = [column.strip().lower() for column in reader.fieldnames or ()]
    for row in reader:
        said = {key: value.strip() for key, value in row.items() if isinstance(value, str) and value.strip()}
        if said:
            lists = {key: _SEPARATORS.split(said[key]) for key in ("topics", "formats") if key in said}
            yield reader.line_num, said | lists


def _plain_lines(lines: Sequence[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, 1):
        if said := line.partition("#")[0].strip().rstrip(",;"):
            yield number, said


# ---------------------------------------------------------------- entries


def _entries(value: Sequence[Any], words: Words) -> tuple[list[Listed], list[tuple[Path, str]]]:
    found: list[Listed] = []
    wrong: list[tuple[Path, str]] = []
    seen: set[str] = set()
    for number, row in enumerate(value):
        try:
            one = _entry(row, words)
        except _Faults as faults:
            wrong += [((number, *path), said) for path, said in faults.found]
            continue
        if same(one.address) in seen:
            wrong.append(((number,), f"{one.address} stands here twice: keep one"))
        seen.add(same(one.address))
        found.append(one)
    return found, wrong


def _entry(row: Any, words: Words) -> Listed:
    """One entry.

    Raises:
        _Faults: with all that is wrong with it.
    """
    said = {"address": row} if isinstance(row, str) else row
    if not isinstance(said, dict):
        raise _Faults([((), f"must be an address, or an entry with {', '.join(KEYS)}")])
    wrong: list[tuple[Path, str]] = [
        ((key,), f'unknown key "{key}"{hint(nearest(str(key), KEYS))}') for key in said if key not in KEYS
    ]
    address = _tried(wrong, "address", lambda: mailbox(str(said.get("address") or "")))
    topics = _chosen(wrong, said, "topics", words.topics)
    formats = _chosen(wrong, said, "formats", words.formats)
    language = _tried(wrong, "language", lambda: values.language(said["language"])) if said.get("language") else ""
    if wrong:
        raise _Faults(wrong)
    name = " ".join(str(said.get("name") or "").split())[:_NAME_LENGTH]
    return Listed(
        address=address,
        briefing=words.briefing,
        name=name,
        wish=Wish(topics=topics, formats=formats, language=language),
    )


def _tried(wrong: list[tuple[Path, str]], key: str, read: Any) -> str:
    try:
        return str(read())
    except ValueError as error:
        wrong.append(((key,), str(error)))
        return ""


def _chosen(wrong: list[tuple[Path, str]], said: dict[str, Any], key: str, known: Sequence[str]) -> tuple[str, ...]:
    """Words of a list that the briefing knows, in its order."""
    value = said.get(key) or []
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        wrong.append(((key,), "must be a list"))
        return ()
    wrong += [((key,), none_of(word, known)) for word in value if word not in known]
    return tuple(word for word in known if word in value)
