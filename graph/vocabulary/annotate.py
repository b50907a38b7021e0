"""Annotation: find the concepts that a record's title, keywords and abstract name.

These are inferred, never stated: the mapping puts them in a separate graph, with the rule, the
matched text and its place as evidence. The type of work can also be inferred from a platform, with
the platform as evidence. docs/annotation.md lists the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..iris import IRIs
from ..model import FACETS, Reading, Record
from . import NOUNS, SCHEMES
from .confidence import OWN_LABEL, OWN_NAME, Confidence, load_confidences
from .gazetteer import Gazetteer
from .platform_work import load_platform_work


@dataclass(frozen=True, slots=True)
class Inference:
    """A concept that a record's text names, or that follows from another, with the evidence."""

    scheme: str
    concept: str
    rule: str
    #: "" if the concept is not named but follows from the ``evidence``.
    matched_text: str = ""
    #: The record's field that contains the text.
    matched_in: str = ""
    #: 0-based character in that field as it is; for "keywords", in the keyword; for "abstract", in
    #: the text without tags and repeated spaces.
    offset: int = 0
    #: The IRI of the concept that this one follows from.
    evidence: str = ""
    #: How often the rule is right; None if this has not been measured.
    confidence: Confidence | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the rule is right often enough, or finds a name of a catalogue's own concepts."""
        if self.rule in (OWN_NAME, OWN_LABEL):
            return True
        return self.confidence is not None and self.confidence.is_sure


def annotate(record: Record, gazetteer: Gazetteer) -> tuple[Inference, ...]:
    """Find what a record's title, keywords and abstracts name, and what follows from it.

    Each concept is given once, with its first sure mention, or else its first mention. If a source
    states the type of work or the sector, none is inferred from a platform.
    """
    confidences = load_confidences()
    stated = {f.scheme.stem for f in FACETS if f.scheme and getattr(record.facets, f.name)}
    named = [replace(i, confidence=confidences.get(i.rule)) for i in _named(record, gazetteer)]
    platforms = _stated_platforms(record, gazetteer) + [
        i.concept for i in named if i.scheme == "platforms" and i.is_sure
    ]
    follows = [
        replace(i, confidence=confidences.get(i.rule))
        for i in _of_platforms(platforms, gazetteer.vocabulary.base_iri)
        if i.scheme not in stated
    ]
    first: dict[str, Inference] = {}
    for inference in sorted((*named, *follows), key=lambda i: not i.is_sure):
        first.setdefault(inference.concept, inference)
    return tuple(first.values())


def _stated_platforms(record: Record, gazetteer: Gazetteer) -> list[str]:
    iris = (gazetteer.vocabulary.concept("platforms", p) for p in record.facets.platforms)
    return [iri for iri in iris if iri]


def _of_platforms(platforms: list[str], base_iri: str) -> Iterator[Inference]:
    work = load_platform_work(base_iri)
    for platform in platforms:
        yield from (Inference(*each, evidence=platform) for each in work.get(platform, ()))


def _named(record: Record, gazetteer: Gazetteer) -> Iterator[Inference]:
    yield from _in_text(record.title, "title", gazetteer)
    yield from _in_text(record.original_title, "original_title", gazetteer)
    for keyword in record.facets.keywords:
        yield from _in_keyword(keyword, gazetteer)
    for source in record.sources:
        for reading in source.abstract.readings if source.abstract else ():
            yield from _of_reading(reading, gazetteer)


def _of_reading(r: Reading, gazetteer: Gazetteer) -> Iterator[Inference]:
    vocabulary = gazetteer.vocabulary
    scheme = SCHEMES.get(r.scheme)
    iri = IRIs(vocabulary.base_iri).thing(scheme.kind, r.concept) if scheme else ""
    if iri in vocabulary.iris:  # the concept may have been removed from the vocabulary since
        yield Inference(r.scheme, iri, r.rule, r.matched_text, "abstract", r.offset)


def _in_text(text: str, field: str, gazetteer: Gazetteer) -> Iterator[Inference]:
    for m in gazetteer.mentions(text):
        yield Inference(m.scheme, m.concept, m.rule, text[m.start : m.end], field, m.start)


def _in_keyword(keyword: str, gazetteer: Gazetteer) -> Iterator[Inference]:
    """Yield the concepts that a keyword names.

    - The name of a platform or country counts, whatever its case, unless the rules say that the
      name alone is not a platform ("freelancer").
    - The name of a topic is stated anyway, so nothing is inferred.
    - Other keywords are read like a title.
    """
    if gazetteer.vocabulary.concept("topics", keyword):
        return
    for scheme in ("platforms", "countries"):
        if scheme == "platforms" and gazetteer.is_nothing_alone(scheme, keyword):
            continue
        if concept := gazetteer.vocabulary.concept(scheme, keyword):
            is_own = concept in gazetteer.vocabulary.own
            rule = OWN_NAME if is_own else f"{NOUNS[scheme]}-keyword"
            yield Inference(scheme, concept, rule, keyword, "keywords", 0)
            return
    yield from _in_text(keyword, "keywords", gazetteer)
