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
from pathlib import Path

from ...ontology import table, turtle, turtle_names
from ..errors import InvalidVocabulary
from ..model import Abstract, Problem, Reading
from . import Vocabulary, load_vocabulary
from .gazetteer import Gazetteer, load_gazetteer
from .literals import folded, literals_of
from .places import CITIES, load_places
from .tables import Row, Table, check_table, shipped_table

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
COLUMNS = ("rule", "scheme", "means", "pattern", "why")
_RULES = "abstract-rules.tsv"
_DEFINE = "define"
_NAME = re.compile(r"\{[a-z][a-z ]*\}")
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
class AbstractRules:
    """The sound rules of a table, in their order, and the problems of the others."""

    rules: tuple[_Rule, ...]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, table: Table, vocabulary: Vocabulary) -> AbstractRules:
        """Compile the rules of a table, with the names that their patterns use."""
        names = {row.get("scheme"): row.get("pattern") for row in table.rows if _is_name(row)}
        slugs = {scheme: vocabulary.slugs(scheme) for scheme in vocabulary.forms}
        rules, problems = [], []
        for row in table.rows:
            wrong = list(_problems(row, names, slugs))
            problems += wrong
            if not wrong and not _is_name(row):
                rules.append(_rule(row, names))
        return cls(tuple(rules), tuple(problems))


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
    vocabulary = gazetteer.vocabulary
    shipped = AbstractRules.of(shipped_table(_RULES, COLUMNS), vocabulary)
    if shipped.problems:
        raise InvalidVocabulary(shipped.problems)
    rules = shipped.rules
    judges = {
        scheme: tuple(r for r in rules if r.of_name and r.scheme in (scheme, _ALL))
        for scheme in vocabulary.forms
    }
    places = dict(load_places(CITIES))
    longest_first = sorted(places, key=lambda place: (-len(place), place))
    place = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b(?! Times| University)")
    texts = (*map(table, (_RULES, CITIES, "disambiguation.tsv")), *map(turtle, turtle_names()))
    return AbstractReader(
        gazetteer=gazetteer,
        finders=tuple(rule for rule in rules if not rule.of_name),
        judges=judges,
        places=places,
        place=place,
        below=_below(vocabulary),
        digest=_digest("".join(texts)),
    )


def check_abstract_rules(path: Path) -> tuple[Problem, ...]:
    """Check a table of rules for abstracts against the shipped vocabularies."""
    vocabulary = load_vocabulary()
    return check_table(path, COLUMNS, lambda table: AbstractRules.of(table, vocabulary).problems)


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
    return row.get("rule") == _DEFINE


def _problems(
    row: Row, names: Mapping[str, str], slugs: Mapping[str, Container[str]]
) -> Iterator[Problem]:
    """Yield the problems of a row; ``slugs`` are the concepts of each scheme."""
    yield from row.surplus_problems("rule")
    yield from _definition_problems(row) if _is_name(row) else _meaning_problems(row, slugs)
    if unknown := set(_NAME.findall(row.get("pattern"))) - {*names, "{it}"}:
        message = f"Not defined: {', '.join(sorted(unknown))}."
        remedy = f"Correct the name, or add a row with the rule {_DEFINE}."
        yield row.problem("pattern", message, remedy, key="rule")
    try:
        _compiled(row, names)
    except re.error as error:
        yield row.pattern_problem("pattern", error, "rule")


def _definition_problems(row: Row) -> Iterator[Problem]:
    yield from row.empty_problems(("pattern",), "rule")
    if not _NAME.fullmatch(row.get("scheme")):
        message, remedy = "This is not a name in braces.", "Write a name such as {study}."
        yield row.problem("scheme", message, remedy, key="rule")


def _meaning_problems(row: Row, slugs: Mapping[str, Container[str]]) -> Iterator[Problem]:
    yield from row.empty_problems(("rule", "pattern", "why"), "rule")
    scheme, means = row.get("scheme"), row.get("means")
    says_nothing = _IT.search(row.get("pattern")) and means in (_ITSELF, _NOTHING)
    if scheme not in (*slugs, _ALL):
        remedy = f"Write one of {', '.join(sorted(slugs))}, or {_ALL} for all."
        yield row.problem("scheme", "This is not a known scheme.", remedy, key="rule")
    elif means not in slugs.get(scheme, ()) and not says_nothing:
        message = "This is not a concept of the rule's scheme."
        remedy = (
            "Write the end of a concept's IRI; for a pattern with {it}, itself or nothing is also"
            " allowed."
        )
        yield row.problem("means", message, remedy, key="rule")


def _rule(row: Row, names: Mapping[str, str]) -> _Rule:
    pattern, of_name = _compiled(row, names), bool(_IT.search(row.get("pattern")))
    means = row.get("scheme"), row.get("means")
    return _Rule(row.get("rule"), *means, pattern, of_name, literals_of(pattern))


def _compiled(row: Row, names: Mapping[str, str]) -> re.Pattern[str]:
    """Compile the pattern of a row; raises re.error."""
    pattern = row.get("pattern")
    for name, words in names.items():
        pattern = pattern.replace(name, f"(?:{words})")
    return re.compile(_IT.sub(_enclosed, pattern), re.IGNORECASE)


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
