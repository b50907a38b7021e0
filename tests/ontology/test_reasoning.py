"""An OWL 2 RL reasoner over the ontology, the vocabularies and a little data."""

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from owlrl.Namespaces import ERRNS
from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Namespace, URIRef

from oograph.ontology import BASE_IRI, PREFIXES, turtle, turtle_names

OO = Namespace(PREFIXES["oo"])
BIBO = Namespace(PREFIXES["bibo"])
FOAF = Namespace(PREFIXES["foaf"])
PROV = Namespace(PREFIXES["prov"])
SCHEMA = Namespace(PREFIXES["schema"])
VOID = Namespace(PREFIXES["void"])
WORK = URIRef(f"{BASE_IRI}publication/malik-2017-understanding-development-implications")

#: One publication with a triple of every sort that a reasoner could stumble over.
DATA = f"""
@base <{BASE_IRI}> .
{"".join(f"@prefix {name}: <{iri}> .{chr(10)}" for name, iri in PREFIXES.items())}
<{WORK}> a oo:Publication , fabio:ConferencePaper ;
    rdfs:label "Understanding the development implications of online outsourcing" ;
    dcterms:title "Understanding the development implications of online outsourcing" ;
    dcterms:creator <person/f-malik> ;
    dcterms:issued "2017"^^xsd:gYear ; oo:year 2017 ; oo:recordedYear 2017 ;
    dcterms:isPartOf <venue/ict4d> ;
    dcterms:publisher <organization/springer> ;
    oo:flag "Yes" ; oo:moreAuthors true ; oo:place "Cham" ;
    oo:authorship <{WORK}#author-1> ;
    oo:platform <platform/upwork> ; oo:sector <sector/professional-services> ;
    oo:workType <work-type/online-client-determined-specialist-work> ;
    oo:method <method/qualitative-research> ; oo:organization <organization/springer> ;
    dcterms:spatial <country/PK> , <country/other> ; dcterms:subject <topic/income> ;
    dcterms:type <record-type/research-publication> ; dcterms:accessRights <access/subscription> ;
    prov:wasDerivedFrom <{WORK}#source-1> .
<{WORK}#author-1> oo:position 1 ; oo:agent <person/f-malik> ; oo:nameAsWritten "Malik, F."@en .
<person/f-malik> a oo:Person ; foaf:name "F. Malik" .
<organization/springer> oo:organizationKind <organization-kind/publisher> .
<venue/ict4d> a oo:Venue , schema:Periodical .
<topic/bad-workers> a oo:Topic ; skos:inScheme <scheme/topics> ; skos:prefLabel "bad workers" ;
    oo:unreviewed true .
<{WORK}#source-1> oo:file "000.txt" ; oo:key "" ; oo:line 1 ;
    oo:statedField <{WORK}#source-1-field-1> .
<{WORK}#source-1-field-1> oo:position 1 ; oo:fieldName "keywords" ; rdf:value "income" .
<{WORK}#inferred-platform-upwork> a oo:Inference ; rdf:subject <{WORK}> ;
    rdf:predicate oo:platform ; rdf:object <platform/upwork> ; oo:rule "platform-name" ;
    oo:matchedText "Upwork" ; oo:matchedIn "title" ; oo:offset 0 .
<person/f-malik> oo:probablySameAs <person/fareesa-malik> ;
    schema:sameAs <https://orcid.org/0000-0002-1825-0097> .
<{WORK}> schema:sameAs <urn:isbn:9783319591117> ; dcterms:hasVersion <publication/preprint> .
<publication/preprint> a oo:Publication ; dcterms:isVersionOf <{WORK}> .
<publication/gone> a oo:Tombstone ; owl:deprecated true ; dcterms:isReplacedBy <{WORK}> ;
    oo:reason "merged" ; dcterms:date "2026-01-31"^^xsd:date .
<linkset/topics-yso#topic-telework-p10801> oo:linkset <linkset/topics-yso> ;
    rdf:subject <topic/telework> ; rdf:predicate skos:exactMatch ;
    rdf:object <http://www.yso.fi/onto/yso/p10801> ; oo:confidence 0.9 ;
    oo:justification semapv:ManualMappingCuration .
<topic/telework> skos:exactMatch <http://www.yso.fi/onto/yso/p10801> .
<linkset/topics-yso> oo:linkMethod "manual mapping curation" .
"""


