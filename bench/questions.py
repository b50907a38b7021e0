"""Answer the competency questions from a release and write docs/questions.md.

Run oograph build, then python bench/questions.py [RELEASE] (default: the newest).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from oograph.graph.files import write_text
from oograph.graph.index.coverage import Coverage, coverage_of
from oograph.graph.model import FACETS
from oograph.graph.numbers import counted
from oograph.ontology import PREFIXES, Question, questions

ROOT = Path(__file__).parent.parent
#: How many rows of an answer are shown.
SHOWN = 10
#: The limit on the rows of a whole query.
_LIMIT = re.compile(r"\bLIMIT (\d+)\s*\Z")
HEAD = """# Questions

The competency questions of the ontology (`ontology/questions/`), each with the answer of the \
shipped graph. For each question the page says how many publications have the properties it needs, \
and so how much of the literature the answer covers. `python bench/questions.py` writes this page.
"""


def main(release: Path) -> None:
    """Write the page; report on stderr which release it is based on."""
    store = ox.Store.read_only(str(release / "store"))
    works = _number(store, "?work a oo:Publication")
    parts = [
        HEAD,
        f"{works:,} publications, release {release.resolve().name.rpartition('-')[0]}.\n",
    ]
    parts += _coverage(coverage_of(release))
    parts += (part for question in questions() for part in _section(store, question, works))
    write_text(ROOT / "docs" / "questions.md", "\n".join(parts))
    print(f"docs/questions.md is based on {release.resolve()}", file=sys.stderr)


def _coverage(known: Coverage) -> Iterator[str]:
    yield "## How much is known"
    yield (
        f"For {known.read:,} of the {known.works:,} publications, more than the title was read: "
        "the abstract, a record page, or facts that somebody coded by reading. For the others no "
        "text is available, and a title says little more than the topic.\n"
    )
    yield "| facet | stated | inferred | share of all | of those read |"
    yield "|---|---:|---:|---:|---:|"
    plurals = {field.name: field.plural for field in FACETS}
    for facet in known.facets:
        plural = plurals[facet.facet]
        share = (facet.stated + facet.inferred) / known.works
        of_read = f"{facet.of_read:,} ({facet.of_read / known.read:.1%})"
        yield f"| {plural} | {facet.stated:,} | {facet.inferred:,} | {share:.1%} | {of_read} |"
    yield ""


def _section(store: ox.Store, question: Question, works: int) -> Iterator[str]:
    number = question.name.partition("-")[0]
    yield f"## {number} {question.words}"
    needed = " . ".join(f"?work {curie} ?v{n}" for n, curie in enumerate(question.needs))
    able = _number(store, f"?work a oo:Publication . {needed}")
    names = ", ".join(f"`{curie}`" for curie in question.needs)
    yield f"{able:,} of {works:,} publications ({able / works:.1%}) have {names}."
    yield f"[The query](../ontology/questions/{question.name}.rq).\n"
    solutions = store.query(question.query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    rows = [[_cell(term) for term in solution] for solution in solutions]
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    yield from (f"| {' | '.join(row)} |" for row in rows[:SHOWN])
    yield _rest(len(rows), question.query)


def _rest(rows: int, query: str) -> str:
    """A line on the rows that are not shown; a query may ask for the first rows only."""
    more = rows - SHOWN
    if more <= 0:
        return ""
    limit = _LIMIT.search(query)
    is_cut = limit is not None and int(limit[1]) == rows
    end = f"; the query asks for the first {rows:,} only" if is_cut else ""
    return f"\n… and {counted(more, 'more row')}{end}.\n"


def _number(store: ox.Store, pattern: str) -> int:
    head = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items())
    query = f"{head} SELECT (COUNT(DISTINCT ?work) AS ?n) WHERE {{ {pattern} }}"
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    (row,) = solutions
    return int(row["n"].value)


def _cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if term is None:
        return ""
    text = PREFIXES.compress(term.value) if isinstance(term, ox.NamedNode) else term.value
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "release" / "current")
