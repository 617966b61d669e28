"""Pages that answer as if all were well and say that they are not there: what tells them from a statement rewritten."""

# ruff: noqa: E501 - expressions are tables of words, and longer lines show more of one

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from briefing.text import fold

if TYPE_CHECKING:
    from briefing.model import Article

_PIECE = 6  # letters and digits that are compared together: about a word, in any script
_KEPT = 0.15  # share of a text that hardly any rewriting leaves less of
_ALIKE = 0.9
_SOUGHT = 500  # pieces of a text that are looked for
_READ = 200_000  # characters of a longest text that are compared
_NOTICE = 1_500  # characters: a page that says no more than that it is not there is short
_OPENING = 400  # characters in which it says so
_LETTERS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d{3,}")
_YEAR = re.compile(r"(?:19|20)\d\d")

_THING = r"(?:web ?)?(?:page|document|file|article|content|address|url|link|resource|item|publication|news item|entry|material|story|post)s?"
_LACKS = (
    r"(?:not (?:be )?(?:found|located|available|exist)|no longer (?:exists?|available|here|online)|(?:does not|doesn't) exist|"
    r"unavailable|missing|been (?:removed|moved|deleted|archived|taken down)|(?:was|were) (?:removed|moved|deleted))"
)
_SAID = re.compile(
    "|".join(
        (
            r"^(?:error:? )?404(?: error)?$|\b404\b.{0,20}(?:not found|error)|\berror 404\b|http 404",
            rf"\b{_THING}\b[^.!?]{{0,70}}\b{_LACKS}",
            rf"^not found$|(?:could not|couldn't|cannot|can't|unable to) (?:find|locate) (?:the|that|this|your|a)\b[^.!?]{{0,40}}\b{_THING}\b|"
            rf"\bno such (?:{_THING})\b|nothing (?:was |to be )?found here",
            r"(?:under|scheduled|undergoing|site|website|system|down for) maintenance|temporarily (?:unavailable|out of service|offline|down)|"
            r"service unavailable|be back (?:soon|shortly)|under construction",
            r"(?:страниц\w*|документ\w*|файл\w*|материал\w*|публикаци\w*|запись|новость|адрес\w*)[^.!?]{0,70}"
            r"(?:не (?:найден\w*|существует|обнаружен\w*|доступ\w*)|удал[её]н\w*|недоступ\w*|отсутствует|перемещ[её]н\w*|больше не)|"
            r"не найдено$|ошибка 404|технически(?:е|х) работ\w*|временно (?:недоступ\w*|не работает)|"
            r"сторінк\w*[^.!?]{0,50}(?:не (?:знайдено|існує)|видален\w*)|технічні роботи",
            r"(?:ページ|ファイル|ドキュメント|記事|url|資料|コンテンツ).{0,25}(?:見つかりません|みつかりません|見つかりませんでした|存在しません|"
            r"ありません|ございません|削除され|移動し|移動され|表示できません)|お探しの.{0,20}(?:見つか|ありません)|"
            r"メンテナンス(?:中|のため|作業)|サービス(?:を)?(?:一時)?停止|ただいま工事中|アクセスできません",
            r"(?:页面|頁面|网页|網頁|文件|文章|内容|信息).{0,20}(?:不存在|未找到|找不到|已删除|已被删除|已刪除|无法访问|無法)|"
            r"(?:找不到|未找到).{0,15}(?:页面|頁面|网页|網頁|文件)|系统维护|系統維護|网站维护",
            r"페이지.{0,20}(?:찾을 수 없|존재하지 않|삭제)|점검 중",
            r"seite[^.!?]{0,60}(?:nicht (?:gefunden|vorhanden|verfügbar)|existiert nicht|wurde (?:entfernt|gelöscht|verschoben))|wartungsarbeiten",
            r"(?:page|document|contenu)[^.!?]{0,60}(?:introuvable|n'existe (?:pas|plus)|n'est (?:pas|plus) disponible|a été (?:supprimée?|déplacée?))|"
            r"en (?:cours de )?maintenance",
            r"p[aá]gina[^.!?]{0,60}(?:no (?:se ha |fue )?(?:encontrad[ao]|existe|encontró)|não (?:foi )?(?:encontrada|existe)|non (?:è stata )?(?:trovata|esiste)|"
            r"eliminada|removida|rimossa)|en mantenimiento|em manutenção|in manutenzione",
            r"stron[ay][^.!?]{0,60}(?:nie (?:została )?(?:znalezion\w*|istnieje)|usunięt\w*)|przerwa techniczna|"
            r"sayfa[^.!?]{0,40}bulunamadı|الصفحة.{0,30}(?:غير موجودة|غير متوفرة)|"
            r"(?:sidan|siden|sivua|pagina)[^.!?]{0,50}(?:hittades inte|ikke funnet|blev ikke fundet|ei löy\w+|niet gevonden|bestaat niet)",
        )
    )
)


def words_of_absence(title: str, text: str) -> str:
    """The words by which a page says that it is not there, or not now; empty where it says something else."""
    for line, most in ((title, _OPENING), (text[:_OPENING] if len(text) <= _NOTICE else "", _OPENING)):
        folded = fold(line)[:most]
        if found := _SAID.search(folded):
            return found[0][:80]
    return ""


def lost(before: str, after: str) -> bool:
    """Whether nearly nothing of a text is left in what stands in its place."""
    return bool(_LETTERS.sub("", before)) and bool(after) and _kept(before, after) < _KEPT


def alike(one: Article, other: Article) -> bool:
    """Whether two pages say the same, but for a word that names what was asked for."""
    return bool(one.text) and min(_kept(one.text, other.text), _kept(other.text, one.text)) >= _ALIKE


def _kept(before: str, after: str) -> float:
    """Which share of a text's pieces stands in another; of a long one pieces from all over it are looked for."""
    letters, among = (_LETTERS.sub("", fold(text[:_READ])) for text in (before, after))
    places = range(0, max(1, len(letters) - _PIECE + 1), max(1, len(letters) // _SOUGHT))
    pieces = {letters[at : at + _PIECE] for at in places}
    return sum(piece in among for piece in pieces) / len(pieces)


def neighbour(url: str) -> str:
    """An address beside another at which nothing can stand; the same for the same address, empty where there is none.

    All that may name the page is another: the last part of the path, numbers before it, and the last value of a query.
    """
    strange = hashlib.sha256(url.encode()).hexdigest()
    parts = urlsplit(url)
    if parts.query:
        name, sign, _ = parts.query.rpartition("=")
        query = f"{name}{sign}{int(strange[:7], 16) + 10**9 if sign else strange[:12]}"
        return urlunsplit(parts._replace(query=query, fragment=""))
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    if not last:
        return ""
    folder = _NUMBER.sub(lambda found: found[0] if _YEAR.fullmatch(found[0]) else _digits(strange, found[0]), folder)
    stem, dot, ending = last.rpartition(".")
    name = f"{strange[:12]}.{ending}" if dot and stem and ending.isalnum() else strange[:12]
    slash = "/" if parts.path.endswith("/") else ""
    return urlunsplit(parts._replace(path=f"{folder}/{name}{slash}", query="", fragment=""))


def _digits(strange: str, number: str) -> str:
    return "9" + str(int(strange, 16))[: len(number)]
