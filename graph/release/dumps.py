"""Dumps: a release as files: whole in six RDF formats, by class and by linkset, with checksums.

Everything is written in one sorted order, so the same graph always gives the same bytes.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any, Literal

import pyoxigraph as ox
from zlib_ng.gzip_ng import GzipNGFile

from ..files import blocks, gzipped, link, sha256_of
from ..formats import RDF
from ..iris import IRIs
from ..rdf.writing import write_graph
from .dump_parts import cut, heads
from .statements import Statements, parsed

#: The list of checksums beside the dumps.
SUMS = "SHA256SUMS"
_STEM, _LINKSET, _SSSOM = "oograph", "linkset-", ".sssom.tsv"
#: The works as a table, and the files that describe it.
WORKS_CSV, WORKS_PARQUET = "works.csv", "works.parquet"
WORKS_CSVW, DATA_PACKAGE = f"{WORKS_CSV}-metadata.json", "datapackage.json"
#: Each of these files -> its title and its media type.
_TABLES = {
    WORKS_CSV: ("The works as a table: CSV", "text/csv"),
    WORKS_PARQUET: ("The works as a table: Parquet", "application/vnd.apache.parquet"),
    WORKS_CSVW: ("The works as a table: CSV on the Web metadata", "application/csvm+json"),
    DATA_PACKAGE: ("The works as a table: Data Package", "application/json"),
}
#: Bytes compressed at a time.
_CHUNK = 2**18


@dataclass(frozen=True, slots=True)
class Dump:
    """One file to download."""

    name: str
    title: str
    #: Of the content; a compressed file itself is application/gzip.
    media_type: str
    compressed: bool
    #: Bytes.
    size: int
    #: In hexadecimal.
    sha256: str
    kind: Literal["whole", "table", "class", "linkset"]
    #: The class (by the path of its things) or the linkset that it holds; "" for other kinds.
    of: str


def listing(folder: Path) -> tuple[Dump, ...]:
    """The dumps in a folder: the whole graph, tables, classes, then linksets.

    Files that only describe tables come after the tables.
    """
    dumps = [_dump(folder / name, sha256) for name, sha256 in checksums(folder).items()]
    order = ("whole", "table", "class", "linkset")

    def place(dump: Dump) -> tuple[int, bool, str]:
        return order.index(dump.kind), dump.name.endswith(".json"), dump.name

    return tuple(sorted(dumps, key=place))


def checksums(folder: Path) -> dict[str, str]:
    """The names of the dumps in a folder, and the SHA-256 that each was built with."""
    lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    return {name.lstrip("*"): sha256 for sha256, name in (line.split() for line in lines)}


def add_sums(folder: Path, names: Iterable[str]) -> None:
    """Add the checksums of files written later to those of the dumps in a folder."""
    sums = checksums(folder)
    for name in names:
        sums[name] = sha256_of(folder / name)
    _write_sums(sums, folder)


def _write_sums(sums: Mapping[str, str], folder: Path) -> None:
    text = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items()))
    (folder / SUMS).write_text(text, encoding="ascii")


def whole_names() -> tuple[str, ...]:
    """The names of the files that hold the whole graph, sorted."""
    return tuple(sorted(f"{whole(e)}{packed}" for e in DUMPS for packed in ("", ".gz")))


def whole(ending: str) -> str:
    """The name of the file that holds the whole graph in one format."""
    return f"{_STEM}.{ending}"


def linkset_names(name: str) -> tuple[str, ...]:
    """The names of the files of a linkset, sorted."""
    endings = (".nt", ".nt.gz", _SSSOM, ".ttl", ".ttl.gz")
    return tuple(f"{_LINKSET}{name}{ending}" for ending in endings)


def sssom_name(name: str) -> str:
    """The name of a linkset's table."""
    return f"{_LINKSET}{name}{_SSSOM}"


def _dump(path: Path, sha256: str) -> Dump:
    if path.name in _TABLES:
        title, media_type = _TABLES[path.name]
        size = path.stat().st_size
        return Dump(path.name, title, media_type, False, size, sha256, "table", "")
    compressed = path.suffix == ".gz"
    plain = path.name.removesuffix(".gz")
    stem, _, ending = plain.partition(".")
    kind: Literal["whole", "class", "linkset"] = (
        "whole" if stem == _STEM else "linkset" if stem.startswith(_LINKSET) else "class"
    )
    of = "" if kind == "whole" else stem.removeprefix(_LINKSET)
    what = {"whole": "The whole graph", "class": of.replace("-", " ").capitalize()}.get(
        kind, f"Linkset {of}"
    )
    table = plain.endswith(_SSSOM)
    form = "SSSOM" if table else RDF[ending].title
    return Dump(
        name=path.name,
        title=f"{what}: {form}{', gzipped' if compressed else ''}",
        media_type="text/tab-separated-values" if table else RDF[ending].media_type,
        compressed=compressed,
        size=path.stat().st_size,
        sha256=sha256,
        kind=kind,
        of=of,
    )


