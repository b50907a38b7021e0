"""VoID: the description of a release's dataset (https://www.w3.org/TR/void/).

It is part of the graph (the named graph ``description``), and counts itself: first the data is
counted once, then the description is made again until it says what is so. What only a finished
release has, its version and its date, is in ``void.ttl`` alone.
"""

from __future__ import annotations

import re
from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import pyoxigraph as ox

from ...ontology import DESCRIPTION, LICENCE, PREFIXES, TITLE, Question, prefixes, questions
from ..iris import RDF_TYPE, IRIs, mint, slug
from ..rdf.graph_builder import GraphBuilder, typed
from ..rdf.linksets import dataset_iri
from . import Release
from .dumps import linkset_names, whole_names
from .statements import (
    Statement,
    Statements,
    by_subject,
    datatype_of,
    triples_of,
    typing,
    value_of,
)

__all__ = [
    "Description",
    "Types",
    "describe",
    "description_of",
    "types_of",
]


_DATASET, _LINKSET = PREFIXES.expand("void:Dataset"), PREFIXES.expand("void:Linkset")
_TYPE = str(RDF_TYPE)
#: How often a description is made again before a number that will not settle is left out.
_ROUNDS = 10
#: The form of a query -> the class of SHACL's executables, and the property with its text.
_EXECUTABLES = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
}


#: Node, as N-Quads writes it -> the IRIs of its classes, sorted.
Types = dict[str, tuple[str, ...]]
#: Classes of the subject, property, and classes of the object or its datatype.
_Shape = tuple[tuple[str, ...], str, tuple[str, ...] | str]
#: A class, a property that its members have, and the range of values: ("class" or "datatype",
#: its IRI), or ("", "") for all of them.
_Part = tuple[str, str, tuple[str, str]]


@dataclass(slots=True)
class _Counts:
    """What there is in a set of triples."""

    types: Mapping[str, tuple[str, ...]]
    triples: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    entities: int = 0
    subjects: int = 0
    #: Digests: a large graph has millions of objects.
    objects: set[bytes] = field(default_factory=set)
    shapes: Counter[_Shape] = field(default_factory=Counter)

    def add(self, subject: str, statements: Iterable[Statement]) -> None:
        """Count the triples of one subject, each once."""
        self.subjects += 1
        is_entity = False
        classes = self.types.get(subject)
        for statement in statements:
            _, predicate, value = statement.terms
            self.triples += 1
            self.properties[predicate] += 1
            self.objects.add(blake2b(value.encode(), digest_size=8).digest())
            if classes:
                self.shapes[classes, predicate, self._range(value)] += 1
            if predicate == _TYPE and value[0] == "<":
                self.classes[value] += 1
                is_entity = True
        self.entities += is_entity

    def _range(self, value: str) -> tuple[str, ...] | str:
        """The classes of a node, or the datatype of a literal."""
        return datatype_of(value) if value[0] == '"' else self.types.get(value, ())

    def numbers(self, more: _Counts) -> _Numbers:
        """The numbers of these and of more triples, which have other subjects."""
        return _Numbers(
            triples=self.triples + more.triples,
            entities=self.entities + more.entities,
            subjects=self.subjects + more.subjects,
            objects=len(self.objects) + len(more.objects - self.objects),
            classes=_by_iri(self.classes + more.classes),
            properties=_by_iri(self.properties + more.properties),
            parts=tuple(sorted(_parts(self.shapes + more.shapes).items())),
        )


def _by_iri(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((value_of(term), count) for term, count in counts.items()))


def _parts(shapes: Counter[_Shape]) -> Counter[_Part]:
    """The triples by class of the subject, property, and class or datatype of the object."""
    parts: Counter[_Part] = Counter()
    for (classes, property, of), count in shapes.items():
        ranges = [("datatype", of)] if isinstance(of, str) else [("class", name) for name in of]
        for name in classes:
            for range in (("", ""), *ranges):
                parts[name, value_of(property), range] += count
    return parts


def types_of(statements: Iterable[Statement]) -> Types:
    """The classes of every node that has one."""
    # Few sets of classes, many nodes: each set is there once.
    sets: dict[tuple[str, ...], tuple[str, ...]] = {}
    types: Types = {}
    for node, name in typing(statements):
        names = tuple(sorted({*types.get(node, ()), name}))
        types[node] = sets.setdefault(names, names)
    return types


