"""Bytes to text: a file's encoding, and files that are not text.

UTF-8 and UTF-16 are recognised, with a byte order mark or without. Anything else that looks like
text is read as Windows-1252 (which has all of Latin-1's letters), with a warning. A gzip file is
read as the file in it. Nothing here holds more than a block of the file.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from ..errors import UnreadableFile
from ..model import Problem

#: Bytes read at a time.
BLOCK = 1 << 16
#: UTF-32's little-endian mark begins with UTF-16's, so it comes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FALLBACK = "windows-1252"
_EXPORT = "export the records as BibTeX, RIS or CSV"
_SAVE = "save the file as UTF-8"
#: Start of a file that is not text -> (what it is, what to do).
_BINARY: Mapping[bytes, tuple[str, str]] = {
    b"%PDF-": ("a PDF file", f"{_EXPORT}, or copy the reference list into a text file"),
    b"PK\x03\x04": (
        "a ZIP archive or an office document (.docx, .xlsx, .ods)",
        "unpack it, or save a sheet as CSV or a document as plain text",
    ),
    b"\xd0\xcf\x11\xe0": (
        "an old office document (.doc, .xls)",
        "save a sheet as CSV, or a document as plain text",
    ),
    b"{\\rtf": ("a rich text file", "save it as plain text"),
    b"SQLite format 3": ("an SQLite database", _EXPORT),
    b"\x89PNG": ("an image (PNG)", _EXPORT),
    b"\xff\xd8\xff": ("an image (JPEG)", _EXPORT),
    b"GIF8": ("an image (GIF)", _EXPORT),
    b"II*\x00": ("an image (TIFF)", _EXPORT),
    b"MM\x00*": ("an image (TIFF)", _EXPORT),
    b"BZh": ("a bzip2 archive", "unpack it"),
    b"\xfd7zXZ": ("an xz archive", "unpack it"),
    b"7z\xbc\xaf": ("a 7z archive", "unpack it"),
    b"Rar!": ("a RAR archive", "unpack it"),
    b"\x28\xb5\x2f\xfd": ("a Zstandard archive", "unpack it"),
    b"PAR1": ("a Parquet file", "save the table as CSV"),
    b"\x7fELF": ("a program", _EXPORT),
}
_GZIP = b"\x1f\x8b"
#: The same for a file in which some letters are UTF-8 and others are not.
_MIXED = (
    ", but other letters in the file are, so it probably mixes two encodings",
    "retype the letters shown as \N{REPLACEMENT CHARACTER} in an editor that reads UTF-8, or "
    "save each part as UTF-8 before you join them",
)
#: Bytes that Windows-1252 does not define, and controls; ^Z is allowed because it ends DOS files.
_NOT_FALLBACK = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f\x81\x8d\x8f\x90\x9d]")
_UNDECODED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_PRINTED_ASCII = re.compile(r"[\t\n\r -~]")


def _bytes_of(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked if it is a gzip file."""
    with path.open("rb") as file:
        is_packed = file.read(2) == _GZIP
    return cast(BinaryIO, gzip.open(path, "rb")) if is_packed else path.open("rb")


def text_of(path: Path, encoding: str) -> TextIO:
    """The text of a file from its start, every line end ``\\n``."""
    return io.TextIOWrapper(_bytes_of(path), encoding=encoding, newline=None)


