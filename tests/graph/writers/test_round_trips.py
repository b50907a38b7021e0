"""What each writer writes, the reader of the format gives back: the shipped works, and any."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.csl_types import TYPES as CSL_TYPES
from oograph.graph.identifiers import normal_isbn, normal_issn
from oograph.graph.index.works import Choice, Works
from oograph.graph.model import FACETS, Entry, Facets, Name, Organisation, Record, Source
from oograph.graph.readers import bibtex, csl_json, ris, table
from oograph.graph.readers.source import SourceFile
from oograph.graph.release import Release
from oograph.graph.release.records import Records
from oograph.graph.writers import WRITERS
from oograph.graph.writers.csl_json import joined

WORKS = list(Catalogue.read(default_folder()).works)
READERS: dict[str, Callable[[SourceFile], Iterator[Entry]]] = {
    "bibtex": bibtex.read,
    "ris": ris.read,
    "csl": csl_json.read,
    "csv": table.read,
}


def back(name: str, records: list[Record]) -> list[Record]:
    """The records written and read again."""
    text = "".join(WRITERS[name].write(records))
    source = SourceFile.of_text(text, f"works{WRITERS[name].ending}")
    entries = list(READERS[name](source))
    assert [entry.text for entry in entries if entry.record is None] == []
    assert len(entries) == len(records), text
    return [entry.record for entry in entries if entry.record]


def bibliographic(record: Record) -> Record:
    """The record without what only CSL-JSON holds; orcids are held by CSV too."""
    return replace(
        record,
        id="",
        authors=tuple(replace(name, orcid="") for name in record.authors),
        facets=Facets(keywords=record.facets.keywords),
        sources=(),
        agents=(),
        editor_agents=(),
        version_of=(),
    )


def as_written(name: str, record: Record) -> Record:
    """The record as the format can hold it: the exceptions in the writers' docstrings."""
    record = bibliographic(record)
    if name == "ris":
        alone = (n if n.given else Name(literal=n.family or n.literal) for n in record.authors)
        record = replace(record, authors=tuple(alone))
    return record


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "csl"])
def test_the_shipped_works_come_back(name: str) -> None:
    for work, found in zip(WORKS, back(name, WORKS), strict=True):
        assert bibliographic(found) == as_written(name, work), work.id


def test_the_facets_of_the_shipped_works_come_back_from_csv() -> None:
    assert [found.facets for found in back("csv", WORKS)] == [work.facets for work in WORKS]


def test_the_shipped_works_come_back_whole_from_csl_json() -> None:
    assert back("csl", WORKS) == WORKS


def test_what_a_release_keeps_of_works_is_what_is_written_of_them(
    shipped_release: Release,
) -> None:
    records, works = Records(shipped_release.folder), {work.id: work for work in WORKS}
    index = Works(shipped_release.folder)
    every = index.find(Choice())
    numbers = index.order(every, Choice(), len(every))
    listed = [works[id] for id in index.ids(numbers)]
    assert len(listed) > 1_000
    assert records.ids(numbers) == [work.id for work in listed]
    for form, name in (("bib", "bibtex"), ("ris", "ris")):
        kept = b"".join(records.texts(form, numbers))
        assert kept.decode() == "".join(WRITERS[name].write(listed))
    items = map(bytes.decode, records.texts("csl", numbers, ",\n"))
    assert "".join(joined(items)) == "".join(WRITERS["csl"].write(listed))


# --- any record -----------------------------------------------------------------------------

#: Text that means something in one of the formats, where it should mean nothing.
HOSTILE = (
    "R&D 50% C# a_b x^2 = =1+1 +2 -3 @SUM(A1) @article O'Neil l'été Ünï 漢字 <b> <x> "
    '"quoted" a,b a;b a:b ER TY AU and others [x] (y) | * ! ? ` / AT&T &amp &c'
).split()
LATEX = r"{x } {} ~ $5 $x$ \alpha \\ \textit{x} -- '' `` ?` !` @article{x, \}".split(" ")
WHOLE = ["ER  - ", "TY  - JOUR", "\n", "a\nb", "\r\nER  - \r\n", "\tx", "  "]

hostile = st.sampled_from(HOSTILE + WHOLE)
latex = st.sampled_from(LATEX)


