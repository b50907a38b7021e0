"""The controlled vocabularies: sound SKOS, and every value of the record pages is in them."""

import re
from collections import Counter, defaultdict

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from oograph.graph.iris import fold
from oograph.graph.vocabulary import SCHEMES, load_vocabulary
from oograph.ontology import BASE_IRI, PREFIXES, table, turtle, turtle_names

DCTERMS = Namespace(PREFIXES["dcterms"])
OO = Namespace(PREFIXES["oo"])
SCHEMA = Namespace(PREFIXES["schema"])
GRAPHS = {name: Graph().parse(data=turtle(f"{name}.ttl"), format="turtle") for name in SCHEMES}
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)

#: The values of the record pages that were read, by vocabulary.
RECORD_PAGES = {
    "record-types": "Research publication|Case study-worker|Policy document|Other",
    "countries": "EU28|Africa|Asia|Sub-Saharan Africa|Other|Italy|Spain|Denmark|Sweden",
    "sectors": "professional services|transport|household tasks|health and care"
    "|no specific sector focus",
    "work-types": "On-location platform-determined routine work"
    "|On-location client-determined routine work"
    "|On-location client-determined moderately skilled work"
    "|On-location worker-initiated moderately skilled work"
    "|On-location client-determined higher-skilled work"
    "|On-location platform-determined higher-skilled work"
    "|Online moderately skilled click work|Online platform-determined higher-skilled work"
    "|Online platform-determined specialist work|Online client-determined specialist work"
    "|Online contestant specialist work",
    "platforms": "Amazon Mechanical Turk|BlaBlacar|CoContest|Fiverr|FouleFactory|Freelancer|Guru"
    "|Hilfr|HopWork/Malt|SuperMano|Uber|Upwork",
    "topics": "algorithm|autonomy, flexibility and control|challenges|employment status|income"
    "|legal issues|motivation|motivation for platform work"
    "|platform characteristics and business model|platform cooperatives"
    "|privacy and data protection|privacy, data protection"
    "|representation, industrial relations, social dialogue|skills and employability"
    "|social protection|work content|worker characteristics|worker demographics"
    "|working time and work-life balance",
    "organization-kinds": "Publisher|Research institute|Government|Employer organisation"
    "|Employee organisation",
    "methods": "Qualitative research|Quantitative research",
    "access": "Open access|Subscription|Not available",
}


def concepts(name: str) -> set[URIRef]:
    scheme = URIRef(f"{BASE_IRI}scheme/{name}")
    found = set(GRAPHS[name].subjects(SKOS.inScheme, scheme))
    assert all(isinstance(concept, URIRef) for concept in found)
    return {concept for concept in found if isinstance(concept, URIRef)}


def places(name: str) -> dict[str, set[URIRef]]:
    """Folded label -> the concepts that have it."""
    found: dict[str, set[URIRef]] = defaultdict(set)
    for concept in concepts(name):
        for predicate in LABELS:
            for label in GRAPHS[name].objects(concept, predicate):
                found[fold(str(label))].add(concept)
    return found


def country(alpha2: str) -> URIRef:
    return URIRef(f"{BASE_IRI}country/{alpha2}")


def test_each_scheme_has_its_file() -> None:
    assert {f"{name}.ttl" for name in SCHEMES} == set(turtle_names()) - {"oograph.ttl"}


@pytest.mark.parametrize("name", SCHEMES)
def test_the_scheme_has_a_title_a_description_a_licence_and_a_source(name: str) -> None:
    scheme = URIRef(f"{BASE_IRI}scheme/{name}")
    assert (scheme, RDF.type, SKOS.ConceptScheme) in GRAPHS[name]
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.source):
        assert GRAPHS[name].value(scheme, predicate, any=True), predicate


@pytest.mark.parametrize("name", SCHEMES)
def test_a_file_holds_its_scheme_and_the_concepts_in_it(name: str) -> None:
    scheme = URIRef(f"{BASE_IRI}scheme/{name}")
    assert set(GRAPHS[name].subjects()) == concepts(name) | {scheme}
    prefix = f"{BASE_IRI}{SCHEMES[name].kind}/"
    assert all(str(concept).startswith(prefix) for concept in concepts(name))


@pytest.mark.parametrize("name", SCHEMES)
def test_a_concept_has_one_class(name: str) -> None:
    allowed = {OO[SCHEMES[name].concept_class]} | ({OO.Region} if name == "countries" else set())
    for concept in concepts(name):
        types = list(GRAPHS[name].objects(concept, RDF.type))
        assert len(types) == 1 and types[0] in allowed, concept


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("predicate", [SKOS.prefLabel, SKOS.definition])
def test_a_concept_has_one_english_label_and_definition(name: str, predicate: URIRef) -> None:
    for concept in concepts(name):
        texts = list(GRAPHS[name].objects(concept, predicate))
        assert [isinstance(t, Literal) and t.language for t in texts] == ["en"], concept


