"""What a first look clears, pySHACL clears too: on every failing graph, and on mangled ones."""

from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import SH, BNode, Graph, URIRef

from oograph import shapes
from oograph.graph.rdf.suspects import Index, core_shapes, terms_of
from oograph.ontology import PREFIXES

FIXTURES = Path(__file__).parents[2] / "fixtures" / "shapes"
FAILING = sorted(path for path in FIXTURES.glob("*.ttl") if path.name != "sound.ttl")
SHAPES = list(ox.parse(shapes.turtle(), ox.RdfFormat.TURTLE))
CORE = core_shapes(SHAPES)
SOUND = list(ox.parse(path=FIXTURES / "sound.ttl"))


def for_pyshacl() -> Graph:
    graph = Graph().parse(data=shapes.turtle(), format="turtle")
    graph.remove((None, SH.sparql, None))
    return graph


GRAPH = for_pyshacl()


def broken(quads: list[ox.Quad]) -> set[str]:
    """The nodes that pySHACL has a result on."""
    text = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    data = Graph().parse(data=text, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=GRAPH, inference="none")
    nodes = report.objects(None, SH.focusNode)
    return {str(node) for node in nodes if isinstance(node, URIRef | BNode)}


def suspects(quads: list[ox.Quad]) -> set[str]:
    index = Index(terms_of(str(quad.triple)) for quad in quads)
    nodes = set().union(*index.suspects(CORE).values())
    return {node[2:] if node.startswith("_:") else node[1:-1] for node in nodes}


def test_a_sound_graph_has_no_suspects() -> None:
    assert suspects(SOUND) == set()


@pytest.mark.parametrize("path", FAILING, ids=lambda path: path.stem)
def test_each_graph_that_fails_a_core_constraint_has_a_suspect(path: Path) -> None:
    quads = list(ox.parse(path=path, rename_blank_nodes=False))
    assert bool(suspects(quads)) == (not path.stem.endswith(".sparql"))


LITERALS = [
    ox.Literal(text, **kind)  # type: ignore[arg-type]
    for text in (
        "",
        " ",
        "1",
        "-1",
        "0.5",
        "1e3",
        "2017",
        "true",
        "2017-02-31",
        "10.1/\\{x}",
        "x\n",
    )
    for kind in (
        {},
        {"language": "en"},
        *(
            {"datatype": ox.NamedNode(PREFIXES["xsd"] + name)}
            for name in "integer decimal date gYear boolean".split()
        ),
    )
]
TERMS = st.sampled_from([*LITERALS, *dict.fromkeys(q.subject for q in SOUND), ox.BlankNode("b")])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(SOUND), TERMS, st.booleans()), min_size=1, max_size=8),
    st.sets(st.integers(0, len(SOUND) - 1), max_size=5),
)
def test_mangled_graphs_agree(
    changes: list[tuple[ox.Quad, ox.Literal | ox.NamedNode, bool]], gone: set[int]
) -> None:
    """Values changed or added, statements taken away: no broken node goes unsuspected."""
    quads = [quad for number, quad in enumerate(SOUND) if number not in gone]
    for quad, value, instead in changes:
        if instead and quad in quads:
            quads.remove(quad)
        quads.append(ox.Quad(quad.subject, quad.predicate, value))
    assert broken(quads) <= suspects(quads)
