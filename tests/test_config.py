"""sources.yaml and the environment: what they become, and what an editor is told when they are wrong."""

import json
import os
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from briefing.config import Places, json_schema, load, places
from briefing.config.shape import keys
from briefing.config.words import COUNTRIES, LANGUAGES
from briefing.errors import ConfigError
from briefing.model import Archive, ArticleRules, ListRules

WORLD = Path(os.environ.get("BRIEFING_PRESS_WORLD", "press-world")) / "sources.yaml"

SMALL = """\
site: {title: Lagoon Watch, contact: desk@lagoon.example}
sources:
  - id: port-office
    name: Port Office of Velmar
    institution: ministry
    country: XV
    url: https://port.example/feed
"""

FULL = """\
site:
  title: Lagoon Watch
  url: https://watch.example/news/
  language: fr
  timezone: Europe/Paris
  contact: desk@lagoon.example
fetch:
  every: 30m
  timeout: 12.5s
  max_bytes: 500KB
  per_host: 4
  spacing: 0.1s
  allow_networks: [127.0.0.0/8, "fd00::/8"]
sources:
  - id: port-office
    name: Port Office of Velmar
    institution: ministry
    country: XV
    language: no
    timezone: Asia/Tokyo
    kind: page
    url: https://port.example/notices
    every: 2d
    full_text: never
    include: ['/notices/\\d+$']
    exclude: [/archive/]
    licence: Open Velmar Licence
    redistribute: full
    pagination: ?page={n}
    archive: {url: https://port.example/all, list: {item: li, next: a.older}, pagination: "/page/{page}"}
    backfill_since: 2016-11-19
    list:
      item: tr.notice
      title: a.head
      link: a.head@href
      date: "xpath:./td[2]"
      date_format: "%d.%m.%Y %H:%M"
    article:
      title: 'meta[property="og:title"]@content'
      body: "#text"
      date: time@datetime
      date_format: "%Y-%m-%d"
      drop: [h1, 'xpath://p[@class="back"]']
  - id: harbour-institute
    name: Harbour Institute
    institution: think-tank
    country: EU
    kind: sitemap
    url: http://harbour.example/sitemap.xml
    enabled: false
topics:
  - id: dredging
    name: Dredging
    description: Who digs where.
    phrases:
      en: [dredg*, 2+2, 1956, no]
      ru: [дноуглубит* работ*]
    exclude:
      en: [dredged up]
  - id: ferries
    name: Ferries
    phrases: {en: [ferry, ferries]}
digests:
  - id: port
    title: The port
    description: All of it.
    bundle: week
    topics: [ferries]
    sources: [port-office, harbour-institute]
    institutions: [ministry, media]
    countries: [XV, UN]
    languages: [en, no]
    query: new quay
briefings:
  - id: weekly
    title: The week
    publish: Friday 16:30
"""


@pytest.fixture
def read(tmp_path):
    """Load a text as a file named sources.yaml."""

    def loaded(text, **options):
        path = tmp_path / "sources.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path, **options)

    return loaded


@pytest.fixture
def problems(read, tmp_path):
    """The problems of a text, the folder cut off."""

    def found(text, **options):
        with pytest.raises(ConfigError) as caught:
            read(text, **options)
        return [problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems]

    return found


# ---------------------------------------------------------------- what is read


def test_a_small_file_is_enough_and_the_rest_has_defaults(read):
    settings = read(SMALL)
    assert settings.site.url == "http://127.0.0.1:8000"
    assert (settings.site.language, settings.site.timezone) == ("en", "UTC")
    assert settings.fetch.every == timedelta(hours=1)
    assert settings.fetch.timeout == timedelta(seconds=20)
    assert settings.fetch.max_bytes == 10_000_000
    assert (settings.fetch.per_host, settings.fetch.spacing) == (2, timedelta(seconds=1))
    assert settings.fetch.allow_networks == ()
    assert (settings.topics, settings.digests, settings.briefings) == ((), (), ())
    (source,) = settings.sources
    assert (source.kind, source.full_text, source.redistribute, source.every) == ("feed", "auto", "excerpt", None)
    assert source.listing is None


