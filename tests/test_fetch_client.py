"""The client on a loopback server: what it sends, what it makes of answers, redirects, limits of time, failures."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from briefing import __version__
from briefing.errors import FAILURES, AddressRefused, FetchError
from briefing.fetch import FEED_ACCEPT, PAGE_ACCEPT, Fetcher, Guard
from briefing.fetch.wire import UNTIMED
from briefing.model import Redirect, Validators
from fetch_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    answer,
    policy,
    raw,
    site,
)

if TYPE_CHECKING:
    from briefing.model import Fetched
    from fetch_support import Site

NOW = 1_500_000_000.0


async def get(served: Site, path: str, **options) -> Fetched:
    async with Fetcher(policy(), contact="desk@press.example", now=lambda: NOW) as fetcher:
        return await fetcher.get(served.url + path, **options)


def fetch(handlers, path: str = "/feed", **options) -> tuple[Fetched, Site]:
    async def run() -> tuple[Fetched, Site]:
        async with site(**handlers) as served:
            return await get(served, path, **options), served

    return asyncio.run(run())


def failure(handlers, path: str = "/feed", **options) -> tuple[FetchError, Site]:
    async def run() -> tuple[FetchError, Site]:
        async with site(**handlers) as served:
            with pytest.raises(FetchError) as caught:
                await get(served, path, **options)
            return caught.value, served

    error, served = asyncio.run(run())
    assert error.failure in FAILURES
    return error, served


# ---------------------------------------------------------------- what is sent


def test_a_request_says_who_asks_and_what_is_read():
    _, served = fetch({"feed": answer(200, b"<rss/>")})
    headers = served.asked[0].headers
    assert headers["user-agent"] == f"briefing/{__version__} (+desk@press.example)"
    assert headers["accept"] == FEED_ACCEPT
    assert headers["accept-encoding"] == "gzip"
    assert headers["accept-language"] == "*"
    assert headers["host"] == f"127.0.0.1:{served.port}"
    assert not {"cookie", "authorization", "if-none-match", "if-modified-since", "referer"} & set(headers)


def test_a_page_is_asked_for_as_a_page():
    _, served = fetch({"page": answer(200, b"x")}, "/page", accept=PAGE_ACCEPT)
    assert served.asked[0].headers["accept"] == PAGE_ACCEPT


@pytest.mark.parametrize(
    ("contact", "sent"),
    [
        ("https://press.example/about?x=1", "(+https://press.example/about?x=1)"),
        ("desk\r\nx-evil: 1", "(+desk%0D%0Ax-evil:%201)"),
        ("https://пример.example/", "(+https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.example/)"),
    ],
)
def test_the_contact_cannot_break_the_header(contact, sent):
    async def run() -> str:
        async with site(feed=answer(200, b"x")) as served, Fetcher(policy(), contact=contact) as fetcher:
            await fetcher.get(f"{served.url}/feed")
            return str(served.asked[0].headers["user-agent"])

    assert asyncio.run(run()).endswith(sent)


def test_cookies_are_neither_kept_nor_sent_back():
    """By a name, for aiohttp's own jar keeps no cookies of bare addresses anyway."""

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async def run() -> Site:
        async with (
            site(a=answer(302, location="/b", set_cookie="wall=1; Path=/"), b=answer(200, b"x")) as served,
            Fetcher(policy(), contact="x@y.example", resolve=resolve) as fetcher,
        ):
            await fetcher.get(f"http://press.example:{served.port}/a")
            await fetcher.get(f"http://press.example:{served.port}/b")
            return served

    served = asyncio.run(run())
    assert served.paths() == ["/a", "/b", "/b"]
    assert all("cookie" not in asked.headers for asked in served.asked)


