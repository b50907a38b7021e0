"""Likely agents: which persons of the catalogue are likely one, and on what evidence.

The strict rule (``agents``) leaves a person several ids where nothing in the records joins them.
Rules say what is likely, and leave the ids as they are:

- ``equal-full-names``: the whole name is the same, in full, and nothing contradicts it;
- ``full-names-that-fit``: one leaves out or shortens a middle name, and the two share a topic, a
  co-author or a venue;
- ``initials-one-candidate``: a family name and initials fit the persons of one full name and no
  other, and the two share a co-author or a venue.

With a family name that many have here, the first two rules ask for a co-author or a venue.

Persons that are likely one form a cluster, and each of its members leads to the one with the most
works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..iris import fold
from ..model import Name, Record
from ..vocabulary.annotate import annotate
from ..vocabulary.gazetteer import Gazetteer
from .persons import core_family, fits, in_full, initials, plain

__all__ = ["LikelyAgent", "likely_agents"]

#: A family name with so many given names in the catalogue is one that many people have.
_COMMON = 5
#: Two persons of one name write in years no further apart than this.
_CAREER = 25
#: How sure each kind of evidence is; docs/curation.md says how this was judged.
_CONFIDENCE = {"initials": 0.9, "company": 0.97, "topic": 0.95, "name": 0.9}
#: What is taken off where a middle name is left out.
_LEFT_OUT = 0.05


@dataclass(frozen=True, slots=True)
class LikelyAgent:
    """A person, and the one of its cluster that it likely is."""

    #: Agent ids ("person/m-graham", "person/mark-graham").
    agent: str
    same_as: str
    rule: str
    #: What they share, in words: "co-author Wood, A." or "venue new media society".
    evidence: str
    #: From 0 to 1.
    confidence: float


def likely_agents(works: Sequence[Record], gazetteer: Gazetteer) -> tuple[LikelyAgent, ...]:
    """The persons that are likely another of the catalogue, sorted by id."""
    profiles = _profiles(works)
    clusters = _clusters(profiles, _Topics(works, gazetteer))
    likely = [
        LikelyAgent(agent, clusters.head[agent], *basis) for agent, basis in clusters.basis.items()
    ]
    likely += _by_initials(profiles, clusters.head)
    return tuple(sorted(likely, key=lambda each: each.agent))


@dataclass(frozen=True, slots=True)
class _Profile:
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

    def may_be(self, other: _Profile, family: str) -> bool:
        """Whether the other's initials fit this person's, turned round or not."""
        own = set(self.initials if family in self.families else ())
        own |= self.turned_initials if family in self.turned else frozenset()
        return any(all(fits(one, mine) for one in other.initials) for mine in own)

    def contradicts(self, other: _Profile) -> bool:
        """Whether the two are two: on one work, with two ORCID iDs, or generations apart."""
        if self.works & other.works or (
            self.orcids and other.orcids and not self.orcids & other.orcids
        ):
            return True
        if any(not fits(one, two) for one in self.initials for two in other.initials):
            return True
        gaps = (abs(one - two) for one in self.years for two in other.years)
        return min(gaps, default=0) > _CAREER


class _Topics:
    """The topics of works, by the place of the work, read when they are asked for."""

    def __init__(self, works: Sequence[Record], gazetteer: Gazetteer) -> None:
        self._works = works
        self._gazetteer = gazetteer
        self._of: dict[int, frozenset[str]] = {}

    def shared(self, one: _Profile, other: _Profile) -> str:
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


@dataclass(slots=True)
class _Clusters:
    """Persons that are likely one: each cluster's members, and why each is in it."""

    profiles: Mapping[str, _Profile]
    topics: _Topics
    #: Family names that many have here.
    common: frozenset[str]
    #: Person -> the one that stands for its cluster.
    head: dict[str, str]
    #: The one that stands for a cluster -> its members.
    members: dict[str, list[str]]
    #: Person -> rule, evidence and confidence.
    basis: dict[str, tuple[str, str, float]]

    def join(self, rule: str, agents: Iterable[str], exact: bool) -> None:
        """Make the clusters of these persons one where the evidence is good enough."""
        clusters = {self.head[agent] for agent in agents}
        larger: list[str] = []
        for head in sorted(clusters, key=self._rank):
            for other in larger:
                if basis := self._basis(head, other, exact):
                    self._absorb(other, head, (rule, *basis))
                    break
            else:
                larger.append(head)

    def _rank(self, head: str) -> tuple[int, str]:
        return -len(self.profiles[head].works), head

    def _absorb(self, head: str, smaller: str, basis: tuple[str, str, float]) -> None:
        self.basis[smaller] = basis
        for member in self.members.pop(smaller):
            self.head[member] = head
            self.members[head].append(member)

    def _basis(self, one: str, other: str, exact: bool) -> tuple[str, float] | None:
        """The evidence that two clusters are one, with its confidence; None where too weak."""
        pairs = [
            (self.profiles[a], self.profiles[b])
            for a in self.members[one]
            for b in self.members[other]
        ]
        if any(a.contradicts(b) for a, b in pairs):
            return None
        less = 0 if exact else _LEFT_OUT
        for a, b in pairs:
            if shared := sorted(a.company & b.company):
                return shared[0], round(_CONFIDENCE["company"] - less, 2)
        if any(a.families & self.common for a, _ in pairs):
            return None
        for a, b in pairs:
            if topic := self.topics.shared(a, b):
                return f"topic {topic}", round(_CONFIDENCE["topic"] - less, 2)
        return ("one field of research", _CONFIDENCE["name"]) if exact else None


