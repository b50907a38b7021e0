"""Lists with the works first that the last releases added or changed."""

import csv
import io
import json
import re
import shutil

import pytest

from oograph.graph.release import open_release
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.app import create_app

BASE = "https://w3id.org/oograph/"
LAST, EARLIER = "garcia-2020-reparto-madrid", "heeks-2018-home-based-work"


@pytest.fixture(scope="module")
def client(small_release, tmp_path_factory):
    """A release that changed one work, after an earlier one that changed that and another."""
    folder = tmp_path_factory.mktemp("recent") / small_release.folder.name
    shutil.copytree(small_release.folder, folder)
    [step] = json.loads((folder / "changes.json").read_text(encoding="utf-8"))

    def changes(*ids: str) -> dict[str, object]:
        records = [[f"{BASE}publication/{id}", id, "changed"] for id in ids]
        records.append([f"{BASE}publication/gone", "gone", "gone"])
        return step | {"before": "2019-01-01-000000000000", "records": records}

    steps = [changes(LAST), changes(EARLIER, LAST), step]
    (folder / "changes.json").write_text(json.dumps(steps), encoding="utf-8")
    lines = (folder / "modified.tsv").read_text(encoding="utf-8").splitlines()
    days = {f"{BASE}publication/{LAST}": "2020-02-02", f"{BASE}publication/{EARLIER}": "2020-01-01"}
    iris = [line.partition("\t")[0] for line in lines]
    text = "".join(f"{iri}\t{days.get(iri, '2019-01-01')}\n" for iri in iris)
    (folder / "modified.tsv").write_text(text, encoding="utf-8")
    with EmbeddedStore(folder) as store:
        yield create_app(open_release(folder), store).test_client()


def ids(client, query: str) -> list[str]:
    rows = csv.DictReader(io.StringIO(client.get(f"/works.csv?{query}").text))
    return [row["id"] for row in rows]


@pytest.mark.parametrize("asked", ["", "&from=2018", "&q=work"])
def test_the_works_that_changed_last_come_first(client, asked: str) -> None:
    found, newest = ids(client, f"sort=changed{asked}"), ids(client, f"sort=newest{asked}")
    recent = [id for id in (LAST, EARLIER) if id in newest]
    assert recent and found == recent + [id for id in newest if id not in recent]


def test_the_page_has_the_same_order_and_says_when(client) -> None:
    page = client.get("/works?sort=changed", headers={"Accept": "text/html"}).text
    assert '<option value="changed" selected>Recently added or changed</option>' in page
    titles = re.findall(r'<a class="title" href="/publication/([^"]*)"', page)
    assert titles == ids(client, "sort=changed")
    days = re.findall(r"added or changed on ([\d-]+)", page)
    assert days == ["2020-02-02", "2020-01-01", *["2019-01-01"] * (len(titles) - 2)]


def test_other_orders_do_not_say_when(client) -> None:
    page = client.get("/works?sort=title", headers={"Accept": "text/html"}).text
    assert "added or changed on" not in page
