"""Which records are one work, which are versions, what is left to a curator, and at what cost."""

import random
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.model import Facets, Name, Record, Source, Tombstone
from oograph.graph.resolution.blocking import candidate_pairs
from oograph.graph.resolution.compare import RULES, Verdict, compare
from oograph.graph.resolution.contradictions import clash
from oograph.graph.resolution.decisions import Decision
from oograph.graph.resolution.features import Features, features_of
from oograph.graph.resolution.ids import with_ids
from oograph.graph.resolution.merging import merge
from oograph.graph.resolution.resolve import Match, cluster, explain, resolve
from oograph.graph.shelf import Picked

WOOD = Name("Wood", "Alex")
PAPER = Record(
    "Good gig, bad gig: autonomy in the gig economy",
    type="article-journal",
    authors=(WOOD, Name("Graham", "Mark")),
    issued=(2019,),
    container_title="Work, Employment and Society",
    doi="10.1177/1",
    sources=(Source("a.bib", "wood", 1),),
)
BARE = replace(PAPER, doi="")
TALK = replace(
    BARE,
    type="paper-conference",
    issued=(2017,),
    container_title="International Conference on Information Systems",
)
BOOK = Record(
    "Work in the platform economy",
    type="book",
    authors=(WOOD,),
    issued=(2019,),
    isbn=("9780306406157",),
)
MIRROR = {"earlier": "later", "later": "earlier"}


def verdict(left: Record, right: Record) -> Verdict:
    """What ``compare`` says, having checked that it says the mirror of it the other way round."""
    one, other = features_of(left), features_of(right)
    found, back = compare(one, other), compare(other, one)
    assert (MIRROR.get(found.relation, found.relation), found.rule) == (back.relation, back.rule)
    return found


