"""Bounds: no repeated construct makes a reader's work grow faster than the file, or fill memory."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from oograph.graph.readers import READERS, json_table
from oograph.graph.readers.latex import MAX_LENGTH
from oograph.graph.readers.source import SourceFile

Written = Callable[[int], str]


def steps(name: str, text: str) -> int:
    """The calls, of Python and of C, that reading the text takes."""
    count = 0

    def step(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(step)
    try:
        for _ in READERS[name].reader.read(SourceFile.of_text(text, "works")):
            pass
    finally:
        sys.setprofile(None)
    return count


def bib(field: str, part: str) -> tuple[str, Written]:
    """An entry with a field that repeats ``part``."""
    start = f"@article{{k, title = {{A}}, year = 2000, {field} = {{"
    return "bibtex", lambda n: f"{start}{part * n}}}}}"


def ris(line: str) -> tuple[str, Written]:
    return "ris", lambda n: f"TY  - JOUR\nTI  - A\nPY  - 2000\n{line * n}ER  - \n"


def csl(name: str, value: Callable[[int], object]) -> tuple[str, Written]:
    item = {"type": "book", "title": "A", "container-title": "B"}
    return "csl-json", lambda n: json.dumps([{**item, name: value(n)}])


def work(name: str, value: Callable[[int], object]) -> tuple[str, Written]:
    item = {"@context": "https://schema.org", "@type": "Book", "name": "A"}
    return "schema.org", lambda n: json.dumps({**item, name: value(n)})


def csv(header: str, part: str) -> tuple[str, Written]:
    return "table", lambda n: f'title,year,{header}\nA,2000,"{part * n}"\n'


REPEATED = {
    "bibtex-commas": bib("author", ","),
    "bibtex-names": bib("author", "Doe, Ann and "),
    "bibtex-and": bib("author", "and "),
    "bibtex-words": bib("author", "Doe "),
    "bibtex-name-with-commas": bib("author", "Doe, "),
    "bibtex-semicolons": bib("author", "Doe, A; "),
    "bibtex-braces": bib("author", "{a} "),
    "bibtex-isbns": bib("isbn", "1 "),
    "bibtex-urls": bib("url", ", "),
    "bibtex-orcids": bib("orcid", "Doe, Ann/0000-0002-1825-0097; "),
    "bibtex-names-and-orcids": (
        "bibtex",
        lambda n: (
            "@book{k, title = {A}, year = 2000, "
            f"author = {{{' and '.join(f'D{i}, Ann' for i in range(n // 4))}}}, "
            f"orcid = {{{' '.join(f'D{i}, Ann/0000-0002-1825-0097;' for i in range(n // 4))}}}}}"
        ),
    ),
    "bibtex-keywords": bib("keywords", "a,"),
    "bibtex-dates": bib("month", "1 "),
    "bibtex-fields": ("bibtex", lambda n: "@book{k, title = {A}" + ", note = {x}" * n + "}"),
    "bibtex-pieces": ("bibtex", lambda n: "@book{k, title = {A}, note = a" + " # a" * n + "}"),
    "bibtex-note": bib("note", " \n"),
    "bibtex-labelled-names": bib("author", "family=Low, given=Ada and "),
    "bibtex-parts-of-a-name": bib("author", "family=Low, "),
    "json-table-rows": (
        "json-table",
        lambda n: json.dumps([{"title": "A", "year": 2000}] * n),
    ),
    "json-table-members": (
        "json-table",
        lambda n: json.dumps([{"title": "A", "year": 2000, **{f"m{k}": k for k in range(n)}}] * 2),
    ),
    "json-table-new-members": (
        "json-table",
        lambda n: json.dumps([{"title": "A", "year": 2000, f"m{k}": k} for k in range(n)]),
    ),
    "bibtex-strings": (
        "bibtex",
        lambda n: "@string{a = {x}}\n" * n + "@book{k, title = {A}, year = 2000}",
    ),
    "bibtex-entries": ("bibtex", lambda n: "@book{k, title = {A}, year = 2000}\n" * n),
    "bibtex-open-entries": ("bibtex", lambda n: "@book{k, title = {\n" * n),
    "ris-authors": ris("AU  - Doe, A\n"),
    "ris-keywords": ris("KW  - a\n"),
    "ris-lines": ris("more of the line above\n"),
    "ris-types": ris("TY  - JOUR\n"),
    "csl-names": csl("author", lambda n: [{"family": "Doe", "given": "A"}] * n),
    "csl-keywords": csl("keyword", lambda n: "a, " * n),
    "csl-isbns": csl("ISBN", lambda n: ["1"] * n),
    "csl-depth": csl("note", lambda n: json.loads("[" * n + "]" * n) if n < 900 else n),
    "json-ld-names": work("author", lambda n: [{"@type": "Person", "name": "A B"}] * n),
    "json-ld-keywords": work("keywords", lambda n: "a, " * n),
    "table-names": csv("author", "Doe, A; "),
    "table-author-ids": csv("author full names", " "),
    "table-keywords": csv("keywords", "a;"),
    "table-rows": ("table", lambda n: "title,year\n" + "A,2000\n" * n),
    "table-open-quotes": ("table", lambda n: "title,year\n" + '"A,2000\n' * n),
    "citation-commas": ("reference-list", lambda n: "," * n + " (2017), 'A title', B\n"),
    "citation-lines": (
        "reference-list",
        lambda n: "Doe, A. (2017), 'A title', B, 3(1), 1-2.\n" * n,
    ),
    "table-names-run-together": (
        "table",
        lambda n: f"Item Title,Item DOI,Authors,Year\nA,,{'Ann Low' * n},2000\n",
    ),
    "redif-authors": (
        "redif",
        lambda n: "Template-Type: ReDIF-Paper 1.0\nTitle: A\n" + "Author-Name: A B\n" * n,
    ),
    "zotero-creators": (
        "zotero-json",
        lambda n: json.dumps(
            [{"itemType": "book", "creators": [{"creatorType": "author", "name": "A"}] * n}]
        ),
    ),
    "page-bullets": ("record-page", lambda n: "Work on demand\n\n" + "  • Uber\n" * n),
    "page-values": ("record-page", lambda n: f"Work on demand\n\n  • {'a, ' * n}\n  • English\n"),
    "page-brackets": ("record-page", lambda n: f"Work on demand\n\n  • {'(' * n}\n  • English\n"),
    "pages": (
        "record-page",
        lambda n: "Work on demand\n\n  • Uber\n  • English\nDisclaimer — x\n\n" * n,
    ),
}


@pytest.mark.parametrize("construct", REPEATED)
def test_the_work_grows_as_the_file_does(construct: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_table, "_MOST_MEMBERS", 50)  # both tables have more
    name, written = REPEATED[construct]
    steps(name, written(10))  # caches
    few, many = (steps(name, written(n)) for n in (400, 1600))
    assert many < 6 * few


#: Characters that a pattern could go over again from each place; no step of ours shows that.
RUNS = {
    "commas-for-names": ("bibtex", "@book{k, title = {A}, year = 2000, author = {", ",", "}}"),
    "spaces-in-a-name": ("bibtex", "@book{k, title = {A}, year = 2000, author = {A", " ", "B}}"),
    "commas-for-urls": ("bibtex", "@book{k, title = {A}, year = 2000, url = {", ",", "}}"),
    "spaces-in-a-cell-of-names": ("table", 'title,year,author\nA,2000,"x', " ", 'x"\n'),
    "brackets-in-a-page's-title": ("record-page", "A work ", "(", "\n\n  • Uber\n"),
    "no-label-of-an-id": ("bibtex", "@book{k, title = {A}, year = 2000, orcid = {", "a", "}}"),
    "spaces-in-a-cell": ("table", 'title,year,author full names\nA,2000,"x', " ", 'x"\n'),
}


def printed_within(seconds: int, script: str) -> list[str]:
    """The lines that a script prints before it has had so many seconds of the processor."""
    start = f"import resource; resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))\n"
    command = [sys.executable, "-u", "-c", start + textwrap.dedent(script)]
    child = subprocess.run(command, capture_output=True, text=True)
    assert not child.stderr, child.stderr
    return child.stdout.splitlines()


def test_no_pattern_goes_over_a_run_again_and_again() -> None:
    # One pass takes far less than a second of the processor; the square of it takes minutes.
    script = f"""
        from oograph.graph.readers import READERS
        from oograph.graph.readers.source import SourceFile
        for run, (name, start, part, end) in {RUNS!r}.items():
            text = start + part * 400_000 + end
            print(run, len(list(READERS[name].reader.read(SourceFile.of_text(text, "a")))))
    """
    assert printed_within(60, script) == [f"{run} 1" for run in RUNS]


PARTS = ["\n", " ", " \n", "<!-- a -->\n", "<?a?>", "FN a\n", ", ", "{", '"a",', "@a ", "a\t"]


def test_a_format_is_chosen_at_once_whatever_is_repeated() -> None:
    # Each pattern goes over the start of the file once: it may not try its repetitions anew.
    script = f"""
        from oograph.graph.errors import UnreadableFile
        from oograph.graph.readers import SourceFile, choose
        for part in {PARTS!r}:
            try:
                choose(SourceFile.of_text(part * 30_000 + "x", "works"))
            except UnreadableFile:
                pass
            print(repr(part))
    """
    assert printed_within(10, script) == list(map(repr, PARTS))


TEXTS = ["x", '\\"', "9", " "]


def test_a_text_in_json_has_a_length() -> None:
    # The square of it would be minutes.
    script = f"""
        from oograph.graph.errors import UnreadableFile
        from oograph.graph.readers import READERS, SourceFile
        for part in {TEXTS!r}:
            text = '[{{"type": "book", "title": "' + part * (2**27 // len(part))
            try:
                list(READERS["csl-json"].reader.read(SourceFile.of_text(text, "a.json")))
            except UnreadableFile as error:
                print(error)
    """
    said = printed_within(30, script)
    assert ["a value is longer than 4,194,304 bytes" in line for line in said] == [True] * 4


def doubling(length: int) -> str:
    lines = [f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, length)]
    return f"@string{{s0 = {{0123456789}}}}\n{''.join(lines)}"


def test_strings_of_strings_are_refused_before_they_are_joined() -> None:
    text = doubling(40)
    (large,) = READERS["bibtex"].reader.read(
        SourceFile.of_text(f"{text}@book{{k, title = s10 # s10, year = 2000}}", "a.bib")
    )
    assert large.record is None and "with its @strings" in large.problems[0].message
    (longer,) = READERS["bibtex"].reader.read(
        SourceFile.of_text(f"{text}@book{{k, title = s39, year = 2000}}", "a.bib")
    )
    assert longer.record is None
    assert longer.problems[0].message == 'the value of "title" uses a @string that is too long'


def test_the_strings_of_one_entry_are_bounded_together() -> None:
    fields = "".join(f"f{n} = s10 # s0, " for n in range(9))
    (entry,) = READERS["bibtex"].reader.read(
        SourceFile.of_text(f"{doubling(11)}@book{{k, {fields} title = {{A}}}}", "a.bib")
    )
    assert entry.record is None and "@strings add more" in entry.problems[0].message


TOO_LONG = "x" * (MAX_LENGTH + 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bibtex", f"@book{{k, title = {{A}}, publisher = {{{TOO_LONG}}}}}"),
        ("ris", f"TY  - BOOK\nTI  - A\nPB  - {TOO_LONG}\nER  - \n"),
        ("csl-json", json.dumps([{"type": "book", "title": "A", "publisher": TOO_LONG}])),
        ("schema.org", json.dumps({"@type": "Book", "name": "A", "publisher": TOO_LONG})),
        ("table", f"title,publisher\nA,{TOO_LONG}\n"),
        ("reference-list", f"Doe, A. (2017), 'A', {TOO_LONG}\n"),
    ],
)
def test_one_bound_holds_for_a_value_in_every_format(name: str, text: str) -> None:
    (entry,) = READERS[name].reader.read(SourceFile.of_text(text, "works"))
    assert entry.record is None
    assert "characters" in entry.problems[0].message and entry.problems[0].line
