"""Tokens: the words of a text, normalised to look up labels, with their places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

#: A word with its combining accents, or one punctuation mark.
_TOKEN = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*|[^\w\s]")
_HYPHENS = "-\u2010\u2011"
_IRREGULAR = {"analyses": "analysis", "news": "news"}
_BRITISH = (
    (re.compile(r"^(behavi|lab)or(?=$|al|er)"), r"\1our"),
    (re.compile(r"(?<=\w\w[^aeiouy])iz(?=(?:e|ed|er|ing|ation)$)"), "is"),
    (re.compile(r"^(label|model|signal)ing$"), r"\1ling"),
)


class Token(NamedTuple):
    """A word or punctuation mark: its key, and where it is in the text."""

    key: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the words and punctuation marks of a text; a hyphen inside a word only divides it.

    >>> [token.key for token in tokens("Gig-Workers: labor")]
    ['gig', 'worker', ':', 'labour']
    """
    for hit in _TOKEN.finditer(text):
        word = hit[0]
        start, end = hit.span()
        if word in _HYPHENS and text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
            continue
        yield Token("'" if word == "’" else _key(word), start, end)


@lru_cache(maxsize=1 << 13)
def keys(text: str) -> tuple[str, ...]:
    """The keys of a label's words and punctuation marks."""
    return tuple(token.key for token in tokens(text))


@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    """Normalise a word: lower case, British spelling, singular."""
    key = unicodedata.normalize("NFC", word).casefold()
    if key in _IRREGULAR or len(key) < 3:
        return _IRREGULAR.get(key, key)
    if key.endswith("s") and not key.endswith(("ss", "us", "is", "ics")):
        key = _singular(key)
    for american, british in _BRITISH:
        key = american.sub(british, key)
    return key


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]


def without_accents(text: str) -> str:
    """Remove the accents from a text: "uberização" becomes "uberizacao"."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c))
