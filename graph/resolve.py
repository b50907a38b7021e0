"""Resolution: which records describe one work, which names one person, and the merged record.

Two records are one work when they share a DOI, or a title with its year and first author;
never when they contradict each other (two DOIs, book and chapter). Records are compared only
inside blocks that share a key, so the work grows with the number of records, not its square.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from .identity import agent_key, fold, mint, publication_slug
from .model import Facets, Name, Organisation, Record

__all__ = ["Match", "cluster", "match", "merge", "with_agents", "with_ids"]

#: Kinds that are two works even under one title: the book and its chapter, the article and its
#: reprint in a book.
_NEVER_ONE = frozenset(
    map(
        frozenset,
        (
            ("book", "chapter"),
            ("book", "article-journal"),
            ("book", "paper-conference"),
            ("chapter", "article-journal"),
        ),
    )
)

T = TypeVar("T")

#: A title in brackets after a translated one: "Title [Titel]", "Title (Titel)".
_BRACKETED = re.compile(r"^(?P<first>.+?)\s*[\[(](?P<second>[^\[\]()]{12,})[\])]\s*\W*$")
#: A footnote mark that some databases leave on a title: "… representation 1", "… beziehungen **".
_FOOTNOTE = re.compile(r"(?<=[a-z])\s+[12]$")
#: Titles with fewer letters than this ("Editorial") say too little to be evidence.
_TELLING = 12


@dataclass(frozen=True, slots=True)
class Match:
    """Why two records (by their place in the sequence) are one work."""

    left: int
    right: int
    rule: str
    evidence: str


class _Groups:
    """Disjoint sets over 0..n-1 that refuse a union some pair of members objects to."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))
        self.members = [[i] for i in range(size)]

    def find(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, a: int, b: int) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        if a != b:
            self._parent[b] = a
            self.members[a] += self.members[b]
            self.members[b] = []


def match(left: Record, right: Record) -> str:
    """The rule by which two records are one work, or "" where none holds."""
    if _contradict(left, right):
        return ""
    titles = _title_keys(left) & _title_keys(right)
    main_title = _one_begins_other(left, right)
    same_authors = [*map(_family, left.authors)] == [*map(_family, right.authors)] != []
    if left.doi and left.doi == right.doi:
        return "doi" if titles or main_title or same_authors else ""
    if not _share_first_author(left, right):
        return ""
    same_year = left.year == right.year
    same_venue = _same_venue(left.container_title, right.container_title)
    if any(len(title) >= _TELLING for title in titles):
        if same_year:
            return "title-year-author"
        if left.year is None or right.year is None:
            return "title-author"
        if abs(left.year - right.year) == 1 and same_venue:
            return "title-author-venue"
    if same_venue and same_year and same_authors:
        if main_title:
            return "short-title-authors-venue"
        place = (left.volume, left.page)
        if all(place) and place == (right.volume, right.page):
            return "authors-venue-volume-pages"
    return ""


def cluster(records: Sequence[Record]) -> tuple[list[list[int]], list[Match]]:
    """The indices of the records of each work, in order, and every match that joined them."""
    groups = _Groups(len(records))
    matches = []
    for left, right in _candidates(records):
        a, b = groups.find(left), groups.find(right)
        rule = match(records[left], records[right]) if a != b else ""
        if rule and not any(
            _contradict(records[i], records[j])
            for i in groups.members[a]
            for j in groups.members[b]
        ):
            groups.join(a, b)
            evidence = records[left].doi if rule == "doi" else records[left].title
            matches.append(Match(left, right, rule, evidence))
    return [sorted(found) for found in groups.members if found], matches


