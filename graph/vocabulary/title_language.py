"""The language of a work by its title, as lingua identifies it.

Where a record has the title in the language of the work beside a translation, that one is read.
docs/annotation.md says how the threshold was measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from ..languages import LANGUAGES, language_tag
from ..model import Record
from .confidence import Confidence, load_confidences

#: The name of the rule in ``ontology/confidence.tsv``.
RULE = "language-of-title"
#: Below this the language stays unknown. The certainties of lingua are no shares of right answers.
_CERTAIN = 0.99
#: Fewer words of Latin letters may be a name or a term that several languages have.
_FEWEST_WORDS = 3
#: No more of a title is read: the time must not grow with what a source sends.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class TitleLanguage:
    """The language that a title is in, and how certain lingua is of it."""

    #: A BCP 47 tag.
    tag: str
    #: The record's field that was read.
    field: str
    #: From 0 to 1.
    certainty: float
    #: How often the rule is right; None where nobody has measured it.
    confidence: Confidence | None


def language_of_title(record: Record) -> TitleLanguage | None:
    """The language of a work by its title; None where the title leaves that open.

    >>> language_of_title(Record("Crowdwork und die Zukunft der Arbeit")).tag
    'de'
    >>> language_of_title(Record("Crowdsourcing")) is None
    True
    """
    field = "original_title" if record.original_title else "title"
    title = getattr(record, field)[:_LONGEST]
    if title.isascii() and len(title.split()) < _FEWEST_WORDS:
        return None
    best = _detector().compute_language_confidence_values(title)[0]
    if best.value < _CERTAIN:
        return None
    return TitleLanguage(_tag(best.language), field, best.value, load_confidences().get(RULE))


@cache
def _detector() -> LanguageDetector:
    """Tells the languages apart that a record may name: Latin and Esperanto take English titles.

    The models of trigrams alone hold a tenth of the memory of all and answer as well at this
    threshold.
    """
    tags = {language_tag(name) for name in LANGUAGES}
    languages = [language for language in Language.all() if _tag(language) in tags]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def _tag(language: Language) -> str:
    return language.iso_code_639_1.name.lower()
