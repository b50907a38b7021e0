"""Namesakes: the work that tells a person, a venue or a body from another of its name."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ...graph.release.values import Entry
from ...graph.release.works import Choice, Work, Works

__all__ = ["works_of_namesakes"]

#: The newest works among which a person's own is looked for.
_LOOKED_AT = 200


def works_of_namesakes(
    works: Works, facet: str, entries: Collection[Entry], start: str = ""
) -> dict[str, Work]:
    """The newest work of each value whose name another value that begins with ``start`` has."""
    shared = works.values.shared(facet, start, (entry.listed for entry in entries))
    alike = (entry for entry in entries if entry.listed in shared)
    newest = {entry.value: next(_own(works, facet, entry), None) for entry in alike}
    return {value: work for value, work in newest.items() if work}


def _own(works: Works, facet: str, entry: Entry) -> Iterator[Work]:
    """The newest works of a value.

    Of a person they are its own: a list of works has those of who is likely the same, too.
    """
    choice = Choice(facets={facet: (entry.value,)})
    for id in works.ids(works.find(choice), choice, _LOOKED_AT):
        number, facets = works.facets_of(id)
        own = {value for name, value, _ in facets if name == facet}
        if facet != "author" or entry.value in own:
            yield from works.numbered([number])
