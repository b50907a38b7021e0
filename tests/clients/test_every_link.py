"""A link checker over the whole site: every link and every advertised address answers."""

import http.client
import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import rdflib

#: Where a visitor or a crawler may begin.
DOORS = (
    "",
    "robots.txt",
    "sitemap.xml",
    "opensearch.xml",
    ".well-known/void",
    "catalog",
    "sparql",
    "ontology",
    "shapes",
    "report",
    "dumps/",
    "changes",
    "changes.atom",
    "fragments",
    "reconcile",
    "CITATION.cff",
)
#: Pages whose links go on without end: they are fetched, their own links are not followed.
ENDLESS = re.compile(r"(fragments|sparql|search|lookup|works[.\w]*)\?")
#: What says the same as a page in another form.
OTHER_FORM = re.compile(r"/(\w+)/[\w-]+\.(ttl|nt|nq|trig|rdf|jsonld|linkset\.json)$")
#: A figure that is not a page.
PICTURE = re.compile(r"/figure/[\w-]+\.\w+$")
#: What a query of the SPARQL page is about.
NAMED = re.compile(r"<[^>]*>|\"[^\"]*\"|\d+")
#: Of what differs in names alone, so many are fetched.
OF_A_KIND = 2
#: What is in no usual name, value or IRI.
ODD = re.compile(r"[^\w\s/.:#<>\"-]|[^\x00-\x7f]")
#: In RDF and other documents: addresses of the site in text.
_ADDRESS = re.compile(r"""[<"'>](http://127\.0\.0\.1:\d+/[^<>"'\s{}]*)(?=[<>"'\s])""")


#: Our pages quote every attribute; a link that a text shows as code is one, too.
_ATTRIBUTE = re.compile(r'\s(href|src|action|id)="([^"]*)"')


class Page:
    """The links of a page and the places in it that a link can lead to."""

    def __init__(self, text: str) -> None:
        found = [(name, unescape(value)) for name, value in _ATTRIBUTE.findall(text)]
        self.links = [value for name, value in found if name != "id"]
        self.places = {value for name, value in found if name == "id"}


class Checker:
    """Fetches each address once and notes what did not answer."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
        self.broken: list[str] = []
        self.places: dict[str, set[str]] = {}
        self.wanted: list[tuple[str, str, str]] = []
        self.fetched = 0

    def get(self, address: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        path = address.removeprefix(self.site.rstrip("/")) or "/"
        self.connection.request("GET", path, headers={"Accept": "text/html, */*;q=0.5"})
        response = self.connection.getresponse()
        self.fetched += 1
        return response.status, response.headers, response.read()

    def check(self, address: str, came_from: str) -> Iterator[str]:
        """The links of what is at an address."""
        status, headers, body = self.get(address)
        if status in (301, 302, 303, 307, 308):
            yield urljoin(address, headers["Location"])
            return
        if status not in (200, 204):
            self.broken.append(f"{status} {address} (from {came_from})")
            return
        for target in re.findall(r"<([^>]+)>;", headers.get("Link", "")):
            yield urljoin(address, target)
        if ENDLESS.search(address.removeprefix(self.site)):
            return
        kind = headers.get_content_type()
        if kind == "text/html":
            page = Page(body.decode())
            self.places[address] = page.places
            yield from (urljoin(address, link) for link in page.links)
        elif "/dumps/" not in address and "/changes/" not in address:
            yield from _ADDRESS.findall(body.decode("utf-8", "replace"))


def kind_of(address: str) -> tuple[str, ...]:
    """What an address shares with those that differ in names alone; () for a page of its own.

    Such are the other forms of the things of a class, figures that are no pages, figures and lists
    of works by what they filter, and queries that ask the same of another thing. Names with other
    odd characters are of another kind.
    """
    if form := OTHER_FORM.search(address):
        return form.groups()
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query)
    if PICTURE.search(parts.path):
        return (parts.path,)
    if "/figure/" in parts.path or ("/works" in parts.path and len(pairs) > 1):
        return (parts.path, *sorted(name for name, _ in pairs), odd("".join(dict(pairs).values())))
    if query := dict(pairs).get("query"):
        return (parts.path, NAMED.sub("", query), odd("".join(NAMED.findall(query))))
    return ()


def odd(text: str) -> str:
    """The odd characters of a text; those beyond ASCII count as one."""
    return "".join(sorted({min(found, "\x80") for found in ODD.findall(text)}))


def test_every_link_answers(site: str) -> None:
    checker = Checker(site)
    queue = deque((f"{site}{door}", "the beginning") for door in DOORS)
    seen = {address for address, _ in queue}
    kinds: Counter[tuple[str, ...]] = Counter()
    while queue:
        address, came_from = queue.popleft()
        for link in checker.check(address, came_from):
            target, place = urldefrag(link)
            if not target.startswith(site):
                continue
            if place and address in checker.places:  # a link in a page, to a place in a page
                checker.wanted.append((target, place, address))
            if target in seen:
                continue
            seen.add(target)
            if kind := kind_of(target):
                kinds[kind] += 1
                if kinds[kind] > OF_A_KIND:
                    continue
            queue.append((target, address))
    missing = {
        f"no #{place} in {target} (from {page})"
        for target, place, page in checker.wanted
        if target in checker.places and place not in checker.places[target]
    }
    assert not checker.broken[:20]
    assert not sorted(missing)[:20]
    assert checker.fetched > 1_000


def test_every_address_that_descriptions_advertise_answers(site: str) -> None:
    checker = Checker(site)
    advertised: dict[str, str] = {}
    for document in (".well-known/void", "catalog.ttl", "sparql"):
        graph = rdflib.Graph().parse(f"{site}{document}", format="turtle")
        for address in {str(node) for node in graph.all_nodes() if str(node).startswith(site)}:
            advertised.setdefault(urldefrag(address).url, document)
    for address, document in advertised.items():
        list(checker.check(address, document))
    assert not checker.broken
