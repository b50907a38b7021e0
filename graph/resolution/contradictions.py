"""Contradictions: differences that two records of the same work cannot have."""

from __future__ import annotations

import re
from collections.abc import Hashable

from .features import Features
from .titles import Title

#: Pairs of types that are two works even if the titles agree: a book and its chapter, an article
#: and its reprint in a book.
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
#: Kinds of publication by how final they are; versions of a work go from lower to higher.
FINALITY = {"preprint": 0, "report": 1, "conference": 1, "journal": 2, "chapter": 2, "book": 2}


def clash(left: Features, right: Features) -> bool:
    """Whether two records cannot be the same work, whatever a third one has in common with both."""
    return (
        never_one(left, right)
        or bool(conflict_of(left, right))
        or is_preprint_of(left, right)
        or is_preprint_of(right, left)
        or _apart_in_time(left, right)
    )


def kind_of_clash(features: Features) -> Hashable:
    """Everything that ``clash`` looks at: records that agree in it clash with the same others."""
    title = features.title
    return (
        *(features.type, features.kind, features.year, features.venue, features.edition),
        *(title.notice, title.numbers, title.footnote, features.isbn),
        frozenset(features.identifiers.items()),
    )


def _apart_in_time(left: Features, right: Features) -> bool:
    """Whether the years of two records differ, and no identifier or venue connects them."""
    years = years_apart(left, right)
    if not years or left.identifiers.items() & right.identifiers.items() or left.isbn & right.isbn:
        return False
    return years > 1 or bool(left.venue and right.venue and not left.venue.same(right.venue))


def never_one(left: Features, right: Features) -> bool:
    """Whether the type, notice, numbers or edition alone show that records are different works."""
    if frozenset((left.type, right.type)) in _NEVER_ONE:
        return True
    if left.title.notice != right.title.notice or not _numbers_agree(left.title, right.title):
        return True
    return bool(left.edition and right.edition and left.edition != right.edition)


def _numbers_agree(left: Title, right: Title) -> bool:
    if left.footnote and right.footnote and left.footnote != right.footnote:
        return False
    one, other = left.numbers, right.numbers
    # a subtitle or a translation may add numbers of its own; two parts have one each
    return one <= other or other <= one


def is_preprint_of(one: Features, other: Features) -> bool:
    """Whether ``one`` is a preprint and ``other`` has been published in a venue or as a book."""
    if one.kind != "preprint" or other.kind not in FINALITY or other.kind == "preprint":
        return False
    return bool(other.venue) or other.kind == "book"


def conflict_of(left: Features, right: Features) -> str:
    """Describe two identifiers that one work cannot both have; "" if there are none."""
    for scheme in ("doi", "arxiv"):
        one, other = left.identifiers.get(scheme), right.identifiers.get(scheme)
        if one and other and one != other and _parts(one) != _parts(other):
            return f"{scheme} {min(one, other)} and {max(one, other)}"
    return ""


def _parts(identifier: str) -> list[str]:
    """Split an identifier, leaving out punctuation and leading zeros that bad exports change."""
    return [part.lstrip("0") for part in re.split(r"[^a-z0-9]+", identifier) if part]


def conflict_of_places(left: Features, right: Features) -> str:
    """Describe two volumes, issues or pages that one work cannot both have; "" if none."""
    for name in ("volume", "issue"):
        one, other = getattr(left, name), getattr(right, name)
        if one and other and one != other:
            return f"{name} {min(one, other)} and {max(one, other)}"
    first, second = left.page.split()[:1], right.page.split()[:1]
    if first and second and first != second:
        return f"pages {min(left.page, right.page)} and {max(left.page, right.page)}"
    return ""


def years_apart(left: Features, right: Features) -> int | None:
    """The number of years between two records; None if only one of them has a year."""
    if left.year is None and right.year is None:
        return 0
    if left.year is None or right.year is None:
        return None
    return abs(left.year - right.year)
