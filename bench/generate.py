"""Generate a catalogue of invented works, and the files it could have been imported from.

Usage: python bench/generate.py [--publications N] [--out FOLDER] [--release]

FOLDER gets:

- ``works.json``, a catalogue for ``oograph build --catalogue FOLDER``
- ``references/library-01.bib`` and so on, for ``oograph import FOLDER/references``; each library
  cites a work at most once, with the errors of real citations (``parts/citations.py``)
- ``truth.tsv``, which says which entry is which work

The works are the same each time (``parts/population.py``) and are written to disk as they are made.
An up-to-date folder is reused. Prints the folder; with ``--release``, the folder of a release.
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
        "--out", type=Path, help="folder to create (default: build/bench/catalogue-N)"
    )
    parser.add_argument(
        "--release", action="store_true", help="also build a release in FOLDER/release"
    )
    options = parser.parse_args()
    target = options.out or OUT / f"catalogue-{options.publications}"
    try:
        folder = generate(options.publications, target, _say)
    except NotOurs as error:
        parser.error(str(error))
    print(build(folder, folder / RELEASE, step=_say).release.folder if options.release else folder)
