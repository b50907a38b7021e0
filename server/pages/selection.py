"""Selection: SPARQL patterns for the works of a list, and property paths to their facets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pyoxigraph as ox

from ...graph.index.works import Answer, Choice
from ...graph.index.works_index import NOT_STATED
from ...graph.model import FACETS
from ..web.parameters import BY_FACET
from ..web.site import Site

#: The most works in an exported list, and so in a query that lists them.
EXPORTED = 10_000
#: The path from a concept to broader ones that count its works, too; others have none.
_BROADER = "(skos:broader|schema:containedInPlace)*"


class Path(NamedTuple):
    """The path from a work to the values of a facet."""

    predicate: str
    #: From a value to those that also count its works; "" for none but itself.
    upward: str = _BROADER

    def __str__(self) -> str:
        return f"{self.predicate}/{self.upward}" if self.upward else self.predicate


#: Facet -> the path to its values.
PATHS = {
    **{field.name: Path(field.predicate) for field in FACETS},
    "kind": Path("a"),
    "language": Path("schema:inLanguage"),
    "year": Path("oo:year"),
    # a series counts the works of its editions, a person those of likely duplicates
    "venue": Path("dcterms:isPartOf", "dcterms:isPartOf?"),
    "author": Path("dcterms:creator", "oo:probablySameAs?"),
    "organization": Path("oo:organization|dcterms:publisher|dcterms:creator", ""),
}
_DOI = Path("bibo:doi", "")


def query_of_works(site: Site, name: str, choice: Choice, answer: Answer, **terms: str) -> str:
    """The query ``queries/{name}.rq`` for the works of a choice, with their year in ?year."""
    if is_named(choice):
        ids = site.records.ids(site.works.order(answer, choice, EXPORTED))
        iris = "\n    ".join(f"<{site.iris.thing('publication', id)}>" for id in ids)
        lines = f"  VALUES ?work {{\n    {iris}\n  }}"
    else:
        lines = "\n".join(_patterns(site, choice))
    text = site.query(name, selection=lines, **terms)
    return "".join(f"{line}\n" for line in text.splitlines() if line.strip())


def is_named(choice: Choice) -> bool:
    """Whether a query must list the works one by one, because a filter has no SPARQL pattern."""
    return bool(
        choice.words
        or "kind" in choice.facets
        or any(NOT_STATED in values for values in choice.facets.values())
    )


def having(site: Site, facets: Mapping[str, tuple[str, ...]], evidence: str = "") -> Iterator[str]:
    """SPARQL lines for the works with all these facet values, by one kind of evidence or any."""
    pairs = ((facet, value) for facet, values in facets.items() for value in values)
    for number, (facet, value) in enumerate(pairs):
        path, node = PATHS.get(facet, _DOI), f"?chosen{number}"
        # any DOI is one
        term = "" if facet == "doi" else _term(site, facet, value)
        if not evidence:
            yield f"  ?work {path} {term or node} ."
            continue
        if evidence == "inferred":
            yield f"  ?work {path} {term or node} ."
        stated = in_stated(site, path, node, term)
        yield f"  FILTER NOT EXISTS {{ {stated} }}" if evidence == "inferred" else f"  {stated}"


def in_stated(site: Site, path: Path, node: str, value: str = "") -> str:
    """The pattern for a stated path from a work, through a node, to a value."""
    stated = f"GRAPH <{site.iris.graph('stated')}> {{ ?work {path.predicate} {node} }}"
    if not value:
        return stated
    return (
        f"{stated} {node} {path.upward} {value} ."
        if path.upward
        else (f"{stated} FILTER({node} = {value})")
    )


def _term(site: Site, facet: str, value: str) -> str:
    if facet == "language":
        return str(ox.Literal(value))
    return f"<{BY_FACET[facet].iri(site.iris, value)}>"


def _patterns(site: Site, choice: Choice) -> Iterator[str]:
    yield from having(site, choice.facets, choice.evidence)
    if choice.first_year is not None:
        yield f"  FILTER(?year >= {choice.first_year})"
    if choice.last_year is not None:
        yield f"  FILTER(?year <= {choice.last_year})"
