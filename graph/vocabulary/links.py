"""Links from our concepts, works and people to their counterparts elsewhere, from SSSOM tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ...ontology import BASE_IRI, link_table, link_table_names
from ..iris import THINGS, IRIs, slug
from ..model import Problem
from ..targets import TARGETS, target_of
from . import load_vocabulary
from .sssom_reader import EXACT, REQUIRED, Link, RowReader, is_iri
from .tables import Table, check_table, decode_table, parse_table


@dataclass(frozen=True, slots=True)
class Linkset:
    """The links of one table to one target."""

    name: str
    #: A key of TARGETS.
    target: str
    title: str
    description: str = ""
    #: The IRI of a licence; "" if the table gives none.
    license: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """The contents of tables of links: the sound links, their linksets by name, and problems."""

    links: tuple[Link, ...] = ()
    linksets: Mapping[str, Linkset] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def links_of(
    tables: Iterable[Table],
    base_iri: str,
    known: Callable[[str], bool],
    own: tuple[str, ...] = (),
) -> Links:
    """The shipped links and those of a catalogue's tables, whose subjects must be known.

    ``own`` are the catalogue's own concepts, as ``load_vocabulary`` takes them.
    A wrong row is left out and reported, and so is a link that another table already has.
    """
    links = _shipped(base_iri)
    for table in tables:
        links = _with_table(links, table, base_iri, known, own)
    return links


def link_table_of(data: bytes, path: Path) -> Table:
    """Parse the table of links in a file's contents; raises UnreadableTable."""
    return decode_table(data, path, REQUIRED)


def check_links(path: Path) -> tuple[Problem, ...]:
    """Check a table of links against the shipped vocabularies and links.

    The table replaces a shipped one with the same name. Subjects that only a catalogue knows
    (publications, persons, …) are not checked.
    """
    concepts, iris = load_vocabulary().iris, IRIs()

    def known(subject: str) -> bool:
        return subject in concepts or iris.kind(subject) in THINGS

    others = _shipped(BASE_IRI, path.name)

    def problems_of(table: Table) -> tuple[Problem, ...]:
        return _with_table(others, table, BASE_IRI, known).problems[len(others.problems) :]

    return check_table(path, REQUIRED, problems_of)


@cache
def _shipped(base_iri: str, without: str = "") -> Links:
    """The links of the shipped tables, except the one named ``without``."""
    links, concepts = Links(), load_vocabulary(base_iri).iris
    for name in link_table_names():
        if name != without:
            table = parse_table(link_table(name, base_iri), name, REQUIRED)
            links = _with_table(links, table, base_iri, concepts.__contains__)
    return links


def _with_table(
    links: Links,
    table: Table,
    base_iri: str,
    known: Callable[[str], bool],
    own: tuple[str, ...] = (),
) -> Links:
    name = slug(re.sub(r"(\.sssom)?\.\w+$", "", table.name))
    earlier, concepts = _Earlier(links.links), load_vocabulary(base_iri, own).iris
    sound, problems, linksets = list(links.links), list(links.problems), dict(links.linksets)
    for row in table.rows:
        reader = RowReader(row, table, IRIs(base_iri))
        link = reader.link(known, concepts, name)
        wrong = reader.problems or [row.problem(*conflict) for conflict in earlier.conflicts(link)]
        problems += wrong
        if wrong:
            continue
        earlier.add(link)
        sound.append(link)
        target = target_of(link.object)
        linksets.setdefault(link.linkset, _linkset(table, link.linkset, target))
    return Links(tuple(sound), linksets, tuple(problems))


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


class _Earlier:
    """The links so far, to find new ones that repeat or contradict them."""

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
        """Return the column, the message and the remedy of each conflict."""
        if same := self._pairs.get((link.subject, link.object)):
            message = f"The linkset {same.linkset} already has this link"
            message += "." if same.predicate == link.predicate else ", with another predicate."
            return [("object_id", message, "Remove one of the two.")]
        if link.predicate != EXACT:
            return []
        conflicts = []
        target = target_of(link.object)
        remedy = "Keep one skos:exactMatch, and change the other to skos:closeMatch or remove it."
        if target != "web" and (other := self._exact.get((link.subject, target))):
            message = f"The subject already has an exact match in this vocabulary: {other.object}."
            conflicts.append(("object_id", message, remedy))
        if other := self._exact.get((link.object, "")):
            message = f"The object is already an exact match of {other.subject}."
            conflicts.append(("subject_id", message, remedy))
        return conflicts
