"""Blocking: which pairs of records are worth comparing.

Records are compared only within blocks that share a key. A large block ("Editorial", Wang 2020) is
split by a further key. If a part is still large, it is sorted, and each record is compared only
with the next few. So the number of pairs grows with the number of records, not with its square.
The cost: among 100,000 generated records with 21,000 duplicate pairs, 16 pairs are never compared.

Keys and pairs are sorted in a scratch file; memory holds one block at a time.
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

#: In a block of up to this many records, every pair is compared.
_SMALL = 8
#: In a larger block, each record is compared with this many that follow it in sort order.
_WINDOW = 5

_SCHEMA = """
CREATE TABLE key (kind INTEGER, key BLOB, place INTEGER);
CREATE TABLE pair (one INTEGER, other INTEGER);
"""

Key = tuple[str, ...]
_Pair = tuple[int, int]


def candidate_pairs(features: Picked[Features]) -> Iterator[_Pair]:
    """Yield the pairs (left < right) to compare, in order, each once."""
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
                # only the last part may contain the separator
                yield number, "\x1f".join(key).encode("utf-8", "surrogatepass"), place


def _titles(one: Features) -> Iterator[Key]:
    """Yield the title keys, and the main title: another record may have that as its whole title."""
    yield from ((key,) for key in one.title.keys)
    if one.title.main:
        yield (one.title.main,)


def _identifiers(one: Features) -> Iterator[Key]:
    yield from one.identifiers.items()
    yield from (("isbn", isbn) for isbn in one.isbn)


def _page(one: Features) -> Iterator[Key]:
    """Yield the first author with the year and page."""
    if one.page and one.families:
        yield one.families[0], str(one.year), one.page


def _authors(one: Features) -> Iterator[Key]:
    """Yield the list of authors: it also brings together two spellings of one title."""
    if one.families:
        yield one.families


def _pairs_of_title(features: Sequence[Features], block: Sequence[int]) -> Iterator[_Pair]:
    if len(block) <= _SMALL:
        yield from _pairs(features, block, [])
        return
    # this also covers records without an author
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
    """Yield all pairs of a small block, or the neighbours of a large one in each sort order."""
    if len(block) <= _SMALL:
        yield from ((a, b) for i, a in enumerate(block) for b in block[i + 1 :])
        return
    for order in orders:
        ordered = sorted(block, key=lambda place: (order(features[place]), place))
        for i, a in enumerate(ordered):
            yield from ((a, b) for b in ordered[i + 1 : i + 1 + _WINDOW])


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of block: the keys of a record, and the pairs within a block."""

    keys: Callable[[Features], Iterator[Key]]
    pairs: Callable[[Sequence[Features], Sequence[int]], Iterator[_Pair]]


_BY_TITLE = partial(_pairs, orders=[_title_order])
_KINDS = (
    _Kind(_titles, _pairs_of_title),
    # a hundred chapters may share an ISBN: their titles tell them apart
    _Kind(_identifiers, _BY_TITLE),
    _Kind(_page, _BY_TITLE),
    # a title misspelt near its end sorts next to its twin; misspelt near its start, it does so
    # when reversed
    _Kind(_authors, partial(_pairs, orders=[_title_order, _title_order_from_end])),
)
