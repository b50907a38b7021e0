"""Finding works: words, facets, the same list in every format, and input that is hostile."""

import csv
import io
import json
import re
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import NoReturn
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.index.works import Choice, Works
from oograph.graph.release import Release, open_release
from oograph.graph.store.answers import NoRoom
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.app import create_app
from oograph.server.pages import exports

HEADING = re.compile(r'<h2 id="hits">([^<]*)</h2>')
#: Choices of which each finds some works of tests/fixtures/small, but not all.
CHOICES = [
    {"country": "southern-asia"},
    {"country": "IN"},
    {"country": "-"},
    {"platform": "upwork"},
    {"method": "qualitative-research"},
    {"kind": "Journal article"},
    {"language": "en"},
    {"venue": "mis-quarterly"},
    {"author": "person/richard-heeks"},
    {"doi": "yes"},
    {"organization": "example-labour-office"},
    {"doi": "-"},
    {"evidence": "stated", "country": "southern-asia"},
    {"evidence": "inferred", "country": "southern-asia"},
    {"from": "2014", "to": "2018"},
    {"q": "heeks"},
    {"q": "online", "from": "2015"},
    {"q": '"mis quarterly"'},
    {"q": "online -pakistan"},
    {"q": "heeks OR upwork", "to": "2018"},
    {"q": '-pakistan NOT "mis quarterly"'},
]


@pytest.fixture(scope="module")
def works(small_release) -> Works:
    return Works(small_release.folder)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("heeks OR pakistan", "Searched for: heeks or pakistan."),
        ("pakistan -heeks", "Searched for: pakistan, without heeks."),
        ("-heeks", "Searched for: all works, without heeks."),
        (
            "“online outsourcing” heeks OR rao NOT “South Asia”",
            "Searched for: “online outsourcing” and (heeks or rao), without “South Asia”.",
        ),
        ('"online outsourcing', "A quotation mark is not closed"),
        ("online -zqzqzq", "No work has “zqzqzq”, so excluding it changes nothing."),
        ("online OR zqzqzq", "No work has “zqzqzq”."),
        ('"outsourcing online"', "No work has the phrase “outsourcing online”."),
        (
            "outsourcing-online",
            "No results for “outsourcing-online”; showing results for “outsourcing online”",
        ),
        ("OR", "“OR” has no words to search for."),
        ('-""', "has no words to search for."),
        ("a OR " * 2000, "Only the first 200 characters were searched for."),
        (
            "online author:heeks +work",
            "“author:”, “+” are not operators here; the words were searched for",
        ),
        (
            "outsourc heeks",
            "No work has the word “outsourc”; showing works with words that begin with it: outsou",
        ),
        ("heeks pakistan", ""),
        ("ONLINE WORK NOT", ""),
        ("10.5555/a:b", ""),
        ("co-operation: a study - of work", ""),
    ],
)
def test_the_page_says_how_operators_were_read(server, words, said) -> None:
    page = unescape(server(f"/works?{urlencode({'q': words})}", "text/html").text)
    if said:
        assert said in page
    else:
        assert not re.search("Searched for:|operator|has the phrase", page)


def test_a_question_finds_what_its_words_say(server) -> None:
    asked = heading(server, q="What do we know of my Heeks, and how many are there?")
    assert asked == heading(server, q="heeks") != heading(server)


def test_several_topics_are_not_taken_for_alternatives(server) -> None:
    page = server("/works?q=wages+and+collective+action", "text/html").text
    assert page.count(">Topic: ") == 2 and "No work has both." in page and "Works with" not in page


def test_only_words_that_no_work_has_whole_are_called_begun(server) -> None:
    for words in ("outsourcing heeks", '"outsourc"', "workers", "xyzzyxq"):
        page = server(f"/works?{urlencode({'q': words})}", "text/html").text
        assert "that begin with it" not in page


def test_a_phrase_that_no_work_has_leads_to_its_words(server) -> None:
    page = server("/works?q=%22outsourcing+online%22", "text/html").text
    offered = re.compile(r'href="([^"]+)">Works with these words anywhere \((\d+)\)')
    [(address, number)] = offered.findall(page)
    assert address == "/works?q=outsourcing+online"
    assert heading(server, q="outsourcing online") == f"{number} of 8 works"
    # not where all words would be another question
    for asked in ('"outsourcing online" OR "online in"', '"outsourcing online" -heeks'):
        assert not offered.search(server(f"/works?{urlencode({'q': asked})}", "text/html").text)


@pytest.mark.parametrize("words", ["qualitative NOT pakistan xyz", "qualitative -pakistan xyz"])
def test_what_was_to_be_left_out_is_no_filter_of_all(server, words) -> None:
    plain = re.sub("NOT |-", "", words)
    pages = [server(f"/works?{urlencode({'q': q})}", "text/html").text for q in (plain, words)]
    assert ["Works with these filters" in page for page in pages] == [True, False]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Iceland", ["IS"]),
        ("Islande heeks", ["IS"]),
        ("South Sudan", ["SS"]),
        ("Iceland, heeks and South Sudan", ["IS", "SS"]),
        ("unemployment", ["unemployment"]),
        ("CrowdWorks", ["crowdworks"]),
        ("pakistn", []),
        ("Pakistan", []),
    ],
)
def test_what_no_work_has_is_taken_for_nothing_else(server, words, named) -> None:
    page = server(f"/works?{urlencode({'q': words})}", "text/html").text
    said = re.findall(r'No work names the [a-z ]+ <a href="/[a-z]+/([\w-]+)">', page)
    assert sorted(said) == named
    rows = list(csv.DictReader(io.StringIO(server(f"/works.csv?{urlencode({'q': words})}").text)))
    assert bool(rows) is not bool(named)
    assert ('<ol class="works"' in page) is bool(rows)


def heading(server, **choice: str) -> str:
    reply = server(f"/works?{urlencode(choice)}", "text/html")
    assert reply.status == 200
    return HEADING.findall(reply.text)[0]


