"""CSL's types of works (1.0.2), and their names in the formats we read and write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a type in other formats; "" if a format has no name for it."""

    #: The equivalent class of another vocabulary.
    rdf: str = ""
    #: The entry type; a genre may have a more specific one.
    bibtex: str = ""
    #: The item type in Zotero's CSV.
    zotero: str = ""
    #: Every TY that is read as this type; the first one is written.
    ris: str = ""


#: The types of works that appear in a series rather than in a container.
IN_SERIES = frozenset({"book", "report", "thesis"})

TYPES: Mapping[str, Names] = {
    "article": Names("fabio:Preprint", "", "preprint", "INPR"),
    "article-journal": Names(
        "bibo:AcademicArticle", "article", "journalArticle", "JOUR ABST EJOUR JFULL"
    ),
    "article-magazine": Names("bibo:Article", "article", "magazineArticle", "MGZN CTLG"),
    "article-newspaper": Names("bibo:Article", "article", "newspaperArticle", "NEWS"),
    "bill": Names(ris="BILL UNBILL"),
    "book": Names("bibo:Book", "book", "book", "BOOK EBOOK EDBOOK SER CLSWK"),
    "broadcast": Names(ris="VIDEO"),
    "chapter": Names("bibo:Chapter", "incollection", "bookSection", "CHAP ECHAP"),
    "classic": Names(ris="ANCIENT"),
    "collection": Names(ris="AGGR"),
    "dataset": Names("", "dataset", "dataset", "DATA DBASE"),
    "document": Names(ris="GEN GRNT MULTI"),
    "entry": Names(),
    "entry-dictionary": Names(zotero="dictionaryEntry", ris="DICT"),
    "entry-encyclopedia": Names(zotero="encyclopediaArticle", ris="ENCYC"),
    "event": Names(),
    "figure": Names(ris="FIGURE CHART EQUA"),
    "graphic": Names(ris="ART"),
    "hearing": Names(ris="HEAR"),
    "interview": Names(),
    "legal_case": Names(ris="CASE"),
    "legislation": Names(ris="STAT LEGAL"),
    "manuscript": Names("bibo:Manuscript", "unpublished", "manuscript", "MANSCPT UNPB UNPD"),
    "map": Names(ris="MAP"),
    "motion_picture": Names(ris="MPCT ADVS"),
    "musical_score": Names(ris="MUSIC"),
    "pamphlet": Names(ris="PAMP"),
    "paper-conference": Names(
        "fabio:ConferencePaper", "inproceedings", "conferencePaper", "CONF CPAPER"
    ),
    "patent": Names("", "patent", "patent", "PAT"),
    "performance": Names(),
    "periodical": Names(),
    "personal_communication": Names(ris="PCOMM ICOMM"),
    "post": Names(zotero="forumPost"),
    "post-weblog": Names("", "online", "blogPost", "BLOG"),
    "regulation": Names(),
    "report": Names("bibo:Report", "techreport", "report", "RPRT GOVDOC"),
    "review": Names(),
    "review-book": Names(),
    "software": Names("", "software", "computerProgram", "COMP"),
    "song": Names(ris="SOUND"),
    "speech": Names(zotero="presentation", ris="SLIDE"),
    "standard": Names("", "standard", "standard", "STAND"),
    "thesis": Names("bibo:Thesis", "phdthesis", "thesis", "THES"),
    "treaty": Names(),
    "webpage": Names("bibo:Webpage", "online", "webpage", "ELEC WEB"),
}


def names_of(csl_type: str) -> Names:
    """The names of a record's type in other formats; empty for a type that CSL does not have."""
    return TYPES.get(csl_type, Names())
