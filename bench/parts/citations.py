"""A work as its sources cite it, with errors as frequent as in real sources.

The rates are counted in the shipped catalogue, over the 252 pairs of sources of one work that
differ.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from oograph.graph.model import Facets, Name, Record

#: The share of a work's sources, after the first, that differ from it.
_VARIED = 0.28
_INITIALS = 0.51
#: Different case or punctuation; a wrong letter.
_RESPELT, _MISSPELT = 0.51, 0.06
_DOI_MISSING, _DOI_DAMAGED = 0.24, 0.01
_YEAR_MISSING, _YEAR_WRONG = 0.03, 0.02
#: Fields that a source may leave out; the rate is a guess, because merging fills them in.
_LEFT_OUT = 0.15
_FIELDS = ("volume", "issue", "page", "publisher", "url")
_DAMAGE: tuple[Callable[[str], str], ...] = (
    lambda doi: doi[:-1],
    lambda doi: f"{doi}.",
    lambda doi: doi.replace("/", "%2F", 1),
    lambda doi: doi.replace("10.", "10,", 1),
    lambda doi: f"https://dx.doi.org/{doi.upper()}",
)
_RESPELLING: tuple[Callable[[str], str], ...] = (
    str.title,
    str.capitalize,
    lambda title: f"{title}.",
    lambda title: title.replace(": ", " - "),
    lambda title: title.replace(" and ", " & "),
)


def citation(record: Record, place: int, rng: random.Random) -> Record:
    """The work as cited by its source ``place`` (from 0), without what a catalogue adds."""
    plain = replace(
        record,
        facets=Facets(keywords=record.facets.keywords),
        agents=(),
        editor_agents=(),
        version_of=(),
    )
    return plain if place == 0 or rng.random() >= _VARIED else _varied(plain, rng)


def _varied(record: Record, rng: random.Random) -> Record:
    def chance(rate: float) -> bool:
        return rng.random() < rate

    title, doi, issued = record.title, record.doi, record.issued
    if chance(_RESPELT):
        title = rng.choice(_RESPELLING)(title)
    if chance(_MISSPELT):
        title = _misspelt(title, rng)
    if chance(_DOI_MISSING):
        doi = ""
    elif doi and chance(_DOI_DAMAGED / (1 - _DOI_MISSING)):
        doi = rng.choice(_DAMAGE)(doi)
    if chance(_YEAR_MISSING):
        issued = ()
    elif issued and chance(_YEAR_WRONG):
        issued = (issued[0] + rng.choice((-1, 1)), *issued[1:])
    authors = tuple(map(_initials, record.authors)) if chance(_INITIALS) else record.authors
    left_out: dict[str, Any] = {name: "" for name in _FIELDS if chance(_LEFT_OUT)}
    return replace(record, title=title, doi=doi, issued=issued, authors=authors, **left_out)


def _initials(name: Name) -> Name:
    """The name as "Doe, J. A.", without an iD."""
    return replace(name, given=" ".join(_initial(name.given)), orcid="")


def _initial(given: str) -> Iterator[str]:
    return (f"{word[0]}." for word in given.split())


def _misspelt(text: str, rng: random.Random) -> str:
    """The text with two neighbouring letters swapped."""
    place = rng.randrange(max(1, len(text) - 1))
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
