"""History: the release that the next one goes on from, and those that it cannot go on from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from . import Release, is_version, open_release, why_unreadable
from .verify import verify


@dataclass(frozen=True, slots=True)
class History:
    """What a build finds of those before it."""

    #: The newest release that is whole; None where there is none.
    before: Release | None
    #: The folders of releases that nobody can open.
    unreadable: tuple[Path, ...] = ()

    def set_aside(self, replaced: Path, out: Path) -> None:
        """Give folders that cannot be opened a name that no release has.

        ``replaced`` is where a release of the same version has put the one that was there.
        """
        for folder in self.unreadable:
            lies = folder if folder.name != open_release(out / "current").version else replaced
            lies.rename(_aside(folder))


def history_in(out: Path, step: Callable[[str], None]) -> History:
    """The history in ``out``; ``step`` is told why it does not go on from what is newer."""
    unreadable, folders = [], list(_newest_first(out))
    for folder in folders:
        if reason := why_unreadable(folder):
            unreadable.append(folder)
            step(f"{reason}: nothing is taken over from it; it is kept as {_aside(folder)}")
        elif problems := verify(release := open_release(folder)):
            first = problems[0]
            step(f"{first.file}: {first.message} Nothing is taken over from {folder}")
        else:
            return History(release, tuple(unreadable))
    if folders:
        step(f"no release in {out} is whole: a new history begins")
    return History(None, tuple(unreadable))


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
    """A name that nothing has, with a number where something has the first."""
    names = (
        f"set-aside-{folder.name}{number}" for number in chain([""], map("-{}".format, count(2)))
    )
    return next(path for name in names if not (path := folder.with_name(name)).exists())
