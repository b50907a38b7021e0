"""Candidates: the things that a row of a table may mean, with scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox
from rapidfuzz import fuzz

from ...graph.identifiers import normal_doi, normal_isbn, normal_issn
from ...graph.index.names import Match
from ...graph.index.names_index import KINDS
from ...graph.iris import fold
from ..records.own import own
from ..web.deadline import check
from ..web.site import Site
from .external import external, ours
from .properties import PROPERTIES, TYPES, Property, Value, values

#: A match has at least this score, and at least this lead over the next candidate.
_SURE, _CLEAR = 95.0, 3.0
#: The share of a score that other properties decide. How well a property agrees if the graph has
#: no value, and if things of the class never have the property. The factor for an identifier that
#: differs.
_SHARE, _UNKNOWN, _UNFIT, _OTHER = 0.3, 0.9, 0.5, 0.5
#: Path of a class -> its rank among things of the same name: subjects of works before works.
_PLACES = {
    path: place
    for place, path in enumerate(sorted(TYPES.values(), key=lambda path: path == "publication"))
}
#: How many more names than asked for are compared by their properties.
_SPARE = 10
#: The first part of a state's long name ("Islamic Republic of", "Kingdom of the"), folded. The
#: Republic of China is excluded, because it is not a long name of China.
_STATE = re.compile(
    r"(?!(the )?republic of china$)"
    r"(the )?([a-z]+ )*(republic|kingdom|commonwealth|federation|sultanate|principality) of (the )?"
)
#: The score of a country found by the rest of such a name, and the lowest score of a person found
#: by initials, which stays below that of a sure match.
_BY_STATE, _BY_INITIALS = 97.0, 90.0
_COUNTRY, _PERSON = "country", "person"


@dataclass(frozen=True, slots=True)
class Question:
    """The query for one row."""

    text: str
    #: The paths of the allowed classes; () for any.
    classes: tuple[str, ...]
    #: Pairs of a property's id and its values (texts or ids of things), in order.
    properties: tuple[tuple[str, tuple[str, ...]], ...]
    limit: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant."""

    match: Match
    score: float
    #: Whether it is a match beyond reasonable doubt.
    sure: bool
    #: How well the name and each property of the query agree, 0–100.
    features: tuple[tuple[str, float], ...]


def candidates(site: Site, questions: Sequence[Question]) -> list[list[Candidate]]:
    """Return the candidates of each question, best first; all questions share SPARQL queries.

    The score is that of the name (see ``Names.find``), but the other properties decide 30 % of it.
    Each property agrees fully, partly (such as the year before or after), or not at all. A value
    that the graph lacks costs little. An equal identifier (DOI, ISBN, ISSN, code) makes the score
    100; one that differs halves it.
    """
    given = _by_identifier(site, questions)
    matches = [_matches(site, question, given) for question in questions]
    wanted: dict[str, set[str]] = {}
    for question, candidates in zip(questions, matches, strict=True):
        for pid, _ in question.properties:
            wanted.setdefault(pid, set()).update(match.iri for match in candidates)
    known = {pid: values(site, PROPERTIES[pid], iris) for pid, iris in wanted.items()}
    return [
        _ranked(site, question, candidates, known)
        for question, candidates in zip(questions, matches, strict=True)
    ]


def _by_identifier(site: Site, questions: Sequence[Question]) -> dict[str, list[Match]]:
    """Return the things that identifiers in the questions name, by identifier as given."""
    sought: dict[str, tuple[str, ...]] = {}
    for question in questions:
        texts = [question.text]
        for pid, given in question.properties:
            if PROPERTIES[pid].identifies:
                texts += given
        check()
        for each in texts:
            if each in sought or not any(c.isdigit() or c == "/" for c in each):
                continue
            outside = external(each)
            if iris := (*(outside.iris if outside else ()), *own(site, each)):
                sought[each] = iris
    if not sought:
        return {}
    every = {iri for iris in sought.values() for iri in iris}
    linked = ours(site, (iri for iri in every if not iri.startswith(site.release.base_iri)))
    named = site.names.named(sorted(every | {iri for each in linked.values() for iri in each}))
    known: dict[str, list[Match]] = {}
    for each, iris in sought.items():
        things = {thing for iri in iris for thing in (iri, *linked.get(iri, ()))}
        if matches := [named[thing] for thing in sorted(things) if thing in named]:
            known[each] = matches
    return known


def _matches(site: Site, question: Question, given: Mapping[str, list[Match]]) -> list[Match]:
    limit = question.limit + (_SPARE if question.properties else 1)
    found = (*site.names.find(question.text, question.classes, limit), *_states(site, question))
    scored = sorted(map(_initialled(question.text), found), key=lambda match: match.score)
    matches = {match.iri: match for match in scored}  # the better of two for the same thing
    texts = [question.text]
    for pid, wanted in question.properties:
        if PROPERTIES[pid].identifies:
            texts += wanted
            codes = (m for code in wanted for m in site.names.find(code, question.classes, 1))
            matches.update(
                (m.iri, m) for m in codes if m.kind == "notation" and m.iri not in matches
            )
    for each in texts:
        for match in given.get(each, ()):
            if not question.classes or match.kind_of_thing in question.classes:
                named = each == question.text
                if named or match.iri not in matches:
                    matches[match.iri] = replace(match, score=100.0 if named else 0.0)
    return list(matches.values())


