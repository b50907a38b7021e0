"""Claims: which work of a catalogue an entry says that it is, where nobody else has told.

Our exports have a work's id for a key, and pages of ours give its IRI as the address; both stay
when somebody takes the entry along in a reference manager and edits it. An IRI of ours names its
work. A key, or a page at any other address, may be of another catalogue that gave out the same
id, so that the entry has to agree with the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz.fuzz import ratio

from ..iris import IRIs
from ..model import Record, Tombstone
from .compare import compare
from .contradictions import clash
from .decisions import Decision
from .features import features_of
from .tombstones import survivor

_IRI = IRIs().thing("publication", "")
#: The address of a work or of a document about it, on any site.
_ADDRESS = re.compile(r"https?://[^?#]*/publication/(?P<id>[a-z0-9-]+)(?:\.[a-z.]+)?(?:[?#].*)?")

#: A title this alike (0 to 100), under the key of the work and by its authors, has been edited.
_ALIKE = 80


class Claims:
    """What entries may claim to be: works of a catalogue, and works that are gone."""

    def __init__(
        self,
        works: Iterable[Record],
        gone: Iterable[Record],
        tombstones: Iterable[Tombstone],
        decisions: Iterable[Decision],
    ) -> None:
        self._works = {work.id: work for work in (*gone, *works)}
        self._graves = {stone.id: stone for stone in tombstones}
        self._known = {(s.file, s.key) for work in self._works.values() for s in work.sources}
        self._ruled = {side for each in decisions for side in (each.left, each.right)}

    def settled(self, record: Record) -> Record:
        """The record with the id of the work that it claims to be, whose own page is no URL of it.

        An entry that was imported before, or that a curator has decided on, goes by that.
        """
        if record.id:
            return record
        named = _named(record.url)
        texts = {record.url: named, **{s.key: _named(s.key) or s.key for s in record.sources}}
        id = next((id for text, id in texts.items() if self._is_true(text, id, record)), "")
        if not id:
            return record
        sources = [(source.file, source.key) for source in record.sources]
        is_known = any(place in self._known or "#".join(place) in self._ruled for place in sources)
        url = "" if named == id else record.url
        return replace(record, id="" if is_known else id, url=url)

    def _is_true(self, text: str, id: str, record: Record) -> bool:
        """Whether a text names a work of ours, and the record does not belie it."""
        if id not in self._works and id not in self._graves:
            return False
        return text.startswith(_IRI) or self._agrees(record, id)

    def _agrees(self, record: Record, id: str) -> bool:
        """Whether a record can be the work that had this id, and has its title, or almost."""
        work = self._works.get(survivor(id, self._graves) or id)
        if work is None:
            return False
        ours, theirs = features_of(work), features_of(record)
        if clash(ours, theirs):
            return False
        if ours.title.keys & theirs.title.keys:
            return True
        if compare(ours, theirs).relation in ("same", "undecided"):
            return True
        is_theirs = ours.families == theirs.families and ours.year == theirs.year
        return is_theirs and ratio(ours.title.key, theirs.title.key) >= _ALIKE


def _named(text: str) -> str:
    """The id of the work whose IRI or page a text is; "" for any other."""
    match = _ADDRESS.fullmatch(text)
    return match["id"] if match else ""
