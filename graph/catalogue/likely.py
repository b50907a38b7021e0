"""Likely agents: which persons of the catalogue are likely one, and on what evidence.

The strict rule (``agents``) leaves a person several ids where nothing in the records joins them.
Rules say what is likely, and leave the ids as they are:

- ``equal-full-names``: the whole name is the same, in full, and nothing contradicts it;
- ``full-names-that-fit``: one leaves out or shortens a middle name;
- ``equal-initials``: the family name and all initials are the same;
- ``initials-one-candidate``: a family name and initials fit the persons of one full name and no
  other.

The first asks for no more. The others ask that the two share a co-author, a venue or a topic, but
for two initials or more, which are enough with a family name that no other has here. With a family
name that many have here, each rule asks for a co-author or a venue.

Persons that are likely one form a cluster, and each of its members leads to the one with the most
works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..model import Record
from ..vocabulary.gazetteer import Gazetteer
from .candidates import Candidates, as_many_initials
from .profiles import Profile, SharedTopics, profiles

#: A family name with so many given names in the catalogue is one that many people have.
_COMMON = 5
#: How sure each rule is by what the two share; docs/curation.md says how this was judged.
_CONFIDENCE: Mapping[str, Mapping[str, float]] = {
    "equal-full-names": {"company": 0.97, "topic": 0.95, "name": 0.9},
    "full-names-that-fit": {"company": 0.92, "topic": 0.9},
    "equal-initials": {"company": 0.95, "topic": 0.9, "name": 0.85},
    "initials-one-candidate": {"company": 0.9, "topic": 0.85, "name": 0.8},
}
_INITIALS = ("equal-initials", "initials-one-candidate")


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
    clusters = _Clusters.of(profiles(works), SharedTopics(works, gazetteer))
    for rule, names in (
        ("equal-full-names", {agent: p.names for agent, p in clusters.profiles.items()}),
        ("full-names-that-fit", {agent: p.short_names for agent, p in clusters.profiles.items()}),
        ("equal-initials", {agent: _initialled(p) for agent, p in clusters.profiles.items()}),
    ):
        for group in _groups(names):
            clusters.join(rule, group)
    clusters.join_candidates()
    return tuple(
        LikelyAgent(agent, clusters.head[agent], *basis)
        for agent, basis in sorted(clusters.basis.items())
    )


@dataclass(slots=True)
class _Clusters:
    """Persons that are likely one: each cluster's members, and why each is in it."""

    profiles: Mapping[str, Profile]
    topics: SharedTopics
    #: Family names that many have here.
    common: frozenset[str]
    #: Person -> the one that stands for its cluster.
    head: dict[str, str]
    #: The one that stands for a cluster -> its members.
    members: dict[str, list[str]]
    #: Person -> rule, evidence and confidence.
    basis: dict[str, tuple[str, str, float]]

    @classmethod
    def of(cls, profiles: Mapping[str, Profile], topics: SharedTopics) -> _Clusters:
        """Each person in a cluster of its own."""
        given: dict[str, set[str]] = defaultdict(set)
        for profile in profiles.values():
            for family in profile.families:
                given[family] |= profile.short_names
        common = frozenset(family for family, names in given.items() if len(names) >= _COMMON)
        heads, members = (
            {agent: agent for agent in profiles},
            {agent: [agent] for agent in profiles},
        )
        return cls(profiles, topics, common, heads, members, {})

    def join(self, rule: str, agents: Sequence[str]) -> None:
        """Make the clusters of these persons one where the evidence is good enough.

        A cluster that has grown may share what its members did not, and is compared again: with
        those after it, and with those before it, which had been compared with the smaller one.
        """
        heads = sorted({self.head[agent] for agent in agents}, key=self._rank)
        place = 0
        while place < len(heads):
            rest = heads[place + 1 :]
            other = next((each for each in rest if self._join(rule, heads[place], each)), None)
            if other is None:
                place += 1
                continue
            heads.remove(other)
            while (before := self._first_to_take(rule, heads[:place], heads[place])) is not None:
                del heads[place]
                place = before

    def _first_to_take(self, rule: str, heads: Sequence[str], grown: str) -> int | None:
        """The place of the first of these clusters that the one that has grown becomes part of."""
        return next((n for n, head in enumerate(heads) if self._join(rule, head, grown)), None)

    def join_candidates(self) -> None:
        """Join each cluster known by initials only with that of the one full name that they fit.

        A name turned round counts as a candidate too.
        """
        candidates = Candidates(self.profiles)
        for head, members in sorted(self.members.items()):
            own = [self.profiles[agent] for agent in members]
            if any(profile.names for profile in own):
                continue
            full = self._only(candidates.fitting(own))
            if full is None:
                continue
            families = frozenset().union(*(self.profiles[o].families for o in self.members[full]))
            if any(profile.families & families for profile in own):
                self._join("initials-one-candidate", full, head)

    def _only(self, agents: Iterable[str]) -> str | None:
        """The one cluster that these persons are of; None where there are two, or none."""
        heads = (self.head[agent] for agent in agents)
        only = next(heads, None)
        return only if all(head == only for head in heads) else None

    def _rank(self, head: str) -> tuple[int, str]:
        return -len(self.profiles[head].works), head

    def _join(self, rule: str, head: str, smaller: str) -> bool:
        """Make two clusters one, if the evidence is good enough."""
        basis = self._basis(rule, smaller, head)
        if basis is None:
            return False
        self.basis[smaller] = (rule, *basis)
        for member in self.members.pop(smaller):
            self.head[member] = head
            self.members[head].append(member)
        return True

    def _basis(self, rule: str, one: str, other: str) -> tuple[str, float] | None:
        """The evidence that two clusters are one, with its confidence; None where too weak."""
        pairs = [
            (self.profiles[a], self.profiles[b])
            for a in self.members[one]
            for b in self.members[other]
        ]
        shared = next((both for a, b in pairs if (both := a.company & b.company)), None)
        # with a name that many have, most pairs end here
        if not shared and any(a.families & self.common for a, _ in pairs):
            return None
        if any(a.contradicts(b) for a, b in pairs):
            return None
        confidence = _CONFIDENCE[rule]
        if shared:
            return min(shared), confidence["company"]
        for a, b in pairs:
            if topic := self.topics.of(a, b):
                return f"topic {topic}", confidence["topic"]
        if rule in _INITIALS and not any(as_many_initials(a, b) for a, b in pairs):
            return None
        return ("one field of research", confidence["name"]) if "name" in confidence else None


def _groups(names: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """The persons who share a name, by name."""
    holders: dict[str, list[str]] = defaultdict(list)
    for agent, own in names.items():
        for name in own:
            holders[name].append(agent)
    return [holders[name] for name in sorted(holders)]


def _initialled(profile: Profile) -> frozenset[str]:
    """Family names with initials, of a person known by initials only: "joshi k d"."""
    if profile.names:
        return frozenset()
    return frozenset(f"{family} {own}" for family in profile.families for own in profile.initials)
