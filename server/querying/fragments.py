"""Triple Pattern Fragments: the triples of a pattern in pages, with their count and controls.

https://linkeddatafragments.org/specification/triple-pattern-fragments/. Such requests are cheap to
answer, so a client that joins the fragments itself can run queries too heavy for an endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template, request

from ...graph.formats import HTML, RDF, Format
from ...graph.iris import RDF_TYPE, expand, node_of
from ...graph.numbers import counted
from ...graph.store.embedded import EmbeddedStore
from ...graph.store.problems import ProblemDetails, QueryError
from ...graph.store.serialization import write_graph
from ...ontology import PREFIXES
from ..web.client_network import client_network
from ..web.negotiation import cached, choose
from ..web.paging import page_number
from ..web.site import Site, integer
from ..web.triples import triple
from .triple_pattern import POSITIONS, TriplePattern, read

#: Triples on a page.
_PAGE = 100
#: The default comes first: it keeps the controls in a separate graph. Formats without graphs mix
#: them with the data.
_FORMATS = tuple(RDF[name] for name in ("trig", "nq", "jsonld", "ttl", "nt", "rdf"))

_LOADING = ProblemDetails(
    503,
    "The store is being loaded",
    "Until then, there are no fragments of more than one page, because the order of their pages "
    "would change. Try again in a minute, or download the dumps.",
    retry_after=30,
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """One page of the triples that match a pattern."""

    #: The address of the page, as the client wrote it.
    url: str
    #: The parameters of the pattern, as the client wrote them.
    parameters: dict[str, str]
    page: int
    #: The number of triples on all pages.
    count: int
    triples: tuple[ox.Triple, ...]

    @property
    def pages(self) -> int:
        """The number of pages; there is always a first."""
        return max(1, ceil(self.count / _PAGE))


def blueprint(site: Site) -> Blueprint:
    """``/fragments?subject=&predicate=&object=&page=``."""
    surface = Blueprint("fragments", __name__)

    @surface.get("/fragments")
    def fragments() -> Response:
        format = choose("A fragment", (*_FORMATS, HTML))
        url = _url(site)
        return cached(url, format, site, lambda: _written(site, _fragment(site, url), format))

    return surface


def _url(site: Site) -> str:
    """Return the request's address as the client wrote it, by which it finds the controls."""
    query = request.query_string.decode(errors="replace")
    url = site.absolute("fragments") + (f"?{query}" if query else "")
    return url if node_of(url) else _address(site, request.args.to_dict())


def _address(site: Site, parameters: dict[str, str]) -> str:
    query = urlencode(parameters, quote_via=quote, safe="")
    return site.absolute("fragments") + (f"?{query}" if query else "")


def _fragment(site: Site, url: str) -> Fragment:
    pattern = read(request.args.to_dict(flat=False))
    parameters = {name: request.args[name] for name in POSITIONS if request.args.get(name)}
    page = page_number(request.args.get("page") or "1")
    count = _count(site, pattern)
    if page > max(1, ceil(count / _PAGE)):
        size = counted(count, "triple")
        abort(404, f"The fragment has {size}, {_PAGE} per page. There is no page {page}.")
    if count > _PAGE and (status := site.store.status()) and status.is_loading:
        # Its pages would not be consistent with those of the store in memory.
        raise QueryError(_LOADING)
    triples = tuple(_triples(site, pattern, page)) if count else ()
    return Fragment(url, parameters, page, count, triples)


def _count(site: Site, pattern: TriplePattern) -> int:
    if not pattern.is_possible:
        return 0
    if pattern.is_open:
        return site.release.triples
    terms = {"pattern": pattern.sparql}
    if not pattern.variables:
        return min(1, integer(site.select("fragment-count", client_network(), **terms)[0], "count"))
    if partition := _partition(pattern):
        names = ("partition", "of", "number")
        said = {part: f"<{expand(name)}>" for part, name in zip(names, partition, strict=True)}
        whole = str(ox.NamedNode(site.iris.dataset()))
        term = str(pattern.terms["object" if "object" in pattern.terms else "predicate"])
        rows = site.select("fragment-known", client_network(), dataset=whole, term=term, **said)
        if rows:
            return integer(rows[0], "count")
    name = "fragment-count"
    if _repeats(site):
        name, terms["variables"] = "fragment-count-distinct", pattern.sparql_variables
    return integer(site.select(name, client_network(), **terms)[0], "count")


