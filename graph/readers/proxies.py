"""URLs that only the members of one library can open, and the public URLs behind them.

A library's proxy (EZproxy, WAM) serves a publisher's pages under URLs of its own, and programs
export those: "login?url=https://…", "www-jstor-org.ezproxy.example.edu". The URL behind the proxy
is the work's. URLs of proxies and sessions are not published.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit, urlunsplit

#: The URL behind a proxy's login page.
_LOGIN = re.compile(r"[?&]q?url=(https?(?:://|%3a%2f%2f)[^\s]+)$", re.IGNORECASE)
#: No URL is behind more proxies.
_DEEPEST = 3
#: The path of such a page: EZproxy's, and OpenAthens'.
_LEADS_ON = re.compile(r"/login|^/redirector/", re.IGNORECASE)
#: A label in the name of a proxy's host; "idm" is OCLC's hosted EZproxy (idm.oclc.org).
_LABEL = re.compile(
    r"(?:[a-z]+-)?(?:ez|lib|e|web|go|my|remote|auth)?-?proxy\d*(?:-[a-z]+)?|webvpn|idm", re.I
)
#: WAM: "0-www.jstor.org.library.example.edu".
_WAM = re.compile(r"0-((?:[\w-]+\.)+?(?:com|org|net|edu|gov))\.(?=[\w-]+\.)", re.IGNORECASE)
#: EBSCOhost's URLs of an expired search; permanent ones begin with "search.".
_EBSCO = re.compile(r"web\.[a-z]\.ebscohost\.com")
#: The session or account of a visitor.
_SESSION = re.compile(r";jsessionid=[^?#/]*|[?&]accountid=\d+$", re.IGNORECASE)


def unproxied(url: str) -> str:
    """The public URL behind a proxied one, or "" if unknown; any other URL, without its session.

    >>> unproxied("https://login.proxy.lib.example.edu/login?url=https://example.org/a?b=1")
    'https://example.org/a?b=1'
    >>> unproxied("https://www-example-org.ezproxy.example.edu/a")
    'https://www.example.org/a'
    """
    for _ in range(_DEEPEST):
        url = _once_unproxied(url)
    return url


def _once_unproxied(url: str) -> str:
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
    if login and (place is not None or _LEADS_ON.search(parts.path)):
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
    # a site may itself be called "proxy.org": a proxy has at least two labels after its own
    return bool(_LABEL.fullmatch(labels[place])) and len(labels) - place > 2


def _behind(labels: list[str]) -> str:
    """The host that the labels before the proxy's own spell; "" if they spell none."""
    if len(labels) == 2 and "-" in labels[0]:
        labels = labels[:1]  # OCLC adds the library's name
    if len(labels) == 1 and "-" in labels[0]:
        # "www-jstor-org"; a hyphen in the host itself is doubled
        spelt = re.sub(r"(?<!-)-(?!-)", ".", labels[0]).replace("--", "-")
        return spelt if re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,}", spelt) else ""
    if len(labels) > 2 and labels[-1].isalpha() and len(labels[-1]) >= 2:
        return ".".join(labels)
    return ""
