"""The reader of our own dumps: from the graph (docs/data-model.md) back to the records it is of.

What the catalogue holds comes back as it was, with ids, agents and sources, except what the graph
does not hold:

- the month and day of issue, the digest of a source, the order of ISBNs, ISSNs and of the values of
  a facet;
- the words a record has for a concept, a venue, a publisher or an organisation: they come back as
  the label that the graph gives it, once where the record has it twice;
- whose ISSN and ORCID iD it was: a venue's ISSNs are those of its every record, a person's iD that
  of the name in every record; the kind of an organisation likewise;
- a publisher who is also an organisation of the kind "Publisher", an organisation that is the
  venue, a publisher that is none (ontology/authority.tsv), the ISSN of a work without a venue, the
  type of a work other than those with a class of their own (articles in newspapers come
  back as articles in magazines), and which lower-case words before a family name are a particle.

What was inferred is left out: the graph "inferred", and in a dump without named graphs each triple
that an oo:Inference is of.
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

#: Quads that go into the store at once.
_SLICE = 100_000
#: Up to so many bytes of RDF are held in memory; a store on disk takes more.
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
    """One Entry for each publication of a dump, by IRI, in any of the six RDF forms.

    The entry's line is that of the publication's first mention. Raises UnreadableFile, before the
    first entry, where the file is not valid RDF or has no publication of ours.
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
    """A folder for the store of the file's quads; none where they are few."""
    with source.bytes_open() as file:
        is_small = len(file.read(_IN_MEMORY)) < _IN_MEMORY
    folder = None if is_small else Path(tempfile.mkdtemp(prefix="oograph-"))
    try:
        yield folder
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _loaded(source: SourceFile, format: ox.RdfFormat, folder: Path | None) -> ox.Store:
    """A store of the file's quads, in a folder if any."""
    store = ox.Store(folder) if folder else ox.Store()
    try:
        with source.bytes_open() as file:
            quads = ox.parse(file, format, base_iri="urn:oograph:dump")
            # slice by slice: one bulk load of all would hold gigabytes
            while part := list(islice(quads, _SLICE)):
                store.bulk_extend(part)
    except (SyntaxError, ValueError) as error:
        number = error.lineno if isinstance(error, SyntaxError) else None
        line = f", line {number:,}" if number else ""
        raise UnreadableFile(
            f"{source.name}{line}: this is not valid {format.name}: "
            f"{str(error)[:200].rstrip('.')}; write the dump again"
        ) from None
    except MemoryError as error:
        if not is_too_long(error):
            raise
        raise UnreadableFile(
            f"{source.name}: a value is longer than 16 MiB; shorten it, or leave it out"
        ) from None
    return store


def _entries(source: SourceFile, store: ox.Store) -> Iterator[Entry]:
    """The entries of a store, which nobody else holds: it is closed when they have ended."""
    classes = _classes(store)
    if not classes:
        raise UnreadableFile(
            f"{source.name}: this RDF has no publication in the terms of oograph; "
            "export the records as BibTeX, RIS or CSL-JSON, or map them first"
        )
    lines = _first_lines(source, classes)
    for class_iri in classes:
        graph = StatedGraph(store, class_iri.removesuffix(_PUBLICATION))
        for work in graph.works():
            yield _entry(graph, work, source.name, lines.get(work.value, 1))


def _format(source: SourceFile) -> ox.RdfFormat:
    """The form by the ending, else by what the file begins with."""
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
            f"{source.name}, line {line:,}: this XML cannot be read: {reason}; write the dump again"
        )


def _check_nesting(source: SourceFile, format: ox.RdfFormat) -> None:
    try:
        check_nesting(lambda: _pieces(source), format)
    except NotReadable as error:
        raise UnreadableFile(f"{source.name}: {error}; write the dump again") from None


def _pieces(source: SourceFile) -> Iterator[bytes]:
    with source.bytes_open() as file:
        yield from iter(partial(file.read, 1 << 16), b"")


def _classes(store: ox.Store) -> list[str]:
    """The classes of publications in the file: one for each base IRI."""
    query = f'SELECT DISTINCT ?c WHERE {{ ?w a ?c FILTER(STRENDS(STR(?c), "/{_PUBLICATION}")) }}'
    rows = store.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return sorted(c.value for row in rows if isinstance(c := row["c"], ox.NamedNode))


def _first_lines(source: SourceFile, classes: list[str]) -> dict[str, int]:
    """The line each publication is first mentioned on."""
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
        fault = f"the IRI of the publication is not {space} and a slug"
    elif not graph.text(work, "dcterms:title").strip():
        fault = "no dcterms:title"
    if fault:
        remedy = "Fix the data, or export the dump again."
        return reject(where, graph.statements(work), fault, remedy)
    checked = Checked(where)
    for iri in wrong_orcids(graph, work):
        checked.orcid(iri, "schema:sameAs")
    return Entry(where, graph.statements(work), record(graph, work), tuple(checked.problems))
