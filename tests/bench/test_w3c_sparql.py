"""The script that asks the W3C's suites, on a suite of eight tests of which one must fail."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_small_suite_is_judged() -> None:
    script, suite = ROOT / "bench" / "w3c_sparql.py", ROOT / "tests" / "fixtures" / "w3c"
    command = [sys.executable, str(script), str(suite)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    lines = done.stdout.splitlines()
    # In all, pass, pass by value, fail in the engine, fail in the server.
    assert "| sparql10 | 8 | 6 | 1 | 1 | 0 |" in lines
    assert "- `sparql10/mini/wrong` (QueryEvaluationTest)" in lines
    assert sum(line.startswith("- ") for line in lines) == 1
