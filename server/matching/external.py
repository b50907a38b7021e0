"""External IRIs: what somebody else calls a thing, in every form people write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from ...graph.identifiers import (
    isbn_urn,
    issn_urn,
    normal_doi,
    normal_isbn,
    normal_issn,
    normal_url,
    orcid_iri,
)
from ...graph.iris import IRIs, expand, node_of
from ...graph.targets import TARGETS
from ..web.site import Site, text

#: An IRI asked for is not longer than this.
_CHARACTERS = 2000
#: What an address may begin with before the name of its host.
_BEFORE_HOST = re.compile(r"^(?:(?:https?:)?//)?(?:(?:www|m|en)\.)?", re.IGNORECASE)
#: A web address without its scheme, as tables have the homepages of platforms.
_HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/\S*)?")
#: How near a property brings what it links, the nearest first.
_NEARNESS = {
    expand(name): nearness
    for nearness, names in enumerate(
        (
            "schema:sameAs skos:exactMatch owl:sameAs",
            "skos:closeMatch schema:url foaf:isPrimaryTopicOf",
            "dcterms:hasVersion schema:isPartOf",
            "skos:broadMatch skos:narrowMatch skos:relatedMatch",
        )
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class External:
    """What a text names outside."""

    #: The name of the target ("doi"), and its title ("DOI").
    target: str
    title: str
    #: The IRIs that the graph may have for it.
    iris: tuple[str, ...]


def external(asked: str, target: str = "") -> External | None:
    """What a text names: an IRI in any form, or an identifier; None for nonsense.

    ``target`` says whose identifier it is where the text alone does not.
    """
    asked = _SPACED.sub(r"\1:\2", asked.strip()[:_CHARACTERS])
    for form in dict.fromkeys((asked, unquote(asked))):
        address = _BEFORE_HOST.sub("", form)
        scheme, colon, rest = form.partition(":")
        for name, read in _READERS.items():
            if target and name != target:
                continue
            place = re.match(TARGETS[name].place, address, re.IGNORECASE)
            if place:
                local = address[place.end() :]
            elif colon and _SCHEMES.get(scheme.casefold(), scheme.casefold()) == name:
                local = rest
            elif form.casefold().startswith(f"urn:{name}:"):
                local = form[len(name) + 5 :]
            elif target or (name in _BARE and _BARE[name].fullmatch(form)):
                local = form
            else:
                continue
            if iri := read(local):
                return External(name, TARGETS[name].title, (iri,))
    address = f"https://{asked}" if _HOST.fullmatch(asked) else asked
    if not target and (url := normal_url(address)):
        # Publishers have the DOI in the addresses of their pages.
        within = tuple(filter(None, (_doi(url),)))
        return External("web", "web address", (*_addresses(url), *within))
    return None


def ours(site: Site, iris: Iterable[str]) -> dict[str, list[str]]:
    """Our IRIs for external ones: those that the nearest property links, sorted."""
    things: dict[str, dict[int, set[str]]] = {}
    for terms in batches(site, iris):
        for row in site.select("lookup", iris=terms):
            nearness = _NEARNESS.get(text(row, "property"))
            thing = text(row, "thing")
            if (
                nearness is not None
                and thing.startswith(site.release.base_iri)
                and "#" not in thing
            ):
                things.setdefault(text(row, "iri"), {}).setdefault(nearness, set()).add(thing)
    return {iri: sorted(by_nearness[min(by_nearness)]) for iri, by_nearness in things.items()}


def batches(site: Site, iris: Iterable[str]) -> Iterator[str]:
    """IRIs as SPARQL writes them after VALUES, in parts that each leave a query short enough."""
    room = site.store.limits.query_characters // 2
    part: list[str] = []
    length = 0
    for term in (str(node) for iri in sorted(set(iris)) if (node := node_of(iri))):
        if part and length + len(term) > room:
            yield " ".join(part)
            part, length = [], 0
        part.append(term)
        length += len(term) + 1
    if part:
        yield " ".join(part)


def _addresses(url: str) -> tuple[str, ...]:
    """The ways to write a page's address: http or https, www or not, "/" at the end or not."""
    _, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    host = re.sub(r"^www\.", "", host.casefold())
    rest = f"{host}{slash}{path}".rstrip("/")
    return (
        url,
        *(
            f"{scheme}://{www}{rest}{end}"
            for scheme in ("https", "http")
            for www in ("www.", "")
            for end in ("", "/")
        ),
    )


def _local(name: str) -> Callable[[str], str]:
    """Reads the IRI of a target out of what follows its place, by the target's own pattern."""
    target = TARGETS[name]
    pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{target.local.removesuffix('/')})(?![A-Za-z0-9])")

    def read(rest: str) -> str:
        for form in dict.fromkeys((rest, rest.upper(), rest.lower())):
            if match := pattern.search(form):
                return target.space + match.group() + ("/" if target.local.endswith("/") else "")
        return ""

    return read


def _doi(rest: str) -> str:
    doi = normal_doi(rest)
    return IRIs().doi(doi) if doi else ""


def _orcid(rest: str) -> str:
    digits = re.sub(r"[^0-9Xx]", "", rest).upper()
    if len(digits) != 16:
        return ""
    return orcid_iri("-".join(digits[at : at + 4] for at in range(0, len(digits), 4)))


def _ssrn(rest: str) -> str:
    number = re.search(r"(?:abstract(?:_id)?=|^)([1-9]\d*)", rest, re.IGNORECASE)
    return TARGETS["ssrn"].space + number[1] if number else ""


_arxiv = _local("arxiv")

#: Target -> what reads its IRI out of what follows "https://doi.org/", "doi:" and so on.
_READERS: dict[str, Callable[[str], str]] = {
    "doi": _doi,
    "orcid": _orcid,
    "isbn": lambda rest: isbn_urn(normal_isbn(rest)),
    "issn": lambda rest: issn_urn(normal_issn(rest)),
    "ssrn": _ssrn,
    # the paper, not one version of it
    "arxiv": lambda rest: _arxiv(re.sub(r"(?<=\d)v\d+", "", rest)),
    **{
        name: _local(name)
        for name in (
            "wikidata",
            "openalex",
            "geonames",
            "gnd",
            "stw",
            "yso",
            "esco",
            "eu",
            "eurovoc",
        )
    },
}
#: A prefix before a space rather than a colon ("doi 10.1000/x").
_SPACED = re.compile(r"^(doi|issn|arxiv|ssrn|orcid|wikidata)\s+(\S*\d\S*)$", re.IGNORECASE)
#: Other prefixes people write for a target.
_SCHEMES = {"wd": "wikidata", "gn": "geonames", "info": "doi"}
#: What an identifier looks like that says by itself whose it is.
_BARE = {
    "doi": re.compile(r"10\.\d{4,9}/\S+"),
    "orcid": re.compile(r"\d{4}-?\d{4}-?\d{4}-?\d{3}[\dXx]"),
    "isbn": re.compile(r"(?:ISBN[:\s]*)?[\dXx][\dXx\s‐-―-]{8,16}", re.IGNORECASE),
    "issn": re.compile(r"\d{4}-?\d{3}[\dXx]"),
    "wikidata": re.compile(r"[Qq][1-9]\d{0,11}"),
    "openalex": re.compile(r"[Ww][1-9]\d{5,11}"),
    "stw": re.compile(r"\d{5}-\d"),
    "arxiv": re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?"),
}
