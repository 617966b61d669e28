"""Issues for the tests of Word and EPUB: one with charts and a house style, one whose every text means harm."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from briefing.documents import Erratum, Figure, House, Inventory, LeftOut, Mention, Reference, Revised, Series
from briefing.model import Published
from test_outputs_issue import (  # type: ignore[import-not-found]  # see conftest
    ABAR,
    EMPTY,
    GYO,
    ISSUE,
    KYODO,
    LATE,
    RECHNOY,
    RIVER,
    SEA,
    STUDY,
    TALKS,
    TIDE,
    WELLS,
    item,
)

if TYPE_CHECKING:
    from briefing.documents import Issue
    from briefing.model import Source

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60"><title>Anchor</title>'
    '<path d="M0 0h240v60H0z" fill="#2d5a3d"/></svg>'
)
WEEKS = tuple(f"2017-W{week:02}" for week in range(1, 13))
FIGURES = (
    Figure(
        id="topics",
        title="Items by topic over twelve weeks",
        kind="multiples",
        unit="items",
        ticks=WEEKS,
        series=(
            Series(name="Fish & nets", values=(0, 2, 5, 1, 0, 0, 3, 4, 1, 2, 6, 3)),
            Series(name="氷上道路", values=(1,) * 12, language="ja"),
        ),
        summary="Fish & nets had most items, 27, with 6 in W11.",
    ),
    Figure(
        id="week",
        title="The week by source",
        kind="bars",
        unit="items",
        ticks=("2017-W12",),
        series=(
            Series(name="Ministry of the Outer Sea", values=(4,), group="Japan"),
            Series(name="Министерство речных дел", values=(1,), group="Russia", language="ru"),
        ),
        summary="Most items, 4, came from the Ministry of the Outer Sea.",
    ),
)
HOUSE = House(name="Desk of Invented Affairs", logo=LOGO, accent="#2d5a3d", footer="For use inside the desk")

FULL = replace(
    ISSUE,
    figures=FIGURES,
    house=HOUSE,
    draft=True,
    left_out=(LeftOut(where="Fish & nets", count=7, limit="8 under one heading"),),
    annex=(
        Inventory(source=SEA, items=(TALKS.item, item(21, SEA, "A notice to mariners", TALKS.item.published, "en"))),
        Inventory(source=GYO, items=(KYODO.item,)),
    ),
    undated=(Mention(item=ABAR.item, source=WELLS),),
    revised=(Revised(what="Came late: Hafenkammer, Hafenordnung geändert.", number=6),),
    ahead_left=1,
    ahead_more=(ISSUE.ahead[0],),
    changed_left=(replace(ISSUE.changed[0], what="One word more."),),
    corrections=(
        Erratum(
            briefing="shelf",
            period="2017-W11",
            version=1,
            number=3,
            alteration=replace(ISSUE.changed[0], what="The sum was wrong."),
        ),
    ),
    analysis=(replace(ISSUE.analysis[0], references=(replace(STUDY, twin=TALKS.item),)),),
)


def _harmful(number: int, source: Source, title: str, url: str, language: str) -> Reference:
    return Reference(
        number=number,
        source=source,
        item=replace(
            item(number, source, title, Published(), language, authors=("]]>", "\x1b[31mNemo", "<b>")), url=url
        ),
        quote=f"{title} ]]> <!-- {{{{ 7 * 7 }}}} ${{accent}} \ufffe\x0b&amp;",
    )


LONG = "A very long title about the herring count, with no end in sight. " * 40
UNBROKEN = "あ" * 3000
HARMFUL = (
    _harmful(1, SEA, "\x00]]><script>alert(1)</script>\x08", "javascript:alert(1)", "en"),
    _harmful(2, GYO, UNBROKEN, "https://[bad", "ja"),
    _harmful(3, RIVER, LONG, f"https://river.example/{'a' * 3000}", "ru"),
    _harmful(4, WELLS, "بيان \u202eبشأن (الآبار) [4] <ABC>", "https://wells.example/\"'><a b=c&d=%zz#x y", "ar"),
    _harmful(5, TIDE, "הודעה על הבארות", "http://a b.example/", "he"),
    _harmful(6, TIDE, "", "", "zh-Hant"),
    _harmful(7, TIDE, "關於近海水井的聲明", "https://tide.example:99999/", "zh-Hant"),
    _harmful(8, TIDE, "연안 우물에 관한 성명", "mailto:nobody@tide.example", "ko"),
    _harmful(9, TIDE, "x\u0085y\u2028z", "https://user:pass@tide.example/?q=']]>", "not a tag"),
)
HOSTILE: Issue = replace(
    FULL,
    title="]]> <Outer> & \"Shelf\" 'Briefing' {{ issue }}",
    site_title="Desk\x00 of <Invented> ]]> Affairs",
    contact="mailto:desk@desk.example?subject=]]>",
    house=replace(HOUSE, name="<svg/onload=alert(1)>", footer="]]> $warning & \x07"),
    languages=("en", "ja", "ru", "ar", "he", "zh-Hant", "ko", "not a tag"),
    highlights=HARMFUL[:5],
    statements=(replace(ISSUE.statements[0], title="]]>", references=HARMFUL[:5]),),
    topics=(replace(ISSUE.topics[0], title="<script>", references=HARMFUL[5:7], see=HARMFUL[:2]),),
    analysis=(replace(ISSUE.analysis[0], title="CH", references=HARMFUL[7:]),),
    changed=(
        replace(ISSUE.changed[0], reference=HARMFUL[2], before="]]>\x00 <ins>", after=f"{LONG}</del>"),
        replace(ISSUE.changed[1], reference=HARMFUL[3], before="قبل <b>", after="بعد ]]>"),
    ),
    late=(HARMFUL[8],),
    ahead=(),
    references=HARMFUL,
    others=(Mention(item=HARMFUL[3].item, source=WELLS), Mention(item=HARMFUL[5].item, source=TIDE)),
    figures=(
        replace(
            FIGURES[0],
            title="]]> <b>",
            summary="\x00 & <i>",
            series=(Series(name="</text><script>alert(1)</script>", values=(1,) * 12),),
        ),
    ),
)

__all__ = ["ABAR", "EMPTY", "FULL", "HARMFUL", "HOSTILE", "ISSUE", "KYODO", "LATE", "LOGO", "RECHNOY", "STUDY", "TALKS"]
