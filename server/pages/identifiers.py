"""Identifiers in the place of words: the page of the thing that has one, and the works of that."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from pyroaring import BitMap

from ...graph.identifiers import normal_doi, normal_isbn, normal_orcid
from ...graph.index.works import Answer, Choice
from ..matching.external import external, ours
from ..web.choices import parameter_of
from ..web.site import Site
from .workless import find


def identified(text: str) -> str:
    """The path that an identifier leads to; "" for words."""
    text = text.strip()
    if text.startswith(("10.", "doi:", "http://dx.doi.org/", "https://doi.org/")):
        return f"doi/{quote(normal_doi(text), safe='/:')}" if normal_doi(text) else ""
    if len(text) > 1 and text[0] in "Qq" and text[1:].isdecimal() and text.isascii():
        return f"wikidata/{text.upper()}"
    if normal_orcid(text):
        return f"lookup?iri=https://orcid.org/{normal_orcid(text)}"
    return f"lookup?iri=urn:isbn:{normal_isbn(text)}" if normal_isbn(text) else ""


def answer_of(site: Site, choice: Choice) -> Answer:
    """The works of a choice; of an identifier those of the thing that its page leads to."""
    works = site.works
    if not identified(choice.words):
        return find(site, choice)[0]
    sought = external(choice.words)
    numbers = BitMap()
    for iris in (ours(site, sought.iris) if sought else {}).values():
        for path in map(site.iris.path, iris):
            kind, _, name = path.partition("/")
            if kind == "publication":
                number, _ = works.facets_of(name)
                numbers |= BitMap([number] if number >= 0 else [])
            elif parameter := parameter_of(kind):
                numbers |= works.members.having(parameter.facet, parameter.value(path))
    return Answer(numbers & works.find(replace(choice, words="")).numbers, {})
