"""Unknown terms: terms in a query that no statement of the release uses, with suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from rapidfuzz import fuzz, process

from ...graph.errors import OutOfTime
from ...graph.iris import fold
from ...ontology import Prefixes
from ..web.site import Site, text
from ..web.words import words
from .query_terms import Remark, named_in, replaced, written_in

#: Everyday words for terms of the release: the class and the property that each may mean.
_EVERYDAY = {
    "article": ("oo:Publication", ""),
    "document": ("oo:Publication", ""),
    "paper": ("oo:Publication", ""),
    "scholarly article": ("oo:Publication", ""),
    "study": ("oo:Publication", ""),
    "work": ("oo:Publication", ""),
    "author": ("oo:Person", "dcterms:creator"),
    "journal": ("oo:Venue", "dcterms:isPartOf"),
    "venue": ("oo:Venue", "dcterms:isPartOf"),
    "keyword": ("oo:Topic", "dcterms:subject"),
    "region": ("oo:Region", "dcterms:spatial"),
}
#: The most terms that are checked, and the least similarity, of 100, for a suggestion.
_MOST, _ALIKE = 5, 70


def unknown_terms(
    site: Site, query: str, used: Mapping[str, str], namespaces: Prefixes
) -> list[Remark]:
    """Return a remark on each term of a query that does not occur in the release.

    ``used`` maps the release's classes and properties, as names with the prefixes of
    ``namespaces``, to their labels.
    """
    known = {namespaces.expand(name): name for name in used}
    called = _called(used, namespaces)
    spaces = [iri for prefix, iri in namespaces.items() if prefix != "xsd"]
    named = {
        name: iri
        for name, iri in named_in(query).items()
        if iri not in known and any(_is_term(iri, space) for space in spaces)
    }
    sought = dict(list(named.items())[:_MOST])
    with suppress(OutOfTime):  # the answer can be shown without remarks
        present = present_terms(site, sought.values())
        return [
            _corrected(query, name, known[meant], namespaces)
            if (meant := _meant(iri, known, called, _is_type(query, name)))
            else _thing(site, query, name, words(iri))
            for name, iri in sought.items()
            if iri not in present
        ]
    return []


def _called(used: Mapping[str, str], namespaces: Prefixes) -> Mapping[tuple[str, bool], str]:
    """Return the terms by label or everyday word, and by whether they are classes."""
    called = {
        (label.lower(), _is_class(name)): namespaces.expand(name)
        for name, label in reversed(list(used.items()))
    }
    for word, names in _EVERYDAY.items():
        for name in filter(used.__contains__, names):
            called.setdefault((word, _is_class(name)), namespaces.expand(name))
    return called


def _is_class(name: str) -> bool:
    return re.split(r"[:/#]", name)[-1][:1].isupper()


def _is_type(query: str, name: str) -> bool:
    """Whether a query uses a name as the class of something."""
    return bool(re.search(rf"(?<![\w?$:])(?:a|rdf:type)\s+{re.escape(name)}(?![\w-])", query))


def _meant(
    iri: str, known: Mapping[str, str], called: Mapping[tuple[str, bool], str], is_type: bool
) -> str:
    """Return the term with this label, or the one spelt most like it; "" if there is none.

    A class is suggested only for a class.
    """
    word = words(iri)
    is_class = is_type or _is_class(iri)
    for form in (word, word.removesuffix("s")):
        if meant := called.get((form, is_class)):
            return meant
    fitting = [each for each in known if _is_class(each) <= is_class]
    near = process.extractOne(iri, fitting, scorer=fuzz.ratio, processor=_local)
    return near[0] if near and near[1] >= _ALIKE else ""


def _thing(site: Site, query: str, name: str, called: str) -> Remark:
    """Return a remark on a name that is no term, but may be the name of a thing: oo:Upwork."""
    matches = [] if _is_type(query, name) else site.names.find(called, limit=1)
    if not matches or fold(matches[0].matched) != fold(called):
        return Remark(name, "")
    meant = f"<{matches[0].iri}>"
    return Remark(name, "", meant, replaced(query, name, meant))


def _is_term(iri: str, space: str) -> bool:
    return iri.startswith(space) and not re.search(r"[/#]", iri[len(space) :])


def present_terms(site: Site, iris: Iterable[str]) -> set[str]:
    """Return those IRIs that occur in any statement."""
    terms = " ".join(f"<{iri}>" for iri in iris)
    rows = site.select("terms-present", terms=terms) if terms else ()
    return {text(row, "term") for row in rows}


def _corrected(query: str, name: str, meant: str, namespaces: Prefixes) -> Remark:
    """Return a remark on an unknown term, with the query corrected to the suggested term."""
    written, declaration = written_in(query, meant, namespaces)
    return Remark(name, "", written, declaration + replaced(query, name, written))


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]
