"""Generated catalogues on disk: the works, the libraries that cite them, and the truth."""

from __future__ import annotations

import hashlib
import heapq
import json
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

import ijson

from oograph.graph.catalogue import default_folder
from oograph.graph.csl import from_csl, to_csl
from oograph.graph.files import new_folder
from oograph.graph.model import Record, Source
from oograph.graph.release.inputs import digest_of_inputs
from oograph.graph.writers import bibtex
from oograph.ontology import BASE_IRI

from .citations import citation
from .population import SEED, Work, population

OUT = Path(__file__).parents[2] / "build" / "bench"
REFERENCES, TRUTH, WORKS = "references", "truth.tsv", "works.json"
#: The subfolder of a catalogue for its releases.
RELEASE = "release"
#: The file with the digest of a folder's inputs.
_MADE = ".made"
#: How many works are sorted in memory, and how many there are between two lines of progress.
_RUN, _STEP = 20_000, 20_000
#: Every twentieth work has a link to Wikidata.
_LINKED = 20
_LINKS = """\
#mapping_set_title: Generated works on Wikidata
#mapping_set_description: Every twentieth generated work, and an item that does not exist.
#license: https://creativecommons.org/publicdomain/zero/1.0/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tobject_source\tmapping_date
"""


class NotOurs(Exception):
    """A folder holds something other than a generated catalogue."""


def generate(publications: int, folder: Path, step: Callable[[str], None]) -> Path:
    """Make a catalogue with that many works and return its folder; ``step`` gets progress lines.

    Raises NotOurs if the folder has files that this function did not make.
    """
    inputs = _inputs(publications)
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MADE).exists():
            raise NotOurs(f"{folder} contains other files. Fix: choose a new or empty folder.")
        if (folder / _MADE).read_text(encoding="ascii") == inputs:
            return folder
    with new_folder(folder.parent) as scratch:
        with ExitStack() as stack:
            libraries = _Libraries(scratch, stack)
            _write_sorted(_cited(population(publications), libraries, step), scratch)
        (scratch / _MADE).write_text(inputs, encoding="ascii")
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)
    return folder


def works_of(folder: Path) -> Iterator[Record]:
    """Read the works of a catalogue, one at a time."""
    with (folder / WORKS).open("rb") as file:
        yield from map(from_csl, ijson.items(file, "item", use_float=True))


@dataclass
class _Library:
    """A BibTeX file to which entries are added."""

    name: str
    file: IO[str]
    lines: int = 0

    def write(self, record: Record, key: str, abstract: str) -> Source:
        """Add an entry; return its place and what it states."""
        (text,) = bibtex.write([replace(record, id=key)])
        if abstract:
            text = text.replace("}\n\n", f"  abstract = {{{bibtex.escaped(abstract)}}},\n}}\n\n")
        self.file.write(text)
        position, self.lines = self.lines + 1, self.lines + text.count("\n")
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        return Source(self.name, key, position, tuple(_stated(record)), digest)


@dataclass
class _Libraries:
    """The files beside the works: the first source of a work goes to the first library, etc."""

    folder: Path
    stack: ExitStack
    libraries: list[_Library] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / REFERENCES).mkdir()
        (self.folder / "links").mkdir()
        self._truth = self._open(TRUTH)
        self._truth.write("file\tkey\twork\n")
        self._links = self._open("links/works-wikidata.tsv")
        self._links.write(_LINKS)
        self._rng = random.Random(SEED)

    def add(self, work: Work, number: int) -> Record:
        """Write the sources of a work; return its record with them."""
        record, sources = work.record, []
        for place in range(work.sources):
            library = self._library(place)
            cited = citation(record, place, self._rng)
            source = library.write(cited, f"w{number}", work.abstract if place == 0 else "")
            sources.append(replace(source, abstract=work.read if place == 0 else None))
            self._truth.write(f"{source.file}\t{source.key}\t{record.id}\n")
        if number % _LINKED == 0:
            cells = (f"wikidata:Q{10**9 + number}", "semapv:UnspecifiedMatching", "bench/generate")
            row = "\t".join((f"publication:{record.id}", "schema:sameAs", *cells))
            self._links.write(f"{row}\t2026-01-01\n")
        return replace(record, sources=tuple(sources))

    def _library(self, place: int) -> _Library:
        if place == len(self.libraries):
            name = f"library-{place + 1:02}.bib"
            self.libraries.append(_Library(name, self._open(f"{REFERENCES}/{name}")))
        return self.libraries[place]

    def _open(self, name: str) -> IO[str]:
        return self.stack.enter_context((self.folder / name).open("w", encoding="utf-8"))


def _cited(
    works: Iterable[Work], libraries: _Libraries, step: Callable[[str], None]
) -> Iterator[Record]:
    for number, work in enumerate(works, 1):
        yield libraries.add(work, number)
        if number % _STEP == 0:
            step(f"{number:,} works generated")


def _stated(record: Record) -> Iterator[tuple[str, str]]:
    """The fields of an entry that a reader keeps word for word."""
    if record.authors:
        yield "author", " and ".join(name.inverted for name in record.authors)
    yield "title", record.title
    if record.year:
        yield "year", str(record.year)
    if record.doi:
        yield "doi", record.doi


def _write_sorted(works: Iterable[Record], folder: Path) -> None:
    """Write the works by id, as ``graph/catalogue`` does, using sorted runs on disk."""
    works = iter(works)
    runs: list[Path] = []
    while run := sorted(islice(works, _RUN), key=lambda work: work.id):
        runs.append(folder / f".run-{len(runs)}")
        with runs[-1].open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(to_csl(work), ensure_ascii=False) + "\n" for work in run)
    with ExitStack() as stack, (folder / WORKS).open("w", encoding="utf-8") as file:
        files = [stack.enter_context(path.open(encoding="utf-8")) for path in runs]
        items = heapq.merge(*(map(json.loads, lines) for lines in files), key=_id)
        before = "[\n"
        for item in items:
            text = json.dumps(item, ensure_ascii=False, indent=1).replace("\n", "\n ")
            file.write(f"{before} {text}")
            before = ",\n"
        file.write("[]\n" if before == "[\n" else "\n]\n")
    for path in runs:
        path.unlink()


def _id(item: dict[str, Any]) -> str:
    return str(item["id"])


def _inputs(publications: int) -> str:
    """A digest of a folder's inputs: this code, and the package that it uses."""
    digest = hashlib.sha256(f"{publications} {SEED}".encode())
    for name in ("catalogues.py", "citations.py", "population.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    digest.update(digest_of_inputs(default_folder(), BASE_IRI).encode())
    return digest.hexdigest()
