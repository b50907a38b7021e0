"""Record pages: every layout that was seen, and what a broken page gives."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oograph.graph.languages import LANGUAGES, language, language_tag
from oograph.graph.model import Entry, Facets, Organisation, Record
from oograph.graph.readers.page import blocks, read
from oograph.graph.readers.page.field_alignment import ORDERS, fields_of
from oograph.graph.readers.page.vocabulary import SCHEMES, PageVocabulary, shipped_vocabulary
from oograph.graph.readers.source import SourceFile
from oograph.graph.vocabulary import load_vocabulary

PAGES = Path(__file__).parents[2] / "fixtures" / "record_page"
NAMES = ("order-a", "order-b-translated", "dashes-no-citation", "title-as-citation", "cut-off")


def page(name: str) -> str:
    return (PAGES / f"{name}.txt").read_text(encoding="utf-8")


def page_of(stated: Sequence[tuple[str, str]]) -> str:
    """The page that a record was read from, without its abstract and disclaimer."""
    lines = [" ".join(words.split()) for field, words in stated if field == "title"]
    for field, words in stated:
        if field == "citation":
            lines += ["", " ".join(words.split())]
    bullets = [f"  • {words}" for field, words in stated if field not in ("title", "citation")]
    return "\n".join([*lines, *(["", ""] if bullets else []), *bullets]) + "\n"


def only(text: str) -> tuple[Entry, Record]:
    """The one entry of a text, and its record."""
    (entry,) = read(SourceFile.of_text(text, "page.txt"))
    assert entry.record is not None, entry.problems
    return entry, entry.record


def messages(entry: Entry, severity: str = "warning") -> list[tuple[str, str]]:
    return [(p.property, p.value) for p in entry.problems if p.severity == severity]


def test_a_page_in_the_order_with_the_flag() -> None:
    entry, record = only(page("order-a"))
    assert entry.source.key == "understanding-the-development-implications-of-online-outsourcing"
    assert (entry.source.file, entry.source.position) == ("page.txt", 1)
    assert [field for field, _ in entry.source.stated] == ["title", "citation", *ORDERS["A"]]
    assert [name.inverted for name in record.authors] == ["Malik, F.", "Nicholson, B.", "Heeks, R."]
    assert (record.type, record.issued, record.page) == ("paper-conference", (2017,), "425-436")
    assert record.language == "en"
    assert record.facets == Facets(
        record_types=("Research publication", "Case study-worker"),
        countries=("Other",),
        flag="Yes",
        sectors=("professional services",),
        work_types=("Online client-determined specialist work",),
        platforms=("Upwork", "Freelancer", "Fiverr", "Guru"),
        keywords=("income", "worker demographics", "motivation for platform work"),
        organisations=(
            Organisation(
                "International Conference on Social Implications of Computers in Developing "
                "Countries",
                "Publisher",
            ),
        ),
        methods=("Qualitative research",),
        access="Subscription",
        year=2017,
    )
    assert entry.problems == ()


def test_markup_and_entities_of_a_page_are_no_words_of_it() -> None:
    plain = page("order-a")
    _, right = only(plain)
    entry, record = only(
        plain.replace("development implications", "<i>development</i> implications").replace(
            "Fiverr", "&#70;iverr"
        )
    )
    assert (record.title, record.authors, record.facets) == (
        right.title,
        right.authors,
        right.facets,
    )
    assert dict(entry.source.stated)["title"].count("<i>") == 1


def test_a_page_in_the_order_without_the_flag() -> None:
    entry, record = only(page("order-b-translated"))
    assert [field for field, _ in entry.source.stated] == ["title", "citation", *ORDERS["B"]]
    assert record.title == "Riders and their rules in Ruritania"
    assert record.original_title == "Bud und Regel: Kuriere, Rechte und Pflichten"
    assert [name.inverted for name in record.authors] == ["Häberli, Ö.", "van der Zee, J.-P."]
    assert (record.issued, record.facets.year) == ((2016,), 2015)
    assert record.language == "de"
    assert ("languages", "German, English") in entry.source.stated
    assert record.facets.keywords == (
        "autonomy, flexibility and control",
        "income",
        "privacy, data protection",
    )
    assert record.facets.organisations == (
        Organisation("VKR (Verband der Kuriere, Ruritanien)", "Employee organisation"),
        Organisation("Courier, Rider and Society", "Publisher"),
    )
    assert messages(entry, "info") == [("year", "2015")]
    assert messages(entry) == [("platforms", "Ruritaxi")]


def test_dashes_and_no_citation() -> None:
    entry, record = only(page("dashes-no-citation"))
    assert [field for field, _ in entry.source.stated] == [
        "title", "countries", "flag", "sectors", "work_types", "platforms", "keywords",
        "languages", "organisations", "methods", "access",
    ]  # fmt: skip
    assert (record.authors, record.issued) == ((), ())
    assert record.facets.platforms == ("Freelancer", "Upwork")


def test_a_citation_that_is_only_the_title() -> None:
    entry, record = only(page("title-as-citation"))
    assert entry.source.stated[:2] == (
        ("title", "Invented rules for platforms"),
        ("citation", "Invented rules for platforms"),
    )
    assert (record.title, record.issued, record.type) == (
        "Invented rules for platforms",
        (2019,),
        "report",
    )


def test_a_page_that_breaks_off_inside_a_bullet_is_kept() -> None:
    entry, record = only(page("cut-off"))
    assert record.facets.work_types == (
        "On-location platform-determined routine work",
        "Online moderately ski",
    )
    (problem,) = entry.problems
    assert (problem.severity, problem.line, problem.value) == (
        "warning", 10, "Online moderately ski",
    )  # fmt: skip
    assert "incomplete" in problem.message


@pytest.mark.parametrize("name", NAMES)
def test_neither_abstract_nor_disclaimer_is_taken(name: str) -> None:
    entry, record = only(page(name))
    said = f"{record} {entry.source.stated} {entry.problems}".replace("abstract=None", "")
    assert "abstract" not in said and "invented line" not in said.lower()
    assert "Disclaimer" not in said and "Eurofound aims" not in said


@pytest.mark.parametrize("name", NAMES)
def test_a_written_page_reads_back_the_same(name: str) -> None:
    entry, record = only(page(name))
    again, second = only(page_of(entry.source.stated))
    assert again.source.stated == entry.source.stated
    assert replace(second, sources=()) == replace(record, sources=())


def test_the_written_page_is_the_page_without_abstract_and_disclaimer() -> None:
    text = page("order-a")
    entry, _ = only(text)
    lines = text.splitlines(keepends=True)
    assert page_of(entry.source.stated) == "".join(lines[:1] + lines[3:-1])


@pytest.mark.parametrize(
    ("change", "to"),
    [
        pytest.param("\n", "\r\n", id="crlf"),
        pytest.param("  • ", "* ", id="asterisks"),
        pytest.param("  • ", "\t·\t", id="tabs-and-middle-dots"),
        pytest.param("  • ", "– ", id="dashes"),
        pytest.param("  • ", "•", id="no-space"),
        pytest.param(", Case study", ",\u00a0Case\u00a0study", id="non-breaking-spaces"),
        pytest.param("\n  •", "\n\n  •", id="blank-lines-between"),
        pytest.param("\n\n\n  •", "\n  •", id="no-blank-lines-before"),
        pytest.param("\n\n\n  •", "\n\nMetadata\n\n  •", id="heading"),
        pytest.param("Subscription\nDisclaimer", "SubscriptionDisclaimer", id="disclaimer-on-end"),
        pytest.param("Subscription\nDisc", "Subscription\n\n\nDisc", id="disclaimer-apart"),
        pytest.param("Upwork, Freelancer, Fiverr", "Upwork, Freelancer,\n    Fiverr", id="wrapped"),
        pytest.param("Understanding", "\ufeffUnderstanding", id="byte-order-mark"),
    ],
)
def test_variants_of_the_layout_read_the_same(change: str, to: str) -> None:
    text = page("order-a")
    assert change in text
    changed = text.replace(change, to, 1 if change == "Understanding" else -1)
    entry, record = only(changed)
    assert replace(record, sources=()) == replace(only(text)[1], sources=())
    assert entry.problems == ()


def test_a_list_in_the_abstract_is_not_the_bullets() -> None:
    text = page("order-a").replace(
        "stands where the abstract was.", "asks:\n- who pays\n- who wins"
    )
    assert replace(only(text)[1], sources=()) == replace(only(page("order-a"))[1], sources=())


def test_pages_without_bullets_are_told_apart() -> None:
    cited = (
        "Invented {0} of work\n\nInvented words.\n\nDoe, {0}. (2018), Invented {0} of work, Oslo."
    )
    entries = list(
        read(SourceFile.of_text("\n\n".join(cited.format(letter) for letter in "ABC"), "p.txt"))
    )
    assert [e.record.title if e.record else "" for e in entries] == [
        "Invented A of work", "Invented B of work", "Invented C of work",
    ]  # fmt: skip
    assert [name.inverted for e in entries if e.record for name in e.record.authors] == [
        "Doe, A.", "Doe, B.", "Doe, C.",
    ]  # fmt: skip


@pytest.mark.parametrize("between", ["", "\n", "\n\n\n"], ids=["joined", "next-line", "apart"])
def test_many_pages_in_one_file(between: str) -> None:
    """A disclaimer without a line end (as files joined by ``cat`` have it) ends a page too."""
    pages = [page(name).rstrip("\n") for name in NAMES]
    ends = [between if "Disclaimer" in text else between or "\n" for text in pages]
    text = "".join(text + end for text, end in zip(pages, ends, strict=True))
    entries = list(read(SourceFile.of_text(text, "all.txt")))
    # The cut-off page comes last, so all are whole.
    alone = [only(text) for text in pages]
    assert [e.source.stated for e in entries] == [e.source.stated for e, _ in alone]
    lines = re.split("\n", text)
    for entry in entries:
        assert entry.source.stated[0][1] in lines[entry.source.position - 1]


def test_the_same_title_twice_has_two_keys() -> None:
    keys = [
        entry.source.key
        for entry in read(SourceFile.of_text(page("cut-off") + "\n" + page("cut-off"), "p.txt"))
    ]
    assert keys == ["invented-tasks-in-three-cities", "invented-tasks-in-three-cities-2"]


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        pytest.param("\n\nWords.\n\nMore words.", 3, "citation", id="prose"),
        pytest.param("  • English\n  • Open access\n", 1, "title", id="bullets-only"),
        pytest.param("Title\n\nAbstract:\n- who pays\n- who wins\n", 1, "citation", id="list-only"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(text: str, line: int, field: str) -> None:
    (entry,) = read(SourceFile.of_text(text, "notes.txt"))
    assert entry.record is None
    (problem,) = entry.problems
    assert (problem.severity, problem.file, problem.line, problem.property) == (
        "violation", "notes.txt", line, field,
    )  # fmt: skip
    assert problem.message and problem.remedy
    assert entry.text == text.strip("\n")


def test_an_empty_file_has_no_entries() -> None:
    assert list(read(SourceFile.of_text("\n \n", "empty.txt"))) == []


@pytest.mark.parametrize(
    ("bullets", "fields"),
    [
        pytest.param("Other|Yes", "countries flag", id="other-before-the-flag"),
        pytest.param("Italy|2019|Other", "countries year record_types", id="other-after-the-year"),
        pytest.param("Other|Other|Yes", "record_types countries flag", id="other-twice"),
        pytest.param("Narnia|Yes|transport", "countries flag sectors", id="unknown-country"),
        pytest.param(
            "transport|Online invented work|Italy",
            "sectors work_types countries",
            id="unknown-work",
        ),
        pytest.param(
            "transport|Hoverboardly|income|English",
            "sectors platforms keywords languages",
            id="unknown-platform",
        ),
        pytest.param(
            "2019|Invented document|income|English",
            "year record_types keywords languages",
            id="unknown-record-type",
        ),
        pytest.param(
            "English|Den (Think tank)|Guessing|2019|Open access",
            "languages organisations methods year access",
            id="unknown-kind-and-method",
        ),
        pytest.param(
            "Italy|Yes|Open access|English", "countries flag access languages", id="order"
        ),
        pytest.param(
            "transport|Italy|2019|transport", "sectors countries year keywords", id="twice"
        ),
        pytest.param("English|Yes|Yes", "languages flag unknown", id="nowhere"),
    ],
)
def test_the_field_of_a_bullet(bullets: str, fields: str) -> None:
    assert " ".join(fields_of(bullets.split("|"), shipped_vocabulary())) == fields


def test_unknown_values_are_kept_and_reported() -> None:
    text = page("order-a").replace("Guru", "Hoverboardly").replace("• English", "• Elvish")
    entry, record = only(text.replace("(Publisher)", "(Oracle)"))
    assert record.facets.platforms[-1] == "Hoverboardly"
    assert record.language == "Elvish"
    assert record.facets.organisations[0].kind == "Oracle"
    assert messages(entry) == [
        ("platforms", "Hoverboardly"), ("languages", "Elvish"), ("organisations", "Oracle"),
    ]  # fmt: skip
    assert [p.line for p in entry.problems] == [13, 15, 16]
    assert "platforms.ttl" in entry.problems[0].remedy


@pytest.mark.parametrize(
    ("written", "platforms"),
    [
        pytest.param("Upwrok", "Upwrok", id="alone"),
        pytest.param("Upwrok, Fiverr", "Upwrok, Fiverr", id="before-a-known-one"),
        pytest.param("Fiverr, Upwrok", "Fiverr, Upwrok", id="behind-a-known-one"),
    ],
)
def test_a_misspelt_value_is_guessed(written: str, platforms: str) -> None:
    entry, _ = only(page("order-a").replace("Upwork, Freelancer, Fiverr, Guru", platforms))
    (problem,) = (each for each in entry.problems if "Upwrok" in each.value)
    assert problem.remedy.startswith("Did you mean upwork? ")


def test_a_value_that_two_fields_know_is_reported() -> None:
    entry, record = only("Invented title\n\n  • Other\n  • English\n  • Open access\n")
    assert record.facets.countries == ("Other",)
    assert ("countries", "Other") in messages(entry, "info")


@pytest.mark.parametrize(
    ("title", "languages", "expected"),
    [
        pytest.param("Work (Die Arbeit im Netz)", "German", "Die Arbeit im Netz", id="foreign"),
        pytest.param("Work (second edition of two)", "English", "", id="english"),
        pytest.param("Work (ABU)", "Dutch", "", id="acronym"),
    ],
)
def test_the_bracket_in_a_title(title: str, languages: str, expected: str) -> None:
    _, record = only(f"{title}\n\n\n  • {languages}\n  • Open access\n")
    assert record.original_title == expected
    assert record.title == ("Work" if expected else title)


def test_values_are_split_by_the_longest_that_is_known() -> None:
    words = PageVocabulary.of_labels({"keywords": frozenset({"a", "b", "a b", "b c d"})})
    assert words.split("keywords", "a, b, c, d") == ("a, b", "c", "d")
    assert words.split("keywords", "x, b, c, d, a") == ("x", "b, c, d", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A (Publisher)", [("A", "Publisher")], id="one"),
        pytest.param("A (B, C (D)) (Publisher)", [("A (B, C (D))", "Publisher")], id="nested"),
        pytest.param("A (X), B (Think tank)", [("A (X), B", "Think tank")], id="bracket-in-name"),
        pytest.param("A, B", [("A, B", "")], id="no-kind"),
        pytest.param("A (Publisher), B (Gov", [("A", "Publisher"), ("B (Gov", "")], id="cut-off"),
    ],
)
def test_organisations(text: str, expected: list[tuple[str, str]]) -> None:
    found = shipped_vocabulary().organisations(text)
    assert [(o.name, o.kind) for o in found] == expected


def test_languages() -> None:
    assert language_tag(" SWEDISH ") == "sv"
    assert language_tag("Elvish") is None
    assert len({language_tag(name) for name in LANGUAGES} - {None}) > 45
    assert [language(tag) for tag in ("EN_us", "ger", "ngerman", "no such one")] == [
        "en-US", "de", "de", "no such one"
    ]  # fmt: skip
    assert language("English and French") == "English and French"


VOCABULARY = load_vocabulary()
#: One spelling of every label that the pages could hold, by field.
LABELS = {
    field: sorted(
        label
        for label in VOCABULARY.forms[scheme]
        # "Slovene" is a language on a page, though it finds a country in a title
        if shipped_vocabulary().knows(field, label)
    )
    for field, scheme in SCHEMES.items()
    if field not in ("organisations", "access")
} | {"languages": sorted(LANGUAGES)}


def _joins_no_others(field: str, values: list[str]) -> bool:
    """False where neighbours happen to spell another label with commas ("privacy", "data …")."""
    return all(
        not shipped_vocabulary().knows(field, f"{a}, {b}") for a, b in pairwise(values)
    ) and len(shipped_vocabulary().split(field, ", ".join(values))) == len(values)


@st.composite
def made(draw: st.DrawFn) -> tuple[list[tuple[str, str]], Facets, str]:
    """A page's stated fields in one order, the facets they were made of, and the language."""
    order = draw(st.sampled_from(sorted(ORDERS)))
    chosen = [f for f in ORDERS[order] if f == "flag" or draw(st.booleans())]
    lists: dict[str, list[str]] = {}
    for field in (f for f in chosen if f in LABELS):
        values = draw(st.lists(st.sampled_from(LABELS[field]), min_size=1, max_size=4, unique=True))
        assume(_joins_no_others(field, values))
        lists[field] = values
    # "Other" alone is a country or a record type, "freelancer" a platform or a keyword: such a
    # page tells only where both are filled.
    knows = shipped_vocabulary().knows
    for both in (("countries", "record_types"), ("platforms", "keywords")):
        for values in (lists[field] for field in both if field in lists):
            are_twins = all(knows(field, value) for field in both for value in values)
            assume(not are_twins or all(field in lists for field in both))
    name = st.sampled_from(["ABU (Bund, Union)", "Work, Pay and Society", "House"])
    kind = st.sampled_from(["Publisher", "Government", "Employer organisation"])
    bodies = draw(st.lists(st.builds(Organisation, name, kind), min_size=1, max_size=3))
    single = {
        "flag": "Yes",
        "year": str(draw(st.integers(1990, 2030))),
        "access": draw(st.sampled_from(["Open access", "Subscription", "Not available"])),
        "organisations": ", ".join(f"{body.name} ({body.kind})" for body in bodies),
    }
    stated = [(f, single[f] if f in single else ", ".join(lists[f])) for f in chosen]
    language = (lists.pop("languages", None) or [""])[0]
    several: dict[str, Any] = {field: tuple(values) for field, values in lists.items()}
    facets = Facets(
        **several,
        flag="Yes" if "flag" in chosen else "",
        organisations=tuple(bodies) if "organisations" in chosen else (),
        access=single["access"] if "access" in chosen else "",
        year=int(single["year"]) if "year" in chosen else None,
    )
    return stated, facets, language


