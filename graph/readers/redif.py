"""ReDIF, the templates with which archives submit papers to RePEc ("Template-Type: ReDIF-…").

The fields are those of RePEc's "ReDIF documentation" (openlib.org/acmes/root/docu/redif_1.html):

=============================== ============================================================
field                           record
=============================== ============================================================
Template-Type                   type: Paper, Article, Book, Chapter or Software
Title                           title
Author-Name, Editor-Name        names; Author-X-Name-First and -Last if every author has them
Creation-Date, Year, Month      issued
Publication-Date                issued, if there is no other date
Journal, Book-Title             venue
Series                          series
Volume, Issue, Number, Pages    the same
Publisher-Name, Provider-Name   publisher
DOI, ISBN, ISSN, Language       the same
File-URL                        URL
Keywords, Edition               the same
Handle                          the entry's key
=============================== ============================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Entry, Name
from .names import in_reading_order, person_of
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile
from .tagged import Form, Tags, read_tagged

_STARTS = re.compile(r"\s*template-type\s*:\s*redif-(?:paper|article|book|chapter|software)", re.I)
#: How the names of fields begin; "Background: …" in an abstract is not a field.
_LINE = re.compile(
    r"((?:Template|Author|Editor|Provider|Publisher|Title|Abstract|Classification|Keywords|Length"
    r"|Creation|Revision|Publication|Note|Number|Series|Journal|Volume|Issue|Pages|Year|Month|DOI"
    r"|File|Order|Handle|Price|Availability|Restriction|Language|Book|Edition|ISBN|ISSN|Contact"
    r"|Article|Paper|Chapter|Software|Special|Size|Requires|X)(?:-[A-Z0-9-]+)?) ?: ?(.*)",
    re.IGNORECASE,
)
_FORM = Form(
    name="ReDIF",
    line=_LINE,
    starts="Template-Type",
    tag_of=str.title,  # the names of fields are case-insensitive
    known=frozenset(
        "Template-Type Title Author-Name Author-X-Name-First Author-X-Name-Last Editor-Name "
        "Creation-Date Revision-Date Publication-Date Year Month Journal Book-Title Series Volume "
        "Issue Number Pages Publisher-Name Provider-Name Doi Isbn Issn Language File-Url Keywords "
        "Edition Handle Abstract Author-Email Author-Person Author-Workplace-Name Length "
        "File-Format File-Function File-Size File-Restriction Order-Url Price Contact-Email "
        "X-File-Ref".split()
    ),
    never_read=frozenset({"Author-Email", "Contact-Email", "Note"}),
)
#: Kind of work in the template's type -> CSL type.
_TYPES = {
    "paper": "report",
    "article": "article-journal",
    "book": "book",
    "chapter": "chapter",
    "software": "software",
}


def looks_like(head: str) -> bool:
    """True for text that begins with the template of a work."""
    return _STARTS.match(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each template."""
    return read_tagged(source, _FORM, _work, "Handle")


def _work(tags: Tags) -> PlainWork:
    template = re.split(r"[-\s]", tags.first("Template-Type").casefold())
    csl = next((_TYPES[word] for word in template if word in _TYPES), "document")
    return PlainWork(
        type=csl,
        title=tags.first("Title"),
        authors=_authors(tags),
        editors=tuple(in_reading_order(prose(text)) for text in tags.all("Editor-Name")),
        dates=tags.all("Creation-Date", "Year", "Publication-Date"),
        month=tags.first("Month"),
        container_title=tags.first("Journal", "Book-Title"),
        collection_title=tags.first("Series"),
        publisher=tags.first("Publisher-Name", "Provider-Name"),
        volume=tags.first("Volume"),
        issue=tags.first("Issue"),
        number=tags.first("Number"),
        page=tags.first("Pages"),
        genre="Working Paper" if csl == "report" else "",
        edition=tags.first("Edition"),
        doi=tags.first("Doi"),
        serials=tags.all("Isbn", "Issn"),
        urls=tags.all("File-Url"),
        language=tags.first("Language"),
        keywords=tuple(part for text in tags.all("Keywords") for part in re.split("[;,]", text)),
        abstract=tags.first("Abstract"),
    )


def _authors(tags: Tags) -> tuple[Name, ...]:
    """The authors, from the parts of their names if every author has them."""
    names, given, family = (
        tuple(map(prose, tags.all(field)))
        for field in ("Author-Name", "Author-X-Name-First", "Author-X-Name-Last")
    )
    if len(names) == len(given) == len(family):
        return tuple(map(person_of, family, given))
    return tuple(map(in_reading_order, names))
