"""Problem details for a query that does not parse: the position, and how to correct it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...ontology import PREFIXES, prefixes
from .guard import Shape, inspect
from .problems import FORMS, ProblemDetails
from .slips import slip

_LINE_END = re.compile(r"\r\n|\r|\n")
#: The characters that end a prefixed name.
_NO_NAME = re.compile(r"[\s<>(){}\[\]\"',;]")
_POSITION = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
#: The engine's messages for errors other than grammar, and how to correct them.
_REASONS = {
    "The SELECT contains a variable that is unbound": (
        "A variable selected alongside an aggregate must also be in GROUP BY."
    ),
    "The SELECT contains an expression with a variable that is unbound": (
        "An expression selected alongside an aggregate can only use what GROUP BY names. "
        "Name it there and select the name: SELECT ?y … GROUP BY (YEAR(?date) AS ?y)."
    ),
    "Duplicated variable name in SELECT": "Two columns have the same name; rename one.",
}
#: Other prefixes in common use.
_CUSTOMARY = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": PREFIXES["dcterms"],
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "gn": "http://www.geonames.org/ontology#",
    "sdo": PREFIXES["schema"],
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}


def syntax_error(text: str, message: str, base_iri: str) -> ProblemDetails:
    """Details for a query that does not parse; ``message`` is the engine's error."""
    shape = inspect(text)
    position = _POSITION.search(message)
    if position is None:
        return ProblemDetails(400, "The query does not parse", message or "It is not SPARQL.")
    line, column = int(position[1]), int(position[2])
    wrong = slip(text, _offset(text, line, column))
    if wrong:
        line, column = _place(text, wrong.place)
    elif shape.undeclared:
        column -= _length_of_name(text, shape.undeclared[0], line, column)
    return ProblemDetails(
        400,
        "The query does not parse",
        f"The query does not parse at line {line}, column {column}.",
        line,
        column,
        excerpt(text, line, column),
        wrong.hint if wrong else _hint(shape, position[3], base_iri),
        "" if wrong else _prologue(shape, base_iri),
    )


def _offset(text: str, line: int, column: int) -> int:
    """The number of characters before a line and column."""
    ends = [end.end() for end in _LINE_END.finditer(text)]
    return [0, *ends][min(line - 1, len(ends))] + column - 1


def _place(text: str, offset: int) -> tuple[int, int]:
    """The line and column at an offset."""
    ends = [0, *(end.end() for end in _LINE_END.finditer(text, 0, offset))]
    return len(ends), offset - ends[-1] + 1


def _length_of_name(text: str, prefix: str, line: int, column: int) -> int:
    """The length of the prefixed name that ends here, where the engine reports it; 0 if none."""
    # Split first: in a long run of name characters, the pattern could start at every character.
    last = _NO_NAME.split(_lines(text)[line - 1][: column - 1])[-1]
    name = re.search(rf"(?<![\w.-]){re.escape(prefix)}:.*", last)
    return len(name[0]) if name else 0


def _lines(text: str) -> list[str]:
    return _LINE_END.split(text)


def excerpt(text: str, line: int, column: int) -> str:
    """The given line of a query, or a part of it, with a caret below the column."""
    lines = _lines(text)
    whole = lines[line - 1] if line <= len(lines) else ""
    # A window of 80 characters, so that a query written as one long line stays readable.
    start = max(0, column - 60)
    window = whole[start : start + 80].replace("\t", " ")
    return f"{window}\n{' ' * (column - 1 - start)}^"


def _hint(shape: Shape, expected: str, base_iri: str) -> str:
    if shape.undeclared:
        prefix, namespaces = shape.undeclared[0], _namespaces(base_iri)
        hint = f"The prefix {prefix}: is not declared. Add: PREFIX {prefix}: "
        if prefix in namespaces:
            return f"{hint}<{namespaces[prefix]}>"
        return f"{hint}<…>. For the terms of this graph, add: PREFIX oo: <{namespaces['oo']}>"
    for reason, remedy in _REASONS.items():
        if reason in expected:
            return remedy
    if not shape.form:
        return f"A query needs one of {FORMS}."
    if shape.unclosed:
        done, left = ("opened", "closed") if shape.unclosed > 0 else ("closed", "opened")
        number = abs(shape.unclosed)
        brackets = "1 bracket is" if number == 1 else f"{number} brackets are"
        return f"{brackets} {done} and never {left}."
    words = [w for w in re.findall(r"\b[A-Z]{2,}\b|\"[^\"]+\"", expected) if w not in _UNUSABLE]
    if not _FUNCTIONS.isdisjoint(words):
        return 'Expected here: an expression, such as ?year > 2015 or CONTAINS(?title, "gig").'
    return f"Expected here: {', '.join(dict.fromkeys(words))}." if 0 < len(words) <= 8 else ""


def _prologue(shape: Shape, base_iri: str) -> str:
    """The missing prefix declarations; "" if one of the prefixes is unknown."""
    namespaces = _namespaces(base_iri)
    if not namespaces.keys() >= set(shape.undeclared):
        return ""
    return "".join(f"PREFIX {prefix}: <{namespaces[prefix]}>\n" for prefix in shape.undeclared)


def _namespaces(base_iri: str) -> Mapping[str, str]:
    return _CUSTOMARY | prefixes(base_iri)


#: Words in the engine's list that this service does not support or that name character classes.
_UNUSABLE = frozenset(("SERVICE", "LATERAL", "FFFD", "FDCF", "FDF0", "FFFF"))
#: Functions of various lengths: the engine lists only the longest that fit.
_FUNCTIONS = frozenset(
    "ADJUST CEIL CONCAT LANG LANGDIR LANGMATCHES MINUTES RAND REPLACE SECONDS STRBEFORE STRENDS "
    "STRLANG STRLEN STRSTARTS STRUUID SUBSTR UUID YEAR".split()
)
