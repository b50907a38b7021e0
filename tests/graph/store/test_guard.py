"""The guard reads words as the engine does, in time that grows with the text alone."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.store.guard import inspect


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <x:y> {} }",
        "ask{service<x:y>{}}",
        "ASK { \\u0053ERVICE <x:y> {} }",
        "ASK { \\U00000053ERVICE <x:y> {} }",
        "ASK { ?s ?p trueSERVICE <x:y> {} }",
        "ASK { ?s ?p true.SERVICE:y {} }",
        "ASK { ?s ?p 1e5SERVICE <x:y> {} }",
        "ASK { ?s ?p '\\u005C' SERVICE <x:y> {} #'\n }",
        "ASK { ?s ?p ''' ' ''' . SERVICE <x:y> {} }",
        'ASK { ?s ?p "" SERVICE <x:y> {} }',
        "# comment\rASK { SERVICE <x:y> {} }",
    ],
)
def test_service_is_found(query: str) -> None:
    assert inspect(query).services == ("",)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'SERVICE' }",
        "ASK { ?s ?p '''it's SERVICE''' }",
        'ASK { ?s ?p "a \\" SERVICE" }',
        "ASK { ?s <x:SERVICE> ?service } # SERVICE",
        "ASK { ?s x:SERVICE ?load . ?s x:a.LOAD _:load }",
        "ASK { ?s ?p 'x'@load }",
    ],
)
def test_words_that_are_no_keywords(query: str) -> None:
    shape = inspect(query)
    assert (shape.forbidden, shape.services) == ("", ())


@pytest.mark.parametrize("word", ["INSERT", "delete", "Load", "CLEAR", "drop", "create", "move"])
def test_update_is_found(word: str) -> None:
    assert inspect(f"PREFIX a: <b:c> {word} <x:y>").forbidden == word.upper()


def test_from_and_prefixes() -> None:
    shape = inspect("PREFIX a: <x:> SELECT ?from FROM <x:g> { ?s a:from b:c . _:x :y 'from' }")
    assert shape.has_dataset
    assert shape.undeclared == ("b", "")
    assert not inspect("SELECT ?from { ?s a:from <x:FROM> }").has_dataset


def test_depth() -> None:
    shape = inspect("ASK { { [] ?p ((1)) } '{{{{' # {{{{\n")
    assert (shape.depth, shape.unclosed) == (4, 1)


HOSTILE = ["'", '"""', '"\\', "a.", "<a", "'''a", "'a\\", "a-", "1e", "@a-", ":%", '""a', "\\u0027"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_alone(piece: str, patience: float) -> None:
    """With the square of 400,000 characters it would take many minutes."""
    program = "import sys; from oograph.graph.store.guard import inspect; inspect(sys.stdin.read())"
    text = piece * (400_000 // len(piece))
    subprocess.run(
        [sys.executable, "-c", program], input=text, text=True, check=True, timeout=patience
    )


@settings(max_examples=200)
@given(st.text(st.sampled_from("aE \n'\"\\#<>:.{}()[]?@-_1%u0Ü"), max_size=80))
def test_no_text_hides_a_keyword_behind_a_closed_string(text: str) -> None:
    # A line of its own is outside every comment; only an open string or IRI can swallow it.
    shape = inspect(f"ASK {{}} \n'{text.translate(_QUOTES)}'\nSERVICE <x:y> {{}}")
    assert shape.services


_QUOTES = str.maketrans("", "", "'\\\n")
