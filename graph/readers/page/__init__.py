"""Record pages of the research database, from plain text to records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...iris import Minter, fold, slug
from ...languages import language
from ...model import FACETS, Entry, Facets, Record, Source
from ..citation import parse
from ..source import SourceFile
from .blocks import Line, Page, holds_title, is_citation, is_page_line, pages, titles_of
from .field_alignment import fields_of
from .problems import bullet_problems, page_problems, reject
from .vocabulary import PageVocabulary, shipped_vocabulary

__all__ = ["looks_like", "read"]


#: Lines examined to recognise a text.
_LOOKED_AT = 200

#: Page fields that hold several values.
_LISTS = tuple(field.name for field in FACETS if field.kind == "concepts")
#: Kinds of organisation whose monographs are reports.
_REPORTING = frozenset(
    {"research institute", "government", "employer organisation", "employee organisation"}
)


def looks_like(head: str) -> bool:
    """True for text with a line that only record pages have, or a title and its citation."""
    vocabulary = shipped_vocabulary()
    lines = [line for line in head.split("\n") if line.strip()]
    if any(is_page_line(line, vocabulary) for line in lines[:_LOOKED_AT]):
        return True
    if not lines or len(lines[0].split()) < 3:
        return False
    cited = (Line(1, line) for line in lines[1:_LOOKED_AT])
    return any(
        holds_title(line, lines[0]) and is_citation(line, lines[0], strictly=True) for line in cited
    )


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each record page in a file.

    The key is the slug of the title (of its English part, if the original follows in brackets),
    with a number if it occurs twice in a file.
    """
    vocabulary = shipped_vocabulary()
    minter = Minter()
    for page in pages(source.lines(), vocabulary):
        first = titles_of(page.title.words)[:2][-1] if page.title else page.text.strip()[:80]
        yield _entry(page, source.name, minter.mint(slug(first)), vocabulary)


def _entry(page: Page, file: str, key: str, vocabulary: PageVocabulary) -> Entry:
    if refused := reject(page, file, key):
        return Entry(Source(file, key, page.start), page.text, problems=(refused,))
    assert page.title is not None  # otherwise it was rejected
    values = [bullet.words for bullet in page.bullets]
    placed = fields_of(values, vocabulary)
    stated = [("title", page.title.text.strip())]
    if page.citation:
        stated.append(("citation", page.citation.text.strip()))
    stated += [(field, b.text.strip()) for field, b in zip(placed, page.bullets, strict=True)]
    source = Source(file, key, page.title.number, tuple(stated))
    by_field = dict(zip(placed, values, strict=True))
    record = _record(page.title.words, page.citation, by_field, source, vocabulary)
    in_bullets = bullet_problems(page, placed, file, key, vocabulary)
    problems = (*in_bullets, *page_problems(page, record))
    return Entry(source, page.text, record, problems, page.abstract)


def _facets(by_field: Mapping[str, str], vocabulary: PageVocabulary) -> Facets:
    lists: dict[str, Any] = {
        field: vocabulary.split(field, by_field.get(field, "")) for field in _LISTS
    }
    year = by_field.get("year", "")
    return Facets(
        **lists,
        flag=by_field.get("flag", ""),
        organisations=vocabulary.organisations(by_field.get("organisations", "")),
        access=by_field.get("access", ""),
        year=int(year) if re.fullmatch(r"[12]\d{3}", year) else None,
    )


def _record(
    title: str,
    citation: Line | None,
    by_field: Mapping[str, str],
    source: Source,
    vocabulary: PageVocabulary,
) -> Record:
    facets = _facets(by_field, vocabulary)
    languages = vocabulary.split("languages", by_field.get("languages", ""))
    bodies = [body.name for body in facets.organisations]
    line = citation.words if citation else ""
    cited = parse(line, titles_of(title), bodies, vocabulary.labels["countries"])
    english, original = _translation(title, line, languages)
    if cited.title and fold(cited.title) not in map(fold, titles_of(title)):
        cited = _without_venue(cited)
    return replace(
        cited,
        title=english,
        type=_type(cited, facets),
        original_title=original,
        issued=cited.issued or ((facets.year,) if facets.year else ()),
        language=language(languages[0]) if languages else "",
        facets=facets,
        sources=(source,),
    )


def _translation(title: str, citation: str, languages: Sequence[str]) -> tuple[str, str]:
    """The title and, if the line is "English (Original)", the original title; otherwise "".

    Text in brackets is the original title if the citation has it as the title, or if the work is
    not in English. "(2nd edition)" and the like are neither.
    """
    whole, *parts = titles_of(title)
    if not parts or len(fold(parts[1])) < 8:
        return whole, ""
    cited = f" {fold(citation)} "
    if f" {fold(whole)} " in cited:
        return whole, ""
    is_cited = f" {fold(parts[1])} " in cited
    is_foreign = bool(languages) and "english" not in map(fold, languages)
    several_words = len(parts[1].split()) > 1
    if is_cited or (is_foreign and several_words):
        return parts[0], parts[1]
    return whole, ""


def _without_venue(cited: Record) -> Record:
    """The record without the fields that are only certain if the end of its title is."""
    return replace(
        cited,
        container_title="",
        collection_title="",
        event_title="",
        publisher="",
        publisher_place="",
        genre="",
    )


def _type(cited: Record, facets: Facets) -> str:
    """The CSL type by the citation, otherwise by the organisations behind the work."""
    if cited.type != "document":
        return cited.type
    kinds = {fold(body.kind) for body in facets.organisations}
    if kinds & _REPORTING or "policy document" in map(fold, facets.record_types):
        return "report"
    if cited.isbn or (cited.publisher and _is_publisher(cited.publisher, facets)):
        return "book"
    return "document"


def _is_publisher(name: str, facets: Facets) -> bool:
    return any(
        fold(body.name) == fold(name) and fold(body.kind) == "publisher"
        for body in facets.organisations
    )
