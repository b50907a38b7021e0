"""Identity: the normal forms things are compared by, and every IRI we mint.

No other module joins a base IRI to a slug.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import quote, unquote

from slugify import slugify

from ..ontology import BASE_IRI
from .model import Name, Record

__all__ = [
    "DOI_RESOLVER",
    "IRIs",
    "agent_key",
    "fold",
    "mint",
    "normal_doi",
    "normal_isbn",
    "normal_issn",
    "normal_url",
    "publication_slug",
    "slug",
]

DOI_RESOLVER = "https://doi.org/"

_DOI = re.compile(r"10\.\d{4,9}/\S+", re.IGNORECASE)
_SMALL_WORDS = frozenset(
    "a an and as at by das de der des die do ein eine el en et for from how in is la le les los "
    "of on or per the to und via vs what when where who why with you your".split()
)
#: What an IRI's path, query and fragment may hold unescaped (RFC 3987), "%" for what is escaped.
_IRI_SAFE = "%/:?#[]@!$&'()*+,;=~-._"


def fold(text: str) -> str:
    """Text as it is compared: no accents, case, punctuation or double space.

    >>> fold("Arbeitsmärkte in der  Plattform-Ökonomie?")
    'arbeitsmarkte in der plattform okonomie'
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", plain.replace("'", "").replace("’", "")).split())


def slug(text: str) -> str:
    """Words for an IRI: ASCII, lower case, hyphens; never empty.

    >>> slug("Amazon Mechanical Turk")
    'amazon-mechanical-turk'
    """
    return slugify(text, max_length=80, word_boundary=True) or "x-" + text.encode().hex()[:16]


def publication_slug(record: Record) -> str:
    """The slug a new work gets: first author, year, three words of its title.

    >>> publication_slug(Record("The future of work", authors=(Name("Malik"),), issued=(2017,)))
    'malik-2017-future-work'
    """
    author = record.authors[0] if record.authors else None
    name = (author.family or author.literal) if author else ""
    words = slug(record.title).split("-")
    telling = [word for word in words if word not in _SMALL_WORDS] or words
    parts = [slug(name)[:40].strip("-")] if name else []
    parts += [str(record.year) if record.year else "nd", *(w[:30] for w in telling[:3])]
    return "-".join(parts)


def mint(wanted: str, taken: Container[str]) -> str:
    """``wanted``, or ``wanted-2``, ``wanted-3``, … : the first that is not taken."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def agent_key(name: Name) -> str:
    """What a new agent's id is made of: ``person/mark-graham``, ``organization/eurofound``."""
    kind = "organization" if name.literal else "person"
    return f"{kind}/{slug(str(name))}"


def normal_doi(text: str) -> str:
    """The DOI in ``text`` (bare, "doi:", or any resolver's URL), lower case; "" if none.

    >>> normal_doi("http://dx.doi.org/10.1177/0950017018760136.")
    '10.1177/0950017018760136'
    """
    found = _DOI.search(unquote(text.strip()))
    return found.group().rstrip(".,;").lower() if found else ""


def normal_isbn(text: str) -> str:
    """The 10 or 13 characters of an ISBN with a right check digit; "" otherwise."""
    digits = re.sub(r"[\s‐-―-]", "", text).upper().removeprefix("ISBN").lstrip(":")
    if re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if c == "X" else int(c) for c in digits]
        return (
            digits
            if sum(v * w for v, w in zip(values, range(10, 0, -1), strict=True)) % 11 == 0
            else ""
        )
    if re.fullmatch(r"97[89]\d{10}", digits):
        values = [int(c) for c in digits]
        return (
            digits if sum(v * (3 if i % 2 else 1) for i, v in enumerate(values)) % 10 == 0 else ""
        )
    return ""


def normal_issn(text: str) -> str:
    """An ISSN as ``1234-567X`` with a right check digit; "" otherwise."""
    digits = re.sub(r"[\s‐-―-]", "", text).upper()
    if not re.fullmatch(r"\d{7}[\dX]", digits):
        return ""
    values = [10 if c == "X" else int(c) for c in digits]
    right = sum(v * w for v, w in zip(values, range(8, 0, -1), strict=True)) % 11 == 0
    return f"{digits[:4]}-{digits[4:]}" if right else ""


def normal_url(text: str) -> str:
    """An http(s) URL that is also a valid IRI (what must be escaped is); "" otherwise."""
    text = text.strip()
    if not re.match(r"https?://[^\s/?#\[\]@]+(?:[/?#]|$)", text, re.IGNORECASE):
        return ""
    before, hash_mark, fragment = _escaped(text).partition("#")
    return before + hash_mark + fragment.replace("#", "%23")


def _escaped(text: str) -> str:
    """What an IRI cannot hold, escaped; what is escaped already stays."""
    whole = quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text), safe=_IRI_SAFE)
    return whole.replace("[", "%5B").replace("]", "%5D")


@dataclass(frozen=True, slots=True)
class IRIs:
    """The IRIs of one build: everything below one base."""

    base: str = BASE_IRI

    @property
    def ontology(self) -> str:
        """The namespace of the ontology's terms, with its "#"."""
        return f"{self.base}ontology#"

    def thing(self, kind: str, slug: str) -> str:
        """A publication, platform, country, …: ``…/{kind}/{slug}``."""
        return f"{self.base}{kind}/{slug}"

    def agent(self, agent_id: str) -> str:
        """A person or organisation by the id the catalogue keeps (``person/mark-graham``)."""
        return f"{self.base}{agent_id}"

    def graph(self, name: str) -> str:
        """A named graph: stated, inferred, vocabulary, provenance or description."""
        return f"{self.base}graph/{name}"

    def scheme(self, name: str) -> str:
        """A concept scheme."""
        return f"{self.base}scheme/{name}"

    def part(self, publication: str, name: str) -> str:
        """A node that exists only for one publication, such as ``…#author-1``."""
        return f"{publication}#{name}"

    def doi(self, doi: str) -> str:
        """A DOI as IRI, escaped as the DOI handbook asks (https://doi.org/, no literal "<")."""
        return DOI_RESOLVER + quote(doi, safe="/:;()._-@!$&'*+,=~")
