"""Facets in the order that pages show them."""

from __future__ import annotations

from ...graph.model import FACETS

#: What people look by first; then what a work may be found to study, then what few records say.
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
