"""ORCID iDs in fields beside the names: which author each belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from ..identifiers import normal_orcid
from ..iris import fold
from ..model import Name
from .latex import plain, unescaped

__all__ = [
    "NameList",
    "name_list",
    "with_orcids",
]


_MORE = frozenset({"others", "et al", "et al.", "et alii", "and others"})
_ET_AL = re.compile(r"(?:\s+and)?[\s,]+et\.?\s+al(?:\.|ii)?$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:[JS]n?r|Junior|Senior|Ph\.?\s?D|M\.?D)\.?|I{2,3}|IV", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[\s-]?){1,4}")
#: "Saxton G.D.": nobody is called G.D. and first-named Saxton.
_INITIALS_LAST = re.compile(r"(?P<family>\S.*?)\s+(?P<given>(?:[^\W\d_]\.[\s-]?)+)")


@dataclass(frozen=True, slots=True)
class NameList:
    """The names of one field, whether the field says there are more, and what is odd about it."""

    names: tuple[Name, ...] = ()
    more: bool = False
    #: A sentence where the field was read otherwise than BibTeX reads it; "" if not.
    doubt: str = ""


def name_list(text: str) -> NameList:
    """The names in an author or editor field, LaTeX and all.

    Names are divided as BibTeX does it, except where a list has no "and" and cannot be one
    name: then commas or semicolons divide it, and ``doubt`` says so.
    """
    text, et_al = _ET_AL.subn("", unescaped(text).strip())
    more, doubt = bool(et_al), ""
    names: list[Name] = []
    for written in split_multiple_persons_names(text):
        several, complaint = _divided(written)
        doubt = doubt or complaint
        for one in several:
            if plain(one).casefold() in _MORE:
                more = True
            elif (name := _name(one)) is not None:
                names.append(name)
                if name.suffix and not _SUFFIX.fullmatch(name.suffix):
                    doubt = doubt or f'"{name.suffix}" stands where Jr. or III would'
    return NameList(tuple(names), more, doubt)


def _divided(text: str) -> tuple[list[str], str]:
    """What BibTeX takes for one name, as the names it must be, and what is wrong with it."""
    parts = _split(text, ";")
    if len(parts) > 1:
        return parts, 'names are separated by semicolons instead of "and"'
    parts = _split(text, ",")
    if len(parts) < 3:
        return [text], ""
    if all(len(part.split()) > 1 for part in parts):
        return parts, 'names are separated by commas instead of "and"'
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(given) for given in parts[1::2]):
        pairs = zip(parts[::2], parts[1::2], strict=True)
        whole = [f"{family}, {given}" for family, given in pairs]
        return whole, 'names are separated by commas instead of "and"'
    if len(parts) > 3:
        return [f"{{{text}}}"], "a name has too many commas and was kept whole"
    return [text], ""


def _split(text: str, mark: str) -> list[str]:
    """The parts of ``text`` between marks outside braces, empty ones left out."""
    parts, depth, start = [], 0, 0
    for found in re.finditer(rf"(?<!\\)[{{}}]|{mark}", text):
        token = found.group()
        if token in "{}":
            depth += 1 if token == "{" else -1
        elif token == mark and depth <= 0:
            parts.append(text[start : found.start()])
            start = found.end()
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def _name(text: str) -> Name | None:
    if _is_braced(text) or "&" in text.replace("\\&", "&").split():
        # "Smith & Wesson": a firm, or two people; nobody could divide it.
        return _literal(text)
    parts = parse_single_name_into_parts(text, strict=False)
    given, suffix = plain(" ".join(parts.first)), plain(" ".join(parts.jr))
    if suffix and _SUFFIX.fullmatch(given) and not _SUFFIX.fullmatch(suffix):
        given, suffix = suffix, given  # "King, Martin Luther, Jr."
    if not suffix and len(parts.last) > 1 and _SUFFIX.fullmatch(parts.last[-1]):
        suffix = parts.last.pop()  # "Robert Jr., Lionel P."
    family, particle = plain(" ".join(parts.last)), plain(" ".join(parts.von))
    has_comma = len(_split(f"{text} ", ",")) > 1
    if not family or not (given or particle or has_comma):
        return _literal(text)
    if not has_comma and not particle and (last := _INITIALS_LAST.fullmatch(f"{given} {family}")):
        family, given = last["family"], last["given"].strip()
    return Name(family=family, given=given, particle=particle, suffix=suffix)


def _literal(text: str) -> Name | None:
    words = plain(text).strip(" ,;")
    return Name(literal=words) if words else None


def _is_braced(text: str) -> bool:
    """True for a name in braces from its first character to its last: a corporate author."""
    depth = 0
    for found in re.finditer(r"(?<!\\)[{}]", text):
        depth += 1 if found.group() == "{" else -1
        if depth == 0:
            return text.startswith("{") and found.end() == len(text)
    return False


_ORCID = re.compile(r"\b(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b", re.ASCII)
#: "Smith, Ann/0000-…", the form of Web of Science.
_NAMED = re.compile(
    r"([^/;\n]+)/\s*(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b", re.ASCII
)
#: "1:orcid="0000-…"" or "1=0000-…", an annotation of BibLaTeX: the author's number.
_NUMBERED = re.compile(r"(\d+)(?::\w+)?\s*=\s*\W*(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b", re.ASCII)


def with_orcids(names: Sequence[Name], text: str) -> tuple[tuple[Name, ...], bool]:
    """The names with the ORCID iDs ``text`` gives them, and whether it gave every one a name.

    An iD is a name's where the text says so: before it stands the name or its number, or there
    is one for each. An iD that fits no name, or two, is nobody's.
    """
    found = list(names)
    if pairs := _NAMED.findall(text):
        places = [_place_of(written, names) for written, _ in pairs]
        ids = [orcid for _, orcid in pairs]
    elif pairs := _NUMBERED.findall(text):
        places = [int(number) - 1 for number, _ in pairs]
        ids = [orcid for _, orcid in pairs]
    else:
        ids = _ORCID.findall(text)
        places = list(range(len(ids))) if len(ids) == len(names) else [-1] * len(ids)
    is_all = bool(ids)
    for place, orcid in zip(places, map(normal_orcid, ids), strict=True):
        if orcid and 0 <= place < len(found) and not found[place].literal:
            found[place] = replace(found[place], orcid=orcid)
        else:
            is_all = False
    return tuple(found), is_all


def _place_of(written: str, names: Sequence[Name]) -> int:
    """The place of the one name that is meant; -1 where none is, or more than one could be."""
    family, _, given = re.sub(r"^\s*and\s", "", written).partition(",")
    fits = [
        place
        for place, name in enumerate(names)
        if fold(family) == fold(f"{name.particle} {name.family}")
        and fold(given)[:1] == fold(name.given)[:1]
    ]
    return fits[0] if len(fits) == 1 else -1
