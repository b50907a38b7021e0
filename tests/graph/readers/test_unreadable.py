"""A character that no XML document can hold comes into no release, wherever a file has it."""

from __future__ import annotations

import io
import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue
from oograph.graph.csl import to_csl
from oograph.graph.iris import IRIs
from oograph.graph.model import Entry, Facets, Name, Organisation, Record, Source
from oograph.graph.rdf.mapping import Mapper
from oograph.graph.rdf.names import Names
from oograph.graph.readers import read_file
from oograph.graph.release.build import build
from oograph.ontology import BASE_IRI

#: Controls, the two last of the plane, and signs that an XML writer has to escape.
FORBIDDEN = "\x01\x08\x0b\x0c\x1b\x1f\ufffe\uffff"
TEXT = st.text(st.sampled_from(f"{FORBIDDEN}aé<&]>\"'"), min_size=1, max_size=6).map(
    lambda text: f"x{text}x"
)


def holding(value: Any, text: str) -> Any:
    """The value of an attribute with a text in each place that holds text."""
    if isinstance(value, str):
        return text
    if value == () or (isinstance(value, tuple) and isinstance(value[0], str)):
        return (text,)
    return value


def filled(record: Any, text: str) -> Any:
    parts = {field.name: getattr(record, field.name) for field in fields(record)}
    return replace(record, **{name: holding(value, text) for name, value in parts.items()})


def record_of(text: str) -> Record:
    name = Name(family=text, given=text, particle=text, suffix=text)
    names = (name, Name(literal=text))
    facets = replace(filled(Facets(), text), organisations=(Organisation(text, text),))
    return replace(
        filled(Record("T"), text),
        id="x-2020-a",
        type="article-journal",
        authors=names,
        editors=names,
        agents=("person/a", "person/b"),
        editor_agents=("person/c", "person/d"),
        issued=(2020,),
        issued_edtf="",
        version_of=(),
        facets=facets,
        sources=(Source("f.bib", text, 3, (("title", text), ("evidence", text))),),
    )


def rdf_xml(record: Record) -> bytes:
    iris = IRIs(BASE_IRI)
    out = io.BytesIO()
    triples = (quad.triple for quad in Mapper.of(Names.of([record], iris), iris).quads(record))
    ox.serialize(triples, out, ox.RdfFormat.RDF_XML)
    return out.getvalue()


def parse_xml(data: bytes) -> None:
    expat.ParserCreate().Parse(data, True)


def only(path: Path) -> Entry:
    (entry,) = read_file(path)
    assert entry.record, entry
    return entry


@given(TEXT)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
def test_no_text_of_a_record_breaks_the_rdf_xml(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "export.json"
    path.write_text(json.dumps([to_csl(record_of(text))]))
    entry = only(path)
    assert entry.record
    parse_xml(rdf_xml(entry.record))
    is_damaged = bool(set(text) & set(FORBIDDEN))
    assert is_damaged == any("could not be read" in each.message for each in entry.problems)


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        pytest.param(
            "a.csv",
            "title,year,countries,evidence\nGigs,2020,Ke\x01nya,w\x02\n",
            "countries",
            id="table",
        ),
        pytest.param(
            "a.bib", "@misc{k, title={Gigs}, publisher={P\x01}}", "publisher", id="bibtex"
        ),
        pytest.param(
            "a.ris", "TY  - BOOK\nTI  - Gigs\nKW  - a\x01b\nER  - \n", "keywords", id="ris"
        ),
        pytest.param(
            "a.json",
            '[{"id": "a", "title": "Gigs", "type": "book", "custom": {"countries": ["\\u0001x"],'
            ' "agents": []}, "volume": "\\uffff1", "custom": {"sources": [{"file": "\\u0001f",'
            ' "key": "k", "position": 1}], "countries": ["\\u0001x"]}}]',
            "volume, countries",
            id="export-of-ours",
        ),
    ],
)
def test_what_was_not_read_is_named(tmp_path: Path, name: str, text: str, field: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    entry = only(path)
    (problem,) = (each for each in entry.problems if "could not be read" in each.message)
    assert (problem.severity, problem.property) == ("warning", field)
    assert not set(repr(entry.record)) & set(FORBIDDEN)


def test_a_release_of_damaged_records_is_well_formed(tmp_path: Path) -> None:
    text = f"Kenya {FORBIDDEN} b"
    facets = Facets(countries=(text,), methods=(text,), organisations=(Organisation(text),))
    damaged = Record(
        "Gigs",
        authors=(Name(family="Doe", given=f"J{FORBIDDEN}"),),
        agents=("person/j-doe",),
        issued=(2020,),
        container_title=text,
        facets=facets,
        sources=(Source(f"a{FORBIDDEN}.bib", text, 1, (("countries", text),)),),
    )
    path = tmp_path / "export.json"
    path.write_text(json.dumps([to_csl(damaged)]))
    record = only(path).record
    assert record
    Catalogue().add([record]).catalogue.save(tmp_path / "catalogue")
    release = build(tmp_path / "catalogue", tmp_path / "out").release
    assert release.classes["Publication"] == 1
    parse_xml((release.folder / "dumps" / "oograph.rdf").read_bytes())
