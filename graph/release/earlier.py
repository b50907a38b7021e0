"""Earlier releases: the one that a build continues from, and those that it cannot use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from . import Release, is_version, open_release, why_unreadable
from .verify import verify


@dataclass(frozen=True, slots=True)
class Earlier:
    """The earlier releases that a build finds."""

    #: The newest release that is intact, or None.
    before: Release | None
    #: The folders of releases that cannot be opened.
    unreadable: tuple[Path, ...] = ()

    def set_aside(self, replaced: Path, out: Path) -> None:
        """Rename folders that cannot be opened, so that they no longer look like releases.

        ``replaced`` is where a new release of the same version has put the old folder.
        """
        for folder in self.unreadable:
            lies = folder if folder.name != open_release(out / "current").version else replaced
            lies.rename(_aside(folder))


def earlier_in(out: Path, step: Callable[[str], None]) -> Earlier:
    """Find the earlier releases in ``out``; ``step`` is told why newer releases are not used."""
    unreadable, folders = [], list(_newest_first(out))
    for folder in folders:
        if reason := why_unreadable(folder):
            unreadable.append(folder)
            step(f"{reason}; the build ignores this release, and keeps it as {_aside(folder)}")
        elif problems := verify(release := open_release(folder)):
            first = problems[0]
            step(f"{first.file}: {first.message} The build ignores the release in {folder}")
        else:
            return Earlier(release, tuple(unreadable))
    if folders:
        step(f"no release in {out} is intact; starting a new history")
    return Earlier(None, tuple(unreadable))


def _newest_first(out: Path) -> Iterator[Path]:
    current = (out / "current").resolve()
    if current.is_dir():
        yield current
    others = (each.resolve() for each in out.iterdir() if is_version(each.name))
    yield from sorted(
        (each for each in others if each != current),
        key=lambda folder: (folder.name[:10], folder.stat().st_mtime_ns),
        reverse=True,
    )


def _aside(folder: Path) -> Path:
    """A free name to keep a folder under, numbered if necessary."""
    names = (
        f"set-aside-{folder.name}{number}" for number in chain([""], map("-{}".format, count(2)))
    )
    return next(path for name in names if not (path := folder.with_name(name)).exists())
