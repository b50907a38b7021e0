"""Named concepts: the places, platforms, topics and methods in a query, to swap for others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ...graph.index.works_index import NOT_STATED
from ...graph.store.problems import ProblemDetails, QueryError
from ..web.parameters import PARAMETERS, Parameter
from ..web.site import Site

#: The classes whose members can be swapped.
_CLASSES = ("country", "platform", "topic", "method", "work-type", "sector")
#: The most concepts in a query for which others are offered, and the most others listed.
_MOST, _LISTED = 2, 300
#: The longest query that is considered.
_CHARACTERS = 5_000
_TITLE = re.compile(r"\A#[^\n]*\n")


@dataclass(frozen=True, slots=True)
class Member:
    """A concept that can be chosen."""

    iri: str
    label: str
    works: int


@dataclass(frozen=True, slots=True)
class NamedConcept:
    """A concept that a query names, and the members of its class, including itself."""

    iri: str
    members: tuple[Member, ...]

    @property
    def label(self) -> str:
        """The label of the concept."""
        return next(each.label for each in self.members if each.iri == self.iri)


def blueprint(site: Site) -> Blueprint:
    """``/sparql/of?query=…&named=IRI&other=IRI`` redirects to the query with the other concept."""
    surface = Blueprint("named_concepts", __name__)

    @surface.get("/sparql/of")
    def of() -> Response:
        query = request.args.get("query", "")
        iris = [request.args.get(name, "") for name in ("named", "other")]
        known = site.names.named(iris)
        is_short = len(query) <= _CHARACTERS
        if not (is_short and f"<{iris[0]}>" in query and all(iri in known for iri in iris)):
            detail = (
                f"Give query= (at most {_CHARACTERS:,} characters), named= (a concept whose IRI is "
                "in it) and other= (the concept to use instead). Both must be in this graph."
            )
            raise QueryError(ProblemDetails(400, "Not a query and two concepts", detail))
        named, other = (known[iri] for iri in iris)
        asked = _with_other(query, (named.iri, named.label), (other.iri, other.label))
        return redirect(url_for("sparql.sparql", query=asked, format="html"), 303)

    return surface


def named_concepts(site: Site, query: str) -> list[NamedConcept]:
    """Return the concepts that a query names by IRI, each with the members of its class in use.

    There are none if the query names more than two.
    """
    base = re.escape(site.release.base_iri)
    form = rf"<({base}({'|'.join(_CLASSES)})/[^<>\s]+)>"
    found = dict(re.findall(form, query)) if len(query) <= _CHARACTERS else {}
    if len(found) > _MOST:
        return []
    return [
        NamedConcept(iri, members)
        for iri, kind in found.items()
        if len(members := _members(site, PARAMETERS[kind], iri)) > 1
    ]


def _members(site: Site, parameter: Parameter, named: str) -> tuple[Member, ...]:
    everything = site.works.everything.numbers
    members = {
        iri: Member(iri, each.label, each.count)
        for each in site.works.members.counts(everything, parameter.facet)[:_LISTED]
        if each.value != NOT_STATED and (iri := parameter.iri(site.iris, each.value))
    }
    for iri, match in site.names.named([named]).items():
        members.setdefault(iri, Member(iri, match.label, 0))
    if named not in members:
        return ()
    return tuple(sorted(members.values(), key=lambda each: each.label.casefold()))


def _with_other(query: str, named: tuple[str, str], other: tuple[str, str]) -> str:
    """Replace a concept in a query and its title; a title without the concept is left out.

    >>> _with_other("# Who studies India?\\nASK { ?x ?y <c/IN> }", ("c/IN", "India"), ("c/PK", "Z"))
    '# Who studies Z?\\nASK { ?x ?y <c/PK> }'
    """
    title = _TITLE.match(query)
    body = query[title.end() :] if title else query
    above = title[0] if title and named[1] in title[0] else ""
    return above.replace(named[1], other[1]) + body.replace(f"<{named[0]}>", f"<{other[0]}>")
