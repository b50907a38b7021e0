"""The stream of statements: what it writes is what the engine reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.iris import RDF_TYPE
from oograph.graph.release import statements as module
from oograph.graph.release.statements import (
    Statement,
    Statements,
    by_subject,
    datatype_of,
    merge,
    triples_of,
    typing,
    value_of,
    write_run,
    write_union,
)

NODES = st.sampled_from([ox.NamedNode(f"urn:example:{name}") for name in ("a", "ab", "b", "ü")])
PREDICATES = NODES | st.just(RDF_TYPE)
TEXTS = st.text(max_size=8) | st.sampled_from(["<urn:example:a>", 'a "b" <c>', " <b", "a\n.\n"])
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
        assert given_here == sorted(given_here)
        text = "".join(statement.quad_line for statement in given_here)
        quads = list(ox.parse(text, ox.RdfFormat.N_QUADS))
        assert len(quads) == len(set(quads))
        assert set(quads) == {*one, *other}
        union = statements.paths[0].with_name("union")
        write_union(statements, union)
        triples = [quad.triple for quad in ox.parse(path=str(union), format=ox.RdfFormat.N_TRIPLES)]
        assert len(triples) == len(set(triples))
        assert set(triples) == {quad.triple for quad in quads}


@given(QUADS)
def test_terms_are_those_of_the_engine(quads: list[ox.Quad]) -> None:
    for quad in quads:
        *_, value = Statement(str(quad.triple), "").terms
        assert value_of(value) == (value if value[0] == "_" else quad.object.value)
        if isinstance(quad.object, ox.Literal):
            assert datatype_of(value) == quad.object.datatype.value


@given(QUADS, st.sets(PREDICATES, max_size=2))
def test_statements_about_some_predicates(quads: list[ox.Quad], about: set[ox.NamedNode]) -> None:
    with written(quads) as statements:
        chosen = {*statements.about(predicate.value for predicate in about)}
        assert chosen == {each for each in statements if each.terms[1] in map(str, about)}


@given(QUADS, QUADS, QUADS)
def test_a_merged_file_is_that_of_all_quads(
    one: list[ox.Quad], other: list[ox.Quad], third: list[ox.Quad]
) -> None:
    with (
        written(one, other, third) as parts,
        written([*one, *other, *third]) as whole,
        pytest.MonkeyPatch.context() as patch,
    ):
        path = parts.paths[0].with_name("merged")
        patch.setattr(module, "_MERGED", 2)
        merge(parts.paths, path)
        assert path.read_bytes() == whole.paths[0].read_bytes()


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
        expected = [each for each in statements if each.triple.startswith(f"<{prefix}")]
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
