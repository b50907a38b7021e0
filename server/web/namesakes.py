"""Namesakes: notes that tell apart persons, venues or organisations with the same name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ...graph.index.values import Entry
from ...graph.index.works import Answer, Choice, Work, Works
from ...graph.index.works_index import NOT_STATED
from ...graph.iris import fold
from .choices import years_in_words

#: How many of the newest works to look at, and how many co-authors to name.
_LOOKED_AT, _NAMED = 50, 2


@dataclass(frozen=True, slots=True)
class Distinction:
    """What a list shows next to a name."""

    #: When, and with whom or where: "2008–2013, with Suri"; "" if the name is unique.
    note: str
    #: Whether all entries with the name are likely the same one.
    is_one: bool = False
    #: The person it is likely the same as.
    same: Entry | None = None


def distinctions(
    works: Works, facet: str, entries: Collection[Entry], start: str = ""
) -> dict[str, Distinction]:
    """By value, what tells it from namesakes whose values begin with ``start``.

    A person who is likely the same as another also gets that one, whatever its name.
    """
    shared = works.values.shared(facet, start, (entry.listed for entry in entries))
    above = {parent for entry in entries if facet == "author" for parent in entry.parents}
    persons = works.values.with_above(facet, above) if above else {}
    apart = {}
    for entry in entries:
        alike = shared.get(entry.listed, ())
        note = _note(works, facet, entry) if alike else ""
        same = next((persons[each] for each in entry.parents if each in persons), None)
        if note or same:
            own = {entry.value, *entry.parents}
            is_one = all(own & {value, *parents} for value, parents in alike)
            apart[entry.value] = Distinction(note, is_one, same)
    return apart


def _note(works: Works, facet: str, entry: Entry) -> str:
    choice = Choice(facets={facet: (entry.value,)})
    answer = works.find(choice)
    years = works.members.years(answer.numbers)
    newest = works.page(answer, choice, 0, _LOOKED_AT)
    beside = _co_authors(entry, newest) if facet == "author" else ""
    if not beside and facet != "venue":
        beside = next((work.venue for work in newest if work.venue), "")
    period = years_in_words(min(years), max(years)) if years else ""
    return ", ".join(filter(None, (period, beside or _topic(works, answer))))


def _co_authors(entry: Entry, newest: Sequence[Work]) -> str:
    """The family names of the most frequent co-authors, as "with …"."""
    own = {fold(entry.listed.partition(",")[0]), fold(entry.label.rpartition(" ")[2])}
    names = Counter(name.partition(",")[0] for work in newest for name in work.authors)
    others = [name for name, _ in names.most_common() if fold(name) not in own][:_NAMED]
    return f"with {' and '.join(others)}" if others else ""


def _topic(works: Works, answer: Answer) -> str:
    counted = works.members.counts(answer.numbers, "keywords")
    return next((each.label for each in counted if each.value != NOT_STATED), "")
