"""Responses: complete, with their length, and gzipped if the client accepts it."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from contextlib import suppress
from functools import partial
from os import SEEK_END
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from flask import Response, request
from werkzeug.http import parse_date
from werkzeug.wsgi import wrap_file
from zlib_ng.gzip_ng import GzipNGFile

from ...graph.store.answers import Answer, Spool
from ...graph.store.problems import QueryError
from ...graph.store.waiting import WAITING
from .client_network import client_network
from .large_answers import LargeAnswers

#: Smaller bodies do not gain from gzip.
_LEAST_BYTES = 1000
_PACKABLE = (
    "application/json",
    "application/n-quads",
    "application/n-triples",
    "application/trig",
    "application/x-bibtex",
    "application/x-research-info-systems",
    "application/xml",
    "application/yaml",
    "image/svg+xml",
)
#: Marks an ETag as that of the gzipped form (RFC 9110, 8.8.3.3).
_SUFFIX = '-gzip"'
#: One range of bytes; several get the whole file, as RFC 9110, 14.2 allows.
_RANGE = re.compile(r"bytes=(?:[0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18})")
#: Smaller bodies are gzipped in less than a millisecond.
_SOON_BYTES = 2**14
#: Compression level for answers in files: 200 to 350 MB/s, to a fifth to a third of the size.
_FAST = 2
_USUAL = 5


def accepts_gzip() -> bool:
    """Whether the client accepts gzip and does not prefer the plain form."""
    wanted = request.accept_encodings
    return wanted["gzip"] > 0 and wanted["gzip"] >= wanted["identity"]


def deliver(answer: Answer, outgoing: LargeAnswers) -> Response:
    """An answer as a response with Content-Length.

    A large answer is sent as a file, so a slow client does not occupy a thread. An answer from a
    remote store is first read to its end, so that it is complete or an error. ``QueryError`` if
    too many large answers are in transit.
    """
    spool = answer.chunks
    if not isinstance(spool, Spool):
        spool = Spool()
        for chunk in answer.chunks:
            spool.write(chunk)
    if spool.in_memory:
        return Response(b"".join(spool), content_type=answer.media_type)
    file, length = spool.file, spool.length
    packed = WAITING.get().apart(partial(_packed, file)) if accepts_gzip() else None
    if packed is not None:
        file, length = packed, packed.seek(0, SEEK_END)
        file.seek(0)
    try:
        tracked = outgoing.track(client_network(), file)
    except QueryError:
        file.close()
        raise
    body = wrap_file(request.environ, cast("IO[bytes]", tracked), 2**18)
    response = Response(body, content_type=answer.media_type, direct_passthrough=True)
    response.content_length = length
    response.vary.add("Accept-Encoding")
    if packed is not None:
        response.content_encoding = "gzip"
    return response


def kept(plain: Path, packed: Path, content_type: str) -> Response:
    """A file of a release as a response, streamed from disk; ``packed`` is its gzipped copy."""
    is_packed = plain.stat().st_size >= _LEAST_BYTES and accepts_gzip()
    file = (packed if is_packed else plain).open("rb")
    body = wrap_file(request.environ, file, 2**18)
    response = Response(body, content_type=content_type, direct_passthrough=True)
    response.content_length = os.fstat(file.fileno()).st_size
    if is_packed:
        response.content_encoding = "gzip"
    return response


def _packed(file: IO[bytes]) -> IO[bytes] | None:
    """The file gzipped, which replaces it; None if the disk has no room for both."""
    packed = TemporaryFile()
    try:
        with GzipNGFile("", "wb", _FAST, packed, 0) as into:
            shutil.copyfileobj(file, into, 2**18)
        packed.flush()
    except OSError:
        with suppress(OSError):  # Closing flushes again what did not fit.
            packed.close()
        file.seek(0)
        return None
    file.close()
    return packed


def forget_encoding() -> None:
    """Strip the gzip mark from a request's ETags: views know only the plain form."""
    tags = request.environ.get("HTTP_IF_NONE_MATCH", "")
    if _SUFFIX in tags and accepts_gzip():
        request.environ["oograph.if_none_match"] = tags
        request.environ["HTTP_IF_NONE_MATCH"] = tags.replace(_SUFFIX, '"')


def forget_odd_ranges() -> None:
    """Drop a Range that must be ignored (RFC 9110, 13.2.2, 14.2), so the whole file is sent.

    This is a Range with a method other than GET, with units other than bytes, with a weak
    If-Range, or with If-None-Match, which takes precedence.
    """
    sent = request.environ
    if (
        request.method != "GET"
        or "HTTP_IF_NONE_MATCH" in sent
        or sent.get("HTTP_IF_RANGE", "").startswith("W/")
        or not _RANGE.fullmatch(sent.get("HTTP_RANGE", ""))
    ):
        sent.pop("HTTP_RANGE", None)


def forget_odd_dates() -> None:
    """Drop conditions with an invalid date, which must be ignored (RFC 9110, 13.1.3, 13.1.5).

    Werkzeug fails on a date with more digits than a machine integer holds. Without If-Range the
    whole file is sent.
    """
    sent = request.environ
    for name in ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE"):
        try:
            parse_date(sent.get(name))
        except OverflowError:
            del sent[name]
            if name == "HTTP_IF_RANGE":
                sent.pop("HTTP_RANGE", None)


def compress(response: Response) -> Response:
    """Gzip a response unless it is small, already compressed, or served in ranges."""
    if response.headers.get("Accept-Ranges") == "bytes":
        return response
    if response.status_code == 304:
        _mark_not_modified(response)
        return response
    kind = response.mimetype or ""
    if (
        response.status_code in (204, 206)
        or 300 <= response.status_code < 400
        or not (kind.startswith("text/") or kind.endswith(("+json", "+xml")) or kind in _PACKABLE)
    ):
        return response
    response.vary.add("Accept-Encoding")
    if not response.direct_passthrough:
        body = response.get_data()
        if len(body) >= _LEAST_BYTES and accepts_gzip():
            response.set_data(_gzipped(body))
            response.content_encoding = "gzip"
    if response.content_encoding == "gzip":
        etag, weak = response.get_etag()
        if etag:
            response.set_etag(f"{etag}-gzip", bool(weak))
    return response


def _gzipped(body: bytes) -> bytes:
    pack = partial(gzip.compress, body, _USUAL, mtime=0)
    return pack() if len(body) < _SOON_BYTES else WAITING.get().apart(pack)


def _mark_not_modified(response: Response) -> None:
    """Give a 304 the ETag of the form that the client has."""
    etag, _ = response.get_etag()
    response.vary.add("Accept-Encoding")
    if f'"{etag}{_SUFFIX}' in request.environ.get("oograph.if_none_match", ""):
        response.set_etag(f"{etag}-gzip")
