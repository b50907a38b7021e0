"""SSSOM reader: reads and checks the rows of a table of links to other datasets.

SSSOM (https://mapping-commons.github.io/sssom/) has one link per row, with columns for subject,
predicate, object, justification, source and date. The comments at the top of the table are
metadata.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ...ontology import PREFIXES, Prefixes
from ..iris import THINGS, IRIs, node_of
from ..model import Problem
from ..targets import TARGETS, target_of
from . import CONCEPTS
from .tables import Row, Table

#: The columns that a table of links must have.
REQUIRED = ("subject_id", "predicate_id", "object_id")
EXACT = PREFIXES.expand("skos:exactMatch")
_SAME_AS = PREFIXES.expand("schema:sameAs")
_MATCHES = tuple(
    PREFIXES.expand(f"skos:{kind}Match")
    for kind in ("exact", "close", "broad", "narrow", "related")
)
#: The kind of a subject (by its IRI) -> the predicates that its links may have.
_PREDICATES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(CONCEPTS, _MATCHES),
    "platform": (*_MATCHES, *map(PREFIXES.expand, ("schema:url", "foaf:isPrimaryTopicOf"))),
    **dict.fromkeys(THINGS, (_SAME_AS, PREFIXES.expand("rdfs:seeAlso"))),
}
_SAME = frozenset({PREFIXES.expand("owl:sameAs"), "http://schema.org/sameAs", _SAME_AS})
#: The justifications of SEMAPV (https://mapping-commons.github.io/semantic-mapping-vocabulary/).
_JUSTIFICATIONS = frozenset(
    PREFIXES.expand(f"semapv:{name}")
    for name in (
        "BackgroundKnowledgeBasedMatching CompositeMatching InstanceBasedMatching "
        "LexicalMatching LexicalSimilarityThresholdMatching LogicalReasoning "
        "ManualMappingCuration MappingChaining MappingInversion MappingReview "
        "SemanticSimilarityThresholdMatching StructuralMatching UnspecifiedMatching"
    ).split()
)
_PREFIXES = Prefixes(
    PREFIXES | {name: target.space for name, target in TARGETS.items() if target.space}
)
_IRI = re.compile(r"(?:https?://[^\s/]+|urn:[a-z0-9][a-z0-9-]+:)[^\s<>\"{}|\\^`]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another dataset, with its justification."""

    subject: str
    predicate: str
    object: str
    #: The IRI of a SEMAPV justification: how the two were matched.
    justification: str
    #: Where the object's identifier was found, with the version.
    source: str
    #: ISO 8601.
    date: str
    #: The name of its linkset, such as topics-stw.
    linkset: str
    #: From 0 to 1, as text; "" if not given.
    confidence: str = ""
    comment: str = ""


