"""Facets in the order in which pages show them."""

from __future__ import annotations

from ...graph.model import FACETS

#: The most used facets come first, then those that rules can infer, then the rest.
_FIRST = ("platforms", "countries", "keywords", "methods")
SHOWN = tuple(
    sorted(
        FACETS,
        key=lambda field: (
            _FIRST.index(field.name) if field.name in _FIRST else len(_FIRST),
            not field.inferable,
        ),
    )
)