def merge(records: Sequence[Record]) -> Record:
    """One record of several, one leading, its gaps filled from the others.

    The lead is the work of the catalogue, else the record that classifies the work (a record
    page), else the fullest. No value that the leading record has is replaced, except that author
    names in full take the place of the same authors' initials. Sources add up.
    """
    lead, *rest = sorted(records, key=lambda r: (not r.id, not _classifies(r), -_fullness(r)))
    found = lead
    for other in rest:
        gaps: dict[str, Any] = {
            f.name: getattr(other, f.name)
            for f in fields(Record)
            if f.name not in ("facets", "sources", "authors", "agents", "type", "more_authors")
            and not getattr(found, f.name)
        }
        found = replace(found, **gaps, facets=_merge_facets(found.facets, other.facets))
        found = replace(found, **_better_authors(found, other))
        if found.type == "document":
            found = replace(found, type=other.type)
    every = {(s.file, s.key, s.position): s for record in records for s in record.sources}
    return replace(found, sources=tuple(every[place] for place in sorted(every)))


def with_ids(records: Iterable[Record], taken: Iterable[str] = ()) -> list[Record]:
    """The records, each with an id: a new one gets the next free slug, in a stable order."""
    records = list(records)
    used = {*taken, *(record.id for record in records if record.id)}
    named = [record for record in records if record.id]
    fresh = [record for record in records if not record.id]
    for record in sorted(fresh, key=lambda r: (publication_slug(r), r.title, r.doi)):
        found = mint(publication_slug(record), used)
        used.add(found)
        named.append(replace(record, id=found))
    return sorted(named, key=lambda record: record.id)


def with_agents(records: Sequence[Record]) -> list[Record]:
    """The records, each author with an agent id; ids that are there stay.

    Same name is not same person: two mentions are one only where the given name is in full and
    they share a co-author or a venue. A body ("Eurofound") is one by its name.
    """
    mentions = [(r, n) for r, record in enumerate(records) for n in range(len(record.authors))]
    groups = _Groups(len(mentions))
    seen: dict[tuple[str, str], int] = {}
    for index, (r, n) in enumerate(mentions):
        for evidence in _agent_evidence(records[r], n):
            groups.join(seen.setdefault(evidence, index), index)
    known = {
        index: records[r].agents[n]
        for index, (r, n) in enumerate(mentions)
        if len(records[r].agents) == len(records[r].authors)
    }
    used = set(known.values())
    ids: dict[int, str] = dict(known)
    for found in groups.members:
        unknown = [index for index in found if index not in known]
        if not unknown:
            continue
        settled = sorted({known[index] for index in found if index in known})
        fullest = max(
            (records[r].authors[n] for r, n in map(mentions.__getitem__, found)), key=_size
        )
        agent = settled[0] if settled else mint(agent_key(fullest), used)
        used.add(agent)
        ids |= dict.fromkeys(unknown, agent)
    agents = defaultdict(list)
    for index, (r, _) in enumerate(mentions):
        agents[r].append(ids[index])
    return [replace(record, agents=tuple(agents[r])) for r, record in enumerate(records)]


