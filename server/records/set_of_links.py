"""The links of a set, as its page shows them: our thing, the relation and the other thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from ...graph.release.dumps import sssom_name
from ...graph.vocabulary.sssom_reader import REQUIRED
from ...graph.vocabulary.tables import parse_table
from ..web.site import Row, Site, text

#: The most links shown of a set whose links have no IRIs; its files have them all.
_FIRST = 20
#: The most lines of a table to read for them: more than its head has, and these rows.
_LINES = 200


@dataclass(frozen=True, slots=True)
class SetLink:
    """A link from one of our things to one elsewhere."""

    #: The fragment of its IRI, which is also its anchor on the page; "" if it has no IRI.
    fragment: str
    ours: str
    label: str
    relation: str
    theirs: str
    comment: str
    #: The BCP 47 tag of the label, if known.
    language: str = ""

    @property
    def address(self) -> str:
        """The address of the other side, shortened for readers.

        >>> SetLink("", "", "", "", "http://www.wikidata.org/entity/Q228", "").address
        'wikidata.org/entity/Q228'
        """
        return self.theirs.partition("://")[2].removeprefix("www.").rstrip("/") or self.theirs


def links_of(site: Site, listed: Iterable[Row]) -> list[SetLink]:
    """The links among some rows of things that point to a set, sorted by our label."""
    links = " ".join(str(row["thing"]) for row in listed if "#" in text(row, "thing"))
    if not links:
        return []
    by_link: dict[str, Row] = {}
    for row in sorted(site.select("links-shown", links=links), key=lambda row: text(row, "label")):
        by_link.setdefault(text(row, "link"), row)
    shown = [
        SetLink(
            iri.partition("#")[2],
            text(row, "subject"),
            text(row, "label") or site.iris.path(text(row, "subject")),
            text(row, "predicate"),
            text(row, "object"),
            text(row, "comment"),
        )
        for iri, row in by_link.items()
    ]
    return sorted(shown, key=lambda link: (link.label.casefold(), link.fragment))


def first_links(site: Site, iri: str) -> list[SetLink]:
    """The first links of a set, from its table in the release."""
    name = site.iris.path(iri).partition("/")[2]
    path = site.release.folder / "dumps" / sssom_name(name)
    with path.open(encoding="utf-8") as file:
        table = parse_table("".join(islice(file, _LINES)), path.name, REQUIRED)
    rows = table.rows[:_FIRST]
    works = [row.get("subject_id").removeprefix("publication:") for row in rows]
    languages = site.works.languages(works)
    return [
        SetLink(
            "",
            table.prefixes.expand(row.get("subject_id")),
            row.get("subject_label"),
            table.prefixes.expand(row.get("predicate_id")),
            table.prefixes.expand(row.get("object_id")),
            "",
            languages.get(work, ""),
        )
        for row, work in zip(rows, works, strict=True)
    ]
