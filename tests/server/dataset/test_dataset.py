"""The dataset as others describe data: DCAT, schema.org, CFF, the sitemap, OpenSearch."""

import csv
import hashlib
import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from oograph.graph.dataset import Dataset
from oograph.graph.release import open_release, write_facts
from oograph.server.dataset.facts import SERVICES

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
SPDX = "http://spdx.org/rdf/terms#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
BASE = "https://w3id.org/oograph/"
DATASET = f"{BASE}.well-known/void#dataset"


@pytest.fixture(scope="module")
def catalog(server) -> ox.Store:
    store = ox.Store()
    store.load(server("/catalog", "text/turtle").body, ox.RdfFormat.TURTLE)
    return store


def values(store: ox.Store, subject: str, property: str) -> list[str]:
    pattern = ox.NamedNode(subject), ox.NamedNode(property), None
    return [quad.object.value for quad in store.quads_for_pattern(*pattern)]


def test_each_dump_is_a_distribution_with_its_size_and_checksum(server, catalog) -> None:
    distributions = values(catalog, DATASET, f"{DCAT}distribution")
    listed = server("/dumps/SHA256SUMS").text.splitlines()
    assert len(distributions) == len(listed) > 12
    for distribution in distributions:
        (address,) = values(catalog, distribution, f"{DCAT}downloadURL")
        body = server(address.removeprefix(server.url)).body
        assert values(catalog, distribution, f"{DCAT}byteSize") == [str(len(body))]
        (checksum,) = values(catalog, distribution, f"{SPDX}checksum")
        assert values(catalog, checksum, f"{SPDX}checksumValue") == [
            hashlib.sha256(body).hexdigest()
        ]
        (media_type,) = values(catalog, distribution, f"{DCAT}mediaType")
        packed = values(catalog, distribution, f"{DCAT}compressFormat")
        sent = server(address.removeprefix(server.url), method="HEAD").type
        assert media_type.endswith(sent) or (packed and sent == "application/gzip")


def test_dataset_and_services(server, catalog) -> None:
    assert values(catalog, f"{BASE}catalog", f"{DCAT}dataset") == [DATASET]
    assert values(catalog, DATASET, f"{DCTERMS}license") == [
        "https://creativecommons.org/licenses/by/4.0/"
    ]
    version = server("/health").json["version"]
    assert values(catalog, DATASET, f"{DCAT}version") == [version]
    services = values(catalog, f"{BASE}catalog", f"{DCAT}service")
    endpoints = {values(catalog, each, f"{DCAT}endpointURL")[0] for each in services}
    assert endpoints == {f"{server.url}/{path}" for path in ("sparql", "fragments", "reconcile")}
    for endpoint in endpoints:
        assert server(endpoint.removeprefix(server.url)).status == 200


def test_no_blank_nodes(catalog) -> None:
    assert not [q for q in catalog if isinstance(q.subject, ox.BlankNode)]
    assert not [q for q in catalog if isinstance(q.object, ox.BlankNode)]


