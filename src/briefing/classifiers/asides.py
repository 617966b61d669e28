"""What stands beside a text and says nothing of its subject; and what a sentence says of itself that it is about."""

from __future__ import annotations

import re
from functools import cached_property

_LONG = 200  # characters: a line as long as this, with a stop at its end, is a paragraph
_AUTHOR = 300  # a note on the author is no longer
_HEADING = 80
_EDGE = 3  # lines from either end among which such a note is looked for
_LINKS = 3  # signs between links that make a line a menu

_CAPTION = re.compile(
    r"(?i)(?:photo(?:graph)?s?|image|picture|figure|fig\.|caption|фото(?:графия)?|рис\.|снимок|写真|画像|図|照片|图|사진"
    r"|bild|foto|crédits? photo)(?: by| credit| courtesy[^:]{0,20}| \d{1,3}| ?[:：©]|[:：])"
)
_FOOTER = re.compile(
    r"(?i)(?:©|\(c\) ?\d{4}|copyright\b|all rights reserved|the post .{1,200} appeared first on\b|все права защищены"
    r"|無断転載|版权所有|subscribe to|sign up for|follow us|подпишитесь|подписывайтесь"
    r"|(?:tags?|keywords|filed under|теги|метки|ключевые слова|タグ|キーワード|关键词)\s?[:：])"
)
_RELATED = re.compile(
    r"(?i)(?:related(?: (?:articles?|links?|posts?|stories|content|documents?|materials?|reading|news))?|see also"
    r"|read (?:also|more|next)|also read|further reading|more (?:on|from|about) .{1,60}|recommended(?: reading)?"
    r"|(?:most|latest) (?:read|popular|news)|featured content|читайте также|читать также|смотрите также|по теме"
    r"|материалы по теме|другие материалы|похожие (?:материалы|новости|статьи)|関連(?:記事|リンク|情報|ページ|資料)"
    r"|あわせて読みたい|おすすめ記事|相关(?:新闻|阅读|链接)|관련 ?기사|siehe auch|voir aussi|lire aussi|ver también"
    r"|leggi anche|leia também)\s*[:：]?\s*"
)
_ROLE = re.compile(
    r"(?i)\b(?:research(?:er| fellow| associate| director)|(?:senior |visiting )?(?:fellow|professor)"
    r"|associate professor|analyst|columnist|correspondent|lecturer|the author (?:is|was)|about the authors?|ph\.?d"
    r"|is (?:a|an|the) member of"
    r"|научн\w+ сотрудник|сотрудник\w? |профессор|доцент|кандидат \w+ наук|доктор \w+ наук|обозреватель|аналитик"
    r"|об авторе|автор[:：])|(?:教授|研究員|研究主幹|客員|記者|著者|筆者|プロフィール)"
)
_NAME_FIRST = re.compile(r"(?:[A-ZА-ЯЁ][\w.'’-]*,? ){1,4}(?:[-–—,(]|is |was |—)|[^。、]{2,20}[\s（(、・]")
_OPENING_WORD = re.compile(r"(?i)(?:by|about the authors?|the authors?|author|автор|об авторе|著者|筆者)\b[:：]?")
_SEPARATORS = re.compile(r" [|›»•·/] |[|›»]")

_ANNOUNCING = re.compile(
    r"(?i)(?:with (?:regard|respect|reference) to|in regard to|regarding|concerning|as regards|as for|turning to"
    r"|on the (?:issue|question|subject|topic|matter)s? of|что касается|в отношении|относительно|касаясь"
    r"|по (?:вопросу|теме|проблеме)|à propos d|concernant|en ce qui concerne|s'agissant d|hinsichtlich|bezüglich|was "
    r"|con respecto a|en cuanto a|respecto (?:a|de)|quanto a|per quanto riguarda|em relação a|щодо|стосовно"
    r"|jeśli chodzi o|co do)\b"
)
_ANNOUNCED = re.compile(r"(?:については|についても|に関しては|に関しても|につきましては|をめぐっては|关于|就)")
_CLAUSE = re.compile(r"[,，、;；]")
_REACH = 160  # characters within which what is announced stands


class Asides:
    """The lines of a text that are beside it: captions, menus, footers, notes on the author, links to other texts."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._told: dict[int, bool] = {}

    def hold(self, start: int, end: int) -> bool:
        """Whether the line text[start:end] is one of them."""
        if start not in self._told:
            self._told[start] = self._is(start, end)
        return self._told[start]

    def _is(self, start: int, end: int) -> bool:
        line = self._text[start:end].strip()
        return start in self._under_links or _beside(line, edge=len(line) <= _AUTHOR and self._at_edge(start, end))

    def _at_edge(self, start: int, end: int) -> bool:
        before, after = self._text.count("\n", 0, start), self._text.count("\n", end)
        return min(before, after) < _EDGE and before + after > 0

    @cached_property
    def _under_links(self) -> frozenset[int]:
        """Where the lines begin that stand under a heading over links, down to the next paragraph."""
        found, start, related = set(), 0, False
        for line in self._text.split("\n"):
            if related or len(line) <= _HEADING:
                said = line.strip()
                related = _related(said) or (related and not _paragraph(said))
                if related:
                    found.add(start)
            start += len(line) + 1
        return frozenset(found)


def _related(line: str) -> bool:
    """Whether a line is a heading over links to other texts; they end where a paragraph begins."""
    found = _RELATED.match(line)
    return found is not None and found.end() == len(line)


def _paragraph(line: str) -> bool:
    return len(line) >= _LONG and line[-1] in ".!?…。！？"


def _beside(line: str, *, edge: bool) -> bool:
    if _CAPTION.match(line) or _FOOTER.match(line):
        return True
    if (found := _RELATED.match(line)) and line[: found.end()].rstrip().endswith((":", "：")):
        return True
    if len(line) < _LONG and len(_SEPARATORS.findall(line)) >= _LINKS:
        return True
    return edge and _on_author(line)


def _on_author(line: str) -> bool:
    """Whether a line names somebody first and then what he is; or says that it is about the author."""
    named = _NAME_FIRST.match(line) or _OPENING_WORD.match(line)
    return named is not None and _ROLE.search(line) is not None


def announced(sentence: str, start: int, end: int, language: str) -> bool:
    """Whether sentence[start:end] stands where a sentence says what it is about: "With regard to the lights, ...".

    Readouts without headings go from subject to subject by such openings.
    """
    if start > _REACH:
        return False
    if language in ("ja", "zh"):
        clause = _CLAUSE.search(sentence, end)
        return bool(_ANNOUNCED.search(sentence, end if language == "ja" else 0, clause.start() if clause else end))
    if _ANNOUNCING.match(sentence) is None:
        return False
    clause = _CLAUSE.search(sentence)
    return clause is not None and end <= clause.start()
