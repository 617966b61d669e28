"""Tables, times and progress for people; imported only when something is shown."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from rich.progress import TaskID

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

COLOURS = {
    "ok": "green", "new": "blue", "failing": "red", "blocked": "red", "gone": "red", "failed": "red", "read": "green",
    "unchanged": "dim", "current": "", "revised": "yellow", "withdrawn": "red",
    "quiet": "dim", "stale": "yellow", "removed": "red", "on": "green", "off": "dim",
    "warning": "yellow", "wrong": "red",
}  # fmt: skip


def state(word: str) -> Text:
    """A state, its word coloured; the word says it without the colour."""
    return Text(word, style=COLOURS.get(word, ""))


def table(columns: Sequence[str | tuple[str, str]], rows: Sequence[Sequence[str | Text]]) -> None:
    """Print aligned columns; a column given as a pair says how it is set: right, fold (wraps) or short (cut)."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        name, how = column if isinstance(column, tuple) else (column, "")
        widest = max((cell_len(str(row[number])) for row in rows), default=0)
        made.add_column(
            name,
            min_width=None if how in ("fold", "short") else max(widest, cell_len(name)),
            justify="right" if how == "right" else "left",
            overflow="fold" if how == "fold" else "ellipsis",
            no_wrap=how != "fold",
            ratio=1 if how in ("fold", "short") else None,
        )
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    out.print(made)


def say(text: str = "", *, style: str = "") -> None:
    """Print a line."""
    out.print(Text(text, style=style), soft_wrap=not out.is_terminal)


def when(moment: datetime | None) -> str:
    """A moment in the zone of this terminal, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment is not None else "never"


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[str, int], None]]:
    """A bar with what is being done now, done and left; only where a person watches.

    Gives a function that takes what was just done and how many are done.
    """
    if not err.is_terminal:
        yield lambda _now, _done: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda now, done: bar.update(task, description=f"{what} {now}"[:40].ljust(40), completed=done)


@contextmanager
def steps() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for several things one after the other; gives a function that takes what, how much is done, of how much."""
    if not err.is_terminal:
        yield lambda _what, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what.ljust(8), total=total)
            bar.update(tasks[what], completed=done)

        yield advance


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 issue", "2 issues"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
