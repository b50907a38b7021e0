"""The rules for w3id.org, in Debian's Apache on loopback: every kind of IRI leads to the site."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

RULES = Path(__file__).parents[2] / "docs" / "w3id" / "oograph"
BASE = "https://w3id.org/oograph/"
SITE = "https://oograph.example.org/"
MODULES = Path("/usr/lib/apache2/modules")
APACHE = shutil.which("apache2", path="/usr/sbin:/usr/bin")
CONFIGURATION = """
ServerRoot {root}
ServerName w3id.test
Listen 127.0.0.1:{port}
PidFile {root}/pid
ErrorLog {root}/errors
DefaultRuntimeDir {root}
{user}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule rewrite_module {modules}/mod_rewrite.so
DocumentRoot {root}/www
<Directory {root}/www>
  AllowOverride All
  Options FollowSymLinks
  Require all granted
</Directory>
"""


def ask(port: int, path: str, accept: str = "*/*") -> tuple[int, str]:
    """The status of an answer and where it leads."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path, headers={"Accept": accept})
        reply = connection.getresponse()
        reply.read()
        return reply.status, reply.headers.get("Location", "")


@pytest.fixture(scope="module")
def w3id(server, eventually, free_port) -> Iterator[int]:
    """The port of an Apache that has the rules, with the server in the place of the site."""
    if APACHE is None or not (MODULES / "mod_rewrite.so").exists():
        if os.environ.get("CI"):
            pytest.fail("Apache must be installed where CI is set; .ci/run installs it")
        pytest.skip("Apache (Debian's apache2) is not installed")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="oograph-w3id-") as name:
        root = Path(name)
        root.chmod(0o755)  # Apache's own user reads it.
        folder = root / "www" / "oograph"
        folder.mkdir(parents=True)
        rules = (RULES / ".htaccess").read_text(encoding="utf-8")
        assert SITE in rules
        (folder / ".htaccess").write_text(rules.replace(SITE, f"{server.url}/"), encoding="utf-8")
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        text = CONFIGURATION.format(root=root, port=port, user=user, modules=MODULES)
        (root / "apache.conf").write_text(text)
        command = [APACHE, "-f", str(root / "apache.conf"), "-D", "FOREGROUND"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            eventually(lambda: _listens(port, process), "Apache does not start")
            yield port
        finally:
            process.terminate()
            process.wait(60)


def _listens(port: int, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, process.stderr and process.stderr.read().decode()
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def followed(server, port: int, path: str, accept: str = "text/turtle") -> int:
    """The last status on the way from the base to the document."""
    status, location = ask(port, f"/oograph/{path}", accept)
    # Apache writes the digits of what is escaped small, which is the same (RFC 3986, 6.2.2.1).
    escaped = re.sub("%[0-9a-f]{2}", lambda found: found[0].upper(), location)
    assert (status, escaped) == (302, f"{server.url}/{path}")
    for _ in range(4):
        status, location = ask(server.port, location.removeprefix(server.url), accept)
        if not location:
            break
    return status


def test_every_kind_of_iri_leads_to_its_document(server, w3id) -> None:
    triples = list(ox.parse(server("/dumps/oograph.nt").body, ox.RdfFormat.N_TRIPLES))
    iris = {
        term.value.partition("#")[0].removeprefix(BASE)
        for triple in triples
        for term in (triple.subject, triple.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)
        if server(f"/{term.value.removeprefix(BASE).partition('#')[0]}").status < 400
    }
    kinds = {path.partition("/")[0]: path for path in sorted(iris)}
    assert {"publication", "platform", "country", "topic", "person", "venue"} <= kinds.keys()
    assert {"", "ontology", "sparql", "dumps", ".well-known", "scheme"} <= kinds.keys()
    for path in kinds.values():
        assert followed(server, w3id, path, "text/turtle, */*;q=0.1") == 200, path


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("ontology/0.1.0", 200),
        ("shapes", 200),
        ("catalog", 200),
        ("graph/stated", 200),
        ("platform/upwork.ttl", 200),
        ("publication/doe-2020-clicks", 200),
        ("publication/nobody-1999", 404),
        ("lookup?iri=https%3A%2F%2Fdoi.org%2F10.5555%2Fabc", 200),
        ("sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22a%26b%2B%23%22%20%7D", 406),
        ("works?q=click+work&from=2015", 200),
        ("venue/a%20b%25c", 404),
        ("venue/%C3%A9t%C3%A9", 404),
    ],
)
def test_a_path_and_a_query_arrive_as_they_were(server, w3id, path, status) -> None:
    assert followed(server, w3id, path) == status


def test_the_base_without_its_slash(w3id) -> None:
    status, location = ask(w3id, "/oograph")
    assert status == 301 and location.endswith("/oograph/")


def test_what_is_submitted_names_the_site_once_and_the_contact() -> None:
    rules = (RULES / ".htaccess").read_text(encoding="utf-8")
    readme = (RULES / "README.md").read_text(encoding="utf-8")
    assert rules.count(SITE) == 1
    for text in (rules, readme):
        assert BASE in text and "USERNAME" in text
