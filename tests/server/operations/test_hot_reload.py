"""Which release is served: the one that the folder holds, as it is now."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from oograph.graph.release import Release
from oograph.graph.release.inspection import Inspection
from oograph.graph.store.answers import Limits
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.operations.hot_reload import Opened, ReleaseSwitcher


def opening(release: Release, inspection: Inspection) -> Opened:
    store = EmbeddedStore(release.folder, Limits(workers=1))
    return Opened(release, lambda environ, start: (), store)


def test_a_release_made_anew_in_its_place_takes_over(
    release_at: Callable[..., Path], tmp_path: Path
) -> None:
    # the same statements have the same version, whatever else their records say
    folder = release_at(tmp_path / "same", "same")
    switcher = ReleaseSwitcher(folder, opening, lambda opened: None)
    try:
        assert not switcher.refresh()
        facts = json.loads((folder / "release.json").read_text())
        (folder / "release.json").write_text(json.dumps(facts | {"inputs": "others"}))
        assert switcher.refresh()
        assert switcher.release.inputs == "others"
        assert not switcher.refresh()
        shutil.rmtree(folder)
        assert not switcher.refresh()
    finally:
        switcher.close()


def test_whatever_goes_wrong_it_looks_again(
    release_at: Callable[..., Path], tmp_path: Path, eventually, caplog: pytest.LogCaptureFixture
) -> None:
    current = tmp_path / "current"
    current.symlink_to(release_at(tmp_path / "first", "first"))
    second = release_at(tmp_path / "second", "second")
    switcher = ReleaseSwitcher(current, opening, lambda opened: None)
    try:
        switcher.watch(lambda: None)
        current.unlink()
        current.symlink_to("current")  # a loop; since Python 3.13 there is just no release there
        switcher.wake()
        words = ("cannot look for a new release", "the new release is not served")
        eventually(lambda: any(each in caplog.text for each in words), "nothing is said")
        current.unlink()
        current.symlink_to(second)
        switcher.wake()
        eventually(lambda: switcher.release.version == "second", "it does not look again")
    finally:
        switcher.close()
