"""Assets: style and script under names that hold their hash, so that browsers keep them."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, abort, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from .responses import accepts_gzip

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
#: The characters of a hash in a name.
_HASH = 12


def asset(name: str) -> str:
    """The address of the style or the script with a name ("style.css")."""
    stem, _, ending = name.partition(".")
    return url_for("assets.serve", stem=stem, hash=_hash(name), ending=ending)


def blueprint() -> Blueprint:
    """``/assets/{name}-{hash}.{css|js}``: what an address leads to never changes; the icon."""
    surface = Blueprint("assets", __name__)

    @surface.get("/assets/<stem>-<hash>.<any('css', 'js'):ending>")
    def serve(stem: str, hash: str, ending: str) -> Response:
        name = f"{stem}.{ending}"
        if name not in _names() or _hash(name) != hash:
            abort(404)
        response = Response(_content(name), content_type=_TYPES[ending])
        if accepts_gzip():
            response = Response(_packed(name), content_type=_TYPES[ending], direct_passthrough=True)
            response.content_encoding = "gzip"
        response.cache_control.public = True
        response.cache_control.max_age = 365 * 24 * 3600
        response.cache_control.immutable = True
        return response

    @surface.get("/favicon.ico")
    def icon() -> BaseResponse:
        # Browsers ask here where no page says otherwise: for a file, or an answer as JSON.
        return redirect(url_for("static", filename="icon.svg"), 301)

    return surface


@cache
def _names() -> frozenset[str]:
    folder = files("oograph").joinpath("server", "static")
    return frozenset(each.name for each in folder.iterdir())


@cache
def _content(name: str) -> bytes:
    return files("oograph").joinpath("server", "static", name).read_bytes()


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_content(name), mtime=0)


@cache
def _hash(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:_HASH]
