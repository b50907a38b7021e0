"""What each release changed: a page, an Atom feed (RFC 4287), and the patches of kept releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from xml.etree.ElementTree import Element

from flask import Blueprint, Response, abort, render_template

from ...graph.formats import HTML
from ...graph.release.changes import PATCHES, Change, Step
from ..web.atom import ATOM, child, new_feed, written
from ..web.negotiation import any_of, cached
from ..web.site import Site
from .dumps import KeptReleases, send

#: The most entries of the feed, and the most records of each release on the page of all releases.
_ENTRIES, _SHOWN = 500, 20
#: The media types of a release's patches, by the ending of their address.
_TYPES: Mapping[str, str] = {
    "add.nt": "application/n-triples",
    "del.nt": "application/n-triples",
    "rdfp": "application/rdf-patch",
}


def blueprint(site: Site, versions: KeptReleases) -> Blueprint:
    """``/changes``, ``/changes.atom``, and the page and patches of each version."""
    surface = Blueprint("changes", __name__)

    def page(steps: tuple[Step, ...], shown: int | None, key: str) -> Response:
        def build() -> str:
            return render_template(
                "changes.html",
                steps=steps,
                shown=shown,
                versions=versions,
                languages=_languages(site, steps, shown),
            )

        return cached(f"changes {key}", HTML, site, build)

    @surface.get("/changes")
    def changes() -> Response:
        return page(versions.steps(), _SHOWN, "")

    @surface.get("/changes.atom")
    def feed() -> Response:
        return cached("changes", ATOM, site, lambda: _feed(site, versions))

    @surface.get("/changes/<version>")
    def of_version(version: str) -> Response:
        steps = tuple(step for step in versions.steps() if step.version == version)
        if not steps:
            abort(404, f"Release {version} is not among the newest; /changes lists those.")
        return page(steps, None, version)

    @surface.get(f"/changes/<version>.<any({any_of(_TYPES)}):ending>")
    def patch(version: str, ending: str) -> Response:
        release = versions[version]
        path = release.folder / PATCHES[ending]
        # The same graph, rebuilt, may follow another release, which the address does not say.
        return send(path, _TYPES[ending], f"{release.version}-{release.before}-{ending}", False)

    return surface


def _languages(site: Site, steps: tuple[Step, ...], shown: int | None) -> dict[str, str]:
    """Return the languages of the titles that a page shows, by IRI, as far as they are known."""
    start = site.iris.thing("publication", "")
    records = (record.iri for step in steps for record in step.records[:shown])
    ids = [iri.removeprefix(start) for iri in records if iri.startswith(start)]
    return {f"{start}{id}": tag for id, tag in site.works.languages(ids).items()}


def _feed(site: Site, versions: KeptReleases) -> bytes:
    steps, about = versions.steps(), site.release.dataset
    root = new_feed(
        site.iris.at("changes"),
        f"{about.title}: new and changed records",
        steps[0].time,
        site.absolute("changes.atom"),
        site.absolute("changes"),
        about,
    )
    for step, change in islice(_entries(steps, site.release.base_iri), _ENTRIES):
        _entry(child(root, "entry"), site, step, change)
    return written(root)


def _entries(steps: tuple[Step, ...], base: str) -> Iterator[tuple[Step, Change]]:
    """Yield the changes of records with a page here; earlier releases may have another base."""
    for step in steps:
        for change in step.records:
            if change.kind != "gone" and change.iri.startswith(base):
                yield step, change


def _entry(entry: Element, site: Site, step: Step, change: Change) -> None:
    # An entry is one change of one record, so record and release identify it.
    child(entry, "id", f"{change.iri}#release-{step.version}")
    child(entry, "title", change.label or change.iri)
    child(entry, "updated", step.time)
    child(entry, "link", rel="alternate", type=HTML.media_type, href=site.url(change.iri, ".html"))
    child(entry, "category", term=change.kind)
    child(entry, "summary", f"{change.kind.capitalize()} in release {step.version}")
