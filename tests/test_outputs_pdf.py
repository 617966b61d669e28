"""The PDF of an issue: rules of PDF/UA-1 that can be checked here, what stands on its pages, and no box on any."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from briefing.documents import Figure, House, Section, Series
from briefing.errors import OutputError
from briefing.outputs import glyphs, pdf, pdf_fonts
from briefing.outputs.issue_blocks import sheets
from briefing.outputs.pdf_parts import Parts, places
from briefing.outputs.pdf_spans import Writer
from font_support import font_of  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from test_outputs_issue import (  # type: ignore[import-not-found]  # the same
    EMPTY,
    ISSUE,
)

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#123456"/></svg>'
FOOT = 62 + 40  # points above the edge of the paper: the margin, and a line below a heading


def read(issue: Any = ISSUE) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.render(issue)))


def text(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def one(title: str, language: str = "en", quote: str = "", number: int = 90) -> Any:
    """An item of the issue with other words."""
    held = ISSUE.references[0]
    item = replace(held.item, id=f"x{number}", title=title, language=language, url="https://sea.example/x")
    return replace(held, number=number, item=item, quote=quote, also=(), told=())


def with_items(*items: Any, **more: Any) -> Any:
    """The issue with further items of an official source."""
    section = Section(id="more", title="More", references=items)
    return replace(
        ISSUE, references=(*ISSUE.references, *items), statements=(*ISSUE.statements, section), **more
    )  # fmt: skip


@pytest.fixture(scope="module")
def full() -> PdfReader:
    house = House(name="Institute of Tides", logo=LOGO, footer="For the desk")
    return read(replace(ISSUE, house=house, as_of=ISSUE.as_of.replace(microsecond=123_456)))


def nodes(reader: PdfReader) -> list[Any]:
    """All elements of the structure tree."""
    root: Any = reader.trailer["/Root"]
    found, open_ = [], [root["/StructTreeRoot"]]
    while open_:
        node = open_.pop().get_object()
        if isinstance(node, list):
            open_.extend(node)
        elif isinstance(node, dict):
            found.append(node)
            if "/K" in node:
                open_.append(node["/K"])
    return found


# ---------------------------------------------------------------- rules of PDF/UA-1


def test_it_says_that_it_is_tagged_and_of_which_standard_title_and_language(full):
    root = full.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", root["/Metadata"].get_object().get_data())
    assert full.metadata.title == "Outer Shelf Briefing 2017-W12"
    assert full.metadata.author == "Institute of Tides"


def test_the_structure_has_headings_in_order_lists_tables_with_heads_and_pictures_with_words(full):
    held = nodes(full)
    kinds = [node.get("/S") for node in held]
    assert {"/H1", "/H2", "/H3", "/L", "/LI", "/Lbl", "/Table", "/TH", "/Link", "/Figure"} <= set(kinds)
    alternatives = {node["/Alt"] for node in held if node.get("/S") == "/Figure"}
    assert alternatives == {"Institute of Tides", *(figure.summary for figure in ISSUE.figures)}
    assert {"ja", "ru", "ar"} <= {str(node["/Lang"])[:2] for node in held if "/Lang" in node}


def test_the_reading_order_is_that_of_the_tags_and_links_say_where_they_lead(full):
    for page in full.pages:
        links = [note.get_object() for note in page.get("/Annots", [])]
        assert not links or page["/Tabs"] == "/S"
        assert all(link["/Contents"] and "/StructParent" in link for link in links)


def test_every_font_is_inside_with_a_map_to_characters_and_bold_is_cut_not_smeared(full):
    fonts: dict[Any, Any] = {}
    for page in full.pages:
        held = page["/Resources"]["/Font"]
        fonts |= {held.raw_get(name).idnum: font.get_object() for name, font in held.items()}
    assert all("/ToUnicode" in font for font in fonts.values())
    inner = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values()]
    assert all({"/FontFile2", "/FontFile3"} & one.keys() for one in inner)
    names = [str(font["/BaseFont"]).partition("+")[2] for font in fonts.values()]
    assert names.count("BriefingSerif") >= 2
    assert names.count("NotoSansJP") >= 2


# ---------------------------------------------------------------- what stands on the pages


def test_the_first_page_has_title_period_front_matter_highlights_and_coverage(full):
    first = full.pages[0].extract_text()
    for words in ("Outer Shelf Briefing", "Issue 2017-W12, 20 to 26 March 2017", "Highlights", "5 of 6 sources read",
                  "Coverage", "Sources that could not be read"):  # fmt: skip
        assert words in first
    assert "version 2" not in first  # the running head begins on the second page
    assert full.pages[1].extract_text().count("Issue 2017-W12, version 2") == 1
    for at, page in enumerate(full.pages, 1):
        assert f"Page {at} of {len(full.pages)}" in page.extract_text()
        assert "For the desk" in page.extract_text()


def test_numbers_titles_and_quotations_are_those_of_the_other_formats(full):
    said = text(full)
    for reference in ISSUE.references:
        assert f"[{reference.number}]" in said
    for words in ("Talks on the <outer> shelf & its *fish*", "外海棚", "О переговорах по внешнему шельфу", "「",
                  "«Стороны", "„Die Hafenordnung", "Late April 2017", "Withdrawn by its publisher"):  # fmt: skip
        assert words in said


def test_contents_and_bookmarks_name_the_chapters_and_lead_to_them(full):
    marks = {mark.title: mark for mark in full.outline if not isinstance(mark, list)}
    assert {"Highlights", "Coverage", "Contents", "Topics", "How to quote this document"} <= marks.keys()
    page = full.get_destination_page_number(marks["How to quote this document"])
    assert re.search(rf"How to quote this document[ .]+{page + 1}\b", text(full))


def test_an_issue_without_anything_says_so():
    assert "No official statements in this period." in text(read(EMPTY))


def test_what_a_publisher_writes_is_never_markup():
    wild = '#read("/etc/hostname") $x^2$ *b* _i_ <s1> @s1 \\ // /* #sys.inputs ] } = h'
    assert wild in text(read(with_items(one(wild))))


def test_a_draft_is_marked_on_every_page():
    drafted = read(replace(ISSUE, draft=True))
    assert "not published" in drafted.pages[0].extract_text()
    assert all("DRAFT" in page.extract_text() for page in drafted.pages)


def test_no_heading_stands_at_the_foot_of_a_page_and_no_word_runs_over_its_edge():
    long = one("A" * 200, quote="Deep water. " * 40, number=89)
    items = [one(f"Notice {n} of the sea", quote="Herring is counted. " * (n % 9), number=100 + n) for n in range(60)]
    issue = with_items(long, *items)
    reader = read(issue)

    def check(marks: Any) -> None:
        for mark in marks:
            if isinstance(mark, list):
                check(mark)
            else:
                assert float(mark.top) > FOOT, mark.title

    check(reader.outline)
    assert max(re.findall("A+", reader.pages[2].extract_text() + reader.pages[1].extract_text()), key=len) < "A" * 70


def test_no_line_of_the_annex_is_printed_over_another(full):
    [page] = [page for page in full.pages[2:] if "All items by source" in page.extract_text()]
    lines: dict[str, float] = {}

    def keep(said: str, user: Any, _at: Any, _font: Any, _size: Any) -> None:
        lines[said.strip()] = float(user[5])

    page.extract_text(visitor_text=keep)
    heading = lines["Hafenkammer, Germany: 1 item"]
    above = min(high for high in lines.values() if high > heading + 1)
    assert above - heading > 12


def test_a_title_of_many_pages_is_cut_and_shows_that_it_is():
    said = text(read(with_items(one("Herring is counted. " * 5_000))))
    assert re.search(r"counted\. … \[90\]", said)


def test_a_long_table_goes_on_over_pages_under_its_heads():
    silent = tuple(
        replace(ISSUE.coverage[0], source=replace(ISSUE.coverage[0].source, name=f"Port {n}")) for n in range(90)
    )
    reader = read(replace(ISSUE, coverage=silent))
    held = [page.extract_text() for page in reader.pages]
    assert all(sum(f"Port {n}" in page for page in held) >= 1 for n in range(90))
    assert sum("Last read" in page for page in held) >= 3
    assert sum(re.findall(r"Port \d+", page) != [] for page in held[:-1]) >= 3


def test_a_logo_that_is_no_picture_is_told_in_a_sentence():
    with pytest.raises(OutputError, match="shelf 2017-W12 cannot be set as PDF"):
        read(replace(ISSUE, house=House(name="x", logo="<svg")))


def test_a_template_of_the_house_stands_in_for_ours_and_fetches_nothing():
    own = '#let data = json(bytes(sys.inputs.issue))\n#set document(title: data.title)\n#set text(font: "Noto Sans")\n'
    issue = replace(ISSUE, templates={pdf.TEMPLATE: own + "Ours: #data.title"})
    assert text(read(issue)).strip() == "Ours: Outer Shelf Briefing 2017-W12"


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ('#import "@preview/x:1.0.0"', "takes in the package @preview/x:1.0.0, which would be fetched from elsewhere"),
        ('#read("/etc/hostname")', "cannot be set as PDF: "),
    ],
)
def test_a_template_that_is_broken_or_reads_what_is_not_its_own_gives_way_to_ours(own, said):
    issue = replace(ISSUE, templates={pdf.TEMPLATE: own})
    assert pdf.render(issue) == pdf.render(ISSUE)
    [told] = pdf.warnings(issue)
    assert said in told
    assert told.endswith("the PDF was made with our own template")


# ---------------------------------------------------------------- characters without a glyph

KOREAN = "외교부 대변인 정례브리핑 (2017년 3월)"


def test_a_script_that_no_font_has_is_named_with_its_length_and_told():
    issue = with_items(one(KOREAN, "ko"), one("Fish \U0001f41f and \U0001d401old", number=91))
    said = text(read(issue))
    assert "[Hangul: 13] [90]" in said
    assert "Fish [U+1F41F] and Bold" in said
    assert "stand for characters that the fonts of this file do not have" in said
    end = ": that is said there, and the page shows them; a font that has them can be put into templates/fonts"
    assert pdf.warnings(issue) == (
        f"pdf: its fonts lack Hangul of item 90{end}",
        f"pdf: its fonts lack signs of item 91{end}",
    )
    assert pdf.warnings(ISSUE) == ()


def test_a_sign_that_a_font_has_and_cannot_show_is_named_too(monkeypatch):
    case = pdf_fonts.case()
    wrong = case._replace(known=case.known | frozenset(map(ord, KOREAN)))
    monkeypatch.setattr(pdf_fonts, "case", lambda _: wrong)
    assert "[Hangul: 13]" in text(read(with_items(one(KOREAN, "ko"))))


def test_a_font_of_the_house_prints_what_ours_cannot(tmp_path):
    issue = with_items(one(KOREAN, "ko"))
    digest, path = font_of(tmp_path, KOREAN)
    worn = replace(issue, templates={"fonts/own.ttf": digest}, fonts=(path,))
    assert KOREAN in text(read(worn))
    assert pdf.warnings(worn) == ()
    gone = replace(worn, fonts=())
    assert "[Hangul: 13]" in text(read(gone))
    assert "fonts/own.ttf" in pdf.warnings(gone)[0]


def test_a_chart_names_what_it_cannot_draw_and_the_table_behind_it_has_the_words():
    bars = Series(name="وزارة الموانئ", values=(3,), group="EG", language="ar")
    chart = Figure(
        id="f", title="By source", kind="bars", unit="items", ticks=("2017-W12",), series=(bars,), summary="ا"
    )
    reader = read(replace(ISSUE, figures=(chart,)))
    assert "[Arabic: 12]" in text(reader)
    assert "ا" in [node["/Alt"] for node in nodes(reader) if node.get("/S") == "/Figure"]
    assert pdf.warnings(replace(ISSUE, figures=(chart,))) == ()


@pytest.mark.parametrize(
    ("name", "shown"), [("Порт За\u0301мок", "Порт Замок"), ("Caf\u0065\u0301", "Café"), ("a\u200d\u035cb", "ab")]
)
def test_marks_above_letters_in_a_name_do_not_cost_the_whole_document_for_its_chart(name, shown):
    chart = Figure(
        id="f", title=name, kind="bars", unit="items", ticks=("2017-W12",), series=(Series(name=name, values=(3,)),),
        summary="All from one.",
    )  # fmt: skip
    issue = replace(ISSUE, figures=(chart,))
    assert shown in text(read(issue))


def test_where_a_script_is_refused_the_issue_comes_without_its_letters(monkeypatch):
    held = pdf._set

    def refusing(document: Any, *more: Any) -> bytes:
        if "بيان" in json.dumps(document, ensure_ascii=False):
            raise pdf._Refused("no")
        return held(document, *more)

    monkeypatch.setattr(pdf, "_set", refusing)
    assert "[Arabic: " in text(read())


def test_passages_of_right_to_left_scripts_are_printed():
    issue = with_items(one("הודעה על שיחות", "he"), one("بيان بشأن الآبار", "ar", number=91))
    assert pdf.warnings(issue) == ()
    assert "שיחות" in text(read(issue))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain", "plain"),
        ("한국 일, 이 and 한", "[Hangul: 4] and [Hangul: 1]"),
        ("中国中国中国中国中国中国 发", "中国中国中国中国中国中国 [U+53D1]"),
        ("发展 中国", "[Chinese characters: 4]"),
        ("a\U0001f41f\ufe0f\u200db", "a[U+1F41F]b"),
        ("\U0001f41f" * 5, "[5 signs]"),
        ("\ue000", "[U+E000]"),
        ("ﬁne", "fine"),
        ("ठ।", "[Devanagari: 1]"),
    ],
)
def test_what_cannot_be_printed_is_named(said, shown):
    known = frozenset(map(ord, "abcdefghijklmnopqrstuvwxyz ,中国"))
    assert "".join(piece.text for piece in glyphs.pieces(said, known)) == shown


@given(st.text(max_size=60), st.frozensets(st.characters(), max_size=20))
def test_nothing_is_printed_that_has_no_glyph_and_what_has_one_alone_stays_as_it_is(said, held):
    ours = frozenset(map(ord, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789[]+: ’"))
    known = ours | frozenset(map(ord, held))
    found = glyphs.pieces(said, known)
    assert all(ord(sign) in known for piece in found if not piece.script for sign in piece.text)
    if set(map(ord, said)) <= known:
        assert "".join(piece.text for piece in found) == said


# ---------------------------------------------------------------- what an eye found


def baselines(page: Any) -> list[tuple[float, str]]:
    """Where the pieces of text of a page stand, in points above its lower edge."""
    found: list[tuple[float, str]] = []
    page.extract_text(visitor_text=lambda told, cm, tm, *_: found.append((cm[5] + cm[3] * tm[5], told.strip())))
    return [(height, told) for height, told in found if told]


def test_the_name_of_a_source_in_the_annex_stands_clear_of_the_lines_around_it(full):
    found = False
    for page in full.pages:
        held = baselines(page)
        for height, _ in [one for one in held if re.search(r": \d+ items?$", one[1])]:
            apart = [abs(other - height) for other, _ in held if abs(other - height) > 2]
            assert min(apart) > 8, held
            found = True
    assert found


def test_contents_do_not_name_themselves_and_name_parts_of_chapters_in_long_issues_alone(full):
    assert not re.search(r"Contents[ .]{4,}\d", text(full))
    assert not re.search(r"Late arrivals[ .]{4,}\d", text(full))
    long = sheets(with_items(*(one(f"Notice {n} of the sea", number=100 + n) for n in range(160))))
    made = Parts(Writer(frozenset(range(0x500)), places(long)), House()).all(long)
    assert [block["depth"] for block in made if block["k"] == "contents"] == [2]


def test_the_table_behind_a_chart_is_printed_once_in_the_annex(full):
    tables = [node for node in nodes(full) if node.get("/S") == "/Table"]
    pictures = [node for node in nodes(full) if node.get("/S") == "/Figure"]
    assert len(pictures) - 1 == len(ISSUE.figures)  # the logo is one
    assert len(tables) == len(ISSUE.figures) + 1  # and the coverage


def test_what_is_not_there_of_a_section_is_never_said_on_the_page_behind_it():
    held = ISSUE.references[0]
    sections = tuple(
        Section(id=f"t{n}", title=f"Topic {n}", references=(), see=(held,) * (1 + n % 7), left=n + 2) for n in range(60)
    )
    reader = read(replace(ISSUE, topics=sections))
    said = [page.extract_text().split(f"version {ISSUE.version}\n", 1)[-1] for page in reader.pages]
    assert sum("more in the annex" in page for page in said) > 3
    assert not [page[:40] for page in said if re.match(r"\d+ more in the annex", page)]


def test_names_beside_twelve_months_have_room_on_a_line():
    (chart, *_) = ISSUE.figures
    months = tuple(f"M{number:02} 2016" for number in range(1, 13))
    series = (Series(name="Fishing grounds beyond the outer shelf", values=(1,) * len(months)),)
    reader = read(replace(ISSUE, figures=(replace(chart, ticks=months, series=series),)))
    lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    assert any(line.startswith("Fishing grounds beyond the outer shelf") for line in lines)
