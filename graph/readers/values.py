"""The values of one entry, normalised, with a warning for each that is not right.

All readers share this value layer. It takes plain text (``latex.plain`` and ``latex.verbatim`` make
it from LaTeX).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ..dates import best_date, has_unclear_month, is_undated, publication_status
from ..edtf import edtf, season_of, start
from ..identifiers import doi_of_url, normal_doi, normal_isbn, normal_issn, normal_orcid, normal_url
from ..iris import fold
from ..languages import language
from ..model import RETRACTED, Entry, Name, Problem, Severity, Source
from .latex import fold_space, readable
from .name_lists import divided, in_one_list, is_more, joining_word, may_be_person
from .names import SUFFIX, is_undivided
from .orcids import with_orcids
from .prose import prose
from .proxies import unproxied

#: The beginning of every message about an entry without a year.
NO_YEAR = "no year"
_DASHES = re.compile(r"\s*[-‐‑‒–—―−]+\s*")
#: Pages whose last has only the digits that differ: "103-9".
_SHORT_RANGE = re.compile(r"^([1-9]\d{2,})-(\d{1,3})$")
#: "pp. 5-9", "S. 5-9" in German and Russian, "5-9 pp".
_PAGES = re.compile(
    r"^(?:pp?|págs?|[sс])(?:\.\s*|\s+(?=\d))|^pp(?=\d)|(?<=\d-)(\d+)\s*(?:pp?\b\.?|pages)$",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s{}<>\"]+", re.IGNORECASE)
#: A DOI copied with spaces around its slash, which no DOI has.
_SPACED_DOI = re.compile(r"\b(10\.\d{4,9})\s*/\s*(\S+)$")
#: What follows a DOI and a space, unless it is a remark in brackets.
_AFTER_DOI = re.compile(r"\b10\.\d{4,9}/\S+\s+[^\s\[(]")
_FORMULA = re.compile(r"\s*=\s*\w+\s*\(")
#: A status in BibLaTeX's ``pubstate`` -> the words; "" for one that says nothing.
_STATES = {"inpreparation": "in preparation", "inpress": "in press", "published": ""}
#: Folded kinds of a work, as databases call them, that say no more than its type.
_SAYS_NOTHING = frozenset(
    "article|book|book chapter|chapter|conference paper|full text|journal article|paper|review|text"
    "|web|original research|research article|early access|article in press|proceedings paper"
    "|retracted|retracted publication|journal|peer reviewed journal|academic journal"
    "|scholarly journal".split("|")
)


def problem(
    source: Source, severity: Severity, message: str, remedy: str, field: str = "", value: str = ""
) -> Problem:
    """A problem with the entry that ``source`` points to."""
    value = fold_space(value)
    return Problem(
        severity=severity,
        message=message,
        remedy=remedy,
        file=source.file,
        line=source.position,
        record=source.key,
        property=field,
        value=value if len(value) <= 200 else f"{value[:199]}…",
    )


def reject(
    source: Source, text: str, message: str, remedy: str, problems: Iterable[Problem] = ()
) -> Entry:
    """An entry that cannot be used: its text and the reason."""
    reason = problem(source, "violation", message, remedy)
    return Entry(source=source, text=text, problems=(reason, *problems))


def words(text: str) -> str:
    """Text on one line, without characters that XML does not allow."""
    return fold_space(readable(text))


def month_or_season(month: str, issue: str) -> str:
    """The month of a work or, without one, the season by which a journal calls its issue.

    >>> month_or_season("", "Spring"), month_or_season("May", "Spring"), month_or_season("", "2")
    ('Spring', 'May', '')
    """
    return month or (issue if season_of(issue) else "")


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that are not empty, each once, in order."""
    return tuple(dict.fromkeys(filter(None, map(words, texts))))


def pages(start: str, end: str = "") -> str:
    """Pages as written, with hyphens for dashes (``160-178``); ``end`` if given separately."""
    start, end = (
        _PAGES.sub(r"\1", _DASHES.sub("-", words(text))).strip("- ,") for text in (start, end)
    )
    is_range = start and end and end != start and "-" not in start
    whole = f"{start}-{end}" if is_range else start or end
    return _SHORT_RANGE.sub(_in_full, whole)


def _in_full(pages: re.Match[str]) -> str:
    """Complete a shortened range: "103-109" for "103-9"; "103-2", which would go back, stays."""
    first, last = pages.groups()
    return f"{first}-{first[: -len(last)]}{last}" if last > first[-len(last) :] else pages[0]


