"""Who asks: the address a request came from, and whether anybody is still there."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from flask import request

from ...graph.store.admission import never_disconnected

_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+|\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?")


def address() -> str:
    """The address of the client, as the trusted proxies tell it; "-" where there is none."""
    return request.remote_addr or "-"


def client_network() -> str:
    """What counts as one client of those that ask the application."""
    return network(address())


def disconnection() -> Callable[[], bool]:
    """What tells whether the client of this request has disconnected; also in another thread."""
    told: Callable[[], bool] = request.environ.get(
        "waitress.client_disconnected", never_disconnected
    )
    return told


def network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the 64 bits of an IPv6 network.

    Whoever has one IPv6 address has 2^64 of them. Some proxies forward an address with the port
    of the connection, which is another each time.

    >>> [network(text) for text in ("192.0.2.1:5555", "[2001:db8::1]:80", "2001:db8::2")]
    ['192.0.2.1', '2001:db8::/64', '2001:db8::/64']
    """
    with_port = _WITH_PORT.fullmatch(address)
    try:
        parsed = ipaddress.ip_address(with_port[1] or with_port[2] if with_port else address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
