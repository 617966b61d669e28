"""Pure text work that several rooms share: cleaning, folding, sentences, excerpts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# XML 1.0, section 2.2: everything else would make our own feeds ill-formed. Surrogates cannot be encoded at all.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Unicode Standard Annex 9: what turns the direction of all that follows on a line, ours with theirs. The marks of a
# single place (U+200E, U+200F, U+061C) turn nothing but what stands beside them, and stay.
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_TURNS = re.compile(f"[{_TURNING}]")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_INVISIBLE = "\u00ad\u200b\u2060\ufeff" + _TURNING
_SPACE = re.compile(r"\s+")

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u02bc\u2032\uff07`\u00b4"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02"
_ALIKE = dict.fromkeys(_DASHES, "-") | dict.fromkeys(_SINGLE_QUOTES, "'") | dict.fromkeys(_DOUBLE_QUOTES, '"')

# Scripts written without spaces between words: Han, kana, Hangul (its words take endings), Thai, Lao, Khmer, Burmese.
UNSPACED = frozenset({"ja", "zh", "ko", "th", "lo", "km", "my"})
_CJK = frozenset({"ja", "zh"})


def clean(text: str) -> str:
    """Drop what no XML document may hold: control characters and lone surrogates."""
    return text if _may_be_held(text) else _FORBIDDEN.sub("", text)


def _may_be_held(text: str) -> bool:
    """Whether XML may hold a text as it is: bytes are looked through in a third of the time of an expression."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return False
    return len(raw.translate(None, _CONTROLS)) == len(raw) and "\ufffe" not in text and "\uffff" not in text


def unturned(text: str) -> str:
    """Drop the signs that turn the direction of what follows: an address or a name could read as another."""
    return _TURNS.sub("", text) if any(map(text.__contains__, _TURNING)) else text


def one_line(text: str) -> str:
    """Fold all white space to single spaces and drop invisible characters: titles, names."""
    text = text.replace("\n", " ")
    if "  " not in text and text.isprintable():  # so it holds no white space but U+0020, and nothing invisible
        return text.strip()
    return " ".join(_visible(clean(text)).split())


def blocks(text: str) -> str:
    """Fold white space inside lines and drop empty lines: one paragraph a line."""
    lines = text.split("\n")
    if not all(map(str.isprintable, lines)):
        lines = _visible(clean(text)).split("\n")
        lines = [" ".join(line.split()) for line in lines]
    elif "  " in text:  # printable: no white space but U+0020 is in any line
        lines = [" ".join(line.split()) if "  " in line else line for line in lines]
    return "\n".join(filter(None, map(str.strip, lines)))


def _visible(text: str) -> str:
    if not text.isascii():
        for sign in _INVISIBLE:
            text = text.replace(sign, "")
    return text


def fold(text: str) -> str:
    """The form in which phrases are sought: NFKC, dashes and quotation marks made alike, case folded, one space.

    Unicode Standard Annex 15 (NFKC) and section 3.13 (case folding); `ё` is written `е` as Russian print does.
    """
    if text.isascii():
        text = text.lower().replace("`", "'")
    else:
        raw = _by_letters(text, b"", _folded_letter)
        text = _folded(text) if raw is None else raw.decode(errors="surrogatepass")
    text = text.replace("\n", " ")
    return text if "  " not in text and text.isprintable() else _SPACE.sub(" ", text)


def _folded(text: str) -> str:
    text = _alike(text)
    if (normal := unicodedata.normalize("NFKC", text)) != text:
        text = _alike(normal)
    return text.casefold().replace("ё", "е")


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    return _folded(letter)


@lru_cache(maxsize=4096)
def _same_letter(letter: str) -> str:
    return _same_signs("".join(letter.split()))


def _by_letters(text: str, dropped: bytes, folded: Callable[[str], str]) -> bytes | None:
    """Fold a text that is nearly all ASCII: bytes are made small at once, and each other letter wherever it stands.

    That is a fifth of the work of `folded`. None where letters are many, or one may melt into its neighbour.
    """
    raw = text.encode(errors="surrogatepass")
    if len(raw) - len(text) > _FEW * len(raw):
        return None
    letters = _letters(raw)
    if not all(map(_stands_alone, letters)):
        return None
    raw = raw.translate(_SMALL, dropped)
    for letter in letters:
        if (plain := folded(letter)) != letter:
            raw = raw.replace(letter.encode(errors="surrogatepass"), plain.encode(errors="surrogatepass"))
    return raw


@lru_cache(maxsize=4)  # a title and its text are asked about several times in turn
def foreign_letters(text: str) -> frozenset[str]:
    """The letters of a text that are not ASCII, each once."""
    return frozenset() if text.isascii() else frozenset(_letters(text.encode(errors="surrogatepass")))


