"""Lists as BibTeX has them: names ("Family, Suffix, Given"; a body in braces) and keywords."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from ..model import Name

#: What a name must not hold bare: the marks that divide names, and words read as a suffix.
_DIVIDES = re.compile(
    r"[,;&]|\b(?:and|others|et al)\b|\s(?:[JS]n?r|Junior|Senior|Ph\.?\s?D|M\.?D|I{2,3}|IV)\.?$",
    re.IGNORECASE,
)


def indexed(name: Name, escaped: Callable[[str], str]) -> str:
    """A name, its parts escaped, and in braces where they would be read as something else."""
    if name.literal:
        return f"{{{escaped(name.literal)}}}"
    family = _guarded(name.family, escaped)
    if name.particle:
        family = f"{escaped(name.particle)} {family}"
    # A suffix of several words would be taken for a name; a tie makes it one.
    suffix = escaped(name.suffix).replace(" ", "~")
    # "Alam" alone is a name nobody divided; an empty given name says that it is a family name.
    given = _guarded(name.given, escaped) or ("" if name.particle else "{}")
    return ", ".join(part for part in (family, suffix, given) if part)


@lru_cache(2**12)
def _guarded(part: str, escaped: Callable[[str], str]) -> str:
    has_small = any(word[0].islower() for word in part.split())
    is_bare = not (has_small or _DIVIDES.search(part))
    return escaped(part) if is_bare else f"{{{escaped(part)}}}"


def marked(keywords: Sequence[str], mark: str) -> str:
    """Keywords divided by ``mark``; by ";", the last one too, where a keyword holds a comma.

    Our readers (``readers.fields``) then divide at no comma.
    """
    if any("," in keyword for keyword in keywords):
        return "".join(f"{keyword}; " for keyword in keywords).strip()
    return mark.join(keywords)
