"""Idioms: syntax from SQL and other languages that people use in queries, and the SPARQL for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_VARIABLE = r"[?$]\w+"
_VALUE = rf"(?:{_VARIABLE}|[+-]?\d[\d.]*|\w+\([^()]*\))"
_CONDITION = rf"{_VALUE}\s*(?:[<>]=?|!?=)\s*{_VALUE}"
_CONDITIONS = rf"{_CONDITION}(?:\s*(?:&&|\|\|)\s*{_CONDITION})*"


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a query, from ``start`` to ``end``, to be replaced by a text."""

    start: int
    end: int
    text: str
    hint: str


#: Returns a group of a match by name, as the query writes it.
_Group = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Idiom:
    """A pattern that is wrong anywhere outside strings, IRIs and comments."""

    pattern: re.Pattern[str]
    instead: Callable[[_Group], str]
    hint: str


def _idiom(pattern: str, instead: str | Callable[[_Group], str], hint: str) -> _Idiom:
    """Return an idiom. In ``instead``, ``{name}`` stands for that group of the pattern."""
    if callable(instead):
        return _Idiom(re.compile(pattern, re.IGNORECASE), instead, hint)
    parts = re.split(r"\{(\w+)\}", instead)

    def filled(group: _Group) -> str:
        return "".join(group(part) if at % 2 else part for at, part in enumerate(parts))

    return _Idiom(re.compile(pattern, re.IGNORECASE), filled, hint)


def _contains(group: _Group) -> str:
    text = group("text").strip()
    if text[:1] not in ("'", '"'):
        return group("all")
    inside = text[1:-1].strip("%").lower()
    return f"CONTAINS(LCASE({group('of')}), {text[0]}{inside}{text[0]})"


def _compared(group: _Group) -> str:
    variable = "?" + group("property").rpartition(":")[2].replace("-", "_")
    condition = f"FILTER({variable} {group('sign')} {group('value')})"
    return f"{group('subject')} {group('property')} {variable} {condition}"


_JOINED = "Join conditions with && and ||."
_IDIOMS = (
    _idiom(r"==", "=", "Use a single = to compare."),
    _idiom(r"(?<=[\s)])AND(?=[\s(])(?!\s*:)", "&&", _JOINED),
    _idiom(r"(?<=[\s)])OR(?=[\s(])(?!\s*:)", "||", _JOINED),
    _idiom(
        rf"(?P<of>{_VARIABLE})\s+BETWEEN\s+(?P<low>{_VALUE})\s+AND\s+(?P<high>{_VALUE})",
        "{of} >= {low} && {of} <= {high}",
        "Write a range as two comparisons.",
    ),
    _idiom(
        rf"(?P<all>(?P<of>STR\([^()]*\)|{_VARIABLE})\s+I?LIKE(?P<text>\s{{3,}}))(?=[)}}.])",
        _contains,
        "Use CONTAINS or REGEX instead of LIKE.",
    ),
    _idiom(
        rf"\bFILTER\s+(?P<all>{_CONDITIONS})(?=\s*(?:[.}}]|$))",
        "FILTER({all})",
        "Put the condition of a FILTER in brackets.",
    ),
    _idiom(
        rf"\bHAVING\s+(?P<all>{_CONDITIONS})",
        "HAVING({all})",
        "Put the condition of HAVING in brackets.",
    ),
    _idiom(
        rf"\b(?P<way>DESC|ASC)\s+(?P<of>{_VARIABLE})",
        "{way}({of})",
        "Put the sort key after DESC or ASC in brackets.",
    ),
    _idiom(
        rf"\bSELECT\s+DISTINCT\s*\(\s*(?P<of>{_VARIABLE})\s*\)",
        "SELECT DISTINCT {of}",
        "Leave out the brackets after DISTINCT.",
    ),
    _idiom(
        r"(?P<select>\bSELECT\s+(?:DISTINCT\s+)?)(?!(?:DISTINCT|REDUCED|WHERE|FROM|TOP)\b)"
        r"(?P<name>[A-Za-z]\w*)(?=\s+(?:WHERE\b|\{))",
        "{select}?{name}",
        "Begin a variable with a question mark.",
    ),
    _idiom(
        r"\bOPTIONAL\s+(?P<pattern>[?$]\w+\s+[^\s{}]+\s+[^\s{}]+)(?=\s*[.}])",
        "OPTIONAL { {pattern} }",
        "Put optional patterns between { and }.",
    ),
    _idiom(
        r"(?<![\w?$:])(?<!FILTER\s)NOT\s*(?=\{)",
        "FILTER NOT EXISTS ",
        "Use FILTER NOT EXISTS { } to exclude a pattern.",
    ),
    _idiom(
        rf"\bIN\s+(?P<values>{_VALUE}(?:\s*,\s*{_VALUE})+)",
        "IN ({values})",
        "Put the values after IN in brackets.",
    ),
    _idiom(
        rf"(?P<subject>{_VARIABLE})\s+(?P<property>[\w-]*:[\w-]+)\s*(?P<sign>[<>]=?|!?=)"
        r"\s*(?P<value>[+-]?\d[\d.]*\b)",
        _compared,
        "Compare values in a FILTER.",
    ),
    _idiom(
        r"(?<=,)(?P<gap>\s*)(?!true\b|false\b)(?P<word>[A-Za-z]\w*)(?=\s*[,)])",
        '{gap}"{word}"',
        "Put a text in quotes.",
    ),
    _idiom(
        r"\bPREFIX\s+(?P<name>[A-Za-z][\w-]*)(?=\s{3,}|\s+$)",
        "PREFIX {name}:",
        "End the name of a prefix with a colon.",
    ),
)
#: What belongs at the end of a query.
_LAST = {
    re.compile(r"(?<=\bSELECT\s)\s*(TOP\s+\d+\s+)", re.IGNORECASE): (
        "Put the number of rows at the end, as in LIMIT 10."
    ),
    re.compile(
        r"\b((?:LIMIT|OFFSET)\s+\d+\s+(?:(?:LIMIT|OFFSET)\s+\d+\s+)?)ORDER\s+BY\s[^{}]{1,500}$",
        re.IGNORECASE,
    ): "Put ORDER BY before LIMIT and OFFSET.",
}


def idioms(query: str, plain: str) -> Iterator[Change]:
    """Yield a change for each idiom of another language in a query.

    ``plain`` is the query with strings, IRIs and comments blanked out.

    >>> from .passages import blanked
    >>> text = "ASK { ?x ?p ?y FILTER(?y == 1 AND ?x != ?y) }"
    >>> [(each.text, each.hint) for each in idioms(text, blanked(text))]
    [('=', 'Use a single = to compare.'), ('&&', 'Join conditions with && and ||.')]
    """
    for idiom in _IDIOMS:
        for match in idiom.pattern.finditer(plain):

            def group(name: str, match: re.Match[str] = match) -> str:
                return query[match.start(name) : match.end(name)]

            if (text := idiom.instead(group)) != query[match.start() : match.end()]:
                yield Change(match.start(), match.end(), text, idiom.hint)
    end = len(plain.rstrip())
    if plain[end - 1 : end] == ";" and plain.rfind("}") > plain.rfind("{"):
        yield Change(end - 1, end, "", "Leave out the semicolon at the end.")
    for pattern, hint in _LAST.items():
        for match in pattern.finditer(plain):
            yield Change(match.start(1), match.end(1), "", hint)
            number = re.sub("TOP", "LIMIT", match[1].strip(), flags=re.IGNORECASE)
            yield Change(end, end, f" {number}", hint)
