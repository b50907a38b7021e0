"""Code shared by all commands: option types, output, and the mapping of errors to exit codes."""

from __future__ import annotations

import errno
import re
import signal
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TypeVar

import click

from ..graph.errors import Locked, OographError, UnsoundData
from ..graph.files import remedy_for
from ..graph.model import Problem
from ..graph.rdf.report import FORMATS as REPORTS
from ..graph.store.problems import QueryError

T = TypeVar("T")
#: Control characters that a terminal acts on, except line feeds and tabs.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
CURRENT = Path("build/release/current")
#: SQLite's errors for a scratch file that cannot be created or written.
_NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
FILES = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


class Commands(click.Group):
    """A group that turns errors into a line or a report on stderr, and an exit code.

    A command's module is imported only when that command is used: importing all of them takes
    most of a second.
    """

    def __init__(self, *arguments: Any, places: Mapping[str, str], **settings: Any) -> None:
        """``places`` maps each command to its location, as ``pkgutil.resolve_name`` takes it."""
        super().__init__(*arguments, **settings)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, sorted."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with this name, or None."""
        place = self._places.get(cmd_name)
        command: click.Command | None = resolve_name(place) if place else None
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; exit 1 if data, memory or disk has a problem, 2 if locked."""
        try:
            return super().invoke(ctx)
        except UnsoundData as error:
            show(error.problems)
            ctx.exit(1)
        except OographError as error:
            kind = _Locked if isinstance(error, Locked) else click.ClickException
            raise kind(visible(_text(error))) from None
        except MemoryError:
            what = "there is too little memory for this; free some, or process less data at once"
            raise click.ClickException(what) from None
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith(_NO_ROOM):
                raise
            raise click.ClickException(
                f"cannot write a scratch file: {error}; nothing was changed; free some space in "
                "TMPDIR (/var/tmp by default) or set it to a folder with space, then try again"
            ) from None
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever reads our output has stopped reading
                raise
            where = f"{error.filename}: " if error.filename else ""
            remedy = f"; {remedy}, and try again" if (remedy := remedy_for(error)) else ""
            raise click.ClickException(
                visible(f"{where}{error.strerror or error}{remedy}")
            ) from None


class _Locked(click.ClickException):
    exit_code = 2


def say(text: str) -> None:
    """Write a line of progress to stderr."""
    click.echo(visible(text), err=True)


def visible(text: str) -> str:
    r"""Escape the control characters of a text that may come from other people's files or servers.

    >>> visible("\x1b[2Ja\tb\n")
    '\\x1b[2Ja\tb\n'
    """
    return _CONTROL.sub(lambda control: f"\\x{ord(control[0]):02x}", text)


def show(problems: Iterable[Problem]) -> None:
    """Write the problems to stderr, if there are any."""
    if problems := tuple(problems):
        say(REPORTS["text"](problems))


def exit_code(problems: Iterable[Problem]) -> int:
    """Return 1 if any of the problems is a violation, else 0."""
    return int(any(problem.severity == "violation" for problem in problems))


def with_bar(reads: Iterable[T], length: int) -> Iterator[T]:
    """Yield what is read, one item per file, with a progress bar on a terminal's stderr."""
    with click.progressbar(reads, length, label="reading", file=sys.stderr) as bar:
        yield from bar


@contextmanager
def tidied_up_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does: what it has begun to write is removed."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _text(error: Exception) -> str:
    if isinstance(error, QueryError):
        fault = error.problem
        return "\n".join(filter(None, (fault.detail, fault.excerpt, fault.hint)))
    return str(error)
