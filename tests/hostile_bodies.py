"""What a hostile server sends inside of well-formed answers: documents that mean ill."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape

HEALTHY = 20
"""Items of the feed with nothing wrong."""

HEALTHY_ONES = ("healthy", "healthy-two", "healthy-three")

PAYLOAD = "pwned-by-selvane"
"""A word that stands in every program of these documents, and may stand in no place where it would be run."""

_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
_HTML, _XML, _JSON = "text/html; charset=utf-8", "application/xml", "application/feed+json"


@dataclass(frozen=True)
class Body:
    """A document, and how reading it ought to end; see `hostile_server.Attack`."""

    name: str
    body: bytes
    ends: frozenset[str]
    items: int | None = 0
    content_type: str = "application/rss+xml"
    kind: str = "feed"
    heavy: bool = False


def item(number: int, title: str = "", text: str = "", more: str = "") -> str:
    name = title or f"Berth {number} is open"
    body = text or f"&lt;p&gt;The harbour opened berth {number}.&lt;/p&gt;&lt;p&gt;It stays open.&lt;/p&gt;"
    date = f"<pubDate>Mon, 02 Mar 2026 09:{number % 60:02}:00 GMT</pubDate>"
    where = f"<link>{{base}}/items/{number}</link><guid isPermaLink='false'>tag:s:{number}</guid>"
    return f"<item><title>{name}</title>{where}{date}<content:encoded>{body}</content:encoded>{more}</item>"


def feed(items: str, before: str = "", channel: str = "<title>Port</title>") -> str:
    return f'{before}<rss version="2.0" {_NAMESPACES}><channel>{channel}{items}</channel></rss>'


def healthy(name: str = HEALTHY_ONES[0]) -> str:
    start = 100 * HEALTHY_ONES.index(name)
    return feed("".join(item(start + number) for number in range(HEALTHY)))


def page(title: str, text: str = "<p>The harbour opens.</p><p>It closes at night.</p>") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><main><h1>{title}</h1>{text}</main></body></html>"


def listing(*links: str) -> str:
    rows = "".join(f'<li><a href="{link}">A statement</a></li>' for link in links)
    return f"<!DOCTYPE html><html><head><title>News</title></head><body><ul>{rows}</ul></body></html>"


def index(links: list[str]) -> str:
    inside = "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</sitemapindex>'


# ---------------------------------------------------------------- script wherever a feed can hold text

_RUN = f"run(/{PAYLOAD}/)"
SCRIPTS = (
    f"<script>{_RUN}</script>", f"<ScRiPt/x>{_RUN}</sCrIpT>", f"<img src=x onerror={_RUN}>", f"<svg onload={_RUN}>",
    f"<svg><script xlink:href='data:,{_RUN}'/></svg>", f"<a href='javascript:{_RUN}'>x</a>",
    f"<a href=' java&#10;script:{_RUN}'>x</a>", f"<a href='&#106;avascript&colon;{_RUN}'>x</a>",
    f"<a href='data:text/html,<script>{_RUN}</script>'>x</a>", f"<a href='vbscript:{_RUN}'>x</a>",
    f"<iframe srcdoc='<script>{_RUN}</script>'></iframe>", f"<object data='javascript:{_RUN}'></object>",
    f"<embed src='javascript:{_RUN}'>", f"<form action='javascript:{_RUN}'><button>x</button></form>",
    f"<math><a xlink:href='javascript:{_RUN}'>x</a></math>", f"<style>@import 'javascript:{_RUN}'</style>",
    f"<p style='background:url(javascript:{_RUN})'>x</p>", f"<link rel=stylesheet href='javascript:{_RUN}'>",
    f"<meta http-equiv=refresh content='0;url=javascript:{_RUN}'>", f"<base href='javascript:{_RUN}//'>",
    f"<details open ontoggle={_RUN}>x</details>", f"<video><source onerror={_RUN}></video>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'></noscript>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={_RUN}&gt;'>",
    f"<svg></p><style><a id='</style><img src=1 onerror={_RUN}>'>", f"<template><script>{_RUN}</script></template>",
    f"<!--[if gte IE 4]><script>{_RUN}</script><![endif]-->", f"]]><script>{_RUN}</script>",
    f"'\"><script>{_RUN}</script>", f"</title></textarea></style><script>{_RUN}</script>", f"<x onclick={_RUN}>x</x>",
    f"+ADw-script+AD4-{_RUN}+ADw-/script+AD4-", f"<<script>{_RUN}//<</script>", f"<a href='//x' ping='javascript:{_RUN}'>x</a>",
    f"{{{{{PAYLOAD}}}}}{{% raw %}}${{{PAYLOAD}}}", f"[x](javascript:{_RUN})", f"<img srcset='javascript:{_RUN} 2x'>",
)  # fmt: skip


def _scripted() -> list[Body]:
    items = []
    for number, script in enumerate(SCRIPTS):
        safe = escape(script)
        more = (
            f"<author>{safe}</author><dc:creator>{safe}</dc:creator><category>{safe}</category>"
            f"<comments>javascript:{_RUN}</comments><enclosure url='javascript:{_RUN}' type='text/html' length='1'/>"
            f"<media:thumbnail url='javascript:{_RUN}'/><description>{safe} and the harbour</description>"
            f"<source url='javascript:{_RUN}'>{safe}</source>"
        )
        items.append(item(number, f"Berth {number} {safe}", f"{safe}&lt;p&gt;The harbour, {number}.&lt;/p&gt;", more))
    linked = [
        f"javascript:{_RUN}",
        f"data:text/html,<script>{_RUN}</script>",
        f" JaVaScRiPt:{_RUN}",
        f'//x\\"><script>{_RUN}</script>',
    ]
    for number, link in enumerate(linked, 900):
        items.append(
            f"<item><title>Led astray {number}</title><link>{escape(link)}</link><guid>{escape(link)}</guid>"
            "<description>The harbour opened. &lt;br&gt; It did.</description></item>"
        )
    entries = "".join(
        f"<entry><title type='{kind}'>{text}</title><id>tag:a:{kind}</id><link href='javascript:{_RUN}'/>"
        f"<author><name>{escape(SCRIPTS[0])}</name><uri>javascript:{_RUN}</uri></author>"
        f"<category term='{escape(SCRIPTS[0], quote=True)}'/><content type='{kind}' xml:base='javascript:{_RUN}'>"
        f"{text}</content></entry>"
        for kind, text in (
            ("html", escape("The harbour " + "".join(SCRIPTS))), ("text", escape("The harbour " + SCRIPTS[0])),
            ("xhtml", f"<div xmlns='http://www.w3.org/1999/xhtml'>The harbour<script>{_RUN}</script><a onclick='{_RUN}'"
             f" href='javascript:{_RUN}'>x</a><svg xmlns='http://www.w3.org/2000/svg' onload='{_RUN}'/></div>"),
        )
    )  # fmt: skip
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>{escape(SCRIPTS[0])}</title>{entries}</feed>"
    told = [
        {"id": f"j{number}", "url": f"javascript:{_RUN}", "title": f"Harbour {number} {script}", "content_html": script + "<p>The harbour</p>",
         "summary": script, "image": f"javascript:{_RUN}", "authors": [{"name": script, "url": f"javascript:{_RUN}"}], "tags": [script]}
        for number, script in enumerate(SCRIPTS)
    ]  # fmt: skip
    jsonfeed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": SCRIPTS[0], "items": told})
    # As the only text of a listing, a program is its title.
    rows = "".join(f"<li><a href='{{base}}/pages/{n}'>{escape(script)}</a></li>" for n, script in enumerate(SCRIPTS))
    odd = f"<li><a href='javascript:{_RUN}'>x</a></li>"
    return [
        Body("script-rss", feed("".join(items), channel=f"<title>{escape(SCRIPTS[0])}</title>").encode(), _OK, len(SCRIPTS) + 4),
        Body("script-atom", atom.encode(), _OK, 3, "application/atom+xml"),
        Body("script-json", jsonfeed.encode(), _OK, len(SCRIPTS), _JSON),
        Body("script-page", f"<!DOCTYPE html><title>x</title><ul>{rows}{odd}</ul>".encode(), _OK, None, _HTML, "page"),
    ]  # fmt: skip


_OK = frozenset({""})
_NOT = frozenset({"not-a-feed", "unparsable"})
_BROKEN = frozenset({"unparsable", "damaged", "not-a-feed"})
_ANY = _BROKEN | _OK


# ---------------------------------------------------------------- markup


def _ten(number: int) -> str:
    return f"&l{number};" * 10


def _markup() -> list[Body]:
    deep, wide = 200_000, 100_000
    good = item(1)
    laughs = "".join(f'<!ENTITY l{n} "{_ten(n - 1)}">' for n in range(1, 10))
    flood = " ".join(f"a{n}='1'" for n in range(wide))
    spaces = " ".join(f"xmlns:n{n}='u:{n}'" for n in range(20_000))
    quadratic = "a" * 50_000
    outside = "".join(
        f"<!DOCTYPE rss [<!ENTITY x SYSTEM '{where}'>]>{feed(item(1, 'Berth &x; one'))}\n"
        for where in ("file:///etc/passwd",)
    )
    parameter = "<!DOCTYPE rss [<!ENTITY % d SYSTEM '{base}/secret.dtd'> %d;]>" + feed(good)
    doctype = "<!DOCTYPE rss SYSTEM '{base}/secret.dtd'>" + feed(good)
    include = feed(
        item(1, more="<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>")
    )
    sheet = '<?xml-stylesheet type="text/xsl" href="{base}/secret.xsl"?>' + feed(good)
    return [
        Body("nested-xml", ("<rss><channel>" + "<a>" * deep).encode(), _BROKEN, None, heavy=True),
        Body("nested-items", feed("<item>" * deep).encode(), _ANY, None, heavy=True),
        Body("nested-html", feed(item(1, text=escape("<div>" * deep))).encode(), _ANY, None, heavy=True),
        Body("nested-cdata", feed(item(1, text="<![CDATA[" + "<b><p>" * deep + "]]>")).encode(), _ANY, None, heavy=True),
        Body("nested-lists", feed(item(1, text=escape("<ul><li>" * 50_000))).encode(), _ANY, None, heavy=True),
        Body("nested-page", ("<html><body><ul>" + "<li><a href=/x>" * deep).encode(), _ANY, None, _HTML, "page", heavy=True),
        Body("nested-options", ("<html><body><select>" + "<option>" * deep).encode(), _ANY | {"empty"}, None, _HTML, "page", heavy=True),
        Body("nested-sitemap", ("<urlset>" + "<url>" * deep).encode(), _ANY | {"empty"}, None, _XML, "sitemap", heavy=True),
        Body("billion-laughs", f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>{feed(item(1, "&l9;"))}'.encode(), _ANY, None),
        Body("quadratic-blow-up", f'<!DOCTYPE rss [<!ENTITY a "{quadratic}">]>{feed(item(1, "&a;" * 20_000))}'.encode(), _ANY, None, heavy=True),
        Body("laughing-sitemap", f'<!DOCTYPE urlset [<!ENTITY l0 "ha">{laughs}]><urlset><url><loc>{{base}}/&l9;</loc></url></urlset>'.encode(), _ANY | {"empty"}, None, _XML, "sitemap"),
        Body("outside-entity", outside.encode(), _ANY, None),
        Body("outside-parameter", parameter.encode(), _ANY, None),
        Body("outside-doctype", doctype.encode(), _ANY, None),
        Body("inclusion", include.encode(), _OK, 1),
        Body("style-sheet", sheet.encode(), _OK, 1),
        Body("attributes", feed(f"<item {flood}><title>Berth</title></item>").encode(), _ANY, None, heavy=True),
        Body("namespaces", feed(f"<item {spaces}><title>Berth</title></item>").encode(), _ANY, None, heavy=True),
        Body("open-comments", (feed(good) + "<!--" * 1_000_000).encode(), _ANY, None, heavy=True),
        Body("open-cdata", feed("<item><title><![CDATA[" + "<![CDATA[" * 500_000).encode(), _ANY, None, heavy=True),
        Body("open-doctypes", ("<!DOCTYPE rss " * 600_000).encode(), _ANY, None, heavy=True),
        Body("open-declarations", ("<?xml " * 1_000_000).encode(), _ANY, None, heavy=True),
        Body("open-titles", feed("<item>" + "<title>a" * 200_000 + "</item>").encode(), _ANY, None, heavy=True),
        Body("open-references", feed(item(1, "&" * 2_000_000)).encode(), _ANY, None, heavy=True),
        Body("open-angles", feed(item(1, "<" * 2_000_000)).encode(), _ANY, None, heavy=True),
        Body("open-tags", feed(item(1, text=escape("<a " * 1_000_000))).encode(), _ANY, None, heavy=True),
        Body("blanks", (" " * 9_000_000 + "x").encode(), _NOT, heavy=True),
        Body("blanks-before", (" " * 5_000_000 + feed(good)).encode(), _ANY, None, heavy=True),
    ]  # fmt: skip


# ---------------------------------------------------------------- texts, encodings, sizes


def _texts() -> list[Body]:
    good = item(1)
    surrogates = feed(item(1, "Berth &#xD800; &#xDFFF; \ufffd one")).encode().replace(b"\xef\xbf\xbd", b"\xed\xa0\x80")
    controls = feed(item(1, "Berth" + "".join(map(chr, range(1, 32))) + "\x7f\x85 one")).encode()
    bidi = "\u202ekcatta\u202c \u2066isolate \u2069\u202d"
    declared = '<?xml version="1.0" encoding="{}"?>'
    plain = feed(item(1, "Порт открыт"))
    return [
        *(
            Body(f"path-{number}", path.encode(), _NOT, content_type=kind)
            for number, (path, kind) in enumerate(
                [
                    ("/etc/passwd", "text/plain"), ("file:///etc/passwd", "application/rss+xml"), ("{base}/secret", "text/xml"),
                    ("feed:{base}/secret", "text/xml"), ("sources.yaml", "application/rss+xml"), ("\n/etc/passwd\n", "text/xml"),
                ]
            )
        ),
        Body("hundred-thousand", feed("".join(f"<item><title>B{n}</title><link>{{base}}/{n}</link></item>" for n in range(100_000))).encode(), frozenset({"damaged"}), None, heavy=True),
        Body("giant-title", feed(item(1, "Berth " * 1_600_000)).encode(), _OK, 1, heavy=True),
        Body("giant-word", feed(item(1, "B" * 9_900_000)).encode(), _OK, 1, heavy=True),
        Body("giant-text", feed(item(1, text="&lt;p&gt;" + "The harbour opened. " * 480_000)).encode(), _ANY, None, heavy=True),
        Body("giant-unbroken-text", feed(item(1, text="x" * 9_900_000)).encode(), _ANY, None, heavy=True),
        Body("giant-stops", feed(item(1, text="." * 9_900_000)).encode(), _ANY, None, heavy=True),
        Body("giant-guid", feed(f"<item><title>Berth</title><guid>{'g' * 9_000_000}</guid></item>").encode(), _OK, 1, heavy=True),
        Body("giant-link", feed(f"<item><title>Berth</title><link>http://x.example/{'a/' * 2_000_000}{'../' * 900_000}</link></item>").encode(), _OK, 1, heavy=True),
        Body("giant-date", feed(f"<item><title>Berth</title><guid>1</guid><pubDate>{'1 ' * 3_000_000}</pubDate></item>").encode(), _OK, 1, heavy=True),
        Body("odd-dates", feed("".join(
            f"<item><title>Berth {n}</title><guid>{n}</guid><pubDate>{date}</pubDate></item>"
            for n, date in enumerate(["99999999999999-01-01T00:00:00Z", "2026-02-31", "Mon, 99 Mar 2026 99:99:99 +9999", "-1", "NaN",
                                      "1e99", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59-23:59", "令和99999年13月45日",
                                      "1" * 4_000, "٢٠٢٦-٠٣-٠٢", "²⁰²⁶-03-02", "1900-01-01T00:00:00+23:59"]))
        ).encode(), _OK, 13),
        Body("many-authors", feed(item(1, more="<dc:creator>A. Orn</dc:creator><category>Port</category>" * 90_000)).encode(), _ANY, None, heavy=True),
        Body("nul-bytes", feed(item(1, "Berth\0 one")).encode() + bytes(100), _OK, 1),
        Body("all-nul", bytes(1_000_000), _NOT, heavy=True),
        Body("controls", controls, _OK, 1),
        Body("surrogates", surrogates, _OK, 1),
        Body("bidi", feed(item(1, f"Berth {bidi} one", escape(f"<p>{bidi}</p><p>&#8238;x</p><bdo dir=rtl>y</bdo>"))).encode(), _OK, 1),
        Body("combining", feed(item(1, "B" + "\u0301" * 1_000_000)).encode(), _OK, 1, heavy=True),
        Body("noise", bytes((n * n * 7 + n // 3) % 256 for n in range(300_000)), _NOT, heavy=True),
        Body("lying-utf-16", plain.encode(), _OK, 1, "application/rss+xml; charset=utf-16"),
        Body("lying-hex", plain.encode(), _OK, 1, "application/rss+xml; charset=hex"),
        Body("lying-idna", plain.encode("cp1251"), _ANY, None, "application/rss+xml; charset=idna"),
        Body("lying-utf-8", plain.encode("cp1251"), _OK, 1, "application/rss+xml; charset=utf-8"),
        Body("utf-7", (declared.format("utf-7") + feed(item(1, f"+ADw-script+AD4-{PAYLOAD}"))).encode(), _OK, 1, "application/rss+xml; charset=utf-7"),
        Body("utf-16", b"\xff\xfe" + (declared.format("utf-16") + plain).encode("utf-16-le"), _OK, 1),
        Body("utf-16-bare", (declared.format("utf-16") + plain).encode("utf-16-be"), _OK, 1),
        Body("utf-32", b"\xff\xfe\0\0" + (declared.format("utf-32") + plain).encode("utf-32-le"), _OK, 1),
        Body("ebcdic", (declared.format("cp037") + feed(good)).encode("cp037"), _ANY, None),
        Body("punycode", (declared.format("punycode") + feed(good)).encode(), _OK, 1),
        Body("undefined", (declared.format("undefined") + feed(good)).encode(), _OK, 1),
        Body("two-boms", b"\xef\xbb\xbf\xef\xbb\xbf" + plain.encode(), _OK, 1),
        Body("half-utf-16", b"\xff\xfe<\0r\0s", _BROKEN),
    ]  # fmt: skip


def _json() -> list[Body]:
    version = '"version":"https://jsonfeed.org/version/1.1"'
    deep = '{%s,"items":[{"id":"1","title":"Berth","_x":%s}]}'
    return [
        Body("json-depth", (deep % (version, "[" * 500_000)).encode(), _ANY, None, _JSON, heavy=True),
        Body("json-depth-closed", (deep % (version, "[" * 200_000 + "]" * 200_000)).encode(), _ANY, None, _JSON),
        Body("json-objects", (deep % (version, '{"a":' * 200_000)).encode(), _ANY, None, _JSON),
        Body("json-number", ('{%s,"items":[{"id":%s,"title":"Berth"}]}' % (version, "9" * 1_000_000)).encode(), _ANY, None, _JSON, heavy=True),
        Body("json-infinite", ('{%s,"items":[{"id":1e999999,"title":NaN,"url":-Infinity,"date_published":1e400}]}' % version).encode(), _ANY, None, _JSON),
        Body("json-types", ('{%s,"items":[{"id":[],"title":{},"url":[1],"authors":{"name":[]},"tags":{"a":1},"date_published":{}},null,7,"x"],"title":[]}' % version).encode(), _ANY, None, _JSON),
        Body("json-surrogates", ('{%s,"items":[{"id":"\\ud800","title":"\\udfff Berth","content_text":"\\u0000\\ud83d"}]}' % version).encode(), _OK, 1, _JSON),
        Body("json-open-items", ('{%s,"items":[' % version + '{"id":"1","title":"a' * 200_000).encode(), _ANY, None, _JSON, heavy=True),
        Body("json-commas", ('{%s,"items":[' % version + "," * 5_000_000).encode(), _ANY, None, _JSON, heavy=True),
        Body("json-many-keys", ('{%s,"items":[{"id":"1","title":"Berth",%s"z":1}]}' % (version, "".join(f'"k{n}":1,' for n in range(300_000)))).encode(), _OK, 1, _JSON, heavy=True),
    ]  # fmt: skip


def all_of_them() -> list[Body]:
    """Every hostile document."""
    return [*_scripted(), *_markup(), *_texts(), *_json()]
