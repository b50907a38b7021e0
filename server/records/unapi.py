"""unAPI: citations of the works on a page (http://unapi.info/specs/unapi-revision-1).

A page links to this address (``rel="unapi-server"``) and names its works in ``abbr`` elements of
class ``unapi-id``. Zotero fetches their full records from here, one or several.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort, request

from ...graph.formats import CITATIONS
from ...graph.store.problems import ProblemDetails, QueryError
from ..web.negotiation import conditional
from ..web.site import Site
from .documents import cite

#: Name -> format. Zotero looks for these names and prefers RIS.
_FORMATS = {"ris": CITATIONS["ris"], "bibtex": CITATIONS["bib"]}
_XML = "application/xml"


def blueprint(site: Site) -> Blueprint:
    """``/unapi``: the formats; with ``id``, those of a work; with ``format`` too, its citation."""
    surface = Blueprint("unapi", __name__)

    @surface.get("/unapi")
    def unapi() -> Response:
        id, name = request.args.get("id", ""), request.args.get("format", "")
        if not id and not name:
            return Response(_listed(""), content_type=_XML)
        if not id:
            raise _refused(400, "Bad Request", "A format needs an id: the IRI of a work.")
        record = site.records.of(_slug(site, id))
        if record is None:
            abort(404, f"No work has the IRI {id[:200]!r}.")
        if not name:
            return Response(_listed(id), 300, content_type=_XML)
        if name not in _FORMATS:
            names = ", ".join(_FORMATS)
            raise _refused(406, "Not Acceptable", f"The formats are {names}, not {name[:40]!r}.")
        format = _FORMATS[name]
        return conditional(f"unapi {record.id} {name}", site, lambda: cite(record, format))

    return surface


def _slug(site: Site, id: str) -> str:
    """The slug in the IRI of a work; "" for anything else."""
    space = site.iris.thing("publication", "")
    return id.removeprefix(space) if id.startswith(space) else ""


def _listed(id: str) -> str:
    root = ET.Element("formats", {"id": id} if id and id.isprintable() else {})
    for name, format in _FORMATS.items():
        ET.SubElement(root, "format", name=name, type=format.media_type)
    return ET.tostring(root, encoding="unicode")


def _refused(status: int, title: str, detail: str) -> QueryError:
    return QueryError(ProblemDetails(status, title, detail))
