"""The reader of our own dumps: from the graph (docs/data-model.md) back to the records it is of.

What the catalogue holds comes back as it was, with ids, agents and sources, except what the graph
does not hold:

- the month and day of issue, the digest of a source, the order of editors, ISBNs, ISSNs and of the
  values of a facet, and the parts of an editor's name beyond "Family, Given";
- the words a record has for a concept, a venue, a publisher or an organisation: they come back as
  the label that the graph gives it, once where the record has it twice;
- a keyword that names a platform, country or method which the title names, or another field states;
- whose ISSN and ORCID iD it was: a venue's ISSNs are those of its every record, a person's iD that
  of the name in every record; the kind of an organisation likewise;
- a publisher who is also an organisation of the kind "Publisher", the ISSN of a work without a
  venue, the type of a work other than those with a class of their own (articles in newspapers come
  back as articles in magazines), and which lower-case words before a family name are a particle.

What was inferred is left out: the graph "inferred", and in a dump without named graphs each triple
that an oo:Inference is of; but a keyword that an inference was read in is stated, and comes back.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from xml.parsers import expat

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..model import Entry, Facets, Name, Organisation, Record, Source
from .checked import person
from .fields import reject
from .source import SourceFile, UnreadableFile

__all__ = ["looks_like", "read"]

_CLASS = "ontology#Publication"
#: Quads that go into the store at once.
_SLICE = 100_000
#: Up to so many bytes of RDF are held in memory; a store on disk takes more.
_IN_MEMORY = 16_000_000
_LOOKS = re.compile(r"/ontology#")
_RDF = re.compile(r'\s*(?:@prefix|@base|PREFIX|BASE|<[a-z]+:|<\?xml|<rdf:RDF|[{\[]\s*"@|\{\s*")')
_QUAD = re.compile(r"^<[^<>]*> <[^<>]*> .* <[^<>]*> \.$", re.MULTILINE)
_ORCID = re.compile(r"https?://orcid\.org/(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
#: Class -> CSL type; a work without one of these is a document.
_TYPES = {
    "bibo:AcademicArticle": "article-journal",
    "bibo:Article": "article-magazine",
    "bibo:Book": "book",
    "bibo:Chapter": "chapter",
    "bibo:Manuscript": "manuscript",
    "bibo:Proceedings": "book",
    "bibo:Report": "report",
    "bibo:Thesis": "thesis",
    "bibo:Webpage": "webpage",
    "fabio:ConferencePaper": "paper-conference",
}
_LITERALS = {
    "title": "dcterms:title",
    "original_title": "dcterms:alternative",
    "volume": "bibo:volume",
    "issue": "bibo:issue",
    "page": "bibo:pages",
    "number": "bibo:number",
    "edition": "bibo:edition",
    "collection_title": "oo:series",
    "genre": "oo:genre",
    "event_title": "oo:event",
    "publisher_place": "oo:place",
    "doi": "bibo:doi",
    "language": "schema:inLanguage",
}
_CONCEPTS = {
    "record_types": "dcterms:type",
    "countries": "dcterms:spatial",
    "sectors": "oo:sector",
    "work_types": "oo:workType",
    "platforms": "oo:platform",
    "keywords": "dcterms:subject",
    "methods": "oo:method",
}


def looks_like(head: str) -> bool:
    """True for RDF in the terms of an oograph ontology, whatever its base IRI."""
    return bool(_RDF.match(head) and _LOOKS.search(head))


def read(source: SourceFile) -> Iterator[Entry]:
    """One Entry for each publication of a dump, by IRI, in any of the six RDF forms.

    The entry's line is that of the publication's first mention. Raises UnreadableFile, before the
    first entry, where the file is not valid RDF or has no publication of ours.
    """
    with _loaded(source) as store:
        classes = _classes(store)
        if not classes:
            raise UnreadableFile(
                f"{source.name}: this RDF has no publication in the terms of oograph; "
                "export the records as BibTeX, RIS or CSL-JSON, or map them first"
            )
        lines = _first_lines(source, classes)
        for class_iri in classes:
            graph = _Graph(store, class_iri.removesuffix(_CLASS))
            for work in graph.works():
                yield _entry(graph, work, source.name, lines.get(work.value, 1))


@contextmanager
def _loaded(source: SourceFile) -> Iterator[ox.Store]:
    """A store of the file's quads, in memory where they are few."""
    format = _format(source)
    if format == ox.RdfFormat.RDF_XML:
        _check_xml(source)
    with source.bytes_open() as file:
        is_small = len(file.read(_IN_MEMORY)) < _IN_MEMORY
    folder = None if is_small else Path(tempfile.mkdtemp(prefix="oograph-"))
    try:
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
        yield store
        del store
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _format(source: SourceFile) -> ox.RdfFormat:
    """The form by the ending, else by what the file begins with."""
    ending = Path(source.name.lower().removesuffix(".gz")).suffix.lstrip(".")
    if ending != "txt" and (found := ox.RdfFormat.from_extension(ending)):
        return found
    text = source.head.lstrip()
    if text.startswith(("{", "[")):
        return ox.RdfFormat.JSON_LD
    if re.match(r"<\?xml|<rdf:RDF|<!", text):
        return ox.RdfFormat.RDF_XML
    return ox.RdfFormat.N_QUADS if _QUAD.search(text) else ox.RdfFormat.TRIG


