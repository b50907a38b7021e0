"""One way from the catalogue to the answer: the record as it is, and the store asked once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.errors import NoRelease
from oograph.graph.formats import CITATIONS
from oograph.graph.index.works import Works
from oograph.graph.index.works_index import WORKS, write_works
from oograph.graph.iris import IRIs
from oograph.graph.model import Facets, Name, Organisation, Record
from oograph.graph.release import open_release
from oograph.graph.release.records import RECORDS, Records, write_records
from oograph.graph.store.answers import Limits
from oograph.graph.store.embedded import EmbeddedStore
from oograph.graph.writers import WRITERS
from oograph.ontology import BASE_IRI
from oograph.server.app import create_app
from oograph.server.records.citation import tags
from oograph.server.records.documents import cite

WORK = "/publication/doe-2020-clicks"
#: Of each ending, the name that ``oograph export`` knows the format by.
FORMS = {"bib": "bibtex", "ris": "ris", "csl.json": "csl", "csv": "csv"}


@pytest.fixture(scope="module")
def works() -> dict[str, Record]:
    return {work.id: work for work in Catalogue.read(default_folder()).works}


@pytest.fixture(scope="module")
def kept(works, release_folder, tmp_path_factory) -> Records:
    folder = tmp_path_factory.mktemp("kept")
    write_works((), 0, folder / WORKS, IRIs(BASE_IRI))  # an index has no part in what is cited
    dumps = release_folder / "dumps"
    write_records(works.values(), Works(folder), dumps, folder / RECORDS, IRIs(BASE_IRI))
    return Records(folder)


@pytest.mark.parametrize("ending", FORMS)
def test_every_work_is_cited_as_it_is_exported(works, kept, ending) -> None:
    assert set(FORMS) == set(CITATIONS)
    for id, work in works.items():
        record = kept.of(id)
        assert record == work
        cited = cite(record, CITATIONS[ending]).get_data(as_text=True)
        assert cited == "".join(WRITERS[FORMS[ending]].write([work]))


@pytest.mark.parametrize("name", ["bibtex", "ris", "csv"])
def test_an_export_of_all_is_the_exports_of_each(works, name) -> None:
    write = WRITERS[name].write
    head = "".join(write([]))
    each = ("".join(write([work])).removeprefix(head) for work in works.values())
    assert "".join(write(works.values())).split() == (head + "".join(each)).split()


@pytest.mark.parametrize("ending", FORMS)
def test_a_citation_over_http(server, works, ending) -> None:
    reply = server(f"{WORK}.{ending}")
    assert (reply.status, reply.type) == (200, CITATIONS[ending].media_type)
    assert "Clicks for" in reply.text
    assert server("/publication/nobody-1999." + ending).status == 404
    assert server("/platform/upwork." + ending).status == 404


class CountingStore(EmbeddedStore):
    """A store that counts its questions."""

    asked = 0

    def ask(self, *arguments, **named):
        self.asked += 1
        return super().ask(*arguments, **named)


@pytest.fixture
def counted(release_folder: Path) -> Iterator[tuple[FlaskClient, CountingStore]]:
    with CountingStore(release_folder, Limits(workers=1)) as store:
        yield create_app(open_release(release_folder), store).test_client(), store


@pytest.mark.parametrize(
    ("path", "status", "queries"),
    [
        (f"{WORK}.html", 200, 1),
        (f"{WORK}.ttl", 200, 1),
        (f"{WORK}.jsonld", 200, 1),
        (f"{WORK}.linkset.json", 200, 1),
        ("/platform/upwork.html", 200, 1),
        (WORK, 303, 1),
        (f"{WORK}.bib", 200, 0),
        (f"{WORK}.csv", 200, 0),
        ("/works.csv", 200, 0),
        ("/works.ttl?q=clicks", 200, 0),
        ("/works.jsonld", 200, 0),
        ("/publication/nobody-1999.html", 404, 1),
        ("/publication/nobody-1999.bib", 404, 1),
    ],
)
def test_the_store_is_asked_at_most_once(counted, path, status, queries) -> None:
    client, store = counted
    assert client.get(path).status_code == status
    assert store.asked == queries


def test_the_head_of_a_page_keeps_month_and_order() -> None:
    record = Record(
        "Hands",
        "chapter",
        "doe-2013-hands",
        issued=(2013, 1),
        editors=(Name("Nielsen", "P."), Name("Kimaro", "H.")),
        container_title="A book",
        page="3–9",
    )
    found = tags(record, "https://example.org/i", "https://example.org/p")
    assert ("citation_publication_date", "2013/01") in found
    assert ("DC.date", "2013-01") in found
    assert [text for name, text in found if name == "DC.contributor"] == [
        "Nielsen, P.",
        "Kimaro, H.",
    ]
    assert ("citation_book_title", "A book") in found
    assert {("citation_firstpage", "3"), ("citation_lastpage", "9")} < set(found)


def test_the_head_of_a_page_names_no_venue_as_the_publisher() -> None:
    """A record page may say both of one name."""
    bodies = (Organisation("A conference", "Publisher"), Organisation("A press", "Publisher"))
    facets = Facets(organisations=bodies)
    record = Record("Hands", "paper-conference", container_title="A conference", facets=facets)
    found = tags(record, "https://example.org/i", "https://example.org/p")
    assert [text for name, text in found if name == "citation_publisher"] == ["A press"]


def test_a_release_without_its_records_is_not_served(release_folder, tmp_path) -> None:
    (tmp_path / "names.db").write_bytes((release_folder / "names.db").read_bytes())
    partial = replace(open_release(release_folder), folder=tmp_path)
    with (
        EmbeddedStore(release_folder, Limits(workers=1)) as store,
        pytest.raises(NoRelease, match="records.db"),
    ):
        create_app(partial, store)


def test_a_record_that_changed_where_its_triples_did_not_has_another_tag(release_folder) -> None:
    release = open_release(release_folder)
    with EmbeddedStore(release_folder, Limits(workers=1)) as store:
        before, after = (
            create_app(each, store).test_client().get(f"{WORK}.bib").headers["ETag"]
            for each in (release, replace(release, inputs="1" * 64))
        )
    assert before != after
