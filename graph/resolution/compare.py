"""Comparison: how two records relate to each other, by which rule and on what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import ratio

from ..model import Record
from .contradictions import (
    FINALITY,
    clash,
    conflict_of,
    conflict_of_places,
    is_preprint_of,
    never_one,
    years_apart,
)
from .features import Features, features_of
from .titles import TELLING, Title

#: How the left record relates to the right one: it is the same work, an earlier or a later version
#: of it, possibly one of these (a curator decides), or a different work.
Relation = Literal["same", "earlier", "later", "undecided", "different"]

#: The rules by which two records are the same work, best evidence first.
RULES = (
    "decision",
    "doi",
    "arxiv",
    "ssrn",
    "handle",
    "isbn",
    "title-year-author",
    "title-author",
    "title-author-venue",
    "title-venue-year",
    "authors-venue-volume-pages",
    "authors-venue-year-pages",
    "short-title-authors-venue",
    "longer-title-authors-venue",
)

_BOUND = frozenset({"book", "report", "thesis"})
#: Of two titles this similar (0 to 100), one may be a misspelling of the other.
_ALIKE = 90
#: On the same pages, less is enough: the title may have changed in print.
_ALIKE_IN_PLACE = 80
#: If one title contains the other, they must have at least this many letters in common.
_LONG = 30
#: A conference paper becomes an article within this many years.
_YEARS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the left of two records relates to the right one, and why."""

    relation: Relation
    #: One of RULES, or a short name for what was found if none of them applies.
    rule: str = ""
    #: The values that agree or contradict each other, in words.
    evidence: str = ""


_DIFFERENT = Verdict("different")


def compare(left: Features, right: Features) -> Verdict:
    """Compare two records; ``compare(b, a)`` mirrors ``compare(a, b)``."""
    if never_one(left, right):
        return _DIFFERENT
    titles = left.title.keys & right.title.keys
    begins = _begins(left.title, right.title)
    same_authors = left.families == right.families != ()
    if verdict := _by_identifier(left, right, bool(titles or begins or same_authors)):
        return verdict
    if any(len(title) >= TELLING for title in titles):
        return _by_title(left, right)
    return _by_place(left, right, begins) if same_authors else _DIFFERENT


def is_same(left: Record, right: Record) -> bool:
    """Whether the rules alone say that two records are the same work."""
    return compare(features_of(left), features_of(right)).relation == "same"


def is_completed(before: Record, after: Record) -> bool:
    """Whether an edited entry is still the same work: also if it named no author, or names none.

    Another work of that title may have taken the entry's place, so nothing else may contradict it.
    """
    left, right = features_of(before), features_of(after)
    if compare(left, right).relation == "same":
        return True
    is_titled = any(len(title) >= TELLING for title in left.title.keys & right.title.keys)
    is_signed = bool(left.families) != bool(right.families)
    return is_titled and is_signed and not (left.title.recurring or _contradict(left, right))


def _contradict(left: Features, right: Features) -> bool:
    """Whether the years, venues, places or anything else show that two records are two works."""
    is_elsewhere = left.venue and right.venue and not left.venue.same(right.venue)
    return bool(
        years_apart(left, right)
        or is_elsewhere
        or conflict_of_places(left, right)
        or clash(left, right)
    )


def same_as(works: Iterable[Record], others: Sequence[Record]) -> Iterator[tuple[Record, Record]]:
    """Yield each work that is the same as one of ``others`` by the rules alone, with that one."""
    known = [(other, features_of(other)) for other in others]
    for work in works if known else ():
        own = features_of(work)
        same = (each for each, theirs in known if compare(theirs, own).relation == "same")
        if other := next(same, None):
            yield work, other


def _by_identifier(left: Features, right: Features, agree: bool) -> Verdict | None:
    """Return the verdict of an identifier that both records have; None if there is none."""
    conflict = conflict_of(left, right)
    for scheme in ("doi", "arxiv", "ssrn", "handle"):
        value = left.identifiers.get(scheme)
        if value and value == right.identifiers.get(scheme) and not conflict:
            if is_preprint_of(left, right) or is_preprint_of(right, left):
                continue  # an article with a link to its preprint
            if agree:
                return Verdict("same", scheme, value)
            why = f"same {scheme} {value}, but different titles and authors"
            return Verdict("undecided", scheme, why)
    shared = left.isbn & right.isbn
    if shared and not conflict and {left.type, right.type} <= _BOUND:
        if left.title.keys & right.title.keys:
            return Verdict("same", "isbn", min(shared))
        return Verdict("undecided", "isbn", f"same ISBN {min(shared)}, but different titles")
    return None


