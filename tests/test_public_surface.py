"""What ``import oograph`` gives: complete, documented, and quick to import."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import oograph

DOCS = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
NAMES = sorted(set(oograph.__all__) - {"__version__"})


@pytest.mark.parametrize("name", NAMES)
def test_every_export_exists_and_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(oograph, name))
    assert f"| `{name}" in DOCS


def test_the_documentation_names_nothing_else() -> None:
    assert {*re.findall(r"^\| `(\w+)", DOCS, re.MULTILINE)} == set(oograph.__all__)
    assert set(oograph.__all__) <= set(dir(oograph))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        oograph.nothing  # noqa: B018


def test_importing_the_package_imports_none_of_its_parts() -> None:
    program = "import sys, oograph; print([m for m in sys.modules if m.startswith('oograph.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_server_loads_no_readers() -> None:
    program = "import sys, oograph.server; print('oograph.graph.readers' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fixtures = Path(__file__).parent / "fixtures"
    (tmp_path / "my").symlink_to(fixtures / "small")
    (tmp_path / "refs.bib").symlink_to(fixtures / "bibtex" / "works.bib")
    (example,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    values: dict[str, object] = {}
    exec(example, values)
    assert values["records"] and values["app"]
