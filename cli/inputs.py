"""Inputs: the files that a command is to read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from ..graph.catalogue.storage import WORKS, paths_of


def expanded(files: Iterable[Path]) -> list[Path]:
    """Return the files, with each folder replaced by the files in it, sorted.

    A catalogue's folder is replaced by its works: its other files are no records, or of works
    that are gone.
    """
    return [path for file in files for path in _files_at(file)]


def _files_at(place: Path) -> list[Path]:
    if place.is_fifo():
        raise click.UsageError(
            f"{place} is a pipe, which can be read only once. Save it as a file, and give that."
        )
    if not place.is_dir():
        return [place]
    works = place / WORKS
    others = frozenset(paths_of(place)) - {works} if works.is_file() else frozenset()
    files = sorted(path for path in place.iterdir() if path.is_file() and path not in others)
    if not files:
        raise click.UsageError(f"There are no files in the folder {place}.")
    return files