@pytest.mark.parametrize("name", SCHEMES)
def test_a_definition_is_a_sentence_of_its_own(name: str) -> None:
    texts = [str(text) for text in GRAPHS[name].objects(None, SKOS.definition)]
    assert not [text for text in texts if not text.endswith(".")]
    assert not [text for text, count in Counter(texts).items() if count > 1]


@pytest.mark.parametrize("name", SCHEMES)
def test_a_label_leads_to_one_concept(name: str) -> None:
    assert not {label: found for label, found in places(name).items() if len(found) > 1}


@pytest.mark.parametrize("name", SCHEMES)
def test_no_concept_says_the_same_label_twice(name: str) -> None:
    for concept in concepts(name):
        shown = [
            (fold(str(label)), getattr(label, "language", None))
            for predicate in (SKOS.prefLabel, SKOS.altLabel)
            for label in GRAPHS[name].objects(concept, predicate)
        ]
        assert len(set(shown)) == len(shown), concept


@pytest.mark.parametrize("name", SCHEMES)
def test_broader_leads_to_a_top_concept_of_the_scheme(name: str) -> None:
    graph = GRAPHS[name]
    for concept in concepts(name):
        path: list[Node] = [concept]
        while above := list(graph.objects(path[-1], SKOS.broader)):
            assert len(above) == 1 and above[0] in concepts(name) and above[0] not in path, path
            path.append(above[0])
        tops = graph.objects(path[-1], SKOS.topConceptOf)
        assert list(tops) == [URIRef(f"{BASE_IRI}scheme/{name}")], path
        assert len(path) <= 3, path
        assert len(path) == 1 or not list(graph.objects(concept, SKOS.topConceptOf)), concept


@pytest.mark.parametrize("name", SCHEMES)
def test_links_outwards_are_not_here_but_in_the_tables(name: str) -> None:
    assert not [p for p in GRAPHS[name].predicates() if str(p).endswith("Match")]


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in RECORD_PAGES.items() for value in values.split("|")],
)
def test_a_record_pages_value_is_found(name: str, value: str) -> None:
    assert len(places(name)[fold(value)]) == 1


@pytest.mark.parametrize(
    ("name", "label", "preferred"),
    [
        ("platforms", "oDesk", "Upwork"),
        ("platforms", "Elance", "Upwork"),
        ("platforms", "CrowdFlower", "Appen"),
        ("platforms", "AMT", "Amazon Mechanical Turk"),
        ("platforms", "HopWork/Malt", "Malt"),
        ("platforms", "BlaBlacar", "BlaBlaCar"),
        ("countries", "UK", "United Kingdom"),
        ("countries", "Great Britain", "United Kingdom"),
        ("countries", "USA", "United States"),
        ("countries", "Republic of Korea", "South Korea"),
        ("countries", "Russian Federation", "Russia"),
        ("countries", "Viet Nam", "Vietnam"),
        ("countries", "Czech Republic", "Czechia"),
        ("countries", "Ivory Coast", "Côte d'Ivoire"),
        ("countries", "Turkey", "Türkiye"),
        ("countries", "Macedonia", "North Macedonia"),
        ("countries", "Slovak Republic", "Slovakia"),
        ("countries", "Kyrgyz Republic", "Kyrgyzstan"),
        ("countries", "Zaire", "Democratic Republic of the Congo"),
        ("countries", "Ceylon", "Sri Lanka"),
        ("countries", "Antigua & Barbuda", "Antigua and Barbuda"),
        ("countries", "Micronesia", "Micronesia"),
        ("topics", "crowdworking", "crowd work"),
        ("topics", "gig worker", "gig economy"),
        ("topics", "Plattformökonomie", "platform economy"),
        ("topics", "Uberização", "uberisation"),
        ("methods", "randomized field experiment", "Field experiment"),
    ],
)
def test_another_name_leads_to_the_preferred_one(name: str, label: str, preferred: str) -> None:
    (concept,) = places(name)[fold(label)]
    assert str(GRAPHS[name].value(concept, SKOS.prefLabel)) == preferred


def test_the_countries_are_those_of_iso_3166() -> None:
    graph = GRAPHS["countries"]
    found = set(graph.subjects(RDF.type, OO.Country))
    assert len(found) == 249
    for predicate, pattern in (
        (SKOS.notation, "[A-Z]{2}"),
        (OO.alpha3, "[A-Z]{3}"),
        (OO.m49, r"\d{3}"),
    ):
        codes = {c: str(code) for c, code in graph.subject_objects(predicate)}
        assert codes.keys() == found and len(set(codes.values())) == 249
        assert all(re.fullmatch(pattern, code) for code in codes.values())
    assert {str(country(str(code))) for code in graph.objects(None, SKOS.notation)} == {
        str(concept) for concept in found
    }