@dataclass(frozen=True, slots=True)
class _Numbers:
    triples: int
    entities: int
    subjects: int
    objects: int
    #: IRI and number of members.
    classes: tuple[tuple[str, int], ...]
    #: IRI and number of triples.
    properties: tuple[tuple[str, int], ...]
    #: Number of triples by class, property and range.
    parts: tuple[tuple[_Part, int], ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What describes a graph and is part of it, and what the two count together."""

    quads: tuple[ox.Quad, ...]
    #: Each once, in whatever graphs.
    triples: int
    #: The IRI of each class, and how many members it has.
    classes: tuple[tuple[str, int], ...]


def description_of(statements: Statements, types: Types, iris: IRIs) -> Description:
    """The description of the graph that these sorted statements and itself make up.

    ``types`` are those of the statements. What the two have in common, the linksets and the
    datasets they lead to, is kept and counted again with each description; the rest is counted
    once, as it streams by.
    """
    dataset = dataset_iri(iris)
    types = {**types, str(dataset): (_DATASET,)}
    data = _Counts(types)
    shared: set[Statement] = set()
    spaces = _spaces(iris)
    for subject, given in by_subject(statements):
        if _is_described(subject, spaces):
            shared.update(Statement(each.triple, "") for each in given)
        else:
            data.add(subject, given)
    linksets = sorted(value_of(subject) for subject, iri in typing(shared) if iri == _LINKSET)
    counted = ("triples", "entities", "subjects", "objects")
    for leave_out in ("", "objects"):
        numbers = data.numbers(_Counts(types))
        for _ in range(_ROUNDS):
            quads = _described(
                iris, dataset, linksets, numbers, [c for c in counted if c != leave_out]
            )
            described = {Statement(str(quad.triple), "") for quad in quads}
            own = _Counts(ChainMap(types_of(described), types))
            for subject, given in by_subject(sorted(shared | described)):
                own.add(subject, given)
            before, numbers = numbers, data.numbers(own)
            if numbers == before:
                return Description(tuple(quads), numbers.triples, numbers.classes)
    raise AssertionError("the description of the dataset does not settle")


def _is_described(subject: str, spaces: tuple[str, str]) -> bool:
    """Whether a node is a dataset or a linkset, which ``void.ttl`` describes."""
    linkset, dataset = spaces
    iri = subject[1:]
    return (iri.startswith(linkset) and "#" not in iri) or iri.startswith(dataset)


def _spaces(iris: IRIs) -> tuple[str, str]:
    """What the IRIs of linksets, and those of datasets, begin with."""
    return iris.thing("linkset", ""), iris.dataset("")


#: The numbers of a description -> the property of each.
_COUNTED = {
    "triples": "void:triples",
    "entities": "void:entities",
    "subjects": "void:distinctSubjects",
    "objects": "void:distinctObjects",
}


def _described(
    iris: IRIs,
    dataset: ox.NamedNode,
    linksets: Sequence[str],
    numbers: _Numbers,
    counted: Sequence[str],
) -> list[ox.Quad]:
    add = GraphBuilder(iris, "description")
    add(dataset, "rdf:type", add.node("void:Dataset"))
    add(dataset, "dcterms:title", ox.Literal(TITLE, language="en"))
    add(dataset, "dcterms:description", ox.Literal(DESCRIPTION, language="en"))
    add(dataset, "dcterms:license", ox.NamedNode(LICENCE))
    add(dataset, "foaf:homepage", ox.NamedNode(iris.base))
    add(dataset, "void:sparqlEndpoint", ox.NamedNode(iris.at("sparql")))
    add(dataset, "void:uriSpace", ox.Literal(iris.base))
    add(dataset, "void:exampleResource", ox.NamedNode(iris.thing("platform", "upwork")))
    for name in whole_names():
        add(dataset, "void:dataDump", ox.NamedNode(iris.at(f"dumps/{name}")))
    for linkset in linksets:
        add(dataset, "void:subset", ox.NamedNode(linkset))
        for name in linkset_names(linkset.rpartition("/")[2]):
            dump = ox.NamedNode(iris.at(f"dumps/{name}"))
            add(ox.NamedNode(linkset), "void:dataDump", dump)
    terms = [name for name, _ in (*numbers.properties, *numbers.classes)]
    for iri in sorted(prefixes(iris.base).values()):
        if any(name.startswith(iri) for name in terms):
            add(dataset, "void:vocabulary", ox.NamedNode(iri))
    for name in counted:
        add(dataset, _COUNTED[name], ox.Literal(getattr(numbers, name)))
    add(dataset, "void:classes", ox.Literal(len(numbers.classes)))
    add(dataset, "void:properties", ox.Literal(len(numbers.properties)))
    taken: set[str] = set()
    of_class: dict[str, ox.NamedNode] = {}
    for kind, counts, number in (
        ("class", numbers.classes, "void:entities"),
        ("property", numbers.properties, "void:triples"),
    ):
        for iri, count in counts:
            name = mint(f"{dataset.value}-{kind}-{slug(iri.partition('://')[2])}", taken)
            taken.add(name)
            part = ox.NamedNode(name)
            add(dataset, f"void:{kind}Partition", part)
            add(part, f"void:{kind}", ox.NamedNode(iri))
            add(part, number, ox.Literal(count))
            if kind == "class":
                of_class[iri] = part
    _partitions(add, iris, dataset, of_class, numbers.parts, taken)
    for prefix, namespace in prefixes(iris.base).items():
        node = dataset_iri(iris, f"prefix-{prefix}")
        add(dataset, "sh:declare", node)
        add(node, "rdf:type", add.node("sh:PrefixDeclaration"))
        add(node, "sh:prefix", ox.Literal(prefix))
        add(node, "sh:namespace", typed(namespace, "anyURI"))
    for question in questions(iris.base):
        _example(add, iris, dataset, question)
    return add.quads


#: The kind of a range -> the property that leads to its partition, and that names it.
_RANGES = {
    "class": ("void:classPartition", "void:class"),
    "datatype": ("void-ext:datatypePartition", "void-ext:datatype"),
}


def _partitions(
    add: GraphBuilder,
    iris: IRIs,
    dataset: ox.NamedNode,
    of_class: Mapping[str, ox.NamedNode],
    parts: Iterable[tuple[_Part, int]],
    taken: set[str],
) -> None:
    """The properties of each class and what their values are, which editors complete from.

    They are sorted, so that a property comes before the ranges of its values.
    """
    short = prefixes(iris.base).compress
    of_property: dict[tuple[str, str], ox.NamedNode] = {}
    for (of, property, (kind, range)), count in parts:
        names = [slug(short(iri)) for iri in (of, property, range) if iri]
        part = ox.NamedNode(mint("-".join((dataset.value, *names)), taken))
        taken.add(part.value)
        add(part, "void:triples", ox.Literal(count))
        if not kind:
            of_property[of, property] = part
            add(of_class[of], "void:propertyPartition", part)
            add(part, "void:property", ox.NamedNode(property))
        else:
            link, name = _RANGES[kind]
            add(of_property[of, property], link, part)
            add(part, name, ox.NamedNode(range))


def _example(add: GraphBuilder, iris: IRIs, dataset: ox.NamedNode, question: Question) -> None:
    """A competency question, as editors of SPARQL look for example queries."""
    node = dataset_iri(iris, f"example-{question.name}")
    prologue = re.compile(r"\s*(?:#[^\n]*\n\s*|(?:PREFIX\s+\S*|BASE)\s*<[^>]*>\s*)*", re.IGNORECASE)
    head = prologue.match(question.query)
    assert head is not None
    form = question.query[head.end() :].split(None, 1)[0].upper()
    kind, text = _EXECUTABLES[form]
    add(node, "rdf:type", add.node("sh:SPARQLExecutable"))
    add(node, "rdf:type", add.node(kind))
    words = question.name.partition("-")[2].replace("-", " ").capitalize()
    add(node, "rdfs:label", ox.Literal(words, language="en"))
    add(node, "rdfs:comment", ox.Literal(question.words, language="en"))
    terms = re.findall(r"\boo:(\w+)", question.query)
    # Once: a class and a property may differ in nothing but their first letter.
    for word in sorted({re.sub(r"(?<=[a-z])(?=[A-Z])", " ", term).lower() for term in terms}):
        add(node, "schema:keywords", ox.Literal(word))
    add(node, text, ox.Literal(question.query))
    add(node, "sh:prefixes", dataset)
    add(node, "schema:target", ox.NamedNode(iris.at("sparql")))


def describe(release: Release, statements: Statements) -> str:
    """``void.ttl``: the description with the release's version and date, and the linksets.

    ``statements`` are those of the whole graph, sorted, with the description in it.
    """
    iris = IRIs(release.base_iri)
    dataset = dataset_iri(iris)
    described = [
        triple
        for prefix in _spaces(iris)
        for subject, given in by_subject(statements.with_prefix(prefix))
        if _is_described(subject, _spaces(iris))
        for triple in triples_of(given)
    ]
    version = ox.NamedNode(PREFIXES.expand("owl:versionInfo"))
    date = ox.NamedNode(PREFIXES.expand("dcterms:modified"))
    described.append(ox.Triple(dataset, version, ox.Literal(release.version)))
    described.append(ox.Triple(dataset, date, typed(release.date, "date")))
    described.sort(key=lambda triple: (triple.subject != dataset, str(triple)))
    text = ox.serialize(described, format=ox.RdfFormat.TURTLE, prefixes=prefixes(iris.base))
    assert text is not None
    return text.decode()
