"""Further attacks: on headers that are kept and sent back, on expressions, on the items' own pages, on codecs and pace."""

# ruff: noqa: E501 - one attack a line

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING

import hostile_bodies as bodies  # type: ignore[import-not-found]  # this folder is on the path where it runs
import hostile_server as hostile  # type: ignore[import-not-found]  # as above

if TYPE_CHECKING:
    from hostile_server import Attack, Handler

OK = frozenset({""})
_PDF = (
    b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode/Length %d>>stream\n"
)


def with_pages(answer: Handler, links: int = 12) -> Handler:
    """A listing whose items' own pages all answer so."""
    listed = bodies.listing(*(f"{{base}}/pages/{number}" for number in range(links)))
    return hostile.by_path(hostile.says(listed, "text/html"), pages=answer)


def _slow_hops() -> Handler:
    """Redirects each of which takes a while: no single answer is late."""
    hop = hostile.redirects("{base}/{next}")

    async def handle(ask: hostile.Ask, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(4)
        await hop(ask, writer)

    return handle


def _pdf_bomb() -> bytes:
    packer = zlib.compressobj(9)
    inner = b"".join(packer.compress(b"(a)Tj " * 200_000) for _ in range(150)) + packer.flush()
    head = _PDF.replace(b"%d", b"%d" % len(inner))
    return head + inner + b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF"


def further() -> list[Attack]:
    """All of them."""
    good = bodies.feed(bodies.item(1))
    says, page = hostile.says, bodies.page
    noisy = "".join(
        f"<p>{line}</p>"
        for line in ("1 " * 59 + "x1.2", "crude oil " * 11 + "1.1", "Photo" * 30 + ":", "читател" * 16 + "1")
    )
    nests = "".join(f'<div class="{name}">' for _ in range(15_000) for name in ("photo-caption", "rates"))
    same = "".join(bodies.item(1) for _ in range(8_000))
    attributes = " ".join(f'a{number}="x"' for number in range(60_000))
    spaces = " ".join(f'xmlns:n{number}="urn:{number}"' for number in range(20_000))
    dates = "".join(bodies.item(number).replace("Mon, 02 Mar 2026 09:", "1 " * 20_000 + "Mar ") for number in range(20))
    return [
        hostile.Attack("further-codec-zlib", says(good, "application/rss+xml; charset=zlib"), OK, 1),
        hostile.Attack("further-codec-escape", says(good, "application/rss+xml; charset=unicode_escape"), OK, 1),
        hostile.Attack("further-codec-giant", says(good, "application/rss+xml; charset=" + "x" * 7_000), OK, 1),
        hostile.Attack("further-links", says(good, link='<a>; rel="' * 800 + "<" * 3_000), OK, 1),
        hostile.Attack("further-cookies", says(good, **{f"x_cookie_{n}": "a=b" * 60 for n in range(30)}), OK, 1),
        hostile.Attack("further-cache", says(good, cache_control="max-age=" + "9" * 5_000, expires="0" * 3_000), OK, 1),
        hostile.Attack("further-self-inner", says(bodies.feed(bodies.item(1), channel='<title>P</title><a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="http://169.254.169.254/secret"/>')), OK, 1),
        hostile.Attack("further-206", hostile.raw(b"HTTP/1.1 206 Partial\r\ncontent-length: 5\r\n\r\n<rss>"), frozenset({"status"})),
        hostile.Attack("further-429", hostile.raw(b"HTTP/1.1 429 X\r\nretry-after: -99999999999999999999\r\ncontent-length: 0\r\n\r\n"), frozenset({"status"})),
        hostile.Attack("further-same", says(bodies.feed(same)), OK, None, heavy=True),
        hostile.Attack("further-dates", says(bodies.feed(dates)), OK, None, heavy=True),
        hostile.Attack("further-growing", says(bodies.feed(bodies.item(1, title="\ufdfa" * 400_000))), OK, None, heavy=True),
        hostile.Attack("further-marks", says(bodies.feed(bodies.item(1, title="a" + "\u0301" * 300_000))), OK, None, heavy=True),
        hostile.Attack("further-attributes", says(f"<rss version='2.0' {attributes}><channel>{bodies.item(1)}</channel></rss>"), OK | {"unparsable", "damaged"}, None, heavy=True),
        hostile.Attack("further-namespaces", says(f"<rss version='2.0' {spaces}><channel>{bodies.item(1)}</channel></rss>"), OK | {"unparsable", "damaged"}, None, heavy=True),
        hostile.Attack("further-slow-hops", _slow_hops(), frozenset({"timeout"}), heavy=True),
        hostile.Attack("further-crawl-delay", with_pages(says(page("The harbour"), "text/html")), OK, None, "page", heavy=True, robots=says("User-agent: *\nCrawl-delay: 99999999", "text/plain")),
        hostile.Attack("further-pages-inner", with_pages(hostile.redirects("http://10.0.0.1/secret")), OK, None, "page"),
        hostile.Attack("further-pages-nested", with_pages(says(page("Berths", nests + "<p>The harbour opens.</p>"), "text/html"), 4), OK, None, "page", heavy=True),
        hostile.Attack("further-pages-noise", with_pages(says(page("Berths", noisy * 100), "text/html"), 4), OK, None, "page", heavy=True),
        hostile.Attack("further-pages-pdf", with_pages(says(_pdf_bomb(), "application/pdf"), 3), OK, None, "page", heavy=True),
    ]  # fmt: skip
