"""Profiles: what all works of the catalogue say of one person, to compare it with another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..iris import fold
from ..model import Name, Record
from ..vocabulary.annotate import annotate
from ..vocabulary.gazetteer import Gazetteer
from .persons import core_family, fits, in_full, initials, plain

#: Two persons of one name write in years no further apart than this.
_CAREER = 25


@dataclass(frozen=True, slots=True)
class Profile:
    """What all works say of one person."""

    #: The whole names that are in full, as they are compared, and without their middle names.
    names: frozenset[str]
    short_names: frozenset[str]
    families: frozenset[str]
    #: The family name, were the name turned round; only of a full name.
    turned: frozenset[str]
    initials: frozenset[str]
    #: Initials, were the name turned round.
    turned_initials: frozenset[str]
    #: Co-authors and venues, in words.
    company: frozenset[str]
    orcids: frozenset[str]
    works: frozenset[int]
    years: frozenset[int]

    def possible_initials(self, family: str) -> frozenset[str]:
        """The initials that go with a family name, turned round or not."""
        own = self.initials if family in self.families else frozenset[str]()
        return own | self.turned_initials if family in self.turned else own

    def contradicts(self, other: Profile) -> bool:
        """Whether the two are two: on one work, with two ORCID iDs, or generations apart."""
        if self.works & other.works or (
            self.orcids and other.orcids and not self.orcids & other.orcids
        ):
            return True
        if any(not fits(one, two) for one in self.initials for two in other.initials):
            return True
        gaps = (abs(one - two) for one in self.years for two in other.years)
        return min(gaps, default=0) > _CAREER


class SharedTopics:
    """The topics of works, by the place of the work, read when they are asked for."""

    def __init__(self, works: Sequence[Record], gazetteer: Gazetteer) -> None:
        self._works = works
        self._gazetteer = gazetteer
        self._of: dict[int, frozenset[str]] = {}

    def of(self, one: Profile, other: Profile) -> str:
        """A topic of both persons' works, or ""."""
        left, right = (
            frozenset().union(*(self._topics(n) for n in sorted(each.works)))
            for each in (one, other)
        )
        return min(left & right, default="")

    def _topics(self, n: int) -> frozenset[str]:
        if n not in self._of:
            inferences = annotate(self._works[n], self._gazetteer)
            self._of[n] = frozenset(
                each.concept.rpartition("/")[2]
                for each in inferences
                if each.scheme == "topics" and not each.concept.endswith("/crowdsourcing")
            )
        return self._of[n]


def profiles(works: Sequence[Record]) -> Mapping[str, Profile]:
    """Agent id -> the person's profile; persons whose given name is not known have none."""
    mentions: dict[str, list[tuple[int, Name]]] = defaultdict(list)
    for n, work in enumerate(works):
        for agent, name in (
            *zip(work.agents, work.authors, strict=True),
            *zip(work.editor_agents, work.editors, strict=True),
        ):
            if not name.literal and name.given:
                mentions[agent].append((n, name))
    companies = [_Company.of(work) for work in works]
    return {agent: _profile(works, companies, own) for agent, own in sorted(mentions.items())}


def _profile(
    works: Sequence[Record], companies: Sequence[_Company], mentions: Sequence[tuple[int, Name]]
) -> Profile:
    names = {name for _, name in mentions}
    full = [name for name in names if in_full(name)]
    turned = [Name(family=name.given, given=name.family) for name in full]
    return Profile(
        names=frozenset(plain(fold(str(name))) for name in full),
        short_names=frozenset(map(_short, full)),
        families=frozenset(map(core_family, names)),
        turned=frozenset(map(core_family, turned)),
        initials=frozenset(map(initials, names)) - {""},
        turned_initials=frozenset(map(initials, turned)) - {""},
        company=frozenset(word for n, name in mentions for word in companies[n].of_one(name)),
        orcids=frozenset(name.orcid for name in names) - {""},
        works=frozenset(n for n, _ in mentions),
        years=frozenset(year for n, _ in mentions if (year := works[n].year)),
    )


def _short(name: Name) -> str:
    """A full name without its middle names: "john horton"."""
    return f"{fold(name.given).partition(' ')[0]} {core_family(name)}"


@dataclass(frozen=True, slots=True)
class _Company:
    """Where and with whom a work was written, in the words in which it is evidence."""

    venue: tuple[str, ...]
    #: Each person who wrote it.
    authors: Mapping[Name, str]

    @classmethod
    def of(cls, work: Record) -> _Company:
        venue = (f"venue {fold(work.container_title)}",) if work.container_title else ()
        authors = {
            name: f"co-author {core_family(name)}, {initials(name)[:1]}."
            for name in work.authors
            if not name.literal and name.given
        }
        return cls(venue, authors)

    def of_one(self, name: Name) -> Iterator[str]:
        """The company of one of its persons."""
        yield from self.venue
        yield from (words for other, words in self.authors.items() if other != name)
