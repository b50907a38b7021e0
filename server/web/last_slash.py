"""Addresses with a last "/" that they do not have: people and tools put it there."""

from __future__ import annotations

from urllib.parse import quote

from flask import current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from .site import Site


def without(site: Site) -> BaseResponse | None:
    """To the address without its last "/", method and query as they are; None where it has none,
    or there is nothing either.
    """
    path = request.path.rstrip("/")
    if request.routing_exception is None or path == request.path:
        return None
    routes = current_app.create_url_adapter(request)
    try:
        if routes is None or not routes.match(path):
            return None
    except HTTPException:
        return None
    query = request.query_string.decode("latin-1")
    return redirect(site.absolute(quote(path[1:]) + (f"?{query}" if query else "")), 308)
