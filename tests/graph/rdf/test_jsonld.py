"""Our JSON-LD, read back by two parsers."""

import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from oograph.graph.rdf.jsonld import Context, write
from oograph.ontology import PREFIXES, context

OURS = Context.of(context())
OO, DCTERMS, XSD = PREFIXES["oo"], PREFIXES["dcterms"], PREFIXES["xsd"]

local = st.text("abcdefgh-_.~0123456789", min_size=1, max_size=8)
iris = st.builds(
    lambda space, name: ox.NamedNode(space + name),
    st.sampled_from([*PREFIXES.values(), "https://w3id.org/oograph/platform/", "urn:x:"]),
    local,
)
text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
literals = (
    text.map(ox.Literal)
    | st.builds(ox.Literal, text, language=st.sampled_from(["en", "pt-br"]))
    | st.builds(
        lambda value, kind: ox.Literal(value, datatype=ox.NamedNode(kind)),
        text | st.sampled_from(["1", "01", "-7", "true", "false", "1e3", "2017"]),
        st.sampled_from([XSD + "integer", XSD + "boolean", XSD + "gYear", XSD + "double", "urn:t"]),
    )
)
predicates = st.sampled_from([*OURS.terms]).map(ox.NamedNode) | iris
triples = st.builds(ox.Triple, iris, predicates, iris | literals)


@given(st.sets(triples, max_size=12))
def test_pyoxigraph_reads_back_the_same_triples(given_triples: set[ox.Triple]) -> None:
    document = "".join(write(sorted(given_triples, key=str), OURS))
    found = {q.triple for q in ox.parse(document, format=ox.RdfFormat.JSON_LD)}
    assert found == given_triples


def test_rdflib_reads_back_the_same_triples() -> None:
    subject = ox.NamedNode("https://w3id.org/oograph/publication/x")
    given_triples = sorted(
        [
            ox.Triple(
                subject, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(OO + "Publication")
            ),
            ox.Triple(subject, ox.NamedNode(OO + "year"), ox.Literal(2017)),
            ox.Triple(
                subject,
                ox.NamedNode(DCTERMS + "issued"),
                ox.Literal("2017", datatype=ox.NamedNode(XSD + "gYear")),
            ),
            ox.Triple(subject, ox.NamedNode(DCTERMS + "title"), ox.Literal('A "b" </script> é')),
            ox.Triple(
                subject,
                ox.NamedNode(OO + "platform"),
                ox.NamedNode("https://w3id.org/oograph/platform/upwork"),
            ),
            ox.Triple(subject, ox.NamedNode(OO + "moreAuthors"), ox.Literal(True)),
        ],
        key=str,
    )
    text = ox.serialize(given_triples, format=ox.RdfFormat.N_TRIPLES)
    expected = Graph().parse(data=text, format="nt")
    document = "".join(write(given_triples, OURS))
    assert set(Graph().parse(data=document, format="json-ld")) == set(expected)


def test_the_document_is_compact_and_holds_its_context() -> None:
    subject = ox.NamedNode("https://w3id.org/oograph/publication/x")
    document = json.loads(
        "".join(
            write(
                [
                    ox.Triple(subject, ox.NamedNode(OO + "year"), ox.Literal(2017)),
                    ox.Triple(subject, ox.NamedNode(DCTERMS + "title"), ox.Literal("T")),
                ],
                OURS,
            )
        )
    )
    assert isinstance(document["@context"], dict)
    assert document["@graph"] == [{"id": subject.value, "title": "T", "year": 2017}]


def test_nothing_is_a_document_too() -> None:
    assert json.loads("".join(write([], OURS)))["@graph"] == []


@pytest.mark.parametrize("term", ["title", "year", "platform", "position", "agent"])
def test_the_context_has_plain_names(term: str) -> None:
    assert term in {name for name, _ in OURS.terms.values()}