def test_proxies_named_in_the_environment_are_not_used(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    fetched, _ = fetch({"feed": answer(200, b"<rss/>")})
    assert fetched.status == 200


def test_one_connection_serves_many_requests():
    async def run() -> int:
        async with site(feed=answer(200, b"x")) as served, Fetcher(policy(), contact="x@y.example") as fetcher:
            for _ in range(5):
                await fetcher.get(f"{served.url}/feed")
            return int(served.connections)

    assert asyncio.run(run()) == 1


def test_addresses_in_any_script_are_sent_encoded():
    path = "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8?q=%E5%A4%96%E5%8B%99"

    async def run() -> Fetched:
        async with site() as served:
            served.handlers[path] = answer(200, b"x")
            return await get(served, "/новости?q=外務#низ")

    assert asyncio.run(run()).status == 200


# ---------------------------------------------------------------- answers


def test_a_200_is_returned_whole():
    fetched, served = fetch(
        {"feed": answer(200, b"<rss/>", ETag='"v1"', Last_Modified="Mon, 06 Mar 2017 10:00:00 GMT", X_a="1")}
    )
    assert fetched.status == 200
    assert fetched.body == b"<rss/>"
    assert fetched.url == fetched.final_url == f"{served.url}/feed"
    assert fetched.redirects == ()
    assert fetched.headers["x-a"] == "1"
    assert fetched.validators == Validators(etag='"v1"', last_modified="Mon, 06 Mar 2017 10:00:00 GMT")
    assert 0 < fetched.seconds < 20


def test_repeated_header_fields_are_joined_and_raw_utf8_is_read():
    head = "HTTP/1.1 200 OK\r\nLink: <a>\r\nlink: <b>\r\nx-name: Заречье\r\ncontent-length: 0\r\n\r\n"
    fetched, _ = fetch({"feed": raw(head.encode())})
    assert fetched.headers["link"] == "<a>, <b>"
    assert fetched.headers["x-name"] == "Заречье"


def test_validators_are_sent_as_they_came_and_a_304_is_an_answer():
    validators = Validators(etag='W/"a,b"', last_modified="yesterday, or so")
    fetched, served = fetch({"feed": answer(304, etag='W/"a,b"')}, validators=validators)
    assert fetched.status == 304
    assert fetched.body == b""
    assert served.asked[0].headers["if-none-match"] == 'W/"a,b"'
    assert served.asked[0].headers["if-modified-since"] == "yesterday, or so"


def test_a_304_that_nobody_asked_for_is_no_answer():
    error, _ = failure({"feed": answer(304)})
    assert (error.failure, error.status) == ("status", 304)
    error, _ = failure({"feed": answer(304)}, validators=Validators())
    assert error.failure == "status"


def test_validators_that_no_header_can_carry_are_left_out():
    _, served = fetch({"feed": answer(200, b"x")}, validators=Validators(etag='"версия"', last_modified="a\nb"))
    assert not {"if-none-match", "if-modified-since"} & set(served.asked[0].headers)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "blocked"), (403, "blocked"), (451, "blocked"), (410, "gone"), (400, "status"), (404, "status"),
        (418, "status"), (429, "status"), (500, "status"), (503, "status"), (202, "status"), (204, "status"),
        (206, "status"), (300, "status"), (301, "status"), (305, "status"),
    ],
)  # fmt: skip
def test_every_other_status_is_a_failure_of_its_class_asked_once(status, kind):
    error, served = failure({"feed": answer(status, b"" if status == 204 else b"sorry")})
    assert (error.failure, error.status) == (kind, status)
    assert str(status) in str(error)
    assert f"{served.url}/feed" in str(error)
    assert len(served.asked) == 1


@pytest.mark.parametrize("status", [200, 202, 403, 429, 503])
def test_a_challenge_is_blocked_whatever_its_status(status):
    page = b"<html><head><script src='/TSPD/08f?type=7'></script></head><body></body></html>"
    error, _ = failure({"feed": answer(status, page, content_type="text/html")})
    assert (error.failure, error.status) == ("blocked", status)


