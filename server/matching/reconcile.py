"""The Reconciliation Service API 0.2, for OpenRefine and other clients that match tables.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import CombinedMultiDict

from ... import __version__
from ...graph.index.names import Match
from ...graph.store.problems import ProblemDetails, QueryError
from ..web.classes import CLASSES
from ..web.forms import FORM, form_of
from ..web.site import Site
from ..web.turns import Turns
from .candidates import Candidate, candidates
from .extension import extended, proposed, thing_of
from .properties import PROPERTIES, TYPES, named_type, type_path
from .reconcile_query import read_object, read_question, refused

#: The most queries in a batch, and the number that clients are asked to send: batches take turns.
_BATCH, _GOOD_BATCH = 1000, 100
#: The most suggestions in an answer.
_SUGGESTIONS = 20
_TYPE_OF = {path: name for name, path in TYPES.items()}
_PREVIEW = (430, 200)


def blueprint(site: Site) -> Blueprint:
    """``/reconcile``: the manifest, batches of queries, suggestions, previews, extension."""
    surface = Blueprint("reconcile", __name__, url_prefix="/reconcile")
    limits = site.store.limits
    batches = Turns(limits, limits.queue, limits.client_queries)

    @surface.route("", methods=["GET", "POST"])
    def reconcile() -> Response:
        values = form_of(request) if request.mimetype == FORM else request.form
        values = CombinedMultiDict((request.args, values))
        if queries := values.get("queries"):
            with batches.turn():
                return _json(_batch(site, read_object(queries, "queries")))
        if extend := values.get("extend"):
            with batches.turn():
                return _json(asdict(extended(site, read_object(extend, "extend"))))
        if request.method == "POST":
            raise refused("The form has no field named queries or extend.")
        return _json(_manifest(site))

    @surface.get("/suggest/entity")
    def suggest_entity() -> Response:
        return _json({"result": [_named(site, match, "notable") for match in _entities(site)]})

    @surface.get("/suggest/property")
    def suggest_property() -> Response:
        pairs = ((each.id, each.name) for each in PROPERTIES.values())
        return _json({"result": _suggested(pairs)})

    @surface.get("/suggest/type")
    def suggest_type() -> Response:
        pairs = ((name, CLASSES[path].singular) for name, path in TYPES.items())
        return _json({"result": _suggested(pairs)})

    @surface.get("/properties")
    def properties() -> Response:
        return _json(_proposals(site))

    @surface.get("/preview")
    def preview() -> Response:
        response = Response(_preview(site, request.args.get("id", "")))
        # It is meant to be shown in a frame, by OpenRefine.
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors *"
        )
        return response

    return surface


def _manifest(site: Site) -> dict[str, object]:
    service = site.absolute("reconcile")
    suggest = {
        name: {"service_url": service, "service_path": f"/suggest/{name}"}
        for name in ("entity", "property", "type")
    }
    width, height = _PREVIEW
    return {
        "versions": ["0.2"],
        "name": f"{site.release.dataset.name}: research on {site.release.dataset.subject}",
        "identifierSpace": site.release.base_iri,
        "schemaSpace": site.iris.ontology,
        "defaultTypes": [named_type(id) for id in TYPES],
        "documentation": site.absolute("ontology"),
        "logo": site.absolute("static/icon.svg"),
        "serviceVersion": __version__,
        "batchSize": _GOOD_BATCH,
        "view": {"url": site.absolute("lookup?iri=") + site.iris.at("{{id}}")},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": width, "height": height},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/properties"},
            "property_settings": [
                {
                    "type": "number",
                    "name": "limit",
                    "label": "Most values per row",
                    "default": 0,
                    "help_text": "0 for all",
                }
            ],
        },
    }


def _batch(site: Site, queries: Mapping[str, object]) -> dict[str, object]:
    if len(queries) > _BATCH:
        detail = f"A batch may have at most {_BATCH:,} queries; this one has {len(queries):,}."
        raise refused(detail, 413)
    asked = {key: read_question(site, query) for key, query in queries.items()}
    once = list(dict.fromkeys(question for question in asked.values() if question))
    answers = dict(zip(once, candidates(site, once), strict=True))
    return {
        key: {"result": [_candidate(site, each) for each in answers[question]] if question else []}
        for key, question in asked.items()
    }


def _candidate(site: Site, candidate: Candidate) -> dict[str, object]:
    return {
        **_named(site, candidate.match, "type"),
        "score": candidate.score,
        "match": candidate.sure,
        "features": [{"id": id, "value": value} for id, value in candidate.features],
    }


def _description(match: Match) -> str:
    """Return a description that distinguishes things of the same name."""
    parts = [CLASSES[match.kind_of_thing].singular] if match.kind_of_thing in CLASSES else []
    parts += [str(match.year)] if match.year else []
    if match.matched != match.label and match.kind in ("alternative", "notation"):
        parts.append(f"also “{match.matched}”")
    return " · ".join(parts)


def _named(site: Site, match: Match, types: str) -> dict[str, object]:
    """Return a thing in the API's format, with its types under the key ``types``."""
    kind = match.kind_of_thing
    return {
        "id": site.iris.path(match.iri),
        "name": match.label,
        "description": _description(match),
        types: [named_type(_TYPE_OF[kind])] if kind in _TYPE_OF else [],
    }


