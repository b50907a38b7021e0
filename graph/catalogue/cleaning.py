"""Cleaning: rid a record of what the exports of its sources do to it.

A field whose value says nothing is emptied; if a rule is not sure, the value stays. The source's
own words are kept in ``Source.stated``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from ..dates import MONTHS, parse_date
from ..identifiers import ARXIV, ORCID, eprint_url, normal_orcid, preprints
from ..iris import fold
from ..model import FACETS, RETRACTED, Facets, Name, Record
from ..readers.cells import turned_into_dates
from ..readers.cut_off import is_cut_off
from ..readers.names import in_reading_order
from ..readers.prose import without_stop
from ..resolution.titles import is_retracted
from ..targets import TARGETS
from ..vocabulary import Vocabulary, load_vocabulary
from ..vocabulary.authority import Authority, load_authority

T = TypeVar("T", Record, Facets)

#: What Google Scholar writes before a title: the form in which the work is available.
_MARK = re.compile(r"^(?:\[(?:PDF|HTML|BOOK|CITATION|DOC|[BCUD])\]\s*)+(?=\S)")
_MONTH = "|".join(MONTHS)
#: A date in place of the volume: "07-12-May-2016", "2018-April".
_DATE = re.compile(
    rf"(?:\d{{1,2}}-)*(?:{_MONTH})[a-z]*-\d{{4}}|\d{{4}}-(?:{_MONTH})[a-z]*", re.IGNORECASE
)
#: A number that the publisher uses if there is no volume: "Part F127846".
_PART = re.compile(r"Part F\d+", re.IGNORECASE)
_LABELLED = re.compile(r"(?:(?:v\. ?)+|vol(?:ume|\.)?|band|bd\.?)\s*(0*[1-9]\d*)", re.IGNORECASE)
#: "3(2)", "Vol. 3, No. 2".
_VOLUME_ISSUE = re.compile(
    r"(?:vol(?:ume|\.)?\s*)?([1-9]\d*)(?:\s*\(|,?\s*(?:no\.?|number|iss(?:ue|\.)|nr\.?)\s*)"
    r"([1-9]\d*(?:[-–/]\d+)?)\)?",
    re.IGNORECASE,
)
_LABELLED_ISSUE = re.compile(
    r"(?:no\.?|number|iss(?:ue|\.)|nr\.?|heft)\s*(0*[1-9]\d*(?:[-–/]\d+)?)", re.IGNORECASE
)
#: An issue with its month ("1 January", Embase and Scopus) or a mark for a special one ("2, SI").
_MONTHLY_ISSUE = re.compile(rf"(\d{{1,3}})(?: (?:{_MONTH})[a-z]*|, SI)", re.IGNORECASE)
#: The National Library of Medicine's number of a journal, which Ovid has in place of the issue.
_JOURNAL_NUMBER = re.compile(r"\d{7,9}|\d{7}, \w{3}|\w{3}, \d{7}")
#: A volume with the series' abbreviation: "10904 LNCS".
_IN_SERIES = re.compile(r"(\d+) ([A-Z]{3,6})")
#: The maximum length of a volume; a longer text is a name.
_LONGEST_VOLUME = 40
#: A working paper's number in place of the issue: "NBER Working Paper 18720".
_PAPER = re.compile(r"(?:(.+) )?(?:working|discussion) paper(?: no\.?)? (\d+)", re.IGNORECASE)
_PAPERS = re.compile(r"\b(?:working|discussion) papers?\b", re.IGNORECASE)
#: A note in place of a number: when Publish or Perish searched, whose copyright it is, or the
#: authors' addresses (Embase): "(Low A.; Li B.) University of …".
_NOTE = re.compile(r"(?:query date:|copyright\b|©|\([A-Z][^()]*\) ).*", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: The databases of theses, which are no venue.
_THESES = re.compile(
    r"(?:proquest dissertations (?:&|and) theses|pqdt|dissertation abstracts international)\b.*",
    re.IGNORECASE,
)
#: Part of a university, which EndNote has in place of a thesis's series.
_DEPARTMENT = re.compile(
    r"(?:department|dept\.?|faculty|school|college|institute?) (?:of|for|für) .+|\w+ department",
    re.IGNORECASE,
)
_ON_THE_WEB = ("webpage", "post-weblog")
#: The name of a series in place of the genre, as in RePEc: "NBER Working Papers".
_SERIES = re.compile(r".+ (?:papers|reports|series|studies|documents)", re.IGNORECASE)
#: What databases write if no author is named, folded: "[No author name available]".
_NOBODY = frozenset(
    {
        "anon",
        "anonymous",
        "author unknown",
        "no author",
        "no author name available",
        "no authors listed",
        "not available",
        "unknown",
        "unknown author",
    }
)
#: Titles before a name.
_TITLE = re.compile(r"^(?:(?:Dr|Prof|Mrs?|Ms)\.\s+)+", re.IGNORECASE)
#: Longer names are not searched for ``_BEHIND``: the time grows with the square of the length.
_LONGEST_NAME = 500
#: What may follow a name: a footnote mark, an e-mail address, an ORCID iD, "(Ed.)".
_BEHIND = re.compile(
    r"(?:\s*(?:[<(]?[^\s<>()@]+@[^\s<>()@]+\.\w+[>)]?|\(?(?:https?://)?orcid\.org/[^\s()]+\)?"
    rf"|[\[(]?(?:ORCID(?: iD)?:?\s*)?{ORCID}[\])]?|[*⁎∗†‡§¶¹²³⁰⁴-⁹]"
    r"|[\[(](?:[Ee]ds?|[Ee]ditors?|[Hh](?:rs)?g|coord)\.?[\])]))+$"
)
#: What an export writes for a missing volume or issue, with zeros left out.
_NONE = ("", "n/a", "N/A", "na", "NA", "-", "–", "—")
#: The same for an article that is not in an issue yet, or has no pages (EBSCO), folded.
_NOT_YET = frozenset(
    "ahead of print|epub ahead of print|online first|in press|article in press|forthcoming"
    "|advance online publication|early access|early view|n pag|unpaginated".split("|")
)
#: A paper's number in an archive, in place of its venue: "Available at SSRN 3777307",
#: "arXiv preprint arXiv:1801.01234", "CoRR" or "ArXiv" and "abs/1801.01234" as volume.
_DEPOSITED = {
    "ssrn": re.compile(r"\bssrn(?:\.com/abstract=|:? )(\d{5,8})\b", re.IGNORECASE),
    "arxiv": re.compile(rf"\b(?:arxiv:|(?:corr|arxiv) abs/)({ARXIV})(?:v\d+)?\b", re.IGNORECASE),
}
#: An archive -> the type of its papers, which replaces a vague one.
_ARCHIVES = {"arxiv": "article", "ssrn": "manuscript"}
_VAGUE = ("document", "webpage", "manuscript")
#: Semantic Scholar's addresses of its own records, which are not web pages of the work.
_SERVICE = "https://api.semanticscholar.org/"
#: The site where Google Scholar found a work, in place of the publisher: "journals.sagepub.com".
_HOST = re.compile(r"(?:[a-z\d-]+\.)+(?:com|org|net|edu|gov|int)|(?:[a-z\d-]+\.){2,}[a-z]{2,3}")
#: Pages counted from zero, as by a publisher's page counter ("0-26"), and what IEEE writes for an
#: article that has no pages yet.
_COUNTED = re.compile(r"0-\d+|1-1")
#: Types that are published by themselves: a single number is their number of pages.
_WHOLE = ("book", "report", "thesis")
#: A number of pages, not a page range: "12 pages", "119 p.".
_LENGTH = re.compile(r"\d+\s*(?:p|pp|pages|seiten|s)\b\.?", re.IGNORECASE)
#: "35+", "986-+" and the article number "UNSP 133936" in Web of Science.
_OPEN_END = re.compile(r"(\w+)-?\+{1,2}|UNSP (\w+)")
#: A title followed by the same title in another language, in brackets.
_TWO_TITLES = re.compile(r"(?P<title>[^\[\]]{12,}?)\s*\[(?P<other>[^\[\]]{12,})\]")
#: A value must have at least this many letters to be completed.
_CUT_OFF = 10
#: Facets with few possible values: if a text is the start of only one, it is that one, cut off.
_CLOSED = ("record_types", "sectors", "work_types", "methods", "access")


def cleaned(record: Record) -> Record:
    """Return the record with clean values; applying it again changes nothing."""
    vocabulary, authority = load_vocabulary(), load_authority()
    record = _with(record, {**_titles(record), **_numbers(record), **_people(record)})
    publisher = "" if _HOST.fullmatch(record.publisher) else record.publisher
    places = {"url": _address(record), "publisher": publisher}
    record = _with(record, {**_venue(record, authority), **places})
    record = _with(record, {"type": _type(record)})
    return _with(record, {"facets": _whole(record.facets, vocabulary)})


def _with(whole: T, values: Mapping[str, Any]) -> T:
    """Return the record or facets with these values; most have them already."""
    new = {name: value for name, value in values.items() if value != getattr(whole, name)}
    return replace(whole, **new) if new else whole


def _titles(record: Record) -> Mapping[str, Any]:
    title, original = map(without_stop, (record.title, record.original_title))
    title = _MARK.sub("", title)
    if not original and (both := _TWO_TITLES.fullmatch(title)):
        words, others = both["title"].split(), both["other"].split()
        # "[Extended abstract]" is no title
        if len(others) >= max(4, len(words) // 2):
            title, original = both["title"].strip(), both["other"].strip()
    status = RETRACTED if is_retracted(title) else record.status
    return {"title": title, "original_title": original, "status": status}


def _people(record: Record) -> Mapping[str, Any]:
    """Strip the names, and leave out words such as "anonymous" that name nobody."""
    if record.agents or record.editor_agents:
        return {}  # a work of a catalogue, whose names already have ids
    return {
        role: tuple(filter(None, map(_bare, names)))
        for role, names in (("authors", record.authors), ("editors", record.editors))
    }


@lru_cache(2**14)  # the author of one work has often written others
def _bare(name: Name) -> Name | None:
    """Strip titles, footnote marks and addresses from a name; an ORCID iD moves to ``orcid``.

    None if the words name nobody.
    """
    if fold(str(name)) in _NOBODY or not any(map(str.isalpha, str(name))):
        return None
    given, family, literal = (
        _BEHIND.sub("", _TITLE.sub("", text)) if len(text) <= _LONGEST_NAME else text
        for text in (name.given, name.family, name.literal)
    )
    if (given, family, literal) == (name.given, name.family, name.literal):
        return name
    orcid = name.orcid or normal_orcid(f"{name.given} {name.family} {name.literal}")
    if family and given:
        return replace(name, given=given, family=family, orcid=orcid)
    if not (whole := literal or family or given):
        return name
    # in "Ann Low (Ed.)" the mark was taken for the family name
    bare = Name(literal=whole) if name.literal else in_reading_order(whole)
    return bare if bare.literal else replace(bare, orcid=orcid)


def _in_volume(record: Record, volume: str, issue: str) -> tuple[str, str, str, str]:
    """The volume, issue, series and venue of a record, whichever of them its volume names."""
    series, venue = record.collection_title, record.container_title
    if _DATE.fullmatch(volume) or _PART.fullmatch(volume):
        return "", issue, series, venue
    if labelled := _LABELLED.fullmatch(volume):
        return labelled[1], issue, series, venue
    both = _VOLUME_ISSUE.fullmatch(volume)
    if both and both[2] == str(record.year):
        return both[1], issue, series, venue
    if both and issue in ("", both[2]):
        return both[1], both[2], series, venue
    if in_series := _IN_SERIES.fullmatch(volume):
        return in_series[1], issue, series or in_series[2], venue
    if len(volume) > _LONGEST_VOLUME:
        return "", issue, series, venue or volume
    return volume, issue, series, venue


def _in_series(record: Record) -> Record:
    """The record with a number in place of the volume, as NBER has it: "No. 19525"."""
    numbered = _LABELLED_ISSUE.fullmatch(record.volume)
    if numbered is None or record.issue or record.type != "article-journal":
        return record
    if not _PAPERS.search(record.container_title):
        return _with(record, {"volume": "", "issue": numbered[1]})
    values = {
        "volume": "",
        "number": record.number or numbered[1],
        "genre": record.genre or "Working Paper",
        "type": "report",
    }
    return _with(record, values)


def _in_endnote(record: Record) -> Record:
    """The record without what EndNote has in fields that mean something else for its type."""
    if record.type == "thesis":
        volume, number = (
            "" if any(map(str.isdigit, text)) else text.strip()
            for text in (record.volume, record.number)
        )
        series, venue = record.collection_title, record.container_title
        is_department = _DEPARTMENT.fullmatch(series)
        values = {
            "volume": "" if volume else record.volume,
            "number": "" if number else record.number,  # EBSCO
            "genre": record.genre or volume or number,
            "collection_title": "" if is_department or _THESES.fullmatch(series) else series,
            "container_title": "" if _THESES.fullmatch(venue) else venue,
        }
        return _with(record, values)
    if record.type in _ON_THE_WEB and _YEAR.fullmatch(record.volume):
        return _with(record, {"volume": "", "number": ""})  # when the page was visited
    return record


def _edition(record: Record) -> str:
    """The edition, without the day on which an article went online ("20220219"), as in EndNote."""
    edition = record.edition
    is_day = parse_date(edition) or re.fullmatch(r"(?:19|20)\d{6}", edition)
    return "" if record.type == "article-journal" and is_day else edition


def _monthly(type: str, issue: str) -> re.Match[str] | None:
    # "1 January" is the day of a newspaper
    return _MONTHLY_ISSUE.fullmatch(issue) if type == "article-journal" else None


def _stated(text: str) -> str:
    """A number; "" for what exports write if there is none."""
    is_none = text.strip("0 ") in _NONE or fold(text) in _NOT_YET or _NOTE.fullmatch(text)
    return "" if is_none else text.strip()


def _numbers(record: Record) -> Mapping[str, Any]:
    record = _in_series(_in_endnote(record))
    volume, issue, number, page = map(
        _stated, (record.volume, record.issue, record.number, record.page)
    )
    volume, issue, series, venue = _in_volume(record, volume, issue)
    type, genre = record.type, record.genre
    if not venue and (paper := _PAPER.fullmatch(issue)):
        issue, number, genre = "", number or paper[2], genre or "Working Paper"
        type = "report" if type == "article-journal" else type
    if type == "report" and not (number or volume or venue):
        issue, number = "", issue  # as RePEc's RIS has it
    if type == "report" and not series and _SERIES.fullmatch(genre):
        series, genre = genre, "Working Paper" if "paper" in genre.casefold() else ""
    if labelled := _LABELLED_ISSUE.fullmatch(issue) or _monthly(type, issue):
        issue = labelled[1]
    is_length = _LENGTH.fullmatch(page) or (type in _WHOLE and page.isdecimal())
    is_none = is_length or _COUNTED.fullmatch(page) or turned_into_dates({"pages": page})
    page = "" if is_none else page
    if open_end := _OPEN_END.fullmatch(page):
        page = open_end[1] or open_end[2]
    if type == "article-journal" and _JOURNAL_NUMBER.fullmatch(issue):
        issue = ""
    return {
        "type": type,
        "genre": genre,
        "volume": volume,
        "issue": issue,
        "number": number,
        "edition": _edition(record),
        "collection_title": series,
        "container_title": venue,
        "page": page,
    }


def _venue(record: Record, authority: Authority) -> Mapping[str, Any]:
    """Remove a venue that is the work itself, cut off, or the name of a kind of work."""
    is_itself = record.type in _WHOLE and fold(record.container_title) == fold(record.title)
    if is_itself or is_cut_off(record.container_title):
        return {"container_title": ""}
    none = authority.no_venue(record.container_title) if record.container_title else None
    if none is None:
        return {}
    journal = record.type in ("article-journal", "document")
    return {
        "container_title": "",
        "genre": record.genre or ("Working Paper" if none.type == "manuscript" else ""),
        "type": none.type if journal else record.type,
    }


def _type(record: Record) -> str:
    """The type of a work; if it is vague, the type of the archive's papers, if it is one."""
    if record.type not in _VAGUE:
        return record.type
    papers = [iri for iri, is_itself in preprints(record) if is_itself]
    kinds = (kind for name, kind in _ARCHIVES.items() if any(map(TARGETS[name].has, papers)))
    return next(kinds, record.type)


