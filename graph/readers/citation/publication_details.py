"""The publication details: everything after the title of a citation, from venue to link."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from ...dates import whole_month_and_day
from ...identifiers import normal_doi, normal_isbn, normal_url
from ...iris import fold
from ...model import Record
from ..names import is_body
from ..proxies import unproxied
from ..values import pages

#: A full stop that ends a sentence: after a word, before a capital; not after "No." or "Vol.".
STOP = re.compile(
    r"(?<=[\w)\]'’”\"»?!])(?<!\bNo)(?<!\bNr)(?<!\bno)(?<!\bnr)(?<!\bVol)(?<!\bvol)(?<!\bpp)(?<!\bvs)"
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
#: Place and publisher at the end: "Oslo: Press" or "Cambridge, MA: MIT Press".
_IMPRINT = re.compile(
    r"(?:\A|(?<=[.;] ))(?P<place>(?P<city>[^\W\d_][^\d.,:;]{2,25})(?P<state>, [A-Z]{2})?):"
    r" (?P<publisher>[^\d.,:;()]{2,80})[\s.,;]*\Z"
)
_ONLINE = re.compile(
    r"(?:published |advance )?online(?: first| publication)?|early view", re.IGNORECASE
)
_JOURNAL = re.compile(r"\b(?:journal|quarterly|review|revista|revue|zeitschrift)\b", re.IGNORECASE)
_CONFERENCE = re.compile(
    r"\b(?:conferences?|proceedings|symposium|workshop|congress|congreso|konferenz|colloque)\b",
    re.IGNORECASE,
)
_HELD = re.compile(r"^(?:paper )?(?:presented|given) at (?:the )?", re.IGNORECASE)
#: The last item of a list: "Control, and Computing", "Policy and Politics".
_AND = re.compile(r"(?:\A|\s)(?:and|&)\s", re.IGNORECASE)
#: An item of a list in a name; the name may begin with a year.
_LISTED = re.compile(r"(?:(?:19|20)\d\d )?[^\W\d_](?:[^\d().]*[^\W\d_])?")
#: Publishers of proceedings with two names.
_TWO = re.compile(r"\bFrancis\b|\bSons\b|\bPublications\b")
#: Conferences in IEEE's abbreviations, whose full stops hide where the name ends.
_PROCEEDINGS = re.compile(r"\b(?:Proc|Conf|Symp)\.")
_WORD = r"[^\W\d_a-z][^\W\d_]*"
#: A journal's abbreviated name: "Inf. Commun. Soc.".
_SHORT_WORDS = re.compile(
    rf"[\s,.;]*((?:{_WORD} )*[^\W\d_a-z][^\W\d_]{{0,6}}(?:\. {_WORD}(?: {_WORD})*)+\.?)[\s,.;]*"
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
#: Cities of publishers in this field; countries come from the vocabulary.
_CITIES = frozenset(
    "amsterdam athens barcelona basingstoke berlin bonn bratislava bristol brussels bruxelles "
    "bucharest budapest cambridge cham cheltenham copenhagen dordrecht dublin dusseldorf edinburgh "
    "florence frankfurt geneva glasgow hamburg heidelberg helsinki koln cologne leiden leuven "
    "lisbon ljubljana london luxembourg madrid manchester milan munich munchen nairobi oslo oxford "
    "paris prague riga rome roma rotterdam sofia stockholm tallinn toronto torino turin utrecht "
    "valencia vienna wien vilnius warsaw zagreb zurich".split()
) | {"new york", "new delhi", "the hague", "washington dc", "washington", "frankfurt am main"}


def links(text: str) -> tuple[str, Record]:
    """The text without DOI, URL, ISBN and access notes, and a record with the first three."""
    doi = url = ""
    text = _URL.sub(_public, text)
    if number := _DOI.search(text):
        words = _balanced(number.group())
        doi = normal_doi(words)
        text = text.replace(words, " ", 1)
    text = _NOTE.sub(" ", text)
    if link := _URL.search(text):
        words = _balanced(link.group())
        url = normal_url(words)
        text = text.replace(words, " ")
    isbn = tuple(filter(None, (normal_isbn(match[1]) for match in _ISBN.finditer(text))))
    return _ISBN.sub(" ", text), Record("", doi=doi, url=url, isbn=isbn)


def starts_imprint(text: str) -> bool:
    """True for text that cannot continue a title: a link, a number, pages, an organisation."""
    first = re.split(r"[,.]\s", text)[0]
    return bool(
        re.match(r"https?:|doi\b|in\s+[A-Z]|vol\b|pp?\.", text, re.IGNORECASE)
        or _NUMBER.match(text)
        or _ONLINE.match(text)
        or (is_body(first) and first[:1].isupper())
    )


def _public(url: re.Match[str]) -> str:
    """A URL as anybody can open it, or "", and the punctuation after it."""
    words = _balanced(url.group())
    return unproxied(words) + url.group().removeprefix(words)


def _balanced(text: str) -> str:
    """A link without the punctuation of the sentence around it."""
    text = text.rstrip(".,;:'\"’”")
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1].rstrip(".,;")
    return text


def _pieces(text: str) -> list[str]:
    """The parts between commas, semicolons and full stops outside brackets."""
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
    text: str, is_quoted: bool, bodies: Collection[str], countries: Collection[str]
) -> tuple[Record, tuple[int, ...]]:
    """What the text after a title says about where the work appeared, and the month and day.

    After a title in quotes a lone name could be a journal or a publisher. ``bodies``, organisations
    that the work is known to be connected with, may decide it. The record has a type if the text
    shows one.
    """
    text, details = links(text)
    inside = re.match(r"[\s,.;]*in\b:?\s+", text, re.IGNORECASE)
    text = text[inside.end() :] if inside else text
    details, head = _numbered(text, details)
    head, *imprint = _without_imprint(re.sub(r"\s*\(\s*\)", "", head), countries)
    names, report, date, is_online = _told_apart(_pieces(head))
    details = replace(details, number=details.number or report)
    unplaced, place = _without_place(names, countries)
    if any(imprint):
        place, unplaced = imprint[0], [*names, imprint[1]]
    if any(_CONFERENCE.search(name) for name in unplaced):
        details = _conference(details, unplaced)
    elif inside:
        # The line does not show clearly who edited the book and who published it.
        is_paper = _PROCEEDINGS.search(head)
        details = replace(details, type="paper-conference" if is_paper else "chapter")
    elif details.volume or is_online or (names and _JOURNAL.search(names[0])):
        short = _SHORT_WORDS.fullmatch(head)
        details = _article(details, [short[1]] if short else names)
    else:
        details = _monograph(details, unplaced, place, is_quoted, bodies)
    if any(imprint):
        details = replace(details, publisher_place=imprint[0], publisher=imprint[1])
    return details, date


def _told_apart(pieces: Iterable[str]) -> tuple[list[str], str, tuple[int, ...], bool]:
    """The names among some pieces, a report's number, the month and day, and "online"."""
    names: list[str] = []
    report, is_online = "", False
    date: tuple[int, ...] = ()
    for piece in pieces:
        if day := whole_month_and_day(piece):
            date = day
        elif _ONLINE.fullmatch(piece):
            is_online = True
        elif _REPORT_NUMBER.fullmatch(piece):
            report = report or piece
        elif re.search(r"[^\W\d_]", piece):
            names.append(piece)
    return names, report, date, is_online


