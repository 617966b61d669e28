"""Which entries a source wants: by address and title, of its own domain; what is left out is counted."""

from __future__ import annotations

import pytest

from briefing.model import Fetched, ListRules, Source, SourceId
from briefing.sources import KINDS
from briefing.sources.letting import domain_of

RSS = (
    '<rss version="2.0"><channel><title>T</title><link>https://www.institute.co.uk/</link>'
    "<item><title>A paper on ports</title><link>https://www.institute.co.uk/papers/1</link></item>"
    "<item><title>In the press: ports</title><link>https://news.example/2</link></item>"
    "<item><title>A VIDEO on ports</title><link>https://media.institute.co.uk/video/3</link></item>"
    "<item><title>Without address</title><guid isPermaLink='false'>4</guid></item>"
    "</channel></rss>"
)
HTML = (
    "<!DOCTYPE html><html><body><ul><li><a href='/a'>On fish</a></li><li><a href='/b'>On ports</a></li>"
    "<li><a href='https://else.example/c'>Elsewhere</a></li></ul></body></html>"
)
MAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>https://www.institute.co.uk/papers/1</loc></url><url><loc>https://www.institute.co.uk/jobs/2</loc></url></urlset>"
)


def read(body: str, url: str = "https://feeds.institute.co.uk/all", kind: str = "feed", **rules):
    source = Source(
        id=SourceId("s"), name="S", institution="think-tank", country="GB", url=url, kind=kind,
        listing=ListRules(item="li") if kind == "page" else None, **rules,
    )  # fmt: skip
    fetched = Fetched(url=url, final_url=url, status=200, headers={}, body=body.encode())
    found = KINDS[kind](source, fetched, frozenset())
    return [entry.title or entry.url for entry in found.entries], found.excluded, found.foreign


@pytest.mark.parametrize(
    ("rules", "left", "excluded", "foreign"),
    [
        ({}, 4, 0, 0),
        ({"exclude": ("In the press",)}, 3, 1, 0),
        ({"exclude": ("/video/",)}, 3, 1, 0),
        ({"exclude": ("video",)}, 3, 1, 0),
        ({"exclude": ("(?i)a video on",)}, 3, 1, 0),
        ({"exclude": ("a video on",)}, 4, 0, 0),
        ({"include": ("/papers/", "Without")}, 2, 2, 0),
        ({"own_domain_only": True}, 3, 0, 1),
        ({"own_domain_only": True, "exclude": ("VIDEO",)}, 2, 1, 1),
    ],
)
def test_patterns_are_sought_in_address_and_title_and_what_they_leave_out_is_counted(rules, left, excluded, foreign):
    titles, *counts = read(RSS, **rules)
    assert (len(titles), *counts) == (left, excluded, foreign)


def test_a_feed_kept_elsewhere_counts_its_own_site_as_its_own():
    titles, _, foreign = read(RSS, url="https://feeds.host.example/institute", own_domain_only=True)
    assert ("A paper on ports" in titles, foreign) == (True, 1)


def test_pages_and_sitemaps_are_chosen_from_alike():
    assert read(HTML, "https://p.example/", "page", exclude=("fish",)) == (["On ports", "Elsewhere"], 1, 0)
    assert read(HTML, "https://p.example/", "page", own_domain_only=True) == (["On fish", "On ports"], 0, 1)
    assert read(MAP, "https://www.institute.co.uk/s.xml", "sitemap", include=("/papers/",))[1] == 1


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.mofa.go.jp/press/", "mofa.go.jp"),
        ("https://a.b.institute.co.uk:8443/x", "institute.co.uk"),
        ("http://127.0.0.1:80/x", "127.0.0.1"),
        ("http://intranet/x", "intranet"),
        ("https://xn--80aesfpebagmfblc0a.xn--p1ai/x", "xn--80aesfpebagmfblc0a.xn--p1ai"),
        ("", ""),
        ("http://[::1", ""),
    ],
)
def test_the_registrable_domain_is_that_of_the_public_suffix_list(url, domain):
    assert domain_of(url) == domain
