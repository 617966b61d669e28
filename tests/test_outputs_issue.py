"""One invented issue in six languages, and what each format must make of it."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from briefing.documents import (
    Alteration,
    Announced,
    Coverage,
    Erratum,
    Figure,
    House,
    Inventory,
    Issue,
    LeftOut,
    Mention,
    Reference,
    Revised,
    Section,
    Series,
    Telling,
    Voice,
)
from briefing.model import (
    Health,
    Item,
    ItemId,
    Label,
    Meeting,
    Published,
    Source,
    SourceId,
    Statement,
    Topic,
    TopicId,
)
from briefing.outputs import ISSUES, RENDERER, issue_words
from briefing.outputs.columns import WIDTH, width, wrapped
from briefing.outputs.issue_json import digest
from briefing.outputs.issue_markdown import escaped
from briefing.outputs.issue_schema import issue_schema
from briefing.outputs.passages import compared
from schema_support import faults  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not

SEA = Source(
    id=SourceId("sea"),
    name="Ministry of the Outer Sea",
    institution="ministry",
    country="JP",
    url="https://sea.example/feed",
    language="en",
    timezone="Asia/Tokyo",
)
GYO = Source(
    id=SourceId("gyo"),
    name="外海漁業省",
    institution="ministry",
    country="JP",
    url="https://gyo.example/",
    language="ja",
    timezone="Asia/Tokyo",
)
RIVER = Source(
    id=SourceId("river"),
    name="Министерство речных дел",
    institution="ministry",
    country="RU",
    url="https://river.example/",
    language="ru",
    timezone="Europe/Moscow",
)
WELLS = Source(
    id=SourceId("wells"),
    name="هيئة الآبار",
    institution="igo",
    country="XQ",
    url="https://wells.example/",
    language="ar",
    timezone="Asia/Riyadh",
)
TIDE = Source(
    id=SourceId("tide"),
    name="Tidewater Institute <Basel & Oslo>",
    institution="think-tank",
    country="CH",
    url="https://tide.example/",
    language="en",
)
HAFEN = Source(
    id=SourceId("hafen"), name="Hafenkammer", institution="media", country="DE", url="https://hafen.example/"
)


def item(number: int, source: Source, title: str, published: Published, language: str, **more: Any) -> Item:
    fields: dict[str, Any] = {
        "id": ItemId(f"item-{number}"),
        "source": source.id,
        "url": f"{source.url}items/{number}?lang={language}&v=1",
        "title": title,
        "lead": "never printed",
        "authors": (),
        "published": published,
        "seen_at": datetime(2017, 3, 21, 1, number, tzinfo=UTC),
        "news_at": datetime(2017, 3, 21, 1, number, tzinfo=UTC),
        "day": "2017-03-21",
        "language": language,
        "state": "current",
        "revisions": 1,
        "changed_at": datetime(2017, 3, 21, 1, number, tzinfo=UTC),
        "position": 100 + number,
        "fingerprint": f"{number:x}" * 64,
        "labels": (Label(topic=TopicId("fish"), score=7, level="primary"),),
    }
    return Item(**(fields | more))


def day(value: str) -> Published:
    return Published(raw=value, value=value, precision="day", origin="feed")


TALKS = Reference(
    number=1,
    source=SEA,
    also=("quotas",),
    item=item(
        1,
        SEA,
        "Talks on the <outer> shelf & its *fish*",
        Published(
            raw="Mon, 20 Mar 2017 14:31:00 +0900", value="2017-03-20T14:31:00+09:00", precision="minute", origin="feed"
        ),
        "en",
    ),
    quote="Both sides agreed to count the herring together. The next round is held in Port Nowhere in May.",
)
KYODO = Reference(
    number=2,
    source=GYO,
    item=item(2, GYO, "「外海棚」に関する協議の結果について", day("2017-03-21"), "ja"),
    quote="双方は、ニシンの資源量を共同で調査することで一致した。次回の協議は、五月に無名港で開催される予定である。",
    twin=item(8, GYO, "Results of the talks on the “outer” shelf", day("2017-03-22"), "en"),
)
RECHNOY = Reference(
    number=3,
    source=RIVER,
    item=item(
        3,
        RIVER,
        "О переговорах по внешнему шельфу",
        Published(raw="20.03.2017 09:05", value="2017-03-20T09:05:00+03:00", precision="minute", origin="page"),
        "ru",
        state="revised",
        revisions=3,
    ),
    quote="Стороны договорились вести совместный учёт сельди; следующий раунд состоится в мае.",
)
ABAR = Reference(
    number=4,
    source=WELLS,
    item=item(4, WELLS, "بيان بشأن الآبار الساحلية", Published(), "ar"),
    quote="اتفق الطرفان على قياس منسوب المياه كل شهر.",
)
STUDY = Reference(
    number=5,
    source=TIDE,
    also=("fish",),
    item=item(
        5,
        TIDE,
        "# Counting herring: 1. a *primer* [draft]",
        Published(raw="March 2017", value="2017-03", precision="month", origin="page"),
        "en",
        authors=("A. Nemo", "B. Nobody"),
        noted="the page is a PDF without text",
    ),
    quote="",
)
LATE = Reference(
    number=6,
    source=HAFEN,
    item=item(6, HAFEN, "Hafenordnung geändert", day("2017-03-11"), "de", state="withdrawn"),
    quote="Die Hafenordnung gilt ab sofort.",
)

UNDATED = item(7, SEA, "Note without a date", Published(), "en", seen_at=datetime(2017, 3, 25, 1, 0, tzinfo=UTC))
LEFT = Reference(number=7, source=SEA, item=UNDATED, quote="")
OTHER = item(9, GYO, "港湾*工事*の<入札>", day("2017-03-23"), "ja")

AHEAD = Announced(
    meeting=Meeting(
        id="00112233aabbccdd",
        first=date(2017, 4, 21),
        last=date(2017, 4, 30),
        precision="part-of-month",
        kind="talks",
        deadline=False,
        state="announced",
        sequence=1,
        before="2017-04-12/2017-04-13/days",
        announced_at=datetime(2017, 3, 20, 3, 0, tzinfo=UTC),
        changed_at=datetime(2017, 3, 22, 3, 0, tzinfo=UTC),
        position=4700,
    ),
    title="Shelf *Forum* <West>",
    language="en",
    named=True,
    place="Port Abar",
    who=("I. Lind",),
    voices=(
        Voice(
            statement=Statement(
                item=TALKS.item,
                revision=1,
                first=date(2017, 4, 21),
                last=date(2017, 4, 30),
                precision="part-of-month",
                sentence="The Shelf Forum meets in late April.",
                said="in late April",
            ),
            source=SEA,
            sentence="The Shelf Forum meets in late April.",
            number=TALKS.number,
        ),
    ),
    topics=(("fish", "Fish & nets"),),
)

ISSUE = Issue(
    briefing="shelf",
    title="Outer Shelf Briefing",
    site_title="Desk of Invented Affairs",
    site_url="https://desk.example",
    language="en",
    timezone="Asia/Tokyo",
    contact="desk@desk.example",
    period="2017-W12",
    first=date(2017, 3, 20),
    last=date(2017, 3, 26),
    version=2,
    supersedes=1,
    position=4711,
    root="3q2+7wECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw=",
    as_of=datetime(2017, 3, 26, 22, 4, 59, tzinfo=UTC),
    sources_ok=5,
    sources_total=6,
    languages=("en", "ja", "ru", "ar", "de"),
    highlights=(TALKS, KYODO, RECHNOY),
    coverage=(
        Coverage(
            source=RIVER,
            health=Health(
                source=RIVER.id,
                state="failing",
                url=RIVER.url,
                since=datetime(2017, 3, 24, 3, 0, tzinfo=UTC),
                failure="status",
                status=503,
                detail="Service Unavailable <soon>",
                last_success=datetime(2017, 3, 24, 2, 0, tzinfo=UTC),
            ),
        ),
    ),
    ahead=(AHEAD,),
    ahead_left=3,
    statements=(
        Section(id="readouts-1", title="JP+RU", references=(KYODO, RECHNOY), beside=True),
        Section(id="JP", title="JP", references=(TALKS,), see=(KYODO,), left=1),
        Section(id="RU", title="RU", references=(), see=(RECHNOY,)),
    ),
    topics=(
        Section(id="fish", title="Fish & nets", references=(ABAR,), see=(TALKS, STUDY)),
        Section(id="quotas", title="Quotas", references=(), see=(TALKS,)),
        Section(id="ice", title="Ice roads", references=()),
    ),
    analysis=(Section(id="CH", title="CH", references=(STUDY,)),),
    changed=(
        Alteration(
            reference=RECHNOY,
            kind="revised",
            at=datetime(2017, 3, 22, 8, 0, tzinfo=UTC),
            what="The month of the next round changed.",
            before="следующий раунд состоится в апреле.",
            after="следующий раунд состоится в мае.",
        ),
        Alteration(
            reference=KYODO,
            kind="revised",
            at=datetime(2017, 3, 22, 9, 0, tzinfo=UTC),
            what="A figure changed.",
            before="資源量は三万トン。",
            after="資源量は四万トン。",
        ),
        Alteration(
            reference=LATE,
            kind="withdrawn",
            at=datetime(2017, 3, 23, 9, 0, tzinfo=UTC),
            what="The page answers 404 since then.",
        ),
    ),
    late=(LATE,),
    references=(TALKS, KYODO, RECHNOY, ABAR, STUDY, LATE, LEFT),
    topic_list=(
        Topic(id=TopicId("fish"), name="Fish & nets"),
        Topic(id=TopicId("quotas"), name="Quotas"),
        Topic(id=TopicId("ice"), name="Ice roads"),
    ),
    others=(Mention(item=OTHER, source=GYO),),
    annex=(
        Inventory(source=TIDE, items=(STUDY.item,)),
        Inventory(source=HAFEN, items=(LATE.item,)),
        Inventory(source=SEA, items=(UNDATED, TALKS.item)),
        Inventory(source=GYO, items=(OTHER, KYODO.item)),
        Inventory(source=RIVER, items=(RECHNOY.item,)),
        Inventory(source=WELLS, items=(ABAR.item,)),
    ),
    undated=(Mention(item=UNDATED, source=SEA), Mention(item=ABAR.item, source=WELLS)),
    left_out=(LeftOut(where="Official statements: JP", count=1, limit="8 of one source"),),
    revised=(
        Revised(what="Came late: Hafenkammer, Hafenordnung geändert.", number=6),
        Revised(what="Ministry of the Outer Sea, Talks: 1 number changed: 10 → 5.", number=1),
    ),
    corrections=(
        Erratum(
            briefing="shelf",
            period="2017-W11",
            version=1,
            number=4,
            alteration=Alteration(
                reference=replace(ABAR, number=4),
                kind="withdrawn",
                at=datetime(2017, 3, 23, 9, 0, tzinfo=UTC),
                what="Withdrawn by its publisher: its page is gone.",
            ),
        ),
    ),
    changed_left=(
        Alteration(
            reference=TALKS,
            kind="revised",
            at=datetime(2017, 3, 21, 8, 0, tzinfo=UTC),
            what="1 number changed: 10 → 5.",
            before="They met for 10 minutes.",
            after="They met for 5 minutes.",
        ),
    ),
    figures=(
        Figure(
            id="topics",
            title="Items per topic over 3 weeks",
            kind="multiples",
            unit="items",
            ticks=("2017-W10", "2017-W11", "2017-W12"),
            series=(Series(name="Fish & nets", values=(1, 0, 5)), Series(name="Quotas", values=(0, 2, 1))),
            summary="Most of all: Fish & nets, 5 items in 2017-W12.",
        ),
        Figure(
            id="sources",
            title="The week by source and country",
            kind="bars",
            unit="items",
            ticks=("2017-W12",),
            series=(
                Series(name="外海漁業省", values=(3,), group="Japan", language="ja"),
                Series(name="Министерство речных дел", values=(1,), group="Russia", language="ru"),
            ),
            summary="Japan has most, 3 items.",
        ),
    ),
    words=1_500,
    licence="Invented Public Licence 1.0",
    house=House(
        name="Desk of Invented Affairs, Registry",
        logo='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>',
        accent="#005a5a",
        accent_dark="#7fd6d6",
        footer="Printed on nothing & by nobody",
    ),
)

EMPTY = replace(
    ISSUE,
    version=1,
    supersedes=0,
    sources_ok=6,
    languages=(),
    highlights=(),
    coverage=(),
    ahead=(),
    ahead_left=0,
    statements=(),
    analysis=(),
    changed=(),
    late=(),
    others=(),
    references=(),
    annex=(),
    undated=(),
    left_out=(),
    revised=(),
    corrections=(),
    changed_left=(),
    figures=(),
    house=House(),
    topics=(Section(id="ice", title="Ice roads", references=()),),
)

HEADINGS = [
    "Highlights",
    "Coverage",
    "Official statements by country",
    "Topics",
    "Analysis",
    "Changed after publication",
    "Ahead",
    "Annex",
    "Corrections to earlier issues",
    "How to quote this document",
    "How to check this document",
]


def rendered(name: str, issue: Issue = ISSUE) -> str:
    return ISSUES[name].render(issue).decode()


def page(issue: Issue = ISSUE) -> Any:
    return html.document_fromstring(rendered("html", issue))


# ---------------------------------------------------------------- all formats


def test_each_format_has_its_file_name():
    assert {name: one.file for name, one in ISSUES.items()} == {
        "html": "index.html",
        "markdown": "briefing.md",
        "text": "briefing.txt",
        "json": "briefing.json",
        "docx": "briefing.docx",
        "epub": "briefing.epub",
        "pdf": "briefing.pdf",
    }
    assert RENDERER


def test_each_issue_has_its_own_hash_however_often_and_in_whatever_order_it_is_asked_for():
    other = replace(ISSUE, title="Another title")
    found = [digest(one) for one in (ISSUE, ISSUE, other, replace(ISSUE), other)]
    assert found[0] == found[1] == found[3] != found[2] == found[4]


@pytest.mark.parametrize("name", ISSUES)
@pytest.mark.slow
def test_the_same_issue_gives_the_same_bytes_in_another_process_zone_locale_and_hash_seed(name, tmp_path):
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_outputs_issue as t;"
        "sys.stdout.buffer.write(t.ISSUES[sys.argv[2]].render(t.ISSUE))"
    )
    folder = __file__.rpartition("/")[0]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, folder, name],
            env={"TZ": zone, "LANG": lang, "LC_ALL": lang, "PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            cwd=tmp_path,
            capture_output=True,
            check=True,
        ).stdout
        for zone, lang, seed in (("Asia/Tokyo", "C", "1"), ("America/Caracas", "C.UTF-8", "77"))
    }
    assert outputs == {ISSUES[name].render(ISSUE)}


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
@pytest.mark.parametrize("issue", [ISSUE, EMPTY], ids=["full", "empty"])
def test_the_chapters_stand_in_their_order(name, issue):
    if name == "html":
        found = [heading.text_content() for heading in page(issue).iter("h2") if heading.get("id") != "figures"]
    elif name == "markdown":
        found = re.findall(r"^## (.*)$", rendered(name, issue), re.MULTILINE)
    else:
        lines = rendered(name, issue).split("\n")
        found = [line.capitalize() for line, below in pairwise(lines) if below == "-" * WIDTH]
    assert found == (["New since version 1", *HEADINGS] if issue is ISSUE else HEADINGS)


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_front_matter_names_issue_period_version_place_in_the_log_sources_and_languages(name):
    text = page().text_content() if name == "html" else rendered(name)
    text = " ".join(text.split())
    for words in (
        "2017-W12",
        "20 to 26 March 2017, ending before 27 March 2017, 00:00 (Tokyo)",
        "2, in place of version 1",
        "position 4,711, 27 March 2017, 07:04 (Tokyo)",
        "5 of 6 sources read, 1 failing",
        "English, Japanese, Russian, Arabic and German",
        "https://desk.example/briefings/shelf/2017-W12/v2/",
    ):
        assert words in text


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_an_unread_source_is_told_with_since_when_and_why(name):
    text = page().text_content() if name == "html" else rendered(name).replace("\\", "")
    text = " ".join(text.split())
    assert "1 source of 6 could not be read" in text
    assert "24 March 2017, 12:00 (Tokyo)" in text
    assert "the server answered 503: Service Unavailable <soon>" in text


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_that_all_sources_were_read_is_said_too(name):
    assert "All 6 sources were read" in rendered(name, EMPTY)


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_an_empty_topic_says_so_and_every_empty_chapter_says_what_is_missing(name):
    text = " ".join(rendered(name, EMPTY).split())
    assert "No items" in text
    for words in (
        issue_words.NO_HIGHLIGHTS,
        issue_words.NO_STATEMENTS,
        issue_words.NO_ANALYSIS,
        issue_words.NO_CHANGES,
    ):
        assert words in text
    assert issue_words.NO_LATE in text
    assert issue_words.NO_SOURCES in text


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_sentences_stand_in_the_quotation_marks_of_their_language_and_items_elsewhere_are_referred_to(name):
    text = page().text_content() if name == "html" else rendered(name).replace("\\", "")
    squeezed = re.sub(r"[\s>]", "", text)
    for reference, marks in ((TALKS, "“”"), (KYODO, "「」"), (RECHNOY, "«»"), (ABAR, "«»"), (LATE, "„“")):
        assert re.sub(r"\s", "", marks[0] + reference.quote + marks[1]) in squeezed
    assert "Seealso:MinistryoftheOuterSea[1];TidewaterInstitute<Basel&Oslo[5]" in squeezed
    assert "20March2017,Министерстворечныхдел:Опереговорахповнешнемушельфу[3]" in squeezed


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_dates_are_told_to_their_precision_and_by_the_clocks_of_the_publisher(name):
    text = " ".join((page().text_content() if name == "html" else rendered(name)).split())
    assert "Ministry of the Outer Sea, Japan, 20 March 2017, 14:31 (Tokyo)" in text
    assert "Министерство речных дел, Russia, 20 March 2017, 09:05 (Moscow)" in text
    assert "外海漁業省, Japan, 21 March 2017" in text
    assert "no date given" in text
    assert "Switzerland, March 2017" in text


@pytest.mark.parametrize("name", ["html", "markdown", "text", "json"])
def test_the_opening_of_a_text_that_was_not_quoted_never_leaves(name):
    assert "never printed" not in rendered(name)


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize("issue", [ISSUE, EMPTY], ids=["full", "empty"])
def test_the_page_needs_no_other_file_and_runs_nothing(issue):
    source = rendered("html", issue)
    assert source.startswith("<!DOCTYPE html>")
    for sign in ("<script", "<img", "<iframe", "@import", "url(", "<object", 'rel="stylesheet"', "javascript:"):
        assert sign not in source


@pytest.mark.parametrize("issue", [ISSUE, EMPTY], ids=["full", "empty"])
def test_headings_leave_no_level_out_ids_are_unique_and_every_inner_link_leads_somewhere(issue):
    document = page(issue)
    levels = [int(element.tag[1]) for element in document.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in document.xpath("//a/@href") if href.startswith("#")} <= set(ids)
    assert {name for said in document.xpath("//@aria-labelledby") for name in said.split()} <= set(ids)


def test_every_number_leads_to_the_source_of_that_number():
    document = page()
    links = document.xpath('//a[@class="n"]')
    assert {link.text for link in links} == {f"[{number}]" for number in range(1, 8)}
    for link in links:
        assert document.get_element_by_id(link.get("href")[1:]).text_content().strip().startswith(link.text)


def test_each_foreign_passage_carries_its_language_and_right_to_left_its_direction():
    document = page()
    for reference in (KYODO, RECHNOY, ABAR, LATE):
        for text in (reference.quote, reference.item.title):
            holders = [
                element for element in document.iter() if isinstance(element.tag, str) and text in (element.text or "")
            ]
            assert holders
            assert all(
                holder.xpath("ancestor-or-self::*[@lang][1]/@lang") == [reference.item.language] for holder in holders
            )
    arabic = document.xpath('//*[@lang="ar"]')
    assert arabic
    assert all(element.get("dir") == "rtl" for element in arabic)
    assert document.get("lang") == "en"
    assert not document.xpath('//body//*[@lang="en"]')


def test_markup_in_titles_and_names_is_shown_and_never_obeyed():
    hostile = "</style></title><script>alert('1')</script>\"&amp;"
    source = replace(SEA, name=hostile)
    bad = replace(
        TALKS, source=source, item=replace(TALKS.item, title=hostile, url="javascript:alert(1)"), quote=hostile
    )
    issue = replace(
        ISSUE,
        title=hostile,
        site_title=hostile,
        highlights=(bad,),
        references=(bad,),
        topics=(Section(id="x", title=hostile, references=(bad,)),),
    )
    document = page(issue)
    assert not document.xpath("//script")
    assert len(document.xpath("//style")) == 1
    assert not document.xpath('//a[starts-with(@href, "javascript")]')
    assert document.xpath("//h1")[0].text_content() == hostile


def test_changed_passages_mark_the_words_that_went_and_came():
    document = page()
    assert [element.text for element in document.iter("del")] == ["апреле", "三", "10"]
    assert [element.text for element in document.iter("ins")] == ["мае", "四", "5"]


def test_landmarks_and_a_skip_link_help_who_does_not_see():
    document = page()
    assert len(document.xpath("//main")) == 1
    assert document.xpath("/html/body/header")
    assert document.xpath("//nav[@aria-label]")
    assert document.xpath("/html/body/footer")
    assert document.xpath("/html/body/*[1]")[0].get("class") == "skip"
    assert document.xpath("//table/caption")
    assert len(document.xpath("//table//th[@scope]")) == 18
    assert not document.xpath("//table//th[not(@scope)]")


# ---------------------------------------------------------------- Markdown


def test_markdown_shows_titles_as_they_are_and_links_them():
    tree = html.fromstring(MarkdownIt("commonmark").render(rendered("markdown")))
    links = {link.text_content(): link.get("href") for link in tree.iter("a")}
    for reference in ISSUE.references:
        assert links[reference.item.title] == reference.item.url
    assert "Tidewater Institute <Basel & Oslo>" in tree.text_content()


@given(st.text(max_size=60))
def test_escaped_text_is_nothing_but_text_in_markdown(text):
    from briefing.text import one_line

    line = one_line(text)
    if not line:
        return
    tree = html.fromstring("<div>" + MarkdownIt("commonmark").render(escaped(text)) + "</div>")
    assert [child.tag for child in tree] == ["p"]
    assert not list(tree[0])
    assert " ".join(tree.text_content().split()) == " ".join(line.split())


# ---------------------------------------------------------------- plain text


@pytest.mark.parametrize("issue", [ISSUE, EMPTY], ids=["full", "empty"])
def test_lines_of_plain_text_hold_65_columns_save_whole_addresses(issue):
    lines = rendered("text", issue).split("\n")
    assert [line for line in lines if width(line) > WIDTH and "://" not in line] == []
    for reference in issue.references:
        assert reference.item.url in {line.strip() for line in lines}
    assert not [line for line in lines if line != line.rstrip()]


@given(st.text(alphabet=st.sampled_from("ab 。「漢字、かなのабв—éا"), max_size=120), st.integers(8, 40))
def test_wrapping_keeps_every_word_and_its_lines_keep_their_width(text, limit):
    lines = wrapped(text, first="* ", rest="  ", limit=limit)
    assert re.sub(r"\s", "", "".join(line[2:] for line in lines)) == re.sub(r"\s", "", text)
    for line in lines:
        words = line[2:].split()
        breakable = len(words) > 1 or any(width(sign) == 2 for sign in line)
        assert width(line) <= limit or not breakable or any(mark in line for mark in "。「、")


def test_wide_characters_take_two_columns_and_marks_do_not_begin_a_line():
    assert width("漢字ab") == 6
    assert width("e\u0301") == 1
    assert wrapped("あいうえお。かき", limit=10) == ["あいうえ", "お。かき"]
    assert wrapped("あいう「えお」", limit=8) == ["あいう", "「えお」"]


def test_thousands_stay_on_one_line():
    assert wrapped("without a roof are 2 700 people", limit=20) == ["without a roof are", "2 700 people"]
    assert wrapped("on 21 November 2700", limit=12) == ["on 21", "November", "2700"]


# ---------------------------------------------------------------- JSON


def test_json_holds_the_whole_issue_with_the_same_numbers():
    document = json.loads(rendered("json"))
    assert document["format"] == "briefing-issue/2"
    assert document["period"] == {
        "id": "2017-W12",
        "kind": "week",
        "first": "2017-03-20",
        "last": "2017-03-26",
        "start": "2017-03-20T00:00:00+09:00",
        "end": "2017-03-27T00:00:00+09:00",
    }
    assert document["as_of"] == "2017-03-26T22:04:59+00:00"
    assert document["supersedes"] == 1
    assert [entry["number"] for entry in document["references"]] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry["item"]["title"] for entry in document["references"]] == [r.item.title for r in ISSUE.references]
    assert document["references"][0]["item"]["published"] == "2017-03-20T14:31:00+09:00"
    assert document["references"][3]["item"]["published"] is None
    assert document["topics"][0]["see"] == [1, 5]
    assert document["coverage"][0]["failure"] == "status"
    assert [change["kind"] for change in document["changed"]] == ["revised", "revised", "withdrawn"]


# ---------------------------------------------------------------- passages


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_two_sides_of_a_comparison_are_the_two_passages(before, after):
    left, right = compared(before, after)
    assert "".join(text for _, text in left) == before
    assert "".join(text for _, text in right) == after
    assert "".join(text for changed, text in left if not changed) == "" or before != ""


def test_equal_passages_have_no_change_and_long_ones_are_compared_as_a_whole():
    assert compared("a b", "a b") == (((False, "a b"),), ((False, "a b"),))
    long = "word " * 2_000
    assert compared(long, long + "x") == (((True, long),), ((True, long + "x"),))


# ---------------------------------------------------------------- when a silent source was last read


def test_a_source_that_had_items_was_read_until_it_failed():
    gap = replace(ISSUE.coverage[0], health=replace(ISSUE.coverage[0].health, last_success=None, items=3))
    assert "Last read: until then" in " ".join(rendered("text", replace(ISSUE, coverage=(gap,))).split())
    gap = replace(gap, health=replace(gap.health, items=0))
    assert "Last read: never" in " ".join(rendered("text", replace(ISSUE, coverage=(gap,))).split())


# ---------------------------------------------------------------- items without a topic


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_items_without_a_topic_stand_in_the_annex_with_their_address_and_no_number(name):
    text = page().text_content() if name == "html" else rendered(name).replace("\\", "")
    assert re.search(r"23 March 2017: \[?港湾\*工事\*の<入札>", " ".join(text.split()))
    assert "items/9" in rendered(name)


def test_items_without_a_topic_stand_in_the_json_without_a_number():
    document = json.loads(rendered("json"))
    [part] = [part for part in document["annex"] if part["unnumbered"]]
    assert [one["title"] for one in part["unnumbered"]] == ["港湾*工事*の<入札>"]
    assert part["source"]["id"] == "gyo"
    assert "item-9" not in {reference["item"]["id"] for reference in document["references"]}


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_what_lies_ahead_is_told_as_vaguely_as_it_was_said_with_its_sentence_and_its_number(name):
    text = page().text_content() if name == "html" else rendered(name).replace("\\", "")
    text = " ".join(text.replace("\u00a0", " ").replace(">", "").split())
    for words in (
        "Late April 2017",
        "“The Shelf Forum meets in late April.”",
        f"[{TALKS.number}]",
        "before: 12 to 13 April 2017",
        "3 more in the annex",
    ):
        assert words in text
    none = page(EMPTY).text_content() if name == "html" else rendered(name, EMPTY)
    assert issue_words.NO_AHEAD in " ".join(none.split())


# ---------------------------------------------------------------- the version of the renderers


@pytest.mark.parametrize("name", ISSUES)
def test_the_bytes_of_an_issue_change_only_with_the_version_of_the_renderers(name):
    """Where this fails on purpose: raise `RENDERER` and store the new bytes in a folder of that name."""
    file, render = ISSUES[name][:2]
    kept = Path(__file__).parent / "data" / "outputs" / f"renderer-{RENDERER}" / file
    assert render(ISSUE) == kept.read_bytes()


def test_who_else_tells_of_an_event_is_never_the_source_of_the_entry_itself():
    first = ISSUE.references[0]
    own = Telling(item=first.item, source=first.source, at=first.item.seen_at)
    alone = issue_words.notes(ISSUE, replace(first, told=(own,)))
    assert not [one for one in alone if one.startswith("Also told by")]
    elsewhere = next(one for one in ISSUE.references if one.source.id != first.source.id)
    theirs = Telling(item=elsewhere.item, source=elsewhere.source, at=elsewhere.item.seen_at)
    assert f"Also told by {elsewhere.source.name}" in issue_words.notes(ISSUE, replace(first, told=(own, theirs)))


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_what_several_announce_alike_is_one_line_of_the_annex(name):
    alike = replace(AHEAD, voices=(replace(AHEAD.voices[0], number=0),))
    said = rendered(name, replace(ISSUE, ahead=(), ahead_more=(alike, AHEAD, alike)))
    assert said.count("(2 announcements)") == 1


# ---------------------------------------------------------------- the schema of the JSON


@pytest.mark.parametrize(
    "issue", [ISSUE, EMPTY, replace(ISSUE, draft=True, kind="day")], ids=["full", "empty", "draft"]
)
def test_the_json_of_an_issue_is_as_its_schema_says(issue):
    schema = issue_schema()
    assert faults(json.loads(rendered("json", issue)), schema, schema) == []
    broken = json.loads(rendered("json", issue)) | {"surplus": 1, "version": 0}
    assert faults(broken, schema, schema) == ["$ has surplus", "$.version: 0"]
