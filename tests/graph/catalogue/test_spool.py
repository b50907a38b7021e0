"""Works in a scratch file: the same works, in the order of their ids, wherever they are read."""

import json
import pickle
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.catalogue.catalogue import opened
from oograph.graph.catalogue.spool import Spool
from oograph.graph.catalogue.works import format_works
from oograph.graph.csl import to_csl
from oograph.graph.errors import BrokenCatalogue, NoCatalogue
from oograph.graph.model import Name, Record

WORKS = tuple(
    Record(f"Title {id}", id=id, version_of=("a", "b")[:n], authors=(Name("Ng", "A."),))
    for n, id in enumerate(("b", "é", "a", "a-b", "Z"))
)


@given(st.permutations(WORKS), st.integers(0, 6), st.integers(0, 6))
def test_works_come_back_sorted_in_any_slice(works, start, stop) -> None:
    with TemporaryDirectory() as folder:
        spool = Spool.of(works, Path(folder) / "works.db")
        by_id = sorted(works, key=lambda work: work.id)
        assert list(spool) == by_id
        assert [spool[n] for n in range(len(spool))] == by_id
        assert list(spool[start:stop]) == by_id[start:stop]
        assert len(spool[start:stop]) == len(by_id[start:stop])
        assert list(pickle.loads(pickle.dumps(spool[start:stop]))) == by_id[start:stop]
        some, ids = by_id[start:stop], {work.id for work in works}
        assert [(each.id, each.version_of) for each in spool[start:stop].versions()] == [
            (work.id, work.version_of) for work in some if work.version_of
        ]
        held = spool[start:stop].ids
        assert {id for id in {*ids, "no work"} if id in held} == {work.id for work in some}


def test_the_works_of_a_catalogue_are_those_that_it_opens_with(tmp_path: Path) -> None:
    catalogue = Catalogue.read(default_folder())
    with opened(default_folder()) as source:
        spool = source.spool(tmp_path / "works.db", lambda work: work.id[0] != "b")
    assert list(spool) == [work for work in catalogue.works if work.id[0] != "b"]
    assert source.catalogue == replace(catalogue, works=())


def test_works_from_before_editors_had_ids_get_them(tmp_path: Path) -> None:
    old = Record("Book", id="book", editors=(Name("Meil", "Pam"),))
    new = replace(old, id="other", title="Other", editor_agents=("person/pam-meil",))
    (tmp_path / "works.json").write_bytes(b"".join(format_works([old, new])))
    works = Catalogue.read(tmp_path).works
    with opened(tmp_path) as source:
        Catalogue().save(tmp_path)  # by another command, meanwhile
        spool = source.spool(tmp_path / "works.db", lambda work: True)
    assert tuple(spool) == works
    assert all(len(work.editor_agents) == 1 for work in spool)


def test_a_catalogue_that_cannot_be_read_says_where(tmp_path: Path) -> None:
    with pytest.raises(NoCatalogue, match=r"works\.json is missing"), opened(tmp_path):
        pass
    items = [to_csl(Record("A", id="a")), to_csl(Record("B", id="a")), {"id": ""}]
    (tmp_path / "works.json").write_text(json.dumps(items, indent=1))
    with opened(tmp_path) as source, pytest.raises(BrokenCatalogue) as raised:
        source.spool(tmp_path / "works.db", lambda work: True)
    assert [problem.message for problem in raised.value.problems] == [
        'item 2: the id "a" is used twice',
        "item 3: no title",
    ]
