"""An issue as a PDF for paper and for ears: A4, tagged (PDF/UA-1, ISO 14289-1), with contents, bookmarks and fonts.

Typst sets it. All data reaches the template as one JSON text: nothing that a publisher wrote is ever read as markup,
and the template reads no file, no clock and no package.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC
from importlib.resources import files
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from briefing.errors import OutputError
from briefing.model import FONTS
from briefing.outputs import issue_words as words
from briefing.outputs import pdf_fonts
from briefing.outputs.blocks import Run
from briefing.outputs.issue_blocks import sheets
from briefing.outputs.pdf_parts import Parts, places
from briefing.outputs.pdf_spans import Writer, simple
from briefing.outputs.wording import listed, period_words
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.documents import Issue
    from briefing.outputs.pdf_fonts import Case

TEMPLATE = "briefing.typ"

_PACKAGE = re.compile(r'"(@[\w-]+/[^"]*)"')
_PICTURE = "with a font"  # how the typesetter says that it was in one: it names no family
_LARGE = 50_000  # characters of data; what is worked out for so many takes some thirty megabytes
_MEMORY = 11  # documents: what was worked out for one is let go when it was of no use to ten more
_UNSHOWN = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)


def render(issue: Issue) -> bytes:
    """The issue as PDF 1.7: by the house's own template, and by ours where there is none or it is broken.

    Raises:
        OutputError: the logo or a font of the house is not what it should be.
    """
    if TEMPLATE in issue.templates:
        with suppress(OutputError):  # `warnings` says so; a reader gets the issue all the same
            return _rendered(issue, _own(issue))
    return _rendered(issue, _ours())


def _rendered(issue: Issue, template: bytes) -> bytes:
    case = pdf_fonts.case(issue.fonts)
    while True:
        document, _ = _document(issue, case)
        try:
            return _set(document, case, issue, template)
        except _Refused:
            simpler = frozenset(filter(simple, case.known))
            if simpler == case.known:
                raise
            case = case._replace(known=simpler)
        except _Boxed as found:
            if found.signs <= case.undrawn or not found.drawn:
                case = case._replace(known=case.known - found.signs)
            else:
                case = case._replace(undrawn=case.undrawn | found.signs)


class _Refused(OutputError):
    """Something cannot be set, and the typesetter does not say what: it may be a script whose letters are joined."""


class _Boxed(Exception):
    """Signs that a font has and cannot show where they stand, in a picture or not; the typesetter refuses them."""

    def __init__(self, signs: frozenset[int], *, drawn: bool) -> None:
        super().__init__()
        self.signs = signs
        self.drawn = drawn


def _set(document: dict[str, Any], case: Case, issue: Issue, template: bytes) -> bytes:
    from typst import Compiler, TypstError  # noqa: PLC0415 - of the extra

    data = json.dumps(document, ensure_ascii=False)
    compiler = Compiler(
        template,
        root=str(pdf_fonts.our_folder()),
        font_paths=case.fonts,
        ignore_system_fonts=True,
        sys_inputs={"issue": data},
    )
    moment = issue.as_of.astimezone(UTC).replace(microsecond=0)
    try:
        body = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=moment)
    except TypstError as error:
        if boxed := _UNSHOWN.search(error.message):
            signs = frozenset(map(ord, boxed[1])) & case.known
            if signs:
                raise _Boxed(signs, drawn=_PICTURE in error.message) from error
        raise _Refused(f"{issue.briefing} {issue.period} cannot be set as PDF: {error.message}") from error
    finally:
        if len(data) > _LARGE:
            _forget()
    assert isinstance(body, bytes)
    return body


def _forget() -> None:
    """Have the typesetter let go of what it remembers of the last ten documents."""
    from typst import Compiler  # noqa: PLC0415 - of the extra

    empty = Compiler(ignore_system_fonts=True)
    for _ in range(_MEMORY):
        empty.compile(b"#[]", format="pdf")


def warnings(issue: Issue) -> tuple[str, ...]:
    """What differs from what was asked for: characters without glyphs, named in the PDF instead of shown; fonts of the
    house that are not there; an own template that is broken.
    """
    _, writer = _document(issue, pdf_fonts.case(issue.fonts))
    told = [*_broken(issue), *_absent(issue)]
    for script, items in sorted(writer.missing.items()):
        numbers = sorted(items - {0})
        which = f"items {_few(numbers)}" if len(numbers) > 1 else f"item {numbers[0]}" if numbers else ""
        where = which or "titles and names"
        told.append(
            f"pdf: its fonts lack {script} of {where}: that is said there, and the page shows them; a font that has "
            "them can be put into templates/fonts"
        )
    return tuple(told)


def _broken(issue: Issue) -> Iterator[str]:
    if TEMPLATE in issue.templates:
        try:
            _rendered(issue, _own(issue))
        except OutputError as error:
            yield f"templates/{TEMPLATE}: {error}; the PDF was made with our own template"


def _absent(issue: Issue) -> Iterator[str]:
    """Fonts that the log names and the storage has not."""
    held = {PurePath(path).parent.name for path in issue.fonts}
    for name, digest in sorted(issue.templates.items()):
        if name.startswith(FONTS) and digest not in held:
            yield f"pdf: {name} (SHA-256 {digest[:8]}…) is not in the storage any more: it was set without"


def _few(numbers: list[int]) -> str:
    most = 12
    shown = [str(value) for value in numbers[:most]]
    return listed(shown) if len(numbers) <= most else f"{', '.join(shown)} and {len(numbers) - most} more"


def _ours() -> bytes:
    return (files("briefing.outputs") / "templates" / TEMPLATE).read_bytes()


def _own(issue: Issue) -> bytes:
    own = issue.templates[TEMPLATE]
    if found := _PACKAGE.search(own):
        said = f"it takes in the package {found[1]}, which would be fetched from elsewhere"
        raise OutputError(f"{said}: copy what you need of it into the template")
    return own.encode()


def _document(issue: Issue, case: Case) -> tuple[dict[str, Any], Writer]:
    book = sheets(issue)
    writer = Writer(case.known, places(book), case.undrawn)
    blocks = Parts(writer, issue.house).all(book)
    house, moment = issue.house, issue.as_of.astimezone(UTC)
    document = {
        "title": writer.plain(f"{issue.title} {issue.period}"),
        "heading": writer.said(one_line(issue.title), words.foreign(issue.language)),
        "site": writer.said(one_line(house.name or issue.site_title), words.foreign(issue.language)),
        "author": writer.plain(house.name or issue.site_title),
        "issue": writer.said(f"Issue {issue.period}, {period_words(issue.first, issue.last)}"),
        "running": writer.plain(f"{issue.site_title}: {issue.title}"),
        "version": f"Issue {issue.period}, version {issue.version}",
        "draft": issue.draft,
        "missing": _missing(issue, writer),
        "fonts": list(case.more),
        "accent": house.accent, "warning": house.warning, "logo": house.logo,
        "logo_alt": writer.plain(house.name or issue.site_title), "footer": writer.plain(house.footer),
        "date": [moment.year, moment.month, moment.day],
        "blocks": blocks,
    }  # fmt: skip
    return document, writer


def _missing(issue: Issue, writer: Writer) -> list[Any]:
    """What a reader must know of pieces that no font here has."""
    if not writer.missing:
        return []
    said = (
        "Words in square brackets that name a script and a number, or a code point, stand for characters that the "
        "fonts of this file do not have; they are printed on the page: "
    )
    target = words.address(issue)
    return writer.spans((Run(said), Run(target, target=target)))
