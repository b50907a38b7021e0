"""Opening a release: the errors if there is none."""

from pathlib import Path

import pytest

from oograph.graph.errors import NoRelease
from oograph.graph.release import open_release


def test_a_folder_of_releases_names_the_newest(small_release, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(small_release.folder)
    with pytest.raises(NoRelease) as refused:
        open_release(tmp_path)
    assert str(refused.value).endswith(f"the newest: {tmp_path / 'current'}")


def test_a_folder_without_a_release_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="oograph build"):
        open_release(tmp_path)