def solutions(server, query: str) -> list[str]:
    reply = server("/sparql", "text/csv", "POST", query, Content_Type="application/sparql-query")
    assert reply.status == 200, reply.text
    return [row["work"].rpartition("/")[2] for row in csv.DictReader(io.StringIO(reply.text))]


@pytest.mark.parametrize("choice", CHOICES, ids=urlencode)
def test_every_format_has_the_same_works(server, choice) -> None:
    def taken(form: str) -> str:
        reply = server(f"/works.{form}?{urlencode(choice)}")
        assert reply.status == 200
        disposition = reply.headers["Content-Disposition"]
        assert re.fullmatch(rf'attachment; filename="works-[a-z0-9-]+\.{form}"', disposition)
        return reply.text

    ids = sorted(item["id"] for item in json.loads(taken("csl.json")))
    assert 0 < len(ids) < 8
    assert heading(server, **choice) == f"{len(ids)} of 8 works"
    assert len(list(csv.DictReader(io.StringIO(taken("csv"))))) == len(ids)
    assert taken("ris").count("TY  - ") == len(ids)
    assert len(re.findall(r"^@\w+\{", taken("bib"), re.MULTILINE)) == len(ids)
    feed = ElementTree.fromstring(taken("atom"))
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == len(ids)
    for form, format in (("ttl", ox.RdfFormat.TURTLE), ("jsonld", ox.RdfFormat.JSON_LD)):
        subjects = {quad.subject.value for quad in ox.parse(taken(form), format=format)}
        described = {s.rpartition("/")[2] for s in subjects if "/publication/" in s}
        assert sorted(id for id in described if "#" not in id) == ids
    assert sorted(solutions(server, taken("rq"))) == ids


def test_a_broader_concept_counts_its_narrower_ones(server) -> None:
    query = """PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT DISTINCT ?work {
      ?work dcterms:spatial/skos:broader* <https://w3id.org/oograph/country/southern-asia>
    }"""
    number = len(solutions(server, query))
    assert number == 3  # Pakistan; India and Bangladesh; and the title that names India
    assert heading(server, country="southern-asia") == f"{number} of 8 works"


def test_no_year_stands_for_another(server) -> None:
    page = server("/works?q=work+2081", "text/html").text  # the works are of 2018 and before
    assert "showing results for" not in page and "to=2018" not in page


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("upwrok", "upwork"), ("pakistam", "pakistan"), ("wrok", "work")],
)
def test_a_misspelt_word_stands_for_the_nearest_one(server, wrong, right) -> None:
    page = server(f"/works?q={wrong}", "text/html").text
    assert f"No results for “{wrong}”; showing results for “{right}”" in page
    assert heading(server, q=wrong) == heading(server, q=right)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("10.5555/hw.2018", "doi/10.5555/hw.2018"),
        ("https://doi.org/10.5555/hw.2018", "doi/10.5555/hw.2018"),
        ("10.5555/a?b#c", "doi/10.5555/a%3Fb%23c"),
        ("q42", "wikidata/Q42"),
        ("0000-0002-1825-0097", "lookup?iri=https://orcid.org/0000-0002-1825-0097"),
        ("978-3-16-148410-0", "lookup?iri=urn:isbn:9783161484100"),
        ("doi.org/10.5555/hw.2018", "doi/10.5555/hw.2018"),
        ("doi 10.5555/hw.2018", "doi/10.5555/hw.2018"),
        ("http://www.wikidata.org/entity/Q42", "wikidata/Q42"),
        ("https://hdl.handle.net/10419/1", "lookup?iri=https://hdl.handle.net/10419/1"),
        ("https://w3id.org/oograph/platform/upwork", "platform/upwork"),
        ("heeks-2018-home-based-work", "publication/heeks-2018-home-based-work"),
        ("see https://doi.org/10.5555/hw.2018, p. 3", "doi/10.5555/hw.2018"),
    ],
)
def test_an_identifier_leads_to_its_thing(server, asked, path) -> None:
    reply = server(f"/works?q={quote(asked)}")
    assert reply.status == 303
    assert reply.headers["Location"] == f"{server.url}/{path}"


@pytest.mark.parametrize("words", ["2010-2019", "freelancer.com", "doi of 10.5555/nothing", "q"])
def test_what_may_be_words_is_an_identifier_only_where_a_thing_has_it(server, words) -> None:
    assert server(f"/works?q={quote(words)}").status == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("country=nowhere", "the country"),
        ("country=" + "x" * 5000, "the country"),
        ("platform=%00", "the platform"),
        ("page=1000000000", "no page"),
        ("page=" + "9" * 5000, "no page"),
        ("page=2", "1 page"),
    ],
    ids=lambda text: text[:30],
)
def test_what_there_is_not_is_named(server, query, said) -> None:
    reply = server(f"/works?{query}", "text/html")
    assert reply.status == 404
    assert said in reply.text
    assert len(reply.body) < 10_000


@pytest.mark.parametrize(
    "path", ["/works", "/browse?class=person", "/browse?class=platform&q=u", "/works?q=online"]
)
def test_a_page_may_have_any_number_of_digits(server, path: str) -> None:
    page = "000000001" + "9" * 4300
    reply = server(f"{path}{'&' if '?' in path else '?'}page={page}", "text/html")
    assert reply.status == 404 and "There is no page" in reply.text


@pytest.mark.parametrize("path", ["/works", "/works.csv", "/figures", "/figure/works-per-year.svg"])
def test_a_year_that_is_no_number_is_a_bad_request(server, path) -> None:
    for wrong in ("from=soon", "to=%D9%A1", "to=20155", "year=-1"):
        reply = server(f"{path}?{wrong}")
        assert reply.status == 400 and "is not a number such as 2015" in reply.json["detail"]


def test_an_order_and_evidence_that_there_is_not_are_refused(server) -> None:
    reply = server("/works?sort=random", "text/html")
    assert reply.status == 400 and "sorted by" in reply.text
    assert server("/works?evidence=Inferred&country=IN", "text/html").status == 400
    assert server("/works?evidence=&country=IN", "text/html").status == 200


