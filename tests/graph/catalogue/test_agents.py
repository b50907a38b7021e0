"""Which names are one person, and which initials are likely whose."""

from dataclasses import replace

import pytest

from oograph.graph.catalogue.agents import LikelyAgent, likely_agents, with_agents
from oograph.graph.model import Name, Record

WOOD, GRAHAM = Name("Wood", "Alex"), Name("Graham", "Mark")
PAPER = Record("Good gig, bad gig", authors=(WOOD, GRAHAM), container_title="Work")
ONE, TWO = "0000-0002-1825-0097", "0000-0001-5109-3700"


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


def works(*papers: tuple[str, tuple[Name, ...]]) -> list[Record]:
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
    assert [likely.evidence for likely in found if "graham" not in likely.full_agent] == [evidence]


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
        pytest.param(
            [("Work", (Name("Wood", "A."),)), ("Nature", (WOOD,))], id="two-of-one-full-name"
        ),
        pytest.param([("Work", (Name("Wood", "B."),))], id="another-initial"),
        pytest.param([("Work", (Name("Woods", "A."),))], id="another-family"),
        pytest.param([("Work", (Name("Wood", ""),))], id="no-initial"),
        pytest.param([("Work", (Name(literal="A. Wood"),))], id="undivided"),
    ],
)
def test_initials_that_stay_alone(papers: list[tuple[str, tuple[Name, ...]]]) -> None:
    assert likely_agents(works(FULL, *papers)) == ()


def test_two_people_of_one_list_are_never_linked() -> None:
    assert likely_agents(works(("Work", (WOOD, Name("Wood", "A."), GRAHAM)))) == ()


def test_a_likely_agent_names_both_ids() -> None:
    found = likely_agents(works(FULL, ("Work", (Name("Wood", "A."),))))
    assert found == (LikelyAgent("person/a-wood", "person/alex-wood", "venue work"),)
