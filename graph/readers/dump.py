"""The reader of our own dumps: from the graph (docs/data-model.md) back to records.

Records come back as they were in the catalogue, with ids, agents and sources. What the graph does
not hold is lost:

- the month and day of issue, the digest of a source, and the order of ISBNs, ISSNs and the values
  of a facet;
- a record's own words for a concept, venue, publisher or organisation: it gets the graph's label
  instead, and only once if it had two;
- which record an ISSN, an ORCID iD or an organisation's kind was in: every record gets the ISSNs of
  its venue, the iDs of its persons and the kinds of its organisations;
- a publisher that is also an organisation of the kind "Publisher", an organisation that is the
  venue, a publisher that ontology/authority.tsv lists as none, and the ISSN of a work without a
  venue;
- types without a class of their own (newspaper articles come back as magazine articles), and which
  lower-case words before a family name are a particle.

Inferred statements are left out: the graph "inferred" and, in a dump without named graphs, each
triple that an oo:Inference is about.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from ..errors import UnreadableFile
from ..model import Entry, Source
from ..nesting import NotReadable, check_nesting, is_too_long
from ..xml_faults import xml_fault
from .graph_record import StatedGraph, record, wrong_orcids
from .source import SourceFile
from .values import Checked, reject

_BUILD_AGAIN = "download or build the dump again"
#: Quads added to the store at a time.
_SLICE = 100_000
#: RDF of up to this many bytes is held in memory; more goes to a store on disk.
_IN_MEMORY = 16_000_000
#: The end of the IRI of the class of publications, after any base.
_PUBLICATION = "ontology#Publication"
_LOOKS = re.compile(r"/ontology#")
_RDF = re.compile(r'\s*(?:@prefix|@base|PREFIX|BASE|<[a-z]+:|<\?xml|<rdf:RDF|[{\[]\s*"@|\{\s*")')
_QUAD = re.compile(r"^<[^<>]*> <[^<>]*> .* <[^<>]*> \.$", re.MULTILINE)


def looks_like(head: str) -> bool:
    """True for RDF in the terms of an oograph ontology, whatever its base IRI."""
    return bool(_RDF.match(head) and _LOOKS.search(head))


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each publication of a dump, by IRI, in any of the six RDF formats.

    The entry's line is that of the publication's first mention. Raises UnreadableFile, before the
    first entry, if the file is not valid RDF or has no publication of ours.
    """
    format = _format(source)
    if format == ox.RdfFormat.RDF_XML:
        _check_xml(source)
    else:
        _check_nesting(source, format)
    with _folder_for(source) as folder:
        yield from _entries(source, _loaded(source, format, folder))


@contextmanager
def _folder_for(source: SourceFile) -> Iterator[Path | None]:
    """A temporary folder for the store of the file's quads; None if the file is small."""
    with source.bytes_open() as file:
        is_small = len(file.read(_IN_MEMORY)) < _IN_MEMORY
    folder = None if is_small else Path(tempfile.mkdtemp(prefix="oograph-"))
    try:
        yield folder
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _loaded(source: SourceFile, format: ox.RdfFormat, folder: Path | None) -> ox.Store:
    """Load the file's quads into a store, in the folder if there is one."""
    store = ox.Store(folder) if folder else ox.Store()
    try:
        with source.bytes_open() as file:
            quads = ox.parse(file, format, base_iri="urn:oograph:dump")
            # in slices, because a single bulk load would take gigabytes of memory
            while part := list(islice(quads, _SLICE)):
                store.bulk_extend(part)
    except (SyntaxError, ValueError) as error:
        number = error.lineno if isinstance(error, SyntaxError) else None
        line = f", line {number:,}" if number else ""
        raise UnreadableFile(
            f"{source.name}{line}: this is not valid {format.name}: {str(error)[:200].rstrip('.')}",
            _BUILD_AGAIN,
        ) from None
    except MemoryError as error:
        if not is_too_long(error):
            raise
        raise UnreadableFile(
            f"{source.name}: a value is longer than 16 MiB", "shorten or remove it"
        ) from None
    return store


