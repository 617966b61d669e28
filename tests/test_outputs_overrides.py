"""Templates of the user's own: they change the page, in a sandbox; where they break the issue comes all the same."""

import re
from dataclasses import replace

import pytest

from briefing.outputs import ISSUES, RENDERER, renderer
from briefing.outputs.issue_html import faults, render, warnings
from test_outputs_issue import ISSUE  # type: ignore[import-not-found]  # the invented issue

PAGE = "issue.html.jinja"
ON_OURS = '{% extends "ours/issue.html.jinja" %}\n'


def own(**templates):
    named = {name.replace("page", PAGE).replace("style", "issue.css"): text for name, text in templates.items()}
    return replace(ISSUE, templates=named)


def test_an_own_template_makes_the_page_and_no_other_format():
    made = own(page="<!DOCTYPE html><title>{{ issue.title }}</title>{{ words.citation(issue) }}")
    assert render(made).startswith(b"<!DOCTYPE html><title>Outer Shelf Briefing</title>Desk of Invented Affairs")
    assert warnings(made) == ()
    for name in ("markdown", "text", "json"):
        assert ISSUES[name].render(made) == ISSUES[name].render(ISSUE)


def test_one_that_stands_on_ours_changes_single_blocks():
    made = render(own(page=ON_OURS + "{% block footer %}<footer>Ours alone</footer>{% endblock %}")).decode()
    plain = render(ISSUE).decode()
    assert "<footer>Ours alone</footer>" in made
    assert made.count("<blockquote") == plain.count("<blockquote")


def test_an_own_style_sheet_stands_in_for_ours():
    made = render(own(style="body { color: teal }")).decode()
    assert "color: teal" in made
    assert "--paper" not in made


def test_values_are_escaped_in_own_templates_too():
    made = replace(ISSUE, title="<b>Tides</b>", templates={PAGE: "{{ issue.title }}"})
    assert render(made) == b"&lt;b&gt;Tides&lt;/b&gt;"


def test_the_name_of_the_renderer_says_that_own_templates_took_part():
    one, two = own(page=ON_OURS), own(page=ON_OURS + " ")
    assert renderer(ISSUE) == RENDERER
    assert re.fullmatch(rf"{RENDERER}\+[0-9a-f]{{8}}", renderer(one))
    assert renderer(one) != renderer(two)
    assert f'content="briefing {renderer(one)}"' in render(one).decode()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("<p>\n{% if %}", 2, "Expected an expression"),
        ("<p>\n\n{{ isue.title }}", 3, "'isue' is undefined"),
        ("{{ issue.title | shout }}", 1, "No filter named 'shout'"),
        ('\n{% include "_part.jinja" %}', 2, 'there is no template "_part.jinja"'),
        ("{{ 1 // 0 }}", 1, "ZeroDivisionError"),
        ("{% for one in range(10 ** 9) %}x{% endfor %}", 1, "Range too big"),
        ("{{ words.citation.__globals__ }}", 1, "unsafe"),
        ("{{ words.unicodedata }}", 1, "no attribute 'unicodedata'"),
        ("{{ issue.__class__.__mro__ }}", 1, "unsafe"),
        ("{{ issue.topics.append(1) }}", 1, "append"),
    ],
)
def test_a_broken_template_is_told_with_its_line_and_ours_makes_the_page(text, line, said):
    made = own(page=text)
    assert render(made) == render(ISSUE)
    [told] = warnings(made)
    assert told.startswith(f"templates/{PAGE}:{line}: ")
    assert said in told
    assert told.endswith("; the page was made with our own template")


def test_a_part_of_an_own_template_is_told_by_its_own_name():
    made = replace(ISSUE, templates={PAGE: '{% include "_part.jinja" %}', "_part.jinja": "\n\n{{ issue.nothing }}"})
    assert warnings(made)[0].startswith("templates/_part.jinja:3: ")


def test_what_an_own_template_lacks_is_found_without_running_it():
    found = [str(one) for one in faults({PAGE: "{{ issue.title }}\n{{ strange }}"})]
    assert found[0] == f"templates/{PAGE}:2: there is no value strange: it would fail here"
    assert found[1] == f"templates/{PAGE}: it has no block footer, head, header, main, style, which ours has"
    assert found[2].startswith(f"templates/{PAGE}: it says nothing of issue.")
    assert "issue.statements" in found[2]
    assert faults({PAGE: ON_OURS, "_part.jinja": "x", "issue.css": "{% if"}) == ()
    [told] = faults({"_part.jinja": "{{"})
    assert (told.name, told.line) == ("_part.jinja", 1)
