"""World map: the outlines of countries, from Natural Earth (see countries-110m.txt)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import asin, cos, pi, radians, sin, sqrt
from typing import Any

import pyoxigraph as ox

from ...graph.iris import named_node
from ...ontology import turtle

#: Outlines are in half units, so that paths hold short whole numbers.
SCALE = 0.5
#: The width of the map in units, and the latitude of its southern edge.
_WIDTH, _SOUTH = 896.0, -56.5
#: The central meridian, chosen to cut the map in the Bering Strait, away from land.
_MIDDLE = 11.4
_Point = tuple[int, int]
#: The coefficients of the Equal Earth projection (Savric, Patterson and Jenny, 2018).
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a country: its ISO 3166 code ("" if it has none), name and SVG path."""

    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Land:
    """All outlines, and the height of the map in units."""

    outlines: tuple[Outline, ...]
    height: float


@cache
def world() -> Land:
    """The countries of the world except Antarctica, in an equal-area projection."""
    text = files(__package__).joinpath("countries-110m.json").read_text(encoding="utf-8")
    topology = json.loads(text)
    scale, offset = topology["transform"]["scale"], topology["transform"]["translate"]
    top, arcs = _projected(_MIDDLE, 83.7)[1], []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            px, py = _projected(x * scale[0] + offset[0], y * scale[1] + offset[1])
            points.append((round(px / SCALE), round((py - top) / SCALE)))
        arcs.append(points)
    codes = _codes()
    outlines = [
        Outline(codes.get(each.get("id", ""), ""), each["properties"]["name"], _path(each, arcs))
        for each in topology["objects"]["countries"]["geometries"]
        if each.get("id") != "010"
    ]
    return Land(tuple(outlines), _projected(_MIDDLE, _SOUTH)[1] - top)


def _projected(longitude: float, latitude: float) -> tuple[float, float]:
    """Convert degrees to units of the map; y grows downward."""
    longitude = (longitude - _MIDDLE + 180) % 360 - 180
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    t2 = t * t
    t6 = t2**3
    slope = 9 * _A4 * t6 * t2 + 7 * _A3 * t6 + 3 * _A2 * t2 + _A1
    x = 2 * sqrt(3) * radians(longitude) * cos(t) / (3 * slope)
    y = t * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))
    unit = _WIDTH / (2 * 2 * sqrt(3) * pi / (3 * _A1))
    return x * unit + _WIDTH / 2, -y * unit


def _path(geometry: dict[str, Any], arcs: Sequence[Sequence[_Point]]) -> str:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return "".join(_ring(numbers, arcs) for polygon in polygons for numbers in polygon)


def _ring(numbers: Iterable[int], arcs: Sequence[Sequence[_Point]]) -> str:
    """A closed path of arcs; an arc with a negative number is followed backwards."""
    points = list(_without_repeats(_walked(numbers, arcs)))
    steps = [f"{after[0] - before[0]},{after[1] - before[1]}" for before, after in pairwise(points)]
    return f"M{points[0][0]},{points[0][1]}l{' '.join(steps)}z" if len(steps) > 1 else ""


def _walked(numbers: Iterable[int], arcs: Sequence[Sequence[_Point]]) -> Iterator[_Point]:
    for number in numbers:
        yield from arcs[number] if number >= 0 else reversed(arcs[~number])


def _without_repeats(points: Iterable[_Point]) -> Iterator[_Point]:
    before = None
    for point in points:
        if point != before:
            yield point
        before = point


def _codes() -> dict[str, str]:
    """The ISO 3166-1 alpha-2 code of each country, by its UN M49 number."""
    number = named_node("oo:m49")
    return {
        quad.object.value: quad.subject.value.rpartition("/")[2]
        for quad in ox.parse(turtle("countries.ttl"), format=ox.RdfFormat.TURTLE)
        if quad.predicate == number
        and isinstance(quad.object, ox.Literal)
        and isinstance(quad.subject, ox.NamedNode)
    }
