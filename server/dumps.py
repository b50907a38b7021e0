"""The release's dumps as files: ranges, checksums, exact media types."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, send_file

from ..graph.sparql.formats import RDF
from .site import Site

__all__ = ["blueprint"]

_SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Dump:
    """One file anyone may have."""

    path: Path
    title: str
    media_type: str
    size: int
    #: SHA-256 in hexadecimal; "" for the list of checksums itself.
    sha256: str


def blueprint(site: Site) -> Blueprint:
    """``/dumps/`` and the files in it; a name that is not listed is not looked up."""
    surface = Blueprint("dumps", __name__, url_prefix="/dumps")
    dumps = _dumps(site.release.folder / "dumps")

    @surface.get("/")
    def listing() -> str:
        return render_template("dumps.html", dumps=dumps.values())

    @surface.get("/<name>")
    def dump(name: str) -> Response:
        if name not in dumps:
            abort(404)
        found = dumps[name]
        return send_file(
            found.path,
            found.media_type,
            conditional=True,
            etag=found.sha256 or site.release.version,
            last_modified=found.path.stat().st_mtime,
        )

    return surface


def _dumps(folder: Path) -> dict[str, Dump]:
    """The dumps in a folder by name, in the order of SHA256SUMS."""
    lines = (folder / _SUMS).read_text(encoding="ascii").splitlines()
    sums = {name.lstrip("*"): sha256 for sha256, name in (line.split() for line in lines)}
    files = [_dump(folder / name, sha256) for name, sha256 in sums.items()]
    listed = Dump(folder / _SUMS, "Checksums", "text/plain", (folder / _SUMS).stat().st_size, "")
    return {dump.path.name: dump for dump in (*files, listed)}


def _dump(path: Path, sha256: str) -> Dump:
    packed = path.suffix == ".gz"
    ending = (path.with_suffix("") if packed else path).suffix.lstrip(".")
    format = RDF[ending]
    return Dump(
        path=path,
        title=f"{format.title}, gzipped" if packed else format.title,
        # What is downloaded is the gzip file, so no Content-Encoding for a client to undo.
        media_type="application/gzip" if packed else format.media_type,
        size=path.stat().st_size,
        sha256=sha256,
    )
