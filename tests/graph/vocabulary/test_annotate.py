"""What titles name, what they only seem to name, and how well that is told apart."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.bench.parts.annotation_report import KINDS, markdown, measure
from oograph.graph.model import Facets, Record
from oograph.graph.vocabulary import annotate as annotation
from oograph.graph.vocabulary import load_vocabulary
from oograph.graph.vocabulary.annotate import Inference
from oograph.graph.vocabulary.disambiguation import COLUMNS, Rules
from oograph.graph.vocabulary.gazetteer import Gazetteer, load_gazetteer
from oograph.graph.vocabulary.platform_work import load_kinds
from oograph.graph.vocabulary.tables import shipped_table

ROOT = Path(__file__).parents[3]
LABELS = ROOT / "tests" / "fixtures" / "titles" / "labels.tsv"
VOCABULARY = load_vocabulary()
GAZETTEER = load_gazetteer()
#: Every rule that evidence may name; docs/annotation.md describes each.
RULES = {
    *("platform-name", "platform-name-in-context", "platform-keyword"),
    *("country-name", "country-name-in-context", "country-demonym", "country-part"),
    "country-keyword",
    *("method-label", "method-label-in-context", "named-case"),
    *("topic-label", "topic-label-in-context"),
}


def annotate(record: Record, gazetteer: Gazetteer) -> list[Inference]:
    """What is read; what follows from a platform is test_confidence's."""
    return [i for i in annotation.annotate(record, gazetteer) if not i.evidence]


def named(title: str, scheme: str) -> set[str]:
    found = annotate(Record(title), GAZETTEER)
    return {i.concept.rsplit("/", 1)[1] for i in found if i.scheme == scheme}