def test_filters_without_a_value_do_not_hide_others(server) -> None:
    page = server("/works?" + "country=&" * 20 + "country=IN", "text/html").text
    assert 'href="/works.csv?country=IN"' in page


@pytest.mark.parametrize(
    "words", ["AND", "a OR b", "*", '"', "title:x", "NEAR(a b)", "\0", "x" * 9999]
)
def test_the_words_of_a_query_language_are_words(server, words) -> None:
    query = urlencode({"q": words})
    assert server(f"/works?{query}").status == 200
    ElementTree.fromstring(server(f"/works.atom?{query}").body)


@given(words=st.text(max_size=60))
def test_any_text_can_be_searched(works, words) -> None:
    assert len(works.find(Choice(words))) <= works.size


def test_a_search_too_long_to_be_led_on_is_told(server) -> None:
    assert server("/search?q=" + "y" * 1_000).status == 303
    reply = server("/search?q=" + "y" * 60_000)
    assert reply.status == 414 and "more than 8,000 characters" in str(reply.json["detail"])
    assert "Location" not in reply.headers


def test_a_doi_at_the_end_of_a_long_reference_leads_to_its_work(server) -> None:
    reference = f"{'Somebody, S., ' * 30} (2020). Work. https://doi.org/10.5555/hw.2018"
    reply = server(f"/works?{urlencode({'q': reference})}")
    assert reply.headers["Location"].endswith("/doi/10.5555/hw.2018")


def test_half_of_a_long_identifier_is_none(server) -> None:
    assert server("/works?q=10.1000/" + "y" * 100).status == 303
    assert server("/works?q=10.1000/" + "y" * 60_000).status == 200


def test_a_last_slash_after_much_is_told(server) -> None:
    assert server(f"/doi/10.1000/{'y' * 60_000}/").status in (404, 414)
    assert server(f"/works/?q={'y' * 60_000}").status == 414


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        # no filter: a page names it, a file is refused
        (f"x={'y' * 200_000}", (200, 400)),
        (f"q={'y' * 200_000}", (200, 413)),
        # evidence that there is not
        (f"sort=title&evidence={'y' * 200_000}", (400,)),
        # more fields than are read
        ("country=IN&" * 20_000, (413,)),
        (f"from={'+' * 200_000}2015", (200, 413)),
    ],
    ids=["unknown", "words", "evidence", "repeated", "spaces"],
)
@pytest.mark.parametrize("path", ["/works", "/works.atom", "/works.rq"])
def test_what_is_sent_does_not_grow_with_what_is_asked(server, path, query, statuses) -> None:
    reply = server(f"{path}?{query}", "text/html, */*;q=0.1")
    assert reply.status in statuses
    assert len(reply.body) < 200_000


def test_a_list_has_so_many_filters(server) -> None:
    values = "&".join(f"kind={number}" for number in range(100))
    assert server(f"/works?{values}", "text/html").status in (400, 404)


def test_filters_that_leave_nothing_can_be_taken_out(server) -> None:
    page = server("/works?country=southern-asia&platform=upwork&from=2030", "text/html").text
    chips = page.partition('<p class="chips">')[2].partition("</p>")[0]
    assert "Southern Asia" in chips and "Upwork" in chips and "2030" in chips
    assert "Clear all" in chips


def test_head_is_get_without_its_body(server) -> None:
    get, head = (server("/works?country=IN", "text/html", method) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_each_thread_has_its_own_connection(works) -> None:
    # one connection for all threads makes them wait for one another
    connections: list[object] = []

    def search() -> None:
        assert len(works.find(Choice("heeks")))
        connections.append(works._base.connection)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(base) for base in connections}) == 4


def test_ids_are_read_for_the_works_asked_for(works) -> None:
    statements: list[str] = []
    answer = works.find(Choice(facets={"countries": ("IN",)}))
    works._base.connection.set_trace_callback(statements.append)
    ids = works.ids(works.order(answer, Choice(), 10))
    works._base.connection.set_trace_callback(None)
    assert len(ids) == len(answer)
    assert all("WHERE" in statement for statement in statements)


def test_the_page_is_one_form_with_labels(server) -> None:
    page = server("/works", "text/html").text
    assert page.count("<h1") == 1
    main = page.partition("<main")[2]
    for field in re.findall(r"<(?:input|select)[^>]*>", main):
        labelled = re.search(rf"<label[^>]*>[^<]*{re.escape(field)}", main)
        assert labelled or 'id="q"' in field or 'type="hidden"' in field, field
    assert 'for="q"' in main


def test_no_crawler_is_led_into_combinations_without_end(server) -> None:
    """Every link that adds or takes out a filter asks not to be followed."""
    text = server("/works").text
    filters = re.findall(r'<a ([^>]*href="[^"]*/works\?[^"]*"[^>]*)>', text)
    paging = [link for link in filters if 'rel="next"' in link or 'rel="prev"' in link]
    assert len(filters) > 10
    assert all('rel="nofollow"' in link for link in filters if link not in paging)


def test_an_export_that_the_disk_cannot_hold(small_release: Release) -> None:
    def full() -> NoReturn:
        raise NoRoom("No space left on device")

    with EmbeddedStore(small_release.folder) as store:
        app = create_app(small_release, store)
        app.add_url_rule("/full", view_func=full)
        reply = app.test_client().get("/full")
    assert reply.json is not None
    assert (reply.status_code, reply.json["limit"]) == (507, "result_bytes")
    assert "No space left on device" in reply.json["detail"]


