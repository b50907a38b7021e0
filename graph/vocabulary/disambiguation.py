"""Contexts: the table of senses as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .senses import NOTHING, SENSES, Sense
from .tokens import keys

__all__ = [
    "Context",
    "Contexts",
]


#: How many characters before a label, and how many around it, the patterns look at: the time a
#: text takes must not grow faster than the text.
_BEFORE, _AROUND = 120, 300
_PEOPLE = (
    r"adults|buyers|citizens|clients|compan(?:y|ies)|consumers|contractors?|contributors|couriers|"
    r"(?:crowd ?)?workers?|customers|designers|developers?|drivers?|employ(?:er|ee)s?|"
    r"entrepreneurs|experts|firms?|freelancers?|hosts|households?|journalists|managers?|members|"
    r"men|micro-?workers|participants?|people|practitioners|professionals?|programmers|providers|"
    r"requesters|researchers?|respondents?|riders?|scholars|sellers|students?|teachers|turkers?|"
    r"users?|volunteers|women"
)


@dataclass(frozen=True, slots=True)
class Context:
    """A row of the table, ready to be tried at a place in a text."""

    sense: Sense
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    around: re.Pattern[str] | None

    def fits(self, text: str, start: int, end: int) -> bool:
        """Whether the label at these characters stands in this context."""
        return (
            (not self.before or bool(self.before.search(text, max(0, start - _BEFORE), start)))
            and (not self.after or bool(self.after.match(text, end)))
            and (
                not self.around
                or bool(self.around.search(text[max(0, start - _AROUND) : end + _AROUND]))
            )
        )


@dataclass(frozen=True, slots=True)
class Contexts:
    """The rows of the table by scheme and label."""

    rows: Mapping[tuple[str, Sequence[str]], Sequence[Context]]

    @classmethod
    def of(cls, names: Mapping[str, Iterable[str]]) -> Contexts:
        """The table, compiled with the names of the schemes that its patterns speak of."""
        unsure = {
            (sense.scheme, keys(label))
            for sense in SENSES
            if sense.means == NOTHING and not (sense.before or sense.after or sense.around)
            for label in sense.labels.split("|")
        }
        parts = {"{people}": f"(?:{_PEOPLE})"}
        for (scheme, labels), part in zip(names.items(), ("{platform}", "{country}"), strict=True):
            sure = sorted({x for x in labels if (scheme, keys(x)) not in unsure}, key=len)
            parts[part] = f"(?:{'|'.join(map(re.escape, reversed(sure)))})"
        rows: dict[tuple[str, Sequence[str]], list[Context]] = {}
        for sense in SENSES:
            context = _compiled(sense, parts)
            for label in sense.labels.split("|"):
                rows.setdefault((sense.scheme, _place(label)), []).append(context)
        return cls(rows)

    def rows_for(self, scheme: str, label: str) -> tuple[Context, ...]:
        """The label's own rows, then those for all labels, in the order of the table."""
        places = ((scheme, keys(label)), (scheme, ("*",)), ("*", ("*",)))
        return tuple(context for place in places for context in self.rows.get(place, ()))


def _place(label: str) -> tuple[str, ...]:
    return ("*",) if label == "*" else keys(label)


def _compiled(sense: Sense, parts: Mapping[str, str]) -> Context:
    def pattern(text: str, end: str = "") -> re.Pattern[str] | None:
        for part, alternatives in parts.items():
            text = text.replace(part, alternatives)
        return re.compile(f"(?:{text}){end}") if text else None

    before = pattern(sense.before, r"\Z")
    return Context(sense, before, pattern(sense.after), pattern(sense.around))
