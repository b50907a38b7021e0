"""What a source states: the facets of its record, whatever the format of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..fields import Field
from ..model import FACETS, Facets

Stated = tuple[tuple[str, str], ...]


def with_facets(stated: Stated, facets: Facets) -> Stated:
    """What an entry states, plus the facets that its reader has not kept word for word.

    >>> with_facets((("title", "Gigs"),), Facets(keywords=("pay", "gig work")))
    (('title', 'Gigs'), ('keywords', 'pay; gig work'))
    """
    return (*stated, *_missing(dict(stated), facets))


def _missing(stated: dict[str, str], facets: Facets) -> Iterator[tuple[str, str]]:
    for field in FACETS:
        if field.name not in stated and (text := _words(field, getattr(facets, field.name))):
            yield field.name, text


def _words(field: Field, value: Any) -> str:
    if field.kind == "bodies":
        return "; ".join(f"{body.name} ({body.kind})" if body.kind else body.name for body in value)
    return "; ".join(value) if field.kind == "concepts" else str(value or "")
