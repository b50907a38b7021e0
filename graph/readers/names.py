"""Names of persons and organisations, split into their parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..model import Name

#: A suffix, which follows a name and is not a given name.
SUFFIX = re.compile(
    r"(?:[JS]n?r|Junior|Senior|Ph\.?\s?D|M\.?D)\.?|I{2,3}|IV|2nd|3rd", re.IGNORECASE
)
#: The same after given names, as in PubMed and Zotero. "MD" may be initials there.
_SUFFIXED = re.compile(r"(?P<given>.*\w\.?),? (?P<suffix>[JS]n?r\.?|Ph\.?D\.?|I{2,3}|IV|2nd|3rd)")
#: Initials after a given name and a comma, as in RefWorks: "Low,Ada,M."
DOTTED = re.compile(r"(?:[^\W\d_a-z]\.[ -]?)+")
INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[\s-]?){1,4}")
#: "Brooks KA" in MEDLINE and Vancouver style, "Brooks K.A.".
_CAPITALS_LAST = re.compile(
    r"(?P<family>[^\s,]+(?: [^\s,]+){0,2}?) "
    r"(?P<given>[^\W\d_a-z]{1,3}|(?:[^\W\d_a-z]\.[ -]?){1,4}|[^\W\d_a-z](?:[ -][^\W\d_a-z]){1,3})"
    r"(?P<suffix> (?:[JS]r\.?|I{2,3}|IV|2nd|3rd))?"
)
_FAMILY = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-])+")
#: A name in capitals that is not split: "CAIZHI SHEN".
IN_CAPITALS = re.compile(r"[^\W\d_a-z]{2,}(?: [^\W\d_a-z]{2,}){1,2}")
#: Capitals at the end of an organisation's name that are not initials.
OF_BODIES = frozenset("AG BV EU II III INC IV LLC LTD NGO NSW NV PLC UK UN US USA".split())
#: What library catalogues add to a name: "1982-", "1818-1883, author."
_CATALOGUED = re.compile(
    r"(?:,\s*(?:\d{4}\s?[-–]{1,2}\s?(?:\d{4})?|author|editor|compiler)\.?(?:\s(?:author|editor)\.?)?)+$"
)
#: Words that only organisations have in their names, and the form of an acronym.
_BODY = re.compile(
    r"\b(?:agency|alliance|association|authority|bank|board|bureau|cent(?:er|re)|chamber|"
    r"collaboration|commission|committee|confederation|consortium|council|court|department|"
    r"directorate|eurofound|federation|forum|foundation|fund|government|group|initiative|"
    r"inspection|institut\w*|international|ministry|nations|network|observatory|offices?|"
    r"organi[sz]ation|parliament|partnership|press|project|publications|school|secretariat|"
    r"service|society|team|trust|union\w*|universit\w+|"
    r"\w*(?:gewerkschaft|stiftung|verband|institut|universität|ministerium)\w*)\b",
    re.IGNORECASE,
)
#: The end of a firm's name.
FIRM = re.compile(
    r"(?<=[,\s])(?:(?:Co|Corp)\.|(?:Inc|LLC|LLP|Ltd|Limited|GmbH)\b\.?)$", re.IGNORECASE
)
_ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,9}")
#: Folded words that may come before a family name and belong to it.
_PARTICLES = frozenset(
    "aan da das de del della den der di dos du la las le los op ten ter uit van von zu zur".split()
)
#: The same with a capital: no given name is one of these. "Le" is left out because it may be a
#: Vietnamese given name.
_CAPITAL_PARTICLE = re.compile(r"(?:Al|El|De|De La|De Las|De Los|Del|Della|Dalla|Dos|Von|Von Der)")
#: "Van" may be one, too, but not beside initials: "MW Van Alstyne".
_AFTER_INITIALS = re.compile(r"(?:Van|Van De|Van Den|Van Der)")
#: With one of these, two letters may be a name: "LI".
_VOWELS = frozenset("AEIOUY")
#: Longer names are not searched for what catalogues add.
_LONGEST = 500
#: The most letters in a word in capitals that may be an acronym: "IEEE CS".
_LONGEST_ACRONYM = 4


def is_body(text: str) -> bool:
    """True for a name with a word that only organisations have in theirs, or an acronym."""
    return bool(_BODY.search(text) or _ACRONYM.fullmatch(text))


def is_named_as_body(name: str) -> bool:
    """Whether several words without initials seem to name an organisation.

    >>> is_named_as_body("International Labour Office"), is_named_as_body("William H. Press")
    (True, False)
    """
    words = name.split()
    is_person = any(len(word.strip(".")) == 1 for word in words)
    is_named_so = is_body(name) or not {"at", "for", "of"}.isdisjoint(words)
    return len(words) > 1 and is_named_so and not is_person


def uncatalogued(text: str) -> str:
    """A name without the years of life and the role that library catalogues add.

    >>> uncatalogued("Marx, Karl, 1818-1883"), uncatalogued("Low, Ada, 1982- author.")
    ('Marx, Karl', 'Low, Ada')
    """
    return _CATALOGUED.sub("", text) if "," in text and len(text) <= _LONGEST else text


def person(text: str) -> Name:
    """The name in "Family, Given, Suffix"; a name without a comma is not split.

    A comma in an organisation's name is doubled ("University of California,, Berkeley").

    >>> person("Google, Inc.").literal, person("Ann Doe, PhD").inverted
    ('Google, Inc.', 'Doe, PhD, Ann')
    """
    if ",," in text or FIRM.search(text):
        return Name(literal=text.replace(",,", ",").strip(" ,"))
    family, *rest = (part.strip() for part in uncatalogued(text).split(","))
    rest = [part for part in rest if part]
    if not rest or not family:
        return Name(literal=text.strip(" ,"))
    if " " in family and len(rest) == 1 and SUFFIX.fullmatch(rest[0]):
        return replace(in_reading_order(family), suffix=rest[0])
    *given, suffix = rest if len(rest) > 1 else [*rest, ""]
    if suffix and SUFFIX.fullmatch(given[0]) and not SUFFIX.fullmatch(suffix):
        given, suffix = [suffix], given[0]
    elif DOTTED.fullmatch(suffix):
        given, suffix = [f"{', '.join(given)} {suffix}"], ""
    name = person_of(family, ", ".join(given))
    return replace(name, suffix=suffix or name.suffix)


def with_suffix(name: Name) -> Name:
    """The name, with a suffix after its given names moved to ``suffix``.

    >>> [with_suffix(Name("King", given)).suffix for given in ("Martin L Jr", "Martin L., Jr.")]
    ['Jr', 'Jr.']
    """
    match = _SUFFIXED.fullmatch(name.given) if not name.suffix else None
    return replace(name, given=match["given"], suffix=match["suffix"]) if match else name


def person_of(family: str, given: str) -> Name:
    """A person; lower-case words at the start of the family name are its particle.

    If there is no given name, it is taken from after a comma in the family name.

    >>> person_of("Van den Berg", "P.").particle, person_of("Van Belle", "J.").particle
    ('Van den', '')
    >>> person_of("Low, Ann", "").given
    'Ann'
    """
    if "," in family and not given:
        return person(family)
    words = family.split()
    first = 1 if _is_first_particle(words, 0) else 0
    cut = next((n for n, word in enumerate(words) if n >= first and not word[0].islower()), 0)
    name = Name(family=" ".join(words[cut:]), given=given, particle=" ".join(words[:cut]))
    return with_suffix(name)


def _is_first_particle(words: Sequence[str], place: int) -> bool:
    """True for "Van" in "Van den Berg": the particle continues in lower case."""
    is_one = words[place].casefold() in _PARTICLES if words else False
    return is_one and len(words) > place + 2 and words[place + 1][0].islower()


def family_first(text: str) -> Name:
    """The person in "Family Given", without a comma; the family name is one word and its particle.

    >>> family_first("van Doorn Niels").inverted, family_first("De Stefano Valerio").inverted
    ('van Doorn, Niels', 'De Stefano, Valerio')
    """
    words = text.split()
    if "," in text or len(words) < 2 or is_body(text):
        return person(text)
    end = next(
        (n for n, word in enumerate(words[:-1]) if word.casefold() not in _PARTICLES),
        len(words) - 2,
    )
    return person_of(" ".join(words[: end + 1]), " ".join(words[end + 1 :]))


def with_capital_particle(given: str, family: str) -> tuple[str, str]:
    """The given and the family name, with a particle that ends the former moved to the latter.

    >>> with_capital_particle("Maria De La", "Cruz"), with_capital_particle("Al", "Gore")
    (('Maria', 'De La Cruz'), ('Al', 'Gore'))
    >>> with_capital_particle("M. W. Van", "Alstyne"), with_capital_particle("Nguyen Van", "An")
    (('M. W.', 'Van Alstyne'), ('Nguyen Van', 'An'))
    """
    words = given.split()
    end = _before_particle(words)
    return " ".join(words[:end]), " ".join([*words[end:], family])


def _before_particle(given: Sequence[str]) -> int:
    """How many of the given names come before a particle with a capital at their end."""
    last = len(given)
    starts = range(max(1, last - 2), last)  # the longest of these particles have two words
    return next((n for n in starts if _is_capital_particle(given[:n], given[n:])), last)


def _is_capital_particle(given: Sequence[str], words: Sequence[str]) -> bool:
    particle = " ".join(words)
    if INITIALS.fullmatch(" ".join(given)) and _AFTER_INITIALS.fullmatch(particle):
        return True
    return _CAPITAL_PARTICLE.fullmatch(particle) is not None


def with_comma(full: str, short: str) -> str:
    """A name in full, with the comma that it lacks if its short form shows the family name.

    >>> with_comma("Cong Thang Pham", "Pham, CT"), with_comma("Zhang ChunWei", "Zhang, CW")
    ('Pham, Cong Thang', 'Zhang, ChunWei')
    """
    family, comma, _ = short.partition(",")
    if "," in full or not comma:
        return full
    rests = full.removeprefix(f"{family} "), full.removesuffix(f" {family}")
    given = next((rest for rest in rests if rest != full), "")
    return f"{family}, {given}" if given else full


def in_reading_order(text: str) -> Name:
    """The person in "Given particle Family"; an organisation or a single word is not split.

    >>> name = in_reading_order("Niels van Doorn Jr.")
    >>> name.family, name.particle, name.given, name.suffix
    ('Doorn', 'van', 'Niels', 'Jr.')
    >>> [in_reading_order(name).inverted for name in ("Maria De La Cruz", "Aisha Al Amin")]
    ['De La Cruz, Maria', 'Al Amin, Aisha']
    >>> in_reading_order("World Bank").literal, in_reading_order("Upwork Inc.").literal
    ('World Bank', 'Upwork Inc.')
    """
    if "," in text:
        return person(text)
    if vancouver := with_initials(text):
        return vancouver
    if is_named_as_body(text) or FIRM.search(text) or " & " in text:
        return Name(literal=text)
    words = text.replace("\u2010", "-").split()
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2:
        return Name(literal=text)
    first = len(words) - 1
    while first > 1 and words[first - 1][0].islower():
        first -= 1
    if first > 1 and _is_first_particle(words, first - 1):
        first -= 1
    first = _before_particle(words[:first])
    name = person_of(" ".join(words[first:]), " ".join(words[:first]))
    return replace(name, suffix=suffix or name.suffix)


def with_initials(text: str, is_listed: bool = False) -> Name | None:
    """The person in "Family INITIALS"; None for any other text.

    A name all in capitals may be an organisation ("IEEE CS") or a name in full ("ANNA LEE"). If the
    text does not show it, ``is_listed`` says that other names of its list have initials.

    >>> [with_initials(text) for text in ("Oxfam UK", "CAIZHI SHEN", "IEEE CS", "ANNA LEE")]
    [None, None, None, None]
    >>> str(with_initials("Brooks K.A.")), str(with_initials("GRIFF DK"))
    ('K.A. Brooks', 'DK GRIFF')
    >>> str(with_initials("Brooks KA.")), str(with_initials("Brooks KA Jr"))
    ('KA Brooks', 'KA Brooks Jr')
    """
    # PubMed ends a list with a full stop
    match = _CAPITALS_LAST.fullmatch(text) or _CAPITALS_LAST.fullmatch(text.removesuffix("."))
    name = _of_initials(match, is_listed) if match else None
    return replace(name, suffix=(match["suffix"] or "").strip()) if match and name else None


def _of_initials(match: re.Match[str], is_listed: bool) -> Name | None:
    family, given = match["family"], match["given"].rstrip()
    letters = "".join(filter(str.isalpha, given))
    if given.upper() != given or letters in OF_BODIES:
        return None
    if family.isupper():
        is_person = is_listed or _shows_initials(family, given)
        return person_of(family, given) if is_person and _is_family_in_capitals(family) else None
    # "J. Smith A" and "A B" have their initials elsewhere
    is_elsewhere = any(INITIALS.fullmatch(word) for word in family.split())
    is_words = any(letter.isalpha() for letter in family) and not (
        " " in family and is_body(family)
    )
    return person_of(family, given) if is_words and not is_elsewhere else None


def _is_family_in_capitals(family: str) -> bool:
    """True for "BROOKS" and "VAN DOORN"; other words in capitals are an organisation's name."""
    *particles, last = family.split()
    is_name = bool(_FAMILY.fullmatch(last)) and family not in OF_BODIES
    return is_name and all(word.casefold() in _PARTICLES for word in particles)


def _shows_initials(family: str, given: str) -> bool:
    """True if capitals after a name in capitals can only be initials."""
    if not given.isalpha() or len(given) == 1:
        return True
    is_name = any(letter in _VOWELS for letter in given)
    return len(family) > _LONGEST_ACRONYM and len(given) == 2 and not is_name


def is_undivided(text: str) -> bool:
    """True for two or three words, all in capitals, that need not be an organisation's name."""
    return bool(IN_CAPITALS.fullmatch(text)) and not is_body(text)