def _partition(pattern: TriplePattern) -> tuple[str, str, str] | None:
    """Return the VoID properties by which the release itself states how many triples match.

    They link to the partition of a property or class, name it, and count it. None if the release
    does not state the count.
    """
    if len(set(pattern.variables.values())) != len(pattern.variables):
        return None
    if pattern.terms.keys() == {"predicate"}:
        return "void:propertyPartition", "void:property", "void:triples"
    if pattern.terms.keys() == {"predicate", "object"} and pattern.terms["predicate"] == RDF_TYPE:
        return "void:classPartition", "void:class", "void:entities"
    return None


def _repeats(site: Site) -> bool:
    """Whether any triple is in two graphs, in which case the engine returns it twice."""
    return site.release.quads != site.release.triples


def _triples(site: Site, pattern: TriplePattern, page: int) -> Iterator[ox.Triple]:
    if not pattern.variables:
        yield pattern.triple({})
        return
    # A release never changes and the engine reads its index in order, so pages are consistent
    # without sorting, perhaps, ten million triples. No other store promises that.
    name = "fragment" if isinstance(site.store, EmbeddedStore) else "fragment-sorted"
    rows = site.select(
        name,
        client_network(),
        distinct="DISTINCT" if _repeats(site) else "",
        variables=pattern.sparql_variables,
        pattern=pattern.sparql,
        limit=str(_PAGE),
        offset=str((page - 1) * _PAGE),
    )
    for row in rows:
        yield pattern.triple(row)


def _written(site: Site, fragment: Fragment, format: Format) -> str | bytes:
    if format is HTML:
        return render_template("fragments.html", fragment=fragment, positions=POSITIONS, size=_PAGE)
    controls = sorted(_controls(site, fragment), key=str)
    dataset = ox.RdfFormat.from_media_type(format.media_type)
    if dataset and dataset.supports_datasets:
        about = ox.NamedNode(f"{fragment.url}#metadata")
        quads = [ox.Quad(*triple) for triple in fragment.triples]
        quads += [ox.Quad(t.subject, t.predicate, t.object, about) for t in controls]
        prefixes = {**PREFIXES, "oo": site.iris.ontology}
        body = ox.serialize(quads, format=dataset, prefixes=prefixes)
        assert body is not None
        return body
    return write_graph((*fragment.triples, *controls), format.name, site.release.base_iri)


def _controls(site: Site, fragment: Fragment) -> Iterator[ox.Triple]:
    """Yield the metadata of the fragment, and the form for requesting others."""
    data = site.iris.dataset()
    page, start = fragment.url, site.absolute("fragments")
    whole = f"{_address(site, fragment.parameters)}#fragment"
    search = f"{start}#search"

    yield triple(f"{page}#metadata", "foaf:primaryTopic", whole)
    yield triple(data, "rdf:type", expand("void:Dataset"))
    yield triple(data, "void:subset", whole)
    yield triple(data, "hydra:search", search)
    yield triple(search, "hydra:template", ox.Literal(f"{start}{{?{','.join(POSITIONS)}}}"))
    yield triple(search, "hydra:variableRepresentation", expand("hydra:ExplicitRepresentation"))
    for name in POSITIONS:
        yield triple(search, "hydra:mapping", f"{start}#{name}")
        yield triple(f"{start}#{name}", "hydra:variable", ox.Literal(name))
        yield triple(f"{start}#{name}", "hydra:property", expand(f"rdf:{name}"))
    yield triple(whole, "rdf:type", expand("hydra:Collection"))
    yield triple(whole, "void:subset", page)
    yield triple(whole, "hydra:view", page)
    yield triple(whole, "void:triples", fragment.count)
    yield triple(whole, "hydra:totalItems", fragment.count)
    yield triple(page, "rdf:type", expand("hydra:PartialCollectionView"))
    yield triple(page, "hydra:itemsPerPage", _PAGE)
    last = fragment.pages
    others = {"first": 1, "previous": fragment.page - 1, "next": fragment.page + 1, "last": last}
    for name, number in others.items():
        if 1 <= number <= last:
            address = _address(site, {**fragment.parameters, "page": str(number)})
            yield triple(page, f"hydra:{name}", address)
