"""Configured lists of recipients, followed: who was added to one is subscribed, who was taken out of it is not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import ConfigError
from briefing.service.recipients import ON, everybody, judged, remove, subscribe
from briefing.service.tokens import keeper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.model import Listed, Roster, Settings
    from briefing.service.desk import Desk
    from briefing.service.recipients import Joined

BY = "file"


def follow(desk: Desk, settings: Settings) -> int:
    """Bring the lists up with what is configured, where that changed; returns how many people it moved.

    Who left a list by himself, is suppressed or was forgotten is not put back: `refused` names them.

    Raises:
        ConfigError: a file is not there, or wrong.
    """
    followed = desk.mailboxes.followed()
    if not settings.rosters and not followed:
        return 0
    prints = {one.briefing: _print(desk, one) for one in settings.rosters}
    if prints == followed:
        return 0
    listed = _people(settings.rosters)
    joined = subscribe(desk, listed, BY)
    wanted = {(one.recipient, one.listed.briefing) for one in joined}
    left = [one for one in everybody(desk, states=ON) if one.origin == BY and (one.id, one.briefing) not in wanted]
    moved = sum(one.outcome in ("added", "changed") for one in joined) + remove(desk, left, BY)
    desk.mailboxes.follow(prints)
    return moved


def refused(desk: Desk, settings: Settings) -> list[Joined]:
    """Those on configured lists who get nothing all the same, each with the reason; nothing changes."""
    listed = _people(settings.rosters)
    return [one for one in judged(desk, listed, BY) if one.outcome == "refused"] if listed else []


def _people(rosters: Sequence[Roster]) -> list[Listed]:
    from briefing.config.people import roster  # noqa: PLC0415 - only where a list changed

    return [one for each in rosters for one in roster(each)]


def _print(desk: Desk, one: Roster) -> str:
    """A keyed hash of the file that a list stands in, and of what of it is meant."""
    try:
        content = Path(one.file).read_bytes()
    except OSError as error:
        said = f"the list of recipients of {one.briefing} cannot be read ({error.strerror}): mend its path or rights"
        raise ConfigError([f"{one.file}: {said}"]) from error
    return keeper(desk).mark(f"roster:{one.briefing}", content)
