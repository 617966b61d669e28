"""The body of an article as a flat list of blocks, rid of what surrounds a text: title, date, menus, links back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lxml.html
from lxml import etree

from briefing.sources import dates
from briefing.sources.drafts import is_invitation
from briefing.sources.markup import text_of
from briefing.text import same_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CONTAINERS = frozenset(
    [
        "div",
        "section",
        "article",
        "main",
        "center",
        "body",
        "aside",
        "header",
        "footer",
        "nav",
        "details",
        "td",
        "th",
        "tr",
        "table",
        "tbody",
        "thead",
        "tfoot",
    ]
)
_BLOCKS = (
    _CONTAINERS
    | HEADINGS
    | frozenset(["p", "ul", "ol", "dl", "blockquote", "pre", "figure", "hr", "address", "dd", "dt", "li", "summary"])
)
_RELATED = re.compile(
    r"(?:related (?:links?|information|articles?|content|documents?|publications?|news|topics?|posts?|pages?)|"
    r"featured content|see also|you (?:may|might) also like|more (?:on this|from)|further (?:reading|information)|"
    r"share(?: this.*)?|tags?|read also|recommended|most read|latest news|newsletter|follow us|comments?|"
    r"関連(?:リンク|情報|記事|ページ|資料|コンテンツ)|あわせて読みたい|この記事を(?:シェア|共有)(?:する)?|シェア(?:する)?|"
    r"читайте (?:также|ещё)|(?:материалы )?по теме|похожие (?:материалы|новости)|смотрите также|поделиться|теги|"
    r"читайте також|також по темі|поділитися|схожі новини|"
    r"siehe auch|mehr zum thema|weitere (?:informationen|artikel|meldungen)|verwandte artikel|teilen|schlagwörter|"
    r"(?:à|a) lire aussi|voir aussi|pour aller plus loin|articles (?:liés|associés)|partager|sur le même sujet|"
    r"(?:véase|ver|lea) también|(?:artículos|noticias|contenidos?) relacionad[oa]s?|compartir|etiquetas|"
    r"leggi anche|vedi anche|articoli correlati|condividi|"
    r"(?:veja|leia|ver) também|(?:artigos|notícias) relacionad[oa]s|"
    r"partilhar|compartilhar|zobacz (?:też|także)|czytaj (?:też|także)|powiązane(?: artykuły)?|udostępnij|"
    r"ilgili (?:haberler|içerikler)|paylaş|相关(?:新闻|链接|阅读|文章)|延伸阅读|分享|相關(?:新聞|連結|文章)|延伸閱讀|"
    r"관련\s?(?:기사|링크|정보)|공유(?:하기)?)\s*[:：»>…]*",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"[«‹<←▲△]?\s*(?:back(?: to\b.*)?|(?:return|go) to\b.*|top of page|to top|"
    r"print(?: (?:this )?page|able version)?|назад|"
    r"вернуться\b.*|наверх|версия для печати|до списку|до початку|повернутися\b.*|"
    r"zurück\b.*|nach oben|drucken|retour\b.*|"
    r"haut de page|imprimer|volver\b.*|imprimir|torna\b.*|indietro|stampa|voltar\b.*|powrót\b.*|wstecz|drukuj|geri|"
    r".*(?:へ|に)?戻る|ページ(?:の先頭|トップ)(?:へ|に)?.*|印刷(?:する)?|返回.*|打印.*|목록(?:으로)?|인쇄)\s*[»›>→▲]?",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"(?:©|\(c\)\s|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"todos los derechos reservados|tutti i diritti riservati|wszelkie prawa zastrzeżone|všechna práva vyhrazena|"
    r"tüm hakları saklıdır|все права защищены|усі права захищено|جميع الحقوق محفوظة|bản quyền|版[权權]所有|"
    r"無断転載)",
    re.IGNORECASE,
)
_BARS = re.compile(r"\s*[|｜·•]\s*")
_SHORT = 120  # characters: longer blocks are text, whatever they look like
_DATE_LINE = 60
_LOOKED_AT = 10  # blocks from the top among which the title is sought
_NEAR = 3  # blocks on either side of the title
_TAIL_SHARE = 0.3  # of a text that may stand after a "related" heading and be cut


@dataclass(slots=True)
class Block:
    """A paragraph, heading, list or the like: its element, its plain text, and how much of that is links."""

    element: Any
    text: str
    linked: int

    @property
    def only_link(self) -> bool:
        """Whether there is nothing in it but links."""
        return len(self.text) < _SHORT and self.linked >= len(re.sub(r"[\W_]", "", self.text))

    @property
    def heading(self) -> bool:
        """Whether it is a heading."""
        return self.element.tag in HEADINGS


def flat(html: str) -> list[Block]:
    """The blocks of clean HTML, containers opened and loose text made paragraphs; empty ones left out."""
    if not html.strip():
        return []
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    blocks = (_block(element) for element in _opened(root))
    return [block for block in blocks if block.text]


def _block(element: Any) -> Block:
    text = text_of(lxml.html.tostring(element, encoding="unicode", with_tail=False))
    linked = sum(len(re.sub(r"[\W_]", "", "".join(link.itertext()))) for link in element.iter("a"))
    return Block(element, text, linked)


def _opened(container: Any) -> Iterator[Any]:
    """The blocks under an element, in order; runs of text and inline elements between them as paragraphs."""
    run = _paragraph(container.text)
    broken = False  # the run ends with a line break: two part paragraphs
    for child in list(container):
        tail, child.tail = child.tail, None
        if child.tag in _BLOCKS or _holds_blocks(child):
            yield run
            if _is_container(child):
                yield from _opened(child)
            else:
                yield child
            run = _paragraph(tail)
        elif child.tag == "br" and broken:
            yield run
            run = _paragraph(tail)
        else:
            run.append(child)
            child.tail = tail
        broken = child.tag == "br" and not (tail or "").strip()
    yield run


def _paragraph(text: str | None) -> Any:
    paragraph = lxml.html.Element("p")
    paragraph.text = text
    return paragraph


def _holds_blocks(element: Any) -> bool:
    return next(element.iter(*_BLOCKS), None) is not None


def _is_container(element: Any) -> bool:
    """Whether an element only arranges others: a table of figures does not, a table around paragraphs does."""
    if element.tag in {"table", "tbody", "tr", "thead", "tfoot"}:
        return next(element.iter("p", "div", "h1", "h2", "h3", "ul", "section", "article"), None) is not None
    return element.tag in _CONTAINERS or element.tag not in _BLOCKS


def trimmed(blocks: list[Block], titles: Iterable[str]) -> list[Block]:
    """The blocks without what stands before the text proper and what follows it.

    `titles` are the names that the item and its section go by.
    """
    names = {same_words(title) for title in titles if title}
    start, end = 0, len(blocks)
    for number, block in enumerate(blocks[:_LOOKED_AT]):
        if same_words(block.text) in names and all(len(before.text) < _SHORT for before in blocks[:number]):
            start = number + 1
    while start < end and _before_text(blocks[start], names):
        start += 1
    end = _related(blocks, start, end)
    while end > start and _after_text(blocks[end - 1]):
        end -= 1
    return blocks[start:end]


def date_beside(blocks: list[Block], titles: Iterable[str]) -> str:
    """The first line near the item's title that says nothing but a date; empty where there is none."""
    names = {same_words(title) for title in titles if title}
    for number, block in enumerate(blocks):
        if same_words(block.text) in names:
            near = [*blocks[number + 1 : number + 1 + _NEAR], *blocks[max(number - _NEAR, 0) : number]]
            for candidate in near:
                for line in candidate.text.split("\n"):
                    if len(line) <= _DATE_LINE and not candidate.only_link and _is_date(line):
                        return line
    return ""