def _letters(raw: bytes) -> set[str]:
    return set(raw.translate(None, _ASCII).decode(errors="surrogatepass"))


_ASCII = bytes(range(128))
_SMALL = bytes(range(256)).lower().replace(b"`", b"'")
_SPACES = b"\t\n\v\f\r\x1c\x1d\x1e\x1f "
_FEW = 0.05  # of the bytes: each other letter takes one to three more than an ASCII one


@lru_cache(maxsize=4096)
def _stands_alone(letter: str) -> bool:
    """Whether a letter takes no part in those beside it under NFKC: no mark, no piece of a Hangul syllable."""
    first = unicodedata.normalize("NFKD", letter)[0]
    return unicodedata.category(first)[0] != "M" and not "\u1100" <= first <= "\u11ff" and first != "\U00016d67"


def _alike(text: str) -> str:
    for sign, plain in _ALIKE.items():  # a search each is several times as fast as one expression or table
        text = text.replace(sign, plain)
    return text


def same_words(text: str) -> str:
    """The form in which two versions are compared: folded, without any white space or invisible character."""
    return _same_bytes(text).decode(errors="surrogatepass")


def _same_bytes(text: str) -> bytes:
    if (raw := _by_letters(text, _SPACES, _same_letter)) is not None:
        return raw
    joined = "".join(text.replace(" ", "").replace("\n", "").split())
    return _same_signs(joined).encode(errors="surrogatepass")


def _same_signs(text: str) -> str:
    return "".join(_folded(_visible(text)).split())


PRINTS = 4  # raised when `print_of` or `exact_print` gives another print for the same text


def print_of(text: str) -> str:
    """A short print of what a reader would notice: alike for texts that differ in white space and signs only."""
    return _print_again(text) if len(text) < _LONG else _print(text)


def _print(text: str) -> str:
    return hashlib.sha256(_same_bytes(text)).hexdigest()[:32]


# The same words are asked for several times on their way into the log, those of some dozens of feeds in turn.
_print_again = lru_cache(maxsize=4096)(_print)
_LONG = 20_000  # characters: of longer texts no thousands are held


EXACT = "="
"""How a print begins that only the very same characters give; alone it stands for the words beside it."""


def exact_print(text: str, html: str = "") -> str:
    """A print that costs next to nothing; of what it tells apart, `noise.text_print` may say that nobody notices."""
    return EXACT + hashlib.sha256(f"{text}\n{html}".encode(errors="surrogatepass")).hexdigest()[:32]


def fingerprint(title: str, text: str) -> str:
    """SHA-256 (hexadecimal) over title and text as held: what a citation names."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


# ---------------------------------------------------------------- sentences

_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gen col lt sgt capt adm gov sen rep rev hon st jr sr vs etc no nos vol fig pp p art sec ch
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun dept univ inc ltd co corp eg ie cf al
    u.s u.k u.n e.g i.e a.m p.m ph.d
    г гг в вв р руб коп тыс млн млрд трлн ул пр д стр с т п пп ст им т.е т.д т.п т.н см др проф акад ген
    напр гл ред обл р-н хв грн дир зам кв эт
    ee uu dott sig avv ecc
    z.b bzw ca dr nr str abs art vgl usw mio mrd m mme mlle mm av bd p.ej sra srta ud uds núm pág
    para paras dra geb gest fa godz ust tj tzn tzw inż ks hab nt""".split()  # noqa: SIM905 - a table of words reads better so
)
# Abbreviations with which a sentence may end: it does where a word that begins one follows.
_LAST_WORDS = frozenset({"a.m", "p.m", "u.s", "u.k", "u.n", "etc", "inc", "ltd", "co", "corp", "jr", "sr"})
_FIRST_WORDS = re.compile(
    r"\s+[\"“‘(]*(?:The|This|That|These|Those|He|She|It|They|We|You|In|On|At|But|And|As|After|Before|During|When|While|"
    r"There|Nobody|According|However|Both|All|A|An|His|Her|Its|Their|Our|I)\s"
)
# In German the number of a day ends with a stop: 3. Oktober.
_DAY_OF = re.compile(
    r"\s+(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
# And so does that of anything else behind an article: die 2. Runde.
_ORDINAL = re.compile(r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Zz]u[mr]|[Ii]m|[Aa]m|[Vv]om)\s\d{1,2}$")
# What goes on behind a quotation in Japanese: 「…。」と述べた.
_GOES_ON = frozenset("。!?！？とをがはにへのでもやなっ、,，」』）)")
_STOPS = ".!?…"
# What was asked or called out goes on: 本当か！と聞いた.
_SAID_SO = re.compile(r"[!?！？]と(?![こはもにり])")
_CJK_END = re.compile(r"[。!?！？][」』）)】〉》”’]*")
# The look behind keeps a long run of stops from being tried from each of its stops anew; it stands behind the first
# because an expression that begins with a set is searched for several times as fast.
_END = re.compile(
    r"""([.!?…؟](?<![.!?…؟]{2})[.!?…؟]*)(["'»”’)\]]*)(\s+)(?=(?:["'“„‘(\[¿¡]|«\s?)*[^\W_a-zа-яёß-öø-ÿ])"""
)


