"""Readers: one module a format, each ``read(text, file) -> Iterator[Entry]``.

``bibtex`` and ``table`` share ``fields`` (field names to records), ``values``, ``names`` and
``latex``. ``record_page`` stands on ``pages`` (where a page ends), ``bullets`` (which bullet is
which field), ``page_vocabulary``, ``page_problems`` and ``citation`` (with ``cited_names`` and
``imprint``).

``read_file`` finds the reader by the file's ending, decodes the file and reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from ..model import Entry
from . import bibtex, record_page, table
from .fields import NotABibliography

__all__ = ["READERS", "UnreadableFile", "read_file"]

Reader = Callable[[str, str], Iterator[Entry]]

#: The ending of a file's name -> its reader.
READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".bib": bibtex.read,
        ".csv": table.read,
        ".tsv": table.read,
        ".txt": record_page.read,
    }
)


class UnreadableFile(ValueError):
    """A file no reader can take; the message says why and what to do."""


def read_file(path: Path) -> Iterator[Entry]:
    """One Entry for each entry of a file of records.

    Raises UnreadableFile where the ending has no reader, the file is not text in UTF-8 (with or
    without a byte order mark), or it holds no records at all.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        raise UnreadableFile(
            f"{path.name}: no reader for the ending {path.suffix or '(none)'!s}; "
            f"the endings that can be read are {known}"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from None
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror or error}") from None
    try:
        yield from map(_digested, reader(text, path.name))
    except NotABibliography as error:
        raise UnreadableFile(str(error)) from None


def _digested(entry: Entry) -> Entry:
    """The entry, its record's source with the digest of the entry's text."""
    if entry.record is None:
        return entry
    digest = sha256(entry.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    sources = tuple(replace(source, digest=digest) for source in entry.record.sources)
    return replace(entry, record=replace(entry.record, sources=sources))
