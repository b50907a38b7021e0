"""Results: figures as JSON, one file per part and size, and bench/README.md made from them."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oograph import __version__
from oograph.graph.catalogue import default_folder
from oograph.graph.files import write_text
from oograph.graph.release.inputs import digest_of_inputs
from oograph.ontology import BASE_IRI

from .part import Figures, Part, called

HERE = Path(__file__).parents[1]
TEMPLATE = HERE / "README.in.md"
#: The place of a part's section in the template.
_PLACE = re.compile(r"^\{\{ (\w+) \}\}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of a part at one size."""

    figures: Figures
    #: The day, ISO 8601.
    date: str
    #: The machine, and its load before.
    machine: str
    #: How long eight clients requested one page.
    seconds: float
    #: The digest of what was measured and of the code that measured it.
    inputs: str

    @classmethod
    def now(cls, figures: Figures, load: float, seconds: float, inputs: str) -> Result:
        """A result for figures measured just now; ``load`` is the load average from before."""
        date = time.strftime("%Y-%m-%d", time.gmtime())
        return cls(figures, date, _machine(load), seconds, inputs)


@dataclass(frozen=True, slots=True)
class Results:
    """The results in a folder, as files."""

    folder: Path

    def of(self, part: Part) -> Mapping[int, Result]:
        """A part's results by size, the smallest first."""
        sizes = sorted(int(path.stem.rpartition("-")[2]) for path in self._paths(part))
        return {size: result for size in sizes if (result := self.get(part, size))}

    def get(self, part: Part, size: int) -> Result | None:
        """One result, or None."""
        try:
            text = self._path(part, size).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return Result(**json.loads(text))

    def put(self, part: Part, size: int, result: Result) -> None:
        """Save a result, replacing an older one."""
        facts: dict[str, Any] = {
            "date": result.date,
            "machine": result.machine,
            "seconds": result.seconds,
            "inputs": result.inputs,
            "figures": result.figures,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        write_text(self._path(part, size), f"{text}\n")

    def _path(self, part: Part, size: int) -> Path:
        return self.folder / f"{part.name}-{size}.json"

    def _paths(self, part: Part) -> Iterable[Path]:
        return self.folder.glob(f"{part.name}-[0-9]*.json")


def render(parts: Sequence[Part], results: Results, folder: Path) -> None:
    """Write README.md and the charts into a folder."""
    sections = {}
    for part in parts:
        try:
            sections[part.name] = _section(part, results.of(part), folder)
        except (KeyError, TypeError):
            sections[part.name] = (
                "The saved figures have the form of an older version. Measure again: "
                f"`make bench PARTS={part.name}`."
            )
    text = TEMPLATE.read_text(encoding="utf-8")
    write_text(folder / "README.md", _PLACE.sub(lambda place: sections[place[1]], text))


def _section(part: Part, results: Mapping[int, Result], folder: Path) -> str:
    """Write the charts of a part; return its section."""
    if not results:
        return f"Not measured yet: `make bench PARTS={part.name}`."
    figures = {size: result.figures for size, result in results.items()}
    for name, chart in part.charts.items():
        write_text(folder / f"{name}.svg", chart(figures))
    pictures = [f"![Chart of the tables below: {n}]({n}.svg)" for n in part.charts]
    return "\n\n".join((*pictures, part.markdown(figures), _when(part, results)))


def _when(part: Part, results: Mapping[int, Result]) -> str:
    """The day and machine of each size; sizes with the same ones are listed together."""
    names_of: dict[tuple[str, str, float], list[str]] = {}
    for size, result in results.items():
        names_of.setdefault((result.date, result.machine, result.seconds), []).append(
            called(size) if size else part.base
        )
    return "\n".join(
        f"<sub>{'; '.join(names)}: {date}, {machine}; {seconds:g} s per page.</sub>"
        for (date, machine, seconds), names in names_of.items()
    )


def inputs_digest(part: Part, size: int, seconds: float) -> str:
    """A digest of the package and its catalogue, the benchmark's code, part, size and seconds."""
    digest = hashlib.sha256(f"{part.name} {size} {seconds}".encode())
    digest.update(digest_of_inputs(default_folder(), BASE_IRI).encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _machine(load: float) -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} processors ({model or platform.machine()}), {memory:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"oograph {__version__}; load average before: {load:.1f}"
    )
