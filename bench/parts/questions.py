"""The twelve questions of ``bench/queries/``, and how the rows of an answer are counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import urlencode

import pyoxigraph as ox

_FOLDER = Path(__file__).parent.parent / "queries"
_FORM = re.compile(r"^(SELECT|CONSTRUCT|DESCRIBE)\b(?:\s+\?(\w+))?", re.MULTILINE)
_PREFIXES = """\
PREFIX bibo: <http://purl.org/ontology/bibo/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oo: <https://w3id.org/oograph/ontology#>
"""
#: Queries whose first row gives the values for ``$name`` in the questions.
_CHOICES = (
    # A publication with a DOI and three authors.
    """SELECT ?publication ?doi WHERE {
      ?publication bibo:doi ?doi ; oo:authorship/oo:position 3
    } ORDER BY ?publication LIMIT 1""",
    """SELECT ?person WHERE { ?work dcterms:creator ?person }
    GROUP BY ?person ORDER BY DESC(COUNT(?work)) ?person LIMIT 1""",
    """SELECT ?venue WHERE { ?work dcterms:isPartOf ?venue }
    GROUP BY ?venue ORDER BY DESC(COUNT(?work)) ?venue LIMIT 1""",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A query that every store is asked."""

    name: str
    title: str
    text: str
    #: The first variable, which is bound in every row; "" if the answer is a graph.
    variable: str

    @property
    def accept(self) -> str:
        """The requested format."""
        return "application/sparql-results+json" if self.variable else "application/n-triples"

    @property
    def parameters(self) -> str:
        """The query string of the URL."""
        return urlencode({"query": self.text})

    def rows(self, body: bytes) -> int:
        """Count the solutions or triples of an answer in that format."""
        if not self.variable:
            return len(re.findall(rb"\.\s*$", body, re.MULTILINE))
        return len(re.findall(rb'"%s"\s*:\s*\{' % self.variable.encode(), body))

    def ask(self, store: ox.Store) -> bytes:
        """Query a store in this process; return the serialised answer."""
        answer = store.query(self.text, use_default_graph_as_union=True)
        if isinstance(answer, ox.QueryTriples):
            return ox.serialize(answer, format=ox.RdfFormat.N_TRIPLES) or b""
        return answer.serialize(format=ox.QueryResultsFormat.JSON) or b""


def questions(store: ox.Store) -> tuple[Question, ...]:
    """The questions, filled in with things that are in the store."""
    chosen: dict[str, str] = {}
    for text in _CHOICES:
        answer = store.query(_PREFIXES + text, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)
        names = [variable.value for variable in answer.variables]
        row = next(iter(answer))
        chosen |= {name: term.value for name, term in zip(names, row, strict=True)}
    return tuple(_question(path, chosen) for path in sorted(_FOLDER.glob("*.rq")))


def _question(path: Path, chosen: Mapping[str, str]) -> Question:
    text = Template(path.read_text(encoding="utf-8")).substitute(chosen)
    title, _, query = text.partition("\n")
    form = _FORM.search(query)
    assert form, f"{path} is not a query"
    variable = form[2] if form[1] == "SELECT" else ""
    return Question(path.stem, title.lstrip("# "), query, variable)
