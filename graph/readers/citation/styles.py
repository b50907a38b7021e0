"""Citations without brackets around the year, split by what shows where their title begins.

==================== =============================================================
Chicago, Harvard     the year: "Low, Ann. 2017. “Title.” …", "Low, A., 2017. Title. …"
Chicago (notes)      the quotes, as MLA: "Low, Ann. “Title.” Journal 3, no. 2 (2017): 1-9."
IEEE, MLA            the quotes: "A. Low, “Title,” … 2017.", "Low, Ann. “Title.” … 2017."
Vancouver            names with initials: "Low A, Chi B. Title. Journal. 2017;3(2):1-9."
SSRN                 the date: "Low, Ann and Chi, Bo, Title (May 2017). Available at SSRN: …"
IEEE (books)         the same: "A. Low, Title. Oslo: Press, 2017."
MLA (books)          the same, in full: "Low, Ann, and Bo Chi. Title. Press, 2017."
==================== =============================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .publication_details import STOP

_YEAR = r"(?:19|20)\d\d"
_NAMES = r"(?P<names>[^\d\"“]{2,600}?[.,])\s+"
_FAMILY = r"[^\W\d_](?:[^\W\d_]|['’ -]){1,60}"
_INITIAL = r"[^\W\d_a-z]\."
_YEAR_SECOND = re.compile(
    rf"{_NAMES}(?P<year>{_YEAR})[a-z]?(?:, (?P<date>[^\W\d_]+(?: \d\d?)?))?\.\s+(?P<after>\S.+)"
)
_QUOTES_SECOND = re.compile(rf"{_NAMES}(?P<after>[\"“].+)")
_VANCOUVER = re.compile(
    rf"(?P<names>{_FAMILY} [^\W\d_a-z]{{1,3}}(?:, {_FAMILY} [^\W\d_a-z]{{1,3}})*(?:,? et al)?)\.\s+"
    rf"(?P<after>.+;.+|.+;)"
)
_IN_ORDER = rf"(?:{_INITIAL}[ -]?)+{_FAMILY}"
_IEEE = re.compile(
    rf"(?P<names>{_IN_ORDER}(?:(?:,|,? and) {_IN_ORDER})*(?:,? et al\.)?),\s+"
    r"(?P<after>[^\W\d_a-z].+)"
)
_MLA = re.compile(
    r"(?P<names>[^\W\d_][^\d,.]+, [^\d,]+?(?:, and [^\d,]+?|, et al)?)(?<!\s[^\W\d_a-z])\."
    r"\s+(?P<after>[^\W\d_a-z].+)"
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_PERSON = r"(?:(?! and )[^,()])+, (?:(?! and )[^,()])+?"
_SSRN = re.compile(
    rf"(?P<names>{_PERSON}(?: and {_PERSON})*), (?P<title>\S.+?)"
    rf" \((?:(?P<date>{_MONTH}(?: \d\d?)?),? )?(?P<year>{_YEAR})\)\."
    r"\s+(?P<rest>.*?),?\s*Available at SSRN\b:?(?P<links>.*)"
)
_STYLES = (_YEAR_SECOND, _QUOTES_SECOND, _VANCOUVER, _IEEE, _MLA)
_QUOTED = re.compile(r"[\"“](?P<title>[^\"“”]+)[\"”][.,]?\s+(?P<rest>\S.*)")
#: Volume numbers, which no title has.
_NUMBERS = re.compile(rf"\d\s*\(|\bpp?\.\s*\d|\bvol\.\s*\d|\b{_YEAR}\b\s*;", re.IGNORECASE)
_ASKS = re.compile(r"(?<=[?!])\s+(?=[^\W\d_a-z])")
#: Other dates: when a page was visited, or when an article went online (PubMed).
_OTHER_DATE = re.compile(
    rf"\bAccessed:?\s+(?:[\w.]+,?\s+){{1,2}}{_YEAR}\b[.,]?|\bEpub {_YEAR}[^.;]{{0,8}}\.?",
    re.IGNORECASE,
)
#: A year, perhaps with a date, between punctuation in the text after a title.
_PUBLISHED = re.compile(
    rf"(?<=\s)(?P<before>(?:\d\d? )?{_MONTH} )?(?P<year>{_YEAR})"
    rf"(?P<behind> {_MONTH}(?: \d\d?)?)?(?=\s*[,.;]|$)"
)
#: "2016;103:1-12" and "Journal 103: 1-12" have a volume without an issue.
_VOLUME = re.compile(r"(?:(?<=;)|(?<=[^\W\d_] ))(\d{1,4}):\s*(?=\w?\d)")
#: "33.1 (2019): 56-75", "33, no. 1 (February 2019): 56-75" in MLA and Chicago style.
_IN_BRACKETS = re.compile(
    r"(?: (?P<volume>\d{1,4})(?:(?:\.|,? no\. ?)(?P<issue>\d[\w/–-]*))?)?"
    rf" \((?P<date>{_MONTH} )?(?P<year>{_YEAR})\)(?P<pages>:(?=\s?\w?\d))?"
)
#: A second sentence of the title, before the journal; abbreviations do not match.
_SENTENCE = re.compile(
    r"(?P<more>(?:[\w'’/-]+,? ){2}[^.?!]+)\.\s+"
    rf"(?P<rest>[^\W\d_][^.?!]+(?:\. {_YEAR}[^.;]{{0,8}};\d|, \d{{1,4}}[(,]).*)"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a citation in one of these styles."""

    names: str
    year: str
    date: str
    title: str
    is_quoted: bool
    rest: str


