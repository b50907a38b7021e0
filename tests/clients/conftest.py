"""A site whose base IRI is its own address, so that its IRIs really answer."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SMALL = Path(__file__).parent.parent / "fixtures" / "small"
OOGRAPH = Path(sys.executable).parent / "oograph"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]) -> Iterator[str]:
    """The address of the site, with its last "/"; also the base of its IRIs."""
    out, port = tmp_path_factory.mktemp("release"), free_port()
    base = f"http://127.0.0.1:{port}/"
    build: list[str | Path] = [
        OOGRAPH,
        "build",
        "--catalogue",
        SMALL,
        "--out",
        out,
        "--base-iri",
        base,
    ]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    serve: list[str | Path] = [OOGRAPH, "serve", "--release", out / "current", "--port", str(port)]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as p:
        assert p.stdout
        assert re.search(re.escape(base), p.stdout.readline())
        yield base
        p.terminate()