def _check_xml(source: SourceFile) -> None:
    """Refuse what is not well-formed: the RDF/XML parser takes a file that breaks off."""
    parser = expat.ParserCreate()
    try:
        with source.bytes_open() as file:
            while block := file.read(1 << 16):
                parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        told = expat.ErrorString(error.code)
        raise UnreadableFile(
            f"{source.name}, line {error.lineno:,}: this is not well-formed XML: {told}; "
            "write the dump again"
        ) from None


def _classes(store: ox.Store) -> list[str]:
    """The classes of publications in the file: one for each base IRI."""
    query = f'SELECT DISTINCT ?c WHERE {{ ?w a ?c FILTER(STRENDS(STR(?c), "/{_CLASS}")) }}'
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(c.value for row in found if isinstance(c := row["c"], ox.NamedNode))


def _first_lines(source: SourceFile, classes: list[str]) -> dict[str, int]:
    """The line each publication is first mentioned on."""
    bases = [re.escape(iri.removesuffix(_CLASS)) for iri in classes]
    mention = re.compile(rf"(?:{'|'.join(bases)})publication/[\w.~%-]+")
    found: dict[str, int] = {}
    number = 1
    with source.open() as file:
        while line := file.readline(1 << 20):  # JSON-LD may be all on one line
            for iri in mention.findall(line):
                found.setdefault(iri, number)
            number += line.endswith("\n")
    return found


