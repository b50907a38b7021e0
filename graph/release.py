"""Release: one immutable, versioned folder, as the builder leaves it and the server reads it.

``{out}/{version}/`` holds ``dumps/``, ``store/`` (Oxigraph), ``void.ttl``, ``report.ttl`` and
``report.html`` (SHACL), ``changes.add.nt`` and ``changes.del.nt`` against the release before, and
``release.json``; ``{out}/current`` points to the newest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NoRelease", "Release", "open_release"]


class NoRelease(ValueError):
    """There is no release where one was looked for; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release as it lies on disk; the counts are of the union of its graphs."""

    folder: Path
    version: str
    #: ISO 8601 date of the build (SOURCE_DATE_EPOCH, where set, decides).
    date: str
    base_iri: str
    #: SHA-256 of the sorted N-Quads.
    sha256: str
    #: SHA-256 of everything the build reads; the same inputs need no new build.
    inputs: str
    quads: int
    triples: int
    #: Number of things of each of our classes, by the class's local name.
    classes: dict[str, int]
    #: Ids of the works left out because they broke a shape.
    quarantined: tuple[str, ...]


def open_release(folder: Path) -> Release:
    """The release in ``folder`` (or the one that the link there points to).

    Raises NoRelease where there is none, or one that this version cannot read.
    """
    try:
        target = folder.resolve(strict=True)
        facts = json.loads((target / "release.json").read_text(encoding="utf-8"))
        return Release(folder=target, **{**facts, "quarantined": tuple(facts["quarantined"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise NoRelease(f"no release in {folder}: {error}; make one with `oograph build`") from None
