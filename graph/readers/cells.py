"""The cells of one row as BibTeX fields: joined, split and cleaned up."""

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
    NUMBERED_AUTHORS,
)
from .latex import fold_space, unescaped
from .name_lists import SEMICOLON, joining_word, listed_with_initials
from .names import with_comma, with_initials
from .values import says_retracted

#: Fields in which pandas may have turned "27" into "27.0".
_NUMBERS = frozenset(
    {"volume", "number", "issue", "year", "pages", "edition", "month", "issn", "isbn"}
)
#: Fields whose values may be in several columns, such as the print and the electronic ISSN.
LISTED = ("keywords", "issn", "isbn", NUMBERED_AUTHORS)
_YES = frozenset("1 true yes".split())
_FLOAT = re.compile(r"(\d+)[.,]0")
#: What pandas, R and spreadsheets write for an empty cell.
_NOTHING = frozenset("nan none null n/a na #n/a".split())
#: What a spreadsheet makes of "5-14" and "5/14", which it takes for dates: "14-May", "14. Mai".
_DAY_MONTH = re.compile(r"\d{1,2}[-. ]{1,2}([^\W\d_]{3,9})\.?")
_MONTH_YEAR = re.compile(r"([^\W\d_]{3,9})\.?[- ]\d{2}")
#: ="1234": a guard that makes a spreadsheet leave a number as it is written.
_GUARD = re.compile(r'="([^"]*)"')
#: A list as Python writes it: "['Low, Ada', 'Li, Bo']".
_LIST = re.compile(r"\[['\"].*['\"]\]", re.DOTALL)
#: Scopus adds its own number for a person after the name.
_AUTHOR_ID = re.compile(r" ?\(\d{6,}\)")
#: PubMed: "Eur J Driv. 2020 Feb;63(2):103-110. doi: …".
_CITATION = re.compile(
    r"(?P<journal>[^;]+?)\. (?P<date>\d{4}[^;:.]*)"
    r"(?:;(?P<volume>[^():.;]*)(?:\((?P<issue>[^()]*)\))?(?::(?P<pages>[^.;:]+))?)?\."
)
#: The comma in a person's name; an organisation's is doubled.
_COMMA = re.compile(r"(?<!,),(?!,)")
#: A name on a line of its own in a cell: "Low, Ann", "Ann Low".
_ONE_NAME = re.compile(r"[^\s,][^,]*(?:,| )[^,]+")
#: How a list of names ends that was cut off.
_CUT_OFF = ("…", "...")


def guarded(cell: str) -> str:
    """The content of a cell, without spaces and guard; the items of a list are joined by ";".

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


def is_filled(cell: str) -> bool:
    """False for an empty cell, and for what programs write into one."""
    return bool(cell) and cell.casefold() not in _NOTHING


def by_field(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The values of a row; if two columns hold one field, the first that is filled wins."""
    filled = [
        (field, _whole(cell) if field in _NUMBERS else unescaped(cell))
        for field, cell in pairs
        if is_filled(cell)
    ]
    fields: dict[str, str] = {}
    for field, cell in filled:
        fields.setdefault(field, cell)
    fields.pop("ENTRYTYPE", None)
    kinds = [cell for field, cell in filled if field == "ENTRYTYPE"]
    if kind := _kind(kinds):
        fields["ENTRYTYPE"] = kind
    if fields.pop(IS_RETRACTED, "").casefold() in _YES or any(map(says_retracted, kinds)):
        fields["pubstate"] = RETRACTED
    for field in fields.keys() & set(LISTED):
        cells = (cell for name, cell in filled if name == field)
        listed = "; ".join(cells).replace("|", ";")
        is_divided = ";" in listed or "," in listed
        fields[field] = listed if is_divided else listed.replace("\n", ";")
    if names := fields.pop(NUMBERED_AUTHORS, ""):
        fields.setdefault("author", names)
    if full := fields.pop(FULL_NAMES, ""):
        fields["author"] = _in_full(_AUTHOR_ID.sub("", fold_space(full)), fields.get("author", ""))
    if full := fields.pop(FULL_JOURNAL, ""):
        fields["journal"] = full
    _read_places(fields)
    for field in fields.keys() & {"author", "editor"}:
        fields[field] = _divided(fields[field])
    if bodies := fields.pop(GROUP_AUTHORS, ""):
        braced = (f"{{{body.strip()}}}" for body in bodies.split(";") if body.strip())
        fields["author"] = " and ".join(filter(None, (fields.get("author", ""), *braced)))
    return fields


def _in_full(full: str, short: str) -> str:
    """The full names of a row; those without a comma get it from the short ones beside them."""
    names, shorts = ([part.strip() for part in text.split(";")] for text in (full, short))
    return "; ".join(map(with_comma, names, shorts)) if len(names) == len(shorts) else full


