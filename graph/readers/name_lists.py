"""Lists of names, split as BibTeX and others do it; they may contain LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from ..model import Name
from .biblatex_names import of_labelled_parts
from .latex import plain
from .names import (
    DOTTED,
    FIRM,
    INITIALS,
    OF_BODIES,
    SUFFIX,
    in_reading_order,
    is_body,
    is_named_as_body,
    is_undivided,
    person,
    person_of,
    uncatalogued,
    with_capital_particle,
    with_initials,
    with_suffix,
)
from .prose import prose

#: Folded texts that stand for further authors at the end of a list.
MORE = frozenset({"others", "et al", "et al.", "et alii", "and others"})
#: "3 others", "…".
_OTHERS = re.compile(r"(?:and )?\d+ (?:more|others?)(?: authors)?|…|\.{3}", re.IGNORECASE)
#: What stands for the authors between the first and the last (APA), also in LaTeX.
_ELLIPSIS = re.compile(
    r"(?<![\w.])(?:…|\.{3}|\. \. \.|\\l?dots\b(?:\{\})?)\s*(?:(?:and|&)\s+)?(?=[^\W\d_])"
)
#: Numbers after a name: of notes and addresses ("Ann Low1,2; Bo Li3"), and those by which DBLP
#: tells namesakes apart ("Wei Wang 0002").
_NOTES = re.compile(r"(?<=[^\W\d_])(?:\d{1,2}(?:,\s?\d{1,2})*|\s0\d{3})(?=\s*(?:;|$)|\s+and\s)")
_BRACED_AND = re.compile(r"\s\{and\}\s", re.IGNORECASE)
_ET_AL = re.compile(r"(?<=[ ,])et\.? al(?:\.|ii)?$", re.IGNORECASE)
#: "A Low" in Publish or Perish, "E. H. Chi".
_CAPITALS_FIRST = re.compile(
    r"(?P<given>[^\W\d_a-z]{1,3} |(?:[^\W\d_a-z]\.[ -]{0,2}){1,4})"
    r"(?P<family>(?=.*[^\W\d_A-Z])[^\W\d_][^\s,]+(?: [^\s,]+){0,2})"
)
#: What bodies may begin with that looks like initials.
_COUNTRY = re.compile(r"(?:U\. ?[KNS]|E\. ?U)\. ")
#: "Ann Low", "Bo E. Li", "Man-Ching Yuen".
_IN_FULL = re.compile(
    r"[^\W\d_a-z][^\W\d_]+(?:-[^\W\d_]+)?"
    r"(?: [^\W\d_a-z]\.?)*(?: [^\W\d_a-z][^\W\d_]+(?:-[^\W\d_]+)?){1,2}"
)
_AND = re.compile(r"(?<!\s)\s+(?:and|&)\s+", re.IGNORECASE)
#: What stands for "and" elsewhere. It may be part of a name: "Ortega y Gasset, José".
_OTHER_AND = re.compile(r" (und|et|y|e|/) ")
_ANY_AND = re.compile(r" (and|&|und|et|y|e|/) ")
#: "Low, A., Chi, E., & Suh, B.", "Low A, Chi E & Suh B"
_LAST_AND = re.compile(r"(?:,\s*|(?<!\s)\s+)(?:and|&)\s+")
#: "Low, A.; Chi, E.; & Suh, B."
SEMICOLON = re.compile(r";\s*(?:(?:and|&)\s)?")
#: "&" as LaTeX and reference managers escape it.
_ESCAPED_AND = re.compile(r"(?<=\s)(?:\\&|\{\\?&\})(?=\s)")
#: A suffix after a comma, which is no given name: "Dan Low, Jr.". "MD" may be initials.
_AFTER_NAME = re.compile(
    r"([^\s,]+ [^,]+),\s*((?:[JS]n?r|Junior|Senior)\.?|Ph\.?\s?D\.?|I{2,3}|IV)"
)
#: "Low, Ann B."
_INITIAL_LAST = re.compile(r", .+ [^\W\d_a-z]\.?$")
_COMMAS = 'names are separated by commas instead of "and"'
_AMPERSANDS = 'names are separated by "&" instead of "and"'
#: No name is longer or has more commas; text that does is not split.
_LONGEST, _MOST_COMMAS = 1000, 20


def is_more(text: str) -> bool:
    """Whether words in place of a name say that there are more names.

    >>> is_more("Others"), is_more("3 others"), is_more("Otherson")
    (True, True, False)
    """
    return text.casefold() in MORE or _OTHERS.fullmatch(text) is not None


def without_ellipsis(text: str) -> tuple[str, bool]:
    """A list of names without the mark for authors that were left out, and whether it had one.

    >>> without_ellipsis("Low, A., Li, B., … Po, D."), without_ellipsis("Low, A.")
    (('Low, A., Li, B., Po, D.', True), ('Low, A.', False))
    """
    text, count = _ELLIPSIS.subn("", text)
    return text, count > 0


def with_initials_all(parts: Sequence[str]) -> list[str]:
    """The parts of a comma-separated list if each is "Family INITIALS"; [] if not."""
    texts = list(filter(None, map(str.strip, parts)))
    if len(texts) < 2:
        return []
    texts[-1] = texts[-1].removesuffix(".")  # PubMed ends the list with a full stop
    is_list = any(map(with_initials, texts)) and all(with_initials(text, True) for text in texts)
    return texts if is_list else []


def listed_with_initials(text: str) -> list[str]:
    """The names of a comma-separated list whose initials show where each ends; [] for other text.

    >>> listed_with_initials("Brooks KA, Falk M."), listed_with_initials("A Low, B Li")
    (['Brooks, KA', 'Falk, M'], ['A Low', 'B Li'])
    >>> listed_with_initials("Low, A., van Doorn, N. M."), listed_with_initials("Low, A.")
    (['Low, A.', 'van Doorn, N. M.'], [])
    >>> listed_with_initials("A. Low, E. H. Chi")
    ['A. Low', 'E. H. Chi']
    """
    parts = _split(_LAST_AND.sub(", ", text), ",")
    if len(parts) > 1 and all(map(_CAPITALS_FIRST.fullmatch, parts)):
        return parts
    families, given = parts[::2], parts[1::2]
    is_pairs = len(families) == len(given) > 1 and all(map(INITIALS.fullmatch, given))
    if is_pairs and not any(map(INITIALS.fullmatch, families)):
        return [f"{family}, {initials}" for family, initials in zip(families, given, strict=True)]
    names = (with_initials(text, is_listed=True) for text in with_initials_all(parts))
    return [name.inverted for name in names if name]


def divided(text: str) -> tuple[list[str], str]:
    """The names in a value that should hold one, and what separates them ("" for one name).

    >>> divided("Doe, J.; Roe, R.")[0], divided("Doe, J., Roe, R. and Poe, P.")[0]
    (['Doe, J.', 'Roe, R.'], ['Doe, J.', 'Roe, R.', 'Poe, P.'])
    >>> divided("Doe J, Roe R & Poe P")[0], divided("Jane Doe, Rob Roe & Pat Poe")[0]
    (['Doe, J', 'Roe, R', 'Poe, P'], ['Jane Doe', 'Rob Roe', 'Pat Poe'])
    >>> divided("Larch and Finch, Inc."), divided("Roe, R.")
    ((['Larch and Finch, Inc.'], ''), (['Roe, R.'], ''))
    >>> divided("Doe, Jane A., Roe, Rita")[0]
    ['Doe, Jane A.', 'Roe, Rita']
    """
    parts = [part.strip() for part in SEMICOLON.split(text) if part.strip(" ,")]
    if len(parts) > 1:
        return [name for part in parts for name in divided(part)[0]], "semicolons"
    joined = [part.strip(" ,") for part in _AND.split(text)]
    if len(joined) > 1 and all("," in part for part in joined) and not FIRM.search(text):
        return [name for part in joined for name in _at_commas(part) or [part]], '"and"'
    listed = _at_commas(text) or _in_one_line(text)
    return (listed, "commas") if listed else (parts, "")


def _at_commas(text: str) -> list[str]:
    """The names of a comma-separated list of "Family, INITIALS"; [] for other text."""
    return [name for name in listed_with_initials(text) if "," in name]


def _is_persons(text: str) -> bool:
    """Whether a name without a comma can be that of a person.

    >>> [_is_persons(text) for text in ("Jane Doe", "J. Doe", "Doe J", "World Bank", "Doe")]
    [True, True, True, False, False]
    """
    written = _IN_FULL.fullmatch(text) or _CAPITALS_FIRST.fullmatch(text)
    return not is_body(text) and bool(written or with_initials(text, is_listed=True))


def _in_one_line(text: str) -> list[str]:
    """The names of "Family, Given, Family, Given", or of a list in reading order; [] for others.

    Two names in reading order are a list if "and" joins them: "Ann Low, and Bo Li".

    >>> _in_one_line("King, Martin, Luther, Jr."), _in_one_line("Bank of Leeds, Law, Leeds, UK")
    ([], [])
    >>> _in_one_line("Ann Low, Bo Li, Cy Mo")
    ['Ann Low', 'Bo Li', 'Cy Mo']
    """
    text = uncatalogued(text)
    names = _split(_LAST_AND.sub(", ", text), ",")
    is_list = "," in text and (len(names) > 2 or _LAST_AND.search(text))
    if is_list and all(map(_is_persons, names)) and not is_body(text):
        return names
    parts = [part.strip() for part in text.split(",")]
    families, given = parts[::2], parts[1::2]
    is_pairs = len(families) == len(given) > 1 and all(parts) and not is_body(text)
    if not is_pairs or any(map(SUFFIX.fullmatch, parts)) or any(map(DOTTED.fullmatch, families)):
        return []
    return [f"{family}, {name}" for family, name in zip(families, given, strict=True)]


def may_be_two(text: str) -> bool:
    """Whether "Family, Given" may as well be two names in reading order.

    >>> may_be_two("Jane Doe, Richard Roe"), may_be_two("García Márquez, Gabriel José")
    (True, True)
    >>> may_be_two("Doe, Jane Ann"), may_be_two("García Márquez, Gabriel J.")
    (False, False)
    """
    parts = [part.strip() for part in text.split(",")]
    return len(parts) == 2 and all(_IN_FULL.fullmatch(part) and not is_body(part) for part in parts)


def joining_word(text: str) -> str:
    """The word in a name without commas that may as well join two names; "" if there is none.

    >>> joining_word("Ann Low und Bo Li"), joining_word("A. Low and B. Li")
    ('und', 'and')
    >>> joining_word("José Ortega y Gasset"), joining_word("Department of Health and Care")
    ('', '')
    """
    words: list[str] = _ANY_AND.findall(text)
    for word in dict.fromkeys(words):
        parts = text.split(f" {word} ")
        if all(map(_is_persons, parts)):
            return word
    return ""


def are_divided_by_commas(cells: Iterable[str]) -> bool:
    """Whether the cells of a column show that commas separate names in reading order.

    >>> are_divided_by_commas(["Ann Low, Bo Li", "Ann Low, Bo E. Li, Cy Mo"])
    True
    >>> are_divided_by_commas(["Ann Low, Bo Li"]), are_divided_by_commas(["Low, Ann; Li, Bo"])
    (False, False)
    >>> are_divided_by_commas(["Low, Ann", "Ann Low, Bo E. Li, Cy Mo"])
    False
    """
    lists = list(cells)
    is_inverted = any(
        ";" in cell or (cell.count(",") == 1 and not may_be_two(cell)) for cell in lists
    )
    return not is_inverted and any(
        len(parts) > 2 and all(map(_IN_FULL.fullmatch, parts))
        for parts in (cell.split(", ") for cell in lists)
    )


def in_one_list(texts: Sequence[str]) -> Iterator[Name]:
    """The names in "Family, Given" of one list, which shows how names without a comma are written.

    Initials come before a person's family name ("E. H. Chi", IEEE Xplore), also without full stops
    if all names begin so ("EH Chi" and "B Suh", Publish or Perish).
    A name in capitals is a person's if another name in the list is in capitals: with initials
    ("LEE JA" and "GRIFF DK"), or in reading order ("CAIZHI SHEN" and "CROUD, ANGUS D."). Otherwise
    it is not split.
    """
    certain = filter(None, map(with_initials, texts))
    is_listed = any(name.family.isupper() for name in certain)
    names = [with_initials(text, is_listed) or person(text) for text in texts]
    in_capitals = any(name.family.isupper() for name in names)
    are_initials_first = len(texts) > 1 and all(map(_may_begin_with_initials, texts))
    for text, name in zip(texts, names, strict=True):
        is_person = in_capitals and is_undivided(text) or _begins_with_initials(text)
        is_person = is_person or are_initials_first
        yield in_reading_order(text) if name.literal and is_person else name


def _begins_with_initials(text: str) -> bool:
    """Whether a name is a person's in reading order: "E. H. Chi", not "U.S. Congress".

    >>> _begins_with_initials("K. -J. Stol"), _begins_with_initials("U.S. Congress")
    (True, False)
    """
    return "." in text and _may_begin_with_initials(text)


def _may_begin_with_initials(text: str) -> bool:
    """Whether a name may be a person's with initials first: "EH Chi", not "UN Women".

    >>> _may_begin_with_initials("EH Chi"), _may_begin_with_initials("UN Women")
    (True, False)
    """
    match = _CAPITALS_FIRST.fullmatch(text)
    if match is None or is_body(text) or _COUNTRY.match(text):
        return False
    return match["given"].strip() not in OF_BODIES


def may_be_person(name: Name) -> bool:
    """Whether an undivided name may be a person's in reading order.

    >>> [may_be_person(Name(literal=text)) for text in ("Bo E. Li", "World Bank", "Oxfam UK")]
    [True, False, False]
    >>> may_be_person(Name(literal="EH Chi"))
    True
    """
    text = name.literal
    if _may_begin_with_initials(text):
        return True
    in_capitals = any(word.isupper() and len(word) > 1 for word in text.replace(".", "").split())
    return _IN_FULL.fullmatch(text) is not None and not is_body(text) and not in_capitals


@dataclass(frozen=True, slots=True)
class NameList:
    """The names of one field, whether it says there are more, and what is doubtful about it."""

    names: tuple[Name, ...] = ()
    more: bool = False
    #: A sentence if the field was read differently from BibTeX; "" if not.
    doubt: str = ""


def name_list(text: str) -> NameList:
    """The names in an author or editor field, which may contain LaTeX.

    Names are split as BibTeX does it, unless a list has no "and" and cannot be one name. It is then
    split at commas or semicolons, and ``doubt`` says so.
    """
    text, is_cut = without_ellipsis(_ESCAPED_AND.sub("&", _NOTES.sub("", prose(text))))
    text, more = _without_et_al(text)
    joined = split_multiple_persons_names(text)
    written = [part for one in joined for part in _at_ampersands(one)]
    is_mixed = _is_mixed(written)
    if is_mixed:
        written = [part for one in written for part in _split(one, ",")]
    lists = [(_known if len(one) <= _USUAL else _one_or_more)(one) for one in written]
    doubts = [
        _COMMAS if is_mixed else _AMPERSANDS if len(written) > len(joined) else "",
        *(each.doubt for each in lists),
    ]
    return NameList(
        tuple(name for each in lists for name in each.names),
        more or is_cut or any(each.more for each in lists),
        next(filter(None, doubts), ""),
    )


def _at_ampersands(text: str) -> list[str]:
    """The names between "&" if each can only be a person's; the whole text if not.

    >>> _at_ampersands("Low, A., Chi, E., & Suh, B."), _at_ampersands("Smith & Wesson")
    (['Low, A., Chi, E.', 'Suh, B.'], ['Smith & Wesson'])
    """
    parts = [part.rstrip(" ,;") for part in _split(text, r"(?<= )&(?= )")]
    if len(parts) < 2 or FIRM.search(text):
        return [text]
    is_inverted = all("," in part for part in parts)
    names = (name for part in parts for name in _split(part, ","))
    return parts if is_inverted or all(map(_is_persons, names)) else [text]


def _is_mixed(written: Sequence[str]) -> bool:
    """Whether commas separate the names before the last "and": "Ann Low, Bo Li and Cy Mo".

    A "Family, Given" of two words each looks the same. If one name before the "and" can only be
    "Family, Given", all of them are.
    """
    *before, last = written or [""]
    with_comma = [one for one in before if "," in one]
    return bool(with_comma and _IN_FULL.fullmatch(last)) and all(map(may_be_two, with_comma))


def _one_or_more(written: str) -> NameList:
    """The names in what BibTeX takes for one name."""
    if labelled := of_labelled_parts(_split(written, ",")):
        return NameList((labelled,))
    written = uncatalogued(written)
    several, doubt = _divided_by_marks(written) or _divided_by_commas(written)
    if _BRACED_AND.search(written):
        doubt = doubt or '"{and}" joins nothing: in braces it is part of the name'
        several = [f"{{{written}}}"]
    names: list[Name] = []
    more = False
    for one in several:
        if is_more(plain(one)):
            more = True
        elif _is_of_body(one):
            names.append(Name(literal=plain(one)))
            doubt = doubt or "a name was taken for an organisation's"
        elif (name := _name(one)) is not None:
            names.append(name)
            if " & " in name.literal and not (_is_braced(one) or FIRM.search(one)):
                doubt = doubt or 'a name with "&" was not split'
            if name.suffix and not SUFFIX.fullmatch(name.suffix):
                doubt = doubt or f'"{name.suffix}" was read as a suffix such as Jr. or III'
    return NameList(tuple(names), more, doubt)


#: The same names recur, so they are cached, except for long ones.
_known, _USUAL = lru_cache(1 << 14)(_one_or_more), 100


def _without_et_al(text: str) -> tuple[str, bool]:
    """The text without the "et al." at its end, and whether it had one."""
    match = _ET_AL.search(text)
    if match is None:
        return text, False
    before = text[: match.start()].rstrip(" ,")
    return (before[:-4] if before.casefold().endswith(" and") else before), True


def _divided_by_marks(text: str) -> tuple[list[str], str] | None:
    """The names in what BibTeX takes for one name, and what is wrong with it.

    None if it has neither semicolons nor another word or sign for "and".
    """
    parts = _split(text, ";")
    if len(parts) > 1:
        return parts, 'names are separated by semicolons instead of "and"'
    for word in dict.fromkeys(_OTHER_AND.findall(text)):
        parts = _split(text, rf"(?<= ){word}(?= )")
        if len(parts) > 1 and all("," in part for part in parts):
            return parts, f'names are separated by "{word}" instead of "and"'
    if len(_split(text, r"(?<= )&(?= )")) > 1 and "," not in text:
        return [text], 'a name with "&" was not split'
    if word := joining_word(text):
        return [text], f'a name with "{word}" was not split'
    return None


def _divided_by_commas(text: str) -> tuple[list[str], str]:
    """The same for names between commas."""
    parts = _split(text, ",")
    if len(parts) < 2:
        return [text], ""
    if listed := listed_with_initials(text):
        return listed, _COMMAS
    # in "Ann Low, Bo E. Li, and Cy Mo" there is also a comma before "and"
    goes_on = text.rstrip().endswith(",")
    if len(parts) == 2 and not goes_on:
        return [text], ""
    if all(len(part.split()) > 1 for part in parts):
        return parts, _COMMAS
    if len(parts) > 3:
        pairs = _in_one_line(text)
        if any(map(_INITIAL_LAST.search, pairs)):
            return pairs, _COMMAS
        return [f"{{{text}}}"], "a name has too many commas and was not split"
    return [text], ""


def _is_of_body(text: str) -> bool:
    """Whether a name outside braces, without a comma, seems to be an organisation's."""
    has_comma = len(_split(f"{text} ", ",")) > 1
    return not (has_comma or _is_braced(text) or FIRM.search(text)) and is_named_as_body(
        plain(text)
    )


