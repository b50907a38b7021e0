"""The SQLite files of a release, which never change: read from any thread, without locks."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

__all__ = ["Database"]


class Database:
    """One file, with a connection for each thread: threads that share one take turns."""

    def __init__(self, path: Path) -> None:
        # immutable: no lock and no journal
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()

    def rows(self, query: str, *arguments: Any) -> sqlite3.Cursor:
        """What a query finds; raises sqlite3.Error where the file is missing or damaged."""
        return self.connection.execute(query, arguments)

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of the thread that asks."""
        if not hasattr(self._local, "connection"):
            # a release that is no longer served may be closed by another thread
            self._local.connection = sqlite3.connect(
                self._address, uri=True, check_same_thread=False
            )
        connection: sqlite3.Connection = self._local.connection
        return connection
