"""Inspection: the files of a release, read side by side while others may go on with it."""

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
#: Says what is wrong with a file, which it reads so.
Check = Callable[[Read], Iterable[Problem]]
_REMEDY = "Begin again; if it comes again, look for what is short on this machine."


class Inspection:
    """Checks that run by themselves, in their order, as many at a time as there are cores."""

    def __init__(self, checks: Mapping[str, Check], found: Iterable[Problem] = ()) -> None:
        """Begins at once; ``found`` is what is wrong already. Where the system has no room for a
        thread, it is over when this returns.
        """
        self._before = tuple(found)
        #: What is wrong with each file: None where it is not checked yet.
        self._found: dict[str, tuple[Problem, ...] | None] = dict.fromkeys(checks)
        self._waiting = deque(checks.items())
        self._changed = threading.Condition()
        self._tell: Callable[[Problem], object] = lambda problem: None
        self._turn: AbstractContextManager[object] = nullcontext()
        try:
            for _ in range(min(cores(), len(checks))):
                threading.Thread(target=self._work, name="check files", daemon=True).start()
        except RuntimeError:  # no room for a thread: Python has no other word for it
            self._work()

    def unchecked(self) -> frozenset[str]:
        """The files that nobody can vouch for: not checked yet, or not as they should be."""
        with self._changed:
            return frozenset(name for name, found in self._found.items() if found != ())

    def wait(self, seconds: float | None = None) -> tuple[Problem, ...]:
        """What is found once all is checked, or within so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: None not in self._found.values(), seconds)
            return self._problems()

    def make_way(self) -> None:
        """Go on with one processor: somebody else needs the others."""
        self._turn = threading.Lock()

    def tell(self, told: Callable[[Problem], object]) -> None:
        """Have each problem told from now on, and those that are found already."""
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
        except Exception as error:  # whatever it is, nobody knows that the file is whole
            what = f"The file cannot be checked: {type(error).__name__} {error}."
            return (Problem("violation", what, _REMEDY, file=name),)

    def _read(self, path: Path) -> Iterator[bytes]:
        for block in blocks(path):
            with self._turn:
                yield block
