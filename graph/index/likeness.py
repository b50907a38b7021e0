"""Likeness: how similar a name is to a search text."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

#: The factor for another order of words, the highest scores of a short form and of a name that is
#: not equal, and the factor for other numbers ("Part 2").
_ORDER, _SHORT, _NEARLY, _NUMBERS = 0.97, 92.0, 99.0, 0.85
#: The characters that a typing error may insert.
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789 "
_DIGITS = re.compile(r"\d+")


def score_of(asked: str, name: str, kind: str, begun: bool) -> float:
    """How similar two folded texts are, 0–100; ``begun``: the name may go on after the text."""
    most = _SHORT if kind == "short" else 100.0
    if asked == name:
        return most
    if kind == "notation":
        return 0.0
    score = max(
        fuzz.ratio(asked, name), _ORDER * fuzz.token_sort_ratio(asked, name), _held(asked, name)
    )
    if asked.replace(" ", "") == name.replace(" ", ""):
        score = _NEARLY
    if begun and name.startswith(asked):
        start = 90 if name.startswith(f"{asked} ") else 80
        score = max(score, start + 9 * len(asked) / len(name))
    if not begun and _DIGITS.findall(asked) != _DIGITS.findall(name):
        score *= _NUMBERS
    return round(min(score, _NEARLY) * most / 100, 1)


def _held(one: str, other: str) -> float:
    """The score if one text has all words of the other; else 0."""
    shorter, longer = sorted((one, other), key=len)
    if not set(shorter.split()) <= set(longer.split()):
        return 0.0
    return 45 + 50 * len(shorter) / len(longer)


def one_edit(text: str) -> list[str]:
    """A text with one character omitted, inserted or replaced, or with two neighbours swapped.

    >>> {"upor", "uprok", "upwork", "upurk"} <= set(one_edit("upork"))
    True
    """
    halves = [(text[:place], text[place:]) for place in range(len(text) + 1)]
    left_out = [head + tail[1:] for head, tail in halves if tail]
    swapped = [head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1]
    replaced = [head + each + tail[1:] for head, tail in halves if tail for each in _ALPHABET]
    put_in = [head + each + tail for head, tail in halves for each in _ALPHABET]
    return sorted({*left_out, *swapped, *replaced, *put_in} - {text})
