"""The parts of the benchmark, in the order in which they run.

The first builds the releases that the others use."""

from __future__ import annotations

from ..part import Part
from . import dumps, growth, mapping, queries, site, validation

__all__ = ["PARTS"]

_MODULES = (growth, mapping, dumps, validation, queries, site)
PARTS: dict[str, Part] = {module.PART.name: module.PART for module in _MODULES}
