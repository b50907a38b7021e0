"""Titles in the form in which they are compared: key, numbers, and whether it is a notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..iris import fold
from ..vocabulary.literals import folded

#: A key with fewer letters than this ("Editorial") is not enough evidence.
TELLING = 12

#: A title followed by its translation in brackets: "Title [Titel]", "Title (Titel)".
_BRACKETED = re.compile(r"^(?P<first>.+?)\s*[\[(](?P<second>[^\[\]()]{12,})[\])]\s*\W*$")
#: A footnote mark that some databases leave on a title: "… representation 1", "… Design1".
_FOOTNOTE = re.compile(r"(?:(?<=[a-z])\s+|(?<=[a-z]{4}))(?P<mark>[12])\W*$")
#: A retracted article is still that article; a retraction notice is another work.
_RETRACTED = re.compile(
    r"^\W*(?:(?P<retracted>retracted)|withdrawn)(?:\s+(?:article|paper))?\s*[:\])–—-]\W*", re.I
)
#: Spellings that are treated as the same: labour/labor, organisation/organization, programme,
#: "&"/and. Each has the letters to look for first, a pattern, and its replacement.
_SPELLINGS = (
    ("our", re.compile(r"(?<=[a-z]{2})our"), "or"),
    ("is", re.compile(r"(?<=[a-z]{2})is(?=(?:e[drs]?|ers|ing|ations?|ational)\b)"), "iz"),
    ("programme", re.compile(r"\bprogramme(?=s?\b)"), "program"),
    ("and", re.compile(r"\band\b"), ""),
    # what some databases write for the character
    ("horizontal ellipsis", re.compile(r"\bhorizontal ellipsis\b"), ""),
)
#: The title of every notice contains one of these, so few titles need to be searched.
_OF_NOTICES = (
    "errat corrigend addend correction retraction withdrawal concern "
    "reply response rejoinder comment review".split()
)
_NOTICES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("erratum", r"^\W*(?:errat(?:um|a)|corrigend(?:um|a)|addend(?:um|a))\b"),
        ("erratum", r"^\W*(?:(?:author|publisher)\s+)?corrections?\s*(?::|to\b|notice\b|\W*$)"),
        ("erratum", r"\W(?:errat(?:um|a)|corrigend(?:um|a))\W*$"),
        ("retraction", r"^\W*(?:retraction|withdrawal)\s*(?::|to\b|of\b|notice\b|note\b|\W*$)"),
        ("retraction", r"^\W*expression of concern\b"),
        (
            "reply",
            r"^\W*(?:an?\s+|the\s+|authors?.?\s+)?(?:reply|response|rejoinder)\b\s*(?::|to\b)",
        ),
        ("reply", r"^\W*(?:an?\s+|the\s+)?rejoinder\b"),
        ("reply", r"\W(?:reply|response|rejoinder)\W*$"),
        ("comment", r"^\W*(?:an?\s+)?comment(?:s|ary)?\s*(?::|on\b|to\b)"),
        ("comment", r"\W(?:comment|commentary)\W*$"),
        ("review", r"^\W*(?:book\s+)?review\s*(?::|of\b)|\Wbook review\W*$"),
    )
)
#: Titles that recur issue after issue, by different authors.
_RECURRING = re.compile(
    r"^(?:guest )?(?:editorial|introduction|preface|foreword|afterword|conclusions?|editors? "
    r"|in this issue|from the editor|call for papers|table of contents|index|news)\b"
)
_DIGITS, _WORDS = re.compile(r"\d+"), re.compile(r"\w+")
_PART = r"part|parte|partie|teil|vol|volume|band|book|chapter|phase|wave|no"
_ROMAN = re.compile(
    rf"(?i:\b(?:{_PART})\.?\s+(?P<part>[ivx]{{1,5}}|one|two|three|four|five)\b)"
    r"|\b(?P<bare>[IVX]{1,5})(?=\W*$|\s*[:.–—])"
    r"|(?i:\b(?P<edition>first|second|third|fourth|fifth)\s+(?:edition|wave|round)\b)"
)
_VALUES = {
    word: str(value)
    for words in (
        "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv",
        "one two three four five",
        "first second third fourth fifth",
    )
    for value, word in enumerate(words.split(), 1)
}


@dataclass(frozen=True, slots=True)
class Title:
    """A title, in the forms that are compared."""

    #: The title without case, accents, punctuation and spaces; and each half of a title that
    #: includes its translation.
    keys: frozenset[str]
    #: The key of the whole title.
    key: str
    #: The key of the part before the first colon; "" if there is no colon, or the part is short.
    main: str
    #: The same if the part is short.
    short_main: str
    #: The numbers in the title, including Roman ones after "Part" or at the end.
    numbers: frozenset[str]
    #: "1" or "2" at the end, which may be a footnote mark or a number.
    footnote: str
    #: "erratum", "retraction", "reply", "comment", "review", or "" for none of these.
    notice: str
    #: Whether it is a title that recurs in every issue ("Editorial").
    recurring: bool

    @property
    def telling(self) -> bool:
        """Whether the title alone is enough to be evidence."""
        return len(self.key) >= TELLING and not self.recurring


@lru_cache(maxsize=2**12)  # the records of a work usually have the same title
def title_of(title: str, original: str = "") -> Title:
    """Return the forms to compare of a title, and of the title in the language of the work."""
    title = _RETRACTED.sub("", title)
    bare, mark = _without_footnote(title)
    forms = [original] if original else []
    for form in (title, original):
        if ("[" in form or "(" in form) and (halves := _BRACKETED.match(form)):
            forms += [halves["first"], halves["second"]]
    words = fold(bare)
    key = _key(words)
    main, colon, _ = title.partition(":")
    main_key = _key(fold(main)) if colon else ""
    return Title(
        keys=frozenset((key, *(_key(fold(_without_footnote(form)[0])) for form in forms))) - {""},
        key=key,
        main=main_key if len(main_key) >= TELLING else "",
        short_main=main_key if len(main_key) < TELLING else "",
        numbers=frozenset(_numbers(bare)),
        footnote=mark,
        notice=_notice(title),
        recurring=bool(_RECURRING.match(fold(title) if mark else words)),
    )


def is_retracted(title: str) -> bool:
    """Whether the title says that the work was retracted.

    >>> is_retracted("RETRACTED: Pay"), is_retracted("Retraction: Pay")
    (True, False)
    """
    match = _RETRACTED.match(title)
    return match is not None and bool(match["retracted"])


def _without_footnote(title: str) -> tuple[str, str]:
    """Split a footnote mark from the title."""
    mark = _FOOTNOTE.search(title) if "1" in title or "2" in title else None
    return (title[: mark.start()], mark["mark"]) if mark else (title, "")


def _notice(title: str) -> str:
    if not any(map(folded(title).__contains__, _OF_NOTICES)):
        return ""
    return next((kind for kind, pattern in _NOTICES if pattern.search(title)), "")


def _key(words: str) -> str:
    """The key of a folded text."""
    for letters, pattern, plain in _SPELLINGS:
        if letters in words:
            words = pattern.sub(plain, words)
    return words.replace(" ", "")


def _numbers(title: str) -> Iterator[str]:
    yield from (digits.lstrip("0") for digits in _DIGITS.findall(title))
    if _VALUES.keys().isdisjoint(_WORDS.findall(title.lower())):
        return  # true of most titles, and takes a third of the time
    for match in _ROMAN.finditer(title):
        word = (match["part"] or match["bare"] or match["edition"]).lower()
        if word in _VALUES:
            yield _VALUES[word]
