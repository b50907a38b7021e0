"""The command line: one module per group of commands, each a thin layer over graph/ and server/."""

from __future__ import annotations

import click

from .. import __version__
from .common import Commands

__all__ = ["main"]

#: Each command, and the module and function that implement it.
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
    oograph harvest openalex 'QUERY'          fetch records from an API and import them
    oograph withdraw ID --reason TEXT         remove a work and leave a tombstone
    oograph export bibtex                     write out the catalogue
    oograph build --catalogue my/             build a release from a catalogue
    oograph serve                             serve the release on port 8000
    oograph load http://store:7878            load the release into a remote SPARQL store
    oograph validate my.ttl                   check your own file
    oograph check                             check that the release is intact
    oograph stats                             count the works and what is known about them
    oograph query 'SELECT …'                  query the release
    oograph diff OLD NEW                      compare two releases or files

    Without --catalogue, commands use the catalogue that comes with oograph. Progress goes to
    stderr, results to stdout. Exit codes: 0, success; 1, the data has problems, which are
    reported; 2, wrong usage, or another command is changing the catalogue.
    """
