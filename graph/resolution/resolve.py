"""Resolution: which records describe the same work, which works are versions, and who wrote them.

Two records are the same work if they share an identifier, or a title with its year and first author
(``compare`` has the rules), but never if they contradict each other, whatever a third record
shares with both. Cases that the rules cannot settle are listed for a curator, whose decisions
override every rule. The result does not depend on the order of the records.

Records, their features and the findings are kept on disk; memory holds a few numbers per record.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..model import Problem, Record, Tombstone
from ..shelf import Picked, Scratch, Shelf
from .agents import with_agents
from .blocking import candidate_pairs
from .clashes import Clashes
from .compare import RULES, Verdict, compare
from .decisions import Decision, Undecided
from .features import Features, features_of
from .groups import Groups
from .ids import Ids, order_of
from .merging import merge
from .rulings import Pair, Rulings, ordered, rulings_of
from .survivor import survivor

_RANK = {rule: rank for rank, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Match:
    """Why two records (by their place in the sequence) are the same work, or versions of it.

    With the rule "version", the left record is an earlier version of the right one.
    """

    left: int
    right: int
    #: One of compare.RULES, or "version".
    rule: str
    #: The values that agree.
    evidence: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """The result of resolving records."""

    #: The records that were resolved.
    records: Sequence[Record]
    #: One record for each work, with its id and agents, sorted by id.
    works: Sequence[Record]
    #: Why records are the same work, by their places in ``records``.
    matches: Sequence[Match]
    #: Why works are versions, by the place of one record of each.
    versions: tuple[Match, ...]
    #: Pairs that a curator has to decide on.
    undecided: tuple[Undecided, ...]
    #: One for each id that a merged work has lost.
    tombstones: tuple[Tombstone, ...]
    #: Decisions that cannot be applied.
    problems: tuple[Problem, ...]


#: Two works, by their places, and how the left one relates to the right one.
_Finding = tuple[int, int, Verdict]


def resolve(
    records: Iterable[Record],
    decisions: Sequence[Decision] = (),
    tombstones: Sequence[Tombstone] = (),
    undone: Sequence[Record] = (),
) -> Resolution:
    """Resolve records to the works that they describe.

    ``tombstones`` are those of the catalogue: a decision may use the old id of a work, and no other
    work gets that id. ``undone`` are works whose import was undone: if one is imported again, it
    gets its id back.
    """
    works = _Works(records)
    rulings, problems = rulings_of(decisions, works.given, tombstones)
    matches, findings = _settled(works, rulings)
    # ids that works lose here must not be reused, like those lost earlier
    taken = (stone.id for stone in tombstones)
    ids = Ids(works.merged, (*taken, *(id for id, _ in works.known)), undone)
    stones = _tombstones(works, matches)
    here = rulings.moved(works.where)
    versions = [*_versions(findings), *here.versions.items()]
    linked = _linked(works.merged, ids, [p for p, _ in versions], here, (*tombstones, *stones))
    return Resolution(
        records=works.given,
        works=with_agents(linked),
        matches=matches,
        versions=tuple(
            Match(works.first[a], works.first[b], "version", why) for (a, b), why in versions
        ),
        undecided=_undecided(works.merged, ids, findings),
        tombstones=stones,
        problems=problems,
    )


def cluster(records: Iterable[Record]) -> tuple[list[list[int]], Sequence[Match]]:
    """Return the places of each work's records, in order, and every match that joined them."""
    works = _Works(records)
    matches, _ = _settled(works, Rulings())
    clusters: dict[int, list[int]] = defaultdict(list)
    for place, work in enumerate(works.where):
        clusters[work].append(place)
    return sorted(clusters.values()), matches


def explain(match: Match, records: Sequence[Record]) -> str:
    """Put a match into words: "a.bib#wood = b.bib#w19 because doi 10.1177/1"."""
    verb = "is an earlier version of" if match.rule == "version" else "="
    left, right = (_label(records[place]) for place in (match.left, match.right))
    return f"{left} {verb} {right} because {_reason(match)}"


