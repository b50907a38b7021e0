"""Blocking: which pairs of records are worth comparing.

Records are compared only inside blocks that share a key. A block that grows large ("Editorial",
Wang 2020) is divided by a further key; what is large still is sorted, and each record compared
with its next neighbours. So each record is compared with a bounded number of others, and the
pairs grow with the number of records, not with its square. What that loses: of the 21,000 pairs of
duplicates among 100,000 generated records, 16 are never compared.

Keys and pairs stand in a scratch file, which is sorted: in memory is one block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter

from ..shelf import Picked, Scratch
from .features import Features

#: Blocks of up to so many records are compared all with all.
_SMALL = 8
#: In a larger one each record is compared with so many that follow it in order.
_WINDOW = 5

_SCHEMA = """
CREATE TABLE key (kind INTEGER, key BLOB, place INTEGER);
CREATE TABLE pair (one INTEGER, other INTEGER);
"""

Key = tuple[str, ...]
_Pair = tuple[int, int]


def candidates(features: Picked[Features]) -> Iterator[_Pair]:
    """The pairs (left < right) to compare, in order; most stand in several blocks."""
    base = Scratch(_SCHEMA)
    base.executemany("INSERT INTO key VALUES (?, ?, ?)", _keys(features))
    base.executemany("INSERT INTO pair VALUES (?, ?)", _pairs_of_blocks(base, features))
    yield from base.execute("SELECT DISTINCT one, other FROM pair ORDER BY one, other")


def _pairs_of_blocks(base: Scratch, features: Sequence[Features]) -> Iterator[_Pair]:
    rows = base.execute("SELECT kind, key, place FROM key ORDER BY kind, key, place")
    for (kind, _), same in groupby(rows, itemgetter(0, 1)):
        block = [place for _, _, place in same]
        for one, other in _KINDS[kind].pairs(features, block) if len(block) > 1 else ():
            if one != other:
                yield (one, other) if one < other else (other, one)


def _keys(features: Picked[Features]) -> Iterator[tuple[int, bytes, int]]:
    for place, one in features.as_they_stand():
        for number, kind in enumerate(_KINDS):
            for key in kind.keys(one):
                # no part but the last can have the mark between them
                yield number, "\x1f".join(key).encode("utf-8", "surrogatepass"), place


def _titles(one: Features) -> Iterator[Key]:
    """The title, and the main title of which another record may have it all."""
    yield from ((key,) for key in one.title.keys)
    if one.title.main:
        yield (one.title.main,)


def _identifiers(one: Features) -> Iterator[Key]:
    yield from one.identifiers.items()
    yield from (("isbn", isbn) for isbn in one.isbn)


def _page(one: Features) -> Iterator[Key]:
    """The first author, and a page of one year's volume."""
    if one.page and one.families:
        yield one.families[0], str(one.year), one.page


def _authors(one: Features) -> Iterator[Key]:
    """All authors: two titles of theirs may be one in two spellings."""
    if one.families:
        yield one.families


def _pairs_of_title(features: Sequence[Features], block: Sequence[int]) -> Iterator[_Pair]:
    if len(block) <= _SMALL:
        yield from _pairs(features, block, [])
        return
    # records without an author are compared by the rest
    yield from _pairs(features, block, [_place_order])
    parts: dict[str, list[int]] = defaultdict(list)
    for place in block:
        for words in features[place].words:
            for word in words:
                parts[word].append(place)
    for part in parts.values():
        yield from _pairs(features, part, [_place_order])


def _place_order(one: Features) -> Key:
    return (str(one.year), one.venue.name, one.volume, one.issue, one.page, one.title.key)


def _title_order(one: Features) -> Key:
    return (one.title.key, *_place_order(one))


def _title_order_from_end(one: Features) -> Key:
    return (one.title.key[::-1], *_place_order(one))


def _pairs(
    features: Sequence[Features], block: Sequence[int], orders: Sequence[Callable[[Features], Key]]
) -> Iterator[_Pair]:
    """All pairs of a small block; of a large one, the neighbours in each of the orders."""
    if len(block) <= _SMALL:
        yield from ((a, b) for i, a in enumerate(block) for b in block[i + 1 :])
        return
    for order in orders:
        ordered = sorted(block, key=lambda place: (order(features[place]), place))
        for i, a in enumerate(ordered):
            yield from ((a, b) for b in ordered[i + 1 : i + 1 + _WINDOW])


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of blocks: the keys of a record, and the pairs of a block."""

    keys: Callable[[Features], Iterator[Key]]
    pairs: Callable[[Sequence[Features], Sequence[int]], Iterator[_Pair]]


_BY_TITLE = partial(_pairs, orders=[_title_order])
_KINDS = (
    _Kind(_titles, _pairs_of_title),
    # an ISBN that a hundred chapters share: their titles tell them apart
    _Kind(_identifiers, _BY_TITLE),
    _Kind(_page, _BY_TITLE),
    # misspelt near its end, a title sorts next to its twin; near its start, turned round
    _Kind(_authors, partial(_pairs, orders=[_title_order, _title_order_from_end])),
)
