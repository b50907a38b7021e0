"""The publication_details: what follows the title in a citation, from the venue to the link."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ...identifiers import normal_doi, normal_isbn, normal_url
from ...iris import fold
from ...vocabulary import load_vocabulary
from .names import is_body

__all__ = [
    "PublicationDetails",
    "STOP",
    "publication_details",
    "links",
    "month_and_day",
    "starts_imprint",
]


#: A full stop that ends a sentence: after a word, before a capital; not after "No." or "Vol.".
STOP = re.compile(
    r"(?<=[\w)\]'’”»?!])(?<!\bNo)(?<!\bNr)(?<!\bno)(?<!\bnr)(?<!\bVol)(?<!\bvol)(?<!\bpp)(?<!\bvs)"
    r"(?<!\b\w)(?<!\b[A-Z]\w)\.\s+(?=[^\W\d_a-z]|https?:|doi)"
)
_DOI = re.compile(
    r"(?:\bdoi:?\s*|https?://(?:dx\.)?doi\.org/)?\b10\.\d{4,9}/[^\s\]]+", re.IGNORECASE
)
_URL = re.compile(r"https?://[^\s<>\[\]]+", re.IGNORECASE)
_NOTE = re.compile(
    r"\[[^\]]*\]|\((?:last )?(?:accessed|retrieved)[^)]*\)"
    r"|(?:last )?\b(?:accessed|retrieved) on .*$"
    r"|\b(?:available (?:at|from|online)(?: at)?|retrieved from)\b:?",
    re.IGNORECASE,
)
_ISBN = re.compile(r"\bISBN(?:-1[03])?:?\s*(\d[\d\s-]{8,16}[\dX])", re.IGNORECASE)
_RANGE = r"\w?\d+\s*[-–—]\s*\w?\d+"
_VOLUME_ISSUE = re.compile(
    r"(?<![(\w])(?P<volume>\d{1,4})\s*\((?P<issue>[\w–/-]{1,12})\)"
    rf"(?:\s*[:,]\s*(?:pp?\.\s*)?(?P<page>{_RANGE}))?"
)
_VOLUME_PAGES = re.compile(rf"(?<=,\s)(?P<volume>\d{{1,3}}),\s*(?:pp?\.\s*)?(?P<page>{_RANGE})")
_VOLUME = re.compile(r"\bVol(?:ume)?\b\.?\s*(\d+)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:\b(?:No|Nr|Number|Issue|Iss|Heft)\b\.?|\bn[°º]\.?|№)\s*(\d[\w/-]*)", re.IGNORECASE
)
_PAGES = re.compile(rf"\bpp?\.\s*({_RANGE}|\d+)|(?<=[,:.]\s)({_RANGE})(?=[,.;\s]|$)")
_REPORT_NUMBER = re.compile(r"[A-Z]{2,8}[ /-]\d[\w/-]*(?: [A-Z]{2})?|COM ?\(\d{4}\) ?\d+")
_DATE = re.compile(
    r"(?P<day>\d{1,2})?(?:st|nd|rd|th)?\s*(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?"
    r"|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\.?\s*(?P<last>\d{1,2})?(?:,?\s*(?:19|20)\d\d)?",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ONLINE = re.compile(
    r"(?:published |advance )?online(?: first| publication)?|early view", re.IGNORECASE
)
_JOURNAL = re.compile(r"\b(?:journal|quarterly|review|revista|revue|zeitschrift)\b", re.IGNORECASE)
_CONFERENCE = re.compile(
    r"\b(?:conference|proceedings|symposium|workshop|congress|congreso|konferenz|colloque)\b",
    re.IGNORECASE,
)
_GENRE = re.compile(
    r"\b(?:working|discussion|policy|research|briefing|white) paper\b|\bpolicy brief(?:ing)?\b"
    r"|(?:\b|-)(?:report|rapport|bericht|informe)\b",
    re.IGNORECASE,
)
_THESIS = re.compile(r"\b(?:thesis|dissertation)\b", re.IGNORECASE)
_PRESS = re.compile(
    r"\b(?:press|publishers|publishing|verlag|edition\w*|ediciones)\b", re.IGNORECASE
)
#: Where the publishers of this field sit; countries come from the vocabulary.
_CITIES = frozenset(
    "amsterdam athens barcelona basingstoke berlin bonn bratislava bristol brussels bruxelles "
    "bucharest budapest cambridge cham cheltenham copenhagen dordrecht dublin dusseldorf edinburgh "
    "florence frankfurt geneva glasgow hamburg heidelberg helsinki koln cologne leiden leuven "
    "lisbon ljubljana london luxembourg madrid manchester milan munich munchen nairobi oslo oxford "
    "paris prague riga rome roma rotterdam sofia stockholm tallinn toronto torino turin utrecht "
    "valencia vienna wien vilnius warsaw zagreb zurich".split()
) | {"new york", "new delhi", "the hague", "washington dc", "washington", "frankfurt am main"}


@dataclass(frozen=True, slots=True)
class PublicationDetails:
    """Where a work appeared; empty where the line does not say, or not plainly."""

    #: A CSL type; "document" where the line does not tell.
    type: str = "document"
    #: (), or (month,) or (month, day) where a date without its year stands here.
    date: tuple[int, ...] = ()
    container_title: str = ""
    collection_title: str = ""
    event_title: str = ""
    publisher: str = ""
    publisher_place: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    number: str = ""
    genre: str = ""
    doi: str = ""
    isbn: tuple[str, ...] = ()
    url: str = ""


def links(text: str) -> tuple[str, PublicationDetails]:
    """The text without DOI, URL, ISBN and notes of access, and these."""
    doi = url = ""
    if found := _DOI.search(text):
        words = _balanced(found.group())
        doi = normal_doi(words)
        text = text.replace(words, " ", 1)
    text = _NOTE.sub(" ", text)
    if link := _URL.search(text):
        words = _balanced(link.group())
        url = normal_url(words)
        text = text.replace(words, " ")
    isbn = tuple(number for m in _ISBN.finditer(text) if (number := normal_isbn(m[1])))
    return _ISBN.sub(" ", text), PublicationDetails(doi=doi, url=url, isbn=isbn)


def month_and_day(text: str) -> tuple[int, ...]:
    """(month,) or (month, day) of a text that is wholly a date; () of any other."""
    found = _DATE.fullmatch(text.strip(" .,"))
    if not found:
        return ()
    month = _MONTHS.index(found["month"].lower()[:3]) + 1
    day = int(found["day"] or found["last"] or 0)
    return (month, day) if 1 <= day <= _DAYS[month - 1] else (month,)


def starts_imprint(text: str) -> bool:
    """True for text that begins as no title goes on: a link, a number, pages, an organisation."""
    first = re.split(r"[,.]\s", text)[0]
    return bool(
        re.match(r"https?:|doi\b|in\s+[A-Z]|vol\b|pp?\.", text, re.IGNORECASE)
        or _NUMBER.match(text)
        or _ONLINE.match(text)
        or (is_body(first) and first[:1].isupper())
    )


def _balanced(text: str) -> str:
    """A link without the punctuation of the sentence around it."""
    text = text.rstrip(".,;:'\"’”")
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1].rstrip(".,;")
    return text


def _dashed(pages: str) -> str:
    return re.sub(r"\s*[-–—]\s*", "-", pages)


def _pieces(text: str) -> list[str]:
    """The parts between commas, semicolons and full stops that stand outside brackets."""
    cuts = [m for m in re.finditer(r"[,;](?:\s+|$)", text)] + list(STOP.finditer(text))
    start, pieces = 0, []
    for cut in sorted(cuts, key=lambda m: m.start()):
        head = text[: cut.start()]
        if head.count("(") <= head.count(")"):
            pieces.append(text[start : cut.start()])
            start = cut.end()
    pieces.append(text[start:])
    return [piece for piece in (piece.strip(" ,.;:'’”\"") for piece in pieces) if piece]


def publication_details(
    text: str, is_quoted: bool, bodies: Collection[str] = ()
) -> PublicationDetails:
    """What the text after a title says of where the work appeared.

    After a title in quotes a lone name could be a journal or a publisher; ``bodies`` are
    organisations the work is known to be connected with, which may decide it.
    """
    text, found = links(text)
    inside = re.match(r"[\s,.;]*in\b:?\s+", text, re.IGNORECASE)
    text = text[inside.end() :] if inside else text
    joint = _VOLUME_ISSUE.search(text) or _VOLUME_PAGES.search(text)
    volume, number, pages = _VOLUME.search(text), _NUMBER.search(text), _PAGES.search(text)
    parts = joint.groupdict() if joint else {}
    marks = [m for m in (joint, volume) if m]
    # A journal's name stands before its volume, and nothing behind it belongs to the name.
    end = min((m.start() for m in [*marks, number] if m), default=len(text)) if marks else None
    found = replace(
        found,
        volume=parts.get("volume") or (volume[1] if volume else ""),
        issue=parts.get("issue") or (number[1] if volume and number else ""),
        number=number[1] if number and not marks else "",
        page=_dashed(parts.get("page") or (pages and (pages[1] or pages[2])) or ""),
    )
    head = text[:end]
    for mark in (_VOLUME, _NUMBER, _PAGES):
        head = mark.sub(" ", head)
    names, is_online = [], False
    for piece in _pieces(head):
        if date := month_and_day(piece):
            found = replace(found, date=date)
        elif _ONLINE.fullmatch(piece):
            is_online = True
        elif _REPORT_NUMBER.fullmatch(piece):
            found = replace(found, number=found.number or piece)
        elif re.search(r"[^\W\d_]", piece):
            names.append(piece)
    if any(_CONFERENCE.search(name) for name in names):
        return _conference(found, names)
    if inside:
        # Who edits the book and who publishes it cannot be told from its title.
        return replace(found, type="chapter")
    if found.volume or is_online or (names and _JOURNAL.search(names[0])):
        return _article(found, names)
    return _monograph(found, names, is_quoted, bodies)


def _conference(found: PublicationDetails, names: Sequence[str]) -> PublicationDetails:
    """A paper: the conference or its proceedings, then perhaps the year's edition of it."""
    names = _without_place(names)[0]
    at = next(i for i, name in enumerate(names) if _CONFERENCE.search(name))
    event = next((n for n in names[at + 1 :] if re.search(r"\b(?:19|20)\d\d\b", n)), "")
    held = re.sub(r"^(?:paper )?(?:presented|given) at (?:the )?", "", names[at], flags=re.I)
    kind = "article-journal" if found.issue else "paper-conference"
    if held != names[at]:
        return replace(found, type=kind, event_title=held)
    return replace(found, type=kind, container_title=held, event_title=event)


