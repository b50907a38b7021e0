"""A fingerprint of the program, which can change while the release stays the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

#: The extensions of the files that affect the content of pages and documents.
_ENDINGS = (".py", ".html", ".xml", ".rq", ".css", ".js", ".csl", ".ttl", ".jsonld")


@cache
def our_fingerprint() -> str:
    """The fingerprint of this program."""
    return fingerprint(files("oograph"))


def fingerprint(folder: Traversable) -> str:
    """A hash of the names and contents of the files in a folder that affect documents."""
    whole = hashlib.sha256()
    for name, content in _each(folder, ""):
        whole.update(f"{name} {len(content)} ".encode())
        whole.update(content)
    return whole.hexdigest()


def _each(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{above}{each.name}"
        if each.is_dir():
            # a checkout contains other files beside the program
            if above or each.name in ("graph", "ontology", "server", "shapes"):
                yield from _each(each, f"{name}/")
        elif each.name.endswith(_ENDINGS):
            yield name, each.read_bytes()