def test_a_list_is_a_file_named_after_its_words_and_filters(server) -> None:
    def name(**choice: str) -> str:
        reply = server(f"/works.bib?{urlencode(choice)}")
        disposition = reply.headers["Content-Disposition"]
        [name] = re.findall(r'^attachment; filename="([^"]*)"$', disposition)
        assert name.isascii() and len(name) <= 60
        return name

    assert name() == "works.bib"
    assert name(country="southern-asia", **{"from": "2015"}) == "works-southern-asia-since-2015.bib"
    assert name(q='Wörk "x"; a=b', to="2018") == "works-work-x-a-b-until-2018.bib"
    assert name(country="-", doi="-") == "works-country-or-region-not-known-no-doi.bib"
    assert name(q="работа " * 20).startswith("works-rabota-rabota")


def test_the_export_is_a_click_from_the_top(server) -> None:
    page = server("/works?country=IN", "text/html").text
    link, first = page.index('href="#take"'), page.index('<ol class="works"')
    assert link < first < page.index('id="take"')
    assert 'href="#take"' not in server("/works?q=zqzqzq", "text/html").text


def test_a_feed_is_called_after_its_words_and_filters(server) -> None:
    feed = server("/works.atom?country=southern-asia&from=2015&q=online").text
    assert (
        "<title>oograph: works · “online” · Country or region: Southern Asia · since 2015<" in feed
    )


def test_a_listed_work_leads_to_its_doi(server) -> None:
    page = server("/works?q=heeks&doi=yes", "text/html").text
    assert '<a href="https://doi.org/10.5555/hw.2018">DOI</a>' in page
    assert ">DOI</a></p>" not in server("/works?doi=-", "text/html").text


def test_a_list_and_a_profile_lead_to_their_feed(server) -> None:
    assert 'href="/works.atom?country=IN"' in server("/works?country=IN", "text/html").text
    assert 'href="/works.atom?country=IN"' in server("/country/IN.html", "text/html").text


def test_a_feed_has_an_author_though_a_work_names_none(server) -> None:
    """RFC 4287, 4.1.1: a feed has an author unless all its entries have one."""
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(server("/works.atom?author=-").body)
    entries = feed.findall(f"{atom}entry")
    assert entries and not any(entry.findall(f"{atom}author") for entry in entries)
    assert feed.findtext(f"{atom}author/{atom}name") == "The oograph contributors"


def test_a_profile_says_of_its_own_subject_that_it_is_inferred(server) -> None:
    """Of it or of something within it, and not of what else a rule found in the work."""
    topics = list(csv.DictReader(io.StringIO(server("/figure/works-by-topic.csv").text)))
    said = set()
    for topic in topics:
        page = server(f"/topic/{topic['topic_id']}.html").text
        within = page.partition("Within ")[2].partition("</ul>")[0]
        names = {topic["topic"], *re.findall(r">([^<]*)</a>", within)}
        found = set(re.findall(r">([^<]*) is inferred</p>", page))
        assert found <= names, topic
        said |= found
    assert said


def test_a_list_without_words_is_not_said_to_have_words(server) -> None:
    kinds = ("Journal article", "Conference paper", "Report")
    filters = urlencode([("kind", kind) for kind in kinds] + [("author", "-"), ("from", "2030")])
    assert "Remove some of the filters above." in server(f"/works?{filters}", "text/html").text
    assert "a word above" not in server(f"/works?{filters}", "text/html").text


def test_a_feed_begins_with_the_works_that_changed_last(small_release, tmp_path) -> None:
    folder = shutil.copytree(small_release.folder, tmp_path / small_release.folder.name)
    days = folder / "modified.tsv"
    changed = "publication/heeks-2018-home-based-work"
    lines = [line.partition("\t")[0] for line in days.read_text(encoding="utf-8").splitlines()]
    days.write_text(
        "".join(f"{iri}\t{'2020-02-02' if changed in iri else '2019-01-01'}\n" for iri in lines),
        encoding="utf-8",
    )
    with EmbeddedStore(folder) as store:
        app = create_app(open_release(folder), store)
        feed = ElementTree.fromstring(app.test_client().get("/works.atom?sort=title").data)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = [
        (entry.findtext(f"{atom}id"), entry.findtext(f"{atom}updated"))
        for entry in feed.iter(f"{atom}entry")
    ]
    assert entries[0] == (f"https://w3id.org/oograph/{changed}", "2020-02-02T00:00:00Z")
    assert {day for _, day in entries[1:]} == {"2019-01-01T00:00:00Z"}
    assert feed.findtext(f"{atom}updated") == "2020-02-02T00:00:00Z"


