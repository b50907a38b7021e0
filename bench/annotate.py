"""Measure annotation on the labelled titles and write the figures into bench/README.md.

Run: python bench/annotate.py (needs an installed oograph).
"""

from __future__ import annotations

import re
import time
from pathlib import Path

from parts.annotation_report import markdown, measure

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.files import write_text
from oograph.graph.vocabulary.annotate import annotate
from oograph.graph.vocabulary.gazetteer import load_gazetteer

ROOT = Path(__file__).parent.parent
TITLES = ROOT / "tests" / "fixtures" / "titles"
BEGIN, END = "<!-- annotate: begin -->", "<!-- annotate: end -->"
RUNS = 100_000


def speed() -> str:
    """How fast titles of the catalogue are read, in a sentence."""
    works = Catalogue.read(default_folder()).works
    records = (works * (RUNS // len(works) + 1))[:RUNS]
    gazetteer = load_gazetteer()
    start = time.process_time()
    for record in records:
        annotate(record, gazetteer)
    seconds = time.process_time() - start
    return (
        f"{RUNS:,} records (the catalogue's, over and over, titles and keywords) took "
        f"{seconds:.1f} s of one processor: {RUNS / seconds:,.0f} a second."
    )


def section() -> str:
    """The section of bench/README.md."""
    return "\n".join(
        (
            BEGIN,
            "## Annotation",
            "What the rules read in titles, beside what a reader found (a language model: "
            "[how the titles were labelled](../tests/fixtures/titles/README.md)). "
            "Made by `python bench/annotate.py`.",
            "",
            "The 150 titles labelled before the rules were tuned; 50 of them were held out:",
            "",
            markdown(measure(TITLES / "labels.tsv")),
            "60 titles drawn from the rest of the catalogue and labelled after the tuning:",
            "",
            markdown(measure(TITLES / "labels-fresh.tsv")),
            speed(),
            END,
        )
    )


def main() -> None:
    """Print the section and put it in the place of the old one."""
    path = Path(__file__).parent / "README.md"
    text = path.read_text(encoding="utf-8") if path.exists() else "# Benchmarks\n"
    new = section()
    print(new)
    old = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    text = old.sub(lambda _: new, text) if old.search(text) else f"{text.rstrip()}\n\n{new}\n"
    write_text(path, text)


if __name__ == "__main__":
    main()
