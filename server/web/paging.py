"""Paging: which page of a list an address asks for, and how many there are."""

from __future__ import annotations

from math import ceil

from flask import abort, request

from ...graph.numbers import counted
from ...graph.store.problems import ProblemDetails, QueryError
from .corrected import lead_to

#: No list has pages with longer numbers.
_DIGITS = 9


def asked_page() -> int:
    """The requested page; 400 if it is not a number. Page 0 redirects to the first."""
    text = request.args.get("page", "1")
    if text == "0":
        lead_to({"page": ()})
    return page_number(text)


def page_number(text: str) -> int:
    """The number of a page, from 1; 400 if the text is not one, 404 if no list is so long."""
    if not (text.isascii() and text.isdecimal() and text.strip("0")):
        detail = f"page must be a whole number from 1, not {text[:20]!r}."
        raise QueryError(ProblemDetails(400, "Not a page", detail))
    if len(text) > _DIGITS:
        abort(404, f"There is no page {text[:20]!r}.")
    return int(text)


def page_count(entries: int, size: int, page: int) -> int:
    """The number of pages with ``size`` entries each; 404 if ``page`` is beyond the last."""
    pages = max(1, ceil(entries / size))
    if page > pages:
        abort(404, f"There is no page {page}: the list has {counted(pages, 'page')}.")
    return pages


def page_and_count(entries: int, size: int) -> tuple[int, int]:
    """The requested page and the number of pages."""
    page = asked_page()
    return page, page_count(entries, size, page)
