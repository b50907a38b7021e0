"""The files of the served release: check that they are as they were when it was opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ...graph.files import sizes
from ...graph.store.problems import ProblemDetails

_REMEDY = "Restore the files that `oograph check` names, or build the release again."


@dataclass(frozen=True, slots=True)
class ServedFiles:
    """The files of a release and their sizes when it was opened."""

    folder: Path
    opened: Mapping[str, int]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The current files; in the store only its tables, because the engine also writes a log."""
        opened = {
            path: size
            for path, size in sizes(folder).items()
            if not path.startswith("store/") or path.endswith(".sst")
        }
        return cls(folder, opened)

    def fault(self) -> str:
        """What is missing or has changed size, and what to do; "" if nothing has."""
        now = sizes(self.folder)
        changed = {
            path.partition("/")[0]: None
            for path, size in self.opened.items()
            if now.get(path) != size
        }
        if not changed:
            return ""
        return (
            "Missing from the release folder, or changed since the release was opened: "
            f"{', '.join(changed)}. {_REMEDY}"
        )

    def blamed_for(self, error: Exception) -> ProblemDetails | None:
        """The problem to report if changed files may have caused an error, or None."""
        fault = self.fault()
        if not fault and type(error) is sqlite3.DatabaseError:  # raised for damage only
            fault = f"A database of the release is damaged ({error}). {_REMEDY}"
        return ProblemDetails(500, "The release is damaged", fault) if fault else None
