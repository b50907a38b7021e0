"""The bundle of the editor: what is shipped is what the sources and the lock say."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EDITOR, STATIC = ROOT / "server" / "editor", ROOT / "server" / "static"
SOURCES = sorted((*EDITOR.glob("*.js"), EDITOR / "package-lock.json"), key=lambda path: path.name)


@pytest.fixture(scope="module")
def banner() -> str:
    return (STATIC / "editor.js").read_text(encoding="utf-8").partition("\n")[0]


@pytest.fixture(scope="module")
def lock() -> dict[str, dict]:
    packages = json.loads((EDITOR / "package-lock.json").read_text())["packages"]
    return {path.removeprefix("node_modules/"): facts for path, facts in packages.items()}


def test_it_is_made_of_these_sources(banner) -> None:
    text = b"".join(path.read_bytes() for path in SOURCES)
    stamp = re.search(r"sha256 ([0-9a-f]{64})", banner)
    assert stamp and stamp[1] == hashlib.sha256(text).hexdigest(), "run make editor"


def test_it_holds_the_versions_of_the_lock(banner, lock) -> None:
    entries = banner.removeprefix("/*! ").partition(". Sources")[0].split(", ")
    names = [tuple(entry.rsplit(" ", 1)) for entry in entries]
    assert len(names) > 10
    assert dict(names) == {name: lock[name]["version"] for name, _ in names}
    shipped = {name for name, facts in lock.items() if name and not facts.get("dev")}
    assert {name for name, _ in names} == shipped


def test_versions_are_exact_and_no_registry_is_named(lock) -> None:
    package = json.loads((EDITOR / "package.json").read_text())
    wanted = package["dependencies"] | package["devDependencies"]
    assert wanted == {name: lock[name]["version"] for name in wanted}
    for path in (EDITOR / "package.json", EDITOR / "package-lock.json"):
        assert "://" not in path.read_text()


def test_every_package_has_its_licence(lock) -> None:
    text = (STATIC / "editor-licences.txt").read_text(encoding="utf-8")
    for name, facts in lock.items():
        if name and not facts.get("dev"):
            assert f"{name} {facts['version']} (MIT)" in text
    assert text.count("Permission is hereby granted") == text.count(" (MIT)\n")


def test_it_stays_lean() -> None:
    assert len(gzip.compress((STATIC / "editor.js").read_bytes())) < 150_000


@pytest.mark.skipif(
    not (EDITOR / "node_modules").is_dir() or not shutil.which("node"),
    reason="make editor has not been run here",
)
def test_the_same_sources_give_the_same_bundle(tmp_path) -> None:
    copy = tmp_path / "server" / "editor"
    shutil.copytree(EDITOR, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "server" / "static").mkdir()
    subprocess.run(["node", copy / "build.mjs"], check=True, timeout=120)
    for name in ("editor.js", "editor-licences.txt"):
        made = tmp_path / "server" / "static" / name
        assert made.read_bytes() == (STATIC / name).read_bytes()
