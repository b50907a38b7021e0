"""Parse dates as bibliographies write them into (year,), (year, month) or (year, month, day).

One parser for every format: ISO 8601 and EDTF ("2019-03", "2019-03-01/2019-04", "1995~"), words
("1 March 2019", "Mar 2019", "Spring 2019"), and the slashes of RIS ("2019/03/01/"). A range gives
its start, a season its year; "forthcoming" and "n.d." give no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from .iris import fold

#: BibTeX's names of the months, in order.
MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())
#: Only this many characters of a text are read.
_LONGEST = 200
_STATUSES = r"forthcoming|in press|in preparation|to appear|accepted|submitted"
#: What is written instead of a date if there is none, as a regular expression.
UNDATED = rf"{_STATUSES}|n\.\s?d\.|no date|undated|s\.\s?[ad]\."
_STATUS = re.compile(rf"\W*({_STATUSES})\W*", re.IGNORECASE)
_UNDATED = re.compile(rf"\W*(?:{UNDATED})\W*", re.IGNORECASE)
_NUMERIC = re.compile(
    r"\W*(?:c(?:a|irca)?\.?\s*)?(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)", re.IGNORECASE
)
_MONTH_YEAR = re.compile(r"\W*(\d{1,2})[-/.]([12]\d{3})(?!\d)")
_YEAR_LAST = re.compile(r"\W*(\d{1,2})([./-])(\d{1,2})\2([12]\d{3})(?!\d)")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_DAY_MONTH = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<month>[^\W\d_]+)\.?"
    r"(?:\s+(?P<last>\d{1,2})(?:st|nd|rd|th)?)?(?:,?\s*(?:19|20)\d\d)?",
    re.IGNORECASE,
)
#: English, German, French, Spanish and Italian, folded.
_NAMES = (
    "january januar janvier enero gennaio|february februar fevrier febrero febbraio"
    "|march marz mars marzo|april avril abril aprile|may mai mayo maggio"
    "|june juni juin junio giugno|july juli juillet julio luglio|august aout agosto"
    "|september septembre septiembre settembre"
    "|october oktober octobre octubre ottobre|november novembre noviembre"
    "|december dezember decembre diciembre dicembre"
)
#: Each name, and each abbreviation of three letters or more -> the number of the month.
_MONTHS = {
    name[:length]: number
    for number, names in enumerate(_NAMES.split("|"), 1)
    for name in names.split()
    for length in range(3, len(name) + 1)
}


def parse_date(text: str, month: str = "", day: str = "") -> tuple[int, ...]:
    """Parse the date in ``text``; () if it has no year.

    ``month`` and ``day`` are separate fields, used if ``text`` has only a year or no day.

    >>> parse_date("1 March 2019"), parse_date("2019/03/01"), parse_date("2019", "mar", "1")
    ((2019, 3, 1), (2019, 3, 1), (2019, 3, 1))
    >>> parse_date("01.05.2019"), parse_date("14/05/2019"), parse_date("01/05/2019")
    ((2019, 5, 1), (2019, 5, 14), (2019,))
    >>> parse_date("Spring 2019"), parse_date("2010-05/2012"), parse_date("n.d.")
    ((2019,), (2010, 5), ())
    """
    text = text[:_LONGEST]
    if numeric := _NUMERIC.match(text):
        parts = [int(part) for part in numeric.groups() if part]
    elif year_last := _YEAR_LAST.match(text):
        parts = [int(year_last[4]), *_month_and_day_of(*year_last.group(1, 2, 3))]
    elif reversed_parts := _MONTH_YEAR.match(text):
        parts = [int(reversed_parts[2]), int(reversed_parts[1])]
    elif year := _YEAR.search(text):
        parts = [int(year.group())]
    else:
        return ()
    if len(parts) == 1:
        parts += _named(date_words(text)) or month_and_day(month)
    if len(parts) == 2 and re.fullmatch(r"\s*[0-9]{1,2}\s*", day):
        parts.append(int(day))
    # Not every date exists: "2013-02-30" still says February.
    while len(parts) > 1 and not is_date(*parts):
        parts.pop()
    return tuple(parts) if parts[0] > 0 else ()


def _month_and_day_of(first: str, mark: str, second: str) -> tuple[int, ...]:
    """The month and day before a year; () for "1/5", which is May in Spain, January in the USA."""
    left, right = int(first), int(second)
    if mark == "." or left > 12 or left == right:
        return right, left
    return (left, right) if right > 12 else ()


def has_unclear_month(text: str) -> bool:
    """Whether either number before the year may be the month.

    >>> has_unclear_month("01/05/2019"), has_unclear_month("14/05/2019")
    (True, False)
    """
    year_last = _YEAR_LAST.match(text[:_LONGEST])
    return year_last is not None and not _month_and_day_of(*year_last.group(1, 2, 3))


def best_date(texts: Iterable[str], month: str = "", day: str = "") -> tuple[int, ...]:
    """The first date among ``texts``, or a more precise one among them from the same year."""
    dates = [parsed for text in texts if (parsed := parse_date(text, month, day))]
    return max((each for each in dates if each[0] == dates[0][0]), key=len, default=())


def month_and_day(text: str) -> tuple[int, ...]:
    """Parse a month field, by name or number, into (month,) or (month, day); () if it has none.

    >>> month_and_day("April 3"), month_and_day("04"), month_and_day("Spring")
    ((4, 3), (4,), ())
    """
    words = date_words(text[:_LONGEST])
    numbers = (int(word) for word in words if word.isdecimal())
    return _named(words) or tuple(number for number in numbers if 1 <= number <= 12)[:1]


def whole_month_and_day(text: str) -> tuple[int, ...]:
    """Parse a text that is only a month and perhaps a day; () for any other text."""
    match = _DAY_MONTH.fullmatch(text.strip(" .,")[:_LONGEST])
    month = _MONTHS.get(fold(match["month"])) if match else None
    if match is None or month is None:
        return ()
    day = int(match["day"] or match["last"] or 0)
    return (month, day) if is_date(2000, month, day) else (month,)


def is_undated(text: str) -> bool:
    """Whether a text says that there is no date: "forthcoming", "n.d." and so on."""
    return bool(_UNDATED.fullmatch(text))


def publication_status(text: str) -> str:
    """The publication status given instead of a date: "forthcoming", "in press"; or ""."""
    match = _STATUS.fullmatch(text[:_LONGEST])
    return match[1].lower() if match else ""


def date_words(text: str) -> list[str]:
    """The words and numbers of a date, folded."""
    return [fold(word) for word in _WORD.findall(text)]


def _named(words: list[str]) -> tuple[int, ...]:
    """The first month name among these words, and the first number that could be its day."""
    month = next((_MONTHS[word] for word in words if word in _MONTHS), None)
    if month is None:
        return ()
    day = next((int(word) for word in words if word.isdecimal() and len(word) < 3), 0)
    return (month, day) if day else (month,)


def is_date(year: int, month: int = 1, day: int = 1) -> bool:
    """Whether this day exists in the calendar."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
