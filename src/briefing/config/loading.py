"""Read the file, find every fault, and say each in one sentence; or hand out the settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from briefing.config import people, references
from briefing.config.settings import settings
from briefing.config.shape import FileShape, keys
from briefing.config.syntax import Problem, read
from briefing.config.values import must_be
from briefing.config.words import hint, nearest, none_of
from briefing.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path as FilePath

    from pydantic_core import ErrorDetails

    from briefing.config.syntax import Node, Path
    from briefing.model import Settings

KINDS = ("feed", "page", "sitemap", "watch")
FORMATS = ("html", "markdown", "text", "json", "pdf", "docx", "epub")

_WANTED = {
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "string_type": "a text",
    "literal_error": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}


def load(
    path: FilePath, *, kinds: Sequence[str] = KINDS, formats: Sequence[str] = FORMATS, every: bool = False
) -> Settings:
    """The settings of a sources.yaml (YAML 1.2, UTF-8 with or without a byte order mark).

    Args:
        path: the file, named in messages as it is given here.
        kinds: the kinds of source that are installed.
        formats: the formats of briefings that are installed, in the order in which they are made by default.
        every: whether sources that are switched off are wanted too.

    Raises:
        ConfigError: with all problems of the file, in the order of its lines.
    """
    root, problems = _document(path)
    problems.extend(references.check(root, kinds=kinds, formats=formats, folder=path.absolute().parent))
    problems.extend(people.check(root, formats=formats, folder=path.absolute().parent))
    shape = None
    try:
        shape = FileShape.model_validate(root.value)
    except ValidationError as error:
        problems.extend(_shape_problem(fault, root) for fault in error.errors(include_url=False))
    if shape is None or problems:
        raise _error(path, problems)
    return settings(shape, formats, path.absolute().parent, every=every, name=path.name)


def _document(path: FilePath) -> tuple[Node, list[Problem]]:
    root, problems = read(_text(path))
    if root is None and not problems:
        problems.append(Problem(0, (), "the file is empty: it needs at least the keys site and sources"))
    elif root is not None and not isinstance(root.value, dict):
        said = f"the file must hold keys ({', '.join(keys(()))}), and here stands "
        problems.append(Problem(root.line, (), said + ("a list" if isinstance(root.value, list) else "a text")))
        root = None
    if root is None:
        raise _error(path, problems)
    return root, problems


def _text(path: FilePath) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        said = "there is no such file; name it with --config or BRIEFING_CONFIG"
        raise ConfigError([f"{path}: {said}"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: the file cannot be read: {error.strerror or error}"]) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path}:{line}: this is not UTF-8: save the file in that encoding"]) from None


def _error(path: FilePath, problems: list[Problem]) -> ConfigError:
    return ConfigError([_sentence(path, problem) for problem in sorted(problems, key=lambda problem: problem.line)])


def _sentence(path: FilePath, problem: Problem) -> str:
    parts = [f"{path}:{problem.line}" if problem.line else str(path)]
    if problem.path:
        parts.append(_spelled(problem.path))
    return ": ".join([*parts, problem.text])


def _spelled(path: Path) -> str:
    """The path as people write it: `sources[0].list.item`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


# ---------------------------------------------------------------- what pydantic found, in our words


def _shape_problem(fault: ErrorDetails, root: Node) -> Problem:
    # pydantic marks a fault of a mapping's key, not of its value, with this last word.
    path: Path = fault["loc"][:-1] if fault["loc"][-1:] == ("[key]",) else fault["loc"]
    line = root.line_of(path)
    names = tuple(key for key in path[:-1] if isinstance(key, str))
    if fault["type"] == "missing":
        return Problem(line, path, f'the key "{path[-1]}" is missing')
    if fault["type"] == "extra_forbidden":
        return Problem(line, path, _unknown_key(str(path[-1]), keys(names)))
    return Problem(line, path, _said(fault))


def _unknown_key(word: str, known: list[str]) -> str:
    meant = nearest(word, known)
    return f'unknown key "{word}"{hint(meant) if meant else "; the keys here are " + ", ".join(known)}'


def _said(fault: ErrorDetails) -> str:
    kind, found = fault["type"], fault["input"]
    context: dict[str, Any] = fault.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error" and isinstance(found, str):
        return none_of(found, re.findall(r"'([^']*)'", context["expected"]))
    if kind == "string_pattern_mismatch":
        meant = re.sub(r"[^a-z0-9]+", "-", str(found).lower()).strip("-")[:64]
        return f'"{found}" is no id: it is made of lower-case letters, digits and hyphens{hint(meant)}'
    if kind in {"greater_than_equal", "less_than_equal"}:
        return f"{found} is out of bounds: {fault['msg'].removeprefix('Input ')}"
    if kind in _WANTED:
        return _wanted(_WANTED[kind], found)
    return f"is wrong: {fault['msg']}"


def _wanted(wanted: str, found: object) -> str:
    if isinstance(found, str) and wanted not in {"a list", "keys with values"}:
        return f'"{found}" must be {wanted}'
    return must_be(wanted, found)
