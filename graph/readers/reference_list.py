"""The reader of reference lists: one citation per line, with or without number or bullet.

A citation may take several lines if blank lines separate them all. The list may be in Markdown,
with emphasis and links.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain

from ..errors import UnreadableFile
from ..model import Entry, Problem, Record, Source
from ..vocabulary import load_vocabulary
from .citation import parse
from .prose import prose
from .source import SourceFile
from .values import problem, reject, words

#: "[1] ", "(1) ", "1. ", "1) ", "1: ", "1<TAB>", "• ", "- ".
_MARK = re.compile(r"\A(?:\[\d{1,5}\]|\(\d{1,4}\)|\d{1,4}(?:[.):](?=\s)|\t)|[•◦▪‣*·–—-](?=\s))\s*")
#: Emphasis in Markdown: "*Work Notes*", "**5**", "_Work Notes_"; not "A*" or an address.
_EMPHASIS = re.compile(
    r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*]*[^\s*])\1(?![\w*])|(?<![\w/])_(?=[^\s_])([^_]+)_(?![\w/])"
)
_LINK = re.compile(r"\[([^\[\]]+)\]\((https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)")
_AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>")
#: A year as citations give it: in brackets, or after a comma, semicolon or full stop.
_YEAR = re.compile(
    r"\((?:c\.?\s*)?(?:19|20)\d\d[a-z]?\b|[.,]\s*(?:19|20)\d\d[a-z]?[.,)]"
    r"|[.;] (?:19|20)\d\d(?: [A-Z][a-z]{2}(?: \d\d?)?)?[.;]"
)
#: Of this many lines with a year, at least one must show its title; rows of a table never do.
_LOOKED_AT = 10
#: Longer than any citation, so that no other line can hold up the parser.
_LONGEST = 3_000
#: Headings above a list.
_HEADING = re.compile(
    r"(?:list of )?(?:references?|bibliography|works cited|literature(?: cited)?|literatur\w*"
    r"|bibliogra\w+|referencias|referências|références)(?: list)?:?",
    re.IGNORECASE,
)
_REMEDY = 'Write it as "Author, A. (2017), Title, Journal, Vol. 1, No. 2, pp. 3-4", and try again.'


def looks_like(head: str) -> bool:
    """True for a text in which most lines are citations with a year."""
    start = head.splitlines(keepends=True)[:200]
    lines = [line for _, line in _citations(start, _is_wrapped(head))]
    years = [line for line in lines if _YEAR.search(line) and 30 < len(line) < _LONGEST]
    return len(years) * 2 > len(lines) and any(
        _has_title(parse(prose(_citation(line)))) for line in years[:_LOOKED_AT]
    )


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each citation; blank lines, comments ("# …") and headings are skipped.

    A field that a line does not state clearly stays empty, with a warning if every work has that
    field. A line without a clear title is a reject. The key is the citation's number in the list.
    Raises UnreadableFile if the file has no citations.
    """
    countries = load_vocabulary().labels("countries")
    number = 0
    citations = _citations(source.lines(), _is_wrapped(source.head))
    for number, (position, text) in enumerate(citations, 1):
        yield entry_of(text.rstrip("\n"), Source(source.name, str(number), position), countries)
    if not number:
        message = f"{source.name}: no citations found"
        raise UnreadableFile(message, "put each one on its own line")


def _is_wrapped(head: str) -> bool:
    """Whether blank lines separate the citations of a text, some of which take several lines."""
    blocks = [block.split("\n") for block in re.split(r"\n\s*\n", head.strip())]
    dated = [sum(_YEAR.search(line) is not None for line in block) for block in blocks]
    return any(len(block) > 1 for block in blocks) and sum(dated) > 1 and max(dated) == 1


def _citations(lines: Iterable[str], is_wrapped: bool) -> Iterator[tuple[int, str]]:
    """Each citation with the number of the line on which it begins."""
    held: list[str] = []
    first = 0
    for number, line in enumerate(chain(lines, [""]), 1):
        if held and not (is_wrapped and line.strip()):
            yield first, "".join(held)
            held = []
        if _is_entry(line):
            first = first if held else number
            held.append(line)


def _is_entry(line: str) -> bool:
    text = line.strip()
    return bool(text) and not text.startswith("#") and not _HEADING.fullmatch(text)


def _citation(line: str) -> str:
    line = line.strip()
    if len(line) > 1 and line[0] == line[-1] == '"':  # the only cell of a row
        line = line[1:-1].replace('""', '"')
    return words(_without_markdown(_MARK.sub("", line, count=1)))


def _without_markdown(text: str) -> str:
    """The text without emphasis; the address of a link follows at the end if no other is there.

    >>> _without_markdown("[Gigs](https://example.org/a). *Work Notes*, **5**(1). <https://doi.org/1>")
    'Gigs. Work Notes, 5(1). https://doi.org/1'
    >>> _without_markdown("[Gigs](https://example.org/a). A* by A_B_C.")
    'Gigs. A* by A_B_C. https://example.org/a'
    """
    link = _LINK.search(text)
    plain = _EMPHASIS.sub(r"\2\3", _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", text)))
    return f"{plain} {link[2]}" if link and "://" not in plain else plain


def _has_title(cited: Record) -> bool:
    return re.search(r"[^\W\d_]", cited.title) is not None


def entry_of(text: str, where: Source, countries: Collection[str]) -> Entry:
    """The entry of a line with one citation; ``countries`` are folded names that end a place."""
    citation = _citation(text)
    if len(citation) > _LONGEST:
        fault = f"the line has {len(citation):,} characters, too many for a citation"
        return reject(where, text, fault, "Put each citation on its own line.")
    cited = parse(prose(citation), countries=countries)
    if not _has_title(cited):
        fault = "it is not clear where the title begins and ends"
        return reject(where, text, fault, _REMEDY)
    where = replace(where, stated=(("citation", citation),))
    record = replace(cited, sources=(where,))
    return Entry(where, text, record, tuple(_problems(cited, citation, where)))


def _problems(cited: Record, citation: str, where: Source) -> Iterator[Problem]:
    """A warning for each field that the line does not state clearly."""
    places = (cited.container_title, cited.publisher, cited.collection_title, cited.url, cited.doi)
    unsure = {
        "author": not (cited.authors or cited.editors or cited.more_authors),
        "year": not cited.issued,
        "venue": not any(places),
    }
    for field in (field for field, is_unsure in unsure.items() if is_unsure):
        message = f"no {field} found in the line; it is left empty"
        yield problem(where, "warning", message, _REMEDY, field, citation)
