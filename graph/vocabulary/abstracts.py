"""Abstracts: the platforms, countries and methods that an abstract says its work studies.

The abstract itself is not kept, only the concepts, the rules, the matched words with their place,
and the abstract's digest. A name counts only in a sentence that is about the study. The rules are
in ``ontology/abstract-rules.tsv``, and the places that stand for a country in
``ontology/cities.tsv``; docs/annotation.md says how accurate they are.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import islice

from ...ontology import table, turtle, turtle_names
from ..errors import InvalidVocabulary
from ..model import Abstract, Reading
from . import Vocabulary
from .gazetteer import Gazetteer, load_gazetteer
from .literals import folded, literals_of
from .tables import Row, shipped_table

#: Longer texts are editorials or whole papers, and are not read.
LONGEST = 6_000
#: More names than this in a sentence are not looked at: each one means reading the whole sentence.
_MOST_NAMES = 50
#: The most matched words that are kept: no label is longer, and more would be a quotation.
_MOST_WORDS = 6
_TAG = re.compile(r"<[^<>]{1,200}>")
#: The start of text that a source appends to the abstract.
_RUNS_ON = re.compile(
    r"\b(?:Key ?words?|Index Terms|Author Keywords|Subject classification|JEL(?: codes?)?|"
    r"Acknowledge?ments?|About the authors?|Biographical notes?|Author biograph\w+|Funding|"
    r"Copyright|Correspondence)\s?[:.\u2014\u2013-]|\u00a9|\(c\) (?:19|20)\d\d"
)
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\]%][.?!]) +(?=[A-Z\"'(])")
_RULES, _CITIES = "abstract-rules.tsv", "cities.tsv"
_COLUMNS = ("rule", "scheme", "means", "pattern", "why")
#: The placeholder of a pattern for any name, or for one that matches ``{it:…}``.
_IT = re.compile(r"\{it(?::([^{}]+))?\}")
#: Put around the name in a sentence; sources do not use this character.
_MARK = "\ue000"
_ITSELF, _NOTHING, _ALL = "itself", "nothing", "*"
#: If an abstract names a concept of this scheme and a narrower one, only the narrower one is kept.
_NARROWEST = "work-types"
#: A topic that is named this often is one that the work is about.
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    scheme: str
    means: str
    pattern: re.Pattern[str]
    #: Whether it judges a name; if not, it finds its words itself.
    of_name: bool
    #: If there are any, every match contains one of these.
    literals: frozenset[str]

    def may_fit(self, folded_text: str) -> bool:
        """Whether the rule may match in a text."""
        return not self.literals or any(map(folded_text.__contains__, self.literals))


@dataclass(frozen=True, slots=True)
class AbstractReader:
    """The rules for running text, with the names that they look for."""

    gazetteer: Gazetteer
    #: The rules that find their words themselves.
    finders: tuple[_Rule, ...]
    #: Scheme -> the rules that judge a name.
    judges: Mapping[str, Sequence[_Rule]]
    #: City or region -> the country's slug.
    places: Mapping[str, str]
    place: re.Pattern[str]
    #: (scheme, concept) -> the narrower concepts that replace it if both are named.
    below: Mapping[tuple[str, str], frozenset[tuple[str, str]]]
    #: Identifies the rules and names.
    digest: str

    def read(self, abstract: str) -> Abstract | None:
        """Return what the abstract says is studied, each concept once, in the order of the text.

        None if there is no abstract, or it is too long to be one.
        """
        text = normal_text(abstract)
        if not text or len(text) > LONGEST:
            return None
        first: dict[tuple[str, str], Reading] = {}
        for scheme, concept, rule, start, end in sorted(self._all(text), key=lambda hit: hit[3]):
            words = " ".join(text[start:end].split(" ")[:_MOST_WORDS])
            reading = Reading(scheme, concept, rule, words, start)
            first.setdefault((scheme, concept), reading)
        readings = (
            r for key, r in first.items() if not self.below.get(key, frozenset()) & first.keys()
        )
        return Abstract(_digest(text), self.digest, tuple(readings))

    def _all(self, text: str) -> Iterator[tuple[str, str, str, int, int]]:
        run_on = _RUNS_ON.search(text, 1)
        text = text[: run_on.start()] if run_on else text
        plain = folded(text)
        finders = [rule for rule in self.finders if rule.may_fit(plain)]
        for start, sentence in _sentences(text):
            for scheme, concept, rule, first, last in self._in_sentence(sentence, finders):
                yield scheme, concept, rule, start + first, start + last
        mentions = [m for m in self.gazetteer.mentions(text) if m.scheme == "topics"]
        often = Counter(m.concept for m in mentions)
        for m in mentions:
            if often[m.concept] >= _OFTEN:
                yield "topics", m.concept.rpartition("/")[2], "topic-repeated", m.start, m.end

    def _in_sentence(
        self, sentence: str, finders: Sequence[_Rule]
    ) -> Iterator[tuple[str, str, str, int, int]]:
        plain = folded(sentence)
        for scheme, concept, start, end in islice(self._names(sentence), _MOST_NAMES):
            rule = self._judge(scheme, plain, _marked(sentence, start, end))
            if rule and rule.means == _ITSELF:
                yield scheme, concept, rule.name, start, end
        for rule in finders:
            for match in rule.pattern.finditer(sentence) if rule.may_fit(plain) else ():
                if self._judge(rule.scheme, plain, _marked(sentence, *match.span())) is None:
                    yield rule.scheme, rule.means, rule.name, *match.span()

    def _names(self, sentence: str) -> Iterator[tuple[str, str, int, int]]:
        for m in self.gazetteer.mentions(sentence):
            if m.scheme in ("platforms", "countries"):
                yield m.scheme, m.concept.rpartition("/")[2], m.start, m.end
        for match in self.place.finditer(sentence):
            yield "countries", self.places[match[0]], *match.span()

    def _judge(self, scheme: str, plain: str, marked: str) -> _Rule | None:
        """The first rule that fits the marked name; ``plain`` is the folded sentence."""
        for rule in self.judges[scheme]:
            if rule.may_fit(plain) and rule.pattern.search(marked):
                return rule
        return None


@cache
def load_abstract_reader() -> AbstractReader:
    """Load the shipped rules; raises InvalidVocabulary if one is wrong."""
    gazetteer = load_gazetteer()
    rows = shipped_table(_RULES, _COLUMNS).rows
    vocabulary = gazetteer.vocabulary
    slugs = {scheme: vocabulary.slugs(scheme) for scheme in vocabulary.forms}
    names = {row.get("scheme"): row.get("pattern") for row in rows if _is_name(row)}
    rules = [_rule(row, names, slugs) for row in rows if not _is_name(row)]
    judges = {
        scheme: tuple(r for r in rules if r.of_name and r.scheme in (scheme, _ALL))
        for scheme in slugs
    }
    cities = shipped_table(_CITIES, ("country", "places")).rows
    for row in cities:
        if row.get("country") not in slugs["countries"]:
            message = "There is no country or region with this slug."
            remedy = "Write a country code, or the end of a region's IRI."
            raise InvalidVocabulary([row.problem("country", message, remedy, key="places")])
    places = {place: row.get("country") for row in cities for place in row.get("places").split("|")}
    longest_first = sorted(places, key=lambda place: (-len(place), place))
    place = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b(?! Times| University)")
    texts = (*map(table, (_RULES, _CITIES, "disambiguation.tsv")), *map(turtle, turtle_names()))
    return AbstractReader(
        gazetteer=gazetteer,
        finders=tuple(rule for rule in rules if not rule.of_name),
        judges=judges,
        places=places,
        place=place,
        below=_below(vocabulary),
        digest=_digest("".join(texts)),
    )


def normal_text(abstract: str) -> str:
    """The abstract without tags, entities and repeated spaces; digest and offsets refer to this."""
    return " ".join(html.unescape(_TAG.sub(" ", abstract)).split())


def _below(vocabulary: Vocabulary) -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    """Map each type of work to the narrower ones."""
    below: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for narrow, wide in vocabulary.broader(_NARROWEST):
        below[_NARROWEST, wide].add((_NARROWEST, narrow))
    return {key: frozenset(value) for key, value in below.items()}


def _is_name(row: Row) -> bool:
    return row.get("rule") == "define"


def _rule(row: Row, names: Mapping[str, str], slugs: Mapping[str, Container[str]]) -> _Rule:
    scheme, means, pattern = row.get("scheme"), row.get("means"), row.get("pattern")
    for name, words in names.items():
        pattern = pattern.replace(name, f"(?:{words})")
    of_name = bool(_IT.search(pattern))
    says_nothing = of_name and means in (_ITSELF, _NOTHING)
    if means not in slugs.get(scheme, ()) and not says_nothing:
        message = "This is not a concept of the rule's scheme."
        remedy = (
            "Write the end of a concept's IRI; for a pattern with {it}, itself or nothing is also"
            " allowed."
        )
        raise InvalidVocabulary([row.problem("means", message, remedy, key="rule")])
    try:
        compiled = re.compile(_IT.sub(_enclosed, pattern), re.IGNORECASE)
    except re.error as error:
        raise InvalidVocabulary([row.pattern_problem("pattern", error, "rule")]) from None
    return _Rule(row.get("rule"), scheme, means, compiled, of_name, literals_of(compiled))


def _enclosed(it: re.Match[str]) -> str:
    """The pattern for a marked name: any name, or the one given in ``{it:…}``."""
    return f"{_MARK}(?:{it[1] or f'[^{_MARK}]*'}){_MARK}"


def _marked(sentence: str, start: int, end: int) -> str:
    """Put marks around the name in a sentence."""
    return f"{sentence[:start]}{_MARK}{sentence[start:end]}{_MARK}{sentence[end:]}"


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence with its place; "e.g." and initials may split one, but never join two."""
    start = 0
    for gap in _SENTENCE_END.finditer(text):
        yield start, text[start : gap.start()]
        start = gap.end()
    yield start, text[start:]


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
