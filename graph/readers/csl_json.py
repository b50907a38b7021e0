"""The CSL-JSON reader: Zotero exports, lists of Crossref items, and our own with ``custom``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..csl import from_csl
from ..csl_types import TYPES
from ..dates import whole_month_and_day
from ..edtf import edtf_of_parts, season_of, start
from ..errors import MalformedItem, UnreadableFile
from ..model import FIELDS, Entry, Name, Record, Source
from .crossref import TYPES as CROSSREF_TYPES
from .json_answers import is_json, many
from .json_items import Item, check, items
from .latex import MAX_LENGTH, unescaped
from .name_lists import MORE
from .names import is_named_as_body, person_of, with_suffix
from .notes import doi_of_note
from .prose import prose
from .source import SourceFile
from .unread import Unread
from .values import Checked, distinct, pages, reject, words

_LOOKS = re.compile(
    r'"(?:container-title|date-parts|citation-key|event-title|publisher-place)"\s*:'
    r'|"type"\s*:\s*"(?i:article-journal|paper-conference|chapter|report|webpage|thesis|book)"'
)
_PROSE = ("title", "original-title", "container-title", "collection-title", "event-title")
_PLAIN = tuple(
    field.csl
    for field in FIELDS
    if field.csl and field.kind == "text" and field.csl not in ("page", "DOI", "URL", "language")
)
#: The variables that are read, and those that add nothing about the work.
_READ = frozenset(
    {*_PLAIN, "author", "custom", "editor", "event", "issued", "keyword", "subtitle", "type"}
    | set("DOI ISBN ISSN URL abstract language note page collection-number".split())
    | set(
        "accessed annote archive archive-place archive_location call-number citation-key "
        "citation-label container-title-short id journalAbbreviation license number-of-pages "
        "shortTitle source submitted title-short year-suffix".split()
    )
)
#: Our own ``custom`` has one of these.
_OURS = ("sources", "agents", "editor_agents")
_PART = re.compile(r"(?P<season>season-)?(?P<number>\d{1,4})(?:\.0)?", re.ASCII)
_REMEDY = "Fix the item and import it again."


def looks_like(head: str) -> bool:
    """True for JSON with a variable that only CSL-JSON has."""
    return is_json(head) and "@context" not in head and bool(_LOOKS.search(head))


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each item of an array or of {"items": […]}, or for a single item.

    A note is read only for a line with a DOI. An item with our own ``custom`` comes back as it was
    written, with its id, agents and sources. Raises UnreadableFile, before the first item, if the
    file is not JSON or has no items.
    """
    unread = Unread("variable", "Check the spelling of any that describe the work.")
    return unread.named_last(_entries(source, unread))


def _entries(source: SourceFile, unread: Unread) -> Iterator[Entry]:
    keys: set[str] = set()
    for item in items(source, _path(source)):
        entry = _entry(item, source.name, keys)
        if isinstance(item.value, Mapping):
            unread.add(name for name in item.value if name not in _READ and item.value[name])
        keys.add(entry.source.key)
        yield entry


def _path(source: SourceFile) -> tuple[str, ...]:
    if check(source) == "array":
        return ("item",)
    if next(items(source, ("items", "item")), None):
        return ("items", "item")
    if next(items(source, ("type",)), None) or next(items(source, ("title",)), None):
        return ()
    raise UnreadableFile(
        f"{source.name}: no CSL-JSON items found", 'give an array of items, or {"items": […]}'
    )


def _entry(item: Item, file: str, keys: set[str]) -> Entry:
    where = Source(file, _key(item), item.line)
    if item.fault or not isinstance(item.value, Mapping):
        fault = item.fault or f"expected an object, found {type(item.value).__name__}"
        return reject(where, item.text, f"item {item.number}: {fault}", _REMEDY)
    checked = Checked(where)
    if where.key in keys:
        message = f'an earlier item in this file has the same id, "{where.key}"'
        remedy = "Change one of the two ids, or remove one item if they are duplicates."
        checked.warn(message, remedy, "id", where.key)
    custom = item.value.get("custom")
    is_ours = isinstance(custom, Mapping) and any(custom.get(name) for name in _OURS)
    try:
        if is_ours:
            record = _identified(_ours(item.value), checked)
            if not record.issued:
                checked.issued([record.status], "issued")
        else:
            record = _foreign(item.value, where, checked)
    except MalformedItem as error:
        fault = f"item {item.number}: {error}"
        return reject(where, item.text, fault, _REMEDY, checked.problems)
    abstract = item.value.get("abstract")
    if not isinstance(abstract, str) or len(abstract) > MAX_LENGTH:
        abstract = ""
    return Entry(where, item.text, record, tuple(checked.problems), abstract)


