"""Names: what persons, bodies and new concepts are called, as all records together have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from ..catalogue.sources import SourceName
from ..fields import Field
from ..iris import IRIs, slug
from ..model import FACETS, Name, Record
from ..vocabulary.authority import Authority, load_authority

#: The facets that are concepts of a vocabulary, one or several.
CONCEPTS = tuple(
    (field, field.scheme) for field in FACETS if field.scheme and field.kind != "bodies"
)


@dataclass(frozen=True, slots=True)
class Names:
    """What persons, bodies and new concepts are called, as all records together have it."""

    #: Agent id -> the fullest form of its name.
    agents: Mapping[str, Name]
    #: IRI of a venue, organisation or new concept -> its most frequent spelling.
    labels: Mapping[str, str]
    #: Agent id -> every ORCID iD that a record has for it.
    orcids: Mapping[str, frozenset[str]]
    #: What the files are called that records were read from.
    sources: Sequence[SourceName] = ()

    @classmethod
    def of(cls, records: Iterable[Record], iris: IRIs, sources: Sequence[SourceName] = ()) -> Self:
        """The names that records give, in one look at all of them."""
        names: dict[str, Name] = {}
        orcids: dict[str, frozenset[str]] = {}
        spellings: dict[str, Counter[str]] = {}
        authority = load_authority()
        for record in records:
            for agent, name in _agents(record):
                names[agent] = max(
                    names.get(agent, name), name, key=lambda n: (len(str(n)), str(n))
                )
                if name.orcid:
                    orcids[agent] = orcids.get(agent, frozenset()) | {name.orcid}
            for kind, label in _named(record, authority):
                spellings.setdefault(iris.thing(kind, slug(label)), Counter())[label] += 1
        labels = {iri: min(c, key=lambda label: (-c[label], label)) for iri, c in spellings.items()}
        return cls(names, labels, orcids, sources)

    def part(self, records: Iterable[Record], iris: IRIs) -> Names:
        """Those that the mapping of some of the records needs."""
        authority = load_authority()
        agents, labels = set[str](), set[str]()
        for record in records:
            agents.update(agent for agent, _ in _agents(record))
            labels.update(
                iris.thing(kind, slug(label)) for kind, label in _named(record, authority)
            )
        return Names(
            {agent: self.agents[agent] for agent in agents},
            {iri: self.labels[iri] for iri in labels},
            {agent: self.orcids[agent] for agent in agents if agent in self.orcids},
            self.sources,
        )


def _agents(record: Record) -> Iterator[tuple[str, Name]]:
    yield from zip(record.agents, record.authors, strict=True)
    yield from zip(record.editor_agents, record.editors, strict=True)


def _named(record: Record, authority: Authority) -> Iterator[tuple[str, str]]:
    """Each thing that a record names by words alone: the kind its IRI has, and the words."""
    if record.container_title:
        yield "venue", authority.place(record.container_title, record.issn).name
    if publisher := authority.publisher(record.publisher):
        yield "organization", publisher
    for organisation in record.facets.organisations:
        yield "organization", organisation.name
    for author in (*record.authors, *record.editors):
        if author.literal:
            yield "organization", author.literal
    for field, scheme in CONCEPTS:
        for label in labels_of(record, field):
            yield scheme.kind, label


def labels_of(record: Record, field: Field) -> tuple[str, ...]:
    """The words of a facet that holds one concept or several."""
    value = getattr(record.facets, field.name)
    return value if field.kind == "concepts" else (value,) * bool(value)
