"""Measure oograph beside its peers and write bench/README.md.

Usage: python bench/run.py [--parts A,B] [--sizes 1000,10000] [--again] [--into FOLDER]

Each part is measured at each size. What the same code has already measured here is not measured
again, so a run that was stopped continues. Figures are kept in FOLDER/results; FOLDER/README.md and
the charts are made from them. A part that fails is named at the end, with exit code 1; the others
are still measured.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from parts.catalogues import OUT
from parts.measures import PARTS
from parts.part import Bench, Part, Skipped, called
from parts.results import Result, Results, inputs_digest, render

#: Small enough for all parts to end within an hour on two processors.
SIZES = "1000,10000"


def main(parts: Sequence[Part], sizes: Sequence[int], into: Path, bench: Bench, again: bool) -> int:
    """Measure the parts at the sizes; return the exit code."""
    # A clone comes with figures of another machine, so those of this one are kept separately.
    results, here, failed = Results(into / "results"), Results(bench.work / "results"), []
    for part in parts:
        for size in part.sizes(sizes):
            name = f"{part.name}, {called(size)}"
            inputs = inputs_digest(part, size, bench.seconds)
            before = here.get(part, size)
            if before and before.inputs == inputs and not again:
                _say(f"{name}: already measured")
                results.put(part, size, before)
                continue
            _say(f"{name}: measuring")
            load = os.getloadavg()[0]
            try:
                figures = part.measure(size, bench)
            except Skipped as skipped:
                _say(f"{name}: skipped, {skipped}")
                continue
            except Exception:  # one failed part must not stop the others
                traceback.print_exc()
                failed.append(name)
                continue
            result = Result.now(figures, load, bench.seconds, inputs)
            here.put(part, size, result)
            results.put(part, size, result)
            render(tuple(PARTS.values()), results, into)
    render(tuple(PARTS.values()), results, into)
    if failed:
        _say(f"failed: {'; '.join(failed)}")
    return 1 if failed else 0


def _parts(names: str) -> list[Part]:
    if unknown := set(_words(names)) - PARTS.keys():
        text = f"no such part: {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}"
        raise argparse.ArgumentTypeError(text)
    return [PARTS[name] for name in _words(names)]


def _sizes(numbers: str) -> list[int]:
    if not all(number.isdecimal() and int(number) for number in _words(numbers)):
        raise argparse.ArgumentTypeError("sizes are numbers of works, for example 1000,10000")
    return [int(number) for number in _words(numbers)]


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--parts", type=_parts, default=list(PARTS.values()), help=", ".join(PARTS))
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="(%(default)s)")
    parser.add_argument("--again", action="store_true", help="measure everything again")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, help="(bench/)")
    parser.add_argument("--seconds", type=float, default=2.0, help="per page (%(default)s)")
    parser.add_argument("--offline", action="store_true", help="install no peers")
    parser.add_argument("--work", type=Path, default=OUT, help="folder for releases")
    options = parser.parse_args()
    given = Bench(options.work, _say, options.seconds, may_install=not options.offline)
    sys.exit(main(options.parts, options.sizes, options.into, given, options.again))
