"""Queries: the SPARQL that counts what a figure shows, to change and to ask elsewhere.

Figures are counted in the index; a test holds that these queries give the same numbers.
"""

from __future__ import annotations

from ...graph.model import FACETS
from ...graph.store.problems import ProblemDetails, QueryError
from ..pages.exports import EXPORTED, is_named, selection
from ..web.site import Site
from .axes import AXES, Axis
from .collection import Figure
from .counts import Asked

__all__ = ["sparql"]

_PREDICATES = {
    **{field.name: field.predicate for field in FACETS},
    "kind": "a",
    "language": "schema:inLanguage",
    "venue": "dcterms:isPartOf",
    "author": "dcterms:creator",
    "year": "oo:year",
}
#: The way from a value to those that count its works as well: for concepts, broader ones.
_BROADER = "(skos:broader|schema:containedInPlace)*"
#: A series has the works of its editions, a person those of the likely same.
_UPWARD = {"venue": "dcterms:isPartOf?", "author": "oo:probablySameAs?"}
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
    lines = "\n".join(selection(site, asked.works, asked.choice, answer))
    if figure.name == "evidence-map":
        x, y = _pattern(asked.x, "x"), _pattern(asked.y, "y")
        text = site.query("figure-cross", selection=lines, x=x, y=y)
    elif not figure.axes:
        properties = {_PREDICATES[a.facet] for a in AXES.values() if _PREDICATES[a.facet] != "a"}
        text = site.query(
            "figure-coverage", selection=lines, properties=" ".join(sorted(properties))
        )
    elif figure.axes[0].facet == "year":
        text = site.query("figure-years", selection=lines)
    else:
        (axis,) = figure.axes
        pattern = _pattern(axis, "value", "direct")
        predicate = _PREDICATES[axis.facet]
        text = site.query("figure-counts", selection=lines, axis=pattern, predicate=predicate)
    return "".join(f"{line}\n" for line in text.splitlines() if line.strip())


def _pattern(axis: Axis, value: str, direct: str = "") -> str:
    """The lines that lead from a work to the values of an axis, narrower ones to broader ones."""
    direct = direct or f"{value}Direct"
    lines = [f"  ?work {_PREDICATES[axis.facet]} ?{direct} ."]
    lines.append(f"  ?{direct} {_UPWARD.get(axis.facet, _BROADER)} ?{value} .")
    if axis.name in _ONLY:
        lines.append("  " + _ONLY[axis.name].format(value=value))
    return "\n".join(lines)
