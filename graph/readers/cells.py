"""The cells of one row, by the fields of BibTeX: joined, divided and put right."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence

from ..dates import parse_date
from ..iris import fold
from ..model import RETRACTED
from .headers import (
    CITATION,
    FIRST_PAGE,
    FULL_JOURNAL,
    FULL_NAMES,
    GROUP_AUTHORS,
    IS_RETRACTED,
    KINDS,
    LAST_PAGE,
    NO_KIND,
)
from .latex import fold_space
from .name_lists import listed_with_initials
from .names import with_initials
from .values import says_retracted

#: Fields that pandas may have made "27.0" of.
_NUMBERS = frozenset({"volume", "number", "issue", "year", "pages", "edition", "month"})
#: Fields of which several columns may each hold some values: the print and the electronic ISSN.
_LISTED = ("keywords", "issn", "isbn")
_YES = frozenset("1 true yes".split())
_FLOAT = re.compile(r"(\d+)[.,]0")
#: What pandas, R and spreadsheets write where there is nothing.
_NOTHING = frozenset("nan none null n/a na #n/a".split())
#: What a spreadsheet shows of "5-14" and "5/14", which it takes for a date: "14-May", "14. Mai".
_DAY_MONTH = re.compile(r"\d{1,2}[-. ]{1,2}([^\W\d_]{3,9})\.?")
_MONTH_YEAR = re.compile(r"([^\W\d_]{3,9})\.?[- ]\d{2}")
#: ="1234": a guard, so that a spreadsheet leaves a number as it is written.
_GUARD = re.compile(r'="([^"]*)"')
#: A list as Python writes it: "['Low, Ada', 'Li, Bo']".
_LIST = re.compile(r"\[['\"].*['\"]\]", re.DOTALL)
#: Scopus writes its own number of a person behind the name.
_AUTHOR_ID = re.compile(r" ?\(\d{6,}\)")
#: PubMed: "Eur J Driv. 2020 Feb;63(2):103-110. doi: …".
_CITATION = re.compile(
    r"(?P<journal>[^;]+?)\. (?P<date>\d{4}[^;:.]*)"
    r"(?:;(?P<volume>[^():.;]*)(?:\((?P<issue>[^()]*)\))?(?::(?P<pages>[^.;:]+))?)?\."
)
#: The comma of a person; a body's is written twice.
_COMMA = re.compile(r"(?<!,),(?!,)")
#: What a list of names ends with that was cut off.
_CUT_OFF = ("…", "...")


def guarded(cell: str) -> str:
    """What a cell holds, without the spaces and the guard around it; ";" divides a list.

    >>> guarded(' ="1234" '), guarded("['Low, Ada', \\"O'Li, Bo\\"]"), guarded("['?]'")
    ('1234', "Low, Ada; O'Li, Bo", "['?]'")
    """
    cell = cell.strip()
    if match := _GUARD.fullmatch(cell):
        return match[1].strip()
    return _joined(cell) if _LIST.fullmatch(cell) else cell


def _joined(cell: str) -> str:
    try:
        values = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return cell
    is_texts = isinstance(values, list) and all(isinstance(value, str) for value in values)
    return "; ".join(filter(None, map(str.strip, values))) if is_texts else cell


def by_field(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The values of a row; of two columns for one field, the first that is filled."""
    filled = [(field, cell) for field, cell in pairs if cell and cell.casefold() not in _NOTHING]
    fields: dict[str, str] = {}
    for field, cell in filled:
        fields.setdefault(field, _whole(cell) if field in _NUMBERS else cell)
    fields.pop("ENTRYTYPE", None)
    kinds = [cell for field, cell in filled if field == "ENTRYTYPE"]
    if kind := _kind(kinds):
        fields["ENTRYTYPE"] = kind
    if fields.pop(IS_RETRACTED, "").casefold() in _YES or any(map(says_retracted, kinds)):
        fields["pubstate"] = RETRACTED
    for field in fields.keys() & set(_LISTED):
        cells = (cell for name, cell in filled if name == field)
        fields[field] = "; ".join(cells).replace("|", ";")
    if full := fields.pop(FULL_NAMES, ""):
        fields["author"] = _AUTHOR_ID.sub("", fold_space(full))
    if full := fields.pop(FULL_JOURNAL, ""):
        fields["journal"] = full
    _read_places(fields)
    for field in fields.keys() & {"author", "editor"}:
        fields[field] = _divided(fields[field])
    if bodies := fields.pop(GROUP_AUTHORS, ""):
        braced = (f"{{{body.strip()}}}" for body in bodies.split(";") if body.strip())
        fields["author"] = " and ".join(filter(None, (fields.get("author", ""), *braced)))
    return fields