def _clusters(profiles: Mapping[str, _Profile], topics: _Topics) -> _Clusters:
    """The clusters of the persons with a full name."""
    equal: dict[str, list[str]] = defaultdict(list)
    fitting: dict[str, list[str]] = defaultdict(list)
    given: dict[str, set[str]] = defaultdict(set)
    for agent, profile in profiles.items():
        for name in profile.names:
            equal[name].append(agent)
        for name in profile.short_names:
            fitting[name].append(agent)
        for family in profile.families:
            given[family] |= profile.short_names
    common = frozenset(family for family, names in given.items() if len(names) >= _COMMON)
    full = [agent for agent, profile in profiles.items() if profile.names]
    heads, members = {agent: agent for agent in full}, {agent: [agent] for agent in full}
    clusters = _Clusters(profiles, topics, common, heads, members, {})
    for name in sorted(equal):
        clusters.join("equal-full-names", equal[name], exact=True)
    for name in sorted(fitting):
        clusters.join("full-names-that-fit", fitting[name], exact=False)
    return clusters


def _by_initials(
    profiles: Mapping[str, _Profile], clusters: Mapping[str, str]
) -> Iterator[LikelyAgent]:
    """The persons known by initials only who fit one cluster of a full name, and no other.

    A name turned round counts as a candidate too.
    """
    candidates: dict[str, set[str]] = defaultdict(set)
    for agent, profile in profiles.items():
        if profile.names:
            for family in profile.families | profile.turned:
                candidates[family].add(agent)
    for agent, profile in profiles.items():
        if profile.names:
            continue
        fitting = {
            other
            for family in profile.families
            for other in candidates[family]
            if profiles[other].may_be(profile, family)
        }
        if len({clusters[other] for other in fitting}) != 1:
            continue
        full = [profiles[other] for other in sorted(fitting)]
        shared = sorted({word for other in full for word in profile.company & other.company})
        apart = any(profile.works & other.works for other in full)
        if shared and not apart and any(profile.families & other.families for other in full):
            head = clusters[next(iter(fitting))]
            confidence = _CONFIDENCE["initials"]
            yield LikelyAgent(agent, head, "initials-one-candidate", shared[0], confidence)


def _profiles(works: Sequence[Record]) -> Mapping[str, _Profile]:
    mentions: dict[str, list[tuple[int, Name]]] = defaultdict(list)
    for n, work in enumerate(works):
        for agent, name in (
            *zip(work.agents, work.authors, strict=True),
            *zip(work.editor_agents, work.editors, strict=True),
        ):
            if not name.literal and name.given:
                mentions[agent].append((n, name))
    co_authors = [_co_authors(work) for work in works]
    return {agent: _profile(works, co_authors, own) for agent, own in sorted(mentions.items())}


def _profile(
    works: Sequence[Record],
    co_authors: Sequence[Mapping[Name, str]],
    mentions: Sequence[tuple[int, Name]],
) -> _Profile:
    names = [name for _, name in mentions]
    full = [name for name in names if in_full(name)]
    turned = [Name(family=name.given, given=name.family) for name in full]
    return _Profile(
        names=frozenset(plain(fold(str(name))) for name in full),
        short_names=frozenset(map(_short, full)),
        families=frozenset(map(core_family, names)),
        turned=frozenset(map(core_family, turned)),
        initials=frozenset(map(initials, names)) - {""},
        turned_initials=frozenset(map(initials, turned)) - {""},
        company=frozenset(
            word for n, name in mentions for word in _company(works[n], co_authors[n], name)
        ),
        orcids=frozenset(name.orcid for name in names) - {""},
        works=frozenset(n for n, _ in mentions),
        years=frozenset(year for n, _ in mentions if (year := works[n].year)),
    )


def _short(name: Name) -> str:
    """A full name without its middle names: "john horton"."""
    return f"{fold(name.given).partition(' ')[0]} {core_family(name)}"


def _co_authors(work: Record) -> dict[Name, str]:
    """Each person who wrote a work, in the words in which it is evidence."""
    return {
        name: f"co-author {core_family(name)}, {initials(name)[:1]}."
        for name in work.authors
        if not name.literal and name.given
    }


def _company(work: Record, co_authors: Mapping[Name, str], name: Name) -> Iterator[str]:
    if work.container_title:
        yield f"venue {fold(work.container_title)}"
    yield from (words for other, words in co_authors.items() if other != name)