def _numbered(text: str, details: Record) -> tuple[Record, str]:
    """The record with the volume, issue, number and pages of a text, and the text before them."""
    joint = _VOLUME_ISSUE.search(text) or _VOLUME_PAGES.search(text)
    volume, number = _VOLUME.search(text), _NUMBER.search(text)
    # "no. 4-6, pp. 1-9": prefer the numbers marked as pages.
    paged = max(_PAGES.finditer(text), key=lambda m: bool(m[1]), default=None)
    parts = joint.groupdict() if joint else {}
    marks = [m for m in (joint, volume) if m]
    # A journal's name comes before its volume; nothing after the volume belongs to the name.
    end = min((m.start() for m in [*marks, number] if m), default=len(text)) if marks else None
    details = replace(
        details,
        volume=parts.get("volume") or (volume[1] if volume else ""),
        issue=parts.get("issue") or (number[1] if volume and number else ""),
        number=number[1] if number and not marks else "",
        page=pages(parts.get("page") or (paged and (paged[1] or paged[2])) or ""),
    )
    head = text[:end]
    for mark in (_VOLUME, _NUMBER, _PAGES):
        head = mark.sub(" ", head)
    return details, head


def _without_imprint(text: str, countries: Collection[str]) -> tuple[str, str, str]:
    """The text without the place and publisher at its end, and these two."""
    match = _IMPRINT.search(text)
    if match is None:
        return text, "", ""
    city = fold(match["city"])
    if not match["state"] and city not in _CITIES and city not in countries:
        return text, "", ""
    return text[: match.start()], match["place"], match["publisher"].strip()


