"""Works that do not exist, as many as are asked for, skewed as real ones are.

Everything is drawn with one seed from what the shipped catalogue shows: which fields a record has
(those of a record drawn from it), how fast years grow, the words of titles and which follows
which. An author or a venue is new as often as Heaps' law, fitted to the catalogue, says, and
otherwise one of those before, the more likely the more often it was there. The shipped catalogue
has few abstracts; here every second work has one, as works have that come from an API.
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
#: The share of works with an abstract, and that of authors with an ORCID iD.
_WITH_ABSTRACT, _WITH_ORCID = 0.5, 0.2
#: How many abstracts there are; each belongs to many works.
_ABSTRACTS = 200
#: What abstracts are made of. {words} are a title's, {platform} and {country} labels.
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
    """One work as the catalogue has it, but for its sources, and what they are made of."""

    record: Record
    #: How many sources it has.
    sources: int
    #: "" for none, and what its rules read in it.
    abstract: str
    read: Abstract | None


class _Growing(Generic[T]):
    """Things that come again the more often the more often they came (Simon 1955).

    Of n drawings K·n^b are of something new (Heaps' law), with K and b as the catalogue has them.
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
        """One that was there before, or a new one."""
        wanted = self._factor * self._power * (len(self._drawn) + 1) ** (self._power - 1)
        is_new = not self._drawn or self._rng.random() < wanted
        thing = self._new() if is_new else self._rng.choice(self._drawn)
        self._drawn.append(thing)
        return thing


class _Words:
    """Texts whose words follow each other as in the texts given."""

    def __init__(self, texts: Iterable[str], rng: random.Random) -> None:
        self._rng = rng
        self._after: defaultdict[str, list[str]] = defaultdict(list)
        for text in texts:
            words = text.split()
            for before, word in zip(["", *words], [*words, ""], strict=True):
                self._after[before].append(word)

    def draw(self, most: int = 25) -> str:
        """A text of at most so many words."""
        words: list[str] = []
        while len(words) < most and (
            word := self._rng.choice(self._after[words[-1] if words else ""])
        ):
            words.append(word)
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class _Zipf:
    """Words of a vocabulary, the most used in the catalogue first, the n-th with weight 1/n."""

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


#: The facets whose values are drawn from the words of a vocabulary.
_DRAWN = {
    "countries": "countries",
    "platforms": "platforms",
    "keywords": "topics",
    "methods": "methods",
}


def population(publications: int) -> Iterator[Work]:
    """So many works, in the order they came to be; the same each time."""
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
        """As many as those, and as many bodies among them."""
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
    """Abstracts, and what is read in each."""
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
    """Years with their running weights, growing as the catalogue's do up to its best year."""
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
    """An iD with a right check digit, below all that are given to people."""
    digits = f"00000000{rng.randrange(10**7):07}"
    digits += mod_11_2.calc_check_digit(digits)
    return "-".join(digits[place : place + 4] for place in range(0, 16, 4))


def _isbn(number: int) -> str:
    digits = f"979{number:09}"
    return digits + ean_digit(digits)


def _issn(venue: str) -> str:
    """The venue's."""
    digits = f"{zlib.crc32(venue.encode()) % 10**7:07}"
    return f"{digits[:4]}-{digits[4:]}{issn_digit(digits)}"
