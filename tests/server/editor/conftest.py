"""What tests of the query page have in common."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest


@pytest.fixture(scope="session")
def noted() -> Callable[..., list[tuple[str, str]]]:
    """Each note of the page of a query, as text, and where it leads: ``noted(server, query)``."""

    def notes_of(server, query: str) -> list[tuple[str, str]]:
        page = server(f"/sparql?{urlencode({'query': query, 'format': 'html'})}", "text/html").text
        notes = re.findall(r'<p class="note">(.*?)</p>', page)
        links = (re.search('href="([^"]*)"', note) for note in notes)
        return [
            (html.unescape(re.sub("<[^>]*>", "", note)), html.unescape(link[1]) if link else "")
            for note, link in zip(notes, links, strict=True)
        ]

    return notes_of
