"""Provenance: inferences with their rules, and the source records of a work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ..catalogue.sources import SourceName
from ..iris import IRIs
from ..model import Source
from ..resolution.likely import LikelyAgent
from ..vocabulary.annotate import Inference
from ..vocabulary.confidence import Confidence
from ..vocabulary.title_language import RULE, TitleLanguage
from .graph_builder import GraphBuilder, typed
from .names import CONCEPTS

_PREDICATE = {scheme.stem: field.predicate for field, scheme in CONCEPTS}


def add_inference(
    inferred: GraphBuilder, provenance: GraphBuilder, work: ox.NamedNode, inference: Inference
) -> None:
    """Add an inference with its evidence; for a suggestion, only the evidence is added."""
    predicate, concept = _PREDICATE[inference.scheme], ox.NamedNode(inference.concept)
    if inference.is_sure:
        inferred(work, predicate, concept)
    kind = "oo:Inference" if inference.is_sure else "oo:Suggestion"
    space, _, name = inference.concept.rpartition("/")
    node = ox.NamedNode(f"{work.value}#inferred-{space.rpartition('/')[2]}-{name}")
    provenance.reify(node, kind, work, provenance.node(predicate), concept)
    provenance(node, "oo:rule", ox.Literal(inference.rule))
    if inference.confidence:
        provenance(node, "oo:confidence", _share(inference.confidence))
    if inference.evidence:
        provenance(node, "oo:evidence", ox.Literal(inference.evidence))
    else:
        provenance(node, "oo:matchedText", ox.Literal(inference.matched_text))
        provenance(node, "oo:matchedIn", ox.Literal(inference.matched_in))
        provenance(node, "oo:offset", typed(inference.offset, "integer"))


def add_language(
    inferred: GraphBuilder, provenance: GraphBuilder, work: ox.NamedNode, title: TitleLanguage
) -> None:
    """Add the language inferred from a title, with its evidence."""
    tag, predicate = ox.Literal(title.tag), "schema:inLanguage"
    node = ox.NamedNode(f"{work.value}#inferred-language-{title.tag}")
    inferred(work, predicate, tag)
    provenance.reify(node, "oo:Inference", work, provenance.node(predicate), tag)
    provenance(node, "oo:rule", ox.Literal(RULE))
    if title.confidence:
        provenance(node, "oo:confidence", _share(title.confidence))
    where = title.field.replace("_", " ")
    # processors differ in the last digits
    evidence = f"py3langid, from the {where}: certainty {title.certainty:.1f}"
    provenance(node, "oo:evidence", ox.Literal(evidence))


def _share(confidence: Confidence) -> ox.Literal:
    """The confidence as a decimal without trailing zeros, as SPARQL engines write it."""
    share = f"{confidence.share:.3f}".rstrip("0").rstrip(".")
    return typed(share or "0", "decimal")


def likely_quads(pairs: Iterable[LikelyAgent], iris: IRIs) -> Iterator[ox.Quad]:
    """Persons who are probably the same (graph inferred), with evidence (graph provenance)."""
    inferred, provenance = GraphBuilder(iris, "inferred"), GraphBuilder(iris, "provenance")
    for pair in pairs:
        person, other = (ox.NamedNode(iris.agent(agent)) for agent in (pair.agent, pair.same_as))
        name = other.value.rpartition("/")[2]
        node = ox.NamedNode(iris.part(person.value, f"inferred-person-{name}"))
        inferred(person, "oo:probablySameAs", other)
        provenance.reify(node, "oo:Inference", person, provenance.node("oo:probablySameAs"), other)
        provenance(node, "oo:rule", ox.Literal(pair.rule))
        provenance(node, "oo:confidence", typed(str(pair.confidence), "decimal"))
        provenance(node, "oo:evidence", ox.Literal(pair.evidence))
    yield from inferred.quads
    yield from provenance.quads


def add_source(
    add: GraphBuilder, work: ox.NamedNode, number: int, source: Source, name: SourceName | None
) -> None:
    """Add a source record of the work, with the fields that have no property of their own."""
    node = ox.NamedNode(f"{work.value}#source-{number}")
    add(work, "prov:wasDerivedFrom", node)
    add(node, "rdf:type", add.node("oo:SourceRecord"))
    if name:
        add(node, "rdfs:label", ox.Literal(name.name, language="en"))
    if name and name.url:
        add(node, "rdfs:seeAlso", ox.NamedNode(name.url))
    add(node, "oo:file", ox.Literal(source.file))
    add(node, "oo:key", ox.Literal(source.key))
    add(node, "oo:line", typed(source.position, "integer"))
    for place, (field, words) in enumerate(source.stated, 1):
        part = ox.NamedNode(f"{node.value}-field-{place}")
        add(node, "oo:statedField", part)
        add(part, "rdf:type", add.node("oo:StatedField"))
        add(part, "oo:position", typed(place, "integer"))
        add(part, "oo:fieldName", ox.Literal(field))
        add(part, "rdf:value", ox.Literal(words))
