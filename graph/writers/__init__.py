"""Writers: records in the formats that reference managers read, one module for each format.

Each yields the output in pieces. Our own reader of the format gives back what a writer has written;
each module says what does not survive.
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
    #: The file extension, with its dot.
    ending: str
    #: Without parameters; all are UTF-8.
    media_type: str
    write: Callable[[Iterable[Record]], Iterator[str]]


#: The formats, by the name to request them with.
WRITERS: Mapping[str, Writer] = {
    "bibtex": Writer("BibTeX", ".bib", "application/x-bibtex", bibtex.write),
    "ris": Writer("RIS", ".ris", "application/x-research-info-systems", ris.write),
    "csl": Writer("CSL-JSON", ".json", "application/vnd.citationstyles.csl+json", csl_json.write),
    "csv": Writer("CSV", ".csv", "text/csv", table.write),
}
