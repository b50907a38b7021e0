"""Readers, one module per format: ``read(source) -> Iterator[Entry]`` and ``looks_like(head)``.

All of them build on ``source`` (a file as text; ``decoding`` finds its encoding), ``latex``,
``prose``, ``names`` (with ``biblatex_names``), ``orcids``, ``proxies`` and ``values`` (the one
value layer). ``stated``, ``unreadable`` and ``cut_off`` run after every reader.

Some formats share modules:

- ``bibtex`` (with ``bibtex_pieces`` and ``bibtex_syntax``) and ``table`` (with ``rows``,
  ``headers`` and ``cells``) share ``fields``, the fields of BibTeX
- ``json_table`` builds on ``table``
- ``ris`` splits a file into lines; ``ris_record`` interprets them
- ``csl_json`` and ``schema_org`` (with ``schema_work``) share ``json_items``
- ``page`` and ``reference_list`` share ``citation``
- ``dump`` builds on ``graph_record``

``read_file`` picks the reader by the file's content and ending, and runs it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from ..errors import UnreadableFile
from ..model import Entry, Problem
from . import (
    arxiv,
    bibtex,
    crossref,
    csl_json,
    datacite,
    dump,
    endnote_tagged,
    endnote_xml,
    eppi,
    europe_pmc,
    grobid,
    json_table,
    medline,
    openalex,
    page,
    pubmed_xml,
    redif,
    reference_list,
    refworks,
    ris,
    schema_org,
    scopus_text,
    semantic_scholar,
    table,
    web_of_science,
    zotero_json,
    zotero_rdf,
)
from .cut_off import with_cut_off_told
from .headers import read_mapping
from .source import SourceFile, not_empty
from .stated import with_facets
from .unreadable import with_readable_text

__all__ = [
    "Format",
    "READERS",
    "SourceFile",
    "UnreadableFile",
    "ReadParts",
    "choose",
    "finished",
    "read_file",
    "read_mapping",
]


class Reader(Protocol):
    """The interface of a format's module."""

    def looks_like(self, head: str) -> bool:
        """Whether a text that begins like this is in the format."""
        ...

    def read(self, source: SourceFile) -> Iterator[Entry]:
        """The entries of a file."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format of records: its name and its reader."""

    title: str
    #: The usual endings of its files, lower case.
    endings: tuple[str, ...]
    reader: Reader
    #: Whether the ending alone identifies it, if no other such format has that ending.
    is_believed: bool = True


#: The formats by name. If a text looks like two and its ending does not decide, the first wins.
READERS: Mapping[str, Format] = {
    "dump": Format("an oograph dump", (".nt", ".nq", ".ttl", ".trig", ".rdf", ".jsonld"), dump),
    "zotero-rdf": Format("Zotero RDF", (".rdf",), zotero_rdf, is_believed=False),
    "schema.org": Format("schema.org JSON-LD", (".jsonld", ".json"), schema_org),
    "openalex": Format("an OpenAlex response", (".json", ".jsonl"), openalex),
    "crossref": Format("a Crossref response", (".json", ".jsonl"), crossref),
    "datacite": Format("a DataCite response", (".json", ".jsonl"), datacite),
    "europe-pmc": Format("a Europe PMC response", (".json", ".jsonl"), europe_pmc),
    "semantic-scholar": Format(
        "a Semantic Scholar response", (".json", ".jsonl"), semantic_scholar
    ),
    "eppi": Format("EPPI-Reviewer JSON", (".json",), eppi),
    "zotero-json": Format("Zotero JSON", (".json", ".jsonl"), zotero_json),
    "json-table": Format("a JSON table", (".json", ".jsonl"), json_table),
    "csl-json": Format("CSL-JSON", (".json",), csl_json),
    "bibtex": Format("BibTeX", (".bib",), bibtex),
    "ris": Format("RIS", (".ris",), ris),
    "medline": Format("MEDLINE (PubMed)", (".nbib", ".txt"), medline),
    "endnote": Format("EndNote tagged", (".enw", ".txt"), endnote_tagged),
    "refworks": Format("RefWorks tagged", (".txt",), refworks),
    "web-of-science": Format("Web of Science plain text", (".txt", ".ciw"), web_of_science),
    "scopus-text": Format("Scopus plain text", (".txt",), scopus_text),
    "redif": Format("ReDIF (RePEc)", (".redif", ".rdf", ".txt"), redif, is_believed=False),
    "endnote-xml": Format("EndNote XML", (".xml",), endnote_xml),
    "pubmed-xml": Format("PubMed XML", (".xml",), pubmed_xml),
    "arxiv": Format("an arXiv Atom feed", (".xml", ".atom"), arxiv),
    "grobid": Format("GROBID TEI", (".xml",), grobid),
    "table": Format("a table", (".csv", ".tsv"), table),
    "record-page": Format("record pages", (".txt",), page),
    "reference-list": Format(
        "a reference list", (".txt", ".md"), reference_list, is_believed=False
    ),
}
#: What to do with a file in an unsupported format.
_EXPORT = (
    "export the records as BibTeX, RIS, CSL-JSON or CSV (docs/curation.md lists all supported "
    "formats)"
)
#: Reads the parts of a file, in order.
ReadParts = Callable[[Iterator[bibtex.Part]], Iterator[bibtex.PartEntry]]
#: Title of a format -> its reader, which takes a mapping of headers.
_OF_TABLES = {"a table": table.read, "a JSON table": json_table.read}
#: Formats recognised only by what their lines say. JSON may look like one of them, but never is.
_IN_WORDS = ("record-page", "reference-list")
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\"])")
_WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL
)


