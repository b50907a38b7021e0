"""Lookup: from anybody's IRI or identifier for a thing to ours."""

from __future__ import annotations

import json

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ...graph.index.names import Match
from ...graph.store.problems import ProblemDetails
from ..records.own import own
from ..web.errors import Near, prefers_html, problem
from ..web.negotiation import any_of
from ..web.site import Site
from .external import External, external, ours

#: Examples that are linked to something in the release we ship.
EXAMPLES = (
    "https://doi.org/10.1177/0950017018760136",
    "https://sws.geonames.org/1835841/",
    "http://www.wikidata.org/entity/Q884",
    "978-0-307-39620-4",
)
#: Advice if nothing is linked to an identifier, by target.
_ELSEWHERE = dict.fromkeys(
    ("doi", "isbn", "arxiv", "ssrn", "openalex"),
    "The record of a work may lack its identifiers; search for the title, too.",
)
#: Targets with an address of their own.
_SHORT = ("doi", "wikidata", "orcid", "isbn", "issn", "geonames")


def blueprint(site: Site) -> Blueprint:
    """``/lookup?iri=``, and ``/doi/…``, ``/wikidata/…``, ``/orcid/…``, ``/isbn/…`` and so on."""
    surface = Blueprint("lookup", __name__)

    @surface.get("/lookup")
    def lookup() -> BaseResponse:
        asked = request.args.get("iri", "").strip()
        if not asked:
            return _teach()
        if matches := site.names.named(own(site, asked)):
            return _to(site, list(matches.values()))
        return _answer(site, asked, external(asked))

    @surface.get(f"/<any({any_of(_SHORT)}):target>/<path:identifier>")
    def identified(target: str, identifier: str) -> BaseResponse:
        return _answer(site, identifier, external(identifier, target))

    return surface


def _answer(site: Site, asked: str, sought: External | None) -> BaseResponse:
    if sought is None:
        detail = f"{asked[:200]!r} is not an IRI or identifier of a known kind, or is misspelt."
        hint = f"Try, for example, {EXAMPLES[0]}. To match names and codes, use /reconcile."
        return problem(ProblemDetails(400, "Not an IRI", detail, hint=hint))
    things = ours(site, sought.iris)
    iris = sorted({iri for each in things.values() for iri in each})
    if iris:
        known = site.names.named(iris)
        return _to(site, [known[iri] for iri in iris if iri in known])
    detail = f"Nothing here is linked to {sought.iris[0]} ({sought.title})."
    hint = _ELSEWHERE.get(sought.target, "")
    near: list[Match] = []
    if sought.target == "web":
        near = site.names.find(_words(asked), limit=5)
    return problem(
        ProblemDetails(404, "Not found", detail, hint=hint),
        [Near.of(site, match) for match in near],
    )


def _to(site: Site, matches: list[Match]) -> BaseResponse:
    """Redirect to the one thing found, or offer a choice of several (300)."""
    if len(matches) == 1:
        response = redirect(site.url(matches[0].iri), 303)
    else:
        near = [Near.of(site, match) for match in matches]
        if prefers_html():
            response = Response(render_template("lookup.html", choices=near), 300)
        else:
            text = json.dumps({"choices": [each.facts() for each in near]}, ensure_ascii=False)
            response = Response(text, 300, mimetype="application/json")
        for each in near:
            response.headers.add("Link", f'<{each.url}>; rel="alternate"')
        response.vary.add("Accept")
    return response


def _teach() -> BaseResponse:
    """Answer a request without an IRI: a form for people, an error with an example for programs."""
    if prefers_html():
        response = Response(render_template("lookup.html", examples=EXAMPLES))
        response.vary.add("Accept")
        return response
    detail = "Give an IRI or identifier, as in /lookup?iri=" + EXAMPLES[0]
    return problem(ProblemDetails(400, "No IRI given", detail))


def _words(address: str) -> str:
    """Return the distinctive words of a web address: its last part, or its host name."""
    parts = [part for part in address.partition("://")[2].split("/") if part]
    host = parts[0].removeprefix("www.").rpartition(".")[0] if parts else ""
    return parts[-1] if len(parts) > 1 else host
