"""MEDLINE, the format of PubMed (.nbib, "PubMed format"), of Ovid's MEDLINE exports, and of ERIC.

The tags are those of the National Library of Medicine's list (pubmed.ncbi.nlm.nih.gov/help,
"MEDLINE/PubMed data element descriptions"):

============ ===========================================================
tag          record
============ ===========================================================
TI, BTI, TT  title; a book's title; the title in the original language
FAU, AU, CN  authors in full, otherwise with initials; organisations
FED, ED      editors
JT, TA       venue (its title, otherwise its abbreviation)
DP, DEP      date of publication; date of electronic publication
VI IP PG     volume, issue, pages
LID, AID     DOI, if marked [doi]; the article's number without pages ([pii])
IS, ISBN     ISSN, ISBN (ISSN: ERIC)
LA PT PB PL  language, type (and status), publisher, place
OT           the authors' keywords (not MH, which indexers assign)
AUID         ORCID iDs, each after its author
============ ===========================================================

ERIC's entries have no PMID and begin with OWN. Their OID begins with EJ for an article; for
anything else, JT is the publisher. AID and LID are addresses, and SO names a thesis's university.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..model import Entry, Name
from .names import person, with_initials
from .orcids import is_orcid
from .plain_work import PlainWork
from .prose import prose, without_brackets, without_place, without_stop
from .source import SourceFile
from .tagged import Form, Tags, read_tagged
from .values import says_retracted

_ERIC = re.compile(r"\A\s*OWN *- ERIC\b")
_STARTS = re.compile(r"\A\s*(?:PMID|PMC|OWN)[ ]*- \S", re.MULTILINE)
_FORM = Form(
    name="MEDLINE",
    line=re.compile(r"([A-Z][A-Z0-9]{1,3}) *- (.*)"),
    starts="PMID",
    known=frozenset(
        "PMID TI BTI TT FAU AU CN FED ED JT TA DP DEP VI IP PG LID AID IS ISBN LA PT PB PL OT AUID "
        "OWN STAT DCOM LR CTDT CRDT MHDA EDAT PHST PST SO AD RN SB MH GR CI COIS JID PMC MID NM SI "
        "OTO OID RF CON CIN EIN EFR DRDT IR FIR IRAD CTI PMCR PS FPS GN SPIN UIN UOF RIN ROF ECI "
        "NIHMS TT AB PMID DA ISSN".split()
    ),
    never_read=frozenset({"OAB", "OABL", "AD", "GN", "COIS"}),
)
#: Folded PT -> CSL type; the first known one counts.
_TYPES = {
    "journal article": "article-journal",
    "review": "article-journal",
    "letter": "article-journal",
    "editorial": "article-journal",
    "comment": "article-journal",
    "case reports": "article-journal",
    "book": "book",
    "book chapter": "chapter",
    "preprint": "article",
    "technical report": "report",
    "dataset": "dataset",
}
#: The start of a kind of document in ERIC -> CSL type; the first that fits any counts.
_ERIC_TYPES = {
    "Dissertations": "thesis",
    "Books": "book",
    "Speeches": "paper-conference",
    "Reports": "report",
}
_DOI = re.compile(r"(\S+) \[doi\]")
_PII = re.compile(r"(\S+) \[pii\]")
#: The number of an article; publishers also have longer numbers of their own.
_ARTICLE_NUMBER = re.compile(r"e\d{1,8}|\d{1,5}", re.IGNORECASE)
_SERIAL = re.compile(r"[\dXx][\dXx -]{7,}")


def looks_like(head: str) -> bool:
    """True for text that begins with a MEDLINE entry, whatever the file's ending."""
    return any(form.match(head) for form in (_STARTS, _ERIC))


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each citation, from its PMID (or ERIC's OWN) to the next."""
    if _ERIC.match(source.head):
        return read_tagged(source, replace(_FORM, starts="OWN"), _eric_work, "OID")
    return read_tagged(source, _FORM, _work, "PMID")


def article_number(items: Iterable[str]) -> str:
    """The first of a publisher's identifiers of an article (pii) that is the article's number.

    >>> article_number(["S1080-6032(22)00139-9", "e42692"])
    'e42692'
    """
    return next(filter(_ARTICLE_NUMBER.fullmatch, items), "")


def pubmed_titles(title: str, own: str) -> tuple[str, str]:
    """The title of a work and, if that is a translation, the title in the work's own language.

    >>> pubmed_titles("[Pain].", "Schmerz."), pubmed_titles("[Not Available].", "Schmerz.")
    (('Pain', 'Schmerz'), ('Schmerz', ''))
    """
    title, own = without_brackets(title), without_stop(own)
    return (own, "") if title in ("", "Not Available") else (title, own)


def _work(tags: Tags) -> PlainWork:
    kinds = (_TYPES.get(kind.casefold(), "") for kind in tags.all("PT"))
    container = without_place(tags.first("JT", "TA"))
    csl = next(filter(None, kinds), "article-journal" if container else "document")
    ids = tags.all("LID", "AID")
    dois, items = (
        [match[1] for text in ids if (match := form.search(text))] for form in (_DOI, _PII)
    )
    title, original_title = pubmed_titles(tags.first("TI") or tags.first("BTI"), tags.first("TT"))
    return PlainWork(
        type=csl,
        title=title,
        original_title=original_title,
        authors=_names(tags, "FAU", "AU") + tuple(Name(literal=body) for body in tags.all("CN")),
        editors=_names(tags, "FED", "ED"),
        dates=(tags.first("DP"), tags.first("DEP")),
        container_title=container or (tags.first("BTI") if tags.first("TI") else ""),
        publisher=tags.first("PB"),
        publisher_place=tags.first("PL") if tags.first("PB") else "",
        volume=tags.first("VI"),
        issue=tags.first("IP"),
        page=tags.first("PG") or article_number(items),
        doi=next(iter(dois), ""),
        serials=tuple(
            match[0].strip()
            for text in tags.all("IS", "ISSN", "ISBN")
            if (match := _SERIAL.search(text))
        ),
        language="; ".join(tags.all("LA")),
        is_retracted=any(map(says_retracted, tags.all("PT"))),
        keywords=tuple(word.lstrip("* ") for word in tags.all("OT")),  # "*" marks main topics
        abstract=tags.first("AB"),
    )


def _eric_work(tags: Tags) -> PlainWork:
    urls = tuple(text for text in tags.all("AID", "LID") if text.startswith("http"))
    work = replace(_work(tags), urls=urls)
    if tags.first("OID").startswith("EJ"):
        return replace(work, type="article-journal")
    kinds = tags.all("PT")
    types = (csl for start, csl in _ERIC_TYPES.items() if any(k.startswith(start) for k in kinds))
    csl = next(types, "document")
    # "Ph.D. Dissertation, Example University"
    genre, _, university = tags.first("SO").partition(", ") if csl == "thesis" else ("", "", "")
    publisher = university or work.container_title
    return replace(work, type=csl, container_title="", publisher=publisher, genre=genre)


def _names(tags: Tags, full: str, short: str) -> tuple[Name, ...]:
    """The names in full, otherwise with initials; an ORCID iD belongs to the author before it."""
    if not tags.values.get(full):
        texts = map(prose, tags.all(short))
        return tuple(with_initials(text) or person(text) for text in texts)
    names = [person(prose(text)) for text in tags.all(full)]
    orcids = _orcids(tags, full)
    if len(orcids) != len(names):  # a name is empty, so nothing shows whose the iDs are
        return tuple(names)
    return tuple(
        replace(name, orcid=orcid) if orcid and not name.literal else name
        for name, orcid in zip(names, orcids, strict=True)
    )


def _orcids(tags: Tags, full: str) -> list[str]:
    """The ORCID iD between each name and the next; "" if there is none."""
    orcids: list[str] = []
    last = ""
    for tag, _, value in (line.partition("-") for line in tags.text):
        last = tag.strip() if tag.strip() in ("FAU", "FED") else last
        if tag.strip() == full:
            orcids.append("")
        elif tag.strip() == "AUID" and last == full:
            orcids[-1] = orcids[-1] or (value if is_orcid(value.strip()) else "")
    return orcids