class RowReader:
    """Reads one row and collects its problems."""

    def __init__(self, row: Row, table: Table, iris: IRIs) -> None:
        self._row = row
        self._table = table
        self._iris = iris
        kinds = {kind: iris.thing(kind, "") for kind in CONCEPTS | THINGS}
        self._prefixes = Prefixes(_PREFIXES | kinds | table.prefixes)
        self.problems: list[Problem] = []

    def link(self, known: Callable[[str], bool], names: Iterable[str], name: str) -> Link:
        """Return the row's link; use it only if ``problems`` is empty afterwards.

        ``known`` says whether a subject exists; ``names`` are the subjects to suggest for a
        misspelt one; ``name`` is the name of the table, with which the linkset's name begins.
        """
        meant = next((t for t in TARGETS if t != "web" and name.endswith(f"-{t}")), "")
        self.problems += self._row.unreadable_problems()
        if self._row.surplus:
            self._wrong(
                "",
                "The row has more cells than the table has columns.",
                "Put quotation marks around a value that contains the delimiter.",
            )
        if self._row.get("predicate_modifier"):
            self._wrong(
                "predicate_modifier",
                "The row says that something does not match, which a link cannot say.",
                "Remove the row.",
            )
        subject = self._subject(known, names)
        predicate = self._predicate(self._iris.kind(subject))
        target, thing = self._object(meant)
        return Link(
            subject=subject,
            predicate=predicate,
            object=thing,
            justification=self._justification(),
            source=self._source(),
            date=self._date(),
            linkset=name if name.endswith(f"-{target}") else f"{name}-{target}",
            confidence=self._confidence(),
            comment=self._row.get("comment"),
        )

    def _wrong(self, column: str, message: str, remedy: str) -> None:
        self.problems.append(self._row.problem(column, message, remedy))

    def _expand(self, text: str) -> str:
        prefix, colon, _ = text.partition(":")
        return self._prefixes.expand(text) if colon and prefix in self._prefixes else text

    def _subject(self, known: Callable[[str], bool], names: Iterable[str]) -> str:
        subject = self._expand(self._row.get("subject_id"))
        if self._iris.kind(subject) not in _PREDICATES:
            message = (
                "The subject is missing." if not subject else "The subject is not one of ours."
            )
            example = self._iris.thing("platform", "upwork")
            remedy = f"Write one of our IRIs, such as platform:upwork or {example}."
            self._wrong("subject_id", message, remedy)
        elif not known(subject):
            near = difflib.get_close_matches(subject, sorted(names), 1, 0.8)
            remedy = f"Did you mean {near[0]}? " if near else ""
            remedy += "Correct the subject, or first add it to its vocabulary or the catalogue."
            self._wrong("subject_id", "There is nothing with this IRI.", remedy)
        return subject

    def _predicate(self, kind: str) -> str:
        predicate = self._expand(self._row.get("predicate_id"))
        allowed = _PREDICATES.get(kind, (*_MATCHES, _SAME_AS))
        if predicate in allowed:
            return predicate
        if predicate in _SAME and kind not in THINGS:
            message = "sameAs is too strong for concepts."
            remedy = (
                "Write skos:exactMatch if the meaning is the same, or skos:closeMatch if nearly so."
            )
        elif predicate in _SAME:
            message = "This sameAs is too strong, or has the wrong namespace."
            remedy = "Write schema:sameAs, with https://schema.org/ as the namespace."
        else:
            message = "The predicate is missing, or is not allowed for this kind of subject."
            remedy = f"Write one of {', '.join(map(PREFIXES.compress, allowed))}."
        self._wrong("predicate_id", message, remedy)
        return predicate

    def _object(self, meant: str) -> tuple[str, str]:
        thing = self._expand(self._row.get("object_id"))
        target = target_of(thing)
        if not is_iri(thing):
            message = (
                "The object is missing."
                if not thing
                else "The object is not an http(s) or urn IRI."
            )
            remedy = "Write the full IRI, or a CURIE with a prefix from the table's curie_map."
            self._wrong("object_id", message, remedy)
        elif thing.startswith(self._iris.base):
            remedy = "State it in the vocabulary instead, with skos:broader or skos:related."
            message = "The object is one of ours, but links must lead to other datasets."
            self._wrong("object_id", message, remedy)
        elif not TARGETS[target].has(thing):
            where = TARGETS[target]
            message = f"The object does not look like an IRI of {where.title}."
            remedy = f"Write {where.space} followed by the identifier, exactly as in the source."
            self._wrong("object_id", message, remedy)
        elif meant and target != meant:
            title = TARGETS[meant].title
            message = f"The table's name says that its links lead to {title}; this one does not."
            self._wrong("object_id", message, "Move the row to another table, or rename this one.")
        return target, thing

    def _justification(self) -> str:
        justification = self._expand(self._row.get("mapping_justification"))
        if justification not in _JUSTIFICATIONS:
            message = "The justification is missing, or is not in SEMAPV."
            remedy = (
                "Write semapv:ManualMappingCuration for a link that a person chose by its meaning."
            )
            self._wrong("mapping_justification", message, remedy)
        return justification

    def _source(self) -> str:
        dataset = self._expand(self._said("object_source"))
        if dataset.startswith(self._iris.base):  # our IRI for the dataset that the links lead to
            dataset = ""
        version = self._said("object_source_version")
        source = ", ".join(filter(None, (dataset, version)))
        if not source:
            remedy = "Give the file, page or release that has the identifier, with its version."
            message = "The source of the object is missing."
            self._wrong("object_source_version", message, remedy)
        return source

    def _date(self) -> str:
        text = self._said("mapping_date")
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            message = "The date is missing." if not text else "The date is not in ISO 8601 format."
            remedy = "Write the day on which the link was made, such as 2026-01-31."
            self._wrong("mapping_date", message, remedy)
            return text

    def _confidence(self) -> str:
        text = self._row.get("confidence")
        if text and not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", text):
            remedy = "Write a number such as 0.9, or leave it empty."
            self._wrong("confidence", "The confidence is not a number from 0 to 1.", remedy)
        return text

    def _said(self, column: str) -> str:
        """The value of the row; if it has none, that of the whole table."""
        return self._row.get(column) or self._table.metadata.get(column, "")


def is_iri(text: str) -> bool:
    """Whether a text is a full http, https or urn IRI."""
    return _IRI.fullmatch(text) is not None and node_of(text) is not None
