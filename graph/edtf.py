"""Dates that are more than a day, month or year, in EDTF (ISO 8601-2): seasons, ranges, "circa".

oograph uses one normal form everywhere: one or two ends ("2015-22/2016-24"), each of them a year,
month (1-12), season (21-24: spring, summer, autumn, winter) or day. If the source says that the
date is approximate or uncertain, "~" follows every end; CSL-JSON does not distinguish the two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .dates import date_words, is_date, month_and_day

#: The datatype of EDTF literals, by the Library of Congress.
DATATYPE = "http://id.loc.gov/datatypes/edtf"

_SEASONS = {
    name: number
    for number, names in enumerate(
        (
            "spring spr fruhling fruhjahr printemps primavera",
            "summer sum sommer ete verano estate",
            "autumn aut fall fal herbst automne otono autunno",
            "winter win hiver invierno inverno",
        ),
        21,
    )
    for name in names.split()
}
_WINTER = 24
_END = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_EDTF = re.compile(rf"({_END})([~?%]?)(?:/({_END})([~?%]?))?", re.ASCII)
_YEARS = re.compile(r"(\d{4})\s*[-–—]{1,2}\s*(\d{4})", re.ASCII)
_CIRCA = re.compile(r"(?:c|ca|circa|about|approx|around)\b\.?\s*(\d{4})", re.IGNORECASE | re.ASCII)
#: RIS: year/month/day/other information.
_RIS = re.compile(r"(\d{4})/(?:\d{1,2})?/(?:\d{1,2})?/(?P<other>.+)", re.ASCII)
_JOINING = frozenset({"and", "to"})
#: Only this many characters of a text are read.
_LONGEST = 200


def edtf(text: str, month: str = "") -> str:
    """Convert a date to the normal form; "" if it is only a day, month or year.

    ``month`` is a separate field, if the source has one.

    >>> edtf("Spring 2019"), edtf("2019", "Mar-Apr"), edtf("c. 1995"), edtf("2018-2019")
    ('2019-21', '2019-03/2019-04', '1995~', '2018/2019')
    >>> edtf("2019", "SPR"), edtf("FAL 2019")  # Web of Science
    ('2019-21', '2019-23')
    >>> edtf("2015-22/2016-24"), edtf("[1995?]"), edtf("2019-03-01"), edtf("2016-17")
    ('2015-22/2016-24', '1995~', '', '')
    """
    text = text[:_LONGEST].strip(" []().")
    if whole := _RIS.fullmatch(text):
        other = whole["other"].strip()
        approximate = other.casefold() == "circa"
        return f"{whole[1]}~" if approximate else edtf(other) or edtf(whole[1], other)
    if written := _EDTF.fullmatch(text):
        ends = [_parts(end) for end in written.group(1, 3) if end]
        normal = edtf_of_parts(ends, circa=bool(written[2] or written[4]))
        if normal or not month:
            return normal
    if years := _YEARS.fullmatch(text):
        return edtf_of_parts([[int(years[1])], [int(years[2])]])
    if circa := _CIRCA.fullmatch(text):
        return f"{circa[1]}~"
    return _of_words(f"{text} {month[:_LONGEST]}")


def season_of(text: str) -> int:
    """The number of a season, from 1 (spring) to 4, by its name; 0 if it has none of these names.

    >>> season_of("Summer"), season_of("Hilary term")
    (2, 0)
    """
    return next((_SEASONS[word] - 20 for word in date_words(text) if word in _SEASONS), 0)


def _parts(end: str) -> list[int]:
    return [int(part) for part in end.split("-")]


def _of_words(text: str) -> str:
    """The normal form of seasons and months in words; "" if there are any other words."""
    times, years = _times_and_years(date_words(text))
    if times == [_WINTER] and len(years) == 2 and years[1] == years[0] + 1:
        del years[1]  # a winter belongs to the year in which it begins
    if len(times) not in (1, 2) or len(years) not in (1, len(times)):
        return ""
    if len(years) == 1:
        years *= len(times)
    return edtf_of_parts([[year, time] for year, time in zip(years, times, strict=True)])


def _times_and_years(words: Sequence[str]) -> tuple[list[int], list[int]]:
    """The months and seasons among these words, and each year once; none if any word is another."""
    times: list[int] = []
    years: list[int] = []
    for word in words:
        if word.isdecimal() and len(word) == 4:
            years.append(int(word))
        elif years and word == f"{(years[-1] + 1) % 100:02d}":  # "1995-96"
            years.append(years[-1] + 1)
        elif time := _SEASONS.get(word) or _month_named(word):
            times.append(time)
        elif word not in _JOINING:
            return [], []
    return times, list(dict.fromkeys(years))


def _month_named(word: str) -> int:
    return next(iter(month_and_day(word)), 0) if word.isalpha() else 0


def edtf_of_parts(ends: Sequence[Sequence[int]], season: int = 0, circa: bool = False) -> str:
    """The normal form of one or two dates in parts, as in CSL-JSON; "" as in ``edtf``.

    ``season`` (1-4) applies to a single date. A month from 13 to 16 is a season, too.

    >>> edtf_of_parts([[2013, 13], [2014, 16]]), edtf_of_parts([[2009]], season=4)
    ('2013-21/2014-24', '2009-24')
    """
    if not 0 < len(ends) < 3:
        return ""
    dates = [[*end[:1], *(_month(month) for month in end[1:2]), *end[2:3]] for end in ends]
    if len(dates) == 1 and season and len(dates[0]) == 1:
        dates[0].append(season + 20)
    if not all(map(_is_date, dates)) or (len(dates) == 2 and not _is_before(*dates)):
        return ""
    has_season = any(len(parts) > 1 and parts[1] > 12 for parts in dates)
    if not (has_season or circa or len(dates) == 2):
        return ""
    mark = "~" if circa else ""
    return "/".join(_written(parts) + mark for parts in dates)


def _month(month: int) -> int:
    return month + 8 if 13 <= month <= 16 else month


def _is_before(first: list[int], second: list[int]) -> bool:
    # a season cannot be compared with a month
    comparable = min(len(first), len(second)) if (first[1:2] > [12]) == (second[1:2] > [12]) else 1
    return first != second and first[:comparable] <= second[:comparable]


def _is_date(parts: list[int]) -> bool:
    if not parts or not 0 < parts[0] <= 9999:
        return False
    if len(parts) == 2 and 21 <= parts[1] <= 24:
        return True
    return is_date(*parts)


def _written(parts: Sequence[int]) -> str:
    return "-".join([f"{parts[0]:04d}", *(f"{part:02d}" for part in parts[1:])])


def start(text: str) -> tuple[int, ...]:
    """The start of a date in normal form, as a year, month or day.

    >>> start("2015-22/2016-24"), start("2019-03/2019-04"), start("1995~")
    ((2015,), (2019, 3), (1995,))
    """
    year, *rest = _parts(text.partition("/")[0].rstrip("~"))
    return (year, *rest) if rest and rest[0] <= 12 else (year,)


def csl_date(text: str) -> Mapping[str, Any]:
    """Convert a date in normal form to CSL-JSON; in a range, seasons are months from 13 to 16.

    >>> csl_date("2015-21~"), csl_date("2013-21/2014")
    ({'date-parts': [[2015]], 'season': 1, 'circa': True}, {'date-parts': [[2013, 13], [2014]]})
    """
    ends = [_parts(end.rstrip("~")) for end in text.split("/")]
    item: dict[str, Any] = {"date-parts": ends}
    if len(ends) == 1 and ends[0][1:2] > [12]:
        item = {"date-parts": [ends[0][:1]], "season": ends[0][1] - 20}
    else:
        item["date-parts"] = [
            [year, *(month - 8 if month > 20 else month for month in rest[:1]), *rest[1:]]
            for year, *rest in ends
        ]
    return {**item, "circa": True} if "~" in text else item


def other_information(text: str) -> str:
    """What RIS adds after year, month and day: a season or "circa", otherwise the whole date.

    >>> other_information("2015-21"), other_information("1995~"), other_information("2013/2014")
    ('Spring', 'circa', '2013/2014')
    """
    if re.fullmatch(r"\d{4}-2[1-4]", text):
        return ("Spring", "Summer", "Autumn", "Winter")[int(text[-1]) - 1]
    return "circa" if re.fullmatch(r"\d{4}~", text) else text
