"""Meant values: suggestions for the texts and IRIs of a query that finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from ...graph.errors import OutOfTime
from ...graph.identifiers import normal_doi
from ...graph.iris import fold, named_node, node_of
from ...ontology import prefixes
from ..web.classes import CLASSES
from ..web.site import Site
from .answer import Result
from .compared_values import INTEGER, LANGUAGE, ComparedValue, compared_values
from .passages import PASSAGE
from .query_terms import Remark, declared_in, named_in, replaced
from .unknown_terms import present_terms

#: The most values and the most IRIs that are checked.
_MOST = 5
#: The most things that a text is compared with, and the least similarity of a name, of 100.
_THINGS, _ALIKE = 5, 80
_G_YEAR = named_node("xsd:gYear")

_NUMBER = "Numbers have no quotes"
_YEARS = "The values of this property are years (xsd:gYear), not numbers as in oo:year"
_TAGGED = "In this release, the text has a language tag, and only matches with it"
_DOI = "DOIs are stored without a prefix such as https://doi.org/"
_SPELT = "This release spells the text differently"
_THING = "The value of this property is a thing, not its name"
_BASE = "The IRIs of this release begin differently"
_NOTHING = "Nothing in this release has this IRI"
#: Reasons that hold for every value of a property: all of them are corrected.
_OF_ALL = (_NUMBER, _YEARS)
#: A property (None for any) and a value of it.
_Pair = tuple[ox.NamedNode | ox.Literal | None, ox.NamedNode | ox.Literal]


def is_empty(result: Result) -> bool:
    """Whether an answer is empty: no rows, false, or a single row of zero counts."""
    if result.table is None:
        return result.verdict is False
    if result.count != 1:
        return result.count == 0
    return all(value is not None and value.number == 0 for value in result.table.rows[0])


def meant_values(site: Site, query: str) -> list[Remark]:
    """Return suggestions for the texts and IRIs of a query that finds nothing."""
    with suppress(OutOfTime):  # the answer can be shown without suggestions
        return [*_of_texts(site, query), *_of_iris(site, query)]
    return []


def _of_texts(site: Site, query: str) -> Iterator[Remark]:
    texts = list(islice(compared_values(query), _MOST))
    meant = {text: list(_candidates(site, text)) for text in texts}
    present = _present(
        site,
        [
            (text.property, term)
            for text, candidates in meant.items()
            for term in (text.literal, *(term for _, term in candidates))
        ],
    )
    wrong = {
        text: candidates
        for text, candidates in meant.items()
        if (text.property, text.literal) not in present
    }
    named: set[ComparedValue] = set()
    for text, candidates in wrong.items():
        fitting = (each for each in candidates if (text.property, each[1]) in present)
        if text in named or not (likeliest := next(fitting, None)):
            continue
        reason, term = likeliest
        together = {text: term}
        if reason in _OF_ALL and text.property:
            together = {
                other: dict(candidates)[reason]
                for other, candidates in wrong.items()
                if other.property == text.property and reason in dict(candidates)
            }
        named.update(together)
        corrected = query
        for each, instead in sorted(together.items(), key=lambda item: -item[0].start):
            written = _written(query[each.start : each.end], reason, instead)
            corrected = corrected[: each.start] + written + corrected[each.end :]
        name = query[text.start : text.end]
        yield Remark(name, reason, _written(name, reason, term), corrected)


def _present(site: Site, pairs: Sequence[_Pair]) -> set[_Pair]:
    """Return those pairs of property and value that occur in any statement."""
    present: set[_Pair] = set()
    if written := {f"({property} {term})": None for property, term in pairs if property}:
        rows = site.select("statements-present", pairs=" ".join(written))
        present |= {(row["property"], row["term"]) for row in rows}
    if written := {str(term): None for property, term in pairs if not property}:
        rows = site.select("texts-present", texts=" ".join(written))
        present |= {(None, row["text"]) for row in rows}
    return present


def _written(name: str, reason: str, term: ox.Literal | ox.NamedNode) -> str:
    """Return how the query should write the term that it writes as ``name``."""
    if reason == _TAGGED:
        return f"{name}@{LANGUAGE}"
    return term.value if reason == _NUMBER else str(term)


def _candidates(
    site: Site, written: ComparedValue
) -> Iterator[tuple[str, ox.Literal | ox.NamedNode]]:
    """Yield what a value may be meant to be, each with the reason, the likeliest first."""
    text = written.literal.value
    is_number = written.literal.datatype == INTEGER
    if re.fullmatch(r"[0-9]{1,18}", text) and not is_number:
        yield _NUMBER, ox.Literal(text, datatype=INTEGER)
    if re.fullmatch(r"[12][0-9]{3}", text):
        yield _YEARS, ox.Literal(text, datatype=_G_YEAR)
    if is_number:
        return
    if not written.literal.language:
        yield _TAGGED, ox.Literal(text, language=LANGUAGE)
    if doi := normal_doi(text):
        yield _DOI, ox.Literal(doi)
    for match in site.names.find(text, limit=_THINGS):
        if fold(match.matched) == fold(text):
            yield _SPELT, ox.Literal(match.matched, language=LANGUAGE)
            yield _SPELT, ox.Literal(match.matched)
            if written.property:
                yield _THING, ox.NamedNode(match.iri)


def _of_iris(site: Site, query: str) -> Iterator[Remark]:
    passages = {match[0][1:-1]: match[0] for match in PASSAGE.finditer(query) if match[0][0] == "<"}
    spaces = {_space(each): each for each in prefixes(site.release.base_iri).values()}
    declared = set(declared_in(query).values())
    rebased = (
        (written, iri, spaces.get(_space(iri), iri) if iri in declared else _rebased(site, iri))
        for iri, written in passages.items()
    )
    elsewhere = ((written, to) for written, iri, to in rebased if to != iri)
    for written, to in islice(elsewhere, _MOST):
        yield Remark(written, _BASE, f"<{to}>", replaced(query, written, f"<{to}>"))
    things = {iri: name for name, iri in named_in(query).items()} | passages
    sought = [iri for iri in things if _is_thing(site, iri)][:_MOST]
    present = present_terms(site, sought)
    for iri in sought:
        if iri not in present and (near := _nearest(site, iri)):
            name, meant = things[iri], f"<{near}>"
            yield Remark(name, _NOTHING, meant, replaced(query, name, meant))


def _rebased(site: Site, iri: str) -> str:
    """Return our IRI for one with another scheme, or for an address of the site; else the same."""
    for start in (site.release.base_iri, site.absolute("")):
        place = start.partition("://")[2]
        match = re.match(rf"https?://{re.escape(place)}", iri)
        if match and not iri.startswith(site.release.base_iri):
            return site.iris.at(re.sub(r"\.html$", "", iri[match.end() :]))
    return iri


def _space(namespace: str) -> str:
    """Return a namespace without its scheme, "www." and final "#" or "/", which people vary."""
    return re.sub(r"^https?://(?:www\.)?|[#/]+$", "", namespace)


def _is_thing(site: Site, iri: str) -> bool:
    """Whether an IRI has the form of one of our things."""
    path = iri.removeprefix(site.release.base_iri)
    is_path = path != iri and re.fullmatch(r"[^/#?]+/[^/#?]{1,200}", path)
    return bool(is_path and node_of(iri))


def _nearest(site: Site, iri: str) -> str:
    """Return the IRI of the thing that is spelt most like an unused IRI; "" if none is."""
    path, _, name = site.iris.path(iri).partition("/")
    if path in ("graph", "graphs"):
        graphs = {site.iris.path(each).partition("/")[2]: each for each in site.works.graph_sizes}
        near = process.extractOne(name, list(graphs), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return graphs[near[0]] if near and graphs[near[0]] != iri else ""
    singular = next((each for each in CLASSES if path in (each, _plural(each))), "")
    same = site.iris.at(f"{singular}/{name}")
    if singular and same != iri and site.names.named([same]):
        return same
    classes = [singular] if singular else []
    matches = site.names.find(re.sub(r"[-_+]|%20", " ", name), classes, 1)
    return matches[0].iri if matches and matches[0].score >= _ALIKE else ""


def _plural(path: str) -> str:
    return f"{path[:-1]}ies" if path.endswith("y") else f"{path}s"
