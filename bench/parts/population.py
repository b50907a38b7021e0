"""Invented works, any number of them, distributed like real ones.

Everything is drawn with one seed from distributions in the shipped catalogue: the fields of a
record (those of a record drawn from it), the growth of years, and the words of titles and which
follows which. Heaps' law, fitted to the catalogue, decides how often an author or venue is new.
Otherwise an earlier one is drawn, in proportion to how often it has been drawn. The shipped
catalogue has few abstracts; here every second work has one, as works from an API do.
"""

from __future__ import annotations

import math
import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Generic, TypeVar

import pyoxigraph as ox
from stdnum.ean import calc_check_digit as ean_digit
from stdnum.iso7064 import mod_11_2
from stdnum.issn import calc_check_digit as issn_digit

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.iris import Minter, agent_key, publication_slug
from oograph.graph.model import Abstract, Name, Record
from oograph.graph.vocabulary import load_vocabulary
from oograph.graph.vocabulary.abstracts import load_abstract_reader
from oograph.graph.vocabulary.scope import is_out_of_scope
from oograph.ontology import BASE_IRI, PREFIXES, turtle

SEED = 20_260_101
#: The shares of works with an abstract and of authors with an ORCID iD.
_WITH_ABSTRACT, _WITH_ORCID = 0.5, 0.2
#: How many different abstracts there are; many works share one.
_ABSTRACTS = 200
#: The sentences of abstracts. {words} come from a title, {platform} and {country} are labels.
_SENTENCES = (
    "This article studies {words}.",
    "Little is known about {words}.",
    "We surveyed 412 freelancers on {platform} about their earnings.",
    "Drawing on 31 interviews with workers in {country}, we ask how {words}.",
    "Using data of 18,204 projects on {platform}, we estimate the effect of ratings on wages.",
    "We run a field experiment in an online labour market.",
    "A survey of platform workers in {country} shows large differences in income.",
    "The findings matter to those who regulate platform work.",
    "We discuss what follows for theory, and where the data end.",
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Work:
    """A work as in the catalogue but without its sources, and what the sources are made from."""

    record: Record
    #: How many sources it has.
    sources: int
    #: The abstract ("" if there is none), and what the rules read in it.
    abstract: str
    read: Abstract | None


class _Growing(Generic[T]):
    """Draw things that recur in proportion to how often they have been drawn (Simon 1955).

    Of n draws, K·n^b are new things (Heaps' law), with K and b fitted to the catalogue.
    """

    def __init__(self, drawn: Sequence[object], new: Callable[[], T], rng: random.Random) -> None:
        shuffled = list(drawn)
        random.Random(SEED).shuffle(shuffled)
        whole, half = len(set(shuffled)), len(set(shuffled[: len(shuffled) // 2]))
        self._power = math.log2(whole / half)
        self._factor = whole / len(shuffled) ** self._power
        self._new, self._rng = new, rng
        self._drawn: list[T] = []

    def draw(self) -> T:
        """Draw an earlier thing, or a new one."""
        wanted = self._factor * self._power * (len(self._drawn) + 1) ** (self._power - 1)
        is_new = not self._drawn or self._rng.random() < wanted
        thing = self._new() if is_new else self._rng.choice(self._drawn)
        self._drawn.append(thing)
        return thing


class _Words:
    """Generate texts whose words follow each other as in the given texts."""

    def __init__(self, texts: Iterable[str], rng: random.Random) -> None:
        self._rng = rng
        self._after: defaultdict[str, list[str]] = defaultdict(list)
        for text in texts:
            words = text.split()
            for before, word in zip(["", *words], [*words, ""], strict=True):
                self._after[before].append(word)

    def draw(self, most: int = 25) -> str:
        """Draw a text of at most ``most`` words."""
        words: list[str] = []
        while len(words) < most and (
            word := self._rng.choice(self._after[words[-1] if words else ""])
        ):
            words.append(word)
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class _Zipf:
    """Labels of a vocabulary, the most used in the catalogue first; the n-th has weight 1/n."""

    labels: tuple[str, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, used: Iterable[str], labels: Iterable[str]) -> _Zipf:
        counted = Counter(used)
        ranked = sorted({*labels, *counted}, key=lambda label: (-counted[label], label))
        return cls(tuple(ranked), tuple(accumulate(1 / n for n in range(1, len(ranked) + 1))))

    def draw(self, rng: random.Random, number: int) -> tuple[str, ...]:
        chosen = rng.choices(self.labels, cum_weights=self.weights, k=number) if number else []
        return tuple(dict.fromkeys(chosen))


#: The facets whose values are drawn from a vocabulary -> the vocabulary.
_DRAWN = {
    "countries": "countries",
    "platforms": "platforms",
    "keywords": "topics",
    "methods": "methods",
}


def population(publications: int) -> Iterator[Work]:
    """Generate that many works, in the order of their creation; the same each time."""
    vocabulary = load_vocabulary()
    works = [
        work
        for work in Catalogue.read(default_folder()).works
        if not is_out_of_scope(work, vocabulary)
    ]
    rng = random.Random(SEED)
    ids = Minter()
    titles = _Words((work.title for work in works), rng)
    venue_words = _Words((work.container_title for work in works if work.container_title), rng)
    names = [name for work in works for name in work.authors if name.family]
    bodies = [name for work in works for name in work.authors if name.literal]
    years, year_weights = _years(works)
    facets = {
        attribute: _Zipf.of(
            (value for work in works for value in getattr(work.facets, attribute)),
            _labels(scheme),
        )
        for attribute, scheme in _DRAWN.items()
    }
    abstracts = tuple(_abstracts(titles, facets, rng))

    def new_author() -> tuple[str, Name]:
        name = Name(rng.choice(names).family, rng.choice(names).given)
        agent = ids.mint(agent_key(name))
        return agent, replace(name, orcid=_orcid(rng)) if rng.random() < _WITH_ORCID else name

    def people(like: Sequence[Name]) -> dict[str, Name]:
        """Draw as many persons and as many bodies as there are in ``like``."""
        return dict(
            authors.draw() if name.family else (agent_key(body := rng.choice(bodies)), body)
            for name in like
        )

    def of_works(read: Callable[[Record], str]) -> list[str]:
        return [value for work in works if (value := read(work))]

    persons = [agent for work in works for agent in work.agents]
    authors = _Growing(persons, new_author, rng)
    venues = _Growing(
        of_works(lambda work: work.container_title), lambda: venue_words.draw(12), rng
    )
    publishers = _Growing(
        of_works(lambda work: work.publisher), lambda: f"{rng.choice(names).family} Press", rng
    )
    before = ""
    for number in range(1, publications + 1):
        like = rng.choice(works)
        writers, editors = people(like.authors), people(like.editors)
        doi = f"10.{rng.randrange(1000, 9999)}/generated.{number}"
        pages = (first := rng.randrange(1, 900), first + rng.randrange(5, 30))
        venue = venues.draw() if like.container_title else ""
        drawn: dict[str, Any] = {
            name: zipf.draw(rng, len(getattr(like.facets, name))) for name, zipf in facets.items()
        }
        record = Record(
            title=titles.draw(),
            original_title=titles.draw() if like.original_title else "",
            type=like.type,
            authors=tuple(writers.values()),
            agents=tuple(writers),
            more_authors=like.more_authors,
            editors=tuple(editors.values()),
            editor_agents=tuple(editors),
            issued=tuple(rng.choices(years, cum_weights=year_weights)) if like.issued else (),
            container_title=venue,
            collection_title=like.collection_title,
            event_title=like.event_title,
            publisher=publishers.draw() if like.publisher else "",
            publisher_place=like.publisher_place,
            volume=str(rng.randrange(1, 60)) if like.volume else "",
            issue=str(rng.randrange(1, 13)) if like.issue else "",
            page=f"{pages[0]}-{pages[1]}" if like.page else "",
            number=like.number,
            genre=like.genre,
            edition=like.edition,
            doi=doi if like.doi else "",
            isbn=(_isbn(number),) if like.isbn else (),
            issn=(_issn(venue),) if like.issn and venue else (),
            url=f"https://example.org/generated/{number}" if like.url else "",
            language=like.language,
            facets=replace(like.facets, **drawn),
            version_of=(before,) if like.version_of and before else (),
        )
        record = replace(record, id=ids.mint(publication_slug(record)))
        abstract = rng.choice(abstracts) if rng.random() < _WITH_ABSTRACT else ("", None)
        yield Work(record, len(like.sources), *abstract)
        before = record.id


def _abstracts(
    titles: _Words, facets: dict[str, _Zipf], rng: random.Random
) -> Iterator[tuple[str, Abstract | None]]:
    """Abstracts, with what is read in each."""
    reader = load_abstract_reader()
    for _ in range(_ABSTRACTS):
        (platform,) = facets["platforms"].draw(rng, 1)
        (country,) = facets["countries"].draw(rng, 1)
        chosen = sorted(rng.sample(range(len(_SENTENCES)), 5))
        text = " ".join(
            _SENTENCES[place].format(words=titles.draw(), platform=platform, country=country)
            for place in chosen
        )
        yield text, reader.read(text)


def _labels(scheme: str) -> Iterator[str]:
    """The preferred labels of a vocabulary's concepts."""
    label = ox.NamedNode(f"{PREFIXES['skos']}prefLabel")
    for triple in ox.parse(turtle(f"{scheme}.ttl", BASE_IRI), format=ox.RdfFormat.TURTLE):
        if triple.predicate == label:
            yield triple.object.value


def _years(works: Iterable[Record]) -> tuple[list[int], list[float]]:
    """Years with cumulative weights that grow as the catalogue's do up to its peak year."""
    counts = Counter(work.year for work in works if work.year)
    best = max(counts, key=lambda year: (counts[year], year))
    rising = [year for year in counts if year <= best and counts[year] >= 5]
    middle = sum(rising) / len(rising)
    height = sum(math.log(counts[year]) for year in rising) / len(rising)
    rate = sum((y - middle) * (math.log(counts[y]) - height) for y in rising) / sum(
        (y - middle) ** 2 for y in rising
    )
    years = list(range(min(counts), max(counts) + 1))
    return years, list(accumulate(math.exp(rate * (year - years[0])) for year in years))


def _orcid(rng: random.Random) -> str:
    """An ORCID iD with a valid check digit, below the range that is assigned to people."""
    digits = f"00000000{rng.randrange(10**7):07}"
    digits += mod_11_2.calc_check_digit(digits)
    return "-".join(digits[place : place + 4] for place in range(0, 16, 4))


def _isbn(number: int) -> str:
    digits = f"979{number:09}"
    return digits + ean_digit(digits)


def _issn(venue: str) -> str:
    """The ISSN of a venue, always the same."""
    digits = f"{zlib.crc32(venue.encode()) % 10**7:07}"
    return f"{digits[:4]}-{digits[4:]}{issn_digit(digits)}"
