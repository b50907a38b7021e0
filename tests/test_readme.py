"""The README's examples, run unchanged against the release that we ship."""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from oograph.graph.release import Release

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
BLOCKS = BLOCK.findall(README)
ADDRESS = "http://127.0.0.1:8000"


def after(language: str, containing: str) -> tuple[str, str]:
    """The first block in ``language`` that contains ``containing``, and the block after it."""
    place = next(
        i for i, (name, text) in enumerate(BLOCKS) if name == language and containing in text
    )
    return BLOCKS[place][1], BLOCKS[place + 1][1]


@pytest.fixture(scope="module")
def address(shipped_release: Release) -> Iterator[str]:
    program = str(Path(sys.executable).parent / "oograph")
    command = [program, "serve", "--port", "0", "--release", str(shipped_release.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        greeting = re.search(r"http://[\d.:]+", server.stdout.readline())
        assert greeting
        yield greeting.group()
        server.terminate()


def test_curl(address: str) -> None:
    command, answer = after("sh", "curl")
    done = subprocess.run(
        ["bash", "-c", command.replace(ADDRESS, address)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.replace("\r\n", "\n") == answer


def test_python(address: str) -> None:
    program, answer = after("python", "SPARQLWrapper")
    done = subprocess.run(
        [sys.executable, "-c", program.replace(ADDRESS, address)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == answer


def test_a_bibliography_of_ones_own(tmp_path: Path) -> None:
    block = next(text for name, text in BLOCKS if name == "sh" and "refs.bib" in text)
    program, _, serve = block.rstrip().rpartition("\n")
    folder = Path(sys.executable).parent
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(folder)
    done = subprocess.run(
        ["bash", "-e", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=tmp_path,
    )
    assert "TI  - Good Gig, Bad Gig" in done.stdout and "Key,Item Type" in done.stdout
    command = [*serve.partition("#")[0].split(), "--port", "0"]
    command[0] = str(folder / command[0])
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as server:
        assert server.stdout
        greeting = re.search(r"http://[\d.:]+", server.stdout.readline())
        assert greeting
        with urllib.request.urlopen(f"{greeting.group()}/works.csv") as reply:
            assert "10.1177/0950017018785616" in reply.read().decode()
        server.terminate()


def rscript() -> str:
    """The path of Rscript; skips the test if R is not installed."""
    found = shutil.which("Rscript")
    if not found:
        if os.environ.get("CI"):
            pytest.fail("R must be installed if CI is set; .ci/run installs it")
        pytest.skip("R (Debian's r-base-core) is not installed")
    return found


def test_r(address: str) -> None:
    program, answer = after("r", "read.csv")
    done = subprocess.run(
        [rscript(), "--vanilla", "-e", program.replace(ADDRESS, address)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == answer


def test_r_asks_the_same() -> None:
    program = next(text for name, text in BLOCKS if name == "r")
    query = re.search(r'"\n(.*?)"', program, re.DOTALL)
    assert query and query[1] in after("python", "SPARQLWrapper")[0]


def test_the_analysis_in_python_and_in_r(address: str, tmp_path: Path) -> None:
    """Both run unchanged, print the same numbers and draw a figure."""
    text = (Path(__file__).parent.parent / "docs" / "analysis.md").read_text(encoding="utf-8")
    programs = {name: part for name, part in BLOCK.findall(text) if name}
    commands = {
        "python": [sys.executable, "-c"],
        "r": [rscript(), "--vanilla", "-e"],
    }
    numbers, printed = {}, {}
    for name, command in commands.items():
        folder = tmp_path / name
        folder.mkdir()
        done = subprocess.run(
            [*command, programs[name].replace(ADDRESS, address)],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
            cwd=folder,
        )
        printed[name] = done.stdout
        numbers[name] = re.findall(r"\d+", done.stdout)
        assert "<svg" in (folder / "platforms.svg").read_text(encoding="utf-8")
    assert len(numbers["r"]) == 9
    assert numbers["python"] == numbers["r"]
    (shown,) = (part for name, part in BLOCK.findall(text) if not name)
    assert printed["python"] == shown


def test_the_numbers_of_the_completion_are_those_that_the_docs_show(address: str) -> None:
    text = (Path(__file__).parent.parent / "docs" / "querying.md").read_text(encoding="utf-8")
    shown = next(part for name, part in BLOCK.findall(text) if name == "json")
    with urllib.request.urlopen(f"{address}/sparql/completion.json", timeout=60) as reply:
        served = json.load(reply)
    for kind, name in (("classes", "oo:Publication"), ("properties", "oo:platform")):
        example, whole = json.loads(shown)[kind][name], served[kind][name]
        assert example["count"] == whole["count"]
        for property, uses in example.get("properties", {}).items():
            assert uses == whole["properties"][property]


def test_the_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (Path(__file__).parent.parent / target).exists(), target


def test_pictures_are_small_and_say_what_they_show() -> None:
    """``make screenshots`` takes them."""
    pictures = re.findall(r"!\[([^]]*)\]\(([^)]*)\)", README)
    assert len(pictures) == 3
    for words, path in pictures:
        file = ROOT / path
        assert file.parent == ROOT / "docs" / "images"
        assert len(words) > 50
        content = file.read_bytes()
        assert len(content) <= 200_000
        # the first chunk of a PNG has its width and height
        assert struct.unpack(">8x8x2L", content[:24]) == (1280, 860)
