"""Writing files so that a failure leaves the old ones whole: aside first, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = [
    "new_folder",
    "write_text",
]


def write_text(path: Path, text: str) -> None:
    """Put ``text`` at ``path`` in one step; readers see the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, 0o644)
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


@contextmanager
def new_folder(parent: Path) -> Iterator[Path]:
    """An empty folder in ``parent`` to fill and rename; what is left of it is removed."""
    parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=parent, prefix=".new-"))
    os.chmod(aside, 0o755)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)
