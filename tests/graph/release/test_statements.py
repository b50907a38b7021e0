"""The stream of statements: what it writes is what the engine reads."""

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.iris import RDF_TYPE
from oograph.graph.release.statements import by_subject, in_order, typing, with_prefix

NODES = st.sampled_from([ox.NamedNode(f"urn:example:{name}") for name in "abc"])
PREDICATES = NODES | st.just(RDF_TYPE)
VALUES = NODES | st.text(max_size=8).filter(lambda text: "\0" not in text).map(ox.Literal)
GRAPHS = NODES | st.just(ox.DefaultGraph())


@given(st.lists(st.builds(ox.Quad, NODES, NODES, VALUES, GRAPHS), max_size=8))
def test_every_quad_comes_back_from_its_line(quads: list[ox.Quad]) -> None:
    text = "".join(statement.quad_line for statement in in_order(quads))
    assert set(ox.parse(text, format=ox.RdfFormat.N_QUADS)) == set(quads)


@given(
    st.lists(st.builds(ox.Quad, NODES, PREDICATES, VALUES | st.just(ox.Literal(f" {RDF_TYPE} <"))))
)
def test_what_gives_a_class_goes_by_its_predicate(quads: list[ox.Quad]) -> None:
    expected = {quad for quad in quads if quad.predicate == RDF_TYPE}
    assert set(typing(in_order(quads))) == {
        q for q in expected if isinstance(q.object, ox.NamedNode)
    }


@given(
    st.lists(st.builds(ox.Quad, NODES | st.just(ox.BlankNode("x")), NODES, VALUES, GRAPHS)),
    st.sampled_from(["", "urn:example:", "urn:example:a", "urn:example:b", "urn:x", "z"]),
)
def test_a_part_is_what_begins_so(quads: list[ox.Quad], prefix: str) -> None:
    statements = in_order(quads)
    expected = [each for each in statements if each.triple.startswith(f"<{prefix}")]
    assert list(with_prefix(statements, prefix)) == expected


@given(st.lists(st.builds(ox.Quad, NODES, NODES, VALUES, GRAPHS)))
def test_every_subject_comes_once_with_its_triples(quads: list[ox.Quad]) -> None:
    groups = list(by_subject(in_order(quads)))
    assert [subject for subject, _ in groups] == sorted({q.subject for q in quads}, key=str)
    for subject, given_here in groups:
        triples = [statement.quad.triple for statement in given_here]
        assert len(triples) == len(set(triples))
        assert set(triples) == {quad.triple for quad in quads if quad.subject == subject}