def _key(item: Item) -> str:
    """The item's citation key or id, otherwise its number."""
    value = item.value if isinstance(item.value, Mapping) else {}
    ids = (value.get(name) for name in ("citation-key", "id", "DOI"))
    texts = (words(str(text)[:MAX_LENGTH]) for text in ids if isinstance(text, str | int) and text)
    return next(filter(None, texts), str(item.number))


def _ours(value: Mapping[str, Any]) -> Record:
    """The record of an item in our own form."""
    try:
        record = from_csl(value)
    except (AttributeError, LookupError, TypeError) as error:
        raise MalformedItem(f"a value does not have the expected form ({error})") from None
    if len(record.agents) not in (0, len(record.authors)):
        raise MalformedItem(f"{len(record.authors)} authors but {len(record.agents)} agents")
    if len(record.editor_agents) not in (0, len(record.editors)):
        what = f"{len(record.editors)} editors but {len(record.editor_agents)} agents"
        raise MalformedItem(what)
    return record


def _identified(record: Record, checked: Checked) -> Record:
    """The record with only those ORCID iDs that have the right check digit."""
    orcids = (checked.orcid(name.orcid, "orcids") for name in record.authors)
    pairs = zip(record.authors, orcids, strict=True)
    return replace(record, authors=tuple(replace(name, orcid=orcid) for name, orcid in pairs))


def _foreign(value: Mapping[str, Any], where: Source, checked: Checked) -> Record:
    """The record of another program's item, with normalised values."""
    plain = {name: _one(value, name) for name in _PLAIN}
    plain |= {name: prose(plain[name]) for name in _PROSE}
    plain["title"] = checked.title(plain["title"], "title")
    if plain["title"] and (subtitle := prose(_one(value, "subtitle"))):
        plain["title"] += f": {subtitle}"
    plain["event-title"] = plain["event-title"] or words(_event(value))
    plain["number"] = plain["number"] or _one(value, "collection-number")
    kind = _one(value, "type").lower()
    csl = kind if kind in TYPES else CROSSREF_TYPES.get(kind, "document")
    if csl == "document" and kind != "document":
        fault = f'CSL has no type "{kind[:80]}"' if kind else "no type"
        remedy = "Use a CSL 1.0.2 type such as article-journal, chapter or report."
        message = f"{fault}; the work is treated as a document"
        checked.warn(message, remedy, "type", kind, "info")
    keyword = _one(value, "keyword")
    custom = value.get("custom")
    item = {
        **{name: words(text) for name, text in plain.items()},
        "type": csl,
        "language": checked.language(_one(value, "language")),
        "page": pages(_one(value, "page")),
        "custom": {**custom, "agents": [], "editor_agents": [], "orcids": []}
        if isinstance(custom, Mapping)
        else {},
    }
    record = _ours(item)
    url = _one(value, "URL")
    texts = [*_many(value, "ISBN"), *_many(value, "ISSN")]
    isbn, issn = checked.serials(texts, "ISBN")
    authors, more = _names(value, "author", checked)
    issued, issued_edtf, status = _issued(value, record.status, checked)
    facets = record.facets
    if keyword and not facets.keywords:
        facets = replace(facets, keywords=distinct(re.split(r"[;,\n]", unescaped(keyword))))
    return replace(
        record,
        authors=authors,
        more_authors=more or record.more_authors,
        editors=_names(value, "editor", checked)[0],
        issued=issued,
        issued_edtf=issued_edtf,
        status=status,
        doi=checked.doi(_one(value, "DOI") or doi_of_note(_one(value, "note")), "DOI", [url]),
        isbn=isbn,
        issn=issn,
        url=checked.url([url] if url else [], "URL"),
        facets=facets,
        sources=(replace(where, stated=_stated(value)),),
        version_of=(),
    )


def _one(value: Mapping[str, Any], name: str) -> str:
    """A variable as text, or the first of a list (Crossref). Raises MalformedItem for an object."""
    return next(iter(_many(value, name)), "")


def _many(value: Mapping[str, Any], name: str) -> list[str]:
    texts = many(value, name)
    for text in texts:
        if isinstance(text, bool) or not isinstance(text, str | int | float):
            raise MalformedItem(f'"{name}" must be text, not {str(text)[:80]}')
        if isinstance(text, str) and len(text) > MAX_LENGTH:
            raise MalformedItem(f'"{name}" is longer than {MAX_LENGTH:,} characters')
    return [str(text) for text in texts]


def _event(value: Mapping[str, Any]) -> str:
    """CSL 1.0.1's ``event``; in Crossref's JSON it is an object with a name."""
    event = value.get("event")
    return _one(event, "name") if isinstance(event, Mapping) else _one(value, "event")


