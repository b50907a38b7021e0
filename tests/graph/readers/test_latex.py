"""The short ways through LaTeX lead where the long one does."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.characters import UNREADABLE
from oograph.graph.readers import latex
from oograph.graph.readers.latex import fold_space, plain


def test_what_python_prints_can_be_read() -> None:
    printable = (c for c in map(chr, range(sys.maxunicode + 1)) if c.isprintable())
    assert not UNREADABLE.search("".join(printable))


@given(st.text(st.sampled_from('-ab .,:;é–"?!()[]<>|*@=+/1\n\t'), max_size=20))
def test_dashes_need_no_parser(text: str) -> None:
    parsed = latex._converter().nodelist_to_text(latex._nodes(latex._prepared(text)))
    assert plain(text) == fold_space(parsed)
