"""The labelled abstracts, and how readings are counted beside them."""

from collections import Counter
from pathlib import Path

import pytest

from oograph.bench.parts.abstract_report import markdown, measure, read_labels

FIXTURES = Path(__file__).parents[2] / "fixtures" / "abstracts"


def labels(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "labels.tsv"
    head = "digest\tpart\tdoi_or_title\tkind\tconcept\tmatched_words\toffset"
    path.write_text("\n".join((head, *rows, "")), encoding="utf-8")
    return path


def test_right_wrong_and_missed_are_counted_by_rule(tmp_path: Path) -> None:
    path = labels(
        tmp_path,
        "d1\tfresh\tx\tcountry\tKE\tKenya\t0",
        "d1\tfresh\tx\tcountry\tUG\tUganda\t0",
        "d2\tfresh\ty\tnone\t\t\t-1",
    )
    sentence = "We interviewed workers in Kenya."
    counts = measure(read_labels(path), {"d1": sentence, "d2": sentence})
    assert counts["countries", "country-of-data"] == Counter(right=1, wrong=1)
    assert counts["countries", ""] == Counter(missed=1)
    assert {kind for kind, _ in counts} == {"countries"}
    assert "| countries | 1 | 1 | 1 | 0.50 | 0.50 |" in markdown(counts)


@pytest.mark.parametrize(
    ("concept", "words"),
    [
        ("quasi-experiment", ""),
        ("propensity-score-matching", ""),
        ("difference-in-differences", ""),
        ("some-method", "panel data analysis"),
    ],
)
def test_a_concept_that_came_to_be_since_is_that_concept(
    concept: str, words: str, tmp_path: Path
) -> None:
    path = labels(tmp_path, f"d1\tfresh\tx\tmethod\tnew:{concept}\t{words}\t0")
    text = "A quasi-experiment with panel data shows this."
    counts = measure(read_labels(path), {"d1": text})
    assert sum(c["right"] for c in counts.values()) == 1


@pytest.mark.parametrize(("name", "texts"), [("labels.tsv", 300), ("labels-fresh.tsv", 120)])
def test_the_labels_are_whole(name: str, texts: int) -> None:
    assert len(read_labels(FIXTURES / name)) == texts
