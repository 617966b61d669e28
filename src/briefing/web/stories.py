"""Stories: all that several sources tell, and one with its members, two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from briefing.editions.feeds import STORIES
from briefing.stories.comparing import beside
from briefing.web.grouping import held, page_number
from briefing.web.rendering import View

if TYPE_CHECKING:
    from starlette.requests import Request

    from briefing.model import Item, Member, Story
    from briefing.web.frame import Frame

_PER_PAGE = 30
_KINDS = {"ministry": 0, "igo": 1, "think-tank": 2, "media": 3}


@dataclass(frozen=True, slots=True)
class Told:
    """What one institution tells of a story."""

    source: str
    members: tuple[Member, ...]


def listing(frame: Frame, request: Request) -> View:
    """Every story, those first that were told last."""
    page = page_number(request)
    found = frame.library.stories.newest(_PER_PAGE + 1, (page - 1) * _PER_PAGE)
    values = {"stories": found[:_PER_PAGE], "page": page, "more": len(found) > _PER_PAGE}
    return View("stories", values, ((STORIES, "Stories"),))


def one(frame: Frame, request: Request) -> View:
    """One story, by its id or that of a member; `left` and `right` name the two that stand side by side."""
    name = request.path_params["story"]
    story = held(frame.library.stories.story(name), "story", name)
    pair = _pair(frame, request, story)
    texts = frame.library.held([item.id for item in pair])
    left, right = ((texts[item.id].text or item.title) if item.removal is None else "" for item in pair)
    values = {
        "story": story,
        "earliest": min((member.item for member in story.members), key=_published),
        "told": _by_institution(frame, story),
        "pair": pair,
        "beside": beside(left, right, (pair[0].language, pair[1].language)),
        "open": all(frame.source(item).redistribute == "full" for item in pair),
    }
    return View("story", values, ((STORIES, "Stories"),))


def _by_institution(frame: Frame, story: Story) -> list[Told]:
    """The members by institution: statements first, then what others say of them; each in the order of telling."""
    place = {member.item.id: number for number, member in enumerate(story.told)}
    first: dict[str, int] = {}
    for member in story.told:
        first.setdefault(member.item.source, place[member.item.id])

    def order(member: Member) -> tuple[int, int, int]:
        kind = _KINDS[frame.source(member.item).institution]
        return kind, first[member.item.source], place[member.item.id]

    ordered = sorted(story.members, key=order)
    return [Told(source, tuple(own)) for source, own in groupby(ordered, lambda member: member.item.source)]


def _pair(frame: Frame, request: Request, story: Story) -> tuple[Item, Item]:
    """The two items asked for; else the first official ones of different sources, of one language where there are."""
    known = {str(member.item.id): member.item for member in story.members}
    asked = [request.query_params.get(side, "") for side in ("left", "right")]
    if any(name and name not in known for name in asked):
        raise HTTPException(404, "This item does not stand in the story.")
    ordered = [member.item for told in _by_institution(frame, story) for member in told.members]
    left = known.get(asked[0]) or next(item for item in ordered if str(item.id) != asked[1])
    others = [item for item in ordered if item.id != left.id]
    others.sort(key=lambda item: (item.source == left.source, item.language != left.language))
    return left, known.get(asked[1]) or others[0]


def _published(item: Item) -> tuple[bool, str, str]:
    return item.published.value is None, item.published.value or "", item.id
