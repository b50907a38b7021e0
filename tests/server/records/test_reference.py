"""References: records as papers cite them."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.catalogue import default_folder
from oograph.graph.catalogue.catalogue import Catalogue
from oograph.graph.model import Name, Record
from oograph.server.records.reference import STYLES, references

ARTICLE = Record(
    "What clicks pay",
    "article-journal",
    id="a",
    authors=(Name("Doe", "Jane Ann"), Name("da Silva", "João")),
    issued=(2020, 3),
    container_title="Journal of Examples",
    volume="7",
    issue="2",
    page="10-20",
    doi="10.5555/abc",
)
CHAPTER = Record(
    "Whose clicks?",
    "chapter",
    id="b",
    authors=(Name("Doe", "Jane"),),
    editors=(Name("Roe", "Ada"),),
    issued=(2019,),
    container_title="Clicks & Coins",
    page="1-9",
    publisher="Example Press",
    publisher_place="Delhi",
)
REPORT = Record("Counting clicks", "report", id="c", authors=(Name(literal="ILO"),))
WORKING_PAPER = Record(
    "Who clicks?",
    "report",
    id="p",
    authors=(Name("Doe", "Jane"),),
    issued=(2021,),
    collection_title="Clicking Papers",
    issue="38",
    publisher="Example Institute",
    publisher_place="Geneva",
)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            ARTICLE,
            (
                "Doe, J. A., &amp; da Silva, J. (2020). What clicks pay. "
                "<i>Journal of Examples</i>, <i>7</i>(2), 10–20. https://doi.org/10.5555/abc",
                "Doe, Jane Ann, and João da Silva. 2020. “What clicks pay.” "
                "<i>Journal of Examples</i> 7 (2): 10–20. https://doi.org/10.5555/abc.",
                "Doe, J.A. and da Silva, J. (2020) ‘What clicks pay’, "
                "<i>Journal of Examples</i>, 7(2), pp. 10–20. doi:10.5555/abc.",
            ),
        ),
        (
            CHAPTER,
            (
                "Doe, J. (2019). Whose clicks? In A. Roe (Ed.), "
                "<i>Clicks &amp; Coins</i> (pp. 1–9). Example Press.",
                "Doe, Jane. 2019. “Whose clicks?” In <i>Clicks &amp; Coins</i>, "
                "edited by Ada Roe, 1–9. Delhi: Example Press.",
                "Doe, J. (2019) ‘Whose clicks?’, in Roe, A. (ed.) "
                "<i>Clicks &amp; Coins</i>, pp. 1–9. Delhi: Example Press.",
            ),
        ),
        (
            REPORT,
            (
                "ILO. (n.d.). <i>Counting clicks</i>.",
                "ILO. n.d. <i>Counting clicks</i>.",
                "ILO (no date) <i>Counting clicks</i>.",
            ),
        ),
        (
            WORKING_PAPER,
            (
                "Doe, J. (2021). <i>Who clicks?</i> (Clicking Papers No. 38). Example Institute.",
                "Doe, Jane. 2021. <i>Who clicks?</i> Clicking Papers 38. "
                "Geneva: Example Institute.",
                "Doe, J. (2021) <i>Who clicks?</i> Clicking Papers, no. 38. "
                "Geneva: Example Institute.",
            ),
        ),
    ],
    ids=["article", "chapter", "report", "working paper"],
)
def test_a_record_in_each_style(record: Record, expected: tuple[str, ...]) -> None:
    written = dict(references(record))
    assert tuple(written) == tuple(STYLES.values())
    assert tuple(written.values()) == expected


@pytest.mark.parametrize(
    ("name", "apa", "harvard", "editor"),
    [
        (Name("Castro", "Ana de"), "Castro, A. de.", "Castro, A. de", "A. de Castro"),
        (Name("Silva", "Eva M. da"), "Silva, E. M. da.", "Silva, E.M. da", "E. M. da Silva"),
        (Name("Luo", "Xin (Bob)"), "Luo, X. (Bob).", "Luo, X. (Bob)", "X. (Bob) Luo"),
        (Name("Jiang", "Feng-xin"), "Jiang, F.-xin.", "Jiang, F.-xin", "F.-xin Jiang"),
        (Name("李", "明"), "李, 明.", "李, 明", "明 李"),
        (Name("خليل", "محمد علي"), "خليل, محمد علي.", "خليل, محمد علي", "محمد علي خليل"),
    ],
    ids=["at the end", "after initials", "in brackets", "after a hyphen", "Chinese", "Arabic"],
)
def test_a_part_of_a_name_without_an_initial_has_no_stops(
    name: Name, apa: str, harvard: str, editor: str
) -> None:
    alone = dict(references(Record("Clicks", "book", id="e", authors=(name,), issued=(2020,))))
    assert alone["APA"].startswith(f"{apa} (2020). <i>")
    assert alone["Harvard"].startswith(f"{harvard} (2020) <i>")
    assert alone["Chicago"].startswith(f"{name.family}, {name.given}. 2020. <i>")
    both = Record("Clicks", "book", id="e", authors=(name, Name("Roe", "Ada")), issued=(2020,))
    assert dict(references(both))["Harvard"].startswith(f"{harvard} and Roe, A. (2020) <i>")
    edited = Record("Clicks", "chapter", id="e", editors=(name,), container_title="Coins")
    assert f"In {editor} (Ed.)" in dict(references(edited))["APA"]


def test_a_work_by_nobody_begins_with_its_title_and_has_it_once() -> None:
    for _, reference in references(Record("Nobody wrote this", id="d", issued=(2001,))):
        assert reference.startswith("<i>Nobody wrote this</i>")
        assert reference.count("Nobody") == 1


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not attrs

    def handle_data(self, data: str) -> None:
        self.text += data


TEXT = st.text(max_size=20) | st.sampled_from(
    ["<b>&\"'", "</script><script>", "&lt;", "\ue000\ue001", "<i onclick=x>", "A.", "?", "..", "“"]
)
NAMES = st.builds(Name, TEXT, TEXT) | st.builds(lambda text: Name(literal=text), TEXT)


@settings(max_examples=60)
@given(
    st.builds(
        Record,
        title=TEXT,
        type=st.sampled_from(["article-journal", "chapter", "book", "thesis", "webpage"]),
        id=st.just("x"),
        authors=st.lists(NAMES, max_size=3).map(tuple),
        editors=st.lists(NAMES, max_size=2).map(tuple),
        issued=st.just(()) | st.integers(1, 9999).map(lambda year: (year,)),
        container_title=TEXT,
        volume=TEXT,
        page=TEXT,
        publisher=TEXT,
        url=TEXT,
    )
)
def test_no_text_of_a_record_is_read_as_html(record: Record) -> None:
    for _, reference in references(record):
        reader = Tags()
        reader.feed(reference)
        assert reader.tags <= {"i"}


def test_every_work_of_the_catalogue_has_its_title_and_year_in_its_references() -> None:
    for record in Catalogue.read(default_folder()).works[::7]:
        words = re.findall(r"\w+", record.title)
        for _, reference in references(record):
            reader = Tags()
            reader.feed(reference)
            assert set(words) <= set(re.findall(r"\w+", reader.text)), reference
            assert not record.year or str(record.year) in reader.text


def test_initials_without_stops_are_initials() -> None:
    book = Record(
        "Whose clicks?",
        "chapter",
        id="d",
        authors=(Name("Doe", "JA"),),
        editors=(Name("Islam", "MS"), Name("Bass", "JM"), Name("NG", "LI"), Name("Roe", "Ada")),
        issued=(2019,),
        container_title="Clicks",
    )
    texts = {style: str(text) for style, text in references(book)}
    assert texts["APA"].startswith("Doe, J. A. (2019)")
    assert "In M. S. Islam, J. M. Bass, L. NG, &amp; A. Roe (Eds.)" in texts["APA"]
    assert "Islam, M.S., Bass, J.M., NG, L. and Roe, A." in texts["Harvard"]
