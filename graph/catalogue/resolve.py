"""Resolution: which records describe one work, which works are versions, and who wrote them.

Two records are one work when they share an identifier, or a title with its year and first
author (``compare`` has the rules); never when they contradict each other, whatever a third
record shares with both. What rules cannot settle is listed for a curator, whose decisions
override every rule. The result does not depend on the order of the records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..iris import Minter, publication_slug
from ..model import Problem, Record, Tombstone
from .agents import with_agents
from .blocking import candidates
from .clashes import Clashes
from .compare import RULES, Verdict, compare
from .decisions import Decision, Rulings, Undecided, ordered, rulings_of
from .features import Features, features_of
from .groups import Groups
from .merging import merge
from .tombstones import survivor

_RANK = {rule: rank for rank, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Match:
    """Why two records (by their place in the sequence) are one work, or versions of one.

    With the rule "version" the left record is an earlier version of the right one.
    """

    left: int
    right: int
    #: One of compare.RULES, or "version".
    rule: str
    #: The values that agree.
    evidence: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What resolving records came to."""

    #: One record a work, each with its id and its agents, sorted by id.
    works: tuple[Record, ...]
    #: Why records are one work, by their places in the sequence that was resolved.
    matches: tuple[Match, ...]
    #: Why works are versions, by the place of one record of each.
    versions: tuple[Match, ...]
    #: Pairs that a curator has to settle.
    undecided: tuple[Undecided, ...]
    #: One for each id that a merged work has lost.
    tombstones: tuple[Tombstone, ...]
    #: Decisions that cannot be followed.
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Work:
    """A work on the way: its record so far, and the places of the records it is made of."""

    record: Record
    features: Features
    members: tuple[int, ...]


#: Two works by their place, and what the left one is to the right one.
_Finding = tuple[int, int, Verdict]


def resolve(
    records: Sequence[Record],
    decisions: Sequence[Decision] = (),
    tombstones: Sequence[Tombstone] = (),
    undone: Sequence[Record] = (),
) -> Resolution:
    """The works that the records describe.

    ``tombstones`` are those the catalogue has: a decision may name a work by the id it had, and
    no other work gets that id. ``undone`` are works whose import was undone: one that comes again
    gets its id back.
    """
    rulings, problems = rulings_of(decisions, records, tombstones)
    works, matches, findings = _settled(records, rulings)
    # an id that a work loses here is no more free than one it has lost before
    taken = (*(stone.id for stone in tombstones), *(record.id for record in records))
    named = _named([work.record for work in works], taken, undone)
    stones = _tombstones(records, works, matches)
    here = rulings.moved(_where(works, len(records)))
    versions = [*_versions(findings), *here.versions.items()]
    linked = _linked(named, [pair for pair, _ in versions], here, (*tombstones, *stones))
    return Resolution(
        works=tuple(with_agents(sorted(linked, key=lambda work: work.id))),
        matches=tuple(matches),
        versions=tuple(
            Match(works[a].members[0], works[b].members[0], "version", why)
            for (a, b), why in versions
        ),
        undecided=_undecided(named, findings),
        tombstones=stones,
        problems=problems,
    )


def cluster(records: Sequence[Record]) -> tuple[list[list[int]], list[Match]]:
    """The places of the records of each work, in order, and every match that joined them."""
    works, matches, _ = _settled(records, Rulings())
    return sorted(list(work.members) for work in works), matches


def explain(match: Match, records: Sequence[Record]) -> str:
    """A match in words: "a.bib#wood = b.bib#w19 because doi 10.1177/1"."""
    verb = "is an earlier version of" if match.rule == "version" else "="
    left, right = (_label(records[place]) for place in (match.left, match.right))
    return f"{left} {verb} {right} because {_reason(match)}"


def with_ids(records: Iterable[Record]) -> list[Record]:
    """The records, sorted by id: a new one gets the next free slug, in a stable order."""
    return sorted(_named(list(records), (), ()), key=lambda record: record.id)


def _named(
    records: Sequence[Record], taken: Iterable[str], undone: Iterable[Record]
) -> list[Record]:
    """The records in their order, each with an id."""
    named = list(records)
    ids = {record.id for record in records if record.id}
    minter = Minter((*taken, *ids))
    known: dict[str, list[Record]] = defaultdict(list)
    for work in undone:
        if work.id not in ids:
            known[publication_slug(work)].append(work)
    fresh = [
        (publication_slug(record), _order(record), place)
        for place, record in enumerate(records)
        if not record.id
    ]
    for slug, _, place in sorted(fresh):
        again = next((work for work in known[slug] if is_same(work, records[place])), None)
        if again:
            known[slug].remove(again)
        named[place] = replace(records[place], id=again.id if again else minter.mint(slug))
    return named


def is_same(left: Record, right: Record) -> bool:
    """Whether the rules alone make two records one work."""
    return compare(features_of(left), features_of(right)).relation == "same"


def same_as(works: Iterable[Record], others: Sequence[Record]) -> Iterator[tuple[Record, Record]]:
    """The works that the rules alone make one with one of the others, each with that one."""
    known = [(other, features_of(other)) for other in others]
    for work in works if known else ():
        own = features_of(work)
        same = (each for each, theirs in known if compare(theirs, own).relation == "same")
        if other := next(same, None):
            yield work, other


