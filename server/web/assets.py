"""Assets: stylesheets and scripts, with a hash in the name so that browsers can cache them."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, abort, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from .responses import accepts_gzip

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
#: The length of the hash in a name.
_HASH = 12
#: The parts of a stylesheet for readers of its source: comments and indentation.
_FOR_READERS = re.compile(rb"/\*.*?\*/\s*|(?<=\n) +", re.DOTALL)


def asset(name: str) -> str:
    """The address of a stylesheet or script, given its name ("style.css")."""
    return url_for("assets.serve", name=_hashed(name))


def blueprint() -> Blueprint:
    """``/assets/{name}-{hash}.{css|js}``, whose content never changes, and the icon."""
    surface = Blueprint("assets", __name__)

    @surface.get("/assets/<name>")
    def serve(name: str) -> Response:
        if name not in _names():
            abort(404)
        name = _names()[name]
        content_type = _TYPES[_ending(name)]
        response = Response(_content(name), content_type=content_type)
        if accepts_gzip():
            response = Response(_packed(name), content_type=content_type, direct_passthrough=True)
            response.content_encoding = "gzip"
        response.cache_control.public = True
        response.cache_control.max_age = 365 * 24 * 3600
        response.cache_control.immutable = True
        return response

    @surface.get("/favicon.ico")
    def icon() -> BaseResponse:
        # Browsers ask here if the document names no icon, such as a file or a JSON answer.
        return redirect(url_for("static", filename="icon.svg"), 301)

    return surface


@cache
def _names() -> dict[str, str]:
    """The names of the stylesheets and scripts, by their names with the hash."""
    folder = files("oograph").joinpath("server", "static")
    return {
        _hashed(each.name): each.name for each in folder.iterdir() if _ending(each.name) in _TYPES
    }


def _ending(name: str) -> str:
    return name.rpartition(".")[2]


@cache
def _hashed(name: str) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(_content(name)).hexdigest()[:_HASH]}.{ending}"


@cache
def _content(name: str) -> bytes:
    content = files("oograph").joinpath("server", "static", name).read_bytes()
    return _FOR_READERS.sub(b"", content) if _ending(name) == "css" else content


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_content(name), mtime=0)
