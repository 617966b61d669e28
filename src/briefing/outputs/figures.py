"""Charts: a `Figure` drawn as SVG, and the table behind it. Pure: the same figure gives the same bytes.

Small, zero-based, labelled where a reader looks, without legend or grid. On a page colours are those of its style
sheet, so that they turn with it from light to dark; `fixed` writes colours out, for paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from briefing.documents import House
from briefing.outputs.measure import extent, fitted, folded
from briefing.outputs.wording import month_words
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from svg import SVG, Element

    from briefing.documents import Figure, Series

WIDE, NARROW = 696, 300
"""Widths in CSS pixels: a column of A4 or of a screen, and a telephone's."""

SANS = "'Source Sans 3', 'Noto Sans', 'Liberation Sans', 'Helvetica Neue', Arial, sans-serif"

_TEXT, _SMALL = 13, 12  # type sizes; at the width of an A4 column (166 mm) 8.8 and 8.1 points
_GAP, _CELL = 24, 136  # between small multiples, and how narrow one may be
_ACROSS = 3
_TALL, _TITLE, _ABOVE, _BELOW = 40, 18, 14, 30  # of a small multiple: bars, name, room for its highest figure, weeks
_ROW, _THICK = 20, 12  # of a bar with its label
_BESIDE = 480  # from this width on names stand beside their bars


class Table(NamedTuple):
    """The figures behind a chart: headings and rows of words; `texts` is how many columns at the left are no figures.

    `languages` are those of the names in the last of these columns, one a row, empty for that of the page.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int
    languages: tuple[str, ...]


def rows(figure: Figure) -> Table:
    """The figures behind a chart as a table: series with their values and, where they have several, the sum."""
    several = len(figure.ticks) > 1
    grouped = any(series.group for series in figure.series)
    names = ("Country", "Source") if grouped else ("Topic",)
    ends = (*map(tick_words, figure.ticks), "All") if several else (figure.unit.capitalize(),)
    return Table(
        head=names + ends,
        rows=tuple(
            ((one_line(series.group),) if grouped else ())
            + (one_line(series.name), *(f"{value:,}" for value in series.values))
            + ((f"{sum(series.values):,}",) if several else ())
            for series in figure.series
        ),
        texts=len(names),
        languages=tuple(series.language for series in figure.series),
    )


def tick_words(tick: str) -> str:
    """A period in short: `W12` for `2017-W12`, `24 Mar` for `2017-03-24`, `Mar 2017` for `2017-03`; else as it is."""
    year, *rest = tick.split("-")
    if rest and rest[0].startswith("W"):
        return rest[0]
    if not rest or not all(part.isdigit() for part in (year, *rest)):
        return tick
    month = month_words(date(int(year), int(rest[0]), 1))[:3]
    return f"{int(rest[1])} {month}" if len(rest) > 1 else f"{month} {year}"


def svg(
    figure: Figure,
    house: House | None = None,
    *,
    width: int = WIDE,
    fixed: bool = False,
    fonts: str = SANS,
    prefix: str = "figure-",
) -> str:
    """A figure as an SVG element, without a declaration: it stands in a page, in a book or in a file of its own.

    `width` is that of its coordinates, it is drawn as wide as its place; `prefix` begins its ids, which must be its own
    on a page. With `fixed` colours are those of `house` on white paper, else those of the page's style sheet.
    """
    import svg as shapes  # noqa: PLC0415 - a tenth of a second, which only a chart is worth

    ink = _fixed(house or House()) if fixed else _STYLED
    pen = _Pen(shapes, ink)
    drawn, height = (_multiples if figure.kind == "multiples" else _bars)(figure, pen, width)
    ids = f"{prefix}{figure.id}-title", f"{prefix}{figure.id}-desc"
    picture: SVG = shapes.SVG(
        viewBox=shapes.ViewBoxSpec(0, 0, width, height),
        width=width,
        height=height,
        extra={
            "role": "img", "aria-labelledby": " ".join(ids), "fill": ink.text,
            "font-family": escape(fonts, quote=False),
        },
        elements=[
            shapes.Title(id=ids[0], text=_safe(figure.title)),
            shapes.Desc(id=ids[1], text=_safe(figure.summary)),
            *drawn,
        ],
    )  # fmt: skip
    return picture.as_str()


class _Ink(NamedTuple):
    """The colours of a chart: its words, those that are second, bars, the bar that matters, the line they stand on."""

    text: str
    quiet: str
    bar: str
    latest: str
    rule: str


_STYLED = _Ink("currentColor", "var(--quiet)", "var(--bar, #87857f)", "var(--accent)", "var(--rule)")


def _fixed(house: House) -> _Ink:
    return _Ink("#1b1b1b", "#54524c", "#87857f", house.accent, "#bab4a6")


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws with a set of colours. The library writes texts as they are: here they are made safe."""

    shapes: ModuleType
    ink: _Ink

    def words(
        self, text: str, x: float, y: float, *, colour: str = "", anchor: str = "", bold: bool = False,
        size: int = _TEXT, language: str = "",
    ) -> Element:  # fmt: skip
        """A line of text whose first letter (or what `anchor` says) stands at a point of its base line."""
        drawn: Element = self.shapes.Text(
            text=_safe(text), x=_rounded(x), y=_rounded(y), font_size=size, text_anchor=anchor or None,
            fill=colour or None, font_weight="600" if bold else None, lang=escape(language) or None,
        )  # fmt: skip
        return drawn

    def bar(self, x: float, y: float, width: float, height: float, *, latest: bool = False) -> Element:
        """A bar by its upper left corner."""
        drawn: Element = self.shapes.Rect(
            x=_rounded(x), y=_rounded(y), width=_rounded(width), height=_rounded(height),
            fill=self.ink.latest if latest else self.ink.bar,
        )  # fmt: skip
        return drawn

    def line(self, x: float, y: float, length: float) -> Element:
        """The line that bars stand on."""
        shape = self.shapes.Rect
        drawn: Element = shape(x=_rounded(x), y=_rounded(y), width=_rounded(length), height=1, fill=self.ink.rule)
        return drawn


