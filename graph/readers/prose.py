"""Titles and names as people read them: without markup, entities, or letters decoded twice wrong.

Databases leave three kinds of debris in plain text: HTML entities ("&amp;"), the markup of a
title's web page or of JATS ("<i>Uber</i>"), and UTF-8 that somebody took for Windows-1252
("PÃ©rez", which ftfy puts right).
"""

from __future__ import annotations

import re

import ftfy

from .latex import fold_space, readable, unescaped

#: Tags are taken off in pairs, so that "a <b" stays; the innermost first.
_PAIR = re.compile(
    r"<(i|b|u|p|em|strong|su[bp]|inf|scp?|tt|span|italic|bold|underline)(?:\s[^<>]*)?>"
    r"([^<>]*)</\1\s*>",
    re.IGNORECASE,
)
#: Tags of a namespace are never words; nor is a line break.
_TAG = re.compile(r"</?(?:jats|mml):[a-z][^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
#: What a title may end with that is an abbreviation's mark: "et al.", "U.S.", "Inc.".
_ABBREVIATION = re.compile(r"(?:\.\w+|\b(?:al|etc|inc|ltd|co|corp|vs|no|vol|jr|sr|st)|\.)\.$", re.I)
#: What INFORMS prints behind the keywords: "History: Yong Tan, Senior Editor; …".
HISTORY = re.compile(r"\bHistory: .*", re.DOTALL)
#: Deeper markup stands in no title.
_DEEPEST = 10
_ENCODING_ONLY = ftfy.TextFixerConfig(normalization=None)


def prose(text: str) -> str:
    """The text on one line, as a reader of the printed page sees it.

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
        text = readable(ftfy.fix_encoding(text, _ENCODING_ONLY))
    return fold_space(text)


def without_stop(title: str) -> str:
    """The title without the full stop that ends it in a citation, and in PubMed.

    >>> without_stop("Gigs at work."), without_stop("Gig work in the U.S.")
    ('Gigs at work', 'Gig work in the U.S.')
    """
    if not title.endswith(".") or _ABBREVIATION.search(title):
        return title
    return title[:-1].rstrip() or title


def without_brackets(title: str) -> str:
    """A title of PubMed without its stop, and the brackets that say it was translated.

    >>> without_brackets("[Pain in couriers]."), without_brackets("[Pain] and [gain]")
    ('Pain in couriers', '[Pain] and [gain]')
    """
    title = without_stop(title.strip())
    inner = title[1:-1]
    is_whole = title.startswith("[") and title.endswith("]") and not {"[", "]"} & set(inner)
    return without_stop(inner) if is_whole and inner else title
