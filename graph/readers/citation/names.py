"""The names that open a citation, split into persons and organisations.

Citations separate names by commas and also write a name with a comma, so the initials show which
comma is which. A list that can be read in two ways is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ...iris import fold
from ...model import Name
from ..name_lists import NameList, with_initials_all, without_ellipsis
from ..names import SUFFIX, in_reading_order, is_body, person_of, with_initials

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
#: "F.", "L.-C.", "M. D. C.", "A.J", "Th."; without full stops at most two, since "ILO" is an
#: organisation.
_INITIALS = (
    rf"(?:{_CAPITAL}[a-z]?\.(?:[\s-]*{_CAPITAL}[a-z]?\.){{0,4}}(?:{_CAPITAL}\b)?"
    rf"|{_CAPITAL}{{1,2}})"
)
_GIVEN = re.compile(_INITIALS)
_FAMILY_INITIALS = re.compile(rf"(?P<family>[^\W\d_].*?[^\W\d_])\s+(?P<given>{_INITIALS})")
_IN_ORDER = re.compile(rf"(?:{_CAPITAL}\.[\s-]?)+(?:[^\W\d_][\w'’-]*\s?)+")
_ET_AL = re.compile(r"[\s,;]*\b(?:and|&)?\s*(?:et\.?\s+al\b\.?|others\b\.?)\s*$", re.IGNORECASE)
_AND = re.compile(r",?\s+(?:and|&|et|y|und|en|e|og|och)\s+|\s*&\s*")
#: A title in quotes, which no name has.
_QUOTED = re.compile(r"[\"“][^\"“”]{20,}[\"”]")
#: One word of a person's name: capital first, letters, hyphens, apostrophes.
_WORD = r"[^\W\d_a-z][\w'’.-]*"
_FULL_NAME = re.compile(rf"{_WORD}(?:\s+(?:{_WORD}|d[aeiou]l?|van|von|der|den)){{0,3}}")


def cited_names(text: str, bodies: Collection[str] = ()) -> NameList | None:
    """The names in the part of a citation before its year; None if they cannot be recognised.

    ``bodies`` are organisations known from elsewhere. An empty text has no names.
    """
    text, is_cut = without_ellipsis(text.strip(" ,;:"))
    text, count = _ET_AL.subn("", text)
    text, more = text.strip(" ,;:"), is_cut or count > 0
    if not text:
        return NameList(more=more)
    known = {fold(body) for body in bodies}
    if fold(text) in known:
        return NameList((Name(literal=text),), more)
    readings = (
        _by_semicolon,
        _initials_last,
        _by_initials,
        _bodies,
        _full_names,
        _in_reading_order,
    )
    for reading in readings:
        if names := reading(text):
            return NameList(names, more)
    return None


def _by_semicolon(text: str) -> tuple[Name, ...]:
    """Names such as "Ivanova, Mirela; Bronowicka, Joanna"."""
    if ";" not in text:
        return ()
    names = []
    for part in filter(None, (part.strip(" ,") for part in text.split(";"))):
        pieces = [piece.strip() for piece in part.split(",")]
        if len(pieces) == 2 and all(pieces):
            names.append(person_of(*pieces))
        elif len(pieces) == 1 and (one := _FAMILY_INITIALS.fullmatch(part)):
            names.append(person_of(one["family"], one["given"]))
        elif len(pieces) == 1 and is_body(part):
            names.append(Name(literal=part))
        else:
            return ()
    return tuple(names)


def _initials_last(text: str) -> tuple[Name, ...]:
    """Names in Vancouver style, with up to three initials: "Brawley AM, Pury CLS"."""
    names = [with_initials(part, is_listed=True) for part in with_initials_all(text.split(","))]
    return tuple(name for name in names if name and "." not in name.given)


def _by_initials(text: str) -> tuple[Name, ...]:
    """Names with initials: "Malik, F., Nicholson, B. and Heeks, R.", "Wood A.J, Graham M"."""
    pieces = [piece.strip() for piece in _AND.sub(", ", text).split(",")]
    pieces = [piece for piece in pieces if piece]
    names: list[Name] = []
    while pieces:
        piece = pieces.pop(0)
        if names and SUFFIX.fullmatch(piece):
            last = names.pop()
            names.append(Name(last.family, last.given, last.particle, suffix=piece))
        elif pieces and _GIVEN.fullmatch(pieces[0]) and not _GIVEN.fullmatch(piece):
            names.append(person_of(piece, pieces.pop(0)))
        elif one := _FAMILY_INITIALS.fullmatch(piece):
            names.append(person_of(one["family"], one["given"]))
        else:
            return ()
    likely = all(
        len(n.family.split()) <= 4
        and not re.search(r"\d", n.family)
        and ("." in n.given or not is_body(n.family))
        for n in names
    )
    return tuple(names) if likely else ()


def _bodies(text: str) -> tuple[Name, ...]:
    """One organisation, or several if each part is one by itself."""
    parts = [part.strip() for part in re.split(r",\s+", _AND.sub(", ", text))]
    if len(text) > 150 or not text[0].isupper() or _QUOTED.search(text):
        return ()
    if len(parts) > 1 and all(is_body(part) for part in parts):
        return tuple(Name(literal=part) for part in parts)
    single_word = len(text.split()) == 1 and text[:1].isupper()
    return (Name(literal=text),) if single_word or is_body(text) else ()


def _pieces(text: str) -> tuple[list[str], list[str]]:
    """The parts between each "and", and the pieces of names, which commas also separate."""
    between = _AND.split(text)
    return between, [piece.strip() for piece in ",".join(between).split(",")]


def _full_names(text: str) -> tuple[Name, ...]:
    """Names without initials, if only one reading is possible.

    "Söderqvist, Fredrik"; "Berg, Janine, Furrer, Marianne and Harmon, Ellie"; and two or more like
    "Mark Graham and Jamie Woodcock". A lone "Mark Graham" could as well be an organisation.
    """
    between, pieces = _pieces(text)
    if not all(_FULL_NAME.fullmatch(piece) for piece in pieces):
        return ()
    inverted = len(pieces) % 2 == 0 and between[-1].count(",") == 1 and len(between) <= 2
    if inverted or len(pieces) == 2 and len(between) == 1 and "," in text:
        pairs = zip(pieces[::2], pieces[1::2], strict=True)
        return tuple(person_of(family, given) for family, given in pairs)
    if len(pieces) > 1 and all(len(piece.split()) in (2, 3) for piece in pieces):
        return tuple(person_of(*reversed(piece.rsplit(" ", 1))) for piece in pieces)
    return ()


def _in_reading_order(text: str) -> tuple[Name, ...]:
    """Names in reading order: "A.-K. Low and N. van Doorn"; "Low, Ann, and Bo E. Chi".

    Full names show where each one ends only if the first is inverted and there is an "and".
    """
    between, pieces = _pieces(text)
    if any(is_body(piece) for piece in pieces):
        return ()
    if all(_IN_ORDER.fullmatch(piece) for piece in pieces):
        return tuple(map(in_reading_order, pieces))
    family, *given_and_others = pieces
    words = [piece.split() for piece in given_and_others[1:]]
    is_mixed = len(between) == 2 and words and all(1 < len(name) < 5 for name in words)
    if not is_mixed or not all(_FULL_NAME.fullmatch(p) for p in given_and_others):
        return ()
    if not _FULL_NAME.fullmatch(re.sub(r"\A(?:[^\W\d_A-Z]+ )+", "", family)):
        return ()
    others = map(in_reading_order, given_and_others[1:])
    return (person_of(family, given_and_others[0]), *others)