def _article(found: PublicationDetails, names: Sequence[str]) -> PublicationDetails:
    """An article: a journal's name may hold commas ("Work, Employment and Society")."""
    first_is_whole = len(names) > 1 and _JOURNAL.search(names[0])
    venue = names[0] if first_is_whole else ", ".join(names)
    if len(names) > 3 and not first_is_whole:
        venue = ""
    return replace(
        found,
        type="article-journal",
        container_title=venue,
        issue=found.issue or found.number,
        number="",
    )


def _monograph(
    found: PublicationDetails, names: Sequence[str], is_quoted: bool, bodies: Collection[str]
) -> PublicationDetails:
    """A report or book: series and kind of report, publisher, place."""
    names, place = _without_place(names)
    if any(_THESIS.search(name) for name in names):
        return replace(found, type="thesis", publisher_place=place)
    genre = next((name for name in names if _GENRE.search(name)), "")
    names = [name for name in names if name != genre and not re.search(r"\d", name)]
    is_kind = bool(_GENRE.fullmatch(genre))
    publisher = _publisher(names, place, is_quoted, bodies)
    kind = "report" if genre or found.number else "document"
    if kind == "document" and _PRESS.search(publisher):
        kind = "book"
    return replace(
        found,
        type=kind,
        genre=genre if is_kind else "",
        collection_title="" if is_kind else genre,
        publisher=publisher,
        publisher_place=place,
    )


def _publisher(names: Sequence[str], place: str, is_quoted: bool, bodies: Collection[str]) -> str:
    """The publisher among the names, where it is plain; its name may hold a comma."""
    known = [f"{fold(body)} " for body in bodies if fold(body)]
    for count in range(1, len(names) + 1):
        name = ", ".join(names[:count])
        if any(f"{fold(name)} ".startswith(body) for body in known):
            return name
    is_told = bool(place) or not is_quoted or any(is_body(name) for name in names)
    if (len(names) == 1 and is_told) or (len(names) == 2 and place):
        return ", ".join(names)
    return ""


def _without_place(names: Sequence[str]) -> tuple[list[str], str]:
    """The names without the place at their end, and the place: "Paris, France", "Oslo"."""
    countries = load_vocabulary().labels("countries")
    rest = list(names)
    if len(rest) > 2 and fold(rest[-1]) in countries and fold(rest[-1]) not in _CITIES:
        if len(rest[-2].split()) < 3 and not is_body(rest[-2]):
            return rest[:-2], ", ".join(rest[-2:])
    if rest and fold(rest[-1]) in (_CITIES | countries):
        return rest[:-1], rest[-1]
    return rest, ""
