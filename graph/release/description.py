"""VoID: the description of a release's dataset (https://www.w3.org/TR/void/).

The description is part of the graph (the named graph ``description``) and counts itself: the data
is counted once, then the description is made again until its numbers are right. The version and
the date, which only a finished release has, are in ``void.ttl`` alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox

from ...ontology import PREFIXES, Question, prefixes, questions
from ..dataset import Dataset
from ..iris import IRIs, Minter, named_node, slug
from ..rdf.graph_builder import GraphBuilder, typed
from ..rdf.linksets import dataset_iri
from . import Release
from .counts import Classes, Counts, Numbers, Part, Types, counts_of, types_of
from .dumps import linkset_names, whole_names
from .statements import Statement, Statements, by_subject, triples_of, typing, value_of

_LINKSET = PREFIXES.expand("void:Linkset")
#: How often to make a description again before leaving out a number that does not settle.
_ROUNDS = 10
#: Query form -> the SHACL class of such a query, and the property that holds its text.
_EXECUTABLES = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
}


@dataclass(frozen=True, slots=True)
class Description:
    """The description of a graph, and the counts of the graph with its description."""

    quads: tuple[ox.Quad, ...]
    #: Distinct triples, whatever their graphs.
    triples: int
    #: The IRI of each class, and how many members it has.
    classes: tuple[tuple[str, int], ...]


def description_of(
    data: Counts,
    shared: Iterable[Statement],
    classes_of: Classes,
    iris: IRIs,
    about: Dataset,
) -> Description:
    """Describe the graph that some statements and the description itself make up.

    ``shared`` are the statements on datasets and linksets (``is_described``), which are counted
    again with each attempt, as they may share subjects with the description. ``data`` counts all
    others. ``classes_of`` gives the classes of every node; ``about`` says what the dataset is.
    """
    dataset = dataset_iri(iris)
    kept = {each._replace(graph="") for each in shared}
    linksets = sorted(value_of(subject) for subject, iri in typing(kept) if iri == _LINKSET)
    objects = data.distinct_objects
    for leave_out in ("", "objects"):
        numbers = data.numbers(objects)
        for _ in range(_ROUNDS):
            counted = [name for name in _COUNTED if name != leave_out]
            quads = _described(iris, about, dataset, linksets, numbers, counted)
            statements = kept | {Statement.of_triple(quad.triple) for quad in quads}
            types = types_of(statements)
            own = counts_of(by_subject(sorted(statements)), partial(_classes, types, classes_of))
            before, whole = numbers, data + own
            numbers = whole.numbers(objects + data.more_objects(own))
            if numbers == before:
                return Description(tuple(quads), numbers.triples, numbers.classes)
    raise AssertionError("the description of the dataset does not settle")


def _classes(types: Types, classes_of: Classes, node: str) -> tuple[str, ...]:
    return types.get(node) or classes_of(node)


def is_described(subject: str, iris: IRIs) -> bool:
    """Whether a node, as N-Quads writes it, is a dataset or a linkset, which VoID describes."""
    linkset, dataset = _spaces(iris)
    iri = subject[1:]
    return (iri.startswith(linkset) and "#" not in iri) or iri.startswith(dataset)


def _spaces(iris: IRIs) -> tuple[str, str]:
    """The beginnings of the IRIs of linksets, and of datasets."""
    return iris.thing("linkset", ""), iris.dataset("")


#: Number in a description -> its property.
_COUNTED = {
    "triples": "void:triples",
    "entities": "void:entities",
    "subjects": "void:distinctSubjects",
    "objects": "void:distinctObjects",
}


def _described(
    iris: IRIs,
    about: Dataset,
    dataset: ox.NamedNode,
    linksets: Sequence[str],
    numbers: Numbers,
    counted: Iterable[str],
) -> list[ox.Quad]:
    """The description with some numbers; ``counted`` names those given for the whole."""
    add = GraphBuilder(iris, "description")
    _about(add, iris, dataset, about)
    _dumps(add, iris, dataset, linksets)
    for name in counted:
        add(dataset, _COUNTED[name], ox.Literal(getattr(numbers, name)))
    add(dataset, "void:classes", ox.Literal(len(numbers.classes)))
    add(dataset, "void:properties", ox.Literal(len(numbers.properties)))
    minter = Minter()
    of_class = _partitions(add, dataset, "class", "void:entities", numbers.classes, minter)
    of_property = _partitions(add, dataset, "property", "void:triples", numbers.properties, minter)
    _parts(add, iris, dataset, of_class, numbers.parts, minter)
    _prefixes(add, iris, dataset, (*of_property, *of_class))
    used = {prefixes(iris.base).compress(name) for name in of_property}
    for question in questions(iris.base):
        if question.is_for(used):
            _example(add, iris, dataset, question)
    return add.quads


def _about(add: GraphBuilder, iris: IRIs, dataset: ox.NamedNode, about: Dataset) -> None:
    """What the dataset is, and where it is served."""
    add(dataset, "rdf:type", add.node("void:Dataset"))
    add(dataset, "dcterms:title", ox.Literal(about.title, language="en"))
    add(dataset, "dcterms:description", ox.Literal(about.description, language="en"))
    add(dataset, "dcterms:license", ox.NamedNode(about.licence.iri))
    add(dataset, "dcterms:publisher", ox.NamedNode(iris.at("catalog#publisher")))
    add(dataset, "foaf:homepage", ox.NamedNode(iris.base))
    add(dataset, "void:sparqlEndpoint", ox.NamedNode(iris.at("sparql")))
    add(dataset, "void:uriSpace", ox.Literal(iris.base))
    add(dataset, "void:exampleResource", ox.NamedNode(iris.thing("platform", "upwork")))


def _dumps(add: GraphBuilder, iris: IRIs, dataset: ox.NamedNode, linksets: Iterable[str]) -> None:
    """The files that hold the dataset, and those of each linkset."""
    files = {dataset.value: whole_names()}
    for linkset in linksets:
        add(dataset, "void:subset", ox.NamedNode(linkset))
        files[linkset] = linkset_names(linkset.rpartition("/")[2])
    for iri, names in files.items():
        for name in names:
            add(ox.NamedNode(iri), "void:dataDump", ox.NamedNode(iris.at(f"dumps/{name}")))


def _partitions(
    add: GraphBuilder,
    dataset: ox.NamedNode,
    kind: str,
    number: str,
    counts: Iterable[tuple[str, int]],
    minter: Minter,
) -> dict[str, ox.NamedNode]:
    """Add the partition of each class, or of each property; return them by its IRI."""
    parts: dict[str, ox.NamedNode] = {}
    for iri, count in counts:
        name = f"{dataset.value}-{kind}-{slug(iri.partition('://')[2])}"
        parts[iri] = part = ox.NamedNode(minter.mint(name))
        add(dataset, f"void:{kind}Partition", part)
        add(part, f"void:{kind}", ox.NamedNode(iri))
        add(part, number, ox.Literal(count))
    return parts


def _prefixes(add: GraphBuilder, iris: IRIs, dataset: ox.NamedNode, terms: Collection[str]) -> None:
    """The prefixes that queries may use; those that the data uses are its vocabularies."""
    for prefix, namespace in prefixes(iris.base).items():
        if any(name.startswith(namespace) for name in terms):
            add(dataset, "void:vocabulary", ox.NamedNode(namespace))
        node = dataset_iri(iris, f"prefix-{prefix}")
        add(dataset, "sh:declare", node)
        add(node, "rdf:type", add.node("sh:PrefixDeclaration"))
        add(node, "sh:prefix", ox.Literal(prefix))
        add(node, "sh:namespace", typed(namespace, "anyURI"))


#: Kind of range -> the property that leads to its partition, and the one that names it.
_RANGES = {
    "class": ("void:classPartition", "void:class"),
    "datatype": ("void-ext:datatypePartition", "void-ext:datatype"),
}


def _parts(
    add: GraphBuilder,
    iris: IRIs,
    dataset: ox.NamedNode,
    of_class: Mapping[str, ox.NamedNode],
    parts: Iterable[tuple[Part, int]],
    minter: Minter,
) -> None:
    """The properties of each class and the kinds of their values, for completion in editors.

    The parts are sorted: a property comes before the ranges of its values.
    """
    short = prefixes(iris.base).compress
    of_property: dict[tuple[str, str], ox.NamedNode] = {}
    for (of, property, (kind, range)), count in parts:
        names = [slug(short(iri)) for iri in (of, property, range) if iri]
        part = ox.NamedNode(minter.mint("-".join((dataset.value, *names))))
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
    """A competency question, in the form in which SPARQL editors look for example queries."""
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
    # a set: a class and a property may differ in their first letter only
    for word in sorted({re.sub(r"(?<=[a-z])(?=[A-Z])", " ", term).lower() for term in terms}):
        add(node, "schema:keywords", ox.Literal(word))
    add(node, text, ox.Literal(question.query))
    add(node, "sh:prefixes", dataset)
    add(node, "schema:target", ox.NamedNode(iris.at("sparql")))


def describe(release: Release, statements: Statements) -> str:
    """``void.ttl``: the description with the release's version and date, and the linksets.

    ``statements`` are those of the whole graph, sorted, including the description.
    """
    iris = IRIs(release.base_iri)
    dataset = dataset_iri(iris)
    described = [
        triple
        for prefix in _spaces(iris)
        for subject, given in by_subject(statements.with_prefix(prefix))
        if is_described(subject, iris)
        for triple in triples_of(given)
    ]
    version = named_node("owl:versionInfo")
    date = named_node("dcterms:modified")
    described.append(ox.Triple(dataset, version, ox.Literal(release.version)))
    described.append(ox.Triple(dataset, date, typed(release.date, "date")))
    described.sort(key=lambda triple: (triple.subject != dataset, str(triple)))
    text = ox.serialize(described, format=ox.RdfFormat.TURTLE, prefixes=prefixes(iris.base))
    assert text is not None
    return text.decode()