def test_a_challenge_announced_in_the_header_is_blocked():
    error, _ = failure({"feed": answer(503, b"wait", cf_mitigated="challenge", retry_after="7")})
    assert (error.failure, error.retry_after) == ("blocked", 7.0)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0), (" 0 ", 0.0), ("999999999999999999", 86_400.0), (formatdate(NOW + 90, usegmt=True), 90.0),
        (formatdate(NOW - 90, usegmt=True), 0.0), (formatdate(NOW + 10**7, usegmt=True), 86_400.0), ("soon", None),
        ("-5", None), ("1.5", None), ("", None), ("Fri, 99 Foo 2017 99:99:99 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date_and_bounded(header, seconds):
    error, _ = failure({"feed": answer(503, b"", retry_after=header)})
    assert error.retry_after == seconds


# ---------------------------------------------------------------- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_recorded(status):
    fetched, served = fetch(
        {"feed": answer(status, b"moved", location="../new/rss?x=1#top"), "new/rss?x=1": answer(200, b"<rss/>")}
    )
    assert fetched.body == b"<rss/>"
    assert fetched.url == f"{served.url}/feed"
    assert fetched.final_url == f"{served.url}/new/rss?x=1"
    assert fetched.redirects == (Redirect(status=status, url=f"{served.url}/new/rss?x=1"),)


def test_validators_go_along_with_a_redirect():
    handlers = {"feed": answer(301, location="/new"), "new": answer(304)}
    fetched, served = fetch(handlers, validators=Validators(etag='"v"'))
    assert fetched.status == 304
    assert [asked.headers["if-none-match"] for asked in served.asked] == ['"v"', '"v"']


def test_five_redirects_are_followed_and_a_sixth_is_not():
    hops = {f"h{number}": answer(302, location=f"/h{number + 1}") for number in range(6)}
    fetched, _ = fetch({**hops, "h5": answer(200, b"x")}, "/h0")
    assert len(fetched.redirects) == 5
    error, served = failure({**hops, "h6": answer(200, b"x")}, "/h0")
    assert (error.failure, error.status) == ("status", 302)
    assert "/h6" not in served.paths()


def test_a_circle_of_redirects_is_noticed_at_once():
    error, served = failure({"a": answer(302, location="/b"), "b": answer(302, location="/a#again")}, "/a")
    assert error.failure == "status"
    assert "circle" in str(error)
    assert served.paths() == ["/a", "/b"]


@pytest.mark.parametrize(
    "target", ["ftp://127.0.0.1/x", "file:///etc/passwd", "mailto:a@b.example", "http://[broken", "http://x:99999/",
               "javascript:1", "http://xn--/", "http://" + "a" * 70_000 + "/"]
)  # fmt: skip
def test_a_redirect_that_leads_out_of_the_web_is_refused(target):
    error, served = failure({"feed": answer(302, location=target)})
    assert error.failure in {"address", "dns", "connection"}
    assert len(served.asked) == 1
    assert len(str(error)) < 1_000


def test_credentials_go_to_their_own_host_and_no_further():
    async def run() -> tuple[Fetched, list[dict[str, str]]]:
        async with site(a=answer(302), b=answer(302, location="/c"), c=answer(200, b"x")) as served:
            served.handlers["/a"] = answer(302, location=f"http://thief:word@127.0.0.1:{served.port}/b")
            async with Fetcher(policy(), contact="x@y.example") as fetcher:
                fetched = await fetcher.get(f"http://desk:s%40lt@127.0.0.1:{served.port}/a")
            return fetched, [asked.headers for asked in served.asked]

    fetched, headers = asyncio.run(run())
    assert headers[0]["authorization"] == "Basic ZGVzazpzQGx0"
    assert "authorization" not in headers[1]
    assert "authorization" not in headers[2]
    assert "@" not in fetched.final_url + "".join(hop.url for hop in fetched.redirects)


def test_credentials_are_never_printed():
    async def run() -> str:
        async with site() as served, Fetcher(policy(), contact="x@y.example") as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.get(f"http://desk:secret@127.0.0.1:{served.port}/none")
            return str(caught.value)

    assert "secret" not in asyncio.run(run())


@pytest.mark.parametrize("url", ["", "feed", "ftp://press.example/", "http://", "http:///x", "file:///etc/passwd",
                                 "http://press.example:0/", "http://press.example:70000/", "http://a b/", "http://a%20b/",
                                 "http://desk:secret@/"])  # fmt: skip
def test_what_is_no_web_address_is_refused_in_words(url):
    async def run() -> FetchError:
        async with Fetcher(policy(), contact="x@y.example") as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.get(url)
            return caught.value

    error = asyncio.run(run())
    assert error.failure == "address"
    assert "secret" not in str(error)


# ---------------------------------------------------------------- time and failures


async def _drip(asked, writer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _silence(asked, writer) -> None:
    await asyncio.sleep(3_600)


@pytest.mark.parametrize("handler", [_drip, _silence])
def test_an_answer_that_never_ends_is_given_up(handler):
    async def run() -> FetchError:
        async with (
            site(feed=handler, ok=answer(200, b"x")) as served,
            Fetcher(policy(timeout=0.8, per_host=1), contact="x@y.example") as fetcher,
        ):
            with pytest.raises(FetchError) as caught:
                await fetcher.get(f"{served.url}/feed")
            assert (await fetcher.get(f"{served.url}/ok")).status == 200  # the host's place is free again
            return caught.value

    error = asyncio.run(run())
    assert error.failure == "timeout"
    assert "fetch.timeout" in str(error)


def test_no_limit_of_time_holds_but_the_configured_one():
    """aiohttp would end every answer after five minutes, and dialling after thirty seconds, if it were not told
    otherwise."""
    assert (UNTIMED.total, UNTIMED.connect, UNTIMED.sock_connect, UNTIMED.sock_read) == (None, None, None, None)


def test_redirects_share_one_limit_of_time():
    """Each hop alone stays well within the limit; only their sum does not."""

    async def slow(asked, writer) -> None:
        await asyncio.sleep(0.4)
        await answer(302, location=asked.path + "x")(asked, writer)

    async def run() -> tuple[FetchError, int]:
        async with site() as served, Fetcher(policy(timeout=1.0), contact="x@y.example") as fetcher:
            served.handlers = {"/" + "x" * length: slow for length in range(9)}
            with pytest.raises(FetchError) as caught:
                await fetcher.get(f"{served.url}/")
            return caught.value, len(served.asked)

    error, asked = asyncio.run(run())
    assert error.failure == "timeout"
    assert asked <= 3


def test_a_caller_that_gives_up_is_obeyed():
    async def run() -> int:
        async with (
            site(feed=_silence, ok=answer(200, b"x")) as served,
            Fetcher(policy(per_host=1), contact="x@y.example", connections=1) as fetcher,
        ):
            task = asyncio.create_task(fetcher.get(f"{served.url}/feed"))
            await served.first.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return (await fetcher.get(f"{served.url}/ok")).status

    assert asyncio.run(run()) == 200


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_nobody_listening_is_a_failed_connection():
    port = _closed_port()

    async def run() -> FetchError:
        async with Fetcher(policy(), contact="x@y.example") as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.get(f"http://127.0.0.1:{port}/")
            return caught.value

    error = asyncio.run(run())
    assert error.failure == "connection"
    assert f"127.0.0.1:{port}" in str(error)


@pytest.mark.parametrize("reply", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 banana\r\n\r\n", b"HTTP/1.1 200 OK\r\nbad"])
def test_a_reply_that_is_not_http_is_a_failed_connection(reply):
    error, _ = failure({"feed": raw(reply)})
    assert error.failure == "connection"


def test_a_failure_is_judged_by_itself_whatever_the_caller_was_handling():
    async def run() -> FetchError:
        try:
            Guard().check("10.0.0.1")
        except AddressRefused:
            return await _fails(f"http://127.0.0.1:{_closed_port()}/")
        raise AssertionError("the guard let it pass")

    assert asyncio.run(run()).failure == "connection"


async def _fails(url: str, resolve=None) -> FetchError:
    async with Fetcher(policy(), contact="x@y.example", resolve=resolve) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(url)
        return caught.value


@pytest.mark.parametrize("known", [True, False])
def test_a_name_that_does_not_resolve_is_said_by_name(known):
    async def resolve(host: str, port: int) -> list[str]:
        if known:
            return []
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    error = asyncio.run(_fails("http://nowhere.example/feed", resolve))
    assert error.failure == "dns"
    assert "nowhere.example" in str(error)


@pytest.mark.parametrize("host", ["a..example", "a" * 64 + ".example"])
def test_a_name_that_cannot_exist_does_not_resolve(host):
    assert asyncio.run(_fails(f"http://{host}/")).failure == "dns"


def test_the_systems_resolver_knows_this_machine():
    async def run() -> Fetched:
        async with (
            site(feed=answer(200, b"x")) as served,
            Fetcher(policy(allow=("127.0.0.0/8", "::1/128")), contact="x@y.example") as fetcher,
        ):
            return await fetcher.get(f"http://localhost:{served.port}/feed")

    assert asyncio.run(run()).status == 200


def test_plain_http_where_tls_should_be_is_a_tls_failure():
    async def serve(reader, writer) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async def run() -> FetchError:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            return await _fails(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed")

    assert asyncio.run(run()).failure == "tls"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody trusts but who is told to."""
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


async def _over_tls(folder) -> Fetched:
    async def serve(reader, writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<rss/>")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server, Fetcher(policy(), contact="x@y.example") as fetcher:
        return await fetcher.get(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed")


def test_a_certificate_from_nobody_is_a_tls_failure(certificate):
    with pytest.raises(FetchError) as caught:
        asyncio.run(_over_tls(certificate))
    assert caught.value.failure == "tls"
    assert "self-signed" in str(caught.value)


def test_a_certificate_of_the_systems_roots_is_trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    assert asyncio.run(_over_tls(certificate)).body == b"<rss/>"


def test_the_systems_roots_are_loaded_only_when_an_https_address_is_asked(monkeypatch):
    loaded: list[str] = []
    create = ssl.create_default_context

    def noted(*arguments, **options) -> ssl.SSLContext:
        loaded.append("roots")
        return create(*arguments, **options)

    monkeypatch.setattr(ssl, "create_default_context", noted)
    closed = _closed_port()

    async def run() -> None:
        async with site(feed=answer(200, b"x")) as served, Fetcher(policy(), contact="x@y.example") as fetcher:
            await fetcher.get(f"{served.url}/feed")
            assert loaded == []
            for _ in range(2):
                with pytest.raises(FetchError):
                    await fetcher.get(f"https://127.0.0.1:{closed}/feed")

    asyncio.run(run())
    assert len(loaded) == 1
