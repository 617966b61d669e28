"""Challenge pages, and pages that only speak of them."""

from __future__ import annotations

import pytest

from briefing.fetch.challenge import challenger

PAGES = {
    "Cloudflare": [
        b"<!DOCTYPE html><html lang='en'><head><title>Just a moment...</title><script>(function(){window._cf_chl_opt="
        b"{cvId:'3',cZone:'press.example'};})();</script></head><body><noscript>Enable JavaScript</noscript></body>",
        b"<html><body><script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script></body></html>",
        b'<html><body><form id="challenge-form" action="/x" method=POST></form></body></html>',
    ],
    "Akamai": [
        b"<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\nYou don't have permission."
        b"<P>Reference #18.2f\n<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18</BODY></HTML>",
        b'<html><head><meta http-equiv=refresh content="5; URL=\'/?bm-verify=AAQ\'"></head><body><div id="sec-if-cpt-'
        b'container"></div></body></html>',
    ],
    "Incapsula": [
        b"<html style='height:100%'><head><META NAME='ROBOTS' CONTENT='NOINDEX'></head><body><iframe id='main-iframe' "
        b"src='/_Incapsula_Resource?CWUDNSAI=9&xinfo=1'>Request unsuccessful. Incapsula incident ID: 1</iframe></body>",
        b'<html><head><script src="/_Incapsula_Resource?SWJIYLWA=5074"></script></head><body></body></html>',
    ],
    "F5": [
        b"<html><head><meta http-equiv='Pragma' content='no-cache'/><script>(function(){window[\"bobcmn\"] = \"1011\";"
        b"})();</script><script src='/TSPD/08f?type=7'></script></head><body></body></html>",
        b"<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with "
        b"your administrator.<br><br>Your support ID is: 1234567890</body></html>",
    ],
    "DDoS-Guard": [
        b"<!doctype html><html><head><title>DDoS-Guard</title><script src='/.well-known/ddos-guard/js-challenge/"
        b"index.js'></script></head><body>Checking your browser</body></html>",
    ],
    "Qrator": [
        b"<html><head><script src='/__qrator/qauth_utm_v2d.js'></script></head><body></body></html>",
    ],
}

ARTICLE = b"<p>" + b"The institute of Zarechye looked at how protection services keep readers out of archives. " * 30


@pytest.mark.parametrize(("vendor", "page"), [(vendor, page) for vendor, pages in PAGES.items() for page in pages])
def test_a_challenge_page_is_recognised_by_its_machinery(vendor, page):
    assert challenger({}, page) == vendor


@pytest.mark.parametrize("page", [page for pages in PAGES.values() for page in pages])
def test_an_article_around_the_same_machinery_is_no_challenge(page):
    assert challenger({}, page.replace(b"</body>", ARTICLE + b"</p></body>") + ARTICLE) is None


@pytest.mark.parametrize("page", [page for pages in PAGES.values() for page in pages])
def test_a_page_that_quotes_the_machinery_is_no_challenge(page):
    quoted = page.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    assert challenger({}, b"<html><body><p>They serve:</p><pre>" + quoted + b"</pre></body></html>") is None


@pytest.mark.parametrize("page", [page for pages in PAGES.values() for page in pages])
def test_a_feed_that_carries_such_a_page_is_no_challenge(page):
    feed = b"<?xml version='1.0'?><rss version='2.0'><channel><item><description><![CDATA[" + page + b"]]>"
    assert challenger({"content-type": "text/html"}, feed) is None


@pytest.mark.parametrize("page", [page for pages in PAGES.values() for page in pages])
def test_a_large_page_is_content(page):
    assert challenger({}, page + b"<!--" + b"x" * 40_000 + b"-->") is None


def test_marks_far_down_in_a_page_are_not_looked_for():
    page = b"<html><head><style>" + b"a{} " * 1_200 + b"</style></head><body><script src='/TSPD/08f'></script></body>"
    assert challenger({}, page) is None


def test_words_about_challenges_mean_nothing():
    text = b"<html><body><p>Cloudflare, Akamai, Incapsula, TSPD, DDoS-Guard, Qrator: just a moment, access denied."
    assert challenger({}, text) is None


def test_the_services_own_headers_are_enough():
    assert challenger({"cf-mitigated": "challenge"}, b"") == "Cloudflare"
    assert challenger({"x-amzn-waf-action": "captcha"}, b"") == "AWS WAF"
    assert challenger({"cf-mitigated": "none", "server": "cloudflare"}, b"<html></html>") is None


@pytest.mark.parametrize(
    "hostile",
    [b"<script ", b"<script>", b"<form src=", b"<title>Access Denied", b"<meta content=", b"<!--", b"<html "],
)
def test_hostile_repetition_is_judged_without_running_away(hostile):
    """The suite's time limit is what fails here, were a pattern to backtrack without end."""
    page = b"<html>" + (hostile * 5_000)[:3_000] + b"<script src='/__qrator/a'></script>" + (hostile * 5_000)[:25_000]
    assert challenger({}, page) in {None, "Qrator"}
