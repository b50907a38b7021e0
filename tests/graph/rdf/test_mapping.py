"""From a record to its triples."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from oograph.graph.catalogue import Catalogue
from oograph.graph.catalogue.sources import SourceName
from oograph.graph.dataset import OOGRAPH
from oograph.graph.iris import IRIs
from oograph.graph.model import (
    Abstract,
    Facets,
    Name,
    Organisation,
    Reading,
    Record,
    Source,
)
from oograph.graph.rdf.linksets import record_linkset, record_linkset_quads
from oograph.graph.rdf.mapping import Mapper, vocabulary_quads
from oograph.graph.rdf.names import Names
from oograph.graph.rdf.provenance import likely_quads
from oograph.graph.resolution.likely import LikelyAgent
from oograph.ontology import PREFIXES

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
BASE = "https://w3id.org/oograph/"


def quads_of(*records: Record, base: str = BASE) -> list[ox.Quad]:
    mapper = Mapper.of(Names.of(records, IRIs(base)), IRIs(base))
    return [quad for record in records for quad in mapper.quads(record)]


def values(quads: list[ox.Quad], subject: str, predicate: str, graph: str = "") -> list[str]:
    prefix, _, local = predicate.partition(":")
    return [
        quad.object.value.removeprefix(BASE)
        for quad in quads
        if quad.subject.value == BASE + subject
        and quad.predicate.value == PREFIXES[prefix] + local
        and quad.graph_name.value.endswith(graph)
    ]


@pytest.fixture(scope="module")
def small() -> list[ox.Quad]:
    return quads_of(*Catalogue.read(SMALL).works)


def test_a_source_has_the_name_that_a_curator_gave_its_file() -> None:
    sources = (Source("a.bib", "a", 1), Source("b.txt", "b", 7))
    record = Record("Gigs", id="a-2020-gigs", sources=sources)
    names = (SourceName("*.txt", "a record page", "https://example.org/pages/"),)
    mapper = Mapper.of(Names.of([record], IRIs(BASE), names), IRIs(BASE))
    quads = list(mapper.quads(record))
    first, second = (f"publication/a-2020-gigs#source-{n}" for n in (1, 2))
    assert values(quads, first, "rdfs:label") == values(quads, first, "rdfs:seeAlso") == []
    assert values(quads, second, "rdfs:label", "provenance") == ["a record page"]
    assert values(quads, second, "rdfs:seeAlso", "provenance") == ["https://example.org/pages/"]


MALIK = "publication/malik-2017-understanding-development-implications"


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("dcterms:title", ["Understanding the development implications of online outsourcing"]),
        ("oo:platform", [f"platform/{p}" for p in ("upwork", "freelancer", "fiverr", "guru")]),
        ("dcterms:spatial", ["country/other"]),
        ("oo:flag", ["Yes"]),
        ("oo:sector", ["sector/professional-services"]),
        ("oo:workType", ["work-type/online-client-determined-specialist-work"]),
        ("dcterms:type", ["record-type/research-publication", "record-type/case-study-worker"]),
        ("oo:method", ["method/qualitative-research"]),
        ("dcterms:accessRights", ["access/subscription"]),
        ("schema:inLanguage", ["en"]),
        ("oo:year", ["2017"]),
        ("dcterms:issued", ["2017"]),
        ("bibo:pages", ["425-436"]),
        ("bibo:pageStart", ["425"]),
        ("bibo:pageEnd", ["436"]),
        ("dcterms:creator", ["person/f-malik", "person/b-nicholson", "person/r-heeks"]),
    ],
)
def test_every_facet_is_stated(small: list[ox.Quad], predicate: str, expected: list[str]) -> None:
    assert values(small, MALIK, predicate, "stated") == expected


def test_no_blank_nodes(small: list[ox.Quad]) -> None:
    terms = {type(term) for quad in small for term in (quad.subject, quad.object)}
    assert terms == {ox.NamedNode, ox.Literal}


def test_nothing_is_both_stated_and_inferred(small: list[ox.Quad]) -> None:
    stated = {q.triple for q in small if q.graph_name.value.endswith("/stated")}
    inferred = {q.triple for q in small if q.graph_name.value.endswith("/inferred")}
    assert inferred and not stated & inferred


def test_each_inference_has_its_evidence(small: list[ox.Quad]) -> None:
    inferred = [q for q in small if q.graph_name.value.endswith("/inferred")]
    evidence = {
        q.subject.value for q in small if q.object == ox.NamedNode(PREFIXES["oo"] + "Inference")
    }
    assert len(evidence) == len(inferred)


def test_a_suggestion_stands_in_no_graph_but_its_evidence_does() -> None:
    readings = (
        Reading("countries", "KE", "country-of-data", "Kenya", 3),
        Reading("topics", "reputation", "topic-repeated", "reputation", 40),
    )
    source = Source("a.bib", "a", 1, abstract=Abstract("a" * 12, "1", readings))
    quads = quads_of(Record("A title", id="x", sources=(source,)))
    work = "publication/x"
    assert values(quads, work, "dcterms:spatial", "inferred") == ["country/KE"]
    assert values(quads, work, "dcterms:subject") == []
    kenya, topic = f"{work}#inferred-country-KE", f"{work}#inferred-topic-reputation"
    assert values(quads, kenya, "rdf:type") == [PREFIXES["oo"].removeprefix(BASE) + "Inference"]
    assert values(quads, topic, "rdf:type") == [PREFIXES["oo"].removeprefix(BASE) + "Suggestion"]
    assert values(quads, topic, "rdf:object") == ["topic/reputation"]
    assert values(quads, topic, "oo:matchedIn") == ["abstract"]
    assert values(quads, kenya, "oo:confidence") == ["1"]


def test_what_follows_from_a_platform_has_it_as_evidence() -> None:
    quads = quads_of(Record("What workers earn on oDesk", id="x"))
    node = "publication/x#inferred-work-type-online-platform-work"
    assert values(quads, node, "oo:evidence") == ["platform/upwork"]
    assert values(quads, node, "oo:matchedText") == []


def test_author_order_and_spelling_survive(small: list[ox.Quad]) -> None:
    for number, name in enumerate(["Malik, F.", "Nicholson, B.", "Heeks, R."], 1):
        node = f"{MALIK}#author-{number}"
        assert values(small, node, "oo:position") == [str(number)]
        assert values(small, node, "oo:nameAsWritten") == [name]


def test_an_unknown_value_is_kept_and_marked() -> None:
    record = Record("T", id="t", facets=Facets(platforms=("Foo & Söhne",)))
    quads = quads_of(record)
    assert values(quads, "publication/t", "oo:platform") == ["platform/foo-sohne"]
    assert values(quads, "platform/foo-sohne", "skos:prefLabel", "stated") == ["Foo & Söhne"]
    assert values(quads, "platform/foo-sohne", "oo:unreviewed") == ["true"]


def test_one_venue_has_one_label_however_it_is_spelt() -> None:
    records = [
        Record("A", id="a", container_title="MIS Quarterly"),
        Record("B", id="b", container_title="MIS quarterly"),
        Record("C", id="c", container_title="MIS Quarterly"),
    ]
    quads = quads_of(*records)
    assert set(values(quads, "venue/mis-quarterly", "rdfs:label")) == {"MIS Quarterly"}


def test_another_base_reaches_every_iri() -> None:
    base = "http://localhost:8000/"
    record = Record("T", id="t", authors=(Name("A"),), agents=("person/a",))
    quads = quads_of(record, base=base)
    ours = [str(quad) for quad in (*quads, *vocabulary_quads(IRIs(base)))]
    assert ours and not [line for line in ours if BASE in line]


def test_a_record_page_can_be_rebuilt_from_the_graph() -> None:
    stated = (
        ("title", "Working online"),
        ("citation", "Malik, F. (2017), 'Working online', Some Press."),
        ("record_types", "Research publication"),
        ("countries", "Other"),
        ("flag", "Yes"),
        ("platforms", "Upwork, Guru, Fiverr"),
        ("year", "2017"),
    )
    record = Record("Working online", id="w", sources=(Source("p.txt", "w", 1, stated),))
    store = ox.Store()
    store.extend(quads_of(record))
    rows = store.query(
        f"""PREFIX oo: <{PREFIXES["oo"]}> PREFIX rdf: <{PREFIXES["rdf"]}>
        SELECT ?field ?words {{
          <{BASE}publication/w#source-1> oo:statedField ?part .
          ?part oo:position ?position ; oo:fieldName ?field ; rdf:value ?words }}
        ORDER BY ?position""",
        use_default_graph_as_union=True,
    )
    found = [(row["field"].value, row["words"].value) for row in rows]
    assert found == list(stated)


@pytest.mark.parametrize(
    ("record", "subject", "predicate", "expected"),
    [
        (
            Record("B", id="b", type="book", isbn=("080442957X",)),
            "publication/b",
            "schema:sameAs",
            ["urn:isbn:9780804429573"],
        ),
        (
            Record("C", id="c", type="chapter", isbn=("9780804429573",), doi="10.1000/1"),
            "publication/c",
            "schema:sameAs",
            ["https://doi.org/10.1000/1"],
        ),
        (
            Record("C", id="c", type="chapter", isbn=("9780804429573",)),
            "publication/c",
            "schema:isPartOf",
            ["urn:isbn:9780804429573"],
        ),
        (
            Record("P", id="p", url="https://arxiv.org/abs/1701.00001"),
            "publication/p",
            "schema:sameAs",
            ["https://arxiv.org/abs/1701.00001"],
        ),
        (
            Record("A", id="a", doi="10.1000/1", url="https://arxiv.org/abs/1701.00001"),
            "publication/a",
            "dcterms:hasVersion",
            ["https://arxiv.org/abs/1701.00001"],
        ),
        (
            Record(
                "A",
                id="a",
                sources=(
                    Source("a.json", "https://openalex.org/W2", 1),
                    Source("b.json", "https://openalex.org/W1", 1),
                    Source("b.csv", "https://openalex.org/A1", 1),
                    Source("c.bib", "W3", 1),
                ),
            ),
            "publication/a",
            "schema:sameAs",
            ["https://openalex.org/W1", "https://openalex.org/W2"],
        ),
        (
            Record("A", id="a", type="article-journal", container_title="J", issn=("0950-0170",)),
            "venue/j",
            "schema:sameAs",
            ["urn:issn:0950-0170"],
        ),
        (
            Record("P", id="p", type="paper-conference", container_title="C", issn=("0950-0170",)),
            "venue/c",
            "schema:isPartOf",
            ["urn:issn:0950-0170"],
        ),
    ],
    ids=[
        *("book", "chapter", "book-of-chapter", "preprint", "article", "openalex"),
        *("journal", "proceedings"),
    ],
)
def test_identifiers_lead_outwards(
    record: Record, subject: str, predicate: str, expected: list[str]
) -> None:
    assert values(quads_of(record), subject, predicate, "stated") == expected


def test_a_person_has_the_orcid_that_any_record_gives() -> None:
    plain = Record("A", id="a", authors=(Name("Lee", "Ana Maria"),), agents=("person/ana-lee",))
    with_orcid = replace(plain, id="b", authors=(Name("Lee", "Ana", orcid="0000-0002-1825-0097"),))
    for records in ((plain, with_orcid), (with_orcid, plain)):
        found = values(quads_of(*records), "person/ana-lee", "schema:sameAs")
        assert set(found) == {"https://orcid.org/0000-0002-1825-0097"}


def test_whose_initials_are_likely_whose_is_inferred_with_its_evidence() -> None:
    pair = LikelyAgent(
        "person/a-lee", "person/ana-lee", "initials-one-candidate", "co-author Roe, B.", 0.9
    )
    quads = list(likely_quads([pair], IRIs()))
    assert values(quads, "person/a-lee", "oo:probablySameAs", "inferred") == ["person/ana-lee"]
    node = "person/a-lee#inferred-person-ana-lee"
    assert values(quads, node, "oo:evidence", "provenance") == ["co-author Roe, B."]
    assert values(quads, node, "oo:rule") == ["initials-one-candidate"]
    assert values(quads, node, "rdf:object") == ["person/ana-lee"]


def test_the_links_of_records_are_counted_in_linksets() -> None:
    records = [
        Record("A", id="a", doi="10.1000/1", url="https://example.org/a"),
        Record("B", id="b", type="book", isbn=("080442957X",)),
        Record("C", id="c", type="chapter", isbn=("9780804429573",), doi="10.1000/2"),
    ]
    stated = Counter(
        (linkset, quad.predicate.value)
        for quad in set(quads_of(*records))
        if isinstance(quad.object, ox.NamedNode)
        and (
            linkset := record_linkset(
                quad.subject.value, quad.predicate.value, quad.object.value, IRIs()
            )
        )
    )
    quads = list(record_linkset_quads(stated, IRIs(), OOGRAPH.licence.iri))
    found = {
        quad.subject.value.removeprefix(f"{BASE}linkset/"): int(quad.object.value)
        for quad in quads
        if quad.predicate.value == f"{PREFIXES['void']}triples"
    }
    assert found == {"publications-doi": 2, "publications-isbn": 2, "publications-web": 1}
    assert values(quads, "linkset/publications-isbn", "oo:linkMethod") == ["stated by the record"]
    assert sorted(values(quads, "linkset/publications-isbn", "void:linkPredicate")) == [
        f"{PREFIXES['schema']}isPartOf",
        f"{PREFIXES['schema']}sameAs",
    ]


def test_editors_are_persons_in_their_order_with_names_as_written() -> None:
    editors, agents = (Name("Meil", "P."), Name("Kirov", "V.")), ("person/p-meil", "person/v-kirov")
    quads = quads_of(Record("T", id="t", editors=editors, editor_agents=agents))
    assert values(quads, "publication/t", "bibo:editor") == list(agents)
    assert values(quads, "publication/t#editor-2", "oo:nameAsWritten") == ["Kirov, V."]
    assert values(quads, "publication/t#editor-2", "oo:position") == ["2"]
    assert values(quads, "person/p-meil", "foaf:familyName") == ["Meil"]


def test_a_keyword_that_is_no_topic_stays_a_keyword() -> None:
    facets = Facets(keywords=("crowdsourcing", "rate4"))
    quads = quads_of(Record("T", id="t", facets=facets))
    assert values(quads, "publication/t", "dcterms:subject", "stated") == ["topic/crowdsourcing"]
    assert values(quads, "publication/t", "schema:keywords") == ["rate4"]
    assert not any(quad.predicate.value.endswith("#unreviewed") for quad in quads)


def test_an_edition_is_below_its_series_and_a_variant_is_another_name() -> None:
    edition = "2013 46th Hawaii International Conference on System Sciences"
    quads = quads_of(
        Record("A", id="a", container_title=edition),
        Record("B", id="b", container_title="Transfer"),
    )
    (venue,) = values(quads, "publication/a", "dcterms:isPartOf")
    series = "venue/hawaii-international-conference-on-system-sciences"
    assert values(quads, venue, "dcterms:isPartOf") == [series]
    assert values(quads, series, "dcterms:alternative") == ["HICSS"]
    (journal,) = values(quads, "publication/b", "dcterms:isPartOf")
    assert journal == "venue/transfer-european-review-of-labour-and-research"
    assert values(quads, journal, "dcterms:alternative") == ["Transfer"]


def test_a_publisher_has_its_abbreviation() -> None:
    quads = quads_of(Record("T", id="t", publisher="International Labour Office"))
    (publisher,) = values(quads, "publication/t", "dcterms:publisher")
    assert publisher == "organization/international-labour-organization"
    assert values(quads, publisher, "skos:altLabel") == ["ILO"]


def test_the_venue_is_not_an_organisation_too() -> None:
    bodies = (Organisation("A meeting", "Publisher"), Organisation("ILO"))
    quads = quads_of(
        Record("T", id="t", container_title="A Meeting", facets=Facets(organisations=bodies))
    )
    assert values(quads, "publication/t", "oo:organization") == ["organization/ilo"]
    assert values(quads, "publication/t", "dcterms:publisher") == []


def test_a_stated_scope_stands_above_the_rules() -> None:
    quads = quads_of(
        Record("Gig workers", id="a", facets=Facets(scope="Related")), Record("Gig workers", id="b")
    )
    assert values(quads, "publication/a", "oo:scope") == ["scope/related"]
    assert values(quads, "publication/a", "oo:scope", "stated") == ["scope/related"]
    assert values(quads, "publication/b", "oo:scope", "inferred") == ["scope/platform-labour"]


def test_the_language_of_a_title_is_inferred_and_says_why() -> None:
    title = "Crowdwork und die Zukunft der Arbeit"
    quads = quads_of(Record(title, id="a", issued=(2020,)))
    assert values(quads, "publication/a", "schema:inLanguage", "graph/inferred") == ["de"]
    assert values(quads, "publication/a", "schema:inLanguage", "graph/stated") == []
    reason = "publication/a#inferred-language-de"
    assert values(quads, reason, "oo:rule", "graph/provenance") == ["language-of-title"]
    assert values(quads, reason, "rdf:object") == ["de"]
    (evidence,) = values(quads, reason, "oo:evidence")
    assert evidence == "py3langid, from the title: certainty 1.0"
    # the tag of a literal is stated with it: an inference does not change what is stated
    (label,) = (q.object for q in quads if q.predicate.value.endswith("terms/title"))
    assert isinstance(label, ox.Literal) and label.language is None


def test_a_language_that_is_stated_is_not_inferred() -> None:
    title = "Crowdwork und die Zukunft der Arbeit"
    quads = quads_of(Record(title, id="a", issued=(2020,), language="en"))
    assert values(quads, "publication/a", "schema:inLanguage") == ["en"]
    assert not any("#inferred-language" in quad.subject.value for quad in quads)