class _Works:
    """The works during resolution: each as merged so far, and the records it consists of."""

    def __init__(self, records: Iterable[Record]) -> None:
        #: The given records, followed by the records of merged works.
        self._records, self._features = Shelf[Record](), Shelf[Features]()
        self._orders = Scratch("CREATE TABLE record (place INTEGER PRIMARY KEY, value BLOB)")
        #: The ids of the given records, each with the place of its record.
        self.known = Shelf[tuple[str, int]]()
        for place, record in enumerate(records):
            self._put(record)
            if record.id:
                self.known.append((record.id, place))
        given = range(len(self._records))
        self.given = Picked(self._records, given)
        #: For each work, the place of its record, and of the first given record it consists of.
        self._places, self.first = array("i", given), array("i", given)
        #: For each given record, the number of the work it belongs to.
        self.where = array("i", given)

    def __len__(self) -> int:
        return len(self._places)

    @property
    def merged(self) -> Picked[Record]:
        """One record for each work."""
        return Picked(self._records, self._places)

    def features(self, works: Iterable[int]) -> Picked[Features]:
        """The features of these works."""
        return Picked(self._features, array("i", (self._places[n] for n in works)))

    def sorted(self) -> Sequence[int]:
        """The works, in an order that does not depend on the order of the records."""
        numbers = array("i", [-1]) * len(self._records)
        for number, place in enumerate(self._places):
            numbers[place] = number
        self._orders.create_function("number", 1, numbers.__getitem__)
        rows = self._orders.execute(
            "SELECT number(place) FROM record WHERE number(place) >= 0"
            " ORDER BY value, number(place)"
        )
        return array("i", (number for (number,) in rows))

    def join(self, groups: Groups) -> None:
        """Merge the works of each group."""
        merged, places, first = self.merged, array("i"), array("i")
        moved = array("i", [0]) * len(self)
        for number, group in enumerate(groups):
            is_one = len(group) == 1
            place = self._places[group[0]]
            places.append(place if is_one else self._put(merge([merged[n] for n in group])))
            first.append(min(self.first[n] for n in group))
            for n in group:
                moved[n] = number
        self._places, self.first = places, first
        self.where = array("i", (moved[work] for work in self.where))

    def lost(self) -> Iterator[tuple[str, int, Record]]:
        """Yield each id that was lost, the place of the record that had it, and its work now."""
        merged = self.merged
        for id, place in self.known:
            number = self.where[place]
            if self._places[number] != place and (work := merged[number]).id != id:
                yield id, place, work

    def _put(self, record: Record) -> int:
        self._records.append(record)
        self._features.append(features_of(record))
        place = len(self._records) - 1
        self._orders.execute("INSERT INTO record VALUES (?, ?)", (place, order_of(record)))
        return place


def _settled(works: _Works, rulings: Rulings) -> tuple[Sequence[Match], Iterable[_Finding]]:
    """Merge the works; return why, and the remaining findings on pairs of works.

    A merged record says more than its parts, so works are compared again until none are merged.
    """
    matches = Shelf[Match]()
    while True:
        here = rulings.moved(works.where)
        findings = _Findings(works, here)
        before = len(matches)
        groups = Groups(len(works))
        for a, b, verdict in _joining(groups, works.features(range(len(works))), findings, here):
            evidence = verdict.evidence
            matches.append(Match(works.first[a], works.first[b], verdict.rule, evidence))
        if len(matches) == before:
            return matches, findings
        works.join(groups)


