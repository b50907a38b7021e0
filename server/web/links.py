"""Typed links in the Link header (RFC 8288)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: All headers of an answer must fit into a proxy's buffer of 4 KB; this is for Link.
_HEADER_BYTES = 3000


@dataclass(frozen=True, slots=True)
class Link:
    """A link from a document; ``type`` is the media type of the target, if known."""

    rel: str
    href: str
    type: str = ""

    def __str__(self) -> str:
        """The link as written in a Link header."""
        kind = f'; type="{self.type}"' if self.type else ""
        return f'<{self.href}>; rel="{self.rel}"{kind}'


def is_web(iri: str) -> bool:
    """Whether an IRI is a web address, safe to link to."""
    return iri.startswith(("http://", "https://"))


def fitting(links: Iterable[Link]) -> list[Link]:
    """The first links that fit into a header; the linkset has all of them."""
    first, length = [], 0
    for link in links:
        length += len(str(link)) + 2
        if length > _HEADER_BYTES:
            break
        first.append(link)
    return first


def header(links: Iterable[Link]) -> str:
    """The value of a Link header, within the size limit."""
    return ", ".join(map(str, fitting(links)))
