"""The findings of validation, read in parts, are those of the report in Turtle."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.release.findings import FINDINGS, Findings, write_findings

BASE = "https://example.org/"
HEAD = f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <{BASE}report#> .\n"

#: Thing, part of it, severity, shape.
Found = tuple[str, str, str, str]
found = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from(["", "#author-1"]),
    st.sampled_from(["Violation", "Warning", "Info"]),
    st.sampled_from(["s1", "s2", "s3"]),
)


def report(results: Sequence[Found], conforms: bool = True) -> str:
    lines = [HEAD, f"<{BASE}report> a sh:ValidationReport ; sh:conforms {str(conforms).lower()} ."]
    for number, (thing, part, severity, shape) in enumerate(results):
        lines.append(
            f"<{BASE}report> sh:result :r{number} . :r{number} a sh:ValidationResult ;"
            f" sh:focusNode <{BASE}{thing}{part}> ; sh:resultSeverity sh:{severity} ;"
            f' sh:value {number} ; sh:sourceShape <{BASE}shapes#{shape}> ; sh:resultMessage "m" .'
        )
    return "\n".join(lines)


def read(folder: Path, turtle: str) -> Findings:
    (folder / "report.ttl").write_text(turtle)
    write_findings(folder / "report.ttl", folder / FINDINGS)
    return Findings(folder)


@given(st.lists(found, max_size=12), st.booleans())
def test_every_result_is_under_its_shape_and_its_thing(
    tmp_path_factory: pytest.TempPathFactory, results: list[Found], conforms: bool
) -> None:
    findings = read(tmp_path_factory.mktemp("findings"), report(results, conforms))
    assert findings.conforms is conforms
    severities = Counter(severity for _, _, severity, _ in results)
    assert findings.severities == {n: severities[n] for n in ("Violation", "Warning", "Info")}
    by_shape = Counter(f"{BASE}shapes#{shape}" for *_, shape in results)
    assert findings.shapes == by_shape
    for shape, count in by_shape.items():
        listed = [findings.results(shape, start, 3) for start in range(0, count, 3)]
        iris = [result.iri for part in listed for result in part]
        assert len(iris) == len(set(iris)) == count
        assert all(len(part) == 3 for part in listed[:-1])
    for thing in "abc":
        own = findings.of(f"{BASE}{thing}")
        values = {str(n) for n, (name, *_) in enumerate(results) if name == thing}
        assert {result.value for result in own} == values
        order = [list(findings.shapes).index(result.shape) for result in own]
        assert order == sorted(order)


def test_why_works_are_left_out_and_what_is_wrong_with_the_catalogue(tmp_path: Path) -> None:
    turtle = f"""{HEAD}
        @prefix oo: <{BASE}ontology#> . @prefix oosh: <{BASE}shapes#> .
        <{BASE}report> sh:conforms true .
        :left-out sh:conforms false ; sh:result :l1 .
        :l1 sh:focusNode <{BASE}publication/x> ; sh:resultSeverity sh:Violation ;
            oosh:fix "Look again." ; oo:key "x", "y" .
        :catalogue sh:conforms false ; sh:result :c1, :c2 .
        :c1 oo:file "links.tsv" ; oo:line 10 ; oo:fieldName "target" .
        :c2 oo:file "links.tsv" ; oo:line 9 ."""
    findings = read(tmp_path, turtle)
    assert findings.conforms and not findings.shapes
    (why,) = findings.left_out("x")
    assert (why.remedy, why.keys, findings.left_out("y")) == ("Look again.", ("x", "y"), [why])
    assert findings.left_out("z") == []
    assert findings.of_catalogue == 2
    assert [(each.line, each.path) for each in findings.catalogue(9)] == [
        ("9", ""),
        ("10", "target"),
    ]
    assert len(findings.catalogue(1)) == 1


def test_no_report_found_nothing(tmp_path: Path) -> None:
    write_findings(tmp_path / "report.ttl", tmp_path / FINDINGS)
    findings = Findings(tmp_path)
    assert findings.conforms and not findings.shapes and findings.of(BASE) == []


def test_what_a_page_reads_does_not_grow_with_the_report(tmp_path: Path) -> None:
    def instructions(size: int) -> int:
        folder = tmp_path / str(size)
        folder.mkdir()
        things = [(f"work-{number}", "", "Info", "s1") for number in range(size)]
        findings = read(folder, report([*things, ("last", "", "Warning", "s2")]))
        executed: list[None] = []
        connection = findings._base.connection
        connection.set_progress_handler(lambda: executed.append(None), 1)
        page = findings.results(f"{BASE}shapes#s1", size // 2, 20)
        assert len(page) == 20 and len(findings.of(f"{BASE}work-7")) == 1
        connection.set_progress_handler(None, 1)
        return len(executed)

    assert instructions(2_000) <= 1.2 * instructions(100)


def test_the_report_of_a_release_is_whole_in_it(small_release) -> None:
    findings = Findings(small_release.folder)
    text = (small_release.folder / "report.ttl").read_text()
    assert sum(findings.shapes.values()) == sum(findings.severities.values())
    assert sum(findings.severities.values()) + findings.of_catalogue == text.count(
        "a sh:ValidationResult"
    )
