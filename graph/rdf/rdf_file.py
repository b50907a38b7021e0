"""Read RDF files without network access; errors name the file, the line and a remedy."""

from __future__ import annotations

import gzip
import re
import zlib
from io import BytesIO
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, Triple, parse

from ...ontology import BASE_IRI
from ..errors import UnreadableRDF
from ..formats import RDF_BY_ENDING
from ..model import Problem
from ..nesting import NotReadable, check_nesting, is_too_long
from ..xml_faults import xml_fault

#: Formats to try for other file extensions. TriG includes Turtle; N-Quads includes N-Triples.
_GUESSES = (RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.RDF_XML, RdfFormat.JSON_LD)

#: The most times that RDF may be larger than its gzip file (our dumps: about 30), and the size in
#: bytes that is always allowed.
_MOST_TIMES, _SMALL = 200, 2**26
_REWRITE = "Correct the line, or export the file again from the program that made it."


class _Lines(BytesIO):
    """Feeds a parser line by line, so that ``line`` is the line it has reached.

    The RDF/XML parser does not report the line of an error.
    """

    def read(self, size: int | None = -1) -> bytes:
        return self.readline(size)

    @property
    def line(self) -> int:
        return self.getvalue().count(b"\n", 0, max(self.tell() - 1, 0)) + 1


def read(path: Path) -> Store:
    """The file's triples in one graph."""
    data = _bytes(path)
    if form := RDF_BY_ENDING.get(rdf_ending(path)):
        return _parse(data, form.rdf, path)
    for guess in _GUESSES:
        try:
            return _parse(data, guess, path)
        except UnreadableRDF:
            continue
    raise _unreadable(
        path,
        None,
        "The file is not RDF in any format that oograph reads",
        "Give the file the extension of its format: "
        f"{', '.join(f'.{ending}' for ending in sorted(RDF_BY_ENDING))}.",
    )


def rdf_ending(path: Path) -> str:
    """The extension of an RDF file's name, without its dot and without ".gz"."""
    return Path(path.name.lower().removesuffix(".gz")).suffix.lstrip(".")


def _bytes(path: Path) -> bytes:
    """The file's content, decompressed if it is gzip, without a byte order mark."""
    if path.is_char_device() or path.is_block_device():
        what = "This is a device, not a file"
        raise _unreadable(path, None, what, "Give the path of a regular file.")
    try:
        data = path.read_bytes()
        data = _unpacked(data, path) if data.startswith(b"\x1f\x8b") else data
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = f"The gzip file is damaged or incomplete: {error}"
        raise _unreadable(path, None, what, "Copy or download the file again.") from error
    except OSError as error:
        what = f"The file cannot be read: {error.strerror}"
        raise _unreadable(path, None, what, "Check its name and permissions.") from error
    return data.removeprefix(b"\xef\xbb\xbf")


def _unpacked(data: bytes, path: Path) -> bytes:
    """Decompress gzip; raise UnreadableRDF if the result is larger than RDF can be."""
    most = max(_SMALL, _MOST_TIMES * len(data))
    with gzip.open(BytesIO(data)) as file:
        unpacked = file.read(most + 1)
    if len(unpacked) > most:
        what = f"Decompressed, the file is more than {_MOST_TIMES} times larger, as RDF never is"
        raise _unreadable(path, None, what, "Decompress the file and check what it contains.")
    return unpacked


def _parse(data: bytes, form: RdfFormat, path: Path) -> Store:
    if form == RdfFormat.RDF_XML:
        _check_xml(data, path)
    else:
        _check_utf8(data, path)
        _check_nesting(data, form, path)
    source = _Lines(data)
    store = Store()
    try:
        quads = parse(source, form, base_iri=BASE_IRI, rename_blank_nodes=False)
        store.extend(Quad(*quad.triple) for quad in quads)
    except SyntaxError as error:
        if "LoadDocumentCallback" in error.msg:
            raise _remote_context(data, path) from error
        # The JSON-LD parser reads ahead, so its position is not that of the error.
        line = error.lineno or (None if form == RdfFormat.JSON_LD else source.line)
        what = f"This is not valid {form.name}: {_detail(error.msg)}"
        raise _unreadable(path, line, what, _REWRITE) from error
    except MemoryError as error:
        if not is_too_long(error):
            raise
        line = None if form == RdfFormat.JSON_LD else source.line
        what = "A value in the file is longer than 16 MiB"
        raise _unreadable(path, line, what, "Shorten the value, or leave it out.") from error
    if any(isinstance(quad.object, Triple) for quad in store):
        what = "The file contains a triple inside a triple (RDF 1.2), which SHACL does not support"
        raise _unreadable(path, None, what, "Write the file as RDF 1.1, without nested triples.")
    return store


def _check_utf8(data: bytes, path: Path) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"The file is not UTF-8: byte 0x{data[error.start]:02x} is not valid here"
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
    what = f"The file needs {name} from the web, and oograph does not load remote files"
    remedy = "Copy the context into the file, or save the data in another format, such as Turtle."
    return _unreadable(path, line, what, remedy)


def _detail(message: str) -> str:
    """A parser's message without the position, which the problem states separately."""
    return re.sub(r"^Parser error (at|between) line [^:]*: ", "", message).rstrip(".")


def _unreadable(path: Path, line: int | None, what: str, remedy: str) -> UnreadableRDF:
    return UnreadableRDF([Problem("violation", f"{what}.", remedy, file=str(path), line=line)])