def _entries(source: SourceFile, store: ox.Store) -> Iterator[Entry]:
    """The entries of a store; it is closed afterwards if nothing else refers to it."""
    classes = _classes(store)
    if not classes:
        raise UnreadableFile(
            f"{source.name}: this RDF has no publications in the oograph ontology",
            "export the records as BibTeX, RIS or CSL-JSON, or map them to the ontology first",
        )
    lines = _first_lines(source, classes)
    for class_iri in classes:
        graph = StatedGraph(store, class_iri.removesuffix(_PUBLICATION))
        for work in graph.works():
            yield _entry(graph, work, source.name, lines.get(work.value, 1))


def _format(source: SourceFile) -> ox.RdfFormat:
    """The RDF format, by the file's ending, otherwise by how it begins."""
    ending = Path(source.name.lower().removesuffix(".gz")).suffix.lstrip(".")
    if ending != "txt" and (format := ox.RdfFormat.from_extension(ending)):
        return format
    text = source.head.lstrip()
    if text.startswith(("{", "[")):
        return ox.RdfFormat.JSON_LD
    if re.match(r"<\?xml|<rdf:RDF|<!", text):
        return ox.RdfFormat.RDF_XML
    return ox.RdfFormat.N_QUADS if _QUAD.search(text) else ox.RdfFormat.TRIG


def _check_xml(source: SourceFile) -> None:
    if fault := xml_fault(_pieces(source)):
        line, reason = fault
        raise UnreadableFile(
            f"{source.name}, line {line:,}: this XML cannot be read: {reason}", _BUILD_AGAIN
        )


def _check_nesting(source: SourceFile, format: ox.RdfFormat) -> None:
    try:
        check_nesting(lambda: _pieces(source), format)
    except NotReadable as error:
        raise UnreadableFile(f"{source.name}: {error}", _BUILD_AGAIN) from None


def _pieces(source: SourceFile) -> Iterator[bytes]:
    with source.bytes_open() as file:
        yield from iter(partial(file.read, 1 << 16), b"")


def _classes(store: ox.Store) -> list[str]:
    """The classes of publications in the file, one for each base IRI."""
    query = f'SELECT DISTINCT ?c WHERE {{ ?w a ?c FILTER(STRENDS(STR(?c), "/{_PUBLICATION}")) }}'
    rows = store.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return sorted(c.value for row in rows if isinstance(c := row["c"], ox.NamedNode))


def _first_lines(source: SourceFile, classes: list[str]) -> dict[str, int]:
    """The line on which each publication is first mentioned."""
    bases = [re.escape(iri.removesuffix(_PUBLICATION)) for iri in classes]
    mention = re.compile(rf"(?:{'|'.join(bases)})publication/[\w.~%-]+")
    lines: dict[str, int] = {}
    number = 1
    with source.open() as file:
        while line := file.readline(1 << 20):  # JSON-LD may be all on one line
            for iri in mention.findall(line):
                lines.setdefault(iri, number)
            number += line.endswith("\n")
    return lines


def _entry(graph: StatedGraph, work: ox.NamedNode, file: str, line: int) -> Entry:
    space = graph.iris.thing("publication", "")
    id = work.value.removeprefix(space)
    where = Source(file, id, line)
    fault = ""
    if not work.value.startswith(space) or not re.fullmatch(r"[\w.~%-]+", id):
        fault = f"the publication's IRI is not {space} followed by a slug"
    elif not graph.text(work, "dcterms:title").strip():
        fault = "no dcterms:title"
    if fault:
        remedy = "Fix the data, or export the dump again."
        return reject(where, graph.statements(work), fault, remedy)
    checked = Checked(where)
    for iri in wrong_orcids(graph, work):
        checked.orcid(iri, "schema:sameAs")
    return Entry(where, graph.statements(work), record(graph, work), tuple(checked.problems))
