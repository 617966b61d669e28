from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.observe.addresses import canonical

HOSTS = st.sampled_from(["press.example", "a.b.example", "outerharbour.example", "министерство.example"])
SEGMENT = st.text("abcXYZ019-_~äж %()", min_size=1, max_size=6).filter(lambda text: text == text.strip())
PATHS = st.lists(SEGMENT, max_size=4).map(lambda parts: "/" + "/".join(parts))
NAMES = st.sampled_from(["id", "page", "lang", "Nr", "q"])
QUERIES = st.lists(st.tuples(NAMES, st.text("abcXYZ019", max_size=5)), max_size=4, unique_by=lambda pair: pair[0])


@st.composite
def addresses(draw):
    pairs = draw(QUERIES)
    query = "&".join(f"{name}={value}" for name, value in pairs)
    return f"https://{draw(HOSTS)}{draw(PATHS)}{'?' if query else ''}{query}"


@given(addresses())
def test_the_canonical_form_of_a_canonical_form_is_itself(url):
    once = canonical(url)
    assert canonical(f"https://{once}") == once


@given(st.text(max_size=40))
def test_any_text_at_all_has_a_canonical_form(text):
    assert isinstance(canonical(text), str)
    assert isinstance(canonical(f"http://{text}"), str)


@given(addresses(), st.sampled_from(["utm_source=feed", "fbclid=Iw", "yclid=9", "_openstat=x", "at_medium=RSS"]))
def test_a_tracking_parameter_more_tells_nothing_apart(url, tracking):
    assert canonical(f"{url}{'&' if '?' in url else '?'}{tracking}") == canonical(url)


@given(addresses())
def test_scheme_www_and_default_port_tell_nothing_apart(url):
    host, slash, rest = url.removeprefix("https://").partition("/")
    for other in (f"http://{host}", f"https://www.{host}", f"HTTPS://{host.upper()}", f"https://{host}:443"):
        assert canonical(f"{other}{slash}{rest}") == canonical(url)
    assert canonical(f"http://{host}:80{slash}{rest}") == canonical(url)


@given(st.permutations([("id", "597"), ("lang", "ja"), ("page", "2")]))
def test_the_order_of_parameters_tells_nothing_apart(pairs):
    query = "&".join(f"{name}={value}" for name, value in pairs)
    assert canonical(f"https://press.example/detail.php?{query}") == canonical(
        "https://press.example/detail.php?id=597&lang=ja&page=2"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://press.example/a/../b/./c", "https://press.example/b/c"),
        ("https://press.example/%e5%a4%96", "https://press.example/%E5%A4%96"),
        ("https://press.example/外務省", "https://press.example/%E5%A4%96%E5%8B%99%E7%9C%81"),
        ("https://press.example/%7Euser/x", "https://press.example/~user/x"),
        ("https://press.example/news/", "https://press.example/news"),
        ("https://press.example//news//x", "https://press.example/news/x"),
        ("https://press.example", "https://press.example/"),
        ("https://press.example/x#chapter-2", "https://press.example/x"),
        ("https://press.example/x;jsessionid=A1B2?id=3", "https://press.example/x?id=3"),
        ("https://press.example/x?PHPSESSID=77&id=3", "https://press.example/x?id=3"),
        ("https://press.example./x", "https://press.example/x"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("  https://press.example/x \n", "https://press.example/x"),
    ],
)
def test_two_spellings_of_one_address_are_one(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://press.example/detail.php?id=597", "https://press.example/detail.php?id=598"),
        ("https://press.example/detail.php?id=597", "https://press.example/detail.php"),
        ("https://press.example/Press/X", "https://press.example/press/x"),
        ("https://press.example/x?q=A", "https://press.example/x?q=a"),
        ("https://press.example:8080/x", "https://press.example/x"),
        ("https://en.press.example/x", "https://ru.press.example/x"),
        ("https://press.example/#!/news/1", "https://press.example/#!/news/2"),
        ("https://press.example/#/news/1", "https://press.example/#/news/2"),
        ("https://press.example/a%2Fb", "https://press.example/a/b"),
        ("https://press.example/a%3Fb", "https://press.example/a?b"),
        ("https://press.example/x?a=1&a=2", "https://press.example/x?a=2"),
        ("https://press.example/x?empty", "https://press.example/x"),
    ],
)
def test_what_may_be_the_identity_of_an_item_tells_addresses_apart(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("url", ["urn:uuid:1", "ftp://press.example/x", "not an address", "http://[broken", ""])
def test_what_is_no_web_address_is_left_as_it_is(url):
    assert canonical(url) == url
