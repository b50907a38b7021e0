"""For how many works each facet is known, among all and among those that were read."""

import sqlite3
from contextlib import closing
from pathlib import Path

from oograph.graph.catalogue import Catalogue
from oograph.graph.index.coverage import coverage_of
from oograph.graph.model import Abstract, Facets, Name, Reading, Record, Source
from oograph.graph.release.build import build
from oograph.graph.release.records import RECORDS

NONE = Facets()


def work(title: str, source: Source, facets: Facets = NONE) -> Record:
    name = Name("Doe", title.split()[0])
    return Record(title, issued=(2020,), authors=(name,), sources=(source,), facets=facets)


def test_what_was_read_counts_apart_from_titles_and_keywords(tmp_path: Path) -> None:
    read = Abstract("a" * 12, "r" * 12, (Reading("methods", "survey", "survey-phrase", "s", 0),))
    coded = Source("coded.tsv", "1", 2, (("countries", "Kenya"), ("evidence", "title: Kenya")))
    works = [
        work("Riders and their work", Source("a.bib", "a", 1, abstract=read)),
        work("Cleaners and their work", coded, Facets(countries=("Kenya",))),
        work("Drivers of Uber", Source("a.bib", "b", 9, (("title", "Drivers of Uber"),))),
        work("Crowds and work", Source("a.bib", "c", 19), Facets(keywords=("crowdsourcing",))),
    ]
    Catalogue().add(works).catalogue.save(tmp_path / "catalogue")
    folder = build(tmp_path / "catalogue", tmp_path / "out").release.folder
    # the index tells what was read, without going through the records
    with closing(sqlite3.connect(folder / RECORDS)) as records:
        records.execute("DELETE FROM record")
        records.commit()
    known = coverage_of(folder)
    assert (known.works, known.read) == (4, 2)
    rows = {f.facet: (f.stated, f.inferred, f.of_read) for f in known.facets}
    assert rows["countries"] == (1, 0, 1)
    assert rows["methods"] == (0, 1, 1)
    assert rows["platforms"] == (0, 1, 0)
