"""Sitemaps, their indexes, news sitemaps."""

import gzip
from typing import Any

import pytest

from briefing.errors import ParseError
from briefing.model import Fetched, Parsed, Source, SourceId
from briefing.sources import KINDS

ADDRESS = "https://delta.example/sitemap.xml.gz"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def read(body: str | bytes, **more: Any) -> Parsed:
    body = body if isinstance(body, bytes) else body.encode()
    answer = Fetched(
        url=ADDRESS, final_url=ADDRESS, status=200, headers={"content-type": "application/octet-stream"}, body=body
    )
    source = Source(
        id=SourceId("d"), name="Delta", institution="igo", country="XX", url=ADDRESS, kind="sitemap", **more
    )
    return KINDS["sitemap"](source, answer, frozenset())


def urlset(*paths: str, lastmod: str = "2020-01-01") -> str:
    return (
        f"<?xml version='1.0'?><urlset {NS}>"
        + "".join(f"<url><loc>https://delta.example{path}</loc><lastmod>{lastmod}</lastmod></url>" for path in paths)
        + "</urlset>"
    )


def test_a_plain_sitemap_gives_addresses_without_titles_and_without_dates():
    parsed = read(urlset("/a", "/b", "/a"))
    assert [(entry.url, entry.title, entry.published.value) for entry in parsed.entries] == [
        ("https://delta.example/a", "", None), ("https://delta.example/b", "", None),
    ]  # fmt: skip
    assert parsed.form == "sitemap"


def test_a_new_lastmod_is_another_form_of_the_entry():
    assert read(urlset("/a")).entries[0].digest != read(urlset("/a", lastmod="2020-01-02")).entries[0].digest


def test_a_news_sitemap_gives_titles_languages_and_dates():
    parsed = read(
        f"<urlset {NS}><url><loc>https://delta.example/n</loc><news:news><news:publication><news:name>Delta</news:name>"
        "<news:language>pt</news:language></news:publication><news:publication_date>2021-05-06T07:08:00-03:00</news:publication_date>"
        "<news:title>Cheia &amp; seca</news:title></news:news></url></urlset>"
    )
    (entry,) = parsed.entries
    assert (entry.title, entry.language, entry.published.value) == ("Cheia & seca", "pt", "2021-05-06T07:08:00-03:00")
    assert parsed.form == "news sitemap"


def test_an_index_names_its_sitemaps_newest_first_and_not_too_many():
    children = "".join(
        f"<sitemap><loc>/s{n}.xml</loc><lastmod>20{n:02}-01-01</lastmod></sitemap>" for n in range(10, 80)
    )
    parsed = read(f"<sitemapindex {NS}>{children}</sitemapindex>")
    assert parsed.entries == ()
    assert parsed.more[:2] == ("https://delta.example/s79.xml", "https://delta.example/s78.xml")
    assert len(parsed.more) == 50


def test_a_compressed_sitemap_is_inflated_within_bounds():
    assert len(read(gzip.compress(urlset("/a").encode())).entries) == 1
    with pytest.raises(ParseError) as caught:
        read(gzip.compress(b" " * 60_000_000, 1))
    assert caught.value.failure == "too-large"
    with pytest.raises(ParseError) as caught:
        read(b"\x1f\x8b\x08broken")
    assert caught.value.failure == "unparsable"


def test_include_and_exclude_choose_among_the_addresses():
    parsed = read(urlset("/en/news/1", "/en/jobs/1", "/fr/news/1"), include=("/en/",), exclude=("/jobs/",))
    assert [entry.url for entry in parsed.entries] == ["https://delta.example/en/news/1"]


def test_a_sitemap_cut_off_keeps_its_whole_entries():
    whole = urlset("/a", "/b", "/c")
    parsed = read(whole[: whole.index("/c") + 1])
    assert [entry.url for entry in parsed.entries] == ["https://delta.example/a", "https://delta.example/b"]
    assert "2 entries" in parsed.damage


@pytest.mark.parametrize("body", ["<html><body>x</body></html>", "<rss version='2.0'/>", "text", b"%PDF-1"])
def test_anything_else_is_no_sitemap(body):
    with pytest.raises(ParseError) as caught:
        read(body)
    assert caught.value.failure == "not-a-feed"


def test_flaws_and_foreign_entities_do_no_harm(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("key")
    body = (
        urlset("/a?x=1&y=2", "/b")
        .replace("<urlset", f"<!DOCTYPE urlset [<!ENTITY e SYSTEM 'file://{secret}'>]><urlset")
        .replace("/b<", "/b&e;<")
    )
    assert read(body).entries[0].url == "https://delta.example/a?x=1&y=2"
    assert "key" not in str(read(body))
