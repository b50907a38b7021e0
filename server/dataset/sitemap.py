"""For crawlers and browsers: the sitemap (https://www.sitemaps.org/), robots.txt, OpenSearch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import ceil
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, render_template

from ...graph.formats import Format
from ...graph.numbers import counted
from ...graph.release.changes import modified
from ..web.negotiation import cached
from ..web.site import Lazy, Site

#: The addresses in one sitemap. 50,000 are allowed, but each sitemap is built on request.
_MOST = 10_000
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = Format("xml", "XML", "application/xml")
_OPENSEARCH = Format("xml", "OpenSearch", "application/opensearchdescription+xml")
_TEXT = Format("txt", "Text", "text/plain")
_ROBOTS = """\
User-agent: *
Disallow: /sparql?
Disallow: /search?
Disallow: /works?
Disallow: /works.
Disallow: /figures?
Disallow: /figure/*?
Disallow: /map?
Disallow: /fragments?
Disallow: /reconcile?
Sitemap: {sitemap}
"""


def blueprint(site: Site) -> Blueprint:
    """``/sitemap.xml``, its parts ``/sitemap-{n}.xml``, ``/robots.txt``, ``/opensearch.xml``."""
    surface = Blueprint("sitemap", __name__)
    parts = Lazy(lambda: max(1, ceil(sum(1 for _ in modified(site.release)) / _MOST)))

    @surface.get("/sitemap.xml")
    def sitemap() -> Response:
        # one file if that is enough, else the list of its parts
        return document("sitemap", _part(site, 1) if parts() == 1 else _index(site, parts()))

    @surface.get("/sitemap-<int:number>.xml")
    def part(number: int) -> Response:
        if not 1 <= number <= parts():
            abort(404, f"The sitemap has {counted(parts(), 'part')}.")
        return document(f"sitemap-{number}", _part(site, number))

    @surface.get("/robots.txt")
    def robots() -> Response:
        text = _ROBOTS.format(sitemap=site.absolute("sitemap.xml"))
        return cached("robots", _TEXT, site, lambda: text)

    @surface.get("/opensearch.xml")
    def opensearch() -> Response:
        text = render_template("opensearch.xml", home=site.absolute(""))
        return cached("opensearch", _OPENSEARCH, site, lambda: text)

    def document(name: str, lines: Iterator[str]) -> Response:
        key = site.absolute(name)
        return cached(key, _XML, site, lambda: "".join(lines))

    return surface


def _part(site: Site, number: int) -> Iterator[str]:
    """Yield the pages of one part, each with the day when its data last changed."""
    rows = islice(modified(site.release), (number - 1) * _MOST, number * _MOST)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_SITEMAP}">\n'
    for iri, date in rows:
        address = escape(site.url(iri, ".html"))
        yield f"<url><loc>{address}</loc><lastmod>{date}</lastmod></url>\n"
    yield "</urlset>\n"


def _index(site: Site, parts: int) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{_SITEMAP}">\n'
    for number in range(1, parts + 1):
        address = escape(site.absolute(f"sitemap-{number}.xml"))
        date = site.release.date
        yield f"<sitemap><loc>{address}</loc><lastmod>{date}</lastmod></sitemap>\n"
    yield "</sitemapindex>\n"
