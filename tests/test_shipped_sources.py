"""The sources.yaml at the root of the project: real, whole, and described by the schema beside it."""

import json
import re
from pathlib import Path

import pytest

from briefing.config import json_schema, load
from briefing.config.loading import FORMATS
from briefing.config.shape import FileShape
from briefing.config.syntax import read

ROOT = Path(__file__).parents[1]
FILE = ROOT / "sources.yaml"


@pytest.fixture(scope="module")
def text():
    return FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shape(text):
    root, problems = read(text)
    assert problems == []
    assert root is not None
    return FileShape.model_validate(root.value)


@pytest.fixture(scope="module")
def settings():
    return load(FILE)


def test_its_first_line_names_the_schema_for_editors(text):
    assert text.splitlines()[0] == "# yaml-language-server: $schema=./sources.schema.json"


def test_the_schema_beside_it_is_the_one_that_the_program_prints():
    stored = (ROOT / "sources.schema.json").read_text(encoding="utf-8")
    assert stored == json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def test_it_brings_the_whole_set_and_reads_only_what_is_switched_on(shape, settings):
    assert len(shape.sources) == 110
    assert [source.id for source in settings.sources] == [source.id for source in shape.sources if source.enabled]
    assert len(settings.sources) == 66


def test_every_source_that_is_off_says_why_in_the_remark_above_it(text):
    entries = re.findall(r"((?:^  #.*\n)*)^  - id: ([\w-]+)\n((?:    .*\n)*)", text, re.MULTILINE)
    off = {name: remark for remark, name, body in entries if "\n    enabled: false\n" in f"\n{body}"}
    assert len(off) == 44
    assert [name for name, remark in off.items() if "# Off: " not in remark] == []


def test_every_source_says_its_language_and_no_address_is_read_twice(shape):
    assert [source.id for source in shape.sources if source.language is None] == []
    addresses = [source.url for source in shape.sources]
    assert len(set(addresses)) == len(addresses)


def test_every_page_knows_its_items_by_place_or_by_address(shape):
    pages = [source for source in shape.sources if source.kind == "page"]
    assert [page.id for page in pages if not (page.include or (page.listing and page.listing.item))] == []


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("jp-mofa-en-releases", "https://www.mofa.go.jp/press/release/press4e_002742.html"),
        ("jp-mofa-en-conferences", "https://www.mofa.go.jp/press/kaiken/kaiken4e_000588.html"),
        ("jp-mofa-en-russia", "https://www.mofa.go.jp/erp/rss/northern/page1e_000141.html"),
        ("jp-mofa-ja-russia", "https://www.mofa.go.jp/mofaj/erp/rss/hoppo/page4_005311.html"),
        ("jp-tokyofoundation", "https://www.tokyofoundation.org/research/detail.php?id=597"),
        ("jp-usembassy-jmh", "https://jmh.usembassy.gov/201608174419/"),
        ("cn-mfa-en", "https://www.mfa.gov.cn/eng/xw/fyrbt/lxjzh/202601/t20260105_11835123.html"),
        ("kr-mofa-en", "https://www.mofa.go.kr/eng/brd/m_5676/view.do?seq=322000"),
    ],
)
def test_patterns_let_in_what_the_publishers_call_an_item_but_not_their_front_page(shape, source, address):
    patterns = next(entry.include for entry in shape.sources if entry.id == source)
    assert any(re.search(pattern, address) for pattern in patterns)
    front = "/".join(address.split("/")[:3]) + "/"
    assert not any(re.search(pattern, front) for pattern in patterns)


def test_every_topic_has_a_description_and_phrases_in_three_languages(settings):
    assert len(settings.topics) == 19
    assert [topic.id for topic in settings.topics if set(topic.phrases) != {"en", "ja", "ru"}] == []
    assert [topic.id for topic in settings.topics if not topic.description] == []


def test_no_phrase_stands_twice_in_a_topic(settings):
    for topic in settings.topics:
        for phrases in topic.phrases.values():
            assert len({phrase.casefold() for phrase in phrases}) == len(phrases), topic.id


def test_the_weekly_briefing_has_every_topic_and_every_format(settings):
    (weekly,) = settings.briefings
    assert sorted(weekly.topics) == sorted(topic.id for topic in settings.topics)
    assert weekly.formats == FORMATS
    assert 4 <= len(settings.digests) <= 6