def _read_places(fields: dict[str, str]) -> None:
    """Move venue, pages and month from the cells to the BibTeX fields for them."""
    if citation := _CITATION.match(fields.pop(CITATION, "")):
        for field, text in citation.groupdict().items():
            fields.setdefault(field, text or "")
    if start := fields.pop(FIRST_PAGE, ""):
        last = fields.pop(LAST_PAGE, "")
        # another "pages" value beside a first page is an article number
        if last or not re.match(rf"{re.escape(start)}\s*[-–]", fields.get("pages", "")):
            fields["pages"] = f"{start}-{last}" if last and last != start else start
    if "year" in fields and not re.search(r"\d{4}", fields.get("date", "0000")):
        # Web of Science: "JUN 15", beside the year.
        fields.setdefault("month", fields.pop("date"))


def as_written(fields: Mapping[str, str], pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """The fields of a row, each with the original text of its cell."""
    cells: dict[str, str] = {}
    for field, cell in pairs:
        if cell:
            cells.setdefault(field, cell)
    if numbered := [cell for field, cell in pairs if field == NUMBERED_AUTHORS and cell]:
        cells.setdefault("author", "; ".join(numbered))
    if full := cells.get(FULL_NAMES):
        cells["author"] = full
    return {field: cells.get(field, text) for field, text in fields.items()}


def turned_into_dates(fields: Mapping[str, str]) -> dict[str, str]:
    """The number fields in which a spreadsheet has put a date, losing the numbers."""
    return {
        field: text
        for field, text in fields.items()
        # an issue may be "May 20", so that form counts as a date in pages only
        if (field in ("pages", "volume", "issue", "number") and _is_month(_DAY_MONTH, text))
        or (field == "pages" and _is_month(_MONTH_YEAR, text))
    }


def _is_month(form: re.Pattern[str], text: str) -> bool:
    match = form.fullmatch(text)
    return match is not None and len(parse_date("2000", match[1])) == 2


def _kind(cells: Sequence[str]) -> str:
    """The entry type: known kinds first, and words before single letters.

    >>> _kind(["J", "Article; Proceedings Paper"]), _kind(["Article; Retracted Publication"])
    ('inproceedings', 'article')
    """
    kinds = [fold(text) for cell in cells for text in (cell, *cell.split(";"))]
    said = sorted((kind for kind in kinds if kind not in NO_KIND), key=lambda kind: len(kind) < 3)
    known = (KINDS[kind] for kind in said if kind in KINDS)
    return next(known, said[0] if said else "")


def _divided(names: str) -> str:
    """Names separated by BibTeX's "and" instead of a table's ";", with organisations in braces."""
    names = SEMICOLON.sub("; ", _on_one_line(names)).rstrip()
    more = " and others" if names.endswith((" and others", *_CUT_OFF)) else ""
    for end in _CUT_OFF:
        names = names.removesuffix(end).rstrip()
    names = names.removesuffix(" and others")
    if listed := listed_with_initials(names):
        return " and ".join(listed) + more
    parts = [part for part in map(str.strip, names.split(";" if ";" in names else "|")) if part]
    if names.isupper() and not {",", "."} & set(names):
        # "WOOD AJ;GRAHAM M" in tables of bibliometrix
        parts = listed_with_initials(", ".join(parts)) or parts
    if ",," in names and len(parts) == 1 and _COMMA.search(names):
        parts = names.split(" and ")
    is_inverted = any("," in part for part in parts)
    braced = [_braced(part, is_inverted) for part in parts]
    is_mixed = len(parts) > 1 and " and " in names and ",," not in names
    return ("; " if is_mixed else " and ").join(braced) + more


def _on_one_line(names: str) -> str:
    """The names with ";" for the line breaks of a cell that has one name a line.

    >>> _on_one_line("Low, Ann\\nLi, Bo"), _on_one_line("Low, Ann,\\nLi, Bo")
    ('Low, Ann; Li, Bo', 'Low, Ann; Li, Bo')
    >>> _on_one_line("Low, Ann; Li,\\nBo"), _on_one_line("Low,\\nAnn")
    ('Low, Ann; Li,\\nBo', 'Low,\\nAnn')
    """
    lines = [line.strip() for line in names.splitlines() if line.strip(" ,")]
    bare = [line.strip(" ,;|") for line in lines]
    is_joined = " and" in names or "&" in names
    are_whole = all(len(line.split()) > 1 and not line.endswith(",") for line in lines)
    are_names = are_whole and not is_joined or all(map(_ONE_NAME.fullmatch, bare))
    is_divided = any(mark in names.rstrip(" \n;|") for mark in ";|")
    return "; ".join(bare) if len(lines) > 1 and are_names and not is_divided else names


def _braced(name: str, is_inverted: bool) -> str:
    """The name, in braces if it is an organisation's.

    Such a name has a doubled comma, or none in a list of "Family, Given".
    """
    if ",," in name:
        return f"{{{name.replace(',,', ',')}}}"
    is_whole = is_inverted and " " in name and "," not in name
    is_of_persons = with_initials(name) or joining_word(name)
    return f"{{{name}}}" if is_whole and not is_of_persons else name


def _whole(cell: str) -> str:
    """``27`` for the ``27.0`` that pandas writes in a column with gaps."""
    match = _FLOAT.fullmatch(cell)
    return match[1] if match else unescaped(cell)