def texts(fragments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Text between two plain words: no quotes around the whole, no mark at its end."""
    inner = st.lists(fragments, max_size=5).map(" ".join)
    return inner.map(lambda text: " ".join(f"Crowd {text} work".split()))


def values(fragments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | texts(fragments)


NAMES = st.one_of(
    st.builds(
        Name,
        family=st.sampled_from(["Malik", "Urzì Brancati", "O'Neil", "Fernández-Macías", "Øistad"]),
        given=st.sampled_from(["F.", "Jean-Luc", "Mary Ann", "J. R. R.", "K"]),
        particle=st.sampled_from(["", "", "de", "van der"]),
        suffix=st.sampled_from(["", "", "Jr.", "III"]),
    ),
    st.builds(
        Name,
        literal=st.sampled_from(
            [
                "World Bank",
                "Eurofound",
                "RSA, Action and Research Centre",
                "Hans-Böckler-Stiftung",
                "Ernst & Young",
                "Institute of Others",
            ]
        ),
    ),
)
TYPES = ["article-journal", "book", "chapter", "manuscript", "paper-conference", "report"]
TYPES += ["thesis", "webpage"]
OWN = {
    "bibtex": [*TYPES, "article-magazine", "article-newspaper"],
    "csl": sorted(CSL_TYPES),
    "csv": sorted(name for name, names in CSL_TYPES.items() if names.zotero),
    "ris": sorted(name for name, names in CSL_TYPES.items() if names.ris),
}
ISBN = ["9783319591100", "9783319591117", "080442957X"]
ISSN = ["2254-7088", "1932-6203"]
DATES = st.one_of(
    st.tuples(st.integers(1000, 2999)),
    st.tuples(st.integers(1000, 2999), st.integers(1, 12)),
    st.tuples(st.integers(1000, 2999), st.integers(1, 12), st.integers(1, 28)),
)
KEYWORDS = st.sampled_from(
    ["income", "privacy, data protection", "R&D", "digital labour", "50% more", "C#", "Ünï"]
)


@st.composite
def records(draw: st.DrawFn, name: str) -> Record:
    """Any record that the format can hold."""
    kind = draw(st.sampled_from(OWN[name]))
    # CSV is read for LaTeX, and says so.
    fragments = hostile if name == "csv" else hostile | latex
    value = values(fragments)
    is_article = kind.startswith("article")
    issue = draw(st.sampled_from(["", "1", "3-4", "Suppl. 2"]))
    has_number = not is_article or name not in ("bibtex", "csv") or (name == "csv" and issue != "")
    has_event = name in ("bibtex", "csl", "csv") or kind == "paper-conference"
    facets = Facets(keywords=tuple(draw(st.lists(KEYWORDS, unique=True, max_size=4))))
    title = draw(texts(fragments))
    issued = draw(DATES | st.just(()))
    has_status = name != "ris" or not issued
    return Record(
        title=title,
        type=kind,
        id=draw(st.sampled_from(["malik-2017-future-work", "x-2"])),
        original_title=draw(value.filter(lambda text: text != title)),
        authors=tuple(draw(st.lists(NAMES, max_size=4))),
        more_authors=draw(st.booleans()),
        editors=tuple(draw(st.lists(NAMES, max_size=3))),
        issued=issued,
        status=draw(st.sampled_from(["", "forthcoming", "in press"])) if has_status else "",
        container_title=draw(value),
        collection_title=draw(value),
        event_title=draw(value) if has_event else "",
        publisher=draw(value),
        publisher_place=draw(value),
        volume=draw(st.sampled_from(["", "7", "A_1", "12/13"])),
        issue=issue,
        page=draw(st.sampled_from(["", "5-23", "e100662", "A-F24_1", "1-2-3", "35+", "7-7"])),
        number=draw(st.sampled_from(["", "EUR 29810 EN", "107"])) if has_number else "",
        genre=draw(st.sampled_from(["", "Working Paper", "R&D note"])),
        edition=draw(st.sampled_from(["", "2", "Second"])),
        doi=draw(st.sampled_from(["", "10.17979/ejge.2018.7.1_4", "10.1002/(sici)1<1::aid>3;2-#"])),
        isbn=tuple(draw(st.lists(st.sampled_from(ISBN), unique=True))),
        issn=tuple(draw(st.lists(st.sampled_from(ISSN), unique=True))),
        url=draw(st.sampled_from(["", "https://example.org/~a_b?c=1&d=%20#e"])),
        language=draw(st.sampled_from(["", "en", "pt-BR", "Elvish"])),
        facets=facets,
    )


def clean(record: Record) -> Record:
    """The record without what the strategy puts in that no reader would have given."""
    assert all(map(normal_isbn, record.isbn)) and all(map(normal_issn, record.issn))
    return replace(record, title=" ".join(record.title.split()))


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "csl"])
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
def test_any_record_comes_back(name: str, data: st.DataObject) -> None:
    some = data.draw(st.lists(records(name), min_size=1, max_size=3))
    found = back(name, some)
    assert [bibliographic(record) for record in found] == [
        as_written(name, clean(record)) for record in some
    ]


FULL = Facets(
    record_types=("Research publication", "Case study-worker"),
    countries=("Kenya", "Philippines"),
    flag="Yes",
    sectors=("professional services",),
    work_types=("Online client-determined specialist work",),
    platforms=("Upwork", "Freelancer"),
    keywords=("income", "autonomy, flexibility and control"),
    organisations=(Organisation("ILO", "Publisher"), Organisation("Fairwork")),
    methods=("Qualitative research",),
    access="Subscription",
    year=2017,
)


@given(records("csl"))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
def test_csl_json_holds_everything(record: Record) -> None:
    authors = (Name("Malik", "F.", orcid="0000-0002-1825-0097"), *record.authors)
    whole = replace(
        record,
        authors=authors,
        agents=tuple(f"person/{n}" for n in range(len(authors))),
        facets=FULL,
        sources=(Source("f.bib", "k", 3, (("title", "A\n“b”"),), "0123456789ab"),),
        version_of=("another",),
    )
    assert back("csl", [whole, whole]) == [whole, whole]


def test_csv_holds_every_facet_in_a_column() -> None:
    rows = list(
        csv.DictReader(io.StringIO("".join(WRITERS["csv"].write([Record("A", facets=FULL)]))))
    )
    (row,) = rows
    for facet, column in (
        (f.name, f.column) for f in FACETS if f.kind == "concepts" and f.name != "keywords"
    ):
        assert tuple(row[column].split("; ")) == getattr(FULL, facet)
    assert row["Manual Tags"] == "income; autonomy, flexibility and control;"
    assert row["Organisations"] == "ILO (Publisher); Fairwork"
    assert (row["Access"], row["Recorded Year"], row["Flag"]) == ("Subscription", "2017", "Yes")


def test_what_is_lost_is_what_the_docstrings_say() -> None:
    record = Record("A", "article-newspaper", id="a", number="3", issue="2", issued=(2020,))
    assert back("bibtex", [record])[0].number == ""
    in_journal = replace(record, type="article-journal")
    assert back("csv", [in_journal])[0].number == "3"
    assert back("csv", [replace(in_journal, issue="")])[0].issue == "3"
    post = Record("A", "post-weblog", id="a", url="https://example.org/")
    assert back("bibtex", [post])[0].type == "webpage"
    assert back("ris", [record])[0] == replace(
        record, id="", sources=back("ris", [record])[0].sources
    )
    page = Record("A", "document", id="a", url="https://example.org/")
    assert back("bibtex", [page])[0].type == "webpage"
    assert back("ris", [page])[0].type == "document"
    talk = Record("A", "performance", id="a", event_title="An event")
    assert [back(n, [talk])[0].type for n in ("bibtex", "csv", "ris")] == ["document"] * 3
    assert back("ris", [talk])[0].event_title == ""
    quoted = Record('"A title"', id="a")
    assert back("bibtex", [quoted])[0].title == "A title"
    assert back("ris", [quoted])[0].title == '"A title"'


@pytest.mark.parametrize("name", list(WRITERS))
def test_no_records_make_a_file_without_entries(name: str) -> None:
    text = "".join(WRITERS[name].write([]))
    assert not re.search("TY|@", text)


@pytest.mark.parametrize("name", list(WRITERS))
def test_writers_are_lazy(name: str) -> None:
    def endless() -> Iterator[Record]:
        while True:
            yield Record("A", id="a")

    stream = WRITERS[name].write(endless())
    assert next(stream) and next(stream)