def sentence_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Where the sentences of a text stand, as pairs of start and end; a line always ends one.

    Own rules for Latin, Cyrillic and CJK scripts with a list of abbreviations; white space between sentences belongs
    to none.
    """
    return list(_spans(text, language))


def _spans(text: str, language: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        cuts = _cjk_cuts(line) if language in _CJK else _cuts(line)
        begin = 0
        for cut in chain(cuts, (len(line),)):
            piece = line[begin:cut]
            if stripped := piece.strip():
                lead = len(piece) - len(piece.lstrip())
                yield start + begin + lead, start + begin + lead + len(stripped)
            begin = cut
        start += len(line) + 1


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text, in order."""
    return [text[start:end] for start, end in sentence_spans(text, language)]


def _cjk_cuts(line: str) -> Iterator[int]:
    """Ends of sentences, but not inside brackets: a quotation within a sentence does not end it."""
    depth = counted = 0
    for match in _CJK_END.finditer(line):
        piece = line[counted : match.end()]
        depth += sum(piece.count(sign) for sign in "「『（(") - sum(piece.count(sign) for sign in "」』）)")
        counted = match.end()
        quotation = match.group()[-1] not in "。!?！？" and line[match.end() : match.end() + 1] in _GOES_ON
        if depth <= 0 and not quotation and _SAID_SO.match(line, match.end() - 1) is None:
            yield match.end()


def _cuts(line: str) -> Iterator[int]:
    return (match.end(2) for match in _END.finditer(line) if not _abbreviated(line, match))


_WORD_BREAK = re.compile(r"[\s(\[\"'«“„]")
_LONGEST_WORD = 40
_INITIALS = re.compile(r"(?:\w\.)*\w")


def _abbreviated(line: str, match: re.Match[str]) -> bool:
    """Whether a full stop ends an initial ("S. Lavrov"), an abbreviation, or the number of a list at its start."""
    if match.group(1) != ".":
        return False
    begin = max(0, match.start() - _LONGEST_WORD)
    before = line[begin : match.start()]
    word = before[before.rfind(" ") + 1 :].casefold()
    if not word.isalnum():  # nothing in a plain word is to be split or looked at further
        word = _WORD_BREAK.split(word)[-1]
    if word.isdigit():
        return (begin == 0 and before.strip() == word) or _counted(line, before, match.end(2))
    if word in _LAST_WORDS and _FIRST_WORDS.match(line, match.end(2)):
        return False
    return word in _ABBREVIATIONS or _INITIALS.fullmatch(word) is not None


def _counted(line: str, before: str, end: int) -> bool:
    """Whether the stop behind a figure makes it an ordinal, as in German."""
    return _DAY_OF.match(line, end) is not None or _ORDINAL.search(before) is not None


_LOOK_AHEAD = 80  # characters behind a full stop that decide whether it ends a sentence


def excerpt(text: str, language: str, limit: int = 300) -> str:
    """The opening sentences of a text, whole as long as they fit into `limit` characters; never an empty cut.

    Where not even the first fits, it is cut at a word and an ellipsis says so.
    """
    if len(text) <= limit:
        return one_line(text)
    window, stop = text[: limit + _LOOK_AHEAD], limit
    while stop > 0:  # from the last line that begins early enough
        start = window.rfind("\n", 0, stop) + 1
        line = window[start:].partition("\n")[0]
        end = len(line) if start + len(line) <= limit else _last_cut(line, limit - start, language)
        if opening := one_line(text[: start + end]):
            return opening
        stop = start - 1
    return shorten(text, limit)


def _last_cut(line: str, limit: int, language: str) -> int:
    """Where the last sentence of a line ends that ends within `limit`; 0 where none does."""
    if language in _CJK:
        return max((cut for cut in _cjk_cuts(line) if cut <= limit), default=0)
    ends = [match for match in _END.finditer(line) if match.end(2) <= limit]
    return next((match.end(2) for match in reversed(ends) if not _abbreviated(line, match)), 0)


def shorten(text: str, limit: int) -> str:
    """Cut a line at a word so that it fits into `limit` characters with its ellipsis."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:-–—") + "…"