def _proposals(site: Site) -> dict[str, object]:
    type, limit = request.args.get("type", ""), request.args.get("limit", "")
    proposals = proposed(type_path(type, site.release.base_iri))
    if not limit.isdecimal():
        return {"type": type, "properties": proposals}
    most = int(limit[:6])
    return {"type": type, "properties": proposals[:most], "limit": most}


def _suggested(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    prefix, cursor = _prefix().casefold(), _cursor()
    suggestions = [
        {"id": id, "name": name}
        for id, name in pairs
        if id.casefold().startswith(prefix)
        or any(name.casefold()[at:].startswith(prefix) for at in _starts(name))
    ]
    return suggestions[cursor : cursor + _SUGGESTIONS]


def _entities(site: Site) -> list[Match]:
    """Return the things whose name begins with the prefix, after the one with this id."""
    prefix, cursor = _prefix(), _cursor()
    path = type_path(request.args.get("type", ""), site.release.base_iri)
    classes = (path,) if path else tuple(TYPES.values())
    matches = site.names.suggest(prefix, classes, _SUGGESTIONS, cursor)
    if cursor:
        return matches
    byid = site.names.named([thing_of(site, prefix)])
    return [*byid.values(), *(match for match in matches if match.iri not in byid)]


def _starts(name: str) -> Iterable[int]:
    """Where the words of a name start."""
    return (at for at in range(len(name)) if not at or name[at - 1] == " ")


def _preview(site: Site, id: str) -> str:
    iri = thing_of(site, id)
    match = site.names.named([iri]).get(iri)
    if match is None:
        said = f"Nothing here has the id {id[:80]!r}." if id else "The parameter id is missing."
        detail = f"{said} An id is the end of an IRI, such as id=platform/upwork."
        raise QueryError(ProblemDetails(404, "No such thing", detail))
    return render_template(
        "preview.html",
        match=match,
        url=site.url(iri),
        kind=CLASSES.get(match.kind_of_thing),
        facts=_facts(site, match),
    )


def _facts(site: Site, match: Match) -> list[tuple[str, list[str]]]:
    """Return the facts in a preview, such as a concept's definition or a work's authors."""
    shown = ("author", "year", "venue", "doi", "definition", "also-called")
    id = site.iris.path(match.iri)
    row = extended(site, {"ids": [id], "properties": [{"id": pid} for pid in shown]}).rows[id]
    facts = []
    for pid in shown:
        texts = [str(v.get("name") or v.get("str") or v.get("int")) for v in row.get(pid, [])]
        if texts:
            facts.append((PROPERTIES[pid].name, texts[:8]))
    return facts


def _prefix() -> str:
    return request.args.get("prefix", "").strip()[:200]


def _cursor() -> int:
    cursor = request.args.get("cursor", "0") or "0"
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 7):
        raise refused("cursor must be the number of suggestions to skip.")
    return int(cursor)


def _json(value: object) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), mimetype="application/json")
