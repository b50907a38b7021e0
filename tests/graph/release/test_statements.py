"""The stream of statements: what it writes is what the engine reads."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.collection import without_collection
from oograph.graph.iris import RDF_TYPE, IRIs
from oograph.graph.release import statements as module
from oograph.graph.release.counts import (
    Counts,
    counts_of,
    read_digests,
    types_of,
    write_digests,
)
from oograph.graph.release.processes import working
from oograph.graph.release.statements import (
    Statement,
    Statements,
    by_subject,
    datatype_of,
    in_pieces,
    parsed,
    parsed_without_parts,
    triples_of,
    typing,
    value_of,
    write_run,
)
from oograph.graph.release.survey import NodeTypes, counted, survey, write_node_types

NODES = st.sampled_from(
    [ox.NamedNode(f"urn:example:{name}") for name in ("a", "ab", "b", "ü", "a#1")]
)
PREDICATES = NODES | st.just(RDF_TYPE)
TEXTS = st.text(max_size=8) | st.sampled_from(
    ["<urn:example:a>", 'a "b" <c>', " <b", "a\n.\n", "a\r\u2028b"]
)
LITERALS = (
    TEXTS.map(ox.Literal)
    | st.builds(lambda text: ox.Literal(text, language="en"), TEXTS)
    | st.builds(lambda text: ox.Literal(text, datatype=ox.NamedNode("urn:d")), TEXTS)
)
VALUES = NODES | st.just(ox.BlankNode("y")) | LITERALS
SUBJECTS = NODES | st.just(ox.BlankNode("x"))
QUADS = st.lists(
    st.builds(ox.Quad, SUBJECTS, PREDICATES, VALUES, NODES | st.just(ox.DefaultGraph())),
    max_size=12,
)


@contextmanager
def written(*runs: list[ox.Quad]) -> Iterator[Statements]:
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}" for number in range(len(runs))]
        for path, run in zip(paths, runs, strict=True):
            write_run(run, path)
        yield Statements(tuple(paths))


@given(QUADS, QUADS)
def test_every_quad_comes_back_once_and_in_order(one: list[ox.Quad], other: list[ox.Quad]) -> None:
    with written(one, other) as statements:
        given_here = list(statements)
        lines = [statement.quad_line for statement in given_here]
        assert [line.encode() for line in lines] == sorted(line.encode() for line in lines)
        text = "".join(statement.quad_line for statement in given_here)
        quads = list(ox.parse(text, ox.RdfFormat.N_QUADS))
        assert len(quads) == len(set(quads))
        assert set(quads) == {*one, *other}
        union = statements.paths[0].with_name("union.nt")
        statements.write_union(union)
        triples = [quad.triple for quad in parsed(union)]
        assert len(triples) == len(set(triples))
        assert set(triples) == {quad.triple for quad in quads}


@given(QUADS)
def test_terms_are_those_of_the_engine(quads: list[ox.Quad]) -> None:
    for quad in quads:
        value = Statement.of_triple(quad.triple).value
        assert value_of(value) == (value if value[0] == "_" else quad.object.value)
        if isinstance(quad.object, ox.Literal):
            assert datatype_of(value) == quad.object.datatype.value


@given(QUADS, st.sets(PREDICATES, max_size=2))
def test_statements_about_some_predicates(quads: list[ox.Quad], about: set[ox.NamedNode]) -> None:
    with written(quads) as statements:
        chosen = {*statements.about(predicate.value for predicate in about)}
        assert chosen == {each for each in statements if each.predicate in map(str, about)}


IN_GRAPHS = QUADS.map(lambda quads: [q for q in quads if isinstance(q.graph_name, ox.NamedNode)])


@given(IN_GRAPHS, NODES)
def test_the_quads_without_those_of_a_graph_on_parts(
    quads: list[ox.Quad], graph: ox.NamedNode
) -> None:
    def is_left_out(quad: ox.Quad) -> bool:
        return quad.graph_name == graph and "#" in str(quad.subject)

    with written(quads) as statements:
        (path,) = statements.paths
        every = ox.parse(path.read_bytes(), ox.RdfFormat.N_QUADS)
        # blank nodes get new names each time a file is read
        assert [quad.predicate for quad in parsed_without_parts(path, graph.value)] == [
            quad.predicate for quad in every if not is_left_out(quad)
        ]


@given(QUADS, QUADS, QUADS, st.integers(20, 400))
def test_pieces_make_up_the_file_of_all_quads(
    one: list[ox.Quad], other: list[ox.Quad], third: list[ox.Quad], size: int
) -> None:
    with (
        written(one, other, third) as parts,
        written([*one, *other, *third]) as whole,
        pytest.MonkeyPatch.context() as patch,
        working(1) as here,
    ):
        patch.setattr(module, "_PIECE", size)
        path = parts.paths[0].with_name("sorted.nq")
        subjects = in_pieces(_written_subjects, parts, (path,), here)
        assert path.read_bytes() == whole.paths[0].read_bytes()
        # no subject is in two pieces
        flat = [subject for of_piece in subjects for subject in of_piece]
        assert flat == sorted({str(quad.subject) for quad in (*one, *other, *third)})
        assert list(parts) == list(whole)
        assert not list(path.parent.glob("sorted.nq-*"))


def _written_subjects(piece: Statements, paths: Sequence[Path]) -> list[str]:
    piece.write(paths[0])
    return [subject for subject, _ in piece.subjects()]


def test_a_large_file_is_cut_into_pieces_of_the_size_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PIECE", 2**14)
    property = ox.NamedNode("urn:p")
    runs = []
    for run in range(4):
        nodes = [ox.NamedNode(f"urn:{run + 4 * n:06}") for n in range(1_000)]
        write_run((ox.Quad(n, property, ox.Literal("x")) for n in nodes), tmp_path / f"{run}")
        runs.append(tmp_path / f"{run}")
    statements = Statements(tuple(runs))
    sizes = [sum(map(len, piece.lines())) for piece in statements.pieces()]
    whole = sum(path.stat().st_size for path in runs)
    assert sum(sizes) == whole
    assert len(sizes) == whole // 2**14 + 1
    assert max(sizes) < 2 * 2**14
    monkeypatch.setattr(module, "_PIECES", 3)
    assert len(statements.pieces()) == 3


@given(QUADS, st.integers(20, 400))
def test_what_is_counted_in_pieces_is_what_is_counted_at_once(
    quads: list[ox.Quad], size: int
) -> None:
    with written(quads) as statements, pytest.MonkeyPatch.context() as patch:
        types = types_of(statements)
        whole = counts_of(by_subject(statements), lambda node: types.get(node, ()))
        patch.setattr(module, "_PIECE", size)
        part, written_down, sums = statements.paths[0].with_name("objects"), b"", Counts()
        for piece in statements.pieces():
            counts = counts_of(by_subject(piece), lambda node: types.get(node, ()))
            write_digests(counts.objects, part)
            written_down += part.read_bytes()
            sums += replace(counts, objects=())
        part.write_bytes(written_down)
        sums = replace(sums, objects=read_digests(part))
    objects = len({quad.object for quad in quads})
    assert sums.numbers(sums.distinct_objects) == whole.numbers(objects)
    assert Counts().more_objects(sums) == objects
    assert sums.more_objects(whole) == 0


@given(QUADS, QUADS)
def test_node_types_are_those_that_statements_give(
    quads: list[ox.Quad], other: list[ox.Quad]
) -> None:
    parts = [
        ox.Quad(ox.NamedNode(f"urn:example:a#{n}"), RDF_TYPE, each.object)
        for n, each in enumerate(other)
        if isinstance(each.object, ox.NamedNode)
    ]
    with written([*quads, *parts]) as statements:
        types = types_of(statements)
        things = {node: names for node, names in types.items() if "#" not in node}
        path = statements.paths[0].with_name("types.db")
        lines = (f"{node} {' '.join(names)}\n" for node, names in things.items())
        write_node_types(lines, path)
        node_types = NodeTypes(path, statements, {})
        for statement in statements:
            for node in (statement.subject, statement.value):
                if node[0] != '"':
                    assert node_types(node) == types.get(node, ())


def test_what_counts_a_piece_leaves_no_file_open(
    tmp_path: Path,
) -> None:
    """An open connection stays in memory until cycles are collected, which a build rarely does."""
    write_run(
        [ox.Quad(thing := ox.NamedNode("urn:a"), RDF_TYPE, thing)], run := tmp_path / "run.nq"
    )
    with working(1) as here, without_collection():
        known = survey([run], tmp_path / "all.nq", IRIs(), here)
        counted(known, IRIs(), here)
        handles = [os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.exists()]
    assert known.types.exists() and str(known.types) not in handles


@given(QUADS)
def test_what_gives_a_class_goes_by_its_predicate(quads: list[ox.Quad]) -> None:
    with written(quads) as statements:
        assert set(typing(statements)) == {
            (str(quad.subject), quad.object.value)
            for quad in quads
            if quad.predicate == RDF_TYPE and isinstance(quad.object, ox.NamedNode)
        }


@given(
    QUADS,
    QUADS,
    st.sampled_from(["", "urn:example:", "urn:example:a", "urn:example:b", "urn:x", "z", "ü"]),
)
def test_a_part_is_what_begins_so(one: list[ox.Quad], other: list[ox.Quad], prefix: str) -> None:
    with written(one, other) as statements:
        expected = [each for each in statements if each.line.startswith(f"<{prefix}")]
        assert list(statements.with_prefix(prefix)) == expected


@given(QUADS)
def test_every_subject_comes_once_with_its_triples(quads: list[ox.Quad]) -> None:
    with written(quads) as statements:
        groups = list(by_subject(statements))
    assert [subject for subject, _ in groups] == sorted({str(quad.subject) for quad in quads})
    for subject, given_here in groups:
        triples = triples_of(given_here)
        assert len(triples) == len(set(triples))
        assert set(triples) == {quad.triple for quad in quads if str(quad.subject) == subject}
