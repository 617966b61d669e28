"""An item's own page: its title, main text and date, by the source's `article` rules or found automatically."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import lxml.html

from briefing.errors import ParseError
from briefing.model import UNDATED, Article, ArticleRules
from briefing.noise import is_market
from briefing.sources import addresses, dates, kin, maintext, pdf, picking, trimming
from briefing.sources.markup import Cleaner, bounded, line_of, text_of
from briefing.text import one_line, same_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.model import Fetched, Published, Source

_PARTS = re.compile(r"\s+[|｜–—·•»«/]\s+|\s+-\s+|\s*::\s*|[|｜]")
_STAMPS = (
    'meta[property="article:published_time"]@content',
    'meta[name="article:published_time"]@content',
    '[itemprop="datePublished"]@content',
    '[itemprop="datePublished"]@datetime',
    'meta[name="DC.date.issued"]@content',
    'meta[name="DC.Date"]@content',
    'meta[name="DC.date"]@content',
    'meta[name="dc.date"]@content',
    'meta[name="dcterms.date"]@content',
    'meta[name="dcterms.created"]@content',
    'meta[name="pubdate"]@content',
    'meta[name="PubDate"]@content',
    'meta[name="publishdate"]@content',
    'meta[name="publish-date"]@content',
    'meta[name="publication_date"]@content',
    'meta[name="date"]@content',
    "article time[datetime]@datetime",
    "main time[datetime]@datetime",
    "time[datetime]@datetime",
)
_CAPTIONED = re.compile(
    r"(?:^|[\s_-])(?:(?:photo|image|img|picture|wp|media|figure|foto)[_-]?)?(?:caption|captions|figcaption)(?:$|[\s_-])|"
    r"(?:photo|image|picture|foto)[_-]?(?:credit|credits|legend|description|desc)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TICKER = re.compile(
    r"(?:^|[\s_-])(?:rates?|currency|currencies|exchange|kurs\w*|forex|fx|tickers?|informers?|quotes|markets?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FEW_INSIDE = 60  # elements
_CAPTION = 300  # characters of a longest caption
_LINKED_DATA = 'script[type="application/ld+json"]'
_NO_RULES = ArticleRules()


def read(source: Source, fetched: Fetched) -> Article:
    """Read an item's own page.

    Raises:
        ParseError: the answer is no web page (`not-a-feed`), or it holds no text (`unparsable`).
    """
    if pdf.is_pdf(fetched.body):
        return pdf.read(fetched)
    rules = source.article or _NO_RULES
    root, base, _ = picking.page_of(fetched, "an article")
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    cleaner = Cleaner(base)
    named, headings = _names(root)
    title = (picking.first_line(root, rules.title) if rules.title else "") or named
    claims = _claims(rules, root, cleaner, (title, named))
    published = _published(source, rules, claims, fetched.final_url, language)
    related = kin.of_page(root, base, fetched.final_url)
    for element in root.xpath("//*[@hidden or contains(@style, ':')]"):
        if maintext.is_unseen(element):
            _remove(element)
    _drop_tickers(root)
    for selector in rules.drop:
        for element in picking.elements(root, selector):
            _remove(element)
    blocks = _configured(root, rules, cleaner, (title, named)) or maintext.find(
        root, base, cleaner, (title, named, *headings)
    )
    html = cleaner.html(trimming.html_of(blocks))
    html, text = bounded(html, text_of(html))
    if not text:
        raise ParseError(
            f"no text could be found in the page {fetched.final_url}; name its element under article.body",
            failure="unparsable",
        )
    return Article(title=title, text=text, html=html, published=published, language=language, kin=related)


def _configured(root: Any, rules: ArticleRules, cleaner: Cleaner, titles: tuple[str, ...]) -> list[trimming.Block]:
    if not rules.body:
        return []
    found = _outermost(root, rules.body)
    for element in found:
        _mark_captions(element)
    held = [lxml.html.tostring(element, encoding="unicode", with_tail=False) for element in found]
    return trimming.trimmed(trimming.flat(cleaner.html("\n".join(held))), titles)


def _drop_tickers(body: Any) -> None:
    """Leave out what a page names as its ticker and what holds exchange rates alone: such a table is no statement."""
    for element in list(body.iter("table", "div", "ul", "p")):
        named = f"{element.get('class', '')} {element.get('id', '')}"
        if _TICKER.search(named) and _is_small(element) and is_market(" ".join(element.itertext())):
            _remove(element)


def _is_small(element: Any) -> bool:
    """Whether few elements stand under one: what is nested by the thousand is not read over and over."""
    return next(islice(element.iter(), _FEW_INSIDE, None), None) is None


def _mark_captions(body: Any) -> None:
    """Put what a page names as the caption of a picture into the element that is meant for that."""
    for element in list(body.iter("p", "div", "span")):
        named = f"{element.get('class', '')} {element.get('id', '')}"
        if element is body or not _CAPTIONED.search(named) or element.getparent() is None or not _is_small(element):
            continue
        if len(element.text_content()) <= _CAPTION and next(element.iterancestors("figure"), None) is None:
            figure = lxml.html.Element("figure")
            figure.tail, element.tail = element.tail, None
            element.getparent().replace(element, figure)
            figure.append(element)
            element.tag = "figcaption"


def _outermost(root: Any, selector: str) -> list[Any]:
    found = picking.elements(root, selector)
    chosen = set(found)
    return [element for element in found if chosen.isdisjoint(element.iterancestors())]


def _remove(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


# ---------------------------------------------------------------- title


def _names(root: Any) -> tuple[str, list[str]]:
    """The title that a page has of its own, and the texts of its first-level headings (which may name its section)."""
    whole = picking.first_line(root, "head title") or picking.first_line(root, "title")
    parts = [part for part in _PARTS.split(whole) if part.strip()]
    site = picking.first_line(root, 'meta[property="og:site_name"]')
    headings = [text for element in picking.elements(root, "h1, h2, h3") if (text := picking.line(element))]
    firsts = [text for element in picking.elements(root, "h1") if (text := picking.line(element))]
    for selector in ('meta[property="og:title"]', 'meta[name="twitter:title"]'):
        told = _without_site(line_of(picking.first_line(root, selector), markup=True), site, headings)
        if told and same_words(told) not in {same_words(site), *(same_words(part) for part in parts[1:])}:
            return told, firsts
    return _without_site(whole, site, headings) or (firsts[0] if firsts else ""), firsts


def _without_site(whole: str, site: str, headings: list[str]) -> str:
    """A page's title without the name of the site: as far as a heading repeats it, or the site is known."""
    opening = same_words(whole)
    for heading in headings:
        if opening == same_words(heading):
            return heading
    for heading in sorted(headings, key=len, reverse=True):
        same = same_words(heading)
        if same and (opening.startswith(same) or opening.endswith(same)) and _PARTS.search(whole):
            return heading
    parts = list(_PARTS.finditer(whole))
    if not parts:
        return whole
    first, last = whole[: parts[0].start()].strip(), whole[parts[-1].end() :].strip()
    if site and same_words(first) == same_words(site):
        return whole[parts[0].end() :].strip()
    # A bar parts title and site; a dash may stand in the title itself.
    if (site and same_words(last) == same_words(site)) or parts[-1].group().strip() in {"|", "｜", "::", "·", "•", "«"}:
        return whole[: parts[-1].start()].strip()
    return whole


