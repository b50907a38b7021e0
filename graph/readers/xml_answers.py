"""What the readers of XML share: an entry for each item, and the form of a file by its start."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from ..model import Entry, Source
from .plain_work import PlainWork, plain_entry
from .source import SourceFile, not_empty
from .values import reject, words
from .xml_items import xml_items

__all__ = ["begins_with", "read_xml"]


def begins_with(head: str, element: str) -> bool:
    """True for XML whose first element has a name, with or without a namespace."""
    prolog = r"\A\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*"
    return re.match(rf"{prolog}<(?:\w+:)?{element}\b", head, re.DOTALL) is not None


def read_xml(
    source: SourceFile,
    name: str,
    work_of: Callable[[Element], PlainWork],
    key_of: Callable[[Element], str],
) -> Iterator[Entry]:
    """One Entry for each element of a name. Raises UnreadableFile where there is none."""
    message = f"{source.name}: there is no <{name}> in it, so it holds no records"
    return not_empty(_entries(source, name, work_of, key_of), message)


def _entries(
    source: SourceFile,
    name: str,
    work_of: Callable[[Element], PlainWork],
    key_of: Callable[[Element], str],
) -> Iterator[Entry]:
    for item in xml_items(source, name):
        where = Source(source.name, str(item.number), item.line)
        if item.element is None:
            remedy = "Take the item out, or write the file again."
            yield reject(where, item.text, f"item {item.number}: {item.fault}", remedy)
            continue
        key = words(key_of(item.element))[:200] or where.key
        where = Source(source.name, key, item.line)
        yield plain_entry(work_of(item.element), where, item.text)
