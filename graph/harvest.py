"""Asking the APIs of bibliographic databases, page by page, for what a curator wants to add.

The pages are kept as they came, for the readers to read; beside them stands the address of the
next. So a harvest that was interrupted goes on where it stopped, and one that came to its end is
not asked for again. Each API is one row of ``APIS``, after its own documentation. An API is asked
one page at a time, with a pause, and again later where it says that it is busy.
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

#: No page is longer.
_LONGEST = 64 << 20
#: No harvest has more pages: a query that finds so much is too broad to curate.
_MOST_PAGES = 1000
_TRIES = 5
_LONGEST_WAIT = 60.0
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Api:
    """How an API is asked, and where its answer says what to ask for next."""

    address: str
    ending: str
    #: The parameters of the first page, of a query and the first day ("" for none).
    first: Callable[[str, str], Mapping[str, str]]
    #: The parameters that make the next page of an answer's text; none at its end.
    following: Callable[[Mapping[str, str], str], Mapping[str, str]]
    #: The parameter for an e-mail address, which some ask for.
    mail: str = ""
    #: Seconds between two pages.
    pause: float = 1.0


def _cursor(name: str, items: str, place: str) -> Callable[[Mapping[str, str], str], Any]:
    """The next page by a cursor at a place in the answer; at the end it has no items, or none."""

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
    """The next page by the parameters of a link to it (JSON:API)."""
    link = _at(json.loads(text), "links.next")
    return dict(parse_qsl(urlsplit(link).query)) if isinstance(link, str) else {}


def _counted(asked: Mapping[str, str], text: str) -> Mapping[str, str]:
    """The next page by the number of its first entry (Atom with OpenSearch)."""
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
    """One query to one API."""

    source: str
    query: str
    #: The first day of publication, "2024-01-01"; "" for all.
    since: str = ""
    #: Where the API is, if not at its own address.
    address: str = ""
    mailto: str = ""
    #: Waits for so many seconds.
    sleep: Callable[[float], None] = time.sleep

    def pages(self, parent: Path) -> Iterator[Path]:
        """The pages of the answer, as files in a folder of ``parent``: those there, then the rest.

        Raises NoAnswer where the API gives none; what has come stays, and is not asked for again.
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
                    f"{self.source}: page {number + 1} is not what the API answers with ({error}); "
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

    def _asked(self, api: Api, parameters: Mapping[str, str]) -> str:
        """One page, asked for again where the API is busy."""
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
                raise NoAnswer(f"{self.source}: a page has more than {_LONGEST:,} bytes")
            except HTTPError as error:
                fault = f"status {error.code}"
                if error.code != 429 and error.code < 500:
                    break
                wait = _retry_after(error.headers) or wait
            except (OSError, HTTPException) as error:
                fault = str(getattr(error, "reason", error)) or type(error).__name__
        raise NoAnswer(
            f"{self.source}: {request.host} gives no answer ({fault}); what has come is kept: "
            "run the command again to go on, or correct the query"
        )

    def _request(self, api: Api, parameters: Mapping[str, str]) -> Request:
        mail = {api.mail: self.mailto} if api.mail and self.mailto else {}
        address = urlsplit(self.address or api.address)
        if address.scheme not in ("http", "https"):
            raise NoAnswer(f"{self.address}: this is no address of an API; give one with https://")
        url = urlunsplit(address._replace(query=urlencode({**parameters, **mail})))
        contact = f"; mailto:{self.mailto}" if self.mailto else ""
        return Request(url, headers={"User-Agent": f"oograph (bibliography{contact})"})


def _retry_after(headers: Message) -> float:
    """The seconds after which an API wants to be asked again; 0 where it does not say."""
    text = headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdecimal() else 0.0
