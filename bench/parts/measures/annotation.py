"""Annotation: what the rules read in titles, beside a reader's labels, and how fast."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from itertools import cycle, islice
from pathlib import Path

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.vocabulary.annotate import annotate
from oograph.graph.vocabulary.gazetteer import load_gazetteer

from ..annotation_report import Score, markdown, measure
from ..part import SHIPPED, Bench, Figures, Part

_TITLES = Path(__file__).parents[3] / "tests" / "fixtures" / "titles"
_FILES = ("labels", "labels-fresh")
#: Records to annotate for each second per page.
_RECORDS = 50_000


def _measure(size: int, bench: Bench) -> Figures:
    scores = {name: list(map(asdict, measure(_TITLES / f"{name}.tsv"))) for name in _FILES}
    count = int(_RECORDS * bench.seconds)
    records = list(islice(cycle(Catalogue.read(default_folder()).works), count))
    gazetteer = load_gazetteer()
    begin = time.process_time()
    for record in records:
        annotate(record, gazetteer)
    return {"scores": scores, "records": count, "seconds": time.process_time() - begin}


def _markdown(sizes: Mapping[int, Figures]) -> str:
    figures = sizes[SHIPPED]
    labels, fresh = (
        markdown(tuple(Score(**score) for score in figures["scores"][name])) for name in _FILES
    )
    records, seconds = figures["records"], figures["seconds"]
    return "\n".join(
        (
            "The 150 titles labelled before the rules were tuned; 50 of them were held out:",
            "",
            labels,
            "60 titles drawn from the rest of the catalogue and labelled after the tuning:",
            "",
            fresh,
            f"Annotating {records:,} records (titles and keywords of the catalogue, repeated) took "
            f"{seconds:.1f} s on one processor: {records / seconds:,.0f} records a second.",
        )
    )


PART = Part("annotation", _measure, _markdown, base="the shipped catalogue")
