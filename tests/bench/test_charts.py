"""Charts are well-formed whatever is drawn, and nothing leaves the picture."""

from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.bench.parts.charts import growth, rows

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
VALUES = st.floats(1e-6, 1e9) | st.just(0.0)
#: What a mark of a value is drawn as.
MARKS = ("circle", "rect")


def marks(svg: str) -> list[ElementTree.Element]:
    """The marks; each has a title."""
    drawing = ElementTree.fromstring(svg)
    width, height = float(drawing.attrib["width"]), float(drawing.attrib["height"])
    drawn = []
    for each in drawing.iter():
        tag = each.tag.rpartition("}")[2]
        if tag in MARKS and len(each):
            x, y = (float(each.get(f"c{axis}") or each.attrib[axis]) for axis in "xy")
            assert -4 <= x <= width and -4 <= y <= height
            drawn.append(each)
    return drawn


@settings(max_examples=30)
@given(st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=4))
def test_rows(data: dict[str, dict[str, float]]) -> None:
    names = {name for row in data.values() for name in row}
    drawn = sum(value > 0 for row in data.values() for value in row.values())
    assert len(marks(rows("A < B", "ms", data))) == drawn + len(names)


@settings(max_examples=30)
@given(st.dictionaries(NAMES, st.dictionaries(st.integers(1, 10**7), VALUES), max_size=4))
def test_growth(series: dict[str, dict[int, float]]) -> None:
    drawn = sum(value > 0 for points in series.values() for value in points.values())
    assert len(marks(growth("A < B", "works", "s", series))) == drawn + len(series)
