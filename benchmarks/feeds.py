"""Write feeds of an invented press, the same bytes for the same arguments: what the other programs measure with.

    python -m benchmarks.feeds FOLDER [--feeds 1000] [--items 30] [--flawed]

Six of ten feeds are RSS 2.0, three Atom, one RSS 1.0; a body is 1 to 3 KB of HTML, now and then with other scripts in
it; one feed in twenty has no guids. With `--flawed` each feed has one flaw in one title, in turn a bare ampersand, an
entity that only HTML knows, a control character, and bytes of windows-1252 under a declaration of UTF-8.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from random import Random

_FIRST = datetime(2026, 3, 2, tzinfo=UTC)
_COMMON = """
    the of and to in for on with that this from by at as was were has have been will would not its their which after
    before during between against under over about more most other such only also then than when where while because
    officials harbour council delegation minister spokesman deputy statement agreement session draft budget fishery
    border customs railway ferry lighthouse survey station committee report programme exercise meeting visit island
    northern eastern joint regional annual public former technical said noted stressed discussed signed opened agreed
""".split()  # noqa: SIM905 - a list of words reads better so
_TOPICAL = (
    "peace treaty", "Northern Territories", "joint economic activities", "grave visits", "sanctions",
    "visa-free exchange", "fishing quota", "natural gas", "security dialogue", "summit",
)  # fmt: skip
_ELSEWHERE = ("café", "Łódź", "São Tomé", "東京", "Южно-Курильск", "“as agreed”", "— so it is said —", "№ 7", "naïve")
_FLAWS = (b" fish & ships ", b" quay&nbsp;side ", b" tide\x0btable ", b" the \x93new\x94 pier \x97 ")
_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)


@dataclass(frozen=True, slots=True)
class Story:
    """An invented entry."""

    number: int
    title: str
    summary: str
    body: str
    author: str
    link: str
    guid: str
    at: datetime
    subject: str


def write(folder: Path, feeds: int, items: int, *, flawed: bool = False, newer: int = 0) -> list[str]:
    """Write the feeds and give back their file names; with so many `newer` entries on top, as many older ones left."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for feed in range(feeds):
        kind = ("rss", "atom", "rss", "rss", "atom", "rss", "rdf", "rss", "atom", "rss")[feed % 10]
        stories = [story(feed, number) for number in reversed(range(newer, items + newer))]
        document = {"rss": _rss, "atom": _atom, "rdf": _rdf}[kind](feed, stories).encode()
        if flawed:
            own, closing, rest = document.partition(b"</title>")  # the first title is the feed's own
            document = own + closing + rest.replace(b"</title>", _FLAWS[feed % 4] + b"</title>", 1)
        names.append(f"{feed:05d}.{kind}")
        (folder / names[-1]).write_bytes(document)
    return names


def story(feed: int, number: int) -> Story:
    """The invented entry of this number."""
    chance = Random(f"{feed}/{number}")
    subject = chance.choice(_TOPICAL)
    title = _words(chance, chance.randint(5, 9)).capitalize()
    if chance.random() < 0.1:
        title += f" {chance.choice(_ELSEWHERE)}"
    body: list[str] = []
    size, wanted = 0, chance.randint(1000, 3000)
    while size < wanted:
        body.append(_block(chance, feed))
        size += len(body[-1])
    return Story(
        number=number,
        title=title,
        summary=_sentence(chance),
        body="\n".join(body),
        author=f"Correspondent {chance.randint(1, 30)}",
        link=f"https://press{feed}.example/{number // 100}/{number}-{chance.randrange(16**6):06x}",
        guid=f"tag:press{feed}.example,2026:{number}",
        at=_FIRST + timedelta(minutes=41 * number + feed % 37),
        subject=subject,
    )


def _words(chance: Random, count: int) -> str:
    words = [chance.choice(_COMMON) for _ in range(count)]
    if chance.random() < 0.006:  # so that about every third item has a label
        words[chance.randrange(count)] = chance.choice(_TOPICAL)
    if chance.random() < 0.1:
        words[chance.randrange(count)] = chance.choice(_ELSEWHERE)
    return " ".join(words)


