"""How a query is parsed, and that the index finds what a plain scan of all texts finds."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.index.search_query import CHARACTERS, Phrase, SearchQuery, parse
from oograph.graph.index.spellings import in_standard
from oograph.graph.index.works import Choice, Works
from oograph.graph.iris import fold


def shown(phrase: Phrase) -> str:
    return " ".join(phrase.words) + ("*" if phrase.is_begun else "")


def read(text: str) -> tuple[list[list[str]], list[str]]:
    query = parse(text)
    return [[*map(shown, either)] for either in query.all_of], [*map(shown, query.none_of)]


@pytest.mark.parametrize(
    ("text", "all_of", "none_of"),
    [
        ("gig work", [["gig*"], ["work*"]], []),
        ('"gig work" india', [["gig work"], ["india*"]], []),
        ('"gig"', [["gig"]], []),
        ("gig -uber", [["gig*"]], ["uber"]),
        ('gig -"food delivery"', [["gig*"]], ["food delivery"]),
        ("gig NOT uber", [["gig*"]], ["uber"]),
        ('gig NOT "food delivery"', [["gig*"]], ["food delivery"]),
        ("uber OR lyft india", [["uber*", "lyft*"], ["india*"]], []),
        ("uber OR lyft OR ola", [["uber*", "lyft*", "ola*"]], []),
        ("uber AND lyft", [["uber*"], ["lyft*"]], []),
        ("(uber OR lyft) india", [["uber*", "lyft*"], ["india*"]], []),
        ("work -(uber OR lyft) ola", [["work*"], ["ola*"]], ["uber", "lyft"]),
        ('work NOT ("food run" (OR lyft) ola', [["work*"], ["ola*"]], ["food run", "lyft"]),
        ("(work) uber", [["work*"], ["uber*"]], []),
        # with nothing to join or to leave out
        ("OR uber", [["uber*"]], []),
        ("uber OR", [["uber*"]], []),
        ("uber OR OR lyft", [["uber*", "lyft*"]], []),
        ("uber OR -lyft ola", [["uber*"], ["ola*"]], ["lyft"]),
        ("-uber OR lyft", [["lyft*"]], ["uber"]),
        ("uber NOT", [["uber*"]], []),
        ("OR", [], []),
        ("-- AND -", [], []),
        ("-", [], []),
        ("uber - lyft", [["uber*"], ["lyft*"]], []),
        ("uber -", [["uber*"]], []),
        ('""', [], []),
        ('"-" uber', [["uber*"]], []),
        # small letters are words, and so is NOT in a title in capitals
        ("work or leisure", [["work*"], ["or*"], ["leisure*"]], []),
        ("WHY NOT WORK", [["why*"], ["not*"], ["work*"]], []),
        # hyphens within words
        ("cost-benefit", [["cost benefit*"]], []),
        ("covid-19", [["covid 19*"]], []),
        ("-covid-19 work", [["work*"]], ["covid 19"]),
        ("--uber work", [["work*"]], ["uber"]),
        ("long- and short-term", [["long*"], ["and*"], ["short term*"]], []),
        # a quotation mark that is not closed, or is not a quotation mark
        ('"gig work', [["gig*"], ["work*"]], []),
        ('uber -"food delivery', [["uber*"], ["delivery*"]], ["food"]),
        ('a 5" screen 7" wide', [["a*"], ["5*"], ["screen*"], ["7*"], ["wide*"]], []),
        # of other scripts
        ("“gig work”", [["gig work"]], []),
        ("„gig work“ „two“", [["gig work"], ["two"]], []),
        ("« gig work »", [["gig work"]], []),
        ("»gig work«", [["gig work"]], []),
        ("”gig work”", [["gig work"]], []),
        ("-“gig work” uber", [["uber*"]], ["gig work"]),
        ("「零工 经济」 研究", [["零工 经济"], ["研究*"]], []),
        # apostrophes
        ("worker's", [["workers*"]], []),
        ("workers’ 'rights'", [["workers*"], ["rights*"]], []),
        ("e\u0301tude", [["etude*"]], []),
        ("uber uber Uber", [["uber*"]], []),
    ],
)
def test_how_a_query_is_read(
    text: str, all_of: Sequence[Sequence[str]], none_of: Sequence[str]
) -> None:
    assert read(text) == (all_of, none_of)


def test_a_quotation_that_is_not_closed_is_known() -> None:
    texts = ['"gig work', '"a" "b', "“gig", '"gig work"', "gig", '5"']
    assert [parse(text).is_unclosed for text in texts] == [True, True, True, False, False, False]


typed = st.lists(
    st.sampled_from([*"abé'’-_ 1()", *'"“”«»', " OR ", " NOT ", " AND "]), max_size=20
).map("".join)
plain_words = st.lists(st.text(alphabet="abcß12é", min_size=1, max_size=5), max_size=6)


@given(st.one_of(typed, st.text()))
def test_any_text_is_read_as_words_that_it_has(text: str) -> None:
    query = parse(text)
    own = fold(text).split()
    for phrase in (*query.phrases, *query.none_of):
        assert phrase.words and phrase.text
        # nothing is invented, with or without joining at apostrophes
        assert all(word in "".join(own) for word in phrase.words)
    assert len(query.words) <= CHARACTERS
    assert all(query.all_of)
    wanted = "".join(fold(query.wanted).split())
    assert all(word in wanted for word in query.words)


@given(plain_words)
def test_words_without_operators_are_all_asked_for(words: list[str]) -> None:
    expected = list(dict.fromkeys(fold(word) for word in words))
    assert read(" ".join(words)) == ([[f"{word}*"] for word in expected], [])


@given(typed, typed)
def test_a_phrase_is_what_is_between_its_marks(inner: str, after: str) -> None:
    inner = inner.translate(dict.fromkeys(map(ord, '"“”«»')))
    all_of, _ = read(f"“{inner}” {after}")
    words = fold(inner)
    assert not words or words in all_of[0]


@pytest.mark.parametrize("text", ['"', "-", "a OR ", "a-", "a'", '-"', '"a" ', "NOT ", "-("])
def test_no_more_is_read_than_a_box_holds(text: str) -> None:
    assert len(parse(text * 100_000).words) <= CHARACTERS


@pytest.fixture(scope="module")
def works(shipped_release) -> Works:
    return Works(shipped_release.folder)


@pytest.fixture(scope="module")
def scan(works: Works) -> Callable[[SearchQuery], set[int]]:
    """Finds works by scanning all texts that they are found by."""
    texts = {}
    for number, work in enumerate(works.numbered(range(works.size))):
        names = [work.title, *work.other_titles, *work.authors, str(work.year or "")]
        for facet, value, _ in works.indexed([work.id])[0][1]:
            if facet == "author":
                names += (entry.label for entry in works.values.above(facet, value))
            if facet in ("author", "year", "doi", "kind", "language"):
                continue
            wider = works.values.above(facet, value)
            own = works.values.entry(facet, value)
            # a group of places is found by its name if a work names the group itself
            for entry in (own, *(e for e in wider if e.value not in works.values.groups)):
                names += (entry.label, *entry.names) if entry else ()
        texts[number] = [
            f" {spelling} "
            for name in names
            for apart in (name, name.replace("'", " ").replace("’", " "))
            for spelling in (fold(apart), in_standard(apart))
        ]

    def has(number: int, phrase: Phrase) -> bool:
        *before, last = in_standard(" ".join(phrase.words)).split()
        lasts = (last, phrase.words[-1]) if phrase.is_begun else (f"{last} ",)
        sought = [f" {' '.join((*before, each))}" for each in lasts]
        return any(each in text for each in sought for text in texts[number])

    def is_idle(either: Sequence[Phrase]) -> bool:
        return len(either) == 1 and either[0].is_begun and either[0].text in IDLE

    def scanned(query: SearchQuery) -> set[int]:
        telling = [either for either in query.all_of if not is_idle(either)] or query.all_of
        return {
            number
            for number in texts
            if all(any(has(number, phrase) for phrase in either) for either in telling)
            and not any(has(number, phrase) for phrase in query.none_of)
        }

    return scanned


IDLE = ("the", "of", "and", "in", "for")
WORDS = (
    "gig work economy worker's workers’ platform platforms online labour labor crowd uber upwork "
    "india asia the of and in for 2019 information systems conference heeks l'économie european "
    "union work-life on-demand crowd-work covid-19 data micro new south east study"
).split()
phrases = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda w: f'"{" ".join(w)}"'),
)
parts = st.one_of(phrases, phrases.map(lambda each: f"-{each}"), st.sampled_from(["OR", "NOT"]))


@settings(max_examples=150, deadline=None)
@given(st.lists(parts, min_size=1, max_size=6).map(" ".join))
def test_the_index_finds_what_a_plain_scan_finds(works, scan, text: str) -> None:
    answer = works.find(Choice(text))
    query = parse(text)
    if not query:
        assert not answer
    elif any(
        phrase.otherwise for phrase in answer.interpretation.phrases
    ):  # also words divided in other ways
        assert set(answer.numbers) >= scan(query)
    elif not answer.interpretation.corrected:  # another word is searched
        assert set(answer.numbers) == scan(query)
    # each has one place in the order
    assert sum(map(len, answer.ranked)) == (len(answer) if query.all_of else 0)


@pytest.mark.parametrize("one", ["uber", '"gig economy"', "covid-19", "heeks"])
@pytest.mark.parametrize("other", ["india", '"information systems"', "2019"])
def test_what_is_left_out_is_the_rest(works: Works, one: str, other: str) -> None:
    def count(text: str) -> int:
        return len(works.find(Choice(text)))

    quoted = other if other.startswith('"') else f'"{other}"'
    assert count(one) == count(f"{one} {quoted}") + count(f"{one} -{other}") > 0
    either = count(f"{one} OR {other}")
    assert either == count(one) + count(other) - count(f"{one} {other}")


@pytest.mark.parametrize(("word", "topic"), [("women", "gender"), ("salary", "wages")])
def test_a_topic_is_found_by_what_people_call_it(works: Works, word: str, topic: str) -> None:
    found = works.find(Choice(word)).numbers
    assert works.members.having("keywords", topic) <= found
