"""The Reconciliation API as OpenRefine uses it: what is sent, what comes back, in what form."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema
import pyoxigraph as ox
import pytest

BASE = "https://w3id.org/oograph/"
SCHEMAS = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "reconcile" / "schemas.json").read_text()
)
EXTRA = f"""
@prefix oo: <{BASE}ontology#> .
@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{BASE}organization/upwork> a oo:Organization ; rdfs:label "Upwork" .
<{BASE}platform/freelancing> a oo:Platform ; skos:prefLabel "Freelancing"@en .
<{BASE}topic/gig> a oo:Topic ; skos:prefLabel "Freelancing"@en .
<{BASE}country/XF> a oo:Country ; skos:prefLabel "Freelancia"@en ; skos:altLabel "Freelancing" .
<{BASE}publication/roe-2011-freelancers> oo:topic <{BASE}topic/gig> .
<{BASE}country/KR> a oo:Country ; skos:prefLabel "South Korea"@en ; skos:notation "KR" ;
  oo:alpha3 "KOR" ; skos:altLabel "Republic of Korea"@en ;
  skos:exactMatch <https://sws.geonames.org/1835841/> .
<{BASE}country/GE> a oo:Country ; skos:prefLabel "Georgia"@en ;
  skos:altLabel "Republic of Georgia" .
<{BASE}country/CN> a oo:Country ; skos:prefLabel "China"@en .
<{BASE}person/kyung-sun-heek> a oo:Person ; rdfs:label "Kyung Sun Heek" ; foaf:name "R. S. Heek" .
<{BASE}person/richard-heeks> a oo:Person ; rdfs:label "Richard Heeks" ; foaf:name "Richard Heeks" .
<{BASE}publication/roe-2011-freelancers> a oo:Publication ; rdfs:label "Freelancers of Upwork" ;
  dcterms:title "Freelancers of Upwork" ; oo:year 2011 ; bibo:doi "10.5555/old" ;
  schema:sameAs <https://doi.org/10.5555/old> .
