"""What the tags of one RIS entry say about a work, by its type and the program that wrote the file.

The tags are those of Reference Manager's specification (RIS 2001, and the list of 2011 that defines
them by type). They are read as these programs write them:

======== =========================================================================
tag      meaning
======== =========================================================================
T2 T3    container and series; for books, reports and theses, or beside BT: the series. Beside
         JO, T2 is the special issue (ScienceDirect)
C3       the event's proceedings (EndNote); the book series if T2 is missing (Scopus);
         with C1, addresses (Web of Science)
CP       the issue (Reference Manager); if it has words, a conference (Web of Science)
A1       an author; beside AU, an author of the whole book, or the organisation behind it (Web of
         Science)
A2 A3    editors; for a book with A3, A2 are those of its series (Zotero); for a thesis, who
         advised it
M1       a number; for an article without IS, the issue (EndNote); what the work cites,
         with A2 as the authors of that (PsycInfo at Ovid; in its MEDLINE, A2 are others who took
         part, and T3 are comments)
M3       the kind of work; for TY SER it tells papers from chapters, and for INPR articles from
         preprints (Scopus); a class ("… [3311]", PsycInfo)
TA       the journal's abbreviation; for other types, the author in translation (EndNote)
DP       the database's provider; the date, if it is one (PubMed)
TT       a translated title if LA is not English, otherwise a short one (ProQuest)
SO PG AR venue, pages, article number (databases with tags of their own)
PU PI    publisher, place (the same)
DA PD    the date; only the month beside PY (Web of Science: "JUN 15")
UR ID AN a DOI, if they hold nothing else and no tag for DOIs has one
======== =========================================================================
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from ..csl_types import TYPES
from ..dates import publication_status
from ..identifiers import normal_doi
from ..iris import fold
from ..model import RETRACTED, Facets, Record, Source
from ..ris import SERIES_TYPES
from .latex import fold_space, unescaped
from .notes import doi_of_note
from .prose import prose
from .values import Checked, distinct, month_or_season, pages, says_retracted, telling

Tags = Mapping[str, list[str]]

#: Where the reader puts the A1 of an entry, as well as in AU.
GROUP_AUTHORS = "group authors"
#: Where the reader puts the title in the original language.
ORIGINAL_TITLE = "original title"
#: TY -> CSL type.
BY_TAG = {tag: csl for csl, names in TYPES.items() for tag in names.ris.split()}

#: TY and the folded kind of work in Scopus -> CSL type.
_IN_SCOPUS: Mapping[tuple[str, str], str] = {
    ("SER", "conference paper"): "paper-conference",
    ("SER", "book chapter"): "chapter",
    ("SER", "chapter"): "chapter",
    ("INPR", "article in press"): "article-journal",
}
#: The number of an issue, not the name of a conference.
_ISSUE = re.compile(r"(?=.*\d)[\w.\-–/ ]{1,12}")
#: ProQuest's code of a subject: "0629:Labor relations".
_CODE = re.compile(r"^0\d{3}:\s*(?=\S)")
#: PsycInfo's class of a work: "Cognitive Therapy [3311]".
_CLASS = re.compile(r"\[\d{4}\]$")
_WITH_YEAR = re.compile(r"\d{4}")
_BEGINS_WITH_YEAR = re.compile(r"(?:19|20)\d\d\b")
_ONLY_DOI = re.compile(r"(?:doi:?\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)


def first(tags: Tags, *names: str) -> str:
    """The value of the first of these tags that has one."""
    texts = (prose(text) for name in names for text in tags.get(name, ()))
    return next(filter(None, texts), "")


def _all(tags: Tags, *names: str) -> list[str]:
    texts = (unescaped(text) for name in names for text in tags.get(name, ()))
    return [text for text in texts if text.strip()]


def ris_record(tags: Tags, where: Source, checked: Checked) -> Record:
    """The record of an entry's tags; ``checked`` collects the warnings."""
    kind = first(tags, "TY").upper()
    tags = _own(tags)
    genre = first(tags, "M3")
    csl = _IN_SCOPUS.get((kind, fold(genre)), BY_TAG.get(kind, "document"))
    if kind not in BY_TAG:
        fault = f'unknown type "{kind[:80]}"' if kind else "the entry has no type"
        remedy = "Use a RIS type as TY, such as JOUR, CONF, CHAP or RPRT."
        checked.warn(f"{fault}; the work is treated as a document", remedy, "", severity="info")
    title, original = _titles(tags, checked)
    authors, more = checked.names(_authors(tags, csl, checked), "AU")
    editors, _ = checked.names(_editors(tags, csl), "ED")
    if kind == "EDBOOK":
        authors, editors = (), (*authors, *editors)
    links = [text for text in _all(tags, "UR", "LK") if not _ONLY_DOI.fullmatch(text)]
    urls = links or [text for text in _all(tags, "L1", "L2") if text.startswith("http")]
    doi = checked.doi(first(tags, "DO", "DI") or _doi_elsewhere(tags), "DO", urls)
    isbn, issn, report_number = _serials(tags, csl, checked)
    dates = _dates(tags)
    issued, issued_edtf = checked.issued(dates, "PY", _month(tags))
    container, collection, event = _containers(tags, csl, title)
    volume, (issue, number) = first(tags, "VL", "VO"), _issue_and_number(tags, csl)
    return Record(
        title=title,
        type=csl,
        original_title=original,
        authors=authors,
        more_authors=more,
        editors=editors,
        issued=issued,
        issued_edtf=issued_edtf,
        container_title=container,
        collection_title=collection,
        event_title=event,
        publisher=first(tags, "PB", "PU"),
        publisher_place=first(tags, "CY", "PP", "PI")
        or (first(tags, "C1") if "C3" in tags else ""),
        volume=volume,
        issue=issue,
        page=_pages(tags),
        number=report_number or number,
        genre="" if normal_doi(genre) or _CLASS.search(genre) else telling(genre),
        edition=first(tags, "ET"),
        status=RETRACTED if any(map(says_retracted, genre.split(";"))) else checked.status(dates),
        doi=doi,
        isbn=isbn,
        issn=issn,
        url=checked.url(urls, "UR"),
        language=checked.language(first(tags, "LA")),
        facets=Facets(keywords=_keywords(_all(tags, "KW"))),
        sources=(where,),
    )


