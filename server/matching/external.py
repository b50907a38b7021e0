"""External IRIs and identifiers, in all the forms that people write."""

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

#: The most characters of an IRI that are read.
_CHARACTERS = 2000
#: What an address may begin with before the name of its host.
_BEFORE_HOST = re.compile(r"^(?:(?:https?:)?//)?(?:(?:www|m|en)\.)?", re.IGNORECASE)
#: A web address without its scheme, as tables have the homepages of platforms.
_HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/\S*)?")
#: How close the things are that a property links; 0 is the closest.
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
    """An external identifier that a text contains."""

    #: The name of the target ("doi"), and its title ("DOI").
    target: str
    title: str
    #: The IRIs under which the graph may have it.
    iris: tuple[str, ...]


def external(asked: str, target: str = "") -> External | None:
    """Read an IRI in any form, or an identifier; None if the text is neither.

    ``target`` is the kind of identifier, if the text alone does not show it.
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
        # The addresses of publishers' pages contain the DOI.
        within = tuple(filter(None, (_doi(url),)))
        return External("web", "web address", (*_addresses(url), *within))
    return None


def ours(site: Site, iris: Iterable[str]) -> dict[str, list[str]]:
    """Return our IRIs for external ones, as linked by the closest property, sorted."""
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
    """Yield IRIs as SPARQL writes them after VALUES, in parts short enough for a query."""
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
    """Return the variants of a page's address: http or https, with or without www and final "/"."""
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
    """Return a function that reads a target's IRI from a local part, by the target's pattern."""
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

#: Target -> the function that reads its IRI from what follows "https://doi.org/", "doi:" and so on.
_READERS: dict[str, Callable[[str], str]] = {
    "doi": _doi,
    "orcid": _orcid,
    "isbn": lambda rest: isbn_urn(normal_isbn(rest)),
    "issn": lambda rest: issn_urn(normal_issn(rest)),
    "ssrn": _ssrn,
    # without the version: the paper itself
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
#: A prefix with a space instead of a colon ("doi 10.1000/x").
_SPACED = re.compile(r"^(doi|issn|arxiv|ssrn|orcid|wikidata)\s+(\S*\d\S*)$", re.IGNORECASE)
#: Other prefixes people write for a target.
_SCHEMES = {"wd": "wikidata", "gn": "geonames", "info": "doi"}
#: The identifiers whose form alone shows their target.
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
