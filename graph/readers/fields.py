"""The fields of BibTeX and BibLaTeX, mapped to a Record; tables with such headers use it too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from ..identifiers import normal_doi, normal_isbn, normal_issn, normal_url
from ..model import Entry, Facets, Name, Problem, Record, Severity, Source
from . import values
from .latex import fold_space, plain, verbatim
from .names import NameList, name_list, with_orcids

__all__ = [
    "NEVER_READ",
    "entry",
    "problem",
    "reject",
    "stated",
]


#: Sentences that are not ours to publish, and notes to oneself.
NEVER_READ = frozenset({"abstract", "annotation", "annote", "file", "review"})
#: The fields a source's own words are kept of, in this order.
_STATED = ("author", "title", "year", "date", "doi")

#: Entry type -> (CSL type, what kind of it, where the entry does not say).
_TYPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "article": ("article-journal", ""),
        "book": ("book", ""),
        "booklet": ("document", "Booklet"),
        "collection": ("book", ""),
        "conference": ("paper-conference", ""),
        "electronic": ("webpage", ""),
        "inbook": ("chapter", ""),
        "incollection": ("chapter", ""),
        "inproceedings": ("paper-conference", ""),
        "inreference": ("chapter", ""),
        "magazinearticle": ("article-magazine", ""),
        "manual": ("document", "Manual"),
        "mastersthesis": ("thesis", "Master's thesis"),
        "misc": ("document", ""),
        "mvbook": ("book", ""),
        "mvcollection": ("book", ""),
        "mvproceedings": ("book", "Proceedings"),
        "newspaperarticle": ("article-newspaper", ""),
        "online": ("webpage", ""),
        "phdthesis": ("thesis", "PhD thesis"),
        "proceedings": ("book", "Proceedings"),
        "reference": ("book", ""),
        "report": ("report", ""),
        "techreport": ("report", ""),
        "thesis": ("thesis", ""),
        "unpublished": ("manuscript", ""),
        "www": ("webpage", ""),
    }
)
#: The words BibLaTeX's ``type`` field has keys for.
_GENRES = MappingProxyType(
    {
        "bathesis": "Bachelor's thesis",
        "candthesis": "Candidate thesis",
        "mathesis": "Master's thesis",
        "phdthesis": "PhD thesis",
        "resreport": "Research report",
        "techreport": "Technical report",
    }
)
_ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?", re.I)
_DOI_URL = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)

_Warn = Callable[..., None]


def problem(
    source: Source,
    severity: Severity,
    message: str,
    remedy: str,
    field: str = "",
    value: str = "",
) -> Problem:
    """A problem of the entry ``source`` points to."""
    return Problem(
        severity=severity,
        message=message,
        remedy=remedy,
        file=source.file,
        line=source.position,
        record=source.key,
        property=field,
        value=_short(value),
    )


def reject(
    source: Source,
    text: str,
    message: str,
    remedy: str,
    problems: Iterable[Problem] = (),
) -> Entry:
    """An entry that cannot be used: its text and the reason."""
    reason = problem(source, "violation", message, remedy)
    return Entry(source=source, text=text, problems=(reason, *problems))


def stated(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What an entry says of its author, title, year (or date) and DOI, word for word."""
    fields = _given(fields)
    said = ((name, fold_space(fields.get(name, ""))) for name in _STATED)
    found = [(name, text) for name, text in said if text]
    has_year = any(name == "year" for name, _ in found)
    return tuple((name, text) for name, text in found if not (name == "date" and has_year))


def entry(
    kind: str,
    fields: Mapping[str, str],
    source: Source,
    text: str,
    problems: Iterable[Problem] = (),
) -> Entry:
    """The record of one entry, or a reject where it has no title.

    ``kind`` is the entry's type ("article") and ``fields`` its values by lower-case name, in
    LaTeX, without the braces or quotes around them.
    """
    found = list(problems)
    try:
        record = _record(kind, _given(fields), source, found)
    except ValueError as error:
        return reject(
            source,
            text,
            f"a value cannot be read: {error}",
            "Shorten or simplify the value and import the entry again.",
            found,
        )
    if not record.title:
        return reject(
            source, text, "no title", "Give the entry a title and import it again.", found
        )
    return Entry(source=source, text=text, record=record, problems=tuple(found))


def _given(fields: Mapping[str, str]) -> Mapping[str, str]:
    """The fields that say something: CoLRev writes UNKNOWN where it knows of nothing."""
    return {name: text for name, text in fields.items() if text.strip("{} ") not in ("", "UNKNOWN")}