def test_every_key_of_a_full_file_arrives(read):
    settings = read(FULL)
    assert settings.site.url == "https://watch.example/news"
    assert settings.fetch.timeout == timedelta(seconds=12.5)
    assert settings.fetch.max_bytes == 500_000
    assert settings.fetch.allow_networks == (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    (source,) = settings.sources
    assert source.language == "no"
    assert source.every == timedelta(days=2)
    assert source.include == (r"/notices/\d+$",)
    assert source.exclude == ("/archive/",)
    assert (source.licence, source.redistribute) == ("Open Velmar Licence", "full")
    assert (source.pagination, source.backfill_since) == ("?page={n}", "2016-11-19")
    assert source.archive == Archive(
        url="https://port.example/all", listing=ListRules(item="li", next="a.older"), pagination="/page/{page}"
    )
    assert source.listing == ListRules(
        item="tr.notice", title="a.head", link="a.head@href", date="xpath:./td[2]", date_format="%d.%m.%Y %H:%M"
    )
    assert source.article == ArticleRules(
        title='meta[property="og:title"]@content',
        body="#text",
        date="time@datetime",
        date_format="%Y-%m-%d",
        drop=("h1", 'xpath://p[@class="back"]'),
    )
    (digest,) = settings.digests
    assert digest.bundle == "week"
    assert digest.sources == ("port-office", "harbour-institute")
    assert (digest.countries, digest.languages, digest.query) == (("XV", "UN"), ("en", "no"), "new quay")
    (weekly,) = settings.briefings
    assert (weekly.weekday, weekly.hour, weekly.minute) == (4, 16, 30)


@pytest.mark.parametrize("where", ["https://witness.example/log", "/srv/notary", "notary"])
def test_a_witness_is_a_folder_or_a_safe_address(read, where):
    assert read(FULL).witness is None
    assert read(FULL.replace("sources:", f"log:\n  witness: {where}\nsources:", 1)).witness == where


@pytest.mark.parametrize("where", ["http://witness.example/", "ftp://witness.example/", "https://", '""'])
def test_any_other_witness_is_refused(problems, where):
    (told,) = problems(FULL.replace("sources:", f"log: {{witness: {where}}}\nsources:", 1))
    assert told.startswith("sources.yaml:14: log.witness: ")


def test_words_that_look_like_numbers_or_truth_stay_words(read):
    assert read(FULL).topics[0].phrases["en"] == ("dredg*", "2+2", "1956", "no")


def test_a_source_that_is_off_is_left_out_but_still_checked(read, problems):
    assert [source.id for source in read(FULL).sources] == ["port-office"]
    assert problems(FULL.replace("http://harbour", "ftp://harbour")) == [
        'sources.yaml:49: sources[1].url: "ftp://harbour.example/sitemap.xml" is no web address that begins with '
        "http:// or https://"
    ]


def test_a_briefing_without_topics_has_all_in_their_order_and_every_format(read):
    (weekly,) = read(FULL, formats=("html", "epub")).briefings
    assert weekly.topics == ("dredging", "ferries")
    assert weekly.formats == ("html", "epub")


def test_a_digest_without_topics_lets_every_topic_through(read):
    assert read(FULL.replace("    topics: [ferries]\n", "")).digests[0].topics == ()


def test_a_page_told_by_addresses_alone_reads_every_link(read):
    page = SMALL + "    kind: page\n    include: [notice]\n"
    assert read(page).sources[0].listing == ListRules(item="a[href]")
    dated = page + "    list:\n      date: td\n"
    assert read(dated).sources[0].listing == ListRules(item="a[href]", date="td")


def test_kinds_and_formats_are_those_that_are_installed(read, problems):
    assert read(SMALL + "    kind: telex\n", kinds=("feed", "telex")).sources[0].kind == "telex"
    assert problems(SMALL + "    kind: telexx\n", kinds=("feed", "telex")) == [
        'sources.yaml:8: sources[0].kind: "telexx" is none of feed, telex; did you mean "telex"?'
    ]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(read):
    assert read(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()).sources[0].id == "port-office"


def test_keys_shared_by_anchor_and_merge_count_for_each_source(read):
    text = SMALL.replace("  - id: port-office", "  - &port\n    id: port-office")
    second = read(text + "  - <<: *port\n    id: second\n    country: UN\n").sources[1]
    assert (second.id, second.country, second.institution) == ("second", "UN", "ministry")


@pytest.mark.skipif(not WORLD.exists(), reason="BRIEFING_PRESS_WORLD names no folder with a press world")
def test_the_press_world_is_understood_whole():
    settings = load(WORLD)
    assert len(settings.sources) == 7
    assert settings.fetch.spacing == timedelta(seconds=0.1)
    article = settings.sources[0].article
    assert article is not None
    assert article.drop[2] == "p.rightalign"
    assert settings.briefings[0].topics[-1] == "energy"


@hypothesis_settings(deadline=None)  # the machine may be busy
@given(
    st.sampled_from([("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]),
    st.integers(min_value=1, max_value=300),
)
def test_a_duration_is_its_number_times_its_unit(tmp_path_factory, unit, number):
    path = tmp_path_factory.getbasetemp() / "duration.yaml"
    path.write_text(f"{SMALL}fetch: {{timeout: {number}{unit[0]}}}\n")
    assert load(path).fetch.timeout == timedelta(seconds=number * unit[1])


@pytest.mark.parametrize(
    ("written", "size"), [("10MB", 10_000_000), ("4 KiB", 4096), ("1.5GB", 1_500_000_000), ("512", 512), ("7b", 7)]
)
def test_sizes_are_read_with_and_without_a_unit(read, written, size):
    assert read(f"{SMALL}fetch:\n  max_bytes: {written}\n").fetch.max_bytes == size


def test_codes_of_languages_and_countries_have_the_shape_of_their_standards():
    assert {"en", "ja", "ru", "zh", "ko", "uk"} <= LANGUAGES
    assert {"JP", "RU", "GB", "EU", "UN", "XV"} <= COUNTRIES
    assert "UK" not in COUNTRIES
    assert len(LANGUAGES) == 184


# ---------------------------------------------------------------- what is refused


def test_all_faults_are_told_at_once_in_the_order_of_lines(problems):
    text = (
        SMALL.replace("institution: ministry", "institution: ministy").replace("country: XV", "land: XV")
        + "topics: [{id: x, name: X, phrases: {en: []}}]\n"
    )
    assert problems(text) == [
        'sources.yaml:3: sources[0].country: the key "country" is missing',
        'sources.yaml:5: sources[0].institution: "ministy" is none of ministry, think-tank, igo, media; '
        'did you mean "ministry"?',
        'sources.yaml:6: sources[0].land: unknown key "land"; the keys here are ' + ", ".join(keys(("sources",))),
        "sources.yaml:8: topics[0].phrases: a topic needs at least one phrase, such as en: [peace treaty]",
    ]


SOURCE_FAULTS = {
    "id: Port Office": '"Port Office" is no id: it is made of lower-case letters, digits and hyphens; '
    'did you mean "port-office"?',
    "name:": "has no value: it must be a text",
    "institution: think tank": '"think tank" is none of ministry, think-tank, igo, media; did you mean "think-tank"?',
    "country: UK": 'is no country code of two capital letters (ISO 3166-1, or EU or UN); did you mean "GB"?',
    "country: xv": 'did you mean "XV"?',
    "url: port.example/feed": 'did you mean "https://port.example/feed"?',
    "url: file:///etc/passwd": "is no web address that begins with http:// or https://",
    "url: https://port.example/a b": "it holds white space",
    'url: "http://[::1"': "is no web address",
    "language: jp": 'is no language code of two letters (ISO 639-1); did you mean "ja"?',
    "language: zh-Hant": 'did you mean "zh"?',
    "timezone: Asia/Tokio": 'is no time zone; did you mean "Asia/Tokyo"?',
    "timezone: Tokyo": 'did you mean "Asia/Tokyo"?',
    "timezone: Europe": '"Europe" is no time zone',
    "kind: sitmap": '"sitmap" is none of feed, page, sitemap, watch; did you mean "sitemap"?',
    "kind: page": "a page needs list.item, the selector of one item, or include, the pattern of the items' addresses",
    "enabled: perhaps": '"perhaps" must be true or false',
    "every: 30s": "a source is read at most every 1m and at least every 30d",
    "every: 31d": "out of bounds",
    "every: 60": "is no duration: write a number and s, m, h or d",
    "full_text: [auto]": "must be a text, not a list",
    "redistribute: excerp": 'did you mean "excerpt"?',
    "include: /news/": "must be a list, not a text, as in [/news/]",
    "include: [(a]": "is no regular expression: missing ), unterminated subpattern at character 1",
    "exclude: ['*x']": "nothing to repeat at character 1",
    "article: h1": "must be keys with values, not a text",
    "article: {body: 'a[['}": "is no CSS selector",
    "article: {body: //div}": 'begin an XPath with "xpath:"',
    "article: {body: 'xpath://div['}": "is no XPath",
    "article: {drop: ['p:nonsense(2)']}": "is no CSS selector",
    "article: {date_format: '%Q'}": "%Q stands for nothing",
    "article: {date_format: yyyy}": "it names no part of a date",
    "article: {boddy: p}": 'unknown key "boddy"; did you mean "body"?',
    "pagination: /page/": "is no pagination: write {n} once, for the number of the page, as in /page/{n}",
    "pagination: '{n}/{page}'": "is no pagination",
    "pagination: 'https:///{n}'": "is no web address",
    "backfill_since: 19.11.2016": '"19.11.2016" is no day: write it like 2016-11-19',
    "backfill_since: 1899-01-01": '"1899-01-01" lies before the web',
    "archive: {url: https://a.example/, kind: feed}": "sitemap",
    "archive: {url: https://a.example/}": "needs list.item, the selector of one item, or the source needs include",
    "archive: {url: https://a.example/, kind: sitemap, list: {item: li}}": "is read only where kind is page",
    "list: {item: li}": "is read only where kind is page, and here it is feed",
    "licence: !!python/name:os.system x": "is not understood: take it out",
}


@pytest.mark.parametrize(("line", "said"), SOURCE_FAULTS.items())
def test_a_fault_of_a_source_is_told_with_line_path_and_remedy(problems, line, said):
    key = line.split(":")[0]
    kept = [old for old in SMALL.splitlines()[3:] if old.strip().split(":")[0] != key]
    text = "\n".join([*SMALL.splitlines()[:2], *(["  - id: port-office"] if key != "id" else [])])
    if key == "id":
        text += f"\n  - {line}\n" + "\n".join(kept) + "\n"
        number = 3
    else:
        text += "\n" + "\n".join(kept) + f"\n    {line}\n"
        number = len(text.splitlines())
    (problem,) = problems(text)
    assert problem.startswith(f"sources.yaml:{number}: sources[0]")
    assert said in problem


OTHER_FAULTS = {
    "fetch: {timeout: 0s}": "fetch.timeout: must be more than 0s",
    "fetch: {every: 20 minutes}": "fetch.every: ",
    "fetch: {max_bytes: ten}": 'fetch.max_bytes: "ten" is no size',
    "fetch: {per_host: two}": 'fetch.per_host: "two" must be a whole number',
    "fetch: {per_host: 0}": "fetch.per_host: 0 is out of bounds: should be greater than or equal to 1",
    "fetch: {allow_networks: [10.0.0.1/8]}": 'fetch.allow_networks[0]: "10.0.0.1/8" names a host inside a network; '
    'did you mean "10.0.0.0/8"?',
    "fetch: {allow_networks: [here]}": 'fetch.allow_networks[0]: "here" is no network',
    "fetch: {agent: me}": 'fetch.agent: unknown key "agent"; the keys here are every, timeout,',
    "topics: [{id: a, name: A, phrases: {en: ['*']}}]": 'topics[0].phrases.en[0]: "*" has a * that stands alone',
    "topics: [{id: a, name: A, phrases: {en: [a *]}}]": "stands alone",
    "topics: [{id: a, name: A, phrases: {ru: [мир*ный]}}]": "has a * before the end of a word",
    "topics: [{id: a, name: A, phrases: {en: ['']}}]": "topics[0].phrases.en[0]: is empty",
    "topics: [{id: a, name: A, phrases: {eng: [a]}}]": 'topics[0].phrases.eng: "eng" is no language code',
    "topics: [{id: a, name: A, phrases: {}}]": "topics[0].phrases: a topic needs at least one phrase",
    "topics: [{id: a, name: A, phrases: [a]}]": "topics[0].phrases: must be keys with values, not a list",
    "topics: {a: b}": "topics: must be a list, not keys with values",
    "digests: [{id: d, title: D, sources: [port-offise]}]": (
        'digests[0].sources[0]: no source has the id "port-offise"; did you mean "port-office"?'
    ),
    "digests: [{id: d, title: D, topics: [x]}]": 'digests[0].topics[0]: no topic has the id "x"',
    "digests: [{id: d, title: D, institutions: [minister]}]": 'did you mean "ministry"?',
    "digests: [{id: d, title: D, bundle: month}]": '"month" is none of item, day, week',
    "digests: [{id: d, title: D}, {id: d, title: E}]": 'digests[1].id: "d" is also the id of digests[0] in line 8',
    "briefings: [{id: b, title: B, publish: mnday 07:00}]": "briefings[0].publish: ",
    "briefings: [{id: b, title: B, publish: 'monday 25:00'}]": "is no time of the day",
    "briefings: [{id: b, title: B, publish: weekly}]": "with a day before it for a weekly (monday 07:00)",
    "briefings: [{id: b, title: B, period: year}]": '"year" is none of day, week, month',
    "briefings: [{id: b, title: B, period: month, publish: '29 07:00'}]": "write one from 1 to 28",
    "briefings: [{id: b, title: B, period: month, publish: monday 07:00}]": (
        'briefings[0].publish: "monday 07:00" is a time for each week, and the period is month: write it as in 1 07:00'
    ),
    "briefings: [{id: b, title: B, publish: '07:00'}]": "the period is week: write it as in monday 07:00",
    "briefings: [{id: b, title: B, period: day, publish: '1 07:00'}]": "write it as in 07:00",
    "briefings: [{id: b, title: B, limits: {words: many}}]": "briefings[0].limits.words",
    "briefings: [{id: b, title: B, limits: {word: 1}}]": 'did you mean "words"?',
    "briefings: [{id: b, title: B, formats: [odt]}]": '"odt" is none of html, markdown, text, json, pdf, docx, epub',
    "briefings: [{id: b, title: B, topics: [x]}]": 'briefings[0].topics[0]: no topic has the id "x"',
    "sourcs: []": 'sourcs: unknown key "sourcs"; did you mean "sources"?',
    "sources: []": "sources: stands here twice (first in line 2): keep one",
}


@pytest.mark.parametrize(("line", "said"), OTHER_FAULTS.items())
def test_a_fault_elsewhere_is_told_with_line_path_and_remedy(problems, line, said):
    (problem,) = problems(f"{SMALL}{line}\n")
    assert problem.startswith("sources.yaml:8: ")
    assert said in problem


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("{title: T}", 'site.contact: the key "contact" is missing'),
        ("{title: T, contact: me}", "site.contact: "),
        ("{title: T, contact: a@b.example, url: 'https://x.example/?a=1'}", "site.url: "),
        ("[T]", "site: must be keys with values, not a list"),
        ("", "site: has no value: it must be keys with values"),
    ],
)
def test_a_fault_of_the_site_is_told(problems, site, said):
    text = f"site: {site}\n" + SMALL.split("\n", 1)[1]
    (problem,) = problems(text)
    assert problem.startswith(f"sources.yaml:1: {said}")


def test_two_sources_of_one_id_are_told_with_both_lines(problems):
    second = SMALL.split("sources:\n")[1]
    assert problems(SMALL + second) == [
        'sources.yaml:8: sources[1].id: "port-office" is also the id of sources[0] in line 3'
    ]


def test_a_key_that_stands_twice_is_told_at_its_second_place(problems):
    assert problems(SMALL + "    name: Other\n") == [
        "sources.yaml:8: sources[0].name: stands here twice (first in line 4): keep one"
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("site: [a\nsources: b\n", 2, "that begins in line 1"),
        ("site:\n\ttitle: x\n", 2, "indent with spaces, not with tabs"),
        ("site:\n  title: a: b\n", 2, 'put quotes around a text that holds ": "'),
        ("site: *nobody\n", 1, "*nobody stands for nothing"),
        ("site: &a [*a]\n", 1, "*a stands for nothing"),
        ("site: 1\n---\nsite: 2\n", 2, "a second document begins here"),
        ("? [a]\n: b\n", 1, "a key must be a single word"),
        ("a: {<<: b}\n", 1, "takes over the keys of a mapping"),
        ("site: " + "[" * 60 + "]" * 60 + "\n", 1, "nested too deeply"),
        ("site: x\ntitle: a\x07\n", 2, "the character U+0007 may not stand here"),
        (
            "- site\n",
            1,
            "(site, fetch, log, sources, topics, institutions, digests, briefings, stories, deliver, house, mail)",
        ),
        ("just words\n", 1, "and here stands a text"),
        (b"site: x\ntitle: \xff\n", 2, "this is not UTF-8"),
    ],
)
def test_what_is_no_proper_yaml_is_told_with_its_line(problems, text, line, said):
    first = problems(text)[0]
    assert first.startswith(f"sources.yaml:{line}: ")
    assert said in first


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n"])
def test_an_empty_file_is_told_what_it_needs(problems, text):
    (problem,) = problems(text)
    assert problem.startswith("sources.yaml")


def test_a_file_that_is_not_there_is_told_how_to_name_another(tmp_path):
    with pytest.raises(ConfigError, match=r"there is no such file; name it with --config or BRIEFING_CONFIG"):
        load(tmp_path / "absent.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)


@hypothesis_settings(deadline=None)  # the machine may be busy
@given(st.text())
def test_no_text_whatever_ends_in_anything_but_settings_or_a_told_fault(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.problems


@hypothesis_settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.integers(0, len(FULL)), st.characters(exclude_categories=["Cs"])), max_size=6))
def test_a_mangled_file_gives_settings_or_told_faults(tmp_path_factory, changes):
    text = FULL
    for place, sign in changes:
        text = text[:place] + sign + text[place + 1 :]
    path = tmp_path_factory.getbasetemp() / "mangled.yaml"
    path.write_text(text, encoding="utf-8")
    problems = []
    try:
        load(path)
    except ConfigError as error:
        problems = error.problems
    assert all(problem.startswith(str(path)) for problem in problems)


