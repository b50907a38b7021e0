"""The reader of plain reference lists: one citation a line, numbered or bulleted or neither."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from ..errors import UnreadableFile
from ..model import Entry, Problem, Record, Source
from ..vocabulary import load_vocabulary
from .citation import parse
from .source import SourceFile
from .values import problem, reject, words

#: "[1] ", "(1) ", "1. ", "1) ", "1<TAB>", "• ", "- ".
_MARK = re.compile(r"\A(?:\[\d{1,5}\]|\(\d{1,4}\)|\d{1,4}(?:[.)](?=\s)|\t)|[•◦▪‣*·–—-](?=\s))\s*")
#: A year as citations give it: in brackets, or after a comma, semicolon or full stop.
_YEAR = re.compile(
    r"\((?:c\.?\s*)?(?:19|20)\d\d[a-z]?\b|[.,]\s*(?:19|20)\d\d[a-z]?[.,)]"
    r"|[.;] (?:19|20)\d\d(?: [A-Z][a-z]{2}(?: \d\d?)?)?[.;]"
)
#: Of so many lines with a year, one shows where its title is: rows of a table show none.
_LOOKED_AT = 10
#: Longer than any citation, so that a line which is none cannot hold the parser up.
_LONGEST = 3_000
#: What stands above a list.
_HEADING = re.compile(
    r"(?:list of )?(?:references|bibliography|works cited|literature(?: cited)?|literatur\w*"
    r"|bibliogra\w+|referencias|referências|références)(?: list)?:?",
    re.IGNORECASE,
)
_REMEDY = 'Write it as "Author, A. (2017), Title, Journal, Vol. 1, No. 2, pp. 3-4", and try again.'


def looks_like(head: str) -> bool:
    """True for a text whose lines are, most of them, citations with a year."""
    lines = [line for line in head.split("\n")[:200] if _is_entry(line)]
    years = [line for line in lines if _YEAR.search(line) and 30 < len(line) < _LONGEST]
    return len(years) * 2 > len(lines) and any(
        _has_title(parse(_citation(line))) for line in years[:_LOOKED_AT]
    )


def read(source: SourceFile) -> Iterator[Entry]:
    """One Entry for each line that is not blank and no comment ("# …") or heading ("References").

    What a line does not say plainly stays empty, with a warning where it is a field every work
    has; a line in which no title is found is a reject. The key is the citation's number in the
    list. Raises UnreadableFile where the file has no line at all.
    """
    countries = load_vocabulary().labels("countries")
    number = 0
    for position, line in enumerate(source.lines(), 1):
        if _is_entry(line):
            number += 1
            yield _entry(line.rstrip("\n"), Source(source.name, str(number), position), countries)
    if not number:
        raise UnreadableFile(f"{source.name}: no line here; give one citation a line")


def _is_entry(line: str) -> bool:
    text = line.strip()
    return bool(text) and not text.startswith("#") and not _HEADING.fullmatch(text)


def _citation(line: str) -> str:
    return words(_MARK.sub("", line.strip(), count=1))


def _has_title(cited: Record) -> bool:
    return re.search(r"[^\W\d_]", cited.title) is not None


def _entry(text: str, where: Source, countries: Collection[str]) -> Entry:
    citation = _citation(text)
    if len(citation) > _LONGEST:
        fault = f"the line has {len(citation):,} characters, too many for a citation"
        return reject(where, text, fault, "Give each citation a line of its own.")
    cited = parse(citation, countries=countries)
    if not _has_title(cited):
        fault = "the line does not show where its title begins and ends"
        return reject(where, text, fault, _REMEDY)
    where = replace(where, stated=(("citation", citation),))
    record = replace(cited, sources=(where,))
    return Entry(where, text, record, tuple(_problems(cited, citation, where)))


def _problems(cited: Record, citation: str, where: Source) -> Iterator[Problem]:
    """What the line did not say plainly enough."""
    places = (cited.container_title, cited.publisher, cited.collection_title, cited.url, cited.doi)
    unsure = {
        "author": not (cited.authors or cited.editors or cited.more_authors),
        "year": not cited.issued,
        "venue": not any(places),
    }
    for field in (field for field, is_unsure in unsure.items() if is_unsure):
        message = f"no {field} can be read from the line; it is left empty"
        yield problem(where, "warning", message, _REMEDY, field, citation)
