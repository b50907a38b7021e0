"""Planning a query: whether it may run, and in which format its answer is written."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from ..formats import FORMATS, Format, negotiate
from .answers import Dataset, Limits
from .excerpt import Excerpt
from .guard import Shape, inspect
from .problems import (
    ProblemDetails,
    QueryError,
    no_service,
    not_acceptable,
    too_deep,
    too_long,
    update_as_query,
)
from .service_hosts import ServiceHosts


@dataclass(frozen=True, slots=True)
class Plan:
    """A query that may run, and the format of its answer."""

    text: str
    dataset: Dataset
    #: The base for relative IRIs; "" if there is none.
    base_iri: str
    shape: Shape
    format: Format
    #: The media type by the name that the client uses.
    media_type: str
    #: How much of the answer a page shows; None for all of it, in the format.
    excerpt: Excerpt | None = None


def plan(
    text: str, accept: str, dataset: Dataset, base_iri: str, limits: Limits, hosts: ServiceHosts
) -> Plan:
    """Plan a query; raise ``QueryError`` if it cannot be answered, whatever the data.

    ``hosts`` are the hosts that SERVICE may query.
    """
    shape = _checked(text, dataset, limits, hosts)
    # The base is the request's URL, and a client may send any Host header.
    base_iri = "" if _why_no_iri(base_iri) else base_iri
    return Plan(text, dataset, base_iri, shape, *_format(shape, accept))


def _checked(text: str, dataset: Dataset, limits: Limits, hosts: ServiceHosts) -> Shape:
    """The shape of a query that may run; raise ``QueryError`` if it may not."""
    graphs = (*dataset.default_graphs, *dataset.named_graphs)
    characters = len(text) + sum(map(len, graphs))
    if characters > limits.query_characters:
        raise QueryError(too_long(characters, limits))
    shape = inspect(text)
    if shape.forbidden:
        raise QueryError(update_as_query(shape.forbidden))
    if not all(map(hosts.allow, shape.services)):
        raise QueryError(no_service(hosts))
    if shape.depth > limits.nesting:
        raise QueryError(too_deep(limits))
    for iri in graphs:
        if why := _why_no_iri(iri):
            detail = f"{iri[:200]!r} is not an IRI: {why}."
            raise QueryError(ProblemDetails(400, "No such graph", detail))
    return shape


def _why_no_iri(text: str) -> str:
    """Why a text is not an absolute IRI; "" if it is."""
    try:
        ox.NamedNode(text)
    except ValueError as error:
        return str(error) or "it is malformed"
    return ""


def _format(shape: Shape, accept: str) -> tuple[Format, str]:
    # A query without a form does not parse, whatever the format.
    formats = list(FORMATS[shape.form or "SELECT"].values())
    chosen = negotiate(accept, formats)
    if chosen is None and shape.form:
        raise QueryError(not_acceptable(f"The answer to {shape.form}", formats))
    return chosen or (formats[0], formats[0].media_type)