def _conference(details: Record, names: Sequence[str]) -> Record:
    """A paper: the conference or its proceedings, then perhaps that year's edition."""
    told = [_HELD.sub("", name) for name in names]
    start, end = _conference_name(told)
    editions = (name for name in names[end:] if not re.match(r"\d", name))
    event = next((n for n in editions if re.search(r"\b(?:19|20)\d\d\b", n)), "")
    name = ", ".join(told[start:end])
    kind = "article-journal" if details.issue else "paper-conference"
    if told[start] != names[start]:
        return replace(details, type=kind, event_title=name)
    return replace(details, type=kind, container_title=name, event_title=event)


def _conference_name(names: Sequence[str]) -> tuple[int, int]:
    """The start and end of the conference's name, which may hold a list with commas and "and"."""
    found = map(_CONFERENCE.search, names)
    at, before = next((i, match.string[: match.start()]) for i, match in enumerate(found) if match)
    start = 0 if _AND.search(before) and all(map(_is_listed, names[:at])) else at
    listed = takewhile(lambda i: _is_listed(names[i]), range(at + 1, len(names)))
    return start, max((i for i in listed if _AND.search(names[i])), default=at) + 1


def _is_listed(name: str) -> bool:
    """Whether the text between two commas may be an item of a list in a name."""
    is_item = _LISTED.fullmatch(name) and len(name.split()) < 6
    return bool(is_item) and not (is_body(name) or _PRESS.search(name) or _TWO.search(name))


def _article(details: Record, names: Sequence[str]) -> Record:
    """An article; the journal's name may contain commas ("Work, Employment and Society")."""
    first_is_whole = len(names) > 1 and _JOURNAL.search(names[0])
    venue = names[0] if first_is_whole else ", ".join(names)
    if len(names) > 3 and not first_is_whole:
        venue = ""
    return replace(
        details,
        type="article-journal",
        container_title=venue,
        issue=details.issue or details.number,
        number="",
    )


def _monograph(
    details: Record, names: Sequence[str], place: str, is_quoted: bool, bodies: Collection[str]
) -> Record:
    """A report or book: its series, kind of report, publisher and place."""
    if any(_THESIS.search(name) for name in names):
        return replace(details, type="thesis", publisher_place=place)
    genre = next((name for name in names if _GENRE.search(name)), "")
    names = [name for name in names if name != genre and not re.search(r"\d", name)]
    is_kind = bool(_GENRE.fullmatch(genre))
    publisher = _publisher(names, place, is_quoted, bodies)
    kind = "report" if genre or details.number else "document"
    if kind == "document" and _PRESS.search(publisher):
        kind = "book"
    return replace(
        details,
        type=kind,
        genre=genre if is_kind else "",
        collection_title="" if is_kind else genre,
        publisher=publisher,
        publisher_place=place,
    )


def _publisher(names: Sequence[str], place: str, is_quoted: bool, bodies: Collection[str]) -> str:
    """The publisher among the names, if it is clear; its name may contain a comma."""
    known = [f"{fold(body)} " for body in bodies if fold(body)]
    for count in range(1, len(names) + 1):
        name = ", ".join(names[:count])
        if any(f"{fold(name)} ".startswith(body) for body in known):
            return name
    is_plain = bool(place) or not is_quoted or any(is_body(name) for name in names)
    if (len(names) == 1 and is_plain) or (len(names) == 2 and place):
        return ", ".join(names)
    return ""


def _without_place(names: Sequence[str], countries: Collection[str]) -> tuple[Sequence[str], str]:
    """The names without the place at their end, and the place: "Paris, France", "Oslo"."""
    last = fold(names[-1]) if names else ""
    is_city, is_country = last in _CITIES, last in countries
    if len(names) > 2 and is_country and not is_city:
        if len(names[-2].split()) < 3 and not is_body(names[-2]):
            return names[:-2], ", ".join(names[-2:])
    return (names[:-1], names[-1]) if is_city or is_country else (names, "")
