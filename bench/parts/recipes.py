"""Recipes: the requests for each endpoint of the application."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote, urlencode

from .examples import Examples
from .visitors import Request

_HTML = {"Accept": "text/html"}
_DOCUMENTS = ("ttl", "jsonld", "nt", "rdf", "html")
_CITATIONS = ("bib", "ris", "csl.json")
_EXPORTS = ("csv", "ris", "bib", "csl.json", "ttl", "jsonld", "rq", "atom")
#: Only the first bytes of a file: the speed of the disk is not measured.
_PART = {"Range": "bytes=0-65535"}
#: Names in a reconciliation batch.
_BATCH = 10
_PEOPLE = ("person", "venue", "organization", "publication")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a recipe may use: examples, and the links on pages of the site."""

    examples: Examples
    base_iri: str
    version: str
    get: Callable[[str], str]

    def things(self, *kinds: str) -> Iterator[str]:
        """The paths of things of these kinds, or of all kinds."""
        for kind in kinds or self.examples.things:
            for slug in self.examples.things.get(kind, ()):
                yield f"{kind}/{slug}"

    def links(self, page: str, pattern: str) -> list[str]:
        """The distinct addresses in a page that match a pattern."""
        return list(dict.fromkeys(re.findall(pattern, self.get(page))))


#: Row of the table -> its requests, from which clients draw at random.
Rows = Mapping[str, Sequence[Request]]
#: Makes the requests for an endpoint.
Recipe = Callable[[Asked], Rows]


def _pages(*paths: str, headers: Mapping[str, str] = _HTML) -> Recipe:
    """Pages with one address each."""
    return lambda asked: {path: [Request(path, headers)] for path in paths}


def _documents(stem: str, *formats: str) -> Recipe:
    return _pages(*(f"/{stem}.{format}" for format in formats or _DOCUMENTS), headers={})


def _queried(path: str, name: str, values: Callable[[Asked], Sequence[str]]) -> Recipe:
    """A page with a parameter."""

    def rows(asked: Asked) -> Rows:
        some = [Request(f"{path}?{urlencode({name: value})}", _HTML) for value in values(asked)]
        return {f"{path}?{name}=": some}

    return rows


def _words(asked: Asked) -> Sequence[str]:
    return asked.examples.words


def _all(*recipes: Recipe) -> Recipe:
    return lambda asked: {name: some for recipe in recipes for name, some in recipe(asked).items()}


def _linked(row: str, page: str, pattern: str, **headers: str) -> Recipe:
    """The links on a page that match a pattern."""
    return lambda asked: {row: [Request(p, headers) for p in asked.links(page, pattern)]}


def _works(asked: Asked) -> Rows:
    some: dict[str, Sequence[Request]] = {"/works": [Request("/works", _HTML)]}
    for kind in ("topic", "platform", "country", "method"):
        slugs = asked.examples.things.get(kind, ())
        some[f"/works?{kind}="] = [Request(f"/works?{kind}={quote(s)}", _HTML) for s in slugs]
    return some


def _exports(asked: Asked) -> Rows:
    """Lists short enough to be exported; longer ones are refused with a page that says so."""
    words = [
        word
        for word in asked.examples.words
        if not asked.get(f"/works.rq?q={word}").lstrip().startswith("<")
    ]
    return {f"/works.{e}?q=": [Request(f"/works.{e}?q={word}") for word in words] for e in _EXPORTS}


def _things(asked: Asked) -> Rows:
    """Each kind as a page and as Turtle; publications in every format."""
    rows: dict[str, Sequence[Request]] = {}
    for kind in asked.examples.things:
        formats = (*_DOCUMENTS, *_CITATIONS) if kind == "publication" else ("html", "ttl")
        paths = list(asked.things(kind))
        rows[f"/{kind}/…"] = [Request(f"/{path}", _HTML) for path in paths]
        for format in formats:
            rows[f"/{kind}/….{format}"] = [Request(f"/{path}.{format}") for path in paths]
    return rows


def _lists(asked: Asked) -> Rows:
    return {f"/{kind}": [Request(f"/{kind}", _HTML)] for kind in asked.examples.things}


