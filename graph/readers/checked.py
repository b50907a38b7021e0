"""Values that are plain text (not LaTeX), in their normal form, with a warning for what is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date as Date

from ..identifiers import normal_doi, normal_isbn, normal_issn, normal_url
from ..model import Name, Problem, Source
from . import values
from .fields import problem
from .latex import fold_space, readable

__all__ = [
    "Checked",
    "MORE",
    "date",
    "pages",
    "person",
    "words",
]


#: What stands in an author list where the names end and the authors do not, folded.
MORE = frozenset({"and others", "et al", "et al.", "others"})

_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})?(?:[-/.](\d{1,2})?)?)?(?!\d)")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_MONTH = re.compile(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DASHES = re.compile(r"\s*[-‐‑‒–—―−]+\s*")
_DOI_URL = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:[JS]n?r|Junior|Senior|Ph\.?\s?D|M\.?D)\.?|I{2,3}|IV", re.IGNORECASE)


def words(text: str) -> str:
    """Text on one line, without characters that no XML document can hold."""
    return fold_space(readable(text))


def date(text: str) -> tuple[int, ...]:
    """A date as formats write it ("2017", "2017/03/01/", "1 March 2017"); () where none is."""
    text = text.strip()
    if found := _DATE.match(text):
        parts = [int(part) for part in found.groups() if part]
        if found[3] and not found[2]:
            parts = parts[:1]
        if len(parts) == 1 and (named := _MONTH.search(text, found.end())):
            parts += _month_and_day(named, text[found.end() :])
    elif year := _YEAR.search(text):
        parts = [int(year.group())]
        if named := _MONTH.search(text):
            parts += _month_and_day(named, _YEAR.sub(" ", text))
    else:
        return ()
    # Not every calendar's day is one: "2013-02-30" still says February.
    while len(parts) > 1 and not _is_date(*parts):
        parts.pop()
    return tuple(parts) if parts[0] else ()


def _month_and_day(named: re.Match[str], text: str) -> list[int]:
    month = _MONTHS.index(named[1].lower()) + 1
    day = _DAY.search(text)
    return [month, int(day.group())] if day else [month]


def _is_date(year: int, month: int, day: int = 1) -> bool:
    try:
        Date(year, month, day)
    except ValueError:
        return False
    return True


def pages(text: str) -> str:
    """Pages as written, every dash a hyphen: ``160-178``."""
    text = re.sub(r"^pp?\.\s*", "", words(text), flags=re.IGNORECASE)
    return _DASHES.sub("-", text).strip("- ,")


def person(text: str) -> Name:
    """The name in "Family, Given, Suffix"; one without a comma is kept whole.

    A body's comma is written twice ("University of California,, Berkeley").
    """
    text = words(text)
    if ",," in text:
        return Name(literal=text.replace(",,", ",").strip(" ,"))
    family, *rest = (part.strip() for part in text.split(","))
    rest = [part for part in rest if part]
    if not rest or not family:
        return Name(literal=text.strip(" ,"))
    *given, suffix = rest if len(rest) > 1 else [*rest, ""]
    if suffix and _SUFFIX.fullmatch(given[0]) and not _SUFFIX.fullmatch(suffix):
        given, suffix = [suffix], given[0]
    particle, family = _divided(family)
    return Name(family=family, given=", ".join(given), particle=particle, suffix=suffix)


def _divided(family: str) -> tuple[str, str]:
    """The particle (lower-case words that open a family name) and the rest."""
    parts = family.split()
    cut = next((i for i, word in enumerate(parts) if not word[0].islower()), 0)
    return " ".join(parts[:cut]), " ".join(parts[cut:])


class Checked:
    """The values of one entry; ``problems`` gathers the warnings."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.problems: list[Problem] = []

    def warn(self, message: str, remedy: str, field: str, value: str = "") -> None:
        """Add a warning."""
        self.problems.append(problem(self._source, "warning", message, remedy, field, value))

    def title(self, text: str, field: str) -> str:
        """A title, with a warning where a character could not be read."""
        title = words(text)
        if "\ufffd" in title:
            remedy = "Find what stands at U+FFFD in the original and write it, in UTF-8."
            self.warn("a character could not be read", remedy, field, title)
        return title

    def names(self, texts: Iterable[str], field: str) -> tuple[tuple[Name, ...], bool]:
        """The names in "Family, Given", and whether the list says there are more."""
        names, more = [], False
        for text in texts:
            parts = [part.strip() for part in text.split(";") if part.strip(" ,")]
            if len(parts) > 1:
                remedy = "Give each name a line of its own."
                self.warn("several names in one were divided at the semicolons", remedy, field)
            for part in parts:
                if words(part).casefold() in MORE:
                    more = True
                else:
                    names.append(person(part))
        return tuple(names), more

    def issued(self, texts: Sequence[str], field: str) -> tuple[int, ...]:
        """The year of the first date, with month and day where any of that year has them."""
        dates = [found for found in map(date, texts) if found]
        if dates:
            return max((d for d in dates if d[0] == dates[0][0]), key=len)
        if any(map(str.strip, texts)):
            written = " ".join(texts)
            self.warn("no year can be read", "Give the year in four digits.", field, written)
        else:
            self.warn("no year", "Give the year of publication.", field)
        return ()

    def doi(self, text: str, field: str, urls: Iterable[str] = ()) -> str:
        """The DOI, from the URL of a resolver where there is no other."""
        if doi := normal_doi(text):
            return doi
        if text.strip():
            self.warn("this is not a DOI", 'Write the DOI as "10.…/…", or remove it.', field, text)
        return next((normal_doi(url) for url in urls if _DOI_URL.match(url)), "")

    def url(self, texts: Iterable[str], field: str) -> str:
        """The first URL that is not only the DOI's, else the first."""
        parts = [part for text in texts for part in re.split(r"[\s,;]+(?=https?://)", text.strip())]
        found = [url for url in map(normal_url, parts) if url]
        if not found and any(parts):
            remedy = "Give the whole address, with https://."
            self.warn("this is not a URL", remedy, field, " ".join(parts))
        others = (url for url in found if not _DOI_URL.match(url))
        return next(others, found[0] if found else "")

    def serials(self, texts: Iterable[str], field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The (ISBNs, ISSNs) among texts that may hold either, told by their form."""
        isbn: dict[str, None] = {}
        issn: dict[str, None] = {}
        for text in texts:
            good, rest = values.identifiers(words(text), normal_isbn)
            more, bad = values.identifiers(" ; ".join(rest), normal_issn)
            isbn |= dict.fromkeys(good)
            issn |= dict.fromkeys(more)
            for value in bad:
                remedy = "Correct it, or remove it: its check digit or length is wrong."
                self.warn(f"this is neither an ISBN nor an ISSN: {value}", remedy, field, value)
        return tuple(isbn), tuple(issn)

    def language(self, text: str) -> str:
        """A BCP 47 tag, or the name as written."""
        text = words(text)
        return values.language(text) if len(text) < 100 else text