@pytest.mark.parametrize(
    ("left", "right", "rule"),
    [
        pytest.param(PAPER, replace(PAPER, title=PAPER.title.upper()), "doi", id="same-doi"),
        pytest.param(PAPER, BARE, "title-year-author", id="no-doi"),
        pytest.param(
            replace(PAPER, doi="10.1057/palgrave.ejis.3000415"),
            replace(PAPER, doi="10.1057/palgrave/ejis/3000415"),
            "title-year-author",
            id="doi-with-other-marks",
        ),
        pytest.param(
            replace(PAPER, doi="10.1287/isre.2020.0475"),
            replace(PAPER, doi="10.1287/isre.2020.475"),
            "title-year-author",
            id="doi-without-its-zero",
        ),
        pytest.param(
            PAPER,
            replace(BARE, authors=(Name("Wood", "A."), Name("Graham", "M."))),
            "title-year-author",
            id="initials",
        ),
        pytest.param(
            PAPER,
            replace(BARE, authors=(Name("Alex", "Wood"), Name("Mark", "Graham"))),
            "title-year-author",
            id="names-turned-round",
        ),
        pytest.param(
            PAPER,
            replace(BARE, title=PAPER.title + " [Boa viração, má viração]"),
            "title-year-author",
            id="title-with-translation",
        ),
        pytest.param(
            PAPER, replace(BARE, title=PAPER.title + " 1"), "title-year-author", id="footnote-mark"
        ),
        pytest.param(
            replace(PAPER, doi="10.1177/1"),
            replace(BARE, title=PAPER.title + "1", authors=(), doi="10.1177/1"),
            "doi",
            id="footnote-mark-at-a-word",
        ),
        pytest.param(
            replace(BARE, title="Organising platform labour & behaviour"),
            replace(BARE, title="Organizing platform labor and behavior"),
            "title-year-author",
            id="american-spelling",
        ),
        pytest.param(
            PAPER,
            replace(BARE, title=f"RETRACTED: {PAPER.title}"),
            "title-year-author",
            id="retracted",
        ),
        pytest.param(PAPER, replace(BARE, issued=()), "title-author", id="no-year"),
        pytest.param(
            PAPER, replace(BARE, issued=(2018,)), "title-author-venue", id="year-before-same-venue"
        ),
        pytest.param(PAPER, replace(BARE, authors=()), "title-venue-year", id="no-author"),
        pytest.param(
            replace(BARE, page="56-75"),
            replace(BARE, page="56-75", authors=(Name("Wod", "Aleks"),)),
            "title-venue-year",
            id="author-misspelt",
        ),
        pytest.param(
            BARE,
            replace(BARE, title=f"{PAPER.title} horizontal ellipsis"),
            "title-year-author",
            id="ellipsis-in-words",
        ),
        pytest.param(
            PAPER,
            replace(BARE, title="Good gig, bad gig"),
            "short-title-authors-venue",
            id="main-title-only",
        ),
        pytest.param(
            BARE,
            replace(BARE, title=f"How we did it … {PAPER.title}"),
            "longer-title-authors-venue",
            id="column-before-title",
        ),
        pytest.param(
            replace(BARE, title="Effects of enhanced monitoring systems in markets", page="44-53"),
            replace(BARE, title="Effects of enabled monitoring systems in markets", page="44-53"),
            "authors-venue-year-pages",
            id="title-changed-in-print",
        ),
        pytest.param(
            replace(TALK, url="https://arxiv.org/abs/1712.05796v2"),
            replace(TALK, url="http://arxiv.org/pdf/1712.05796", issued=(2018,)),
            "arxiv",
            id="arxiv",
        ),
        pytest.param(
            replace(BARE, container_title="", doi="10.2139/ssrn.3004731"),
            replace(
                BARE,
                container_title="",
                url="https://papers.ssrn.com/sol3/papers.cfm?abstract_id=3004731",
            ),
            "ssrn",
            id="ssrn",
        ),
        pytest.param(
            replace(BARE, issued=(), url="http://hdl.handle.net/10419/12345"),
            replace(BARE, issued=(2015,), url="https://www.econstor.eu/handle/10419/12345"),
            "handle",
            id="handle",
        ),
        pytest.param(
            BOOK,
            replace(BOOK, isbn=("0306406152",), issued=(2020,), authors=()),
            "isbn",
            id="isbn-10-and-13",
        ),
    ],
)
def test_one_work(left: Record, right: Record, rule: str) -> None:
    found = verdict(left, right)
    assert (found.relation, found.rule) == ("same", rule)
    assert found.evidence
    assert rule in RULES


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(PAPER, replace(BARE, type="chapter"), id="chapter"),
        pytest.param(
            BOOK, replace(BOOK, type="chapter", container_title=BOOK.title), id="book-and-chapter"
        ),
        pytest.param(PAPER, replace(BARE, authors=(Name("Smith"),)), id="another-author"),
        pytest.param(PAPER, replace(BARE, authors=(Name("Smith", "Alex"),)), id="one-given-name"),
        pytest.param(PAPER, replace(BARE, title=PAPER.title + " Response"), id="response"),
        pytest.param(PAPER, replace(BARE, title="Reply to " + PAPER.title), id="reply"),
        pytest.param(PAPER, replace(BARE, title=f'Comment on "{PAPER.title}"'), id="comment"),
        pytest.param(PAPER, replace(BARE, title="A rejoinder: " + PAPER.title), id="rejoinder"),
        pytest.param(PAPER, replace(BARE, title="Erratum: " + PAPER.title), id="erratum"),
        pytest.param(PAPER, replace(BARE, title="Correction to: " + PAPER.title), id="correction"),
        pytest.param(PAPER, replace(PAPER, title="Erratum: " + PAPER.title), id="erratum-with-doi"),
        pytest.param(
            PAPER, replace(BARE, title="Retraction notice: " + PAPER.title), id="retraction-notice"
        ),
        pytest.param(
            replace(BARE, title="A history of platform labour: Part I"),
            replace(BARE, title="A history of platform labour: Part II"),
            id="parts",
        ),
        pytest.param(
            replace(BARE, title="A history of platform labour 1"),
            replace(BARE, title="A history of platform labour 2"),
            id="numbers-at-the-end",
        ),
        pytest.param(
            replace(BARE, title="Freelancing in America 2018", issued=(2018,)),
            replace(BARE, title="Freelancing in America 2019", issued=(2019,)),
            id="years-of-a-series",
        ),
        pytest.param(replace(BOOK, edition="1st"), replace(BOOK, edition="2"), id="editions"),
        pytest.param(
            replace(BARE, title="Introduction to the special issue"),
            replace(BARE, title="Introduction to the special issue", container_title="Other"),
            id="title-that-comes-back",
        ),
        pytest.param(
            Record("Editorial", authors=(WOOD,), issued=(2019,)),
            Record("Editorial", authors=(WOOD,), issued=(2019,)),
            id="title-that-says-little",
        ),
        pytest.param(
            PAPER, replace(BARE, title="Good gig, bad gig: the employers"), id="other-subtitle"
        ),
    ],
)
def test_two_works_and_nothing_to_ask(left: Record, right: Record) -> None:
    assert verdict(left, right).relation == "different"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(TALK, PAPER, id="conference-then-journal"),
        pytest.param(replace(BARE, container_title="SSRN Electronic Journal"), PAPER, id="ssrn"),
        pytest.param(replace(BARE, container_title="arXiv preprint"), PAPER, id="arxiv"),
        pytest.param(
            replace(BARE, type="article", container_title="", doi="10.31235/osf.io/abcde"),
            PAPER,
            id="of-another-archive",
        ),
        pytest.param(
            replace(BARE, type="report", container_title="", genre="Working Paper", issued=(2012,)),
            PAPER,
            id="working-paper-of-long-ago",
        ),
        pytest.param(
            replace(BARE, type="report", container_title="", publisher="NBER", number="23618"),
            PAPER,
            id="nber",
        ),
    ],
)
def test_an_earlier_version_is_linked_and_not_merged(left: Record, right: Record) -> None:
    assert verdict(left, right).relation == "earlier"
    found = resolve([right, left])
    (earlier,) = [work for work in found.works if work.version_of]
    (later,) = [work for work in found.works if not work.version_of]
    assert earlier.version_of == (later.id,)
    assert (later.doi, found.undecided) == (right.doi, ())


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        pytest.param(PAPER, replace(PAPER, doi="10.1177/2"), "doi 10.1177/1 and", id="two-dois"),
        pytest.param(
            replace(PAPER, doi="10.1145/12.345"),
            replace(PAPER, doi="10.1145/123.45"),
            "doi 10.1145/12.345 and",
            id="two-dois-of-the-same-digits",
        ),
        pytest.param(PAPER, replace(BARE, issued=(2014,)), "2014", id="five-years-apart"),
        pytest.param(
            TALK,
            replace(TALK, issued=(2018,), container_title="Hawaii Conference"),
            "2017 and 2018",
            id="two-conferences",
        ),
        pytest.param(
            BARE,
            replace(BARE, title=PAPER.title.replace("economy", "econmy"), volume="1"),
            "similar titles",
            id="misspelt",
        ),
        pytest.param(
            replace(BARE, container_title=""),
            replace(BARE, container_title="", title=f"Report: {PAPER.title}", issued=(2020,)),
            "one title within the other",
            id="one-title-in-the-other",
        ),
        pytest.param(
            BARE,
            replace(BARE, title=f"{BARE.title} and in the countries around it", volume="9"),
            "one title within the other",
            id="cut-short",
        ),
        pytest.param(
            replace(BARE, title="Gig work", container_title=""),
            replace(BARE, title="Gig work", type="report"),
            "the title is too short to tell",
            id="a-short-title",
        ),
        pytest.param(
            replace(BARE, title="Turkers", container_title="CHI '13"),
            replace(BARE, title="Turkers: Who they are, and what they want"),
            "one title within the other",
            id="a-short-title-before-the-colon",
        ),
        pytest.param(
            PAPER,
            replace(PAPER, title="Something else altogether", authors=(Name("Smith"),)),
            "same doi 10.1177/1",
            id="one-doi-other-titles",
        ),
        pytest.param(
            BARE,
            replace(BARE, authors=(), container_title=""),
            "names no author",
            id="no-author-and-no-venue",
        ),
        pytest.param(
            replace(BARE, volume="1"),
            replace(BARE, authors=(), volume="2"),
            "names no author",
            id="no-author-in-another-volume",
        ),
        pytest.param(
            BARE,
            replace(BARE, authors=(), issued=(2017,), container_title="", type="document"),
            "same title, but 2017 and 2019; one record names no author",
            id="no-author-two-years-before",
        ),
    ],
)
def test_undecided(left: Record, right: Record, why: str) -> None:
    found = verdict(left, right)
    assert found.relation == "undecided"
    assert why in found.evidence
    (pair,) = resolve([left, right]).undecided
    assert why in pair.why
    assert pair.left < pair.right


