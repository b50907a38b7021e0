"""A citation in one line, split into its parts.

Many styles occur side by side. What a line states clearly is taken. What could be read in two ways
is left out, because the line itself is kept in the record's source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace

from ...dates import UNDATED, publication_status, whole_month_and_day
from ...iris import fold
from ...model import Record
from ..name_lists import NameList
from .names import cited_names
from .publication_details import STOP, links, publication_details, starts_imprint
from .styles import divisions

__all__ = ["Opening", "open_citation", "parse"]


_YEAR = re.compile(
    r"\((?:c\.?\s*)?(?P<year>(?:19|20)\d\d)[a-z]?(?:,\s*(?P<date>[^()]{1,20}))?\)"
    rf"|\((?:{UNDATED})\)",
    re.IGNORECASE,
)
_LONE_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?!\s*[-–/])")
_EDITORS = re.compile(r"[\s,]*\(?\b(?:eds?|editors?|hrsg)\b\.?\)?[\s,]*$", re.IGNORECASE)
_QUOTES = {"'": "'’", "‘": "’'", "“": '”"', '"': '"”', "«": "»", "„": "“”", "`": "'’"}
_OPENING = " \"'‘“«„`"


@dataclass(frozen=True, slots=True)
class Opening:
    """A citation up to the end of its title, and the text after it."""

    names: NameList = NameList()
    #: Whether the names are those of editors.
    is_edited: bool = False
    #: The year in brackets before the title: "" if undated, None without brackets.
    year: str | None = None
    #: The text in place of the year: "forthcoming".
    status: str = ""
    #: The text after the year, in the same brackets.
    date: str = ""
    title: str = ""
    #: Whether the title is in quotes that end where it ends.
    is_quoted: bool = False
    rest: str = ""

    @property
    def opens_with_names(self) -> bool:
        """Whether the line opens with names and a year in brackets."""
        return bool(self.names.names) and self.year is not None

    @property
    def issued(self) -> str:
        """The year in brackets, otherwise the only year after the title; "" if unsure."""
        years = set(_LONE_YEAR.findall(self.rest)) if self.year is None else {self.year}
        return years.pop() if len(years) == 1 else ""


def parse(
    line: str,
    titles: Collection[str] = (),
    bodies: Collection[str] = (),
    countries: Collection[str] = (),
) -> Record:
    """The record of a citation line; fields that it does not state clearly are empty.

    ``titles`` are known titles of the work: one that occurs in the line shows where the title ends.
    ``bodies`` are organisations that the work is known to be connected with. ``countries`` are
    folded names that may end a place.
    """
    opening = open_citation(line, titles, bodies)
    if not titles and not (opening and opening.opens_with_names):
        opening = _open_without_brackets(line) or opening
    if opening is None:
        return links(" ".join(line.split()))[1]
    details, date = publication_details(opening.rest, opening.is_quoted, bodies, countries)
    date = whole_month_and_day(opening.date) or date
    names, year = opening.names, opening.issued
    return replace(
        details,
        title=opening.title,
        authors=() if opening.is_edited else names.names,
        more_authors=names.more,
        editors=names.names if opening.is_edited else (),
        issued=(int(year), *date) if year else (),
        status=opening.status,
    )


def open_citation(
    line: str, titles: Collection[str] = (), bodies: Collection[str] = ()
) -> Opening | None:
    """The names, year and title that open a citation; None if no year or title is found."""
    text = " ".join(line.split())
    span = _find(text, titles)
    years = [m for m in _YEAR.finditer(text) if not (span and span[0] < m.start() < span[1])]
    year = years[0] if years and (span is None or years[0].start() < span[0]) else None
    if year:
        before, after = text[: year.start()], text[year.end() :]
    elif span:
        before = text[: span[0]].rstrip(_OPENING)
        after = text[len(before) :]
    else:
        return None
    title, rest, is_sure = _title(after, titles)
    return Opening(
        names=cited_names(_EDITORS.sub("", before), bodies) or NameList(),
        is_edited=bool(_EDITORS.search(before)),
        year=(year["year"] or "") if year else None,
        status=publication_status(year.group()) if year else "",
        date=(year["date"] or "") if year else "",
        title=title,
        is_quoted=is_sure and after.lstrip(" ,.:;")[:1] in _QUOTES,
        rest=rest,
    )


def _open_without_brackets(line: str) -> Opening | None:
    """The same for styles without brackets around the year; None if no names open the line."""
    for parts in divisions(" ".join(line.split())):
        names = cited_names(_EDITORS.sub("", parts.names))
        if names and names.names:
            return Opening(
                names=names,
                is_edited=bool(_EDITORS.search(parts.names)),
                year=parts.year,
                date=parts.date,
                title=parts.title,
                is_quoted=parts.is_quoted,
                rest=parts.rest,
            )
    return None


def _folded(text: str) -> tuple[str, list[int]]:
    """``fold(text)``, and the position in ``text`` of each of its characters."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character in "'’":
            continue
        plain = unicodedata.normalize("NFKD", character.replace("ß", "ss")).casefold()
        for c in plain:
            if unicodedata.combining(c):
                continue
            if re.match(r"[\W_]", c):
                if letters and letters[-1] != " ":
                    letters.append(" ")
                    places.append(place)
            else:
                letters.append(c)
                places.append(place)
    return "".join(letters), places


