"""The usual changes need the edits that docs/architecture.md lists, and no others.

A copy of the package gets the made-up facet, reader and page. It then imports a spreadsheet, builds
a release, exports it and serves pages.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ("__init__.py", "cli", "graph", "ontology", "server", "shapes")

DOCS = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
#: A block of code, and the file named before it.
BLOCK = re.compile(r"(?:`([\w./]+)`)?:\n   ```\w+\n(.*?)\n   ```", re.DOTALL)
BLOCKS = [(name, textwrap.dedent(code) + "\n") for name, code in BLOCK.findall(DOCS)]
FACET = next(code for _, code in BLOCKS if code.startswith("skills: "))
LIBRARY = next(code for _, code in BLOCKS if code.startswith('"library": '))
#: The files of the reader and the page.
FILES = {name: code for name, code in BLOCKS if "/years." in name or "/library." in name}
TERMS = """
oo:Skill a owl:Class ;
    rdfs:label "skill"@en ;
    skos:definition "Something a worker can do."@en ;
    rdfs:isDefinedBy <https://w3id.org/oograph/ontology> ;
    rdfs:subClassOf skos:Concept .

oo:skill a owl:ObjectProperty ;
    rdfs:label "skill"@en ;
    skos:definition "A skill that the publication studies."@en ;
    rdfs:isDefinedBy <https://w3id.org/oograph/ontology> ;
    rdfs:range oo:Skill ;
    schema:domainIncludes oo:Publication .
"""
CONCEPTS = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oo: <https://w3id.org/oograph/ontology#> .
@prefix scheme: <https://w3id.org/oograph/scheme/> .
@prefix skill: <https://w3id.org/oograph/skill/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

scheme:skills a skos:ConceptScheme ;
    dcterms:title "Skills"@en ;
    dcterms:description "Made up."@en ;
    dcterms:source "A test."@en .

skill:welding a oo:Skill ;
    skos:inScheme scheme:skills ;
    skos:topConceptOf scheme:skills ;
    skos:prefLabel "welding"@en ;
    skos:definition "Joining metal by heat."@en .
"""
SHAPE = """
oosh:publication-skill
    a sh:PropertyShape ;
    sh:path oo:skill ;
    sh:name "skill"@en ;
    sh:class oo:Skill ;
    sh:message "The skill is not one that the graph describes."@en ;
    oosh:fix "Use an IRI from the vocabulary of skills."@en .
"""
#: Prints the pages of the changed copy at some paths, as JSON.
LOOK = """
import json, sys
from pathlib import Path
from oograph.graph.release import open_release
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server import create_app
release = open_release(Path(sys.argv[1]))
with EmbeddedStore(release.folder) as store:
    assert store.wait(60)
    client = create_app(release, store).test_client()
    paths = sys.argv[2:]
    print(json.dumps({path: client.get(path).get_data(as_text=True) for path in paths}))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a changed copy of the package."""
    home = tmp_path_factory.mktemp("changed")
    for name in PACKAGE:
        source, copy = ROOT / name, home / "oograph" / name
        if source.is_dir():
            shutil.copytree(source, copy)  # with the bytecode of what stays as it is
        else:
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(source, copy)

    def edit(name: str, old: str, new: str) -> None:
        path = home / "oograph" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    topics = "    #: Topics and keywords.\n"
    edit("graph/model.py", topics, textwrap.indent(FACET, "    ") + topics)
    (home / "oograph/ontology/skills.ttl").write_text(CONCEPTS, encoding="utf-8")
    ontology = home / "oograph/ontology/oograph.ttl"
    ontology.write_text(ontology.read_text(encoding="utf-8") + TERMS, encoding="utf-8")
    edit(
        "ontology/context.jsonld",
        '    "sector": {',
        '    "skill": {"@id": "oo:skill", "@type": "@id"},\n    "sector": {',
    )
    shapes = home / "oograph/shapes/publication.ttl"
    shapes.write_text(shapes.read_text(encoding="utf-8") + SHAPE, encoding="utf-8")
    edit(
        "shapes/publication.ttl",
        "        oosh:publication-sector ,\n",
        "        oosh:publication-sector ,\n        oosh:publication-skill ,\n",
    )
    for name, code in FILES.items():
        (home / "oograph" / name).write_text(code, encoding="utf-8")
    readers = "graph/readers/__init__.py"
    edit(readers, "    json_table,\n", "    json_table,\n    library,\n")
    edit(readers, '    "csl-json": ', textwrap.indent(LIBRARY, "    ") + '    "csl-json": ')
    edit("server/app.py", "suggestions, works\n", "suggestions, works, years\n")
    edit("server/app.py", "        works,\n", "        works,\n        years,\n")
    return home


def run(home: Path, *arguments: str) -> str:
    """The output of a program run with the copy; it must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(home)}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_each_change_names_its_files() -> None:
    assert set(FILES) == {
        *("graph/readers/library.py", "server/pages/years.py"),
        *("server/queries/years.rq", "server/templates/years.html"),
    }
    assert max(len(line) for _, code in BLOCKS for line in code.splitlines()) <= 100


def test_a_new_facet_reader_and_page_go_all_the_way(home: Path) -> None:
    oograph = ("-c", "from oograph.cli import main; main()")
    (home / "works.csv").write_text(
        "Author,Title,Year,Skill,Sectors\n"
        '"Doe, Jane",Sparks for hire,2021,welding,transport\n'
        '"Roe, Ann",No sparks,2020,,\n',
        encoding="utf-8",
    )
    books = [{"shelfMark": "B 1", "title": "Welders", "authors": ["Ann Roe"], "year": 2020}]
    (home / "answer.json").write_text(json.dumps({"books": books}), encoding="utf-8")
    run(home, *oograph, "import", "works.csv", "answer.json", "--catalogue", "cat")
    works = json.loads((home / "cat/works.json").read_text(encoding="utf-8"))
    assert [work["custom"].get("skills") for work in works] == [["welding"], None, None]
    assert (works[2]["id"], works[2]["type"]) == ("roe-2020-welders", "book")

    assert ",Skills," in run(home, *oograph, "export", "csv", "--catalogue", "cat")
    run(home, *oograph, "build", "--catalogue", "cat", "--out", "out")
    lines = (home / "out/current/dumps/oograph.nt").read_text(encoding="utf-8")
    base = "https://w3id.org/oograph/"
    work = f"{base}publication/{works[0]['id']}"
    assert f"<{work}> <{base}ontology#skill> <{base}skill/welding> ." in lines

    paths = (
        f"/publication/{works[0]['id']}.html",
        "/works?skill=welding",
        "/browse?class=skill",
        "/years",
    )
    pages = json.loads(run(home, "-c", LOOK, "out/current", *paths))
    assert "Skills" in pages[paths[0]] and "/skill/welding" in pages[paths[0]]
    assert "Sparks for hire" in pages[paths[1]] and "No sparks" not in pages[paths[1]]
    assert "welding" in pages[paths[2]]
    assert "<li>2020: 2</li>" in pages[paths[3]]