def test_a_contradiction_inside_a_cluster_keeps_it_apart() -> None:
    found, _ = cluster([PAPER, BARE, replace(PAPER, doi="10.1177/2")])
    assert sorted(map(len, found)) == [1, 2]


def test_a_preprint_and_its_article_are_not_joined_by_a_record_that_fits_both() -> None:
    preprint = replace(BARE, container_title="SSRN Electronic Journal")
    bare = replace(BARE, container_title="", type="document")
    assert len(resolve([PAPER, bare, preprint]).works) == 2


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(BARE, id="article"),
        pytest.param(replace(TALK, issued=(2018,), container_title="Hawaii"), id="second-talk"),
    ],
)
def test_two_years_are_not_joined_by_a_record_without_one(later: Record) -> None:
    assert len(resolve([TALK, later, replace(BARE, issued=(), container_title="")]).works) == 2


RECORDS = [
    PAPER,
    BARE,
    replace(PAPER, doi="10.1177/2", sources=(Source("c.bib", "x", 3),)),
    Record("Another title entirely", authors=(WOOD,), issued=(2019,)),
    replace(BARE, authors=(Name("Wood", "A."), Name("Graham", "M."))),
    TALK,
    replace(TALK, issued=(2018,), container_title="Hawaii Conference"),
    replace(BARE, title=PAPER.title.replace("economy", "econmy"), volume="1"),
    replace(BARE, container_title="arXiv preprint"),
]


