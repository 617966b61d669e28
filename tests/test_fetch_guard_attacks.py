"""Ways around the address guard: every road to a connection, every way to write an address. Nothing is ever dialled."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest

from briefing.errors import AddressRefused, FetchError
from briefing.fetch import Fetcher
from fetch_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    answer,
    policy,
    site,
)

INNER = [
    "10.0.0.8", "127.0.0.1", "169.254.169.254", "100.64.1.1", "0.0.0.0", "192.168.0.1", "::1", "::ffff:10.0.0.8",
    "64:ff9b::a00:8", "2002:a00:8::1", "2001:0:a00:8::1", "fd00:ec2::254", "fe80::1%lo", "fec0::1", "::",
]  # fmt: skip


class Network:
    """A resolver that says the same of every name, and a dialler that notes what it is given and dials nothing."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.dialled: list[str] = []

    async def resolve(self, host: str, port: int) -> list[str]:
        return list(self.addresses)

    def dial(self, info) -> socket.socket:
        self.dialled.append(info[4][0])
        raise OSError("nothing is dialled in this test")


def refused(network: Network, *asks) -> list[FetchError]:
    """How requests fail, one after the other by one client."""

    async def run() -> list[FetchError]:
        found = []
        async with Fetcher(
            policy(allow=()), contact="desk@example.org", resolve=network.resolve, dial=network.dial
        ) as fetcher:
            for ask in asks:
                with pytest.raises(FetchError) as caught:
                    await ask(fetcher)
                found.append(caught.value)
        return found

    return asyncio.run(run())


ROADS = {
    "a feed": lambda fetcher: fetcher.get("http://press.example/feed"),
    "a feed over TLS": lambda fetcher: fetcher.get("https://press.example/feed"),
    "a page and its robots.txt": lambda fetcher: fetcher.get("http://press.example/page", obey_robots=True),
    "a notice": lambda fetcher: fetcher.post("https://hub.example/", b"x", content_type="text/plain"),
    "an odd port": lambda fetcher: fetcher.get("http://press.example:8080/feed"),
    "a name with a dot": lambda fetcher: fetcher.get("http://press.example./feed"),
    "a name in capitals": lambda fetcher: fetcher.get("HTTP://PRESS.EXAMPLE/feed"),
    "a name in another script": lambda fetcher: fetcher.get("http://пресса.example/"),
    "localhost": lambda fetcher: fetcher.get("http://localhost/"),
    "a name that ends in localhost": lambda fetcher: fetcher.get("http://a.localhost/"),
}


@pytest.mark.parametrize("first", [[], ["8.8.4.4"]], ids=["alone", "behind a good one"])
@pytest.mark.parametrize("address", INNER)
def test_no_road_leads_to_an_inner_address(address, first):
    network = Network(*first, address)
    for error in refused(network, *ROADS.values()):
        assert error.failure == "address"
        assert isinstance(error, AddressRefused)
    assert network.dialled == []


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.8#@press.example/", "http://press.example@10.0.0.8/", "http://10.0.0.8?@press.example/",
        "http://press.example:80@10.0.0.8/", "http://press.example%40@10.0.0.8/", "http://10.0.0.8\\@press.example/",
        "http://10.0.0.8%23@press.example:x/", "http://[::ffff:a00:8]/", "http://[0:0:0:0:0:ffff:10.0.0.8]/",
        "http://①⓪.0.0.8/", "http://ｌｏｃａｌｈｏｓｔ/", "http://１０.0.0.8/",
        "http://10。0。0。8/", "http://10.0.0.8%09/", "http://10.0.0.8\t/",
        "http://\t10.0.0.8/", "http://10.0.0.8.:80/", "http://0xA.0.0.8/", "http://012.0.0.8/", "http://167772168/",
        "http://10.8/", "http://0x0A000008/", "http://[fe80::1%25eth0]/", "http://[::]/", "http://0/", "http://10.0.0.8:080/",
        "http:10.0.0.8/", "http:///10.0.0.8/", "//10.0.0.8/", "http:\\\\10.0.0.8\\", "http://press.example\n@10.0.0.8/",
    ],
)  # fmt: skip
def test_no_way_to_write_an_inner_address_passes(url):
    network = Network()
    [error] = refused(network, lambda fetcher: fetcher.get(url))
    assert error.failure in {"address", "dns"}
    assert network.dialled == []


def test_ports_of_other_services_are_not_asked():
    network = Network("8.8.4.4")
    ports = [22, 25, 53, 110, 139, 993, 2049, 6667, 0, 65536]
    errors = refused(
        network, *(lambda fetcher, port=port: fetcher.get(f"http://press.example:{port}/") for port in ports)
    )
    assert {error.failure for error in errors} == {"address"}
    assert network.dialled == []


def test_a_name_that_turns_inward_between_robots_and_page_is_judged_again():
    turns = iter([["127.0.0.1"], ["10.0.0.8"], ["10.0.0.8"]])
    dialled: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        return next(turns)

    def dial(info) -> socket.socket:
        dialled.append(info[4][0])
        return socket.socket(info[0], info[1], info[2])

    async def run() -> FetchError:
        async with (
            site(**{"robots.txt": answer(200, b"User-agent: *\nDisallow:\n", connection="close")}) as served,
            Fetcher(policy(), contact="desk@example.org", resolve=resolve, dial=dial) as fetcher,
        ):
            port = served.port
            await fetcher._robots.check(httpx.URL(f"http://flip.example:{port}/"))
            with pytest.raises(FetchError) as caught:  # names are kept for some seconds by name and port
                await fetcher.get(f"http://flip.example:{port + 1 if port < 65535 else port - 1}/page")
            return caught.value

    error = asyncio.run(run())
    assert error.failure == "address"
    assert dialled == ["127.0.0.1"]
