"""Profiles: what the works of the catalogue say about a person, to compare with other persons."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from ..iris import fold
from ..model import Name, Record
from ..vocabulary.annotate import annotate
from ..vocabulary.gazetteer import Gazetteer
from .names import core_family, fits, in_full, initials, plain

#: Works of one person are no more years apart than this.
_CAREER = 25
#: How many works' topics are cached.
_REMEMBERED = 2**12


@dataclass(frozen=True, slots=True)
class Forms:
    """The names of a person, in the forms in which they are compared."""

    #: The full names, and the same without middle names.
    names: frozenset[str]
    short_names: frozenset[str]
    families: frozenset[str]
    #: The family names with family and given name swapped; of full names only.
    turned: frozenset[str]
    initials: frozenset[str]
    #: The initials with family and given name swapped; of full names only.
    turned_initials: frozenset[str]

    @classmethod
    def of(cls, names: Collection[Name]) -> Self:
        """Return the forms of one person's names."""
        full = [name for name in names if in_full(name)]
        turned = [Name(family=name.given, given=name.family) for name in full]
        return cls(
            names=frozenset(plain(fold(str(name))) for name in full),
            short_names=frozenset(map(_short, full)),
            families=frozenset(map(core_family, names)),
            turned=frozenset(map(core_family, turned)),
            initials=frozenset(map(initials, names)) - {""},
            turned_initials=frozenset(map(initials, turned)) - {""},
        )

    @property
    def abbreviated(self) -> frozenset[str]:
        """The family names with initials of a person known only by initials: "joshi kd"."""
        if self.names:
            return frozenset()
        return frozenset(f"{family} {own}" for family in self.families for own in self.initials)

    def possible_initials(self, family: str) -> frozenset[str]:
        """The initials that go with a family name, in normal or swapped name order."""
        own = self.initials if family in self.families else frozenset[str]()
        return own | self.turned_initials if family in self.turned else own


@dataclass(frozen=True, slots=True)
class Profile:
    """What the works say about one person."""

    forms: Forms
    #: Co-authors and venues, in words.
    company: frozenset[str]
    orcids: frozenset[str]
    #: The places of the works.
    works: frozenset[int]
    years: frozenset[int]

    def contradicts(self, other: Profile) -> bool:
        """Whether they are two persons: by a shared work, ORCID iDs, initials, or the years."""
        if self.works & other.works or (
            self.orcids and other.orcids and not self.orcids & other.orcids
        ):
            return True
        own, others = self.forms.initials, other.forms.initials
        if any(not fits(one, two) for one in own for two in others):
            return True
        gaps = (abs(one - two) for one in self.years for two in other.years)
        return min(gaps, default=0) > _CAREER


class SharedTopics:
    """The topics of works, by the place of the work; read when needed."""

    def __init__(self, works: Sequence[Record], gazetteer: Gazetteer) -> None:
        self._topics = lru_cache(_REMEMBERED)(lambda place: _topics_of(works[place], gazetteer))

    def of(self, one: Profile, other: Profile) -> str:
        """A topic that the works of both persons share, or ""."""
        left, right = (
            frozenset().union(*(self._topics(n) for n in sorted(each.works)))
            for each in (one, other)
        )
        return min(left & right, default="")


@dataclass(frozen=True, slots=True)
class Company:
    """Where and with whom a work was written, in the words used as evidence."""

    year: int | None
    venue: tuple[str, ...]
    #: Author -> the words that name them as a co-author.
    authors: Mapping[Name, str]

    @classmethod
    def of(cls, work: Record) -> Self:
        """Return the company of a work's authors."""
        venue = (f"venue {fold(work.container_title)}",) if work.container_title else ()
        authors = {
            name: f"co-author {core_family(name)}, {initials(name)[:1]}."
            for name in work.authors
            if not name.literal and name.given
        }
        return cls(work.year, venue, authors)

    def of_one(self, name: Name) -> Iterator[str]:
        """Yield the company of one of the authors: the venue and the others."""
        yield from self.venue
        yield from (words for other, words in self.authors.items() if other != name)


def _topics_of(work: Record, gazetteer: Gazetteer) -> frozenset[str]:
    return frozenset(
        each.concept.rpartition("/")[2]
        for each in annotate(work, gazetteer)
        if each.scheme == "topics" and not each.concept.endswith("/crowdsourcing")
    )


def _short(name: Name) -> str:
    """A full name without its middle names: "john horton"."""
    return f"{fold(name.given).partition(' ')[0]} {core_family(name)}"