def _split(text: str, mark: str) -> list[str]:
    """The parts of ``text`` between marks outside braces, without empty ones."""
    if "{" not in text and "}" not in text:
        return [part for part in map(str.strip, re.split(mark, text)) if part]
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
    is_firm = FIRM.search(text) is not None
    if is_too_long or is_firm or _is_braced(text) or "&" in text.replace("\\&", "&").split():
        # "Smith & Wesson": a firm or two people, and nothing shows which.
        return _literal(text)
    if "," not in text and (vancouver := with_initials(plain(text))):
        return vancouver
    if after := _AFTER_NAME.fullmatch(text):
        name = _name(after[1])
        return replace(name, suffix=after[2]) if name and not name.literal else name
    parts = parse_single_name_into_parts(text, strict=False)
    given, suffix = plain(" ".join(parts.first)), plain(" ".join(parts.jr))
    if suffix and SUFFIX.fullmatch(given) and not SUFFIX.fullmatch(suffix):
        given, suffix = suffix, given  # "King, Martin Luther, Jr."
    elif suffix and DOTTED.fullmatch(given) and not SUFFIX.fullmatch(suffix):
        given, suffix = f"{suffix} {given}", ""
    if not suffix and len(parts.last) > 1 and SUFFIX.fullmatch(parts.last[-1]):
        suffix = parts.last.pop()  # "Robert Jr., Lionel P."
    family, particle = plain(" ".join(parts.last)), plain(" ".join(parts.von))
    has_comma = len(_split(f"{text} ", ",")) > 1
    if not family or not (given or particle or has_comma):
        return _literal(text)
    if particle and not particle[0].islower():
        # BibTeX takes all of "Uchôa de" in "Uchôa de Oliveira, Flavia" for the particle
        whole = person_of(f"{particle} {family}", given)
        family, particle = whole.family, whole.particle
    if not has_comma and not particle:
        given, family = with_capital_particle(given, family)
    return with_suffix(Name(family=family, given=given, particle=particle, suffix=suffix))


def _literal(text: str) -> Name | None:
    words = plain(text).strip(" ,;")
    return Name(literal=words) if words else None


def _is_braced(text: str) -> bool:
    """True for a name wholly in braces, which is a corporate author."""
    depth = 0
    for match in re.finditer(r"(?<!\\)[{}]", text):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return text.startswith("{") and match.end() == len(text)
    return False
