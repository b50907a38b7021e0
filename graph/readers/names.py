"""Names: divided into their parts, and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from ..model import Name
from .biblatex_names import of_labelled_parts
from .latex import plain
from .prose import prose

#: What stands in an author list where the names end and the authors do not, folded.
MORE = frozenset({"others", "et al", "et al.", "et alii", "and others"})
_BRACED_AND = re.compile(r"\s\{and\}\s", re.IGNORECASE)
_ET_AL = re.compile(r"(?<=[ ,])et\.? al(?:\.|ii)?$", re.IGNORECASE)
#: What follows a name and is no given name.
SUFFIX = re.compile(r"(?:[JS]n?r|Junior|Senior|Ph\.?\s?D|M\.?D)\.?|I{2,3}|IV", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[\s-]?){1,4}")
#: "Brooks KA" of MEDLINE and Vancouver, "Brooks K.A.".
_CAPITALS_LAST = re.compile(
    r"(?P<family>[^\s,]+(?: [^\s,]+){0,2}?) "
    r"(?P<given>[^\W\d_a-z]{1,3}|(?:[^\W\d_a-z]\.[ -]?){1,4}|[^\W\d_a-z](?:[ -][^\W\d_a-z]){1,3})"
)
_FAMILY = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-])+")
#: A name in capitals that is not divided: "CAIZHI SHEN".
_IN_CAPITALS = re.compile(r"[^\W\d_a-z]{2,}(?: [^\W\d_a-z]{2,}){1,2}")
#: "A Low" of Publish or Perish.
_CAPITALS_FIRST = re.compile(
    r"(?P<given>[^\W\d_a-z]{1,3}) (?P<family>(?=.*[^\W\d_A-Z])[^\W\d_][^\s,]+(?: [^\s,]+){0,2})"
)
#: Capitals at the end of a body's name, which are no initials.
_OF_BODIES = frozenset("AG BV EU II III INC IV LLC LTD NGO NV PLC UK UN US USA".split())
#: The words that only bodies of people have in their names, and the form of an acronym.
_BODY = re.compile(
    r"\b(?:agency|association|authority|bank|board|bureau|cent(?:er|re)|chamber|commission|"
    r"committee|confederation|consortium|council|court|department|directorate|eurofound|"
    r"federation|forum|foundation|fund|government|group|inspection|institut\w*|international|"
    r"ministry|nations|network|observatory|offices?|organi[sz]ation|parliament|partnership|"
    r"press|project|publications|school|secretariat|service|society|trust|union\w*|universit\w+|"
    r"\w*(?:gewerkschaft|stiftung|verband|institut|universität|ministerium)\w*)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,9}")
#: What may stand before a family name and belongs to it, folded.
_PARTICLES = frozenset(
    "aan da das de del della den der di dos du la las le los op ten ter uit van von zu zur".split()
)
#: The same with a capital, before a family name to which it belongs: no given name is one. "Van"
#: and "Le" may be Vietnamese ones.
_CAPITAL_PARTICLE = re.compile(r"(?:De|De La|De Las|De Los|Del|Della|Dalla|Dos|Von|Von Der)")
#: With one of these, two letters may be a name: "LI".
_VOWELS = frozenset("AEIOUY")
#: With so many letters at most, a word in capitals may be an acronym: "IEEE CS".
_LONGEST_ACRONYM = 4


#: No name is longer, and none has so many commas: what does is kept whole.
_LONGEST, _MOST_COMMAS = 1000, 20


def is_body(text: str) -> bool:
    """True for a name that has a word only organisations have in theirs, or is an acronym."""
    return bool(_BODY.search(text) or _ACRONYM.fullmatch(text))


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
    """A person; lower-case words that open the family name are its particle.

    >>> person_of("Van den Berg", "P.").particle, person_of("Van Belle", "J.").particle
    ('Van den', '')
    """
    words = family.split()
    first = 1 if _is_first_particle(words, 0) else 0
    cut = next((n for n, word in enumerate(words) if n >= first and not word[0].islower()), 0)
    return Name(family=" ".join(words[cut:]), given=given, particle=" ".join(words[:cut]))


def _is_first_particle(words: Sequence[str], place: int) -> bool:
    """True for "Van" in "Van den Berg": the particle goes on in lower case."""
    is_one = words[place].casefold() in _PARTICLES if words else False
    return is_one and len(words) > place + 2 and words[place + 1][0].islower()


def in_reading_order(text: str) -> Name:
    """The person in "Given particle Family"; a name of one word is kept whole.

    >>> name = in_reading_order("Niels van Doorn Jr.")
    >>> name.family, name.particle, name.given, name.suffix
    ('Doorn', 'van', 'Niels', 'Jr.')
    >>> in_reading_order("Maria De La Cruz").inverted
    'De La Cruz, Maria'
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
    if first > 1 and _is_first_particle(words, first - 1):
        first -= 1
    starts = range(max(1, first - 2), first)  # the longest have two words
    first = next(
        (n for n in starts if _CAPITAL_PARTICLE.fullmatch(" ".join(words[n:first]))), first
    )
    name = person_of(" ".join(words[first:]), " ".join(words[:first]))
    return replace(name, suffix=suffix)


