"""How many members a vocabulary or a set of links has, and the files that hold them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from ...graph.iris import expand
from ...graph.release.dumps import linkset_names
from ...graph.vocabulary import SCHEMES
from ..web.site import Site
from .description import Description

#: The end of a file's name -> the name of its format. The compressed files are among the dumps.
_FORMATS = {".ttl": "Turtle", ".nt": "N-Triples", ".sssom.tsv": "SSSOM"}


@dataclass(frozen=True, slots=True)
class Downloads:
    """The members of a vocabulary or a set of links as files."""

    members: int
    noun: str
    #: The name of a format -> the name of the dump in it.
    files: dict[str, str]
    #: The path of the class of a vocabulary's concepts; "" for a set of links.
    concepts: str = ""

    @classmethod
    def of(cls, site: Site, kind: str, description: Description) -> Self | None:
        """Those of a thing of a class; None if it has no files of its own."""
        name = site.iris.path(description.this.iri).partition("/")[2]
        if kind == "linkset":
            links = int(description.this.first("void:triples") or 0)
            return cls(links, "link", _files(site, linkset_names(name)))
        if kind == "scheme" and (scheme := SCHEMES.get(name)):
            concepts = description.inbound.counts.get(expand("skos:inScheme"), 0)
            names = (f"{scheme.kind}{ending}" for ending in _FORMATS)
            return cls(concepts, "concept", _files(site, names), scheme.kind)
        return None


def _files(site: Site, names: Iterable[str]) -> dict[str, str]:
    folder = site.release.folder / "dumps"
    there = [name for name in names if (folder / name).exists()]
    return {
        title: name for ending, title in _FORMATS.items() for name in there if name.endswith(ending)
    }
