"""The links of a set, as its page shows them: our thing, the relation and the other thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..web.site import Row, Site, text


@dataclass(frozen=True, slots=True)
class SetLink:
    """A link from one of our things to one elsewhere."""

    #: The fragment of its IRI, which is also its anchor on the page.
    fragment: str
    ours: str
    label: str
    relation: str
    theirs: str
    comment: str

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
