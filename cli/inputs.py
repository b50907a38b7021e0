"""Inputs: the files that a command is to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from ..graph.catalogue.storage import WORKS, paths_of


def expanded(files: Iterable[Path]) -> list[Path]:
    """Return the files, with each folder replaced by the files in it and its folders, sorted.

    A catalogue's folder is replaced by its works: its other files are no records, or of works
    that are gone. Hidden files, such as ".DS_Store", are left out.
    """
    return [path for file in files for path in _files_at(file)]


def _files_at(place: Path) -> list[Path]:
    if place.is_fifo():
        raise click.UsageError(
            f"{place} is a pipe, which can be read only once. Save it as a file, and give that."
        )
    if not place.is_dir():
        return [place]
    files = list(_files_in(place))
    if not files:
        raise click.UsageError(f"There are no files in the folder {place}.")
    return files


def _files_in(folder: Path) -> Iterator[Path]:
    works = folder / WORKS
    is_catalogue = works.is_file()
    others = frozenset(paths_of(folder)) - {works} if is_catalogue else frozenset()
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path in others:
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not (is_catalogue or path.is_symlink()):
            yield from _files_in(path)
