"""Links: from our concepts, works and people to what they are elsewhere, read from SSSOM tables.

SSSOM (https://mapping-commons.github.io/sssom/): one link a row, a column each for its subject,
predicate, object, justification, source and date; lines with "#" before the header hold metadata.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ...ontology import BASE_IRI, link_table, link_table_names
from ..errors import UnreadableTable
from ..iris import slug
from ..model import Problem
from ..targets import TARGETS, target_of
from . import load_vocabulary
from .link_row import EXACT, THINGS, Link, RowReader, is_iri, kind_of
from .link_table import Table, is_link_table, parse_table, read_table

__all__ = [
    "Link",
    "Links",
    "Linkset",
    "check_links",
    "is_link_table",
    "read_links",
]


@dataclass(frozen=True, slots=True)
class Linkset:
    """The links of one table to one target."""

    name: str
    #: A key of TARGETS.
    target: str
    title: str
    description: str = ""
    #: The IRI of a licence; "" where the table gives none.
    license: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """What tables of links hold: the sound links, their linksets by name, and what is wrong."""

    links: tuple[Link, ...] = ()
    linksets: Mapping[str, Linkset] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_links(folder: Path, base_iri: str, known: Callable[[str], bool]) -> Links:
    """The shipped links and those of ``folder`` (*.csv, *.tsv), whose subjects must be known.

    A row that is wrong is left out and told; a link that is there already counts as wrong.
    """
    links = _shipped(base_iri)
    if folder.is_dir():
        for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in (".csv", ".tsv")):
            links = _with_file(links, path, base_iri, known)
    return links


def check_links(path: Path, base_iri: str = BASE_IRI) -> tuple[Problem, ...]:
    """The problems of one table of links, held against the shipped vocabularies and links.

    Subjects that only a catalogue knows (publications, persons, …) are taken as they are.
    """
    concepts = _concepts(base_iri)

    def known(subject: str) -> bool:
        return subject in concepts or kind_of(subject, base_iri) in THINGS

    shipped = _shipped(base_iri)
    found = _with_file(shipped, path, base_iri, known)
    return found.problems[len(shipped.problems) :]


@cache
def _shipped(base_iri: str) -> Links:
    links = Links()
    for name in link_table_names():
        table = parse_table(link_table(name, base_iri), name)
        links = _with_table(links, table, base_iri, _concepts(base_iri).__contains__)
    return links


@cache
def _concepts(base_iri: str) -> frozenset[str]:
    return frozenset(
        iri for forms in load_vocabulary(base_iri).forms.values() for iri in forms.values()
    )


def _with_file(links: Links, path: Path, base_iri: str, known: Callable[[str], bool]) -> Links:
    try:
        table = read_table(path)
    except UnreadableTable as error:
        return Links(links.links, links.linksets, (*links.problems, *error.problems))
    return _with_table(links, table, base_iri, known)


def _with_table(links: Links, table: Table, base_iri: str, known: Callable[[str], bool]) -> Links:
    name = slug(re.sub(r"(\.sssom)?\.\w+$", "", table.name))
    seen = _Seen(links.links)
    found, problems, linksets = list(links.links), list(links.problems), dict(links.linksets)
    for row in table.rows:
        reader = RowReader(row, table, base_iri)
        link = reader.link(known, _concepts(base_iri), name)
        wrong = reader.problems or [
            row.problem(column, what, mend) for column, what, mend in seen.conflicts(link)
        ]
        problems += wrong
        if wrong:
            continue
        seen.add(link)
        found.append(link)
        target = target_of(link.object)
        linksets.setdefault(link.linkset, _linkset(table, link.linkset, target))
    return Links(tuple(found), linksets, tuple(problems))


def _linkset(table: Table, name: str, target: str) -> Linkset:
    title = table.metadata.get("mapping_set_title") or table.name
    licence = table.metadata.get("license", "")
    whole = table.metadata.get("mapping_set_id", "").endswith(f"/{name}")
    return Linkset(
        name=name,
        target=target,
        title=title if whole else f"{title}: {TARGETS[target].title}",
        description=table.metadata.get("mapping_set_description", ""),
        license=licence if is_iri(licence) else "",
    )


class _Seen:
    """The links so far, to find those that repeat or contradict another."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._pairs: dict[tuple[str, str], Link] = {}
        self._exact: dict[tuple[str, str], Link] = {}
        for link in links:
            self.add(link)

    def add(self, link: Link) -> None:
        self._pairs[link.subject, link.object] = link
        if link.predicate == EXACT:
            self._exact[link.subject, target_of(link.object)] = link
            self._exact[link.object, ""] = link

    def conflicts(self, link: Link) -> list[tuple[str, str, str]]:
        """The column, what is wrong with it, and how to mend it."""
        if same := self._pairs.get((link.subject, link.object)):
            what = f"The link is in the linkset {same.linkset} already"
            what += "." if same.predicate == link.predicate else ", with another predicate."
            return [("object_id", what, "Take out one of the two.")]
        if link.predicate != EXACT:
            return []
        found = []
        target = target_of(link.object)
        if target != "web" and (other := self._exact.get((link.subject, target))):
            what = f"The subject is exactly {other.object} already, in the same vocabulary."
            mend = "Keep one skos:exactMatch; write the other as skos:closeMatch, or take it out."
            found.append(("object_id", what, mend))
        if other := self._exact.get((link.object, "")):
            what = f"The object is exactly {other.subject} already."
            mend = "Keep one skos:exactMatch; write the other as skos:closeMatch, or take it out."
            found.append(("subject_id", what, mend))
        return found
