"""The commands that serve a release: serve, load."""

from __future__ import annotations

import errno
import re
import shlex
from collections.abc import Callable, Iterable
from importlib.metadata import metadata
from pathlib import Path
from urllib.parse import urlsplit

import click

from ..graph.errors import BadHost, LoadError
from ..graph.release import Release, open_release
from ..graph.store.answers import Limits
from ..graph.store.endpoint import Endpoint
from ..graph.store.load import load as load_store
from ..graph.store.load import loaded_version
from ..graph.store.remote import RemoteStore
from ..graph.store.service_hosts import ServiceHosts
from ..server.run import serve as run
from ..server.web.access_log import LOGS
from .common import CURRENT, FOLDER, say


@click.command()
@click.option(
    "--release", type=FOLDER, default=CURRENT, show_default=True, help="The release to serve."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="0.0.0.0 listens on all networks."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port to listen on; 0 picks a free one.",
)
@click.option(
    "--timeout",
    type=float,
    callback=lambda context, option, seconds: _seconds(seconds),
    default=10.0,
    show_default=True,
    help="How many seconds a query may run.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1000),
    default=2,
    show_default=True,
    help="How many queries run at once; the pages have a separate process.",
)
@click.option(
    "--memory",
    metavar="SIZE",
    callback=lambda context, option, size: _bytes(size) if size else None,
    help="Memory for the store and its workers' copies, such as 4G; a store that needs more is "
    "read from disk, where queries take two to seven times as long.  [default: half of the "
    "machine's memory]",
)
@click.option(
    "--trusted-proxies",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="How many proxies are in front; their X-Forwarded- headers are trusted.",
)
@click.option("--store", "url", default="", help="A remote SPARQL endpoint that holds the release.")
@click.option(
    "--service-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    callback=lambda context, option, hosts: _hosts(hosts),
    help="A host, or host:port, that SERVICE may query; repeat it for more.  [default: none]",
)
@click.option(
    "--public-url",
    default="",
    metavar="URL",
    callback=lambda context, option, url: _public_url(url),
    help="The public address, if the server is behind a proxy.",
)
@click.option(
    "--contact",
    default=lambda: _issues(),
    show_default="the package's issue tracker, if it has one",
    metavar="IRI",
    callback=lambda context, option, iri: _contact(iri),
    help="Where visitors report mistakes: mailto:… or the https:// address of an issue form.",
)
@click.option(
    "--log",
    type=click.Choice(LOGS),
    default="requests",
    show_default=True,
    help="Log one JSON line per request to stderr; 'addresses' includes client addresses.",
)
def serve(
    release: Path,
    host: str,
    port: int,
    timeout: float,
    workers: int,
    memory: int | None,
    trusted_proxies: int,
    url: str,
    hosts: ServiceHosts,
    public_url: str,
    contact: str,
    log: str,
) -> None:
    """Serve a release: pages, IRIs, SPARQL and dumps.

    If --release is a link, such as build/release/current, the server follows it to each new
    release without failing a request. It checks the link every few seconds, and at once on SIGHUP.
    """
    limits = Limits(seconds=timeout, workers=workers)
    store = _remote(url, open_release(release), limits, hosts) if url else None
    try:
        run(
            release,
            host,
            port,
            public_url,
            limits,
            trusted_proxies,
            log,
            store,
            service_hosts=hosts.listed,
            contact=contact,
            memory=memory,
        )
    except OSError as error:
        if error.filename is not None:  # the error is about a file, not the address
            raise
        other = "--port" if error.errno in _PORT_TAKEN else "--host"
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror or error}; give another {other}"
        ) from None


def _seconds(seconds: float) -> float:
    # in this order, because comparing with "nan" is always false
    if not 0 < seconds <= _DAY:
        raise click.BadParameter(f"give a number above 0, and at most {_DAY:,} (a day)")
    return seconds


_DAY = 86_400
#: The system's errors for a port that is taken, or reserved for privileged processes.
_PORT_TAKEN = frozenset({errno.EADDRINUSE, errno.EACCES})
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def _bytes(size: str) -> int:
    match = re.fullmatch(r"(\d+)([KMGT]?)", size.upper())
    if not match:
        raise click.BadParameter("give a number of bytes, or one with K, M, G or T, such as 4G")
    return int(match[1]) * _UNITS[match[2]]


def _hosts(hosts: Iterable[str]) -> ServiceHosts:
    try:
        return ServiceHosts.of(hosts)
    except BadHost as error:
        raise click.BadParameter(str(error)) from None


def _contact(iri: str) -> str:
    well_formed = re.fullmatch(r"(mailto:[^@\s]+@[^@\s]+|https?://[^\s/]+(/\S*)?)", iri)
    if iri and (not well_formed or re.search(r'[<>"{}|\\^`]', iri)):
        raise click.BadParameter("give mailto:name@example.org or a web address")
    return iri


def _public_url(url: str) -> str:
    if url and not re.fullmatch(r"https?://[^\s/?#@\"<>\\]+(/[^\s?#\"<>\\]*)?", url):
        raise click.BadParameter("give an http:// or https:// address without ? or #")
    return url


def _issues() -> str:
    """Return the issue tracker from the package's metadata; "" if there is none."""
    urls = (url.partition(", ") for url in metadata("oograph").get_all("Project-URL") or ())
    return next((address for name, _, address in urls if name.casefold() == "issues"), "")


def _remote(
    url: str, release: Release, limits: Limits, hosts: ServiceHosts
) -> Callable[[Release], RemoteStore]:
    """Return the function that opens the store at ``url``; warn if it holds another release."""
    say(f"asking {Endpoint.of(url).label} which release it holds")
    try:
        there = loaded_version(url, release.base_iri)
    except LoadError as error:
        if urlsplit(url).path.strip("/"):
            raise
        service = f"{url.rstrip('/')}/query"
        what = f"give the address of its query endpoint, such as {service}"
        raise LoadError(f"{error}; {what} (`oograph load` prints it)") from None
    if there != release.version:
        say(
            f"the store holds release {there or '(none)'}, but the pages are from "
            f"{release.version}; load that release with `oograph load {url}`"
        )
    return lambda release: RemoteStore(url, release.base_iri, limits, hosts)


@click.command()
@click.argument("url")
@click.option(
    "--release", type=FOLDER, default=CURRENT, show_default=True, help="The release to load."
)
@click.option("--update-url", default="", help="The update endpoint, if not the store's usual one.")
def load(url: str, release: Path, update_url: str) -> None:
    """Load a release into the SPARQL 1.1 store at URL, for `serve --store URL`.

    Only the release's own graphs are replaced. An interrupted load resumes where it stopped, and
    the result is verified by counting. Give credentials in URL, or in OOGRAPH_STORE_USER and
    OOGRAPH_STORE_PASSWORD.
    """
    done = load_store(url, open_release(release), update_url, say)
    for name, count in done.counts.items():
        click.echo(f"{count:>10,} in graph/{name}")
    state = "loaded" if done.fresh else "already loaded"
    serve_it = f"oograph serve{_option(release)} --store {done.url}"
    click.echo(f"release {done.version} {state}; serve it with `{serve_it}`")


def _option(release: Path) -> str:
    """Return the --release option for a release that is not the default."""
    return "" if release == CURRENT else f" --release {shlex.quote(str(release))}"
