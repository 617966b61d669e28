"""Which addresses may be dialled: public ones, and those that `fetch.allow_networks` lists.

A publisher's feed may name any address in a redirect or a link; without this guard it could make us read the machine's
own services or the network around it (server-side request forgery).
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from briefing.errors import AddressRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

# IANA IPv4 Special-Purpose Address Registry, multicast, 6to4 relays: `is_global` says yes to some of these.
_REFUSED_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# Of IPv6 only global unicast is public at all; this leaves out NAT64, site-local, unique local, multicast and ::/96.
_GLOBAL_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: any IPv4 address in disguise
        "3ffe::/16",  # the 6bone, returned
        "3fff::/20",  # documentation
    )
)
OWN_NETWORKS = (
    IPv4Network("127.0.0.0/8"),
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("::1/128"),
    IPv6Network("fc00::/7"),
)
"""The networks of a house (RFC 1918, RFC 4193) and of the machine itself: where an operator's own receivers stand.
Link-local addresses are not among them: there cloud machines find their credentials."""
_MAPPED = IPv6Network("::ffff:0:0/96")
_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$", re.IGNORECASE)


def _plain_network(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        lowest = network.network_address.ipv4_mapped
        assert lowest is not None
        return IPv4Network((int(lowest), network.prefixlen - 96))
    return network


def _plain_address(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Unwrap an IPv4-mapped address (RFC 4291, section 2.5.5.2): dialling it reaches the IPv4 address inside."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        refused = any(address in network for network in _REFUSED_V4)
    else:
        refused = (
            address.scope_id is not None
            or address not in _GLOBAL_V6
            or any(address in network for network in _REFUSED_V6)
        )
    return address.is_global and not refused


@lru_cache(maxsize=4096)  # an address is judged several times in each request
def _permitted(address: str, allow: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        plain = _plain_address(ip_address(address))
    except ValueError:
        return False
    return any(plain in network for network in allow) or _is_public(plain)


@lru_cache(maxsize=4096)
def _is_plain_v4(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


class Guard:
    """Says which IP addresses may be dialled. `allow` are networks that are trusted though they are not public."""

    def __init__(self, allow: Iterable[IPv4Network | IPv6Network] = ()) -> None:
        self._allow = tuple(_plain_network(ip_network(network)) for network in allow)

    def permits(self, address: str) -> bool:
        """Whether an address literal is public or listed; text that is no address is not."""
        return _permitted(address, self._allow)

    def check(self, address: str, host: str = "") -> None:
        """Let an address literal pass, or raise.

        Args:
            address: what would be dialled, without brackets.
            host: the name that resolved to it, for the sentence.

        Raises:
            AddressRefused: the address is neither public nor listed.
        """
        if not self.permits(address):
            whose = f"{host} leads to {address}, which" if host and host != address else f"{address}"
            raise AddressRefused(
                f"{whose} is not a public address: it was not asked; if you trust it, list its network under"
                " fetch.allow_networks.",
                failure="address",
            )

    def check_host(self, host: str) -> None:
        """Judge the host of a URL where it is an address itself; names are judged by what they resolve to.

        Decimal, octal, hexadecimal and shortened IPv4 forms (URL Standard, section 3.5, "ends in a number") are
        always refused: programs do not agree on what they mean.

        Raises:
            AddressRefused: the address is neither public nor listed, or written in an odd form.
        """
        if ":" in host:
            self.check(host)
        elif _ENDS_IN_NUMBER.search(host):
            if not _is_plain_v4(host):
                raise AddressRefused(
                    f"{host} is an IP address in an odd form: it was not asked; write it with four decimal numbers,"
                    " and list its network under fetch.allow_networks if it is not public.",
                    failure="address",
                )
            self.check(host)
