"""How much is known, on the home page and on /about, is what `oograph stats` says."""

import re

import pytest

from oograph.graph.index.coverage import coverage_of
from oograph.server.web.parameters import BY_FACET

BROWSER = "text/html,*/*;q=0.1"


@pytest.fixture(scope="module")
def server(shipped_server):
    return shipped_server


def share(part: int, whole: int) -> str:
    percent = 100 * part / whole
    if 0 < percent < 1 or 99 < percent < 100:
        return "&lt;1%" if percent < 1 else "&gt;99%"
    return f"{round(percent)}%"


def unescaped(cell: str) -> str:
    return cell.replace("<1", "&lt;1").replace(">99", "&gt;99")


@pytest.mark.parametrize("path", ["/", "/about"])
def test_what_is_known_of_all_stands_beside_what_is_known_of_those_read(
    server, shipped_release, path
) -> None:
    known = coverage_of(shipped_release.folder)
    page = server(path, BROWSER).text
    assert f"“% of read” is the share of the {known.read:,} works for which more than" in page
    [table] = re.findall(r'<table class="coverage">.*?</table>', page, re.DOTALL)
    rows = {
        label.lower(): re.findall(r'<td class="number" data-of="[^"]*">([^ ]*?)</td>', row)
        for label, row in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table)
    }
    compared = 0
    for each in known.facets:
        label = BY_FACET[each.facet].singular.lower() if each.facet in BY_FACET else ""
        if label in rows:
            compared += 1
            assert [*map(unescaped, rows[label])] == [
                f"{each.stated:,}",
                f"{each.inferred:,}",
                share(each.stated + each.inferred, known.works),
                share(each.of_read, known.read),
            ]
    assert compared >= 6


def test_persons_that_are_likely_one_are_counted_once(server) -> None:
    page = server("/", BROWSER).text
    [(persons, names)] = re.findall(
        r"<b><small>about</small> ([\d,]+)</b> people \(([\d,]+) names\)", page
    )
    query = """PREFIX oo: <https://w3id.org/oograph/ontology#>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    SELECT (COUNT(DISTINCT ?person) AS ?names) (COUNT(DISTINCT ?one) AS ?persons) {
      ?work dcterms:creator ?person . ?person a oo:Person .
      OPTIONAL { ?person oo:probablySameAs ?same }
      BIND(COALESCE(?same, ?person) AS ?one)
    }"""
    counted = [int(n) for n in server.query(query, "text/csv").text.split("\n")[1].split(",")]
    assert int(names.replace(",", "")) == counted[0]
    assert abs(int(persons.replace(",", "")) - counted[1]) <= 0.01 * counted[1]
    assert (
        f"of {names} names of about {persons} people"
        in server("/browse?class=person", BROWSER).text
    )
