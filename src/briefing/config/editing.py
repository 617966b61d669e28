"""Edits of sources.yaml by program: the lines concerned change, every other byte stays as its editor wrote it.

ruamel.yaml says where everything stands; the text itself is cut and joined here, for a file that is loaded and dumped
comes back with other indentation, quotes and line breaks. What comes of an edit is read again and must be what was
meant, else nothing is written.
"""

from __future__ import annotations

import copy
import os
import re
import tempfile
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from briefing.config.loading import load
from briefing.config.syntax import read
from briefing.config.words import hint, nearest
from briefing.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Value = str | bool
_BY_HAND = "the file is written in a way that is not edited by program: change it by hand"
_BLANK_OR_COMMENT = re.compile(r"\s*(?:#.*)?$")
_MARK = "\ufeff"


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Change a configuration file in one step: what `change` makes of its text takes its place if it is right.

    Raises:
        ConfigError: the file cannot be read or written, was changed by somebody else meanwhile, or would be wrong.
    """
    before = _bytes(path)
    after = change(_text(path, before))
    mark = _MARK.encode() if before.startswith(_MARK.encode()) else b""
    _replace(path.resolve(), before, mark + after.encode(), str(path))


def add_sources(text: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """The text with further entries at the end of `sources`; values are texts, booleans, lists and mappings.

    Raises:
        ConfigError: the text is no readable YAML, or written in a way that cannot be edited.
    """
    said = _said(text)
    wanted = copy.deepcopy(said)
    wanted["sources"] = [*(said.get("sources") or []), *(_plain(entry) for entry in entries)]
    return _checked(_added(text, entries), wanted) if entries else text


def set_key(text: str, source: str, key: str, value: Value) -> str:
    """The text with a key of a source set, in its place where it is there, else as a line of its own.

    Raises:
        ConfigError: as for `add_sources`.
        UsageError: there is no such source.
    """
    said = _said(text)
    number = _number(said, source)
    wanted = copy.deepcopy(said)
    wanted["sources"][number] = wanted["sources"][number] | {key: _plain(value)}
    return _checked(_set(text, number, key, value), wanted)


def remove_source(text: str, source: str) -> str:
    """The text without a source and the remarks that stand right above it.

    Raises:
        ConfigError: as for `add_sources`.
        UsageError: there is no such source.
    """
    said = _said(text)
    number = _number(said, source)
    wanted = copy.deepcopy(said)
    del wanted["sources"][number]
    return _checked(_removed(text, number), wanted)


def entry_text(entry: Mapping[str, Any], *, dash: int = 2, content: int = 4) -> str:
    """An entry of `sources` as YAML, its dash in this column and its keys in that."""
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(dict(entry), stream)
    lines = stream.getvalue().rstrip("\n").split("\n")
    first = f"{' ' * dash}-{' ' * (content - dash - 1)}"
    return "".join(f"{' ' * content if number else first}{line}\n" for number, line in enumerate(lines))


# ---------------------------------------------------------------- the file


def text_of(path: Path) -> str:
    """The text of a configuration file.

    Raises:
        ConfigError: it cannot be read, or is no UTF-8.
    """
    return _text(path, _bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        said = f"{path}: the file cannot be read: {error.strerror or error}; name it with --config or BRIEFING_CONFIG"
        raise ConfigError([said]) from error


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError([f"{path}: this is not UTF-8: save the file in that encoding"]) from None


def _replace(path: Path, before: bytes, after: bytes, shown: str) -> None:
    """Put new content in the place of the old, whole or not at all, and only if it is a right configuration."""
    part = Path()
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(after)
            stream.flush()
            os.fsync(stream.fileno())
        _must_be_right(part, shown)
        part.chmod(path.stat().st_mode & 0o777)
        if path.read_bytes() != before:
            raise ConfigError([f"{shown}: somebody else changed the file meanwhile: try again"])
        part.replace(path)
    except OSError as error:
        raise ConfigError([f"{shown}: the file cannot be written: {error.strerror or error}"]) from error
    finally:
        if part.name:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _must_be_right(part: Path, shown: str) -> None:
    try:
        load(part)
    except ConfigError as error:
        problems = [problem.replace(str(part), shown, 1) for problem in error.problems]
        raise ConfigError([*problems, f"{shown}: nothing was written, for the file would be wrong"]) from None


# ---------------------------------------------------------------- what it says


def _said(text: str) -> dict[str, Any]:
    root, problems = read(text)
    if problems or root is None or not isinstance(root.value, dict):
        raise ConfigError([f"{problem.line}: {problem.text}" for problem in problems] or [_BY_HAND])
    if not isinstance(root.value.get("sources") or [], list):
        raise ConfigError([_BY_HAND])
    return root.value


def _plain(value: Any) -> Any:
    """A value as the file's reader gives it: every scalar is a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value)


def _number(said: Mapping[str, Any], source: str) -> int:
    names = [entry.get("id") if isinstance(entry, dict) else None for entry in said.get("sources") or []]
    if source not in names:
        raise UsageError(
            f'no source has the id "{source}"{hint(nearest(source, [name for name in names if name]))}; '
            "`briefing source list` names them"
        )
    return names.index(source)


def _checked(after: str, wanted: dict[str, Any]) -> str:
    root, problems = read(after)
    if problems or root is None or root.value != wanted:
        raise ConfigError([_BY_HAND])
    return after


# ---------------------------------------------------------------- the text


