"""Paging: which page of a list an address asks for, and how many there are."""

from __future__ import annotations

from math import ceil

from flask import abort, request

from ...graph.numbers import counted
from .corrected import lead_to


def asked_page() -> int:
    """The requested page; 404 if it is not a number. Page 0 redirects to the first."""
    text = request.args.get("page", "1")
    if text == "0":
        lead_to({"page": ()})
    page = page_number(text)
    if page is None:
        abort(404, f"There is no page {text[:20]!r}.")
    return page


def page_number(text: str) -> int | None:
    """The number of a page, from 1; None if the text is not one."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) or None if is_number else None


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
