"""Hits: works as a list shows them, each with why it was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...graph.index.hits import Reason, marked, reasons
from ...graph.index.search_query import Phrase
from ...graph.index.works import Answer, Choice, Work, Works
from .choices import BY_FACET

#: A text in pieces, each with whether it was asked for.
Pieces = Sequence[tuple[str, bool]]
#: Where a work may have a word -> what people call that place.
_PLACES = {facet: parameter.singular for facet, parameter in BY_FACET.items()} | {
    "other title": "Other title",
    "likely author": "Likely the author",
    "venue": BY_FACET["venue"].heading,
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why a work was found, beside the words of its title."""

    place: str
    name: Pieces
    #: The BCP 47 tag of the name, where it is known.
    language: str
    #: The work's own concept, where its name is not the one that has the word.
    concept: str
    #: Whether the work has it stated or inferred; "" for what is no concept.
    evidence: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A work, its title with the words that were asked for, and why else it was found."""

    work: Work
    title: Pieces
    why: tuple[Why, ...]


def hits(works: Works, answer: Answer, choice: Choice, offset: int, limit: int) -> list[Hit]:
    """Some of the works of an answer, in the order that was asked for."""
    return [
        Hit(
            work,
            marked(work.title, answer.phrases),
            tuple(
                _why(each, answer.phrases) for each in reasons(work, answer.phrases, works.values)
            ),
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
