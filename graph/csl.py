"""Convert records to and from CSL-JSON 1.0.2 items, as in the catalogue and in Zotero's exports.

Data for which CSL has no variable is under ``custom``, the schema's own place for it: our facets,
the ids of the agents, and the sources. Empty values are left out. Texts are interned, because half
of the texts in a catalogue occur in several records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from sys import intern
from typing import Any

from .edtf import csl_date, edtf_of_parts, start
from .errors import MalformedItem
from .fields import Field
from .model import FACETS, FIELDS, Abstract, Facets, Name, Organisation, Reading, Record, Source

Item = dict[str, Any]

#: CSL variable -> record attribute, for plain strings.
_STRINGS = {field.csl: field.name for field in FIELDS if field.csl and field.kind == "text"}
#: CSL has one ISBN and one ISSN string; Zotero joins several with a space.
_JOINED = {field.csl: field.name for field in FIELDS if field.csl and field.kind == "texts"}
_NAME_PARTS = {
    "family": "family",
    "given": "given",
    "particle": "non-dropping-particle",
    "suffix": "suffix",
    "literal": "literal",
}
#: The types of JSON values, in words.
_KINDS: Mapping[Callable[..., Any], str] = {
    dict: "an object",
    list: "a list",
    int: "a whole number",
    bool: "true or false",
}


def to_csl(record: Record) -> Item:
    """Convert a record to a CSL-JSON item; ``from_csl`` gives the same record back."""
    item: Item = {"id": record.id, "type": record.type}
    item |= {csl: getattr(record, ours) for csl, ours in _STRINGS.items()}
    item["author"] = [_name_out(name) for name in record.authors]
    item["editor"] = [_name_out(name) for name in record.editors]
    if record.issued_edtf:
        item["issued"] = csl_date(record.issued_edtf)
    elif record.issued:
        item["issued"] = {"date-parts": [list(record.issued)]}
    item |= {csl: " ".join(getattr(record, ours)) for csl, ours in _JOINED.items()}
    item["custom"] = _filled(
        {
            **{field.name: _facet_out(field, record.facets) for field in FACETS},
            "more_authors": record.more_authors,
            "agents": list(record.agents),
            "editor_agents": list(record.editor_agents),
            # CSL's names have no place for an identifier
            "orcids": _orcids_out(record),
            "version_of": list(record.version_of),
            "sources": [_source_out(source) for source in record.sources],
        }
    )
    return _filled(item)


def from_csl(item: Mapping[str, Any]) -> Record:
    """Convert a CSL-JSON item to a record.

    Raises MalformedItem if a variable has the wrong type or the title is missing.
    """
    if not isinstance(item, Mapping):
        raise MalformedItem(f"an item must be an object, not {type(item).__name__}")
    custom = _get(item, "custom", dict, {})
    # what an item lacks gets the default of a record
    plain: dict[str, Any] = {_STRINGS[csl]: _text(item, csl) for csl in item if csl in _STRINGS}
    plain |= {ours: tuple(_text(item, csl).split()) for csl, ours in _JOINED.items() if csl in item}
    if not plain.get("title"):
        raise MalformedItem("no title")
    issued, issued_edtf = _issued_in(_get(item, "issued", dict, {}))
    return Record(
        **plain,
        id=_text(item, "id"),
        type=_text(item, "type") or "document",
        authors=_authors_in(item, custom),
        editors=tuple(map(_name_in, _get(item, "editor", list, []))),
        more_authors=_get(custom, "more_authors", bool, False),
        issued=issued,
        issued_edtf=issued_edtf,
        facets=Facets(
            **{field.name: _facet_in(field, custom) for field in FACETS if field.name in custom}
        ),
        agents=_texts(custom, "agents"),
        editor_agents=_texts(custom, "editor_agents"),
        version_of=_texts(custom, "version_of"),
        sources=tuple(map(_source_in, _get(custom, "sources", list, []))),
    )


def _filled(item: Item) -> Item:
    """Only the pairs that have a value; 0 counts as one."""
    return {k: v for k, v in item.items() if v or (v == 0 and v is not False)}


def _facet_out(field: Field, facets: Facets) -> Any:
    value = getattr(facets, field.name)
    if field.kind == "bodies":
        return [_filled({"name": body.name, "kind": body.kind}) for body in value]
    return list(value) if field.kind == "concepts" else value


def _facet_in(field: Field, custom: Mapping[str, Any]) -> Any:
    if field.kind == "bodies":
        bodies = map(_object, _get(custom, field.name, list, []))
        return tuple(Organisation(_text(body, "name"), _text(body, "kind")) for body in bodies)
    if field.kind == "concepts":
        return _texts(custom, field.name)
    if field.kind == "year":
        return _get(custom, field.name, int, None)
    return _text(custom, field.name)


def _orcids_out(record: Record) -> list[str]:
    """One ORCID iD or "" for each author; an empty list if nobody has one."""
    orcids = [name.orcid for name in record.authors]
    return orcids if any(orcids) else []


def _authors_in(item: Mapping[str, Any], custom: Mapping[str, Any]) -> tuple[Name, ...]:
    names = _get(item, "author", list, [])
    orcids = _texts(custom, "orcids")
    if not orcids:
        return tuple(map(_name_in, names))
    if len(orcids) != len(names):
        raise MalformedItem(f'"orcids" has {len(orcids)} entries for {len(names)} authors')
    return tuple(map(_name_in, names, orcids))


def _name_out(name: Name) -> Item:
    return _filled({csl: getattr(name, ours) for ours, csl in _NAME_PARTS.items()})


def _name_in(item: Any, orcid: str = "") -> Name:
    item = _object(item)
    parts = {ours: _text(item, csl) for ours, csl in _NAME_PARTS.items() if csl in item}
    return Name(**parts, orcid=orcid)


def _source_out(source: Source) -> Item:
    return _filled(
        {
            "file": source.file,
            "key": source.key,
            "position": source.position,
            "digest": source.digest,
            "stated": [list(pair) for pair in source.stated],
            "abstract_read": _abstract_out(source.abstract) if source.abstract else None,
        }
    )


def _source_in(item: Any) -> Source:
    item = _object(item)
    stated = _get(item, "stated", list, [])
    if not all(isinstance(p, list) and len(p) == 2 for p in stated):
        raise MalformedItem('"stated" must contain pairs of a field and its text')
    return Source(
        file=_text(item, "file"),
        key=_text(item, "key"),
        position=_get(item, "position", int, 0),
        digest=_text(item, "digest"),
        stated=tuple((intern(str(field)), intern(str(words))) for field, words in stated),
        abstract=_abstract_in(read) if (read := item.get("abstract_read")) else None,
    )


def _abstract_out(abstract: Abstract) -> Item:
    readings = [asdict(reading) for reading in abstract.readings]
    return _filled({"digest": abstract.digest, "rules": abstract.rules, "readings": readings})


def _abstract_in(item: Any) -> Abstract:
    item = _object(item)
    readings = tuple(map(_reading_in, _get(item, "readings", list, [])))
    return Abstract(_text(item, "digest"), _text(item, "rules"), readings)


def _reading_in(item: Any) -> Reading:
    item = _object(item)
    texts = ("scheme", "concept", "rule", "matched_text")
    return Reading(
        **{name: _text(item, name) for name in texts}, offset=_get(item, "offset", int, 0)
    )


def _issued_in(item: Mapping[str, Any]) -> tuple[tuple[int, ...], str]:
    """The date in parts, and in EDTF if it is a season, a range or approximate."""
    parts = item.get("date-parts") or [[]]
    try:
        ends = [[int(part) for part in end][:3] for end in parts]
        date = edtf_of_parts(ends, int(item.get("season") or 0), item.get("circa") is True)
        return start(date) if date else tuple(ends[0]), date
    except (TypeError, ValueError, LookupError, OverflowError):
        raise MalformedItem(
            f'"issued" has date-parts or a season that are not valid numbers: {parts!r}'
        ) from None


def _object(item: Any) -> Mapping[str, Any]:
    if not isinstance(item, Mapping):
        raise MalformedItem(f"a name, source or organisation must be an object, not {item!r:.80}")
    return item


def _get(item: Mapping[str, Any], key: str, kind: Callable[..., Any], default: Any) -> Any:
    value = item.get(key)
    if value is None:
        return default
    if not isinstance(value, kind):  # type: ignore[arg-type]
        raise MalformedItem(f'"{key}" must be {_KINDS[kind]}, not {value!r:.80}')
    return value


def _text(item: Mapping[str, Any], key: str) -> str:
    """A string variable; CSL allows numbers in its place."""
    value = item.get(key)
    if type(value) is str:
        return intern(value.strip())
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise MalformedItem(f'"{key}" must be text, not {value!r:.80}')
    return intern(str(value).strip())


def _texts(item: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = _get(item, key, list, None)
    if not values:
        return ()
    if not all(isinstance(value, str) for value in values):
        raise MalformedItem(f'"{key}" must be a list of texts')
    return tuple(map(intern, values))
