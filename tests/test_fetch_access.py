"""How one source's server is asked: headers for it alone, another name, further roots, no step down from TLS."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from contextlib import asynccontextmanager

import pytest

from briefing.errors import FetchError
from briefing.fetch import Access, Fetcher, access_of
from briefing.model import Source, SourceId
from fetch_support import answer, policy, site  # type: ignore[import-not-found]  # see test_fetch_client


def source(url: str, **more) -> Source:
    return Source(id=SourceId("port"), name="Port", institution="ministry", country="XV", url=url, **more)


async def ask(one: Source, url: str = "", environ=None, **how):
    async with Fetcher(policy(), contact="desk@press.example") as fetcher:
        return await fetcher.on_behalf(access_of(one, environ or {})).get(url or one.url, **how)


def test_headers_go_to_the_sources_own_host_and_nowhere_else():
    async def run() -> None:
        async with site(page=answer(200, b"x")) as other, site() as own:
            own.handlers["/feed"] = answer(302, location=f"{other.url}/page")
            one = source(f"{own.url}/feed", headers={"X-Key": "k", "Cookie": "a=b"}, user_agent="p (+a@b.example)")
            await ask(one)
            await ask(one, f"{other.url}/page")
            (first,) = own.asked
            assert (first.headers["x-key"], first.headers["cookie"]) == ("k", "a=b")
            assert first.headers["user-agent"] == "p (+a@b.example)"
            for asked in other.asked:
                assert not {"x-key", "cookie"} & set(asked.headers)
                assert asked.headers["user-agent"] == "p (+a@b.example)"

    asyncio.run(run())


def test_other_sources_of_the_same_client_are_asked_as_ever():
    async def run() -> None:
        async with site(feed=answer(200, b"x")) as served, Fetcher(policy(), contact="d@p.example") as fetcher:
            await fetcher.on_behalf(access_of(source(f"{served.url}/feed", headers={"X-Key": "k"}), {})).get(
                f"{served.url}/feed"
            )
            await fetcher.get(f"{served.url}/feed")
            assert [asked.headers.get("x-key") for asked in served.asked] == ["k", None]

    asyncio.run(run())


def test_a_header_takes_its_value_from_the_environment_and_tells_nobody():
    one = source("http://port.example/feed", headers={"X-Key": "Bearer ${PORT_KEY}"})
    access = access_of(one, {"PORT_KEY": "s3cret"})
    assert access.headers == {"X-Key": "Bearer s3cret"}
    assert "s3cret" not in repr(access)
    with pytest.raises(FetchError, match="PORT_KEY, which the environment does not have"):
        access_of(one, {})
    with pytest.raises(FetchError) as caught:
        access_of(one, {"PORT_KEY": "s3cret\r\nX-Evil: 1"})
    assert "s3cret" not in str(caught.value)


# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl program to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=loopback"
        f" -addext subjectAltName=IP:127.0.0.1 -keyout {folder}/key.pem -out {folder}/cert.pem".split(),
        check=True,
        capture_output=True,
    )
    return folder


@asynccontextmanager
async def over_tls(folder, answers):
    asked = []

    async def serve(reader, writer) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        asked.append(path)
        writer.write(answers.get(path, b"HTTP/1.1 404 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"))
        await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 X\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b" % (len(body), body)


def test_a_file_of_further_roots_holds_for_its_source_alone_and_for_its_robots_txt(certificate):
    async def run() -> None:
        answers = {"/feed": ok(b"<rss/>"), "/robots.txt": ok(b"User-agent: *\nDisallow: /private")}
        async with over_tls(certificate, answers) as (base, asked), Fetcher(policy(), contact="d@p.example") as fetcher:
            trusting = fetcher.on_behalf(access_of(source(f"{base}/feed", ca_file=f"{certificate}/cert.pem"), {}))
            assert (await trusting.get(f"{base}/feed", obey_robots=True)).body == b"<rss/>"
            with pytest.raises(FetchError) as caught:
                await trusting.get(f"{base}/private", obey_robots=True)
            assert caught.value.failure == "robots"
            assert asked == ["/robots.txt", "/feed"]
            with pytest.raises(FetchError) as caught:
                await fetcher.get(f"{base}/feed")
            assert caught.value.failure == "tls"

    asyncio.run(run())


def test_a_file_that_holds_no_certificate_is_told_with_its_name(tmp_path):
    (tmp_path / "roots.pem").write_text("nothing")
    with pytest.raises(FetchError, match=r"roots\.pem cannot be read") as caught:
        asyncio.run(ask(source("https://port.example/feed", ca_file=str(tmp_path / "roots.pem"))))
    assert caught.value.failure == "tls"


@pytest.mark.parametrize("allowed", [True, False])
def test_a_redirect_leads_down_to_plain_http_only_where_that_is_allowed(certificate, allowed):
    async def run() -> None:
        async with site(feed=answer(200, b"plain")) as plain:
            moved = f"HTTP/1.1 302 X\r\nlocation: {plain.url}/feed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            async with over_tls(certificate, {"/feed": moved.encode()}) as (base, _):
                one = source(f"{base}/feed", ca_file=f"{certificate}/cert.pem", allow_http=allowed)
                if allowed:
                    assert (await ask(one)).body == b"plain"
                    return
                with pytest.raises(FetchError, match="not encrypted") as caught:
                    await ask(one)
                assert caught.value.failure == "tls"
                assert plain.asked == []

    asyncio.run(run())


def test_a_source_without_wishes_is_asked_as_ever():
    assert access_of(source("http://port.example/feed"), {}) == Access()
