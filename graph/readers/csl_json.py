"""The CSL-JSON reader: Zotero's exports, Crossref's answers, and ours with their ``custom``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..csl import from_csl
from ..errors import MalformedItem, UnreadableFile
from ..model import Entry, Name, Record, Source
from .checked import MORE, Checked, date, pages, words
from .fields import problem, reject
from .json_items import Item, check, items
from .source import SourceFile

__all__ = [
    "TYPES",
    "looks_like",
    "read",
]


#: The item types of CSL 1.0.2.
TYPES = frozenset(
    "article article-journal article-magazine article-newspaper bill book broadcast "
    "chapter classic collection dataset document entry entry-dictionary "
    "entry-encyclopedia event figure graphic hearing interview legal_case legislation "
    "manuscript map motion_picture musical_score pamphlet paper-conference patent "
    "performance periodical personal_communication post post-weblog regulation report "
    "review review-book software song speech standard thesis treaty webpage".split()
)
#: Crossref's names for types, where they differ.
_OTHER_TYPES = {
    "book-chapter": "chapter",
    "book-section": "chapter",
    "dissertation": "thesis",
    "edited-book": "book",
    "journal-article": "article-journal",
    "monograph": "book",
    "posted-content": "article",
    "proceedings": "book",
    "proceedings-article": "paper-conference",
    "reference-book": "book",
    "report-component": "report",
}
_LOOKS = re.compile(
    r'"(?:container-title|date-parts|citation-key|event-title|publisher-place)"\s*:'
    r'|"type"\s*:\s*"(?:article-journal|paper-conference|chapter|report|webpage|thesis|book)"'
)
#: What Zotero's rich text has in titles.
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sup|sub|sc|span(?: [^<>]*)?)>", re.IGNORECASE)
_PROSE = ("title", "original-title", "container-title", "collection-title", "event-title")
_PLAIN = (*_PROSE, "publisher", "publisher-place", "volume", "issue", "number", "genre", "edition")
#: ``custom`` of ours has one of these.
_OURS = ("sources", "agents")
_REMEDY = "Mend the item and import it again."


def looks_like(head: str) -> bool:
    """True for JSON with a variable that only CSL-JSON has."""
    return head.lstrip()[:1] in ("[", "{") and "@context" not in head and bool(_LOOKS.search(head))


def read(source: SourceFile) -> Iterator[Entry]:
    """One Entry for each item of an array, of {"items": […]}, or for the one item there is.

    The abstract and notes are not read. An item with our own ``custom`` comes back as it was
    written, with its id, agents and sources. Raises UnreadableFile, before the first item, where
    the file is not JSON.
    """
    seen: set[str] = set()
    for item in items(source, _path(source)):
        entry = _entry(item, source.name, seen)
        seen.add(entry.source.key)
        yield entry


def _path(source: SourceFile) -> tuple[str, ...]:
    if check(source) == "array":
        return ("item",)
    for path in (("items", "item"), ("message", "items", "item")):
        if next(items(source, path), None):
            return path
    if next(items(source, ("message", "title")), None):
        return ("message",)  # Crossref's answer for one DOI
    if next(items(source, ("type",)), None) or next(items(source, ("title",)), None):
        return ()
    raise UnreadableFile(
        f'{source.name}: no CSL-JSON items here; give an array of items, or {{"items": […]}}'
    )


def _entry(item: Item, file: str, seen: set[str]) -> Entry:
    where = Source(file, _key(item), item.line)
    if item.fault or not isinstance(item.value, Mapping):
        fault = item.fault or f"not an object but {type(item.value).__name__}"
        return reject(where, item.text, f"item {item.number}: {fault}", _REMEDY)
    checked = Checked(where)
    if where.key in seen:
        message = f'the id "{where.key}" is taken by an earlier item of this file'
        remedy = "Give one of the two another id, or remove one if they are the same."
        checked.warn(message, remedy, "id", where.key)
    custom = item.value.get("custom")
    is_ours = isinstance(custom, Mapping) and any(custom.get(name) for name in _OURS)
    try:
        record = _ours(item.value) if is_ours else _foreign(item.value, where, checked)
    except MalformedItem as error:
        fault = f"item {item.number}: {error}"
        return reject(where, item.text, fault, _REMEDY, checked.problems)
    return Entry(where, item.text, record, tuple(checked.problems))


def _key(item: Item) -> str:
    """The item's citation key or id, else its number."""
    value = item.value if isinstance(item.value, Mapping) else {}
    found = (value.get(name) for name in ("citation-key", "id", "DOI"))
    texts = (words(str(text)) for text in found if isinstance(text, str | int) and text)
    return next(filter(None, texts), str(item.number))


def _ours(value: Mapping[str, Any]) -> Record:
    """The record of an item that is in our form."""
    try:
        record = from_csl(value)
    except (AttributeError, LookupError, TypeError) as error:
        raise MalformedItem(f"a value has not the form it is written in ({error})") from None
    if len(record.agents) not in (0, len(record.authors)):
        raise MalformedItem(f"{len(record.authors)} authors but {len(record.agents)} agents")
    return record


