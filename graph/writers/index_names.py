"""Names and keywords as BibTeX writes them: "Family, Suffix, Given"; a body in braces."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from ..model import Name

#: What a name may only contain in braces: characters and words that split names, and suffixes.
_DIVIDES = re.compile(
    r"[,;&]|\b(?:and|others|et al)\b|\s(?:[JS]n?r|Junior|Senior|Ph\.?\s?D|M\.?D|I{2,3}|IV)\.?$",
    re.IGNORECASE,
)


def indexed(name: Name, escaped: Callable[[str], str]) -> str:
    """Write a name with its parts escaped, and in braces if they would be misread."""
    if name.literal:
        return f"{{{escaped(name.literal)}}}"
    family = _guarded(name.family, escaped)
    if name.particle:
        family = f"{escaped(name.particle)} {family}"
    # A suffix of several words would be read as a name; a tie makes it one word.
    suffix = escaped(name.suffix).replace(" ", "~")
    # "Alam" alone is a name in one piece; an empty given name says that it is a family name.
    given = _guarded(name.given, escaped) or ("" if name.particle else "{}")
    return ", ".join(part for part in (family, suffix, given) if part)


@lru_cache(2**12)
def _guarded(part: str, escaped: Callable[[str], str]) -> str:
    has_small = any(word[0].islower() for word in part.split())
    is_bare = not (has_small or _DIVIDES.search(part))
    return escaped(part) if is_bare else f"{{{escaped(part)}}}"


def marked(keywords: Sequence[str], mark: str) -> str:
    """Join keywords with ``mark``; if one contains a comma, put ";" after each one instead.

    Our readers (``readers.fields``) then do not split at commas.
    """
    if any("," in keyword for keyword in keywords):
        return "".join(f"{keyword}; " for keyword in keywords).strip()
    return mark.join(keywords)