# ---------------------------------------------------------------- schema, places, speed


def _parts(schema: Any) -> list[dict[str, Any]]:
    return [schema, *schema["$defs"].values()]


def test_the_schema_explains_every_key_in_a_sentence():
    schema = json_schema(kinds=("feed", "telex"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    properties = [entry for part in _parts(schema) for entry in part["properties"].items()]
    found = dict(properties)
    assert {"site", "per_host", "date_format", "list", "phrases", "publish", "redistribute"} <= set(found)
    for key, rules in properties:
        assert rules["description"].endswith("."), key
        assert rules.get("title") or "$ref" in rules, key
    assert found["kind"]["enum"] == ["feed", "telex"]
    assert found["timeout"]["default"] == "20s"
    assert all(part["additionalProperties"] is False for part in _parts(schema))
    json.dumps(schema)


def test_an_option_beats_the_environment_and_that_the_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    environ = {
        "BRIEFING_CONFIG": "mine.yaml",
        "BRIEFING_STORAGE": "/var/store",
        "BRIEFING_DATABASE_URL": "sqlite:////var/other.db",
    }
    assert places(None, None, None, {}) == Places(
        config=Path("sources.yaml"),
        storage=Path("storage"),
        database_url=f"sqlite:///{tmp_path}/storage/briefing.db",
    )
    assert places(None, None, None, environ) == Places(
        config=Path("mine.yaml"), storage=Path("/var/store"), database_url="sqlite:////var/other.db"
    )
    assert places("o.yaml", "/o", "sqlite:///o.db", environ) == Places(
        config=Path("o.yaml"), storage=Path("/o"), database_url="sqlite:///o.db"
    )
    assert places("", "", "", {"BRIEFING_STORAGE": "/s"}).database_url == "sqlite:////s/briefing.db"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_postgresql_database_may_be_named_as_it_is_elsewhere(scheme):
    found = places(None, None, f" {scheme}://desk@db:5433/briefing?sslmode=require ", {})
    assert found.database_url == "postgresql://desk@db:5433/briefing?sslmode=require"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+asyncpg://desk:secret@db/briefing", "a driver other than psycopg"),
        ("postgresql:/desk:secret@db", "the PostgreSQL URL names no server"),
        ("mysql://desk:secret@db/x", "only SQLite and PostgreSQL are supported, not mysql"),
        ("/var/briefing.db", "this is no database URL"),
        ("sqlite://", "the SQLite URL names no file"),
        ("sqlite:///:memory:", "the SQLite URL names no file"),
    ],
)
def test_a_database_that_is_neither_a_file_nor_a_server_is_refused_without_repeating_its_password(url, said):
    with pytest.raises(ConfigError) as caught:
        places(None, None, url, {})
    assert said in str(caught.value)
    assert "write sqlite:////absolute/path/to/briefing.db" in str(caught.value)
    assert "secret" not in str(caught.value)
    with pytest.raises(ConfigError, match="BRIEFING_DATABASE_URL"):
        places(None, None, None, {"BRIEFING_DATABASE_URL": url})


@pytest.mark.parametrize(
    ("written", "appears"),
    [
        ("period: day", ("day", 0, 1, 7, 0)),
        ("period: day, publish: '06:30'", ("day", 0, 1, 6, 30)),
        ("publish: friday 16:05", ("week", 4, 1, 16, 5)),
        ("period: month", ("month", 0, 1, 7, 0)),
        ("period: month, publish: 28 23:59", ("month", 0, 28, 23, 59)),
    ],
)
def test_issues_of_days_weeks_and_months_come_out_at_a_time_written_for_them(read, written, appears):
    [found] = read(f"{SMALL}briefings: [{{id: b, title: B, {written}}}]\n").briefings
    assert (found.period, found.weekday, found.monthday, found.hour, found.minute) == appears
