"""YAML text into plain values, each with the line it stands on.

Built on the parser's events, for values and lines both. Every scalar but null stays text, whatever it looks
like: what a key means decides whether `no`, `1956` or `2+2` is a word or a number, and `shape` knows that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = str | int
Path = tuple[Key, ...]

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "seq", "map"))
_DEEPEST = 30  # the shape needs five; deeper nesting is a slip, or an attack on the stack


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault: line (from 1; 0 for the whole file), path of keys and numbers to it, and what is wrong."""

    line: int
    path: Path
    text: str


@dataclass(slots=True)
class Node:
    """A value with its line; `children` holds line and node of each entry of a mapping or sequence."""

    line: int
    value: Any = None
    children: dict[Key, tuple[int, Node]] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """The line of what stands at the path, or of the nearest thing above it that is there."""
        line, node = self.line, self
        for key in path:
            if key not in node.children:
                break
            line, node = node.children[key]
        return line


class _Stop(Exception):
    """Carries one problem out of the recursion; never leaves this module."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def read(text: str) -> tuple[Node | None, list[Problem]]:
    """The one document of a YAML text with the faults of its syntax; None where it is empty or cannot be read.

    The parser in C is tried first, being fifteen times as fast; the one in Python tells better what is wrong.
    """
    node, problems = _read(text, pure=False)
    return (node, problems) if node is not None and not problems else _read(text, pure=True)


def _read(text: str, *, pure: bool) -> tuple[Node | None, list[Problem]]:
    builder = _Builder(YAML(typ="safe", pure=pure).parse(text))
    try:
        node = builder.document()
    except ReaderError as error:
        said = f"the character U+{error.character:04X} may not stand here"
        return None, [Problem(_line_at(text, error.position), (), said)]
    except MarkedYAMLError as error:
        return None, [_syntax_problem(error)]
    except YAMLError as error:
        return None, [Problem(0, (), f"no readable YAML: {error}")]
    except _Stop as stop:
        return None, [*builder.problems, stop.problem]
    return node, builder.problems


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _syntax_problem(error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    context = error.context
    if context and error.context_mark and mark is not error.context_mark:
        context = f"{context} that begins in line {error.context_mark.line + 1}"
    said = ", ".join(str(part) for part in (context, error.problem) if part)
    advice = ""
    if r"'\t'" in said:
        advice = "; indent with spaces, not with tabs"
    elif "mapping values" in said or "expected <block end>" in said or "could not find expected" in said:
        advice = '; look at the indentation, and put quotes around a text that holds ": " or begins with a sign'
    return Problem(mark.line + 1 if mark else 0, (), f"no readable YAML: {said}{advice}")


class _Builder:
    """Makes nodes of events and collects the faults that do not stop it."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.problems: list[Problem] = []
        self._events = events
        self._anchors: dict[str, Node] = {}

    def document(self) -> Node | None:
        node = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if node is not None:
                    text = 'a second document begins here: take the line "---" out'
                    raise _Stop(Problem(event.start_mark.line + 1, (), text))
                node = self._node(next(self._events), ())
        return node

    def _node(self, event: Any, path: Path) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        node = Node(event.start_mark.line + 1)
        tag = event.tag
        if tag is not None and str(tag) not in _TAGS and str(tag) != "!":
            self.problems.append(Problem(node.line, path, f"the tag {tag} is not understood: take it out"))
        if isinstance(event, ScalarEvent):
            plain = event.implicit[0]
            node.value = None if plain and event.value in _NULLS else event.value
        elif len(path) > _DEEPEST:
            raise _Stop(Problem(node.line, (), "nested too deeply: look at the brackets and the indentation"))
        elif isinstance(event, SequenceStartEvent):
            self._sequence(node, path)
        elif isinstance(event, MappingStartEvent):
            self._mapping(node, path)
        # Only now, so that an alias inside its own anchor is an unknown one and not an endless value.
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: AliasEvent, path: Path) -> Node:
        line = event.start_mark.line + 1
        if event.anchor not in self._anchors:
            raise _Stop(Problem(line, path, f"*{event.anchor} stands for nothing: no &{event.anchor} before it"))
        return self._anchors[event.anchor]

    def _sequence(self, node: Node, path: Path) -> None:
        node.value = []
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                return
            index = len(node.value)
            child = self._node(event, (*path, index))
            node.value.append(child.value)
            node.children[index] = (event.start_mark.line + 1, child)

    def _mapping(self, node: Node, path: Path) -> None:
        node.value = {}
        merged: list[Node] = []
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                break
            key, line = self._key(event, path), event.start_mark.line + 1
            child = self._node(next(self._events), (*path, key))
            if key == "<<" and event.implicit[0]:
                merged.extend(self._merged(child, line, path))
                continue
            if key in node.value:
                first = node.children[key][0]
                self.problems.append(
                    Problem(line, (*path, key), f"stands here twice (first in line {first}): keep one")
                )
                continue
            node.value[key] = child.value
            node.children[key] = (line, child)
        for source in merged:
            for name, entry in source.children.items():
                if name not in node.value:
                    node.value[name] = source.value[name]
                    node.children[name] = entry

    def _key(self, event: Any, path: Path) -> str:
        if isinstance(event, ScalarEvent):
            return str(event.value)
        raise _Stop(Problem(event.start_mark.line + 1, path, "a key must be a single word"))

    def _merged(self, node: Node, line: int, path: Path) -> list[Node]:
        """The mappings that a merge key `<<` brings in (YAML 1.1 type repository)."""
        nodes = [child for _, child in node.children.values()] if isinstance(node.value, list) else [node]
        if all(isinstance(each.value, dict) for each in nodes):
            return nodes
        self.problems.append(Problem(line, path, "<< takes over the keys of a mapping: write << : *name"))
        return []
