"""A work in schema.org terms, as one of our records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..errors import MalformedItem
from ..identifiers import normal_doi
from ..model import Facets, Name, Record, Source
from .latex import MAX_LENGTH
from .name_lists import MORE
from .names import person, person_of, with_comma, with_initials
from .orcids import is_orcid
from .prose import prose
from .values import Checked, distinct, pages

Node = Mapping[str, Any]

#: schema.org's types, without their namespace -> CSL type.
TYPES: Mapping[str, str] = {
    "Article": "article-journal",
    "BlogPosting": "post-weblog",
    "Book": "book",
    "Chapter": "chapter",
    "CreativeWork": "document",
    "Dataset": "dataset",
    "DigitalDocument": "document",
    "Manuscript": "manuscript",
    "MedicalScholarlyArticle": "article-journal",
    "NewsArticle": "article-newspaper",
    "OpinionNewsArticle": "article-newspaper",
    "Report": "report",
    "ReportageNewsArticle": "article-newspaper",
    "ScholarlyArticle": "article-journal",
    "SoftwareSourceCode": "software",
    "TechArticle": "article-journal",
    "Thesis": "thesis",
    "WebPage": "webpage",
}
_CONFERENCE = re.compile(r"\b(?:conference|proceedings|symposium|workshop)\b", re.IGNORECASE)
_NAMESPACE = re.compile(r"(?:https?://schema\.org/|schema:)")
#: A Person's name without a comma: the last word, with its particle, is the family name.
_WHOLE_NAME = re.compile(r"(?P<given>\S.*?)\s+(?P<family>(?:[^\W\d_A-Z]\S*\s+)*\S+)")
#: Parts of a periodical that have a number instead of a title.
_NUMBERED = frozenset({"PublicationIssue", "PublicationVolume"})
#: The most levels of parts: an article in an issue, in a volume, in a periodical.
_DEEPEST = 6


def type_names(node: Any) -> list[str]:
    """The types of a node, without schema.org's namespace."""
    kinds = node.get("@type", ()) if isinstance(node, Mapping) else ()
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [_NAMESPACE.sub("", kind, count=1) for kind in kinds if isinstance(kind, str)]


class Work:
    """A node, whose properties are looked up in all the forms that JSON-LD allows."""

    def __init__(self, node: Node, nodes: Mapping[str, Node]) -> None:
        self.node = node
        self._nodes = nodes

    def values(self, name: str) -> list[Any]:
        """The values of a property, with references to other nodes resolved."""
        spaces = ("", "schema:", "http://schema.org/", "https://schema.org/")
        keys = (f"{space}{name}" for space in spaces)
        values = next((self.node[key] for key in keys if key in self.node), None)
        return [self._known(value) for value in _flat(values)]

    def _known(self, value: Any) -> Any:
        if isinstance(value, Mapping) and isinstance(value.get("@id"), str) and len(value) <= 2:
            return {**self._nodes.get(value["@id"], {}), **value}
        return value

    def texts(self, *names: str) -> list[str]:
        """The values as texts: for a node its value, its name or, failing both, its IRI.

        Raises MalformedItem for a text too long to be a value.
        """
        texts = []
        for value in (value for name in names for value in self.values(name)):
            inner = value
            if isinstance(value, Mapping):
                keys = ("@value", "value", "name", "url", "@id")
                inner = next((value[key] for key in keys if value.get(key)), None)
            if isinstance(inner, str | int | float) and not isinstance(inner, bool):
                texts.append(prose(str(inner)))
            if isinstance(inner, str) and len(inner) > MAX_LENGTH:
                raise MalformedItem(f'"{names[0]}" is longer than {MAX_LENGTH:,} characters')
        return [text for text in texts if text]

    def text(self, *names: str) -> str:
        """The value of the first of these properties that has one, as text."""
        return next((text for name in names for text in self.texts(name)), "")

    def parts(self, name: str) -> Iterator[Work]:
        """The values as nodes; a text stands for a node with that name."""
        for value in self.values(name):
            if isinstance(value, Mapping):
                yield Work(value, self._nodes)
            elif isinstance(value, str):
                yield Work({"name": value}, self._nodes)


