"""Counts: the numbers that VoID gives for a set of triples.

The stream of statements is counted piece by piece, and the counts of the pieces are added up.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path

from .statements import TYPE, Statement, datatype_of, typing, value_of

#: Bytes of an object's digest.
_DIGEST = 8
#: About how many objects are compared at a time.
_SHARE = 2**18

#: Node, as N-Quads writes it -> the IRIs of its classes, sorted.
Types = dict[str, tuple[str, ...]]
#: Gives the classes of a node, if it has any.
Classes = Callable[[str], tuple[str, ...]]
#: Classes of the subject, property, and classes of the object or its datatype.
_Shape = tuple[tuple[str, ...], str, tuple[str, ...] | str]
#: A class, a property that its members have, and the range of values: ("class" or "datatype",
#: its IRI), or ("", "") for all of them.
Part = tuple[str, str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that a description gives for a set of triples."""

    triples: int
    entities: int
    subjects: int
    objects: int
    #: IRI and number of members.
    classes: tuple[tuple[str, int], ...]
    #: IRI and number of triples.
    properties: tuple[tuple[str, int], ...]
    #: Number of triples by class, property and range.
    parts: tuple[tuple[Part, int], ...]


@dataclass(slots=True)
class Counts:
    """The counts of sets of triples that have no subject in common."""

    triples: int = 0
    entities: int = 0
    subjects: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    shapes: Counter[_Shape] = field(default_factory=Counter)
    #: The sorted digests of the objects of each set.
    objects: tuple[Sequence[int], ...] = ()

    def __add__(self, more: Counts) -> Counts:
        return Counts(
            self.triples + more.triples,
            self.entities + more.entities,
            self.subjects + more.subjects,
            self.classes + more.classes,
            self.properties + more.properties,
            self.shapes + more.shapes,
            self.objects + more.objects,
        )

    @property
    def distinct_objects(self) -> int:
        """The number of distinct objects."""
        top, shares = 1 << 8 * _DIGEST, sum(map(len, self.objects)) // _SHARE + 1
        bounds = pairwise(top * n // shares for n in range(shares + 1))
        return sum(len(set().union(*_between(self.objects, *share))) for share in bounds)

    def more_objects(self, more: Counts) -> int:
        """The number of distinct objects in ``more`` that are not in these."""
        digests = set().union(*more.objects)
        return sum(all(_lacks(digest, of_set) for of_set in self.objects) for digest in digests)

    def numbers(self, objects: int) -> Numbers:
        """The numbers for a description, given the number of distinct objects."""
        return Numbers(
            triples=self.triples,
            entities=self.entities,
            subjects=self.subjects,
            objects=objects,
            classes=_by_iri(self.classes),
            properties=_by_iri(self.properties),
            parts=tuple(sorted(_parts(self.shapes).items())),
        )


def counts_of(subjects: Iterable[tuple[str, Sequence[Statement]]], classes_of: Classes) -> Counts:
    """Count the triples of some subjects."""
    counts = Counts()
    classes_of = cache(classes_of)
    shapes, objects = counts.shapes, set()
    for subject, given in subjects:
        is_entity = False
        classes = classes_of(subject)
        counts.subjects += 1
        counts.triples += len(given)
        for _, predicate, value, _ in given:
            objects.add(value)
            of = datatype_of(value) if value[0] == '"' else classes_of(value)
            shapes[classes, predicate, of] += 1
            if predicate == TYPE and value[0] == "<":
                counts.classes[value] += 1
                is_entity = True
        counts.entities += is_entity
    for (_, predicate, _), number in shapes.items():
        counts.properties[predicate] += number
    counts.objects = (array("Q", sorted(set(map(_digest, objects)))),)
    return counts


def write_digests(objects: Iterable[Sequence[int]], path: Path) -> None:
    """Write sets of digests, each after its length; such files may be concatenated."""
    with path.open("wb") as file:
        for digests in objects:
            array("Q", [len(digests), *digests]).tofile(file)


def read_digests(path: Path) -> tuple[Sequence[int], ...]:
    """The sets of digests in a file, which is only read as they are used."""
    with path.open("rb") as file:
        numbers = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ)).cast("Q")
    sets, place = [], 0
    while place < len(numbers):
        start = place + 1
        place = start + numbers[place]
        sets.append(numbers[start:place])
    return tuple(sets)


def types_of(statements: Iterable[Statement]) -> Types:
    """The classes of every node that has one."""
    # many nodes share a few sets of classes: keep each set once
    sets: dict[tuple[str, ...], tuple[str, ...]] = {}
    types: Types = {}
    for node, name in typing(statements):
        names = tuple(sorted({*types.get(node, ()), name}))
        types[node] = sets.setdefault(names, names)
    return types


def _digest(value: str) -> int:
    return int.from_bytes(blake2b(value.encode(), digest_size=_DIGEST).digest(), "big")


def _by_iri(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((value_of(term), count) for term, count in counts.items()))


def _parts(shapes: Mapping[_Shape, int]) -> Counter[Part]:
    """The triples by class of the subject, property, and class or datatype of the object."""
    parts: Counter[Part] = Counter()
    for (classes, property, of), number in shapes.items():
        ranges = [("datatype", of)] if isinstance(of, str) else [("class", name) for name in of]
        for name in classes:
            for range in (("", ""), *ranges):
                parts[name, value_of(property), range] += number
    return parts


def _between(sets: Collection[Sequence[int]], start: int, end: int) -> Iterator[Sequence[int]]:
    for each in sets:
        yield each[bisect_left(each, start) : bisect_left(each, end)]


def _lacks(digest: int, digests: Sequence[int]) -> bool:
    place = bisect_left(digests, digest)
    return place == len(digests) or digests[place] != digest