def _foreign(value: Mapping[str, Any], where: Source, checked: Checked) -> Record:
    """The record of an item that others wrote, each value in its normal form."""
    plain = {name: _one(value, name) for name in _PLAIN}
    plain |= {name: words(_MARKUP.sub("", plain[name])) for name in _PROSE}
    plain["title"] = checked.title(plain["title"], "title")
    if plain["title"] and (subtitle := words(_MARKUP.sub("", _one(value, "subtitle")))):
        plain["title"] += f": {subtitle}"
    plain["event-title"] = plain["event-title"] or words(_event(value))
    kind = _one(value, "type")
    csl = kind if kind in TYPES else _OTHER_TYPES.get(kind, "document")
    if csl == "document" and kind != "document":
        told = f'the type "{kind[:80]}" is none of CSL' if kind else "no type"
        message = f"{told}; the work is a document"
        remedy = "Use a type of CSL 1.0.2, such as article-journal, chapter or report."
        checked.problems.append(problem(where, "info", message, remedy, "type", kind))
    keyword = _one(value, "keyword")
    custom = value.get("custom")
    item = {
        **{name: words(text) for name, text in plain.items()},
        "type": csl,
        "language": checked.language(_one(value, "language")),
        "page": pages(_one(value, "page")),
        "custom": {**custom, "agents": [], "orcids": []} if isinstance(custom, Mapping) else {},
    }
    record = _ours(item)
    url = _one(value, "URL")
    texts = [*_many(value, "ISBN"), *_many(value, "ISSN")]
    isbn, issn = checked.serials(texts, "ISBN")
    authors, more = _names(value, "author")
    facets = record.facets
    if keyword and not facets.keywords:
        parts = (words(part) for part in re.split(r"[;,\n]", keyword))
        facets = replace(facets, keywords=tuple(dict.fromkeys(filter(None, parts))))
    return replace(
        record,
        authors=authors,
        more_authors=more or record.more_authors,
        editors=_names(value, "editor")[0],
        issued=_issued(value, checked),
        doi=checked.doi(_one(value, "DOI"), "DOI", [url]),
        isbn=isbn,
        issn=issn,
        url=checked.url([url] if url else [], "URL"),
        facets=facets,
        sources=(replace(where, stated=_stated(value)),),
        version_of=(),
    )


def _one(value: Mapping[str, Any], name: str) -> str:
    """A variable as text; of a list (Crossref) the first. Raises MalformedItem for an object."""
    return next(iter(_many(value, name)), "")


def _many(value: Mapping[str, Any], name: str) -> list[str]:
    found = value.get(name)
    texts = found if isinstance(found, list) else [] if found is None else [found]
    for text in texts:
        if isinstance(text, bool) or not isinstance(text, str | int | float):
            raise MalformedItem(f'"{name}" must be text, not {str(text)[:80]}')
    return [str(text) for text in texts]


def _event(value: Mapping[str, Any]) -> str:
    """CSL 1.0.1's ``event``; Crossref's is an object with a name."""
    event = value.get("event")
    return _one(event, "name") if isinstance(event, Mapping) else _one(value, "event")


def _names(value: Mapping[str, Any], variable: str) -> tuple[tuple[Name, ...], bool]:
    found = value.get(variable)
    if found is None:
        return (), False
    if not isinstance(found, list):
        raise MalformedItem(f'"{variable}" must be a list of names')
    names, more = [], False
    for item in found:
        if not isinstance(item, Mapping):
            raise MalformedItem(f'"{variable}" must hold names, not {str(item)[:80]}')
        part = {key: words(_one(item, key)) for key in ("family", "given", "suffix", "ORCID")}
        literal = words(_one(item, "literal") or _one(item, "name"))
        particles = (_one(item, f"{kind}-particle") for kind in ("non-dropping", "dropping"))
        if literal.casefold() in MORE or part["family"].casefold() in MORE:
            more = True
        elif part["family"] and not literal:
            orcid = re.search(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]$", part["ORCID"])
            names.append(
                Name(
                    part["family"],
                    part["given"],
                    words(" ".join(particles)),
                    part["suffix"],
                    orcid=orcid.group() if orcid else "",
                )
            )
        elif whole := literal or part["given"]:
            names.append(Name(literal=whole))
    return tuple(names), more


def _issued(value: Mapping[str, Any], checked: Checked) -> tuple[int, ...]:
    """The date in parts, or read out of ``raw`` or ``literal``."""
    issued = value.get("issued")
    if isinstance(issued, str | int) and not isinstance(issued, bool):
        return checked.issued([str(issued)], "issued")
    if issued is not None and not isinstance(issued, Mapping):
        raise MalformedItem('"issued" must be an object with date-parts')
    parts = (issued or {}).get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else []
    first = first if isinstance(first, list) else [first]
    written = [part for part in first if isinstance(part, str | int) and part not in ("", None)]
    text = "/".join(str(part).strip() for part in written)
    if found := date(text.zfill(4) if len(written) == 1 else text):
        return found
    texts = [text, *(_one(issued or {}, name) for name in ("raw", "literal"))]
    return checked.issued([text for text in texts if text], "issued")


def _stated(value: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the item says of its title and DOI, and who and when, word for word."""
    authors = value.get("author")
    names = [item for item in authors if isinstance(item, Mapping)] if authors else []
    said = [
        *(
            (
                "author",
                words(
                    ", ".join(str(item[k]) for k in ("family", "given", "literal") if item.get(k))
                ),
            )
            for item in names
        ),
        ("title", words(_one(value, "title"))),
        ("DOI", words(_one(value, "DOI"))),
    ]
    return tuple((name, text) for name, text in said if text)
