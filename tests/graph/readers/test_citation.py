"""Citation lines in the styles the record pages mix: right parts, or none."""

from dataclasses import fields
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.model import Record
from oograph.graph.readers import citation
from oograph.graph.readers.citation.names import cited_names
from oograph.graph.vocabulary import load_vocabulary

parse = partial(citation.parse, countries=load_vocabulary().labels("countries"))

# Bibliographic facts of real works, and invented lines in the same styles.
LINES = [
    pytest.param(
        "Malik, F., Nicholson, B. and Heeks, R. (2017), 'Understanding the development "
        "implications of online outsourcing', International Conference on Social Implications of "
        "Computers in Developing Countries, ICT4D 2017: Information and Communication Technologies "
        "for Development, pp. 425-436.",
        ["Malik, F.", "Nicholson, B.", "Heeks, R."],
        {
            "title": "Understanding the development implications of online outsourcing",
            "issued": (2017,),
            "type": "paper-conference",
            "container_title": "International Conference on Social Implications of Computers in "
            "Developing Countries",
            "event_title": "ICT4D 2017: Information and Communication Technologies for Development",
            "page": "425-436",
        },
        id="conference",
    ),
    pytest.param(
        "Urzì Brancati, C., Pesole, A., Fernández-Macías, E. (2019), Digital Labour Platforms in "
        "Europe: Numbers, Profiles, and Employment Status of Platform Workers, EUR 29810 EN, "
        "Publications Office of the European Union, Luxembourg, 2019.",
        ["Urzì Brancati, C.", "Pesole, A.", "Fernández-Macías, E."],
        {
            "title": "Digital Labour Platforms in Europe: Numbers, Profiles, and Employment Status "
            "of Platform Workers",
            "issued": (2019,),
            "type": "report",
            "number": "EUR 29810 EN",
            "publisher": "Publications Office of the European Union",
            "publisher_place": "Luxembourg",
        },
        id="list-in-an-unquoted-title",
    ),
    pytest.param(
        "Agrawal, A., Horton, J., Lacetera, N., Lyons, E. (2013). Digitization and the contract "
        "labor market: a research agenda. National Bureau of Economic Research Working Paper, nr "
        "1952, Cambridge.",
        ["Agrawal, A.", "Horton, J.", "Lacetera, N.", "Lyons, E."],
        {
            "title": "Digitization and the contract labor market: a research agenda",
            "issued": (2013,),
            "type": "report",
            "collection_title": "National Bureau of Economic Research Working Paper",
            "number": "1952",
            "publisher_place": "Cambridge",
        },
        id="full-stops",
    ),
    pytest.param(
        "Alsos, K., Jesnes, K., Sletvold Øistad, B., Nesheim, T. (2017), Når sjefen er en app, "
        "FAFO-Rapport No. 41, Oslo.",
        ["Alsos, K.", "Jesnes, K.", "Sletvold Øistad, B.", "Nesheim, T."],
        {
            "title": "Når sjefen er en app",
            "issued": (2017,),
            "type": "report",
            "collection_title": "FAFO-Rapport",
            "number": "41",
            "publisher_place": "Oslo",
        },
        id="report-series",
    ),
    pytest.param(
        "Balaram, B., Warden, J., Wallace-Stephens, F. (2017), Good gigs: A fairer future for the "
        "UK’s gig economy, RSA, Action and Research Centre, London.",
        ["Balaram, B.", "Warden, J.", "Wallace-Stephens, F."],
        {
            "title": "Good gigs: A fairer future for the UK’s gig economy",
            "issued": (2017,),
            "publisher": "RSA, Action and Research Centre",
            "publisher_place": "London",
        },
        id="publisher-with-comma",
    ),
    pytest.param(
        "Beręsewicz, M., Nikulin, D. (2021), COVID-19 and the Gig Economy in Poland, "
        "https://arxiv.org/abs/2107.11124 [3rd March 2022].",
        ["Beręsewicz, M.", "Nikulin, D."],
        {
            "title": "COVID-19 and the Gig Economy in Poland",
            "issued": (2021,),
            "url": "https://arxiv.org/abs/2107.11124",
        },
        id="link-with-access-note",
    ),
    pytest.param(
        "Boeri, T., Giupponi, G., Krueger, A.B., Machin, S. (2020), Solo-self employment and "
        "alternative work arrangements: A cross-country perspective on the changing composition of "
        "jobs, Journal of Economic Perspectives, Vol. 34, No. 1, pp. 170-195.",
        ["Boeri, T.", "Giupponi, G.", "Krueger, A.B.", "Machin, S."],
        {
            "title": "Solo-self employment and alternative work arrangements: A cross-country "
            "perspective on the changing composition of jobs",
            "issued": (2020,),
            "type": "article-journal",
            "container_title": "Journal of Economic Perspectives",
            "volume": "34",
            "issue": "1",
            "page": "170-195",
        },
        id="volume-and-number",
    ),
    pytest.param(
        "Eurofound (2018), Employment and working conditions of selected types of platform work, "
        "Publications Office of the European Union, Luxembourg.",
        ["[Eurofound]"],
        {
            "title": "Employment and working conditions of selected types of platform work",
            "issued": (2018,),
            "publisher": "Publications Office of the European Union",
            "publisher_place": "Luxembourg",
        },
        id="corporate-author",
    ),
    pytest.param(
        "Hawley, A. (2018). Regulating labour platforms, the data deficit. European Journal of "
        "Government and Economics, 7(1), 5-23. https://doi.org/10.17979/ejge.2018.7.1.4330",
        ["Hawley, A."],
        {
            "title": "Regulating labour platforms, the data deficit",
            "issued": (2018,),
            "type": "article-journal",
            "container_title": "European Journal of Government and Economics",
            "volume": "7",
            "issue": "1",
            "page": "5-23",
            "doi": "10.17979/ejge.2018.7.1.4330",
        },
        id="doi",
    ),
    pytest.param(
        "Wood A.J, Lehdonvirta V and Graham M (2018) Workers of the Internet unite? Online "
        "freelancer organisation among remote gig economy workers in six Asian and African "
        "countries. New Technology, Work and Employment 33(2):95-112.",
        ["Wood, A.J", "Lehdonvirta, V", "Graham, M"],
        {
            "title": "Workers of the Internet unite? Online freelancer organisation among remote "
            "gig economy workers in six Asian and African countries",
            "issued": (2018,),
            "type": "article-journal",
            "container_title": "New Technology, Work and Employment",
            "volume": "33",
            "issue": "2",
            "page": "95-112",
        },
        id="initials-without-commas",
    ),
    pytest.param(
        "Ivanova, Mirela; Bronowicka, Joanna; Kocher, Eva; Degner, Anne (2018) : Foodora and "
        "Deliveroo: The App as a Boss? Control and autonomy in app-based management - the case of "
        "food delivery riders, Working Paper Forschungsförderung, No. 107, Hans-Böckler- Stiftung, "
        "Düsseldorf, http://nbn-resolving.de/urn:nbn:de:101:1-2019022610132332740779",
        ["Ivanova, Mirela", "Bronowicka, Joanna", "Kocher, Eva", "Degner, Anne"],
        {
            "title": "Foodora and Deliveroo: The App as a Boss? Control and autonomy in app-based "
            "management - the case of food delivery riders",
            "issued": (2018,),
            "type": "report",
            "collection_title": "Working Paper Forschungsförderung",
            "number": "107",
            "publisher": "Hans-Böckler- Stiftung",
            "publisher_place": "Düsseldorf",
            "url": "http://nbn-resolving.de/urn:nbn:de:101:1-2019022610132332740779",
        },
        id="semicolons",
    ),
    pytest.param(
        "Maselli, I. and Fabo, B. (2016), 'Digital workers by design? An example from the "
        "on-demand economy', CEPS (Centre for European Policy Studies).",
        ["Maselli, I.", "Fabo, B."],
        {
            "title": "Digital workers by design? An example from the on-demand economy",
            "issued": (2016,),
            "publisher": "CEPS (Centre for European Policy Studies)",
        },
        id="publisher-with-brackets",
    ),
    pytest.param(
        "Wood, A., Graham, M., Lehdonvirta, V. and Hjorth, I. (2018), 'Good gig, bad big: autonomy "
        "and algorithmic control in the global gig economy', Work, Employment and Society, online.",
        ["Wood, A.", "Graham, M.", "Lehdonvirta, V.", "Hjorth, I."],
        {
            "title": "Good gig, bad big: autonomy and algorithmic control in the global "
            "gig economy",
            "issued": (2018,),
            "type": "article-journal",
            "container_title": "Work, Employment and Society",
        },
        id="journal-with-comma-online",
    ),
    pytest.param(
        "Lázaro Sánchez, J. L., Aguilar del Castillo, M. D. C., & Calvo Gallego, F. J. (2017). "
        "‘Economía colaborativa y trabajo en plataforma: realidades y desafíos’, Bomarzo, "
        "Albacete, Spain.",
        ["Lázaro Sánchez, J. L.", "Aguilar del Castillo, M. D. C.", "Calvo Gallego, F. J."],
        {
            "title": "Economía colaborativa y trabajo en plataforma: realidades y desafíos",
            "issued": (2017,),
            "publisher": "Bomarzo",
            "publisher_place": "Albacete, Spain",
        },
        id="ampersand-and-curly-quotes",
    ),
    pytest.param(
        "Amar, N. and Viossat, L.-C. (2016), Les platformes collaboratives, l’emploi et la "
        "protection sociale, Rapport, Inspection Générale des Affaires Sociales, Paris, France",
        ["Amar, N.", "Viossat, L.-C."],
        {
            "title": "Les platformes collaboratives, l’emploi et la protection sociale",
            "issued": (2016,),
            "type": "report",
            "genre": "Rapport",
            "publisher": "Inspection Générale des Affaires Sociales",
            "publisher_place": "Paris, France",
        },
        id="comma-in-an-unquoted-title",
    ),
    pytest.param(
        "Ilsøe A. (2020), ‘The Hilfr agreement - negotiating the platform economy in Denmark’, "
        "ISBN 978-87-93320-38-3, 23 Mar.",
        ["Ilsøe, A."],
        {
            "title": "The Hilfr agreement - negotiating the platform economy in Denmark",
            "issued": (2020, 3, 23),
            "isbn": ("9788793320383",),
        },
        id="isbn-and-date",
    ),
    pytest.param(
        "Doe, J., Jr. and van der Berg, K. (2019) 'The workers' question: who's asking?', New "
        "Ruritanian Society, 21(4), pp. 100–120, doi: 10.1234/Abc.5.",
        ["Doe, Jr., J.", "van der Berg, K."],
        {
            "title": "The workers' question: who's asking?",
            "issued": (2019,),
            "type": "article-journal",
            "container_title": "New Ruritanian Society",
            "volume": "21",
            "issue": "4",
            "page": "100-120",
            "doi": "10.1234/abc.5",
        },
        id="apostrophes-in-a-quoted-title",
    ),
    pytest.param(
        "De Example, V. (2016), “The rise of the ‘just-in-time’ rider”, Invented Law Journal, Vol. "
        "37, No. 3, pp. 471-504.",
        ["De Example, V."],
        {
            "title": "The rise of the ‘just-in-time’ rider",
            "issued": (2016,),
            "type": "article-journal",
            "container_title": "Invented Law Journal",
            "volume": "37",
            "issue": "3",
            "page": "471-504",
        },
        id="quotes-in-quotes",
    ),
    pytest.param(
        "Alpha, A. and Beta, B. (eds.) (2017), Invented work, Example University Press, Oxford.",
        [],
        {
            "title": "Invented work",
            "issued": (2017,),
            "type": "book",
            "publisher": "Example University Press",
            "publisher_place": "Oxford",
        },
        id="editors",
    ),
    pytest.param(
        "Alpha, A. (2016), 'Invented chapter', in Beta, B. (ed.), Handbook of Inventions, Gamma, "
        "Vienna, pp. 10-20.",
        ["Alpha, A."],
        {"title": "Invented chapter", "issued": (2016,), "type": "chapter", "page": "10-20"},
        id="chapter",
    ),
    pytest.param(
        "Eurofound and ILO (2017), Invented anywhere, COM(2021) 762, Brussels.",
        ["[Eurofound]", "[ILO]"],
        {
            "title": "Invented anywhere",
            "issued": (2017,),
            "type": "report",
            "number": "COM(2021) 762",
            "publisher_place": "Brussels",
        },
        id="two-bodies",
    ),
    pytest.param(
        "Gamma, G. (2020), 'Marketing decisions', Junction, 29, 242-253.",
        ["Gamma, G."],
        {
            "title": "Marketing decisions",
            "issued": (2020,),
            "type": "article-journal",
            "container_title": "Junction",
            "volume": "29",
            "page": "242-253",
        },
        id="words-that-begin-like-months",
    ),
]


