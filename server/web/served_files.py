"""The files of the release that is served: whether they are as they were when it was opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ...graph.files import sizes
from ...graph.store.problems import ProblemDetails

_REMEDY = "Restore what `oograph check` names, or build anew."


@dataclass(frozen=True, slots=True)
class ServedFiles:
    """The files of a release and their sizes, as it was opened."""

    folder: Path
    opened: Mapping[str, int]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Those there are now; of the store its tables, beside which the engine writes a log."""
        opened = {
            path: size
            for path, size in sizes(folder).items()
            if not path.startswith("store/") or path.endswith(".sst")
        }
        return cls(folder, opened)

    def fault(self) -> str:
        """What is missing or has another size, and what to do; "" where nothing is."""
        now = sizes(self.folder)
        changed = {
            path.partition("/")[0]: None
            for path, size in self.opened.items()
            if now.get(path) != size
        }
        if not changed:
            return ""
        return (
            "Missing in the folder of the release, or not as when it was opened: "
            f"{', '.join(changed)}. {_REMEDY}"
        )

    def blamed_for(self, error: Exception) -> ProblemDetails | None:
        """What to say of an error that files which were changed may be the reason for."""
        fault = self.fault()
        if not fault and type(error) is sqlite3.DatabaseError:  # what it says of damage alone
            fault = f"A database of the release is damaged ({error}). {_REMEDY}"
        return ProblemDetails(500, "The release is damaged", fault) if fault else None
