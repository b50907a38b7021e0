"""The dumps of all kept releases, as files: ranges, checksums, exact media types."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from ...graph.formats import HTML
from ...graph.release import Release, kept_releases
from ...graph.release.changes import Step, history
from ...graph.release.dumps import DATA_PACKAGE, SUMS, Dump, listing
from ...graph.release.verify import missing
from ...graph.store.problems import ProblemDetails, QueryError
from ..web.links import header
from ..web.negotiation import cached
from ..web.site import Lazy, Site
from .facts import signposts_of_file

#: A range that is counted from the end.
_END = re.compile(r"bytes=-([0-9]{1,18})")
#: A year, the longest time to ask of caches: the files of a version never change.
_FOREVER = 31_536_000
#: The seconds after which to ask again for a dump that is being checked.
_RETRY_SECONDS = 5


class KeptReleases:
    """The releases whose files are still there, and the history that names the others."""

    def __init__(self, release: Release) -> None:
        self.releases: Mapping[str, Release] = {
            each.version: each
            for each in kept_releases(release)
            if each is release or not missing(each)
        }
        #: By version: the listed files, by name.
        self.dumps: Mapping[str, Mapping[str, Dump]] = {
            version: {dump.name: dump for dump in listing(each.folder / "dumps")}
            for version, each in self.releases.items()
        }
        self.steps: Lazy[tuple[Step, ...]] = Lazy(lambda: history(release))

    def __getitem__(self, version: str) -> Release:
        """The release of a version; 410 if it existed once, else 404, listing those there are."""
        if version in self.releases:
            return self.releases[version]
        there = f"Available: {', '.join(self.releases)}."
        if version in {name for step in self.steps() for name in (step.version, step.before)}:
            detail = f"Release {version} is no longer kept. {there}"
            raise QueryError(ProblemDetails(410, "Gone", detail))
        raise QueryError(
            ProblemDetails(404, "No such release", f"There is no release {version[:80]}. {there}")
        )


def blueprint(site: Site, versions: KeptReleases) -> Blueprint:
    """``/dumps/`` and the listed files of each kept release; no other file is looked up."""
    surface = Blueprint("dumps", __name__, url_prefix="/dumps")
    newest = site.release.version

    @surface.get("")
    def folder() -> BaseResponse:
        return redirect(site.absolute("dumps/"), 308)

    @surface.get("/", endpoint="listing")
    def all_dumps() -> Response:
        return _page(site, versions, site.release)

    @surface.get("/<name>")
    def dump(name: str) -> BaseResponse:
        if name in versions.releases:
            return redirect(site.absolute(f"dumps/{name}/"), 308)
        return _file(site, versions, newest, name, fixed=False)

    @surface.get("/latest/", defaults={"name": ""}, strict_slashes=False)
    @surface.get("/latest/<name>")
    def latest(name: str) -> BaseResponse:
        if name and name not in versions.dumps[newest] and name != SUMS:
            raise QueryError(_no_dump(name, versions.dumps[newest], "There is no dump"))
        # Redirect to the version, so that citations and mirrors say which one it was.
        response = redirect(site.absolute(f"dumps/{newest}/{name}"), 302)
        response.cache_control.no_cache = True
        return response

    @surface.get("/<string(length=23):version>/")
    def of_version(version: str) -> Response:
        return _page(site, versions, versions[version])

    @surface.get("/<string(length=23):version>/<name>")
    def versioned(version: str, name: str) -> Response:
        return _file(site, versions, version, name, fixed=True)

    return surface


def _page(site: Site, versions: KeptReleases, release: Release) -> Response:
    """The page that lists the dumps of a release."""
    dumps = versions.dumps[release.version]

    def build() -> str:
        groups: dict[tuple[str, str], list[Dump]] = {}
        for dump in dumps.values():
            groups.setdefault((dump.kind, dump.of), []).append(dump)
        return render_template(
            "dumps.html",
            shown=release,
            groups=groups,
            columns=_columns(release) if DATA_PACKAGE in dumps else [],
            versions=versions,
            sums=SUMS,
        )

    key = f"dumps {release.version} of {' '.join(versions.releases)}"
    return cached(key, HTML, site, build)


def _file(site: Site, versions: KeptReleases, version: str, name: str, fixed: bool) -> Response:
    """A dump of a release, or its checksums."""
    release, dumps = versions[version], versions.dumps[version]
    if name not in dumps and name != SUMS:
        raise QueryError(_no_dump(name, dumps, f"Release {version} has no dump"))
    path = release.folder / "dumps" / name
    if release is site.release and f"dumps/{name}" in site.unchecked() and path.exists():
        raise QueryError(_being_checked(name))
    if name == SUMS:
        response = send(path, "text/plain", version, fixed)
    else:
        response = _sent(release, dumps[name], fixed)
    response.headers["Link"] = header(signposts_of_file(site, release))
    return response


def _columns(release: Release) -> list[tuple[str, str]]:
    """Return the columns of the table of works, with their descriptions."""
    package = json.loads((release.folder / "dumps" / DATA_PACKAGE).read_text(encoding="utf-8"))
    fields = package["resources"][0]["schema"]["fields"]
    return [(field["name"], field["description"]) for field in fields]


def _sent(release: Release, dump: Dump, fixed: bool) -> Response:
    """Send a dump with its digest, or an error if it has changed since it was built."""
    path = release.folder / "dumps" / dump.name
    is_gone = fixed and not release.folder.exists()
    if not is_gone and _size(path) != dump.size:
        detail = f"{dump.name} has changed since it was built. Fix: restore it, or build again."
        raise QueryError(ProblemDetails(500, "The dump is damaged", detail))
    # The gzip file itself is downloaded, so there is no Content-Encoding for a client to undo.
    kind = "application/gzip" if dump.compressed else dump.media_type
    response = send(path, kind, dump.sha256, fixed)
    if response.status_code in (200, 206):
        # The digest of the whole file, even with a part of it (RFC 9530, 3).
        digest = base64.b64encode(bytes.fromhex(dump.sha256)).decode()
        response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response


def _size(path: Path) -> int:
    """Return the size of a file in bytes; -1 if it is missing."""
    return path.stat().st_size if path.exists() else -1


def _no_dump(name: str, there: Iterable[str], problem: str) -> ProblemDetails:
    """There is no dump with a name; the names of dumps that may have been meant."""
    alike = get_close_matches(name[:80], there)
    meant = f" Did you mean {' or '.join(alike)}?" if alike else ""
    detail = f"{problem} {name[:80]}.{meant} /dumps/ lists the dumps."
    return ProblemDetails(404, "No such dump", detail)


def _being_checked(name: str) -> ProblemDetails:
    return ProblemDetails(
        503,
        "The dump is being checked",
        f"The service has just started, and {name} is still being checked against its checksum. "
        "Try again in a few seconds; small files are checked first.",
        retry_after=_RETRY_SECONDS,
    )


def send(path: Path, media_type: str, tag: str, fixed: bool) -> Response:
    """Send a file of a release, or a range of it; ``fixed`` if its address names the version."""
    if "If-Match" in request.headers and not request.if_match.contains(tag):
        abort(412, "The file is not the one that If-Match names; start again without If-Match.")
    # Werkzeug would read "*" as an entity tag, and does not check it for ranges.
    request.environ.pop("HTTP_IF_MATCH", None)
    try:
        if (end := _END.fullmatch(request.environ.get("HTTP_RANGE", ""))) and int(
            end[1]
        ) > path.stat().st_size:
            # a range from the end that is longer than the file is the whole file (RFC 9110, 14.1.2)
            request.environ["HTTP_RANGE"] = "bytes=0-"
        response = send_file(
            path,
            media_type,
            conditional=True,
            # large files are saved, not shown in a tab
            as_attachment=media_type != "text/plain",
            etag=tag,
            last_modified=path.stat().st_mtime,
            max_age=_FOREVER if fixed else None,
        )
    except FileNotFoundError:  # a new release has just replaced it
        abort(410, "This release is no longer kept.")
    if fixed:
        response.cache_control.immutable = True
    return response
