"""The application: one blueprint per surface, errors, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, g, redirect, request
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from ..graph.languages import language_name
from ..graph.numbers import counted, number, plural
from ..graph.release import Release
from ..graph.store.embedded import Store
from ..graph.store.problems import ProblemDetails
from .dataset import catalog, changes, dumps, sitemap, void
from .editor import completion, named_concepts
from .editor.page import page_of
from .figures import evidence_map
from .figures import surface as figures
from .matching import lookup, reconcile
from .operations import health
from .operations.metrics import Metrics
from .pages import about, browse, home, suggestions, works
from .querying import fragments, sparql
from .records import things, unapi
from .reference import ontology, report, shapes
from .web import access_log, assets, deadline, errors, responses
from .web.classes import CLASSES
from .web.forms import MOST_FIELDS
from .web.host import check_prefix
from .web.instrument import SCOPE
from .web.memory import PeakMemory
from .web.openurl import of_work
from .web.parameters import BY_FACET
from .web.site import Site, open_site
from .web.words import curie, members, severity, words

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


#: The most bytes of a request's body that are read.
BODY_BYTES = 2 * 2**20
#: The most bytes of a URL's query string; longer SPARQL queries must be sent by POST.
_URL_BYTES = 2**18
#: The most characters of the address in a redirect: programs read headers of 64 KiB.
_REDIRECTED = 8_000
#: The most characters of an Accept header that are read; a browser sends about 150.
_ACCEPT_CHARACTERS = 2**13

#: The headers of every answer, errors included.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range"
    ),
    "Access-Control-Expose-Headers": (
        "Content-Range, ETag, Link, Location, Repr-Digest, Retry-After"
    ),
    "Access-Control-Max-Age": "86400",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_app(
    release: Release,
    store: Store,
    public_url: str = "",
    metrics: Metrics | None = None,
    observers: Sequence[access_log.Observer] = (),
    memory: PeakMemory | None = None,
    contact: str = "",
    unchecked: Callable[[], frozenset[str]] = frozenset,
) -> Flask:
    """Create the site of one release.

    ``public_url`` is the public address ("https://example.org/"), used in redirects and in the
    endpoint's description; by default, the address of each request. ``observers`` and ``metrics``
    are told of every request; a server keeps its metrics from one release to the next. ``memory``
    is the most that the server may take, for the endpoint's description. ``contact`` is a URL or
    mailto: IRI for reporting mistakes. ``unchecked`` returns the files of the release that are
    still being checked, by their paths in its folder.
    """
    public_url = public_url and public_url.rstrip("/") + "/"
    site = open_site(release, store, public_url, memory, unchecked)
    app = _App(__name__)
    app.wsgi_app = _with_headers(app.wsgi_app)  # type: ignore[assignment,method-assign]
    app.config["CONTACT"] = contact
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_BYTES
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        release=release,
        iris=site.iris,
        classes=CLASSES,
        parameters={facet: parameter.name for facet, parameter in BY_FACET.items()},
        asset=assets.asset,
        contact=contact,
        instrument=SCOPE,
    )
    app.jinja_env.filters.update(
        href=_of_the_request(site.href),
        absolute=_of_the_request(site.absolute),
        curie=curie,
        words=words,
        members=members,
        severity=severity,
        number=number,
        plural=plural,
        counted=counted,
        language=language_name,
        openurl=of_work,
    )
    for surface in (
        home,
        about,
        browse,
        works,
        suggestions,
        figures,
        evidence_map,
        things,
        unapi,
        ontology,
        shapes,
        report,
        completion,
        named_concepts,
        fragments,
        void,
        catalog,
        sitemap,
        reconcile,
        lookup,
    ):
        app.register_blueprint(surface.blueprint(site))
    app.register_blueprint(sparql.blueprint(site, page_of(site)))
    app.register_blueprint(assets.blueprint())
    versions = dumps.KeptReleases(release)
    app.register_blueprint(dumps.blueprint(site, versions))
    app.register_blueprint(changes.blueprint(site, versions))
    metrics = metrics or Metrics()
    app.register_blueprint(health.blueprint(site, metrics))
    errors.register(app, site)
    deadline.register(app, store.limits.seconds)
    # Flask runs after_request functions in reverse order of registration.
    access_log.register(app, (metrics.observe, *observers))
    app.after_request(lambda response: _to_the_public(site, response))
    app.after_request(_refuse_long_redirects)
    app.after_request(_with_style_nonce)
    app.after_request(responses.compress)
    app.before_request(check_prefix)
    app.before_request(lambda: _without_last_slash(site))
    app.before_request(_refuse_long_urls)
    app.before_request(_refuse_coded_bodies)
    app.before_request(_shorten_accept)
    app.before_request(responses.forget_encoding)
    app.before_request(responses.forget_odd_ranges)
    app.before_request(responses.forget_odd_dates)
    return app


def _of_the_request(made: Callable[[str], str]) -> Callable[[Context, str], str]:
    """Return a filter that depends on the request.

    Jinja evaluates any other filter of a constant only once, when it compiles the template.
    Everybody would then get links with the host name that the first visitor used.
    """

    @pass_context
    def filtered(context: Context, value: str) -> str:
        return made(value)

    return filtered


def _without_last_slash(site: Site) -> BaseResponse | None:
    """Redirect to the address without the "/" that people and tools add at the end.

    The query string is kept. None if there is no such "/", or nothing at that address either.
    """
    path = request.path.rstrip("/")
    if request.routing_exception is None or path == request.path:
        return None
    routes = current_app.create_url_adapter(request)
    try:
        if routes is None or not routes.match(path):
            return None
    except HTTPException:
        return None
    query = request.query_string.decode("latin-1")
    return redirect(site.absolute(quote(path[1:]) + (f"?{query}" if query else "")), 308)


def _refuse_long_urls() -> None:
    if len(request.query_string) > _URL_BYTES:
        abort(414)
    if request.query_string.count(b"&") >= MOST_FIELDS:
        abort(413, f"An address may have at most {MOST_FIELDS:,} fields.")


def _refuse_coded_bodies() -> Response | None:
    coding = request.headers.get("Content-Encoding", "").lower()
    if not request.content_length or coding in ("", "identity"):
        return None
    detail = "Bodies with a Content-Encoding are not supported; send the body plain."
    response = errors.problem(ProblemDetails(415, "Unsupported content coding", detail))
    response.headers["Accept-Encoding"] = "identity"  # RFC 9110, 15.5.16
    return response


def _shorten_accept() -> None:
    sent = request.environ
    sent["HTTP_ACCEPT"] = sent.get("HTTP_ACCEPT", "")[:_ACCEPT_CHARACTERS]


def _to_the_public(site: Site, response: Response) -> Response:
    """Use the public URL in the redirects that routing makes to add a final "/"."""
    location = response.headers.get("Location", "")
    if response.status_code == 308 and location.startswith(request.url_root):
        response.headers["Location"] = site.absolute(location.removeprefix(request.url_root))
    return response


def _refuse_long_redirects(response: Response) -> Response:
    if len(response.headers.get("Location", "")) <= _REDIRECTED:
        return response
    detail = (
        f"This request redirects to an address of more than {_REDIRECTED:,} characters, which is "
        "too long; use fewer words."
    )
    return errors.problem(ProblemDetails(414, "URI Too Long", detail))


def _with_style_nonce(response: Response) -> Response:
    if nonce := g.get("style_nonce"):
        policy = HEADERS["Content-Security-Policy"]
        with_nonce = policy.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
        response.headers["Content-Security-Policy"] = with_nonce
    return response


class _App(Flask):
    """Flask without a check on every request that we do not need."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself, because none of ours is a coroutine."""
        return func


def _with_headers(app: WSGIApplication) -> WSGIApplication:
    """Wrap an application so that its answers have our headers, unless they set their own."""
    ours = tuple(HEADERS.items())

    def call(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            own = {name for name, _ in headers}
            return start(status, [*headers, *(each for each in ours if each[0] not in own)], *error)

        return app(environ, begin)

    return call
