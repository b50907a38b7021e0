"""Which field each bullet of a record page holds: an alignment of the bullets to a known order.

The pages have no labels and leave out empty fields, so a bullet is recognised by its words and by
its place in one of two orders. For each order, the best-fitting alignment without crossings is
found; the better of the two is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .vocabulary import PageVocabulary

#: The two orders of the pages; "A" is the one with the unlabelled "Yes".
ORDERS: Mapping[str, tuple[str, ...]] = {
    "A": tuple(
        "record_types countries flag sectors work_types platforms keywords languages "
        "organisations methods year access".split()
    ),
    "B": tuple(
        "platforms sectors work_types countries year record_types keywords languages "
        "organisations methods access".split()
    ),
}
#: The field of a bullet that fits none.
UNKNOWN = "unknown"

_OPEN = ("keywords", "platforms")
_KNOWN = 3.0
_UNPLACED = -0.5
#: Fields whose values all have one form.
_FORMS = {
    "flag": re.compile(r"(?:yes|no)", re.IGNORECASE),
    "year": re.compile(r"(?:19|20)\d\d(?:\s*[-–/,]\s*(?:19|20)?\d\d)*"),
}
#: How much the look of an unknown value speaks for a field: (pattern, if it matches, if not).
_LOOKS = {
    "access": (re.compile(r"[A-Z][a-z]+(?: [a-z]+)?"), 0.15, 0.05),
    "countries": (re.compile(r"[A-Z].*"), 0.2, 0.05),
    "keywords": (re.compile(r"[a-z].*"), 0.4, 0.2),
    "languages": (re.compile(r"[A-Z][a-z]+(?: \([A-Z]\w+\))?"), 0.2, 0.05),
    "methods": (re.compile(r".*\b(?:research|methods?|analysis|survey|interviews?)"), 0.6, 0.1),
    "organisations": (re.compile(r".+\)"), 0.8, 0.1),
    "platforms": (re.compile(r"[A-Z0-9].*|\w*[a-z][A-Z].*"), 0.4, 0.1),
    "record_types": (re.compile(r"[A-Z].*|.*\b(?:publication|document|study)\b.*"), 0.15, 0.05),
    "sectors": (re.compile(r"[a-z].*"), 0.25, 0.1),
    "work_types": (re.compile(r"(?:On-location|Online)\b.*\bwork"), 0.8, 0.05),
}


def fields_of(bullets: Sequence[str], vocabulary: PageVocabulary) -> tuple[str, ...]:
    """The field of each bullet, in the better of the two orders; ``UNKNOWN`` if none fits."""
    last = len(bullets) - 1
    scores = [_scores(text, vocabulary, i == last) for i, text in enumerate(bullets)]
    flagged = any(_FORMS["flag"].fullmatch(text) for text in bullets)
    ways = []
    for order, fields in ORDERS.items():
        total, laid = _align(scores, fields)
        # Every known page of order A has the flag, and none of order B.
        ways.append((total + (0.05 if flagged == (order == "A") else 0.0), fields, laid))
    _, fields, laid = max(ways, key=lambda way: way[0])
    placed = list(laid)
    for i in (i for i, field in enumerate(laid) if field == UNKNOWN):
        known = [field for field, score in scores[i].items() if score >= _KNOWN]
        left = [field for field in known if field not in placed]
        if len(left) == 1:
            placed[i] = left[0]  # out of order, but there is only one thing it can be
        elif known and not left and _has_room(placed, i, "keywords", fields):
            placed[i] = "keywords"  # a keyword of the same name ("transport")
    return tuple(placed)


def _has_room(placed: Sequence[str], place: int, field: str, fields: Sequence[str]) -> bool:
    """True if ``field`` is free and the bullet is at its place in the order."""
    before = [fields.index(f) for f in placed[:place] if f in fields]
    after = [fields.index(f) for f in placed[place + 1 :] if f in fields]
    return field not in placed and max(before, default=-1) < fields.index(field) < min(
        after, default=len(fields)
    )


def other_fields(
    place: int, bullets: Sequence[str], placed: Sequence[str], vocabulary: PageVocabulary
) -> tuple[str, ...]:
    """Empty fields that a bullet could as well be for: its words and place fit both."""
    score = _scores(bullets[place], vocabulary, False)
    twins = []
    for field in (f for f, s in score.items() if s >= _KNOWN and f not in placed):
        tried = [*placed[:place], field, *placed[place + 1 :]]
        for fields in ORDERS.values():
            ranks = [fields.index(f) if f in fields else -1 for f in tried]
            if -1 not in ranks and ranks == sorted(ranks):
                twins.append(field)
                break
    return tuple(twins)


def is_recognised(text: str, vocabulary: PageVocabulary) -> bool:
    """True for a bullet whose values all belong to one of the closed fields."""
    return any(s >= _KNOWN for f, s in _scores(text, vocabulary, False).items() if f not in _OPEN)


def _scores(text: str, vocabulary: PageVocabulary, is_last: bool) -> dict[str, float]:
    """Field -> how well the bullet fits it; a field it cannot be is left out."""
    scores = {field: _KNOWN for field, form in _FORMS.items() if form.fullmatch(text)}
    if scores:
        return scores
    known = {}
    for field, (look, fits, fails) in _LOOKS.items():
        if field == "organisations":
            values = [o.kind for o in vocabulary.organisations(text)]
        else:
            values = list(vocabulary.split(field, text))
        if not values:
            continue
        sure = float(sum(vocabulary.knows(field, value) for value in values))
        is_torn = is_last and vocabulary.begins(field, values[-1])
        if is_torn and not vocabulary.knows(field, values[-1]):
            sure += 0.9
        known[field] = sure / len(values)
        appearance = fits if look.fullmatch(text) else fails
        # Squared, so that a few values known by chance count less than their share.
        scores[field] = known[field] ** 2 * _KNOWN + appearance / (3 if sure else 1)
    if any(known[field] == 1 for field in known if field not in _OPEN):
        # A value that one vocabulary knows is not an unknown value of another.
        scores = {field: score for field, score in scores.items() if known[field]}
    return scores


#: The total so far, and the fields so far as a chain: the last, and those before it.
_Way = tuple[float, "_Chain | None"]
_Chain = tuple[str, "_Chain | None"]


def _align(
    scores: Sequence[Mapping[str, float]], fields: Sequence[str]
) -> tuple[float, tuple[str, ...]]:
    """The best total score, and the field of each bullet, without crossings or repeated fields."""
    # best[j]: the best way to lay the bullets so far along the first j fields.
    best: list[_Way] = [(0.0, None)] * (len(fields) + 1)
    for score in scores:
        row = [_then(best[0], UNKNOWN, _UNPLACED)]
        for j, field in enumerate(fields):
            ways = [row[j], _then(best[j + 1], UNKNOWN, _UNPLACED)]
            if field in score:
                ways.append(_then(best[j], field, score[field]))
            row.append(max(ways, key=lambda way: way[0]))
        best = row
    total, chain = best[-1]
    placed: list[str] = []
    while chain:
        placed.append(chain[0])
        chain = chain[1]
    return total, tuple(reversed(placed))


def _then(way: _Way, field: str, score: float) -> _Way:
    return way[0] + score, (field, way[1])
