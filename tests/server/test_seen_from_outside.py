"""What an operator sees: the log, the metrics, the health."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
from dataclasses import fields
from pathlib import Path

import click
import pytest

from oograph.cli.serve import serve
from oograph.graph.store.answers import Limits

QUERY = "SELECT * { ?s ?p ?o } LIMIT 7"
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"


def logged(start_server, **settings) -> list[dict[str, object]]:
    """The log of some requests."""
    server = start_server(stderr=subprocess.PIPE, **settings)
    server.query(QUERY)
    server.query(PRODUCT, timeout="0.2")
    server("/publication/doe-2020-clicks.html", "text/html")
    server("/nothing?secret=1")
    server.process.send_signal(signal.SIGTERM)
    _, errors = server.process.communicate(timeout=60)
    return [json.loads(line) for line in errors.splitlines() if line.startswith("{")]


def test_the_log_has_a_line_a_request_and_no_address(start_server) -> None:
    lines = logged(start_server, log="requests")
    assert [(line["method"], line["status"]) for line in lines] == [
        ("GET", 200),
        ("GET", 503),
        ("GET", 200),
        ("GET", 404),
    ]
    query, stopped, page, unknown = lines
    assert query["route"] == "/sparql"
    assert query["rows"] == 7
    assert query["query"] == hashlib.sha256(QUERY.encode()).hexdigest()[:12]
    assert int(str(query["bytes"])) > 100
    assert stopped["limit"] == "seconds"
    assert 0.2 <= float(str(stopped["seconds"])) < 60  # seconds, not milliseconds
    assert str(page["route"]).endswith("/<name>")
    assert "query" not in page
    assert "route" not in unknown
    assert "127.0.0.1" not in json.dumps(lines)
    assert "secret" not in json.dumps(lines)
    assert all(str(line["time"]).startswith("20") for line in lines)


def test_addresses_only_where_the_operator_asks(start_server) -> None:
    assert logged(start_server, log="addresses")[0]["client"] == "127.0.0.1"
    assert logged(start_server, log="off") == []


def numbers(text: str) -> dict[str, float]:
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_metrics(start_server) -> None:
    with start_server() as server:
        server.query(QUERY)
        server.query(QUERY, timeout="50")  # the same question in another request
        server.query(PRODUCT, timeout="0.2")
        server("/nothing")
        reply = server("/metrics")
        assert reply.type == "text/plain"
        found = numbers(reply.text)
        sparql = 'oograph_requests_total{method="GET",route="/sparql",status="%d"}'
        assert found[sparql % 200] == 2
        assert found[sparql % 503] == 1
        assert found['oograph_requests_total{method="GET",route="",status="404"}'] == 1
        assert found["oograph_rows_total"] == 14
        assert found['oograph_limits_reached_total{limit="seconds"}'] == 1
        assert found['oograph_request_seconds_count{route="/sparql"}'] == 3
        assert found["oograph_kept_hits"] == 1
        assert found["oograph_wanted"] == 4
        assert found["oograph_replaced"] == 1


def test_two_servers_count_for_themselves(server, start_server) -> None:
    with start_server() as other:
        for _ in range(3):
            server("/nothing")
        assert 'status="404"' not in other("/metrics").text


@pytest.fixture
def release(release_at, tmp_path) -> Path:
    return release_at(tmp_path / "release")


def test_health_tells_a_dead_pool_from_a_live_one(start_server, release, eventually) -> None:
    with start_server(release, stderr=subprocess.DEVNULL) as server:
        assert server("/health").json["status"] == "ok"
        # Nothing that a new worker could load, and the old ones killed.
        shutil.move(release / "dumps" / "oograph.nq", release / "away")
        for process in (*server.fork_servers, *server.workers):
            os.kill(process, signal.SIGKILL)
        reply = server("/health")
        assert reply.status == 503
        assert reply.json["store"] is False
        assert reply.json["detail"]
        assert server("/metrics").text.count("oograph_ready 0.0") == 1
        # And it recovers by itself.
        shutil.move(release / "away", release / "dumps" / "oograph.nq")
        eventually(lambda: server("/health").status == 200, "it does not recover")


DOCS = Path(__file__).parent.parent.parent / "docs" / "operating.md"


def test_the_docs_name_every_metric_and_every_limit(server) -> None:
    text = DOCS.read_text(encoding="utf-8").replace("`_hits`", "`oograph_kept_hits`")
    text = text.replace("`_misses`", "`oograph_kept_misses`")
    names = re.findall(r"^# TYPE (\w+) (?:counter|gauge|histogram)", server("/metrics").text, re.M)
    for name in names:
        if not name.endswith("_created"):
            assert f"`{name}`" in text, name
    for limit in fields(Limits):
        assert f"`{limit.name}`" in text, limit.name


def test_the_docs_name_every_option() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for parameter in serve.params:
        if isinstance(parameter, click.Option) and parameter.name != "help":
            assert f"`{parameter.opts[0]}`" in text, parameter.opts