def test_a_feed_has_what_the_last_releases_brought(small_release, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(exports, "_IN_FEED", 2)
    folder = shutil.copytree(small_release.folder, tmp_path / small_release.folder.name)
    path = folder / "changes.json"
    [step] = json.loads(path.read_text(encoding="utf-8"))
    base = "https://w3id.org/oograph/"
    changed = "publication/heeks-2018-home-based-work"
    records = [(f"{base}{each}", each, "new") for each in ("country/IN", changed)]
    records.append((f"{base}publication/gone", "gone", "gone"))
    step |= {"before": "2019-01-01-000000000000", "records": records}
    path.write_text(json.dumps([step]), encoding="utf-8")
    with EmbeddedStore(folder) as store:
        client = create_app(open_release(folder), store).test_client()
        for sort in ("title", "author", "newest"):
            feed = client.get(f"/works.atom?sort={sort}").text
            assert feed.count("<entry>") == 2 and f"<id>{base}{changed}</id>" in feed
        assert changed not in client.get("/works.atom?to=2017").text


def test_words_that_no_work_has_all_of_are_offered_as_filters(server) -> None:
    asked = urlencode({"q": "qualitative, South Asia, since 2015"})
    page = server(f"/works?{asked}", "text/html").text
    assert "No works match all of these" in page
    assert 'a collection, not a census: what it lacks <a href="/about#limits">' in page
    for chip in ("Method: Qualitative research", "Country or region: Southern Asia", "since 2015"):
        assert f">{chip} <" in page
    [(link, number)] = re.findall(
        r'<a class="button" rel="nofollow" href="([^"]*)">Works with these filters \((\d+)\)', page
    )
    assert f'<h2 id="hits">{number} of ' in server(unescape(link), "text/html").text
    assert int(number) >= 1
    assert "No work has" not in page


def test_the_largest_sets_of_filters_are_offered_where_no_work_has_all(server) -> None:
    asked = urlencode({"q": "Fiverr, Spain, since 2017, survey"})
    page = server(f"/works?{asked}", "text/html").text
    assert "No work has all of them, but these combinations have works:" in page
    offered = page.partition('but these combinations have works:</p>\n<p class="named">')[
        2
    ].partition("</p>")[0]
    lists = re.findall(r'href="([^"]*)">([^<]*) <span class="quiet">(\d+)<', offered)
    assert lists
    for link, label, number in lists:
        assert ", " in label and int(number) > 0
        assert f'<h2 id="hits">{number} of 8 works' in server(unescape(link), "text/html").text
    assert "Remove a filter or a word above" not in page and "No results for" not in page


def test_a_word_that_no_work_has_is_named(server) -> None:
    page = server("/works?q=upwrok+zqzqzq", "text/html").text
    assert "No work has “zqzqzq”." in page
    assert ">Platform: Upwork <" in page
    for words in ("zqzqzq", "<b>zqzqzq", "zqzqzq&evidence=stated"):
        assert "No work has “zqzqzq”" in server(f"/works?q={words}", "text/html").text


def test_lists_without_a_word_are_offered_where_no_work_has_all(server) -> None:
    page = server(f"/works?{urlencode({'q': 'heeks impact zzzzqq'})}", "text/html").text
    assert re.findall(r"without “([^”]*)”", page) == ["zzzzqq"]
    assert "No work has “zzzzqq”." in page and "Remove a filter or a word above" not in page
    page = server(f"/works?{urlencode({'q': 'heeks in 1901'})}", "text/html").text
    [(link, left_out, number)] = re.findall(
        r'href="([^"]*)">without “([^”]*)” <span class="quiet">(\d+)', page
    )
    assert (unescape(link), left_out) == ("/works?q=heeks+in", "1901")
    assert heading(server, q="heeks in") == f"{number} of 8 works"


def test_a_range_of_years_is_not_called_a_phrase(server) -> None:
    page = server("/works?q=Upwork+2016-2019", "text/html").text
    assert "has the phrase" not in page and ">2016–2019 <" in page


def test_lists_without_two_words_are_offered_where_none_has_all_but_one(server) -> None:
    page = server(f"/works?{urlencode({'q': 'Heeks in 1901 in Spain'})}", "text/html").text
    assert ">Or leave out words:<" in page and "Remove a filter or a word above" not in page
    offered = re.findall(r'href="([^"]*)">without “([^<]*)” <span class="quiet">(\d+)', page)
    assert offered
    for link, left_out, number in offered:
        assert left_out.count("” and “") == 1
        assert f'<h2 id="hits">{number} of 8 works' in server(unescape(link), "text/html").text


def test_a_pasted_reference_finds_its_work(server) -> None:
    reference = "Heeks, R. (2017). Home-based work online in Pakistan. 1-9."
    page = server(f"/works?{urlencode({'q': reference})}", "text/html").text
    assert HEADING.findall(page) == ["No works match all of these"]
    [found] = re.findall(r"This work has most of the words.*?</ol>", page, re.DOTALL)
    assert re.findall(r'href="(/publication/[^"]*)"', found) == [
        "/publication/heeks-2018-home-based-work"
    ]
    other = "Roe, R. (1917). The theory of other things in nuclear physics. Acta 3, 1-9."
    assert "most of the words" not in server(f"/works?{urlencode({'q': other})}", "text/html").text


def test_a_plural_names_the_concept(server) -> None:
    page = server("/works?q=surveys", "text/html").text
    assert '<a class="chip" href="/method/survey">Method: Survey ' in page
    assert heading(server, q="surveys") == heading(server, q="survey")


def test_offered_filters_come_beside_those_there_are(server) -> None:
    page = server("/works?country=PK&q=qualitative+zqzqzq&from=2012", "text/html").text
    [link] = re.findall(r'<a class="button" rel="nofollow" href="([^"]*)">Works with this', page)
    assert link == "/works?country=PK&amp;method=qualitative-research&amp;from=2012"


@pytest.mark.parametrize(
    ("asked", "chip"), [("from=2015", "since 2015"), ("to=2019", "until 2019")]
)
def test_years_that_are_asked_for_can_be_taken_out(server, asked: str, chip: str) -> None:
    page = server(f"/works?{asked}", "text/html").text
    assert re.search(rf'class="chip"[^>]*>{chip} ', page)


def test_a_list_as_a_table_has_the_rows_of_the_table_of_all_works(server) -> None:
    def rows(path: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(server(path).text, newline="")))

    every = {row["id"]: row for row in rows("/dumps/works.csv")}
    listed = rows("/works.csv?country=IN&sort=title")
    assert [row["id"] for row in listed] == [
        item["id"] for item in json.loads(server("/works.csl.json?country=IN&sort=title").text)
    ]
    assert len(listed) > 1 and all(row == every[row["id"]] for row in listed)
    # what is only inferred is there, and not among what is stated
    [rao] = [row for row in listed if row["id"].startswith("rao-")]
    assert (rao["platforms"], rao["platforms_inferred"]) == ("", "Amazon Mechanical Turk")


@pytest.mark.parametrize(
    ("words", "label", "country"),
    [
        ("Bangalore", "Country or region: India (Bangalore)", "IN"),
        ("wages in new delhi", "Country or region: India (New Delhi)", "IN"),
        ("Karachi zzzz", "Country or region: Pakistan (Karachi)", "PK"),
    ],
)
def test_a_city_leads_to_the_works_on_its_country(server, words, label, country) -> None:
    page = server(f"/works?{urlencode({'q': words})}", "text/html").text
    named = page.partition("Try filters instead of words")[2]
    address = re.search(
        rf'href="/works\?country={country}">{re.escape(label)} <span class="quiet">(\d+)', named
    )
    assert address and heading(server, country=country) == f"{address[1]} of 8 works"


