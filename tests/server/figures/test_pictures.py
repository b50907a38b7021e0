"""Figures as PNG: made by another process, once, and ahead."""

import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from oograph.graph.release import open_release
from oograph.graph.store.answers import DEFAULT_LIMITS
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.app import create_app
from oograph.server.figures import pictures
from oograph.server.figures.collection import FIGURES
from oograph.server.figures.pictures import Pictures
from oograph.server.figures.rasterizer import rasterized
from oograph.server.figures.surface import make_ahead

DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><text y="9">Ж</text></svg>'


def asked(kept: Pictures, drawn: str) -> bytes:
    with Flask(__name__).test_request_context():
        return kept.png(drawn)


def test_a_picture_is_what_the_library_draws() -> None:
    assert asked(Pictures(DEFAULT_LIMITS), DRAWN) == rasterized(DRAWN)


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        asked(Pictures(DEFAULT_LIMITS), "no SVG")


def test_many_who_ask_for_one_picture_wait_for_one_process(monkeypatch) -> None:
    made, begun = [], threading.Barrier(8)

    def make(drawn: str) -> bytes:
        made.append(drawn)
        return b"picture"

    def ask(kept: Pictures) -> bytes:
        begun.wait(60)
        return asked(kept, DRAWN)

    monkeypatch.setattr(pictures, "_made", make)
    kept = Pictures(DEFAULT_LIMITS)
    with ThreadPoolExecutor(8) as clients:
        assert set(clients.map(ask, [kept] * 8)) == {b"picture"}
    assert made == [DRAWN]


def test_the_pictures_of_all_works_are_made_ahead(release_folder: Path, monkeypatch) -> None:
    with EmbeddedStore(release_folder) as store:
        app = create_app(open_release(release_folder), store)
        make_ahead(app)
        monkeypatch.delattr(pictures, "_made")
        client = app.test_client()
        for name in FIGURES:
            reply = client.get(f"/figure/{name}.png")
            assert reply.status_code == 200
            assert reply.data.startswith(b"\x89PNG")
        assert client.get("/figure/works-per-year.png?from=2019").status_code == 500


def test_a_server_makes_them_ahead_by_itself(start_server, eventually) -> None:
    with start_server(ahead_seconds=0) as running:
        eventually(
            lambda: b"rasterizer.py" in b"".join(map(command, running.children)), "it draws nothing"
        )


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""  # It has ended.
