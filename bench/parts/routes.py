"""Routes: the endpoints in the application's URL map, and the requests for them.

An endpoint without a recipe is an error, so that no page is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oograph.graph.release import Release
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.app import create_app

from .recipes import RECIPES, Asked
from .visitors import Request


class MissingRoute(Exception):
    """Some routes have no requests."""


def endpoints(release: Release) -> dict[str, list[str]]:
    """Every endpoint of the application, with its rules."""
    store = EmbeddedStore(release.folder, memory=0)
    try:
        rules: dict[str, list[str]] = {}
        for rule in create_app(release, store).url_map.iter_rules():
            rules.setdefault(rule.endpoint, []).append(rule.rule)
        return rules
    finally:
        store.close()


def requests(rules: Mapping[str, Sequence[str]], asked: Asked) -> dict[str, Sequence[Request]]:
    """The requests for all endpoints, by row. Raises MissingRoute if an endpoint has none."""
    rows_of: dict[str, dict[str, Sequence[Request]]] = {}
    for endpoint in rules:
        rows = RECIPES[endpoint](asked) if endpoint in RECIPES else {}
        rows_of[endpoint] = {name: some for name, some in rows.items() if some}
    if missing := sorted(endpoint for endpoint, rows in rows_of.items() if not rows):
        named = ", ".join(f"{endpoint} ({rules[endpoint][0]})" for endpoint in missing)
        raise MissingRoute(
            f"no requests for {named}. Fix: add a recipe to RECIPES in bench/parts/recipes.py."
        )
    return {name: some for rows in rows_of.values() for name, some in rows.items()}
