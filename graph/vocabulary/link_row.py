"""Link: one link outwards, and what a row of a table must say to be one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..model import Problem
from ..targets import TARGETS, target_of
from . import SCHEMES
from .link_table import Row, Table

__all__ = [
    "CONCEPTS",
    "EXACT",
    "Link",
    "RowReader",
    "THINGS",
    "is_iri",
    "kind_of",
]


CONCEPTS = frozenset({scheme.kind for scheme in SCHEMES.values()})
THINGS = frozenset({"organization", "person", "publication", "venue"})
_SKOS, _SCHEMA = PREFIXES["skos"], PREFIXES["schema"]
EXACT = f"{_SKOS}exactMatch"
_MATCHES = tuple(f"{_SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))
#: The kind of thing a subject is, by its IRI -> the predicates a link of it may have.
_PREDICATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(CONCEPTS, _MATCHES),
        "platform": (*_MATCHES, f"{_SCHEMA}url", f"{PREFIXES['foaf']}isPrimaryTopicOf"),
        **dict.fromkeys(THINGS, (f"{_SCHEMA}sameAs", f"{PREFIXES['rdfs']}seeAlso")),
    }
)
_SAME = frozenset({f"{PREFIXES['owl']}sameAs", "http://schema.org/sameAs", f"{_SCHEMA}sameAs"})
#: The justifications of SEMAPV (https://mapping-commons.github.io/semantic-mapping-vocabulary/).
_JUSTIFICATIONS = frozenset(
    f"{PREFIXES['semapv']}{name}"
    for name in (
        "BackgroundKnowledgeBasedMatching CompositeMatching InstanceBasedMatching "
        "LexicalMatching LexicalSimilarityThresholdMatching LogicalReasoning "
        "ManualMappingCuration MappingChaining MappingInversion MappingReview "
        "SemanticSimilarityThresholdMatching StructuralMatching UnspecifiedMatching"
    ).split()
)
_PREFIXES: Mapping[str, str] = MappingProxyType(
    {**PREFIXES, **{name: target.space for name, target in TARGETS.items() if target.space}}
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


def kind_of(iri: str, base_iri: str) -> str:
    """What sort of thing of ours an IRI names (platform, topic, person, …); "" for none."""
    kind, slash, name = iri.removeprefix(base_iri).partition("/")
    return kind if iri.startswith(base_iri) and slash and name and "/" not in name else ""


class RowReader:
    """Reads one row; collects what is wrong with it."""

    def __init__(self, row: Row, table: Table, base: str) -> None:
        self._row = row
        self._table = table
        self._base = base
        self.problems: list[Problem] = []

    def link(self, known: Callable[[str], bool], names: Iterable[str], name: str) -> Link:
        """The row's link, to be used only where ``problems`` is empty then.

        ``known`` says whether a subject exists, ``names`` are the subjects a slip may have meant,
        and ``name`` is the table's, which the linkset's name begins with.
        """
        meant = next((t for t in TARGETS if t != "web" and name.endswith(f"-{t}")), "")
        if self._row.surplus:
            self._wrong(
                "",
                "The row has more cells than the table has columns.",
                "Put a value that holds the delimiter in quotation marks.",
            )
        if self._row.get("predicate_modifier"):
            self._wrong(
                "predicate_modifier",
                "The row says what is not so, and no link can say that.",
                "Take the row out.",
            )
        subject = self._subject(known, names)
        predicate = self._predicate(kind_of(subject, self._base))
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

    def _wrong(self, column: str, what: str, mend: str) -> None:
        self.problems.append(self._row.problem(column, what, mend))

    def _expand(self, text: str) -> str:
        prefix, colon, local = text.partition(":")
        if prefix in CONCEPTS | THINGS and prefix not in self._table.prefixes:
            return f"{self._base}{prefix}/{local}"
        space = self._table.prefixes.get(prefix) or _PREFIXES.get(prefix)
        return space + local if colon and space else text

    def _subject(self, known: Callable[[str], bool], names: Iterable[str]) -> str:
        subject = self._expand(self._row.get("subject_id"))
        if kind_of(subject, self._base) not in _PREDICATES:
            what = "The subject is missing." if not subject else "The subject is none of ours."
            mend = f"Write what we link from, as platform:upwork or {self._base}platform/upwork."
            self._wrong("subject_id", what, mend)
        elif not known(subject):
            near = difflib.get_close_matches(subject, sorted(names), 1, 0.8)
            mend = f"Is it {near[0]}? " if near else ""
            mend += "Correct the subject, or add it to its vocabulary or the catalogue first."
            self._wrong("subject_id", "Nothing of ours has this IRI.", mend)
        return subject

    def _predicate(self, kind: str) -> str:
        predicate = self._expand(self._row.get("predicate_id"))
        allowed = _PREDICATES.get(kind, (*_MATCHES, f"{_SCHEMA}sameAs"))
        if predicate in allowed:
            return predicate
        if predicate in _SAME and kind not in THINGS:
            what = "A concept is no thing that is the same as another: sameAs says too much."
            mend = (
                "Write skos:exactMatch where the meaning is the same, skos:closeMatch where nearly."
            )
        elif predicate in _SAME:
            what = "This sameAs says too much, or is another vocabulary's."
            mend = "Write schema:sameAs, with https://schema.org/."
        else:
            what = "The predicate is missing, or none that a link of this subject may have."
            mend = f"Write one of {', '.join(map(_curie, allowed))}."
        self._wrong("predicate_id", what, mend)
        return predicate

    def _object(self, meant: str) -> tuple[str, str]:
        thing = self._expand(self._row.get("object_id"))
        target = target_of(thing)
        if not is_iri(thing):
            what = (
                "The object is missing."
                if not thing
                else "The object is not an http(s) or urn IRI."
            )
            mend = "Write the whole IRI, or a CURIE whose prefix is in the table's curie_map."
            self._wrong("object_id", what, mend)
        elif thing.startswith(self._base):
            mend = "Say it in the vocabulary, with skos:broader or skos:related."
            self._wrong("object_id", "The object is one of ours, and links lead out.", mend)
        elif not TARGETS[target].has(thing):
            where = TARGETS[target]
            what = f"The object is not what an IRI of {where.title} looks like."
            mend = f"Write {where.space} and the identifier as the source has it."
            self._wrong("object_id", what, mend)
        elif meant and target != meant:
            what = f"The object is not in {TARGETS[meant].title}, which the table's name ends with."
            self._wrong("object_id", what, "Move the row to another table, or rename this one.")
        return target, thing

    def _justification(self) -> str:
        justification = self._expand(self._row.get("mapping_justification"))
        if justification not in _JUSTIFICATIONS:
            what = "The justification is missing, or none that SEMAPV has."
            mend = (
                "Write semapv:ManualMappingCuration for a link that somebody chose by its meaning."
            )
            self._wrong("mapping_justification", what, mend)
        return justification

    def _source(self) -> str:
        source = self._said("object_source")
        if not source:
            mend = "Name the file, page or release the identifier was seen in, with its version."
            self._wrong("object_source", "No source vouches for the object.", mend)
        return source

    def _date(self) -> str:
        text = self._said("mapping_date")
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            what = "The date is missing." if not text else "The date is not one of ISO 8601."
            self._wrong("mapping_date", what, "Write the day the link was made, as 2026-01-31.")
            return text

    def _confidence(self) -> str:
        text = self._row.get("confidence")
        if text and not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", text):
            mend = "Write a number from 0 to 1 with a point, or nothing."
            self._wrong("confidence", "The confidence is not a number from 0 to 1.", mend)
        return text

    def _said(self, column: str) -> str:
        """The value of the row, or else of the whole table."""
        return self._row.get(column) or self._table.metadata.get(column, "")


def is_iri(text: str) -> bool:
    """True for a whole IRI of http, https or urn."""
    if not _IRI.fullmatch(text):
        return False
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _curie(iri: str) -> str:
    name, space = next((n, s) for n, s in PREFIXES.items() if iri.startswith(s))
    return f"{name}:{iri.removeprefix(space)}"
