"""Verify: check that a release is as it was built, byte by byte if asked to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from ..files import blocks, sizes
from ..model import Problem
from . import Release
from .dumps import SUMS, checksums
from .inspection import Check, Inspection, Read
from .statements import digest_of

_QUADS = "dumps/oograph.nq"
#: Errors of the system or the store that keep an intact file from being opened.
_REASONS = re.compile("permission denied|too many open files|file descriptors", re.IGNORECASE)
_MAY_NOT = (
    "Give the user who runs this read access, and allow more open files (`ulimit -n 4096`, or "
    "LimitNOFILE= in systemd)."
)
_REMEDY = "Use another release, or restore this one: copy it again, or run `oograph build`."
_OTHER = "its SHA-256 is not that of the file that was built"


def verify(release: Release) -> tuple[Problem, ...]:
    """The missing and damaged files of a release; none if it is as it was built."""
    whole = Inspection(_files(release), _listed(release)).wait()
    return tuple(dict.fromkeys((*whole, *_store(release))))


def inspection_of(release: Release) -> Inspection:
    """Start the check that a server needs: for files that are missing or damaged.

    Whatever can be seen without reading files whole is checked at once. After that every file
    except the store is read whole, one per core at a time: this takes 0.1 s for the shipped
    release, and some seconds for the 20 GB of one with 100,000 publications.
    """
    checks = (missing, _opening, _listed)
    found = tuple(dict.fromkeys(problem for check in checks for problem in check(release)))
    return Inspection({} if found else _files(release), found)


def _files(release: Release) -> dict[str, Check]:
    """The checks that read a file whole: databases, which pages need, then the others; small
    files first.
    """
    known = sizes(release.folder)
    sums = {**release.files, **{f"dumps/{name}": sha256 for name, sha256 in _sums(release).items()}}
    checks: dict[str, Check] = {
        name: partial(_file, release, name, sums[name])
        for name in sorted(sums, key=lambda name: (not name.endswith(".db"), known.get(name, 0)))
    }
    return checks | {_QUADS: partial(verify_quads, release)}


def missing(release: Release) -> tuple[Problem, ...]:
    """The missing files of a release; only the list of the dumps is read."""
    sums = f"dumps/{SUMS}"
    unlisted = tuple(_opened(release, sums, lambda path: checksums(path.parent)))
    dumps = () if unlisted else checksums(release.folder / "dumps")
    names = ("store", *release.files, *(f"dumps/{name}" for name in dumps))
    return unlisted + tuple(
        _problem(release, name, "The file is missing.")
        for name in names
        if not (release.folder / name).exists()
    )


def _problem(release: Release, name: str, what: str, remedy: str = _REMEDY) -> Problem:
    return Problem("violation", what, remedy, file=str(release.folder / name))


def _opened(release: Release, name: str, open_it: Callable[[Path], object]) -> Iterator[Problem]:
    """The problem of a file that is missing, or that ``open_it`` cannot open."""
    path = release.folder / name
    if not path.exists():
        yield _problem(release, name, "The file is missing.")
        return
    try:
        open_it(path)
    except (OSError, RuntimeError, ValueError) as error:
        if _REASONS.search(str(error)):
            yield _problem(release, name, f"The file cannot be opened: {error}.", _MAY_NOT)
        else:
            yield _problem(release, name, f"The file is damaged: {error}.")


def verify_quads(release: Release, read: Read = blocks) -> Iterator[Problem]:
    """Check the checksum and the number of the N-Quads, from which all else can be rebuilt."""

    def compare(path: Path) -> None:
        digest, lines = digest_of(path, read)
        if lines != release.quads:
            raise ValueError(f"it holds {lines:,} statements, not {release.quads:,}")
        if digest != release.sha256:
            raise ValueError(_OTHER)

    yield from _opened(release, _QUADS, compare)


def _listed(release: Release) -> Iterator[Problem]:
    """Check the list of the dumps, which the other dumps are compared with."""
    name = f"dumps/{SUMS}"
    unread = list(_opened(release, name, lambda path: checksums(path.parent)))
    yield from unread
    if not unread and _sums(release).get(_QUADS.removeprefix("dumps/")) != release.sha256:
        yield _problem(release, name, "The checksum of the N-Quads is not that of the release.")


def _sums(release: Release) -> dict[str, str]:
    """The checksums of the dumps; none if their list cannot be read."""
    try:
        return checksums(release.folder / "dumps")
    except (OSError, ValueError):
        return {}


def _file(release: Release, name: str, sha256: str, read: Read) -> Iterator[Problem]:
    def compare(path: Path) -> None:
        digest = hashlib.sha256()
        for block in read(path):
            digest.update(block)
        if digest.hexdigest() != sha256:
            raise ValueError(_OTHER)

    yield from _opened(release, name, compare)


def _store(release: Release) -> Iterator[Problem]:
    def count(path: Path) -> None:
        held = len(ox.Store.read_only(str(path)))
        if held != release.quads:
            raise ValueError(f"it holds {held:,} statements, not {release.quads:,}")

    yield from _opened(release, "store", count)


def _opening(release: Release) -> Iterator[Problem]:
    """Check that the store can be opened and read from; it is not read whole."""

    def look(path: Path) -> None:
        next(iter(ox.Store.read_only(str(path))), None)

    yield from _opened(release, "store", look)
