"""Content of a file that is not read, reported once at the end of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..model import Entry, Problem

#: The most names that are reported.
_MOST = 50


@dataclass(slots=True)
class Unread:
    """Collect the names of columns or tags that have content but are not read."""

    #: What they are: "tag", "column".
    kind: str
    remedy: str
    _names: dict[str, None] = field(default_factory=dict)

    def add(self, names: Iterable[str]) -> None:
        """Remember some names."""
        for name in names:
            if len(self._names) < _MOST:
                self._names[name[:80]] = None

    def named_last(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        """Yield the entries; the last one carries a problem that names what was not read."""
        last: Entry | None = None
        for entry in entries:
            if last:
                yield last
            last = entry
        if last:
            yield replace(last, problems=(*last.problems, *self._problems(last.source.file)))

    def _problems(self, file: str) -> tuple[Problem, ...]:
        if not self._names:
            return ()
        several = f"{self.kind}s" if len(self._names) > 1 else self.kind
        message = f"not read: the {several} {', '.join(self._names)}"
        return (Problem("info", message, self.remedy, file),)
