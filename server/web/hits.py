"""Hits: works as a list shows them, each with the reason it was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...graph.index.hits import Reason, marked, reasons
from ...graph.index.search_query import Phrase
from ...graph.index.works import Answer, Choice, Work, Works
from .parameters import BY_FACET

#: A text in pieces, each with whether it matches the search.
Pieces = Sequence[tuple[str, bool]]
#: Where in a work a word was found -> the label of that place.
_PLACES = {facet: parameter.singular for facet, parameter in BY_FACET.items()} | {
    "other title": "Other title",
    "likely author": "Likely the author",
    "venue": BY_FACET["venue"].heading,
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why a work was found, other than by words of its title."""

    place: str
    name: Pieces
    #: The BCP 47 tag of the name, if known.
    language: str
    #: The work's concept, if the word is in another name than its label.
    concept: str
    #: "stated" or "inferred"; "" if it is not a concept.
    evidence: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A work, its title with the matching words marked, and other reasons it was found."""

    work: Work
    title: Pieces
    why: tuple[Why, ...]


def hits(works: Works, answer: Answer, choice: Choice, offset: int, limit: int) -> list[Hit]:
    """Some of the works of an answer, in the requested order."""
    phrases = answer.interpretation.phrases
    return [
        Hit(
            work,
            marked(work.title, phrases),
            tuple(_why(each, phrases) for each in reasons(work, phrases, works.values)),
        )
        for work in works.page(answer, choice, offset, limit)
    ]


def _why(reason: Reason, phrases: Sequence[Phrase]) -> Why:
    return Why(
        _PLACES.get(reason.place, reason.place),
        marked(reason.name, phrases),
        reason.language,
        reason.concept if reason.concept != reason.name else "",
        ("inferred" if reason.inferred else "stated") if reason.concept else "",
    )
