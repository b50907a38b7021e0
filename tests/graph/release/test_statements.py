"""The stream of statements: what it writes is what the engine reads."""

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.release.statements import in_order

NODES = st.sampled_from([ox.NamedNode(f"urn:example:{name}") for name in "abc"])
VALUES = NODES | st.text(max_size=8).filter(lambda text: "\0" not in text).map(ox.Literal)
GRAPHS = NODES | st.just(ox.DefaultGraph())


@given(st.lists(st.builds(ox.Quad, NODES, NODES, VALUES, GRAPHS), max_size=8))
def test_every_quad_comes_back_from_its_line(quads: list[ox.Quad]) -> None:
    text = "".join(statement.quad_line for statement in in_order(quads))
    assert set(ox.parse(text, format=ox.RdfFormat.N_QUADS)) == set(quads)