def _browse(asked: Asked) -> Rows:
    kinds = asked.examples.things
    return {f"/browse?class={k}": [Request(f"/browse?class={k}", _HTML)] for k in kinds}


def _sparql(asked: Asked) -> Rows:
    form = "SELECT ?p ?o WHERE {{ <{}> ?p ?o }}"
    queries = [form.format(asked.base_iri + path) for path in asked.things("publication", "person")]
    json_ = {"Accept": "application/sparql-results+json"}
    return {
        "/sparql": [Request("/sparql", _HTML)],
        "/sparql (description)": [Request("/sparql", {"Accept": "text/turtle"})],
        "/sparql?query=": [Request(f"/sparql?{urlencode({'query': q})}", json_) for q in queries],
    }


def _of_another(asked: Asked) -> Rows:
    """Queries that name a concept, each changed to name the next concept."""
    iris = [asked.base_iri + path for path in asked.things("topic")]
    asks = (
        {"query": f"SELECT ?work {{ ?work ?p <{one}> }}", "named": one, "other": other}
        for one, other in pairwise(iris)
    )
    return {"/sparql/of?query=": [Request(f"/sparql/of?{urlencode(ask)}", _HTML) for ask in asks]}


def _fragments(asked: Asked) -> Rows:
    subjects = [asked.base_iri + path for path in asked.things("publication", "person")]
    objects = [asked.base_iri + path for path in asked.things("topic", "country", "venue")]
    turtle = {"Accept": "text/turtle"}
    return {
        "/fragments": [Request("/fragments", _HTML)],
        "/fragments?subject=": [
            Request(f"/fragments?{urlencode({'subject': iri})}", turtle) for iri in subjects
        ],
        "/fragments?object=": [
            Request(f"/fragments?{urlencode({'object': iri})}", turtle) for iri in objects
        ],
    }


def _reconcile(asked: Asked) -> Rows:
    """The manifest, and batches of names of each kind, as they are and misspelt."""
    rows: dict[str, Sequence[Request]] = {"/reconcile": [Request("/reconcile")]}
    for kind in _PEOPLE:
        names = [name for name in asked.examples.names.get(kind, ()) if len(name) > 3]
        for said, change in (("", str), (", misspelt", _misspelt)):
            batches = [names[n : n + _BATCH] for n in range(0, len(names), _BATCH)]
            rows[f"/reconcile, {_BATCH} names of {kind}{said}"] = [
                _batch([change(name) for name in batch]) for batch in batches
            ]
    ids = list(asked.things("publication"))
    extend = {"ids": ids[:_BATCH], "properties": [{"id": "author"}]}
    rows["/reconcile, extension"] = [_form({"extend": json.dumps(extend)})]
    return rows


def _batch(names: Sequence[str]) -> Request:
    queries = {f"q{n}": {"query": name, "limit": 5} for n, name in enumerate(names)}
    return _form({"queries": json.dumps(queries)})


def _form(fields: Mapping[str, str]) -> Request:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request("/reconcile", headers, urlencode(fields).encode())


def _misspelt(name: str) -> str:
    middle = len(name) // 2
    return name[:middle] + name[middle + 1 :]


def _identified(asked: Asked) -> Rows:
    return {
        f"/{target}/…": [Request(f"/{target}/{quote(each)}", _HTML) for each in identifiers]
        for target, identifiers in sorted(asked.examples.identifiers.items())
    }


def _iris(asked: Asked) -> Sequence[str]:
    return [asked.base_iri + path for path in asked.things("publication")]


def _paths(asked: Asked) -> Sequence[str]:
    return list(asked.things("person", "publication"))


def _unapi(asked: Asked) -> Rows:
    fields = ({"id": iri, "format": "bibtex"} for iri in _iris(asked))
    return {
        "/unapi": [Request("/unapi")],
        "/unapi?id=&format=": [Request(f"/unapi?{urlencode(each)}") for each in fields],
    }


