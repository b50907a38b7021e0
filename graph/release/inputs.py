"""Inputs: what a build reads, as one digest: of the same inputs there is no new build to make."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from importlib.metadata import requires, version
from importlib.resources import files
from pathlib import Path

from ..files import sha256_of

_PACKAGE = "oograph"
#: The package's code and data; what a catalogue holds is not among them.
_ENDINGS = frozenset({".html", ".jsonld", ".py", ".rq", ".tsv", ".ttl"})
#: The files of a catalogue.
_CATALOGUE = ("*.json", "*.csv", "links/*", "vocabularies/*")


def digest_of_inputs(catalogue: Path, base_iri: str, package: Path | None = None) -> str:
    """The SHA-256 of the catalogue, the base IRI, the package's own files and its dependencies.

    ``package`` is where the package lies: by default, where it is imported from.
    """
    package = package or Path(str(files(_PACKAGE)))
    digest = hashlib.sha256(f"{base_iri}\n".encode())
    for line in _dependencies():
        digest.update(f"{line}\n".encode())
    for root, paths in (
        (package, _files_of(package)),
        (catalogue, sorted(path for kind in _CATALOGUE for path in catalogue.glob(kind))),
    ):
        for path in paths:
            content = sha256_of(path)
            digest.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _files_of(package: Path) -> Iterator[Path]:
    """The package's modules and those of its subpackages, with their data, in a fixed order.

    A checkout has folders beside them (tests, documentation) that are no packages.
    """
    yield from sorted(package.glob("*.py"))
    for folder in sorted(package.iterdir()):
        if (folder / "__init__.py").exists():
            yield from sorted(path for path in folder.rglob("*") if path.suffix in _ENDINGS)


def _dependencies() -> Iterator[str]:
    """The version of each dependency that is not an extra, and our own."""
    for requirement in (_PACKAGE, *(requires(_PACKAGE) or ())):
        if "extra ==" not in requirement:
            name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
            yield f"{name} {version(name)}"
