"""What all commands share: their options, and the one place where errors become exit codes."""

from __future__ import annotations

import errno
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TypeVar

import click

from ..graph.errors import Locked, OographError, UnsoundData
from ..graph.model import Problem
from ..graph.rdf.report import FORMATS as REPORTS
from ..graph.store.problems import QueryError

T = TypeVar("T")
#: What a terminal obeys instead of showing it, but for ends of lines and tabs.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
CURRENT = Path("build/release/current")
#: What SQLite says of a scratch file that cannot be made or written.
_NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
FILES = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


class Commands(click.Group):
    """Commands whose errors end in a line or a report on stderr, and an exit code.

    The module of a command is imported when the command is asked for: all of them take most of a
    second.
    """

    def __init__(self, *arguments: Any, places: Mapping[str, str], **settings: Any) -> None:
        """``places``: command -> where it is, as ``pkgutil.resolve_name`` takes it."""
        super().__init__(*arguments, **settings)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, sorted."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        place = self._places.get(cmd_name)
        command: click.Command | None = resolve_name(place) if place else None
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; 1 where the data or the disk has a problem, 2 where it is locked."""
        try:
            return super().invoke(ctx)
        except UnsoundData as error:
            show(error.problems)
            ctx.exit(1)
        except OographError as error:
            kind = _Locked if isinstance(error, Locked) else click.ClickException
            raise kind(visible(_text(error))) from None
        except MemoryError:
            what = "there is too little memory for this; give it more, or less to do at once"
            raise click.ClickException(what) from None
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith(_NO_ROOM):
                raise
            raise click.ClickException(
                f"a scratch file cannot be written: {error}; nothing was changed; make room in "
                "TMPDIR (by default /var/tmp), or set it to a folder with room, and try again"
            ) from None
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output has had enough
                raise
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(visible(f"{where}{error.strerror or error}")) from None


class _Locked(click.ClickException):
    exit_code = 2


def say(text: str) -> None:
    """Write a line on the progress of a command."""
    click.echo(visible(text), err=True)


def visible(text: str) -> str:
    r"""A text with control characters written out: others' files and servers chose it.

    >>> visible("\x1b[2Ja\tb\n")
    '\\x1b[2Ja\tb\n'
    """
    return _CONTROL.sub(lambda control: f"\\x{ord(control[0]):02x}", text)


def show(problems: Iterable[Problem]) -> None:
    """Write the problems to stderr, if there are any."""
    if problems := tuple(problems):
        say(REPORTS["text"](problems))


def exit_code(problems: Iterable[Problem]) -> int:
    """1 where one of the problems is grave, else 0."""
    return int(any(problem.severity == "violation" for problem in problems))


def expanded(files: Iterable[Path]) -> list[Path]:
    """The files, and for a folder every file in it, sorted."""
    return [path for file in files for path in (_files_in(file) if file.is_dir() else [file])]


def _files_in(folder: Path) -> list[Path]:
    if not (files := sorted(path for path in folder.iterdir() if path.is_file())):
        raise click.UsageError(f"There is no file in the folder {folder}.")
    return files


def with_bar(reads: Iterable[T], length: int) -> Iterator[T]:
    """What is read of so many files, one by one, with a bar on a terminal's stderr."""
    with click.progressbar(reads, length, label="reading", file=sys.stderr) as bar:
        yield from bar


def _text(error: Exception) -> str:
    if isinstance(error, QueryError):
        fault = error.problem
        return "\n".join(filter(None, (fault.detail, fault.excerpt, fault.hint)))
    return str(error)