class _Graph:
    """A dump seen from its nodes: what is stated of each."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store = store
        self.base = base
        self._prefixes = {**PREFIXES, "oo": f"{base}ontology#"}
        self._inferred = ox.NamedNode(f"{base}graph/inferred")

    def node(self, curie: str) -> ox.NamedNode:
        prefix, _, local = curie.partition(":")
        return ox.NamedNode(self._prefixes[prefix] + local)

    def works(self) -> Iterator[ox.NamedNode]:
        """The publications, sorted by IRI."""
        query = f"SELECT DISTINCT ?w WHERE {{ ?w a <{self.base}{_CLASS}> }} ORDER BY STR(?w)"
        found = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        for row in found:
            if isinstance(work := row["w"], ox.NamedNode):
                yield work

    def objects(self, subject: ox.NamedNode, curie: str) -> list[ox.NamedNode | ox.Literal]:
        """The distinct values of a property that are not inferred, sorted."""
        quads = self._store.quads_for_pattern(subject, self.node(curie), None)
        found = {
            quad.object
            for quad in quads
            if quad.graph_name != self._inferred
            and isinstance(quad.object, ox.NamedNode | ox.Literal)
        }
        return sorted(found, key=str)

    def nodes(self, subject: ox.NamedNode, curie: str) -> list[ox.NamedNode]:
        return [o for o in self.objects(subject, curie) if isinstance(o, ox.NamedNode)]

    def texts(self, subject: ox.NamedNode, curie: str) -> list[str]:
        return [o.value for o in self.objects(subject, curie) if isinstance(o, ox.Literal)]

    def text(self, subject: ox.NamedNode, curie: str) -> str:
        """The one value of a literal property; "" where there is none."""
        return next(iter(self.texts(subject, curie)), "")

    def number(self, subject: ox.NamedNode, curie: str) -> int:
        """The one whole number of a property; 0 where there is none."""
        text = self.text(subject, curie)
        return int(text) if re.fullmatch(r"[+-]?[0-9]{1,15}", text) else 0

    def in_order(self, subject: ox.NamedNode, curie: str) -> list[ox.NamedNode]:
        """The nodes of a property by their oo:position."""
        parts = self.nodes(subject, curie)
        return sorted(parts, key=lambda part: (self.number(part, "oo:position"), part.value))

    def label(self, concept: ox.NamedNode) -> str:
        """The preferred label in English, or the one there is; without one, the IRI's end."""
        labels = [o for o in self.objects(concept, "skos:prefLabel") if isinstance(o, ox.Literal)]
        labels.sort(key=lambda label: label.language not in (None, "en"))
        return labels[0].value if labels else concept.value.rpartition("/")[2]

    def inferences(self, work: ox.NamedNode) -> list[ox.NamedNode]:
        quads = self._store.quads_for_pattern(None, self.node("rdf:subject"), work)
        return sorted({q.subject for q in quads if isinstance(q.subject, ox.NamedNode)}, key=str)

    def statements(self, work: ox.NamedNode) -> str:
        """All that is said of a node, as N-Triples."""
        quads = self._store.quads_for_pattern(work, None, None)
        return "\n".join(sorted({f"{quad.triple} ." for quad in quads}))


def _entry(graph: _Graph, work: ox.NamedNode, file: str, line: int) -> Entry:
    space = f"{graph.base}publication/"
    id = work.value.removeprefix(space)
    where = Source(file, id, line)
    fault = ""
    if not work.value.startswith(space) or not re.fullmatch(r"[\w.~%-]+", id):
        fault = f"the IRI of the publication is not {space} and a slug"
    elif not graph.text(work, "dcterms:title").strip():
        fault = "no dcterms:title"
    if fault:
        remedy = "Mend the data, or export the dump again."
        return reject(where, graph.statements(work), fault, remedy)
    return Entry(where, graph.statements(work), _record(graph, work, id))


def _record(graph: _Graph, work: ox.NamedNode, id: str) -> Record:
    classes = graph.nodes(work, "rdf:type")
    kinds = (csl for curie, csl in _TYPES.items() if graph.node(curie) in classes)
    authorships = graph.in_order(work, "oo:authorship")
    agents = [next(iter(graph.nodes(part, "oo:agent")), None) for part in authorships]
    venues = graph.nodes(work, "dcterms:isPartOf")
    venue = next((v for v in venues if v.value.startswith(f"{graph.base}venue/")), None)
    facets = _facets(graph, work)
    named = {body.name for body in facets.organisations if body.kind == "Publisher"}
    publishers = [_name_of(graph, body) for body in graph.nodes(work, "dcterms:publisher")]
    year = graph.number(work, "oo:year")
    urls = graph.nodes(work, "schema:url")
    later = f"{graph.base}publication/"
    return Record(
        **{field: graph.text(work, curie) for field, curie in _LITERALS.items()},
        id=id,
        type=next(kinds, "document"),
        authors=tuple(
            _name(graph, part, agent) for part, agent in zip(authorships, agents, strict=True)
        ),
        agents=tuple(agent.value.removeprefix(graph.base) if agent else "" for agent in agents),
        more_authors=graph.text(work, "oo:moreAuthors") in ("true", "1"),
        editors=tuple(map(person, graph.texts(work, "bibo:editor"))),
        issued=(year,) if year else (),
        container_title=graph.text(venue, "dcterms:title") if venue else "",
        publisher=next((name for name in publishers if name not in named), ""),
        isbn=tuple(t for curie in ("bibo:isbn10", "bibo:isbn13") for t in graph.texts(work, curie)),
        issn=tuple(graph.texts(venue, "bibo:issn")) if venue else (),
        url=urls[0].value if urls else "",
        facets=facets,
        sources=_sources(graph, work),
        version_of=tuple(
            node.value.removeprefix(later)
            for node in graph.nodes(work, "dcterms:isVersionOf")
            if node.value.startswith(later)
        ),
    )


