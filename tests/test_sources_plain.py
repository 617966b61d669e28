"""Entries that are read without feedparser: nothing may come out otherwise than with it."""

from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import ParseError
from briefing.model import Fetched, Parsed, Source, SourceId
from briefing.sources import feed, wellformed
from briefing.sources.heading import plain_heading
from briefing.sources.plain import PlainReader

ADDRESS = "https://press.selvane.example/feed"
SOURCE = Source(id=SourceId("selvane"), name="Selvane", institution="ministry", country="SV", url=ADDRESS)
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)

TEXTS = st.sampled_from(
    [
        "", "  ", "The harbour opens", " Порт открыт ", "港を開く", "fish & ships", "a < b", "<b>bold</b> words",
        "<p>One.</p><p>Two &amp; three.</p>", "cafÃ©", "caf\u00e9 \u0093quoted\u0094", "line\nand line", "x &copy; y",
        "ed@selvane.example (Ada Orn)", "Ada Orn", "\u00a0wide\u00a0", "<a href='/tides'>tides</a> rise", "1970",
        "A long enough body that it is set aside before feedparser, with <em>markup</em> and without a word of truth.",
    ]
)  # fmt: skip
ADDRESSES = st.sampled_from(
    [
        "https://press.selvane.example/a", "http://selvane.example/?a=1&b=2", "/tides", "", "tides.html",
        "https:///odd", "https://selvane.example/with space", "mailto:ed@selvane.example",
        " https://selvane.example/x ",
        "https://selvane.example/?a=1&copy;2", "tag:selvane.example,2026:7", "urn:uuid:7", "17", "//selvane.example/y",
    ]
)  # fmt: skip
DATES = st.sampled_from(["Mon, 02 Mar 2026 09:30:00 GMT", "2026-03-02T09:30:00Z", "2 марта 2026", "", "soon"])
LANGUAGES = st.sampled_from(["", "en", "en_GB", "ru-RU"])


NONE = st.just("")


def element(name, contents, attributes=NONE):
    return st.builds(lambda text, given: f"<{name}{given}>{escape(text)}</{name}>", contents, attributes)


def entries(link, *elements):
    """Entries of these elements in any order, most with a link that leads somewhere."""
    linked = st.sampled_from([link, link, link, ""])
    entry = st.builds(lambda first, rest: first + "".join(rest), linked, st.lists(st.one_of(elements), max_size=6))
    return st.lists(entry, min_size=1, max_size=4)


PERMALINK = st.sampled_from(["", ' isPermaLink="true"', ' isPermaLink="false"'])
TYPE = st.sampled_from(["", ' type="html"', ' type="text"', ' type="text/plain"', ' xml:lang="fr"', ' type="xhtml"'])
DUBLIN = (element("dc:creator", TEXTS), element("dc:subject", TEXTS), element("dc:date", DATES))
LINK = "<link>https://selvane.example/a</link>"
RSS = entries(
    LINK,
    element("title", TEXTS),
    element("link", ADDRESSES),
    element("guid", ADDRESSES, PERMALINK),
    element("pubDate", DATES),
    element("author", TEXTS),
    element("category", TEXTS, st.sampled_from(["", ' domain="x"'])),
    element("description", TEXTS),
    element("content:encoded", TEXTS),
    element("comments", ADDRESSES),
    element("slash:comments", TEXTS),
    element("itunes", TEXTS),
    st.just('<enclosure url="https://selvane.example/a.mp3" type="audio/mpeg" length="1"/>'),
    *DUBLIN,
)
RDF = entries(
    LINK,
    element("title", TEXTS),
    element("link", ADDRESSES),
    element("description", TEXTS),
    element("content:encoded", TEXTS),
    *DUBLIN,
)
ATOM = entries(
    '<link href="https://selvane.example/a"/>',
    element("title", TEXTS, TYPE),
    st.builds(
        lambda href, more: f"<link href={quoteattr(href)}{more}/>",
        ADDRESSES,
        st.sampled_from(["", ' rel="alternate"', ' rel="self"', ' rel="alternate" type="text/html"', ' hreflang="en"']),
    ),
    element("id", ADDRESSES),
    element("published", DATES),
    element("updated", DATES),
    st.builds(lambda name, more: f"<author><name>{escape(name)}</name>{more}</author>", TEXTS,
              st.sampled_from(["", "", "<email>ed@selvane.example</email>"])),
    st.builds(lambda term, label: f"<category term={quoteattr(term)} label={quoteattr(label)}/>", TEXTS, TEXTS),
    element("summary", TEXTS, TYPE),
    element("content", TEXTS, TYPE),
)  # fmt: skip


