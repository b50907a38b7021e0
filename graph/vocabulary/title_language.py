"""The language of a work, identified from its title by py3langid.

If a record has both a translated title and the one in the language of the work, the latter is used.
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
#: Fewer ASCII words may be a name, or a term that several languages share.
_FEWEST_WORDS = 3
#: Only this much of a title is read, so that a long one cannot slow it down.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class TitleLanguage:
    """The language of a title, and how certain py3langid is."""

    #: A BCP 47 tag.
    tag: str
    #: The record's field that was read.
    field: str
    #: From 0 to 1.
    certainty: float
    #: How often the rule is right; None if this has not been measured.
    confidence: Confidence | None


def language_of_title(record: Record) -> TitleLanguage | None:
    """Identify the language of a work by its title; None if the title is not clear.

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
    """The identifier, limited to ``LANGUAGES``: it takes English titles for Latin or Esperanto."""
    # imported late: numpy starts threads, and a process that is to be forked must have none
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages({language_tag(name) for name in LANGUAGES})
    return identifier
