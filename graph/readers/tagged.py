"""Files of tagged lines other than RIS: MEDLINE, EndNote, RefWorks, Web of Science, ReDIF.

Each line begins with a tag and holds one value; a line without a tag continues the value before it.
A format's ``Form`` describes its lines, and its module the meaning of its tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..model import Entry, Source
from .latex import MAX_LENGTH, unescaped
from .plain_work import PlainWork, plain_entry
from .source import SourceFile, not_empty
from .unread import Unread
from .values import reject, words

#: No entry is longer; if one is, the file is in another format.
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Form:
    """How a format writes its lines."""

    #: Its name, for messages.
    name: str
    #: (tag, value) of a line that begins a value.
    line: re.Pattern[str]
    #: The tag that begins an entry, and the one that ends it ("" if none does).
    starts: str
    ends: str = ""
    #: What stands before every tag.
    mark: str = ""
    #: Normalises a tag.
    tag_of: Callable[[str], str] = str.strip
    #: Tags with one value per line, even on lines without the tag.
    listed: frozenset[str] = frozenset()
    #: Tags that are not reported as unread, and those with text that is not ours to keep.
    known: frozenset[str] = frozenset()
    never_read: frozenset[str] = frozenset()


@dataclass(slots=True)
class Tags:
    """One entry: its lines, and its values by tag."""

    line: int
    text: list[str] = field(default_factory=list)
    length: int = 0
    values: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *tags: str) -> str:
        """The first value of these tags; "" if none."""
        return next(iter(self.all(*tags)), "")

    def all(self, *tags: str) -> tuple[str, ...]:
        """The values of these tags."""
        texts = (words(unescaped(text)) for tag in tags for text in self.values.get(tag, ()))
        return tuple(filter(None, texts))


def read_tagged(
    source: SourceFile, form: Form, work_of: Callable[[Tags], PlainWork], key_of: str
) -> Iterator[Entry]:
    """Yield one Entry for each entry of a file; tags that are not read are reported once.

    ``key_of`` is the tag of an entry's key. Raises UnreadableFile if there is no entry.
    """
    unread = Unread("tag", "No action needed unless they describe the work.")
    return not_empty(
        unread.named_last(_entries(source, form, work_of, key_of, unread)),
        f"{source.name}: no {form.name} entries found "
        f'(none begins with "{form.mark}{form.starts}")',
    )


def _entries(
    source: SourceFile,
    form: Form,
    work_of: Callable[[Tags], PlainWork],
    key_of: str,
    unread: Unread,
) -> Iterator[Entry]:
    for number, tags in enumerate(_raw(source, form), 1):
        unread.add(tag for tag in tags.values if tag not in form.known)
        where = Source(source.name, tags.first(key_of)[:200] or str(number), tags.line)
        text = "".join(tags.text).rstrip("\n")
        lengths = (len(value) for values in tags.values.values() for value in values)
        if tags.length > _LONGEST or max(lengths, default=0) > MAX_LENGTH:
            fault = f"the entry or one of its values is too long for {form.name}"
            yield reject(where, text, fault, "Check that no line that begins an entry is missing.")
        else:
            yield plain_entry(work_of(tags), where, text)


def _raw(source: SourceFile, form: Form) -> Iterator[Tags]:
    entry: Tags | None = None
    last = ""
    for number, line in enumerate(source.lines(), 1):
        match = form.line.match(line)
        tag, value = (form.tag_of(match[1]), match[2]) if match else ("", line)
        if tag == form.starts:
            if entry:
                yield entry
            entry = Tags(number)
        if entry is None:
            continue
        entry.length += len(line)
        if entry.length > _LONGEST:
            continue
        entry.text.append(line)
        if tag and tag == form.ends:
            yield entry
            entry = None
        elif tag:
            last = tag
            _add(entry, form, tag, value, is_new=True)
        elif line.strip():
            _add(entry, form, last, value, is_new=last in form.listed)
    if entry:
        yield entry


def _add(entry: Tags, form: Form, tag: str, value: str, is_new: bool) -> None:
    if tag in form.never_read:
        return
    values = entry.values.setdefault(tag, [])
    if is_new or not values:
        values.append(value.strip())
    elif len(values[-1]) <= MAX_LENGTH:
        values[-1] += f"\n{value.strip()}"