@settings(max_examples=300, deadline=None)
@given(made(), st.booleans())
def test_a_generated_page_reads_back_to_its_facets(
    case: tuple[list[tuple[str, str]], Facets, str], is_cited: bool
) -> None:
    stated, facets, language = case
    # Of a page without a citation some bullet must be known, or it could be a list in prose.
    assume(is_cited or any(field not in ("platforms", "keywords") for field, _ in stated))
    assume(stated)
    head = [("title", "Invented words on work")]
    if is_cited:
        head.append(
            ("citation", "Doe, A. (2018), 'Invented words on work', Invented Review, 3(1).")
        )
    entry, record = only(page_of([*head, *stated]))
    assert entry.source.stated == (*head, *stated)
    assert record.facets == facets
    assert record.language == (language_tag(language) or "" if language else "")
    assert not messages(entry)


LINES = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(
        [
            "", "  • English", "- Yes", "• Italy, Other", "Metadata", "  • 2019",
            "Disclaimer — Eurofound aims to keep", "Invented title",
            "Doe, A. (2018), Invented title, Oslo.", "* Open access", "  • House (Publisher)",
        ]
    ),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=25), st.sampled_from(["\n", "\r\n"]))
def test_no_text_makes_the_reader_fail_and_no_line_is_lost(lines: list[str], end: str) -> None:
    entries = list(read(SourceFile.of_text(end.join(lines), "any.txt")))
    records = [entry for entry in entries if entry.record]
    rejects = [entry for entry in entries if any(p.severity == "violation" for p in entry.problems)]
    assert len(entries) == len(records) + len(rejects)
    assert len({entry.source.key for entry in entries}) == len(entries)
    kept = "\n".join(entry.text for entry in entries)
    for line in re.split("\r\n|\n|\r", end.join(lines)):
        assert line.removeprefix("\ufeff").strip("\n") in kept or not re.search(r"\w", line)


@settings(max_examples=10, deadline=None)
@given(st.permutations(["order-a", "order-b-translated", "cut-off", "dashes-no-citation"]))
@pytest.mark.parametrize("window", [1, 2, 7])
def test_pages_are_the_same_however_few_lines_are_seen_at_a_time(
    window: int, names: list[str]
) -> None:
    source = SourceFile.of_text("\n\n".join(map(page, [*names, *names])), "all.txt")
    expected = list(read(source))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_WINDOW", window)
        assert list(read(source)) == expected
    assert len(expected) == 8


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("T\n\n• " + ", ".join(map(str, range(20_000))) + "\n", id="values"),
        pytest.param("T\n\n• " + "autonomy, " * 20_000 + "\n", id="openings"),
        pytest.param("Disclaimer —\n" * 20_000, id="disclaimers"),
    ],
)
def test_a_page_of_nonsense_takes_no_time(text: str) -> None:
    start = process_time()
    assert list(read(SourceFile.of_text(text, "x.txt")))
    assert process_time() - start < 8  # a second as a rule; it took sixteen