def _states(site: Site, question: Question) -> list[Match]:
    """Return the country for a long name, such as "Islamic Republic of Pakistan"."""
    text = fold(question.text)
    before = _STATE.match(text)
    if not before or (question.classes and _COUNTRY not in question.classes):
        return []
    called = site.names.called(text[before.end() :], [_COUNTRY], 1)
    return [replace(match, score=_BY_STATE) for match in called if match.kind != "notation"]


def _initialled(text: str) -> Callable[[Match], Match]:
    """Return a function that raises the score of a person whose given names match as initials.

    By characters alone, "R. Heeks" is more similar to "Rhee, K. S." than to "Richard Heeks".
    """
    words = fold(text).split()

    def scored(match: Match) -> Match:
        score = _BY_INITIALS + match.score * (_SURE - _BY_INITIALS) / 100
        if match.kind_of_thing != _PERSON or match.score >= score:
            return match
        names = (fold(name).split() for name in (match.matched, match.label))
        fits = any(_abbreviates(words, name) for name in names)
        return replace(match, score=round(score, 1)) if fits else match

    return scored


def _ranked(
    site: Site,
    question: Question,
    matches: Sequence[Match],
    known: Mapping[str, Mapping[str, Sequence[Value]]],
) -> list[Candidate]:
    scored = []
    for match in matches:
        features = [("name", match.score)]
        agreements: list[float] = []
        decided, other = False, False
        for pid, wanted in question.properties:
            has = known[pid].get(match.iri, ())
            agreement = _agreement(site, PROPERTIES[pid], wanted, has) if has else None
            if agreement is not None:
                features.append((pid, round(100 * agreement, 1)))
            if PROPERTIES[pid].identifies:
                decided |= agreement == 1
                other |= agreement is not None and agreement < 1
            elif agreement is None:
                fits = match.kind_of_thing in (PROPERTIES[pid].classes or (match.kind_of_thing,))
                agreements.append(_UNKNOWN if fits else _UNFIT)
            else:
                agreements.append(agreement)
        score = match.score
        if agreements:
            score *= 1 - _SHARE * (1 - sum(agreements) / len(agreements))
        if decided:
            score = 100.0
        elif other:
            score *= _OTHER
        if score > 0:
            scored.append((round(score, 1), match, tuple(features)))
    scored.sort(key=_place)
    next_score = scored[1][0] if len(scored) > 1 else 0.0
    return [
        Candidate(
            match,
            score,
            place == 0 and score >= _SURE and score - next_score >= _CLEAR,
            features,
        )
        for place, (score, match, features) in enumerate(scored[: question.limit])
    ]


def _place(scored: tuple[float, Match, object]) -> tuple[float | str, ...]:
    """Return the sort key of a candidate: score, then kind of name, class and number of mentions.

    The class counts only if the name is equal, because it says nothing about similar names.
    """
    score, match, _ = scored
    place = _PLACES.get(match.kind_of_thing, len(_PLACES)) if match.score >= 100 else 0
    return (-score, -match.score, KINDS.index(match.kind), place, -match.mentions, match.iri)


def _agreement(
    site: Site, property: Property, wanted: Sequence[str], has: Sequence[Value]
) -> float:
    """Return how well the wanted values agree with those in the graph, 0–1, by the best pair."""
    check()
    return max((_alike(site, property, w, h) for w in wanted for h in has), default=0.0)


def _alike(site: Site, property: Property, wanted: str, has: Value) -> float:
    written = has.term.value
    if isinstance(has.term, ox.NamedNode):
        iri = site.iris.path(written)
        if wanted in (written, iri):
            return 1.0
        if property.identifies:
            identified = external(wanted)
            return float(identified is not None and written in identified.iris)
        written = has.label or iri
    if property.id == "year":
        return _years(wanted, written)
    if normal := _NORMAL.get(property.id):
        return float(normal(wanted) == normal(written) != "")
    one, other = fold(wanted), fold(written)
    if property.identifies or not one:
        return float(one == other)
    if property.id == "author" and _abbreviates(one.split(), other.split()):
        return 1.0
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)) / 100


def _abbreviates(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names are the same apart from initials and the order of their parts."""
    shorter, left = sorted((list(one), list(other)), key=len)
    whole = False
    for word in sorted(shorter, key=len, reverse=True):
        initials = (each for each in left if each[0] == word[0] and 1 in (len(each), len(word)))
        partner = word if word in left else next(initials, None)
        if partner is None:
            return False
        left.remove(partner)
        whole |= partner == word and len(word) > 1
    return whole


def _years(wanted: str, written: str) -> float:
    """Return 1 for the same year, 0.7 for the one before or after (online and print), else 0."""
    if not wanted[:4].isdecimal():
        return 0.0
    apart = abs(int(wanted[:4]) - int(written))
    return {0: 1.0, 1: 0.7}.get(apart, 0.0)


_NORMAL = {"doi": normal_doi, "isbn": normal_isbn, "issn": normal_issn}