def closure(*texts: str) -> Graph:
    graph = Graph()
    for text in texts:
        graph.parse(data=text, format="turtle")
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return graph


def errors(graph: Graph) -> list[str]:
    return sorted(str(message) for message in graph.objects(None, ERRNS.error))


@pytest.fixture(scope="module")
def reasoned() -> Graph:
    return closure(*map(turtle, turtle_names()), DATA)


def test_the_ontology_the_vocabularies_and_the_data_are_consistent(reasoned: Graph) -> None:
    assert errors(reasoned) == []


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        (WORK, BIBO.Document),
        (WORK, SCHEMA.CreativeWork),
        (URIRef(f"{BASE_IRI}platform/upwork"), SCHEMA.WebSite),
        (URIRef(f"{BASE_IRI}platform/upwork"), SKOS.Concept),
        (URIRef(f"{BASE_IRI}country/PK"), SCHEMA.Country),
        (URIRef(f"{BASE_IRI}person/f-malik"), FOAF.Agent),
        (URIRef(f"{BASE_IRI}organization/springer"), OO.Organization),
        (URIRef(f"{WORK}#author-1"), SCHEMA.Role),
        (URIRef(f"{WORK}#source-1"), OO.SourceRecord),
        (URIRef(f"{BASE_IRI}person/fareesa-malik"), OO.Person),
        (URIRef(f"{BASE_IRI}publication/gone"), PROV.Entity),
        (URIRef(f"{BASE_IRI}linkset/topics-yso#topic-telework-p10801"), OO.Link),
        (URIRef(f"{BASE_IRI}linkset/topics-yso"), VOID.Linkset),
    ],
)
def test_what_follows_from_the_ontology(reasoned: Graph, subject: URIRef, kind: URIRef) -> None:
    assert (subject, RDF.type, kind) in reasoned


def test_what_is_about_a_platform_is_about_it_in_schema_org_too(reasoned: Graph) -> None:
    assert (WORK, SCHEMA.about, URIRef(f"{BASE_IRI}platform/upwork")) in reasoned


def test_what_is_probably_the_same_is_not_made_the_same(reasoned: Graph) -> None:
    short, full = (URIRef(f"{BASE_IRI}person/{name}") for name in ("f-malik", "fareesa-malik"))
    assert (short, DCTERMS.relation, full) in reasoned
    assert (short, OWL.sameAs, full) not in reasoned


def test_our_nodes_get_no_class_of_ours_that_they_were_not_meant_to_have(reasoned: Graph) -> None:
    ours = {kind for kind in reasoned.objects(WORK, RDF.type) if str(kind).startswith(str(OO))}
    assert ours == {OO.Publication}


@pytest.mark.parametrize(
    "wrong",
    [
        "<x> a oo:Person , oo:Publication .",
        "<x> a oo:Person . <y> oo:platform <x> .",
        "<x> a oo:Topic . <y> oo:organization <x> .",
        "<x> a oo:Region ; oo:alpha3 'PAK' .",
        "<x> a oo:Venue ; oo:authorship <y> .",
        "<x> oo:year 'next year'^^xsd:integer .",
        "<x> a oo:Publication , oo:Tombstone .",
        "<x> a oo:Organization ; oo:probablySameAs <y> .",
    ],
    ids=[
        "two-kinds",
        "platform",
        "organisation",
        "region-code",
        "venue-author",
        "year",
        "living-and-gone",
        "likely-body",
    ],
)
def test_a_contradiction_is_reported(wrong: str) -> None:
    prefixes = (
        f"@prefix oo: <{OO}> . @prefix xsd: <{PREFIXES['xsd']}> . @base <http://example.org/> . "
    )
    assert errors(closure(turtle("oograph.ttl"), prefixes + wrong))
