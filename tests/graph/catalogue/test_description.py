"""What a curator says that a dataset is."""

from pathlib import Path

import pytest

from oograph.graph.catalogue import Catalogue
from oograph.graph.catalogue.description import check_dataset, parse_dataset
from oograph.graph.dataset import OOGRAPH, Dataset
from oograph.graph.errors import BrokenCatalogue

PATH = Path("my/dataset.csv")
SOUND = """property,value
name,rsgraph
subject,remote sensing
description,"Publications on remote sensing, with the sensors they use."
creator,The remote sensing group
licence,CC0-1.0
keyword,remote sensing
keyword,earth observation
theme,ENVI
"""


def test_what_a_file_says() -> None:
    dataset = parse_dataset(SOUND.encode(), PATH)
    assert dataset == Dataset(
        name="rsgraph",
        subject="remote sensing",
        description="Publications on remote sensing, with the sensors they use.",
        creator="The remote sensing group",
        licence_id="CC0-1.0",
        keywords=("remote sensing", "earth observation"),
        theme="ENVI",
    )
    assert dataset.title == "rsgraph: research on remote sensing as linked data"
    assert dataset.licence.iri == "https://creativecommons.org/publicdomain/zero/1.0/"


@pytest.mark.parametrize(
    "right, wrong, line, message",
    [
        ("CC0-1.0", "CC-BY", 6, "This is not a known licence."),
        ("ENVI", "Space", 9, "This is not a known theme."),
        ("subject,remote", "topic,remote", 3, "There is no such property."),
        ("name,rsgraph", "name,", 2, "The name is empty."),
        ("theme,ENVI", "name,other", 9, "The name is already given on line 2."),
        ('"Publications on remote sensing, with the sensors they use."', "A, B", 4, "two cells"),
        ("creator,The remote sensing group\n", "", None, "The creator is missing."),
        ("property,value", "what,value", 1, "no column property"),
    ],
)
def test_half_a_description_is_none(
    tmp_path: Path, right: str, wrong: str, line: int | None, message: str
) -> None:
    text = SOUND.replace(right, wrong)
    with pytest.raises(BrokenCatalogue) as raised:
        parse_dataset(text.encode(), PATH)
    first = raised.value.problems[0]
    assert (first.line, first.file) == (line, str(PATH))
    assert message in first.message and first.remedy
    (tmp_path / "dataset.csv").write_text(text)
    assert [p.message for p in check_dataset(tmp_path / "dataset.csv")] == [
        problem.message for problem in raised.value.problems
    ]


def test_a_catalogue_is_what_its_file_says(tmp_path: Path) -> None:
    assert Catalogue.read(tmp_path).dataset == OOGRAPH
    (tmp_path / "dataset.csv").write_text(SOUND)
    assert Catalogue.read(tmp_path).dataset.name == "rsgraph"
