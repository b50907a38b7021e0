"""What operators copy from docs/operating.md works, where the program it is for is installed."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from oograph.cli import main

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
PROGRAM = str(Path(sys.executable).parent / "oograph")


def block(language: str) -> str:
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    return str(text)


def program(name: str) -> str:
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed; .ci/run installs it")
    return path


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={"HOME": str(cwd), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, of the program that is installed here."""
    file = tmp_path / "oograph.service"
    file.write_text(block("ini").replace("/opt/oograph/bin/oograph", PROGRAM))
    return file


def test_systemd_takes_the_unit(unit: Path) -> None:
    said = run(program("systemd-analyze"), "verify", unit, cwd=unit.parent)
    assert unit.name not in said


def test_the_unit_is_locked_down(unit: Path) -> None:
    tool = program("systemd-analyze")
    run(tool, "security", "--offline=yes", "--threshold=20", unit, cwd=unit.parent)


def test_the_options_of_the_unit_exist() -> None:
    (line,) = re.findall(r"^ExecStart=\S+ (.*)$", block("ini"), re.MULTILINE)
    command, *words = line.split()
    serve = main.get_command(click.Context(main), command)
    assert serve
    options = serve.make_context(command, words).params
    assert options["trusted_proxies"] == 1 and options["public_url"] == "https://example.org/"


def nginx_settings(folder: Path, here: str, server: str) -> Path:
    """A whole configuration around the lines: nginx listens here, and oograph there."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    lines = block("nginx").replace("listen 80;", f"listen {here};")
    file = folder / "nginx.conf"
    file.write_text(
        f"pid {folder}/pid; error_log stderr; daemon off; master_process off; events {{}}\n"
        f"http {{ access_log off; {paths}\n{lines.replace('127.0.0.1:8000', server)} }}\n"
    )
    return file


def test_nginx_takes_its_lines(tmp_path: Path) -> None:
    settings = nginx_settings(tmp_path, f"unix:{tmp_path}/socket", "127.0.0.1:8000")
    run(program("nginx"), "-t", "-p", tmp_path, "-c", settings, cwd=tmp_path)


def test_behind_nginx(start_server, eventually, free_port, tmp_path: Path) -> None:
    """The address is the public one, the client is nginx's client, and numbers stay inside."""
    nginx = program("nginx")
    server = start_server(trusted_proxies=1, log="addresses", stderr=subprocess.PIPE)
    port = free_port()
    here = f"127.0.0.1:{port}"
    settings = nginx_settings(tmp_path, here, f"127.0.0.1:{server.port}")
    proxy = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(settings)])

    def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(method, path, headers={"Host": "example.org", **headers})
        response = connection.getresponse()
        return response.status, response.read()

    def listens() -> bool:
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", port)) == 0

    try:
        eventually(listens, "nginx does not listen")
        status, body = ask("/catalog", Accept="text/turtle")
        assert status == 200 and b"http://example.org/dumps/" in body
        forged = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Host": "evil.example"}
        status, body = ask("/catalog", Accept="application/ld+json", **forged)
        assert status == 200 and b"evil.example" not in body
        assert ask("/metrics")[0] == 403
        assert ask("/sparql?query=ASK%7B%7D%23" + "a" * 200_000)[0] in (200, 413)
    finally:
        proxy.terminate()
        proxy.wait(60)
        server.stop()
    lines = [json.loads(line) for line in server.process.stderr if line.startswith("{")]
    assert {line["client"] for line in lines} == {"127.0.0.1"}


def test_caddy_takes_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "Caddyfile"
    file.write_text(block("caddyfile"))
    caddy = program("caddy")
    assert "Valid configuration" in run(
        caddy, "validate", "--adapter", "caddyfile", "--config", file, cwd=tmp_path
    )


def test_the_containerfile_is_short_and_asks_for_what_there_is() -> None:
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 20
    assert (ROOT / "constraints.txt").is_file()
    (command,) = (line for line in lines if line.startswith("CMD "))
    assert re.findall(r'"([^"]*)"', command)[0] == "serve"
    shown = CliRunner().invoke(main, ["serve", "--help"]).output
    assert all(option in shown for option in re.findall(r"--[a-z-]+", command))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--timeout", value) for value in ("nan", "inf", "0", "-1", "86401")),
        *(("--workers", value) for value in ("0", "1001", "1000000000")),
    ],
)
def test_a_limit_that_bounds_nothing_is_refused(tmp_path: Path, option: str, value: str) -> None:
    done = CliRunner().invoke(main, ["serve", "--release", str(tmp_path), option, value])
    assert done.exit_code == 2 and f"Invalid value for '{option}'" in done.output
