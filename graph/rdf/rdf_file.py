"""RDF files of other people: read without the network, or refused with file, line and remedy."""

from __future__ import annotations

import gzip
import re
import zlib
from io import BytesIO
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, Triple, parse

from ..errors import UnreadableRDF
from ..formats import RDF_BY_ENDING
from ..model import Problem
from ..nesting import NotReadable, check_nesting, is_too_long
from ..xml_faults import xml_fault

#: What a file with another ending is tried as; TriG includes Turtle, N-Quads N-Triples.
_GUESSES = (RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.RDF_XML, RdfFormat.JSON_LD)

#: How much larger than its gzip RDF can be (dumps of ours: some 30 times), beyond so many bytes.
_MOST_TIMES, _SMALL = 200, 2**26
_REWRITE = "Correct the line, or write the file again with the program that made it."


class _Lines(BytesIO):
    """Gives a parser its input line by line, so that ``line`` is the one it has come to.

    The RDF/XML parser does not say the line of an error.
    """

    def read(self, size: int | None = -1) -> bytes:
        return self.readline(size)

    @property
    def line(self) -> int:
        return self.getvalue().count(b"\n", 0, max(self.tell() - 1, 0)) + 1


def read(path: Path, base_iri: str) -> Store:
    """The file's triples in one graph."""
    data = _bytes(path)
    if form := RDF_BY_ENDING.get(rdf_ending(path)):
        return _parse(data, form.rdf, path, base_iri)
    for guess in _GUESSES:
        try:
            return _parse(data, guess, path, base_iri)
        except UnreadableRDF:
            continue
    raise _unreadable(
        path,
        None,
        "The file is not RDF in any format that oograph reads",
        "Give the file the ending of its format: "
        f"{', '.join(f'.{ending}' for ending in sorted(RDF_BY_ENDING))}.",
    )


def rdf_ending(path: Path) -> str:
    """The ending of an RDF file's name, before ".gz", without its dot."""
    return Path(path.name.lower().removesuffix(".gz")).suffix.lstrip(".")


def _bytes(path: Path) -> bytes:
    """The file's content, unpacked where it is gzip, without a byte order mark."""
    if path.is_char_device() or path.is_block_device():
        what = "This is a device, which may have no end"
        raise _unreadable(path, None, what, "Give a file.")
    try:
        data = path.read_bytes()
        data = _unpacked(data, path) if data.startswith(b"\x1f\x8b") else data
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = f"The file is not whole gzip: {error}"
        raise _unreadable(path, None, what, "Copy or download the file again.") from error
    except OSError as error:
        what = f"The file cannot be read: {error.strerror}"
        raise _unreadable(path, None, what, "Check its name and who may read it.") from error
    return data.removeprefix(b"\xef\xbb\xbf")


def _unpacked(data: bytes, path: Path) -> bytes:
    """What is in gzip; UnreadableRDF for what would fill the memory and is no RDF."""
    most = max(_SMALL, _MOST_TIMES * len(data))
    with gzip.open(BytesIO(data)) as file:
        unpacked = file.read(most + 1)
    if len(unpacked) > most:
        what = f"Unpacked, the file has more than {_MOST_TIMES} times its bytes, as no RDF has"
        raise _unreadable(path, None, what, "Unpack it, and look at what it is.")
    return unpacked


def _parse(data: bytes, form: RdfFormat, path: Path, base_iri: str) -> Store:
    if form == RdfFormat.RDF_XML:
        _check_xml(data, path)
    else:
        _check_utf8(data, path)
        _check_nesting(data, form, path)
    source = _Lines(data)
    store = Store()
    try:
        quads = parse(source, form, base_iri=base_iri, rename_blank_nodes=False)
        store.extend(Quad(*quad.triple) for quad in quads)
    except SyntaxError as error:
        if "LoadDocumentCallback" in error.msg:
            raise _remote_context(data, path) from error
        # JSON-LD is read ahead, so that where it has come to is not where the error is.
        line = error.lineno or (None if form == RdfFormat.JSON_LD else source.line)
        what = f"This is not valid {form.name}: {_detail(error.msg)}"
        raise _unreadable(path, line, what, _REWRITE) from error
    except MemoryError as error:
        if not is_too_long(error):
            raise
        line = None if form == RdfFormat.JSON_LD else source.line
        what = "A value of the file is longer than 16 MiB"
        raise _unreadable(path, line, what, "Shorten the value, or leave it out.") from error
    if any(isinstance(quad.object, Triple) for quad in store):
        what = "The file holds a triple inside a triple (RDF 1.2), which SHACL does not know"
        raise _unreadable(path, None, what, "Write it without, as RDF 1.1.")
    return store


def _check_utf8(data: bytes, path: Path) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"The file is not UTF-8: byte 0x{data[error.start]:02x} begins no character"
        raise _unreadable(path, line, what, "Save the file as UTF-8.") from error


def _check_nesting(data: bytes, form: RdfFormat, path: Path) -> None:
    try:
        check_nesting(lambda: [data], form)
    except NotReadable as error:
        what = f"The file cannot be read: {error}"
        raise _unreadable(path, None, what, "Write it without, as RDF 1.1.") from error


def _check_xml(data: bytes, path: Path) -> None:
    if fault := xml_fault([data]):
        line, reason = fault
        raise _unreadable(path, line, f"This XML cannot be read: {reason}", _REWRITE)


def _remote_context(data: bytes, path: Path) -> UnreadableRDF:
    mention = re.search(rb'"@(?:context|import)"\s*:\s*(?:\[\s*)?"([^"]*)"', data)
    line = data.count(b"\n", 0, mention.start(1)) + 1 if mention else None
    name = f"the context {mention[1].decode()}" if mention else "a context"
    what = f"The file needs {name} from the web, and oograph loads nothing from there"
    remedy = "Copy the context into the file, or save the data in another format, such as Turtle."
    return _unreadable(path, line, what, remedy)


def _detail(message: str) -> str:
    """A parser's message without the place, which the problem has beside it."""
    return re.sub(r"^Parser error (at|between) line [^:]*: ", "", message).rstrip(".")


def _unreadable(path: Path, line: int | None, what: str, remedy: str) -> UnreadableRDF:
    return UnreadableRDF([Problem("violation", f"{what}.", remedy, file=str(path), line=line)])
