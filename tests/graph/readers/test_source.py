"""Files as readers see them: encodings, line ends, what is no text, and how much is held."""

import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.errors import UnreadableFile
from oograph.graph.readers import read_file
from oograph.graph.readers import source as module
from oograph.graph.readers.source import SourceFile

TEXT = "@book{müller,\n title = {Arbeit – heute},\n year = 2000}\n"


def written(folder: Path, content: bytes, name: str = "works.bib") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="utf-8-with-mark"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16-with-mark"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="utf-16-be-with-mark"),
        pytest.param(TEXT.encode("utf-16-le"), id="utf-16-le"),
        pytest.param(TEXT.encode("utf-16-be"), id="utf-16-be"),
        pytest.param(gzip.compress(TEXT.encode("utf-16")), id="gzip"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="dos-lines"),
        pytest.param(TEXT.replace("\n", "\r").encode("utf-16"), id="old-mac-lines"),
    ],
)
def test_a_text_is_the_same_however_it_is_encoded(tmp_path: Path, content: bytes) -> None:
    source = SourceFile.of_path(written(tmp_path, content))
    assert (source.name, source.head, source.problems) == ("works.bib", TEXT, ())
    for _ in range(2):
        assert "".join(source.lines()) == TEXT
    with source.open() as text, source.bytes_open() as data:
        assert text.read() == TEXT
        assert data.read(7) + data.read() == TEXT.encode()


@pytest.mark.parametrize("size", [65_530, 65_536, 200_000])
@pytest.mark.parametrize("blank", [" ", "\n"])
def test_blanks_before_the_first_word_do_not_hide_it(tmp_path: Path, size: int, blank: str) -> None:
    (entry,) = read_file(written(tmp_path, (blank * size + TEXT).encode()))
    assert entry.record and entry.record.title == "Arbeit – heute"


def test_a_text_in_memory_is_a_source_too() -> None:
    source = SourceFile.of_text("\ufeffa\r\nb\rc", "x.txt")
    assert (source.head, source.path, list(source.lines())) == (
        "a\nb\nc",
        None,
        ["a\n", "b\n", "c"],
    )
    assert source.bytes_open().read() == b"a\nb\nc"


def test_windows_1252_is_read_and_said_once(tmp_path: Path) -> None:
    text = TEXT + "@book{b,\n title = {“Señor”}, year = 2000}\n"
    first, second = read_file(written(tmp_path, text.encode("windows-1252")))
    assert first.record is not None and first.record.title == "Arbeit – heute"
    assert second.record is not None and second.record.title == "“Señor”"
    (problem,) = first.problems
    assert (problem.severity, problem.file, problem.line) == ("warning", "works.bib", 1)
    assert "Windows-1252" in problem.message and second.problems == ()


def test_the_first_letter_beyond_ascii_may_come_late(tmp_path: Path) -> None:
    content = b"% comment\n" * 20_000 + TEXT.encode("windows-1252")
    source = SourceFile.of_path(written(tmp_path, content))
    assert source.encoding == "windows-1252" and source.problems[0].line == 20_001


def test_a_letter_cut_in_two_by_a_block_is_whole(tmp_path: Path) -> None:
    text = "é" * 200_001
    source = SourceFile.of_path(written(tmp_path, b"a" + text.encode()))
    with source.open() as file:
        assert file.read() == "a" + text


_LATE = ("Ä" * 70_000 + "\n") * 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            _LATE.encode() + b"\xff", "byte 280,002 (line 3) is not valid UTF-8", id="late"
        ),
        pytest.param(b"\xe9\x81", "byte 0 (line 1) is not valid UTF-8", id="no-1252"),
        pytest.param(
            b"\xef\xbb\xbfa\r\n\xff", "byte 6 (line 2) is not valid UTF-8", id="marked-utf-8"
        ),
        pytest.param(b"abc\r\nd\x00e", "byte 6 (line 2) is NUL", id="nul"),
        pytest.param(b"a\n" * 50_000 + b"\x00", "byte 100,000 (line 50,001) is NUL", id="late-nul"),
        pytest.param(b"\xff\xfea\x00\x00\xd8b\x00", "byte 4 is not valid UTF-16", id="utf-16"),
        pytest.param(b"\xff\xfea\x00\x00", "byte 4 is not valid UTF-16", id="half-a-letter"),
        pytest.param(
            b"\xff\xfea\x00\x00\x00", "begins as UTF-16 but contains a NUL", id="wide-nul"
        ),
        pytest.param(b"%PDF-1.7\n", "a PDF file; export the records", id="pdf"),
        pytest.param(b"PK\x03\x04\x14", "an office document (.docx, .xlsx, .ods)", id="docx"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1", "old office document (.doc, .xls)", id="xls"),
        pytest.param(b"{\\rtf1\\ansi", "a rich text file; save it as plain text", id="rtf"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "an image (PNG)", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", "an image (JPEG)", id="jpeg"),
        pytest.param(gzip.compress(b"%PDF-1.7\n"), "a PDF file", id="pdf-in-gzip"),
        pytest.param(gzip.compress(TEXT.encode())[:-9], "Compressed file ended", id="cut-gzip"),
        pytest.param(b"\x1f\x8b\x08rubbish, and more of it", "works.bib: ", id="no-gzip"),
    ],
)
def test_what_is_no_text_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile) as error:
        SourceFile.of_path(written(tmp_path, content))
    assert str(error.value).startswith("works.bib: ") and said in str(error.value)