def _nodes(text: str) -> tuple[ScalarNode | None, Any]:
    """The key `sources` and what stands behind it."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        raise ConfigError([f"no readable YAML: {error}"]) from error
    if not isinstance(root, MappingNode) or root.flow_style:
        raise ConfigError([_BY_HAND])
    return next(((key, value) for key, value in root.value if key.value == "sources"), (None, None))


def _item(text: str, number: int) -> tuple[ScalarNode, SequenceNode, MappingNode]:
    key, sequence = _nodes(text)
    if key is None or not isinstance(sequence, SequenceNode):
        raise ConfigError([_BY_HAND])
    item = sequence.value[number]
    if not isinstance(item, MappingNode):
        raise ConfigError([_BY_HAND])
    return key, sequence, item


def _added(text: str, entries: Sequence[Mapping[str, Any]]) -> str:
    key, sequence = _nodes(text)
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += ending
    if key is None:
        return _joined([*lines, "sources:\n", _written(entries)], ending)
    if not isinstance(sequence, SequenceNode) or not sequence.value:
        return _first(lines, key, sequence, entries, ending)
    if sequence.flow_style:
        raise ConfigError([_BY_HAND])
    dash, content = sequence.start_mark.column, sequence.value[-1].start_mark.column
    at = _end(lines, sequence.value[-1], dash) + 1
    apart = len(sequence.value) < 2 or not lines[_head(lines, sequence.value[-1], dash) - 1].strip()  # noqa: PLR2004 - two tell
    between = "\n" if apart else ""
    new = between + _written(entries, between, dash=dash, content=max(content, dash + 2))
    return _joined([*lines[:at], new, *lines[at:]], ending)


def _written(entries: Sequence[Mapping[str, Any]], between: str = "\n", *, dash: int = 2, content: int = 4) -> str:
    return between.join(entry_text(entry, dash=dash, content=content) for entry in entries)


def _first(lines: list[str], key: ScalarNode, empty: Any, entries: Sequence[Mapping[str, Any]], ending: str) -> str:
    """The first entries, behind `sources:` with nothing, or with empty brackets, after it."""
    line = key.start_mark.line
    if isinstance(empty, SequenceNode):
        if empty.end_mark.line != line:
            raise ConfigError([_BY_HAND])
        held = lines[line]
        lines[line] = held[: empty.start_mark.column].rstrip() + held[empty.end_mark.column :]
    return _joined([*lines[: line + 1], _written(entries), *lines[line + 1 :]], ending)


def _removed(text: str, number: int) -> str:
    key, sequence, item = _item(text, number)
    if sequence.flow_style:
        raise ConfigError([_BY_HAND])
    lines = text.splitlines(keepends=True)
    dash = sequence.start_mark.column
    start, end = _head(lines, item, dash), _end(lines, item, dash) + 1
    blank_before = start == 0 or not lines[start - 1].strip()
    if blank_before and end < len(lines) and not lines[end].strip():
        end += 1
    if len(sequence.value) == 1:
        at = key.end_mark.column
        held = lines[key.start_mark.line]
        colon = held.index(":", at) + 1
        lines[key.start_mark.line] = f"{held[:colon]} []{held[colon:]}"
    return "".join([*lines[:start], *lines[end:]])


def _set(text: str, number: int, key: str, value: Value) -> str:
    _, _, item = _item(text, number)
    written = _scalar(value)
    for name, held in item.value:
        if name.value == key and name.start_mark.index >= item.start_mark.index:
            if (
                not isinstance(held, ScalarNode)
                or held.style in ("|", ">")
                or held.start_mark.index < name.end_mark.index
            ):
                raise ConfigError([_BY_HAND])
            space = "" if held.start_mark.index > name.end_mark.index + 1 else " "
            return f"{text[: held.start_mark.index]}{space}{written}{text[held.end_mark.index :]}"
    if item.flow_style:
        at = item.end_mark.index - 1
        return f"{text[:at].rstrip()}, {key}: {written}{text[at:]}"
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    name, held = next(pair for pair in item.value if pair[0].value == "id")
    at = _last_line(held, name.start_mark.line) + 1
    if not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += ending
    line = f"{' ' * item.start_mark.column}{key}: {written}\n"
    return _joined([*lines[:at], line, *lines[at:]], ending)


def _scalar(value: Value) -> str:
    stream = StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump([value], stream)
    return stream.getvalue().strip().removeprefix("- ")


def _head(lines: list[str], item: Any, dash: int) -> int:
    """The first line that belongs to an entry: its own, or that of the remarks right above it."""
    line = int(item.start_mark.line)
    while line > 0 and lines[line - 1].lstrip(" ").startswith("#") and _indent(lines[line - 1]) == dash:
        line -= 1
    return line


def _end(lines: list[str], item: Any, dash: int) -> int:
    """The last line that belongs to an entry, remarks among its keys included."""
    line = _last_line(item, item.start_mark.line)
    while line > item.start_mark.line and _BLANK_OR_COMMENT.match(lines[line].rstrip("\r\n")):
        line -= 1
    while line + 1 < len(lines) and lines[line + 1].lstrip(" ").startswith("#") and _indent(lines[line + 1]) > dash:
        line += 1
    return line


def _last_line(node: Any, least: int) -> int:
    """The line on which a node ends; what an alias stands for is elsewhere and never counts."""
    if isinstance(node, ScalarNode):
        end = node.end_mark
        ended = end.line - 1 if node.style in ("|", ">") and end.column == 0 else end.line
        return max(least, int(ended))
    if node.flow_style:
        return max(least, int(node.end_mark.line))
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.start_mark.index >= node.start_mark.index:
                least = _last_line(value, max(least, key.end_mark.line))
        return least
    for one in node.value:
        least = _last_line(one, least)
    return least


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _joined(parts: Sequence[str], ending: str) -> str:
    text = "".join(parts)
    return text if ending == "\n" else text.replace("\r\n", "\n").replace("\n", ending)
