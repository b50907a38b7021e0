"""Where in a query a place is, as the editor reads it, in Node: what is offered depends on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

POSITION = Path(__file__).parents[3] / "server" / "editor" / "position.js"
#: What is written before the place -> what goes there. "other" is outside triples.
ROLES = {
    "": "other",
    "SELECT ": "other",
    "SELECT (COUNT(?x) AS ?n) WHERE { ": "subject",
    "SELECT * { ?s ": "predicate",
    "SELECT * { ?s a ": "type",
    "SELECT * { ?s rdf:type ": "type",
    "SELECT * { ?s oo:x ": "object",
    "SELECT * { ?s oo:x ?y ": "other",
    "SELECT * { ?s oo:x ?y , ": "object",
    "SELECT * { ?s oo:x ?y ; ": "predicate",
    "SELECT * { ?s oo:x ?y . ": "subject",
    "SELECT * { ?s oo:x 1.5 ; ": "predicate",
    "SELECT * { ?s oo:x 'a. b' . ": "subject",
    'SELECT * { ?s oo:x "a"@en , ': "object",
    "SELECT * { ?s oo:x '1'^^xsd:integer ; ": "predicate",
    "SELECT * { <http://a/b#c> ": "predicate",
    "SELECT * { # no { \n ?s ": "predicate",
    # paths
    "SELECT * { ?s ^": "predicate",
    "SELECT * { ?s oo:x/": "predicate",
    "SELECT * { ?s oo:x* ": "object",
    "SELECT * { ?s (oo:a|oo:b)* ": "object",
    # nodes without a name
    "SELECT * { [] a ": "type",
    "SELECT * { ?s oo:x [ ": "predicate",
    "SELECT * { ?s oo:x [ oo:y [ a ": "type",
    "SELECT * { ?s oo:x [ oo:y ?z ] ; ": "predicate",
    "SELECT * { [ a oo:X ] ": "predicate",
    # what is no triple
    "SELECT * { FILTER(?x > ": "other",
    "SELECT * { FILTER(CONTAINS(LCASE(?t), 'x')) ?s ": "predicate",
    "SELECT * { BIND(1 AS ?x) ": "subject",
    "SELECT * { VALUES ?x { ": "subject",
    "SELECT * { VALUES (?x ?y) { (": "other",
    "SELECT * { OPTIONAL { ?s oo:x ?y } ": "subject",
    "SELECT * { FILTER NOT EXISTS { ?y ": "predicate",
    "SELECT * { GRAPH ": "other",
    "SELECT * { GRAPH ?g { ": "subject",
    "SELECT * { ?s ?p ?o } ORDER BY ": "other",
    "SELECT * { ?s ?p ?o } LIMIT ": "other",
}
UNDECLARED = 'PREFIX a: <http://x>\nASK { ?s a:b c:d ; e:f "g:h" . <i:j> ^k:l _:b :m } # n:o'
TERMS = {
    "properties": {"oo:of": {"values": ["skos:Concept", "oo:Topic"]}, "oo:year": {}},
    "classes": {
        "oo:Work": {"properties": {"oo:of": 1, "oo:year": 1}},
        "oo:Topic": {"properties": {}},
    },
}
CLASSES = [
    ([["?s", "a", "oo:Topic"]], ["oo:Topic"]),  # it is said
    ([["?w", "oo:of", "?s"]], ["oo:Topic"]),  # a property leads to it
    ([["?s", "oo:year", "?y"]], ["oo:Work"]),  # it has a property
    ([["?s", "oo:of", "?y"], ["?s", "foaf:name", "?n"]], ["oo:Work"]),
    ([["?other", "a", "oo:Topic"]], []),
]
SCRIPT = """
import { readFileSync } from "node:fs";
import { classesOf, position, undeclared } from "./position.mjs";
const { roles, query, classes, terms } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify({
  roles: roles.map((text) => position(text).role),
  undeclared: undeclared(query).map(({ from, to }) => query.slice(from, to)),
  classes: classes.map((triples) => classesOf("?s", triples, terms)),
}));
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if not shutil.which("node"):
        if os.environ.get("CI"):
            pytest.fail("Node must be installed where CI is set")
        pytest.skip("Node is not installed")
    folder = tmp_path_factory.mktemp("position")
    shutil.copy(POSITION, folder / "position.mjs")
    (folder / "read.mjs").write_text(SCRIPT)
    asked = {
        "roles": list(ROLES),
        "query": UNDECLARED,
        "classes": [triples for triples, _ in CLASSES],
        "terms": TERMS,
    }
    command = ["node", str(folder / "read.mjs")]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_what_goes_where(read) -> None:
    assert dict(zip(ROLES, read["roles"], strict=True)) == ROLES


def test_only_names_whose_prefix_is_missing_are_undeclared(read) -> None:
    assert read["undeclared"] == ["c:d", "e:f", "k:l", ":m"]


def test_what_a_variable_may_be(read) -> None:
    assert read["classes"] == [classes for _, classes in CLASSES]