def choose(source: SourceFile, mapping: Mapping[str, str] = {}) -> Format:
    """Choose a file's format: one that its content looks like, preferably one with its ending.

    If the content does not decide, an ending that only one format has does. After that, JSON with
    a ``mapping`` is taken for a table.
    Raises UnreadableFile if nothing decides.
    """
    usual = [form for form in READERS.values() if _ending(source) in form.endings]
    # A style sheet in a web page looks like BibTeX.
    is_page = _WEB_PAGE.match(source.head) is not None
    not_these = _IN_WORDS if _JSON.match(source.head) else ()
    possible = [form for name, form in READERS.items() if name not in not_these]
    if is_page:
        possible = [READERS["schema.org"]]
    # Formats with this ending come first, so that one look is usually enough.
    for form in sorted(possible, key=lambda form: form not in usual):
        if form.reader.looks_like(source.head):
            return form
    if not source.head.strip():
        raise UnreadableFile(
            f"{source.name}: the file is empty", "give a file that contains records"
        )
    believed = [form for form in usual if form.is_believed]
    if len(believed) == 1 and not is_page:
        return believed[0]
    if mapping and _JSON.match(source.head):
        return READERS["json-table"]
    if is_page:
        remedy = f"{_EXPORT}, or copy a list of references into a text file"
        raise UnreadableFile(f"{source.name}: this is a web page", remedy)
    remedy = f"{_EXPORT}; in a list of references, put each on a line of its own"
    raise UnreadableFile(
        f"{source.name}: the format is not recognised",
        remedy if READERS["reference-list"] in usual else _EXPORT,
    )


def finished(entry: Entry) -> Entry:
    """Finish an entry from any reader; a reject is returned unchanged.

    Adds the digest of the entry's text and the facets to the record's source, replaces characters
    that XML does not allow, and warns of values that are cut off.
    """
    record = entry.record
    if record is None:
        return entry
    digest = sha256(entry.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    sources = tuple(
        replace(source, digest=digest, stated=with_facets(source.stated, record.facets))
        if source.file == entry.source.file
        else source
        for source in record.sources
    )
    whole = replace(entry, record=replace(record, sources=sources))
    return with_cut_off_told(with_readable_text(whole))


def read_file(
    path: Path,
    mapping: Mapping[str, str] = {},
    read_parts: ReadParts | None = None,
    finish: Callable[[Entry], Entry] = finished,
) -> Iterator[Entry]:
    """Yield one Entry for each entry of a file; the first carries the problems of the file itself.

    ``mapping`` maps the headers of a table to fields (``read_mapping``). ``read_parts`` reads the
    parts of a file whose format has some, for example in other processes. ``finish`` is applied to
    every entry, except that ``read_parts`` has to apply it itself.
    Raises UnreadableFile if the file is not text, is in no known format, or holds no records.
    Entries that come before the fault have already been yielded by then.
    """
    source = SourceFile.of_path(path)
    form = choose(source, mapping)
    problems = (*source.problems, *_ending_problems(source, form))
    message = f"{path.name}: no records found in this file, read as {form.title}"
    try:
        entries = _entries(source, form, mapping, read_parts, finish)
        for entry in not_empty(entries, message, _EXPORT):
            yield replace(entry, problems=(*entry.problems, *problems)) if problems else entry
            problems = ()
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        message = f"{path.name}: the file changed while being read: {error}"
        raise UnreadableFile(message, "read it again once it is complete") from None


def _entries(
    source: SourceFile,
    form: Format,
    mapping: Mapping[str, str],
    read_parts: ReadParts | None,
    finish: Callable[[Entry], Entry],
) -> Iterator[Entry]:
    if read_parts and form.reader is bibtex:
        return bibtex.joined(read_parts(bibtex.parts(source)))
    of_table = _OF_TABLES.get(form.title)
    entries = of_table(source, mapping=mapping) if of_table else form.reader.read(source)
    return map(finish, entries)


def _ending(source: SourceFile) -> str:
    return Path(source.name.lower().removesuffix(".gz")).suffix


def _ending_problems(source: SourceFile, form: Format) -> tuple[Problem, ...]:
    ending = _ending(source)
    if not ending or ending in form.endings:
        return ()
    return (
        Problem(
            "info",
            f"{source.name} was recognised as {form.title} by its content, not its ending",
            f"No action needed; the usual ending is {form.endings[0]}.",
            source.name,
        ),
    )
