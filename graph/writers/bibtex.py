"""Records as BibTeX, for LaTeX, JabRef and Zotero: UTF-8, with LaTeX's special characters escaped.

The key is the record's id. Words with capitals are in braces, so that styles do not change them to
lower case. Names of bodies are in braces, so that they are not split.

All bibliographic fields and the keywords survive, except:

- types without an entry type in BibTeX: speech and others come back as documents; a blog post, and
  a document with a URL and no publisher, DOI, ISBN or container, as a web page;
- the number of an article that also has an issue;
- ORCID iDs, facets other than keywords, sources and agents.

Spaces are collapsed and letters composed (NFC). Quotation marks around a whole title, a footnote
mark at its end, and HTML entities are interpreted by readers of BibTeX. A semicolon splits a
keyword.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from ..csl_types import names_of
from ..dates import MONTHS
from ..fields import Field
from ..languages import babel_name
from ..model import FIELDS, Name, Record

#: (CSL type, genre) -> the entry type that also says the genre.
_GENRES: Mapping[tuple[str, str], str] = {
    ("book", "Proceedings"): "proceedings",
    ("document", "Booklet"): "booklet",
    ("document", "Manual"): "manual",
    ("thesis", ""): "thesis",
    ("thesis", "Master's thesis"): "mastersthesis",
    ("thesis", "PhD thesis"): "phdthesis",
}
#: (entry type, field) -> the name of the field, if it differs in this entry type.
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
#: An article has only one number, that of its issue.
_LEFT_OUT = frozenset({("article", "number")})
_SPECIAL: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    # BibTeX would count \{ as an unbalanced brace
    "{": r"\lbrace{}",
    "}": r"\rbrace{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "$&%#_"},
}
#: A word from its first letter to its last, without the punctuation around it.
_LETTERS = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
_MARKS = re.compile(f"[{re.escape(''.join(_SPECIAL))}]")
#: Characters that LaTeX would combine into one: dashes, quotation marks, Spanish marks.
_LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=[?!])(?=`)")
#: What LaTeX would not typeset as it is.
_ESCAPED = re.compile(f"{_MARKS.pattern}|--|''|``|[?!]`")
#: What a name may only contain in braces: characters and words that split names, and suffixes.
_DIVIDES = re.compile(
    r"[,;&]|\b(?:and|others|et al)\b|\s(?:[JS]n?r|Junior|Senior|Ph\.?\s?D|M\.?D|I{2,3}|IV)\.?$",
    re.IGNORECASE,
)


def write(records: Iterable[Record]) -> Iterator[str]:
    """Yield one entry for each record."""
    for record in records:
        usual = names_of(record.type).bibtex or "misc"
        kind = _GENRES.get((record.type, record.genre), usual)
        fields = {name: text for name, text in _fields(record, kind).items() if text}
        lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
        yield f"@{kind}{{{record.id},\n{lines}}}\n\n"


def escaped(text: str) -> str:
    """Escape a text so that LaTeX typesets it as it is, on one line."""
    words = " ".join(text.split())
    if not _ESCAPED.search(words):
        return words
    return _MARKS.sub(lambda mark: _SPECIAL[mark.group()], _LIGATURES.sub("\0", words)).replace(
        "\0", "{}"
    )


def _title(text: str) -> str:
    """Write a title with braces around words that have capitals (other than its first letter).

    >>> _title('Making a "Pro": Work on AMT?')
    'Making a "{Pro}": {Work} on {AMT}?'
    """
    escape = escaped if _ESCAPED.search(text) else str
    return " ".join(_word(word, not place, escape) for place, word in enumerate(text.split()))


def _word(text: str, is_first: bool, escape: Callable[[str], str]) -> str:
    """Write a word of a title; if it has a capital, with braces, but not around its punctuation."""
    # styles do not change the first character of a title: a letter, or a mark before one
    rest = text[is_first:]
    letters = None if rest == rest.lower() else _LETTERS.search(text)
    if not letters:
        return escape(text)
    before, after = text[: letters.start()], text[letters.end() :]
    return f"{escape(before)}{{{escape(letters[0])}}}{escape(after)}"


def _fields(record: Record, kind: str) -> Mapping[str, str]:
    year, month, day = (*record.issued, 0, 0, 0)[:3]
    names = [*map(_name, record.authors)]
    return {
        "author": " and ".join([*names, "others"] if record.more_authors else names),
        "editor": " and ".join(map(_name, record.editors)),
        **{
            _NAMES.get((kind, field.name), field.bibtex): _text(field, record)
            for field in FIELDS
            if (kind, field.name) not in _LEFT_OUT
        },
        "entrysubtype": _SUBTYPES.get(record.type, ""),
        # LaTeX uses babel's name, other programs the tag
        "langid": babel_name(record.language),
        "language": escaped(record.language),
        "year": f"{year:04d}" if year else "",
        "month": MONTHS[month - 1] if month else "",
        "day": str(day) if day else "",
        "date": record.issued_edtf,
        "keywords": marked([escaped(keyword) for keyword in record.facets.keywords], ", "),
    }


def _name(name: Name) -> str:
    """Write "Family, Suffix, Given", with a part in braces if it would be misread."""
    if name.literal:
        return f"{{{escaped(name.literal)}}}"
    family = _guarded(name.family)
    if name.particle:
        family = f"{escaped(name.particle)} {family}"
    # A suffix of several words would be read as a name; a tie makes it one word.
    suffix = escaped(name.suffix).replace(" ", "~")
    # "Alam" alone is a name in one piece; an empty given name says that it is a family name.
    given = _guarded(name.given) or ("" if name.particle else "{}")
    return ", ".join(part for part in (family, suffix, given) if part)


@lru_cache(2**12)
def _guarded(part: str) -> str:
    has_small = any(word[0].islower() for word in part.split())
    is_bare = not (has_small or _DIVIDES.search(part))
    return escaped(part) if is_bare else f"{{{escaped(part)}}}"


def marked(keywords: Sequence[str], mark: str) -> str:
    """Join keywords with ``mark``; if one contains a comma, put ";" after each one instead.

    Our readers (``readers.fields``) then do not split at commas.
    """
    if any("," in keyword for keyword in keywords):
        return "".join(f"{keyword}; " for keyword in keywords).strip()
    return mark.join(keywords)


def _text(field: Field, record: Record) -> str:
    value = getattr(record, field.name)
    if not value:
        return ""
    if field.kind == "texts":
        return ", ".join(value)
    if field.name == "genre" and (record.type, record.genre) in _GENRES:
        return ""  # the entry type says it
    return _WRITE.get(field.name, escaped)(value)


def _pages(page: str) -> str:
    """Write pages with LaTeX's dash between two numbers."""
    parts = page.split("-")
    return "--".join(map(escaped, parts)) if len(parts) == 2 else escaped(page)


#: How to write the fields that are not just escaped text; identifiers stay as they are.
_WRITE: Mapping[str, Callable[[str], str]] = {
    "title": _title,
    "original_title": _title,
    "page": _pages,
    "doi": str,
    "url": str,
}
