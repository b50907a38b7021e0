"""A catalogue of works that do not exist, and the files that it could have been imported from.

Usage: python bench/generate.py [--publications N] [--out FOLDER] [--release]

FOLDER gets ``works.json``, a catalogue for ``oograph build --catalogue FOLDER``;
``references/library-01.bib`` and so on, for ``oograph import FOLDER/references``, where a work
stands once in each library that has it, with the faults of real citations
(``parts/citations.py``); and ``truth.tsv``, which entry is which work. The works are the same each
time (``parts/population.py``) and go to disk as they are made. What was made before is used again.
Prints the folder; with ``--release``, that of a release of it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from parts.catalogues import OUT, RELEASE, NotOurs, generate

from oograph.graph.release.build import build

PUBLICATIONS = 100_000


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--publications", type=int, default=PUBLICATIONS, help="(%(default)s)")
    parser.add_argument(
        "--out", type=Path, help="the folder to make (build/bench/catalogue-N by default)"
    )
    parser.add_argument(
        "--release", action="store_true", help="build a release, too, in FOLDER/release"
    )
    options = parser.parse_args()
    target = options.out or OUT / f"catalogue-{options.publications}"
    try:
        folder = generate(options.publications, target, _say)
    except NotOurs as error:
        parser.error(str(error))
    print(build(folder, folder / RELEASE, step=_say).release.folder if options.release else folder)
