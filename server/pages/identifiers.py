"""Identifiers in the search box: the page of the thing identified, and its works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from pyroaring import BitMap

from ...graph.identifiers import normal_doi, normal_orcid
from ...graph.index.works import Answer, Choice
from ...graph.targets import TARGETS
from ..matching.external import external, ours
from ..records.own import own
from ..web.parameters import parameter_of
from ..web.site import Site
from .workless import find

#: Longer texts are not searched for identifiers; a pasted reference is long.
_CHARACTERS = 2_000
#: Targets whose identifiers are unambiguous, so they redirect even if nothing here has them.
_SURE = ("doi", "orcid", "isbn", "wikidata")
#: Those with an address of their own.
_SHORT = ("doi", "wikidata")


@dataclass(frozen=True, slots=True)
class Identified:
    """The thing or things that an identifier stands for."""

    #: The path that redirects to it.
    path: str
    #: Our IRIs for it; none if nothing here has the identifier.
    iris: tuple[str, ...]


def identified(site: Site, text: str) -> Identified | None:
    """The thing that a text identifies, if it is or contains an identifier; None for words.

    An ambiguous text (the ISSN 2010-2019, a platform's homepage) counts as an identifier only if a
    thing here has it.
    """
    text = text.strip()
    if len(text) > _CHARACTERS:
        return None
    if here := site.names.named(own(site, text) or (site.iris.at(f"publication/{text}"),)):
        return Identified(site.iris.path(next(iter(here))), tuple(here))
    sought = external(text)
    is_sure = sought is not None and (sought.target in _SURE or "://" in text)
    sought = sought or external(normal_doi(text) or normal_orcid(text))
    things = ours(site, sought.iris) if sought else {}
    if sought is None or not (things or is_sure):
        return None
    return Identified(
        _path(sought.target, sought.iris[0]),
        tuple(sorted({iri for iris in things.values() for iri in iris})),
    )


def _path(target: str, iri: str) -> str:
    if target not in _SHORT:
        return f"lookup?iri={quote(iri, safe='/:')}"
    return f"{target}/{quote(iri.removeprefix(TARGETS[target].space), safe='%/:')}"


def answer_of(site: Site, choice: Choice) -> Answer:
    """The works of a choice; if its words are an identifier, those of the thing identified."""
    works = site.works
    here = identified(site, choice.words)
    if here is None:
        return find(site, choice)[0]
    numbers = BitMap()
    for path in map(site.iris.path, here.iris):
        kind, _, name = path.partition("/")
        if kind == "publication":
            numbers |= BitMap(works.numbers([name]).values())
        elif parameter := parameter_of(kind):
            numbers |= works.members.having(parameter.facet, parameter.value(path))
    return Answer(numbers & works.find(replace(choice, words="")).numbers)
