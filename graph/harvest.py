"""Harvest records from the APIs of bibliographic databases, page by page.

The pages are saved as received, for the readers to read, together with the parameters of the next
page. So an interrupted harvest continues where it stopped, and a finished one is not requested
again. Each API is one row of ``APIS``, written according to its documentation. Pages are requested
one at a time, with a pause in between, and again later if the API is busy.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from urllib.request import Request, urlopen
from xml.parsers import expat

from .errors import NoAnswer
from .files import write_text
from .iris import slug

#: The maximum size of a page, in bytes.
_LONGEST = 64 << 20
#: The maximum number of pages: a query that finds more is too broad to curate.
_MOST_PAGES = 1000
_TRIES = 5
_LONGEST_WAIT = 60.0
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Api:
    """How to query an API, and how to find the next page."""

    address: str
    #: The file extension of its pages.
    ending: str
    #: (query, first day or "") -> the parameters for the first page.
    first: Callable[[str, str], Mapping[str, str]]
    #: (parameters, text) of a page -> the parameters to change for the next one; none at the end.
    following: Callable[[Mapping[str, str], str], Mapping[str, str]]
    #: The parameter for an e-mail address, if the API asks for one.
    mail: str = ""
    #: Seconds to wait between two pages.
    pause: float = 1.0


def _cursor(name: str, items: str, place: str) -> Callable[[Mapping[str, str], str], Any]:
    """Find the next page by the cursor at ``place``; at the end, it or the items are missing."""

    def following(asked: Mapping[str, str], text: str) -> Mapping[str, str]:
        answer = json.loads(text)
        cursor = _at(answer, place)
        is_more = cursor and _at(answer, items) and str(cursor) != asked.get(name)
        return {name: str(cursor)} if is_more else {}

    return following


def _at(value: Any, place: str) -> Any:
    for step in place.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _linked(asked: Mapping[str, str], text: str) -> Mapping[str, str]:
    """Find the next page by the parameters of the link to it (JSON:API)."""
    link = _at(json.loads(text), "links.next")
    return dict(parse_qsl(urlsplit(link).query)) if isinstance(link, str) else {}


def _counted(asked: Mapping[str, str], text: str) -> Mapping[str, str]:
    """Find the next page by the number of its first entry (Atom with OpenSearch)."""
    entries = 0

    def start(name: str, _: Mapping[str, str]) -> None:
        nonlocal entries
        entries += name == "entry"

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(text, True)
    return {"start": str(int(asked["start"]) + entries)} if entries else {}


def _given(**parameters: str) -> dict[str, str]:
    """The parameters that have a value."""
    return {name: text for name, text in parameters.items() if text}


_FIELDS = (
    "title,authors,year,venue,publicationDate,publicationTypes,journal,publicationVenue,"
    "externalIds,url"
)
APIS: Mapping[str, Api] = {
    "openalex": Api(
        "https://api.openalex.org/works",
        ".json",
        lambda query, since: {
            "search": query,
            "per-page": "200",
            "cursor": "*",
            **_given(filter=f"from_publication_date:{since}" if since else ""),
        },
        _cursor("cursor", "results", "meta.next_cursor"),
        mail="mailto",
    ),
    "crossref": Api(
        "https://api.crossref.org/works",
        ".json",
        lambda query, since: {
            "query.bibliographic": query,
            "rows": "200",
            "cursor": "*",
            **_given(filter=f"from-pub-date:{since}" if since else ""),
        },
        _cursor("cursor", "message.items", "message.next-cursor"),
        mail="mailto",
    ),
    "datacite": Api(
        "https://api.datacite.org/dois",
        ".json",
        lambda query, since: {
            "query": f"({query}) AND registered:[{since} TO *]" if since else query,
            "page[size]": "200",
            "page[cursor]": "1",
        },
        _linked,
    ),
    "europe-pmc": Api(
        "https://www.ebi.ac.uk/europepmc/webservices/rest/search",
        ".json",
        lambda query, since: {
            "query": f"({query}) AND FIRST_PDATE:[{since} TO 3000-12-31]" if since else query,
            "format": "json",
            "resultType": "core",
            "pageSize": "200",
            "cursorMark": "*",
        },
        _cursor("cursorMark", "resultList.result", "nextCursorMark"),
        mail="email",
    ),
    "semantic-scholar": Api(
        "https://api.semanticscholar.org/graph/v1/paper/search/bulk",
        ".json",
        lambda query, since: {
            "query": query,
            "fields": _FIELDS,
            **_given(publicationDateOrYear=f"{since}:" if since else ""),
        },
        _cursor("token", "data", "token"),
    ),
    "arxiv": Api(
        "https://export.arxiv.org/api/query",
        ".xml",
        lambda query, since: {
            "search_query": f"({query}) AND submittedDate:[{since.replace('-', '')}0000 TO "
            "300012312359]"
            if since
            else query,
            "start": "0",
            "max_results": "200",
        },
        _counted,
        pause=3.0,
    ),
}


@dataclass(frozen=True, slots=True)
class Harvest:
    """A query to an API."""

    source: str
    query: str
    #: The first day of publication, "2024-01-01"; "" for all.
    since: str = ""
    #: The address of the API, if it is not the usual one.
    address: str = ""
    mailto: str = ""
    #: Waits for a number of seconds.
    sleep: Callable[[float], None] = time.sleep

    def pages(self, parent: Path) -> Iterator[Path]:
        """Yield the pages, as files in a folder of ``parent``: those already there, then the rest.

        Raises NoAnswer if the API gives none, or too many; pages received so far stay, and are not
        requested again.
        """
        api = APIS[self.source]
        asked = self.query, self.since, self.address
        digest = sha256("\n".join(asked).encode("utf-8", "replace")).hexdigest()[:8]
        folder = parent / f"{self.source}-{slug(self.query)[:40]}-{digest}"
        state = folder / "next.json"
        parameters: Mapping[str, str] = dict(api.first(self.query, self.since))
        number = 0
        if state.exists():
            number, parameters = json.loads(state.read_text(encoding="utf-8"))
        page = "{}-{:04d}{}".format
        yield from (folder / page(folder.name, n, api.ending) for n in range(1, number + 1))
        while parameters and number < _MOST_PAGES:
            text = self._asked(api, parameters)
            try:
                following = api.following(parameters, text)
            except (ValueError, RecursionError, expat.ExpatError) as error:
                raise NoAnswer(
                    f"{self.source}: page {number + 1} is not a valid answer of the API ({error}); "
                    "run the command again later"
                ) from None
            number += 1
            path = folder / page(folder.name, number, api.ending)
            write_text(path, text)
            parameters = {**parameters, **following} if following else {}
            write_text(state, json.dumps([number, parameters]))
            yield path
            if parameters:
                self.sleep(api.pause)
        if parameters:
            raise NoAnswer(
                f"{self.source}: {_MOST_PAGES:,} pages received, and there are more; narrow the "
                f"query, or import those in {folder} by themselves"
            )

    def _asked(self, api: Api, parameters: Mapping[str, str]) -> str:
        """Request one page, and again later if the API is busy."""
        request = self._request(api, parameters)
        fault, wait = "", 0.0
        for attempt in range(_TRIES):
            if attempt:
                self.sleep(min(wait, _LONGEST_WAIT))
            wait = 2.0**attempt
            try:
                with urlopen(request, timeout=_TIMEOUT) as answer:
                    body: bytes = answer.read(_LONGEST + 1)
                if len(body) <= _LONGEST:
                    return body.decode("utf-8", "replace")
                raise NoAnswer(f"{self.source}: a page is larger than {_LONGEST:,} bytes")
            except HTTPError as error:
                fault = f"status {error.code}"
                if error.code != 429 and error.code < 500:
                    break
                wait = _retry_after(error.headers) or wait
            except (OSError, HTTPException) as error:
                fault = str(getattr(error, "reason", error)) or type(error).__name__
        raise NoAnswer(
            f"{self.source}: no answer from {request.host} ({fault}); the pages received so far are"
            " kept: run the command again to continue, or correct the query"
        )

    def _request(self, api: Api, parameters: Mapping[str, str]) -> Request:
        mail = {api.mail: self.mailto} if api.mail and self.mailto else {}
        address = urlsplit(self.address or api.address)
        if address.scheme not in ("http", "https"):
            raise NoAnswer(f"{self.address}: not the address of an API; give one with https://")
        url = urlunsplit(address._replace(query=urlencode({**parameters, **mail})))
        contact = f"; mailto:{self.mailto}" if self.mailto else ""
        return Request(url, headers={"User-Agent": f"oograph (bibliography{contact})"})


def _retry_after(headers: Message) -> float:
    """The seconds after which an API says to try again; 0 if it does not say."""
    text = headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdecimal() else 0.0