def with_initials(text: str, is_listed: bool = False) -> Name | None:
    """The person in "Family INITIALS"; None for any other text.

    A name all in capitals may be a body's ("IEEE CS") or a name in full ("ANNA LEE"). Where the
    text cannot tell, ``is_listed`` says that other names of its list are written so.

    >>> [with_initials(text) for text in ("Oxfam UK", "CAIZHI SHEN", "IEEE CS", "ANNA LEE")]
    [None, None, None, None]
    >>> str(with_initials("Brooks K.A.")), str(with_initials("GRIFF DK"))
    ('K.A. Brooks', 'DK GRIFF')
    """
    match = _CAPITALS_LAST.fullmatch(text)
    if match is None:
        return None
    family, given = match["family"], match["given"].rstrip()
    letters = "".join(filter(str.isalpha, given))
    if given.upper() != given or letters in _OF_BODIES:
        return None
    if family.isupper():
        is_person = is_listed or _shows_initials(family, given)
        return person_of(family, given) if is_person and _is_family_in_capitals(family) else None
    # "J. Smith A" and "A B" have their initials elsewhere
    is_elsewhere = any(_INITIALS.fullmatch(word) for word in family.split())
    is_words = any(letter.isalpha() for letter in family) and not (
        " " in family and is_body(family)
    )
    return person_of(family, given) if is_words and not is_elsewhere else None


def _is_family_in_capitals(family: str) -> bool:
    """True for "BROOKS" and "VAN DOORN"; other words in capitals are a body's name."""
    *particles, last = family.split()
    is_name = bool(_FAMILY.fullmatch(last)) and family not in _OF_BODIES
    return is_name and all(word.casefold() in _PARTICLES for word in particles)


def _shows_initials(family: str, given: str) -> bool:
    """True where letters in capitals behind a name in capitals can be nothing but initials."""
    if not given.isalpha() or len(given) == 1:
        return True
    is_name = any(letter in _VOWELS for letter in given)
    return len(family) > _LONGEST_ACRONYM and len(given) == 2 and not is_name


def with_initials_all(parts: Sequence[str]) -> list[str]:
    """The parts of a list that commas divide, where each is a "Family INITIALS"; [] where not."""
    texts = list(filter(None, map(str.strip, parts)))
    if len(texts) < 2:
        return []
    texts[-1] = texts[-1].removesuffix(".")  # PubMed ends the list with a stop
    is_list = any(map(with_initials, texts)) and all(with_initials(text, True) for text in texts)
    return texts if is_list else []


def listed_with_initials(text: str) -> list[str]:
    """The names of a list that commas divide, where their initials show it; [] for other text.

    >>> listed_with_initials("Brooks KA, Falk M."), listed_with_initials("A Low, B Li")
    (['Brooks, KA', 'Falk, M'], ['A Low', 'B Li'])
    >>> listed_with_initials("Low, A., van Doorn, N. M."), listed_with_initials("Low, A.")
    (['Low, A.', 'van Doorn, N. M.'], [])
    """
    parts = _split(text, ",")
    if len(parts) > 1 and all(map(_CAPITALS_FIRST.fullmatch, parts)):
        return parts
    families, given = parts[::2], parts[1::2]
    is_pairs = len(families) == len(given) > 1 and all(map(_INITIALS.fullmatch, given))
    if is_pairs and not any(map(_INITIALS.fullmatch, families)):
        return [f"{family}, {initials}" for family, initials in zip(families, given, strict=True)]
    names = (with_initials(text, is_listed=True) for text in with_initials_all(parts))
    return [name.inverted for name in names if name]


def in_one_list(texts: Sequence[str]) -> Iterator[Name]:
    """The names in "Family, Given" of one list, which shows how names without a comma are written.

    One in capitals is a person beside another in capitals: with initials ("LEE JA" and "GRIFF DK"),
    or in reading order ("CAIZHI SHEN" and "CROUD, ANGUS D."); else it stays whole.
    """
    certain = filter(None, map(with_initials, texts))
    is_listed = any(name.family.isupper() for name in certain)
    names = [with_initials(text, is_listed) or person(text) for text in texts]
    in_capitals = any(name.family.isupper() for name in names)
    for text, name in zip(texts, names, strict=True):
        is_person = in_capitals and name.literal and is_undivided(text)
        yield in_reading_order(text) if is_person else name


def is_undivided(text: str) -> bool:
    """True for a name of two or three words, all in capitals, that need not be a body's."""
    return bool(_IN_CAPITALS.fullmatch(text)) and not is_body(text)


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
        if labelled := of_labelled_parts(_split(written, ",")):
            names.append(labelled)
            continue
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
    if len(parts) > 1 and "," not in text:
        return [text], 'a name with "&" was kept whole'
    parts = _split(text, ",")
    if len(parts) < 2:
        words = plain(text)
        if _IN_CAPITALS.fullmatch(words) and is_body(words) and not _is_braced(text):
            return [f"{{{text}}}"], "a body's name in capitals was kept whole"
        return [text], ""
    if listed := listed_with_initials(text):
        return listed, 'names are separated by commas instead of "and"'
    if len(parts) == 2:
        return [text], ""
    if all(len(part.split()) > 1 for part in parts):
        return parts, 'names are separated by commas instead of "and"'
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
