"""The structure: packages are layers, imports go downward, and every package is shipped."""

import ast
import tomllib
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

#: From the ground up. A module imports from its own package and from lines above its own.
LAYERS = [
    "ontology",
    "shapes",
    "graph.model graph.errors graph.files graph.languages graph.dates graph.edtf graph.targets "
    "graph.formats graph.harvest graph.identifiers graph.iris graph.csl graph.fields "
    "graph.collection graph.shelf graph.characters graph.csl_types graph.dataset graph.nesting "
    "graph.ris graph.xml_faults graph.numbers",
    "graph.vocabulary",
    "graph.readers",
    "graph.writers",
    "graph.resolution",
    "graph.catalogue",
    "graph.rdf",
    "graph.index",
    "graph.release",
    "graph.store",
    "server.web",
    "server.records",
    "server.dataset server.matching server.reference server.querying server.operations",
    "server.pages",
    "server.figures",
    "server.editor",
    "server.app",
    "server.http",
    "server",
    "cli",
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names.split()}
#: Lines whose members may use one another, as long as they go in no circle.
FOOT = RANK["graph.model"]


def modules() -> dict[str, Path]:
    """Every module of ours by its name below the root."""
    folders = ("ontology", "shapes", "graph", "server", "cli")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    return {name.removesuffix(".__init__"): path for name, path in names.items()}


def package_of(module: str) -> str:
    """The name in LAYERS that a module counts as."""
    return (
        module
        if module in RANK
        else module.rpartition(".")[0] and package_of(module.rpartition(".")[0])
    )


MODULES = modules()


@cache
def statements(module: str) -> list[ast.ImportFrom]:
    """All that a module imports from elsewhere."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def imported(module: str) -> set[str]:
    """The modules of ours that this one imports."""
    package = MODULES[module].relative_to(ROOT).parent.parts
    names: set[str] = set()
    for node in statements(module):
        if node.level:
            base = package[: len(package) - node.level + 1] + tuple((node.module or "").split("."))
            source = ".".join(filter(None, base))
            for alias in node.names:
                member = f"{source}.{alias.name}".lstrip(".")
                names |= {member} & MODULES.keys() or {source} & MODULES.keys()
    return names - {module}


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"graph"}))
def test_imports_go_downward(module: str) -> None:
    own = package_of(module)
    assert own, f"give {module} its place in LAYERS"
    for other in imported(module):
        theirs = package_of(other)
        assert own == theirs or RANK[theirs] < RANK[own] or RANK[own] == FOOT == RANK[theirs], (
            f"{module} imports {other}"
        )


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: imported(name) for name in MODULES}
    assert list(TopologicalSorter(graph).static_order())  # CycleError names a circle


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_module_imports_what_is_the_own_of_another(module: str) -> None:
    names = [alias.name for node in statements(module) for alias in node.names]
    assert [name for name in names if name.startswith("_") and not name.endswith("__")] == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_only_packages_list_what_they_export(module: str) -> None:
    path = MODULES[module]
    assert path.name == "__init__.py" or "__all__" not in path.read_text(encoding="utf-8")


def test_every_package_is_shipped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {path.parent for path in MODULES.values() if path.name == "__init__.py"}
    expected = {"oograph", *(".".join(("oograph", *f.relative_to(ROOT).parts)) for f in folders)}
    assert set(settings["tool"]["setuptools"]["packages"]) == expected


def test_what_a_build_reads_of_our_own_catalogue_is_shipped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = settings["tool"]["setuptools"]["package-data"]["*"]
    folder = ROOT / "graph" / "catalogue"
    read = ("works.json", "tombstones.json", "sources.csv", "dataset.csv")
    assert {name for name in read if (folder / name).exists()} <= set(shipped)