def only(title: str, scheme: str) -> Inference:
    (found,) = [i for i in annotate(Record(title), GAZETTEER) if i.scheme == scheme]
    return found


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Uber drivers in Nairobi", "uber", id="name"),
        pytest.param("UBER DRIVERS IN NAIROBI", "uber", id="capitals"),
        pytest.param("What workers earn on oDesk", "upwork", id="former-name"),
        pytest.param("Using amazon’s Mechanical Turk", "amazon-mechanical-turk", id="apostrophe"),
        pytest.param("Bidding on Freelancer.com", "freelancer", id="freelancer.com"),
        pytest.param("MTurk-based studies", "amazon-mechanical-turk", id="hyphen"),
        pytest.param("Upwork’s CEO on learning", "upwork", id="possessive"),
        pytest.param("Uber-drivers and their cars", "uber", id="uber-drivers"),
        pytest.param("Couriers of Mr D Food", "mr-d-food", id="mr-d-of-south-africa"),
        pytest.param("Couriers of Mr. D", "mr-d", id="mr-d-of-serbia"),
        pytest.param("Data from MTurk, Prolific and Qualtrics", "amazon-mechanical-turk prolific"),
        pytest.param("Recruiting participants on Prolific", "prolific", id="on-prolific"),
        pytest.param("Bidding on platforms such as Guru", "guru", id="called-a-platform"),
        pytest.param("Upwork and Freelancer compared", "freelancer upwork", id="in-one-breath"),
        pytest.param("Crowd workers on AMT", "amazon-mechanical-turk", id="amt"),
        pytest.param("AMT and organizational performance", "", id="amt-of-factories"),
        pytest.param("Uberisation of work", "", id="uber-inside-a-word"),
        pytest.param("The Uber-economy", "", id="uber-as-prefix"),
        pytest.param("Uber-capitalism", "", id="uber-capitalism"),
        pytest.param("Über die Arbeit im Netz", "", id="german-über"),
        pytest.param("Uber die Arbeit im Netz", "", id="german-über-without-dots"),
        pytest.param("The uber rich at work", "", id="uber-in-lower-case"),
        pytest.param("The guru of management", "", id="guru-the-noun"),
        pytest.param("Guru or novice? Expertise online", "", id="guru-in-front"),
        pytest.param("Guru leadership in teams", "", id="guru-the-adjective"),
        pytest.param("Prolific authors and their fame", "", id="prolific-adjective"),
        pytest.param("Lessons from Prolific inventors", "", id="prolific-after-from"),
        pytest.param("Freelancer wellbeing", "", id="freelancer-the-noun"),
        pytest.param("Latin American Microworkers", "", id="microworkers-the-people"),
        pytest.param("Trading people per hour for output", "", id="a-phrase"),
        pytest.param("The Mechanical Turk: a history of the chess automaton", "", id="automaton"),
        pytest.param("Hard work, upworking and outworking", "", id="inside-words"),
        pytest.param('How the "Uber economy" works', "", id="a-figure-of-speech"),
    ],
)
def test_platforms(title: str, expected: str) -> None:
    assert named(title, "platforms") == set(expected.split())


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Crowd work in Kenya and India", "KE IN", id="names"),
        pytest.param("Online work in South Korea", "KR", id="usual-name"),
        pytest.param("Kenyan, Filipino and Bangladeshi freelancers", "KE PH BD", id="demonyms"),
        pytest.param("How Indians work online", "IN", id="demonym-in-the-plural"),
        pytest.param("Plattformarbeit in Österreich und der Türkei", "AT TR", id="german"),
        pytest.param("Trabajo de plataformas en España y México", "ES MX", id="spanish"),
        pytest.param("Trabalhadores brasileiros na Alemanha", "BR DE", id="portuguese"),
        pytest.param("Le travail numérique aux États-Unis", "US", id="french"),
        pytest.param("Das deutsche Modell", "DE", id="german-adjective"),
        pytest.param("Riders en Peru y Brasil", "PE BR", id="accent-lost"),
        pytest.param("US-based workers", "US", id="hyphen"),
        pytest.param("Let us work", "", id="us-the-pronoun"),
        pytest.param("LET US WORK", "", id="us-in-capitals"),
        pytest.param("GIG WORK IN THE US", "US", id="the-us-in-capitals"),
        pytest.param("United States of Crowd Workers", "", id="a-play"),
        pytest.param("Closure of Booking.com in Turkey", "TR", id="turkey-the-country"),
        pytest.param("Riders in Greece, Turkey and Cyprus", "GR TR CY", id="turkey-among-others"),
        pytest.param("Turkey farming by contract", "", id="turkey-the-bird"),
        pytest.param("Contracts of Turkey producers", "", id="of-the-bird"),
        pytest.param("Jordan on labour", "", id="jordan-the-author"),
        pytest.param("A reply to Jordan (2015)", "", id="jordan-with-a-year"),
        pytest.param("Refugees at work in Jordan", "JO", id="jordan-the-country"),
        pytest.param("Gig workers in Atlanta, Georgia", "", id="georgia-the-state"),
        pytest.param("Gig work in Macedonia", "MK", id="macedonia"),
        pytest.param("Firms in the Republic of Macedonia", "MK", id="macedonia-in-full"),
        pytest.param("FYROM and Serbia compared", "MK RS", id="macedonia-in-short"),
        pytest.param("Students in Central Macedonia", "", id="macedonia-in-greece"),
        pytest.param("Platforms in Macedonia, Greece", "GR", id="macedonia-of-greece"),
        pytest.param("Mobile money in Cote d'Ivoire", "CI", id="without-accents"),
        pytest.param("Mining in the Democratic Republic of Congo", "CD", id="congo"),
        pytest.param("Couriers in the Slovak and the Kyrgyz Republic", "SK KG", id="republics"),
        pytest.param("Couriers in Armenia and Georgia", "AM GE", id="georgia-the-country"),
        pytest.param("Georgia Tech and the crowd", "", id="georgia-tech"),
        pytest.param("Freelancing in America", "US", id="america"),
        pytest.param("Freelancing in the Americas", "americas", id="americas"),
        pytest.param("Micro-work in Latin America", "latin-america-and-the-caribbean"),
        pytest.param("Micro-work in South America", "", id="no-concept"),
        pytest.param("Workers of New Mexico, New Jersey and New South Wales", "", id="new"),
        pytest.param("Couriers in Wales", "GB", id="part"),
        pytest.param("Indian Ocean trade", "", id="ocean"),
        pytest.param("American Economic Review", "", id="journal"),
        pytest.param("LibCrowds for the British Library", "", id="library"),
        pytest.param("A Dutch auction for tasks", "", id="dutch-auction"),
        pytest.param("Translating German to English with a crowd", "", id="german-the-language"),
        pytest.param("Chinese word segmentation", "", id="chinese-the-language"),
        pytest.param("The Russian-language Internet", "", id="russian-language"),
        pytest.param("Chinese workers and Japanese firms", "CN JP", id="not-the-language"),
        pytest.param("Platform economy and the Swedish model", "SE", id="swedish-model"),
        pytest.param("Workers as guinea pigs", "", id="guinea-pig"),
        pytest.param("Breaking the china", "", id="china-in-lower-case"),
        pytest.param("Niger and Nigeria", "NE NG", id="niger-and-nigeria"),
        pytest.param("Polish your profile", "", id="polish-the-verb"),
        pytest.param("Polish couriers", "PL", id="polish-the-adjective"),
        pytest.param("Indiana, Romans and Omanhood", "", id="inside-words"),
        pytest.param("European Union law", "", id="not-europe"),
        pytest.param("Family Reunion and Ira", "", id="réunion-irã"),
    ],
)
def test_countries(title: str, expected: str) -> None:
    assert named(title, "countries") == set(expected.split())


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Digital labour", "digital-labour", id="label"),
        pytest.param("Digital labor marketplaces", "online-labour-markets", id="longest"),
        pytest.param("Gig-Economies", "gig-economy", id="hyphen-and-plural"),
        pytest.param("Crowdsourcing contests", "crowdsourcing-contests", id="not-the-broader"),
        pytest.param("Crowdsourcing: contests", "crowdsourcing crowdsourcing-contests", id="colon"),
        pytest.param("Plattformökonomie und prekäre Arbeit", "platform-economy precarious-work"),
        pytest.param("Uberizacao do trabalho", "uberisation", id="accents-lost"),
        pytest.param("L’économie collaborative", "sharing-economy", id="french"),
        pytest.param("Teletrabajo y precariedad", "telework precarious-work", id="spanish"),
        pytest.param("AI at work", "artificial-intelligence", id="abbreviation"),
        pytest.param("Ai Weiwei", "", id="not-the-abbreviation"),
        pytest.param("Non-platform workers", "", id="the-opposite"),
        pytest.param("Freelancer wellbeing", "freelancing", id="freelancer-the-noun"),
        pytest.param("Challenges ahead", "", id="says-nothing"),
        pytest.param("Pay attention: who gets low pay?", "wages", id="pay-the-verb"),
        pytest.param("A low-income group", "", id="income-class"),
        pytest.param("Breaking news work", "", id="news-is-no-plural"),
        pytest.param(
            "The governance of IT outsourcing", "it-services-outsourcing", id="governance-of-firms"
        ),
        pytest.param("Governance of crowds", "platform-governance", id="governance-of-crowds"),
        pytest.param("Image classification with deep networks", "", id="by-machines"),
        pytest.param("Task search online", "", id="search-is-not-assignment"),
        pytest.param(
            "Cascade: Crowdsourcing Taxonomy Creation", "crowdsourcing", id="taxonomy-by-a-crowd"
        ),
        pytest.param(
            "Crowdsourcing Multi-Label Classification for Taxonomy Creation",
            "crowdsourcing",
            id="taxonomy-of-anything",
        ),
        pytest.param(
            "A Preliminary Taxonomy of Crowdsourcing",
            "crowdsourcing-taxonomy",
            id="taxonomy-of-crowdsourcing",
        ),
        pytest.param("Local employment", "", id="not-unemployment"),
        pytest.param("Deception in a Study with Freelancers", "freelancing", id="a-device"),
        pytest.param("Deception on Upwork", "fraud-and-abuse", id="what-people-do"),
        pytest.param("Contests: A Social Network Perspective", "crowdsourcing-contests"),
        pytest.param("Social Networks Analysis", "", id="no-site"),
        pytest.param("Fairness in online jobs", "online-labour-markets", id="not-of-pay"),
        pytest.param("Perceived fairness of rewards", "pay-fairness incentives", id="of-pay"),
        pytest.param("On demand: the governance gap of platforms", "", id="a-gap"),
        pytest.param("The careers of information technology workers", "careers", id="a-trade"),
    ],
)
def test_topics(title: str, expected: str) -> None:
    assert named(title, "topics") == set(expected.split())


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("A survey of crowd workers", "survey", id="of-people"),
        pytest.param("Lessons from an online survey", "survey", id="draws-on"),
        pytest.param("Surveying freelancers on their income", "survey", id="surveying"),
        pytest.param("A Survey and Taxonomy of crowd work", "literature-review", id="taxonomy"),
        pytest.param("Crowdsourcing systems: A Survey", "literature-review", id="of-writings"),
        pytest.param("Filtering survey responses", "", id="surveys-studied"),
        pytest.param("A resource for survey researchers", "", id="who-studies-surveys"),
        pytest.param("Gamification: A Review", "literature-review", id="review"),
        pytest.param("Peer review on platforms", "", id="peer-review"),
        pytest.param("Screening for systematic reviews", "", id="reviews-studied"),
        pytest.param("A systematic literature review", "systematic-literature-review"),
        pytest.param("Evidence from two field experiments", "field-experiment", id="narrower"),
        pytest.param("A real effort experiment", "experiment", id="experiment"),
        pytest.param("Running experiments on MTurk", "", id="experiments-studied"),
        pytest.param("Evidence from two online experiments", "experiment", id="done"),
        pytest.param("Sampling in online experiments", "", id="online-experiments-studied"),
        pytest.param("Evidence from a natural experiment", "natural-experiment", id="natural"),
        pytest.param("Interview with a founder", "", id="talk"),
        pytest.param("Interviews with couriers", "interview-study", id="interviews"),
        pytest.param("Trust online: The Case of Uber", "case-study", id="named-case"),
        pytest.param("Bias: The Case of Gender", "", id="example"),
        pytest.param("Eine Umfrage unter Crowdworkern", "survey", id="german"),
        pytest.param("Um estudo de caso", "case-study", id="portuguese"),
        pytest.param(
            "Structural equation models", "structural-equation-modelling", id="another-model"
        ),
        ("Field experimental studies", "field-experiment"),
    ],
)
def test_methods(title: str, expected: str) -> None:
    assert named(title, "methods") == set(expected.split())


