"""From bytes to text: which encoding a body is really in.

Order: byte order mark, strict UTF-8, HTTP header, the document's own declaration, detection. Labels are understood as
browsers do (WHATWG Encoding Standard, section 4.2): `iso-8859-1` means windows-1252, `shift_jis` means windows-31j.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    # XML 1.0, appendix F: `<` or `<?` without a mark.
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Labels of the Encoding Standard (section 4.2) that Python has no name for.
_LABELS = {
    label: codec
    for codec, labels in {
        "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
        "iso8859-2": "iso88592", "iso8859-3": "iso88593", "iso8859-4": "iso88594", "iso8859-5": "iso88595",
        "iso8859-6": "csiso88596e csiso88596i iso-8859-6-e iso-8859-6-i iso88596", "iso8859-7": "iso88597 sun_eu_greek",
        "iso8859-8": "csiso88598e iso-8859-8-e iso88598 visual csiso88598i iso-8859-8-i logical",
        "iso8859-10": "iso885910", "iso8859-13": "iso885913", "iso8859-14": "iso885914",
        "iso8859-15": "csisolatin9 iso885915", "koi8-r": "koi koi8", "koi8-u": "koi8-ru",
        "mac-roman": "csmacintosh mac x-mac-roman", "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
        "cp874": "dos-874 iso885911 windows-874", "cp1250": "x-cp1250", "cp1251": "x-cp1251",
        "cp1252": "iso88591 x-cp1252", "cp1253": "x-cp1253", "cp1254": "iso88599 x-cp1254", "cp1255": "x-cp1255",
        "cp1256": "x-cp1256", "cp1257": "x-cp1257", "cp1258": "x-cp1258",
        "gb18030": "csgb2312 gb_2312 gb_2312-80 x-gbk", "big5hkscs": "cn-big5 x-x-big5",
        "euc_jp": "cseucpkdfmtjapanese x-euc-jp", "cp932": "windows-31j x-sjis",
        "cp949": "cseuckr csksc56011987 iso-ir-149 ks_c_5601-1989 ksc_5601 windows-949",
    }.items()
    for label in labels.split()
}  # fmt: skip
_NAMES = {
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
    "cp1252": "windows-1252",
    "cp1254": "windows-1254",
    "cp874": "windows-874",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "gb18030": "gb18030",
    "big5hkscs": "big5",
    "euc_jp": "euc-jp",
    "iso2022_jp": "iso-2022-jp",
}
_SEVEN_BIT = ("iso2022", "hz")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:+-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']\s*([\w.:+-]+)""")
_META = re.compile(rb"""<meta[^>]+?charset\s*=\s*["']?\s*([\w.:+-]+)""", re.IGNORECASE)
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_RUN = re.compile(rb"[\x80-\xff]+")
_ASCII = bytes(range(128))
_DECLARED_WITHIN = 4096
_FEW = 1.5  # mean length of runs of foreign bytes up to which they are accents and quotation marks, not a script
_TRUSTED_SHARE = 4  # so many well-formed characters beyond ASCII to each bad byte speak for UTF-8


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text, with the name of the encoding it was read in."""

    text: str
    encoding: str


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Read a body as text; always succeeds, at worst with replacement characters.

    A body that calls itself UTF-8 and holds a few bytes of windows-1252 is UTF-8 with just those bytes mended.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return Decoded(
                body.decode(name, "replace").removeprefix("\ufeff"), name.removesuffix("-le").removesuffix("-be")
            )
    labels = [label for label in (_header(content_type), _declared(body)) if label]
    if not any(label.startswith(_SEVEN_BIT) for label in labels):
        try:
            return Decoded(body.decode(), "utf-8")
        except UnicodeDecodeError:
            pass
    good, bad = _utf8_balance(body)
    if bad and good >= _TRUSTED_SHARE * bad:
        return _mended(body)
    return _labelled(body, labels) or (_mended(body) if _sparse(body) else _detected(body, labels))


def _labelled(body: bytes, labels: list[str]) -> Decoded | None:
    for label in labels:
        try:
            return Decoded(body.decode(label), _NAMES.get(label, label))
        except UnicodeError:
            continue
    return None


def _codec(label: str) -> str | None:
    label = label.strip().lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except LookupError:
        return None
    name = _WIDER.get(name, name)
    return name if codecs.lookup(name)._is_text_encoding else None  # noqa: SLF001 - the only way to tell hex and zip from text


def _header(content_type: str) -> str | None:
    found = _CHARSET.search(content_type)
    return _codec(found.group(1)) if found else None


def _declared(body: bytes) -> str | None:
    head = body[:_DECLARED_WITHIN]
    found = _XML.search(head) or _META.search(head)
    return _codec(found.group(1).decode("ascii")) if found else None


def _utf8_balance(body: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII are well-formed UTF-8, and how many bytes are not."""
    sequences = _SEQUENCE.findall(body)
    return len(sequences), len(body.translate(None, _ASCII)) - sum(map(len, sequences))


def _sparse(body: bytes) -> bool:
    """Whether the bytes beyond ASCII stand alone, as accents and quotation marks do and no other script does."""
    runs = _RUN.findall(body)
    return sum(map(len, runs)) / len(runs) < _FEW


def _mended(body: bytes) -> Decoded:
    return Decoded(body.decode("utf-8", "briefing.windows-1252"), "utf-8 with windows-1252")


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("briefing.windows-1252", _windows_1252)


def _detected(body: bytes, labels: list[str]) -> Decoded:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 60 ms that most bodies never need

    best = from_bytes(body).best()
    if best is not None:
        return Decoded(str(best), _NAMES.get(best.encoding, best.encoding))
    label = labels[0] if labels else "cp1252"
    return Decoded(body.decode(label, "replace"), _NAMES.get(label, label))
