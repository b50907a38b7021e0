"""Addresses that only the members of one library can open, and those they stand for.

A library's proxy (EZproxy, WAM) shows a publisher's pages under an address of its own, and
programs export that: "login?url=https://…", "www-jstor-org.ezproxy.example.edu". What it stands
for is the work's address; the proxy is not ours to publish. Nor is the address of a session.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit, urlunsplit

#: Where a proxy takes the address from.
_LOGIN = re.compile(r"[?&]q?url=(https?(?:://|%3a%2f%2f)[^\s]+)$", re.IGNORECASE)
#: A label of a proxy's host, as libraries name it; "oclc" is OCLC's hosted EZproxy.
_LABEL = re.compile(
    r"(?:[a-z]+-)?(?:ez|lib|e|web|go|my|remote|auth)?-?proxy\d*(?:-[a-z]+)?|webvpn|idm", re.I
)
#: WAM: "0-www.jstor.org.library.example.edu".
_WAM = re.compile(r"0-((?:[\w-]+\.)+?(?:com|org|net|edu|gov))\.(?=[\w-]+\.)", re.IGNORECASE)
#: EBSCOhost's addresses of a search that is over; those that last begin with "search.".
_EBSCO = re.compile(r"web\.[a-z]\.ebscohost\.com")
#: What a site keeps to know its visitor by.
_SESSION = re.compile(r";jsessionid=[^?#/]*|[?&]accountid=\d+$", re.IGNORECASE)


def unproxied(url: str) -> str:
    """The address a proxied one stands for; "" where that cannot be known; another as it stands.

    >>> unproxied("https://login.proxy.lib.example.edu/login?url=https://example.org/a?b=1")
    'https://example.org/a?b=1'
    >>> unproxied("https://www-example-org.ezproxy.example.edu/a")
    'https://www.example.org/a'
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url
    if _EBSCO.fullmatch(host):
        return ""
    labels = host.split(".")
    place = next((n for n, label in enumerate(labels[:-1]) if _is_proxy(labels, n)), None)
    login = _LOGIN.search(url)
    if login and (place is not None or "/login" in parts.path.casefold()):
        return unquote(login[1]) if "%3a" in login[1][:9].casefold() else login[1]
    if place is not None:
        whole = _behind(labels[:place])
        return urlunsplit(parts._replace(netloc=whole)) if whole else ""
    if wam := _WAM.match(host):
        return urlunsplit(parts._replace(netloc=wam[1]))
    return _SESSION.sub("", url)


def _is_proxy(labels: list[str], place: int) -> bool:
    if labels[place] == "idm":
        return labels[place + 1 :] == ["oclc", "org"]
    # a site may be called proxy: "proxy.org" has no labels behind it
    return bool(_LABEL.fullmatch(labels[place])) and len(labels) - place > 2


def _behind(labels: list[str]) -> str:
    """The host that the labels before the proxy's spell; "" where they name none."""
    if len(labels) == 2 and "-" in labels[0]:
        labels = labels[:1]  # OCLC's have the library's name behind it
    if len(labels) == 1 and "-" in labels[0]:
        # "www-jstor-org"; a hyphen of the host itself is doubled
        spelt = re.sub(r"(?<!-)-(?!-)", ".", labels[0]).replace("--", "-")
        return spelt if re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,}", spelt) else ""
    if len(labels) > 2 and labels[-1].isalpha() and len(labels[-1]) >= 2:
        return ".".join(labels)
    return ""
