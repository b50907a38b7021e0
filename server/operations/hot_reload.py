"""Hot reload: a new release takes over without a failed request."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...graph.errors import NoRelease
from ...graph.model import Problem
from ...graph.release import Release, open_release
from ...graph.release.inspection import Inspection
from ...graph.release.verify import inspection_of
from ...graph.store.embedded import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


#: How often the folder is checked for a new release.
_LOOK_SECONDS = 2.0
#: How long a server checks its first release before it answers: long enough for a small release,
#: and short enough that a large one is served within two seconds.
CHECK_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Opened:
    """A release that can be served: its application and its store."""

    release: Release
    app: WSGIApplication
    store: Store


class _Generation:
    """A release being served, and the number of requests it is answering."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.requests = 0


class ReleaseSwitcher:
    """A WSGI application that serves the release in a folder, or the one that a link points to."""

    def __init__(
        self,
        folder: Path,
        opening: Callable[[Release, Inspection], Opened],
        warm: Callable[[Opened], None],
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        """Open the release in ``folder``. ``warm`` returns once a new release can take requests.

        The first release is checked for ``check_seconds`` before it is served, and the rest of it
        while it is served, because checking a large one takes a minute. A release that takes over
        is checked completely beforehand. Raises ``NoRelease``.
        """
        self._folder = folder
        self._opening, self._warm = opening, warm
        self._stop: Callable[[], object] = lambda: None
        self._damage = ""
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._closed = False
        self._refused: Path | None = None
        self._first = open_release(folder)
        self._inspection = inspection_of(self._first)
        self._current = _Generation(self._opened_at_once(self._first, check_seconds))

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        with self._lock:
            generation = self._current
            generation.requests += 1
        try:
            # When the application returns, the answer is complete, and no longer reads the store.
            return generation.opened.app(environ, start)
        finally:
            with self._lock:
                generation.requests -= 1
                drained = generation is not self._current and generation.requests == 0
            if drained:
                generation.opened.store.close()

    @property
    def release(self) -> Release:
        """The release that answers new requests."""
        return self._current.opened.release

    def refresh(self) -> bool:
        """Serve the release that the folder holds now; return whether it is a different one."""
        target = self._folder.resolve()
        if target == self._refused or self._is_served(target):
            return False
        try:
            release = open_release(target)
            inspection = inspection_of(release)
            _refuse(inspection.wait())
            opened = self._opening(release, inspection)
            self._warm(opened)
        except (NoRelease, OSError, ValueError) as error:
            self._refused = target
            _LOGGER.error("the new release is not served: %s", error)
            return False
        with self._lock:
            before, self._current = self._current, _Generation(opened)
            drained = before.requests == 0
        if drained:
            before.opened.store.close()
        self._refused = None
        _LOGGER.warning("now serving release %s", opened.release.version)
        return True

    def _is_served(self, target: Path) -> bool:
        """Whether a folder still holds the release being served, and not a rebuilt one."""
        if target != self.release.folder:
            return False
        try:
            return open_release(target) == self.release
        except NoRelease:  # the folder was removed: keep serving what is open
            return True

    @property
    def damage(self) -> str:
        """Why the release must not be served any longer; "" if it may."""
        return self._damage

    def _opened_at_once(self, release: Release, seconds: float) -> Opened:
        """Open the first release after it has been checked for ``seconds``."""
        inspection = self._inspection
        _refuse(inspection.wait(seconds))
        inspection.make_way()
        try:
            return self._opening(release, inspection)
        except Exception:
            _refuse(inspection.wait())  # the cause may be damage
            raise

    def _lose(self, problem: Problem) -> None:
        """Stop the server if it still serves the first release, and this is the damaged one."""
        with suppress(NoRelease):  # the folder was removed: keep serving what is open
            if self.release is self._first and open_release(self._first.folder) == self._first:
                self._damage = _said(problem)
                self._stop()

    def watch(self, stop: Callable[[], object]) -> None:
        """Look for new releases from now on, in a separate thread.

        ``stop`` is called if the release being served proves damaged.
        """
        self._stop = stop
        self._inspection.tell(self._lose)
        threading.Thread(target=self._watch, name="watch for releases", daemon=True).start()

    def wake(self) -> None:
        """Look for a new release at once, even one that was refused before."""
        self._refused = None
        self._woken.set()

    def _watch(self) -> None:
        while not self._closed:
            self._woken.wait(_LOOK_SECONDS)
            self._woken.clear()
            if not self._closed:
                try:
                    self.refresh()
                except Exception as error:  # for example, the folder is unreadable for a while
                    _LOGGER.error("cannot look for a new release: %s", error)

    def close(self) -> None:
        """Stop watching and close the store."""
        self._closed = True
        self._woken.set()
        self._current.opened.store.close()


def _refuse(problems: Iterable[Problem]) -> None:
    """Raise NoRelease if there are problems."""
    for problem in problems:
        raise NoRelease(_said(problem))


def _said(problem: Problem) -> str:
    return f"{problem.file}: {problem.message} {problem.remedy}"


_LOGGER = logging.getLogger("oograph.server")
