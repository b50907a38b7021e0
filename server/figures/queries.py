"""Queries: the SPARQL that counts what a figure shows, to change and to ask elsewhere.

Figures are counted in the index; a test holds that these queries give the same numbers.
"""

from __future__ import annotations

from ...graph.store.problems import ProblemDetails, QueryError
from ..pages.selection import EXPORTED, PATHS, is_named, query_of_works
from ..web.site import Site
from .axes import AXES, Axis
from .collection import Figure
from .counts import Asked

__all__ = ["sparql"]

#: What chooses among the values of an axis that is one level of its facet, or has others beside.
_ONLY = {
    "country": "?{value} a oo:Country .",
    "region": "?{value} a oo:Region .",
    "platform": "FILTER NOT EXISTS {{ ?any oo:platform/skos:broader+ ?{value} }}",
    "platform-group": "FILTER EXISTS {{ ?any oo:platform/skos:broader+ ?{value} }}",
    "kind": (
        "FILTER(?{value} = fabio:ConferencePaper || "
        "(STRSTARTS(STR(?{value}), STR(bibo:)) && ?{value} != bibo:Document))"
    ),
}


def sparql(site: Site, figure: Figure, asked: Asked) -> str:
    """The query of a figure for a choice of works; 413 where it would name too many of them."""
    answer = asked.answer
    if is_named(asked.choice) and len(answer) > EXPORTED:
        detail = (
            f"The query would name {len(answer):,} works one by one; it may name {EXPORTED:,}. "
            "Choose by facets and years alone, or fewer."
        )
        raise QueryError(ProblemDetails(413, "Query too long", detail))
    name, terms = _counting(figure, asked)
    return query_of_works(site, name, asked.works, asked.choice, answer, **terms)


def _counting(figure: Figure, asked: Asked) -> tuple[str, dict[str, str]]:
    """The name of the query that counts what a figure shows, and what it is filled in with."""
    match figure.axes:
        case ():
            predicates = {PATHS[axis.facet].predicate for axis in AXES.values()} - {"a"}
            return "figure-coverage", {"properties": " ".join(sorted(predicates))}
        case (axis,) if axis.facet == "year":
            return "figure-years", {}
        case (axis,):
            predicate = PATHS[axis.facet].predicate
            return "figure-counts", {
                "axis": _pattern(axis, "value", "direct"),
                "predicate": predicate,
            }
    return "figure-cross", {"x": _pattern(asked.x, "x"), "y": _pattern(asked.y, "y")}


def _pattern(axis: Axis, value: str, direct: str = "") -> str:
    """The lines that lead from a work to the values of an axis, narrower ones to broader ones."""
    direct = direct or f"{value}Direct"
    path = PATHS[axis.facet]
    lines = [f"  ?work {path.predicate} ?{direct} .", f"  ?{direct} {path.upward} ?{value} ."]
    if axis.name in _ONLY:
        lines.append("  " + _ONLY[axis.name].format(value=value))
    return "\n".join(lines)
