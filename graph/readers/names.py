"""Names: divided into their parts, lists of them, and the ORCID iDs that stand beside a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from ..identifiers import ORCID, normal_orcid
from ..iris import fold
from ..model import Name
from .latex import plain
from .prose import prose

__all__ = [
    "MORE",
    "NameList",
    "SUFFIX",
    "in_reading_order",
    "name_list",
    "person",
    "person_of",
    "with_initials",
    "with_orcids",
]


#: What stands in an author list where the names end and the authors do not, folded.
MORE = frozenset({"others", "et al", "et al.", "et alii", "and others"})
_BRACED_AND = re.compile(r"\s\{and\}\s", re.IGNORECASE)
_ET_AL = re.compile(r"(?<=[ ,])et\.? al(?:\.|ii)?$", re.IGNORECASE)
#: What follows a name and is no given name.
SUFFIX = re.compile(r"(?:[JS]n?r|Junior|Senior|Ph\.?\s?D|M\.?D)\.?|I{2,3}|IV", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[\s-]?){1,4}")
#: "Saxton G.D.": nobody is called G.D. and first-named Saxton.
_INITIALS_LAST = re.compile(r"(?P<family>\S.*?)\s+(?P<given>(?:[^\W\d_]\.[\s-]?)+)")
#: "Brooks KA" of MEDLINE and Vancouver: a family name that is not all capitals, and initials.
_CAPITALS_LAST = re.compile(
    r"(?P<family>(?=.*[^\W\d_A-Z])[^\s,]+(?: [^\s,]+){0,2}) (?P<given>[^\W\d_a-z]{1,3})"
)
#: "A Low" of Publish or Perish.
_CAPITALS_FIRST = re.compile(
    r"(?P<given>[^\W\d_a-z]{1,3}) (?P<family>(?=.*[^\W\d_A-Z])[^\W\d_][^\s,]+(?: [^\s,]+){0,2})"
)
#: Capitals at the end of a body's name, which are no initials.
_OF_BODIES = frozenset("AG BV EU II III INC IV LLC LTD NGO NV PLC UK UN US USA".split())


#: No name is longer, and none has so many commas: what does is kept whole.
_LONGEST, _MOST_COMMAS = 1000, 20


def person(text: str) -> Name:
    """The name in "Family, Given, Suffix"; one without a comma is kept whole.

    A body's comma is written twice ("University of California,, Berkeley").
    """
    if ",," in text:
        return Name(literal=text.replace(",,", ",").strip(" ,"))
    family, *rest = (part.strip() for part in text.split(","))
    rest = [part for part in rest if part]
    if not rest or not family:
        return Name(literal=text.strip(" ,"))
    *given, suffix = rest if len(rest) > 1 else [*rest, ""]
    if suffix and SUFFIX.fullmatch(given[0]) and not SUFFIX.fullmatch(suffix):
        given, suffix = [suffix], given[0]
    return replace(person_of(family, ", ".join(given)), suffix=suffix)


def person_of(family: str, given: str) -> Name:
    """A person; lower-case words that open the family name are its particle."""
    words = family.split()
    cut = next((place for place, word in enumerate(words) if not word[0].islower()), 0)
    return Name(family=" ".join(words[cut:]), given=given, particle=" ".join(words[:cut]))


def in_reading_order(text: str) -> Name:
    """The person in "Given particle Family"; a name of one word is kept whole.

    >>> name = in_reading_order("Niels van Doorn Jr.")
    >>> name.family, name.particle, name.given, name.suffix
    ('Doorn', 'van', 'Niels', 'Jr.')
    """
    if "," in text:
        return person(text)
    if vancouver := with_initials(text):
        return vancouver
    words = text.replace("\u2010", "-").split()
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2:
        return Name(literal=text)
    first = len(words) - 1
    while first > 1 and words[first - 1][0].islower():
        first -= 1
    name = person_of(" ".join(words[first:]), " ".join(words[:first]))
    return replace(name, suffix=suffix)


def with_initials(text: str) -> Name | None:
    """The person in "Family INITIALS"; None for any other text.

    >>> with_initials("Brooks KA"), with_initials("Oxfam UK"), with_initials("CAIZHI SHEN")
    (Name(family='Brooks', given='KA', particle='', suffix='', literal='', orcid=''), None, None)
    """
    match = _CAPITALS_LAST.fullmatch(text)
    if match is None or match["given"].upper() != match["given"] or match["given"] in _OF_BODIES:
        return None
    # "J. Smith A" and "A B" have their initials elsewhere
    is_family = not any(_INITIALS.fullmatch(word) for word in match["family"].split())
    return person_of(match["family"], match["given"]) if is_family else None


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
    text, more = _without_et_al(prose(text))
    doubt = ""
    names: list[Name] = []
    for written in split_multiple_persons_names(text):
        several, complaint = _divided(written)
        doubt = doubt or complaint
        if _BRACED_AND.search(written):
            doubt = doubt or '"{and}" joins nothing: in braces it is a word of the name'
            several = [f"{{{written}}}"]
        for one in several:
            if plain(one).casefold() in MORE:
                more = True
            elif (name := _name(one)) is not None:
                names.append(name)
                if name.suffix and not SUFFIX.fullmatch(name.suffix):
                    doubt = doubt or f'"{name.suffix}" stands where Jr. or III would'
    return NameList(tuple(names), more, doubt)


def _without_et_al(text: str) -> tuple[str, bool]:
    """The text without the "et al." at its end, and whether it had one."""
    match = _ET_AL.search(text)
    if match is None:
        return text, False
    before = text[: match.start()].rstrip(" ,")
    return (before[:-4] if before.casefold().endswith(" and") else before), True


def _divided(text: str) -> tuple[list[str], str]:
    """What BibTeX takes for one name, as the names it must be, and what is wrong with it."""
    parts = _split(text, ";")
    if len(parts) > 1:
        return parts, 'names are separated by semicolons instead of "and"'
    parts = _split(text, r"(?<= )&(?= )")
    if len(parts) > 1 and all("," in part for part in parts):
        return parts, 'names are separated by "&" instead of "and"'
    parts = _split(text, ",")
    if len(parts) < 2:
        return [text], ""
    vancouver = [*parts[:-1], parts[-1].removesuffix(".")]  # PubMed ends the list with a stop
    if all(map(with_initials, vancouver)):
        return vancouver, 'names are separated by commas instead of "and"'
    if all(map(_CAPITALS_FIRST.fullmatch, parts)):
        return parts, 'names are separated by commas instead of "and"'
    if len(parts) == 2:
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
    for match in re.finditer(rf"(?<!\\)[{{}}]|{mark}", text):
        token = match.group()
        if token in "{}":
            depth += 1 if token == "{" else -1
        elif depth <= 0:
            parts.append(text[start : match.start()])
            start = match.end()
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def _name(text: str) -> Name | None:
    is_too_long = len(text) > _LONGEST or text.count(",") > _MOST_COMMAS
    if is_too_long or _is_braced(text) or "&" in text.replace("\\&", "&").split():
        # "Smith & Wesson": a firm, or two people; nobody could divide it.
        return _literal(text)
    if "," not in text and (vancouver := with_initials(plain(text))):
        return vancouver
    parts = parse_single_name_into_parts(text, strict=False)
    given, suffix = plain(" ".join(parts.first)), plain(" ".join(parts.jr))
    if suffix and SUFFIX.fullmatch(given) and not SUFFIX.fullmatch(suffix):
        given, suffix = suffix, given  # "King, Martin Luther, Jr."
    if not suffix and len(parts.last) > 1 and SUFFIX.fullmatch(parts.last[-1]):
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
    for match in re.finditer(r"(?<!\\)[{}]", text):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return text.startswith("{") and match.end() == len(text)
    return False


_ORCID = re.compile(ORCID, re.ASCII)
_RESOLVER = re.compile(r"https?://(?:www\.)?orcid\.org/", re.IGNORECASE)
#: What stands before an iD: the name ("Smith, Ann/0000-…", the form of Web of Science), or in an
#: annotation of BibLaTeX the author's number ("1:orcid="0000-…"" or "1=0000-…").
_LABEL = re.compile(r"(?P<name>[^/;\n]+)/\s*$|(?P<number>\d+)(?::\w+)?\s*=\s*\W*$", re.ASCII)
#: No label is longer.
_LONGEST_LABEL = 200


def with_orcids(names: Sequence[Name], text: str) -> tuple[tuple[Name, ...], bool]:
    """The names with the ORCID iDs ``text`` gives them, and whether it gave every one a name.

    An iD is a name's where the text says so: before it stands the name or its number, or there
    is one for each. An iD that fits no name, or two, is nobody's.
    """
    labelled = list(_labelled(text))
    if named := [(name, orcid) for name, _, orcid in labelled if name]:
        places = _places_of(names)
        placed = [(places.get(_key(name), -1), orcid) for name, orcid in named]
    elif numbered := [(number, orcid) for _, number, orcid in labelled if number]:
        placed = [(int(number[:9]) - 1, orcid) for number, orcid in numbered]
    else:
        is_each = len(labelled) == len(names)
        placed = [(n if is_each else -1, orcid) for n, (_, _, orcid) in enumerate(labelled)]
    identified = list(names)
    is_all = bool(placed)
    for place, orcid in placed:
        if orcid and 0 <= place < len(names) and not names[place].literal:
            identified[place] = replace(names[place], orcid=orcid)
        else:
            is_all = False
    return tuple(identified), is_all


def _labelled(text: str) -> Iterator[tuple[str, str, str]]:
    """Each iD of the text: the name and the number that stand before it, and itself if right."""
    end = 0
    text = _RESOLVER.sub("", text)
    for match in _ORCID.finditer(text):
        label = _LABEL.search(text[max(end, match.start() - _LONGEST_LABEL) : match.start()])
        end = match.end()
        name, number = label.group("name", "number") if label else ("", "")
        yield name or "", number or "", normal_orcid(match.group())


def _places_of(names: Sequence[Name]) -> dict[tuple[str, str], int]:
    """The place of each name by its key; -1 for a key that two names have."""
    places: dict[tuple[str, str], int] = {}
    for place, name in enumerate(names):
        key = fold(f"{name.particle} {name.family}"), fold(name.given)[:1]
        places[key] = -1 if key in places else place
    return places


def _key(written: str) -> tuple[str, str]:
    """What tells a name in "Family, Given" from others: the family name and the first letter."""
    family, _, given = re.sub(r"^\s*and\s", "", written).partition(",")
    return fold(family), fold(given)[:1]
