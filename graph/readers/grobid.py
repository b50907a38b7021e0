"""The headers of the TEI that GROBID makes from PDF files: one paper per file.

The elements are those of GROBID's documentation ("TEI encoding of results", teiHeader):

===================================== ===============================================
element                               record
===================================== ===============================================
titleStmt/title                       title, without a trailing "Completed Research Paper"
analytic/author/persName              authors; those without a name are skipped
monogr/title, biblScope               venue, volume, issue, pages
publicationStmt, imprint: date        issued
idno: DOI, ISSN, arXiv                DOI, ISSN, URL
keywords/term                         keywords, without JEL codes
===================================== ===============================================

GROBID guesses, so each record carries a warning for a curator to check it. The countries of the
affiliations are not read: they are the authors', not those studied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from ..identifiers import eprint_url
from ..model import Entry, Name
from .names import person_of
from .plain_work import PlainWork
from .prose import HISTORY, prose
from .source import SourceFile
from .values import problem
from .xml_answers import begins_with, read_xml, text_at, texts_at

_MARKS = ' |*⁎∗†‡§:"'
#: What conferences print below the title or above the authors: "Completed Research Paper".
_KIND = (
    r"(?:(?:completed |full |short )?research (?:full )?papers?|(?:full|short) papers?"
    r"|completed research|research[- ]in[- ]progress|emergent research forum)(?: \(\w+\))?"
)
_KIND_BEHIND = re.compile(rf"(?<! a)(?<! the)(?<! of) {_KIND}$", re.IGNORECASE)
_KIND_ALONE = re.compile(_KIND, re.IGNORECASE)
#: "Auctions JEL classification L81"; GROBID takes the codes after it for keywords.
_JEL = re.compile(r"\bJEL\b.*")
_JEL_CODE = re.compile(r"[A-Z]\d{1,2}")
#: "Yong Tan, Senior Editor; Ann Low, Associate Editor", above the keywords of a journal.
_EDITORS = re.compile(r".*\b(?:Senior|Associate) Editor\b[\s.:;]*")
_HEADER = "fileDesc/sourceDesc/biblStruct"


def looks_like(head: str) -> bool:
    """True for TEI with a header."""
    return begins_with(head, "TEI") and "teiHeader" in head


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield the Entry of the paper that a file was made from."""
    for entry in read_xml(source, "teiHeader", _work, lambda _: ""):
        message = "GROBID extracted this record from a PDF file and may be wrong"
        remedy = "Compare the title, authors and year with the paper."
        doubt = problem(entry.source, "warning", message, remedy)
        yield replace(entry, problems=(*entry.problems, doubt))


def _work(header: Element) -> PlainWork:
    whole = f"{_HEADER}/monogr"
    dates = [
        date.get("when") or "".join(date.itertext())
        for path in (f"{whole}/imprint/date", "fileDesc/publicationStmt/date")
        for date in header.iterfind(path)
    ]
    pages = header.find(f"{whole}/imprint/biblScope[@unit='page']")
    container = text_at(header, f"{whole}/title")
    arxiv = eprint_url(text_at(header, f"{_HEADER}/idno[@type='arXiv']"))
    is_meeting = header.find(f"{whole}/meeting") is not None
    return PlainWork(
        type="paper-conference" if is_meeting else "article-journal" if container else "document",
        title=_KIND_BEHIND.sub(
            "", prose(text_at(header, "fileDesc/titleStmt/title", f"{_HEADER}/analytic/title"))
        ),
        authors=tuple(filter(None, map(_name, header.iterfind(f"{_HEADER}/analytic/author")))),
        dates=tuple(dates),
        container_title=container,
        event_title=text_at(header, f"{whole}/meeting/title"),
        publisher=text_at(header, f"{whole}/imprint/publisher"),
        volume=text_at(header, f"{whole}/imprint/biblScope[@unit='volume']"),
        issue=text_at(header, f"{whole}/imprint/biblScope[@unit='issue']"),
        page=(pages.get("from") or text_at(pages, ".")) if pages is not None else "",
        last_page=pages.get("to", "") if pages is not None else "",
        doi=text_at(header, f"{_HEADER}/idno[@type='DOI']"),
        serials=texts_at(header, f"{whole}/idno[@type='ISSN']")
        + texts_at(header, f"{whole}/idno[@type='eISSN']"),
        urls=(arxiv,) if arxiv else (),
        keywords=_keywords(texts_at(header, "profileDesc/textClass/keywords/term")),
        abstract=text_at(header, "profileDesc/abstract"),
    )


def _name(author: Element) -> Name | None:
    # footnote marks, and the bars that some layouts put between authors
    family = prose(text_at(author, "persName/surname")).strip(_MARKS)
    given = prose(" ".join(texts_at(author, "persName/forename"))).strip(_MARKS)
    if _KIND_ALONE.fullmatch(f"{given} {family}"):
        return None
    if not family:
        return Name(literal=given) if given else None
    return person_of(family, given)


def _keywords(terms: Sequence[str]) -> tuple[str, ...]:
    """The keywords without what surrounds them: the paper's editors and JEL codes."""
    has_codes = any(map(_JEL.search, terms))
    bare = (_EDITORS.sub("", HISTORY.sub("", term)) for term in terms)
    kept = (_JEL.sub("", term).strip(" ;:,") for term in bare)
    return tuple(term for term in kept if term and not (has_codes and _JEL_CODE.fullmatch(term)))