def test_a_city_that_works_have_in_their_titles_names_its_country_too(server) -> None:
    page = server("/works?q=Madrid", "text/html").text
    assert 'href="/country/ES">Country or region: Spain <span class="quiet">(Madrid)' in page
    [group] = server("/suggest?q=Karachi").json["groups"]
    assert [each["label"] for each in group["options"]] == ["Pakistan"]


def test_the_name_of_a_group_leads_to_its_works_and_is_none_of_theirs(server, works) -> None:
    # else “South Asia” would find what is on China: it is on Asia, and on the Global South
    having = works.members.having("countries", "global-south")
    assert having and not having & works.find(Choice("Global South")).numbers
    page = server("/works?q=Global+South", "text/html").text
    assert 'href="/works?country=global-south"' in page


def test_the_european_union_is_each_group_that_was_called_so(server) -> None:
    page = server("/works?q=EU", "text/html").text
    named = page.partition('<p class="named">')[2].partition("</p>")[0]
    groups = server("/suggest?q=EU").json["groups"]
    options = [option["href"] for group in groups for option in group["options"]]
    for address in ("/country/EU27", "/country/EU28"):
        assert f'href="{address}"' in named and options.count(address) == 1
    for words in ("European Union", "Union européenne zqzqzq"):
        page = server(f"/works?{urlencode({'q': words})}", "text/html").text
        assert f">Country or region: EU27 ({words.removesuffix(' zqzqzq')}) <" in page


@pytest.mark.parametrize(
    ("words", "country"), [("South Asian", "southern-asia"), ("work of Indian freelancers", "IN")]
)
def test_an_adjective_names_its_country_where_few_titles_have_it(server, words, country) -> None:
    page = server(f"/works?{urlencode({'q': words})}", "text/html").text
    named = page.partition('<p class="named">')[2]
    assert re.search(rf'href="/(country/|works\?country=){country}">Country or region: ', named)


def test_a_part_of_a_name_is_not_another_form_of_it(server) -> None:
    page = server(f"/works?{urlencode({'q': 'South Asia zqzqzq'})}", "text/html").text
    named = page.partition("Try filters instead of words")[2]
    assert re.findall(r">Country or region: ([^<]*) <", named) == ["Southern Asia"]
    assert not re.search(r">Country or region: Asia <", page)


def test_one_of_several_countries_is_offered_where_no_work_has_all(server) -> None:
    page = server(f"/works?{urlencode({'q': 'Spanish, Pakistani heeks'})}", "text/html").text
    [(link, label, number)] = re.findall(r'href="([^"]*)">Works with ([^(]*) \((\d+)\)', page)
    assert label == "Spain or Pakistan, with heeks"
    assert f'<h2 id="hits">{number} of 8 works' in server(unescape(link), "text/html").text
    assert 0 < int(number) < 8


def test_what_a_word_only_begins_in_another_language_is_not_named(server) -> None:
    page = server("/works?q=uber", "text/html").text
    named = re.findall(r'<p class="named">.*?</p>', page, re.DOTALL)
    assert named and "Uber" in named[0] and "Übersicht" not in named[0]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/works?platform=Upwork&q=a", "/works?platform=upwork&q=a"),
        ("/works?country=in&country=-", "/works?country=IN&country=-"),
        ("/works?country=India", "/works?country=IN"),
        ("/works.ris?method=Qualitative+Research", "/works.ris?method=qualitative-research"),
        ("/works?year=2015", "/works?from=2015&to=2015"),
        ("/works.csv?countries=IN&method=survey", "/works.csv?method=survey&country=IN"),
        ("/works?country=IN&countries=PK", "/works?country=IN&country=PK"),
        ("/works?organisation=-", "/works?organization=-"),
        ("/works?work_types=-&utm_source=x", "/works?utm_source=x&work-type=-"),
        ("/works.csv?year=2015&country=IN", "/works.csv?country=IN&from=2015&to=2015"),
        (
            "/figure/works-per-year.svg?platform=Upwork",
            "/figure/works-per-year.svg?platform=upwork",
        ),
        ("/works?page=0", "/works"),
        ("/works?q=a&page=0", "/works?q=a"),
        ("/browse?class=country&page=0", "/browse?class=country"),
    ],
)
def test_what_means_another_address_leads_there(server, asked, meant) -> None:
    reply = server(asked)
    assert (reply.status, reply.headers["Location"]) == (303, meant)
    assert server(meant).status == 200


def test_a_country_that_no_work_has_has_an_empty_list(server) -> None:
    page = server("/works?country=NP&from=2000", "text/html").text
    assert HEADING.findall(page) == ["No works match all of these"]
    assert 'No work names the country or region <a href="/country/NP">Nepal</a>.' in page
    assert re.search(r'class="chip"[^>]*>Country or region: Nepal ', page)
    assert server("/works.csv?country=NP").text.count("\n") == 1
    assert "works-nepal.csv" in server("/works.csv?country=NP").headers["Content-Disposition"]
    for form in ("ris", "bib", "csl.json", "ttl", "jsonld", "rq", "atom"):
        assert server(f"/works.{form}?country=NP").status == 200
    for page in ("/figures", "/map", "/figure/works-per-year.csv"):
        assert server(f"{page}?country=NP").status == 200
    for typed in ("np", "Nepal"):
        assert server(f"/works?country={typed}").headers["Location"] == "/works?country=NP"
    assert server("/works?country=XX").status == server("/works?country=Narnia").status == 404


def test_years_the_wrong_way_round_are_refused(server) -> None:
    reply = server("/works?from=2020&to=2010")
    assert reply.status == 400
    assert "2020 is after 2010. Fix: from=2010&to=2020." in str(reply.json["detail"])


def test_a_format_that_there_is_not_leads_to_those_there_are(server) -> None:
    reply = server("/works.json")
    assert reply.status == 404
    assert (
        "cannot be exported as .json; use .csv, .ris, .bib, .csl.json, .ttl" in reply.json["detail"]
    )
    assert server("/works.csl.json").status == 200


