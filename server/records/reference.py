"""References: a record as a formatted citation, in common styles.

The styles in ``server/styles`` are our own and cover only the types of works that records have.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from markupsafe import Markup, escape

from ...graph.csl import to_csl
from ...graph.model import Name, Record

#: File name of a style -> its label.
STYLES = {"apa": "APA", "chicago": "Chicago", "harvard": "Harvard"}
#: The CSL variables that the styles use.
_VARIABLES = frozenset(
    "id type title author editor issued container-title collection-title volume issue page "
    "publisher publisher-place DOI URL".split()
)

#: The library writes HTML without escaping, so these placeholders replace special characters.
_MARKS = {"&": "\ue000", "<": "\ue001", ">": "\ue002"}
_TO_MARKS = str.maketrans(_MARKS)
_ESCAPED = {"\ue000": "&amp;", "\ue001": "&lt;", "\ue002": "&gt;"}
_TO_HTML = str.maketrans(_ESCAPED)
_STRAY_MARKS = str.maketrans(dict.fromkeys(_ESCAPED, ""))
#: Placeholders around a part of a given name that has no initial ("de", "明").
_WHOLE, _END = "\ue003", "\ue004"
#: Punctuation that meets where two parts of a reference join -> what to print.
_MEETING = (
    # the library writes stops around a part of a name that has no initial
    (re.compile(rf"(?<!\w)\. ?(?={_WHOLE})|(?<={_END}) \."), ""),
    (re.compile(f"[{_WHOLE}{_END}]"), ""),
    (re.compile(r"\.(</i>)?\.(?!\.)"), r".\1"),
    (re.compile(r"([?!])(</i>|[”’])?\.(?= |$)"), r"\1\2"),
)
#: American usage: the full stop stands before the closing quotation mark.
_QUOTED = re.compile(r"”\.")
#: Initials without stops, as some sources have them ("MS", "MPC").
_INITIALS = re.compile(r"[A-Z]{1,3}")
#: A part of a given name.
_PART = re.compile(r"[^\s.-]+")


def references(record: Record, language: str = "") -> Iterator[tuple[str, Markup]]:
    """The record in each style: the label of the style, and the reference as HTML.

    ``language`` is the BCP 47 tag of the title; "" if unknown.
    """
    stopped = replace(
        record,
        authors=tuple(_with_whole_parts(_with_stops(name)) for name in record.authors),
        editors=tuple(_with_whole_parts(_with_stops(name)) for name in record.editors),
    )
    item = {name: _marked(value) for name, value in to_csl(stopped).items() if name in _VARIABLES}
    for name, title in STYLES.items():
        reference = _tidy(_written(item, name), name)
        known = item.get("title", "").translate(_TO_HTML)
        yield title, Markup(_in_language(reference, known, language))


def _with_stops(name: Name) -> Name:
    """A name with stops after its initials, so that a style recognises each one.

    >>> _with_stops(Name("Islam", "MS")).given, _with_stops(Name("Islam", "Mo")).given
    ('M. S.', 'Mo')
    """
    # in a name all in capitals, initials look like a short name
    if not _INITIALS.fullmatch(name.given) or (len(name.family) > 1 and name.family.isupper()):
        return name
    return replace(name, given=" ".join(f"{letter}." for letter in name.given))


def _with_whole_parts(name: Name) -> Name:
    """A name with placeholders around each part of the given name that has no initial."""

    def marked(part: re.Match[str]) -> str:
        return part[0] if part[0][0].isupper() else f"{_WHOLE}{part[0]}{_END}"

    return replace(name, given=_PART.sub(marked, name.given))


def _marked(value: Any) -> Any:
    """A value with HTML special characters replaced by placeholders."""
    if isinstance(value, str):
        return value.translate(_STRAY_MARKS).translate(_TO_MARKS)
    if isinstance(value, list):
        return [_marked(each) for each in value]
    if isinstance(value, dict):
        return {name: _marked(each) for name, each in value.items()}
    return value


def _written(item: Mapping[str, Any], style: str) -> str:
    # a bibliography keeps the items it has cited, so each item gets its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = CiteProcJSON([dict(item)])
        bibliography = CitationStylesBibliography(_style(style), source, formatter.html)
        bibliography.register(Citation([CitationItem(item["id"])]))
        [reference] = bibliography.bibliography()
    return str(reference)


def _tidy(text: str, style: str) -> str:
    if style == "apa":
        text = text.replace(f"{_END} . (", f"{_END}. (")  # the stop is the style's own
    for pattern, instead in _MEETING:
        text = pattern.sub(instead, text)
    if style == "chicago":
        text = _QUOTED.sub(".”", text)
    return text.translate(_TO_HTML)


def _in_language(reference: str, title: str, language: str) -> str:
    """Say in which language the title in a reference is, so that it is read out in that language.

    >>> _in_language("Li, Bo. 2019. <i>Zurück</i>.", "Zurück", "de")
    'Li, Bo. 2019. <i><span lang="de">Zurück</span></i>.'
    """
    if not (title and language) or language.startswith("en"):
        return reference  # the page's own language
    return reference.replace(title, f'<span lang="{escape(language)}">{title}</span>', 1)


@cache
def _style(name: str) -> CitationStylesStyle:
    with (
        as_file(files("oograph").joinpath("server", "styles", f"{name}.csl")) as path,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        return CitationStylesStyle(str(path), validate=False)
