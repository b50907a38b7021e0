"""A BibTeX file read in parts, as other processes get them, is the file read as a whole."""

import pickle
from collections.abc import Iterator
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.model import Entry
from oograph.graph.readers import bibtex
from oograph.graph.readers.source import SourceFile

#: What an entry, and what stands between two, can do to the entries that follow.
STRETCHES = st.sampled_from(
    [
        "@article{a, title = {Gig}, year = 2019, journal = jj}\n",
        "@article{a, title = {Again}, year = 2020, unknown = {x}}\n",
        "@article{A, title = ven # { work}, author = {Low, A and others}}\n",
        "@inproceedings{c, crossref = {Whole}, title = {Part}, year = 2001}\n",
        "@inproceedings{d, crossref = gone, title = {Lost}, year = 2001, month = may}\n",
        "@article{x, xdata = {shared}, title = {Of data}, year = 2002}\n",
        "@xdata{shared, journal = {Work}, other = {y}}\n",
        "@proceedings{whole, title = {The whole}, booktitle = {The whole}, year = 2001}\n",
        '@string{jj = "Journal of " # ven}\n',
        "@string{ven = {Ventures}}\n",
        '@string{ven = "Others"} @article{s, title = {On one line}, journal = ven}\n',
        "@comment{nothing}\n",
        "@article{no title, year = 2000}\n",
        "@article{open, title = {Never closed, year = 2003}\n",
        "@article{comma, title = {One} year = 2003}\n",
        "@article{, title = {No key}}\n",
        "@article\n{late, title = {Its brace is below}}\n",
        "between two, title = {stray}\n",
        "\ufeff\x01\n",
        "\n\n",
    ]
)


def in_parts(source: SourceFile) -> list[Entry]:
    def carried() -> Iterator[bibtex.Part]:
        for part in bibtex.parts(source):
            yield pickle.loads(pickle.dumps(part))

    return list(bibtex.joined(chain.from_iterable(map(bibtex.read_part, carried()))))


@given(st.lists(STRETCHES, max_size=30), st.integers(1, 300))
def test_parts_make_the_whole(stretches: list[str], length: int) -> None:
    source = SourceFile.of_text("".join(stretches), "works.bib")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bibtex, "_PART_LENGTH", length)
        assert in_parts(source) == list(bibtex.read(source))


def test_a_part_is_as_long_as_what_comes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex, "_PART_LENGTH", 100)
    strings = "".join(f"@string{{s{n} = {{{'x' * 100}}}}}\n" for n in range(100))
    whole = f"@book{{whole, title = {{{'y' * 10_000}}}}}\n"
    entries = "".join(f"@inbook{{k{n}, crossref = {{whole}}}}\n" for n in range(2_000))
    text = strings + whole + entries
    parts = list(bibtex.parts(SourceFile.of_text(text, "works.bib")))
    assert len(parts) > 2
    carried = sum(
        part.strings.length
        + sum(len(v) for fields in part.parents.values() for v in fields.values())
        for part in parts
    )
    assert carried <= len(text) + 20_000  # that of the last


def test_a_part_does_not_change_when_it_is_read() -> None:
    text = "@string{a = {x}}\n@string{b = {y}}\n@article{k, title = a # b}\n"
    (part,) = bibtex.parts(SourceFile.of_text(text, "works.bib"))
    assert list(bibtex.read_part(part)) == list(bibtex.read_part(part))
    assert "a" not in part.strings
