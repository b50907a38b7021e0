"""Signposting: typed links from a record to its documents and parts (https://signposting.org).

They appear in the Link header (RFC 8288), in the page's head, and as a linkset (RFC 9264).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from ...graph.formats import HTML, LINKSET, Format
from ...graph.targets import target_of
from ..web.links import Link, is_web
from ..web.negotiation import alternates
from ..web.site import Site
from .description import Description
from .schema_org import types_of

#: Characters allowed in a URI (RFC 3986); all others are escaped. "%" keeps existing escapes.
_URI = "%:/?#[]@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a thing: its IRI and those of the documents about it."""

    site: Site
    iri: str
    #: Its formats, including HTML.
    formats: tuple[Format, ...]

    @property
    def path(self) -> str:
        """The escaped path of the thing, without a leading "/"."""
        return target(self.site.iris.path(self.iri))

    def document(self, format: Format, page: int = 1) -> str:
        """The public URL of a document about it."""
        return self.site.absolute(f"{self.path}.{format.name}{f'?page={page}' if page > 1 else ''}")


def of_redirect(address: Address) -> list[Link]:
    """The links of the redirect from a thing's IRI to a document."""
    return [*of_thing(address), *_alternates(address)]


def of_thing(address: Address) -> list[Link]:
    """The links common to everything about a thing, made without a query."""
    return [
        Link("cite-as", target(address.iri)),
        Link("license", address.site.release.dataset.licence.iri),
        *(
            Link("describedby", address.document(each), each.media_type)
            for each in address.formats
            if each not in (HTML, LINKSET)
        ),
        Link("collection", address.site.absolute(""), HTML.media_type),
        Link("linkset", address.document(LINKSET), LINKSET.media_type),
    ]


def of_page(address: Address, kind: str, description: Description) -> list[Link]:
    """The links of its page; kinds that may be numerous come last."""
    this = description.this
    same = (value.iri for value in this.values("schema:sameAs")) if kind == "publication" else ()
    # an entry of OpenAlex describes the work, as our page does
    items = [iri for iri in same if target_of(iri) != "openalex"]
    items += [value.iri for value in this.values("schema:url")]
    authors = [value.iri for part in description.authorships for value in part.values("oo:agent")]
    known = (description.parts[iri] for iri in authors if iri in description.parts)
    orcids = [value.iri for agent in known for value in agent.values("schema:sameAs")]
    links = [
        *of_thing(address),
        Link("type", "https://schema.org/AboutPage"),
        *(Link("type", f"https://schema.org/{name}") for name in types_of(kind, this)),
        *(Link("item", target(iri)) for iri in items if is_web(iri)),
        *(Link("author", target(iri)) for iri in (*authors, *orcids) if is_web(iri)),
    ]
    return list(dict.fromkeys(links))


def of_document(address: Address, format: Format) -> list[Link]:
    """The links of a machine-readable document: what it describes, and its other formats."""
    return [
        Link("describes", target(address.iri)),
        Link("describes", address.document(HTML), HTML.media_type),
        Link("license", address.site.release.dataset.licence.iri),
        Link("collection", address.site.absolute(""), HTML.media_type),
        Link("linkset", address.document(LINKSET), LINKSET.media_type),
        *(link for link in _alternates(address) if link.href != address.document(format)),
    ]


def _alternates(address: Address) -> list[Link]:
    formats = [format for format in address.formats if format is not LINKSET]
    return alternates(address.site, address.path, formats)


def linkset(contexts: Mapping[str, Iterable[Link]]) -> str:
    """The links of some documents as application/linkset+json, by document URL."""
    return json.dumps({"linkset": [_context(*each) for each in contexts.items()]}, indent=1)


def _context(anchor: str, links: Iterable[Link]) -> dict[str, object]:
    targets: dict[str, list[dict[str, str]]] = {}
    for link in links:
        target = {"href": link.href} | ({"type": link.type} if link.type else {})
        targets.setdefault(link.rel, []).append(target)
    return {"anchor": anchor, **targets}


def target(iri: str) -> str:
    """An IRI as a URI that a header can contain."""
    return quote(iri, safe=_URI)
