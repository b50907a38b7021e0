"""The reader of Zotero RDF, the first format that Zotero offers in "Export".

The terms are those that Zotero's translator of this name writes. A journal, book or series that
contains several items is a separate element, and they refer to it.

============================== ====================================================================
element                        meaning
============================== ====================================================================
z:itemType                     the type; items without one, attachments and notes are no works
bib:authors, bib:editors       the names, in an rdf:Seq of foaf:Person and foaf:Organization
z:presenters, z:programmers …  authors, too
dcterms:isPartOf               the container: dc:title, prism:volume, prism:number, identifiers
bib:presentedAt, z:meetingName the conference
bib:Series                     dc:title or dcterms:alternative; dc:identifier is the number in it
dc:identifier                  "DOI 10.…", "ISBN …", "ISSN …", or a dcterms:URI with the address
dc:subject                     a tag, also an automatic one (z:AutomaticTag)
dc:description                 "Extra", read only for a line with a DOI
============================== ====================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ..csl_types import TYPES
from ..model import Entry, Name, Source
from .endnote_tagged import has_issue
from .names import person_of
from .notes import doi_of_note
from .plain_work import PlainWork, plain_entry
from .prose import prose
from .source import SourceFile, not_empty
from .values import reject, words
from .xml_answers import ANY, begins_with, text_at, texts_at, xml_items

_NAMESPACE = "zotero.org/namespaces/export#"
#: Zotero's item type -> CSL type; and the item types that are not works.
ZOTERO_TYPES = {names.zotero: csl for csl, names in TYPES.items() if names.zotero} | {
    "artwork": "graphic",
    "audioRecording": "song",
    "bill": "bill",
    "case": "legal_case",
    "email": "personal_communication",
    "film": "motion_picture",
    "hearing": "hearing",
    "instantMessage": "personal_communication",
    "interview": "interview",
    "letter": "personal_communication",
    "map": "map",
    "podcast": "broadcast",
    "radioBroadcast": "broadcast",
    "statute": "legislation",
    "tvBroadcast": "broadcast",
    "videoRecording": "motion_picture",
}
NO_WORKS = ("attachment", "note", "annotation")
#: The roles of creators who are not a work's authors or editors.
NO_AUTHORS = ("contributor", "translator", "seriesEditor", "bookAuthor", "reviewedAuthor")
_IDENTIFIER = re.compile(r"(DOI|ISBN|ISSN)\s+(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Whole:
    """The container of a work."""

    #: "Journal", "Book", "Series", "Website" …
    kind: str
    element: Element


#: The separate containers, by the name that works refer to.
_Wholes = Mapping[str, _Whole]


def looks_like(head: str) -> bool:
    """True for RDF/XML that declares Zotero's own terms."""
    return begins_with(head, "RDF") and _NAMESPACE in head


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each item. Raises UnreadableFile if the file has none."""
    wholes = {
        _name(item.element): _Whole(item.element.tag, item.element)
        for item in xml_items(source, ANY)
        if item.element is not None and not text_at(item.element, "itemType")
    }
    return not_empty(_entries(source, wholes), f"{source.name}: no Zotero items found")


def _entries(source: SourceFile, wholes: _Wholes) -> Iterator[Entry]:
    for item in xml_items(source, ANY):
        where = Source(source.name, str(item.number), item.line)
        if item.element is None:
            remedy = "Remove the item, or export the file again."
            yield reject(where, item.text, f"item {item.number}: {item.fault}", remedy)
            continue
        kind = text_at(item.element, "itemType")
        if kind and kind not in NO_WORKS:
            name = text_at(item.element, "citationKey") or _name(item.element)
            key = words(name)[:200] or where.key
            work = _work(item.element, kind, wholes)
            yield plain_entry(work, Source(source.name, key, item.line), item.text)


def _work(item: Element, kind: str, wholes: _Wholes) -> PlainWork:
    csl = ZOTERO_TYPES.get(kind, "document")
    parts = list(_parts(item, wholes))
    series = next((part.element for part in parts if part.kind == "Series"), None)
    whole = next((part.element for part in parts if part.kind != "Series"), None)
    identifiers = [*_identifiers(item), *_identifiers(whole), *_identifiers(series)]
    number = text_at(whole, "number") or text_at(item, "number")
    return PlainWork(
        type=csl,
        title=text_at(item, "title"),
        authors=tuple(name for role in _roles(item) for name in _names(item, role)),
        editors=_names(item, "editors") or _names(whole, "editors"),
        dates=(text_at(item, "date"),),
        container_title=text_at(whole, "title"),
        collection_title=text_at(series, "title", "alternative"),
        event_title=text_at(item, "presentedAt/Conference/title", "meetingName"),
        publisher=text_at(item, "publisher/Organization/name"),
        publisher_place=text_at(item, "publisher/Organization/adr/Address/locality"),
        volume=text_at(whole, "volume") or text_at(item, "volume"),
        issue=number if has_issue(csl) else "",
        number="" if has_issue(csl) else number or _number_in(series),
        page=text_at(item, "pages"),
        genre=text_at(item, "type"),
        edition=text_at(item, "edition"),
        doi=next((text for name, text in identifiers if name == "DOI"), "")
        or doi_of_note("".join(_lines(item, "description"))),
        serials=tuple(text for name, text in identifiers if name != "DOI"),
        urls=texts_at(item, "identifier/URI/value"),
        language=text_at(item, "language"),
        keywords=texts_at(item, "subject"),
        abstract=text_at(item, "abstract"),
    )


def _name(element: Element | None) -> str:
    """The name that others refer to it by; "" if none."""
    return "" if element is None else element.get("about") or element.get("nodeID") or ""


def _parts(item: Element, wholes: _Wholes) -> Iterator[_Whole]:
    """The containers of an item, nested in it or separate, and the series that these are in."""
    for link in item.iterfind("isPartOf"):
        name = link.get("resource") or link.get("nodeID") or ""
        beside = [wholes[name]] if name in wholes else []
        for part in (*(_Whole(inside.tag, inside) for inside in link), *beside):
            yield part
            yield from (_Whole("Series", each) for each in part.element.iterfind("isPartOf/Series"))


def _identifiers(element: Element | None) -> Iterator[tuple[str, str]]:
    for text in texts_at(element, "identifier"):
        if match := _IDENTIFIER.fullmatch(text):
            yield match[1], match[2]


def _number_in(series: Element | None) -> str:
    """The number in a series, which stands among the identifiers of the series."""
    texts = texts_at(series, "identifier")
    return next((text for text in texts if not _IDENTIFIER.fullmatch(text)), "")


def _roles(item: Element) -> list[str]:
    """The elements with the work's authors; most types of works have a name of their own for them.

    That is the name of the role, with an "s".
    """
    others = {f"{role}s" for role in (*NO_AUTHORS, "editor")}
    return [part.tag for part in item if part.find("Seq") is not None and part.tag not in others]


def _names(element: Element | None, role: str) -> tuple[Name, ...]:
    agents = element.iterfind(f"{role}/Seq/li/*") if element is not None else ()
    return tuple(filter(None, map(_agent, agents)))


def _agent(element: Element) -> Name | None:
    """A person or an organisation; a person's name in a single field is not split."""
    family = prose(text_at(element, "surname", "name"))
    given = prose(text_at(element, "givenName", "givenname"))
    if family and given:
        return person_of(family, given)
    return Name(literal=family or given) if family or given else None


def _lines(item: Element, name: str) -> Iterator[str]:
    return (text for element in item.iterfind(name) for text in element.itertext())
