"""Unknown terms: what a query names that no statement of the release has, and what may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from rapidfuzz import fuzz, process

from ...graph.errors import OutOfTime
from ...ontology import Prefixes
from ..web.site import Site, text
from ..web.words import words
from .query_terms import Remark, named_in, replaced, written_in

#: What people call what the release has another word for, as a class and as a property.
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
#: The most terms that are looked at, and how alike a term must be, in 100, to be meant.
_MOST, _ALIKE = 5, 70


def unknown_terms(
    site: Site, query: str, used: Mapping[str, str], namespaces: Prefixes
) -> list[Remark]:
    """The terms of a query that the release has nowhere.

    ``used`` are its classes and properties, as names with the prefixes of ``namespaces``, each
    with what people call it.
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
    with suppress(OutOfTime):  # the answer is there, and can be read without
        present = present_terms(site, sought.values())
        return [
            _corrected(query, name, known[meant], namespaces)
            if (meant := _meant(iri, known, called, _is_type(query, name)))
            else Remark(name, "")
            for name, iri in sought.items()
            if iri not in present
        ]
    return []


def _called(used: Mapping[str, str], namespaces: Prefixes) -> Mapping[tuple[str, bool], str]:
    """The terms by what people call them and whether they are classes."""
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
    """Whether a query says of something that it is of a class with a name."""
    return bool(re.search(rf"(?<![\w?$:])(?:a|rdf:type)\s+{re.escape(name)}(?![\w-])", query))


def _meant(
    iri: str, known: Mapping[str, str], called: Mapping[tuple[str, bool], str], is_type: bool
) -> str:
    """The term of the release that is called so, or is spelt most like it; "" where none is.

    A class is meant only where a class can stand.
    """
    word = words(iri)
    is_class = is_type or _is_class(iri)
    for form in (word, word.removesuffix("s")):
        if meant := called.get((form, is_class)):
            return meant
    fitting = [each for each in known if _is_class(each) <= is_class]
    near = process.extractOne(iri, fitting, scorer=fuzz.ratio, processor=_local)
    return near[0] if near and near[1] >= _ALIKE else ""


def _is_term(iri: str, space: str) -> bool:
    return iri.startswith(space) and not re.search(r"[/#]", iri[len(space) :])


def present_terms(site: Site, iris: Iterable[str]) -> set[str]:
    """Those of some IRIs that any statement has."""
    terms = " ".join(f"<{iri}>" for iri in iris)
    rows = site.select("terms-present", terms=terms) if terms else ()
    return {text(row, "term") for row in rows}


def _corrected(query: str, name: str, meant: str, namespaces: Prefixes) -> Remark:
    """An unknown term, and the query with the term that is meant in its place."""
    written, declaration = written_in(query, meant, namespaces)
    return Remark(name, "", written, declaration + replaced(query, name, written))


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]
