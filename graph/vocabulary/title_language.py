"""The language of a work by its title, as py3langid identifies it.

Where a record has the title in the language of the work beside a translation, that one is read.
docs/annotation.md says how the threshold was measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ..languages import LANGUAGES, language_tag
from ..model import Record
from .confidence import Confidence, load_confidences

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: The name of the rule in ``ontology/confidence.tsv``.
RULE = "language-of-title"
#: Below this the language stays unknown.
_CERTAIN = 0.6
#: Fewer words of Latin letters may be a name or a term that several languages have.
_FEWEST_WORDS = 3
#: No more of a title is read: the time must not grow with what a source sends.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class TitleLanguage:
    """The language that a title is in, and how certain py3langid is of it."""

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
    tag, certainty = _identifier().classify(title)
    if certainty < _CERTAIN:
        return None
    return TitleLanguage(tag, field, certainty, load_confidences().get(RULE))


@cache
def _identifier() -> LanguageIdentifier:
    """Tells the languages apart that a record may name: Latin and Esperanto take English titles."""
    # numpy, which it takes, starts threads; a process that others are forked from must have none
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages({language_tag(name) for name in LANGUAGES})
    return identifier