@pytest.mark.parametrize(
    ("title", "scheme", "rule", "text"),
    [
        ("What workers earn on oDesk", "platforms", "platform-name", "oDesk"),
        ("Data from MTurk’s rival: on Prolific", "countries", "", ""),
        ("Kenyan workers", "countries", "country-demonym", "Kenyan"),
        ("Couriers in Turkey", "countries", "country-name-in-context", "Turkey"),
        ("Couriers in Scotland", "countries", "country-part", "Scotland"),
        ("Amazon’s  Mechanical\nTurk", "platforms", "platform-name", "Amazon’s  Mechanical\nTurk"),
        ("Gamification: A Review", "methods", "method-label-in-context", "Review"),
        ("Trust online: The Case of Uber", "methods", "named-case", "The Case of"),
        ("Nach der Uberisierung", "topics", "topic-label", "Uberisierung"),
        (
            unicodedata.normalize("NFD", "São João: Kenyans"),
            "countries",
            "country-demonym",
            "Kenyans",
        ),
    ],
)
def test_the_evidence_is_where_it_says(title: str, scheme: str, rule: str, text: str) -> None:
    for found in annotate(Record(title), GAZETTEER):
        assert title[found.offset :][: len(found.matched_text)] == found.matched_text
        assert found.matched_in == "title"
    inferred = [i for i in annotate(Record(title), GAZETTEER) if i.scheme == scheme]
    assert [(i.rule, i.matched_text) for i in inferred] == ([(rule, text)] if rule else [])


