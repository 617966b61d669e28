"""What the fuzzer bends: one or more samples of each target, and the pieces it puts in."""

from __future__ import annotations

_RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Port of Selvane</title>
<link>https://selvane.example/</link><language>en</language><atom:link rel="self" href="https://selvane.example/feed"/>
<item><title>Berth 7 &amp; more</title><link>https://selvane.example/7</link><guid isPermaLink="false">tag:s:7</guid>
<pubDate>Mon, 02 Mar 2026 09:30:00 +0900</pubDate><dc:creator>Ada Orn</dc:creator><category>Port</category>
<description>&lt;p&gt;The harbour opened.&lt;/p&gt;</description><enclosure url="https://selvane.example/7.mp3" length="1" type="audio/mpeg"/></item>
<item><title><![CDATA[Порт <b>открыт</b>]]></title><link>/8?utm_source=x&amp;id=8</link><guid>https://selvane.example/8</guid>
<dc:date>2026-03-01T10:00:00Z</dc:date><content:encoded><![CDATA[<div><p>Один.</p><p>Два &nbsp; три.</p></div>]]></content:encoded>
<media:group><media:title>Film</media:title><media:description>Ships</media:description></media:group></item></channel></rss>"""
_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja" xml:base="https://selvane.example/"><title>港</title>
<id>urn:s</id><updated>2026-03-02T00:00:00Z</updated><entry><title type="html">第七&lt;em&gt;岸壁&lt;/em&gt;</title><id>urn:s:7</id>
<link rel="alternate" type="text/html" href="7.html"/><published>2026-03-02T09:30:00+09:00</published><author><name>織田</name></author>
<category term="port" label="港"/><summary>短い。</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>港が<ruby>開<rt>ひら</rt></ruby>いた。</p></div></content></entry>
<entry><title>二</title><id>urn:s:8</id><link href="https://selvane.example/8"/><content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>"""
_RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://selvane.example/"><title>港</title><link>https://selvane.example/</link><items><rdf:Seq><rdf:li rdf:resource="https://selvane.example/7"/></rdf:Seq></items></channel>
<item rdf:about="https://selvane.example/7"><title>七</title><link>https://selvane.example/7</link><description>港</description><dc:date>2026-03-02T09:30+09:00</dc:date></item></rdf:RDF>"""
_CDF = '<!DOCTYPE x><CHANNEL HREF="https://selvane.example/"><ITEM HREF="/1" LASTMOD="2026.03.02T09:30"><TITLE>One</TITLE><ABSTRACT>x</ABSTRACT></ITEM></CHANNEL>'
_JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Port", "language": "en", "authors": [{"name": "Ada Orn"}],
"items": [{"id": "7", "url": "https://selvane.example/7", "title": "Berth \\u0037", "content_html": "<p>The harbour.</p>", "tags": ["port"],
"date_published": "2026-03-02T09:30:00+09:00"}, {"id": 8, "external_url": "/8", "content_text": "It\\nopens.", "summary": "x", "author": {"name": "B"}}]}"""
_LIST = """<!DOCTYPE html><html lang="en"><head><title>News</title><base href="/en/"></head><body><ul>
<li><span>2 March 2026</span> <a href="7.html">Berth 7</a></li><li><h3>Berth 8</h3><span>令和8年3月1日</span><a href="/8?id=8#top"><img alt="x"></a></li>
<li><a href="javascript:x">no</a></li></ul></body></html>"""
_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Berth 7 | Port of Selvane</title>
<meta property="og:title" content="Berth 7"><meta property="article:published_time" content="2026-03-02T09:30:00+09:00">
<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-03-02"}</script></head><body><nav><a href="/">Home</a></nav>
<main><h1>Berth 7</h1><p class="date">2 March 2026</p><p>The harbour board met on Monday and spoke about the berths that it owns.</p>
<table><tr><td>Berth</td><td>7</td></tr></table><p>Its members agreed to publish the minutes of the session before the summer.</p>
<h2>Related articles</h2><ul><li><a href="/6">Berth 6</a></li></ul></main><footer>© Port</footer></body></html>"""
_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://selvane.example/7</loc><lastmod>2026-03-02</lastmod></url><url><loc>https://selvane.example/8</loc>
<news:news><news:publication><news:name>Port</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-03-02T09:30:00Z</news:publication_date><news:title>Berth 8</news:title></news:news></url></urlset>"""
_INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://selvane.example/1.xml</loc><lastmod>2026</lastmod></sitemap></sitemapindex>'
_CONFIG = """# the desk
site: {title: Watch, url: 'http://site.invalid', language: en, timezone: UTC, contact: a@b.example}
fetch: {every: 1h, timeout: 20s, max_bytes: 10MB, per_host: 2, spacing: 1s, allow_networks: [127.0.0.0/8]}
sources:
  - id: port
    name: The port
    institution: ministry
    country: XA
    url: https://selvane.example/feed
    kind: page
    list: {item: li, date: span}
    article: {drop: [h1]}
    include: ['/en/']
