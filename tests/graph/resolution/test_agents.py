"""Which names are one person, and which initials are likely whose."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace

import pytest

from oograph.graph.model import Name, Record
from oograph.graph.resolution import likely
from oograph.graph.resolution.agents import with_agents
from oograph.graph.resolution.likely import LikelyAgent
from oograph.graph.resolution.names import fits
from oograph.graph.vocabulary.gazetteer import load_gazetteer

WOOD, GRAHAM = Name("Wood", "Alex"), Name("Graham", "Mark")
PAPER = Record("Good gig, bad gig", authors=(WOOD, GRAHAM), container_title="Work")
ONE, TWO = "0000-0002-1825-0097", "0000-0001-5109-3700"


def likely_agents(works: Sequence[Record]) -> tuple[LikelyAgent, ...]:
    return likely.likely_agents(works, load_gazetteer())


def test_one_name_is_one_person_only_with_a_shared_co_author_or_venue() -> None:
    same = replace(PAPER, title="Another", container_title="Elsewhere")
    stranger = Record("Third", authors=(WOOD,), container_title="Nature")
    found = with_agents([PAPER, same, stranger])
    assert found[0].agents == found[1].agents == ("person/alex-wood", "person/mark-graham")
    assert found[2].agents == ("person/alex-wood-2",)


def test_initials_are_never_enough() -> None:
    short = replace(PAPER, authors=(Name("Wood", "A."), Name("Graham", "M.")))
    found = with_agents([short, replace(short, title="Another")])
    assert not set(found[0].agents) & set(found[1].agents)


def test_two_namesakes_in_one_list_are_two() -> None:
    record = replace(PAPER, authors=(Name("Wang", "Wei"), Name("Wang", "Wei"), WOOD))
    assert len(set(with_agents([record])[0].agents)) == 3


def test_a_body_is_one_by_its_name() -> None:
    eurofound = Name(literal="Eurofound")
    found = with_agents([Record("A", authors=(eurofound,)), Record("B", authors=(eurofound,))])
    assert found[0].agents == found[1].agents == ("organization/eurofound",)


def test_agent_ids_stay() -> None:
    kept = replace(PAPER, agents=("person/x", "person/y"))
    found = with_agents([kept, replace(PAPER, title="Another")])
    assert found[0].agents == found[1].agents == ("person/x", "person/y")


def test_one_orcid_is_one_person_however_the_name_is_written() -> None:
    records = [
        Record("A", authors=(replace(WOOD, orcid=ONE),)),
        Record("B", authors=(Name("Wood", "A. J.", orcid=ONE),)),
    ]
    found = with_agents(records)
    assert found[0].agents == found[1].agents


def test_two_orcids_are_two_persons_whatever_they_share() -> None:
    mine, yours = (
        replace(PAPER, title=orcid, authors=(replace(WOOD, orcid=orcid), GRAHAM))
        for orcid in (ONE, TWO)
    )
    found = with_agents([mine, PAPER, yours])
    wood = [record.agents[0] for record in found]
    assert len(set(wood)) == 3, "the one without an iD might be either"
    assert len({record.agents[1] for record in found}) == 1
    assert len(set(with_agents([mine, PAPER])[n].agents[0] for n in (0, 1))) == 1


def test_umlauts_in_two_spellings_are_one_name() -> None:
    one, other = Name("Schörpf", "Philip"), Name("Schoerpf", "Philip")
    found = with_agents(
        [
            Record("A", authors=(one,), container_title="Work"),
            Record("B", authors=(other,), container_title="Work"),
        ]
    )
    assert found[0].agents == found[1].agents


def works(*papers: tuple[str, tuple[Name, ...]]) -> Sequence[Record]:
    return with_agents(
        [
            Record(str(n), id=str(n), authors=names, container_title=venue)
            for n, (venue, names) in enumerate(papers)
        ]
    )


FULL = ("Work", (WOOD, GRAHAM))


@pytest.mark.parametrize(
    ("short", "full"),
    [
        pytest.param(Name("Wood", "A."), WOOD, id="initial"),
        pytest.param(Name("Wood", "A. J."), WOOD, id="more-initials"),
        pytest.param(Name("Wood", "AJ"), Name("Wood", "Alex James"), id="no-dots"),
        pytest.param(Name("Leimeister", "J.-M."), Name("Leimeister", "Jan Marco"), id="hyphen"),
        pytest.param(Name("Amer Yahia", "S."), Name("Amer-Yahia", "Sihem"), id="double-name"),
        pytest.param(Name("Stefano", "V. De"), Name("Stefano", "Valerio", "De"), id="particle"),
        pytest.param(
            Name("De Groen", "W."), Name("Groen", "Willem", "de"), id="particle-as-family"
        ),
        pytest.param(Name("Schoerpf", "P."), Name("Schörpf", "Philip"), id="umlaut"),
    ],
)
@pytest.mark.parametrize("shared", ["co-author", "venue"])
def test_initials_that_fit_one_full_name(short: Name, full: Name, shared: str) -> None:
    other = Name("Graham", "M.")
    found = likely_agents(
        works(
            ("Work", (full, GRAHAM)),
            ("Elsewhere", (short, other)) if shared == "co-author" else ("Work", (short,)),
        )
    )
    evidence = "co-author graham, m." if shared == "co-author" else "venue work"
    assert [each.evidence for each in found if "graham" not in each.same_as] == [evidence]


@pytest.mark.parametrize(
    "papers",
    [
        pytest.param([("Other", (Name("Wood", "A."),))], id="nothing-shared"),
        pytest.param(
            [("Work", (Name("Wood", "A."),)), ("Nature", (Name("Wood", "Anna"),))],
            id="a-second-candidate-far-away",
        ),
        pytest.param(
            [("Work", (Name("Wood", "A."),)), ("Nature", (Name("Anna", "Wood"),))],
            id="a-second-candidate-turned-round",
        ),
        pytest.param([("Work", (Name("Wood", "B."),))], id="another-initial"),
        pytest.param([("Work", (Name("Woods", "A."),))], id="another-family"),
        pytest.param([("Work", (Name("Wood", ""),))], id="no-initial"),
        pytest.param([("Work", (Name(literal="A. Wood"),))], id="undivided"),
    ],
)
def test_initials_that_stay_alone(papers: list[tuple[str, tuple[Name, ...]]]) -> None:
    assert likely_agents(works(FULL, *papers)) == ()


def links(*papers: tuple[str, tuple[Name, ...]]) -> dict[str, tuple[str, str, str]]:
    return {a.agent: (a.same_as, a.rule, a.evidence) for a in likely_agents(works(*papers))}


def test_equal_initials_without_a_full_name_are_likely_one_by_what_they_share() -> None:
    joshi, deng = Name("Joshi", "K."), Name("Deng", "X.")
    assert links(("MISQ", (joshi, deng)), ("JAIS", (joshi, deng)), ("ISJ", (joshi,))) == {
        "person/k-joshi-2": ("person/k-joshi", "equal-initials", "co-author deng, x."),
        "person/x-deng-2": ("person/x-deng", "equal-initials", "co-author joshi, k."),
    }


def test_two_initials_are_enough_with_a_family_name_that_few_have() -> None:
    joshi, kd = Name("Joshi", "K. D."), Name("Joshi", "KD")
    evidence = "the name alone"
    assert links(("MISQ", (joshi,)), ("ISJ", (kd,))) == {
        "person/kd-joshi": ("person/k-d-joshi", "equal-initials", evidence)
    }
    assert links(("MISQ", (joshi,)), ("ISJ", (Name("Joshi", "Ken D."),))) == {
        "person/k-d-joshi": ("person/ken-d-joshi", "initials-one-candidate", evidence)
    }
    many = [(f"Venue {n}", (Name("Joshi", f"Given{n}"),)) for n in range(6)]
    assert links(("MISQ", (joshi,)), ("ISJ", (kd,)), *many) == {}


def test_initials_go_to_the_full_name_that_has_all_of_them() -> None:
    two = ("MISQ", (Name("Horton", "John J."),)), ("ISJ", (Name("Horton", "John"),))
    assert links(*two, ("ICIS", (Name("Horton", "J. J."),)))["person/j-j-horton"][0] == (
        "person/john-j-horton"
    )
    assert links(*two, ("ISJ", (Name("Horton", "J."),))) == {}


def test_what_a_cluster_shares_counts_for_the_next_of_the_name() -> None:
    lease, far = Name("Lease", "M."), Name("Lease", "Matthew")
    assert links(("TREC", (far,)), ("TREC", (lease, GRAHAM)), ("iConf", (lease, GRAHAM))) == {
        "person/m-lease": ("person/matthew-lease", "initials-one-candidate", "venue trec"),
        "person/m-lease-2": ("person/matthew-lease", "equal-initials", "co-author graham, m."),
    }


def test_a_later_given_name_in_full_makes_a_name_full() -> None:
    six = Name("Silberman", "M. Six")
    assert links(("CHI", (six,)), ("CSCW", (six,)))["person/m-six-silberman-2"][1] == (
        "equal-full-names"
    )


def test_two_people_of_one_list_are_never_linked() -> None:
    assert likely_agents(works(("Work", (WOOD, Name("Wood", "A."), GRAHAM)))) == ()


def test_a_likely_agent_names_both_ids() -> None:
    found = likely_agents(works(FULL, ("Work", (Name("Wood", "A."),))))
    assert found == (
        LikelyAgent(
            "person/a-wood", "person/alex-wood", "initials-one-candidate", "venue work", 0.9
        ),
    )


def test_equal_full_names_are_likely_one_and_lead_to_the_one_with_most_works() -> None:
    found = likely_agents(
        works(FULL, ("Work", (WOOD, Name("Roe", "Ann"))), ("Nature", (WOOD,)), ("Cell", (WOOD,)))
    )
    assert [(each.agent, each.same_as, each.rule) for each in found] == [
        ("person/alex-wood-2", "person/alex-wood", "equal-full-names"),
        ("person/alex-wood-3", "person/alex-wood", "equal-full-names"),
    ]
    assert all(each.evidence and 0 < each.confidence < 1 for each in found)


def test_initials_fit_a_cluster_of_one_full_name() -> None:
    found = likely_agents(works(FULL, ("Nature", (WOOD,)), ("Work", (Name("Wood", "A."),))))
    assert {each.agent: each.same_as for each in found} == {
        "person/alex-wood-2": "person/alex-wood",
        "person/a-wood": "person/alex-wood",
    }


def test_a_middle_name_left_out_needs_company_or_a_topic() -> None:
    middle = Name("Wood", "Alex J.")
    assert likely_agents(works(FULL, ("Nature", (middle,)))) == ()
    (found,) = likely_agents(works(("Work", (WOOD,)), ("Work", (middle,))))
    assert (found.rule, found.evidence) == ("full-names-that-fit", "venue work")
    other = Name("Wood", "Alex K.")
    assert likely_agents(works(("Work", (other,)), ("Work", (middle,)))) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            Record("A", authors=(replace(WOOD, orcid=ONE),)),
            Record("B", authors=(replace(WOOD, orcid=TWO),)),
            id="two-orcids",
        ),
        pytest.param(
            Record("A", authors=(WOOD,), issued=(1960,)),
            Record("B", authors=(WOOD,), issued=(2020,)),
            id="generations-apart",
        ),
        pytest.param(Record("A", authors=(WOOD, WOOD)), Record("B"), id="on-one-work"),
    ],
)
def test_what_contradicts_one_person(one: Record, other: Record) -> None:
    assert likely_agents(with_agents([one, other])) == ()


def test_a_name_that_many_have_needs_company() -> None:
    wang = Name("Wang", "Wei")
    many = [(f"Venue {n}", (Name("Wang", f"Given{n}"),)) for n in range(6)]
    assert likely_agents(works(("Work", (wang,)), ("Nature", (wang,)), *many)) == ()


def test_editors_are_persons_with_ids() -> None:
    chapter = replace(PAPER, editors=(Name("Meil", "Pam"), Name("Graham", "Mark")))
    (found,) = with_agents([chapter])
    assert found.editor_agents == ("person/pam-meil", "person/mark-graham")
    assert with_agents([found]) == [found]


def test_a_list_of_thousands_costs_what_it_is_long() -> None:
    """Each with each of 2,000 authors would be four million pairs, some hundred MB."""
    crowd = tuple(Name(f"Family{n}", "Ann") for n in range(2_000))
    tracemalloc.start()
    first, second = with_agents(
        [replace(PAPER, authors=crowd), replace(PAPER, title="Another", authors=crowd)]
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert first.agents == second.agents, "the venue is one"
    assert peak < 20_000_000


def test_initials_that_many_have_cost_no_more_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wang, Y. in a catalogue of ever more Yangs and Yongs: their forms are few."""
    steps = []
    for number in (100, 200):
        compared = 0

        def counted(some: str, other: str) -> bool:
            nonlocal compared
            compared += 1
            return fits(some, other)

        monkeypatch.setattr("oograph.graph.resolution.candidates.fits", counted)
        given = ("Yang", "Yong Li", "Ying")
        papers = [(f"Venue {n}", (Name("Wang", given[n % 3]),)) for n in range(number)]
        papers += [(f"Place {n}", (Name("Wang", "Y."),)) for n in range(number)]
        likely_agents(works(*papers))
        steps.append(compared)
    assert steps[1] <= 2 * steps[0]
