"""Terms that only the ontology has, above those that are used: the page says what to ask for."""

from __future__ import annotations

import pytest

from oograph.ontology import PREFIXES

PROLOGUE = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("bibo", "foaf", "schema", "skos")
)


@pytest.fixture(scope="module")
def server(small_server):
    return small_server


@pytest.mark.parametrize(
    ("pattern", "name", "narrower"),
    [
        ("?x a foaf:Person", "foaf:Person", "oo:Person"),
        (f"?x <{PREFIXES['rdf']}type> foaf:Person", "foaf:Person", "oo:Person"),
        (f"?x a <{PREFIXES['bibo']}Document>", f"<{PREFIXES['bibo']}Document>", "oo:Publication"),
        ("?x a schema:Country ; skos:prefLabel ?l", "schema:Country", "oo:Country"),
    ],
)
def test_what_is_narrower_is_asked_for_by_a_click(server, noted, pattern, name, narrower) -> None:
    [(note, address)] = noted(server, f"{PROLOGUE}ASK {{ {pattern} }}")
    assert note.startswith(f"{name}: No statement uses this term")
    assert note.endswith(f"did you mean {narrower}?")
    assert '<p class="verdict">Yes' in server(address, "text/html").text


def test_several_are_named(server, noted) -> None:
    [(note, address)] = noted(server, f"{PROLOGUE}ASK {{ ?w schema:about ?x }}")
    assert note.endswith("did you mean oo:platform or oo:sector or oo:workType?")
    assert address == ""


@pytest.mark.parametrize(
    "pattern",
    ["?x a skos:Concept", "?x a schema:Periodical", "?x a <relative>", "?x ?y foaf:Person"],
)
def test_nothing_is_said_of_what_is_used(server, noted, pattern) -> None:
    assert noted(server, f"{PROLOGUE}ASK {{ {pattern} }}") == []
