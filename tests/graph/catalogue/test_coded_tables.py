"""The tables of works coded by reading, imported once more into the shipped catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.model import FACETS, Record
from oograph.graph.readers import read_file
from oograph.graph.resolution.survivor import survivor
from oograph.graph.vocabulary import load_vocabulary

CODED = Path(__file__).parents[2] / "fixtures" / "coded"
#: Two rows as a coder wrote them: what the catalogue has as a chapter and as a book.
ROWS = (
    "title\tauthors\tyear\tsource title\tdoi\tcountries\tmethods\n"
    "Riders, Rights and Collective Action\tKöhler, Holm-Detlev\t2021\tBeyond Human Resources - "
    "Research Paths Towards a New Understanding of Workforce Management Within Organizations\t"
    "10.5772/intechopen.96178\tEurope\tcontent analysis\n"
    "Transitional Labor: Food Delivery Riders in the Platform Economy "
    "(过渡劳动:平台经济下的外卖骑手)\tSun, Ping\t2024\tEast China Normal University Press\t\t"
    "China\tethnography\n"
)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return Catalogue.read(default_folder())


def records(path: Path) -> list[Record]:
    return [entry.record for entry in read_file(path) if entry.record]


@pytest.mark.parametrize("path", sorted(CODED.glob("*.?sv")), ids=lambda path: path.stem)
def test_a_table_imported_again_brings_nothing(shipped: Catalogue, path: Path) -> None:
    added = shipped.add(records(path))
    assert added.new == () and added.updated == ()


def test_known_works_of_another_table_are_known(shipped: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "page__coded_works_policy.tsv"  # whose row 1 is another work here
    path.write_text(ROWS)
    added = shipped.add(records(path))
    assert added.new == ()
    assert {"kohler-2021-riders-rights-collective", "sun-2024-transitional-labor-food"} == set(
        added.updated
    )


def test_what_was_coded_says_where_it_was_read(shipped: Catalogue) -> None:
    """A platform, country or method that a coded table states has the words that show it."""
    sources = [
        dict(source.stated)
        for work in shipped.works
        for source in work.sources
        if source.file.startswith("page__coded_works")
    ]
    facets = {"platforms", "countries", "methods"}
    coded = [stated for stated in sources if facets & stated.keys()]
    assert len(coded) > 250
    assert all(stated.get("evidence") for stated in coded)
    assert max(len(stated["evidence"]) for stated in coded) < 300


def test_each_row_of_the_landing_pages_is_of_the_work_it_names(shipped: Catalogue) -> None:
    name = "page__coded_works_landing.tsv"
    graves = {stone.id: stone for stone in shipped.tombstones}
    homes = {s.key: work.id for work in shipped.works for s in work.sources if s.file == name}
    keys = [record.sources[0].key for record in records(CODED / name)]
    assert {key: survivor(key, graves) for key in keys} == homes


def test_what_was_coded_on_landing_pages_is_in_the_vocabularies() -> None:
    vocabulary = load_vocabulary()
    for record in records(CODED / "page__coded_works_landing.tsv"):
        for field in FACETS:
            if field.scheme and field.kind == "concepts":
                labels = getattr(record.facets, field.name)
                known = [vocabulary.concept(field.scheme.stem, label) for label in labels]
                assert all(known), (record.title, labels)
