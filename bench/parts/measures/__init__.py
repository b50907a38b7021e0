"""The parts of the benchmark, in the order in which they run.

The first one builds the releases that the others use.
"""

from __future__ import annotations

from ..part import Part
from . import annotation, dumps, duplicates, growth, mapping, queries, site, validation

__all__ = ["PARTS"]

_MODULES = (growth, mapping, dumps, validation, queries, site, duplicates, annotation)
PARTS: dict[str, Part] = {module.PART.name: module.PART for module in _MODULES}