def _flat(value: Any) -> list[Any]:
    """One value or several, in a list or under @list and @set."""
    if isinstance(value, Mapping):
        inner = next((value[key] for key in ("@list", "@set") if key in value), None)
        return [value] if inner is None else _flat(inner)
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _levels(work: Work) -> Iterator[tuple[Work, str]]:
    """The work and what it is part of, from the inside out, each with its title if it is a whole.

    An issue, volume, periodical or book adds what the work itself does not say. The first whole
    with a title is the last level.
    """
    level: Work | None = work
    for _ in range(_DEEPEST):
        if level is None:
            return
        kinds = set(type_names(level.node))
        is_whole = level is not work and not (kinds and kinds <= _NUMBERED)
        title = level.text("name") if is_whole else ""
        yield level, title
        if title:
            return
        level = next(level.parts("isPartOf"), None)


def work_record(work: Work, title: str, where: Source, checked: Checked) -> Record:
    """The record of a work with this title; ``checked`` collects the warnings."""
    csl = next(TYPES[kind] for kind in type_names(work.node) if kind in TYPES)
    levels = list(_levels(work))
    whole = levels[-1][1]

    def inmost(name: str) -> list[str]:
        return next(filter(None, [level.texts(name) for level, _ in levels]), [])

    if csl == "article-journal" and _CONFERENCE.search(whole):
        csl = "paper-conference"
    urls = work.texts("url", "mainEntityOfPage") or work.texts("sameAs", "@id")
    identifiers = work.texts("doi", "identifier", "sameAs", "@id")
    isbn, _ = checked.serials(inmost("isbn"), "isbn")
    _, issn = checked.serials(inmost("issn"), "issn")
    authors, more = _names(work, checked, "author", "creator")
    issued, issued_edtf = checked.issued(inmost("datePublished"), "datePublished")
    keywords = (part for text in work.texts("keywords") for part in re.split(r"[,;]", text))
    return Record(
        title=title,
        type=csl,
        authors=authors,
        more_authors=more,
        editors=_names(work, checked, "editor")[0],
        issued=issued,
        issued_edtf=issued_edtf,
        container_title="" if csl == "book" else whole,
        collection_title=whole if csl == "book" else "",
        publisher=next(iter(inmost("publisher")), ""),
        volume=next(iter(inmost("volumeNumber")), ""),
        issue=next(iter(inmost("issueNumber")), ""),
        page=pages(work.text("pagination")) or pages(work.text("pageStart"), work.text("pageEnd")),
        number=work.text("reportNumber"),
        genre=work.text("genre"),
        edition=work.text("bookEdition"),
        doi=next(filter(None, map(normal_doi, identifiers)), ""),
        isbn=isbn,
        issn=issn,
        url=checked.url([url for url in urls if url.startswith("http")], "url"),
        language=checked.language(_language(work)),
        facets=Facets(keywords=distinct([*keywords, *work.texts("about")])),
        sources=(where,),
    )


def _language(work: Work) -> str:
    """The language's tag, which a Language node has as its alternateName."""
    nodes = (part.text("alternateName") for part in work.parts("inLanguage"))
    return next(filter(None, nodes), "") or work.text("inLanguage")


def _names(work: Work, checked: Checked, *properties: str) -> tuple[tuple[Name, ...], bool]:
    """The names in the first of these properties that has any, and whether there are more."""
    for property in properties:
        names = [name for part in work.parts(property) if (name := _name(part, checked))]
        named = tuple(name for name in names if str(name).casefold() not in MORE)
        if names:
            return named, len(named) < len(names)
    return (), False


def _name(part: Work, checked: Checked) -> Name | None:
    whole, family, given = part.text("name"), part.text("familyName"), part.text("givenName")
    kinds = type_names(part.node)
    if family:
        given = given or person(with_comma(whole, f"{family},")).given
        name = person_of(family, given) if given else Name(family=family)
        name = replace(name, suffix=part.text("honorificSuffix"))
    elif not whole:
        return None
    elif "," in whole and "Organization" not in " ".join(kinds):
        name = person(whole)
    elif "Person" in kinds and (vancouver := with_initials(whole)):
        name = vancouver
    # Only for a Person is the last word certain to be the family name.
    elif "Person" in kinds and (match := _WHOLE_NAME.fullmatch(whole)):
        name = person_of(match["family"], match["given"])
    else:
        return Name(literal=whole)
    ids = (text for text in part.texts("@id", "sameAs", "identifier", "url") if is_orcid(text))
    return replace(name, orcid=checked.orcid(next(ids, ""), "author"))