def _record(kind: str, fields: Mapping[str, str], source: Source, found: list[Problem]) -> Record:
    def words(*names: str) -> str:
        return next(filter(None, (plain(fields.get(name, "")) for name in names)), "")

    def venue(*names: str) -> str:
        return words(*names).rstrip(" ,;")

    def warn(message: str, remedy: str, field: str, value: str = "") -> None:
        found.append(problem(source, "warning", message, remedy, field, value))

    csl, genre = _TYPES.get(kind, ("document", ""))
    if kind not in _TYPES:
        found.append(
            problem(
                source,
                "info",
                f'the entry type "{_short(kind)}" is not known; the work is a document',
                "Use a type of BibTeX or BibLaTeX, such as article, inproceedings or report.",
            )
        )
    authors, editors = (_names(name, fields, warn) for name in ("author", "editor"))
    title = values.title(fields.get("title", ""))
    if title and (subtitle := words("subtitle")):
        title += f": {subtitle}"
    if "\ufffd" in title or any("\ufffd" in str(name) for name in authors.names):
        warn(
            "a character could not be read",
            "Find what stands at U+FFFD in the original and write it, in UTF-8.",
            "title" if "\ufffd" in title else "author",
            title,
        )
    journal = venue("journaltitle", "journal")
    number = words("number")
    is_issue = csl == "article-journal" or (bool(journal) and not fields.get("booktitle"))
    url = _url(fields, warn)
    if kind == "misc" and url and not _is_published(fields):
        csl = "webpage"
    return Record(
        title=title,
        type=csl,
        original_title=words("origtitle"),
        authors=_identified(authors, fields, warn),
        more_authors=authors.more,
        editors=editors.names,
        issued=_issued(fields, warn),
        container_title=venue("booktitle") or journal,
        collection_title=venue("series"),
        event_title=venue("eventtitle"),
        publisher=venue("publisher", "institution", "school", "organization"),
        publisher_place=venue("location", "address"),
        volume=words("volume"),
        issue=(number if is_issue else "") or words("issue"),
        page=values.pages(fields.get("pages", "")),
        number="" if is_issue else number,
        genre=_GENRES.get(words("type"), words("type")) or genre,
        edition=words("edition"),
        doi=_doi(fields, url, warn),
        isbn=_identifiers("isbn", fields, warn),
        issn=_identifiers("issn", fields, warn),
        url=url,
        language=values.language(fields.get("language", "") or fields.get("langid", "")),
        facets=Facets(keywords=values.keywords(fields.get("keywords", ""))),
        sources=(source,),
    )


def _names(name: str, fields: Mapping[str, str], warn: _Warn) -> NameList:
    names = name_list(fields.get(name, ""))
    if names.doubt:
        remedy = 'Write them as "Last, First and Last, First", a body of people in braces.'
        warn(names.doubt, remedy, name, fields[name])
    return names


def _identified(authors: NameList, fields: Mapping[str, str], warn: _Warn) -> tuple[Name, ...]:
    """The authors, those with an ORCID iD that a field gives them."""
    for field in ("orcid", "orcid-numbers", "author+an:orcid"):
        if written := verbatim(fields.get(field, "")):
            names, is_all = with_orcids(authors.names, written)
            if not is_all:
                remedy = 'Write each iD behind its name: "Last, First/0000-0000-0000-0000".'
                warn("an ORCID iD is wrong or is no author's", remedy, field, written)
            return names
    return authors.names


def _issued(fields: Mapping[str, str], warn: _Warn) -> tuple[int, ...]:
    year = fields.get("date") or fields.get("year", "")
    found = values.issued(year, fields.get("month", ""), fields.get("day", ""))
    if not found and fields.get("date"):
        found = values.issued(fields.get("year", ""), fields.get("month", ""), "")
    if not found and year.strip():
        warn("no year can be read", "Give the year in four digits.", "year", year)
    elif not found:
        warn("no year", "Give the year of publication.", "year")
    return found


def _doi(fields: Mapping[str, str], url: str, warn: _Warn) -> str:
    written = verbatim(fields.get("doi", ""))
    if doi := normal_doi(written):
        return doi
    if written:
        warn("this is not a DOI", 'Write the DOI as "10.…/…", or remove it.', "doi", written)
    return normal_doi(url) if _DOI_URL.match(url) else ""


def _url(fields: Mapping[str, str], warn: _Warn) -> str:
    """The URL of ``url``, an arXiv number, ``howpublished`` or ``note``: the first there is."""
    written = verbatim(fields.get("url", ""))
    several = re.split(r"[\s,;]+(?=https?://)", written)
    if url := next(filter(None, map(normal_url, several)), ""):
        return url
    if written:
        warn("this is not a URL", "Give the whole address, with https://.", "url", written)
    eprint = verbatim(fields.get("eprint", ""))
    archive = verbatim(fields.get("eprinttype", "") or fields.get("archiveprefix", ""))
    if (number := _ARXIV.fullmatch(eprint)) and archive.casefold() in ("", "arxiv"):
        return f"https://arxiv.org/abs/{number.group(1)}{number.group(2) or ''}"
    others = (fields.get(name, "") for name in ("eprint", "howpublished", "note"))
    found = (url for text in others for url in values.urls(text))
    return next(filter(None, map(normal_url, found)), "")


def _identifiers(name: str, fields: Mapping[str, str], warn: _Warn) -> tuple[str, ...]:
    normal = {"isbn": normal_isbn, "issn": normal_issn}[name]
    good, bad = values.identifiers(fields.get(name, ""), normal)
    for value in bad:
        remedy = "Correct it, or remove it: its check digit or length is wrong."
        warn(f"this is not an {name.upper()}: {_short(value)}", remedy, name, value)
    return good


def _is_published(fields: Mapping[str, str]) -> bool:
    """True where something other than a URL says how the work came out."""
    names = ("journal", "journaltitle", "booktitle", "publisher", "institution", "organization")
    return any(fields.get(name) for name in (*names, "school", "doi", "isbn", "eprint"))


def _short(value: str) -> str:
    value = fold_space(value)
    return value if len(value) <= 200 else f"{value[:199]}…"