topics:
  - {id: harbour, name: Harbour, phrases: {en: [harbour*, "berth 7"]}}
digests:
  - {id: all, title: All}
briefings:
  - {id: weekly, title: The week, period: week, publish: monday 07:00}
"""

SAMPLES: dict[str, list[str]] = {
    "feed": [_RSS, _RSS, _ATOM, _RDF, _CDF],
    "json": [_JSON],
    "page": [_LIST],
    "article": [_PAGE],
    "sitemap": [_SITEMAP, _INDEX],
    "date": [
        "Mon, 02 Mar 2026 09:30:00 +0900", "2026-03-02T09:30:00Z", "令和8年3月2日 午後3時半", "2 марта 2026 г., 15:04 МСК",
        "2026年11月23日", "2 มีนาคม 2569", "٢ مارس ٢٠٢٦", "Wednesday, February 25, 2026 - 21:07", "25/02/26", "R8.3.2",
        "2/3/2026 3 p.m. JST", "2026. 3. 2.", "二〇二六年三月二日", "den 2 mars 2026 kl. 14.30", "Thứ hai, 02/03/2026", "20260302T093000Z",
    ],
    "address": [
        "https://selvane.example/a/../b;jsessionid=1?utm_source=x&b=2&a=1#!/x", "//selvane.example:443/%7Ea", "mailto:a@b", "/ø?q=ü",
        "https://[::1]:80/", "HTTPS://ПОРТ.example:0443//a/./b/", "javascript:x", "https://a@b:c@d/", "?id=7", "https://selvane.example/?a=%ff&b=%u1234",
    ],
    "headers": ["120", "Mon, 02 Mar 2026 09:30:00 GMT", "text/html; charset=windows-1251", "User-agent: *\nCrawl-delay: 1e9\nDisallow: /*a$\nAllow: /\nSitemap: x\n"],
    "config": [_CONFIG],
}  # fmt: skip

PIECES = [
    "<", ">", "&", '"', "'", "<item>", "</item>", "<entry>", "</entry>", "</channel>", "</rss>", "<![CDATA[", "]]>", "<!--", "-->",
    "<!DOCTYPE rss [<!ENTITY x 'y'>]>", "&x;", "&amp;", "&nbsp;", "&#0;", "&#x1F600;", "&#xD800;", "&#55296;", "&#99999999999;", "<?xml version='1.0'?>",
    "<title>", "</title>", "<link>", "<link href='/x'/>", "<guid>", "<a href='javascript:x'>", "<script>x</script>", "<svg onload=x>",
    "<img src=x onerror=x>", "<iframe>", "<style>", "<math>", "<template>", "<bdo dir=rtl>", " onclick='x'", " xml:base='javascript:x'",
    " xmlns='x'", " xml:lang='zz'", " type='xhtml'", " mode='base64'", "<media:title>", "<content type='application/octet-stream'>QQ==</content>",
    "\u202e", "\u2066", "\0", "\x0b", "\x85", "\ufeff", "\u2028", "\ud800", "\U0010ffff", "\ufffe", "\u00ad", "ﷺ", "İ", "٣", "十", "元", "年", "月", "午後",
    "{", "}", "[", "]", ":", ",", "null", "true", "1e999", "-1", "NaN", "\\u0000", "\\ud800", "\\", "[[[[", '{"a":',
    "99999999999999999999", "0", "-", "/", ".", "T", "Z", "+99:99", "24:60", "31", "Feb", "JST", "%", "%00", "%zz", "//", "..", "@", "#", "?",
    ": ", "- ", "\n", "\t", "  ", "*a", "&a", "!!python/object:os.system x", "!!binary x", "<<: *a", "| ", "~", "<<", "=",
    "<li>", "</li>", "<base href='//[::'>", "<base href='javascript:x'>", "<h1>", "<time datetime='x'>", "<loc>", "</loc>", "<url>",
    "<sitemap>", "http://[::1", "https://x y/", "file:///etc/passwd", "charset=", "hex", "utf-7", "idna", "undefined",
]  # fmt: skip