@given(st.permutations(range(len(RECORDS))))
@settings(deadline=None)
def test_the_order_of_records_changes_nothing(order: list[int]) -> None:
    first, shuffled = resolve(RECORDS), resolve([RECORDS[i] for i in order])
    assert shuffled.works == first.works
    assert shuffled.undecided == first.undecided

    def joined(found: Sequence[Match], places: list[int]) -> set[tuple[frozenset[int], str]]:
        return {(frozenset((places[m.left], places[m.right])), m.rule) for m in found}

    assert joined(shuffled.matches, order) == joined(first.matches, list(range(len(RECORDS))))


def generated(count: int) -> list[Record]:
    """Records with names and titles as skewed as the literature's, one in seven a duplicate."""
    chance = random.Random(5)
    families = [f"Family{n}" for n in range(20_000)]
    often = list(accumulate(1 / (n + 1) ** 0.9 for n in range(20_000)))
    words = [f"word{n}" for n in range(5_000)]
    common = list(accumulate(1 / (n + 1) for n in range(5_000)))
    records: list[Record] = []
    for number in range(count):
        if records and number % 7 == 0:
            records.append(replace(records[-1], title=records[-1].title.upper(), page=""))
            continue
        people = chance.choices(families, cum_weights=often, k=chance.choice((1, 1, 2, 2, 3, 4)))
        title = " ".join(chance.choices(words, cum_weights=common, k=chance.randint(5, 12)))
        records.append(
            Record(
                "Editorial" if number % 50 == 1 else title,
                type="article-journal",
                authors=tuple(Name(family, chance.choice("ABCDEFG") + ".") for family in people),
                issued=(chance.randint(1995, 2024),),
                container_title=f"Journal of Things {chance.randint(1, 300)}",
                page=f"{chance.randint(1, 900)}-{chance.randint(901, 999)}",
            )
        )
    return records


def compared(records: list[Record]) -> Picked[Features]:
    return Picked(list(map(features_of, records)), range(len(records)))


def test_the_pairs_to_compare_grow_with_the_records_and_not_with_their_square() -> None:
    small, large = (
        sum(1 for _ in candidate_pairs(compared(generated(count)))) for count in (4_000, 8_000)
    )
    assert small > 500
    assert large / small < 2 * 1.3