def _candidates(records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Pairs that share a block: a DOI, a title, or first author and year; best evidence first."""
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, record in enumerate(records):
        if record.doi:
            blocks["1", record.doi].append(index)
        for key in _title_keys(record):
            blocks["2", key].append(index)
        if record.authors:
            blocks["3", _family(record.authors[0]), str(record.year)].append(index)
    for _, block in sorted(blocks.items()):
        yield from ((a, b) for i, a in enumerate(block) for b in block[i + 1 :])


def _title_keys(record: Record) -> frozenset[str]:
    """The title as it is compared, and each half of one that holds a translation."""
    titles = {record.title, record.original_title}
    for title in tuple(titles):
        if halves := _BRACKETED.match(title):
            titles |= {halves["first"], halves["second"]}
    keys = {_FOOTNOTE.sub("", fold(title)).replace(" ", "") for title in titles}
    return frozenset(keys - {""})


def _one_begins_other(left: Record, right: Record) -> bool:
    """Whether one title is the other's main title ("A" and "A: b")."""
    for short, long in ((left.title, right.title), (right.title, left.title)):
        main, colon, _ = long.partition(":")
        if colon and fold(main) == fold(short) and len(fold(short)) >= _TELLING:
            return True
    return False


def _contradict(left: Record, right: Record) -> bool:
    """Whether two records cannot be one work, whatever else they share."""
    if left.doi and right.doi and left.doi != right.doi:
        return True
    return frozenset((left.type, right.type)) in _NEVER_ONE


def _share_first_author(left: Record, right: Record) -> bool:
    """Whether the first author of one is an author of the other, however the name is turned."""
    if not left.authors or not right.authors:
        return not left.authors and not right.authors
    return any(
        _name_words(one.authors[0]) & _name_words(author)
        for one, other in ((left, right), (right, left))
        for author in other.authors
    )


def _name_words(name: Name) -> frozenset[str]:
    """The words that can tell a person: "Moritz, Altenried" and "Altenried, M." share one."""
    words = (word for word in fold(str(name)).split() if len(word) > 2)
    return frozenset((_family(name), *map(_plain, words)))


def _family(name: Name) -> str:
    return _plain(fold(name.literal or f"{name.particle} {name.family}").replace(" ", ""))


def _plain(folded: str) -> str:
    """German umlauts in their two spellings are one: "schorpf", "schoerpf"."""
    return re.sub(r"([aou])e", r"\1", folded)


def _same_venue(left: str, right: str) -> bool:
    """Whether two venues are one: the same words, the words and more, or the acronym first."""
    one, other = sorted((fold(left), fold(right)), key=len)
    if not one:
        return False
    if one == other or (len(one) >= _TELLING and other.startswith(one)):
        return True
    pairs = ((one, other), (other, one))
    return any(a.split()[0] == _acronym(b) for a, b in pairs)


def _acronym(folded: str) -> str:
    letters = "".join(word[0] for word in folded.split() if len(word) > 3)
    return letters if len(letters) > 2 else "?"


def _size(name: Name) -> tuple[int, str]:
    return len(str(name)), str(name)


def _classifies(record: Record) -> bool:
    return replace(record.facets, keywords=()) != Facets()


def _fullness(record: Record) -> int:
    """How much a record says; a DOI and full names count most."""
    filled = sum(bool(getattr(record, f.name)) for f in fields(Record))
    return filled + 3 * bool(record.doi) + 3 * all(_in_full(n) for n in record.authors)


def _in_full(name: Name) -> bool:
    """Whether the (first) given name is written out: not "L.C.", not "J"."""
    first = re.split(r"[\s.]+", name.given.strip())[0]
    return bool(name.literal) or (len(first) > 1 and not first.isupper())


def _better_authors(found: Record, other: Record) -> dict[str, Any]:
    """Other's author names where found has none, or only initials of the same people."""
    if found.agents or not other.authors:
        return {}
    same = [_family(n) for n in found.authors] == [_family(n) for n in other.authors]
    fuller = same and sum(map(_in_full, other.authors)) > sum(map(_in_full, found.authors))
    if not found.authors or fuller:
        return {"authors": other.authors, "more_authors": other.more_authors}
    return {}


def _merge_facets(first: Facets, second: Facets) -> Facets:
    values: dict[str, Any] = {}
    for f in fields(Facets):
        ours, theirs = getattr(first, f.name), getattr(second, f.name)
        values[f.name] = _joined(ours, theirs) if isinstance(ours, tuple) else ours or theirs
    return Facets(**values)


def _joined(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    """First's values, then second's new ones; texts are compared folded."""

    def key(value: T) -> object:
        return fold(value.name if isinstance(value, Organisation) else str(value))

    found = {key(value): value for value in reversed(first + second)}
    return tuple(found[k] for k in dict.fromkeys(map(key, first + second)))


def _agent_evidence(record: Record, place: int) -> Iterator[tuple[str, str]]:
    """What lets the author at this place be the same as another mention."""
    name = record.authors[place]
    if name.literal:
        yield "body", fold(name.literal)
    elif _in_full(name):
        whole = fold(str(name))
        if sum(fold(str(other)) == whole for other in record.authors) > 1:
            return  # two namesakes in one list are two people
        if record.container_title:
            yield whole, "venue " + fold(record.container_title)
        for n, other in enumerate(record.authors):
            if n != place:
                yield whole, f"co-author {_family(other)} {fold(other.given)[:1]}"