def _multiples(figure: Figure, pen: _Pen, width: int) -> tuple[list[Element], int]:
    """A small chart for each series, all to one scale, so that they can be compared."""
    across = max(1, min(_ACROSS, (width + _GAP) // (_CELL + _GAP)))
    cell = (width - _GAP * (across - 1)) / across
    names = [folded(one_line(series.name), _TEXT, cell, bold=True) for series in figure.series]
    top = max((max(series.values, default=0) for series in figure.series), default=0)
    drawn: list[Element] = []
    y = 0
    for first in range(0, len(names), across):
        held = range(first, min(first + across, len(names)))
        title = _TITLE * max(len(names[turn]) for turn in held)
        for column, turn in enumerate(held):
            x = column * (cell + _GAP)
            series = figure.series[turn]
            for line, words in enumerate(names[turn]):
                drawn.append(pen.words(words, x, y + line * _TITLE + _TEXT, bold=True, language=series.language))
            drawn += _multiple(figure.ticks, series.values, pen, (x, y + title), (cell, top))
        y += title + _ABOVE + _TALL + _BELOW
    return drawn, max(y - _BELOW + _SMALL + 6, _ROW)


def _multiple(
    ticks: Sequence[str], values: Sequence[int], pen: _Pen, corner: tuple[float, float], measures: tuple[float, int]
) -> Iterator[Element]:
    (left, upper), (cell, top) = corner, measures
    count = max(1, len(values))
    aside = extent(f" {top:,}", _SMALL, bold=True)  # beside the last bar stands its figure
    step = (cell - aside) // count
    base, end = upper + _ABOVE + _TALL, left + step * count - 2
    for turn, value in enumerate(values):
        if height := _height(value, top, _TALL):
            yield pen.bar(left + turn * step, base - height, step - 2, height, latest=turn == count - 1)
    yield pen.line(left, base, end - left)
    yield from _figures(values, pen, (left, base, step), top)
    if ticks:
        yield pen.words(tick_words(ticks[0]), left, base + _SMALL + 3, colour=pen.ink.quiet, size=_SMALL)
        yield pen.words(tick_words(ticks[-1]), end, base + _SMALL + 3, colour=pen.ink.quiet, anchor="end", size=_SMALL)


def _figures(values: Sequence[int], pen: _Pen, place: tuple[float, float, float], top: int) -> Iterator[Element]:
    """The last figure beside its bar, the highest above its own."""
    left, base, step = place
    if not values:
        return
    yield pen.words(
        f"{values[-1]:,}", left + step * len(values) + 2, base, colour=pen.ink.latest, bold=True, size=_SMALL
    )
    peak = values.index(max(values))
    if values[-1] < values[peak]:
        half = extent(f"{values[peak]:,}", _SMALL) / 2
        middle = max(min(left + peak * step + step / 2 - 1, left + step * len(values) - half), left + half)
        above = base - _height(values[peak], top, _TALL) - 3
        yield pen.words(f"{values[peak]:,}", middle, above, colour=pen.ink.quiet, anchor="middle", size=_SMALL)


def _bars(figure: Figure, pen: _Pen, width: int) -> tuple[list[Element], int]:
    """One bar for each series, under the headings of its groups; names beside them, or above where there is no room."""
    top = max((sum(series.values) for series in figure.series), default=0)
    names = max((extent(one_line(series.name), _TEXT) for series in figure.series), default=0)
    stacked = width < _BESIDE
    room = width if stacked else min(names + 4, width * 0.45)
    start = 0 if stacked else room + 8
    measures = (room, start, width - start - extent(f" {top:,}", _TEXT), top)
    drawn: list[Element] = []
    y = 0
    for group, held in groupby(figure.series, key=lambda series: series.group):
        if group:
            drawn.append(pen.words(fitted(one_line(group), _TEXT, width, bold=True), 0, y + _TEXT, bold=True))
            y += _ROW
        for series in held:
            below = _ROW - 2 if stacked else 0
            drawn += _row(series, pen, (y, y + below), measures)
            y += _ROW + below
        y += 4
    return drawn, max(y, _ROW)


def _row(
    series: Series, pen: _Pen, at: tuple[int, int], measures: tuple[float, float, float, int]
) -> Iterator[Element]:
    (upper, y), (room, start, reach, top) = at, measures
    value = sum(series.values)
    yield pen.words(fitted(one_line(series.name), _TEXT, room), 0, upper + _TEXT, language=series.language)
    if length := _height(value, top, reach):
        yield pen.bar(start, y + (_ROW - _THICK) // 2 - 1, length, _THICK, latest=True)
    yield pen.words(f"{value:,}", start + (length + 5 if length else 0), y + _TEXT)


def _height(value: int, top: int, whole: float) -> float:
    """How far a bar reaches; one that counts anything is never without."""
    return max(2.0, whole * value / top) if value and top else 0.0


def _rounded(number: float) -> float:
    """A coordinate to a tenth, whole where it is."""
    held = round(number, 1)
    return int(held) if held == int(held) else held


def _safe(text: str) -> str:
    return escape(clean(one_line(text)), quote=False)