def test_a_page_names_the_parameters_that_are_no_filters(server) -> None:
    page = server("/works?type=Book&Year=2015&utm_source=x&fbclid=y", "text/html").text
    assert "“type”, “Year” in the address are not filters and were ignored." in page
    assert "The filters are platform, country, topic, " in page
    page = server("/works?from=2015&country=IN&utm_source=x&page=1", "text/html").text
    assert "ignored" not in page


@pytest.mark.parametrize(
    "path",
    [
        *(f"/works.{form}" for form in ("csv", "ris", "csl.json", "ttl", "rq", "atom")),
        *(f"/figure/works-per-year.{form}" for form in ("svg", "png", "csv", "rq")),
    ],
)
def test_a_file_is_refused_where_a_parameter_is_no_filter(server, path: str) -> None:
    """It has no place to say so, and all works are not those on one country."""
    reply = server(f"{path}?contry=IN&from=2015")
    assert (reply.status, reply.type) == (400, "application/problem+json")
    assert "“contry” is not a filter. The filters are q, platform, country," in str(
        reply.json["detail"]
    )
    assert server(f"{path}?country=IN&from=2015&utm_source=x&page=2&sort=title").status == 200


@pytest.mark.parametrize("page", ["/figures", "/figure/works-per-year", "/map"])
def test_a_page_of_figures_names_the_parameters_that_are_no_filters(server, page: str) -> None:
    text = server(f"{page}?contry=IN&x=platform&y=country", "text/html").text
    assert "“contry” in the address is not a filter and was ignored." in text
    assert "ignored" not in server(f"{page}?x=platform&y=country", "text/html").text


def test_lists_take_turns_and_none_is_refused(start_server) -> None:
    """More lists at once than queries may wait, of one client: each is whole."""
    limits = {"seconds": 60, "queue": 2, "client_queries": 1}
    with start_server(limits=limits, cache_bytes=0) as server:
        with ThreadPoolExecutor(20) as threads:
            replies = list(threads.map(lambda n: server(f"/works?q=work&to={2000 + n}"), range(40)))
    assert {reply.status for reply in replies} == {200}
    assert all("</html>" in reply.text for reply in replies)


@pytest.mark.parametrize("q", ['"mis quarterly"', "heeks OR rao", "work -pakistan"])
def test_figures_and_the_map_have_the_works_of_the_list(server, q: str) -> None:
    choice = {"q": q, "from": "2000"}  # one work has no year
    asked = urlencode(choice)
    (number,) = re.findall(r"^\d+", heading(server, **choice))
    rows = csv.DictReader(io.StringIO(server(f"/figure/works-per-year.csv?{asked}").text))
    assert sum(int(row["works"]) for row in rows) == int(number) > 0
    page = server(f"/map?x=platform&y=country&{asked}", "text/html").text
    cells = re.findall(r'<td><a [^>]*href="(/works\?[^"]*)".*?<span>([\d,]+)</span>', page)
    assert cells
    for link, count in cells[:20]:
        assert HEADING.findall(server(unescape(link), "text/html").text)[0].startswith(f"{count} ")


@pytest.mark.parametrize(
    ("typed", "venue", "label"),
    [
        ("ICIS", "international-conference-on-information-systems", "Information Systems"),
        ("misq", "mis-quarterly", "MIS Quarterly"),
    ],
)
def test_a_venue_is_known_by_its_abbreviation(server, typed: str, venue: str, label: str) -> None:
    page = server(f"/works?q={typed}", "text/html").text
    assert re.search(rf'class="chip" href="/venue/{venue}">Venue: [^<]*{label} <', page)
    assert re.search(rf"Published in: <span><mark>{typed}</mark>", page, re.IGNORECASE)
    assert heading(server, q=typed) == heading(server, venue=venue)
    reply = server(f"/works?venue={typed}", "text/html")
    assert (reply.status, reply.headers["Location"]) == (303, f"/works?venue={venue}")
    assert server("/works?venue=ICISX", "text/html").status == 404


def test_a_list_says_what_opens_in_zotero_and_in_excel(server) -> None:
    assert (
        "For Zotero, EndNote and Mendeley, choose RIS"
        in server("/works?q=online", "text/html").text
    )
    assert "in Excel, import it as UTF-8" in server("/works?q=online", "text/html").text


def test_filters_are_offered_with_the_words_that_remain_and_without(server) -> None:
    asked = urlencode({"q": "what is known of jobs in South Asia, studied since 2015"})
    page = server(f"/works?{asked}", "text/html").text
    offered = re.findall(r">Works with these filters( and “[^”]*”)? \((\d+)\)<", page)
    words, numbers = zip(*offered, strict=True)
    assert words == (" and “jobs”", "")
    assert 1 <= int(numbers[0]) < int(numbers[1])
    assert "studie" not in page.replace("studied", "")


@pytest.mark.parametrize(("word", "numbers"), [("labour", ["3"]), ("market", ["2", "3"])])
def test_filters_are_not_offered_twice_for_the_same_list(
    server, word: str, numbers: list[str]
) -> None:
    asked = urlencode({"q": f"what is known about {word} in South Asia since 2010"})
    page = server(f"/works?{asked}", "text/html").text
    offered = re.findall(r">Works with these filters(?: and “[^”]*”)? \((\d+)\)<", page)
    assert offered == numbers


def test_words_are_offered_in_the_years_that_the_text_names(server) -> None:
    page = server(f"/works?{urlencode({'q': 'survey in India, 2013 onwards'})}", "text/html").text
    [(link, number)] = re.findall(
        r'href="([^"]*)">Works with “survey in India”, since 2013 \((\d+)\)<', page
    )
    assert unescape(link) == "/works?q=survey+in+India&from=2013"
    assert f'<h2 id="hits">{number} of ' in server(unescape(link), "text/html").text
    assert "since" not in server("/works?q=work+zzzz", "text/html").text


