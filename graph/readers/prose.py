"""Titles and names as people read them: without markup, entities or wrongly decoded letters.

Databases leave four kinds of debris in plain text: HTML entities ("&amp;"), markup from a web page
or JATS ("<i>Uber</i>"), UTF-8 that was decoded as Windows-1252 ("PÃ©rez", which ftfy repairs), and
characters that nobody sees, such as soft hyphens.
"""

from __future__ import annotations

import re

import ftfy

from .latex import fold_space, readable, unescaped

#: Tags are removed in pairs, innermost first, so that "a <b" stays.
_PAIR = re.compile(
    r"<(i|b|u|p|em|strong|su[bp]|inf|scp?|tt|span|italic|bold|underline)(?:\s[^<>]*)?>"
    r"([^<>]*)</\1\s*>",
    re.IGNORECASE,
)
#: Tags with a namespace are never words; nor are line breaks.
_TAG = re.compile(r"</?(?:jats|mml):[a-z][^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
#: A full stop at the end of a title that belongs to an abbreviation: "et al.", "U.S.", "Inc.".
_ABBREVIATION = re.compile(r"(?:\.\w+|\b(?:al|etc|inc|ltd|co|corp|vs|no|vol|jr|sr|st)|\.)\.$", re.I)
#: The place that tells a journal of PubMed from its namesakes: "(Basel, Switzerland)".
_PLACE = re.compile(r"(?<=\S) \([A-Z][^(),]*, [^()]*\)$")
#: What INFORMS prints after the keywords: "History: Yong Tan, Senior Editor; …".
HISTORY = re.compile(r"\bHistory: .*", re.DOTALL)
#: No title has deeper markup.
_DEEPEST = 10
#: Characters that nobody sees: where a word may break, and marks that turn the text after them.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_ENCODING_ONLY = ftfy.TextFixerConfig(normalization=None)


def prose(text: str) -> str:
    """The text on one line, as it appears on the printed page.

    >>> prose("Pay<sup>0</sup> under <i>Upwork</i> &amp; Fiverr: PÃ©rez")
    'Pay0 under Upwork & Fiverr: Pérez'
    """
    text = unescaped(unescaped(readable(text)))  # Crossref has "&amp;lt;i&amp;gt;"
    if "<" in text:
        text = _BREAK.sub(" ", _TAG.sub("", text))
        for _ in range(_DEEPEST):
            text, count = _PAIR.subn(r"\2", text)
            if not count:
                break
    if not text.isascii():
        text = _UNSEEN.sub("", readable(ftfy.fix_encoding(text, _ENCODING_ONLY)))
    return fold_space(text)


def without_stop(title: str) -> str:
    """The title without the full stop that citations and PubMed put at its end.

    >>> without_stop("Gigs at work."), without_stop("Gig work in the U.S.")
    ('Gigs at work', 'Gig work in the U.S.')
    """
    if not title.endswith(".") or _ABBREVIATION.search(title):
        return title
    return title[:-1].rstrip() or title


def without_brackets(title: str) -> str:
    """A PubMed title without its full stop, or the brackets that mark it as translated.

    >>> without_brackets("[Pain in couriers]."), without_brackets("[Pain] and [gain]")
    ('Pain in couriers', '[Pain] and [gain]')
    """
    title = without_stop(title.strip())
    inner = title[1:-1]
    is_whole = title.startswith("[") and title.endswith("]") and not {"[", "]"} & set(inner)
    return without_stop(inner) if is_whole and inner else title


def without_place(journal: str) -> str:
    """A journal's title without the place that PubMed adds if another has the same title.

    >>> without_place("Work (Reading, Mass.)"), without_place("Organization (London)")
    ('Work', 'Organization (London)')
    """
    return _PLACE.sub("", journal)