def test_a_concept_is_inferred_once_by_its_first_mention() -> None:
    record = Record("MTurk: on Mechanical Turk", original_title="Amazon Mechanical Turk")
    (found,) = annotate(record, GAZETTEER)
    assert (found.matched_text, found.matched_in, found.offset) == ("MTurk", "title", 0)


def test_a_title_in_the_language_of_the_work_is_read_too() -> None:
    record = Record("Couriers", original_title="Kuriere in Österreich")
    found = {(i.matched_in, i.matched_text) for i in annotate(record, GAZETTEER)}
    assert ("original_title", "Österreich") in found


@pytest.mark.parametrize(
    ("keyword", "expected"),
    [
        pytest.param("amazon mechanical turk", {("amazon-mechanical-turk", "platform-keyword", 0)}),
        pytest.param("kenya", {("KE", "country-keyword", 0)}),
        pytest.param("income", set(), id="a-topic-is-stated"),
        pytest.param("freelancer", set(), id="alone-no-platform"),
        pytest.param("Wikipedia", set(), id="where-texts-come-from"),
        pytest.param("survey", set(), id="of-an-unknown-kind"),
        pytest.param("content analysis", {("content-analysis", "method-label", 0)}),
        pytest.param("people in Kenya", {("KE", "country-name", 10)}, id="inside-a-keyword"),
    ],
)
def test_keywords(keyword: str, expected: set[tuple[str, str, int]]) -> None:
    found = annotate(Record("T", facets=Facets(keywords=(keyword,))), GAZETTEER)
    assert {(i.concept.rsplit("/", 1)[1], i.rule, i.offset) for i in found} == expected
    assert {i.matched_in for i in found} <= {"keywords"}