def _changes(asked: Asked) -> Rows:
    pages = asked.links("/changes", r'href="(?:[^"]*)(/changes/[^"./]+)"')
    return {"/changes/…": [Request(path, _HTML) for path in pages]}


RECIPES: Mapping[str, Recipe] = {
    "static": _pages("/static/style.css"),
    "home.home": _pages("/"),
    "about.about": _pages("/about"),
    "about.status": _pages("/status"),
    "lists.browse": _all(_pages("/browse"), _browse),
    "lists.search": _queried("/search", "q", _words),
    "works.listing": _all(_works, _queried("/works", "q", _words)),
    "works.export": _exports,
    "suggestions.suggest": _queried("/suggest", "q", lambda a: [w[:4] for w in _words(a)]),
    "figures.gallery": _pages("/figures"),
    "figures.figure": _linked("/figure/…", "/figures", r'(/figure/[^"?&;]+\.(?:svg|png|csv))'),
    "evidence_map.evidence_map": _pages("/map"),
    "things.all_of": _lists,
    "things.thing": _things,
    "unapi.unapi": _unapi,
    "ontology.ontology": _pages("/ontology"),
    "ontology.version": _linked(
        "/ontology/…", "/ontology.ttl", r"owl:versionIRI <[^>]*?(/ontology/[^>]+)>"
    ),
    "ontology.document": _documents("ontology"),
    "shapes.shapes": _pages("/shapes"),
    "shapes.document": _documents("shapes"),
    "report.report": _pages("/report"),
    "report.document": _documents("report"),
    "completion.completion": _pages("/sparql/completion.json"),
    "fragments.fragments": _fragments,
    "void.void": _pages("/.well-known/void", headers={"Accept": "text/turtle"}),
    "catalog.catalog": _pages("/catalog"),
    "catalog.document": _documents("catalog"),
    "catalog.links": _pages("/catalog.linkset.json"),
    "catalog.cff": _pages("/CITATION.cff"),
    "sitemap.sitemap": _pages("/sitemap.xml"),
    "sitemap.part": _pages("/sitemap-1.xml"),
    "sitemap.robots": _pages("/robots.txt"),
    "sitemap.opensearch": _pages("/opensearch.xml"),
    "reconcile.reconcile": _reconcile,
    "reconcile.suggest_entity": _queried(
        "/reconcile/suggest/entity", "prefix", lambda a: [w[:4] for w in _words(a)]
    ),
    "reconcile.suggest_property": _pages("/reconcile/suggest/property?prefix=na"),
    "reconcile.suggest_type": _pages("/reconcile/suggest/type?prefix=pe"),
    "reconcile.properties": _pages("/reconcile/properties?type=Person"),
    "reconcile.preview": _queried("/reconcile/preview", "id", _paths),
    "lookup.lookup": _queried("/lookup", "iri", _iris),
    "lookup.identified": _identified,
    "sparql.sparql": _sparql,
    "named_concepts.of": _of_another,
    "assets.serve": _linked("/assets/…", "/", r'(/assets/[^"]+)'),
    "assets.icon": _pages("/favicon.ico"),
    "dumps.folder": _pages("/dumps"),
    "dumps.listing": _pages("/dumps/"),
    "dumps.dump": _pages("/dumps/oograph.nq", headers=_PART),
    "dumps.latest": _all(
        _pages("/dumps/latest/"), _pages("/dumps/latest/oograph.nq", headers=_PART)
    ),
    "dumps.of_version": lambda asked: {"/dumps/…/": [Request(f"/dumps/{asked.version}/", _HTML)]},
    "dumps.versioned": lambda asked: {
        "/dumps/…/oograph.nq": [Request(f"/dumps/{asked.version}/oograph.nq", _PART)]
    },
    "changes.changes": _pages("/changes"),
    "changes.feed": _pages("/changes.atom"),
    "changes.of_version": _changes,
    "changes.patch": _linked(
        "/changes/….nt", "/changes", r"(/changes/[^\"]+\.(?:add|del)\.nt)", **_PART
    ),
    "health.health": _pages("/health"),
    "health.numbers": _pages("/metrics"),
}
