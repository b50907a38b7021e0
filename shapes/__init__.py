"""The SHACL shapes, one Turtle file for each class, with functions to read them."""

from __future__ import annotations

from importlib.resources import files

from ..ontology import BASE_IRI

__all__ = ["fix", "namespace", "turtle"]


def turtle(base_iri: str = BASE_IRI) -> str:
    """All shapes as one Turtle text, with ``base_iri`` in place of the default."""
    parts = sorted(
        (f for f in files(__name__).iterdir() if f.name.endswith(".ttl")), key=lambda f: f.name
    )
    return "\n".join(p.read_text(encoding="utf-8") for p in parts).replace(BASE_IRI, base_iri)


def namespace(base_iri: str = BASE_IRI) -> str:
    """The namespace of the shapes, including the "#"."""
    return f"{base_iri}shapes#"


def fix(base_iri: str = BASE_IRI) -> str:
    """The property of shapes and their results that says how to correct the data."""
    return f"{namespace(base_iri)}fix"