@given(st.text(alphabet=st.sampled_from("Uber MTurk-’'US çã\u0301ü.,:()\n–surveyof"), max_size=80))
def test_any_text_is_read_and_mentions_do_not_overlap(text: str) -> None:
    end = 0
    for mention in GAZETTEER.mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.rule in RULES
        end = mention.end


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    text = "Crowd work on Uber, in a survey of workers in the US and Turkey. " * 4000
    assert sum(1 for _ in GAZETTEER.mentions(text)) == 5 * 4000


def test_the_shipped_labels_are_found_as_they_stand() -> None:
    """A label that is not ambiguous, alone, names its concept."""
    table = shipped_table("disambiguation.tsv", COLUMNS)
    unsure = {label.casefold() for _, label in Rules.of(table, VOCABULARY).labels()}
    kinds = set(load_kinds().values())  # their labels are for searching
    missed = [
        label
        for scheme in KINDS
        for label, iri in VOCABULARY.forms[scheme].items()
        if label.casefold() not in unsure
        and iri not in kinds
        and iri not in {m.concept for m in GAZETTEER.mentions(label)}
    ]
    assert missed == []


def test_every_rule_is_documented() -> None:
    text = (ROOT / "docs" / "annotation.md").read_text(encoding="utf-8")
    assert {rule for rule in RULES if f"| `{rule}` |" not in text} == set()


@pytest.fixture(scope="module")
def scores() -> dict[tuple[str, str], tuple[float, float]]:
    found = measure(LABELS)
    print(markdown(found))
    return {(s.part, s.kind): (s.precision, s.recall) for s in found}


@pytest.mark.parametrize("kind", KINDS)
def test_the_labelled_titles(kind: str, scores: dict[tuple[str, str], tuple[float, float]]) -> None:
    assert {part for part, _ in scores} == {"all", "tuned", "held-out"}
    precision, recall = scores["all", kind]
    assert precision >= 0.97 and recall >= 0.85


def test_the_labels_are_150_titles_with_concepts_of_the_vocabularies() -> None:
    header, *rows = [line.split("\t") for line in LABELS.read_text(encoding="utf-8").splitlines()]
    assert header == ["id", "title", *KINDS, "part"]
    assert len({row[0] for row in rows}) == 150 == len(rows)
    assert sum(row[-1] == "held-out" for row in rows) == 50
    for kind, values in zip(KINDS, list(zip(*rows, strict=True))[2:6], strict=True):
        slugs = {iri.rsplit("/", 1)[1] for iri in VOCABULARY.forms[kind].values()}
        used = {slug for value in values for slug in value.split(";") if slug}
        assert {slug for slug in used if not slug.startswith("?")} <= slugs