def divisions(line: str) -> Iterator[Parts]:
    """The parts of a line in each style that it could be written in, the likeliest first."""
    if ssrn := _SSRN.fullmatch(line):
        names, rest = ssrn["names"].replace(" and ", "; "), f"{ssrn['rest']}, {ssrn['links']}"
        rest = rest.replace(" or http", " http")
        yield Parts(names, ssrn["year"], ssrn["date"] or "", ssrn["title"], False, rest)
    for style in _STYLES:
        match = style.fullmatch(line)
        titled = _title(match["after"]) if match else None
        if match is None or titled is None:
            continue
        title, rest = titled[0], _VOLUME.sub(r", vol. \1, pp. ", titled[1])
        is_quoted = match["after"][0] in '"“'
        names = re.sub(r"(?<=\w\w)\.$", "", match["names"].rstrip(","))
        if style is _YEAR_SECOND:
            yield Parts(names, match["year"], match["date"] or "", title, is_quoted, rest)
        elif published := _published(rest := _IN_BRACKETS.sub(_named, _OTHER_DATE.sub(" ", rest))):
            date = (published["before"] or published["behind"] or "").strip()
            rest = f"{rest[: published.start()]}{rest[published.end() :]}"
            yield Parts(names, published["year"], date, title, is_quoted, rest)


def _title(text: str) -> tuple[str, str] | None:
    """The title that opens the text, and the text after it; None if its end is not clear."""
    if quoted := _QUOTED.fullmatch(text):
        return quoted["title"].strip(" ,."), quoted["rest"]
    for end in (STOP.search(text), _ASKS.search(text)):
        if end and not _NUMBERS.search(text[: end.start()]) and text[0] not in '"“':
            title, rest = text[: end.start()].rstrip("."), text[end.end() :]
            if more := _SENTENCE.fullmatch(rest):
                return f"{title}. {more['more']}", more["rest"]
            return title, rest
    return None


def _named(numbers: re.Match[str]) -> str:
    """The volume, issue, date and pages around a year in brackets, named as in other styles."""
    volume = numbers["volume"] and f", vol. {numbers['volume']}"
    issue = numbers["issue"] and f", no. {numbers['issue']}"
    date = f", {numbers['date'] or ''}{numbers['year']}"
    return "".join(filter(None, (volume, issue, date, numbers["pages"] and ", pp.")))


def _published(rest: str) -> re.Match[str] | None:
    """The match of the year of publication: the last one, if all have the same year."""
    found = list(_PUBLISHED.finditer(rest))
    return found[-1] if len({match["year"] for match in found}) == 1 else None
