"""Forms as browsers and clients send them (application/x-www-form-urlencoded), in bounded memory.

Decoded in one piece a body takes some forty times its bytes: each escape becomes an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from werkzeug.datastructures import MultiDict

from ...graph.store.problems import ProblemDetails, QueryError

FORM = "application/x-www-form-urlencoded"
#: A form has no more fields than this.
MOST_FIELDS = 1000
#: Bytes that are decoded at once.
_PIECE = 2**16
_TITLE = "The form cannot be read"


def fields(body: bytes) -> MultiDict[str, str]:
    """The fields of a form; ``QueryError`` (400, 413) where it is not UTF-8 or has too many."""
    count = body.count(b"&") + 1
    if count > MOST_FIELDS:
        detail = f"A form has {MOST_FIELDS:,} fields at most; this one has {count:,}."
        raise QueryError(ProblemDetails(413, _TITLE, detail))
    pairs = (part.partition(b"=") for part in body.split(b"&") if part)
    return MultiDict([(_text(name), _text(value)) for name, _, value in pairs])


def decoded(text: bytes) -> bytes:
    """A text with its percent escapes undone."""
    return b"".join(map(unquote_to_bytes, _pieces(text)))


def _pieces(text: bytes) -> Iterator[bytes]:
    """A text in pieces, none of which ends within an escape."""
    start = 0
    while start < len(text):
        end = start + _PIECE
        within = text.rfind(b"%", end - 2, end)
        end = within if within > start else end
        yield text[start:end]
        start = end


def _text(part: bytes) -> str:
    try:
        return decoded(part.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise QueryError(ProblemDetails(400, _TITLE, f"It is not UTF-8: {error}.")) from None
