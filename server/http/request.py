"""A request as waitress reads it, refused where RFC 9112 wants it refused and waitress does not.

Two readers who disagree where a request ends, or to whom it is, can be played against each other:
what could be read in two ways is an error, after which the connection is closed.
"""

from __future__ import annotations

import re
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error, RequestEntityTooLarge, RequestHeaderFieldsTooLarge

from ..app import BODY_BYTES
from ..web.host import is_host
from .chunks import ChunkedBody

#: The bytes of a head that are held: the longest query string that is read, and what is beside it.
_HEAD_BYTES = 2**18 + 2**16

#: The characters of a path that is looked up; what is looked for in it may take their square.
_PATH_CHARACTERS = 2**13

_BLANK, _END = b"\r\n", b"\r\n\r\n"
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
#: What ends a word for some who read a request line (RFC 9112, 3), and what no URL has.
_NOT_IN_A_LINE = re.compile(rb"[\x00-\x1f\x7f]")
_FOLD = re.compile(rb"(?:^|\r\n)[ \t]")


class RequestTimeout(Error):  # type: ignore[misc]
    """A request that did not come to its end in time."""

    code = 408
    reason = "Request Timeout"


class _VersionNotSupported(Error):  # type: ignore[misc]
    code = 505
    reason = "HTTP Version Not Supported"


class _URITooLong(Error):  # type: ignore[misc]
    code = 414
    reason = "URI Too Long"


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A parser that is strict, and holds no more than will be taken."""

    error: Error | None
    expect_continue: bool
    path: str
    header_plus: bytearray
    body_rcv: Any

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.header_plus = bytearray()

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request; raises ``ParsingError`` for what is refused with 400."""
        line, end, rest = header_plus.partition(b"\r\n")
        if _NOT_IN_A_LINE.search(line):
            raise ParsingError("The request line has a control character")
        _check_fields(rest)
        # "é" is taken as it is typed to curl for what it should have been, "%C3%A9".
        line = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line)
        try:
            super().parse_header(line + end + rest)
        except ValueError as error:  # what urllib thinks of "http://[/", int of 5,000 digits
            raise ParsingError("Its address or its Content-Length is malformed") from error
        if not self.version:
            raise ParsingError("The request line has no HTTP version")
        if self.chunked:
            self.body_rcv = ChunkedBody(self.body_rcv.getbuf(), BODY_BYTES)
        if "TRANSFER_ENCODING" in self.headers:
            raise ParsingError(f"HTTP/{self.version} has no Transfer-Encoding")
        # What a client would rather speak may be left unheard (RFC 9110, 7.8).
        self.headers.pop("UPGRADE", None)
        self._check_host()
        self._check_target()
        options = self.headers.get("CONNECTION", "").lower().split(",")
        if "close" in map(str.strip, options):
            # RFC 9112, 9.6: also beside others, as in "TE, close" of libwww-perl.
            self.headers["CONNECTION"], self.connection_close = "close", True

    def _check_host(self) -> None:
        """RFC 9112, 3.2."""
        host = self.headers.get("HOST")
        if host is None and self.version != "1.0":
            raise ParsingError("The Host header is missing")
        if host is not None and not is_host(host):
            raise ParsingError("The Host header is not a host")

    def _check_target(self) -> None:
        """RFC 9112, 3.2.2: who asks as of a proxy says in the target whom it asks."""
        if self.proxy_scheme or self.proxy_netloc:
            if self.proxy_scheme not in ("http", "https"):
                raise ParsingError("The target is no path and no http URL")
            if not is_host(self.proxy_netloc):
                raise ParsingError("The target's host is not a host")
            self.headers["HOST"] = self.proxy_netloc
            self.path = self.path or "/"
        elif not self.path.startswith("/") and (self.command, self.path) != ("OPTIONS", "*"):
            raise ParsingError("The target does not begin with a slash")

    def received(self, data: bytes) -> int:
        """Take what has come; returns how much of it belongs to this request."""
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
            self.error = _VersionNotSupported("It is HTTP/1.1 or HTTP/1.0 that is spoken here")
            self.completed = True
        if self.headers_finished and not self.error and len(self.path) > _PATH_CHARACTERS:
            self.error = _URITooLong(f"a path has {_PATH_CHARACTERS:,} characters at most")
            self.completed = True
        if self.completed:
            self.expect_continue = False  # there is no body to wait for, or none that is wanted
        return consumed

    def _take_head(self, data: bytes) -> int:
        """Take what has come of a head. It is looked through once, in however many pieces it comes:
        by waitress at each of them from its start.
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
        """Leave out blank lines before a request (RFC 9112, 2.2), all at once: for each alone
        waitress would make a request that asks nothing.
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
    """Refuse the fields of a head that waitress would join, drop or choose from."""
    if _FOLD.search(head):
        raise ParsingError("A header line is folded")
    fields = [line.partition(b":") for line in head.split(b"\r\n")]
    names = [name.lower() for name, _, _ in fields]
    if names.count(b"host") > 1:
        raise ParsingError("There are two Host headers")
    if b"transfer-encoding" not in names:
        return
    if b"content-length" in names:
        raise ParsingError("There are both Content-Length and Transfer-Encoding")
    values = (value for name, _, value in fields if name.lower() == b"transfer-encoding")
    codings = [coding.strip(b" \t").lower() for coding in b",".join(values).split(b",")]
    if codings.count(b"chunked") > 1 or not any(codings):
        raise ParsingError("Transfer-Encoding is empty, or chunked twice")
