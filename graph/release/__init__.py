"""Release: an immutable, versioned folder that a build writes and the server reads.

``{out}/current`` points to the newest release. ``{out}/{version}/`` holds:

- ``dumps/``, and ``store/`` (Oxigraph);
- ``names.db``, ``works.db`` and ``records.db``;
- ``void.ttl`` and ``shapes.ttl``;
- the SHACL report: ``report.ttl`` and other RDF formats, each also gzipped, ``report.html`` and
  ``report.db``;
- the difference from the previous release: ``changes.add.nt``, ``changes.del.nt``,
  ``changes.rdfp``;
- ``changes.json`` (the history) and ``modified.tsv`` (when each record last changed);
- ``release.json``.
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
    """A release on disk. Triples and classes are counted over the union of its graphs."""

    folder: Path
    version: str
    #: ISO 8601 date of the build, or of SOURCE_DATE_EPOCH if that is set.
    date: str
    base_iri: str
    #: SHA-256 of the sorted N-Quads.
    sha256: str
    #: SHA-256 of everything the build reads: if it is unchanged, no new build is needed.
    inputs: str
    quads: int
    triples: int
    #: Number of members of each of our classes, by the class's local name.
    classes: dict[str, int]
    #: Ids of the works left out because they broke a shape.
    quarantined: tuple[str, ...]
    #: The version of the previous release; "" for the first.
    before: str = ""
    #: What the dataset is, and who publishes it.
    dataset: Dataset = OOGRAPH
    #: The SHA-256 of each file outside the store and the dumps, which have a list of their own.
    files: Mapping[str, str] = field(default_factory=dict)


def open_release(folder: Path) -> Release:
    """Return the release in ``folder``, which may be a link to its folder.

    Raises NoRelease if there is none, or if this version cannot read it.
    """
    try:
        return _read(folder)
    except OSError:
        if (folder / "current" / _FACTS).is_file():
            newest = folder / "current"
            what = f"{folder} is a folder of releases; name one, such as the newest: {newest}"
            raise NoRelease(what) from None
    except _NO_FACTS:
        pass
    why = why_unreadable(folder)
    raise NoRelease(f"no release in {folder}: {why}; make one with `oograph build`")


def why_unreadable(folder: Path) -> str:
    """Why the release in ``folder`` cannot be opened; "" if it can."""
    try:
        _read(folder)
    except OSError as error:
        return f"{error.strerror}: {error.filename or folder / _FACTS}"
    except _NO_FACTS as error:
        return f"{folder.resolve() / _FACTS} is damaged or from another oograph version ({error})"
    return ""


#: What reading a damaged ``release.json`` may raise.
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
    """Write ``release.json``, with the checksums of the other files, into a complete folder."""
    files = {path.name: sha256_of(path) for path in sorted(folder.iterdir()) if path.is_file()}
    facts = {name: value for name, value in asdict(release).items() if name != "folder"}
    facts["files"] = {name: sha256 for name, sha256 in files.items() if name != _FACTS}
    text = json.dumps(facts, indent=1) + "\n"
    (folder / _FACTS).write_text(text, encoding="utf-8", newline="\n")


def is_version(name: str) -> bool:
    """Whether this is the name of a release's folder: a date and the start of a hash."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d-[0-9a-f]{12}", name) is not None


def kept_releases(release: Release) -> tuple[Release, ...]:
    """Return this release and all others in the same folder, newest first."""
    releases = {release.version: release}
    for folder in release.folder.parent.iterdir():
        if is_version(folder.name) and folder.name != release.version:
            try:
                releases[folder.name] = open_release(folder)
            except NoRelease:
                continue  # being removed, or from another version of oograph
    return tuple(sorted(releases.values(), key=_age, reverse=True))


def _age(release: Release) -> tuple[str, int, str]:
    """Sort key of releases: the date and, within a day, the time of writing."""
    try:
        written = (release.folder / _FACTS).stat().st_mtime_ns
    except OSError:
        written = 0
    return release.date, written, release.version
