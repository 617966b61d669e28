"""Lists of recipients as the operator handles them: by the names of briefings, topics and formats, and in files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from briefing.errors import UsageError
from briefing.mailbox import mailbox, shown
from briefing.model import Listed, Wish
from briefing.outputs import ISSUES
from briefing.service.recipients import everybody, find, remove, subscribe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefing.config.people import Words
    from briefing.model import Briefing, Subscriber
    from briefing.service.desk import Desk
    from briefing.service.recipients import Joined

COLUMNS = ("address", "name", "briefing", "topics", "formats", "language", "state")


def briefing_of(desk: Desk, name: str | None) -> Briefing:
    """The briefing of this id, or the only one there is.

    Raises:
        UsageError: there is none of this id, or more than one to choose from.
    """
    desk.projector.catch_up()
    known = {one.id: one for one in desk.library.briefings()}
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name not in known:
        what = f'no briefing "{name}" is configured' if name is not None else "name a briefing with --briefing"
        raise UsageError(f"{what}: there is {', '.join(known) or 'none, add one to sources.yaml'}")
    return known[name]


def add(desk: Desk, address: str, briefing: Briefing, wish: Wish, name: str = "", *, again: bool = False) -> Joined:
    """Put one person on a list; what is not said of his wishes follows the briefing.

    Raises:
        UsageError: it is no address, or the briefing has no such topic or format.
    """
    try:
        said = mailbox(address)
    except ValueError as error:
        raise UsageError(str(error)) from error
    listed = Listed(address=said, briefing=briefing.id, wish=checked(briefing, wish), name=" ".join(name.split()))
    return subscribe(desk, [listed], "operator", again=again)[0]


def checked(briefing: Briefing, wish: Wish) -> Wish:
    """A wish whose words a briefing knows, in its order.

    Raises:
        UsageError: it does not know one.
    """
    for word, what, known in (
        *((topic, "topic", briefing.topics) for topic in wish.topics),
        *((one, "format", tuple(ISSUES)) for one in wish.formats),
    ):
        if word not in known:
            raise UsageError(f'{briefing.id} has no {what} "{word}": it has {", ".join(known)}')
    if wish.language and not (wish.language.isascii() and wish.language.isalpha() and len(wish.language) in (2, 3)):
        raise UsageError(f'"{wish.language}" is no language: write its code, such as en or ja')
    return Wish(
        topics=tuple(topic for topic in briefing.topics if topic in wish.topics),
        formats=tuple(one for one in ISSUES if one in wish.formats),
        language=wish.language.lower(),
    )


def leave(desk: Desk, address: str, briefing: str | None = None) -> list[Subscriber]:
    """Take one person from a list, or from all; gives back those entries that he had.

    Raises:
        UsageError: he is on none.
    """
    on = [one for one in find(desk, address) if briefing in (None, one.briefing) and one.state in ("active", "paused")]
    if not on:
        where = f"the list of {briefing}" if briefing else "any list"
        raise UsageError(f"{address} is not on {where}: `briefing recipients list` shows who is")
    remove(desk, on, "operator")
    return on


def take_in(desk: Desk, file: Path, briefing: str | None, *, again: bool = False) -> list[Joined]:
    """Put the people of a file on lists, all or none; see `config.people`.

    Raises:
        ConfigError: the file is wrong; one sentence for each line.
    """
    from briefing.config.people import people_of, read_people  # noqa: PLC0415 - YAML, for one command alone

    desk.projector.catch_up()
    words = {one.id: _words(one) for one in desk.library.briefings()}
    single = _words(briefing_of(desk, briefing)) if briefing or len(words) == 1 else None
    if file.suffix.lower() in (".yaml", ".yml"):
        listed = read_people(file, _words(briefing_of(desk, briefing)))
    else:
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UsageError(f"{file}: this is not UTF-8: save the file in that encoding") from error
        listed = people_of(text, str(file), single, words)
    return subscribe(desk, listed, "import", again=again)


def _words(briefing: Briefing) -> Words:
    from briefing.config.people import Words  # noqa: PLC0415 - see above

    return Words(briefing.id, briefing.topics, tuple(ISSUES))


def table(desk: Desk, briefing: str | None = None, states: Sequence[str] = ()) -> str:
    """Lists as CSV (RFC 4180), in the form in which `take_in` reads it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in everybody(desk, briefing, states):
        lists = (" ".join(one.topics), " ".join(one.formats))
        writer.writerow((shown(one.address), one.name, one.briefing, *lists, one.language, one.state))
    return out.getvalue()
