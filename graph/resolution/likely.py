"""Likely agents: which persons of the catalogue are likely the same, and on what evidence.

The strict rule (``agents``) gives one person several ids if nothing in the records connects them.
The rules here say which ids are likely the same person, and do not change the ids:

- ``equal-full-names``: the whole name is the same, in full;
- ``full-names-that-fit``: the names differ only in a middle name, left out or abbreviated;
- ``equal-initials``: the family name and all initials are the same;
- ``initials-one-candidate``: a family name and initials fit the persons of one full name only.

No rule applies if the two contradict each other. ``equal-full-names`` needs no further evidence.
The other rules need a shared co-author, venue or topic; the rules of initials accept two or more
equal initials instead. If the family name is common here, every rule needs a shared co-author or
venue.

Persons who are likely the same form a cluster; each member points to the one with the most works.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..model import Record
from ..vocabulary.gazetteer import Gazetteer
from .candidates import as_many_initials
from .people import People
from .profiles import Forms, SharedTopics

#: The rules that compare persons who share something -> what they share.
_SHARED = {
    "equal-full-names": "name",
    "full-names-that-fit": "short name",
    "equal-initials": "initials",
}
#: The confidence of each rule, by the evidence; docs/curation.md says how it was estimated.
_CONFIDENCE: Mapping[str, Mapping[str, float]] = {
    "equal-full-names": {"company": 0.97, "topic": 0.95, "name": 0.9},
    "full-names-that-fit": {"company": 0.92, "topic": 0.9},
    "equal-initials": {"company": 0.95, "topic": 0.9, "name": 0.85},
    "initials-one-candidate": {"company": 0.9, "topic": 0.85, "name": 0.8},
}
_INITIALS = ("equal-initials", "initials-one-candidate")


@dataclass(frozen=True, slots=True)
class LikelyAgent:
    """A person, and the member of the cluster that it likely is."""

    #: Agent ids ("person/m-graham", "person/mark-graham").
    agent: str
    same_as: str
    rule: str
    #: What the two share, in words: "co-author Wood, A." or "venue new media society".
    evidence: str
    #: From 0 to 1.
    confidence: float


def likely_agents(works: Sequence[Record], gazetteer: Gazetteer) -> tuple[LikelyAgent, ...]:
    """The persons who are likely the same as another one of the catalogue, sorted by id."""
    people = People(works)
    clusters = _Clusters(people, SharedTopics(works, gazetteer))
    for rule, kind in _SHARED.items():
        for group in people.sharing(kind):
            clusters.join(rule, group)
    clusters.join_candidates()
    return tuple(
        LikelyAgent(agent, clusters.head(agent), *basis)
        for agent, basis in sorted(clusters.basis.items())
    )


@dataclass(slots=True)
class _Clusters:
    """Clusters of persons who are likely the same, and why each member is in its cluster.

    At first, each person is a cluster of its own. Nothing is stored for those that stay alone.
    """

    people: People
    topics: SharedTopics
    #: Person -> rule, evidence and confidence.
    basis: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    #: Person -> the head of its cluster.
    _heads: dict[str, str] = field(default_factory=dict)
    #: The head of a cluster -> its members.
    _members: dict[str, list[str]] = field(default_factory=dict)

    def head(self, agent: str) -> str:
        """The person that represents the cluster of ``agent``."""
        return self._heads.get(agent, agent)

    def members(self, head: str) -> Sequence[str]:
        """The members of the cluster with this head."""
        return self._members.get(head, (head,))

    def join(self, rule: str, agents: Sequence[str]) -> None:
        """Join the clusters of these persons if the evidence is good enough.

        A cluster that has grown may share something that its parts did not. So it is compared again
        with the clusters after it, and with those before it.
        """
        heads = sorted(set(map(self.head, agents)), key=self._rank)
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
        """Join the grown cluster to the first of these that fits; return the place of that one."""
        return next((n for n, head in enumerate(heads) if self._join(rule, head, grown)), None)

    def join_candidates(self) -> None:
        """Join each cluster known only by initials to the cluster of the one full name they fit.

        A full name with its parts swapped counts as another candidate.
        """
        for head in self.people.abbreviated():
            own = self._forms(head)
            if self.head(head) != head or any(forms.names for forms in own):
                continue
            full = self._only(self.people.candidates.fitting(own))
            if full is None:
                continue
            families = frozenset().union(*(forms.families for forms in self._forms(full)))
            if any(forms.families & families for forms in own):
                self._join("initials-one-candidate", full, head)

    def _only(self, agents: Iterable[str]) -> str | None:
        """The one cluster that these persons belong to; None if there is none, or more than one."""
        heads = map(self.head, agents)
        only = next(heads, None)
        return only if all(head == only for head in heads) else None

    def _rank(self, head: str) -> tuple[int, str]:
        return -len(self.people.profile(head).works), head

    def _forms(self, head: str) -> list[Forms]:
        return [self.people.profile(agent).forms for agent in self.members(head)]

    def _join(self, rule: str, head: str, smaller: str) -> bool:
        """Join two clusters if the evidence is good enough."""
        basis = self._basis(rule, smaller, head)
        if basis is None:
            return False
        self.basis[smaller] = (rule, *basis)
        moved = self.members(smaller)
        self._members.pop(smaller, None)
        self._members.setdefault(head, [head]).extend(moved)
        self._heads.update(dict.fromkeys(moved, head))
        return True

    def _basis(self, rule: str, one: str, other: str) -> tuple[str, float] | None:
        """The evidence that two clusters are the same, with its confidence; None if too weak."""
        pairs = [
            (self.people.profile(a), self.people.profile(b))
            for a in self.members(one)
            for b in self.members(other)
        ]
        shared = next((both for a, b in pairs if (both := a.company & b.company)), None)
        # if the name is common, most pairs end here
        if not shared and any(a.forms.families & self.people.common for a, _ in pairs):
            return None
        if any(a.contradicts(b) for a, b in pairs):
            return None
        confidence = _CONFIDENCE[rule]
        if shared:
            return min(shared), confidence["company"]
        for a, b in pairs:
            if topic := self.topics.of(a, b):
                return f"topic {topic}", confidence["topic"]
        if rule in _INITIALS and not any(as_many_initials(a.forms, b.forms) for a, b in pairs):
            return None
        return ("the name alone", confidence["name"]) if "name" in confidence else None