def _own(tags: Tags) -> Tags:
    """The tags without those that databases use for something else than the work."""
    others: tuple[str, ...] = ()
    if _is_wos(tags):
        others = ("C1", "C3")
    elif "M1" in tags and "psycinfo" in first(tags, "DB").casefold():
        others = ("A2", "M1")
    elif first(tags, "DB").startswith("Ovid MEDLINE"):
        others = ("A2", "T3")
    elif "JO" in tags and "sciencedirect.com" in first(tags, "UR"):
        return {"T3": tags.get("T2", []), **{t: texts for t, texts in tags.items() if t != "T2"}}
    return {tag: texts for tag, texts in tags.items() if tag not in others} if others else tags


def _is_wos(tags: Tags) -> bool:
    return first(tags, "AN").upper().startswith("WOS:")


def _authors(tags: Tags, csl: str, checked: Checked) -> list[str]:
    """The authors' names, each once, without those behind the whole book in Web of Science."""
    texts, whole = _all(tags, "AU"), Counter(_all(tags, GROUP_AUTHORS))
    # a name may continue on the next line
    names = [text.partition("\n")[0] for text in texts]
    # authors of both the work and the book
    twice = {name for name, count in Counter(names).items() if count > whole[name] > 0}
    is_article = csl.startswith("article") or whole.total() == len(texts)
    others = frozenset(whole) - twice if _is_wos(tags) and not is_article else frozenset()
    authors: dict[tuple[str, int], str] = {}
    for place, (name, text) in enumerate(zip(names, texts, strict=True)):
        if name not in others:
            authors.setdefault((name, 0 if name in twice else place), text)
            continue
        body = fold_space(text)
        remedy = "No action needed; if it did write the work, add it to the authors."
        message = f"{body[:80]} was not read as an author: it is named for the whole book"
        checked.warn(message, remedy, "A1", body, "info")
    return list(authors.values())


def _editors(tags: Tags, csl: str) -> list[str]:
    if csl == "thesis":
        return _all(tags, "ED")
    # Zotero writes a book's editors as A3, and those of its series as A2.
    return _all(tags, "ED", "A3" if csl == "book" and "A3" in tags else "A2")


