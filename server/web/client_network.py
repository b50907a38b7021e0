"""The client of a request: its address, its network, and whether it is still connected."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from flask import request

from ...graph.store.admission import never_disconnected

_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+|\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?")


def address() -> str:
    """The client's address, as reported by trusted proxies; "-" if there is none."""
    return request.remote_addr or "-"


def client_network() -> str:
    """The network that counts as one client, for the current request."""
    return network(address())


def disconnection() -> Callable[[], bool]:
    """A function that tells, in any thread, whether this request's client has disconnected."""
    told: Callable[[], bool] = request.environ.get(
        "waitress.client_disconnected", never_disconnected
    )
    return told


def network(address: str) -> str:
    """The network that counts as one client: an IPv4 address, or an IPv6 /64 network.

    A client with one IPv6 address usually has 2^64 of them. Some proxies add the port of the
    connection to the address; it changes with every connection and is dropped.

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
