"""Snippets: the current query as a curl command or a few lines of Python or R, ready to run."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...graph.formats import RDF, RESULTS
from ...graph.store.answers import Dataset


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of code that runs the query."""

    language: str
    #: The command that installs what it needs; "" for nothing.
    needs: str
    code: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query, its endpoint, and the kind of answer: "table", "verdict" or "graph"."""

    endpoint: str
    query: str
    dataset: Dataset
    kind: str

    @property
    def parameters(self) -> list[tuple[str, str]]:
        graphs = [("default-graph-uri", iri) for iri in self.dataset.default_graphs]
        graphs += [("named-graph-uri", iri) for iri in self.dataset.named_graphs]
        return [*graphs, ("query", self.query)]


def snippets(endpoint: str, query: str, dataset: Dataset, kind: str) -> list[Snippet]:
    """Return the query in each language; none if one of them cannot express it."""
    if "\0" in query:
        return []
    asked = _Asked(endpoint, query, dataset, kind)
    return [
        Snippet("curl", "", _curl(asked)),
        Snippet("Python", "pip install sparqlwrapper", _python(asked)),
        Snippet("R", "", _r(asked)),
    ]


#: The media type that the curl command asks for, by kind of answer.
_ACCEPT = {
    "table": RESULTS["csv"].media_type,
    "verdict": RESULTS["json"].media_type,
    "graph": RDF["ttl"].media_type,
}


def _curl(asked: _Asked) -> str:
    lines = [f"curl {shlex.quote(asked.endpoint)} -H 'Accept: {_ACCEPT[asked.kind]}'"]
    for name, value in asked.parameters:
        lines.append(f"  --data-urlencode {shlex.quote(f'{name}={value}')}")
    return " \\\n".join(lines)


_PYTHON = {
    "table": (
        "JSON",
        'for row in endpoint.queryAndConvert()["results"]["bindings"]:\n'
        '    print({name: term["value"] for name, term in row.items()})',
    ),
    "verdict": ("JSON", 'print(endpoint.queryAndConvert()["boolean"])'),
    "graph": ("TURTLE", "print(endpoint.queryAndConvert().decode())"),
}


def _python(asked: _Asked) -> str:
    form, use = _PYTHON[asked.kind]
    graphs = [f"endpoint.addDefaultGraph({iri!r})" for iri in asked.dataset.default_graphs]
    graphs += [f"endpoint.addNamedGraph({iri!r})" for iri in asked.dataset.named_graphs]
    lines = [
        f"from SPARQLWrapper import {form}, POST, SPARQLWrapper",
        "",
        f"endpoint = SPARQLWrapper({_quoted(asked.endpoint)}, returnFormat={form})",
        "endpoint.setMethod(POST)",
        *graphs,
        f"endpoint.setQuery({_python_text(asked.query)})",
        use,
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _python_text(text: str) -> str:
    """Return a Python literal over several lines, or with escapes if that is not safe."""
    plain = text.replace("\r\n", "\n").strip("\n")
    if "\\" in plain or '"""' in plain or "\r" in plain:
        return repr(text)
    return f'"""\n{plain}\n"""'


_R: Mapping[str, Callable[[str], str]] = {
    "table": lambda address: f"read.csv({address})",
    "verdict": lambda address: f"cat(readLines({address}, warn = FALSE))",
    "graph": lambda address: f'cat(readLines({address}), sep = "\\n")',
}
_R_FORMAT = {"table": "csv", "verdict": "json", "graph": "ttl"}


def _r(asked: _Asked) -> str:
    escaped = asked.query.replace("\\", "\\\\").replace('"', '\\"')
    graphs = "".join(
        f'&{name}=", URLencode({_quoted(value)}, reserved = TRUE), "'
        for name, value in asked.parameters[:-1]
    )
    start = f"{asked.endpoint}?format={_R_FORMAT[asked.kind]}{graphs}&query="
    address = f'paste0("{start}", URLencode(query, reserved = TRUE))'
    return f'query <- "{escaped}"\n{_R[asked.kind](address)}'