def _copy(path: Path, file: IO[bytes], iris: IRIs) -> None:
    with path.open("rb") as source:
        shutil.copyfileobj(source, file, _CHUNK)


def _graph(form: str) -> _Writer:
    def write(path: Path, file: IO[bytes], iris: IRIs) -> None:
        write_graph(file, parsed(path), form, iris.base)

    return write


def _trig(path: Path, file: IO[bytes], iris: IRIs) -> None:
    parts: dict[bytes, IO[bytes]] = {}
    with ExitStack() as stack:
        for graph, line in Statements((path,)).by_graph():
            if graph not in parts:
                part = tempfile.TemporaryFile(dir=path.parent)
                parts[graph] = stack.enter_context(part)
            parts[graph].write(line)
        quads = chain.from_iterable(_read(part) for _, part in sorted(parts.items()))
        write_graph(file, quads, "trig", iris.base)


def _read(part: IO[bytes]) -> Iterator[ox.Quad]:
    part.seek(0)
    return ox.parse(part, ox.RdfFormat.N_QUADS, lenient=True)


#: Writes a file of sorted N-Quads or N-Triples to another file, in one format.
_Writer = Callable[[Path, IO[bytes], IRIs], None]
#: Ending of a dump -> what writes it. Dumps of triples hold the union of the graphs.
DUMPS: dict[str, _Writer] = {
    "nt": _copy,
    "nq": _copy,
    "ttl": _graph("ttl"),
    "trig": _trig,
    "rdf": _graph("rdf"),
    "jsonld": _graph("jsonld"),
}
#: The dumps that keep the named graphs apart.
DATASETS = frozenset({"nq", "trig"})


def write_dumps(quads: Path, union: Path, folder: Path, iris: IRIs, executor: Executor) -> None:
    """Write all dumps of a graph, plain and (except tables) gzipped, and their SHA256SUMS.

    ``quads`` are its sorted N-Quads, ``union`` is the union of its graphs as sorted N-Triples.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [executor.submit(_write_parts, union, folder, iris)]
    for ending in DUMPS:
        source = quads if ending in DATASETS else union
        written.append(executor.submit(_write, source, folder / whole(ending), iris))
    sums = {name: sha256 for each in written for name, sha256 in each.result().items()}
    _write_sums(sums, folder)


def _write(source: Path, path: Path, iris: IRIs) -> dict[str, str]:
    """Write statements in the format that ``path`` names; return the checksums of the files."""
    writer = DUMPS[path.suffix[1:]]
    if writer is _copy:
        link(source, path)
        with _gz(path).open("wb") as archive, gzipped(archive) as zipped:
            zipped.writelines(blocks(path))
    else:
        with _packed(path) as file:
            writer(source, file, iris)
    return _sums(path, _gz(path))


def _write_parts(union: Path, folder: Path, iris: IRIs) -> dict[str, str]:
    """Write the parts, and the tables of the linksets; return the checksums of the files."""
    statements = Statements((union,))
    parts: dict[str, IO[bytes]] = {}
    tables: dict[str, IO[bytes]] = {}
    with ExitStack() as stack:
        for stem, head in heads(statements, iris).items():
            tables[stem] = stack.enter_context((folder / f"{stem}{_SSSOM}").open("wb"))
            tables[stem].write(head.encode())
        for piece in cut(statements, iris):
            if piece.stem not in parts:
                parts[piece.stem] = stack.enter_context(_packed(folder / f"{piece.stem}.nt"))
            parts[piece.stem].write(piece.lines)
            if piece.row:
                tables[piece.stem].write(piece.row.encode())
    sums = _sums(*(folder / f"{stem}{_SSSOM}" for stem in tables))
    for part in (folder / f"{stem}.nt" for stem in parts):
        sums |= _sums(part, _gz(part)) | _write(part, part.with_suffix(".ttl"), iris)
    return sums


def _sums(*paths: Path) -> dict[str, str]:
    return {path.name: sha256_of(path) for path in paths}


def _gz(path: Path) -> Path:
    return path.with_name(f"{path.name}.gz")


@contextmanager
def _packed(path: Path) -> Iterator[IO[bytes]]:
    """Open a dump to write, plain and gzipped."""
    with (
        _gz(path).open("wb") as archive,
        gzipped(archive) as zipped,
        io.BufferedWriter(_Tee(path, zipped), _CHUNK) as file,
    ):
        yield file


class _Tee(io.FileIO):
    """A file that is also written to a second one."""

    def __init__(self, path: Path, other: GzipNGFile) -> None:
        super().__init__(path, "w")
        self._other = other

    def write(self, data: Any) -> int:
        self._other.write(data)
        return super().write(data)
