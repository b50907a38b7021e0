"""Typed links in the Link header (RFC 8288)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: A Link header and with it all headers of an answer must fit in what a proxy reads at once: 4 KB.
_HEADER_BYTES = 3000


@dataclass(frozen=True, slots=True)
class Link:
    """A link from a document; ``type`` is the media type of what it leads to, where known."""

    rel: str
    href: str
    type: str = ""

    def __str__(self) -> str:
        """As the Link header writes it."""
        kind = f'; type="{self.type}"' if self.type else ""
        return f'<{self.href}>; rel="{self.rel}"{kind}'


def is_web(iri: str) -> bool:
    """Whether an IRI is a web address, which a browser may be led to."""
    return iri.startswith(("http://", "https://"))


def fitting(links: Iterable[Link]) -> list[Link]:
    """The links, in their order, that a header has room for; the linkset has all of them."""
    first, length = [], 0
    for link in links:
        length += len(str(link)) + 2
        if length > _HEADER_BYTES:
            break
        first.append(link)
    return first


def header(links: Iterable[Link]) -> str:
    """The value of a Link header, as long as one may be."""
    return ", ".join(map(str, fitting(links)))
