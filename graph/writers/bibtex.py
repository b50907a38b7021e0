"""Records as BibTeX, for LaTeX, JabRef and Zotero: UTF-8, only what LaTeX reads is escaped.

The key is the record's id. Words with capitals stand in braces, so that no style makes them small;
bodies of people stand in braces, so that nobody divides them.

Of a record all bibliographic fields and the keywords survive, except: types BibTeX has no entry
for (speech and others come back as documents; a post in a weblog as a web page; a document with a
URL and no publisher, DOI, ISBN or container as a web page), a number beside an article's issue,
ORCID iDs, the other facets, sources and agents. Space is folded and letters composed (NFC);
quotes around a whole title, a footnote mark at its end, and HTML entities are read as a reader of
BibTeX reads them; a semicolon divides a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from ..csl_types import names_of
from ..dates import MONTHS
from ..fields import Field
from ..languages import babel_name
from ..model import FIELDS, Record
from .index_names import indexed, marked

#: (CSL type, genre) that have an entry type of their own, which says the genre.
_GENRES: Mapping[tuple[str, str], str] = {
    ("book", "Proceedings"): "proceedings",
    ("document", "Booklet"): "booklet",
    ("document", "Manual"): "manual",
    ("thesis", ""): "thesis",
    ("thesis", "Master's thesis"): "mastersthesis",
    ("thesis", "PhD thesis"): "phdthesis",
}
#: (entry type, field) that has another name there than in most.
_NAMES: Mapping[tuple[str, str], str] = {
    ("article", "container_title"): "journal",
    ("article", "issue"): "number",
    ("techreport", "publisher"): "institution",
    **{(kind, "publisher"): "school" for kind in ("thesis", "phdthesis", "mastersthesis")},
}
#: CSL type -> BibLaTeX's ``entrysubtype``.
_SUBTYPES: Mapping[str, str] = {
    "article-magazine": "magazine",
    "article-newspaper": "newspaper",
}
#: An article has one number, its issue's.
_LEFT_OUT = frozenset({("article", "number")})
_SPECIAL: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    # \{ would not balance for BibTeX
    "{": r"\lbrace{}",
    "}": r"\rbrace{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "$&%#_"},
}
#: A word from its first letter to its last, without the marks around it.
_LETTERS = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
_MARKS = re.compile(f"[{re.escape(''.join(_SPECIAL))}]")
#: Signs that LaTeX makes one of: dashes, quotes, Spanish marks.
_LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=[?!])(?=`)")
#: What of a text is not set as it stands.
_ESCAPED = re.compile(f"{_MARKS.pattern}|--|''|``|[?!]`")


def write(records: Iterable[Record]) -> Iterator[str]:
    """One entry for each record."""
    for record in records:
        usual = names_of(record.type).bibtex or "misc"
        kind = _GENRES.get((record.type, record.genre), usual)
        fields = {name: text for name, text in _fields(record, kind).items() if text}
        lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
        yield f"@{kind}{{{record.id},\n{lines}}}\n\n"


def escaped(text: str) -> str:
    """Text that LaTeX sets as it stands, on one line."""
    words = " ".join(text.split())
    if not _ESCAPED.search(words):
        return words
    return _MARKS.sub(lambda mark: _SPECIAL[mark.group()], _LIGATURES.sub("\0", words)).replace(
        "\0", "{}"
    )


def _title(text: str) -> str:
    """A title whose words with capitals, but for the first letter of all, stand in braces.

    >>> _title('Making a "Pro": Work on AMT?')
    'Making a "{Pro}": {Work} on {AMT}?'
    """
    escape = escaped if _ESCAPED.search(text) else str
    return " ".join(_word(word, not place, escape) for place, word in enumerate(text.split()))


def _word(text: str, is_first: bool, escape: Callable[[str], str]) -> str:
    """A word of a title, braces around what has a capital and not around its marks."""
    # a style leaves the first character of all as it is: a letter, or the mark before one
    rest = text[is_first:]
    letters = None if rest == rest.lower() else _LETTERS.search(text)
    if not letters:
        return escape(text)
    before, after = text[: letters.start()], text[letters.end() :]
    return f"{escape(before)}{{{escape(letters[0])}}}{escape(after)}"


def _fields(record: Record, kind: str) -> Mapping[str, str]:
    year, month, day = (*record.issued, 0, 0, 0)[:3]
    names = [indexed(name, escaped) for name in record.authors]
    return {
        "author": " and ".join([*names, "others"] if record.more_authors else names),
        "editor": " and ".join(indexed(name, escaped) for name in record.editors),
        **{
            _NAMES.get((kind, field.name), field.bibtex): _text(field, record)
            for field in FIELDS
            if (kind, field.name) not in _LEFT_OUT
        },
        "entrysubtype": _SUBTYPES.get(record.type, ""),
        # LaTeX reads babel's name, programs the tag
        "langid": babel_name(record.language),
        "language": escaped(record.language),
        "year": f"{year:04d}" if year else "",
        "month": MONTHS[month - 1] if month else "",
        "day": str(day) if day else "",
        "date": record.issued_edtf,
        "keywords": marked([escaped(keyword) for keyword in record.facets.keywords], ", "),
    }


def _text(field: Field, record: Record) -> str:
    value = getattr(record, field.name)
    if not value:
        return ""
    if field.kind == "texts":
        return ", ".join(value)
    if field.name == "genre" and (record.type, record.genre) in _GENRES:
        return ""  # the entry's type says it
    return _WRITE.get(field.name, escaped)(value)


def _pages(page: str) -> str:
    """Pages with LaTeX's dash between two numbers."""
    parts = page.split("-")
    return "--".join(map(escaped, parts)) if len(parts) == 2 else escaped(page)


#: Field -> how it is written, where not as LaTeX sets text; identifiers are read as they stand.
_WRITE: Mapping[str, Callable[[str], str]] = {
    "title": _title,
    "original_title": _title,
    "page": _pages,
    "doi": str,
    "url": str,
}