def _by_title(left: Features, right: Features) -> Verdict:
    """Return the verdict on two records with the same title, one long enough to be evidence."""
    if not _share_first_author(left, right):
        return _by_title_alone(left, right)
    years = years_apart(left, right)
    if version := _version(left, right):
        return version
    conflict = conflict_of(left, right)
    same_venue = left.venue.same(right.venue)
    away = conflict_of_places(left, right)
    author = left.families[0] if left.families else "no author"
    evidence = f'"{min(left.title.keys & right.title.keys)}", {author}'
    if conflict:
        return Verdict("undecided", "title-author", f"same title and author, but {conflict}")
    if left.title.recurring and not (same_venue and years == 0 and not away):
        return _DIFFERENT
    if years == 0:
        if away and left.venue and right.venue and not same_venue:
            return Verdict("undecided", "title-year-author", f"same title and author, but {away}")
        return Verdict("same", "title-year-author", f"{evidence}, {left.year}")
    if years is None:
        return Verdict("same", "title-author", evidence)
    if years == 1 and same_venue and not away and "report" not in (left.kind, right.kind):
        return Verdict("same", "title-author-venue", f"{evidence}, {left.venue.name}")
    why = f"same title and author, but {_span(left, right)}"
    return Verdict("undecided", "title-author", why)


def _by_title_alone(left: Features, right: Features) -> Verdict:
    """Return the verdict on two records with the same long title, but no common first author."""
    is_unsigned = not (left.families and right.families)
    if _is_one_place(left, right) and (is_unsigned or _is_one_range(left, right)):
        evidence = f'"{left.title.key}", {left.venue.name} {left.year} {left.page}'.strip()
        return Verdict("same", "title-venue-year", evidence)
    if left.year == right.year and is_unsigned:
        why = "same title and year, but one record names no author"
        return Verdict("undecided", "title-year", why)
    if is_unsigned and _is_of_one_time(left, right):
        why = f"same title, but {_span(left, right)}; one record names no author"
        return Verdict("undecided", "title-year", why)
    return _DIFFERENT


def _span(left: Features, right: Features) -> str:
    """The years of the two records, the earlier one first, whichever is left."""
    return " and ".join(sorted(str(one.year or "n.d.") for one in (left, right)))


def _is_of_one_time(left: Features, right: Features) -> bool:
    """Whether the years of two records with the same long title are close enough for one work."""
    years = years_apart(left, right)
    is_long = any(len(key) >= _LONG for key in left.title.keys & right.title.keys)
    return is_long and not left.title.recurring and (years is None or years <= _YEARS)


def _is_one_place(left: Features, right: Features) -> bool:
    """Whether two records share a long title, year and venue, and nothing contradicts this."""
    return (
        left.title.key == right.title.key
        and len(left.title.key) >= _LONG
        and not left.title.recurring
        and left.year == right.year is not None
        and left.venue.same(right.venue)
        and not conflict_of(left, right)
        and not conflict_of_places(left, right)
    )


def _is_one_range(left: Features, right: Features) -> bool:
    """Whether two records have the same pages, and these identify a place in a volume."""
    return left.page == right.page and _is_telling_range(left.page)


def _by_place(left: Features, right: Features, begins: bool) -> Verdict:
    """Return the verdict on two records with the same authors and different titles."""
    one, other = left.title, right.title
    if one.numbers != other.numbers or conflict_of(left, right):
        return _DIFFERENT
    years = years_apart(left, right)
    if years is not None and years > _YEARS:
        return _DIFFERENT
    short, long = sorted((one.key, other.key), key=len)
    ends = len(short) >= TELLING and long.endswith(short)
    likeness = ratio(one.key, other.key)
    if years == 0 and left.year and left.venue.same(right.venue):
        rule = _in_one_venue(left, right, likeness, begins, ends and len(short) >= _LONG)
        if rule:
            authors = ", ".join(left.families)
            place = f"{left.volume or right.volume} {left.page or right.page}".strip()
            evidence = f"{authors}; {left.venue.name} {left.year} {place}".strip()
            return Verdict("same", rule, evidence)
    if not (one.telling and other.telling):
        return _by_short_title(left, right)
    span = "" if years == 0 else f", but {_span(left, right)}"
    is_cut_short = len(short) >= _LONG and long.startswith(short)
    if begins or ends or is_cut_short:
        why = f"same authors, one title within the other{span}"
        return Verdict("undecided", "title-in-title", why)
    if likeness >= _ALIKE:
        return Verdict("undecided", "similar-title", f"same authors, similar titles{span}")
    return _DIFFERENT