def _address(record: Record) -> str:
    """The URL of a work; that of an archive is preferred to Semantic Scholar's own record."""
    is_own = record.url and not record.url.startswith(_SERVICE)
    return record.url if is_own else _archived(record) or record.url


def _archived(record: Record) -> str:
    """The URL of a paper by its number in an archive; "" if it has a DOI."""
    if record.doi:
        return ""
    place = f"{record.container_title} {record.volume}"
    found = ((archive, form.search(place)) for archive, form in _DEPOSITED.items())
    return next((eprint_url(match[1], archive) for archive, match in found if match), "")


def _whole(facets: Facets, vocabulary: Vocabulary) -> Facets:
    """Complete each cut-off value that is the start of exactly one label.

    Keywords lose the star with which PubMed and EBSCO mark the most important ones.
    """
    bare = (keyword.lstrip("* ") for keyword in facets.keywords)
    values: dict[str, Any] = {"keywords": tuple(dict.fromkeys(filter(None, bare)))}
    for field in FACETS:
        if field.scheme and field.name in _CLOSED:
            value = getattr(facets, field.name)
            scheme = field.scheme.stem
            values[field.name] = (
                tuple(_completed(each, scheme, vocabulary) for each in value)
                if isinstance(value, tuple)
                else _completed(value, scheme, vocabulary)
            )
    return _with(facets, values)


def _completed(value: str, scheme: str, vocabulary: Vocabulary) -> str:
    start = fold(value)
    if len(start) < _CUT_OFF or start in vocabulary.folded[scheme]:
        return value
    labels = vocabulary.forms[scheme]
    fitting = {iri: label for label, iri in labels.items() if fold(label).startswith(start)}
    return next(iter(fitting.values())) if len(fitting) == 1 else value
