"""Templates of the user's own in the place of ours: run in a sandbox, and told with file and line where they break.

An own template may stand on ours (`{% extends "ours/issue.html.jinja" %}`) and change single blocks of it. It is given
the same values as ours, but no module: only what a module of ours says itself.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from types import FunctionType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import (
    ChoiceLoader,
    FunctionLoader,
    PrefixLoader,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from briefing.model import FONTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2 import BaseLoader, Environment

FOLDER, OURS = "templates", "ours"


class Fault(NamedTuple):
    """What is wrong with an own template: its name, the line (0 where none is to blame) and a sentence."""

    name: str
    line: int
    said: str

    def __str__(self) -> str:
        return f"{FOLDER}/{self.name}{f':{self.line}' if self.line else ''}: {self.said}"


class Broken(Exception):
    """An own template cannot be made into a document."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def mark(templates: Mapping[str, str]) -> str:
    """A short name of these templates, empty for none: issues say with it which made them."""
    if not templates:
        return ""
    whole = hashlib.sha256()
    for name, text in sorted(templates.items()):
        whole.update(f"{name}\n{len(text)}\n{text}".encode())
    return f"+{whole.hexdigest()[:8]}"


def rendered(ours: Environment, name: str, templates: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """The document that a template makes: an own one of that name, or ours with own parts.

    Raises:
        Broken: an own template is at fault.
    """
    environment = _sandbox(ours, templates)
    safe = {key: _public(value) if isinstance(value, ModuleType) else value for key, value in values.items()}
    try:
        return environment.get_template(name).render(safe)
    except TemplateSyntaxError as error:
        raise Broken(Fault(error.name or name, error.lineno, _said(error))) from error
    except Exception as error:  # a template is a program of somebody else's: it may fail in any way
        raise Broken(Fault(*_where(error, templates, name), _told(error))) from error


def faults(ours: Environment, templates: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with own templates, or missing in them, found without running them."""
    environment = _sandbox(ours, templates)
    for name, text in sorted(templates.items()):
        if name.endswith((".css", ".typ")) or name.startswith(FONTS):
            continue
        try:
            tree = environment.parse(text, name, name)
            environment.compile(text, name, name)  # which asks for filters and tests too
        except TemplateSyntaxError as error:
            yield Fault(name, error.lineno, _said(error))
            continue
        yield from _unknown(environment, name, tree)
        if not name.startswith("_") and not _extends(tree):
            yield from _missing(ours, name, tree)


def _unknown(environment: Environment, name: str, tree: nodes.Template) -> Iterator[Fault]:
    """Templates that are named and not there."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        wanted = getattr(getattr(node, "template", None), "value", None)
        if isinstance(wanted, str) and not _there(environment, wanted):
            yield Fault(name, node.lineno, f'there is no template "{wanted}"; ours begin with {OURS}/')


def _there(environment: Environment, name: str) -> bool:
    try:
        environment.loader.get_source(environment, name)  # type: ignore[union-attr]  # ours always has one
    except TemplateNotFound:
        return False
    return True


def _missing(ours: Environment, name: str, tree: nodes.Template) -> Iterator[Fault]:
    """Blocks and values of ours that a template in its place has not, and values that ours are not given."""
    with suppress(TemplateError):
        model = ours.parse(ours.loader.get_source(ours, name)[0]) if ours.loader else nodes.Template([])
        given = find_undeclared_variables(model)
        if strange := sorted(find_undeclared_variables(tree) - given):
            yield Fault(name, _line(tree, strange[0]), f"there is no value {', '.join(strange)}: it would fail here")
        if blocks := sorted(_blocks(model) - _blocks(tree)):
            yield Fault(name, 0, f"it has no block {', '.join(blocks)}, which ours has")
        if unsaid := sorted(_read(model) - _read(tree)):
            yield Fault(name, 0, f"it says nothing of {', '.join(unsaid)}, which ours does")


def _sandbox(ours: Environment, templates: Mapping[str, str]) -> Environment:
    assert ours.loader is not None
    own = FunctionLoader(lambda name: (templates[name], name, None) if name in templates else None)
    loaders: list[BaseLoader] = [own, PrefixLoader({OURS: ours.loader}), ours.loader]
    made = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        autoescape=ours.autoescape,
        undefined=ours.undefined,
        trim_blocks=ours.trim_blocks,
        lstrip_blocks=ours.lstrip_blocks,
        keep_trailing_newline=ours.keep_trailing_newline,
    )
    made.filters |= ours.filters
    for name, value in ours.globals.items():
        made.globals.setdefault(name, value)  # the sandbox has its own range, which ends
    return made


def _public(module: ModuleType) -> SimpleNamespace:
    """What a module of ours says itself: its functions and words, nothing that it imports."""
    held = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return SimpleNamespace(
        **{
            name: value
            for name, value in held.items()
            if isinstance(value, str | int | tuple)
            or (isinstance(value, FunctionType) and value.__module__.startswith("briefing.outputs."))
        }
    )


def _where(error: Exception, templates: Mapping[str, str], name: str) -> tuple[str, int]:
    """The last line of an own template on the way to an error; jinja2 gives frames the names of their templates."""
    found, trace = (name, 0), error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in templates:
            found = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _said(error: TemplateSyntaxError) -> str:
    return (error.message or "it cannot be read").rstrip(".")


def _told(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f'there is no template "{error.name}"'
    said = str(error).strip().rstrip(".") or type(error).__name__
    return said if isinstance(error, TemplateError) else f"{type(error).__name__}: {said}"


def _extends(tree: nodes.Template) -> bool:
    return tree.find(nodes.Extends) is not None


def _blocks(tree: nodes.Template) -> set[str]:
    return {block.name for block in tree.find_all(nodes.Block)}


def _read(tree: nodes.Template) -> set[str]:
    """The parts of the issue that a template reads, as `issue.coverage`."""
    return {
        f"issue.{node.attr}"
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "issue"
    }


def _line(tree: nodes.Template, variable: str) -> int:
    return next((node.lineno for node in tree.find_all(nodes.Name) if node.name == variable), 0)
