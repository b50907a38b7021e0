"""Readers: one module a format, each ``read(source) -> Iterator[Entry]`` and ``looks_like(head)``.

All stand on ``source`` (a file as text, its encoding from ``decoding``), ``latex``, ``prose``,
``names`` (with ``biblatex_names``), ``orcids``, ``proxies`` and ``values`` (the one value layer);
``stated``, ``unreadable`` and ``cut_off`` come after each. ``bibtex`` (with ``bibtex_pieces`` and
``bibtex_syntax``) and ``table`` (with ``headers`` and ``cells``) share ``fields``, the fields of
BibTeX, and ``json_table`` stands on ``table``; ``ris`` has the lines, ``ris_record`` what they say;
``csl_json`` and ``schema_org`` (with ``schema_work``) share ``json_items``; ``page`` and
``reference_list`` share ``citation``; ``dump`` stands on ``graph_record``.

``read_file`` chooses the reader by the file's content and ending, and reads it.
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
    """What the module of a format has."""

    def looks_like(self, head: str) -> bool:
        """Whether a text that begins so is of the format."""
        ...

    def read(self, source: SourceFile) -> Iterator[Entry]:
        """The entries of a file."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format of records: what it is called, and its reader."""

    title: str
    #: The endings its files have as a rule, lower case.
    endings: tuple[str, ...]
    reader: Reader
    #: Whether a file may be of it by its ending alone, where that is no other such format's.
    is_believed: bool = True


#: The formats by name. Of two that a text looks like, where the ending does not decide, the first.
READERS: Mapping[str, Format] = {
    "dump": Format("an oograph dump", (".nt", ".nq", ".ttl", ".trig", ".rdf", ".jsonld"), dump),
    "zotero-rdf": Format("Zotero RDF", (".rdf",), zotero_rdf, is_believed=False),
    "schema.org": Format("JSON-LD of schema.org", (".jsonld", ".json"), schema_org),
    "openalex": Format("an answer of OpenAlex", (".json", ".jsonl"), openalex),
    "crossref": Format("an answer of Crossref", (".json", ".jsonl"), crossref),
    "datacite": Format("an answer of DataCite", (".json", ".jsonl"), datacite),
    "europe-pmc": Format("an answer of Europe PMC", (".json", ".jsonl"), europe_pmc),
    "semantic-scholar": Format(
        "an answer of Semantic Scholar", (".json", ".jsonl"), semantic_scholar
    ),
    "zotero-json": Format("JSON of Zotero", (".json", ".jsonl"), zotero_json),
    "json-table": Format("a table in JSON", (".json", ".jsonl"), json_table),
    "csl-json": Format("CSL-JSON", (".json",), csl_json),
    "bibtex": Format("BibTeX", (".bib",), bibtex),
    "ris": Format("RIS", (".ris",), ris),
    "medline": Format("MEDLINE (PubMed)", (".nbib", ".txt"), medline),
    "endnote": Format("EndNote tagged", (".enw", ".txt"), endnote_tagged),
    "refworks": Format("RefWorks tagged", (".txt",), refworks),
    "web-of-science": Format("plain text of Web of Science", (".txt", ".ciw"), web_of_science),
    "redif": Format("ReDIF (RePEc)", (".redif", ".rdf", ".txt"), redif, is_believed=False),
    "endnote-xml": Format("EndNote XML", (".xml",), endnote_xml),
    "pubmed-xml": Format("PubMed XML", (".xml",), pubmed_xml),
    "arxiv": Format("an Atom feed of arXiv", (".xml", ".atom"), arxiv),
    "grobid": Format("TEI of GROBID", (".xml",), grobid),
    "table": Format("a table", (".csv", ".tsv"), table),
    "record-page": Format("record pages", (".txt",), page),
    "reference-list": Format("a reference list", (".txt",), reference_list),
}
#: What to do with a file of another format.
_EXPORT = (
    "export the records as BibTeX, RIS, CSL-JSON or CSV (docs/curation.md lists all formats that "
    "can be read)"
)
#: What reads the parts of a file, in their order.
ReadParts = Callable[[Iterator[bibtex.Part]], Iterator[bibtex.PartEntry]]
#: The title of a format -> its reader, which takes a mapping of headers.
_OF_TABLES = {"a table": table.read, "a table in JSON": json_table.read}
#: Those that are known by what their lines say only: JSON says much, and is none.
_IN_WORDS = ("record-page", "reference-list")
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\"])")
_WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL
)


def choose(source: SourceFile, mapping: Mapping[str, str] = {}) -> Format:
    """The format a file is in: one that its content looks like, its ending's if it can be.

    An ending that only one format has is believed where the content says nothing; a ``mapping``
    says that JSON is a table.
    Raises UnreadableFile where neither decides.
    """
    usual = [form for form in READERS.values() if _ending(source) in form.endings]
    # A style sheet in a web page looks like BibTeX.
    is_page = _WEB_PAGE.match(source.head) is not None
    not_these = _IN_WORDS if _JSON.match(source.head) else ()
    possible = [form for name, form in READERS.items() if name not in not_these]
    if is_page:
        possible = [READERS["schema.org"]]
    # What the ending says is tried first, so that as a rule one look is enough.
    for form in sorted(possible, key=lambda form: form not in usual):
        if form.reader.looks_like(source.head):
            return form
    if not source.head.strip():
        raise UnreadableFile(f"{source.name}: the file is empty")
    believed = [form for form in usual if form.is_believed]
    if len(believed) == 1 and not is_page:
        return believed[0]
    if mapping and _JSON.match(source.head):
        return READERS["json-table"]
    what = "this is a web page" if is_page else "this is in no format that can be read"
    raise UnreadableFile(f"{source.name}: {what}; {_EXPORT}")


def finished(entry: Entry) -> Entry:
    """The entry, its record's source with the digest of the entry's text and what it classifies,
    all its text such as XML can hold, and a warning for each value that is cut off."""
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
    """One Entry for each entry of a file of records; the first carries what is odd about the file.

    ``mapping`` gives the headers of a table the fields they hold (``read_mapping``). ``read_parts``
    reads the parts of a file whose format has some, in other processes say. ``finish`` is done
    with each entry at last, by ``read_parts`` itself where it reads.
    Raises UnreadableFile where the file is not text, is in no known format, or holds no records;
    what came before the place where it turned out to be so has been yielded.
    """
    source = SourceFile.of_path(path)
    form = choose(source, mapping)
    problems = (*source.problems, *_ending_problems(source, form))
    message = f"{path.name}: it was read as {form.title} and holds no records; {_EXPORT}"
    try:
        for entry in not_empty(_entries(source, form, mapping, read_parts, finish), message):
            yield replace(entry, problems=(*entry.problems, *problems)) if problems else entry
            problems = ()
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise UnreadableFile(f"{path.name}: the file changed while it was read: {error}") from None


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
            f"{source.name} holds {form.title}; read as {form.title}",
            f"Nothing needs doing; the usual ending is {form.endings[0]}.",
            source.name,
        ),
    )
