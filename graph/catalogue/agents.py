"""Agents: which names are one person or body (``likely`` says which persons are likely one).

Same name is not same person. Two mentions of a name are one person

- where both have the same ORCID iD; two iDs are two persons, whatever else they share;
- where the given name is in full in both, and they share a co-author or a venue.

In a list of more than a hundred, co-authors are no evidence: they are too many pairs. A body
("Eurofound") is one by its name. Ids that the catalogue has given stay as they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..iris import Minter, agent_key, fold
from ..model import Name, Record
from .groups import Groups
from .persons import family_key, in_full, plain

Evidence = tuple[str, str]

#: The co-authors of a list longer than this are no evidence.
_LONG = 100


@dataclass(frozen=True, slots=True)
class _Mention:
    """One author or editor of one record."""

    record: int
    name: Name
    #: Whether it is an editor.
    edits: bool
    #: What lets it be the same as another mention.
    evidence: tuple[Evidence, ...]
    #: The id the catalogue has given it, or "".
    agent: str


def with_agents(records: Sequence[Record]) -> list[Record]:
    """The records, each author and editor with an agent id; ids that are there stay."""
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
    agents: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for mention, agent in zip(mentions, ids, strict=True):
        agents[mention.record, mention.edits].append(agent)
    return [
        _with(record, tuple(agents[n, False]), tuple(agents[n, True]))
        for n, record in enumerate(records)
    ]


def _with(record: Record, agents: tuple[str, ...], editor_agents: tuple[str, ...]) -> Record:
    if (record.agents, record.editor_agents) == (agents, editor_agents):
        return record  # most of a catalogue, at each import
    return replace(record, agents=agents, editor_agents=editor_agents)


def _mentions(n: int, record: Record) -> Iterator[_Mention]:
    lists = ((False, record.authors, record.agents), (True, record.editors, record.editor_agents))
    venue = f"venue {fold(record.container_title)}" if record.container_title else ""
    for edits, names, agents in lists:
        known = len(agents) == len(names)
        evidence = _evidence(names, venue)
        for place, (name, own) in enumerate(zip(names, evidence, strict=True)):
            yield _Mention(n, name, edits, own, agents[place] if known else "")


def _evidence(names: Sequence[Name], venue: str) -> Iterator[tuple[Evidence, ...]]:
    """What lets each name of a list be the same as another mention."""
    wholes = [plain(fold(str(name))) for name in names]
    times = Counter(wholes)
    company = [f"co-author {family_key(name)} {fold(name.given)[:1]}" for name in names]
    for place, (name, whole) in enumerate(zip(names, wholes, strict=True)):
        if name.literal:
            yield (("body", fold(name.literal)),)
        elif not in_full(name) or times[whole] > 1:  # two namesakes in one list are two people
            yield ()
        else:
            others = company[:place] + company[place + 1 :] if len(names) <= _LONG else ()
            yield tuple((whole, shared) for shared in ((venue,) if venue else ()) + tuple(others))


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
