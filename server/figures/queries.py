"""Queries: the SPARQL behind a figure, to adapt and to run elsewhere.

Figures are counted in the index; a test checks that these queries give the same numbers.
"""

from __future__ import annotations

from typing import NoReturn

from ...graph.index.works_index import NOT_STATED
from ...graph.store.problems import ProblemDetails, QueryError
from ..pages.selection import EXPORTED, PATHS, having, in_stated, is_named, query_of_works
from ..web.site import Site
from .axes import AXES, Axis
from .collection import Figure
from .counts import Asked

#: Patterns that restrict the values of an axis, such as to one level of its facet.
_ONLY = {
    "country": "?{value} a oo:Country .",
    "region": "?{value} a oo:Region .",
    "platform": "FILTER NOT EXISTS {{ ?any oo:platform/skos:broader+ ?{value} }}",
    "platform-group": "FILTER EXISTS {{ ?any oo:platform/skos:broader+ ?{value} }}",
    "kind": (
        "FILTER(?{value} IN (fabio:ConferencePaper, fabio:Preprint) || "
        "(STRSTARTS(STR(?{value}), STR(bibo:)) && ?{value} != bibo:Document))"
    ),
}


def sparql(site: Site, figure: Figure, asked: Asked) -> str:
    """The query of a figure for a choice of works; 413 if it would list too many of them."""
    answer = asked.answer
    if is_named(asked.choice) and len(answer) > EXPORTED:
        _refuse(f"the limit is {EXPORTED:,}", asked)
    name, terms = _counting(site, figure, asked)
    text = query_of_works(site, name, asked.choice, answer, **terms)
    most = site.store.limits.query_characters
    if len(text) > most:
        _refuse(f"that takes {len(text):,} characters, and the limit is {most:,}", asked)
    return text


def _refuse(why: str, asked: Asked) -> NoReturn:
    detail = (
        f"The query would list {len(asked.answer):,} works one by one; {why}. "
        "Choose works by facets and years only, or choose fewer."
    )
    raise QueryError(ProblemDetails(413, "Query too long", detail))


def _counting(site: Site, figure: Figure, asked: Asked) -> tuple[str, dict[str, str]]:
    """The name of the query that counts what a figure shows, and the values to fill in."""
    match figure.axes:
        case ():
            predicates = {PATHS[axis.facet].predicate for axis in AXES.values()} - {"a"}
            return "figure-coverage", {
                "properties": " ".join(sorted(predicates)),
                "known": _known(site, asked.choice.evidence),
            }
        case (axis,) if axis.facet == "year":
            return "figure-years", {"stating": _stating(site, asked)}
        case (axis,):
            return "figure-counts", {
                "axis": _pattern(site, axis, "value", asked.choice.evidence),
                "stating": in_stated(site, PATHS[axis.facet], "?valueDirect"),
            }
    sides = {"x": asked.x, "y": asked.y}
    # years do not depend on the evidence
    evidence = {
        side: "" if axis.facet == "year" else asked.choice.evidence for side, axis in sides.items()
    }
    terms = {side: _pattern(site, axis, side, evidence[side]) for side, axis in sides.items()}
    stating = (in_stated(site, PATHS[axis.facet], f"?{side}Direct") for side, axis in sides.items())
    return "figure-cross", {**terms, "stating": "\n    ".join(stating)}


def _known(site: Site, evidence: str) -> str:
    """The line that matches a work with a property, optionally by one kind of evidence."""
    graph = f"GRAPH <{site.iris.graph('stated')}>"
    every = "  ?work ?property ?value ."
    if evidence == "stated":
        return f"  {graph} {{ ?work ?property ?value }}"
    if evidence == "inferred":
        return f"{every}\n  FILTER NOT EXISTS {{ {graph} {{ ?work ?property ?said }} }}"
    return every


def _stating(site: Site, asked: Asked) -> str:
    """The lines for works for which the chosen values are stated."""
    facets = {
        # a kind is always stated, and a missing value cannot be
        facet: tuple(value for value in values if value != NOT_STATED)
        for facet, values in asked.choice.facets.items()
        if facet != "kind"
    }
    lines = ["  ?work a oo:Publication .", *having(site, facets, "stated")]
    return "\n  ".join(lines)


def _pattern(site: Site, axis: Axis, value: str, evidence: str) -> str:
    """The lines from a work to the values of an axis, including broader ones."""
    direct = f"{value}Direct"
    path = PATHS[axis.facet]
    first = f"?work {path.predicate} ?{direct} ."
    if evidence == "stated":
        first = in_stated(site, path, f"?{direct}")
    lines = [f"  {first}", f"  ?{direct} {path.upward} ?{value} ."]
    if evidence == "inferred":
        lines.append(f"  FILTER NOT EXISTS {{ {in_stated(site, path, '?said', f'?{value}')} }}")
    if axis.name in _ONLY:
        lines.append("  " + _ONLY[axis.name].format(value=value))
    return "\n".join(lines)
