"""Agents: which names are one person or body, and which initials are likely whose.

Same name is not same person. Two mentions of a name are one person

- where both have the same ORCID iD; two iDs are two persons, whatever else they share;
- where the given name is in full in both, and they share a co-author or a venue.

A body ("Eurofound") is one by its name. Ids that the catalogue has given stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..iris import agent_key, fold
from ..model import Name, Record
from .groups import Groups, Minter
from .persons import core_family, family_key, fits, in_full, initials, plain

__all__ = [
    "LikelyAgent",
    "likely_agents",
    "with_agents",
]


Evidence = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LikelyAgent:
    """An agent known by initials only, and the one with a full name it most likely is."""

    #: Agent ids ("person/m-graham", "person/mark-graham").
    initials_agent: str
    full_agent: str
    #: What they share, in words: "co-author Wood, A." or "venue new media society".
    evidence: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """One author of one record."""

    record: int
    name: Name
    #: What lets it be the same as another mention.
    evidence: tuple[Evidence, ...]
    #: The id the catalogue has given it, or "".
    agent: str


def with_agents(records: Sequence[Record]) -> list[Record]:
    """The records, each author with an agent id; ids that are there stay."""
    mentions = [mention for n, record in enumerate(records) for mention in _mentions(n, record)]
    minter = Minter(mention.agent for mention in mentions if mention.agent)
    ids = [mention.agent for mention in mentions]
    for group in _persons(mentions):
        unknown = [place for place in group if not ids[place]]
        if not unknown:
            continue
        settled = sorted({ids[place] for place in group if ids[place]})
        fullest = max((mentions[place].name for place in group), key=_size)
        agent = settled[0] if settled else minter.mint(agent_key(fullest))
        for place in unknown:
            ids[place] = agent
    agents = defaultdict(list)
    for mention, agent in zip(mentions, ids, strict=True):
        agents[mention.record].append(agent)
    return [replace(record, agents=tuple(agents[n])) for n, record in enumerate(records)]


def likely_agents(works: Sequence[Record]) -> tuple[LikelyAgent, ...]:
    """The agents known by initials only whose full name the catalogue most likely has.

    The family name and initials fit exactly one agent with a full name in the whole catalogue
    (a name turned round counts as a second candidate), the two share a co-author or a venue, and
    never stand in one list of authors.
    """
    profiles = _profiles(works)
    candidates: dict[str, set[str]] = defaultdict(set)
    for agent, profile in profiles.items():
        if profile.full:
            for family in profile.families | profile.turned:
                candidates[family].add(agent)
    likely = []
    for agent, profile in profiles.items():
        if profile.full:
            continue
        fitting = {
            other
            for family in profile.families
            for other in candidates[family]
            if profiles[other].may_be(profile, family)
        }
        if len(fitting) != 1:
            continue
        (other,) = fitting
        full = profiles[other]
        shared = sorted(profile.company & full.company)
        if shared and profile.families & full.families and not profile.works & full.works:
            likely.append(LikelyAgent(agent, other, shared[0]))
    return tuple(sorted(likely, key=lambda pair: pair.initials_agent))


@dataclass(frozen=True, slots=True)
class _Profile:
    """What all works say of one person."""

    #: Whether some work has the given name in full.
    full: bool
    families: frozenset[str]
    #: The family name, were the name turned round; only of a full name.
    turned: frozenset[str]
    initials: frozenset[str]
    #: Initials, were the name turned round.
    turned_initials: frozenset[str]
    #: Co-authors and venues, in words.
    company: frozenset[str]
    works: frozenset[int]

    def may_be(self, other: _Profile, family: str) -> bool:
        """Whether the other's initials fit this person's, turned round or not."""
        own = set(self.initials if family in self.families else ())
        own |= self.turned_initials if family in self.turned else frozenset()
        return any(all(fits(one, mine) for one in other.initials) for mine in own)


def _profiles(works: Sequence[Record]) -> Mapping[str, _Profile]:
    seen: dict[str, list[tuple[int, Name]]] = defaultdict(list)
    for n, work in enumerate(works):
        for agent, name in zip(work.agents, work.authors, strict=True):
            if not name.literal and name.given:
                seen[agent].append((n, name))
    return {agent: _profile(works, mentions) for agent, mentions in seen.items()}


def _profile(works: Sequence[Record], mentions: Sequence[tuple[int, Name]]) -> _Profile:
    names = [name for _, name in mentions]
    turned = [_turned(name) for name in names if in_full(name)]
    return _Profile(
        full=any(map(in_full, names)),
        families=frozenset(map(core_family, names)),
        turned=frozenset(map(core_family, turned)),
        initials=frozenset(map(initials, names)) - {""},
        turned_initials=frozenset(map(initials, turned)) - {""},
        company=frozenset(word for n, name in mentions for word in _company(works[n], name)),
        works=frozenset(n for n, _ in mentions),
    )


def _turned(name: Name) -> Name:
    return Name(family=name.given, given=name.family)


def _company(work: Record, name: Name) -> Iterator[str]:
    if work.container_title:
        yield f"venue {fold(work.container_title)}"
    for other in work.authors:
        if other != name and not other.literal and other.given:
            yield f"co-author {core_family(other)}, {initials(other)[:1]}."


def _mentions(n: int, record: Record) -> Iterator[_Mention]:
    known = len(record.agents) == len(record.authors)
    for place, name in enumerate(record.authors):
        evidence = tuple(_evidence(record, place))
        yield _Mention(n, name, evidence, record.agents[place] if known else "")


def _evidence(record: Record, place: int) -> Iterator[Evidence]:
    """What lets the author at this place be the same as another mention."""
    name = record.authors[place]
    if name.literal:
        yield "body", fold(name.literal)
    elif in_full(name):
        whole = plain(fold(str(name)))
        if sum(plain(fold(str(other))) == whole for other in record.authors) > 1:
            return  # two namesakes in one list are two people
        if record.container_title:
            yield whole, "venue " + fold(record.container_title)
        for n, other in enumerate(record.authors):
            if n != place:
                yield whole, f"co-author {family_key(other)} {fold(other.given)[:1]}"


def _persons(mentions: Sequence[_Mention]) -> Iterator[list[int]]:
    """The places of the mentions of each person or body.

    First the mentions without an ORCID iD are grouped by what they share, and those with one by
    their iD; then a group without an iD joins the one person with an iD that it shares something
    with, unless there are two.
    """
    groups = Groups(len(mentions))
    first: dict[Evidence, int] = {}
    of_orcid: dict[Evidence, set[str]] = defaultdict(set)
    holder: dict[str, int] = {}
    for place, mention in enumerate(mentions):
        if orcid := mention.name.orcid:
            groups.join(holder.setdefault(orcid, place), place)
            for evidence in mention.evidence:
                of_orcid[evidence].add(orcid)
        else:
            for evidence in mention.evidence:
                groups.join(first.setdefault(evidence, place), place)
    links: dict[int, set[str]] = defaultdict(set)
    for evidence, place in first.items():
        links[groups.find(place)] |= of_orcid.get(evidence, set())
    for place, orcids in links.items():
        if len(orcids) == 1:
            groups.join(holder[orcids.copy().pop()], place)
    yield from (sorted(group) for group in groups.members if group)


def _size(name: Name) -> tuple[int, str]:
    return len(str(name)), str(name)