class _Findings:
    """How pairs of works relate to each other, if they do, best evidence first."""

    def __init__(self, works: _Works, rulings: Rulings) -> None:
        self._base = Scratch(
            "CREATE TABLE finding (rank INTEGER, one INTEGER, other INTEGER, a INTEGER,"
            " b INTEGER, relation TEXT, rule TEXT, evidence TEXT)"
        )
        order = works.sorted()
        features = works.features(order)
        ruled = rulings.apart | rulings.same.keys()
        for one, other in candidate_pairs(features):
            a, b = order[one], order[other]
            found = compare(features[one], features[other])
            if found.relation == "different" or ordered(a, b) in ruled:
                continue
            row = (_RANK.get(found.rule, len(_RANK)), one, other, a, b, found.relation, found.rule)
            self._base.execute(
                "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, found.evidence)
            )

    def __iter__(self) -> Iterator[_Finding]:
        rows = "SELECT a, b, relation, rule, evidence FROM finding ORDER BY rank, one, other"
        for a, b, *verdict in self._base.execute(rows):
            yield a, b, Verdict(*verdict)


def _joining(
    groups: Groups, features: Sequence[Features], findings: Iterable[_Finding], rulings: Rulings
) -> Iterator[_Finding]:
    """Join works in ``groups``, and yield the findings that join them."""
    for (a, b), reason in rulings.same.items():
        groups.join(a, b)
        yield a, b, Verdict("same", "decision", reason)
    clashes = Clashes(features, rulings, groups)
    for a, b, verdict in findings:
        one, other = groups.find(a), groups.find(b)
        if verdict.relation != "same" or one == other:
            continue
        if not clashes.between(one, other):
            groups.join(a, b)
            clashes.join(one, other, groups.find(a))
            yield a, b, verdict


def _versions(findings: Iterable[_Finding]) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the pairs (earlier version, later version) and why."""
    for a, b, verdict in findings:
        if verdict.relation == "earlier":
            yield (a, b), verdict.evidence
        elif verdict.relation == "later":
            yield (b, a), verdict.evidence


def _linked(
    works: Sequence[Record],
    ids: Ids,
    versions: Iterable[Pair],
    rulings: Rulings,
    tombstones: Iterable[Tombstone],
) -> Iterator[Record]:
    """Yield the works, sorted by id, with their ids and the links to their later versions.

    If a decision says that two works are different, the link between them is removed.
    """
    graves = {stone.id: stone for stone in tombstones}
    apart, later = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for a, b in rulings.apart:
        apart[a].add(ids[b])
        apart[b].add(ids[a])
    for a, b in versions:
        later[a].add(ids[b])
    for id, place in ids:
        work = works[place]
        links = {survivor(version, graves) for version in work.version_of}
        links = (links - apart.get(place, set())) | later.get(place, set())
        version_of = tuple(sorted(links - {id, ""}))
        unchanged = (work.id, work.version_of) == (id, version_of)
        yield work if unchanged else replace(work, id=id, version_of=version_of)


def _undecided(
    works: Sequence[Record], ids: Ids, findings: Iterable[_Finding]
) -> tuple[Undecided, ...]:
    pairs = []
    for a, b, verdict in findings:
        if verdict.relation in ("undecided", "same"):
            (left, one), (right, other) = sorted(((ids[a], a), (ids[b], b)))
            titles = works[one].title, works[other].title
            pairs.append(Undecided(left, right, verdict.evidence, *titles))
    return tuple(sorted(pairs, key=lambda pair: (pair.left, pair.right)))


def _tombstones(works: _Works, matches: Iterable[Match]) -> tuple[Tombstone, ...]:
    """The tombstones of works of the catalogue that have been merged into others."""
    gone = {place: Tombstone(id, work.id, "merged") for id, place, work in works.lost()}
    reasons: dict[int, str] = {}
    for match in matches if gone else ():
        for place in (match.right, match.left):
            if place in gone:
                reasons.setdefault(place, f"merged: {_reason(match)}")
    stones = (replace(s, reason=reasons.get(n, s.reason)) for n, s in gone.items())
    return tuple(sorted(stones, key=lambda stone: stone.id))


def _reason(match: Match) -> str:
    return f"{match.rule} {match.evidence}".strip()


def _label(record: Record) -> str:
    return record.id or (record.sources[0].name if record.sources else f'"{record.title}"')
