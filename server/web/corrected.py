"""Redirects from an address to its corrected form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn
from urllib.parse import quote, urlencode

from flask import abort, redirect, request


def lead_to(change: Mapping[str, Sequence[str]]) -> NoReturn:
    """Redirect to this address with other values of some parameters."""
    asked = {**request.args.to_dict(flat=False), **change}
    query = urlencode(asked, doseq=True)
    path = f"{request.script_root}{quote(request.path)}"
    abort(redirect(f"{path}?{query}" if query else path, 303))
