"""The items of an XML file as entries, one by one and with their lines, in bounded memory.

Expat parses the stream, and only elements that are items are kept, as trees. Names lose their
namespaces. A document that declares entities is refused: a small file can fill memory with them,
and no format here needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

from ..errors import UnreadableFile
from ..model import Entry, Source
from ..xml_faults import xml_reason
from .decoding import BLOCK
from .latex import fold_space
from .plain_work import PlainWork, plain_entry
from .source import EXPORT_AGAIN, LONGEST, SourceFile, not_empty, without_late_declaration
from .values import reject, words

#: In place of a name: each element directly below the root.
ANY = ""
#: Deeper than any real item, and short of Python's recursion limit.
_DEEPEST = 60


def begins_with(head: str, element: str) -> bool:
    """True for XML whose first element has this name, with or without a namespace."""
    prolog = r"\A\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*+"
    return re.match(rf"{prolog}<(?:\w+:)?{element}\b", head, re.DOTALL) is not None


def read_xml(
    source: SourceFile,
    names: str,
    work_of: Callable[[Element], PlainWork],
    key_of: Callable[[Element], str],
) -> Iterator[Entry]:
    """Yield one Entry for each element with one of these names, separated by spaces.

    Raises UnreadableFile if there is none.
    """
    message = f"{source.name}: no records found (there is no <{names.split()[0]}> element)"
    return not_empty(_entries(source, names, work_of, key_of), message)


def _entries(
    source: SourceFile,
    names: str,
    work_of: Callable[[Element], PlainWork],
    key_of: Callable[[Element], str],
) -> Iterator[Entry]:
    for item in xml_items(source, names):
        where = Source(source.name, str(item.number), item.line)
        if item.element is None:
            remedy = "Remove the item, or export the file again."
            yield reject(where, item.text, f"item {item.number}: {item.fault}", remedy)
            continue
        key = words(key_of(item.element))[:200] or where.key
        where = Source(source.name, key, item.line)
        yield plain_entry(work_of(item.element), where, item.text)


@dataclass(frozen=True, slots=True)
class XmlItem:
    """One item: its number and line, both from 1."""

    number: int
    line: int
    #: None if there is a ``fault``, which says why.
    element: Element | None
    fault: str = ""

    @property
    def text(self) -> str:
        """The item as XML."""
        return "" if self.element is None else tostring(self.element, encoding="unicode")


@dataclass(slots=True)
class _Collector:
    """Build the trees of the items as expat reaches them."""

    names: frozenset[str]
    parser: Any
    items: list[XmlItem] = field(default_factory=list)
    number: int = 0
    depth: int = 0
    deepest: int = 0
    size: int = 0
    line: int = 0
    #: The number of open elements around the current one, outside an item.
    around: int = 0
    builder: TreeBuilder | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition("}")[2]
        is_item = name in self.names if self.names else self.around == 1
        if self.builder is None and not is_item:
            self.around += 1
        elif self.builder is None:
            self.builder, self.line = TreeBuilder(), self.parser.CurrentLineNumber
            self.depth = self.deepest = self.size = 0
        if self.builder is not None:
            self.depth += 1
            self.deepest = max(self.depth, self.deepest)
            if self.is_held:
                local = {key.rpartition("}")[2]: text for key, text in attributes.items()}
                self.builder.start(name, local)

    def end(self, name: str) -> None:
        if self.builder is None:
            self.around -= 1
            return
        if self.is_held:
            self.builder.end(name.rpartition("}")[2])
        self.depth -= 1
        if self.depth == 0:
            self.number += 1
            is_whole = self.is_held
            fault = "" if is_whole else "too long, or nested too deeply, to be read"
            element = self.builder.close() if is_whole else None
            self.items.append(XmlItem(self.number, self.line, element, fault))
            self.builder = None

    def data(self, text: str) -> None:
        if self.builder is not None:
            self.size += len(text)
            if self.is_held:
                self.builder.data(text)

    @property
    def is_held(self) -> bool:
        return self.deepest <= _DEEPEST and self.size <= LONGEST


def xml_items(source: SourceFile, names: str) -> Iterator[XmlItem]:
    """The outermost elements with one of these names (without namespaces), or with ANY.

    Raises UnreadableFile, with the line, if the file is not XML or declares entities.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    collector = _Collector(frozenset(names.split()), parser)
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.data
    parser.EntityDeclHandler = _refuse
    with source.open() as file:
        block = without_late_declaration(file.read(BLOCK))
        is_more = True
        while is_more:
            is_more = bool(block)
            try:
                parser.Parse(block, not is_more)
            except (expat.ExpatError, _EntityDeclared) as error:
                line = parser.CurrentLineNumber
                fault = "it declares an entity"
                if isinstance(error, expat.ExpatError):
                    fault = xml_reason(error)
                raise UnreadableFile(
                    f"{source.name}, line {line:,}: this XML cannot be read ({fault})",
                    EXPORT_AGAIN,
                ) from None
            yield from collector.items
            collector.items.clear()
            block = file.read(BLOCK)


class _EntityDeclared(Exception):
    """The document type declares entities of its own."""


def _refuse(*_: Any) -> None:
    raise _EntityDeclared


def _words(element: Element | None) -> str:
    """All the words in an element, on one line; "" for None."""
    return fold_space("".join(element.itertext())) if element is not None else ""


def text_at(element: Element | None, *paths: str) -> str:
    """The words at the first of these paths that has any."""
    texts = (text for path in paths for text in texts_at(element, path))
    return next(texts, "")


def texts_at(element: Element | None, path: str) -> tuple[str, ...]:
    """The words of every element at a path that has any."""
    inside = element.iterfind(path) if element is not None else ()
    return tuple(filter(None, map(_words, inside)))
