"""The host of a request, checked for use in links."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote

from flask import abort, request

_PORTS = {"http": ":80", "https": ":443"}
#: A name of 253 characters, a final dot and a port.
_MOST_CHARACTERS = 260
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*", re.ASCII)
_HOST = re.compile(
    r"(?:(?P<name>(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+\.?)|\[(?P<ipv6>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{0,5}))?",
    re.ASCII,
)


def is_host(text: str) -> bool:
    """Whether a text is a name, an IPv4 address or an IPv6 address, with or without a port.

    Names with "_" are not valid host names, but container networks use them.

    >>> [is_host(text) for text in ("a_b:80", "[::1]", "[1]", "a:65536", "xn--a")]
    [True, True, False, False, False]
    """
    # Decoding a name that begins with "xn--" takes time quadratic in its length.
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
    """Answer 400 if a trusted proxy's prefix is not a path: "//host" would be another site."""
    if not _PREFIX.fullmatch(request.script_root):
        abort(400, "X-Forwarded-Prefix is not a path.")


def root_url() -> str:
    """The address of the site in this request, with a final "/".

    Headers from trusted proxies replace the Host header. Answers 400 if the host is invalid or
    the scheme is neither http nor https.
    """
    if request.scheme not in _PORTS:
        abort(400, "X-Forwarded-Proto is neither http nor https.")
    host = request.environ.get("HTTP_HOST")
    if host is None:  # HTTP/1.0
        return request.url_root
    if not is_host(host):
        abort(400, "The requested host is not a valid host name.")
    host = host.removesuffix(_PORTS.get(request.scheme, ":")).removesuffix(":")
    return f"{request.scheme}://{host}{quote(request.script_root)}/"