@pytest.mark.parametrize(
    ("accept", "type"),
    [
        ("text/html", "text/html"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples;q=0.9, text/turtle;q=0.1", "application/n-triples"),
        ("*/*", "text/turtle"),
    ],
)
def test_the_catalogue_is_negotiated(server, accept: str, type: str) -> None:
    reply = server("/catalog", accept)
    assert (reply.status, reply.type) == (200, type)
    assert "Accept" in reply.headers["Vary"]
    again = server("/catalog", accept, If_None_Match=reply.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def test_what_no_catalogue_is_written_in(server) -> None:
    assert server("/catalog", "image/png").status == 406


class Scripts(HTMLParser):
    """The text of a page's data blocks, and its typed links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside, self.found, self.links = False, [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        self.inside = tag == "script" and ("type", "application/ld+json") in attrs
        if tag == "link":
            self.links.append((dict(attrs)["rel"], dict(attrs)["href"]))

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found.append(data)
            self.inside = False


def test_the_home_page_is_a_dataset_of_schema_org(server) -> None:
    (text,) = Scripts(server("/", "text/html").text).found
    data = json.loads(text)
    assert data["@type"] == "Dataset" and data["@id"] == DATASET
    assert data["version"] == server("/health").json["version"]
    assert len(data["distribution"]) == 16
    # RDF as it stands: no context is fetched.
    triples = list(ox.parse(text, ox.RdfFormat.JSON_LD))
    said = {t.object.value for t in triples if t.predicate.value == "https://schema.org/contentUrl"}
    assert said == {each["contentUrl"] for each in data["distribution"]}
    for each in data["distribution"]:
        assert server(each["contentUrl"].removeprefix(server.url), method="HEAD").status == 200


def test_the_page_on_the_dataset_says_the_same_as_the_home_page(server) -> None:
    home, page = (Scripts(server(path, "text/html").text).found for path in ("/", "/catalog.html"))
    assert page == home


def test_signposts_of_the_home_page_in_header_head_and_linkset(server) -> None:
    reply = server("/", "text/html")
    header = set(re.findall(r'<([^>]+)>; rel="([^"]+)"', reply.headers["Link"]))
    assert {rel for _, rel in header} == {
        "cite-as",
        "type",
        "license",
        "describedby",
        "item",
        "linkset",
    }
    head = {(href, rel) for rel, href in Scripts(reply.text).links}
    assert header <= head
    (context,) = server("/catalog.linkset.json").json["linkset"]
    listed = {
        (target["href"], rel)
        for rel, targets in context.items()
        if rel != "anchor"
        for target in targets
    }
    assert listed == header
    for href, rel in header - {link for link in header if link[1] in ("license", "type")}:
        if href.startswith(server.url):
            assert server(href.removeprefix(server.url)).status == 200, rel


def linked(reply) -> set[tuple[str, str]]:
    return set(re.findall(r'<([^>]+)>; rel="([^"]+)"', reply.headers["Link"]))


def test_what_the_home_page_leads_to_leads_back(server) -> None:
    """FAIR Signposting: what describes the dataset, and what it is made of."""
    licence = ("https://creativecommons.org/licenses/by/4.0/", "license")
    home = linked(server("/", "text/html"))
    described = {href for href, rel in home if rel == "describedby"}
    items = {href for href, rel in home if rel == "item"}
    assert described and items
    for href in described:
        back = linked(server(href.removeprefix(server.url), "text/turtle, */*;q=0.5"))
        assert {(BASE, "describes"), (f"{server.url}/", "describes"), licence} <= back
    for href in items:
        for part in ({}, {"Range": "bytes=0-9"}):
            back = linked(server(href.removeprefix(server.url), **part))
            assert back == {(f"{server.url}/", "collection"), licence}
    assert "describes" not in {rel for _, rel in linked(server("/catalog.html"))}


def test_the_citation_file(server) -> None:
    reply = server("/CITATION.cff")
    assert reply.type == "application/yaml"
    facts = dict(line.split(": ", 1) for line in reply.text.splitlines())
    facts = {name: json.loads(value) for name, value in facts.items()}
    assert facts["cff-version"] == "1.2.0" and facts["type"] == "dataset"
    assert facts["version"] == server("/health").json["version"]


def test_what_is_cited_is_the_persistent_iri(server) -> None:
    cff = server("/CITATION.cff").text
    assert f'url: "{BASE}"' in cff and server.url not in cff
    (text,) = Scripts(server("/", "text/html").text).found
    data = json.loads(text)
    assert data["url"] == BASE
    assert f"{BASE} ·" in server("/catalog.html").text
    assert data["datePublished"] == data["dateModified"]


def test_the_catalogue_says_what_dcat_ap_recommends(server) -> None:
    """As far as we know it: how long a file stays is each operator's."""
    said: dict[str, set[str]] = {}
    kinds: dict[str, set[str]] = {}
    for t in ox.parse(server("/catalog.nt").body, ox.RdfFormat.N_TRIPLES):
        said.setdefault(t.subject.value, set()).add(t.predicate.value)
        if t.predicate.value.endswith("#type"):
            kinds.setdefault(t.object.value.rpartition("#")[2], set()).add(t.subject.value)
    dcat, dcterms = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
    wanted = {
        "Distribution": {f"{dcterms}description", f"{dcterms}format"},
        "DataService": {f"{dcterms}publisher", f"{dcat}keyword", f"{dcat}theme"},
        "Dataset": {f"{dcat}theme", f"{dcterms}accessRights", f"{dcterms}issued"},
        "Catalog": {f"{dcat}themeTaxonomy", f"{dcterms}issued"},
    }
    for kind, properties in wanted.items():
        assert kinds[kind]
        for thing in kinds[kind]:
            assert properties <= said[thing], thing


@pytest.mark.parametrize(
    ("property", "range"),
    [
        (f"{DCAT}mediaType", f"{DCTERMS}MediaType"),
        (f"{DCAT}compressFormat", f"{DCTERMS}MediaType"),
        (f"{DCTERMS}format", f"{DCTERMS}MediaTypeOrExtent"),
        (f"{DCTERMS}license", f"{DCTERMS}LicenseDocument"),
        (f"{DCTERMS}language", f"{DCTERMS}LinguisticSystem"),
        (f"{DCTERMS}conformsTo", f"{DCTERMS}Standard"),
        (f"{DCTERMS}accessRights", f"{DCTERMS}RightsStatement"),
        (f"{DCAT}theme", "http://www.w3.org/2004/02/skos/core#Concept"),
        (f"{DCAT}themeTaxonomy", "http://www.w3.org/2004/02/skos/core#ConceptScheme"),
        (f"{DCAT}landingPage", "http://xmlns.com/foaf/0.1/Document"),
        (f"{SPDX}algorithm", f"{SPDX}ChecksumAlgorithm"),
    ],
)
def test_what_the_catalogue_leads_to_is_of_the_class_that_dcat_ap_has_for_it(
    catalog, property: str, range: str
) -> None:
    """The shapes of DCAT-AP ask each value for its class (range.ttl), a theme for its name."""
    led_to = {q.object for q in catalog.quads_for_pattern(None, ox.NamedNode(property), None)}
    assert led_to
    for each in led_to:
        assert range in values(catalog, each.value, RDF_TYPE)
        if property == f"{DCAT}theme":
            assert values(catalog, each.value, "http://www.w3.org/2004/02/skos/core#prefLabel")


def test_a_code_of_the_eu_is_in_its_table(catalog) -> None:
    tables = "http://publications.europa.eu/resource/authority/"
    scheme = ox.NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
    said = {
        (q.subject.value, q.object.value) for q in catalog.quads_for_pattern(None, scheme, None)
    }
    assert (f"{tables}file-type/RDF_TURTLE", f"{tables}file-type") in said
    assert (f"{tables}data-theme/SOCI", f"{tables}data-theme") in said


def test_the_language_is_said_as_dcat_and_as_dcat_ap_want_it(catalog) -> None:
    assert set(values(catalog, DATASET, f"{DCTERMS}language")) == {
        "http://id.loc.gov/vocabulary/iso639-1/en",
        "http://publications.europa.eu/resource/authority/language/ENG",
    }


@pytest.mark.parametrize(
    ("contact", "way"),
    [("mailto:desk@example.org", "hasEmail"), ("https://example.org/issues", "hasURL")],
)
def test_the_catalogue_says_whom_to_ask_where_the_operator_does(start_server, contact, way) -> None:
    with start_server(contact=contact) as running:
        said = [
            (t.predicate.value.rpartition("#")[2], t.object.value)
            for t in ox.parse(running("/catalog.nt").body, ox.RdfFormat.N_TRIPLES)
        ]
    assert (way, contact) in said
    assert [name for name, _ in said].count("contactPoint") == 1 + len(SERVICES)


def test_who_may_read_it_is_said_in_each_vocabulary(server) -> None:
    (text,) = Scripts(server("/", "text/html").text).found
    public = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
    assert json.loads(text)["conditionsOfAccess"] == public
    said = {
        (t.predicate.value, t.object.value)
        for t in ox.parse(server("/catalog.nt").body, ox.RdfFormat.N_TRIPLES)
        if t.subject.value == DATASET
    }
    assert ("http://purl.org/dc/terms/accessRights", public) in said
    assert "http://purl.org/dc/terms/issued" in {name for name, _ in said}


def test_of_which_years_its_works_are_is_said_in_each_vocabulary(server) -> None:
    years = [
        int(row["year"])
        for row in csv.DictReader(server("/works.csv").text.splitlines())
        if row["year"]
    ]
    first, last = min(years), max(years)
    (text,) = Scripts(server("/", "text/html").text).found
    assert json.loads(text)["temporalCoverage"] == f"{first}/{last}"
    graph = list(ox.parse(server("/catalog.nt").body, ox.RdfFormat.N_TRIPLES))
    (period,) = (t.object for t in graph if t.predicate.value == f"{DCTERMS}temporal")
    said = {t.predicate.value: t.object.value for t in graph if t.subject == period}
    assert said[f"{DCAT}startDate"] == str(first) and said[f"{DCAT}endDate"] == str(last)


def test_the_sitemap_lists_every_record_with_its_date(server) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(server("/sitemap.xml").body)
    found = {
        url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod", "")
        for url in root.iter(f"{space}url")
    }
    classes = "oo:Publication oo:Platform oo:Country oo:Topic oo:Person oo:Venue"
    query = f"""PREFIX oo: <{BASE}ontology#>
    SELECT DISTINCT ?thing WHERE {{ VALUES ?class {{ {classes} }} ?thing a ?class }}"""
    for line in server.query(query, "text/csv").text.splitlines()[1:]:
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\d", found[f"{server.url}/{line.removeprefix(BASE)}.html"]
        )
    address = next(iter(found)).removeprefix(server.url)
    assert server(address, "text/html").status == 200


def test_a_sitemap_has_no_more_parts_than_it_needs(server) -> None:
    assert server("/sitemap-1.xml").body == server("/sitemap.xml").body
    beyond = server("/sitemap-2.xml")
    assert (beyond.status, "The sitemap has 1 part." in beyond.text) == (404, True)


def test_robots_names_the_sitemap(server) -> None:
    text = server("/robots.txt").text
    assert f"Sitemap: {server.url}/sitemap.xml" in text
    assert "Disallow: /sparql?" in text
    # lists of works combine without end; a crawler finds each work in the sitemap
    assert "Disallow: /works?" in text and "Disallow: /works." in text


def test_opensearch_leads_to_the_search(server) -> None:
    reply = server("/opensearch.xml")
    assert reply.type == "application/opensearchdescription+xml"
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    templates = [
        url.attrib["template"]
        for url in ElementTree.fromstring(reply.body).iter(f"{space}Url")
        if url.attrib["type"] == "text/html"
    ]
    address = templates[0].replace("{searchTerms}", "upwork").replace("{startPage?}", "1")
    assert "Upwork" in server(address.removeprefix(server.url), "text/html").text
    assert 'href="/opensearch.xml"' in server("/", "text/html").text


def test_a_browser_gets_a_page_of_void_and_a_program_turtle(server) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = server("/.well-known/void", browser)
    assert (page.status, page.type) == (200, "text/html")
    assert '<section id="dataset">' in page.text
    assert server("/.well-known/void", "*/*").type == "text/turtle"


def test_the_page_of_void_calls_each_part_by_its_name(server) -> None:
    page = server("/.well-known/void", "text/html").text
    for name in (
        "oo:Publication",
        "foaf:name",
        "xsd",
        "How many publications are there for each year?",
    ):
        assert f"<summary><h2>{name}</h2></summary>" in page
    assert ">oo:Publication</a>" in page.partition("class partition</dt>")[2].partition("</dd>")[0]
    assert not re.search(r"<h2>(dataset-|prefix-|example-)", page)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/about", "/works", "/dumps/", "/catalog.html", "/opensearch.xml", "/CITATION.cff"),
        *("/catalog.ttl", "/changes.atom", "/reconcile", "/publication/doe-2020-clicks.html"),
        *("/publication/doe-2020-clicks.ttl", "/figure/years.svg"),
    ],
)
def test_another_dataset_is_not_said_to_be_ours(remote_sensing, path) -> None:
    text = remote_sensing(path, "text/html, */*;q=0.5").text
    assert "rsgraph" in text or "zero/1.0" in text
    for ours in ("online outsourcing", "oograph contributors", "licenses/by/4.0", "CC BY 4.0"):
        assert ours not in text


@pytest.fixture(scope="module")
def remote_sensing(release_folder, start_server, tmp_path_factory):
    """A server of a release whose catalogue says that it is another dataset."""
    folder = tmp_path_factory.mktemp("other") / release_folder.name
    shutil.copytree(release_folder, folder)
    about = Dataset("rsgraph", "remote sensing", "Publications on it.", "The group", "CC0-1.0")
    write_facts(replace(open_release(folder), dataset=about), folder)
    with start_server(folder) as running:
        yield running
