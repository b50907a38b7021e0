"""The structure: imports go one way, and the packages are all shipped."""

import ast
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("ontology", "shapes", "graph", "server")

#: From the ground up; a module imports only from lines above its own.
LAYERS = [
    ["ontology"],
    ["shapes", "graph.model"],
    ["graph.identity", "graph.csl", "graph.files", "graph.sparql.formats", "graph.languages"],
    ["graph.linking.link_table", "graph.sink", "graph.linking.target"],
    ["graph.lineage", "graph.linking.outward", "graph.name_index"],
    ["graph.vocabulary", "graph.jsonld", "graph.names"],
    ["graph.linking.link_row"],
    ["graph.linking.link"],
    ["graph.linking.linkset", "graph.linking.sssom"],
    ["graph.part_dumps"],
    ["graph.annotation.senses", "graph.annotation.tokens"],
    ["graph.annotation.contexts"],
    ["graph.annotation.gazetteer"],
    ["graph.readers.decoding"],
    ["graph.readers.source"],
    ["graph.readers.latex", "graph.readers.cited_names", "graph.readers.page_vocabulary"],
    ["graph.readers.bibtex_chunks", "graph.readers.bibtex_value"],
    ["graph.readers.names", "graph.readers.orcids"],
    ["graph.readers.values", "graph.readers.bullets"],
    ["graph.readers.fields", "graph.readers.headers", "graph.readers.imprint"],
    ["graph.readers.citation"],
    ["graph.readers.pages"],
    ["graph.readers.page_problems"],
    ["graph.readers.bibtex", "graph.readers.table", "graph.readers.record_page"],
    ["graph.readers.checked", "graph.readers.json_items", "graph.readers.stated_graph"],
    ["graph.readers.graph_record"],
    ["graph.readers.schema_work", "graph.readers.ris", "graph.readers.own_dump"],
    ["graph.readers.csl_json", "graph.readers.reference_list", "graph.readers.schema_jsonld"],
    ["graph.readers"],
    ["graph.writers.index_names"],
    ["graph.writers.bibtex", "graph.writers.csl_json", "graph.writers.ris", "graph.writers.table"],
    ["graph.writers"],
    [
        "graph.resolution.groups",
        "graph.resolution.minter",
        "graph.resolution.persons",
        "graph.resolution.titles",
        "graph.resolution.decisions",
    ],
    [
        "graph.resolution.traits",
        "graph.resolution.agents",
        "graph.resolution.merging",
        "graph.resolution.rulings",
    ],
    ["graph.resolution.blocking", "graph.resolution.compare"],
    ["graph.resolution.resolve", "graph.annotation.annotate", "graph.rdf_file", "graph.report"],
    [
        "graph.annotation.annotation_report",
        "graph.catalogue",
        "graph.mapping",
        "graph.dumps",
        "graph.validate",
    ],
    ["graph.catalogue.history", "graph.check", "graph.release", "graph.release_report"],
    ["graph.void", "graph.diff"],
    ["graph.changes"],
    ["graph.build"],
    [
        "graph.sparql.service_hosts",
        "graph.sparql.sparql_tokens",
        "graph.sparql.rows",
        "graph.sparql.spool",
        "graph.sparql.turns",
        "graph.sparql.kept_answers",
    ],
    ["graph.sparql.answers", "graph.sparql.service_clauses", "graph.sparql.serialization"],
    ["graph.sparql.faults", "graph.sparql.sparql_guard"],
    ["graph.sparql.syntax_fault", "graph.sparql.plan"],
    ["graph.sparql.worker", "graph.sparql.endpoint"],
    ["graph.sparql.worker_process"],
    [
        "graph.sparql.pool",
        "graph.sparql.destination",
        "graph.sparql.remote_faults",
        "graph.sparql.rewrite",
    ],
    ["graph.sparql.store"],
    ["graph.sparql.remote"],
    ["graph.sparql.load"],
    ["server"],
    ["cli"],
]
#: Packages that hold nothing but their name.
FACES = {"graph", "graph.annotation", "graph.linking", "graph.resolution", "graph.sparql", "server"}
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def modules() -> list[str]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found]
    return sorted(name.removesuffix(".__init__") for name in [*names, "cli"])


def path_of(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imported(module: str) -> set[str]:
    """Our modules that this one imports, by name below the root."""
    path = path_of(module)
    package = path.relative_to(ROOT).parent.parts
    known = set(modules())
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1] + tuple((node.module or "").split("."))
            name = ".".join(part for part in base if part)
            members = {f"{name}.{alias.name}".lstrip(".") for alias in node.names}
            found |= (members & known) or ({name} & known)
            found |= {name} & known if members - known else set()
    return found - {module}


@pytest.mark.parametrize(
    "module", [m for m in modules() if m not in FACES and not m.startswith("server.")]
)
def test_imports_go_downward(module: str) -> None:
    assert module in RANK, f"give {module} its place in LAYERS"
    for other in imported(module):
        ranked = "server" if other.startswith("server.") else other
        assert RANK[ranked] < RANK[module], f"{module} imports {other}"


@pytest.mark.parametrize("module", [m for m in modules() if m.startswith("server")])
def test_the_server_knows_nothing_of_the_steps_that_make_a_release(module: str) -> None:
    allowed = {
        "ontology",
        "graph.sparql.formats",
        "graph.identity",
        "graph.changes",
        "graph.dumps",
        "graph.jsonld",
        "graph.linking.target",
        "graph.linking.outward",
        "graph.name_index",
        "graph.names",
        "graph.readers.graph_record",
        "graph.writers",
        "graph.release",
        "graph.sparql.faults",
        "graph.sparql.kept_answers",
        "graph.sparql.store",
        "graph.sparql.turns",
    }
    assert {o for o in imported(module) if not o.startswith("server")} <= allowed


def test_no_modules_of_the_server_import_each_other_in_a_circle() -> None:
    server = [module for module in modules() if module.startswith("server")]
    graph = {m: {o for o in imported(m) if o.startswith("server")} for m in server}
    assert list(TopologicalSorter(graph).static_order())  # CycleError names a circle


def test_every_package_is_shipped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {p.parent for package in PACKAGES for p in (ROOT / package).rglob("__init__.py")}
    expected = {"oograph", *(".".join(("oograph", *f.relative_to(ROOT).parts)) for f in folders)}
    assert set(settings["tool"]["setuptools"]["packages"]) == expected
