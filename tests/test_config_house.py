"""The house style in sources.yaml: a logo that is safe in any page, colours that can be read, templates beside it."""

import pytest
from lxml import etree

from briefing.config import kept, load
from briefing.config.colours import DARK, LIGHT, contrast, on_dark, on_light
from briefing.config.logos import LIMIT, safe
from briefing.errors import ConfigError
from briefing.model import House
from briefing.specs import house_of, house_spec

ONE = """\
site: {title: Lagoon Watch, contact: desk@lagoon.example}
sources:
  - {id: port-office, name: Port Office, institution: ministry, country: XV, url: https://port.example/feed}
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"%s>%s</svg>'
CIRCLE = '<circle cx="4" cy="4" r="4" style="fill:#123456; -inkscape-x: 1"/>'


@pytest.fixture
def house(tmp_path):
    """Loads a configuration with these lines under `house`."""

    def made(*lines):
        (path := tmp_path / "sources.yaml").write_text(ONE + "house:\n" + "".join(f"  {line}\n" for line in lines))
        return load(path).house

    return made


def problems(house, *lines):
    with pytest.raises(ConfigError) as told:
        house(*lines)
    return [one.partition("sources.yaml:")[2] for one in told.value.problems]


# ---------------------------------------------------------------- the whole


def test_a_house_has_a_name_a_logo_colours_and_a_footer(house, tmp_path):
    (tmp_path / "logo.svg").write_text(SVG % ("", CIRCLE))
    found = house("name: Lagoon Desk", "logo: logo.svg", 'colours: {accent: "#004433"}', "footer: Harbour House")
    assert (found.name, found.accent, found.footer) == ("Lagoon Desk", "#004433", "Harbour House")
    assert found.accent_dark == House().accent_dark
    assert found.logo.startswith("<svg ")
    assert house_of(house_spec(found)) == found


def test_nothing_of_the_usual_is_said_in_the_log():
    assert house_spec(House()) == {}


def test_a_file_without_a_house_has_the_usual_one(tmp_path):
    (tmp_path / "sources.yaml").write_text(ONE)
    assert load(tmp_path / "sources.yaml").house == House()


def test_a_logo_or_a_template_that_changed_is_read_again(tmp_path):
    (logo := tmp_path / "logo.svg").write_text(SVG % ("", CIRCLE))
    (path := tmp_path / "sources.yaml").write_text(ONE + "house: {logo: logo.svg}\n")
    first = kept(path, tmp_path / "storage", load)
    assert kept(path, tmp_path / "storage", load) == first
    logo.write_text(SVG % ("", CIRCLE.replace("123456", "654321")))
    assert "#654321" in kept(path, tmp_path / "storage", load).house.logo
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "issue.css").write_text("body {}")
    assert kept(path, tmp_path / "storage", load).templates == {"issue.css": "body {}"}
    logo.unlink()
    with pytest.raises(ConfigError):
        kept(path, tmp_path / "storage", load)


# ---------------------------------------------------------------- colours


def test_our_own_colours_can_be_read_on_our_paper():
    usual = House()
    assert [on_light(one) for one in (usual.accent, usual.warning)] == [usual.accent, usual.warning]
    assert [on_dark(one) for one in (usual.accent_dark, usual.warning_dark)] == [usual.accent_dark, usual.warning_dark]


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#777777", "#777777") == 1


def test_a_colour_too_pale_is_refused_with_its_ratio_and_one_that_would_do(house):
    [told] = problems(house, "colours:", '  accent: "#9dbcf2"')
    assert told.startswith("6: house.colours.accent: #9dbcf2 has a contrast of 1.9:1 on our light paper (#fffdf8)")
    proposed = told.rpartition("; ")[2].split()[0]
    assert on_light(proposed) == proposed
    [told] = problems(house, "colours:", '  warning_dark: "#222222"')
    assert "on our dark paper" in told
    assert contrast(told.rpartition("; ")[2].split()[0], DARK) >= 4.5 > contrast("#222222", DARK)
    assert contrast(LIGHT, DARK) > 15


def test_what_is_no_colour_is_told(house):
    [told] = problems(house, 'colours: {accent: "navy"}')
    assert '"navy" is no colour' in told


# ---------------------------------------------------------------- the logo


def test_a_logo_is_drawn_with_attributes_alone_and_its_ids_meet_no_others():
    body = SVG % (
        ' width="9"',
        '<defs><linearGradient id="s1"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
        '<path id="highlights" d="M0 0h9" fill="url(#s1)" class="x" data-a="b"/><use href="#highlights"/>' + CIRCLE,
    )
    root = etree.fromstring(safe(body.encode()))
    assert {one.get("id") for one in root.iter() if one.get("id")} == {"logo-s1", "logo-highlights"}
    path, use, circle = root[1], root[2], root[3]
    assert (path.get("fill"), use.get("href"), circle.get("fill")) == ("url(#logo-s1)", "#logo-highlights", "#123456")
    assert not {"class", "data-a", "style", "width"} & {name for one in root.iter() for name in one.attrib}
    assert root.get("aria-hidden") == "true"


@pytest.mark.parametrize(
    ("attributes", "inside", "said"),
    [
        ("", "<script>alert(1)</script>", "line 1 holds script"),
        (
            "",
            '<g>\n<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject></g>',
            "line 2 holds for",
        ),
        ("", '<image href="data:image/png;base64,AAAA"/>', "holds image"),
        ("", "<style>@import 'http://x.example/'</style>", "holds style"),
        ("", '<a href="https://x.example/"><path d="M0 0"/></a>', "holds a"),
        (' onload="alert(1)"', "", "holds a script (onload)"),
        ("", '<use href="https://x.example/a.svg#b"/>', "points outside of the file (https://x.example/a.svg#b)"),
        ("", '<path d="M0 0" fill="url(https://x.example/a#b)"/>', "points outside of the file"),
        ("", '<path d="M0 0" style="fill:URL( //x.example/a )"/>', "points outside of the file"),
        ("", '<animate attributeName="x"/>', "holds animate"),
    ],
)
def test_what_could_run_or_load_anything_is_refused_by_its_name(attributes, inside, said):
    with pytest.raises(ValueError, match=r"take it out|no place in a logo") as told:
        safe((SVG % (attributes, inside)).encode())
    assert said in str(told.value)


def test_what_only_drawing_programs_understand_is_left_out():
    found = safe(
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="urn:program" width="20px" height="10"><!-- made -->'
        b"<metadata>x</metadata><i:view i:zoom='3'/><path d='M0 0' i:note='y'/></svg>"
    )
    assert found == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" aria-hidden="true" focusable="false">'
        '<path d="M0 0"/></svg>'
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"GIF89a", "no SVG file"),
        (b"<html/>", "first element is not svg"),
        (
            b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&a;</svg>',
            "DOCTYPE",
        ),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="100%"/>', "neither a viewBox nor width and height"),
    ],
)
def test_what_is_no_drawing_is_told_in_one_sentence(body, said):
    with pytest.raises(ValueError, match=said):
        safe(body)


def test_a_logo_that_is_missing_or_too_large_is_told_with_its_line(house, tmp_path):
    assert problems(house, "logo: nowhere.svg") == ["5: house.logo: nowhere.svg: there is no such file beside this one"]
    (tmp_path / "big.svg").write_bytes(b" " * (LIMIT + 1))
    assert "65,537 bytes, and a logo may have 65,536" in problems(house, "logo: big.svg")[0]


# ---------------------------------------------------------------- templates


def test_templates_beside_the_file_are_read_and_those_of_editors_left(tmp_path):
    (tmp_path / "sources.yaml").write_text(ONE)
    (folder := tmp_path / "templates").mkdir()
    for name in ("issue.html.jinja", "_part.jinja", ".issue.html.jinja.swp", "issue.html.jinja~"):
        (folder / name).write_text(name)
    assert load(tmp_path / "sources.yaml").templates == {name: name for name in ("_part.jinja", "issue.html.jinja")}


def test_a_template_that_stands_in_for_none_of_ours_is_told(tmp_path):
    (tmp_path / "sources.yaml").write_text(ONE)
    (folder := tmp_path / "templates").mkdir()
    (folder / "isue.html.jinja").write_text("x")
    (folder / "issue.css").write_bytes(b"\xff")
    (folder / "_large").write_text("x" * 300_000)
    with pytest.raises(ConfigError) as told:
        load(tmp_path / "sources.yaml")
    said = "\n".join(told.value.problems)
    assert 'templates/isue.html.jinja stands in for no template of ours; did you mean "issue.html.jinja"?' in said
    assert "templates/issue.css cannot be read as UTF-8" in said
    assert "templates holds 300,002 bytes, and own templates may have 262,144 in all" in said
