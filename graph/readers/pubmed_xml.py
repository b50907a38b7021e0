"""PubMed's XML (efetch, "PubMed XML").

The elements are those of the National Library of Medicine's PubMedArticle DTD
(dtd.nlm.nih.gov/ncbi/pubmed):

======================================= ============================================
element                                 record
======================================= ============================================
ArticleTitle, VernacularTitle           title, the title in the original language
AuthorList                              names; CollectiveName: organisation; ORCID iDs
Journal/Title, ISSN, JournalIssue       venue, ISSN, volume, issue, issued
Pagination, ELocationID                 pages (or the article's number), DOI
Language, PublicationTypeList           language, type and status
KeywordList                             the authors' keywords
BookDocument                            a book; with an ArticleTitle, a chapter of it
======================================= ============================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from ..model import Entry, Name
from .medline import article_number, pubmed_titles
from .names import person_of
from .plain_work import PlainWork
from .prose import prose, without_brackets, without_place
from .source import SourceFile
from .values import says_retracted
from .xml_answers import begins_with, read_xml, text_at, texts_at


def looks_like(head: str) -> bool:
    """True for a set of PubMed articles, or a single one."""
    return begins_with(head, "Pubmed(?:Book)?Article(?:Set)?")


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each article and book."""
    return read_xml(source, "PubmedArticle PubmedBookArticle", _work, _key)


def _key(item: Element) -> str:
    return text_at(item, "MedlineCitation/PMID", "BookDocument/PMID")


def _work(item: Element) -> PlainWork:
    book = item.find("BookDocument")
    return _article(item) if book is None else _of_book(book)


def _of_book(document: Element) -> PlainWork:
    chapter, book = text_at(document, "ArticleTitle"), text_at(document, "Book/BookTitle")
    people = {
        (place, authors.get("Type", "authors")): _names(authors)
        for place in ("", "Book/")
        for authors in document.iterfind(f"{place}AuthorList")
    }
    return PlainWork(
        type="chapter" if chapter else "book",
        title=without_brackets(chapter or book),
        authors=people.get(("", "authors"), ()) or people.get(("Book/", "authors"), ()),
        editors=people.get(("Book/", "editors"), ()),
        dates=(text_at(document, "Book/PubDate/Year", "Book/BeginningDate/Year"),),
        container_title=book if chapter else "",
        collection_title=text_at(document, "Book/CollectionTitle"),
        publisher=text_at(document, "Book/Publisher/PublisherName"),
        publisher_place=text_at(document, "Book/Publisher/PublisherLocation"),
        page=text_at(document, "Pagination/MedlinePgn", "Pagination/StartPage"),
        edition=text_at(document, "Book/Edition"),
        doi=text_at(document, "ArticleIdList/ArticleId[@IdType='doi']"),
        serials=texts_at(document, "Book/Isbn"),
        language="; ".join(texts_at(document, "Language")),
        keywords=texts_at(document, "KeywordList/Keyword"),
        abstract=" ".join(texts_at(document, "Abstract/AbstractText")),
    )


def _article(item: Element) -> PlainWork:
    article = item.find("MedlineCitation/Article")
    date = "Journal/JournalIssue/PubDate"
    parts = [text_at(article, f"{date}/{part}") for part in ("Year", "Month", "Day")]
    # the month is a number or a name
    issued = ("/" if parts[1].isdecimal() else " ").join(filter(None, parts))
    authors = article.find("AuthorList") if article is not None else None
    is_cut_off = article is not None and any(
        part.get("CompleteYN") == "N" for part in article.iterfind("AuthorList")
    )
    kinds = texts_at(article, "PublicationTypeList/PublicationType")
    dois = texts_at(article, "ELocationID[@EIdType='doi']")
    dois += texts_at(item, "PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    title, original_title = pubmed_titles(
        text_at(article, "ArticleTitle"), text_at(article, "VernacularTitle")
    )
    return PlainWork(
        type="article" if "Preprint" in kinds else "article-journal",
        title=title,
        original_title=original_title,
        authors=_names(authors),
        more_authors=is_cut_off,
        dates=(
            issued or text_at(article, f"{date}/MedlineDate"),
            text_at(article, "ArticleDate/Year"),
        ),
        month=text_at(article, f"{date}/Season"),
        container_title=without_place(text_at(article, "Journal/Title", "Journal/ISOAbbreviation")),
        volume=text_at(article, "Journal/JournalIssue/Volume"),
        issue=text_at(article, "Journal/JournalIssue/Issue"),
        page=text_at(article, "Pagination/MedlinePgn", "Pagination/StartPage")
        or article_number(texts_at(article, "ELocationID[@EIdType='pii']")),
        doi=next(iter(dois), ""),
        serials=texts_at(article, "Journal/ISSN"),
        language="; ".join(texts_at(article, "Language")),
        is_retracted=any(map(says_retracted, kinds)),
        keywords=texts_at(item, "MedlineCitation/KeywordList/Keyword"),
        abstract=" ".join(texts_at(article, "Abstract/AbstractText")),
    )


def _names(authors: Element | None) -> tuple[Name, ...]:
    names = authors.iterfind("Author") if authors is not None else ()
    return tuple(filter(None, map(_name, names)))


def _name(author: Element) -> Name | None:
    if body := prose(text_at(author, "CollectiveName")):
        return Name(literal=body)
    family = prose(text_at(author, "LastName"))
    given = prose(text_at(author, "ForeName", "Initials"))
    if not family:
        return None
    ids = author.iterfind("Identifier[@Source='ORCID']")
    orcid = next((_hyphened(each.text or "") for each in ids), "")
    name = person_of(family, given)
    suffix = prose(text_at(author, "Suffix")) or name.suffix
    return replace(name, suffix=suffix, orcid=orcid)


def _hyphened(text: str) -> str:
    """An iD with its hyphens, which PubMed may leave out."""
    digits = text.strip()
    is_bare = len(digits) == 16 and digits[:15].isdecimal()
    return "-".join(digits[n : n + 4] for n in range(0, 16, 4)) if is_bare else text