# ---------------------------------------------------------------- date


def _published(source: Source, rules: ArticleRules, claims: Iterator[str], url: str, language: str | None) -> Published:
    """The first date that is understood, else the first that is claimed, else the one in the address."""
    claimed = UNDATED
    for number, raw in enumerate(claims):
        published = dates.understand(
            raw,
            zone=source.timezone,
            language=source.language or language,
            pattern=rules.date_format if number == 0 and rules.date else None,
            origin="page",
        )
        if published.value:
            return published
        claimed = claimed if claimed.raw else published
    by_address = addresses.date_in(url)
    return by_address if by_address.value else claimed


def _printed(root: Any, cleaner: Cleaner, titles: tuple[str, ...]) -> str:
    """The line beside the title that says nothing but a date."""
    body = root.find("body")
    if body is None:
        return ""
    blocks = trimming.flat(cleaner.html(lxml.html.tostring(maintext.bared(body), encoding="unicode", with_tail=False)))
    return trimming.date_beside(blocks, titles)


def _claims(rules: ArticleRules, root: Any, cleaner: Cleaner, titles: tuple[str, ...]) -> Iterator[str]:
    if rules.date and (raw := picking.first_date(root, rules.date)):
        yield raw
    for script in picking.elements(root, _LINKED_DATA):
        yield from _linked_dates(script.text_content())
    for selector in _STAMPS:
        if raw := picking.first_line(root, selector):
            yield raw
    if raw := _printed(root, cleaner, titles):
        yield raw


def _linked_dates(text: str) -> Iterator[str]:
    """`datePublished` in JSON-LD (schema.org), wherever it stands."""
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        held = waiting.pop(0)
        if isinstance(held, dict):
            if isinstance(raw := held.get("datePublished"), str) and raw.strip():
                yield one_line(raw)
            waiting += held.values()
        elif isinstance(held, list):
            waiting += held
