from __future__ import annotations

import pytest

from briefing.sources.markup import Cleaner

SAID = "The harbour opened berth two."


@pytest.mark.parametrize("markup", ["<b><p>" * 30_000, "<a " * 50_000, "<div title='x'>" * 30_000])
def test_markup_that_nothing_closes_is_cut_and_the_words_stay(markup):
    html, text = Cleaner("").body(f"<p>{SAID}</p>{markup}", markup=True)
    assert (html, text) == (f"<p>{SAID}</p>", SAID)


def test_a_long_table_and_many_breaks_keep_their_markup():
    rows = "<tr><td>a</td><td>b</td></tr>" * 10_000
    html = Cleaner("").html(f"<table>{rows}</table>" + "x<br>" * 9_000)
    assert (html.count("<td>"), html.count("<br>")) == (20_000, 9_000)


def test_programs_do_not_come_through_where_markup_is_cut():
    html = Cleaner("").html(
        "<script>run()</script>&lt;img src=x onerror=run()&gt;" + "<b>" * 30_000 + "<img onerror=run() src=x>"
    )
    assert "<" not in html.replace("<p>", "").replace("</p>", "")
    assert "script" not in html
