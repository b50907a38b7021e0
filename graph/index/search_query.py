"""Search queries: what people type into a search box, as words, phrases and operators.

======================  ============================================================
``gig work``            both words, anywhere; each may be incomplete
``"gig work"``          whole words next to each other, or one whole word
``cost-benefit``        words next to each other; the last may be incomplete
``-uber``, ``NOT uber`` without the whole word; ``-"gig work"`` without the phrase
``uber OR lyft``        either; binds before all else
``uber AND lyft``       the same as without AND
``-(uber OR lyft)``     without either of them; other brackets are ignored
======================  ============================================================

Operators are in capitals. An operator with nothing to join or to leave out is ignored, and so is a
quotation mark that is not closed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from ..iris import fold
from .spellings import standard, words_of

#: How many characters of a query are read.
CHARACTERS = 200
#: Marks that open a quotation anywhere; those that do so unless they follow a word; all.
_OPENING, _EITHER = "“„‟«‹「『〝", '"＂”»›'
_MARKS = f"{_OPENING}{_EITHER}」』〞"
QUOTATION_MARKS = frozenset(_MARKS)
_WORD = r"[^\W_]+(?:['’][^\W_]+)*"
_PART = re.compile(
    rf"(?P<minus>(?<![^\s(])-+(?=[{_MARKS}(]|\w))?"
    rf"(?:(?P<open>[{_OPENING}]|(?<!\w)[{_EITHER}])(?:(?P<phrase>[^{_MARKS}]*)[{_MARKS}])?"
    rf"|(?P<word>{_WORD}(?:[-‐‑]{_WORD})*)|(?P<bracket>[()]))"
)
#: A word of a text.
WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand next to each other in a text; often only one."""

    #: As they were typed.
    text: str = field(compare=False)
    #: Folded, as they were spelt.
    words: tuple[str, ...]
    #: Whether the last word may be incomplete.
    is_begun: bool = False
    #: Whether the last word is in another number than was typed. Then it is not found in names.
    is_inflected: bool = False
    #: Alternatives: the same as one word, as two next to each other, or in the other number.
    otherwise: tuple[Phrase, ...] = ()

    @property
    def sought(self) -> tuple[tuple[str, ...], ...]:
        """Its words as they are searched for: in the common form of their spellings.

        A last word that may be incomplete is also searched as it was typed: "outsour" is not yet a
        word with another spelling.
        """
        whole = tuple(map(standard, self.words))
        as_typed = (*whole[:-1], self.words[-1]) if self.is_begun else whole
        return (whole,) if whole == as_typed else (whole, as_typed)

    @property
    def parts(self) -> tuple[Phrase, ...]:
        """Its words, each by itself."""
        last = len(self.words) - 1
        return tuple(
            Phrase(
                word, (word,), self.is_begun and place == last, self.is_inflected and place == last
            )
            for place, word in enumerate(self.words)
        )

    @property
    def written(self) -> tuple[str, ...]:
        """Strings, one of which is in every text that has the words: in the form of ``spelt``, with
        a space at each end.
        """
        end = "" if self.is_begun else " "
        own = (f" {' '.join(words)}{end}" for words in self.sought)
        return (*own, *chain.from_iterable(other.written for other in self.otherwise))

    def is_among(self, spelt: str) -> bool:
        """Whether texts, in the form of ``spelt``, have the words."""
        return any(each in f" {spelt} " for each in self.written)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The start and end of each place in a text that has the words."""
        tokens = _tokens(text)
        for sought in self.sought:
            for first in range(len(tokens) - len(sought) + 1):
                run = tokens[first : first + len(sought)]
                *before, last = zip(sought, run, strict=True)
                ends = last[1].begins(last[0]) if self.is_begun else last[1].spells(last[0])
                if ends and all(token.spells(word) for word, token in before):
                    yield run[0].start, run[-1].end
        for other in self.otherwise:
            yield from other.spans(text)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A parsed query; false if it asks for nothing."""

    #: A work has one phrase of each of these ...
    all_of: tuple[tuple[Phrase, ...], ...] = ()
    #: ... and none of these.
    none_of: tuple[Phrase, ...] = ()
    #: The text without operators and without what is left out.
    wanted: str = ""
    #: Whether a quotation is not closed.
    is_unclosed: bool = False

    def __bool__(self) -> bool:
        return bool(self.all_of or self.none_of)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The phrases that are not left out."""
        return tuple(phrase for either in self.all_of for phrase in either)

    @property
    def words(self) -> list[str]:
        """The words that are not left out, folded, in order."""
        return [word for phrase in self.phrases for word in phrase.words]

    @property
    def names(self) -> tuple[str, ...]:
        """The texts that may be names: all that is wanted, or each alternative."""
        is_one = all(len(either) == 1 for either in self.all_of)
        return (self.wanted,) if is_one else tuple(phrase.text for phrase in self.phrases)

    @property
    def is_plain(self) -> bool:
        """Whether it is only words that a work must all have, without quotations or operators."""
        return not self.none_of and all(
            len(either) == 1 and either[0].is_begun for either in self.all_of
        )


def parse(text: str) -> SearchQuery:
    """Parse the text of a query.

    >>> query = parse('"gig economy" india OR pakistan -uber')
    >>> [[phrase.text for phrase in either] for either in query.all_of]
    [['gig economy'], ['india', 'pakistan']]
    >>> [phrase.text for phrase in query.none_of], query.wanted
    (['uber'], '"gig economy" india pakistan')
    """
    text = unicodedata.normalize("NFC", text[:CHARACTERS])
    # in a title typed in capitals, NOT is a word
    operators = ("AND", "OR") if text == text.upper() else ("AND", "OR", "NOT")
    all_of: list[list[Phrase]] = []
    none_of: list[Phrase] = []
    operator, joins, leaves_out, is_unclosed = "", False, False, False
    wanted, end = "", 0
    for part in _PART.finditer(text):
        if part["minus"]:
            operator = "NOT"
        elif part["word"] in operators:
            operator = part["word"]
            wanted, end = wanted + text[end : part.start()], part.end()
            continue
        if bracket := part["bracket"]:
            leaves_out = bracket == "(" and (leaves_out or operator == "NOT")
            continue
        is_quoted = part["phrase"] is not None
        is_unclosed |= bool(part["open"]) and not is_quoted
        typed = part["phrase"] if is_quoted else part["word"] or ""
        words = tuple(fold(typed).split())
        if not words:
            continue
        is_excluded = leaves_out or operator == "NOT"
        phrase = Phrase(" ".join(typed.split()), words, not (is_quoted or is_excluded))
        if is_excluded:
            none_of.append(phrase)
            wanted, end = wanted + text[end : part.start()], part.end()
        elif operator == "OR" and joins:
            all_of[-1].append(phrase)
        else:
            all_of.append([phrase])
        operator, joins = "", not is_excluded
    return SearchQuery(
        tuple(dict.fromkeys(tuple(dict.fromkeys(either)) for either in all_of)),
        tuple(dict.fromkeys(none_of)),
        " ".join((wanted + text[end:]).split()),
        is_unclosed,
    )


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a text, and where it is."""

    start: int
    end: int
    #: The word folded, its parts at an apostrophe, and the common forms of these.
    forms: frozenset[str]

    def spells(self, word: str) -> bool:
        return word in self.forms

    def begins(self, word: str) -> bool:
        return any(form.startswith(word) for form in self.forms)


@lru_cache(2**10)
def _tokens(text: str) -> Sequence[_Token]:
    return [
        _Token(match.start(), match.end(), frozenset(words_of(match[0])))
        for match in WORD.finditer(text)
    ]