def _read_places(fields: dict[str, str]) -> None:
    """Put what cells say of the venue, the pages and the month where BibTeX has it."""
    if citation := _CITATION.match(fields.pop(CITATION, "")):
        for field, text in citation.groupdict().items():
            fields.setdefault(field, text or "")
    if start := fields.pop(FIRST_PAGE, ""):
        last = fields.pop(LAST_PAGE, "")
        # what stands beside a first page is an article's number
        fields["pages"] = f"{start}-{last}" if last and last != start else start
    if "year" in fields and not re.search(r"\d{4}", fields.get("date", "0000")):
        # Web of Science: "JUN 15", beside the year.
        fields.setdefault("month", fields.pop("date"))


def as_written(fields: Mapping[str, str], pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The fields of a row, each with the cell that it was made of as it stands there."""
    cells: dict[str, str] = {}
    for field, cell in pairs:
        if cell:
            cells.setdefault(field, cell)
    if full := cells.get(FULL_NAMES):
        cells["author"] = full
    return {field: cells.get(field, text) for field, text in fields.items()}


def turned_into_dates(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of numbers in which a spreadsheet has left a date, and nothing of the numbers."""
    return {
        field: text
        for field, text in fields.items()
        # an issue may be that of a month
        if (field in ("pages", "volume", "issue", "number") and _is_month(_DAY_MONTH, text))
        or (field == "pages" and _is_month(_MONTH_YEAR, text))
    }


def _is_month(form: re.Pattern[str], text: str) -> bool:
    match = form.fullmatch(text)
    return match is not None and len(parse_date("2000", match[1])) == 2


def _kind(cells: Sequence[str]) -> str:
    """The entry type; what we know goes first, and a word says more than a letter.

    >>> _kind(["J", "Article; Proceedings Paper"]), _kind(["Article; Retracted Publication"])
    ('inproceedings', 'article')
    """
    kinds = [fold(text) for cell in cells for text in (cell, *cell.split(";"))]
    said = sorted((kind for kind in kinds if kind not in NO_KIND), key=lambda kind: len(kind) < 3)
    known = (KINDS[kind] for kind in said if kind in KINDS)
    return next(known, said[0] if said else "")


def _divided(names: str) -> str:
    """Names with the "and" of BibTeX between them, bodies in braces; tables divide by ";"."""
    names = names.rstrip()
    more = " and others" if names.endswith((" and others", *_CUT_OFF)) else ""
    for end in _CUT_OFF:
        names = names.removesuffix(end).rstrip()
    names = names.removesuffix(" and others")
    if listed := listed_with_initials(names):
        return " and ".join(listed) + more
    mark = ";" if ";" in names else "|"
    parts = [part for part in map(str.strip, names.split(mark)) if part]
    if ",," in names and len(parts) == 1 and _COMMA.search(names):
        parts = names.split(" and ")
    if len(parts) > 1 and " and " in names and ",," not in names:
        return names + more
    is_inverted = any("," in part for part in parts)
    return " and ".join(_braced(part, is_inverted) for part in parts) + more


def _braced(name: str, is_inverted: bool) -> str:
    """A body in braces: its comma is written twice, or it has none in a list of "Family, Given"."""
    if ",," in name:
        return f"{{{name.replace(',,', ',')}}}"
    is_whole = is_inverted and " " in name and "," not in name
    return f"{{{name}}}" if is_whole and not with_initials(name) else name


def _whole(cell: str) -> str:
    """``27`` for the ``27.0`` that pandas makes of a column with gaps."""
    match = _FLOAT.fullmatch(cell)
    return match[1] if match else cell