def _dates(tags: Tags) -> list[str]:
    dates = _all(tags, "PY", "YR", "Y1", "DA")
    return dates or [text for text in _all(tags, "DP") if _BEGINS_WITH_YEAR.match(text)]


def _issue_and_number(tags: Tags, csl: str) -> tuple[str, str]:
    issue, number = first(tags, "IS"), first(tags, "M1")
    if not issue and _ISSUE.fullmatch(cover := first(tags, "CP")):
        issue = cover
    # An empty IS means that M1 is not the issue.
    if csl.startswith("article") and not issue and "IS" not in tags and _ISSUE.fullmatch(number):
        return number, ""
    return issue, number


def _titles(tags: Tags, checked: Checked) -> tuple[str, str]:
    """The title and, if that is a translation (TT), the one in the original language."""
    own = checked.title(first(tags, "TI", "T1", "CT") or first(tags, "BT", "ST"), "TI")
    if original := first(tags, ORIGINAL_TITLE):
        return own, original
    translated = checked.title(first(tags, "TT"), "TT")
    # ProQuest may have a short title there.
    is_short = checked.language(first(tags, "LA")).startswith("en") or fold(own).startswith(
        fold(translated)
    )
    return (own, "") if not translated or is_short else (translated, own)


def _containers(tags: Tags, csl: str, title: str) -> tuple[str, str, str]:
    """The titles of the container, the series and the event."""
    second, third = first(tags, "T2"), first(tags, "T3")
    whole = first(tags, "BT")
    whole = "" if whole == title else whole
    short = ("TA",) if csl.startswith("article") else ()
    journal = first(tags, "JF"), first(tags, "JO", "JA", "J1", *short, "J2", "SO")
    conference = first(tags, "CP")
    if conference and not _ISSUE.fullmatch(conference):
        return second or whole or journal[0], third, conference
    if csl in SERIES_TYPES:
        return next(filter(None, (*journal, whole)), ""), second or third, ""
    if csl == "paper-conference" and "C3" in tags and (second or not first(tags, "C3")):
        return first(tags, "C3"), third, second
    containers = (journal[0], whole, second, journal[1], first(tags, "C3"))
    # beside the book's title in BT, T2 is that of the series
    series = third or (second if whole and not journal[0] and second != whole else "")
    return next(filter(None, containers), ""), series, ""


def _pages(tags: Tags) -> str:
    written = pages(first(tags, "SP"), first(tags, "EP"))
    # Scopus has the article number in C7
    return written if written not in ("", "0") else pages(first(tags, "C7", "AR", "PG"))


def _month(tags: Tags) -> str:
    """The month and perhaps the day, or the season, given beside a year."""
    texts = (text for text in _all(tags, "DA", "PD") if not _WITH_YEAR.search(text))
    month = next((text for text in texts if not publication_status(text)), "")
    return month_or_season(month, first(tags, "IS"))


def _doi_elsewhere(tags: Tags) -> str:
    """A DOI in M3 or L3, where older exports write it, or in "Extra", which Zotero writes as M2.

    Otherwise, a tag for addresses or keys that holds nothing else.
    """
    written = next((text for text in _all(tags, "M3", "L3") if normal_doi(text)), "")
    alone = filter(_ONLY_DOI.fullmatch, _all(tags, "UR", "LK", "ID", "AN"))
    return written or doi_of_note("\n".join(_all(tags, "M2"))) or next(alone, "")


def _serials(
    tags: Tags, csl: str, checked: Checked
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """ISBNs, ISSNs, and the number that a report has instead."""
    texts = _all(tags, "SN")
    numbers = [text for text in texts if csl == "report" and not _has_serial(text)]
    isbn, issn = checked.serials([text for text in texts if text not in numbers], "SN")
    return isbn, issn, prose(numbers[0]) if numbers else ""


def _has_serial(text: str) -> bool:
    silent = Checked(Source("", "", 0))
    return any(silent.serials([text], ""))


def _keywords(texts: Iterable[str]) -> tuple[str, ...]:
    """Keywords, one or several per line, split at semicolons; a single line also at commas."""
    lines = [part for text in texts for part in text.split("\n")]
    if len(lines) == 1 and ";" not in lines[0] and lines[0].count(",") > 1:
        lines = lines[0].split(",")
    parts = (part.strip() for line in lines for part in line.split(";"))
    return distinct(_CODE.sub("", part) for part in parts)
