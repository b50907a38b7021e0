"""Requests: waitress's parser, but as strict as RFC 9112 requires.

If two servers disagree on where a request ends or which host it is for, an attacker can exploit
the difference. So anything ambiguous is an error, after which the connection is closed.
"""

from __future__ import annotations

import re
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error, RequestEntityTooLarge, RequestHeaderFieldsTooLarge

from ..app import BODY_BYTES
from ..web.host import is_host
from .chunks import ChunkedBody

#: The most bytes of a head: the longest query string that is read, and room for the rest.
_HEAD_BYTES = 2**18 + 2**16

#: The longest path that is routed; matching may take time quadratic in its length.
_PATH_CHARACTERS = 2**13

_BLANK, _END = b"\r\n", b"\r\n\r\n"
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
#: Characters that no URL has, some of which end a word for other parsers (RFC 9112, 3).
_NOT_IN_A_LINE = re.compile(rb"[\x00-\x1f\x7f]")
_FOLD = re.compile(rb"(?:^|\r\n)[ \t]")


class RequestTimeout(Error):  # type: ignore[misc]
    """A request that did not arrive completely in time."""

    code = 408
    reason = "Request Timeout"


class _VersionNotSupported(Error):  # type: ignore[misc]
    code = 505
    reason = "HTTP Version Not Supported"


class _URITooLong(Error):  # type: ignore[misc]
    code = 414
    reason = "URI Too Long"


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A strict parser that does not buffer more than will be accepted."""

    error: Error | None
    expect_continue: bool
    path: str
    header_plus: bytearray
    body_rcv: Any

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.header_plus = bytearray()

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request; raise ``ParsingError`` for what is refused with 400."""
        line, end, rest = header_plus.partition(b"\r\n")
        if _NOT_IN_A_LINE.search(line):
            raise ParsingError("the request line contains a control character")
        _check_fields(rest)
        # "é", as typed to curl, is taken for "%C3%A9", which it should have been.
        line = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line)
        try:
            super().parse_header(line + end + rest)
        except ValueError as error:  # from urllib for "http://[/", from int for 5,000 digits
            raise ParsingError("its address or Content-Length is malformed") from error
        if not self.version:
            raise ParsingError("the request line has no HTTP version")
        if self.chunked:
            self.body_rcv = ChunkedBody(self.body_rcv.getbuf(), BODY_BYTES)
        if "TRANSFER_ENCODING" in self.headers:
            raise ParsingError(f"HTTP/{self.version} does not allow Transfer-Encoding")
        # A server may ignore the wish for another protocol (RFC 9110, 7.8).
        self.headers.pop("UPGRADE", None)
        self._check_host()
        self._check_target()
        options = self.headers.get("CONNECTION", "").lower().split(",")
        if "close" in map(str.strip, options):
            # RFC 9112, 9.6: also among other options, as in "TE, close" from libwww-perl.
            self.headers["CONNECTION"], self.connection_close = "close", True

    def _check_host(self) -> None:
        """Check the Host header (RFC 9112, 3.2)."""
        host = self.headers.get("HOST")
        if host is None and self.version != "1.0":
            raise ParsingError("the Host header is missing")
        if host is not None and not is_host(host):
            raise ParsingError("the Host header is not a valid host")

    def _check_target(self) -> None:
        """Check the target; an absolute URL, as for a proxy, sets the host (RFC 9112, 3.2.2)."""
        if self.proxy_scheme or self.proxy_netloc:
            if self.proxy_scheme not in ("http", "https"):
                raise ParsingError("the request target is neither a path nor an http URL")
            if not is_host(self.proxy_netloc):
                raise ParsingError("the host in the request target is not valid")
            self.headers["HOST"] = self.proxy_netloc
            self.path = self.path or "/"
        elif not self.path.startswith("/") and (self.command, self.path) != ("OPTIONS", "*"):
            raise ParsingError("the request target does not begin with a slash")

    def received(self, data: bytes) -> int:
        """Take data from the connection; return how many bytes of it belong to this request."""
        if not self.header_plus and not self.headers_finished and data[:1] in _BLANK:
            return self._pass_over(data)
        consumed: int = super().received(data) if self.headers_finished else self._take_head(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = RequestEntityTooLarge(
                f"its body is longer than {BODY_BYTES:,} bytes; send it in parts"
            )
        if not self.headers_finished and len(self.header_plus) > _HEAD_BYTES:
            self._refuse_head()
        if self.headers_finished and not self.error and self.version not in ("1.0", "1.1"):
            self.error = _VersionNotSupported("this server supports only HTTP/1.1 and HTTP/1.0")
            self.completed = True
        if self.headers_finished and not self.error and len(self.path) > _PATH_CHARACTERS:
            self.error = _URITooLong(f"its path has more than {_PATH_CHARACTERS:,} characters")
            self.completed = True
        if self.completed:
            self.expect_continue = False  # there is no body to wait for, or it is not wanted
        return consumed

    def _take_head(self, data: bytes) -> int:
        """Collect a head until it is complete, then parse it.

        Waitress would search it from its start again with each piece that arrives.
        """
        before = len(self.header_plus)
        self.header_plus += data
        end = self.header_plus.find(_END, max(0, before - len(_END) + 1))
        if end < 0:
            return len(data)
        end += len(_END)
        head, self.header_plus = bytes(self.header_plus[:end]), bytearray()
        super().received(head)
        return end - before

    def _pass_over(self, data: bytes) -> int:
        """Skip all blank lines before a request (RFC 9112, 2.2).

        Waitress would make an empty request of each.
        """
        left = data.lstrip(_BLANK)
        if left:
            return len(data) - len(left) + self.received(left)
        self.empty = self.completed = True
        return len(data)

    def _refuse_head(self) -> None:
        if b"\r\n" in self.header_plus:
            self.error = RequestHeaderFieldsTooLarge("its headers are too large")
        else:
            self.error = _URITooLong("its URL is too long; send a long query by POST")
        self.header_plus, self.completed = bytearray(), True


def _check_fields(head: bytes) -> None:
    """Refuse ambiguous header fields, which waitress would join, drop or choose from."""
    if _FOLD.search(head):
        raise ParsingError("a header line is folded")
    fields = [line.partition(b":") for line in head.split(b"\r\n")]
    names = [name.lower() for name, _, _ in fields]
    if names.count(b"host") > 1:
        raise ParsingError("there are two Host headers")
    if b"transfer-encoding" not in names:
        return
    if b"content-length" in names:
        raise ParsingError("it has both Content-Length and Transfer-Encoding")
    values = (value for name, _, value in fields if name.lower() == b"transfer-encoding")
    codings = [coding.strip(b" \t").lower() for coding in b",".join(values).split(b",")]
    if codings.count(b"chunked") > 1 or not any(codings):
        raise ParsingError("Transfer-Encoding is empty, or chunked twice")