def _names(
    value: Mapping[str, Any], variable: str, checked: Checked
) -> tuple[tuple[Name, ...], bool]:
    items = value.get(variable)
    if items is None:
        return (), False
    if not isinstance(items, list):
        raise MalformedItem(f'"{variable}" must be a list of names')
    names, more = [], False
    for item in items:
        if not isinstance(item, Mapping):
            raise MalformedItem(f'"{variable}" must hold names, not {str(item)[:80]}')
        part = {key: prose(_one(item, key)) for key in ("family", "given", "suffix", "ORCID")}
        literal = prose(_one(item, "literal") or _one(item, "name"))
        if not part["given"] and is_named_as_body(part["family"]):
            literal = literal or part["family"]
        particles = (_one(item, f"{kind}-particle") for kind in ("non-dropping", "dropping"))
        if literal.casefold() in MORE or part["family"].casefold() in MORE:
            more = True
        elif part["family"] and not literal:
            name = person_of(part["family"], part["given"])
            if particle := words(" ".join(particles)):
                name = with_suffix(Name(part["family"], part["given"], particle))
            orcid = checked.orcid(part["ORCID"], "ORCID")
            names.append(replace(name, suffix=part["suffix"] or name.suffix, orcid=orcid))
        elif whole := literal or part["given"]:
            names.append(Name(literal=whole))
    return tuple(names), more


def _issued(
    value: Mapping[str, Any], stated: str, checked: Checked
) -> tuple[tuple[int, ...], str, str]:
    """The date from its parts (a list of two is a range), otherwise from ``raw`` or ``literal``.

    Also the date in EDTF, and the status: the one stated, or the text in place of a date.
    """
    issued = value.get("issued")
    if isinstance(issued, str | int) and not isinstance(issued, bool):
        return *checked.issued([str(issued)], "issued"), checked.status([str(issued)], stated)
    dates: list[Any] = issued if isinstance(issued, list) else [] if issued is None else [issued]
    if not all(isinstance(date, Mapping) for date in dates):
        raise MalformedItem('"issued" must be an object with date-parts')
    ends = [end for date in dates[:2] for end in _ends(date)]
    date = dates[0] if dates else {}
    whole = edtf_of_parts(ends, _season(date), date.get("circa") not in (None, False, 0, "", "0"))
    if whole:
        return start(whole), whole, checked.status([], stated)
    text = "/".join(f"{part:02d}" for part in ends[0]).zfill(4) if ends else _in_words(date)
    texts = [text, *(_one(date, name) for name in ("raw", "literal"))]
    return *checked.issued(texts, "issued"), checked.status(texts, stated)


def _in_words(date: Mapping[str, Any]) -> str:
    """The text in place of a date's parts, such as "forthcoming"."""
    part = date.get("date-parts")
    for _ in range(2):
        part = part[0] if isinstance(part, list) and part else ""
    return part if isinstance(part, str) else ""


def _ends(date: Mapping[str, Any]) -> list[list[int]]:
    """The parts of each date that has a year."""
    parts = date.get("date-parts")
    if not parts:
        season = _season(date)
        month = date.get("month") or (season + 20 if season else None)
        parts = [[date.get("year"), month, date.get("day")]]
    ends = parts if isinstance(parts, list) else []
    numbers = (_numbers(end[:3] if isinstance(end, list) else [end]) for end in ends)
    return [end for end in numbers if end]


def _season(date: Mapping[str, Any]) -> int:
    """The number of a date's season, which may be a word ("Summer"); 0 if it has none."""
    written = date.get("season")
    return next(iter(_numbers([written])), 0) or season_of(str(written))


def _numbers(parts: Sequence[Any]) -> list[int]:
    """The numbers up to the first part that is not one; "season-01" and "Spring" are month 21."""
    numbers: list[int] = []
    for part in parts:
        match = _PART.fullmatch(str(part).strip()) if not isinstance(part, bool) else None
        number = int(match["number"]) + (20 if match["season"] else 0) if match else None
        if match is None and len(numbers) == 1:
            number = _named_month(str(part))
        if number is None:
            break
        numbers.append(number)
    return numbers


def _named_month(word: str) -> int | None:
    season = season_of(word)
    return season + 20 if season else next(iter(whole_month_and_day(word)), None)


def _stated(value: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The item's authors, title and DOI, word for word."""
    authors = value.get("author")
    names = [item for item in authors if isinstance(item, Mapping)] if authors else []
    written = (
        ", ".join(str(name[part]) for part in ("family", "given", "literal") if name.get(part))
        for name in names
    )
    said = [
        *(("author", words(text)) for text in written),
        *((name, words(_one(value, name))) for name in ("title", "DOI")),
    ]
    return tuple((name, text) for name, text in said if text)
