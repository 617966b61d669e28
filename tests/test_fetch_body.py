"""Bodies as they are sent and as they inflate, both within a limit."""

from __future__ import annotations

import asyncio
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import FetchError
from briefing.fetch import Fetcher
from briefing.fetch.body import _Deflate, _Gzip
from fetch_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    answer,
    policy,
    raw,
    site,
)

TEXT = "Министерство Заречья сообщает о переговорах. 合意文書に署名しました。".encode() * 50


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


async def fetched(handler, *, max_bytes: int = 1_000_000) -> bytes:
    async with site(feed=handler) as served, Fetcher(policy(max_bytes=max_bytes), contact="x@y.example") as fetcher:
        return (await fetcher.get(f"{served.url}/feed")).body


async def failed(handler, *, max_bytes: int = 1_000_000) -> FetchError:
    async with site(feed=handler) as served, Fetcher(policy(max_bytes=max_bytes), contact="x@y.example") as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(f"{served.url}/feed")
        assert served.counts() == {"/feed": 1}  # never tried twice
        return caught.value


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:70]) + gzip.compress(b"") + gzip.compress(TEXT[70:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 512),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", bare_deflate(TEXT)),
    ],
)
def test_a_body_comes_out_as_it_was_written(coding, body):
    assert asyncio.run(fetched(answer(200, body, content_encoding=coding))) == TEXT


def test_an_empty_body_is_a_body_whatever_its_encoding():
    assert asyncio.run(fetched(answer(200, b"", content_encoding="gzip"))) == b""
    assert asyncio.run(fetched(answer(200, b"", content_encoding="deflate"))) == b""


def test_chunked_and_close_delimited_bodies_are_read_whole():
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (TEXT[:99], TEXT[99:]))
    chunked = raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
    assert asyncio.run(fetched(chunked)) == TEXT
    assert asyncio.run(fetched(raw(b"HTTP/1.0 200 OK\r\n\r\n" + TEXT))) == TEXT


@given(st.binary(max_size=3_000), st.lists(st.integers(1, 400), max_size=30), st.sampled_from(["gzip", "zlib", "raw"]))
def test_law_pieces_of_any_size_inflate_to_the_whole(data: bytes, sizes: list[int], form: str) -> None:
    half = len(data) // 2
    packed = {
        "gzip": gzip.compress(data[:half]) + gzip.compress(data[half:]),
        "zlib": zlib.compress(data),
        "raw": bare_deflate(data),
    }[form]
    decoder = _Gzip() if form == "gzip" else _Deflate()
    out = b""
    for size in [*sizes, *[1] * len(packed)]:
        piece, packed = packed[:size], packed[size:]
        if piece:
            out += decoder.feed(piece, len(data) - len(out))
    assert out == data
    assert decoder.complete


@given(st.integers(0, 5_000), st.integers(1, 5_000))
def test_law_no_more_than_one_byte_over_the_room_is_ever_made(size: int, room: int) -> None:
    assert len(_Gzip().feed(gzip.compress(b"a" * size), room)) <= room + 1
    assert len(_Deflate().feed(zlib.compress(b"a" * size), room)) <= room + 1


# ---------------------------------------------------------------- limits


def test_a_body_of_just_the_limit_passes_and_one_more_byte_does_not():
    assert len(asyncio.run(fetched(answer(200, b"x" * 500), max_bytes=500))) == 500
    error = asyncio.run(failed(raw(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 501), max_bytes=500))
    assert error.failure == "too-large"
    assert "fetch.max_bytes" in str(error)


def test_a_body_declared_too_large_is_refused_before_it_is_read():
    """Only the head is sent: a client that wanted the body would wait for it until its time is up."""

    async def head_only(asked, writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000001\r\n\r\n")
        await writer.drain()

    assert asyncio.run(failed(head_only, max_bytes=5_000_000)).failure == "too-large"


def test_a_bomb_that_is_small_as_sent_is_stopped_as_it_inflates():
    bomb = gzip.compress(b"\0" * 30_000_000)
    assert len(bomb) < 50_000
    assert asyncio.run(failed(answer(200, bomb, content_encoding="gzip"), max_bytes=50_000)).failure == "too-large"


def test_a_deflate_bomb_is_stopped_too():
    bomb = zlib.compress(b"\0" * 30_000_000)
    assert asyncio.run(failed(answer(200, bomb, content_encoding="deflate"), max_bytes=50_000)).failure == "too-large"


def test_bytes_as_sent_are_limited_even_where_they_inflate_to_nothing():
    """The last member is followed by padding without end."""
    padded = raw(b"HTTP/1.0 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + gzip.compress(b"<rss/>") + b"\0" * 60_000)
    assert asyncio.run(failed(padded, max_bytes=50_000)).failure == "too-large"


def test_thousands_of_empty_members_are_refused():
    error = asyncio.run(failed(answer(200, gzip.compress(b"") * 5_000, content_encoding="gzip")))
    assert error.failure == "unparsable"


# ---------------------------------------------------------------- damage


def test_a_body_shorter_than_declared_is_a_failed_connection():
    error = asyncio.run(failed(raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this")))
    assert error.failure == "connection"


def test_a_chunked_body_without_its_end_is_a_failed_connection():
    error = asyncio.run(failed(raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nonly ")))
    assert error.failure == "connection"


@pytest.mark.parametrize(
    ("coding", "packed"), [("gzip", gzip.compress(TEXT)), ("deflate", zlib.compress(TEXT)), ("deflate", b"\x78")]
)
def test_compressed_data_that_ends_early_is_a_failed_connection(coding, packed):
    cut = packed[: max(len(packed) // 2, 1)]
    error = asyncio.run(failed(answer(200, cut, content_encoding=coding)))
    assert error.failure == "connection"
    assert "cut off" in str(error)


def test_a_second_member_that_ends_early_is_a_failed_connection():
    cut = gzip.compress(TEXT) + gzip.compress(TEXT)[:-9]
    assert asyncio.run(failed(answer(200, cut, content_encoding="gzip"))).failure == "connection"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_damaged_compressed_data_is_unparsable(coding):
    error = asyncio.run(failed(answer(200, b"\x1f\x8b\x08\0 this is not compressed at all", content_encoding=coding)))
    assert error.failure == "unparsable"


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "made-up"])
def test_an_encoding_that_nobody_asked_for_is_refused_by_name(coding):
    error = asyncio.run(failed(answer(200, b"\x0b\x02\x80", content_encoding=coding)))
    assert error.failure == "unparsable"
    assert coding in str(error)
