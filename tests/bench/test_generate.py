"""The generated release that the benchmarks serve: whole enough for every page."""

import subprocess
import sys
from pathlib import Path

from oograph.graph.release import open_release
from oograph.graph.release.changes import modified
from oograph.graph.release.records import Records
from oograph.graph.release.verify import missing
from oograph.graph.release.works import Choice, Works

SCRIPT = Path(__file__).parents[2] / "bench" / "generate.py"


def test_a_generated_release_can_be_served(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), "--publications", "40", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    release = open_release(Path(done.stdout.strip()))
    assert missing(release) == ()
    works = Works(release.folder)
    assert works.size == 40
    answer = works.find(Choice())
    records = list(Records(release.folder).each(works.ids(answer, Choice(), 100)))
    assert [r.title for r in records] == [w.title for w in works.page(answer, Choice(), 0, 100)]
    assert len(list(modified(release))) > 40
    again = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert open_release(Path(again.stdout.strip())) == release
    assert "mapped" not in again.stderr
