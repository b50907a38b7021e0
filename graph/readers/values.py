"""The values of bibliographic fields that have a form of their own: dates, pages, identifiers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from types import MappingProxyType

from ..languages import language_tag
from .latex import plain, verbatim

__all__ = [
    "identifiers",
    "issued",
    "keywords",
    "language",
    "month",
    "pages",
    "title",
    "urls",
]


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?(?!\d)")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_DASHES = re.compile(r"\s*[-‐‑‒–—―−]+\s*")
_URL = re.compile(r"https?://[^\s{}<>\"]+", re.IGNORECASE)
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
#: Marks a writer leaves for himself, not words for the work: Zotero tags of ``\cite`` lists.
_BOOKKEEPING = re.compile(r"cite[a-z]?[A-Z]\w*|\w*CITE|temp|todo|to[ -]?read|unread")
#: A note to the title. "A*" is an algorithm and "C*" an algebra: those end in one letter.
_FOOTNOTE = re.compile(r"(?<=[^\s*∗†‡]{2})\s*\^?[*∗⁎†‡]$|\s+\^?[*∗⁎†‡]{1,3}$")

#: The names of languages that babel and biblatex have beside the English ones.
_BABEL = MappingProxyType(
    {
        "american": "en-US",
        "austrian": "de-AT",
        "brazilian": "pt-BR",
        "british": "en-GB",
        "canadian": "en-CA",
        "naustrian": "de-AT",
        "ngerman": "de",
        "norsk": "nb",
        "nswissgerman": "de-CH",
        "nynorsk": "nn",
        "swissgerman": "de-CH",
        "ukenglish": "en-GB",
        "usenglish": "en-US",
    }
)
#: The three-letter codes of ISO 639-2 that BCP 47 has two letters for.
_ISO_639_2 = MappingProxyType(
    {
        code: tag
        for tag, codes in {
            "cs": "ces cze",
            "da": "dan",
            "de": "deu ger",
            "el": "ell gre",
            "en": "eng",
            "es": "spa",
            "fi": "fin",
            "fr": "fra fre",
            "hu": "hun",
            "it": "ita",
            "ja": "jpn",
            "ko": "kor",
            "nl": "dut nld",
            "pl": "pol",
            "pt": "por",
            "ro": "ron rum",
            "ru": "rus",
            "sv": "swe",
            "tr": "tur",
            "zh": "chi zho",
        }.items()
        for code in codes.split()
    }
)


def title(text: str) -> str:
    """A title without the quotes around the whole of it and the footnote mark at its end."""
    words = plain(text)
    if len(words) > 2 and words[0] == words[-1] == '"' and words.count('"') == 2:
        words = words[1:-1].strip()
    # The mark leads to a note in the printed article; it is no part of the title.
    return _FOOTNOTE.sub("", words)


def issued(year: str, month_name: str, day: str) -> tuple[int, ...]:
    """The date of a ``date`` ("2013-11", "2013/2015": its start) or ``year`` field; () if none."""
    year, day = plain(year), plain(day)
    if found := _DATE.match(year):
        parts = [int(part) for part in found.groups() if part is not None]
    elif found_year := _YEAR.search(year):
        parts = [int(found_year.group())]
    else:
        return ()
    if len(parts) == 1 and (number := month(month_name)):
        parts.append(number)
        parts += [int(day)] if re.fullmatch(r"[0-9]{1,2}", day) else []
    # Not every calendar's day is one: "2013-02-30" still says February.
    while len(parts) > 1 and not _is_date(*parts):
        parts.pop()
    return tuple(parts) if parts[0] > 0 else ()


def _is_date(year: int, month: int, day: int = 1) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def month(text: str) -> int:
    """The number of the (first) month named; 0 where none is."""
    for word in re.findall(r"[^\W\d_]+|\d+", plain(text).casefold()):
        if word.isdecimal() and 1 <= int(word) <= 12:
            return int(word)
        if word[:3] in _MONTHS:
            return _MONTHS.index(word[:3]) + 1
    return 0


def pages(text: str) -> str:
    """Pages as written, every dash a hyphen: ``160-178``."""
    words = re.sub(r"^pp?\.\s*", "", plain(text), flags=re.IGNORECASE)
    return _DASHES.sub("-", words).strip("- ,")


def language(text: str) -> str:
    """The BCP 47 tag of a language, or its name as written where we do not know it."""
    words = plain(text)
    name = words.casefold()
    if tag := language_tag(words) or _BABEL.get(name) or _ISO_639_2.get(name):
        return tag
    if not _TAG.fullmatch(words.replace("_", "-")):
        return words
    first, *rest = words.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def keywords(text: str) -> tuple[str, ...]:
    """Keywords in their order, each once, without those that only keep somebody's books."""
    # what our writers end with ";" has keywords that hold commas
    marks = ";" if text.rstrip().endswith(";") else "[,;]"
    words = (part.strip(" .") for part in re.split(marks, plain(text)))
    kept = (word for word in words if word and not _BOOKKEEPING.fullmatch(word))
    return tuple(dict.fromkeys(kept))


def urls(text: str) -> list[str]:
    """The http(s) URLs in running text."""
    found = (url.rstrip(".,;") for url in _URL.findall(verbatim(text)))
    return [url if "(" in url else url.rstrip(").") for url in found]


def identifiers(text: str, normal: Callable[[str], str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ISBNs or ISSNs of a field, each once: (those ``normal`` takes, those it does not)."""
    good: dict[str, None] = {}
    bad: dict[str, None] = {}
    for part in re.split(r"[,;/]|\band\b", re.sub(r"\([^()]*\)", " ", verbatim(text))):
        candidates = [part] if normal(part) or " " not in part.strip() else part.split()
        if not any(normal(candidate) for candidate in candidates):
            candidates = [part]
        for candidate in filter(None, map(str.strip, candidates)):
            found = normal(candidate)
            (good if found else bad)[found or candidate] = None
    return tuple(good), tuple(bad)
