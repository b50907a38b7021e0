"""Inspection: check the files of a release in the background, several at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from ..files import blocks
from ..model import Problem
from .processes import cores

#: Reads a file, block by block.
Read = Callable[[Path], Iterator[bytes]]
#: Gives the problems of a file, which it reads with the function passed to it.
Check = Callable[[Read], Iterable[Problem]]
_REMEDY = "Try again. If the error comes back, see what this machine is short of, such as memory."


class Inspection:
    """Checks that run in the background, in order, as many at a time as there are cores."""

    def __init__(self, checks: Mapping[str, Check], found: Iterable[Problem] = ()) -> None:
        """Start the checks; ``found`` are problems known already.

        If the system cannot start a thread, this returns only when all checks are done.
        """
        self._before = tuple(found)
        #: The problems of each file; None if it is not checked yet.
        self._found: dict[str, tuple[Problem, ...] | None] = dict.fromkeys(checks)
        self._waiting = deque(checks.items())
        self._changed = threading.Condition()
        self._tell: Callable[[Problem], object] = lambda problem: None
        self._turn: AbstractContextManager[object] = nullcontext()
        try:
            for _ in range(min(cores(), len(checks))):
                threading.Thread(target=self._work, name="check files", daemon=True).start()
        except RuntimeError:  # no thread can be started; Python has no more specific error
            self._work()

    def unchecked(self) -> frozenset[str]:
        """The files that are not known to be intact: not checked yet, or with problems."""
        with self._changed:
            return frozenset(name for name, found in self._found.items() if found != ())

    def wait(self, seconds: float | None = None) -> tuple[Problem, ...]:
        """Wait for all checks, or for so many seconds; return the problems found."""
        with self._changed:
            self._changed.wait_for(lambda: None not in self._found.values(), seconds)
            return self._problems()

    def make_way(self) -> None:
        """Continue on one processor, as the others are needed elsewhere."""
        self._turn = threading.Lock()

    def tell(self, told: Callable[[Problem], object]) -> None:
        """Call ``told`` with each problem found from now on, and with those found already."""
        with self._changed:
            self._tell = told
            found = self._problems()
        for problem in found:
            told(problem)

    def _problems(self) -> tuple[Problem, ...]:
        return (*self._before, *(each for found in self._found.values() for each in found or ()))

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    return
                name, check = self._waiting.popleft()
            found = self._checked(name, check)
            with self._changed:
                self._found[name] = found
                self._changed.notify_all()
                tell = self._tell
            for problem in found:
                tell(problem)

    def _checked(self, name: str, check: Check) -> tuple[Problem, ...]:
        try:
            return tuple(check(self._read))
        except Exception as error:  # whatever the error, the file is not known to be intact
            what = f"The file cannot be checked: {type(error).__name__} {error}."
            return (Problem("violation", what, _REMEDY, file=name),)

    def _read(self, path: Path) -> Iterator[bytes]:
        for block in blocks(path):
            with self._turn:
                yield block
