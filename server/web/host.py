"""The host that a request asks, as it may stand in a link."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote

from flask import abort, request

_PORTS = {"http": ":80", "https": ":443"}
#: A name of 253 characters, with a last dot and a port.
_MOST_CHARACTERS = 260
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*", re.ASCII)
_HOST = re.compile(
    r"(?:(?P<name>(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+\.?)|\[(?P<ipv6>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{0,5}))?",
    re.ASCII,
)


def is_host(text: str) -> bool:
    """Whether a text is a name, an IPv4 address or an IPv6 address, with or without a port.

    Names with "_" are none by the rules for hosts, but networks of containers have them.

    >>> [is_host(text) for text in ("a_b:80", "[::1]", "[1]", "a:65536", "xn--a")]
    [True, True, False, False, False]
    """
    # Python takes the square of their number to read one that begins with "xn--".
    parts = _HOST.fullmatch(text) if len(text) <= _MOST_CHARACTERS else None
    if not parts or int(parts["port"] or 0) > 65_535:
        return False
    try:
        if parts["ipv6"]:
            ipaddress.IPv6Address(parts["ipv6"])
        else:
            parts["name"].encode().decode("idna")
    except ValueError:
        return False
    return True


def check_prefix() -> None:
    """400 where the path that a trusted proxy says we are below is none: "//host" is another's."""
    if not _PREFIX.fullmatch(request.script_root):
        abort(400, "X-Forwarded-Prefix is no path.")


def root_url() -> str:
    """The address of the site as the request asks it, with its last "/".

    What trusted proxies say stands in place of the Host header; 400 where that is no host, or
    no scheme of the web.
    """
    if request.scheme not in _PORTS:
        abort(400, "X-Forwarded-Proto is neither http nor https.")
    host = request.environ.get("HTTP_HOST")
    if host is None:  # HTTP/1.0
        return request.url_root
    if not is_host(host):
        abort(400, "The host that was asked is not a host.")
    host = host.removesuffix(_PORTS.get(request.scheme, ":")).removesuffix(":")
    return f"{request.scheme}://{host}{quote(request.script_root)}/"
