"""Clients that others use, unchanged, on the IRIs, the endpoint, the fragments and the dumps."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pandas
import pytest
import rdflib
from SPARQLWrapper import CSV, JSON, TURTLE, SPARQLWrapper

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "clients"
COMUNICA = ROOT / ".venv" / "clients" / "node_modules" / ".bin"
WORK = "publication/garcia-2020-reparto-madrid"
TITLE = "Delivery riders in Madrid"
DCTERMS = rdflib.Namespace("http://purl.org/dc/terms/")
#: What Firefox sends.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

#: Works by name; the same question through every door.
QUESTION = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oo: <{site}ontology#>
SELECT ?work ?title WHERE {{ ?work a oo:Publication ; dcterms:title ?title }} ORDER BY STR(?title)
"""


@pytest.fixture(scope="module")
def works(site: str) -> list[tuple[str, str]]:
    """The answer to the question, by the endpoint."""
    endpoint = SPARQLWrapper(f"{site}sparql", returnFormat=JSON)
    endpoint.setQuery(QUESTION.format(site=site))
    answer: Any = endpoint.queryAndConvert()
    rows = answer["results"]["bindings"]
    found = [(row["work"]["value"], row["title"]["value"]) for row in rows]
    assert (f"{site}{WORK}", TITLE) in found
    return found


def test_rdflib_reads_an_iri(site: str) -> None:
    graph = rdflib.Graph().parse(f"{site}{WORK}")
    assert graph.value(rdflib.URIRef(f"{site}{WORK}"), DCTERMS.title) == rdflib.Literal(TITLE)


@pytest.mark.parametrize("ending", ["nt", "rdf", "jsonld"])
def test_rdflib_reads_each_form_alike(site: str, ending: str) -> None:
    turtle = rdflib.Graph().parse(f"{site}{WORK}.ttl")
    graph = rdflib.Graph().parse(f"{site}{WORK}.{ending}")
    assert set(graph) == set(turtle) and len(graph) > 20


def test_sparqlwrapper_in_csv_and_turtle(site: str, works: list[tuple[str, str]]) -> None:
    endpoint = SPARQLWrapper(f"{site}sparql")
    endpoint.setQuery(QUESTION.format(site=site))
    endpoint.setReturnFormat(CSV)
    assert len(endpoint.queryAndConvert().decode().splitlines()) == 1 + len(works)
    endpoint.setQuery(f"DESCRIBE <{site}{WORK}>")
    endpoint.setReturnFormat(TURTLE)
    body = endpoint.query().convert()
    assert TITLE in body.decode()


def test_an_editor_draws_the_schema(site: str) -> None:
    """The query by which sib-swiss/sparql-editor completes, asked as it asks."""
    query = (FIXTURES / "sib-swiss-void.rq").read_text(encoding="utf-8")
    endpoint = SPARQLWrapper(f"{site}sparql", returnFormat=JSON)
    endpoint.setQuery(query)
    schema: dict[tuple[str, str], set[str]] = {}
    answer: Any = endpoint.queryAndConvert()
    for row in answer["results"]["bindings"]:
        of, property = row["subjectClass"]["value"], row["prop"]["value"]
        ranges = schema.setdefault((of, property), set())
        ranges |= {row[name]["value"] for name in ("objectClass", "objectDatatype") if name in row}
        if of == f"{site}ontology#Publication":
            assert row["subjectClassLabel"]["value"] == "publication"
    publication = f"{site}ontology#Publication"
    assert f"{site}ontology#Country" in schema[publication, str(DCTERMS.spatial)]
    assert f"{rdflib.XSD.integer}" in schema[publication, f"{site}ontology#year"]
    assert f"{site}ontology#Authorship" in schema[publication, f"{site}ontology#authorship"]


def test_pandas_reads_a_query_url(site: str, works: list[tuple[str, str]]) -> None:
    from urllib.parse import urlencode

    parameters = urlencode({"query": QUESTION.format(site=site), "format": "csv"})
    table = pandas.read_csv(f"{site}sparql?{parameters}")
    assert list(table.itertuples(index=False, name=None)) == works


def curl(*arguments: str) -> str:
    """What curl prints: the body, then the last status, type and address."""
    tail = "\n%{http_code} %{content_type} %{url_effective}"
    command = ["curl", "--silent", "--location", "--write-out", tail, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_curl_with_its_own_accept(site: str) -> None:
    """Turtle of a platform; of a work the page, which citation services read."""
    _, _, outcome = curl(f"{site}platform/upwork").rpartition("\n")
    assert outcome == f"200 text/turtle; charset=utf-8 {site}platform/upwork.ttl"
    _, _, outcome = curl(f"{site}{WORK}").rpartition("\n")
    assert outcome == f"200 text/html; charset=utf-8 {site}{WORK}.html"
    body, _, outcome = curl("--header", "Accept: text/turtle", f"{site}{WORK}").rpartition("\n")
    assert outcome == f"200 text/turtle; charset=utf-8 {site}{WORK}.ttl"
    assert TITLE in body


def test_a_browser_gets_a_page(site: str) -> None:
    body, _, outcome = curl("--header", f"Accept: {BROWSER}", f"{site}{WORK}").rpartition("\n")
    assert outcome == f"200 text/html; charset=utf-8 {site}{WORK}.html"
    assert f"<h1>{TITLE}</h1>" in body


def test_a_reference_manager_gets_bibtex(site: str) -> None:
    body = curl("--header", "Accept: application/x-bibtex", f"{site}{WORK}")
    assert body.startswith("@article{garcia-2020-reparto-madrid,")
    assert "author = {García, Lucía}" in body


def comunica(program: str, *arguments: str) -> list[dict[str, str]]:
    """The solutions Comunica prints as JSON: each variable's value as it writes it."""
    if not (COMUNICA / program).exists() or not shutil.which("node"):
        if os.environ.get("CI"):
            pytest.fail("Comunica must be installed where CI is set; make test installs it")
        pytest.skip("Comunica is not installed: make test installs it where npm is")
    command = ["node", str(COMUNICA / program), *arguments, "-t", "application/json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "source",
    ["sparql@{site}sparql", "{site}fragments", "{site}dumps/oograph.ttl", "{site}" + WORK],
    ids=["endpoint", "fragments", "dump", "iri"],
)
def test_comunica(site: str, works: list[tuple[str, str]], source: str) -> None:
    question = QUESTION.format(site=site)
    rows = comunica("comunica-sparql", source.format(site=site), question)
    # Comunica writes a title with its language or its datatype after the quotes.
    found = [
        (row["work"], json.loads(row["title"][: row["title"].rindex('"') + 1])) for row in rows
    ]
    if source.endswith(WORK):
        works = [work for work in works if work[0] == f"{site}{WORK}"]
    assert found == works


def test_comunica_follows_a_link_from_one_iri_to_the_next(site: str) -> None:
    """Two IRIs dereferenced, and the answer joined from both."""
    question = f"""
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT DISTINCT ?venue ?name WHERE {{
      <{site}{WORK}> dcterms:isPartOf ?venue . ?venue rdfs:label ?name
    }}
    """
    venue = rdflib.Graph().parse(f"{site}{WORK}")
    (iri,) = venue.objects(rdflib.URIRef(f"{site}{WORK}"), DCTERMS.isPartOf)
    rows = comunica("comunica-sparql", f"{site}{WORK}", str(iri), question)
    assert [row["venue"] for row in rows] == [str(iri)]
