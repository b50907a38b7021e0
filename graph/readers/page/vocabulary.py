"""The vocabularies of a record page's values, and how a line is split into values."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ...iris import fold
from ...languages import LANGUAGES
from ...model import FACETS, Organisation
from ...vocabulary import Vocabulary, load_vocabulary

#: Field of a record page -> the vocabulary its values are from.
SCHEMES: Mapping[str, str] = {field.name: field.scheme.stem for field in FACETS if field.scheme}
#: The form of a kind of organisation ("Trade union"), known or not; a name has more capitals.
_KIND = re.compile(r"[A-Z][a-z]+(?:[ -][a-z]+){0,2}")
_END_OF_ONE = re.compile(r"\s*(?:,\s|,?$)")
#: How similar a label must be to a value to be the one that was meant.
_ALIKE = 0.8
#: No label has more pieces between commas than this.
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class PageVocabulary:
    """The folded labels of every field; for ``organisations``, the kinds in brackets."""

    labels: Mapping[str, frozenset[str]]
    #: The same, sorted.
    ordered: Mapping[str, tuple[str, ...]]
    #: Field -> the beginnings of its labels of several words, word by word.
    openings: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> PageVocabulary:
        """The labels of a vocabulary, and the languages."""
        labels = {field: vocabulary.labels(scheme) for field, scheme in SCHEMES.items()}
        labels["languages"] = frozenset(map(fold, LANGUAGES))
        # In a title "Albanian" means the country; on a page it is the language.
        labels["countries"] -= labels["languages"]
        return cls.of_labels(labels)

    @classmethod
    def of_labels(cls, labels: Mapping[str, frozenset[str]]) -> PageVocabulary:
        """The vocabulary with these folded labels."""
        ordered = {field: tuple(sorted(known)) for field, known in labels.items()}
        openings = {field: frozenset(_openings(known)) for field, known in labels.items()}
        return cls(labels, ordered, openings)

    def knows(self, field: str, value: str) -> bool:
        """True for a value (for ``organisations``: a kind) that the field has a label for."""
        return _folded(value) in self.labels.get(field, frozenset())

    def begins(self, field: str, value: str) -> bool:
        """True for three or more letters that begin a longer label, as if the page breaks off."""
        start = _folded(value)
        labels = self.ordered.get(field, ())
        place = bisect_right(labels, start)
        return len(start) > 2 and place < len(labels) and labels[place].startswith(start)

    def nearest(self, field: str, value: str) -> str:
        """The label most similar to an unknown value, with the same first letter; "" if none is.

        >>> shipped_vocabulary().nearest("platforms", "Upwrok")
        'upwork'
        """
        written, labels = _folded(value), self.ordered.get(field, ())
        first = written[:1]
        among = labels[bisect_left(labels, first) : bisect_right(labels, f"{first}\uffff")]
        near = difflib.get_close_matches(written, among, 1, _ALIKE) if first else []
        return near[0] if near and near[0] != written else ""

    def split(self, field: str, text: str) -> tuple[str, ...]:
        """The values of a line joined by commas. The longest known one wins: some contain commas.

        >>> shipped_vocabulary().split("keywords", "income, autonomy, flexibility and control")
        ('income', 'autonomy, flexibility and control')
        """
        pieces = [piece for piece in (p.strip() for p in re.split(r",\s+", text)) if piece]
        folded = list(map(_folded, pieces))
        labels = self.labels.get(field, frozenset())
        openings = self.openings.get(field, frozenset())
        values: list[str] = []
        start = 0
        while start < len(pieces):
            taken = 1
            if folded[start] in openings:
                longest = min(len(pieces) - start, _LONGEST)
                several = (n for n in range(longest, 1, -1) if _joined(folded, start, n) in labels)
                taken = next(several, 1)
            values.append(", ".join(pieces[start : start + taken]))
            start += taken
        return tuple(values)

    def organisations(self, text: str) -> tuple[Organisation, ...]:
        """The organisations of a line; the kind in brackets ends each, so names may have commas.

        >>> [o.name for o in shipped_vocabulary().organisations("A (B) (Publisher), D, E (Union)")]
        ['A (B)', 'D, E']
        """
        bodies, start, depth, opened = [], 0, 0, 0
        for place, character in enumerate(text):
            if character == "(":
                opened = place if depth == 0 else opened
                depth += 1
            elif character == ")" and depth:
                depth -= 1
                kind = text[opened + 1 : place].strip()
                ends = _END_OF_ONE.match(text, place + 1)
                is_kind = self.knows("organisations", kind) or _KIND.fullmatch(kind)
                name = text[start:opened].strip(" ,")
                if depth == 0 and ends and is_kind and name:
                    bodies.append(Organisation(name, kind))
                    start = place + 1
        if left := text[start:].strip(" ,"):
            bodies.append(Organisation(left))
        return tuple(bodies)


def _openings(labels: Iterable[str]) -> Iterator[str]:
    for label in labels:
        words = label.split()
        yield from (" ".join(words[:count]) for count in range(1, len(words)))


def _joined(folded: Sequence[str], start: int, count: int) -> str:
    return " ".join(filter(None, folded[start : start + count]))


def _folded(text: str) -> str:
    """``fold(text)``, cached because the same few values are on every page."""
    return _folded_before(text) if len(text) < 200 else fold(text)


_folded_before = lru_cache(maxsize=1 << 15)(fold)


@cache
def shipped_vocabulary() -> PageVocabulary:
    """The page vocabulary of the shipped vocabularies."""
    return PageVocabulary.of(load_vocabulary())