def _settled(
    records: Sequence[Record], rulings: Rulings
) -> tuple[list[_Work], list[Match], list[_Finding]]:
    """The works, why their records are one, and what is left to say of pairs of works.

    Merged records know more than each did, so they are compared again until nothing more is one.
    """
    works = [_Work(record, features_of(record), (n,)) for n, record in enumerate(records)]
    matches: list[Match] = []
    while True:
        here = rulings.moved(_where(works, len(records)))
        findings = list(_findings(works, here))
        groups, joined = _joined(works, findings, here)
        if not joined:
            return works, matches, findings
        matches += (
            Match(works[a].members[0], works[b].members[0], verdict.rule, verdict.evidence)
            for a, b, verdict in joined
        )
        works = [_merged([works[place] for place in group]) for group in groups]


def _findings(works: Sequence[_Work], rulings: Rulings) -> Iterator[_Finding]:
    """What pairs of works are to each other, as far as they are anything, best evidence first."""
    order = sorted(range(len(works)), key=lambda place: _order(works[place].record))
    features = [works[place].features for place in order]
    ruled = rulings.apart | rulings.same.keys()
    ranked = []
    for left, right in candidates(features):
        verdict = compare(features[left], features[right])
        if verdict.relation != "different":
            ranked.append((_RANK.get(verdict.rule, len(_RANK)), left, right, verdict))
    for _, left, right, verdict in sorted(ranked, key=lambda finding: finding[:3]):
        a, b = order[left], order[right]
        if ordered(a, b) not in ruled:
            yield a, b, verdict


def _joined(
    works: Sequence[_Work], findings: Iterable[_Finding], rulings: Rulings
) -> tuple[list[list[int]], list[_Finding]]:
    """The groups of works that are one, and the findings that joined them."""
    groups = Groups(len(works))
    used: list[_Finding] = []
    for (a, b), reason in rulings.same.items():
        groups.join(a, b)
        used.append((a, b, Verdict("same", "decision", reason)))
    clashes = Clashes([work.features for work in works], rulings, groups)
    for a, b, verdict in findings:
        one, other = groups.find(a), groups.find(b)
        if verdict.relation != "same" or one == other:
            continue
        if not clashes.between(one, other):
            groups.join(a, b)
            clashes.join(one, other, groups.find(a))
            used.append((a, b, verdict))
    return [group for group in groups.members if group], used


def _merged(works: Sequence[_Work]) -> _Work:
    if len(works) == 1:
        return works[0]
    record = merge([work.record for work in works])
    return _Work(record, features_of(record), tuple(sorted(n for w in works for n in w.members)))


def _where(works: Sequence[_Work], size: int) -> list[int]:
    """For each record the place of the work it has become part of."""
    where = [0] * size
    for place, work in enumerate(works):
        for member in work.members:
            where[member] = place
    return where


def _versions(findings: Iterable[_Finding]) -> Iterator[tuple[tuple[int, int], str]]:
    """The pairs (earlier version, later version) and why."""
    for a, b, verdict in findings:
        if verdict.relation == "earlier":
            yield (a, b), verdict.evidence
        elif verdict.relation == "later":
            yield (b, a), verdict.evidence


def _linked(
    works: Sequence[Record],
    versions: Iterable[tuple[int, int]],
    rulings: Rulings,
    tombstones: Iterable[Tombstone],
) -> list[Record]:
    """The works with the links to their later versions; a decision takes its pair's link away."""
    graves = {stone.id: stone for stone in tombstones}
    links = [{survivor(later, graves) for later in work.version_of} for work in works]
    for a, b in rulings.apart:
        links[a].discard(works[b].id)
        links[b].discard(works[a].id)
    for earlier, later in versions:
        links[earlier].add(works[later].id)
    linked = []
    for work, ids in zip(works, links, strict=True):
        version_of = tuple(sorted(ids - {work.id, ""}))
        unchanged = work.version_of == version_of
        linked.append(work if unchanged else replace(work, version_of=version_of))
    return linked


def _undecided(works: Sequence[Record], findings: Iterable[_Finding]) -> tuple[Undecided, ...]:
    pairs = []
    for a, b, verdict in findings:
        if verdict.relation in ("undecided", "same"):
            left, right = sorted((works[a], works[b]), key=lambda work: work.id)
            pairs.append(Undecided(left.id, right.id, verdict.evidence, left.title, right.title))
    return tuple(sorted(pairs, key=lambda pair: (pair.left, pair.right)))


def _tombstones(
    records: Sequence[Record], works: Sequence[_Work], matches: Sequence[Match]
) -> tuple[Tombstone, ...]:
    """What is left of the works of the catalogue that have been merged into others."""
    reasons: dict[int, str] = {}
    for match in matches:
        reasons.setdefault(match.right, f"merged: {_reason(match)}")
        reasons.setdefault(match.left, f"merged: {_reason(match)}")
    gone = [
        Tombstone(records[n].id, work.record.id, reasons.get(n, "merged"))
        for work in works
        for n in work.members
        if records[n].id and records[n].id != work.record.id
    ]
    return tuple(sorted(gone, key=lambda stone: stone.id))


def _reason(match: Match) -> str:
    return f"{match.rule} {match.evidence}".strip()


def _label(record: Record) -> str:
    source = record.sources[0] if record.sources else None
    return record.id or (f"{source.file}#{source.key}" if source else f'"{record.title}"')


def _order(record: Record) -> tuple[str, ...]:
    """A place in an order of its own for each record, so that the input's order plays no part."""
    source = record.sources[0] if record.sources else None
    return (
        *(record.title, str(record.year), "; ".join(map(str, record.authors))),
        *(record.doi, record.container_title, record.volume, record.issue, record.page),
        *(record.type, record.edition, record.url, record.original_title, " ".join(record.isbn)),
        *(record.number, record.genre, record.collection_title, record.publisher, record.id),
        *((source.file, source.key, str(source.position)) if source else ()),
    )
