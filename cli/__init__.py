"""The command line: one module a group of commands, each a thin cover over graph/ and server/."""

from __future__ import annotations

import click

from .. import __version__
from .common import Commands

__all__ = ["main"]

#: Each command, and where it is.
_PLACES = {
    "import": "catalogue:import_",
    "harvest": "catalogue:harvest",
    "withdraw": "catalogue:withdraw",
    "export": "catalogue:export",
    "build": "release:build",
    "check": "release:check",
    "stats": "release:stats",
    "validate": "release:validate",
    "diff": "release:diff",
    "serve": "serve:serve",
    "load": "serve:load",
    "query": "query:query",
}


@click.group(
    cls=Commands,
    places={name: f"{__name__}.{place}" for name, place in _PLACES.items()},
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="oograph")
def main() -> None:
    """Publish a bibliography as linked data.

    \b
    oograph import refs.bib --catalogue my/   read records into a catalogue
    oograph harvest openalex 'QUERY'          ask an API for records, and import them
    oograph withdraw ID --reason TEXT         take a work out, leave a tombstone
    oograph export bibtex                     write the catalogue out
    oograph build --catalogue my/             make a release of it
    oograph serve                             serve the release on port 8000
    oograph load http://store:7878            fill a remote SPARQL store with it
    oograph validate my.ttl                   check your own file
    oograph check                             is the release whole?
    oograph stats                             how much is known of how many works
    oograph query 'SELECT …'                  ask the release
    oograph diff OLD NEW                      what changed between two releases or files

    Without --catalogue the catalogue that oograph ships is used. Progress goes to stderr,
    results to stdout. Exit 0: fine; 1: the data has problems, reported; 2: wrong usage,
    or another command is changing the catalogue.
    """
