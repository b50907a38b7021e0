"""The SHACL shapes: one Turtle file a class, and the way to read them."""

from __future__ import annotations

from importlib.resources import files

from ..ontology import BASE_IRI

__all__ = ["turtle"]


def turtle(base_iri: str = BASE_IRI) -> str:
    """All shapes as one Turtle text, with ``base_iri`` in the place of ours."""
    parts = sorted(
        (f for f in files(__name__).iterdir() if f.name.endswith(".ttl")), key=lambda f: f.name
    )
    return "\n".join(p.read_text(encoding="utf-8") for p in parts).replace(BASE_IRI, base_iri)
