"""The hosts that SERVICE may query, as listed by the operator."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from ..errors import BadHost

_HOST = r"(?P<host>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
_LISTED = re.compile(_HOST, re.IGNORECASE)
#: No user name, and no characters on which engines disagree about where the host ends.
_IRI = re.compile(rf"(?P<scheme>https?)://{_HOST}(?:[/?].*)?", re.IGNORECASE)
_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class ServiceHosts:
    """Hosts, each with its listed port, or else with the default ports of http and https."""

    #: In lower case, as ``host`` or ``host:port``.
    listed: tuple[str, ...] = ()

    @classmethod
    def of(cls, hosts: Iterable[str]) -> Self:
        """The hosts in a list; raise BadHost for anything that is not a host."""
        hosts = tuple(hosts)
        for host in hosts:
            if not _LISTED.fullmatch(host):
                raise BadHost(
                    f"{host!r} is not a host name; write it as query.example.org or "
                    "127.0.0.1:3030, without http:// and without a path"
                )
        return cls(tuple(dict.fromkeys(host.lower() for host in hosts)))

    def __bool__(self) -> bool:
        return bool(self.listed)

    def allow(self, iri: str) -> bool:
        """Whether SERVICE may query an IRI."""
        parts = _IRI.fullmatch(iri)
        if parts is None:
            return False
        host, usual = parts["host"].lower(), _PORTS[parts["scheme"].lower()]
        port = parts["port"] or usual
        return f"{host}:{port}" in self.listed or (port == usual and host in self.listed)


#: The default: SERVICE is refused.
NO_HOSTS = ServiceHosts()