def test_the_title_of_a_list_names_its_filters(server) -> None:
    page = server("/works?country=southern-asia&from=2015", "text/html").text
    assert "<title>Works: Country or region: Southern Asia · since 2015 · " in page
    assert "<title>Find works · " in server("/works", "text/html").text


def test_where_filters_find_works_no_other_advice_is_given(server) -> None:
    page = server(f"/works?q={quote('qualitative, South Asia, since 2015')}", "text/html").text
    assert "Works with these filters" in page and "Remove a filter or a word above" not in page
    assert "Remove a filter or a word above" in server("/works?q=xyzzyxq", "text/html").text


def test_what_follows_from_a_platform_names_it(server) -> None:
    pages = [server(f"/publication/{id}.html").text for id in ids_on_upwork(server)]
    inferred = re.findall(r"<td>inferred (.*?)</td>", "".join(pages), re.DOTALL)
    assert any(re.match(r'from <a href="/platform/upwork">Upwork</a> <', each) for each in inferred)
    assert not any("https://w3id.org" in each for each in inferred)


def ids_on_upwork(server) -> list[str]:
    """The ids of the works on Upwork."""
    rows = csv.DictReader(io.StringIO(server("/works.csv?platform=upwork").text))
    return [row["id"] for row in rows]


def test_where_few_works_have_all_words_filters_find_more(server) -> None:
    words = "qualitative pakistan"
    few = server(f"/works?{urlencode({'q': words})}", "text/html").text
    (chips,) = re.findall(r'These filters find more:</p>\s*<p class="chips">(.*?)</p>', few, re.S)
    found = int(heading(server, q=words).partition(" ")[0])
    for address, number in re.findall(r'href="([^"]*)">[^<]*<span class="quiet">(\d+)<', chips):
        listed = HEADING.search(server(unescape(address), "text/html").text)
        assert listed and listed[1].startswith(f"{number} of ") and int(number) > found
    # what finds no more is not offered
    for words in ("pakistan", "heeks", "online"):
        page = server(f"/works?{urlencode({'q': words})}", "text/html").text
        assert "filters find more" not in page


def test_a_list_without_anything_leads_to_what_works_name(server) -> None:
    page = server("/works?q=xyzzyxq", "text/html").text
    assert 'Or browse the <a href="/browse?class=platform">platforms</a>' in page
    assert "Or browse" not in server("/works?q=online", "text/html").text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("q=what+is+known+of+jobs+in+South+Asia+since+2015", "works with these filters and “jobs”"),
        ("q=survey+in+India,+2013+onwards", "works with these filters"),
        ("q=Spanish,+Pakistani+heeks", "works with Spain or Pakistan, with heeks"),
        ("country=PK&country=IN&to=2018", "works with Pakistan or India"),
    ],
)
def test_where_no_work_matches_the_closest_list_begins(server, asked: str, said: str) -> None:
    page = server(f"/works?{asked}", "text/html").text
    assert "No works match all of these" in page
    (beginning,) = re.findall(rf"<h3>(?:The |The first )[^<]*{said}</h3>(.*)", page, re.S)
    shown = re.findall(r'<a class="title" href="/publication/([^"]*)"', beginning)
    (button, *_) = re.findall(r'<a class="button" rel="nofollow" href="(/works\?[^"]*)">', page)
    listed = server(unescape(button), "text/html").text
    assert shown == re.findall(r'<a class="title" href="/publication/([^"]*)"', listed)[:10]
    # a list of works to save is only what was asked for
    assert server(f"/works.csv?{asked}").text.count("\n") == 1


def test_where_nothing_is_close_no_list_begins(server) -> None:
    for asked in ("q=xyzzyxq", "q=online", "q=Fiverr,+Spain,+since+2017,+survey"):
        assert "<h3>The " not in server(f"/works?{asked}", "text/html").text


def test_filters_that_no_work_has_together_lead_to_lists_with_one_fewer(server) -> None:
    page = server("/works?country=PK&country=IN&to=2018", "text/html").text
    offered = re.findall(r'href="([^"]*)">without “([^”]*)” <span class="quiet">(\d+)<', page)
    assert {label for _, label, _ in offered} >= {"Pakistan", "India"}
    either = re.findall(r'href="([^"]*)">Works with (Pakistan or India) \((\d+)\)', page)
    for address, _, number in (*offered, *either):
        listed = HEADING.search(server(unescape(address), "text/html").text)
        assert listed and listed[1].startswith(f"{number} of ")
    assert len(either) == 1 and "Remove a filter" not in page
    # one filter alone has nothing to be without
    assert "With one fewer" not in server("/works?country=NP", "text/html").text


def test_filters_that_no_work_has_with_one_fewer_lead_to_lists_with_two_fewer(server) -> None:
    asked = "country=southern-asia&platform=upwork&author=-&from=2030"
    page = server(f"/works?{asked}", "text/html").text
    offered = re.findall(
        r'href="([^"]*)">without “([^”]*)” and “([^”]*)” <span class="quiet">(\d+)<', page
    )
    assert 0 < len(offered) <= 4 and "Remove some" not in page
    assert [int(works) for *_, works in offered] == sorted(
        (int(works) for *_, works in offered), reverse=True
    )
    for address, *left_out, works in offered:
        listed = HEADING.search(server(unescape(address), "text/html").text)
        assert listed and listed[1].startswith(f"{works} of ") and len(set(left_out)) == 2


@pytest.mark.parametrize("words", ["journal articles", "pakistan journal article xyzzyxq"])
def test_kinds_of_publications_are_offered_as_filters(server, words) -> None:
    page = server(f"/works?{urlencode({'q': words})}", "text/html").text
    offer = r'href="([^"]*)">Kind of publication: Journal article <span class="quiet">(\d+)<'
    ((address, number),) = re.findall(offer, page)
    assert heading(server, kind="Journal article").startswith(f"{number} of ")
    assert address == "/works?kind=Journal+article"
