"""Inputs: one digest of all that a build reads; if it is unchanged, there is nothing to build."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from importlib.metadata import requires, version
from importlib.resources import files
from pathlib import Path

from ..catalogue.storage import paths_of
from ..files import sha256_of

_PACKAGE = "oograph"
#: The endings of the package's code and data, without those of the catalogue it ships.
_ENDINGS = frozenset({".html", ".jsonld", ".py", ".rq", ".tsv", ".ttl"})


def digest_of_inputs(catalogue: Path, base_iri: str, package: Path | None = None) -> str:
    """The SHA-256 of the catalogue, the base IRI, the package's own files and its dependencies.

    ``package`` is the package's folder: by default, the one it is imported from.
    """
    package = package or Path(str(files(_PACKAGE)))
    digest = hashlib.sha256(f"{base_iri}\n".encode())
    for line in _dependencies():
        digest.update(f"{line}\n".encode())
    for root, paths in (
        (package, _files_of(package)),
        (catalogue, paths_of(catalogue)),
    ):
        for path in paths:
            content = sha256_of(path)
            digest.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _files_of(package: Path) -> Iterator[Path]:
    """The modules and data of the package and its subpackages, in a fixed order.

    A checkout also has folders that are not packages (tests, documentation).
    """
    yield from sorted(package.glob("*.py"))
    for folder in sorted(package.iterdir()):
        if (folder / "__init__.py").exists():
            yield from sorted(path for path in folder.rglob("*") if path.suffix in _ENDINGS)


def _dependencies() -> Iterator[str]:
    """Our own version, and that of each dependency that is not an extra."""
    for requirement in (_PACKAGE, *(requires(_PACKAGE) or ())):
        if "extra ==" not in requirement:
            name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
            yield f"{name} {version(name)}"
