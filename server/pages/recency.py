"""Recency: works in the order of the releases that added or changed them last."""

from __future__ import annotations

from dataclasses import replace

from pyroaring import BitMap

from ...graph.index.orders import CHANGED
from ...graph.index.works import Answer, Choice
from ...graph.release.changes import Step, history, modified_on
from ..web.site import Site


def latest_first(site: Site, answer: Answer) -> Answer:
    """An answer ranked by the last release that added or changed each work, the newest first.

    The first release added everything, so it sets nothing apart.
    """
    rest, groups = answer.numbers.copy(), []
    for step in history(site.release):
        if step.before:
            groups.append(_works_of(site, step) & rest)
            rest -= groups[-1]
    return replace(answer, ranked=(*groups, rest))


def in_order(site: Site, choice: Choice, answer: Answer) -> Answer:
    """An answer, ranked by recency if the choice has that order."""
    return latest_first(site, answer) if choice.sort == CHANGED else answer


def day_of(site: Site, work: str) -> str:
    """The ISO 8601 day when a work was added or last changed."""
    return modified_on(site.release, site.iris.thing("publication", work)) or site.release.date


def _works_of(site: Site, step: Step) -> BitMap:
    """The works that a release has added or changed, as far as the history names them."""
    start = site.iris.thing("publication", "")
    iris = (each.iri for each in step.records if each.kind != "gone")
    ids = [iri.removeprefix(start) for iri in iris if iri.startswith(start)]
    return BitMap(site.works.numbers(ids).values())
