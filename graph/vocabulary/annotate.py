"""Annotation: the platforms, countries, topics and methods a record names, each with its evidence.

What is read is inferred, never stated: mapping keeps it in a graph of its own, with rule, text
and place. docs/annotation.md lists the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..model import Record
from . import NOUNS
from .gazetteer import Gazetteer

__all__ = [
    "Gazetteer",
    "Inference",
    "annotate",
]


@dataclass(frozen=True, slots=True)
class Inference:
    """A concept that a record's text names, and the evidence for it."""

    scheme: str
    concept: str
    rule: str
    matched_text: str
    #: The record's field the text stands in.
    matched_in: str
    #: 0-based character in that field as it stands; in "keywords", in the keyword; in "abstract",
    #: in the text without tags and runs of space.
    offset: int


def annotate(record: Record, gazetteer: Gazetteer) -> tuple[Inference, ...]:
    """What titles, keywords and abstracts of a record name, each concept once, by first mention."""
    first: dict[str, Inference] = {}
    for inference in _all(record, gazetteer):
        first.setdefault(inference.concept, inference)
    return tuple(first.values())


def _all(record: Record, gazetteer: Gazetteer) -> Iterator[Inference]:
    yield from _in_text(record.title, "title", gazetteer)
    yield from _in_text(record.original_title, "original_title", gazetteer)
    for keyword in record.facets.keywords:
        yield from _in_keyword(keyword, gazetteer)
    for r in record.readings:
        labels = gazetteer.vocabulary.forms.get(r.scheme, {})
        # a concept may have left the vocabulary since
        if iri := next((iri for iri in labels.values() if iri.endswith(f"/{r.concept}")), ""):
            yield Inference(r.scheme, iri, r.rule, r.matched_text, "abstract", r.offset)


def _in_text(text: str, field: str, gazetteer: Gazetteer) -> Iterator[Inference]:
    for m in gazetteer.mentions(text):
        yield Inference(m.scheme, m.concept, m.rule, text[m.start : m.end], field, m.start)


def _in_keyword(keyword: str, gazetteer: Gazetteer) -> Iterator[Inference]:
    """A keyword that is a label names its concept in any case; others are read like a title.

    A topic's keyword is stated as it is.
    """
    if gazetteer.vocabulary.concept("topics", keyword):
        return
    for scheme in ("platforms", "countries", "methods"):
        if concept := gazetteer.vocabulary.concept(scheme, keyword):
            rule = f"{NOUNS[scheme]}-keyword"
            yield Inference(scheme, concept, rule, keyword, "keywords", 0)
            return
    yield from _in_text(keyword, "keywords", gazetteer)
