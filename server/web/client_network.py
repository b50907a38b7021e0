"""Who asks: the address a request came from."""

from __future__ import annotations

import ipaddress

from flask import request


def address() -> str:
    """The address of the client, as the trusted proxies tell it; "-" where there is none."""
    return request.remote_addr or "-"


def client_network() -> str:
    """What counts as one client of those that ask the application."""
    return network(address())


def network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the 64 bits of an IPv6 network.

    Whoever has one IPv6 address has 2^64 of them.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