def rss(items, language, declared):
    own = f"<language>{language}</language>" if language else ""
    return (
        f'<rss version="2.0" {NAMESPACES}{declared}><channel><title>Selvane</title><link>https://selvane.example/</link>'
        f"{own}{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


def rdf(items, language, declared):
    own = f"<dc:language>{language}</dc:language>" if language else ""
    body = "".join(f'<item rdf:about="https://selvane.example/{n}">{item}</item>' for n, item in enumerate(items))
    return (
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {NAMESPACES}{declared}><channel rdf:about="https://selvane.example/">'
        f"<title>Selvane</title>{own}</channel>{body}</rdf:RDF>"
    )


def atom(items, _, declared):
    body = "".join(f"<entry>{item}</entry>" for item in items)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{declared}><title>Selvane</title>{body}</feed>'


def read(document: str) -> Parsed:
    answer = Fetched(
        url=ADDRESS, final_url=ADDRESS, status=200, headers={"content-type": "application/xml"}, body=document.encode()
    )
    return feed.parse(SOURCE, answer, frozenset())


def documents(make, items):
    declared = st.sampled_from(["", "", ' xml:lang="en"', ' xml:lang="pt_BR"', ' xml:base="https://other.example/x/"'])
    return st.builds(make, items, LANGUAGES, declared)


@pytest.mark.parametrize(
    "some", [documents(rss, RSS), documents(rdf, RDF), documents(atom, ATOM)], ids=["RSS 2.0", "RSS 1.0", "Atom"]
)
def test_a_feed_reads_the_same_with_and_without_the_short_way(some):
    @settings(max_examples=100, deadline=None)
    @given(some)
    def alike(document):
        short = read(document)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(PlainReader, "read", lambda *_: None)
            assert short == read(document)

    alike()


PLAIN = {
    "RSS 2.0": (rss, "<title>A</title><link>https://selvane.example/a</link><guid isPermaLink='false'>7</guid>"
                     "<pubDate>Mon, 02 Mar 2026 09:30:00 GMT</pubDate><category>tides</category>"
                     "<dc:creator>Ada</dc:creator>"
                     "<description>&lt;p&gt;It opens.&lt;/p&gt;</description><slash:comments>4</slash:comments>"),
    "RSS 1.0": (rdf, "<title>A</title><link>https://selvane.example/a</link><dc:date>2026-03-02</dc:date>"
                     "<content:encoded>&lt;p&gt;It opens.&lt;/p&gt;</content:encoded>"),
    "Atom": (atom, "<title>A</title><link href='https://selvane.example/a'/><id>tag:selvane.example,2026:7</id>"
                   "<updated>2026-03-02T09:30:00Z</updated><author><name>Ada</name></author><category term='tides'/>"
                   "<content type='html'>&lt;p&gt;It opens.&lt;/p&gt;</content>"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_plain_entries_are_not_given_to_feedparser(name, monkeypatch):
    make, item = PLAIN[name]
    asked = []
    monkeypatch.setattr(feed, "_put_back", lambda entry, _: asked.append(entry))
    (entry,) = read(make([item], "", "")).entries
    assert (entry.title, entry.url, entry.text) == ("A", "https://selvane.example/a", "It opens.")
    assert asked == []


def test_entries_keep_their_order_where_only_some_are_plain():
    said = ["one", "&lt;b&gt;two&lt;/b&gt;", "three", "four &amp; more", "five"]
    items = [f"<title>{title}</title><link>https://selvane.example/{n}</link>" for n, title in enumerate(said)]
    titles = [entry.title for entry in read(rss(items, "", "")).entries]
    assert titles == ["one", "two", "three", "four & more", "five"]


ABOUT = {
    "rss": (
        "<rss{0} {2}><channel{3}>{4}<item><title>A</title><link>https://selvane.example/a</link></item></channel></rss>",
        ["title", "link", "language", "description", "atom:link", "itunes:title", "dc:language", "dc:title", "image"],
    ),
    "rdf": (
        '<rdf:RDF{1} xmlns="http://purl.org/rss/1.0/" {2}><channel{3}>{4}</channel><item rdf:about="https://selvane.exam'
        'ple/a"><title>A</title><link>https://selvane.example/a</link></item></rdf:RDF>',
        ["title", "link", "dc:language", "language", "description", "dc:title", "image"],
    ),
    "atom": (
        '<feed{1} xmlns="http://www.w3.org/2005/Atom" {2}>{4}<entry><title>A</title><id>tag:selvane.example,2026:7</id>'
        '<link href="https://selvane.example/a"/></entry></feed>',
        ["title", "link", "author", "dc:language", "subtitle", "logo", "generator"],
    ),
}
INSIDE = st.one_of(
    TEXTS.map(escape),
    LANGUAGES,
    st.sampled_from(
        ["<title>B</title>", "<name>Ada</name>", "<url>https://selvane.example/i.png</url><title>I</title>"]
    ),
)
ROOT = st.sampled_from(
    ['version="2.0"', 'version="2.0"', 'version="2.0"', 'version="0.91"', "", 'version="2.0" xml:lang="fr"']
)
SPOKEN = st.sampled_from(
    ["", "", 'xml:lang="en"', 'xml:lang="pt_BR"', 'xml:lang=""', 'xml:base="https://other.example/"']
)
MORE = st.sampled_from(
    ["", "", 'xmlns:rss="http://purl.org/rss/1.0/"', 'xmlns:old="http://my.netscape.com/rdf/simple/0.9/"',
     'xmlns:also="http://www.w3.org/2005/Atom"']
)  # fmt: skip
HEADED = st.sampled_from(["", "", ' xml:lang="de"', ' rdf:about="https://selvane.example/"'])
RELATED = st.sampled_from(
    ["", ' rel="alternate"', ' rel="self"', ' rel="self" type="application/rss+xml"', ' rel="hub"', ' rel="Alternate"',
     ' rel="alternate" type="text/html"', ' rel="alternate" type="application/json"', ' hreflang="de"', ' rel=""']
)  # fmt: skip
SIGNED = st.sampled_from(["", "", "", ' type="text"', ' type="html"', ' xml:lang="ja"', ' href="/x"'])


@st.composite
def headings(draw, form):
    make, names = ABOUT[form]
    children = "".join(
        f"<{name}{draw(SIGNED)}>{draw(ADDRESSES.map(escape) if name == 'link' else INSIDE)}</{name}>"
        if name != "atom:link" and (form, name) != ("atom", "link")
        else f"<{name} href={quoteattr(draw(ADDRESSES))}{draw(RELATED)}/>"
        for name in draw(st.lists(st.sampled_from(names), max_size=4))
    ) + draw(st.sampled_from(["", "", " ", "loose"]))
    spaces = f'{NAMESPACES} xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" {draw(MORE)}'
    if form != "atom":
        spaces += ' xmlns:atom="http://www.w3.org/2005/Atom"' * draw(
            st.booleans() if ":atom" not in children else st.just(1)
        )
    return make.format(f" {draw(ROOT)}", f" {draw(SPOKEN)}", spaces, draw(HEADED), children)


@pytest.mark.parametrize("form", ABOUT)
def test_what_a_feed_says_of_itself_reads_the_same_with_and_without_feedparser(form):
    short_ways = []

    @settings(max_examples=60, deadline=None)
    @given(headings(form))
    def alike(document):
        def counted(*given):
            short_ways.append(plain_heading(*given))
            return short_ways[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wellformed, "plain_heading", counted)
            short = attempt(document)
            patch.setattr(wellformed, "plain_heading", lambda *_: None)
            assert short == attempt(document)

    alike()
    assert any(way is not None for way in short_ways)


def attempt(document):
    """What is read; a document that is none says so both ways."""
    try:
        return read(document)
    except ParseError as error:
        return str(error)
