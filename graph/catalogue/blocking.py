"""Blocking: which pairs of records are worth comparing.

Records are compared only inside blocks that share a key. A block that grows large ("Editorial",
Wang 2020) is divided by a further key; what is large still is sorted, and each record compared
with its next neighbours. So each record is compared with a bounded number of others, and the
pairs grow with the number of records, not with its square. What that loses: of the 21,000 pairs of
duplicates among 100,000 generated records, 16 are never compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from .features import Features

#: Blocks of up to so many records are compared all with all.
_SMALL = 8
#: In a larger one each record is compared with so many that follow it in order.
_WINDOW = 5

Key = tuple[str, ...]


def candidates(features: Sequence[Features]) -> Iterator[tuple[int, int]]:
    """The pairs (left < right) to compare, each once, in an order the input's order sets."""
    compared: set[int] = set()
    size = len(features)
    for pairs in (
        _by_title(features),
        _by_identifier(features),
        _by_place(features),
        _by_authors(features),
    ):
        for one, other in pairs:
            left, right = (one, other) if one < other else (other, one)
            if left != right and left * size + right not in compared:
                compared.add(left * size + right)
                yield left, right


def _by_identifier(features: Sequence[Features]) -> Iterator[tuple[int, int]]:
    def keys(one: Features) -> Iterator[Key]:
        yield from one.identifiers.items()
        yield from (("isbn", isbn) for isbn in one.isbn)

    # an ISBN that a hundred chapters share: their titles tell them apart
    for block in _blocks(features, range(len(features)), keys):
        yield from _pairs(features, block, [_title_order])


def _by_title(features: Sequence[Features]) -> Iterator[tuple[int, int]]:
    """Records of one title, or of which one has the other's main title."""

    def keys(one: Features) -> Iterator[Key]:
        yield from ((key,) for key in one.title.keys)
        if one.title.main:
            yield (one.title.main,)

    for block in _blocks(features, range(len(features)), keys):
        if len(block) <= _SMALL:
            yield from _pairs(features, block, [])
            continue
        # records without an author are compared by the rest
        yield from _pairs(features, block, [_place_order])
        for part in _blocks(features, block, _author_words):
            yield from _pairs(features, part, [_place_order])


def _by_place(features: Sequence[Features]) -> Iterator[tuple[int, int]]:
    """Records of one first author on one page of one year's volume."""

    def keys(one: Features) -> Iterator[Key]:
        if one.page and one.families:
            yield one.families[0], str(one.year), one.page

    for block in _blocks(features, range(len(features)), keys):
        yield from _pairs(features, block, [_title_order])


def _by_authors(features: Sequence[Features]) -> Iterator[tuple[int, int]]:
    """Records of the same authors, whose titles may be one in two spellings."""

    def keys(one: Features) -> Iterator[Key]:
        if one.families:
            yield one.families

    for block in _blocks(features, range(len(features)), keys):
        # misspelt near its end, a title sorts next to its twin; near its start, turned round
        yield from _pairs(features, block, [_title_order, _title_order_from_end])


def _author_words(one: Features) -> Iterator[Key]:
    yield from {(word,) for words in one.words for word in words}


def _place_order(one: Features) -> Key:
    return (str(one.year), one.venue.name, one.volume, one.issue, one.page, one.title.key)


def _title_order(one: Features) -> Key:
    return (one.title.key, *_place_order(one))


def _title_order_from_end(one: Features) -> Key:
    return (one.title.key[::-1], *_place_order(one))


def _blocks(
    features: Sequence[Features], places: Iterable[int], keys: Callable[[Features], Iterator[Key]]
) -> Iterator[list[int]]:
    """The places of records that share a key, two or more a block."""
    blocks: dict[Key, list[int]] = defaultdict(list)
    for place in places:
        for key in keys(features[place]):
            blocks[key].append(place)
    yield from (block for block in blocks.values() if len(block) > 1)


def _pairs(
    features: Sequence[Features], block: Sequence[int], orders: Sequence[Callable[[Features], Key]]
) -> Iterator[tuple[int, int]]:
    """All pairs of a small block; of a large one, the neighbours in each of the orders."""
    if len(block) <= _SMALL:
        yield from ((a, b) for i, a in enumerate(block) for b in block[i + 1 :])
        return
    for order in orders:
        ordered = sorted(block, key=lambda place: (order(features[place]), place))
        for i, a in enumerate(ordered):
            yield from ((a, b) for b in ordered[i + 1 : i + 1 + _WINDOW])
