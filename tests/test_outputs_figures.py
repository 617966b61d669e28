"""Charts: what is drawn of a figure, and the table behind it."""

import re
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from briefing.documents import Figure, House, Series
from briefing.outputs.figures import NARROW, WIDE, rows, svg, tick_words
from briefing.outputs.measure import extent, fitted, folded

WEEKS = tuple(f"2017-W{week:02}" for week in range(1, 13))
TOPICS = Figure(
    id="topics",
    title="Items per topic in the last twelve weeks",
    kind="multiples",
    unit="items",
    ticks=WEEKS,
    series=(
        Series(name="Dredging & <silt>", values=(0, 2, 5, 0, 0, 1, 9, 0, 0, 0, 3, 4)),
        Series(name="Маяки и судоходство северных портов", values=(0,) * 12, language="ru"),
    ),
    summary="Dredging & <silt>: 24 items, most of them in W07.",
)
SOURCES = Figure(
    id="sources",
    title="The week by source and country",
    kind="bars",
    unit="items",
    ticks=("2017-W12",),
    series=(
        Series(name="外海漁業省", values=(1200,), group="Japan", language="ja"),
        Series(name="Ministry of the Outer Sea", values=(30,), group="Japan"),
        Series(name="Board of Tides", values=(1,), group="Tidal Union"),
    ),
    summary="1,231 items of three sources.",
)
NAMESPACE = {"s": "http://www.w3.org/2000/svg"}
LETTERS = st.text(st.sampled_from("aiMW Жщ経済—.́ "), max_size=60)


def drawn(figure, **how):
    return etree.fromstring(svg(figure, **how))


def bars(picture):
    """The bars: rectangles that are no line to stand on."""
    return [one for one in picture.findall("s:rect", NAMESPACE) if one.get("height") != "1"]


@pytest.mark.parametrize("figure", [TOPICS, SOURCES], ids=lambda figure: figure.kind)
def test_a_chart_is_one_image_with_its_title_and_what_is_seen_in_it(figure):
    picture = drawn(figure, prefix="wide-")
    title, told = picture.find("s:title", NAMESPACE), picture.find("s:desc", NAMESPACE)
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}" == (
        f"wide-{figure.id}-title wide-{figure.id}-desc"
    )  # fmt: skip
    assert (title.text, told.text) == (figure.title, figure.summary)


def test_a_bar_stands_on_zero_and_is_as_high_as_what_it_counts():
    picture = drawn(TOPICS)
    base = {float(one.get("y")) + float(one.get("height")) for one in bars(picture)}
    heights = [float(one.get("height")) for one in bars(picture)]
    assert len(base) == 1
    assert heights == [pytest.approx(40 * value / 9, abs=0.1) for value in (2, 5, 1, 9, 3, 4)]


def test_a_count_of_one_beside_a_thousand_is_still_seen_and_none_is_not():
    assert [float(one.get("width")) > 0 for one in bars(drawn(SOURCES))] == [True] * 3
    assert len(bars(drawn(TOPICS))) == 6


def test_small_charts_say_their_last_and_their_highest_figure():
    words = [one.text for one in drawn(TOPICS).findall("s:text", NAMESPACE)]
    assert words[:5] == ["Dredging & <silt>", "4", "9", "W01", "W12"]


def test_bars_stand_under_the_names_of_their_countries_with_their_figures():
    words = [one.text for one in drawn(SOURCES).findall("s:text", NAMESPACE)]
    assert words == [
        "Japan",
        "外海漁業省",
        "1,200",
        "Ministry of the Outer Sea",
        "30",
        "Tidal Union",
        "Board of Tides",
        "1",
    ]


def test_a_name_says_its_language():
    assert {one.get("lang") for one in drawn(SOURCES).findall("s:text", NAMESPACE)} == {None, "ja"}


def test_colours_are_the_pages_or_written_out_for_paper():
    assert not re.search(r"#[0-9a-f]{6}\"", svg(TOPICS).replace("var(--bar, #87857f)", ""))
    on_paper = svg(TOPICS, House(accent="#004433"), fixed=True)
    assert "var(" not in on_paper
    assert "currentColor" not in on_paper
    assert "#004433" in on_paper


@pytest.mark.slow
def test_a_chart_has_the_same_bytes_in_every_process():
    code = (
        "import sys; sys.path.insert(0, 'tests'); from test_outputs_figures import *; "
        "sys.stdout.buffer.write(svg(TOPICS).encode())"
    )
    elsewhere = {"PYTHONHASHSEED": "7", "LANG": "C"}
    again = subprocess.run([sys.executable, "-c", code], env=elsewhere, capture_output=True, check=True)
    assert again.stdout.decode() == svg(TOPICS)


@settings(max_examples=30)
@given(st.lists(st.tuples(LETTERS, st.lists(st.integers(0, 10**6), min_size=12, max_size=12)), max_size=7),
       st.sampled_from([WIDE, NARROW]), st.sampled_from(["multiples", "bars"]))  # fmt: skip
def test_nothing_is_drawn_outside_of_a_chart(series, width, kind):
    figure = Figure(
        id="any", title="Any", kind=kind, unit="items", ticks=WEEKS, summary="",
        series=tuple(Series(name=name, values=tuple(values)) for name, values in series),
    )  # fmt: skip
    picture = drawn(figure, width=width)
    height = float(picture.get("height"))
    for one in picture.findall("s:rect", NAMESPACE):
        x, y, across, tall = (float(one.get(name)) for name in ("x", "y", "width", "height"))
        assert x >= 0 <= y
        assert x + across <= width
        assert y + tall <= height
    for one in picture.findall("s:text", NAMESPACE):
        reach = extent(one.text or "", float(one.get("font-size")), bold=one.get("font-weight") is not None)
        start = float(one.get("x")) - {"end": reach, "middle": reach / 2}.get(one.get("text-anchor"), 0)
        assert start >= -0.1
        assert start + reach <= width + 0.1
        assert 0 < float(one.get("y")) <= height


@given(LETTERS, st.floats(30, 300))
def test_a_name_is_cut_to_its_room_and_never_within_a_letter_and_its_mark(text, room):
    held = fitted(text, 13, room)
    assert extent(held, 13) <= max(room, extent("…", 13))
    assert held == text or held.endswith("…")
    for line in (held, *folded(text, 13, room)):
        assert extent(line, 13) <= max(room, extent("…", 13)) + 13


def test_the_table_behind_a_chart_has_every_figure_of_it():
    table = rows(TOPICS)
    assert table.head == ("Topic", *(f"W{week:02}" for week in range(1, 13)), "All")
    assert table.rows[0] == ("Dredging & <silt>", "0", "2", "5", "0", "0", "1", "9", "0", "0", "0", "3", "4", "24")
    assert (table.texts, table.languages) == (1, ("", "ru"))
    table = rows(SOURCES)
    assert table.head == ("Country", "Source", "Items")
    assert table.rows[0] == ("Japan", "外海漁業省", "1,200")
    assert (table.texts, table.languages) == (2, ("ja", "", ""))


def test_periods_are_said_in_short():
    said = {"2017-W12": "W12", "2017-03-04": "4 Mar", "2017-09": "Sep 2017", "spring": "spring", "2017": "2017"}
    assert {tick: tick_words(tick) for tick in said} == said


def test_rows_of_a_chart_do_not_touch():
    lines = sorted({float(one.get("y")) for one in drawn(SOURCES).findall("s:text", NAMESPACE)})
    assert all(below - above >= 20 for above, below in pairwise(lines))
