"""Every part of the benchmark at a toy size: it measures, and its figures can be shown."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from oograph.bench.parts.examples import Examples
from oograph.bench.parts.measures import PARTS, duplicates, growth
from oograph.bench.parts.part import SHIPPED, Bench, Figures, Skipped
from oograph.bench.parts.processes import CommandFailed, spend
from oograph.bench.parts.recipes import RECIPES, Asked
from oograph.bench.parts.results import Results, render
from oograph.bench.parts.routes import MissingRoute, requests

BENCH = Path(__file__).parents[2] / "bench"
TOY = 40


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    work = tmp_path_factory.mktemp("bench")
    return Bench(work, lambda text: None, seconds=0.01, clients=1, may_install=False)


@pytest.fixture(scope="module")
def grown(bench: Bench) -> Figures:
    """What growth measures; the release it builds is used by the other parts."""
    return growth.PART.measure(TOY, bench)


@pytest.fixture(autouse=True)
def no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Virtuoso takes seconds to start."""
    monkeypatch.setenv("PATH", "")


def shown(name: str, size: int, figures: Figures) -> str:
    """The section of figures that have been kept as JSON; charts must be well-formed."""
    by_size = {size: json.loads(json.dumps(figures))}
    for chart in PARTS[name].charts.values():
        ElementTree.fromstring(chart(by_size))
    return PARTS[name].markdown(by_size)


def test_growth(bench: Bench, grown: Figures) -> None:
    assert bench.release(TOY).classes["Publication"] == TOY
    assert bench.release(TOY).quarantined == ()
    assert all(grown[step]["seconds"] > 0 < grown[step]["peak MB"] for step in growth._STEPS)
    resolved = grown["resolved"]
    assert resolved["entries"] > TOY and resolved["recall"] > 0.8 and resolved["wrong"] == 0
    assert "| 40 |" in shown("growth", TOY, grown)
    twice = growth.PART.markdown({TOY: grown, 2 * TOY: grown})
    assert "From 40 to 80 (2 times as many works): import 1.0 × time, 1.0 × memory" in twice
    broken = {"import": grown["import"], "build": {"failed": "no memory"}}
    text = growth.PART.markdown({TOY: grown, 2 * TOY: broken})
    assert "80: build failed: no memory" in text and "| failed |  | – |  |" in text


def test_mapping(bench: Bench) -> None:
    figures = PARTS["mapping"].measure(TOY, bench)
    assert figures["oograph"]["statements"] > 50 * TOY
    assert "morph-kgc is not installed" in shown("mapping", TOY, figures)
    peer = figures["oograph"] | {"seconds": 9 * figures["oograph"]["seconds"]}
    compared = {"morph-kgc": peer, "version": "2", "only oograph": 0, "only morph-kgc": 0}
    text = shown("mapping", TOY, {"oograph": figures["oograph"], **compared})
    assert "oograph makes 9.0 times as many statements a second as morph-kgc 2" in text


def test_dumps(bench: Bench, grown: Figures) -> None:
    figures = PARTS["dumps"].measure(TOY, bench)
    assert figures["statements"] == grown["statements"]
    nq = figures["formats"]["nq"]
    assert nq["oograph"]["bytes"] == nq["pyoxigraph"]["bytes"]
    assert "| 40, jsonld |" in shown("dumps", TOY, figures)


def test_validation_says_the_same_as_pyshacl(bench: Bench, grown: Figures) -> None:
    figures = PARTS["validation"].measure(TOY, bench)
    assert figures["pySHACL"] == {"given up": 1.5}  # it takes minutes
    text = shown("validation", TOY, figures)
    assert "was stopped after" in text
    core = spend(
        [sys.executable, "-m", "parts.validate_release", *_newest(bench), "pySHACL without SPARQL"],
        BENCH,
    )
    assert core.output.split()[3] == figures["oograph"]["core digest"]


def _newest(bench: Bench) -> list[str]:
    return [str(bench.release(TOY).folder)]


def test_queries(bench: Bench, grown: Figures) -> None:
    figures = PARTS["queries"].measure(TOY, bench)
    ours = figures["columns"][1]
    assert ours["name"] == "oograph" and not ours["faults"] and ours["rate"]["wrong"] == 0
    text = shown("queries", TOY, figures)
    assert "oxigraph serve: oxigraph is not installed" in text
    assert "Virtuoso: not installed" in text


def test_every_page_of_the_site_is_asked_for_and_answers(bench: Bench, grown: Figures) -> None:
    figures = PARTS["site"].measure(TOY, bench)
    assert {name: of["wrong"] for name, of in figures["pages"].items() if of["wrong"]} == {}
    assert figures["routes"] == len(RECIPES)
    assert all(0 < of["first"] and 0 < of["times"] for of in figures["pages"].values())
    assert "Requests that failed" not in shown("site", TOY, figures)


def test_a_route_that_nothing_is_asked_of_is_an_error() -> None:
    nothing = Asked(Examples({}, {}, (), {}), "", "", str)
    with pytest.raises(MissingRoute, match=r"no requests for new\.page \(/new/<name>\)"):
        requests({"home.home": ["/"], "new.page": ["/new/<name>"]}, nothing)


def test_duplicates(bench: Bench) -> None:
    figures = PARTS["duplicates"].measure(TOY, bench)
    assert figures["oograph"]["right"] > 20 and figures["oograph"]["wrong"] == 0
    assert "bib-dedupe is not installed" in shown("duplicates", TOY, figures)
    with pytest.raises(Skipped, match="lacks digital_work_records.csv"):
        duplicates.PART.measure(SHIPPED, bench)


def test_annotation(bench: Bench) -> None:
    figures = PARTS["annotation"].measure(SHIPPED, bench)
    assert "500 records" in shown("annotation", SHIPPED, figures)


def test_a_run_goes_on_where_it_stopped_but_takes_no_figures_of_another_machine(
    tmp_path: Path,
) -> None:
    def run(work: str) -> str:
        places = ("--into", str(tmp_path / "clone"), "--work", str(tmp_path / work))
        options = ("--parts", "annotation", "--seconds", "0.01", "--offline")
        command = [sys.executable, str(BENCH / "run.py"), *places, *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stderr

    assert "annotation, shipped: measuring" in run("here")
    readme = (tmp_path / "clone" / "README.md").read_text(encoding="utf-8")
    assert "500 records" in readme and "load average before" in readme
    assert "Not measured yet: `make bench PARTS=site`." in readme
    results = tmp_path / "clone" / "results" / "annotation-0.json"
    first = results.read_text(encoding="utf-8")
    assert "annotation, shipped: already measured" in run("here")
    assert results.read_text(encoding="utf-8") == first
    assert "annotation, shipped: measuring" in run("there")


def test_the_readme_is_what_its_figures_make(tmp_path: Path) -> None:
    render(tuple(PARTS.values()), Results(BENCH / "results"), tmp_path)
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (BENCH / made.name).read_bytes(), "run bench/run.py"


def test_a_command_is_measured_with_its_children() -> None:
    child = "import os; [os.fork() for _ in range(2)]; x = bytearray(30 * 2**20); sum(x)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    spent = spend([sys.executable, "-c", program])
    assert spent.peak_mb > 30 and 0 < spent.processor_seconds
    with pytest.raises(CommandFailed, match="no such thing"):
        spend([sys.executable, "-c", "raise SystemExit('no such thing')"])
    with pytest.raises(TimeoutError):
        spend([sys.executable, "-c", "import time; time.sleep(60)"], most_seconds=0.2)
