"""The address guard, alone and in the client, without ever dialling anything outside."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import AddressRefused, FetchError
from briefing.fetch import Fetcher, Guard
from fetch_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    answer,
    policy,
    site,
)

if TYPE_CHECKING:
    from ipaddress import IPv4Address

PUBLIC = ["8.8.8.8", "1.1.1.1", "133.11.0.1", "223.255.255.254", "2606:4700::1111", "2a00:1450:4001::1", "2400:cb00::1"]
NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.2.7", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.9", "203.0.113.9", "224.0.0.1", "239.1.2.3",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:0:53aa:64c:0:0:0:1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::1", "3fff::1", "3ffe::1", "5f00::1", "fc00::1", "fd12:3456::1",
    "fe80::1", "fe80::1%eth0", "2606:4700::1111%2", "fec0::1", "ff02::1",
]  # fmt: skip
ODD_FORMS = [
    "127.0.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1",
    "0", "127.0.0.1.", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[fe80::1%25lo]", "[64:ff9b::7f00:1]", "1.2.3.04", "foo.0x7f", "１２７.0.0.1", "%31%32%37.0.0.1",
    "127.0.0.1%00.example",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address):
    Guard().check(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused(address):
    with pytest.raises(AddressRefused):
        Guard().check(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "1.2.3"])
def test_what_is_no_address_literal_is_refused(text):
    assert not Guard().permits(text)


def test_a_listed_network_passes_in_its_plain_and_its_mapped_form():
    guard = Guard([ip_network("10.1.0.0/16"), ip_network("fd00:1::/32"), ip_network("fe80::/10")])
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "fd00:1::5", "fe80::1%eth0"):
        guard.check(address)
    for address in ("10.2.0.1", "::ffff:10.2.0.1", "fd00:2::5", "127.0.0.1"):
        assert not guard.permits(address)


def test_a_network_listed_in_mapped_form_covers_the_plain_addresses():
    guard = Guard([ip_network("::ffff:127.0.0.0/104")])
    assert guard.permits("127.0.0.1")
    assert guard.permits("::ffff:127.0.0.1")
    assert not guard.permits("10.0.0.1")


def test_the_sentence_names_the_host_the_address_and_the_setting():
    with pytest.raises(AddressRefused) as caught:
        Guard().check("10.9.8.7", "intranet.example")
    for part in ("intranet.example", "10.9.8.7", "fetch.allow_networks"):
        assert part in str(caught.value)
    assert caught.value.failure == "address"


@given(st.ip_addresses())
def test_law_what_is_not_global_and_not_listed_is_refused(address: IPv4Address | IPv6Address):
    if not address.is_global or address.is_multicast:
        assert not Guard().permits(str(address))


@given(st.ip_addresses(v=4), st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_law_mapped_addresses_are_judged_as_plain_ones(anywhere: IPv4Address, private: IPv4Address):
    guard = Guard([ip_network(f"{private}/12", strict=False)])
    for plain in (anywhere, private):
        assert guard.permits(str(plain)) == guard.permits(f"::ffff:{plain}")


@given(st.ip_addresses(), st.integers(0, 32))
def test_law_a_listed_network_permits_all_its_addresses(address: IPv4Address | IPv6Address, bits: int):
    network = ip_network(f"{address}/{bits}", strict=False)
    if isinstance(network.network_address, IPv6Address) and ip_address("::ffff:0:0") in network and bits < 96:
        return  # mapped addresses belong to IPv4
    assert Guard([network]).permits(str(address))


# ---------------------------------------------------------------- in the client


class Dialled(list[str]):
    """Notes the addresses that would be dialled and dials none."""

    def __call__(self, info) -> socket.socket:
        self.append(info[4][0])
        raise OSError("nothing is dialled in this test")


async def failure(url: str, answers: dict[str, list[str]] | None = None, allow: tuple[str, ...] = ()):
    """How a request fails, what was dialled and which names were looked up."""
    dialled, looked_up = Dialled(), []

    async def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return (answers or {}).get(host, [])

    async with Fetcher(policy(allow=allow), contact="desk@example.org", resolve=resolve, dial=dialled) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(url)
    return caught.value, dialled, looked_up


def test_a_name_with_public_addresses_is_dialled_at_just_those():
    names = {"press.example": ["8.8.4.4", "2606:4700::1111"]}
    error, dialled, looked_up = asyncio.run(failure("http://press.example/feed", names))
    assert error.failure == "connection"
    assert set(dialled) == {"8.8.4.4", "2606:4700::1111"}
    assert looked_up == ["press.example"]


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.0.0.8", "::1", "::ffff:192.168.0.1", "fe80::1%lo", "64:ff9b::a00:1"])
def test_a_name_with_one_bad_address_among_good_ones_is_refused_whole(bad):
    error, dialled, _ = asyncio.run(failure("http://press.example/", {"press.example": ["8.8.4.4", bad]}))
    assert isinstance(error, AddressRefused)
    assert error.failure == "address"
    assert "press.example" in str(error)
    assert bad in str(error)
    assert "fetch.allow_networks" in str(error)
    assert dialled == []


@pytest.mark.parametrize("host", ODD_FORMS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_odd_forms_of_addresses_never_reach_the_dialler(scheme, host):
    error, dialled, _ = asyncio.run(failure(f"{scheme}://user@{host}:8080/"))
    assert error.failure in {"address", "dns"}
    assert dialled == []


def test_a_listed_literal_is_dialled():
    _, dialled, looked_up = asyncio.run(failure("http://10.1.2.3/", allow=("10.1.0.0/16",)))
    assert dialled == ["10.1.2.3"]
    assert looked_up == []


def test_a_name_that_changes_its_address_is_judged_at_every_connection():
    turns = iter([["8.8.4.4"], ["127.0.0.1"]])
    dialled = Dialled()

    async def resolve(host: str, port: int) -> list[str]:
        return next(turns)

    async def run() -> list[str]:
        failures = []
        async with Fetcher(policy(allow=()), contact="desk@example.org", resolve=resolve, dial=dialled) as fetcher:
            # Another port is another look-up: names are kept for some seconds by name and port.
            for url in ("http://flip.example:8001/", "http://flip.example:8002/"):
                with pytest.raises(FetchError) as caught:
                    await fetcher.get(url)
                failures.append(caught.value.failure)
        return failures

    assert asyncio.run(run()) == ["connection", "address"]
    assert dialled == ["8.8.4.4"]


def test_the_socket_factory_judges_even_what_no_resolver_saw():
    from briefing.fetch.dialling import screened

    dialled = Dialled()
    dial = screened(dialled, Guard())
    with pytest.raises(AddressRefused):
        dial((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("192.168.7.7", 80)))
    with pytest.raises(AddressRefused):
        dial((socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("::ffff:127.0.0.1", 80, 0, 0)))
    assert dialled == []


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/admin", "http://inside.example/", "http://2130706433/", "//[::1]/"]
)
def test_a_redirect_to_an_address_that_is_not_public_is_refused(target):
    dialled: list[str] = []

    def dial(info) -> socket.socket:
        dialled.append(info[4][0])
        return socket.socket(info[0], info[1], info[2])

    async def resolve(host: str, port: int) -> list[str]:
        return ["192.168.3.3"]

    async def run() -> FetchError:
        async with (
            site(feed=answer(302, location=target)) as served,
            Fetcher(policy(), contact="desk@example.org", resolve=resolve, dial=dial) as fetcher,
        ):
            with pytest.raises(AddressRefused) as caught:
                await fetcher.get(f"{served.url}/feed")
            return caught.value

    assert asyncio.run(run()).failure == "address"
    assert dialled == ["127.0.0.1"]
