"""No page's work grows with the release: every address of the URL map, at 300 works and 1,200.

Work is what can be counted: calls of Python, SQLite's instructions, the rows that the engine gives
for them. The engine itself counts nothing, so that its share is the processor time of its thread;
a query that reads the whole release takes four times as long.
"""

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from oograph.bench.parts.catalogues import RELEASE, generate
from oograph.graph.formats import RDF, with_charset
from oograph.graph.index import database
from oograph.graph.iris import IRIs
from oograph.graph.release import Release
from oograph.graph.release.build import build
from oograph.graph.release.findings import FINDINGS, write_findings
from oograph.graph.release.report_forms import report_file, write_forms
from oograph.graph.store.admission import never_disconnected
from oograph.graph.store.answers import DEFAULT_LIMITS, Answer, Spool
from oograph.graph.store.embedded import EmbeddedStore, Store
from oograph.graph.store.plan import Plan
from oograph.graph.store.pool import Status
from oograph.graph.store.problems import ProblemDetails, QueryError
from oograph.graph.store.service_hosts import NO_HOSTS
from oograph.graph.store.worker import Request, Setup, answer, open_store
from oograph.server.app import create_app

SIZES = (300, 1_200)
BASE = "https://w3id.org/oograph/"

#: Of each rule, by its endpoint, addresses whose lists are full at both sizes.
ADDRESSES: Mapping[str, Sequence[str]] = {
    "about.about": ["/about"],
    "about.status": ["/status"],
    "assets.icon": ["/favicon.ico"],
    "catalog.catalog": ["/catalog"],
    "catalog.cff": ["/CITATION.cff"],
    "catalog.document": ["/catalog.ttl", "/catalog.html"],
    "catalog.links": ["/catalog.linkset.json"],
    "changes.changes": ["/changes"],
    "changes.feed": ["/changes.atom"],
    "changes.of_version": ["/changes/{version}"],
    "completion.completion": ["/sparql/completion.json"],
    "dumps.folder": ["/dumps"],
    "dumps.latest": ["/dumps/latest/"],
    "dumps.listing": ["/dumps/"],
    "dumps.of_version": ["/dumps/{version}/"],
    "evidence_map.evidence_map": ["/map", "/map?x=platform&y=topic&from=2015"],
    "figures.figure": [
        "/figure/works-per-year",
        "/figure/works-by-author.svg",
        "/figure/coverage.csv",
        "/figure/world-map.svg",
        "/figure/evidence-map.rq",
    ],
    "figures.gallery": ["/figures"],
    "fragments.fragments": [
        "/fragments",
        "/fragments?page=7",
        f"/fragments?subject={BASE}publication/{{work}}",
        "/fragments?predicate=http://purl.org/dc/terms/title",
    ],
    "health.health": ["/health"],
    "health.numbers": ["/metrics"],
    "home.home": ["/"],
    "lists.browse": [
        "/browse",
        "/browse?class=platform",
        "/browse?class=person",
        "/browse?class=person&page=3",
        "/browse?class=person&q=smith",
        "/browse?class=venue",
        "/browse?class=scheme",
        "/browse?class=linkset",
        "/browse?class=organization-kind",
    ],
    "lists.search": ["/search?q=work"],
    "lookup.identified": ["/doi/{doi}"],
    "lookup.lookup": ["/lookup?iri=https://doi.org/{doi}", f"/lookup?iri={BASE}platform/upwork"],
    "named_concepts.of": [
        f"/sparql/of?query=ASK{{{{?w+?p+%3C{BASE}country/IN%3E}}}}"
        f"&named={BASE}country/IN&other={BASE}country/PK",
    ],
    "ontology.document": ["/ontology.ttl", "/ontology.html"],
    "ontology.ontology": ["/ontology"],
    "ontology.version": ["/ontology/0.1.0"],
    "reconcile.preview": ["/reconcile/preview?id=platform/upwork"],
    "reconcile.properties": ["/reconcile/properties?type=platform"],
    "reconcile.reconcile": [
        "/reconcile",
        '/reconcile?queries={{"q0":{{"query":"upwork"}},"q1":{{"query":"gig+work+platforms"}}}}',
    ],
    "reconcile.suggest_entity": ["/reconcile/suggest/entity?prefix=cro"],
    "reconcile.suggest_property": ["/reconcile/suggest/property?prefix=na"],
    "reconcile.suggest_type": ["/reconcile/suggest/type?prefix=pl"],
    "report.document": ["/report.html", *(f"/report.{form}" for form in RDF)],
    "report.report": ["/report", "/report?shape=odd", "/report?of={work}"],
    "shapes.document": ["/shapes.html", "/shapes.ttl"],
    "shapes.shapes": ["/shapes"],
    "sitemap.opensearch": ["/opensearch.xml"],
    "sitemap.robots": ["/robots.txt"],
    "sparql.sparql": ["/sparql"],
    "suggestions.suggest": ["/suggest?q=cro", "/suggest?q=online+wor"],
    "things.all_of": ["/publication"],
    "things.thing": [
        "/publication/{work}",
        *(f"/publication/{{work}}.{form}" for form in ("html", "ttl", "jsonld", "bib", "ris")),
        "/person/{person}.html",
        "/person/{person}.ttl",
        "/venue/{venue}.html",
        "/platform/upwork",
        "/platform/upwork.html",
        "/topic/crowdsourcing.html",
        "/country/IN.html",
        "/method/survey.html",
        "/scheme/topics.html",
        "/graph/stated",
        "/graph/stated.html",
        "/graph/stated.ttl",
    ],
    "unapi.unapi": [
        f"/unapi?id={BASE}publication/{{work}}",
        f"/unapi?id={BASE}publication/{{work}}&format=bibtex",
    ],
    "void.void": ["/.well-known/void"],
    "works.export": [
        "/works.atom?q=work",
        "/works.rq?country=IN",
        *(f"/works.{form}?venue={{venue}}" for form in ("csv", "ris", "bib", "csl.json", "ttl")),
    ],
    "works.listing": [
        "/works",
        "/works?q=work",
        "/works?q=crowd+online&from=2010",
        "/works?q=%22crowd+work%22+online+OR+india+-uber",
        "/works?country=IN",
        "/works?sort=title&page=10",
        "/works?evidence=inferred&q=work",
    ],
}
#: So many of SQLite's instructions are counted together.
STEP = 100
#: Whole files, sent as they lie on the disk.
FILES = {
    "assets.serve",
    "changes.patch",
    "dumps.dump",
    "dumps.versioned",
    "sitemap.part",
    "sitemap.sitemap",
    "static",
}
#: What is as large as what it describes, up to a limit that the smaller release does not reach.
UNFILLED = {
    "/browse?class=platform",
    "/works?country=IN",
    "/map",
    "/map?x=platform&y=topic&from=2015",
    "/country/IN.html",
    "/method/survey.html",
    "/platform/upwork.html",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What an answer took."""

    calls: int
    instructions: int
    rows: int
    engine_seconds: float


class Counted(EmbeddedStore):
    """The store of a release in this process, with what it was asked for."""

    def __init__(self, release: Release) -> None:
        Store.__init__(self, DEFAULT_LIMITS, NO_HOSTS)
        self._setup = Setup(release.folder.resolve(), release.base_iri, True, DEFAULT_LIMITS)
        self._loaded = open_store(self._setup)
        self.rows, self.seconds = 0, 0.0

    def ask(
        self,
        planned: Plan,
        *,
        seconds: float | None = None,
        client: str = "",
        is_disconnected: Callable[[], bool] = never_disconnected,
    ) -> Answer:
        request = Request(
            planned.text,
            planned.format.name,
            planned.dataset,
            union=not planned.shape.has_dataset and not planned.dataset,
            base_iri=planned.base_iri,
            excerpt=planned.excerpt,
        )
        spool = Spool()
        begin = time.thread_time()
        end = answer(self._loaded, request, self._setup, spool.write)
        self.seconds += time.thread_time() - begin
        if isinstance(end, ProblemDetails):
            raise QueryError(end)
        spool.write(end.rest)
        self.rows += end.rows or 0
        return Answer(with_charset(planned.media_type), spool, spool.length, end.rows)

    @property
    def order(self) -> str:
        return "memory"

    def status(self) -> Status:
        return Status(1, 1, 0, 0, 0, True, False)


@dataclass(frozen=True, slots=True)
class Site:
    """The application of one release, and what stands for the names in addresses."""

    client: FlaskClient
    store: Counted
    names: Mapping[str, str]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Site]]:
    patch = pytest.MonkeyPatch()
    patch.setattr(database, "_INSTRUCTIONS", STEP)
    folder = tmp_path_factory.mktemp("growth")
    small, large = (_site(_release(size, folder)) for size in SIZES)
    yield small, large
    patch.undo()


def _release(size: int, folder: Path) -> Release:
    catalogue = generate(size, folder / str(size), lambda line: None)
    release = build(catalogue, catalogue / RELEASE).release
    _report(release, size)
    return release


def _report(release: Release, results: int) -> None:
    """A report with as many results as the release has works, each on one of 300."""
    iris, sh = IRIs(release.base_iri), "http://www.w3.org/ns/shacl#"
    report = iris.at("report")
    turtle = report_file(release.folder, "ttl")
    with turtle.open("w") as file:
        for number in range(results):
            result = f"<{report}#result-{number}>"
            file.write(
                f"{result} a <{sh}ValidationResult> ; <{sh}resultSeverity> <{sh}Info> ;"
                f' <{sh}resultMessage> "Odd."@en ; <{sh}sourceShape> <{iris.base}shapes#odd> ;'
                f" <{sh}focusNode> <{iris.base}topic/t{number % 300}> .\n"
                f"<{report}> <{sh}result> {result} .\n"
            )
    write_forms(release.folder, iris)
    (release.folder / FINDINGS).unlink()
    write_findings(turtle, release.folder / FINDINGS)


def _site(release: Release) -> Site:
    store = Counted(release)
    app = create_app(release, store, "http://127.0.0.1/")
    return Site(app.test_client(), store, _names(release))


def _names(release: Release) -> Mapping[str, str]:
    """The work with a DOI of which the least is said; a person and a venue that few works have."""
    with closing(sqlite3.connect(release.folder / "works.db")) as base:
        base.execute("ATTACH ? AS records", (str(release.folder / "records.db"),))
        work, doi = base.execute(
            "SELECT work.id, doi FROM work JOIN records.record USING (id) JOIN records.ttl"
            " USING (place) WHERE doi <> '' ORDER BY length(ttl.text), work.id"
        ).fetchone()
        least = "SELECT value FROM value WHERE facet = ? AND value LIKE ? ORDER BY works, value"
        (person,) = base.execute(least, ("author", "person/%")).fetchone()
        (venue,) = base.execute(least, ("venue", "%_")).fetchone()
    person = person.removeprefix("person/")
    return dict(work=work, doi=doi, person=person, venue=venue, version=release.version)


def test_every_address_of_the_url_map_is_measured(sites: tuple[Site, Site]) -> None:
    rules = {rule.endpoint for rule in sites[0].client.application.url_map.iter_rules()}
    assert rules == ADDRESSES.keys() | FILES


def _work(site: Site, address: str, monkeypatch: pytest.MonkeyPatch) -> Work:
    """What the second answer takes, since the first reads templates; of the engine the least."""
    path = address.format(**site.names)
    looked = calls = 0

    def over(base: database.Database) -> bool:
        nonlocal looked
        looked += 1
        return False

    def called(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += 1

    monkeypatch.setattr(database.Database, "_is_over", over)
    least = float("inf")
    for last in (False, False, True):
        site.store.rows, site.store.seconds, looked = 0, 0.0, 0
        if last:
            sys.setprofile(called)
        try:
            response = site.client.get(path, headers={"Accept": "text/html"})
            assert response.status_code < 400, (path, response.get_data()[:500])
        finally:
            sys.setprofile(None)
        least = min(least, site.store.seconds)
    return Work(calls, looked * STEP, site.store.rows, least)


@pytest.mark.parametrize("address", [each for several in ADDRESSES.values() for each in several])
def test_no_pages_work_grows_with_the_release(
    sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    small, large = (_work(site, address, monkeypatch) for site in sites)
    most = 2.5 if address in UNFILLED else 1.5
    assert large.calls <= most * small.calls, (small, large)
    assert large.instructions <= most * small.instructions + 20_000, (small, large)
    assert large.rows <= most * small.rows + 20, (small, large)
    assert large.engine_seconds <= 2 * small.engine_seconds + 0.005, (small, large)


@pytest.mark.parametrize("form", ["csv", "ris", "bib", "csl.json"])
def test_an_exported_list_is_read_and_not_made(
    sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Of a work more Python takes its number, and SQLite its text."""
    small, large = (_work(site, f"/works.{form}", monkeypatch) for site in sites)
    more = SIZES[1] - SIZES[0]
    assert large.calls <= small.calls + 6 * more, (small, large)
    assert large.instructions <= small.instructions + 60 * more, (small, large)
