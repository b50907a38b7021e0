"""Names in the form in which they are compared: family keys, words and initials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from sys import intern

from ..iris import fold
from ..model import Name

#: Words that only some sources count as part of a family name: "de Stefano", "Stefano, V. De".
_PARTICLES = frozenset(
    "af al bin da das de del della den der di do dos du el ibn la le ten ter van vom von zu zum "
    "zur y".split()
)
#: How many names are cached: a name comes again soon, or not at all.
_REMEMBERED = 2**14
_UMLAUT = re.compile(r"([aou])e")
_WORDS = re.compile(r"[\s.\-‐-―()\"“”]+")


def plain(folded: str) -> str:
    """Give the two spellings of German umlauts one form: "schorpf" for "schoerpf"."""
    return _UMLAUT.sub(r"\1", folded)


@lru_cache(maxsize=_REMEMBERED)
def family_key(name: Name) -> str:
    """The family name with its particle, as one word ("vandoorn"); for a body, the whole name."""
    return intern(plain(fold(name.literal or f"{name.particle} {name.family}").replace(" ", "")))


@lru_cache(maxsize=_REMEMBERED)
def core_family(name: Name) -> str:
    """The family name without particles, wherever the source puts them: "doorn"."""
    words = fold(name.family).split()
    while len(words) > 1 and words[0] in _PARTICLES:
        del words[0]
    return plain("".join(words))


@lru_cache(maxsize=_REMEMBERED)
def name_words(name: Name) -> frozenset[str]:
    """The words that can identify a person: "Moritz, Altenried" and "Altenried, M." share one."""
    return frozenset((family_key(name), *_telling_words(str(name))))


@lru_cache(maxsize=_REMEMBERED)
def family_words(name: Name) -> frozenset[str]:
    """The words of the family name that can identify a person; for a body, of the whole name."""
    return frozenset((family_key(name), *_telling_words(name.literal or name.family)))


def _telling_words(text: str) -> Iterator[str]:
    return (plain(word) for word in fold(text).split() if len(word) > 2)


@lru_cache(maxsize=_REMEMBERED)
def in_full(name: Name) -> bool:
    """Whether a given name is written out, not only the first one: "Ann J.", "W. Alec"."""
    if name.literal:
        return True
    given = (word for word in _WORDS.split(name.given) if fold(word) not in _PARTICLES)
    return any(len(word) > 1 and not _is_initials(word) for word in given)


@lru_cache(maxsize=_REMEMBERED)
def initials(name: Name) -> str:
    """The initials of the given names: "jp" for Jean-Paul, J.-P. and JP."""
    words = [word for word in _WORDS.split(name.given) if word]
    letters = (w if _is_initials(w) else w[:1] for w in words if fold(w) not in _PARTICLES)
    return fold("".join(letters)).replace(" ", "")


def fits(some: str, other: str) -> bool:
    """Whether initials may be those of one person: the longer ones start with the shorter ones."""
    return bool(some and other) and (some.startswith(other) or other.startswith(some))


def _is_initials(word: str) -> bool:
    return len(word) == 1 or (word.isupper() and len(word) <= 3)
