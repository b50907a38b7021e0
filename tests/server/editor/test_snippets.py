"""Snippets: what the page shows runs as it is shown, whatever the query is."""

from __future__ import annotations

import ast
import html
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.store.answers import WHOLE, Dataset
from oograph.server.editor.snippets import snippets

ENDPOINT = "http://127.0.0.1:8000/sparql"
QUERIES = {
    "table": (
        '# It\'s "quoted" \\ and `ticked` $HOME 100 %\n'
        "SELECT ?name { VALUES ?name { \"it's\" '''a \"\"\" b''' \"back\\\\slash\" 'naïve ☃' } }"
    ),
    "verdict": "ASK { ?s ?p ?o }",
    "graph": "CONSTRUCT { <urn:a> <urn:b> ?n } { VALUES ?n { 'it\\'s' } }",
}
EXPECTED = {"table": ["it's", 'a " b', "back\\slash", "naïve ☃"], "verdict": ["rue"]}


@pytest.fixture(scope="module")
def shown(server) -> dict[str, list[str]]:
    """The snippets of each kind of answer, as the page shows them."""
    pages = {kind: server.query(query, format="html").text for kind, query in QUERIES.items()}
    return {
        kind: [
            html.unescape(code) for code in re.findall(r'id="snippet-\d">(.*?)</pre>', text, re.S)
        ]
        for kind, text in pages.items()
    }


def run(*command: str, text: str | None = None) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def has_what_is_expected(output: str, kind: str) -> bool:
    output = re.sub(r'([\\"])\1+', r"\1", output)  # as CSV, JSON, Python and R each escape them
    return all(each in output for each in EXPECTED.get(kind, ["urn:b", "it's"]))


@pytest.mark.parametrize("kind", QUERIES)
def test_the_command_runs(shown, kind) -> None:
    assert has_what_is_expected(run("bash", "-c", shown[kind][0].replace("curl", "curl -s")), kind)


@pytest.mark.parametrize("kind", QUERIES)
def test_the_python_runs(shown, kind) -> None:
    assert has_what_is_expected(run(sys.executable, "-", text=shown[kind][1]), kind)


@pytest.mark.parametrize("kind", QUERIES)
@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_the_r_runs(shown, kind, tmp_path) -> None:
    script = tmp_path / "query.R"
    script.write_text(f"print(suppressWarnings({{\n{shown[kind][2]}\n}}))", encoding="utf-8")
    output = run("env", "LC_ALL=C.UTF-8", "Rscript", "--vanilla", str(script))
    assert has_what_is_expected(output.replace("TRUE", "true"), kind)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_query_is_quoted_whole(query: str) -> None:
    curl, python, r = snippets(ENDPOINT, query, WHOLE, "table")
    *_, parameter = shlex.split(curl.code.replace(" \\\n  --data", " --data"))
    assert parameter == f"query={query}"
    call = next(
        node
        for node in ast.walk(ast.parse(python.code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "setQuery"
    )
    asked = ast.literal_eval(call.args[0])
    assert asked == query or asked.strip("\n") == query.replace("\r\n", "\n").strip("\n")
    literal = re.match(r'query <- "((?:[^"\\]|\\["\\])*)"\n', r.code)
    assert literal and re.sub(r"\\(.)", r"\1", literal[1], flags=re.S) == query


def test_the_graphs_of_the_dataset_are_asked() -> None:
    dataset = Dataset(("urn:default",), ("urn:named",))
    curl, python, r = (each.code for each in snippets(ENDPOINT, "ASK {}", dataset, "verdict"))
    assert "default-graph-uri=urn:default" in curl and "named-graph-uri=urn:named" in curl
    assert "addDefaultGraph('urn:default')" in python and "addNamedGraph('urn:named')" in python
    assert "default-graph-uri=" in r and '"urn:named"' in r


def test_a_query_that_a_shell_cannot_hold_has_none() -> None:
    assert snippets(ENDPOINT, "ASK {} # \0", WHOLE, "verdict") == []
