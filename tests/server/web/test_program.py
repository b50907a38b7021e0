"""The program that documents are made by: what it changes, clients get anew."""

from pathlib import Path

import pytest

from oograph.graph.release import Release
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.app import create_app
from oograph.server.web.program import fingerprint


def a_program(folder: Path) -> Path:
    (folder / "server").mkdir(parents=True)
    (folder / "server" / "page.html").write_text("one")
    (folder / "server" / "view.py").write_text("two")
    return folder


def test_the_same_files_have_the_same_fingerprint(tmp_path: Path) -> None:
    one, other = a_program(tmp_path / "one"), a_program(tmp_path / "other")
    (one / "server" / "view.pyc").write_bytes(b"compiled")
    (one / "tests").mkdir()
    (one / "tests" / "test_it.py").write_text("no part of a page")
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("name", "content"),
    [("page.html", "another"), ("view.py", "onetwo"), ("new.css", ""), ("query.rq", "ASK {}")],
)
def test_a_file_that_changes_changes_it(tmp_path: Path, name: str, content: str) -> None:
    folder = a_program(tmp_path)
    before = fingerprint(folder)
    (folder / "server" / name).write_text(content)
    assert fingerprint(folder) != before


def test_a_page_that_another_program_makes_is_sent_again(
    small_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedStore(small_release.folder) as store:
        client = create_app(small_release, store).test_client()
        tag = client.get("/about").headers["ETag"]
        assert client.get("/about", headers={"If-None-Match": tag}).status_code == 304
        monkeypatch.setattr("oograph.server.web.negotiation.our_fingerprint", lambda: "another")
        again = client.get("/about", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["ETag"] != tag