def test_a_pair_in_several_blocks_is_compared_once() -> None:
    one = Record("Gigs and their workers", authors=(Name("Low", "A."),), issued=(2020,), page="7")
    records = [replace(one, doi="10.1/x"), replace(one, doi="10.1/x", page=""), one]
    assert list(candidate_pairs(compared(records))) == [(0, 1), (0, 2), (1, 2)]


def test_a_title_that_thousands_share_costs_no_more() -> None:
    records = [
        Record("Editorial", authors=(Name("Wang", "L."),), issued=(2020,), page=str(n))
        for n in range(2_000)
    ]
    assert sum(1 for _ in candidate_pairs(compared(records))) < 40 * 2_000


def test_records_are_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is what is compared of them, nor what was found: a record has some 3 kB."""
    monkeypatch.setattr("oograph.graph.shelf._REMEMBERED", 16)
    monkeypatch.setattr("oograph.graph.shelf._HELD", 16)
    records = generated(1_000)
    resolve(records)  # names and titles are remembered, as many as there is room for
    tracemalloc.start()
    try:
        found = resolve(iter(records))
        assert tracemalloc.get_traced_memory()[1] < 400 * len(records)
    finally:
        tracemalloc.stop()
    assert len(found.works) < len(found.records) == len(records)


def test_copies_of_one_record_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was joined from many: groups grow, and what forbids to join them does not."""
    counts = []
    for number in (200, 400):
        compared = 0

        def counted(left: Features, right: Features) -> bool:
            nonlocal compared
            compared += 1
            return clash(left, right)

        monkeypatch.setattr("oograph.graph.resolution.clashes.clash", counted)
        copies = [replace(BARE, publisher=str(n)) for n in range(number)]
        assert [*map(len, cluster(copies)[0])] == [number]
        counts.append(compared)
    assert counts[1] < 2.1 * counts[0]


def test_a_duplicate_in_a_crowded_block_is_found() -> None:
    crowd = [
        replace(
            BARE, title="Editorial", container_title="Nature", volume=str(n), page=f"{n}-{n + 2}"
        )
        for n in range(3, 90)
    ]
    found, _ = cluster([*crowd, replace(crowd[40], publisher="X")])
    assert [places for places in found if len(places) > 1] == [[40, 87]]


def test_a_match_is_told_in_words() -> None:
    twin = replace(PAPER, id="wood-2019", sources=(Source("b.bib", "w19", 4),))
    records = (PAPER, twin)
    (match,) = cluster(records)[1]
    assert "a.bib#wood" in explain(match, records)
    assert "wood-2019" in explain(match, records)
    assert explain(match, records).endswith("because doi 10.1177/1")
    (version,) = resolve([TALK, PAPER]).versions
    told = explain(version, [TALK, PAPER])
    assert told.endswith("because version conference 2017, journal 2019")


def test_of_two_works_merged_by_new_evidence_one_id_becomes_a_tombstone() -> None:
    one = replace(PAPER, id="wood-2019", agents=("person/a", "person/b"), volume="33")
    other = replace(one, id="wood-2019-2", doi="", title="Great gig: autonomy", volume="")
    bridge = replace(other, id="", title=PAPER.title, agents=(), page="5-9", volume="33")
    other = replace(other, page="5-9", volume="33")
    found = resolve([one, other, bridge])
    (work,) = found.works
    (stone,) = found.tombstones
    assert {work.id, stone.id} == {"wood-2019", "wood-2019-2"}
    assert stone.replaced_by == work.id
    assert stone.reason.startswith("merged: ")


def test_ids_of_tombstones_are_not_given_out_again() -> None:
    gone = Tombstone("wood-2019-good-gig-bad")
    (work,) = resolve([PAPER], tombstones=[gone]).works
    assert work.id == "wood-2019-good-gig-bad-2"


def test_a_version_link_follows_a_merged_work() -> None:
    later = replace(PAPER, id="later", agents=("person/a", "person/b"), volume="33")
    twin = replace(later, id="twin", title="Other words", doi="")
    talk = replace(TALK, id="talk", agents=later.agents, version_of=("twin",))
    found = resolve([later, twin, talk], [Decision("later", "twin", "same")])
    assert {w.id: w.version_of for w in found.works}["talk"] == ("later",)


