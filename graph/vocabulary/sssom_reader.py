"""SSSOM reader: what a row of a table must say to be a link outwards.

SSSOM (https://mapping-commons.github.io/sssom/): one link a row, a column each for its subject,
predicate, object, justification, source and date; the head of the table holds metadata.
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

#: The columns without which a table is not one of links.
REQUIRED = ("subject_id", "predicate_id", "object_id")
EXACT = PREFIXES.expand("skos:exactMatch")
_SAME_AS = PREFIXES.expand("schema:sameAs")
_MATCHES = tuple(
    PREFIXES.expand(f"skos:{kind}Match")
    for kind in ("exact", "close", "broad", "narrow", "related")
)
#: The kind of thing a subject is, by its IRI -> the predicates a link of it may have.
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
    """One link outwards, with the reason to believe it."""

    subject: str
    predicate: str
    object: str
    #: The IRI of a justification of SEMAPV: by what sort of process the two were matched.
    justification: str
    #: Who vouches for the object's identifier, with the version.
    source: str
    #: ISO 8601.
    date: str
    #: The name of its linkset, such as topics-stw.
    linkset: str
    #: From 0 to 1, as text; "" where nobody says.
    confidence: str = ""
    comment: str = ""


class RowReader:
    """Reads one row; collects what is wrong with it."""

    def __init__(self, row: Row, table: Table, iris: IRIs) -> None:
        self._row = row
        self._table = table
        self._iris = iris
        kinds = {kind: iris.thing(kind, "") for kind in CONCEPTS | THINGS}
        self._prefixes = Prefixes(_PREFIXES | kinds | table.prefixes)
        self.problems: list[Problem] = []

    def link(self, known: Callable[[str], bool], names: Iterable[str], name: str) -> Link:
        """The row's link, to be used only where ``problems`` is empty then.

        ``known`` says whether a subject exists, ``names`` are the subjects a slip may have meant,
        and ``name`` is the table's, which the linkset's name begins with.
        """
        meant = next((t for t in TARGETS if t != "web" and name.endswith(f"-{t}")), "")
        self.problems += self._row.unreadable_problems()
        if self._row.surplus:
            self._wrong(
                "",
                "The row has more cells than the table has columns.",
                "Put a value that holds the delimiter in quotation marks.",
            )
        if self._row.get("predicate_modifier"):
            self._wrong(
                "predicate_modifier",
                "The row denies a link, and a link cannot do that.",
                "Take the row out.",
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
            remedy = f"Write what we link from, as platform:upwork or {example}."
            self._wrong("subject_id", message, remedy)
        elif not known(subject):
            near = difflib.get_close_matches(subject, sorted(names), 1, 0.8)
            remedy = f"Is it {near[0]}? " if near else ""
            remedy += "Correct the subject, or add it to its vocabulary or the catalogue first."
            self._wrong("subject_id", "Nothing of ours has this IRI.", remedy)
        return subject

    def _predicate(self, kind: str) -> str:
        predicate = self._expand(self._row.get("predicate_id"))
        allowed = _PREDICATES.get(kind, (*_MATCHES, _SAME_AS))
        if predicate in allowed:
            return predicate
        if predicate in _SAME and kind not in THINGS:
            message = "A concept is not the same thing as another: sameAs says too much."
            remedy = (
                "Write skos:exactMatch where the meaning is the same, skos:closeMatch where nearly."
            )
        elif predicate in _SAME:
            message = "This sameAs says too much, or is another vocabulary's."
            remedy = "Write schema:sameAs, with https://schema.org/."
        else:
            message = "The predicate is missing, or a link of this subject may not have it."
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
            remedy = "Write the whole IRI, or a CURIE whose prefix is in the table's curie_map."
            self._wrong("object_id", message, remedy)
        elif thing.startswith(self._iris.base):
            remedy = "Say it in the vocabulary, with skos:broader or skos:related."
            self._wrong("object_id", "The object is one of ours, and links lead out.", remedy)
        elif not TARGETS[target].has(thing):
            where = TARGETS[target]
            message = f"The object is not what an IRI of {where.title} looks like."
            remedy = f"Write {where.space} and the identifier as the source has it."
            self._wrong("object_id", message, remedy)
        elif meant and target != meant:
            title = TARGETS[meant].title
            message = f"The object is not in {title}, which the table's name ends with."
            self._wrong("object_id", message, "Move the row to another table, or rename this one.")
        return target, thing

    def _justification(self) -> str:
        justification = self._expand(self._row.get("mapping_justification"))
        if justification not in _JUSTIFICATIONS:
            message = "The justification is missing, or SEMAPV does not have it."
            remedy = (
                "Write semapv:ManualMappingCuration for a link that somebody chose by its meaning."
            )
            self._wrong("mapping_justification", message, remedy)
        return justification

    def _source(self) -> str:
        dataset = self._expand(self._said("object_source"))
        if dataset.startswith(self._iris.base):  # the dataset that the linkset leads to, anyway
            dataset = ""
        version = self._said("object_source_version")
        source = ", ".join(filter(None, (dataset, version)))
        if not source:
            remedy = "Name the file, page or release the identifier was seen in, with its version."
            self._wrong("object_source_version", "No source vouches for the object.", remedy)
        return source

    def _date(self) -> str:
        text = self._said("mapping_date")
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            message = "The date is missing." if not text else "The date is not one of ISO 8601."
            self._wrong("mapping_date", message, "Write the day the link was made, as 2026-01-31.")
            return text

    def _confidence(self) -> str:
        text = self._row.get("confidence")
        if text and not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", text):
            remedy = "Write a number from 0 to 1 with a point, or nothing."
            self._wrong("confidence", "The confidence is not a number from 0 to 1.", remedy)
        return text

    def _said(self, column: str) -> str:
        """The value of the row, or else of the whole table."""
        return self._row.get(column) or self._table.metadata.get(column, "")


def is_iri(text: str) -> bool:
    """True for a whole IRI of http, https or urn."""
    return _IRI.fullmatch(text) is not None and node_of(text) is not None
