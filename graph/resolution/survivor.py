"""Survivors: the id that a work which was merged or withdrawn goes by now."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Tombstone


def survivor(work: str, graves: Mapping[str, Tombstone]) -> str:
    """The id of a work now: its own, or that of the work it was merged into; "" if it is gone."""
    passed = set()
    while work in graves and work not in passed:
        passed.add(work)
        work = graves[work].replaced_by
    return "" if work in graves else work
