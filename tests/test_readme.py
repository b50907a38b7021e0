"""The README's examples, run as they stand, against what we ship."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from oograph.graph.catalogue import default_folder
from oograph.graph.release.build import build

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


def after(language: str, containing: str) -> tuple[str, str]:
    """The block in a language that contains some words, and the block after it."""
    place = next(
        i for i, (name, text) in enumerate(BLOCKS) if name == language and containing in text
    )
    return BLOCKS[place][1], BLOCKS[place + 1][1]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = build(default_folder(), tmp_path_factory.mktemp("out")).release.folder
    command = [Path(sys.executable).parent / "oograph", "serve", "--port", "0", "--release", folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        found = re.search(r"http://[\d.:]+", server.stdout.readline())
        assert found
        yield found.group()
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


def test_r_asks_the_same() -> None:
    program = next(text for name, text in BLOCKS if name == "r")
    query = re.search(r'"\n(.*?)"', program, re.DOTALL)
    assert query and query[1] in after("python", "SPARQLWrapper")[0]


def test_the_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (Path(__file__).parent.parent / target).exists(), target
