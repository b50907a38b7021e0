"""What the editor completes from: the terms of the release, counted by its own VoID."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict

import pyoxigraph as ox
import pytest

from oograph.graph.release import Release
from oograph.ontology import BASE_IRI, prefixes
from oograph.server.editor.completion import vocabulary


@pytest.fixture(scope="module")
def store(small_release: Release) -> ox.Store:
    return ox.Store.read_only(str(small_release.folder / "store"))


def count(store: ox.Store, pattern: str) -> int:
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes().items())
    solutions = store.query(
        f"{declared}SELECT (COUNT(DISTINCT *) AS ?n) {{ {pattern} }}",
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, ox.QuerySolutions)
    return int(next(iter(solutions))["n"].value)


@pytest.fixture(scope="module")
def terms(small_release: Release) -> dict:
    void = (small_release.folder / "void.ttl").read_bytes()
    return asdict(vocabulary(void, f"{BASE_IRI}.well-known/void#dataset", BASE_IRI))


def test_the_numbers_are_those_of_the_graph(terms, store) -> None:
    for name in ("oo:Publication", "oo:Platform", "oo:Person"):
        assert terms["classes"][name]["count"] == count(store, f"?s a {name}")
    for name in ("oo:platform", "dcterms:spatial", "oo:year"):
        assert terms["properties"][name]["count"] == count(store, f"?s {name} ?o")
    of_works = terms["classes"]["oo:Publication"]["properties"]
    assert of_works["oo:platform"] == count(store, "?s a oo:Publication ; oo:platform ?o")


def test_a_term_has_a_label_a_definition_and_the_classes_of_its_values(terms) -> None:
    platform = terms["properties"]["oo:platform"]
    assert platform["label"] == "platform" and "deals with" in platform["about"]
    assert "oo:Platform" in platform["values"]
    assert "values" not in terms["properties"]["oo:year"]
    assert terms["properties"]["dcterms:subject"]["label"] == "topic"


def test_what_people_ask_for_comes_first_and_parts_of_records_last(terms) -> None:
    classes = list(terms["classes"])
    assert classes[:5] == ["oo:Publication", "oo:Platform", "oo:Country", "oo:Region", "oo:Topic"]
    parts = ["oo:StatedField", "oo:Inference", "oo:Authorship", "oo:SourceRecord"]
    assert set(parts) <= set(classes)
    others = [name for name in classes if not name.startswith("oo:")]
    assert min(map(classes.index, parts)) > max(map(classes.index, others))
    properties = list(terms["properties"])
    of_works = set(terms["classes"]["oo:Publication"]["properties"])
    assert properties.index("oo:fieldName") > max(map(properties.index, of_works))


def test_the_most_used_of_equals_come_first_and_every_prefix_is_there(terms) -> None:
    others = [name for name in terms["classes"] if not name.startswith(("oo:", "skos:", "void:"))]
    of_works = set(terms["classes"]["oo:Publication"]["properties"])
    for kind, names in (
        ("classes", others),
        ("properties", [name for name in terms["properties"] if name in of_works]),
    ):
        counts = [terms[kind][name]["count"] for name in names]
        assert counts == sorted(counts, reverse=True) and min(counts) > 0
        assert not [name for name in terms[kind] if name.partition(":")[0] not in terms["prefixes"]]
    assert terms["prefixes"] == prefixes() and terms["base"] == BASE_IRI


def test_another_base_has_its_own_terms(small_release: Release) -> None:
    base = "https://example.org/graph/"
    void = (small_release.folder / "void.ttl").read_text().replace(BASE_IRI, base)
    terms = vocabulary(void.encode(), f"{base}.well-known/void#dataset", base)
    text = json.dumps(asdict(terms))
    assert "oo:Publication" in text and BASE_IRI not in text and f"{base}ontology#" in text


def test_it_is_made_once_for_a_release(start_server, small_release) -> None:
    with start_server(small_release.folder) as running:
        reply = running("/sparql/completion.json")
        assert (reply.status, reply.type) == (200, "application/json")
        assert Counter(reply.json.keys()) == Counter(("base", "prefixes", "classes", "properties"))
        again = running("/sparql/completion.json", If_None_Match=reply.headers["ETag"])
        assert (again.status, again.body) == (304, b"")