def stated(record: Record) -> dict[str, object]:
    """The parts of a citation that are not empty, without its names."""
    skipped = {"authors", "editors", "more_authors", "facets"}
    names = [field.name for field in fields(Record) if field.name not in skipped]
    parts = {name: getattr(record, name) for name in names}
    return {name: value for name, value in parts.items() if value not in ("", (), "document")}


@pytest.mark.parametrize(("line", "authors", "parts"), LINES)
def test_parts_of_a_citation(line: str, authors: list[str], parts: dict[str, object]) -> None:
    found = parse(line)
    written = [f"[{n.literal}]" if n.literal else n.inverted for n in found.authors]
    assert (written, stated(found)) == (authors, parts)


@pytest.mark.parametrize(
    ("after", "name"),
    [
        (
            "In 50th Allerton Conference on Communication, Control, and Computing, Oslo, Norway",
            "50th Allerton Conference on Communication, Control, and Computing",
        ),
        (
            "In Proceedings of the Conference on Interactive, Mobile, Wearable and Ubiquitous "
            "Technologies, pp. 1-9",
            "Proceedings of the Conference on Interactive, Mobile, Wearable and Ubiquitous "
            "Technologies",
        ),
        (
            "In IEEE International Conferences on Internet of Things, and Cyber, Physical and "
            "Social Computing, pp. 1-9",
            "IEEE International Conferences on Internet of Things, and Cyber, Physical and "
            "Social Computing",
        ),
        (
            "In C. Mo (Ed.), Proceedings of the Workshop on Bidding (pp. 1-9). Example House",
            "Proceedings of the Workshop on Bidding",
        ),
        (
            "Paper presented at the 2016 Internet, Policy and Politics Conference, Oxford, UK",
            "2016 Internet, Policy and Politics Conference",
        ),
        (
            "In Proceedings of the Workshop on Bidding, Taylor and Francis, London",
            "Proceedings of the Workshop on Bidding",
        ),
        (
            "In Proceedings of the Workshop on Bidding, Detroit, Michigan, USA",
            "Proceedings of the Workshop on Bidding",
        ),
        (
            "In Proceedings of the Workshop on Bidding, Institute of Electrical and Electronics "
            "Engineers, pp. 1-9",
            "Proceedings of the Workshop on Bidding",
        ),
    ],
)
def test_the_name_of_a_conference_may_hold_a_list(after: str, name: str) -> None:
    for line in (f"Low, A. (2017). Bidding alone. {after}.", f"A. Low, “Bidding,” {after}, 2017."):
        record = parse(line)
        assert (record.type, record.container_title or record.event_title) == (
            "paper-conference",
            name,
        )


