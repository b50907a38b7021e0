"""Contradictions: what two records cannot both be or have if they are one work."""

from __future__ import annotations

import re
from collections.abc import Hashable

from .features import Features
from .titles import Title

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
            ("chapter", "report"),
        ),
    )
)
#: Kinds of publication by how final they are; a work goes from lower to higher.
FINALITY = {"preprint": 0, "report": 1, "conference": 1, "journal": 2, "chapter": 2, "book": 2}


def clash(left: Features, right: Features) -> bool:
    """Whether two records cannot be one work, whatever a third record has in common with both."""
    return (
        never_one(left, right)
        or bool(conflict_of(left, right))
        or is_preprint_of(left, right)
        or is_preprint_of(right, left)
        or _apart_in_time(left, right)
    )


def kind_of_clash(features: Features) -> Hashable:
    """All that ``clash`` looks at: records that agree in it clash with the same others."""
    title = features.title
    return (
        *(features.type, features.kind, features.year, features.venue, features.edition),
        *(title.notice, title.numbers, title.footnote, features.isbn),
        frozenset(features.identifiers.items()),
    )


def _apart_in_time(left: Features, right: Features) -> bool:
    """Whether two records are of two years, and neither an identifier nor a venue joins them."""
    years = years_apart(left, right)
    if not years or left.identifiers.items() & right.identifiers.items() or left.isbn & right.isbn:
        return False
    return years > 1 or bool(left.venue and right.venue and not left.venue.same(right.venue))


def never_one(left: Features, right: Features) -> bool:
    """Whether rules settle it: book and chapter, notices, parts, editions, years of a series."""
    if frozenset((left.type, right.type)) in _NEVER_ONE:
        return True
    if left.title.notice != right.title.notice or not _numbers_agree(left.title, right.title):
        return True
    return bool(left.edition and right.edition and left.edition != right.edition)


def _numbers_agree(left: Title, right: Title) -> bool:
    if left.footnote and right.footnote and left.footnote != right.footnote:
        return False
    one, other = left.numbers, right.numbers
    # a subtitle, or a translation, may bring numbers of its own; two parts bring one each
    return one <= other or other <= one


def is_preprint_of(one: Features, other: Features) -> bool:
    """Whether ``one`` is a preprint and ``other`` has been published in a venue or as a book."""
    if one.kind != "preprint" or other.kind not in FINALITY or other.kind == "preprint":
        return False
    return bool(other.venue) or other.kind == "book"


def conflict_of(left: Features, right: Features) -> str:
    """Two identifiers that one work cannot have both, in words; "" where there are none."""
    for scheme in ("doi", "arxiv"):
        one, other = left.identifiers.get(scheme), right.identifiers.get(scheme)
        if one and other and one != other and _parts(one) != _parts(other):
            return f"{scheme} {min(one, other)} and {max(one, other)}"
    return ""


def _parts(identifier: str) -> list[str]:
    """An identifier without its marks and leading zeros, in which a bad export may differ."""
    return [part.lstrip("0") for part in re.split(r"[^a-z0-9]+", identifier) if part]


def conflict_of_places(left: Features, right: Features) -> str:
    """Two places in print that one work cannot have both, in words."""
    for name in ("volume", "issue"):
        one, other = getattr(left, name), getattr(right, name)
        if one and other and one != other:
            return f"{name} {min(one, other)} and {max(one, other)}"
    first, second = left.page.split()[:1], right.page.split()[:1]
    if first and second and first != second:
        return f"pages {min(left.page, right.page)} and {max(left.page, right.page)}"
    return ""


def years_apart(left: Features, right: Features) -> int | None:
    """How many years lie between two records; None where one alone has no year."""
    if left.year is None and right.year is None:
        return 0
    if left.year is None or right.year is None:
        return None
    return abs(left.year - right.year)
