"""Release: one immutable, versioned folder, as the builder leaves it and the server reads it.

``{out}/{version}/`` holds ``dumps/``, ``store/`` (Oxigraph), ``names.db``, ``records.db``,
``works.db``, ``void.ttl``, ``shapes.ttl``, ``report.ttl`` and its other forms, each gzipped beside,
``report.html`` and ``report.db`` (SHACL), ``changes.add.nt``, ``changes.del.nt``
and ``changes.rdfp`` against the release before, ``changes.json`` (the history), ``modified.tsv``
(when each record last changed) and ``release.json``; ``{out}/current`` points to the newest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..dataset import OOGRAPH, Dataset
from ..errors import NoRelease
from ..files import sha256_of

__all__ = [
    "Release",
    "is_version",
    "kept_releases",
    "open_release",
    "why_unreadable",
    "write_facts",
]

_FACTS = "release.json"


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
    #: The version of the release before; "" for the first.
    before: str = ""
    #: What it is, and who publishes it.
    dataset: Dataset = OOGRAPH
    #: The SHA-256 of each file beside the dumps (which have a list of their own) and the store.
    files: Mapping[str, str] = field(default_factory=dict)


def open_release(folder: Path) -> Release:
    """The release in ``folder`` (or the one that the link there points to).

    Raises NoRelease where there is none, or one that this version cannot read.
    """
    try:
        return _read(folder)
    except OSError:
        if (folder / "current" / _FACTS).is_file():
            newest = folder / "current"
            raise NoRelease(f"{folder} holds releases; name one, the newest is {newest}") from None
    except _NO_FACTS:
        pass
    why = why_unreadable(folder)
    raise NoRelease(f"no release in {folder}: {why}; make one with `oograph build`")


def why_unreadable(folder: Path) -> str:
    """Why the release in ``folder`` cannot be opened; "" where it can."""
    try:
        _read(folder)
    except OSError as error:
        return f"{error.strerror}: {error.filename or folder / _FACTS}"
    except _NO_FACTS as error:
        return f"{folder.resolve() / _FACTS} is damaged, or of another version of oograph ({error})"
    return ""


#: What comes of reading facts that are none.
_NO_FACTS = (ValueError, TypeError, KeyError, RecursionError)


def _read(folder: Path) -> Release:
    target = folder.resolve(strict=True)
    facts = json.loads((target / _FACTS).read_text(encoding="utf-8"))
    about = facts["dataset"]
    as_read = {
        "quarantined": tuple(facts["quarantined"]),
        "files": dict(facts["files"]),
        "dataset": Dataset(**{**about, "keywords": tuple(about["keywords"])}),
    }
    return Release(folder=target, **{**facts, **as_read})


def write_facts(release: Release, folder: Path) -> None:
    """``release.json`` in a folder that is filled but for it, with the sums of its files."""
    files = {path.name: sha256_of(path) for path in sorted(folder.iterdir()) if path.is_file()}
    facts = {name: value for name, value in asdict(release).items() if name != "folder"}
    facts["files"] = {name: sha256 for name, sha256 in files.items() if name != _FACTS}
    text = json.dumps(facts, indent=1) + "\n"
    (folder / _FACTS).write_text(text, encoding="utf-8", newline="\n")


def is_version(name: str) -> bool:
    """Whether a folder of this name is a release: its date, and the start of its hash."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d-[0-9a-f]{12}", name) is not None


def kept_releases(release: Release) -> tuple[Release, ...]:
    """The releases beside this one, newest first, itself included."""
    releases = {release.version: release}
    for folder in release.folder.parent.iterdir():
        if is_version(folder.name) and folder.name != release.version:
            try:
                releases[folder.name] = open_release(folder)
            except NoRelease:
                continue  # being taken away, or of another version of oograph
    return tuple(sorted(releases.values(), key=_age, reverse=True))


def _age(release: Release) -> tuple[str, int, str]:
    """What releases are put in order by: the date, and on one day the time of writing."""
    try:
        written = (release.folder / _FACTS).stat().st_mtime_ns
    except OSError:
        written = 0
    return release.date, written, release.version
