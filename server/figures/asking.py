"""Asking: which works and axes an address asks for, and links on from there."""

from __future__ import annotations

from typing import Any, NoReturn
from urllib.parse import urlencode

from flask import request, url_for

from ...graph.store.problems import ProblemDetails, QueryError
from ..pages.identifiers import answer_of
from ..web.choices import asked_choice, asked_for, refuse_unread, unread
from ..web.parameters import PARAMETERS
from ..web.site import Site
from .axes import AXES, Axis
from .chart import Link, Where
from .counts import Asked

#: The parameters that choose works, and those that choose axes, with defaults.
_CHOICE = (*PARAMETERS, "q", "from", "to", "evidence")
_AXES = {"x": "platform", "y": "country"}


def asked_of(site: Site) -> Asked:
    """The works and axes in the address; 404 for an unknown value or axis."""
    choice = asked_choice(site)
    return Asked(site.works, choice, _axis("x"), _axis("y"), answer_of(site, choice))


def asked_of_a_file(site: Site) -> Asked:
    """The same for a file, which cannot report unknown parameters: they are 400."""
    asked = asked_of(site)
    refuse_unread(*_AXES)
    return asked


def ignored() -> list[str]:
    """The parameters of the address that have no meaning for a figure."""
    return unread(*_AXES)


def _axis(parameter: str) -> Axis:
    name = request.args.get(parameter, "") or _AXES[parameter]
    if name not in AXES:
        refuse(f"Works cannot be counted by {name[:40]!r}; use {', '.join(AXES)}.")
    return AXES[name]


def refuse(detail: str) -> NoReturn:
    """Answer with an error: there is no such figure."""
    raise QueryError(ProblemDetails(404, "No such figure", detail))


def arguments(axes: bool = False) -> dict[str, list[str]]:
    """The parameters of the address that choose works; with ``axes``, the axes too."""
    return asked_for(*_CHOICE, *_AXES) if axes else asked_for(*_CHOICE)


def lists() -> Link:
    """A function that makes the address of the chosen works, narrowed by more parameters.

    A page has hundreds of such addresses, so the current parameters are read once.
    """
    asked, path = arguments(), url_for("works.listing")

    def address(where: Where) -> str:
        if not where:
            return ""
        together: dict[str, Any] = dict(asked)
        for name, values in where.items():
            before = together.get(name, ()) if name in PARAMETERS else ()
            together[name] = list(dict.fromkeys((*before, *values)))
        return f"{path}?{urlencode(together, doseq=True)}"

    return address


def source_line(site: Site) -> str:
    """The source line below a figure."""
    release, about = site.release, site.release.dataset
    return f"{about.name}, release {release.version} · {release.base_iri} · {about.licence.name}"