@pytest.mark.parametrize(("line", "authors", "parts"), LINES)
def test_a_known_title_changes_nothing_where_the_line_is_plain(
    line: str, authors: list[str], parts: dict[str, object]
) -> None:
    del authors
    assert stated(parse(line, [str(parts["title"])])) == parts


def test_a_known_title_tells_where_the_title_ends() -> None:
    line = "Doe, A. (2018), Riders, Rules, Rights, Union of Riders, Vienna."
    assert parse(line).title == "Riders"
    found = parse(line, ["Riders, rules, rights"])
    assert found.title == "Riders, Rules, Rights"
    assert found.publisher == "Union of Riders"


def test_a_year_in_the_title_is_not_the_year_of_issue() -> None:
    found = parse("Doe, A., Survey (2015) of work, Vienna, 2018.", ["Survey (2015) of work"])
    assert (found.issued, [n.inverted for n in found.authors]) == (
        (2018,),
        ["Doe, A."],
    )


def test_a_known_body_tells_publisher_from_journal() -> None:
    line = "Doe, A. (2018), 'Invented riders', Courier, Rider and Society."
    assert parse(line).publisher == ""
    found = parse(line, bodies=["Courier, Rider and Society"])
    assert found.publisher == "Courier, Rider and Society"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Alpha, A., Beta, B. et al.", ["Alpha, A.", "Beta, B."], id="et-al"),
        pytest.param("Söder, Fredrik", ["Söder, Fredrik"], id="one-whole-name"),
        pytest.param("Mark Alpha and Jamie Beta", ["Alpha, Mark", "Beta, Jamie"], id="whole-names"),
        pytest.param("Alpha, Al and Beta, Bo", ["Alpha, Al", "Beta, Bo"], id="inverted"),
        pytest.param("World Bank", ["World Bank"], id="body"),
        pytest.param(
            "Department for Business, Energy and Industrial Strategy",
            ["Department for Business, Energy and Industrial Strategy"],
            id="body-with-comma",
        ),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    found = cited_names(text)
    assert found is not None
    assert [name.inverted for name in found.names] == names
    assert found.more == ("et al" in text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Mark Alpha", id="a-person-or-a-body"),
        pytest.param("Alpha, Al, Bo Beta", id="first-inverted-only"),
        pytest.param("in the survey of 400 riders", id="no-names"),
    ],
)
def test_names_that_can_be_read_in_two_ways_are_not_read(text: str) -> None:
    assert cited_names(text) is None


def test_a_known_body_is_an_author_whatever_its_words() -> None:
    found = cited_names("Fair Riders", ["Fair riders"])
    assert found is not None and found.names[0].literal == "Fair Riders"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="empty"),
        pytest.param("Invented words without a year", id="no-year"),
        pytest.param("We asked 400 riders (2018) what they earn.", id="prose"),
    ],
)
def test_an_unsure_line_gives_no_names(line: str) -> None:
    found = parse(line)
    opening = citation.open_citation(line)
    assert (found.authors, found.editors) == ((), ())
    assert opening is None or not opening.opens_with_names


@given(st.text(alphabet="Aa,. '‘’\"()&;:2018[]é-/", max_size=120), st.text(max_size=30))
def test_no_text_makes_the_parser_fail(line: str, title: str) -> None:
    assert isinstance(parse(line, [title], [title]), Record)


def test_what_stands_in_a_years_place_is_the_status() -> None:
    line = "Doe, A. (forthcoming) ‘Gigs in small towns’, Review of Work."
    record = parse(line)
    assert (record.status, record.issued, record.title) == (
        "forthcoming",
        (),
        "Gigs in small towns",
    )
    assert parse(line.replace("forthcoming", "n.d.")).status == ""