def _find(text: str, titles: Collection[str]) -> tuple[int, int] | None:
    """The span in ``text`` of one of the titles as whole words; the longest is tried first."""
    folded, places = _folded(text)
    for title in sorted(map(fold, titles), key=len, reverse=True):
        at = f" {folded} ".find(f" {title} ") if len(title) > 3 else -1
        if at >= 0:
            return places[at], places[at + len(title) - 1] + 1
    return None


def _title(after: str, titles: Collection[str]) -> tuple[str, str, bool]:
    """The title at the start of ``after``, the text after it, and whether its end is certain."""
    text = after.lstrip(" ,.:;")
    stopped = after.lstrip(" ").startswith(".")
    span = _find(text, titles)
    if span and span[0] <= 1:
        tail = re.match(r"[?!.…)]*", text[span[1] :])
        end = span[1] + (tail.end() if tail else 0)
        if re.match(r"\s*(?:[,.;'’\"”»]|$)", text[end:]) or text[end - 1] in ".?!":
            return text[span[0] : end].rstrip("."), text[end:].lstrip(" '’\"”»"), True
    if closing := _QUOTES.get(text[:1]):
        for mark in re.finditer(rf"[{closing}](?=\s*[,.;:)]|\s*$|\s+[^\W\d_a-z])", text[1:]):
            if (
                text[mark.end() + 1 :].lstrip()[:1] in (",", ".", ";", ":", ")", "")
                or text[mark.start()] in ",.?!"
            ):
                return text[1 : mark.start() + 1].strip(" ,"), text[mark.end() + 1 :], True
    stop = STOP.search(text)
    comma = _comma_end(text)
    if stop and (stopped or not re.search(r",\s", text[: stop.start()])):
        end = stop.start()
    elif after.startswith(" ") and stop and not after.lstrip().startswith((":", ",")):
        end = stop.start()
    else:
        end = comma
    return text[:end].strip(" .,"), text[end:], False


def _comma_end(text: str) -> int:
    """The end of a title that ends with a comma; a lower-case word after one continues it."""
    pieces = re.split(r"(?<=,)\s+", text)
    count = 1
    while count < len(pieces) and not starts_imprint(pieces[count]):
        goes_on = pieces[count][:1].islower()
        # "Numbers, Profiles, and Status": a list inside the title.
        is_list = count + 1 < len(pieces) and re.match(r"(?:and|or|y|et|und)\s", pieces[count + 1])
        if not goes_on and not (is_list and len(pieces[count].split()) < 3):
            break
        count += 1
    return len(" ".join(pieces[:count]).rstrip(","))
