"""Run bib-dedupe as a process of its own: python peer_dedupe.py RECORDS.csv CLUSTERS.json

Prints the seconds, including preparing the records but not reading the file.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path

import pandas
from bib_dedupe import bib_dedupe

if __name__ == "__main__":
    records = pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):  # it reports its steps
        prepared = bib_dedupe.prep(records.copy(), cpu=1)
        matched = bib_dedupe.match(bib_dedupe.block(prepared, cpu=1), cpu=1)
        clusters = bib_dedupe.cluster(matched)
    print(time.perf_counter() - start)
    Path(sys.argv[2]).write_text(json.dumps(clusters), encoding="utf-8")