def encoding_of(path: Path) -> tuple[str, tuple[Problem, ...]]:
    """The encoding of a whole file, and a warning if it is a guess.

    Raises UnreadableFile, with the place, if it is not text; OSError, EOFError and zlib.error if it
    cannot be read.
    """
    with _bytes_of(path) as file:
        start = file.read(BLOCK)
    for signature, (what, remedy) in _BINARY.items():
        if start.startswith(signature):
            raise UnreadableFile(f"{path.name}: this is {what}", remedy)
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "")
    encoding = marked or _unmarked_utf_16(start) or "utf-8"
    if not encoding.startswith("utf-8"):
        _check_wide(path, encoding)
        return encoding, ()
    read = _read_through(path)
    if not read.bad:
        return encoding, ()
    line = _line_of(path, read.first_bad)
    # Windows-1252 is hardly ever valid UTF-8 by chance: many good letters mean damaged UTF-8.
    if marked or read.good >= read.bad or not _is_fallback(path):
        is_mixed = read.good > bool(marked)  # a mark is no letter
        why, remedy = _MIXED if is_mixed else ("", _SAVE)
        raise UnreadableFile(
            f"{path.name}: byte {read.first_bad:,} (line {line:,}) is not valid UTF-8{why}", remedy
        )
    warning = Problem(
        "warning",
        "the file is not in UTF-8; it was read as Windows-1252",
        "Check that accented names are right, and save the file as UTF-8.",
        path.name,
        line,
    )
    return _FALLBACK, (warning,)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The result of reading a file as UTF-8: counts of non-ASCII letters and of invalid bytes."""

    good: int
    bad: int
    #: The offset of the first invalid byte, from 0.
    first_bad: int


def _read_through(path: Path) -> _Reading:
    """Read a file as UTF-8. Raises UnreadableFile if it contains a NUL."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = first_bad = offset = 0
    with _bytes_of(path) as file:
        is_more = True
        while is_more:
            block = file.read(BLOCK)
            is_more = bool(block)
            if (nul := block.find(0)) >= 0:
                line = _line_of(path, offset + nul)
                raise UnreadableFile(
                    f"{path.name}: byte {offset + nul:,} (line {line:,}) is NUL, so this is not "
                    "UTF-8 text",
                    f"{_SAVE} or, if it is not text, {_EXPORT}",
                )
            start = offset - len(decoder.getstate()[0])
            text = decoder.decode(block, final=not is_more)
            offset += len(block)
            if text.isascii():
                continue
            if (first := _UNDECODED.search(text)) and not bad:
                first_bad = start + len(text[: first.start()].encode())
            undecoded = len(_UNDECODED.findall(text))
            bad += undecoded
            good += len(_BEYOND_ASCII.findall(text)) - undecoded
    return _Reading(good, bad, first_bad)


def _line_of(path: Path, offset: int) -> int:
    """The line, from 1, of the byte at ``offset``."""
    line, before = 1, b""
    with _bytes_of(path) as file:
        while block := file.read(min(BLOCK, offset)):
            is_split = before.endswith(b"\r") and block.startswith(b"\n")
            line += block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n") - is_split
            offset -= len(block)
            before = block
    return line


def _check_wide(path: Path, encoding: str) -> None:
    """Raise UnreadableFile if a file is not the UTF-16 or UTF-32 that its start says it is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    name, offset, is_more = encoding[:6].upper(), 0, True
    with _bytes_of(path) as file:
        while is_more:
            block = file.read(BLOCK)
            is_more = bool(block)
            start = offset - len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not is_more)
            except UnicodeDecodeError as error:
                raise UnreadableFile(
                    f"{path.name}: byte {start + error.start:,} is not valid {name}", _SAVE
                ) from None
            if "\0" in text:
                raise UnreadableFile(
                    f"{path.name}: this begins as {name} but contains a NUL", _EXPORT
                )
            offset += len(block)


def _is_fallback(path: Path) -> bool:
    """True for a file in which every byte is a character of Windows-1252."""
    with _bytes_of(path) as file:
        while block := file.read(BLOCK):
            if _NOT_FALLBACK.search(block):
                return False
    return True


def _unmarked_utf_16(start: bytes) -> str:
    """The kind of UTF-16 that a text without a byte order mark must be; "" if it is not UTF-16."""
    for encoding, zeros, letters in (
        ("utf-16-le", start[1::2], start[::2]),
        ("utf-16-be", start[::2], start[1::2]),
    ):
        # Letters of other scripts have no zero byte, but markup, digits and spaces always do.
        if zeros.count(0) * 2 > len(zeros) and 0 not in letters:
            text = start[: len(start) // 2 * 2].decode(encoding, "replace")
            if len(_PRINTED_ASCII.findall(text)) * 2 > len(text):
                return encoding
    return ""
