"""Short mails: errata to an issue, and the request to confirm a subscription."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from briefing.outputs.addresses import is_web, uri
from briefing.outputs.columns import wrapped
from briefing.outputs.mail_words import words
from briefing.outputs.wording import quoted
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.documents import Erratum


def errata_text(errata: Sequence[Erratum], language: str) -> str:
    """Errata to one issue in plain text: the item under its number there, what changed, and the passages."""
    lines = [*wrapped(words(language).erratum.format(period=errata[0].period)), ""]
    for one in errata:
        item = one.alteration.reference.item
        lines += wrapped(f"[{one.number}] {one_line(one.alteration.reference.source.name)}: {one_line(item.title)}")
        lines += wrapped(one_line(one.alteration.what), first="  ", rest="  ")
        for label, text in (("Before: ", one.alteration.before), ("After:  ", one.alteration.after)):
            if text:
                said = quoted(one_line(text), item.language)
                lines += wrapped(said, first=f"  {label}", rest=" " * 10)
        lines += [f"  {uri(item.url)}"] if item.url else []
        lines.append("")
    return "\n".join(lines)


def errata_page(errata: Sequence[Erratum], language: str, title: str) -> bytes:
    """The same as an HTML page."""
    parts = [f"<p>{escape(words(language).erratum.format(period=errata[0].period))}</p>"]
    for one in errata:
        item = one.alteration.reference.item
        said = escape(one_line(item.title))
        linked = f'<a href="{escape(uri(item.url))}">{said}</a>' if is_web(item.url) else said
        parts.append(f'<h2>[{one.number}] <span lang="{escape(item.language)}">{linked}</span></h2>')
        parts.append(f'<p class="by">{escape(one_line(one.alteration.reference.source.name))}</p>')
        parts.append(f"<p>{escape(one_line(one.alteration.what))}</p>")
        for label, text in (("Before", one.alteration.before), ("After", one.alteration.after)):
            if text:
                told = escape(quoted(one_line(text), item.language))
                parts.append(f'<p>{label}: <span lang="{escape(item.language)}">{told}</span></p>')
    return _page(title, "\n".join(parts))


def confirmation_text(title: str, address: str, url: str, language: str) -> str:
    """The request to confirm a subscription in plain text."""
    said = words(language)
    asked = said.confirm.format(title=one_line(title), address=address)
    return "\n".join([*wrapped(asked), "", url, "", *wrapped(said.ignore)])


def confirmation_page(title: str, address: str, url: str, language: str) -> bytes:
    """The same as an HTML page."""
    said = words(language)
    asked = escape(said.confirm.format(title=one_line(title), address=address))
    link = f'<p><a href="{escape(url)}">{escape(url)}</a></p>'
    return _page(title, f"<p>{asked}</p>\n{link}\n<p>{escape(said.ignore)}</p>")


def _page(title: str, inside: str) -> bytes:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(one_line(title))}</title>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(one_line(title))}</h1>\n{inside}\n</main>\n</body>\n</html>\n"
    ).encode()
