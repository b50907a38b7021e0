"""A release of many publications that do not exist, skewed as real ones are, to measure with.

Usage: python bench/generate.py [--publications N] [--out FOLDER]

Everything is drawn with one seed from what the catalogue shows: which fields a record has (those
of a record drawn from it), how fast years grow, the words of titles and which follows which. An
author or a venue is new as often as Heaps' law, fitted to the catalogue, says, and otherwise one
of those before, the more likely the more often it was there. The records go through the mapper
that makes a release. What a source says word for word, links, and the search for likely the same
persons are left out, as is validation. What was made before is used again. Prints the folder.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Generic, TypeVar

import pyoxigraph as ox

from oograph import shapes
from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.errors import NoRelease
from oograph.graph.files import new_folder
from oograph.graph.iris import IRIs, agent_key, publication_slug
from oograph.graph.model import Name, Record, Source
from oograph.graph.rdf.mapping import Mapper
from oograph.graph.release import Release, open_release, write_facts
from oograph.graph.release.changes import write_changes
from oograph.graph.release.dumps import SUMS
from oograph.graph.release.inputs import digest_of_inputs
from oograph.graph.release.records import RECORDS, write_records
from oograph.graph.release.search_index import NAMES, write_names
from oograph.graph.release.works_index import WORKS, write_works
from oograph.graph.vocabulary import load_vocabulary
from oograph.ontology import BASE_IRI, PREFIXES, turtle

__all__ = ["PUBLICATIONS", "generate"]

PUBLICATIONS = 100_000
OUT = Path(__file__).parent.parent / "build" / "bench"
_SEED = 20_260_101
_DATE = "2026-01-01"
#: Records between two reports of progress.
_STEP = 10_000
T = TypeVar("T")


def generate(publications: int, out: Path, step: Callable[[str], None]) -> Release:
    """The release of so many publications below ``out``; ``step`` gets a line of progress."""
    target = out / f"publications-{publications}"
    inputs = _inputs(publications)
    try:
        if (made := open_release(target)).inputs == inputs:
            return made
    except NoRelease:
        pass
    works = Catalogue.read(default_folder()).works
    iris = IRIs(BASE_IRI)
    step(f"choosing names for {publications:,} publications")
    mapper = Mapper.of(_records(works, publications), iris, load_vocabulary(iris.base))
    with new_folder(out) as folder:
        dump = folder / "dumps" / "oograph.nq"
        dump.parent.mkdir()
        counts: Counter[str] = Counter()
        digest = hashlib.sha256()
        with dump.open("wb") as file:
            for line in _lines(mapper, _records(works, publications), counts, step):
                file.write(line)
                digest.update(line)
        statements = counts.pop("")
        step(f"making the store of {statements:,} statements")
        store = ox.Store(str(folder / "store"))
        store.bulk_load(path=str(dump), format=ox.RdfFormat.N_QUADS)
        store.optimize()
        store.flush()
        del store
        release = Release(
            folder=target,
            version=f"{_DATE}-{digest.hexdigest()[:12]}",
            date=_DATE,
            base_iri=iris.base,
            sha256=digest.hexdigest(),
            inputs=inputs,
            quads=statements,
            triples=statements,  # what is stated is not inferred again
            classes=dict(sorted(counts.items())),
            quarantined=(),
        )
        step("making the indexes")

        def quads() -> Iterable[ox.Quad]:
            return ox.parse(path=str(dump), format=ox.RdfFormat.N_QUADS)

        write_names(quads(), folder / NAMES, iris)
        write_works(quads(), folder / WORKS, iris)
        write_records(_records(works, publications), folder / RECORDS)
        triples = (f"{quad.triple} .\n" for quad in quads())
        write_changes(folder, release, None, f"{_DATE}T00:00:00Z", triples)
        write_facts(release, folder)
        sums = f"{release.sha256}  {dump.name}\n"  # the one dump there is
        (dump.parent / SUMS).write_text(sums, encoding="ascii")
        # nothing was validated, and nothing is described
        for name in ("report.html", "report.ttl", "void.ttl"):
            (folder / name).touch()
        (folder / "shapes.ttl").write_text(shapes.turtle(iris.base), encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
    return release


def _lines(
    mapper: Mapper, records: Iterable[Record], counts: Counter[str], step: Callable[[str], None]
) -> Iterator[bytes]:
    """The N-Quads, each once, and in ``counts`` how many of what there are ("": of quads)."""
    seen: set[str] = set()
    ours = f"<{mapper.iris.base}publication/"
    kind = ox.NamedNode(f"{PREFIXES['rdf']}type")
    terms = mapper.iris.ontology

    def fresh(quads: Iterable[ox.Quad]) -> Iterator[bytes]:
        for quad in quads:
            line = f"{quad} .\n"
            # Only a publication's own statements come once; those of persons come again.
            if not line.startswith(ours):
                if line in seen:
                    continue
                seen.add(line)
            counts[""] += 1
            named = isinstance(quad.object, ox.NamedNode) and quad.object.value
            if quad.predicate == kind and named and named.startswith(terms):
                counts[named.removeprefix(terms)] += 1
            yield line.encode()

    yield from fresh(mapper.vocabulary_quads())
    for number, record in enumerate(records, 1):
        yield from fresh(dict.fromkeys(mapper.quads(record)))
        if number % _STEP == 0:
            step(f"{number:,} publications mapped")


class _Growing(Generic[T]):
    """Things that come again the more often the more often they came (Simon 1955).

    Of n drawings K·n^b are of something new (Heaps' law), with K and b as the catalogue has them.
    """

    def __init__(self, drawn: Sequence[object], new: Callable[[], T], rng: random.Random) -> None:
        shuffled = list(drawn)
        random.Random(_SEED).shuffle(shuffled)
        whole, half = len(set(shuffled)), len(set(shuffled[: len(shuffled) // 2]))
        self._power = math.log2(whole / half)
        self._factor = whole / len(shuffled) ** self._power
        self._new, self._rng = new, rng
        self._drawn: list[T] = []

    def draw(self) -> T:
        """One that was there before, or a new one."""
        wanted = self._factor * self._power * (len(self._drawn) + 1) ** (self._power - 1)
        is_new = not self._drawn or self._rng.random() < wanted
        found = self._new() if is_new else self._rng.choice(self._drawn)
        self._drawn.append(found)
        return found


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
    def of(cls, found: Iterable[str], labels: Iterable[str]) -> _Zipf:
        counted = Counter(found)
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


def _records(works: Sequence[Record], publications: int) -> Iterator[Record]:
    """The records, the same each time."""
    rng = random.Random(_SEED)
    titles = _Words((work.title for work in works), rng)
    venue_words = _Words((work.container_title for work in works if work.container_title), rng)
    names = [name for work in works for name in work.authors if name.family]
    years, year_weights = _years(works)
    facets = {
        attribute: _Zipf.of(
            (value for work in works for value in getattr(work.facets, attribute)),
            _labels(scheme),
        )
        for attribute, scheme in _DRAWN.items()
    }
    taken: Counter[str] = Counter()

    def mint(wanted: str) -> str:
        taken[wanted] += 1
        return wanted if taken[wanted] == 1 else f"{wanted}-{taken[wanted]}"

    def new_author() -> tuple[str, Name]:
        name = Name(rng.choice(names).family, rng.choice(names).given)
        return mint(agent_key(name)), name

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
    for number in range(1, publications + 1):
        like = rng.choice(works)
        people = dict(authors.draw() for _ in like.authors)
        doi = f"10.{rng.randrange(1000, 9999)}/generated.{number}"
        pages = (first := rng.randrange(1, 900), first + rng.randrange(5, 30))
        record = Record(
            title=titles.draw(),
            type=like.type,
            authors=tuple(people.values()),
            agents=tuple(people),
            issued=tuple(rng.choices(years, cum_weights=year_weights)) if like.issued else (),
            container_title=venues.draw() if like.container_title else "",
            publisher=publishers.draw() if like.publisher else "",
            publisher_place=like.publisher_place,
            volume=str(rng.randrange(1, 60)) if like.volume else "",
            issue=str(rng.randrange(1, 13)) if like.issue else "",
            page=f"{pages[0]}-{pages[1]}" if like.page else "",
            genre=like.genre,
            doi=doi if like.doi else "",
            url=f"https://example.org/generated/{number}" if like.url else "",
            language=like.language,
            facets=replace(
                like.facets,
                flag="",
                countries=facets["countries"].draw(rng, len(like.facets.countries)),
                platforms=facets["platforms"].draw(rng, len(like.facets.platforms)),
                keywords=facets["keywords"].draw(rng, len(like.facets.keywords)),
                methods=facets["methods"].draw(rng, len(like.facets.methods)),
                organisations=(),
                year=None,
            ),
            sources=(Source("generated.bib", f"generated{number}", number * 12),),
        )
        yield replace(record, id=mint(publication_slug(record)))


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


def _inputs(publications: int) -> str:
    """A digest of what the release is made of."""
    digest = hashlib.sha256(f"{publications} {_SEED}".encode())
    digest.update(Path(__file__).read_bytes())
    digest.update(digest_of_inputs(default_folder(), BASE_IRI).encode())
    return digest.hexdigest()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--publications", type=int, default=PUBLICATIONS, help="(%(default)s)")
    parser.add_argument(
        "--out", type=Path, default=OUT, help="where releases are kept (%(default)s)"
    )
    options = parser.parse_args()
    print(generate(options.publications, options.out, _say).folder)
