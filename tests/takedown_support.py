"""What the tests of takedowns share: an item that is everywhere, and a search of every byte of a folder."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

from briefing.eventstore.payloads import decompress
from briefing.model import Digest
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    LISTED,
    MAIN,
    listing,
    post,
    rss,
    source,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from street_support import Post, Press, Street

WEEK = "2026-W09"
REASON, BASIS = "names a private person", "court order 12/2026"
_FRAME = b"\x28\xb5\x2f\xfd"

# Tokens that stand nowhere else, one in each sentence, title, name and address of the item, of each version.
TOKENS = {
    "title": ("quorvane", "quillbast"),
    "text": ("zentrall", "zimmerou", "zaffrick", "zuleford"),
    "author": ("yarrowbie",),
    "address": ("xenoport", "xylomoor"),
    "guid": ("wexlarn", "wumbrell"),
    "date": ("vespera",),
}


def tokens() -> list[str]:
    return [one for group in TOKENS.values() for one in group]


@dataclass(frozen=True)
class Signed:
    """An entry with an author."""

    post: Post
    author: str

    def xml(self) -> str:
        inside: str = self.post.xml()
        return inside.replace("</item>", f"<author>{escape(self.author)}</author></item>")


def entry(version: int = 1, place: int = 1) -> Signed:
    """The item to be taken down: what it says in a version, and where it stands."""
    first, second = TOKENS["text"][:2] if version == 1 else TOKENS["text"][2:]
    said = post(
        530,
        title=f"A berth for the {TOKENS['title'][version - 1]} ferry",
        link=f"{{base}}/{TOKENS['address'][place - 1]}/530",
        guid=f"tag:press,2026:{TOKENS['guid'][0]}",
        date="Tue, 24 Feb 2026 12:00:00 +0000 (vespera)",
        content=f"<p>The harbour gives a berth to {first} at noon.</p><p>Herring is landed by {second} there.</p>",
    )
    return Signed(said, f"desk@press.example ({TOKENS['author'][0]} Brandt)")


def untopical(token: str) -> Post:
    """An entry that no topic takes."""
    return replace(
        post(531, title=f"On the weather of {token}", link=f"{{base}}/{token}/1", guid=token),
        content=f"<p>It rains where {token} lives.</p>",
    )


def digests() -> tuple[Digest, ...]:
    return (
        Digest(id="ministries", title="Ministries", institutions=("ministry",)),
        Digest(id="days", title="Day by day", bundle="day"),
        Digest(id="weeks", title="Week by week", bundle="week"),
        Digest(id="ferries", title="Ferries", query="ferry"),
    )


def everywhere(street: Any, press: Press) -> Street:
    """A street whose item was published, issued, edited, moved, issued again, and issued once more."""
    press.says("/one", rss([post(520), entry()]))
    press.says("/two", rss([post(521)]))
    made = street(
        source("one", "/one", press, redistribute="full"),
        source("two", "/two", press, institution="think-tank"),
        digests=digests(),
    )
    publish(made)
    press.says("/one", rss([post(520), entry(2)]))
    made.clock.forward(hours=1)
    publish(made)
    press.says("/one", rss([post(520), post(522), entry(2, place=2)]))
    made.clock.forward(hours=1)
    publish(made)
    return made


def publish(made: Street) -> None:
    """All verbs, and the issue of the week."""
    made.collect()
    made.service.classify()
    made.service.publish()
    made.service.brief(week=WEEK)


def paged(street: Any, press: Press) -> Street:
    """A street whose item was read from its own page, and is silent about it since."""
    text = TOKENS["text"]
    press.says("/list", listing([(f"/{TOKENS['address'][0]}.html", f"A {TOKENS['title'][0]} berth", "2026-02-24")]),
               content_type=HTML)  # fmt: skip
    press.shows(f"/{TOKENS['address'][0]}.html", f"A {TOKENS['title'][0]} berth",
                f"The harbour gives a berth to {text[0]}.", f"It is built by {text[1]}.")  # fmt: skip
    made = street(source("list", "/list", press, kind="page", listing=LISTED, article=MAIN, redistribute="full"))
    publish(made)
    return made


def item_of(made: Street) -> Any:
    """The item to be taken down."""
    [found] = [item for item in made.items() if any(one in item.title for one in TOKENS["title"])]
    return found


def found(folder: Path, wanted: Iterable[str]) -> dict[str, set[str]]:
    """Which of these words stand in which file of a folder: as they are, and in what is compressed in it."""
    hits: dict[str, set[str]] = {}
    wanted = list(wanted)
    for file in sorted(folder.rglob("*")):
        if file.is_file() and (said := found_in(file.read_bytes(), wanted)):
            hits[file.relative_to(folder).as_posix()] = said
    return hits


def found_in(raw: bytes, wanted: Iterable[str]) -> set[str]:
    """Which of these words stand in bytes: as they are, and in what is compressed in them."""
    whole = b"\n".join([raw, *_frames(raw)]).lower()
    return {one for one in wanted if one.lower().encode() in whole}


def _frames(raw: bytes) -> list[bytes]:
    """What every zstd frame in these bytes holds, as far as it can be read."""
    told, at = [], raw.find(_FRAME)
    while at >= 0:
        with suppress(Exception):  # cut by a page, or no frame
            told.append(decompress(raw[at : at + 1_000_000]))
        at = raw.find(_FRAME, at + 1)
    return told


def payloads(made: Street) -> bytes:
    """All words that the log still holds."""
    after, held = 0, []
    while page := made.desk.store.read(after, payloads=True):
        held += [one.payload for one in page if one.payload]
        after = page[-1].position
    return b"\n".join(held)
