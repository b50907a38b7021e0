"""What will be done with a query: whether it may be run, and how its answer is written."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from ..formats import FORMATS, Format, negotiate
from .answers import Dataset, Limits
from .guard import Shape, inspect
from .problems import (
    ProblemDetails,
    QueryError,
    forbidden,
    no_service,
    not_acceptable,
    too_deep,
    too_long,
)
from .service_hosts import ServiceHosts

__all__ = [
    "Plan",
    "plan",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query that may be run, and the format its answer will be in."""

    text: str
    dataset: Dataset
    shape: Shape
    format: Format
    #: As the client calls it.
    media_type: str


def plan(text: str, accept: str, dataset: Dataset, limits: Limits, hosts: ServiceHosts) -> Plan:
    """What will be done with a query; ``QueryError`` where it cannot be, whatever the data.

    ``hosts`` are those that SERVICE may ask.
    """
    shape = _checked(text, dataset, limits, hosts)
    return Plan(text, dataset, shape, *_format(shape, accept))


def _checked(text: str, dataset: Dataset, limits: Limits, hosts: ServiceHosts) -> Shape:
    """The shape of a query that may be run."""
    if len(text) > limits.query_characters:
        raise QueryError(too_long(len(text), limits))
    shape = inspect(text)
    if shape.forbidden:
        raise QueryError(forbidden(shape.forbidden))
    if not all(map(hosts.allow, shape.services)):
        raise QueryError(no_service(hosts))
    if shape.depth > limits.nesting:
        raise QueryError(too_deep(limits))
    for iri in (*dataset.default_graphs, *dataset.named_graphs):
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            fault = ProblemDetails(400, "No such graph", f"{iri!r} is not an IRI: {error}.")
            raise QueryError(fault) from error
    return shape


def _format(shape: Shape, accept: str) -> tuple[Format, str]:
    # A query without a form does not parse, whatever its answer would be written in.
    formats = list(FORMATS[shape.form or "SELECT"].values())
    chosen = negotiate(accept, formats)
    if chosen is None and shape.form:
        raise QueryError(not_acceptable(shape.form, formats))
    return chosen or (formats[0], formats[0].media_type)
