"""Map a catalogue to sorted N-Quads as a build does, in one process, without validation.

Run in bench/: python -m parts.map_catalogue CATALOGUE FILE
"""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from oograph.graph.catalogue.catalogue import opened
from oograph.graph.collection import without_collection
from oograph.graph.iris import IRIs
from oograph.graph.rdf.mapping import vocabulary_quads
from oograph.graph.release.runs import chunks
from oograph.graph.release.statements import Statements, write_run
from oograph.ontology import BASE_IRI


def _map(catalogue: Path, target: Path, scratch: Path) -> None:
    iris = IRIs(BASE_IRI)
    with opened(catalogue) as source:
        works = source.spool(scratch / "works.db", lambda work: True)
        sources, concepts = source.catalogue.sources, source.catalogue.concepts
        every = list(chunks(works, sources, concepts, iris, scratch))
        for each in every:
            write_run(chain.from_iterable(own for _, own in each.quads()), each.run)
    write_run(vocabulary_quads(iris, concepts), scratch / "all.nq")
    Statements((*(each.run for each in every), scratch / "all.nq")).write(target)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="oograph-bench-") as folder, without_collection():
        _map(Path(sys.argv[1]), Path(sys.argv[2]), Path(folder))
