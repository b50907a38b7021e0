"""What the IRI of a work answers that is gone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from oograph.graph.catalogue import Catalogue
from oograph.graph.model import Tombstone
from oograph.graph.release.build import build
from oograph.graph.store.answers import Limits
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.app import create_app

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
SURVIVOR = "heeks-2018-home-based-work"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("gone")
    graves = (Tombstone("old", SURVIVOR, "the same paper"), Tombstone("lost", "", "retracted"))
    Catalogue(Catalogue.read(SMALL).works, graves).save(folder)
    release = build(folder, folder / "out").release
    with EmbeddedStore(release.folder, Limits(workers=1)) as store:
        yield create_app(release, store).test_client()


@pytest.mark.parametrize("ending", ["", ".html", ".ttl", ".jsonld"])
def test_a_merged_work_leads_to_its_survivor(client: FlaskClient, ending: str) -> None:
    answer = client.get(f"/publication/old{ending}")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(f"/publication/{SURVIVOR}{ending}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "*/*"])
def test_a_withdrawn_work_is_gone_and_says_why(client: FlaskClient, accept: str) -> None:
    answer = client.get("/publication/lost", headers={"Accept": accept})
    assert answer.status_code == 410
    assert "retracted" in answer.get_data(as_text=True)


def test_what_never_was_is_not_found(client: FlaskClient) -> None:
    assert client.get("/publication/never").status_code == 404


def test_a_linkset_has_a_page(client: FlaskClient) -> None:
    answer = client.get("/linkset/countries-geonames.html")
    assert answer.status_code == 200 and "GeoNames" in answer.get_data(as_text=True)


def test_the_page_of_a_linkset_says_what_is_linked_to_what(client: FlaskClient) -> None:
    pages = [
        client.get(f"/linkset/countries-geonames.html?page={page}").get_data(as_text=True)
        for page in (1, 2)
    ]
    assert (
        '<li id="country-AD-3041565"><a href="/country/AD">Andorra</a> '
        '<span class="quiet">the same as</span> '
        '<a href="https://sws.geonames.org/3041565/">sws.geonames.org/3041565</a></li>'
    ) in pages[0]
    assert sum(page.count('<span class="quiet">the same as</span>') for page in pages) == 249
    topics = client.get("/linkset/topics-stw.html").get_data(as_text=True)
    assert "A virtual team need not come from a crowd." in topics


def test_the_page_of_a_linkset_whose_links_have_no_iris_shows_the_first(
    client: FlaskClient,
) -> None:
    page = client.get("/linkset/publications-doi.html").get_data(as_text=True)
    works = Catalogue.read(SMALL).works
    dois = [work.doi for work in works if work.doi]
    assert dois and f'<h2>Links <span class="quiet">{len(dois)}</span></h2>' in page
    for doi in dois:
        assert f'<span class="quiet">the same as</span> <a href="https://doi.org/{doi}">' in page


def test_a_link_is_described_where_its_iri_leads(client: FlaskClient) -> None:
    first, second = (
        client.get(f"/linkset/countries-geonames.nt?page={page}").get_data(as_text=True)
        for page in (1, 2)
    )
    links = set(
        re.findall(r"<\S+/linkset/countries-geonames#\S+>(?= <\S+#object>)", first + second)
    )
    assert len(links) == 249
    assert client.get("/linkset/countries-geonames.nt?page=3").status_code == 404


def test_a_linkset_says_what_it_is_a_part_of_and_not_all_that_is_said_of_that(
    client: FlaskClient,
) -> None:
    said = client.get("/linkset/topics-stw.nt").get_data(as_text=True)
    assert "/void#subset> " in said
    assert "/void#classPartition> " not in said
