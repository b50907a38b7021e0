"""The reader of schema.org JSON-LD: articles, books, chapters, reports, in a file or a web page.

The JSON is read as it is, not turned into RDF. schema.org's context is on the web, and nothing is
fetched; pages leave it out or get it wrong; and in RDF the authors would lose their order, because
the context has no lists. A node that only refers to another by ``@id`` gets what the file says
about that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from ..errors import MalformedItem, UnreadableFile
from ..model import Entry, Source
from .json_items import Item, check, items
from .schema_work import TYPES, Node, Work, type_names, work_record
from .source import SourceFile, not_empty
from .values import Checked, reject

#: Types that count as works only if nothing else in the file is one.
_WEAK = frozenset({"WebPage", "CreativeWork"})
#: Works that others can be part of.
_WHOLES = frozenset({"Book", "CreativeWork", "Report", "WebPage"})
_LOOKS = re.compile(
    r'"@context"\s*:\s*[\[{\s]*(?:"@vocab"\s*:\s*)?"(?:https?:)?(?://)?schema\.org'
    rf'|"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/|schema:)?(?:{"|".join(TYPES)})"'
)
_SCRIPT = re.compile(r"<script[^>]+application/ld\+json", re.IGNORECASE)
#: The properties that other nodes may need of one they refer to by @id.
_KNOWN_OF = (
    "@id @type name headline familyName givenName isPartOf issn isbn volumeNumber issueNumber "
    "sameAs publisher datePublished"
).split()
_REMEDY = "Fix the item and import it again."


def looks_like(head: str) -> bool:
    """True for schema.org JSON-LD, by itself or in a web page."""
    text = head.lstrip()
    return bool((_SCRIPT if text.startswith("<") else _LOOKS).search(text))


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each work of a document, an array, an @graph, or a web page's scripts.

    Nodes of other types (a person, a breadcrumb list) are skipped. Raises UnreadableFile if there
    is no JSON-LD, or no work in it.
    """
    remedy = "give each work a @type such as ScholarlyArticle, Book or Report"
    return not_empty(_entries(source), f"{source.name}: no schema.org works found", remedy)


def _entries(source: SourceFile) -> Iterator[Entry]:
    documents = list(_documents(source))
    nodes: dict[str, Node] = {}
    has_strong = False
    for part, _ in documents:
        for item in _nodes(part):
            _index(item.value, nodes)
            has_strong = has_strong or bool(_kinds(item.value) - _WEAK)
    for part, first_line in documents:
        for item in _nodes(part):
            kinds = _kinds(item.value)
            if item.fault or kinds - _WEAK or (kinds and not has_strong):
                yield _entry(item, Source(source.name, "", first_line + item.line - 1), nodes)


class _Scripts(HTMLParser):
    """Collect a page's JSON-LD scripts with their lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[tuple[str, int]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0].strip().lower()
        self._inside = tag == "script" and kind == "application/ld+json"
        if self._inside:
            self.scripts.append(("", self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            text, line = self.scripts[-1]
            self.scripts[-1] = (text + data, line)


def _documents(source: SourceFile) -> Iterator[tuple[SourceFile, int]]:
    """The JSON documents of a file, each with the line it begins on."""
    if not source.head.lstrip().startswith("<"):
        yield source, 1
        return
    page = _Scripts()
    with source.open() as file:
        while block := file.read(1 << 16):
            page.feed(block)
    page.close()
    if not page.scripts:
        raise UnreadableFile(
            f"{source.name}: the page has no JSON-LD (no script of type application/ld+json)",
            "export the records, or save another page of the work",
        )
    for text, line in page.scripts:
        if text.strip():
            yield SourceFile.of_text(text, f"{source.name} (script on line {line})"), line


def _nodes(source: SourceFile) -> Iterator[Item]:
    """The top-level nodes of a document, and what a page among them is about."""
    for item in _top_nodes(source):
        yield item
        about = item.value.get("mainEntity") if isinstance(item.value, Mapping) else None
        if isinstance(about, Mapping):
            yield Item(item.number, item.line, about)


def _top_nodes(source: SourceFile) -> Iterator[Item]:
    """The top-level nodes of a document: its items, those of its @graph, or the document itself."""
    if check(source) == "array":
        for item in items(source, ("item",)):
            yield from _unfolded(item)
        return
    graph = items(source, ("@graph", "item"))
    first = next(graph, None)
    if first is not None:
        yield first
        yield from graph
    else:
        yield from items(source, ())


def _unfolded(item: Item) -> Iterator[Item]:
    """The item of an array, or its nodes if it is a document with a @graph of its own."""
    graph = item.value.get("@graph") if isinstance(item.value, Mapping) else None
    if isinstance(graph, list):
        for node in graph:
            yield Item(item.number, item.line, node)
    else:
        yield item


def _kinds(node: Any) -> set[str]:
    """The types of a node that are works."""
    return {name for name in type_names(node) if name in TYPES}


def _index(node: Any, nodes: dict[str, Node]) -> None:
    """Remember what other nodes may need of this one."""
    if isinstance(node, Mapping) and isinstance(name := node.get("@id"), str):
        if _kinds(node) and not _kinds(node) & _WHOLES:
            return  # nothing is part of an article, and indexing them all would hold the whole file
        short = {key: node[key] for key in _KNOWN_OF if key in node}
        if len(short) > len(nodes.get(name, ())):
            nodes[name] = short


def _entry(item: Item, where: Source, nodes: Mapping[str, Node]) -> Entry:
    if item.fault:
        fault = f"item {item.number}: {item.fault}"
        return reject(where, item.text, fault, _REMEDY)
    where = replace(where, key=str(item.number))
    try:
        return _work_entry(Work(item.value, nodes), item.text, where)
    except MalformedItem as error:
        return reject(where, item.text, f"item {item.number}: {error}", _REMEDY)


def _work_entry(work: Work, text: str, where: Source) -> Entry:
    where = replace(where, key=work.text("@id", "url", "identifier") or where.key)
    checked = Checked(where)
    title = checked.title(work.text("headline", "name"), "name")
    if not title:
        return reject(where, text, "no name or headline", _REMEDY, checked.problems)
    said = (("name", title), ("datePublished", work.text("datePublished")))
    where = replace(where, stated=tuple(pair for pair in said if pair[1]))
    return Entry(where, text, work_record(work, title, where, checked), tuple(checked.problems))