def _name_of(graph: _Graph, body: ox.NamedNode) -> str:
    return graph.text(body, "foaf:name") or body.value.rpartition("/")[2]


def _name(graph: _Graph, authorship: ox.NamedNode, agent: ox.NamedNode | None) -> Name:
    """The name as written, in parts where it is a person's."""
    written = graph.text(authorship, "oo:nameAsWritten")
    if agent is None or graph.node("oo:Person") not in graph.nodes(agent, "rdf:type"):
        return Name(literal=written)
    found = [m for o in graph.nodes(agent, "schema:sameAs") if (m := _ORCID.fullmatch(o.value))]
    orcid = found[0][1] if len(found) == 1 else ""
    name = person(written)
    if name.literal and name.literal == graph.text(agent, "foaf:familyName"):
        return Name(family=name.literal, orcid=orcid)
    return Name(name.family, name.given, name.particle, name.suffix, name.literal, orcid)


def _facets(graph: _Graph, work: ox.NamedNode) -> Facets:
    inferred = set()
    keywords = []
    for node in graph.inferences(work):
        predicate, concept = (graph.nodes(node, f"rdf:{part}") for part in ("predicate", "object"))
        inferred |= {(p.value, c.value) for p in predicate for c in concept}
        # Rules of whole keywords, such as platform-keyword: others read words inside of one.
        if graph.text(node, "oo:rule").endswith("-keyword"):
            keywords.append(graph.text(node, "oo:matchedText"))
    lists = {
        field: [
            graph.label(concept)
            for concept in graph.nodes(work, curie)
            if (graph.node(curie).value, concept.value) not in inferred
        ]
        for field, curie in _CONCEPTS.items()
    }
    lists["keywords"] += keywords
    access = graph.nodes(work, "dcterms:accessRights")
    return Facets(
        **{field: tuple(labels) for field, labels in lists.items()},
        flag=graph.text(work, "oo:flag"),
        organisations=tuple(
            Organisation(_name_of(graph, body), _kind(graph, body))
            for body in graph.nodes(work, "oo:organization")
        ),
        access=graph.label(access[0]) if access else "",
        year=graph.number(work, "oo:recordedYear") or None,
    )


def _kind(graph: _Graph, body: ox.NamedNode) -> str:
    kinds = graph.nodes(body, "oo:organizationKind")
    return graph.label(kinds[0]) if kinds else ""


def _sources(graph: _Graph, work: ox.NamedNode) -> tuple[Source, ...]:
    def number(node: ox.NamedNode) -> int:
        end = node.value.rpartition("-")[2]
        return int(end) if re.fullmatch(r"[0-9]{1,9}", end) else 0

    return tuple(
        Source(
            graph.text(node, "oo:file"),
            graph.text(node, "oo:key"),
            graph.number(node, "oo:line"),
            tuple(
                (graph.text(part, "oo:fieldName"), graph.text(part, "rdf:value"))
                for part in graph.in_order(node, "oo:statedField")
            ),
        )
        for node in sorted(graph.nodes(work, "prov:wasDerivedFrom"), key=number)
    )
