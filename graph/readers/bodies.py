"""The words that only bodies of people have in their names: banks, unions, ministries."""

from __future__ import annotations

import re

__all__ = ["is_body"]


_BODY = re.compile(
    r"\b(?:agency|association|authority|bank|board|bureau|cent(?:er|re)|chamber|commission|"
    r"committee|confederation|consortium|council|court|department|directorate|eurofound|"
    r"federation|forum|foundation|fund|government|group|inspection|institut\w*|international|"
    r"ministry|nations|network|observatory|offices?|organi[sz]ation|parliament|partnership|"
    r"press|project|publications|school|secretariat|service|society|trust|union\w*|universit\w+|"
    r"\w*(?:gewerkschaft|stiftung|verband|institut|universität|ministerium)\w*)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,9}")


def is_body(text: str) -> bool:
    """True for a name that has a word only organisations have in theirs, or is an acronym."""
    return bool(_BODY.search(text) or _ACRONYM.fullmatch(text))
