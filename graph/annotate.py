"""Annotation: the platforms, countries, topics and methods a title names, each with its evidence.

A gazetteer of the vocabularies' own labels, matched at word boundaries. What is found is
inferred, never stated: mapping keeps it in a graph of its own, with rule, text and place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .identity import fold
from .model import Record
from .vocabulary import Vocabulary

__all__ = ["Gazetteer", "Inference", "annotate"]

#: Names that are also everyday words, people or other places, and the words that must stand
#: before one for it to be the platform or country.
_AMBIGUOUS: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        "platforms": (
            frozenset("AMT Appen Applause Freelancer Guru Prolific Sama Scale".split()),
            r"[Pp]latforms? |[Pp]latforms? (?:such as|like) |(?:Fiverr|Upwork)(?:,| and) ",
        ),
        "countries": (
            frozenset("Chad Georgia Jordan Mali Togo Turkey".split()),
            r"(?:across|from|in|of) ",
        ),
    }
)
#: Labels that classify a record but say nothing where they stand in a title.
_NEVER: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "platforms": frozenset(),
        "countries": frozenset({"Other"}),
        "topics": frozenset({"challenges"}),
        "methods": frozenset(),
    }
)


@dataclass(frozen=True, slots=True)
class Inference:
    """A concept that a record's text names, and the evidence for it."""

    scheme: str
    concept: str
    rule: str
    matched_text: str
    #: The record's field the text stands in.
    matched_in: str
    #: 0-based character in that field.
    offset: int


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """One pattern a scheme, made once from a vocabulary's labels."""

    patterns: Mapping[str, re.Pattern[str]]
    vocabulary: Vocabulary

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Gazetteer:
        """The gazetteer of the schemes that titles can name."""
        return cls({s: _pattern(s, vocabulary.forms[s]) for s in _NEVER}, vocabulary)


def annotate(record: Record, gazetteer: Gazetteer) -> tuple[Inference, ...]:
    """What the titles and keywords of a record name, each concept once, by its first mention."""
    found: dict[str, Inference] = {}
    for inference in (*_in_titles(record, gazetteer), *_in_keywords(record, gazetteer)):
        found.setdefault(inference.concept, inference)
    return tuple(found.values())


def _in_titles(record: Record, gazetteer: Gazetteer) -> Iterator[Inference]:
    for field, text in (("title", record.title), ("original_title", record.original_title)):
        for scheme, pattern in gazetteer.patterns.items():
            for hit in pattern.finditer(text.replace("’", "'")):
                group = "name" if hit["name"] else "context_name"
                name = hit[group]
                singular = (name, name.removesuffix("s"), name.removesuffix("es"))
                look_up = (gazetteer.vocabulary.concept(scheme, form) for form in singular)
                if concept := next(filter(None, look_up), None):
                    rule = f"{scheme}-label-in-title"
                    matched = text[hit.start(group) : hit.end(group)]
                    yield Inference(scheme, concept, rule, matched, field, hit.start(group))


def _in_keywords(record: Record, gazetteer: Gazetteer) -> Iterator[Inference]:
    """Keywords that name a platform, country or method; a topic's keyword is stated as it is."""
    for keyword in record.facets.keywords:
        if gazetteer.vocabulary.concept("topics", keyword):
            continue
        for scheme in ("platforms", "countries", "methods"):
            if concept := gazetteer.vocabulary.concept(scheme, keyword):
                rule = f"{scheme}-label-is-keyword"
                yield Inference(scheme, concept, rule, keyword, "keywords", 0)


def _pattern(scheme: str, forms: Mapping[str, str]) -> re.Pattern[str]:
    """All labels of a scheme as one pattern, longest first.

    A name of one word keeps its case ("Uber", not "uber"); phrases, topics and methods do not,
    and the latter two also match in the plural.
    """
    ambiguous, context = _AMBIGUOUS.get(scheme, (frozenset(), "(?!)"))
    plural = scheme in ("topics", "methods")
    names = "|".join(
        _escaped(form, plural)
        for form in sorted(forms, key=lambda form: (-len(form), form))
        if form not in ambiguous and form not in _NEVER[scheme] and len(fold(form)) > 1
    )
    unsure = "|".join(sorted(ambiguous))
    return re.compile(
        rf"(?<![\w-])(?:(?P<name>{names})|(?:{context})(?P<context_name>{unsure}))(?![\w-])"
    )


def _escaped(form: str, plural: bool) -> str:
    text = re.sub(r"(?:\\[ -])+", "[ -]", re.escape(form.replace("’", "'")))
    if plural:
        return f"(?i:{text}(?:s|es)?)"
    return f"(?i:{text})" if " " in form else text