def test_a_file_that_mixes_encodings_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as error:
        SourceFile.of_path(written(tmp_path, "déjà\n".encode() + "café".encode("windows-1252")))
    message, remedy = str(error.value).split("; ")
    assert message.startswith("works.bib: byte 10 (line 2) is not valid UTF-8, but other letters")
    assert message.endswith("it probably mixes two encodings") and remedy.startswith("retype")


def test_a_mark_and_letters_of_windows_are_no_mixture(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is not valid UTF-8; save the file as UTF-8"):
        SourceFile.of_path(written(tmp_path, b"\xef\xbb\xbf" + "café".encode("windows-1252")))


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"gone\.bib: No such file"):
        SourceFile.of_path(tmp_path / "gone.bib")
    with pytest.raises(UnreadableFile, match="Is a directory"):
        SourceFile.of_path(tmp_path)


def test_a_line_nobody_could_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 100)
    lines = SourceFile.of_text("short\n" + "x" * 100, "x.csv").lines()
    assert next(lines) == "short\n"
    with pytest.raises(UnreadableFile, match=r"x\.csv: line 2 is longer than 100 characters"):
        next(lines)


def test_a_file_that_changed_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, (TEXT * 9000).encode())
    entries = read_file(path)
    next(entries)
    path.write_bytes(b"\xff" * 600_000)
    with pytest.raises(UnreadableFile, match=r"works\.bib: the file changed while being read"):
        list(entries)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b"]))
def test_any_bytes_are_text_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, mark: bytes
) -> None:
    path = written(tmp_path_factory.getbasetemp(), mark + content)
    try:
        source = SourceFile.of_path(path)
    except UnreadableFile as error:
        assert str(error).startswith("works.bib: ")
        return
    assert source.open().read()[: len(source.head)] == source.head


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200))
def test_what_is_written_in_utf_8_is_read_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    content = b"@book{" + text.encode()
    path = written(tmp_path_factory.getbasetemp(), content)
    expected = content.decode().replace("\r\n", "\n").replace("\r", "\n")
    assert SourceFile.of_path(path).open().read() == expected


#: What nobody reads, so that a file is large and its entries are few.
_ABSTRACT = "Words" + "." * 40_000


def _bib(number: int) -> str:
    parent = f"@proceedings{{p{number}, title = {{P}}, year = 2000}}\n" if number % 9 == 0 else ""
    crossref = "crossref = {p0}," if number % 9 == 1 else ""
    return (
        f"{parent}@inproceedings{{k{number},\n title = {{Work {number}}},\n year = 2000,\n"
        f" {crossref}\n abstract = {{{_ABSTRACT}}}\n}}\n\n"
    )


def _row(number: int) -> str:
    head = "title,year,abstract\n" if number == 0 else ""
    return f'{head}"Work {number}",2000,"{_ABSTRACT}\nand on a second line"\n'


def _page(number: int) -> str:
    return (
        f"Invented work number {number}\n\n{_ABSTRACT}\n\n  • Uber\n  • 2015\n  • English\n"
        "Disclaimer — words.\n\n"
    )


@pytest.mark.parametrize(
    ("ending", "entry"),
    [
        pytest.param("bib", _bib, id="bibtex"),
        pytest.param("csv", _row, id="table"),
        pytest.param("txt", _page, id="record-pages"),
    ],
)
def test_a_large_file_is_read_in_little_room(
    tmp_path: Path, ending: str, entry: Callable[[int], str]
) -> None:
    path, count = tmp_path / f"large.{ending}", 800
    with path.open("w", encoding="utf-8") as file:
        file.writelines(map(entry, range(count)))
    assert path.stat().st_size > 30_000_000
    tracemalloc.start()
    try:
        found = sum(1 for read in read_file(path) if read.record)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found >= count and peak < 25_000_000, f"{peak:,} bytes"
