"""Forms and queries that browsers and clients send, decoded from the charset they declare.

A form (application/x-www-form-urlencoded) is read in bounded memory: decoding a body in one piece
would take some forty times its size, because each escape becomes an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from flask import Request
from werkzeug.datastructures import MultiDict

from ...graph.store.problems import ProblemDetails, QueryError

FORM = "application/x-www-form-urlencoded"
#: The most fields of a form.
MOST_FIELDS = 1000
#: Bytes decoded at a time.
_PIECE = 2**16
_TITLE = "The form cannot be read"
#: The supported values of ``charset=``, in lower case -> the codec. They are those that
#: multipart/form-data supports, too.
_CHARSETS = {
    "": "utf-8",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
}


def text_of(request: Request) -> str:
    """The body of a request; ``QueryError`` (400, 415) if it does not fit its charset."""
    return _text(request.get_data(), _charset(request), "The body cannot be read")


def form_of(request: Request) -> MultiDict[str, str]:
    """The form in a request; ``QueryError`` as in ``fields``, or 415 for its charset."""
    return fields(request.get_data(), _charset(request))


def _charset(request: Request) -> str:
    named = request.mimetype_params.get("charset", "").strip().lower()
    if named not in _CHARSETS:
        detail = f"A body in the charset {named[:40]!r} is not supported; send it as UTF-8."
        raise QueryError(ProblemDetails(415, "Unsupported charset", detail))
    return _CHARSETS[named]


def fields(body: bytes, charset: str = "utf-8") -> MultiDict[str, str]:
    """The fields of a form; ``QueryError`` (400, 413) if it does not fit its charset or has too
    many.
    """
    count = body.count(b"&") + 1
    if count > MOST_FIELDS:
        detail = f"A form can have at most {MOST_FIELDS:,} fields; this one has {count:,}."
        raise QueryError(ProblemDetails(413, _TITLE, detail))
    pairs = (part.partition(b"=") for part in body.split(b"&") if part)
    return MultiDict(
        [(_unescaped(name, charset), _unescaped(value, charset)) for name, _, value in pairs]
    )


def decoded(text: bytes) -> bytes:
    """A text with its percent escapes decoded."""
    return b"".join(map(unquote_to_bytes, _pieces(text)))


def _pieces(text: bytes) -> Iterator[bytes]:
    """Split a text into pieces, never within an escape."""
    start = 0
    while start < len(text):
        end = start + _PIECE
        within = text.rfind(b"%", end - 2, end)
        end = within if within > start else end
        yield text[start:end]
        start = end


def _unescaped(part: bytes, charset: str) -> str:
    return _text(decoded(part.replace(b"+", b" ")), charset, _TITLE)


def _text(sent: bytes, charset: str, title: str) -> str:
    try:
        return sent.decode(charset)
    except UnicodeDecodeError as error:
        detail = f"It is not {charset.upper()}: {error}."
        raise QueryError(ProblemDetails(400, title, detail)) from None