def test_a_status_gives_way_to_a_date() -> None:
    forthcoming = replace(BARE, issued=(), status="forthcoming")
    dated = replace(BARE, issued=(2019,), status="")
    assert merge([forthcoming, replace(forthcoming, status="in press")]).status
    for work in (forthcoming, dated):
        merged = merge([replace(work, id="a"), dated, forthcoming])
        assert (merged.issued, merged.status) == ((2019,), "")


def test_a_work_that_any_source_calls_retracted_is_retracted() -> None:
    retracted = replace(BARE, status="retracted")
    for works in ([BARE, retracted], [replace(BARE, id="a"), retracted]):
        assert merge(works).status == "retracted"
    assert merge([replace(retracted, id="a", issued=()), BARE]).status == "retracted"


def test_merging_fills_gaps_and_replaces_nothing() -> None:
    lead = replace(PAPER, id="wood-2019", agents=("person/a", "person/b"), volume="33")
    other = replace(
        PAPER,
        volume="34",
        page="56-75",
        facets=Facets(platforms=("Upwork",)),
        sources=(Source("b.bib", "w", 9),),
    )
    found = merge([other, lead])
    assert (found.id, found.volume, found.page) == ("wood-2019", "33", "56-75")
    assert found.facets.platforms == ("Upwork",)
    assert [s.file for s in found.sources] == ["a.bib", "b.bib"]


SHORT = (Name("Wood", "A."), Name("Graham", "M."))


def test_merging_prefers_names_in_full() -> None:
    assert merge([replace(PAPER, authors=SHORT, volume="33"), BARE]).authors == PAPER.authors


def test_a_title_without_the_mark_of_a_note_takes_the_place_of_one_with() -> None:
    marked = replace(PAPER, title=PAPER.title + "1", volume="33")
    assert merge([marked, BARE]).title == BARE.title
    assert merge([replace(marked, id="x"), BARE]).title == marked.title


def test_a_name_in_the_catalogue_stays_as_written() -> None:
    work = replace(PAPER, id="x", authors=SHORT, agents=("person/a", "person/b"))
    assert merge([work, BARE]).authors == SHORT


def test_a_name_with_its_accents_takes_the_place_of_one_without() -> None:
    bare = (Name("Schorpf", "Philip"), Name("Flecker", "Jörg"), Name("Amoako-Gyampah", "K."))
    full = (Name("Schörpf", "Philip"), Name("Flecker", "Jorg"), Name("Amoako‐Gyampah", "K."))
    lead = replace(PAPER, authors=bare, volume="33")
    assert merge([lead, replace(PAPER, authors=full)]).authors == (full[0], *bare[1:])
    work = replace(lead, id="a")
    assert merge([work, replace(PAPER, authors=full)]).authors == bare  # as it was written


def test_merging_brings_the_orcid_of_the_same_person_only() -> None:
    known = (replace(WOOD, orcid="0000-0002-1825-0097"), Name("Smith", "M.", orcid="x"))
    found = merge(
        [replace(PAPER, id="x", agents=("person/a", "person/b")), replace(BARE, authors=known)]
    )
    assert [name.orcid for name in found.authors] == ["0000-0002-1825-0097", ""]


def test_ids_stay_when_other_records_come() -> None:
    first = with_ids([PAPER])
    again = with_ids([*first, replace(PAPER, doi="10.1177/9")])
    assert [r.id for r in again] == ["wood-2019-good-gig-bad", "wood-2019-good-gig-bad-2"]


@pytest.mark.parametrize(
    ("other", "is_same"),
    [("Economic Journal of Labour", True), ("Economic Journalism Review", False)],
)
def test_a_longer_name_of_a_venue_begins_with_the_shorter_in_whole_words(
    other: str, is_same: bool
) -> None:
    venues = [
        features_of(replace(BARE, container_title=name)).venue
        for name in ("Economic Journal", other)
    ]
    assert venues[0].same(venues[1]) is is_same