@pytest.mark.parametrize(
    ("alpha2", "alpha3", "m49", "region"),
    [
        ("BD", "BGD", "050", "southern-asia"),
        ("DE", "DEU", "276", "western-europe"),
        ("GB", "GBR", "826", "northern-europe"),
        ("IN", "IND", "356", "southern-asia"),
        ("KE", "KEN", "404", "sub-saharan-africa"),
        ("PH", "PHL", "608", "south-eastern-asia"),
        ("PK", "PAK", "586", "southern-asia"),
        ("US", "USA", "840", "northern-america"),
    ],
)
def test_a_countrys_codes_and_region(alpha2: str, alpha3: str, m49: str, region: str) -> None:
    graph, concept = GRAPHS["countries"], country(alpha2)
    assert graph.value(concept, SKOS.notation) == Literal(alpha2)
    assert graph.value(concept, OO.alpha3) == Literal(alpha3)
    assert graph.value(concept, OO.m49) == Literal(m49)
    assert graph.value(concept, SKOS.broader) == country(region)


def test_a_code_that_reads_as_nothing_is_a_country() -> None:
    assert (country("NA"), SKOS.prefLabel, Literal("Namibia", lang="en")) in GRAPHS["countries"]


def test_the_european_union_before_and_after_the_united_kingdom_left() -> None:
    members = {
        name: set(GRAPHS["countries"].subjects(SCHEMA.containedInPlace, country(name)))
        for name in ("EU27", "EU28")
    }
    assert len(members["EU27"]) == 27
    assert members["EU28"] - members["EU27"] == {country("GB")}
    assert members["EU27"] < members["EU28"]


def test_other_names_of_parts_of_the_world_lead_to_ours() -> None:
    rows = [
        line.split("\t")
        for line in table("country-groups.tsv").splitlines()
        if line and not line.startswith("#")
    ][1:]
    known = {str(place) for place in concepts("countries")}
    assert {str(country(value)) for value, _ in rows} <= known
    assert {value for value, names in rows if "MENA" in names.split("|")} == {
        "western-asia",
        "northern-africa",
    }


def test_the_global_south_is_unctads_developing_economies() -> None:
    graph = GRAPHS["countries"]
    query = "SELECT ?place { ?place (skos:broader|schema:containedInPlace)+ ?south }"
    south = {"skos": SKOS, "schema": SCHEMA}
    places = {
        row[0]
        for row in graph.query(query, initNs=south, initBindings={"south": country("global-south")})
    }
    assert {country(each) for each in ("IN", "BR", "KE", "CN", "TR", "TW", "FJ")} <= places
    assert places.isdisjoint(map(country, ("IL", "JP", "KR", "CY", "AU", "RU", "US", "PL")))


def test_the_vocabularies_are_not_the_place_for_other_labels() -> None:
    assert not [name for name in SCHEMES if list(GRAPHS[name].subjects(RDFS.label))]


@pytest.fixture(scope="module")
def published() -> Graph:
    """The vocabularies as a release has them, with what SKOS entails."""
    lines = (f"{triple} .\n" for triple in load_vocabulary().triples)
    return Graph().parse(data="".join(lines), format="nt")


@pytest.mark.parametrize("name", SCHEMES)
def test_a_tool_needs_no_reasoner(name: str, published: Graph) -> None:
    scheme = URIRef(f"{BASE_IRI}scheme/{name}")
    title = published.value(scheme, DCTERMS.title)
    assert title == published.value(scheme, RDFS.label) == published.value(scheme, SKOS.prefLabel)
    assert set(published.objects(scheme, SKOS.hasTopConcept)) == set(
        published.subjects(SKOS.topConceptOf, scheme)
    )
    for concept in concepts(name):
        assert (concept, RDF.type, SKOS.Concept) in published
        for broader in published.objects(concept, SKOS.broader):
            assert (broader, SKOS.narrower, concept) in published


@pytest.mark.parametrize(
    ("kind", "word"),
    [("microtasks", "microtasking"), ("online-freelancing", "freelancer")],
)
def test_a_kind_of_platform_is_found_by_what_people_call_the_work(kind: str, word: str) -> None:
    concept = URIRef(f"{BASE_IRI}platform/platforms-for-{kind}")
    labels = GRAPHS["platforms"].objects(concept, SKOS.altLabel)
    assert any(word in str(label).split() for label in labels)
