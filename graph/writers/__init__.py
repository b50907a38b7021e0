"""Writers: the records in the formats that reference managers read, one module a format.

Each writes a stream of texts; what it writes, our reader of the format gives back (each module
says what does not survive).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model import Record
from . import bibtex, csl_json, ris, table

__all__ = ["WRITERS", "Writer"]


@dataclass(frozen=True, slots=True)
class Writer:
    """A format to write records in."""

    title: str
    #: The ending of its files, with the full stop.
    ending: str
    #: Without parameters; all are UTF-8.
    media_type: str
    write: Callable[[Iterable[Record]], Iterator[str]]


#: The formats by the name they are asked for with.
WRITERS: Mapping[str, Writer] = {
    "bibtex": Writer("BibTeX", ".bib", "application/x-bibtex", bibtex.write),
    "ris": Writer("RIS", ".ris", "application/x-research-info-systems", ris.write),
    "csl": Writer("CSL-JSON", ".json", "application/vnd.citationstyles.csl+json", csl_json.write),
    "csv": Writer("CSV", ".csv", "text/csv", table.write),
}