def _by_short_title(left: Features, right: Features) -> Verdict:
    """Return the verdict on two records with the same authors, and titles that say too little."""
    one, other = left.title, right.title
    if one.recurring or other.recurring or left.year is None or left.year != right.year:
        return _DIFFERENT
    openings = ((one.short_main, other.key), (other.short_main, one.key))
    if any(part and part == whole for part, whole in openings):
        why = "same authors and year, one title within the other"
        return Verdict("undecided", "title-in-title", why)
    is_elsewhere = left.venue and right.venue and not left.venue.same(right.venue)
    if one.key != other.key or is_elsewhere or conflict_of_places(left, right):
        return _DIFFERENT
    why = "same authors and year, but the title is too short to tell"
    return Verdict("undecided", "short-title", why)


def _in_one_venue(
    left: Features, right: Features, likeness: float, begins: bool, ends: bool
) -> str:
    """The rule by which two records with the same venue, year and authors are one work, or ""."""
    if conflict_of_places(left, right):
        return ""
    if left.page and left.page == right.page:
        if left.volume and left.volume == right.volume:
            return "authors-venue-volume-pages"
        if likeness >= _ALIKE_IN_PLACE and _is_telling_range(left.page):
            return "authors-venue-year-pages"
    if begins:
        return "short-title-authors-venue"
    return "longer-title-authors-venue" if ends else ""


def _version(left: Features, right: Features) -> Verdict | None:
    """Return the verdict if one of two records with the same title is an earlier version."""
    sides: tuple[tuple[Features, Features, Relation], ...] = (
        (left, right, "earlier"),
        (right, left, "later"),
    )
    for one, other, relation in sides:
        if not _is_earlier_kind(one, other):
            continue
        if set(left.families) != set(right.families):
            why = f"same title, but {one.kind} and {other.kind}, with different authors"
            return Verdict("undecided", "version", why)
        evidence = f"{one.kind} {one.year or 'n.d.'}, {other.kind} {other.year or 'n.d.'}"
        return Verdict(relation, "version", evidence)
    return None


def _is_earlier_kind(one: Features, other: Features) -> bool:
    """Whether the kind of ``one`` comes before that of ``other``, and the years fit."""
    if is_preprint_of(one, other):
        return True
    if one.kind not in FINALITY or other.kind not in FINALITY or one.kind == "preprint":
        return False
    if FINALITY[one.kind] >= FINALITY[other.kind] or one.venue.same(other.venue):
        return False
    years = years_apart(one, other)
    if years == 0:
        return bool(conflict_of(one, other))  # otherwise one of the two kinds is a mistake
    return years is not None and years <= _YEARS and (one.year or 0) < (other.year or 0)


def _begins(left: Title, right: Title) -> bool:
    """Whether one title is the main title of the other ("A" and "A: b")."""
    return bool((left.main and left.main == right.key) or (right.main and right.main == left.key))


def _share_first_author(left: Features, right: Features) -> bool:
    """Whether the first author of one is an author of the other, even with the name swapped."""
    if not left.authors or not right.authors:
        return not left.authors and not right.authors
    return _is_among(left, right) or _is_among(right, left)


def _is_among(left: Features, right: Features) -> bool:
    """Whether the first author of ``left`` is an author of ``right``.

    A family name may match a given name, in case a name is swapped; two given names may not.
    """
    words, family = next(left.words), next(left.family_words)
    return any(not family.isdisjoint(other) for other in right.words) or any(
        not words.isdisjoint(other) for other in right.family_words
    )


def _is_telling_range(page: str) -> bool:
    """Whether pages identify a place in a volume: "44 53" does, "1 17" and "7" do not."""
    ends = page.split()
    return len(ends) == 2 and ends[0] != ends[1] and ends[0] != "1"