def _before_text(block: Block, names: set[str]) -> bool:
    text = block.text
    if block.element.tag == "h1" or block.only_link:
        return True
    if len(text) > _SHORT:
        return same_words(text) in names
    return bool(same_words(text) in names or _BACK.fullmatch(text) or (len(text) <= _DATE_LINE and _is_date(text)))


def _after_text(block: Block) -> bool:
    text = block.text
    if block.only_link or block.heading:
        return True
    if len(text) > _SHORT:
        return False
    surrounding = _BACK.fullmatch(text) or _RELATED.fullmatch(text) or _RIGHTS.match(text)
    return bool(surrounding or (block.linked and is_invitation(text)))


def _is_date(text: str) -> bool:
    """Whether a line says nothing but a date, or does between bars (`4 June | The keeper | 7 comments`)."""
    return any(_only_date(part) for part in _BARS.split(text))


_CJK_DATED = re.compile(r"[年月日時分曜火水木金土令和平成昭元午前後公開更新発表掲載付投稿作成发布發布]")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_FEW = 4  # signs beside a date, such as the name of a section


def _only_date(text: str) -> bool:
    if text.endswith(("。", "！", "？")) or len(_CJK.findall(_CJK_DATED.sub("", text))) > _FEW:
        return False  # a sentence without spaces would pass for one word
    understood = dates.understand(text, zone=None, language=None, origin="page")
    words = re.findall(r"[^\W\d_]{4,}", text)
    return understood.precision in {"day", "minute", "month"} and len(words) <= len(("weekday", "month", "published"))


def _related(blocks: list[Block], start: int, end: int) -> int:
    """Where the text ends because a heading for something else follows, with little behind it."""
    whole = sum(len(block.text) for block in blocks[start:end])
    after = 0
    cut = end
    for number in range(end - 1, start, -1):
        after += len(blocks[number].text) - blocks[number].linked
        if after > _TAIL_SHARE * whole:
            break
        if len(blocks[number].text) <= _SHORT and _RELATED.fullmatch(blocks[number].text):
            cut = number
    return cut


def html_of(blocks: list[Block]) -> str:
    """The blocks as HTML again."""
    return "\n".join(
        etree.tostring(block.element, encoding="unicode", method="html", with_tail=False) for block in blocks
    )
