"""Messages as posts to a chat's incoming webhook: Slack, Microsoft Teams (workflows), Mattermost.

Publishers' words are never read as markup: Slack and Teams get them as rich text without any, Mattermost gets them
escaped. No post calls anybody, and none is longer than its platform takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from briefing.text import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HEAD, _LINE, _LINES = 200, 600, 12
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:])")
_MENTION = re.compile(r"@(?=\w)")
_UNCALLED = "@\u200b"  # a mention that the platform does not read as one
_CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, a link where it has an address."""

    text: str
    url: str = ""
    bold: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """A heading and a few lines below it."""

    heading: Run
    lines: tuple[Line, ...] = ()


def post_of(kind: str, data: Mapping[str, Any]) -> Post:
    """What a chat is told: the same facts as a webhook, in a few lines."""
    return {"issue": _issue, "erratum": _erratum, "item": _item, "digest": _item}[kind](data)


def render(platform: str, post: Post) -> bytes:
    """The body of the request: platform `slack`, `teams` or `mattermost`."""
    return orjson.dumps(_PLATFORMS[platform](_short(post)))


def _short(post: Post) -> Post:
    lines = tuple(tuple(_shortened(run, _LINE) for run in line) for line in post.lines[:_LINES])
    return Post(_shortened(post.heading, _HEAD), lines)


def _shortened(run: Run, most: int) -> Run:
    spaced = (" " if run.text[:1] == " " else "", " " if run.text[-1:] == " " else "")
    return Run(shorten(one_line(run.text), most).join(spaced), run.url, run.bold)


# ---------------------------------------------------------------- what is said


def _issue(data: Mapping[str, Any]) -> Post:
    version = f", version {data['version']}" if data["version"] > 1 else ""
    items = f"{data['items']} item" + ("" if data["items"] == 1 else "s")
    links: list[Run] = []
    for name, url in data["formats"].items():
        links += [Run(", " if links else ""), Run(name, url)]
    heading = Run(f"{data['briefing']['title']}, {data['period']}{version}", data["url"], bold=True)
    return Post(heading, ((Run(f"{items}. "), *links),))


def _erratum(data: Mapping[str, Any]) -> Post:
    item = data["item"]
    heading = f"Correction to {data['briefing']['title']}, {data['period']}: no. {data['number']}"
    lines: list[Line] = [
        (Run(item["title"] or "[removed]", item["page"]), Run(f" ({data['source']['name']})")),
        (Run(data["what"]),),
    ]
    lines += [(Run(f"{word}: ", bold=True), Run(data[key])) for word, key in _SIDES if data[key]]
    return Post(Run(heading, data["url"], bold=True), tuple(lines))


_SIDES = (("Before", "before"), ("Now", "after"))


def _item(data: Mapping[str, Any]) -> Post:
    item = data["item"]
    about = ", ".join(topic["name"] for topic in item["topics"])
    beside = f"{item['source']['name']}" + (f" · {about}" if about else "")
    lines: list[Line] = [(Run(beside),), (Run(item["summary"]),)]
    if data.get("digests"):
        lines.append((Run("in "), Run(", ".join(one["title"] for one in data["digests"]))))
    title = Run(item["title"] or item["url"], item["url"] or item["page"], bold=True)
    return Post(title, tuple(line for line in lines if any(run.text for run in line)))


# ---------------------------------------------------------------- how it is written


def _slack(post: Post) -> dict[str, Any]:
    sections = [_section((post.heading,)), *(_section(line) for line in post.lines)]
    return {
        "text": _unmarked(post.heading.text),  # what a notification shows
        "mrkdwn": False,
        "unfurl_links": False,
        "blocks": [{"type": "rich_text", "elements": sections}],
    }


def _section(line: Line) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": [_element(run) for run in (*line, Run("\n")) if run.text]}


def _element(run: Run) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "link" if run.url else "text", "text": run.text}
    if run.url:
        element["url"] = run.url
    return element | ({"style": {"bold": True}} if run.bold else {})


def _unmarked(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(post: Post) -> dict[str, Any]:
    blocks = [_block((post.heading,), size="medium"), *(_block(line) for line in post.lines)]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
        "actions": [{"type": "Action.OpenUrl", "title": "Read", "url": post.heading.url}],
    }
    return {"type": "message", "attachments": [{"contentType": _CARD, "contentUrl": None, "content": card}]}


def _block(line: Line, size: str = "default") -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [_inline(run, size) for run in line if run.text]}


def _inline(run: Run, size: str) -> dict[str, Any]:
    inline: dict[str, Any] = {"type": "TextRun", "text": run.text, "size": size}
    if run.bold:
        inline["weight"] = "bolder"
    return inline | ({"selectAction": {"type": "Action.OpenUrl", "url": run.url}} if run.url else {})


def _mattermost(post: Post) -> dict[str, Any]:
    lines = ["".join(_marked(run) for run in line) for line in ((post.heading,), *post.lines)]
    return {"text": "  \n".join(lines)}


def _marked(run: Run) -> str:
    text = _MENTION.sub(_UNCALLED, _MARKUP.sub(r"\\\1", run.text))
    text = f"[{text}]({quote(run.url, safe=_IN_LINKS)})" if run.url else text
    return f"**{text}**" if run.bold and text.strip() == text else text


_IN_LINKS = "!#$%&'*+,/:;=?@~-._"
_PLATFORMS: dict[str, Callable[[Post], dict[str, Any]]] = {"slack": _slack, "teams": _teams, "mattermost": _mattermost}