def urls(text: str) -> list[str]:
    """The http(s) URLs in running text; none in a spreadsheet's formula."""
    if _FORMULA.match(text):
        return []
    written = (url.rstrip(".,;") for url in _URL.findall(text))
    return [url if "(" in url else url.rstrip(").") for url in written]


def says_retracted(kind: str) -> bool:
    """Whether a database's type for a work says that it was retracted.

    >>> says_retracted("Retracted Publication"), says_retracted("Retraction of Publication")
    (True, False)
    """
    return RETRACTED in kind.casefold().split()


def telling(genre: str) -> str:
    """Those kinds of a work that say more than its type.

    >>> telling("Article; Early Access"), telling("Working Paper")
    ('', 'Working Paper')
    >>> telling("Journal; Peer Reviewed Journal")
    ''
    """
    kinds = map(str.strip, genre.split(";"))
    return "; ".join(kind for kind in kinds if kind and fold(kind) not in _SAYS_NOTHING)


class Checked:
    """Check and normalise the values of one entry; ``problems`` collects the warnings."""

    def __init__(self, source: Source, problems: Iterable[Problem] = ()) -> None:
        self._source = source
        self.problems: list[Problem] = list(problems)

    def warn(
        self, message: str, remedy: str, field: str, value: str = "", severity: Severity = "warning"
    ) -> None:
        """Add a warning."""
        self.problems.append(problem(self._source, severity, message, remedy, field, value))

    def title(self, text: str, field: str) -> str:
        """A title, with a warning if a character could not be read."""
        title = prose(text)
        self.readable(title, field)
        return title

    def readable(self, text: str, field: str) -> None:
        """Warn if a character of the text could not be read."""
        if "\ufffd" in text:
            remedy = "Replace U+FFFD with the original character, and save the file as UTF-8."
            self.warn("a character could not be read", remedy, field, text)

    def identified(self, names: Sequence[Name], written: str, field: str) -> tuple[Name, ...]:
        """The names with their ORCID iDs in ``written``; a warning if one fits no name."""
        identified, is_all = with_orcids(names, written)
        if not is_all:
            remedy = 'Write each iD after its name: "Last, First/0000-0000-0000-0000".'
            self.warn("an ORCID iD is invalid or fits no author", remedy, field, written)
        return identified

    def names(self, texts: Iterable[str], field: str) -> tuple[tuple[Name, ...], bool]:
        """The names in "Family, Given", and whether the list says there are more."""
        written, more = [], False
        for text in texts:
            parts, mark = divided(text)
            if mark:
                remedy = "Put each name on its own line."
                self.warn(f"several names in one value were split at the {mark}", remedy, field)
            for part in map(prose, parts):
                if is_more(part):
                    more = True
                else:
                    written.append(part)
        names = tuple(in_one_list(written))
        for text, name in zip(written, names, strict=True):
            if word := joining_word(text):
                remedy = "If these are several persons, put each name on its own line."
                self.warn(f'a name with "{word}" was not split', remedy, field, text)
            if name.suffix and not SUFFIX.fullmatch(name.suffix):
                message = f'"{name.suffix}" was read as a suffix such as Jr. or III'
                remedy = 'Put each name on its own line, as "Family, Given".'
                self.warn(message, remedy, field, text)
            # a name with initials at its end is not in doubt
            is_doubtful = is_undivided(text) and text.endswith(name.family)
            if is_doubtful or may_be_person(name):
                fate = "not split" if name.literal else f'read as "{name.inverted}"'
                remedy = 'Write a person as "Family, Given"; leave an organisation as it is.'
                message = f"the name {text} has no comma and was {fate}"
                self.warn(message, remedy, field, text, "warning" if is_doubtful else "info")
        return names, more

    def orcid(self, text: str, field: str) -> str:
        """An ORCID iD; "", with a warning, if its form or check digit is wrong."""
        orcid = normal_orcid(text)
        if text.strip() and not orcid:
            remedy = "Correct or remove it; its form or its check digit is wrong."
            self.warn(f"this is not an ORCID iD: {text.strip()[:80]}", remedy, field, text)
        return orcid

    def issued(
        self, texts: Iterable[str], field: str, month: str = "", day: str = ""
    ) -> tuple[tuple[int, ...], str]:
        """The year of the first date, with month and day if any date of that year has them.

        Also the same date in EDTF if it is a season, a range, or approximate.
        """
        written = [text for text in texts if text.strip()]
        if issued := best_date(written, month, day):
            unclear = next(filter(has_unclear_month, written), "")
            if unclear and len(issued) == 1:
                remedy = "Write the date as year-month-day, such as 2019-05-01."
                message = (
                    "only the year was read, because the date does not show which is the month"
                )
                self.warn(message, remedy, field, unclear, "info")
            dates = (edtf(text, month) for text in written)
            return issued, next((date for date in dates if date and start(date) == issued), "")
        if not written:
            self.warn(NO_YEAR, "Give the year of publication.", field)
        elif all(map(is_undated, written)):
            remedy = "Add the year once it is known."
            self.warn(f"{NO_YEAR}: the work is undated", remedy, field, written[0])
        else:
            remedy = "Write the year with four digits."
            self.warn(f"{NO_YEAR} found in the date", remedy, field, " ".join(written))
        return (), ""

    def status(self, dates: Iterable[str], stated: str = "") -> str:
        """The status of a work that is not published yet ("forthcoming"), otherwise "".

        It is given in place of a date, or ``stated`` in a field of its own.
        """
        stated = _STATES.get(stated.casefold(), stated)
        return stated or next(filter(None, map(publication_status, dates)), "")

    def doi(self, text: str, field: str, links: Iterable[str] = ()) -> str:
        """The DOI, taken from a resolver's URL if there is no other."""
        if doi := normal_doi(_SPACED_DOI.sub(r"\1/\2", text.strip())):
            if _AFTER_DOI.search(text):
                remedy = "If the DOI goes on after the space, remove the space."
                self.warn(f"only {doi} was read as the DOI", remedy, field, text)
            return doi
        if text.strip():
            self.warn("this is not a DOI", 'Write the DOI as "10.…/…", or remove it.', field, text)
        return next(filter(None, map(doi_of_url, map(unproxied, links))), "")

    def url(self, texts: Iterable[str], field: str) -> str:
        """The first URL that is not just the DOI's, otherwise the first."""
        parts = [
            part.rstrip(",; \t\n")
            for text in texts
            for part in re.split(r"(?:\s+and)?[\s,;](?=https?://)", text.strip())
        ]
        public = list(map(unproxied, parts))
        if any(one != other and not other for one, other in zip(parts, public, strict=True)):
            remedy = "Give a URL that anybody can open, or the DOI."
            message = "this URL is a library proxy's or a session's, not the work's"
            self.warn(message, remedy, field, parts[0])
            parts = list(filter(None, public))
        normal = [url for url in map(normal_url, public) if url]
        if not normal and any(parts):
            remedy = "Give the full URL, including https://."
            self.warn("this is not a URL", remedy, field, " ".join(parts))
        others = (url for url in normal if not doi_of_url(url))
        return next(others, normal[0] if normal else "")

    def serials(self, texts: Iterable[str], field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The (ISBNs, ISSNs) in texts that may hold either, told apart by their form."""
        isbn: dict[str, None] = {}
        issn: dict[str, None] = {}
        for text in texts:
            books, rest = _numbers(words(text), normal_isbn)
            series, bad = _numbers(" ; ".join(rest), normal_issn)
            isbn |= dict.fromkeys(books)
            issn |= dict.fromkeys(series)
            self._refuse(bad, "this is neither an ISBN nor an ISSN", field)
        return tuple(isbn), tuple(issn)

    def _refuse(self, numbers: Iterable[str], message: str, field: str) -> None:
        for number in numbers:
            remedy = "Correct or remove it; its check digit or length is wrong."
            self.warn(f"{message}: {number[:200]}", remedy, field, number)

    def language(self, text: str) -> str:
        """A BCP 47 tag, or the name as written; the first if there are several languages."""
        first, *others = (part.strip() for part in re.split("[;|]", words(text)))
        if others := list(filter(None, others)):
            remedy = "No action needed; if another is the work's language, give only that one."
            message = f"several languages were given; only {first} is kept"
            self.warn(message, remedy, "language", text, "info")
        return language(first)


def _numbers(text: str, normal: Callable[[str], str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ISBNs or ISSNs in a text, each once: (those ``normal`` accepts, those it does not)."""
    good: dict[str, None] = {}
    bad: dict[str, None] = {}
    for part in re.split(r"[,;/]|\band\b", re.sub(r"\([^()]*\)", " ", text)):
        candidates = [part] if normal(part) or " " not in part.strip() else part.split()
        if not any(normal(candidate) for candidate in candidates):
            candidates = [part]
        for candidate in filter(None, map(str.strip, candidates)):
            number = normal(candidate)
            (good if number else bad)[number or candidate] = None
    return tuple(good), tuple(bad)