def _sentence(chance: Random) -> str:
    words = _words(chance, chance.randint(9, 22))
    return f"{words[0].upper()}{words[1:]}."


def _block(chance: Random, feed: int) -> str:
    text = escape(" ".join(_sentence(chance) for _ in range(chance.randint(2, 4))), quote=False)
    kind = chance.random()
    if kind < 0.75:
        return f"<p>{text}</p>"
    if kind < 0.85:
        return (
            f'<p><a href="https://press{feed}.example/see?{chance.randrange(10**6)}&amp;x=1">{text[:50]}</a> {text}</p>'
        )
    if kind < 0.93:
        return "<ul>" + "".join(f"<li>{escape(_sentence(chance), quote=False)}</li>" for _ in range(3)) + "</ul>"
    return f'<figure><img src="https://press{feed}.example/{chance.randrange(999)}.jpg" alt="" width="640"/></figure>'


def _rss(feed: int, stories: list[Story]) -> str:
    entries = []
    for story in stories:
        guid = f'<guid isPermaLink="false">{story.guid}</guid>\n' if feed % 20 else ""
        whole = feed % 3
        body = f"<content:encoded><![CDATA[{story.body}]]></content:encoded>\n" if whole else ""
        entries.append(
            f"<item>\n<title>{escape(story.title)}</title>\n<link>{story.link}</link>\n{guid}"
            f"<pubDate>{format_datetime(story.at, usegmt=True)}</pubDate>\n<dc:creator>{story.author}</dc:creator>\n"
            f"<category>{story.subject}</category>\n"
            f"<description>{escape(story.summary if whole else story.body, quote=False)}</description>\n{body}</item>\n"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {_NAMESPACES}>\n<channel>\n'
        f"<title>Press {feed}</title>\n<link>https://press{feed}.example/</link>\n"
        f"<description>Of the invented press</description>\n"
        f"<language>en</language>\n{''.join(entries)}</channel>\n</rss>\n"
    )


def _atom(feed: int, stories: list[Story]) -> str:
    entries = [
        f'<entry>\n<title>{escape(story.title)}</title>\n<link rel="alternate" href="{story.link}"/>\n'
        f"<id>{story.guid}</id>\n<published>{story.at.isoformat()}</published>\n<updated>{story.at.isoformat()}</updated>\n"
        f'<author><name>{story.author}</name></author>\n<category term="{story.subject}"/>\n'
        f'<summary>{escape(story.summary)}</summary>\n<content type="html">{escape(story.body)}</content>\n</entry>\n'
        for story in stories
    ]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f"<title>Press {feed}</title>\n<id>tag:press{feed}.example,2026:feed</id>\n"
        f"<updated>{stories[0].at.isoformat()}</updated>\n{''.join(entries)}</feed>\n"
    )


def _rdf(feed: int, stories: list[Story]) -> str:
    entries = [
        f'<item rdf:about="{story.link}">\n<title>{escape(story.title)}</title>\n<link>{story.link}</link>\n'
        f"<dc:date>{story.at.isoformat()}</dc:date>\n<dc:creator>{story.author}</dc:creator>\n"
        f"<dc:subject>{story.subject}</dc:subject>\n<description>{escape(story.summary)}</description>\n"
        f"<content:encoded>{escape(story.body)}</content:encoded>\n</item>\n"
        for story in stories
    ]
    home = f"https://press{feed}.example/"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns="http://purl.org/rss/1.0/" {_NAMESPACES}>\n'
        f'<channel rdf:about="{home}">\n<title>Press {feed}</title>\n<link>{home}</link>\n'
        f"<description>Of the invented press</description>\n</channel>\n{''.join(entries)}</rdf:RDF>\n"
    )


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--feeds", type=int, default=1000)
    asked.add_argument("--items", type=int, default=30)
    asked.add_argument("--flawed", action="store_true")
    given = asked.parse_args()
    names = write(given.folder, given.feeds, given.items, flawed=given.flawed)
    size = sum((given.folder / name).stat().st_size for name in names)
    print(f"{len(names)} feeds of {given.items} items, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