"""


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
    release_at: Callable[..., Path],
    start_server: Callable[..., Any],
) -> Iterator[Any]:
    extra = tuple(ox.parse(EXTRA, format=ox.RdfFormat.TURTLE))
    graph = ox.NamedNode(f"{BASE}graph/stated")
    quads = tuple(ox.Quad(q.subject, q.predicate, q.object, graph) for q in extra)
    with start_server(
        release_at(tmp_path_factory.mktemp("reconcile") / "r", extra=quads)
    ) as running:
        yield running


def valid(found: Any, name: str) -> Any:
    schema = {"$ref": f"#/$defs/{name}", "$defs": SCHEMAS["$defs"]}
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def form(server, **fields: object):
    return server(
        "/reconcile",
        method="POST",
        body=urlencode({name: json.dumps(value) for name, value in fields.items()}),
        Content_Type="application/x-www-form-urlencoded",
    )


def ask(server, **query: object) -> list[dict[str, Any]]:
    reply = form(server, queries={"q0": query})
    assert reply.status == 200, reply.text
    candidates: list[dict[str, Any]] = valid(reply.json, "results")["q0"]["result"]
    return candidates


def test_the_manifest_is_one_and_all_it_names_answers(server) -> None:
    reply = server("/reconcile", Origin="https://example.org")
    manifest = valid(reply.json, "manifest")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert manifest["identifierSpace"] == BASE
    assert {t["id"] for t in manifest["defaultTypes"]} >= {"Publication", "Platform", "Country"}
    url = server.url
    for template in (manifest["view"]["url"], manifest["preview"]["url"]):
        found = server(template.replace("{{id}}", quote("platform/upwork", "")).removeprefix(url))
        assert found.status in (200, 303)
    for name, service in manifest["suggest"].items():
        path = (service["service_url"] + service["service_path"]).removeprefix(url)
        assert valid(server(f"{path}?prefix=p").json, "suggested")["result"], name
    service = manifest["extend"]["propose_properties"]
    path = (service["service_url"] + service["service_path"]).removeprefix(url)
    assert valid(server(f"{path}?type=Publication").json, "proposal")["properties"]


@pytest.mark.parametrize(
    ("query", "id"),
    [
        ({"query": "oDesk"}, "platform/upwork"),
        ({"query": "upwork", "type": "Platform"}, "platform/upwork"),
        ({"query": "upwork", "type": [{"id": "Organization"}]}, "organization/upwork"),
        ({"query": "upwork", "type": f"{BASE}ontology#Platform"}, "platform/upwork"),
        ({"query": "Republic of Korea"}, "country/KR"),
        ({"query": "KR", "type": ["Country"], "type_strict": "should"}, "country/KR"),
        ({"query": "Republic of India"}, "country/IN"),
        ({"query": "The Democratic Republic of the India", "type": "Country"}, "country/IN"),
        ({"query": "south korea", "limit": 3}, "country/KR"),
        ({"query": "country/KR"}, "country/KR"),
        ({"query": f"{BASE}country/KR"}, "country/KR"),
        ({"query": "https://www.geonames.org/1835841"}, "country/KR"),
        ({"query": "https://doi.org/10.5555/ABC"}, "publication/doe-2020-clicks"),
        ({"properties": [{"pid": "doi", "v": "doi:10.5555/ABC"}]}, "publication/doe-2020-clicks"),
        ({"properties": [{"pid": "alpha2", "v": "KR"}]}, "country/KR"),
        (
            {"query": "Freelancers of Upwork", "properties": [{"pid": "year", "v": 2018}]},
            "publication/roe-2018-freelancers",
        ),
        (
            {"query": "Freelancers of Upwork", "properties": [{"pid": "year", "v": "2011"}]},
            "publication/roe-2011-freelancers",
        ),
        (
            {"query": "Freelancers of Upwork", "properties": [{"pid": "author", "v": "Roe, A."}]},
            "publication/roe-2018-freelancers",
        ),
        (
            {
                "query": "Freelancers of Upwork",
                "properties": [{"pid": "author", "v": {"id": "person/ada-roe", "name": "x"}}],
            },
            "publication/roe-2018-freelancers",
        ),
        (
            {"query": "Freelancers", "properties": [{"pid": "doi", "v": ["10.5555/OLD", "x"]}]},
            "publication/roe-2011-freelancers",
        ),
    ],
)
def test_what_is_clear_is_a_match(server, query: dict[str, object], id: str) -> None:
    first, *others = ask(server, **query)
    assert (first["id"], first["match"]) == (id, True)
    assert not any(other["match"] for other in others)
    assert all(first["score"] >= other["score"] for other in others)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({"query": "Upwrok", "type": "Platform"}, "platform/upwork"),
        ({"query": "Freelancers of Upwork"}, None),
        ({"query": "Upwork"}, None),
        (
            {
                "query": 'Clicks for "pennies" </script><b>&',
                "properties": [{"pid": "year", "v": 1999}],
            },
            "publication/doe-2020-clicks",
        ),
        (
            {
                "query": 'Clicks for "pennies" </script><b>&',
                "properties": [{"pid": "doi", "v": "10.5555/other"}],
            },
            "publication/doe-2020-clicks",
        ),
    ],
    ids=["a typo in a short name", "two works", "two classes", "wrong year", "other DOI"],
)
def test_what_is_not_clear_is_left_to_the_user(
    server, query: dict[str, object], first: str | None
) -> None:
    found = ask(server, **query)
    assert found and not any(each["match"] for each in found)
    assert first in (None, found[0]["id"])


def test_a_person_is_found_by_initials_before_others_of_like_characters(server) -> None:
    for asked in ("R. Heeks", "Heeks, R."):
        first, *others = ask(server, query=asked, type="Person")
        assert first["id"] == "person/richard-heeks" and 90 < first["score"] < 95
        assert not first["match"]  # there may be another of these initials
        assert all(other["score"] < first["score"] for other in others)


def test_a_longer_name_of_a_state_is_no_other_class_and_not_the_name_of_another(server) -> None:
    assert all(c["score"] < 95 for c in ask(server, query="Republic of China"))
    assert all(c["score"] < 95 for c in ask(server, query="Republic of Upwork"))
    assert all(c["score"] < 95 for c in ask(server, query="Republic of KR"))
    assert ask(server, query="Republic of Korea")[0]["score"] == 100
    found = ask(server, query="Republic of India", type="Platform")
    assert all(c["id"].startswith("platform/") for c in found)


def test_an_unknown_type_or_name_finds_nothing(server) -> None:
    assert ask(server, query="Upwork", type="Nothing") == []
    assert ask(server, query="qzxv jkwp") == []


def test_features_say_what_agrees(server) -> None:
    query = {"query": "Freelancers of Upwork", "properties": [{"pid": "year", "v": 2019}]}
    first = ask(server, **query)[0]
    assert first["features"] == [{"id": "name", "value": 100.0}, {"id": "year", "value": 70.0}]
    assert first["score"] == 91.0


def test_get_is_as_good_as_post_and_equal_queries_have_equal_answers(server) -> None:
    queries = {"a": {"query": "oDesk"}, "b": {"query": "oDesk"}, "ü": {"query": "KR"}}
    got = server("/reconcile?" + urlencode({"queries": json.dumps(queries)}))
    assert got.json == form(server, queries=queries).json
    assert got.json["a"] == got.json["b"]
    assert set(got.json) == set(queries)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("?queries=%7B", 400),
        ("?queries=[]", 400),
        ("?queries=" + quote('{"a": {"query": "x", "limit": 1e999}}'), 200),
        ("?queries=" + quote('{"a": {"query": "\\ud800"}}'), 400),
        ("?queries=" + "[" * 5000, 400),
        ("?extend=" + quote('{"ids": "x", "properties": []}'), 400),
        ("?extend=" + quote('{"ids": ["country/KR"], "properties": [{"id": "no"}]}'), 400),
        ("/suggest/entity?prefix=a&cursor=x", 400),
        ("/preview?id=platform/none", 404),
        ("/preview", 404),
    ],
)
def test_what_is_wrong_is_said(server, path: str, status: int) -> None:
    reply = server("/reconcile" + path)
    assert reply.status == status, reply.text
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    if status != 200:
        assert reply.type == "application/problem+json"
        assert reply.json["detail"]


@pytest.mark.parametrize(
    ("query", "results"),
    [
        ('{"query": " "}', 0),
        ('{"query": ""}', 0),
        ('{"query": NaN}', 0),
        ('{"query": -Infinity}', 0),
        ('{"query": null}', 0),
        ("{}", 0),
        ("1", 0),
        ('{"query": 5}', None),
        ('{"query": "Upwork", "limit": 0}', 0),
        ('{"query": "Upwork", "limit": -1}', 0),
        ('{"query": "Upwork", "limit": "5"}', 2),
        ('{"query": "Upwork", "limit": NaN}', 2),
        ('{"query": "Upwork", "properties": [5, {"pid": 1}, {"pid": "year"}]}', 2),
        ('{"query": "Upwork", "properties": {"pid": "year", "v": 1}}', 2),
        ('{"query": "Upwork", "type": 5}', 0),
        ('{"query": ["Upwork"]}', 0),
    ],
)
def test_one_odd_row_does_not_harm_its_batch(server, query, results) -> None:
    batch = f'{{"q0": {{"query": "oDesk"}}, "q1": {query}}}'
    reply = server("/reconcile?" + urlencode({"queries": batch}))
    assert reply.status == 200, reply.text
    found = valid(reply.json, "results")
    assert found["q0"]["result"][0]["id"] == "platform/upwork"
    if results is not None:
        exact = [each for each in found["q1"]["result"] if each["name"] == "Upwork"]
        assert len(exact) == results


@pytest.mark.parametrize("asked", ["Upork", "Upwok", "Upwrok", "Upwoork", "Apwork", "upwor"])
@pytest.mark.parametrize("type", [None, "Platform"])
def test_a_slip_in_a_short_name(server, asked, type) -> None:
    first = ask(server, query=asked, **({"type": type} if type else {}))[0]
    assert first["id"] == "platform/upwork" and not first["match"]


@pytest.mark.parametrize("ending", ["", ".html", ".ttl", "?page=1", ".html#main", "/"])
@pytest.mark.parametrize("start", ["site", BASE, BASE.replace("https", "http")])
def test_an_address_as_a_browser_shows_it(server, start, ending) -> None:
    address = (f"{server.url}/" if start == "site" else start) + f"platform/upwork{ending}"
    (first,) = ask(server, query=address)
    assert (first["id"], first["score"], first["match"]) == ("platform/upwork", 100.0, True)
    assert (
        server("/lookup?" + urlencode({"iri": address}))
        .headers["Location"]
        .endswith("/platform/upwork")
    )


@pytest.mark.parametrize("ending", ["", ".html", "?page=1"])
@pytest.mark.parametrize("start", ["site", BASE])
def test_an_address_is_as_good_as_an_id_once_it_is_taken_for_one(server, start, ending) -> None:
    """OpenRefine takes the values of a column for ids as they are."""
    address = (f"{server.url}/" if start == "site" else start) + f"platform/upwork{ending}"
    extend = {"ids": [address], "properties": [{"id": "also-called"}]}
    (row,) = form(server, extend=extend).json["rows"].values()
    assert {"str": "oDesk"} in row["also-called"]
    assert "Upwork" in server("/reconcile/preview?" + urlencode({"id": address})).text
    suggested = server("/reconcile/suggest/entity?" + urlencode({"prefix": address})).json
    assert suggested["result"][0]["id"] == "platform/upwork"
    shown = server("/reconcile").json["view"]["url"].replace("{{id}}", quote(address, safe=""))
    location = server(shown.removeprefix(server.url)).headers["Location"]
    assert location.endswith("/platform/upwork")


def test_of_equal_names_the_preferred_and_the_platform_come_first(server) -> None:
    """And none is taken for sure: two things have the name."""
    found = ask(server, query="Upwork")
    assert [each["id"] for each in found] == ["platform/upwork", "organization/upwork"]
    found = ask(server, query="Freelancing")
    assert [(each["id"], each["match"]) for each in found[:3]] == [
        ("platform/freelancing", False),
        ("topic/gig", False),
        ("country/XF", False),
    ]


def test_all_that_is_proposed_can_be_had(server) -> None:
    proposed = server("/reconcile/properties?type=Publication").json["properties"]
    wanted = [{"id": each["id"]} for each in proposed]
    assert len(wanted) > 20
    reply = form(server, extend={"ids": ["publication/doe-2020-clicks"], "properties": wanted})
    assert reply.status == 200, reply.text
    assert set(reply.json["rows"]["publication/doe-2020-clicks"]) == {each["id"] for each in wanted}


def test_authors_are_in_their_order(server) -> None:
    extend = {"ids": ["publication/doe-2020-clicks"], "properties": [{"id": "author"}]}
    row = form(server, extend=extend).json["rows"]["publication/doe-2020-clicks"]
    # By name, Ada Roe would be the first.
    assert [each["name"] for each in row["author"]] == ["Jane Doe", "Ada Roe"]


def test_a_batch_of_a_thousand_is_answered_and_one_more_is_too_many(server) -> None:
    queries = {
        f"q{n}": {
            "query": f"Freelancers of Upwork {n}",
            "properties": [{"pid": "year", "v": 2018}, {"pid": "author", "v": "Ada Roe"}],
        }
        for n in range(1000)
    }
    reply = form(server, queries=queries)
    assert len(valid(reply.json, "results")) == 1000
    reply = form(server, queries={**queries, "more": {"query": "x"}})
    assert reply.status == 413
    assert "1,001" in reply.json["detail"]


def test_long_identifiers_fit_in_queries(server) -> None:
    queries = {f"q{n}": {"query": f"https://example.org/{n}/{'x' * 900}"} for n in range(300)}
    reply = form(server, queries=queries)
    assert reply.status == 200, reply.text
    assert all(each == {"result": []} for each in reply.json.values())


def test_properties_refused_by_a_form_without_fields(server) -> None:
    assert form(server, other={}).status == 400


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("entity?prefix=upw", "platform/upwork"),
        ("entity?prefix=country/KR", "country/KR"),
        ("entity?prefix=free%20of", None),
        ("entity?prefix=upw&type=Organization", "organization/upwork"),
        ("property?prefix=aut", "author"),
        ("property?prefix=published", "venue"),
        ("type?prefix=Publ", "Publication"),
        ("type?prefix=", "Publication"),
    ],
)
def test_suggestions_complete_what_is_begun(server, path: str, first: str | None) -> None:
    found = valid(server(f"/reconcile/suggest/{path}").json, "suggested")["result"]
    assert (found[0]["id"] if found else None) == first


def test_a_cursor_skips(server) -> None:
    every = server("/reconcile/suggest/property?prefix=").json["result"]
    later = server("/reconcile/suggest/property?prefix=&cursor=3").json["result"]
    assert every[3:10] == later[:7]


def test_a_type_has_one_name_in_all_answers(server) -> None:
    manifest = server("/reconcile").json
    names = {each["id"]: each["name"] for each in manifest["defaultTypes"]}
    properties = [{"id": "country"}, {"id": "work-type"}, {"id": "publisher"}]
    reply = form(server, extend={"ids": ["publication/doe-2020-clicks"], "properties": properties})
    types = [each["type"] for each in reply.json["meta"]]
    assert types == [{"id": each["id"], "name": names[each["id"]]} for each in types]
    assert names["Country"] == "Country or region"


def test_values_are_fetched_for_many_rows(server) -> None:
    ids = ["publication/doe-2020-clicks", "publication/roe-2018-freelancers", "country/none"]
    wanted = ["year", "author", "platform", "doi", "same-as"]
    properties: list[dict[str, object]] = [{"id": pid} for pid in wanted]
    properties[1]["settings"] = {"limit": 1}
    reply = form(server, extend={"ids": ids, "properties": properties})
    found = valid(reply.json, "extension")
    assert [each["id"] for each in found["meta"]] == wanted
    assert found["meta"][1]["type"] == {"id": "Person", "name": "Person"}
    assert found["rows"]["publication/doe-2020-clicks"] == {
        "year": [{"int": 2020}],
        "author": [{"id": "person/jane-doe", "name": "Jane Doe"}],
        "platform": [{"id": "platform/upwork", "name": "Upwork"}],
        "doi": [{"str": "10.5555/abc"}],
        "same-as": [{"str": "https://doi.org/10.5555/abc"}],
    }
    # What was read out of a title counts too.
    assert found["rows"]["publication/roe-2018-freelancers"]["platform"]
    assert found["rows"]["country/none"] == {pid: [] for pid in wanted}


def test_properties_are_proposed_by_type(server) -> None:
    path = "/reconcile/properties?type=Country&limit=2"
    found = valid(server(path).json, "proposal")
    assert (found["type"], found["limit"], len(found["properties"])) == ("Country", 2, 2)
    every = server("/reconcile/properties?type=Country").json["properties"]
    assert {"alpha2", "alpha3"} <= {each["id"] for each in every}
    assert "author" not in {each["id"] for each in every}


def test_a_preview_of_nothing_says_so(server) -> None:
    for id, said in (("nope", "Nothing here has the id 'nope'"), ("", "The parameter id")):
        problem = server(f"/reconcile/preview?id={id}").json
        assert problem["title"] == "No such thing" and "near" not in problem
        assert problem["detail"].startswith(said) and "platform/upwork" in problem["detail"]


def test_a_preview_may_be_framed_and_is_safe(server) -> None:
    reply = server("/reconcile/preview?id=publication%2Fdoe-2020-clicks")
    assert reply.status == 200
    policy = reply.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "default-src 'none'" in policy
    assert "&lt;/script&gt;" in reply.text and "<b>" not in reply.text
    assert "2020" in reply.text and "Jane Doe" in reply.text
    assert "frame-ancestors 'none'" in server("/").headers["Content-Security-Policy"]


def test_batches_take_turns_and_the_site_stays_free(start_server) -> None:
    """Eight big batches at once from one client: whole, or refused with when to come again."""
    with start_server(limits={"seconds": 5.0, "queue": 4, "client_queries": 3}) as server:
        words = "understanding the development implications of online outsourcing platforms "
        queries = {f"q{n}": {"query": f"{words} {n}"} for n in range(1000)}
        form = urlencode({"queries": json.dumps(queries)})

        def batch(_: int) -> tuple[int, int]:
            reply = server(
                "/reconcile",
                method="POST",
                body=form,
                Content_Type="application/x-www-form-urlencoded",
            )
            if reply.status != 200:
                assert reply.headers["Retry-After"]
                return reply.status, 0
            return reply.status, len(reply.json)

        with ThreadPoolExecutor(9) as threads:
            sent = [threads.submit(batch, n) for n in range(8)]
            assert server("/platform/upwork.ttl").status == 200
            outcomes = {each.result() for each in sent}
        assert (200, 1000) in outcomes
        assert outcomes <= {(200, 1000), (429, 0), (503, 0)}
